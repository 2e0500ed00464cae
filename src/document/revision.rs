//! The number of a state of a document.

/// Counts the states that a document has gone through; also undo, redo and a finished save count up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);
