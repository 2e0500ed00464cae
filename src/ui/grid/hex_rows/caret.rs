//! The caret among bytes: the same byte in the cells and in the text column.

use super::scene::Scene;
use crate::session::view::Column;
use crate::session::view::rows::ScreenRow;
use crate::ui::grid::caret::CaretLook;
use crate::ui::grid::cell_paint::Canvas;

/// Paints the caret in every column where it is seen.
pub(super) fn paint(scene: &Scene<'_>, canvas: &mut Canvas<'_>) {
    let geometry = scene.geometry;
    let offset = scene.selection.caret_place().offset();
    let row = geometry.map.row_of(offset);
    if offset < geometry.map.origin() || !geometry.seen_rows().contains(&row) {
        return;
    }
    let row = scene.screen.row(row).filter(|row| row.span.contains(offset));
    let at = |row: &ScreenRow<'_>, first: u32| (offset - row.span.start()).checked_sub(first.into());
    let cell = row.and_then(|row| row.cells.get(usize::try_from(at(&row, scene.screen.first_cell())?).ok()?));
    let digits = cell.map_or("", |cell| scene.screen.text_of(cell));
    let look = |column: Column| CaretLook {
        frame: geometry,
        selection: scene.selection,
        colors: scene.colors,
        insert: scene.insert,
        focused: scene.active && scene.selection.column == column,
    };
    look(Column::Cells).paint(canvas, geometry.cell_rect(offset), scene.selection.digit, digits.chars());
    if let Some(rect) = geometry.text_rect(offset) {
        let text =
            row.and_then(|row| row.text.get(usize::try_from(at(&row, scene.screen.first_text())?).ok()?));
        look(Column::Text).paint(canvas, rect, 0, text.into_iter().copied());
    }
}
