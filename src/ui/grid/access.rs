//! The grid for those who listen to it: rows with their cells, the selection, and the cell with the caret.
//!
//! Nothing is built while no screen reader is on.

use super::geometry::Geometry;
use super::{GridEvent, GridInput};
use crate::bytes::Span;
use crate::session::view::rows::{Cell, Flags, ScreenRow};
use crate::session::view::{CaretPlace, CellKind, Column, Hit, Screen};
use crate::session::words;
use crate::ui::access;
use egui::accesskit::{Node, NodeId, Role};
use egui::{Id, Rect, Response, Ui, WidgetInfo, pos2, vec2};

/// Describes what is on the screen, and does what a screen reader asks of it.
pub(super) fn describe(
    ui: &Ui,
    input: &GridInput<'_>,
    geometry: &Geometry,
    screen: &Screen,
    response: &Response,
    pace: &mut access::Pace,
    events: &mut Vec<GridEvent>,
) {
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, name(input)));
    let caret = input.selection.caret_place();
    let grid = Told { id: response.id, input, geometry, screen, caret: caret.offset() };
    let on = ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(grid.caret_text(caret));
        node.set_row_count(usize::try_from(geometry.map.rows()).unwrap_or(usize::MAX));
        node.set_column_count(geometry.layout.cells() as usize);
        node.set_multiselectable();
        if let Some(cell) = grid.caret_cell() {
            node.set_active_descendant(cell);
        }
    });
    if on.is_none() {
        return;
    }
    let (mut rows, mut nodes) = (Vec::new(), Vec::new());
    let first = u64::from(screen.first_cell());
    let still = pace.is_still(ui, geometry.seen_rows(), first..first);
    let caret_row = geometry.map.row_of(grid.caret);
    for row in screen.rows() {
        let cells = if still || row.row == caret_row { grid.cells(&row, &mut nodes) } else { Vec::new() };
        let rect = Rect::from_min_size(
            pos2(geometry.rows.left(), geometry.y_of(row.row)),
            vec2(geometry.rows.width(), geometry.row_height),
        );
        let id = response.id.with(("row", row.row)).accesskit_id();
        nodes.push((id, access::row(grid.row_text(&row), row.row, rect, cells)));
        rows.push(id);
    }
    access::graft(ui.ctx(), response.id, rows, nodes);
    for asked in access::asked_for(ui) {
        press(&grid, asked, events);
    }
}

/// A screen reader's click on a cell is one of the mouse.
fn press(grid: &Told<'_>, asked: NodeId, events: &mut Vec<GridEvent>) {
    let starts = grid.screen.rows().flat_map(|row| {
        let count = row.cells.len() as u64;
        (0..count).map(move |at| (row.span, at))
    });
    let place = starts
        .map(|(span, at)| grid.cell_span(span, at as u32).start())
        .find(|start| grid.cell_id(*start) == asked);
    if let Some(offset) = place {
        let hit = Hit { offset, column: grid.input.selection.column };
        events.push(GridEvent::Press { hit, extend: false, clicks: 1 });
    }
}

/// 'bytes', or 'values, float32 little-endian'.
fn name(input: &GridInput<'_>) -> String {
    match input.format.kind {
        CellKind::Bytes(_) => String::from("bytes"),
        CellKind::Values(dtype) => format!("values, {}", dtype.element.name()),
    }
}

/// What the nodes are made of.
struct Told<'a> {
    id: Id,
    input: &'a GridInput<'a>,
    geometry: &'a Geometry,
    screen: &'a Screen,
    /// The byte that the caret is at.
    caret: u64,
}

impl Told<'_> {
    fn cell_id(&self, start: u64) -> NodeId {
        self.id.with(("cell", start)).accesskit_id()
    }

    /// The bytes of a built cell, counted from the first that was built.
    fn cell_span(&self, row: Span, at: u32) -> Span {
        let bytes = u64::from(self.geometry.layout.cell_bytes());
        let start = row.start() + u64::from(self.screen.first_cell() + at) * bytes;
        Span::between(start, start.saturating_add(bytes).min(row.end().max(start)))
    }

    /// The node of the cell with the caret, if it is on the screen.
    fn caret_cell(&self) -> Option<NodeId> {
        let row = self.screen.row(self.geometry.map.row_of(self.caret))?;
        if self.caret == self.geometry.map.len() {
            return Some(self.cell_id(self.caret));
        }
        let at = self.caret_index(&row)?;
        Some(self.cell_id(self.cell_span(row.span, at as u32).start()))
    }

    /// Which of the built cells of `row` has the caret.
    fn caret_index(&self, row: &ScreenRow<'_>) -> Option<usize> {
        let byte = u32::try_from(self.caret.checked_sub(row.span.start())?).ok()?;
        let at = (byte / self.geometry.layout.cell_bytes()).checked_sub(self.screen.first_cell())? as usize;
        (at < row.cells.len()).then_some(at)
    }

    /// The nodes of a row's cells; answers their numbers.
    fn cells(&self, row: &ScreenRow<'_>, nodes: &mut Vec<(NodeId, Node)>) -> Vec<NodeId> {
        let layout = &self.geometry.layout;
        let place = |column: u32| {
            let left = self.geometry.x_of(layout.cell_x(column) as f32) - self.geometry.rows.left();
            let width = layout.cell_chars() as f32 * self.geometry.pitch;
            Rect::from_min_size(pos2(left, 0.0), vec2(width, self.geometry.row_height))
        };
        let mut ids = Vec::with_capacity(row.cells.len() + 1);
        for (at, cell) in row.cells.iter().enumerate() {
            let column = self.screen.first_cell() + at as u32;
            let span = self.cell_span(row.span, at as u32);
            let selected = cell.flags.any(Flags::SELECTED);
            let id = self.cell_id(span.start());
            let text = self.cell_text(row, cell, span);
            nodes.push((id, access::cell(text, row.row, u64::from(column), place(column), selected)));
            ids.push(id);
        }
        // The place behind the last byte has no cell, but the caret can be there.
        let len = self.geometry.map.len();
        if self.caret == len && self.geometry.map.row_of(len) == row.row {
            let column = (len.saturating_sub(row.span.start()) as u32) / layout.cell_bytes();
            let text = format!("end, {}", self.offset_words(len));
            nodes.push((
                self.cell_id(len),
                access::cell(text, row.row, u64::from(column), place(column), false),
            ));
            ids.push(self.cell_id(len));
        }
        ids
    }

    fn offset_words(&self, offset: u64) -> String {
        words::hex(offset.saturating_add(self.input.format.base))
    }

    /// '41 A, 0x85, changed'; in the text column 'A 41, 0x85'.
    fn cell_text(&self, row: &ScreenRow<'_>, cell: &Cell, span: Span) -> String {
        let digits = self.screen.text_of(cell);
        let at = usize::try_from(span.start() - row.span.start()).unwrap_or(usize::MAX);
        let character = row.bytes.get(at).filter(|byte| span.len() == 1 && byte.is_ascii_graphic());
        let mut text = match (character, self.input.selection.column) {
            (Some(byte), Column::Cells) => format!("{digits} {}", char::from(*byte)),
            (Some(byte), Column::Text) => format!("{} {digits}", char::from(*byte)),
            (None, _) => digits.to_owned(),
        };
        text.push_str(", ");
        text.push_str(&self.offset_words(span.start()));
        for (flag, word) in STATES {
            if cell.flags.any(flag) {
                text.push_str(word);
            }
        }
        text
    }

    /// '0000 0080, 3f 80 00 00, ?...'
    fn row_text(&self, row: &ScreenRow<'_>) -> String {
        let mut text = format!("{},", row.label.trim_start());
        for cell in row.cells {
            text.push(' ');
            text.push_str(self.screen.text_of(cell));
        }
        if !row.text.is_empty() {
            text.push_str(", ");
            text.extend(row.text);
        }
        text
    }

    fn caret_text(&self, caret: CaretPlace) -> String {
        let offset = caret.offset();
        let mut text = String::new();
        self.geometry.layout.write_offset(offset, &mut text);
        let row = self.screen.row(self.geometry.map.row_of(offset));
        let shown = row.and_then(|row| row.cells.get(self.caret_index(&row)?));
        if offset == self.geometry.map.len() {
            text.push_str(", end");
        } else if let Some(cell) = shown {
            text.push_str(", ");
            text.push_str(self.screen.text_of(cell));
        }
        if !self.input.selection.is_empty() {
            text.push_str(&format!(", {} bytes selected", self.input.selection.span().len()));
        }
        text
    }
}

/// What is told of a cell beside its value.
const STATES: [(Flags, &str); 5] = [
    (Flags::CHANGED, ", changed"),
    (Flags::FOUND.with(Flags::CURRENT), ", match"),
    (Flags::MISSING, ", not read yet"),
    (Flags::FAILED, ", can't be read"),
    (Flags::PARTIAL, ", incomplete"),
];
