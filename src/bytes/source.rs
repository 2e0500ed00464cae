//! The trait of everything that bytes are read from.

use super::{RawBytes, ReadError, ReadHints, Span, check_bounds};
use crate::job::Cancel;
use std::fmt;
use std::sync::Arc;

/// Read at once at most before the cancel flag is looked at, in bytes: some milliseconds of a slow disk.
const CANCEL_PIECE: usize = 1 << 20;

/// An immutable run of bytes, readable from many threads at once.
pub trait Source: Send + Sync + fmt::Debug {
    /// Length in bytes. Never shrinks over the life of the source, and grows only when its owner has it grow
    /// ([`super::file::FileSource::grow`]).
    fn len(&self) -> u64;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills the whole of `buf` with the bytes from `offset` on. May block, so only workers call it.
    ///
    /// # Errors
    /// [`ReadError`] when not every byte could be had; what `buf` holds then is unspecified.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError>;

    /// As [`Self::read_at`], for a job that may be cancelled. A source that waits for a network ends its wait when
    /// `cancel` says so; others look at it between pieces. A source made of other sources hands `cancel` on.
    ///
    /// # Errors
    /// As of [`Self::read_at`], and [`ReadError::Cancelled`].
    fn read_cancellable(&self, offset: u64, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len())?;
        let mut at = offset;
        for piece in buf.chunks_mut(CANCEL_PIECE) {
            if cancel.is_cancelled() {
                return Err(ReadError::Cancelled { span: Span::between(at, span.end()) });
            }
            self.read_at(at, piece)?;
            at += piece.len() as u64;
        }
        Ok(())
    }

    /// Shows `look` the bytes of `span` where they are mapped, without a copy, if that is faster than a copy of them.
    /// Whether that was done, and they were the source's at that time: when not, what `look` found counts for nothing,
    /// and the bytes are to be read. May block. A source made of other sources hands the question on where the whole of
    /// `span` comes from one of them.
    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        let _ = (span, look);
        false
    }

    /// How the source likes to be read. A source made of other sources answers for the one that most of it comes from.
    fn hints(&self) -> ReadHints {
        ReadHints::LOCAL
    }

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

    /// What the bytes from `offset` on are over and over, if they are made so, and up to where. Never blocks.
    fn fill_at(&self, offset: u64) -> Option<FillRun<'_>> {
        let pattern = self.pattern().filter(|pattern| !pattern.is_empty() && offset < self.len())?;
        Some(FillRun { pattern, phase: (offset % pattern.len() as u64) as usize, end: self.len() })
    }

    /// Where the bytes from `offset` on really come from: what two sources have from the same place is equal, and need
    /// not be read to be compared. A source made of other sources answers for the one below. Never blocks.
    fn shared_run(&self, offset: u64) -> SharedRun {
        SharedRun::own(self, offset)
    }

    /// Why the byte at `offset` is [`Availability::Failed`], if it is. Never blocks.
    fn fault_at(&self, offset: u64) -> Option<ReadError> {
        let _ = offset;
        None
    }
}

/// Where bytes of a source come from, as long as the source lives.
#[derive(Clone, Copy, Debug)]
pub struct SharedRun {
    /// The place of what holds them in memory, and its type: the first part of a value is at the place of the whole.
    holder: (usize, &'static str),
    /// Where they begin in what holds them.
    offset: u64,
    /// Where in the source asked the run ends.
    pub end: u64,
}

impl SharedRun {
    /// The bytes of `holder` itself, from `offset` on.
    pub fn own<S: Source + ?Sized>(holder: &S, offset: u64) -> Self {
        Self::of(holder, offset, holder.len())
    }

    /// Bytes that `holder` has at `offset` of its own, in a source where they end at `end`.
    pub fn of<T: ?Sized>(holder: &T, offset: u64, end: u64) -> Self {
        let place = std::ptr::from_ref(holder).cast::<()>() as usize;
        Self { holder: (place, std::any::type_name::<T>()), offset, end }
    }

    /// The same run in a source where it ends elsewhere, at the latest at `end`.
    #[must_use]
    pub fn ending_at(self, end: u64) -> Self {
        Self { end, ..self }
    }

    /// Whether both begin at the same byte of the same holder.
    pub fn begins_as(&self, other: &Self) -> bool {
        self.holder == other.holder && self.offset == other.offset
    }
}

/// Bytes that are a pattern over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FillRun<'s> {
    pub pattern: &'s [u8],
    /// Which byte of the pattern the first one is.
    pub phase: usize,
    /// Where in the source the run ends.
    pub end: u64,
}

/// Nothing is at hand: all bytes up to `len` are missing, those beyond it can't be had.
pub fn peek_nothing(len: u64, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
    buf.fill(0);
    let inside = usize::try_from(len.saturating_sub(offset)).unwrap_or(usize::MAX).min(states.len());
    states[..inside].fill(Availability::Missing);
    states[inside..].fill(Availability::Failed);
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
