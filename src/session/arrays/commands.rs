//! What the keyboard and the palette ask of the array on the screen: the same as the bar, the heads and the menus are
//! asked by mouse.

use super::table::Axes;
use super::{ArrayAction, ArrayView, TableAction};
use crate::decode::style::NumberStyle;
use crate::export::number_of;
use crate::session::dialog::Dialog;

/// Selects the caret's row.
pub(in crate::session) fn caret_row(view: &ArrayView) -> Option<ArrayAction> {
    Some(ArrayAction::Table(TableAction::PressRow { row: view.block.caret.0, extend: false }))
}

/// Selects the caret's column.
pub(in crate::session) fn caret_column(view: &ArrayView) -> Option<ArrayAction> {
    Some(ArrayAction::Table(TableAction::PressColumn { column: view.block.caret.1, extend: false }))
}

/// Hides the field that the caret is in.
pub(in crate::session) fn hidden_field(view: &ArrayView) -> Option<ArrayAction> {
    usize::try_from(view.block.caret.1).ok().map(|column| TableAction::Hide(column).into())
}

/// Makes the caret's column as wide as its values.
pub(in crate::session) fn fitted_column(view: &ArrayView) -> Option<ArrayAction> {
    Some(ArrayAction::Table(TableAction::Resize { column: view.block.caret.1, chars: None }))
}

/// Swaps the axes of rows and columns.
pub(in crate::session) fn transposed(view: &ArrayView) -> Option<ArrayAction> {
    let axes = view.table.axes();
    Some(ArrayAction::Table(TableAction::Axes(Axes {
        rows: axes.columns,
        columns: axes.rows,
        ..axes.clone()
    })))
}

/// Copies the selected items as the text of a format.
pub(in crate::session) fn copied_as(format: &str) -> Option<ArrayAction> {
    number_of(format).map(ArrayAction::CopyAs)
}

/// Asks where a part of the array goes, in this format.
pub(in crate::session) fn exported_as(format: &str) -> Dialog {
    Dialog::ExportArray(number_of(format).unwrap_or(0))
}

/// The next place of the first axis that stands still, and after the last one the first.
pub(in crate::session) fn turned(view: &ArrayView, forward: bool) -> Option<ArrayAction> {
    let axis = view.standing_axis()?;
    let mut axes = view.table.axes().clone();
    let side = *view.table.array().shape.get(axis)?;
    let at = axes.at.get_mut(axis)?;
    *at = match (forward, *at) {
        (true, at) if at + 1 < side => at + 1,
        (true, _) => 0,
        (false, 0) => side - 1,
        (false, at) => at - 1,
    };
    Some(ArrayAction::Table(TableAction::Axes(axes)))
}

/// The number format after the one that is shown.
pub(in crate::session) fn next_style(view: &ArrayView) -> Option<ArrayAction> {
    Some(ArrayAction::Table(TableAction::Style(match view.style {
        NumberStyle::Shortest => NumberStyle::Fixed(3),
        NumberStyle::Fixed(digits) => NumberStyle::Scientific(digits),
        NumberStyle::Scientific(digits) => NumberStyle::Engineering(digits),
        NumberStyle::Engineering(_) => NumberStyle::Hex,
        NumberStyle::Hex => NumberStyle::Shortest,
    })))
}
