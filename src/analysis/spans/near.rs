//! Segments that were read from the temporary file and are kept for a while, and those that are to be read.

use super::segment::Spans;

/// Memory for segments that were read, in bytes.
const MOST_BYTES: usize = 2 << 20;
/// Segments that wait to be read at most; those that were wanted first are given up.
const MOST_WANTED: usize = 128;

/// What the window's thread has of the file.
#[derive(Debug, Default)]
pub(super) struct NearSegments {
    /// Those used last are at the end.
    held: Vec<Spans>,
    bytes: usize,
    /// The numbers of their first spans.
    wanted: Vec<u64>,
    /// Those that can't be read.
    lost: Vec<u64>,
}

/// Why a segment is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotNear {
    /// It is to be read.
    Missing,
    /// It can't be read.
    Lost,
}

impl NearSegments {
    /// The segment whose first span is number `index`; one that is not there is wanted from now on.
    ///
    /// # Errors
    /// [`NotNear`] when it is not there.
    pub fn get(&mut self, index: u64) -> Result<Spans, NotNear> {
        if let Some(at) = self.held.iter().rposition(|spans| spans.index == index) {
            let spans = self.held.remove(at);
            self.held.push(spans.clone());
            return Ok(spans);
        }
        if self.lost.contains(&index) {
            return Err(NotNear::Lost);
        }
        if !self.wanted.contains(&index) {
            if self.wanted.len() == MOST_WANTED {
                self.wanted.remove(0);
            }
            self.wanted.push(index);
        }
        Err(NotNear::Missing)
    }

    /// Whether some are to be read.
    pub fn wants(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// Takes the one that was wanted last.
    pub fn next_wanted(&mut self) -> Option<u64> {
        self.wanted.pop()
    }

    /// Keeps one that was read.
    pub fn keep(&mut self, spans: Spans) {
        self.bytes += spans.size();
        self.held.push(spans);
        while self.bytes > MOST_BYTES && self.held.len() > 1 {
            self.bytes -= self.held.remove(0).size();
        }
    }

    /// Remembers that one can't be read.
    pub fn lose(&mut self, index: u64) {
        if !self.lost.contains(&index) {
            self.lost.push(index);
        }
    }

    /// Memory that they take, in bytes.
    pub fn size(&self) -> usize {
        self.bytes
    }
}
