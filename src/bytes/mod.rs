//! Where bytes come from.
//!
//! A [`Source`] is an immutable run of bytes that many threads may read at once. Nothing above this layer
//! knows whether the bytes lie in memory, in a file or in a device; nothing in it knows of edits.
//! There are two ways to read, and the difference decides who may call which:
//! [`Source::read_at`] may wait for a disk, so only workers call it; [`Source::peek`] never waits,
//! so the window's thread calls nothing else.

pub mod ahead;
pub mod file;
pub mod folder;
pub mod mapped;
pub mod memory;
pub mod open;
pub mod pages;
pub mod path_bytes;
pub mod resized;
pub mod span;
pub mod spool;
mod sys;
pub mod watch;

pub use memory::MemorySource;
pub use span::Span;

use std::fmt;
use std::sync::Arc;

/// An immutable run of bytes, readable from many threads at once.
pub trait Source: Send + Sync + fmt::Debug {
    /// Length in bytes. Never shrinks over the life of the source, and grows only when its owner has it grow
    /// ([`file::FileSource::grow`]).
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills the whole of `buf` with the bytes from `offset` on. May block, so only workers call it.
    ///
    /// # Errors
    /// [`ReadError`] when not every byte could be had; what `buf` holds then is unspecified.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError>;

    /// Fills `buf` with what is at hand right now and says of each byte whether it is. Never blocks, does no I/O.
    /// A byte that is [`Availability::Missing`] is asked for by the call: it will be ready some frames later.
    /// Bytes that are not ready are set to 0.
    ///
    /// `buf` and `states` have the same length; a span beyond the end is [`Availability::Failed`] there.
    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]);

    /// The first span at or after `offset` that may hold something other than zeros; `None` when only zeros
    /// follow. A sparse file answers from its extents; who does not know says 'all the rest'. May block.
    fn data_after(&self, offset: u64) -> Option<Span> {
        Span::new(offset, self.len()).filter(|span| !span.is_empty())
    }

    /// What the source is, over and over from offset 0 on, if it is made so.
    fn pattern(&self) -> Option<&[u8]> {
        None
    }

    /// Why the byte at `offset` is [`Availability::Failed`], if it is. Never blocks.
    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let _ = offset;
        None
    }
}

/// A source shared by whoever reads it.
pub type SharedSource = Arc<dyn Source>;

/// Whether a byte that was peeked at is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Availability {
    /// Not read yet, on its way.
    #[default]
    Missing,
    /// The byte is in the buffer.
    Ready,
    /// It was tried and could not be read; [`Source::fault_at`] says why.
    Failed,
}

/// Why bytes could not be read. `span` is what was asked for, or the part of it that failed where that is known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("bytes {span} are beyond the end at {len:#x}")]
    BeyondEnd { span: Span, len: u64 },
    #[error("bytes {span} are gone: another program cut the file short to {len_now:#x} bytes")]
    CutShort { span: Span, len_now: u64 },
    #[error("bytes {span} could not be read: {reason}")]
    Io { span: Span, reason: String },
}

impl ReadError {
    /// The bytes that the error is about.
    pub fn span(&self) -> Span {
        match self {
            Self::BeyondEnd { span, .. } | Self::CutShort { span, .. } | Self::Io { span, .. } => *span,
        }
    }
}

/// The span `offset .. offset + len`, if it lies inside `total` bytes.
///
/// # Errors
/// [`ReadError::BeyondEnd`] otherwise, sums above `u64::MAX` included.
pub fn check_bounds(offset: u64, len: usize, total: u64) -> Result<Span, ReadError> {
    let end = offset.saturating_add(len as u64);
    let span = Span::new(offset, end).unwrap_or(Span::empty_at(offset));
    if end <= total && span.len() == len as u64 {
        Ok(span)
    } else {
        Err(ReadError::BeyondEnd { span, len: total })
    }
}
