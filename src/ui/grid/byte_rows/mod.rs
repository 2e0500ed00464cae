//! Rows of a run of bytes, whose caret and selection are those of the tab: what a press, a drag and a menu mean there,
//! and what screen readers get. [`ByteCells`] decides what the cells show: bytes, or plain values.

mod access;

use super::cell_paint::Canvas;
use super::frame::GridFrame;
use super::glyph_table::GlyphTable;
use super::row_source::{Look, RowSource, ShellInput};
use super::shell::Shell;
use super::{GridEvent, GridInput, GridOutput, ShownRows};
use crate::bytes::Span;
use crate::session::view::rows::Flags;
use crate::session::view::{CellEdit, Column, Hit, OffsetLabels, RowMap, Viewport};
use egui::{Id, Pos2, Rect, Ui, Vec2};
use std::ops::Range;

/// The cells of rows of bytes: where they are, what they show, how they are drawn.
pub(super) trait ByteCells {
    /// Where the parts of the grid lie.
    fn frame(&self) -> &GridFrame;

    /// How the bytes fall into rows and cells.
    fn map(&self) -> &RowMap;

    /// How offsets are written.
    fn labels(&self) -> &OffsetLabels;

    /// Points that the rows are moved to the left at a position across.
    fn left_of(&self, across: &Viewport) -> f32;

    /// What is under `at`, or nearest to it. With `column` the hit stays in that column.
    fn hit(&self, at: Pos2, column: Option<Column>) -> Hit;

    /// The rectangle of the cell at `offset`, or of the empty place after the last one.
    fn cell_rect(&self, offset: u64) -> Rect;

    /// The rectangle of the character of the byte at `offset`; `None` without text.
    fn text_rect(&self, _offset: u64) -> Option<Rect> {
        None
    }

    /// Reads what is on the screen.
    fn build(&mut self, input: &GridInput<'_>);

    /// Draws everything but the scroll bars.
    fn paint(&self, input: &GridInput<'_>, canvas: &mut Canvas<'_>, look: &Look<'_>);

    /// What there is to say of a place that the screen does not say in full.
    fn explain(&self, input: &GridInput<'_>, hit: Hit, glyphs: &GlyphTable) -> Option<String>;

    /// Whether every byte of the screen was cached.
    fn all_ready(&self) -> bool;

    /// What a screen reader calls the grid.
    fn name(&self) -> String;

    /// The cells of each row that were built.
    fn built(&self) -> Range<u32>;

    /// The text of a built cell and what marks it; `None` where the row has no such cell.
    fn cell(&self, row: u64, column: u32) -> Option<(&str, Flags)>;

    /// What is heard of a cell with this text; `column` is where the caret is.
    fn heard(&self, _row: u64, _cell: u32, text: &str, _column: Column) -> String {
        text.to_owned()
    }

    /// The text beside the cells of a row, if there is any.
    fn text_of_row(&self, _row: u64) -> Option<&[char]> {
        None
    }
}

/// The rows of one frame.
pub(super) struct ByteGrid<'a, C> {
    input: &'a GridInput<'a>,
    cells: C,
    /// What the pointer has hold of.
    dragging: &'a mut Option<Hit>,
    events: Vec<GridEvent>,
}

impl<'a, C: ByteCells> ByteGrid<'a, C> {
    pub(super) fn new(input: &'a GridInput<'a>, cells: C, dragging: &'a mut Option<Hit>) -> Self {
        Self { input, cells, dragging, events: Vec::new() }
    }

    /// Draws the rows; answers what they showed and what the user did.
    pub(super) fn show(
        mut self,
        ui: &mut Ui,
        id: Id,
        input: &ShellInput<'_>,
        shell: &mut Shell,
    ) -> GridOutput {
        let response = shell.show(ui, id, input, &mut self);
        let (map, frame) = (*self.cells.map(), self.cells.frame());
        let seen = frame.seen_rows();
        let end = seen.end.checked_sub(1).map_or(0, |last| map.row_span(last).end());
        let visible = Span::between(map.row_start(seen.start).min(end), end);
        GridOutput {
            events: self.events,
            actions: Vec::new(),
            response,
            rows: Some(ShownRows { visible, pane: frame.pane, map }),
            all_ready: self.cells.all_ready(),
        }
    }

    /// The byte that the caret is at.
    fn caret(&self) -> u64 {
        self.input.selection.caret_place().offset()
    }
}

impl<C: ByteCells> RowSource for ByteGrid<'_, C> {
    fn frame(&self) -> &GridFrame {
        self.cells.frame()
    }

    fn events(&mut self) -> &mut Vec<GridEvent> {
        &mut self.events
    }

    fn scroll(&mut self, down: Viewport, across: Viewport) {
        self.events.push(GridEvent::Scroll(Viewport { left: self.cells.left_of(&across), ..down }));
    }

    fn press(&mut self, at: Pos2, extend: bool, clicks: u32) {
        let hit = self.cells.hit(at, None);
        let clicks = if at.x < self.frame().body.left() { 3 } else { clicks };
        *self.dragging = Some(hit);
        self.events.push(GridEvent::Press { hit, extend, clicks });
    }

    fn drag(&mut self, at: Pos2) -> Vec2 {
        let frame = self.frame();
        let (inside, beyond) = frame.inside(frame.area, at);
        if let Some(last) = *self.dragging {
            let hit = self.cells.hit(inside, Some(last.column));
            if hit != last {
                *self.dragging = Some(hit);
                self.events.push(GridEvent::Drag { hit });
            }
        }
        beyond
    }

    fn release(&mut self) {
        *self.dragging = None;
        self.events.push(GridEvent::Release);
    }

    fn middle(&mut self, at: Pos2) -> bool {
        self.events.push(GridEvent::PasteSelection { hit: self.cells.hit(at, None) });
        true
    }

    fn menu(&mut self, at: Pos2) {
        self.events.push(GridEvent::ContextMenu { pos: at, hit: self.cells.hit(at, None) });
    }

    fn build(&mut self) {
        self.cells.build(self.input);
    }

    fn paint(&self, canvas: &mut Canvas<'_>, look: &Look<'_>) {
        self.cells.paint(self.input, canvas, look);
    }

    fn explain(&self, at: Pos2, glyphs: &GlyphTable) -> Option<String> {
        if !self.frame().body.contains(at) {
            return None;
        }
        self.cells.explain(self.input, self.cells.hit(at, None), glyphs)
    }

    fn row_label(&self, row: u64) -> String {
        self.cells.labels().label(self.cells.map().row_start(row))
    }

    fn row_of(&self, bytes: Span) -> Option<u64> {
        Some(self.cells.map().row_of(bytes.start()))
    }

    fn edited_cell(&self, edit: &CellEdit) -> Rect {
        self.cells.cell_rect(edit.offset)
    }

    /// Only text can be composed.
    fn composed_cell(&self) -> Option<Rect> {
        let selection = self.input.selection;
        self.cells.text_rect(selection.caret).filter(|_| selection.column == Column::Text)
    }
}
