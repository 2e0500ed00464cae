//! Numbers that identify things while the program runs.

/// Names a tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TabId(u64);

impl TabId {
    pub(super) fn new(number: u64) -> Self {
        Self(number)
    }

    /// The place that a tab has among the others until the user moves it.
    pub(super) fn number(self) -> u64 {
        self.0
    }
}

/// Names edits that another run has left unsaved. Later offers have higher numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OfferId(u64);

impl OfferId {
    pub(super) fn new(number: u64) -> Self {
        Self(number)
    }
}

/// Names one message, also after others are gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NoticeId(u64);

impl NoticeId {
    pub(super) fn new(number: u64) -> Self {
        Self(number)
    }

    /// Later messages have higher numbers.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// Names a pane; unique in its tab for as long as the tab is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PaneKey(u32);

impl PaneKey {
    /// The pane of bytes that every tab has.
    pub const BYTES: Self = Self(0);
    /// The typed pane that every tab has.
    pub const TYPED: Self = Self(1);

    /// The key with this number.
    pub const fn of_number(number: u32) -> Self {
        Self(number)
    }

    /// The number of the key.
    pub const fn number(self) -> u32 {
        self.0
    }
}
