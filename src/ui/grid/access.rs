//! The nodes of a grid for screen readers: rows with their cells, the selection, and the cell with the caret.
//!
//! Nothing is built while no screen reader is on.

use super::row_source::RowSource;
use crate::session::view::rows::Flags;
use crate::ui::access::{self, Pace};
use egui::accesskit::{Node, NodeId, Role};
use egui::{Id, Response, Ui, WidgetInfo};
use std::ops::Range;

/// A row source for screen readers.
pub(super) trait Accessible {
    /// What a screen reader calls the grid.
    fn name(&self) -> String;

    /// How many rows and columns there are.
    fn size(&self) -> (u64, u64);

    /// The columns on the screen.
    fn seen_columns(&self) -> Range<u64>;

    /// The caret's position and value as text.
    fn caret_text(&self) -> String;

    /// The node of the caret's cell, if it is on the screen.
    fn caret_node(&self, grid: Id) -> Option<NodeId>;

    /// Adds the rows and their cells. A screen reader's click on a cell is one of the mouse.
    fn add_nodes(&mut self, nodes: &mut CellNodes);
}

/// The nodes of a grid, and which of them are rows.
pub(super) struct CellNodes {
    pub(super) grid: Id,
    /// Whether the view stands still. While it moves only the row with the caret has cells.
    pub(super) still: bool,
    /// The nodes that a screen reader wants pressed.
    asked: Vec<NodeId>,
    rows: Vec<NodeId>,
    nodes: Vec<(NodeId, Node)>,
}

impl CellNodes {
    /// Adds a row whose cells were added before.
    pub(super) fn row(&mut self, id: NodeId, node: Node) {
        self.nodes.push((id, node));
        self.rows.push(id);
    }

    /// Adds a cell.
    pub(super) fn cell(&mut self, id: NodeId, node: Node) {
        self.nodes.push((id, node));
    }

    /// Whether a screen reader wants this cell pressed.
    pub(super) fn is_asked(&self, id: NodeId) -> bool {
        self.asked.contains(&id)
    }
}

/// Describes what is on the screen, and does what a screen reader asks of it.
pub(super) fn describe(
    ui: &Ui,
    rows: &mut (impl RowSource + Accessible),
    response: &Response,
    pace: &mut Pace,
) {
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, rows.name()));
    let on = ui.ctx().accesskit_node_builder(response.id, |node| {
        let (row_count, column_count) = rows.size();
        node.set_value(rows.caret_text());
        node.set_row_count(usize::try_from(row_count).unwrap_or(usize::MAX));
        node.set_column_count(usize::try_from(column_count).unwrap_or(usize::MAX));
        node.set_multiselectable();
        if let Some(cell) = rows.caret_node(response.id) {
            node.set_active_descendant(cell);
        }
    });
    if on.is_none() {
        return;
    }
    let mut nodes = CellNodes {
        grid: response.id,
        still: pace.is_still(ui, rows.frame().seen_rows(), rows.seen_columns()),
        asked: access::asked_for(ui),
        rows: Vec::new(),
        nodes: Vec::new(),
    };
    rows.add_nodes(&mut nodes);
    access::graft(ui.ctx(), response.id, nodes.rows, nodes.nodes);
}

/// Appends what marks a cell.
pub(super) fn push_states(flags: Flags, text: &mut String) {
    const STATES: [(Flags, &str); 6] = [
        (Flags::CHANGED, ", changed"),
        (Flags::FOUND.with(Flags::CURRENT), ", match"),
        (Flags::STRING, ", string"),
        (Flags::MISSING, ", not read yet"),
        (Flags::FAILED, ", can't be read"),
        (Flags::PARTIAL, ", incomplete"),
    ];
    for (flag, word) in STATES {
        if flags.any(flag) {
            text.push_str(word);
        }
    }
}
