//! The input of the painters of a table.

use super::geometry::{Geometry, Under};
use crate::session::arrays::block::Block;
use crate::session::arrays::screen::ArrayScreen;
use crate::session::arrays::table::Table;
use crate::session::view::{OffsetLabels, RowMap, Selection};
use crate::ui::theme::DataColors;
use egui::Color32;

/// What a frame is painted from.
pub(super) struct Scene<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) screen: &'a ArrayScreen,
    pub(super) table: &'a Table,
    /// The selected block; of plain values the caret's cell, if it is one of them.
    pub(super) block: Option<Block>,
    /// Where the table shows plain values.
    pub(super) values: Option<ValueScene<'a>>,
    pub(super) colors: &'a DataColors,
    pub(super) strong: Color32,
    pub(super) accent: Color32,
    pub(super) hairline: Color32,
    /// Whether the keys go here right now.
    pub(super) active: bool,
    pub(super) hover: Option<Under>,
    /// The column whose head is dragged, and where it would go.
    pub(super) moving: Option<(u64, u64)>,
}

/// What plain values have in the place of indices and a block.
pub(super) struct ValueScene<'a> {
    pub(super) labels: &'a OffsetLabels,
    pub(super) map: &'a RowMap,
    pub(super) selection: &'a Selection,
    /// Whether typing inserts.
    pub(super) insert: bool,
}

impl Scene<'_> {
    /// The ground of selected cells.
    pub(super) fn selection(&self) -> Color32 {
        if self.active { self.colors.selection_bg } else { self.colors.selection_inactive_bg }
    }

    /// The block where it is more than the caret's cell.
    pub(super) fn wide_block(&self) -> Option<Block> {
        self.block.filter(|block| !block.is_one())
    }

    /// What stands at the left of a row.
    pub(super) fn row_label(&self, row: u64) -> String {
        match &self.values {
            Some(values) => values.labels.label(values.map.row_start(row)),
            None => self.table.row_label(row),
        }
    }
}
