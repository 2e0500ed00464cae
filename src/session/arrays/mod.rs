//! The arrays of a tab: which its file holds, and those that its panes show.
//!
//! A header is read by a job (`header_answer`), an array is a table over the tab's own bytes (`view`), and what is
//! typed into it is a splice of the tab's document like every other edit.
//!
//! | file | what it holds |
//! |---|---|
//! | `action` | what the window asks of an array, and of its table |
//! | `bar` | dtype, offset, shape, order and slice as typed |
//! | `table`, `columns` | rows and columns, widths |
//! | `block`, `block_motion` | the selected block, what of a table is in it, and where a key leads |
//! | `spans` | the bytes of a block |
//! | `screen`, `even_row` | the cells on the screen, and which of their bytes are read at once |
//! | `view`, `select_slice` | all of one array on the screen, and what a slice names in it |
//! | `tree` | a container's names |
//! | `header_answer`, `show_entry` | from a file to its container, from an entry to the screen |
//! | `header`, `header_basis` | whether the header still fits |
//! | `typing` | values typed |
//! | `commands` | the same by keyboard and palette |

pub mod action;
pub mod bar;
mod beside_selected;
pub mod block;
pub mod block_motion;
pub mod columns;
pub(super) mod commands;
mod even_row;
pub(in crate::session) mod header;
pub(in crate::session) mod header_answer;
mod header_basis;
pub mod screen;
mod select_slice;
mod show_entry;
pub mod spans;
pub mod table;
pub mod tree;
mod typing;
pub mod view;

pub use action::{ArrayAction, ArrayPart, TableAction};
pub use bar::BarField;
pub use table::Axes;
pub use view::{ArrayView, Room, Wrap};

use crate::formats::{Container, Format, FormatError};
use std::fmt;
use std::sync::Arc;
use tree::Tree;

/// A container with the tree of its names.
pub struct FoundContainer {
    pub format: &'static dyn Format,
    /// Shared, as a search names the elements that it finds off the window's thread.
    pub container: Arc<Container>,
    pub tree: Tree,
}

impl fmt::Debug for FoundContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FoundContainer").field("format", &self.format.label()).finish_non_exhaustive()
    }
}

/// What is known of the arrays of a tab.
#[derive(Debug, Default)]
pub struct TabArrays {
    /// What the file's header says.
    pub found: Option<FoundContainer>,
    /// Why the header can't be read, of a file that looks like a container.
    pub error: Option<FormatError>,
    /// The cell that is typed into.
    pub(super) typed_into: Option<block::CaretCell>,
    /// What the last answer about the header was made of; `None` of a file that never looked like a container.
    pub(super) mark: Option<header_basis::HeaderBasis>,
    /// Whether the file keeps checksums of its bytes; `None` until its header has been looked at.
    pub(super) keeps_checksums: Option<bool>,
}

impl TabArrays {
    /// Whether there is anything for the panel.
    pub fn has_panel(&self) -> bool {
        self.found.is_some() || self.error.is_some()
    }
}
