//! Reads as much of a span as can be read, and reports the rest.
//!
//! What can't be read at once is read again in small pieces, so that only the bad blocks are lost.

use super::tuning::Tuning;
use super::unread::Unread;
use crate::bytes::retry::Retries;
use crate::bytes::{ReadError, ReadErrorKind, ReadHints, Source, Span};
use crate::job::Cancel;

/// Reads for the workers of one pass.
pub(super) struct Reader<'a> {
    pub source: &'a dyn Source,
    pub cancel: &'a Cancel,
    /// Bytes that are given up at once where reading fails, at least 1.
    pub grain: u64,
    retries: Retries,
}

impl<'a> Reader<'a> {
    /// Also how many threads and bytes of a chunk suit the source, of which so many bytes are to be read.
    pub fn new(source: &'a dyn Source, cancel: &'a Cancel, tuning: Tuning, bytes: u64) -> (Self, usize, u64) {
        let hints = source.hints().within_bounds();
        let is_local = hints == ReadHints::LOCAL;
        // Smaller reads than this cost as much, and this machine's are not held back by it.
        let least = if is_local { 1 } else { hints.block_bytes };
        let chunk = (tuning.chunk.max(1) as u64).max(least);
        // A source that is slow to answer wants more requests on their way than there are cores.
        let most = tuning.threads.max(1);
        let most = if is_local { most } else { most.max(hints.parallel_reads) };
        let threads = bytes.div_ceil(chunk).clamp(1, most as u64) as usize;
        let grain = (tuning.grain.max(1) as u64).max(least);
        (Self { source, cancel, grain, retries: Retries::default() }, threads, chunk)
    }

    /// Shows `show` every run of `span` that can be read, in ascending order; `buffer` is as long as the span, and each
    /// run is in its place in it. Nothing more is shown after a cancel.
    pub fn read(
        &self,
        span: Span,
        buffer: &mut [u8],
        unread: &mut Unread,
        show: &mut dyn FnMut(Span, &mut [u8]),
    ) {
        // The runs that are still to be read, the first one last.
        let mut runs = vec![span];
        let mut show = |run: Span, bytes: &mut [u8]| {
            if !self.cancel.is_cancelled() {
                show(run, bytes);
            }
        };
        while let Some(run) = runs.pop() {
            let place = (run.start() - span.start()) as usize;
            let buffer = &mut buffer[place..place + run.len() as usize];
            match self.retries.read(self.source, run.start(), buffer, self.cancel) {
                Ok(()) => show(run, buffer),
                Err(error) if !error.may_spare_parts() => {
                    // Only one of the sources that the bytes come from is out of reach.
                    let bad = failed_part(&error, run);
                    unread.add(bad, &error);
                    let around =
                        [Span::between(bad.end(), run.end()), Span::between(run.start(), bad.start())];
                    runs.extend(around.into_iter().filter(|span| !span.is_empty()));
                }
                Err(_) => {
                    for readable in self.readable_runs(run, buffer, unread) {
                        let from = (readable.start() - run.start()) as usize;
                        show(readable, &mut buffer[from..from + readable.len() as usize]);
                    }
                }
            }
        }
    }

    /// Reads `span` grain by grain and says which runs of it are now in the buffer.
    fn readable_runs(&self, span: Span, buffer: &mut [u8], unread: &mut Unread) -> Vec<Span> {
        let mut runs: Vec<Span> = Vec::new();
        let mut at = span.start();
        while at < span.end() && !self.cancel.is_cancelled() {
            let grain_end = (at - at % self.grain).saturating_add(self.grain).min(span.end());
            let grain = Span::between(at, grain_end);
            at = grain_end;
            let place = (grain.start() - span.start()) as usize;
            let buf = &mut buffer[place..place + grain.len() as usize];
            match self.source.read_cancellable(grain.start(), buf, self.cancel) {
                Ok(()) => match runs.last_mut() {
                    Some(last) if last.end() == grain.start() => {
                        *last = Span::between(last.start(), grain.end())
                    }
                    _ => runs.push(grain),
                },
                // What was cut off is not tried grain by grain: a read of all that is left tells how far it goes.
                Err(error) if error.kind() == ReadErrorKind::Changed => {
                    let rest = Span::between(grain.start(), span.end());
                    let read = self.source.read_cancellable(rest.start(), &mut buffer[place..], self.cancel);
                    let gone = read.err().map_or(grain, |error| failed_part(&error, rest));
                    let bad = Span::between(grain.start(), gone.end().max(grain.end()));
                    unread.add(bad, &error);
                    at = bad.end();
                }
                Err(error) => unread.add(grain, &error),
            }
        }
        runs
    }
}

/// The part of `asked` that an error is about; all of it where the error names none.
fn failed_part(error: &ReadError, asked: Span) -> Span {
    error.span().intersect(asked).filter(|part| !part.is_empty()).unwrap_or(asked)
}
