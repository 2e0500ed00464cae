//! The input of the painters of rows of bytes.

use super::geometry::Geometry;
use crate::session::view::{Screen, Selection};
use crate::ui::theme::DataColors;
use egui::{Color32, Pos2};

/// What a frame is painted from.
pub(super) struct Scene<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) screen: &'a Screen,
    /// Left edges of the built cells.
    pub(super) lefts: &'a [f32],
    pub(super) selection: &'a Selection,
    pub(super) colors: &'a DataColors,
    /// The labels of the row and the column with the caret.
    pub(super) strong: Color32,
    /// The lines between the columns.
    pub(super) hairline: Color32,
    pub(super) insert: bool,
    /// Whether the keys go here right now.
    pub(super) active: bool,
    /// Where the pointer is, if it is over the rows.
    pub(super) hover: Option<Pos2>,
}

impl Scene<'_> {
    /// The byte that the caret is at, unless it lies before the view's first one.
    pub(super) fn caret(&self) -> Option<u64> {
        Some(self.selection.caret_place().offset()).filter(|offset| *offset >= self.geometry.map.origin())
    }
}
