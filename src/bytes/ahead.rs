//! Many small reads by rising offset as few large ones.
//!
//! Who knows that more is wanted soon says up to where; nothing beyond that is read. Blocks; workers only.

use super::{ReadError, Source, Span};
use crate::job::Cancel;

/// Read at once at most where more is wanted soon, in bytes.
pub const WINDOW: u64 = 256 << 10;

/// A source with the bytes that were read last.
#[derive(Debug)]
pub struct Ahead<'a> {
    source: &'a dyn Source,
    cancel: &'a Cancel,
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> Ahead<'a> {
    /// Nothing is read before it is asked for; `cancel` ends a read that is under way.
    pub fn new(source: &'a dyn Source, cancel: &'a Cancel) -> Self {
        Self { source, cancel, start: 0, bytes: Vec::new() }
    }

    /// The bytes of `span`; what lies behind it is wanted soon up to `until`.
    ///
    /// # Errors
    /// As of [`Source::read_cancellable`].
    pub fn get(&mut self, span: Span, until: u64) -> Result<&[u8], ReadError> {
        let held = Span::between(self.start, self.start + self.bytes.len() as u64);
        if !held.covers(span) {
            let most = span.start().saturating_add(WINDOW);
            let end = until.min(most).min(self.source.len()).max(span.end());
            self.bytes.resize((end - span.start()) as usize, 0);
            self.start = span.start();
            if let Err(error) = self.source.read_cancellable(self.start, &mut self.bytes, self.cancel) {
                self.bytes.clear();
                return Err(error);
            }
        }
        let from = (span.start() - self.start) as usize;
        Ok(&self.bytes[from..from + span.len() as usize])
    }
}
