//! What the painters of a table work from.

use super::geometry::{Geometry, Under};
use crate::session::arrays::ArrayView;
use crate::session::arrays::screen::ArrayScreen;
use crate::ui::theme::DataColors;
use egui::Color32;

/// What a frame is painted from.
pub(super) struct Scene<'a> {
    pub(super) geometry: &'a Geometry,
    pub(super) screen: &'a ArrayScreen,
    pub(super) view: &'a ArrayView,
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

impl Scene<'_> {
    /// The ground of selected cells.
    pub(super) fn selection(&self) -> Color32 {
        if self.active { self.colors.selection_bg } else { self.colors.selection_inactive_bg }
    }
}
