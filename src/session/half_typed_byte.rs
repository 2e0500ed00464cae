//! A byte of which only some digits are typed.

/// The byte that is half typed, while the selection's `digit` is not 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct HalfTyped {
    /// Whether the byte was put between the others, or at the end.
    pub(super) adds: bool,
    /// What was there before, if it is known.
    pub(super) before: Option<u8>,
    /// Whether undo takes back this byte and no other.
    pub(super) is_own_step: bool,
}
