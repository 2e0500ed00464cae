//! The bytes of the elements, in C order, as they are and as hex and Base64.

use super::gather::gather;
use super::{Export, ExportError, refused};
use crate::bytes::{Source, Span};
use crate::decode::array::MemoryOrder;
use crate::decode::dtype::ItemType;
use std::io::Write;
use std::sync::mpsc::sync_channel;

/// Read and written at once, in bytes: what stays in a core's cache between the two.
const CHUNK: u64 = 1 << 20;

/// From this many bytes on reading and writing go on side by side.
const WORTH_A_THREAD: u64 = 8 << 20;

pub(in crate::export) fn raw(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let Export { source, array, progress, .. } = *export;
    if array.order() == Some(MemoryOrder::C)
        && let Some(span) = plain_span(export)?
    {
        array.check_fits(source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
        progress.set_total(span.len());
        return copy(source, span, export, out);
    }
    if array.item.shares_bytes() {
        // In another order there is no run of whole bytes.
        return shared(&array.item);
    }
    gather(source, array, progress, &mut |bytes| Ok(out.write_all(bytes)?))
}

/// The bytes of an array without gaps. Items that share bytes must begin and end with theirs.
fn plain_span(export: &Export<'_>) -> Result<Option<Span>, ExportError> {
    let array = export.array;
    if array.item.shares_bytes() {
        let whole = array.first == 0 && array.items().is_multiple_of(u64::from(array.item.group_items()));
        if !whole || array.order() != Some(MemoryOrder::C) {
            return shared(&array.item);
        }
    }
    Ok(Some(array.extent().unwrap_or_default()))
}

fn shared<T>(item: &ItemType) -> Result<T, ExportError> {
    refused(format!(
        "Values of {item} share bytes, and this part does not begin and end at a byte boundary. Export it as .npy, or export the whole array."
    ))
}

/// One run of bytes, at the speed of the disk: while one chunk is written the next is read.
pub(super) fn copy(
    source: &dyn Source,
    span: Span,
    export: &Export<'_>,
    out: &mut dyn Write,
) -> Result<(), ExportError> {
    let progress = export.progress;
    if span.len() < WORTH_A_THREAD {
        let mut bytes = Vec::new();
        for chunk in span.chunks(CHUNK) {
            bytes.resize(chunk.len() as usize, 0);
            source.read_cancellable(chunk.start(), &mut bytes, progress.as_cancel())?;
            out.write_all(&bytes)?;
        }
        return Ok(());
    }
    std::thread::scope(|scope| {
        let (full, filled) = sync_channel::<Result<Vec<u8>, ExportError>>(2);
        let (empty, emptied) = sync_channel::<Vec<u8>>(4);
        scope.spawn(move || {
            for chunk in span.chunks(CHUNK) {
                let mut bytes = emptied.try_recv().unwrap_or_default();
                bytes.resize(chunk.len() as usize, 0);
                let read = source.read_cancellable(chunk.start(), &mut bytes, progress.as_cancel());
                let read = read.map(|()| bytes);
                // Nobody listens any more when a write has failed.
                if progress.is_cancelled() || full.send(read.map_err(ExportError::from)).is_err() {
                    return;
                }
            }
        });
        let mut done = 0;
        for bytes in filled {
            let bytes = bytes?;
            out.write_all(&bytes)?;
            done += bytes.len() as u64;
            progress.advance(bytes.len() as u64);
            let _ = empty.try_send(bytes);
        }
        if done == span.len() { Ok(()) } else { Err(ExportError::Cancelled) }
    })
}

pub(in crate::export) fn hex(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    text_of(export, out, 64, |bytes| crate::decode::hex::format(bytes, false, " "))
}

pub(in crate::export) fn base64(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    text_of(export, out, 57, |bytes| {
        crate::export::base64::render(bytes, &crate::export::ExportOptions::default())
    })
}

/// Lines of `row` bytes each.
fn text_of(
    export: &Export<'_>,
    out: &mut dyn Write,
    row: usize,
    line: impl Fn(&[u8]) -> String,
) -> Result<(), ExportError> {
    let mut lines = Lines { out, row, rest: Vec::new(), line };
    raw(export, &mut lines)?;
    lines.end()?;
    Ok(())
}

struct Lines<'a, F> {
    out: &'a mut dyn Write,
    row: usize,
    rest: Vec<u8>,
    line: F,
}

impl<F: Fn(&[u8]) -> String> Lines<'_, F> {
    fn end(&mut self) -> std::io::Result<()> {
        if !self.rest.is_empty() {
            writeln!(self.out, "{}", (self.line)(&self.rest))?;
        }
        self.rest.clear();
        Ok(())
    }
}

impl<F: Fn(&[u8]) -> String> Write for Lines<'_, F> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        for &byte in bytes {
            self.rest.push(byte);
            if self.rest.len() == self.row {
                self.end()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
