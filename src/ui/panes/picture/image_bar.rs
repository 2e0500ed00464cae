//! The bar of an image: its rows and columns, its colours, and what a pixel shows.

use crate::decode::array::Array;
use crate::pictures::{BinChoice, ColorMap, ImageView, PixelFormat, RangeChoice};
use crate::session::arrays::Axes;
use crate::session::panes::{ImageLook, PictureLook};
use crate::session::pictures::PictureWhat;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, named, weak, width_of_text};
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Align, Color32, ComboBox, DragValue, Id, Key, Layout, PopupCloseBehavior, Slider, Ui, vec2};

/// Up to here the toolkit's numbers are exact.
const EXACT: u64 = 1 << 53;
/// Axes that have a slider beside their number.
const SLIDERS: usize = 8;

/// Draws the fields of an image of `array`.
pub(super) fn show(ui: &mut Ui, look: &ImageLook, array: Option<&Array>, push: &mut impl FnMut(PictureWhat)) {
    let mut now = look.clone();
    if let Some(array) = array {
        if array.shape.len() < 2 {
            rows(ui, &mut now, array);
        } else {
            axes(ui, &mut now, array);
        }
    }
    let list = ComboBox::from_id_salt("pixel").selected_text(now.pixel.name()).width(56.0).height(420.0);
    let list = list.show_ui(ui, |ui| {
        for format in PixelFormat::ALL {
            ui.selectable_value(&mut now.pixel, format, format.name());
        }
    });
    named(&list.response, "pixel format");
    list.response.on_hover_text("How bytes become colours: values by a colour map, or a format of pixels");
    if now.pixel.has_map() {
        colors(ui, &mut now);
        let list = ComboBox::from_id_salt("bins").selected_text(now.bins.name()).width(48.0);
        let list = list.show_ui(ui, |ui| {
            for choice in BinChoice::ALL {
                ui.selectable_value(&mut now.bins, choice, choice.name());
            }
        });
        named(&list.response, "what a pixel of several elements shows");
        list.response.on_hover_text("What a pixel shows that has several elements");
    }
    let stays = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (more, _) = MenuButton::new("More").config(stays).ui(ui, |ui| lie(ui, &mut now));
    named(&more, "more of the image");
    if now != *look {
        push(PictureWhat::Look(Box::new(PictureLook::Image(now))));
    }
}

/// How the image lies, how large it is, and what is rarely changed.
fn lie(ui: &mut Ui, look: &mut ImageLook) {
    ui.set_min_width(200.0);
    for (on, text, key) in [
        (&mut look.colors.is_log, "Logarithmic colours", "L"),
        (&mut look.is_transposed, "Transpose", "T"),
        (&mut look.flips.0, "Mirror", "H"),
        (&mut look.flips.1, "Upside down", "V"),
        (&mut look.is_stretched, "Fill the pane", "S"),
    ] {
        ui.checkbox(on, text).on_hover_text(format!("Key {key}"));
    }
    ui.horizontal(|ui| fill(ui, look));
    if ui.button("Show all of it").on_hover_text("Key 0").clicked() {
        look.view = ImageView::Fit;
        ui.close();
    }
}

/// The value that is masked, taken with Enter.
fn fill(ui: &mut Ui, look: &mut ImageLook) {
    weak(ui, "mask");
    let id = ui.scope_id().with("fill");
    let typed = ui.data(|data| data.get_temp::<String>(id)).filter(|_| ui.memory(|m| m.has_focus(id)));
    let mut text = typed.unwrap_or_else(|| look.fill.map_or_else(String::new, |fill| fill.to_string()));
    let number = text.trim().parse().ok().filter(|fill: &f64| fill.is_finite());
    let is_right = number.is_some() || text.trim().is_empty();
    let field = ui.add(data_field(&mut text, 56.0).id(id).text_color_opt(wrong(ui, !is_right)));
    let field = field
        .on_hover_text("Elements of this value are masked, as a fill value of missing data; Enter takes it");
    named(&field, "masked value");
    if field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) && is_right {
        look.fill = number;
    }
    keep_typed(ui, id, field.has_focus(), text);
}

/// Elements in a row, and before the first row.
fn rows(ui: &mut Ui, look: &mut ImageLook, array: &Array) {
    let count = array.items();
    caption(ui, "width");
    let is_color = look.pixel.is_color();
    let mut width = if is_color { look.color_width(count) } else { look.width_of(count) };
    let field = ui.add(DragValue::new(&mut width).range(1..=count.clamp(1, EXACT)).speed(0.25));
    named(&field, "elements per row");
    if field.on_hover_text("Elements per row: drag until the picture is upright").changed() {
        look.width = Some(width);
    }
    caption(ui, "from");
    let field = ui.add(DragValue::new(&mut look.start).range(0..=count.saturating_sub(1).min(EXACT)));
    named(&field, "elements before the first row");
    field.on_hover_text("Elements before the first row");
}

/// Which axes are rows and columns, and the index of each other axis.
fn axes(ui: &mut Ui, look: &mut ImageLook, array: &Array) {
    let mut axes = look.axes_of(array);
    let before = axes.clone();
    let choose = |ui: &mut Ui, words: &str, now: Option<usize>| {
        caption(ui, words);
        let mut chosen = now;
        let label = now.map_or_else(|| String::from("–"), |axis| format!("axis {axis}"));
        let list = ComboBox::from_id_salt(words).selected_text(label).width(64.0).show_ui(ui, |ui| {
            for (axis, side) in array.shape.iter().enumerate() {
                ui.selectable_value(&mut chosen, Some(axis), format!("axis {axis}  ({side})"));
            }
        });
        named(&list.response, words);
        chosen.filter(|_| chosen != now)
    };
    if let Some(rows) = choose(ui, "rows", axes.rows) {
        // The axis that was there takes the place of the other.
        let columns = if axes.columns == Some(rows) { axes.rows } else { axes.columns };
        axes = Axes { rows: Some(rows), columns, ..axes };
    }
    if let Some(columns) = choose(ui, "columns", axes.columns) {
        let rows = if axes.rows == Some(columns) { axes.columns } else { axes.rows };
        axes = Axes { rows, columns: Some(columns), ..axes };
    }
    standing(ui, &mut axes, array);
    if axes != before {
        look.axes = Some(axes);
    }
}

/// A slider and a number for each axis that is fixed at an index.
fn standing(ui: &mut Ui, axes: &mut Axes, array: &Array) {
    let mut sliders = 0;
    for (axis, side) in array.shape.iter().copied().enumerate() {
        let is_seen = axes.rows == Some(axis) || axes.columns == Some(axis);
        let Some(at) = axes.at.get_mut(axis).filter(|_| !is_seen && side > 0) else { continue };
        caption(ui, &format!("axis {axis}"));
        let last = (side - 1).min(EXACT);
        if sliders < SLIDERS {
            sliders += 1;
            ui.spacing_mut().slider_width = 72.0;
            let slider = ui.add(Slider::new(at, 0..=last).show_value(false).trailing_fill(true));
            named(&slider, &format!("axis {axis}"));
        }
        let field = ui.add(DragValue::new(at).range(0..=last).speed(0.1));
        named(&field, &format!("index of axis {axis}"));
        caption(ui, &format!("of {side}"));
    }
}

/// The map and the range.
fn colors(ui: &mut Ui, look: &mut ImageLook) {
    let list =
        ComboBox::from_id_salt("map").selected_text(look.colors.map.name()).width(80.0).show_ui(ui, |ui| {
            for map in ColorMap::ALL {
                ui.selectable_value(&mut look.colors.map, map, map.name());
            }
        });
    named(&list.response, "colour map");
    caption(ui, "range");
    range(ui, look);
}

/// The range as text, taken with Enter, and a list of usual ones.
fn range(ui: &mut Ui, look: &mut ImageLook) {
    let id = ui.scope_id().with("range");
    let typed = ui.data(|data| data.get_temp::<String>(id)).filter(|_| ui.memory(|m| m.has_focus(id)));
    let mut text = typed.unwrap_or_else(|| look.colors.range.to_string());
    let is_wrong = text.parse::<RangeChoice>().is_err();
    let field = data_field(&mut text, 96.0).id(id).text_color_opt(wrong(ui, is_wrong));
    let field = ui.add(field).on_hover_text(
        "The values of the first and the last colour: 0,255, percentiles 0.5%,99.5%, or min,max; Enter takes it",
    );
    named(&field, "range of values");
    if field.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Enter))
        && let Ok(range) = text.parse()
    {
        look.colors.range = range;
    }
    keep_typed(ui, id, field.has_focus(), text);
    let (list, _) = MenuButton::new("▾").ui(ui, |ui| {
        ui.set_min_width(128.0);
        for choice in [RangeChoice::default(), RangeChoice::Percentiles(2.0, 98.0), RangeChoice::Extremes] {
            if ui.selectable_label(look.colors.range == choice, choice.to_string()).clicked() {
                look.colors.range = choice;
                ui.close();
            }
        }
    });
    named(&list, "usual ranges");
}

/// The colour of a text that can't be taken.
fn wrong(ui: &Ui, is_so: bool) -> Option<Color32> {
    is_so.then(|| Theme::of(ui.ctx()).error)
}

/// A quiet label that is as high as the fields beside it, wherever its line begins.
fn caption(ui: &mut Ui, text: &str) {
    let size = vec2(width_of_text(ui, text, &theme::small()), ui.spacing().interact_size.y);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| weak(ui, text));
}

/// What is typed stays while the field has the keys.
fn keep_typed(ui: &Ui, id: Id, has_focus: bool, text: String) {
    ui.data_mut(|data| {
        if has_focus {
            data.insert_temp(id, text);
        } else {
            data.remove::<String>(id);
        }
    });
}
