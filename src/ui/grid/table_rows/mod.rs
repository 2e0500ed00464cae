//! Rows of an array's elements, with their indices at the left and above; and, in `values`, of plain values.

mod access;
mod geometry;
mod heads;
mod interact;
mod paint;
mod scene;
mod text;
mod values;

use super::cell_paint::Canvas;
use super::frame::{GridFrame, GridRoom};
use super::glyph_table::GlyphTable;
use super::row_source::{Look, RowSource, ShellInput};
use super::shell::Shell;
use super::{GridEvent, GridInput, GridOutput};
use crate::bytes::Span;
use crate::decode::dtype::ItemType;
use crate::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use crate::session::arrays::spans::RowFinder;
use crate::session::arrays::{ArrayView, TableAction};
use crate::session::describe;
use crate::session::view::rows::Flags;
use crate::session::view::{CellEdit, Viewport};
use crate::ui::theme;
use egui::{Align2, CursorIcon, Id, Pos2, Rect, Ui, Vec2, vec2};
use geometry::{Geometry, Under};
pub(super) use interact::TableHold;
use std::cell::OnceCell;
pub(super) use values::ValueCells;

/// Bytes of a cell that are asked why they can't be read; of a long string no more are shown.
const MOST_BYTES: usize = 1 << 10;

/// The elements of one frame.
pub(super) struct TableRows<'a> {
    input: &'a GridInput<'a>,
    view: &'a ArrayView,
    geometry: Geometry,
    screen: &'a mut ArrayScreen,
    hold: &'a mut TableHold,
    /// In which row bytes are; made when there are marks.
    rows: OnceCell<RowFinder>,
    actions: Vec<TableAction>,
    events: Vec<GridEvent>,
}

impl<'a> TableRows<'a> {
    pub(super) fn new(
        room: GridRoom,
        input: &'a GridInput<'a>,
        view: &'a ArrayView,
        screen: &'a mut ArrayScreen,
        hold: &'a mut TableHold,
    ) -> Self {
        let (geometry, rows) = (Geometry::new(room, view), OnceCell::new());
        Self { input, view, geometry, screen, hold, rows, actions: Vec::new(), events: Vec::new() }
    }

    /// Draws the elements; answers what the user did.
    pub(super) fn show(
        mut self,
        ui: &mut Ui,
        id: Id,
        input: &ShellInput<'_>,
        shell: &mut Shell,
    ) -> GridOutput {
        let response = shell.show(ui, id, input, &mut self);
        if self.view.table.is_empty() {
            let at = self.geometry.body.center_top() + vec2(0.0, 6.0 * theme::UNIT);
            let words = "This array has no elements.";
            ui.painter().text(at, Align2::CENTER_TOP, words, theme::body(), input.theme.text_weak);
        }
        self.reveal_typed();
        self.measure();
        let Self { actions, events, screen, .. } = self;
        GridOutput { actions, events, response, rows: None, all_ready: screen.all_ready() }
    }
}

impl TableRows<'_> {
    /// What is typed into is seen.
    fn reveal_typed(&mut self) {
        let (view, geometry) = (self.view, &self.geometry);
        let (row, column) = view.block.caret;
        let typed = self.events.iter().any(|event| matches!(event, GridEvent::EditChanged(_)));
        let cell = geometry.cell_or_beyond(row, column).shrink(geometry.pixel);
        if !typed || geometry.body.contains_rect(cell) {
            return;
        }
        let down = view.down.revealing(row, 0, &geometry.pane);
        let across = view.columns.revealing(view.across, column, &geometry.strip);
        self.scroll(down, across);
    }

    /// Tells the session the room, and the columns whose values need more of it than any before them.
    fn measure(&mut self) {
        let ArrayView { columns, table, .. } = self.view;
        let wider = |column: u64| {
            let label = describe::cells(&table.column_label(column));
            let widest = self.screen.widest(column).max(label);
            (widest > columns.seen_chars(column)).then_some((column, widest))
        };
        let mut seen: Vec<(u64, u32)> = self.geometry.seen_columns().filter_map(wider).collect();
        if columns.are_alike() {
            seen = seen.into_iter().max_by_key(|(_, chars)| *chars).into_iter().collect();
        }
        let room = self.geometry.room();
        if self.view.room() != room || !seen.is_empty() {
            self.actions.push(TableAction::Measured { room, seen });
        }
    }
}

impl RowSource for TableRows<'_> {
    fn frame(&self) -> &GridFrame {
        &self.geometry
    }

    fn events(&mut self) -> &mut Vec<GridEvent> {
        &mut self.events
    }

    fn scroll(&mut self, down: Viewport, across: Viewport) {
        if (down, across) != (self.view.down, self.view.across) {
            self.actions.push(TableAction::Scroll { down, across });
        }
    }

    fn press(&mut self, at: Pos2, extend: bool, clicks: u32) {
        if let Some(under) = self.geometry.under(at) {
            self.hold.press((under, at), self.view, (extend, clicks), &mut self.actions);
        }
    }

    fn drag(&mut self, at: Pos2) -> Vec2 {
        self.hold.drag(at, self.view, &self.geometry, &mut self.actions)
    }

    fn release(&mut self) {
        self.hold.release(&mut self.actions);
    }

    fn menu(&mut self, at: Pos2) {
        self.hold.menu = self.geometry.under(at);
        let block = &self.view.block;
        let press = match self.hold.menu {
            Some(Under::Cell(row, column)) if !block.has(row, column, &self.view.table) => {
                TableAction::Press { place: (row, column), extend: false, clicks: 1 }
            }
            // The keys come here, and what is selected stays: the menu is about this pane.
            _ => TableAction::Press { place: block.caret, extend: true, clicks: 1 },
        };
        self.actions.push(press);
    }

    fn hover(&self, ui: &Ui, at: Option<Pos2>) {
        let over = at.and_then(|at| self.geometry.under(at));
        if matches!(over, Some(Under::Edge(_))) || self.hold.is_on_edge() {
            ui.ctx().set_cursor_icon(CursorIcon::ResizeColumn);
        }
    }

    fn build(&mut self) {
        let wanted = ArrayScreenInput {
            source: self.input.source,
            settle: self.input.settle,
            changed: self.input.changed,
            found: self.input.found,
            found_current: self.input.found_current,
            strings: self.input.strings,
            selected: None,
            signs: 1,
            table: &self.view.table,
            style: self.view.style,
        };
        self.screen.build(&wanted, self.geometry.seen_rows(), self.geometry.seen_columns());
    }

    fn paint(&self, canvas: &mut Canvas<'_>, look: &Look<'_>) {
        let scene = scene::Scene {
            geometry: &self.geometry,
            screen: self.screen,
            table: &self.view.table,
            block: Some(self.view.block),
            values: None,
            colors: &look.theme.data,
            strong: look.theme.text_strong,
            accent: look.theme.accent,
            hairline: look.theme.hairline,
            active: look.active || self.input.edit.is_some(),
            hover: look.hover.and_then(|at| self.geometry.under(at)),
            moving: self.hold.moving(),
        };
        paint::paint(&scene, canvas);
    }

    /// What a column is, why a cell is hatched, or which character no font has.
    fn explain(&self, at: Pos2, glyphs: &GlyphTable) -> Option<String> {
        let view = self.view;
        match self.geometry.under(at)? {
            Under::Column(column) if !view.columns.are_alike() => {
                let (name, item) = (view.table.column_label(column), view.table.item(column)?);
                Some(format!("{name}: {}\nDrag to move it, right-click to hide it", describe::dtype(item)))
            }
            Under::Cell(row, column) => {
                let (cell, text) = self.screen.cell(row, column)?;
                if cell.flags.any(Flags::FAILED) {
                    let span = view.table.cell(row, column)?.place.span;
                    let fault = (span.start()..span.end())
                        .take(MOST_BYTES)
                        .find_map(|at| self.input.source.fault_at(at))?;
                    return Some(describe::fault(&fault));
                }
                if let Some(tail) = view.table.tail().filter(|_| cell.flags.any(Flags::PARTIAL)) {
                    return Some(describe::incomplete(tail.len(), view.base.item_bytes()));
                }
                text.chars().find(|character| glyphs.is_missing(*character)).map(describe::no_glyph)
            }
            Under::Column(_) | Under::Row(_) | Under::Edge(_) | Under::Corner => None,
        }
    }

    fn row_label(&self, row: u64) -> String {
        self.view.table.row_label(row)
    }

    fn row_of(&self, bytes: Span) -> Option<u64> {
        self.rows.get_or_init(|| RowFinder::new(&self.view.table)).first_row(bytes)
    }

    fn edited_cell(&self, _edit: &CellEdit) -> Rect {
        let (row, column) = self.view.block.caret;
        self.geometry.cell_or_beyond(row, column)
    }

    /// A text is composed into the cell that it will be typed into.
    fn composed_cell(&self) -> Option<Rect> {
        let (row, column) = self.view.block.caret;
        let item = self.view.table.item(column)?;
        let is_text = matches!(item, ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Pascal(_));
        self.geometry.cell_rect(row, column).filter(|_| is_text)
    }
}
