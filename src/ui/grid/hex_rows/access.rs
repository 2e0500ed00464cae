//! The rows of bytes or plain values for those who listen to them.

use super::HexRows;
use crate::bytes::Span;
use crate::session::view::rows::{Cell, Flags, ScreenRow};
use crate::session::view::{CellKind, Column, Hit, Screen};
use crate::session::words;
use crate::ui::access;
use crate::ui::grid::GridEvent;
use crate::ui::grid::access::{Accessible, CellNodes, push_states};
use egui::accesskit::NodeId;
use egui::{Id, Rect, pos2, vec2};
use std::ops::Range;

impl Accessible for HexRows<'_> {
    /// 'bytes', or 'values, float32 little-endian'.
    fn name(&self) -> String {
        match self.input.format.kind {
            CellKind::Bytes(_) => String::from("bytes"),
            CellKind::Values(dtype) => format!("values, {}", dtype.element.name()),
        }
    }

    fn size(&self) -> (u64, u64) {
        (self.geometry.map.rows(), u64::from(self.geometry.layout.cells()))
    }

    fn seen_columns(&self) -> Range<u64> {
        let first = u64::from(self.screen().first_cell());
        first..first
    }

    /// '0000 0080, 3f', with how much is selected.
    fn caret_text(&self) -> String {
        let offset = self.caret();
        let mut text = String::new();
        self.geometry.layout.write_offset(offset, &mut text);
        let row = self.screen().row(self.geometry.map.row_of(offset));
        let shown = row.and_then(|row| row.cells.get(self.caret_index(&row)?));
        if offset == self.geometry.map.len() {
            text.push_str(", end");
        } else if let Some(cell) = shown {
            text.push_str(", ");
            text.push_str(self.screen().text_of(cell));
        }
        if !self.input.selection.is_empty() {
            text.push_str(&format!(", {} bytes selected", self.input.selection.span().len()));
        }
        text
    }

    fn caret_node(&self, grid: Id) -> Option<NodeId> {
        let row = self.screen().row(self.geometry.map.row_of(self.caret()))?;
        if self.caret() == self.geometry.map.len() {
            return Some(cell_id(grid, self.caret()));
        }
        let at = self.caret_index(&row)?;
        Some(cell_id(grid, self.cell_span(row.span, at as u32).start()))
    }

    fn add_nodes(&mut self, nodes: &mut CellNodes) {
        let mut pressed = Vec::new();
        let caret_row = self.geometry.map.row_of(self.caret());
        for row in self.screen().rows() {
            let has_cells = nodes.still || row.row == caret_row;
            let cells = self.cells(&row, has_cells, nodes, &mut pressed);
            let rect = Rect::from_min_size(
                pos2(self.geometry.area.left(), self.geometry.y_of(row.row)),
                vec2(self.geometry.area.width(), self.geometry.row_height),
            );
            let id = nodes.grid.with(("row", row.row)).accesskit_id();
            nodes.row(id, access::row(self.row_text(&row), row.row, rect, cells));
        }
        for offset in pressed {
            let hit = Hit { offset, column: self.input.selection.column };
            self.events.push(GridEvent::Press { hit, extend: false, clicks: 1 });
        }
    }
}

impl HexRows<'_> {
    fn screen(&self) -> &Screen {
        &self.scratch.screen
    }

    /// The bytes of a built cell, counted from the first that was built.
    fn cell_span(&self, row: Span, at: u32) -> Span {
        let bytes = u64::from(self.geometry.layout.cell_bytes());
        let start = row.start() + u64::from(self.screen().first_cell() + at) * bytes;
        Span::between(start, start.saturating_add(bytes).min(row.end().max(start)))
    }

    /// Which of the built cells of `row` has the caret.
    fn caret_index(&self, row: &ScreenRow<'_>) -> Option<usize> {
        let byte = u32::try_from(self.caret().checked_sub(row.span.start())?).ok()?;
        let at = (byte / self.geometry.layout.cell_bytes()).checked_sub(self.screen().first_cell())? as usize;
        (at < row.cells.len()).then_some(at)
    }

    /// The nodes of a row's cells; answers their numbers.
    fn cells(
        &self,
        row: &ScreenRow<'_>,
        has_cells: bool,
        nodes: &mut CellNodes,
        pressed: &mut Vec<u64>,
    ) -> Vec<NodeId> {
        let layout = &self.geometry.layout;
        let place = |column: u32| {
            let left = self.geometry.x_of(layout.cell_x(column) as f32) - self.geometry.area.left();
            let width = layout.cell_chars() as f32 * self.geometry.pitch;
            Rect::from_min_size(pos2(left, 0.0), vec2(width, self.geometry.row_height))
        };
        let mut ids = Vec::new();
        for (at, cell) in row.cells.iter().enumerate() {
            let column = self.screen().first_cell() + at as u32;
            let span = self.cell_span(row.span, at as u32);
            let id = cell_id(nodes.grid, span.start());
            if nodes.is_asked(id) {
                pressed.push(span.start());
            }
            if has_cells {
                let selected = cell.flags.any(Flags::SELECTED);
                let text = self.cell_text(row, cell, span);
                nodes.cell(id, access::cell(text, row.row, u64::from(column), place(column), selected));
                ids.push(id);
            }
        }
        // The place behind the last byte has no cell, but the caret can be there.
        let len = self.geometry.map.len();
        if has_cells && self.caret() == len && self.geometry.map.row_of(len) == row.row {
            let column = (len.saturating_sub(row.span.start()) as u32) / layout.cell_bytes();
            let text = format!("end, {}", self.offset_words(len));
            let id = cell_id(nodes.grid, len);
            nodes.cell(id, access::cell(text, row.row, u64::from(column), place(column), false));
            ids.push(id);
        }
        ids
    }

    fn offset_words(&self, offset: u64) -> String {
        words::hex(offset.saturating_add(self.input.format.base))
    }

    /// '41 A, 0x85, changed'; in the text column 'A 41, 0x85'.
    fn cell_text(&self, row: &ScreenRow<'_>, cell: &Cell, span: Span) -> String {
        let digits = self.screen().text_of(cell);
        let at = usize::try_from(span.start() - row.span.start()).unwrap_or(usize::MAX);
        let character = row.bytes.get(at).filter(|byte| span.len() == 1 && byte.is_ascii_graphic());
        let mut text = match (character, self.input.selection.column) {
            (Some(byte), Column::Cells) => format!("{digits} {}", char::from(*byte)),
            (Some(byte), Column::Text) => format!("{} {digits}", char::from(*byte)),
            (None, _) => digits.to_owned(),
        };
        text.push_str(", ");
        text.push_str(&self.offset_words(span.start()));
        push_states(cell.flags, &mut text);
        text
    }

    /// '0000 0080, 3f 80 00 00, ?...'
    fn row_text(&self, row: &ScreenRow<'_>) -> String {
        let mut text = format!("{},", row.label.trim_start());
        for cell in row.cells {
            text.push(' ');
            text.push_str(self.screen().text_of(cell));
        }
        if !row.text.is_empty() {
            text.push_str(", ");
            text.extend(row.text);
        }
        text
    }
}

fn cell_id(grid: Id, start: u64) -> NodeId {
    grid.with(("cell", start)).accesskit_id()
}
