//! The bytes of the new file: copied by the system where the old file has them, read and written else.

use super::super::disk::{DiskFile, retry, where_supported};
use super::super::extents::{Extents, data_spans};
use super::stream::Stream;
use crate::bytes::Span;
use crate::job::Progress;
use crate::save::error::{SaveStop, at_step};
use crate::save::request::SaveRequest;
use std::io;

/// Bytes that the system is asked to copy at once: few enough to be cancelled between.
const SYSTEM_CHUNK: u64 = 32 << 20;

/// Spans shorter than this, in bytes, are not worth a call to set room aside.
const WORTH_RESERVING: u64 = 256 << 10;

/// Writes the changes into a file that has all of the old file's bytes.
pub(super) fn overwrite(file: &dyn DiskFile, extents: &Extents, stream: &Stream<'_>) -> Result<(), SaveStop> {
    if extents.new_len != extents.old_len {
        retry(|| file.set_len(extents.new_len)).map_err(at_step("setting the length"))?;
    }
    extents.spans.iter().try_for_each(|span| stream.write(extents.new_part(*span)))
}

/// Writes all bytes into an empty file. `old` is the old file, if the runs that the request keeps are its.
pub(super) fn copy(
    file: &dyn DiskFile,
    request: &SaveRequest,
    old: Option<&dyn DiskFile>,
    stream: &Stream<'_>,
    progress: &Progress,
) -> Result<(), SaveStop> {
    let snapshot = &*request.snapshot;
    retry(|| file.set_len(snapshot.len())).map_err(at_step("setting the length"))?;
    let mut kept = request.kept.iter().filter(|_| old.is_some()).peekable();
    let mut system_copies = true;
    for span in data_spans(snapshot) {
        if span.len() >= WORTH_RESERVING {
            where_supported(|| file.reserve(span)).map_err(at_step("reserving disk space"))?;
        }
        let mut at = span.start();
        while at < span.end() {
            while kept.next_if(|run| run.to.end() <= at).is_some() {}
            let rest = Span::between(at, span.end());
            let run = kept.peek().and_then(|run| Some((run, run.to.intersect(rest)?)));
            let (plain, by_system) = match run {
                Some((run, part)) if system_copies => {
                    let from = run.from + (part.start() - run.to.start());
                    if file.copies_fast(from, part.start()) {
                        (Span::between(at, part.start()), Some((from, part)))
                    } else {
                        (Span::between(at, part.end()), None)
                    }
                }
                _ => (rest, None),
            };
            stream.write(plain)?;
            at = plain.end();
            if let (Some((from, part)), Some(old)) = (by_system, old) {
                let copied = copy_by_system(file, old, from, part, progress)?;
                at += copied;
                system_copies = copied == part.len();
            }
        }
    }
    Ok(())
}

/// Answers how many bytes were copied: fewer where the system can't, or where the old file is shorter than it was.
fn copy_by_system(
    file: &dyn DiskFile,
    old: &dyn DiskFile,
    from: u64,
    to: Span,
    progress: &Progress,
) -> Result<u64, SaveStop> {
    let mut done = 0;
    while done < to.len() {
        check_cancel(progress)?;
        let len = SYSTEM_CHUNK.min(to.len() - done);
        let start = from + done;
        let part = Span::between(start, start + len);
        match retry(|| file.copy_range(old, part, to.start() + done)) {
            Ok(0) => return Ok(done),
            Ok(copied) => {
                progress.advance(copied);
                done += copied;
            }
            Err(error) if error.kind() == io::ErrorKind::Unsupported => return Ok(done),
            Err(error) => return Err(at_step("copying")(error)),
        }
    }
    Ok(done)
}

fn check_cancel(progress: &Progress) -> Result<(), SaveStop> {
    if progress.is_cancelled() { Err(SaveStop::cancelled()) } else { Ok(()) }
}
