//! How a snapshot differs from its base: the marks beside the grid, 'next change', and what a save in place writes.

use super::snapshot::Snapshot;
use crate::bytes::Span;

/// One change against the base: a run of new bytes, or a place where bytes were deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The new bytes, in coordinates of the snapshot; empty at the place of a deletion.
    pub span: Span,
    /// The bytes of the base that are not there any more; empty where bytes were only inserted.
    pub replaced: Span,
}

impl Change {
    pub fn kind(&self) -> ChangeKind {
        match (self.span.is_empty(), self.replaced.is_empty()) {
            (true, _) => ChangeKind::Deletion,
            (false, true) => ChangeKind::Insertion,
            (false, false) => ChangeKind::Replacement,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    Insertion,
    Replacement,
    Deletion,
}

/// A snapshot that needs only bytes overwritten, and the end moved, to be made from its base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overwrites {
    /// What is to be written, sorted and apart, each at its own offset in the base; the appended tail included.
    pub spans: Vec<Span>,
    pub base_len: u64,
    /// Length afterwards: the same, longer (the tail is in `spans`) or shorter.
    pub len: u64,
}

impl Snapshot {
    /// How many bytes are not the base's.
    pub fn changed_bytes(&self) -> u64 {
        todo!()
    }

    /// How many changes there are: maximal runs of new bytes, and places of mere deletion.
    pub fn changes(&self) -> u64 {
        todo!()
    }

    /// The runs of new bytes inside `within`, sorted, apart, cut to it. Deletions are not in it.
    pub fn changed_spans(&self, within: Span) -> Vec<Span> {
        let _ = within;
        todo!()
    }

    /// The `n`-th change from the start, counted from 0.
    pub fn nth_change(&self, n: u64) -> Option<Change> {
        let _ = n;
        todo!()
    }

    /// The first change that starts at or after `offset`.
    pub fn change_after(&self, offset: u64) -> Option<Change> {
        let _ = offset;
        todo!()
    }

    /// The last change that starts before `offset`.
    pub fn change_before(&self, offset: u64) -> Option<Change> {
        let _ = offset;
        todo!()
    }

    /// How many changes start before `offset`: the number of the first one at or after it.
    pub fn changes_before(&self, offset: u64) -> u64 {
        let _ = offset;
        todo!()
    }

    /// `Some` when every byte of the base that is still there sits at its own offset, so that a save may write in
    /// place; `None` when bytes have moved. Takes time in proportion to the pieces.
    pub fn overwrites(&self) -> Option<Overwrites> {
        todo!()
    }
}
