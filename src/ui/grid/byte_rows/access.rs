//! Rows of bytes or plain values for screen readers.

use super::{ByteCells, ByteGrid};
use crate::bytes::Span;
use crate::session::describe;
use crate::session::view::Hit;
use crate::session::view::rows::Flags;
use crate::ui::access;
use crate::ui::grid::GridEvent;
use crate::ui::grid::access::{Accessible, CellNodes, push_states};
use egui::accesskit::NodeId;
use egui::{Id, Rect, pos2, vec2};
use std::ops::Range;

impl<C: ByteCells> Accessible for ByteGrid<'_, C> {
    fn name(&self) -> String {
        self.cells.name()
    }

    fn size(&self) -> (u64, u64) {
        let map = self.cells.map();
        (map.rows(), map.row_bytes() / map.cell_bytes())
    }

    fn seen_columns(&self) -> Range<u64> {
        let first = self.cells.built().start.into();
        first..first
    }

    /// '0000 0080, 3f', with how much is selected.
    fn caret_text(&self) -> String {
        let (offset, map) = (self.caret(), self.cells.map());
        let mut text = self.cells.labels().label(offset);
        let (row, column) = self.place_of(offset);
        if offset == map.len() {
            text.push_str(", end");
        } else if let Some((cell, _)) = self.built_cell(row, column) {
            text.push_str(", ");
            text.push_str(cell);
        }
        if !self.input.selection.is_empty() {
            text.push_str(&format!(", {} bytes selected", self.input.selection.span().len()));
        }
        text
    }

    fn caret_node(&self, grid: Id) -> Option<NodeId> {
        let (row, column) = self.place_of(self.caret());
        if !self.cells.frame().seen_rows().contains(&row) || self.caret() < self.cells.map().origin() {
            return None;
        }
        if self.caret() == self.cells.map().len() {
            return Some(cell_id(grid, self.caret()));
        }
        self.built_cell(row, column)?;
        Some(cell_id(grid, self.cell_span(row, column).start()))
    }

    fn add_nodes(&mut self, nodes: &mut CellNodes) {
        let mut pressed = Vec::new();
        let caret_row = self.cells.map().row_of(self.caret());
        let (frame, map) = (self.cells.frame(), self.cells.map());
        for row in frame.seen_rows() {
            let has_cells = nodes.still || row == caret_row;
            let (cells, mut text) = self.row(row, has_cells, nodes, &mut pressed);
            if let Some(characters) = self.cells.text_of_row(row).filter(|text| !text.is_empty()) {
                text.push_str(", ");
                text.extend(characters);
            }
            let label = self.cells.labels().label(map.row_start(row));
            let rect = Rect::from_min_size(
                pos2(frame.area.left(), frame.y_of(row)),
                vec2(frame.area.width(), frame.row_height),
            );
            let id = nodes.grid.with(("row", row)).accesskit_id();
            nodes.row(id, access::row(format!("{},{text}", label.trim_start()), row, rect, cells));
        }
        for offset in pressed {
            let hit = Hit { offset, column: self.input.selection.column };
            self.events.push(GridEvent::Press { hit, extend: false, clicks: 1 });
        }
    }
}

impl<C: ByteCells> ByteGrid<'_, C> {
    /// The row and the cell that has the byte at `offset`.
    fn place_of(&self, offset: u64) -> (u64, u32) {
        let map = self.cells.map();
        let row = map.row_of(offset);
        (row, (offset.saturating_sub(map.row_start(row)) / map.cell_bytes()) as u32)
    }

    fn built_cell(&self, row: u64, column: u32) -> Option<(&str, Flags)> {
        self.cells.cell(row, column).filter(|_| self.caret() >= self.cells.map().origin())
    }

    /// The bytes of a cell.
    fn cell_span(&self, row: u64, column: u32) -> Span {
        let map = self.cells.map();
        let start = map.row_start(row).saturating_add(u64::from(column) * map.cell_bytes());
        Span::between(start, start.saturating_add(map.cell_bytes()).min(map.len().max(start)))
    }

    /// The nodes of a row's cells, and their texts one after another.
    fn row(
        &self,
        row: u64,
        has_cells: bool,
        nodes: &mut CellNodes,
        pressed: &mut Vec<u64>,
    ) -> (Vec<NodeId>, String) {
        let (mut ids, mut words) = (Vec::new(), String::new());
        for column in self.cells.built() {
            let Some((text, flags)) = self.cells.cell(row, column) else { break };
            words.push(' ');
            words.push_str(text);
            let span = self.cell_span(row, column);
            let id = cell_id(nodes.grid, span.start());
            if nodes.is_asked(id) {
                pressed.push(span.start());
            }
            if has_cells {
                let mut label = self.cells.heard(row, column, text, self.input.selection.column);
                label.push_str(", ");
                label.push_str(&self.offset_words(span.start()));
                push_states(flags, &mut label);
                let (place, selected) = (self.place_in_row(span.start()), flags.any(Flags::SELECTED));
                nodes.cell(id, access::cell(label, row, column.into(), place, selected));
                ids.push(id);
            }
        }
        // The place behind the last byte has no cell, but the caret can be there.
        let len = self.cells.map().len();
        if has_cells && self.caret() == len && self.cells.map().row_of(len) == row {
            let text = format!("end, {}", self.offset_words(len));
            let (id, column) = (cell_id(nodes.grid, len), self.place_of(len).1);
            nodes.cell(id, access::cell(text, row, column.into(), self.place_in_row(len), false));
            ids.push(id);
        }
        (ids, words)
    }

    /// Where the cell at `offset` is in its row.
    fn place_in_row(&self, offset: u64) -> Rect {
        let (cell, frame) = (self.cells.cell_rect(offset), self.cells.frame());
        cell.translate(vec2(-frame.area.left(), -cell.top()))
    }

    fn offset_words(&self, offset: u64) -> String {
        describe::hex(offset.saturating_add(self.cells.labels().base()))
    }
}

fn cell_id(grid: Id, start: u64) -> NodeId {
    grid.with(("cell", start)).accesskit_id()
}
