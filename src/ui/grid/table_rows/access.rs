//! The elements of a table for screen readers.

use super::TableRows;
use crate::session::arrays::TableAction;
use crate::ui::access;
use crate::ui::grid::access::{Accessible, CellNodes, push_states};
use egui::accesskit::{Node, NodeId, Role};
use egui::{Id, Rect, pos2, vec2};
use std::ops::Range;

impl Accessible for TableRows<'_> {
    fn name(&self) -> String {
        String::from("array")
    }

    fn size(&self) -> (u64, u64) {
        (self.view.table.rows(), self.view.table.columns())
    }

    fn seen_columns(&self) -> Range<u64> {
        self.screen.columns()
    }

    /// '[1, 2] 0.5'.
    fn caret_text(&self) -> String {
        let (row, column) = self.view.block.caret;
        let text = self.screen.cell(row, column).map_or("", |(_, text)| text);
        format!("{} {text}", self.view.table.index_words(row, column))
    }

    fn caret_node(&self, grid: Id) -> Option<NodeId> {
        let (row, column) = self.view.block.caret;
        self.screen.cell(row, column).map(|_| cell_id(grid, row, column))
    }

    fn add_nodes(&mut self, nodes: &mut CellNodes) {
        let mut pressed = Vec::new();
        self.add_heads(nodes);
        let (table, block) = (&self.view.table, &self.view.block);
        for row in self.screen.rows() {
            let mut cells = Vec::new();
            let mut words = format!("{}:", table.row_label(row));
            for column in self.screen.columns() {
                let Some((cell, text)) = self.screen.cell(row, column) else { continue };
                words.push(' ');
                words.push_str(text);
                let id = cell_id(nodes.grid, row, column);
                if nodes.is_asked(id) {
                    pressed.push((row, column));
                }
                if !nodes.still && row != block.caret.0 {
                    continue;
                }
                let mut label = text.to_owned();
                if table.has(row, column) {
                    label.push_str(", ");
                    label.push_str(&table.index_words(row, column));
                }
                push_states(cell.flags, &mut label);
                let selected = block.has(row, column, table);
                nodes.cell(id, access::cell(label, row, column, self.place_in_row(column), selected));
                cells.push(id);
            }
            let id = nodes.grid.with(("row", row)).accesskit_id();
            nodes.row(id, access::row(words, row, self.row_place(self.geometry.y_of(row)), cells));
        }
        for place in pressed {
            self.actions.push(TableAction::Press { place, extend: false, clicks: 1 });
        }
    }
}

impl TableRows<'_> {
    /// The line of the columns' heads.
    fn add_heads(&self, nodes: &mut CellNodes) {
        let mut ids = Vec::new();
        for column in self.screen.columns() {
            let mut node = Node::new(Role::ColumnHeader);
            node.set_label(self.view.table.column_label(column));
            node.set_column_index(usize::try_from(column).unwrap_or(usize::MAX));
            let id = nodes.grid.with(("head", column)).accesskit_id();
            nodes.cell(id, node);
            ids.push(id);
        }
        let id = nodes.grid.with("heads").accesskit_id();
        let mut row = access::row(String::from("columns"), 0, self.row_place(self.geometry.outer.top()), ids);
        row.clear_row_index();
        nodes.row(id, row);
    }

    fn row_place(&self, top: f32) -> Rect {
        let area = self.geometry.area;
        Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), self.geometry.row_height))
    }

    fn place_in_row(&self, column: u64) -> Rect {
        let (left, right) = self.geometry.column_x(column).unwrap_or_default();
        let edge = self.geometry.area.left();
        Rect::from_min_max(pos2(left - edge, 0.0), pos2(right - edge, self.geometry.row_height))
    }
}

fn cell_id(grid: Id, row: u64, column: u64) -> NodeId {
    grid.with(("cell", row, column)).accesskit_id()
}
