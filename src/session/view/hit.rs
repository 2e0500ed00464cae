//! A position in a pane: a byte, in the cells or in the text column.

/// Which column the keys go to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Column {
    #[default]
    Cells,
    Text,
}

impl Column {
    /// Cells for text, text for cells.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Cells => Self::Text,
            Self::Text => Self::Cells,
        }
    }
}

/// A place in a view that the pointer is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The nearest byte, or the place after the last one.
    pub offset: u64,
    pub column: Column,
}
