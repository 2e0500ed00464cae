//! The trait through which a shell uses its rows: positions, painting, and the meaning of a press.

use super::cell_paint::Canvas;
use super::frame::GridFrame;
use super::glyph_table::GlyphTable;
use super::{GridEvent, Mark};
use crate::bytes::Span;
use crate::session::view::{CellEdit, Viewport};
use crate::ui::theme::Theme;
use egui::{FontId, Pos2, Rect, Ui, Vec2};

/// What a shell needs to know, whatever the rows are.
#[derive(Clone, Copy)]
pub(super) struct ShellInput<'a> {
    /// Whether the keys go to this view.
    pub(super) focused: bool,
    /// What is typed into a cell.
    pub(super) edit: Option<&'a CellEdit>,
    /// Places to mark on the scroll bar.
    pub(super) marks: &'a [Mark],
    pub(super) theme: &'a Theme,
    pub(super) font: &'a FontId,
}

/// How a frame is drawn.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    /// Whether the keys go here right now.
    pub(super) active: bool,
    /// Where the pointer is, if it is over the grid.
    pub(super) hover: Option<Pos2>,
    pub(super) theme: &'a Theme,
}

/// Rows for a shell: where they are, what is drawn, and what a press means.
pub(super) trait RowSource {
    fn frame(&self) -> &GridFrame;

    /// Where typed text and what became of a cell's field are put.
    fn events(&mut self) -> &mut Vec<GridEvent>;

    /// The view was moved, down and across.
    fn scroll(&mut self, down: Viewport, across: Viewport);

    /// The main button went down. `clicks` counts the presses of one place.
    fn press(&mut self, at: Pos2, extend: bool, clicks: u32);

    /// The pointer, held down, is here. Answers how far beyond the edge it is, which scrolls.
    fn drag(&mut self, at: Pos2) -> Vec2;

    /// The main button was let go.
    fn release(&mut self);

    /// The middle button went down; answers whether that means anything.
    fn middle(&mut self, _at: Pos2) -> bool {
        false
    }

    /// A context menu is wanted here.
    fn menu(&mut self, at: Pos2);

    /// The pointer is here, or nowhere over the rows.
    fn hover(&self, _ui: &Ui, _at: Option<Pos2>) {}

    /// Reads what is on the screen.
    fn build(&mut self);

    /// Draws everything but the scroll bars.
    fn paint(&self, canvas: &mut Canvas<'_>, look: &Look<'_>);

    /// What there is to say of a place that the screen does not say in full.
    fn explain(&self, at: Pos2, glyphs: &GlyphTable) -> Option<String>;

    /// What stands at the left of a row.
    fn row_label(&self, row: u64) -> String;

    /// The first row in which some of these bytes are shown.
    fn row_of(&self, bytes: Span) -> Option<u64>;

    /// The cell that is typed into, or some place beyond the edge that it is scrolled over.
    fn edited_cell(&self, edit: &CellEdit) -> Rect;

    /// Where an input method composes; `None` where no text is typed.
    fn composed_cell(&self) -> Option<Rect>;
}
