//! The cells of an array for those who listen to them. Nothing is built while no screen reader is on.

use super::geometry::Geometry;
use super::grid::ArrayGridInput;
use crate::session::arrays::ArrayAction;
use crate::session::arrays::screen::ArrayScreen;
use crate::ui::access;
use egui::accesskit::{Node, NodeId, Role};
use egui::{Id, Rect, Response, Ui, WidgetInfo, pos2, vec2};

/// Describes the table, its rows and cells and the caret, and does what a screen reader asks of it.
pub(super) fn describe(
    ui: &Ui,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    screen: &ArrayScreen,
    response: &Response,
    pace: &mut access::Pace,
    actions: &mut Vec<ArrayAction>,
) {
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, "array"));
    let table = &input.view.table;
    let on = ui.ctx().accesskit_node_builder(response.id, |node| {
        let (row, column) = input.view.block.caret;
        let text = screen.cell(row, column).map_or("", |(_, text)| text);
        node.set_value(format!("{} {text}", table.index_words(row, column)));
        node.set_row_count(usize::try_from(table.rows()).unwrap_or(usize::MAX));
        node.set_column_count(usize::try_from(table.columns()).unwrap_or(usize::MAX));
        node.set_multiselectable();
        if screen.cell(row, column).is_some() {
            node.set_active_descendant(cell_id(response.id, row, column));
        }
    });
    if on.is_none() {
        return;
    }
    let asked = access::asked_for(ui);
    let still = pace.is_still(ui, screen.rows(), screen.columns());
    let mut nodes = Vec::new();
    let mut rows = vec![heads(response.id, input, geometry, screen, &mut nodes)];
    for row in screen.rows() {
        let mut cells = Vec::new();
        let mut words = format!("{}:", table.row_label(row));
        for column in screen.columns() {
            let Some((_, text)) = screen.cell(row, column) else { continue };
            words.push(' ');
            words.push_str(text);
            if !still && row != input.view.block.caret.0 {
                continue;
            }
            let id = cell_id(response.id, row, column);
            if asked.contains(&id) {
                actions.push(ArrayAction::Press { place: (row, column), extend: false, clicks: 1 });
            }
            let label = format!("{text}, {}", table.index_words(row, column));
            let place = place_in_row(geometry, column);
            let selected = input.view.block.has(row, column, table);
            nodes.push((id, access::cell(label, row, column, place, selected)));
            cells.push(id);
        }
        let id = response.id.with(("row", row)).accesskit_id();
        nodes.push((id, access::row(words, row, row_place(geometry, geometry.y_of(row)), cells)));
        rows.push(id);
    }
    access::graft(ui.ctx(), response.id, rows, nodes);
}

fn cell_id(grid: Id, row: u64, column: u64) -> NodeId {
    grid.with(("cell", row, column)).accesskit_id()
}

fn row_place(geometry: &Geometry, top: f32) -> Rect {
    Rect::from_min_size(
        pos2(geometry.labels.left(), top),
        vec2(geometry.body.right() - geometry.labels.left(), geometry.row_height),
    )
}

fn place_in_row(geometry: &Geometry, column: u64) -> Rect {
    let (left, right) = geometry.column_x(column).unwrap_or_default();
    let left_edge = geometry.labels.left();
    Rect::from_min_max(pos2(left - left_edge, 0.0), pos2(right - left_edge, geometry.row_height))
}

/// The line of the columns' heads; answers its number.
fn heads(
    grid: Id,
    input: &ArrayGridInput<'_>,
    geometry: &Geometry,
    screen: &ArrayScreen,
    nodes: &mut Vec<(NodeId, Node)>,
) -> NodeId {
    let mut ids = Vec::new();
    for column in screen.columns() {
        let mut node = Node::new(Role::ColumnHeader);
        node.set_label(input.view.table.column_label(column));
        node.set_column_index(usize::try_from(column).unwrap_or(usize::MAX));
        let id = grid.with(("head", column)).accesskit_id();
        nodes.push((id, node));
        ids.push(id);
    }
    let id = grid.with("heads").accesskit_id();
    let mut row = access::row(String::from("columns"), 0, row_place(geometry, geometry.outer.top()), ids);
    row.clear_row_index();
    nodes.push((id, row));
    id
}
