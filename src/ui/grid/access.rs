//! The grid for those who listen to it: a grid of rows, each with its offset, bytes and text, and the caret.
//!
//! Nothing is built while no screen reader is on.

use super::GridInput;
use super::geometry::Geometry;
use crate::session::view::rows::ScreenRow;
use crate::session::view::{CaretPlace, Screen};
use egui::accesskit::Role;
use egui::{Rect, Response, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Describes what is on the screen.
pub(super) fn describe(
    ui: &mut Ui,
    input: &GridInput<'_>,
    geometry: &Geometry,
    screen: &Screen,
    response: &Response,
) {
    response.widget_info(|| WidgetInfo::labeled(Role::Grid, true, "bytes"));
    let caret = input.selection.caret_place();
    let caret_row = geometry.map.row_of(caret.offset());
    let row_id = |row: u64| response.id.with(("row", row));
    let on = ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(caret_text(input, geometry, screen, caret));
        node.set_row_count(usize::try_from(geometry.map.rows()).unwrap_or(usize::MAX));
        if geometry.seen_rows().contains(&caret_row) {
            node.set_active_descendant(row_id(caret_row).accesskit_id());
        }
    });
    if on.is_none() {
        return;
    }
    let builder = UiBuilder::new().max_rect(geometry.rows).accessibility_parent(response.id);
    let rows = ui.new_child(builder);
    for row in screen.rows() {
        let top = geometry.y_of(row.row);
        let rect = Rect::from_min_size(
            pos2(geometry.rows.left(), top),
            vec2(geometry.rows.width(), geometry.row_height),
        );
        rows.interact(rect, row_id(row.row), Sense::empty());
        rows.ctx().accesskit_node_builder(row_id(row.row), |node| {
            node.set_role(Role::Row);
            node.set_bounds(bounds(rect));
            node.set_label(row_text(screen, &row));
            node.set_row_index(usize::try_from(row.row).unwrap_or(usize::MAX));
        });
    }
}

/// Points, as the nodes of egui's own widgets.
fn bounds(rect: Rect) -> egui::accesskit::Rect {
    let [x0, y0, x1, y1] = [rect.left(), rect.top(), rect.right(), rect.bottom()].map(f64::from);
    egui::accesskit::Rect { x0, y0, x1, y1 }
}

/// '0000 0080, 3f 80 00 00, ?...'
fn row_text(screen: &Screen, row: &ScreenRow<'_>) -> String {
    let mut text = format!("{},", row.label.trim_start());
    for cell in row.cells {
        text.push(' ');
        text.push_str(screen.text_of(cell));
    }
    if !row.text.is_empty() {
        text.push_str(", ");
        text.extend(row.text);
    }
    text
}

fn caret_text(input: &GridInput<'_>, geometry: &Geometry, screen: &Screen, caret: CaretPlace) -> String {
    let (map, offset) = (&geometry.map, caret.offset());
    let mut text = String::new();
    geometry.layout.write_offset(offset, &mut text);
    let shown = screen.row(map.row_of(offset)).and_then(|row| {
        let byte = u32::try_from(offset.checked_sub(row.span.start())?).ok()?;
        row.cells.get((byte / geometry.layout.cell_bytes()).checked_sub(screen.first_cell())? as usize)
    });
    if offset == map.len() {
        text.push_str(", end");
    } else if let Some(cell) = shown {
        text.push_str(", ");
        text.push_str(screen.text_of(cell));
    }
    if !input.selection.is_empty() {
        text.push_str(&format!(", {} bytes selected", input.selection.span().len()));
    }
    text
}
