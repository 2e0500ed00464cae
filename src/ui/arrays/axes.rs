//! The axes of an array in its bar: which two are rows and columns, and the index at which each other axis is fixed.
//!
//! Numbers beyond what the toolkit's sliders hold exactly are typed.

use crate::session::arrays::table::{Across, Axes};
use crate::session::arrays::{ArrayView, TableAction, Wrap};
use crate::ui::theme;
use crate::ui::widgets::{data_field, named, weak};
use egui::{ComboBox, DragValue, Response, Slider, Ui};

/// Which axes are rows and columns; of a single one how many elements per row.
pub(super) fn shown(ui: &mut Ui, view: &ArrayView, axes: &Axes, push: &mut impl FnMut(TableAction)) {
    let shape = &view.table.array().shape;
    if let Across::Wrapped(items) = view.table.across() {
        weak(ui, "elements per row");
        let label = if view.wrap == Wrap::Fit { format!("fit ({items})") } else { items.to_string() };
        let list = ComboBox::from_id_salt("wrap").selected_text(label).width(72.0).show_ui(ui, |ui| {
            if ui.selectable_label(view.wrap == Wrap::Fit, "fit the window").clicked() {
                push(TableAction::Wrap(Wrap::Fit));
            }
            for items in [1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 32, 64, 100, 128, 256] {
                let wrap = Wrap::Fixed(items);
                if ui.selectable_label(view.wrap == wrap, items.to_string()).clicked() {
                    push(TableAction::Wrap(wrap));
                }
            }
        });
        named(&list.response, "elements per row");
    }
    if shape.len() < 2 {
        return;
    }
    let choose = |ui: &mut Ui, words: &str, now: Option<usize>| {
        weak(ui, words);
        let mut chosen = now;
        let label = now.map_or_else(|| String::from("–"), |axis| format!("axis {axis}"));
        let list = ComboBox::from_id_salt(words).selected_text(label).width(64.0).show_ui(ui, |ui| {
            for (axis, side) in shape.iter().enumerate() {
                ui.selectable_value(&mut chosen, Some(axis), format!("axis {axis}  ({side})"));
            }
        });
        named(&list.response, words);
        chosen.filter(|_| chosen != now)
    };
    if let Some(rows) = choose(ui, "rows", axes.rows) {
        // The axis that was there takes the place of the other.
        let columns = if axes.columns == Some(rows) { axes.rows } else { axes.columns };
        push(TableAction::Axes(Axes { rows: Some(rows), columns, ..axes.clone() }));
    }
    if matches!(view.table.across(), Across::Axis(_))
        && let Some(columns) = choose(ui, "columns", axes.columns)
    {
        let rows = if axes.rows == Some(columns) { axes.columns } else { axes.rows };
        push(TableAction::Axes(Axes { rows, columns: Some(columns), ..axes.clone() }));
    }
}

/// Axes with a slider; the others of an array with many have a number each.
const SLIDERS: usize = 8;
/// Up to here the toolkit's numbers are exact.
const EXACT: u64 = 1 << 53;

/// A slider and a number for each axis that stands still.
pub(super) fn standing(ui: &mut Ui, view: &ArrayView, axes: &Axes, push: &mut impl FnMut(TableAction)) {
    let shape = &view.table.array().shape;
    let standing = shape
        .iter()
        .copied()
        .enumerate()
        .filter(|(axis, side)| axes.rows != Some(*axis) && axes.columns != Some(*axis) && *side > 0);
    for (number, (axis, side)) in standing.enumerate() {
        let before = axes.at.get(axis).copied().unwrap_or(0);
        let mut at = before;
        ui.add_space(theme::UNIT);
        weak(ui, format!("axis {axis}"));
        if number < SLIDERS && side <= EXACT {
            ui.spacing_mut().slider_width = 96.0;
            let slider = ui.add(Slider::new(&mut at, 0..=side - 1).show_value(false).trailing_fill(true));
            named(&slider, &format!("axis {axis}"));
        }
        let field = if side <= EXACT {
            ui.add(DragValue::new(&mut at).range(0..=side - 1).speed(0.1))
        } else {
            whole_number(ui, &mut at, side)
        };
        named(&field, &format!("index of axis {axis}"));
        weak(ui, format!("of {side}"));
        if at != before {
            let mut axes = axes.clone();
            if let Some(place) = axes.at.get_mut(axis) {
                *place = at;
            }
            push(TableAction::Axes(axes));
        }
    }
}

/// A number that is typed digit by digit, exact however large.
fn whole_number(ui: &mut Ui, at: &mut u64, side: u64) -> Response {
    let mut text = at.to_string();
    let field = ui.add(data_field(&mut text, 168.0));
    if field.changed() {
        let typed = if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
        *at = typed.unwrap_or(*at).min(side - 1);
    }
    field
}
