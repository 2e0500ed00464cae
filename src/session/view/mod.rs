//! One view of a document: how its bytes are shown, which rows, what is selected, where a key leads.
//!
//! Everything here is a plain value with pure functions on it; positions are u64 and exact for every length.
//! Deliberately absent: egui, files, and the bytes themselves beyond the screen that is being built.

pub mod byte_rows;
pub mod format;
pub mod hit;
pub mod layout;
pub mod motion;
pub mod offset_labels;
pub mod row_map;
pub mod rows;
pub mod selection;
pub mod viewport;

pub use byte_rows::{ByteRows, Columns, FormattedRows, RowFormat, RowShape};
pub use format::ViewFormat;
pub use hit::{Column, Hit};
pub use layout::Layout;
pub use motion::Motion;
pub use offset_labels::OffsetLabels;
pub use row_map::RowMap;
pub use rows::{Screen, SpanQuery};
pub use selection::{CaretPlace, Selection};
pub use viewport::{RowsArea, Viewport};

/// A typed cell whose text is being edited in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellEdit {
    /// First byte of the cell.
    pub offset: u64,
    /// What the user has typed so far.
    pub text: String,
    /// Why `text` is no value of the cell's type, if it is none.
    pub error: Option<String>,
    /// Whether `text` is the old value, which typing takes the place of as a whole.
    pub is_old: bool,
}
