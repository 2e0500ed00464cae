//! The bar over an array: dtype, offset, shape, order and slice as Python writes them, the axes on the screen, and how
//! numbers are written. Each field is taken as it is typed, with what is wrong under it.

use super::axes;
use crate::decode::style::NumberStyle;
use crate::escape::escaped;
use crate::session::arrays::{ArrayAction, ArrayView, BarField, TableAction};
use crate::session::{Action, PaneKey, Tab, describe};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, following, named, sign_button, weak};
use egui::containers::menu::MenuButton;
use egui::{Button, ComboBox, DragValue, Id, Key, Label, RichText, Stroke, StrokeKind, Ui};

/// Types that the list offers, with what they are; any other can be typed.
const TYPES: [(&str, &str); 36] = [
    ("<f4", "float32, little-endian"),
    ("<f8", "float64, little-endian"),
    ("<f2", "float16, little-endian"),
    ("bfloat16", "bfloat16, little-endian"),
    ("|u1", "uint8"),
    ("|i1", "int8"),
    ("<u2", "uint16, little-endian"),
    ("<i2", "int16, little-endian"),
    ("<u4", "uint32, little-endian"),
    ("<i4", "int32, little-endian"),
    ("<u8", "uint64, little-endian"),
    ("<i8", "int64, little-endian"),
    (">i2", "int16, big-endian"),
    (">f4", "float32, big-endian"),
    ("|b1", "bool, one byte"),
    ("<c8", "complex64, little-endian"),
    ("<c16", "complex128, little-endian"),
    ("longdouble", "long double, 80 bits in 16 bytes"),
    ("<int24", "int24, little-endian"),
    ("<uint24", "uint24, little-endian"),
    ("uint128", "uint128, little-endian"),
    ("int128", "int128, little-endian"),
    ("float8_e4m3fn", "float8, 4 exponent bits"),
    ("float8_e5m2", "float8, 5 exponent bits"),
    ("f4e2m1x2", "float4, two in a byte"),
    ("int4x2", "int4, two in a byte"),
    ("uint4x2", "uint4, two in a byte"),
    ("bits", "single bits"),
    ("S8", "text of 8 bytes"),
    ("<U8", "text of 8 UTF-32 characters"),
    ("V16", "16 raw bytes"),
    ("<M8[ns]", "date and time, nanoseconds"),
    ("<m8[ms]", "duration, milliseconds"),
    ("q4_0", "GGUF blocks of 4 bits, q4_0"),
    ("q8_0", "GGUF blocks of 8 bits, q8_0"),
    ("q4_k", "GGUF blocks of 4 bits, q4_k"),
];

/// Width of that list, in points.
const TYPES_WIDTH: f32 = 320.0;
/// Width of the button that opens it, in points.
const TYPES_SIGN: f32 = 32.0;

/// Widths of the fields, in points.
const fn width(field: BarField) -> f32 {
    match field {
        BarField::Dtype => 104.0,
        BarField::Offset => 88.0,
        BarField::Shape => 128.0,
        BarField::Order => 40.0,
        BarField::Slice => 136.0,
    }
}

const fn hint(field: BarField) -> &'static str {
    match field {
        BarField::Dtype => {
            "A dtype as NumPy writes it: <f4, [('x', '<f4'), ('n', '<i2')], a struct format, bfloat16, q4_0 …"
        }
        BarField::Offset => "Offset of the first element in bytes, or a sum; 'here' is the caret",
        BarField::Shape => "The shape, for example (100, 200); one axis may be -1: as many elements as fit",
        BarField::Order => "C: the last index varies fastest; F: the first index does; or strides in bytes",
        BarField::Slice => "The part to show, as in Python: [0, :, ::2], [1000:2000], [..., -1], ['field']",
    }
}

/// A field of the bar.
pub(super) fn field_id(pane: PaneKey, field: BarField) -> Id {
    Id::unique(("array bar", pane, field))
}

/// Draws the bar over the table of `pane`: the array, its dtype and shape, and the fields to change them.
pub(super) fn show(ui: &mut Ui, pane: PaneKey, tab: &Tab, view: &ArrayView, actions: &mut Vec<Action>) {
    let mut is_closed = false;
    let mut push = |action: TableAction| actions.push(Action::ArrayIn(pane, action.into()));
    ui.spacing_mut().item_spacing.y = theme::UNIT / 2.0;
    let name = &*escaped(view.name.as_deref().unwrap_or("array"));
    let narrow = ui.available_width() < NARROW;
    let rows = field_rows(view, &short(name), ui.available_width());
    for (at, row) in rows.iter().enumerate() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = theme::UNIT;
            if at == 0 {
                let strong = Theme::of(ui.ctx()).text_strong;
                let text = RichText::new(short(name)).font(theme::medium(theme::SMALL_SIZE)).color(strong);
                ui.add(Label::new(text)).on_hover_text(format!("{name} of {}", tab.title));
                ui.add_space(theme::UNIT);
            }
            for field in row {
                weak(ui, field.label());
                text_field(ui, pane, view, *field, field_width(view, *field, narrow), &mut push);
                if !narrow {
                    ui.add_space(theme::UNIT);
                }
            }
            if at + 1 == rows.len() {
                is_closed = sign_button(ui, "✕", "Back to plain values").clicked();
            }
        });
        errors(ui, view, row);
    }
    header_note(ui, view, &mut push);
    axes_and_numbers(ui, view, &mut push);
    if is_closed {
        actions.push(Action::ArrayIn(pane, ArrayAction::Close));
    }
}

/// A field with its label in a line of `width` points, and what is wrong with it below.
pub(super) fn field_line(
    ui: &mut Ui,
    pane: PaneKey,
    view: &ArrayView,
    field: BarField,
    width: f32,
    push: &mut impl FnMut(TableAction),
) {
    const LABEL: f32 = 48.0;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT;
        let left = ui.cursor().left();
        weak(ui, field.label());
        ui.add_space((left + LABEL - ui.cursor().left()).max(0.0));
        let list = if field == BarField::Dtype { TYPES_SIGN } else { 0.0 };
        text_field(ui, pane, view, field, width - LABEL - list - 5.0 * theme::UNIT, push);
    });
    errors(ui, view, &[field]);
}

/// Which axes are shown and where the others stand, and how numbers are written.
pub(super) fn axes_and_numbers(ui: &mut Ui, view: &ArrayView, push: &mut impl FnMut(TableAction)) {
    /// Points that the list of number formats takes with its label.
    const NUMBERS: f32 = 160.0;
    let axes = view.table.axes();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT;
        axes::shown(ui, view, axes, push);
        axes::standing(ui, view, axes, push);
        if ui.available_size_before_wrap().x < NUMBERS {
            ui.end_row();
        }
        weak(ui, "numbers");
        styles(ui, view, push);
    });
}

/// What the header says, where the array is shown in another way, and the way back.
pub(super) fn header_note(ui: &mut Ui, view: &ArrayView, push: &mut impl FnMut(TableAction)) {
    let Some((said, described)) = view.header_says().zip(view.described.as_ref()) else { return };
    let color = Theme::of(ui.ctx()).warn;
    ui.horizontal_wrapped(|ui| {
        let text = format!("Differs from the file's header: {}.", describe::cut(&escaped(&said), SHOWN));
        ui.add(Label::new(RichText::new(text).font(theme::small()).color(color)).wrap());
        let button = ui.small_button("Restore");
        if button.on_hover_text("Show the array as the file's header describes it").clicked() {
            for field in [BarField::Dtype, BarField::Offset, BarField::Shape, BarField::Order] {
                push(TableAction::Bar(field, described.text(field).to_owned()));
            }
        }
    });
}

/// What is wrong with the fields of a row, under it.
fn errors(ui: &mut Ui, view: &ArrayView, row: &[BarField]) {
    let theme = Theme::of(ui.ctx());
    for field in row {
        let said = match (view.bar.error(*field), view.bar.note(*field)) {
            (Some(reason), _) => Some((reason, theme.error)),
            (None, note) => note.map(|note| (note, theme.text_weak)),
        };
        if let Some((text, color)) = said {
            let text = format!("{}: {text}", field.label());
            ui.add(Label::new(RichText::new(text).font(theme::small()).color(color)).wrap());
        }
    }
}

/// The end of a long name says more than its beginning.
fn short(name: &str) -> String {
    const MOST: usize = 32;
    let count = name.chars().count();
    if count <= MOST {
        name.to_owned()
    } else {
        format!("…{}", name.chars().skip(count - MOST).collect::<String>())
    }
}

/// Points of a bar in which fields are short and fall into more rows; each keeps its label.
const NARROW: f32 = 600.0;

/// The fields as they fall into rows of this width; a label never stands apart from its field.
fn field_rows(view: &ArrayView, name: &str, width: f32) -> Vec<Vec<BarField>> {
    const CLOSE: f32 = 28.0;
    let narrow = width < NARROW;
    let mut rows = vec![Vec::new()];
    let mut used = name.chars().count() as f32 * 7.0 + 12.0;
    for field in BarField::ALL {
        let list = if field == BarField::Dtype { TYPES_SIGN } else { 0.0 };
        let label = field.label().len() as f32 * 6.5 + 3.0 * theme::UNIT;
        let wide = label + field_width(view, field, narrow) + list + theme::UNIT;
        let close = if field == BarField::Slice { CLOSE } else { 0.0 };
        if used + wide + close > width && rows.last().is_some_and(|row| !row.is_empty()) {
            rows.push(Vec::new());
            used = 0.0;
        }
        used += wide;
        if let Some(row) = rows.last_mut() {
            row.push(field);
        }
    }
    rows
}

/// A field grows with its text, within limits.
fn field_width(view: &ArrayView, field: BarField, narrow: bool) -> f32 {
    if narrow {
        return 0.75 * width(field);
    }
    let chars = view.bar.text(field).chars().take(64).count() as f32 * 7.9 + 14.0;
    chars.clamp(width(field), 1.6 * width(field))
}

/// Characters of a field that the keys are not in: a record of thousands of fields is not set anew in each frame.
const SHOWN: usize = 200;

fn text_field(
    ui: &mut Ui,
    pane: PaneKey,
    view: &ArrayView,
    field: BarField,
    width: f32,
    push: &mut impl FnMut(TableAction),
) {
    let typing = ui.memory(|memory| memory.has_focus(field_id(pane, field)));
    let whole = view.bar.text(field);
    let mut text = if typing { whole.to_owned() } else { describe::cut(whole, SHOWN).into_owned() };
    let edit = data_field(&mut text, width).id(field_id(pane, field));
    let response = ui.add(edit);
    named(&response, field.label());
    let response = match view.bar.error(field) {
        Some(reason) => {
            let edge = Stroke::new(1.0, Theme::of(ui.ctx()).error);
            ui.painter().rect_stroke(response.rect, theme::RADIUS, edge, StrokeKind::Inside);
            response.on_hover_text(reason)
        }
        None => response.on_hover_text(format!("{}: {}", field.label(), hint(field))),
    };
    if response.changed() && typing {
        push(TableAction::Bar(field, text));
    }
    if view.bar.error(field).is_some()
        && response.lost_focus()
        && ui.input(|input| input.key_pressed(Key::Enter))
    {
        // What is wrong is mended here; the cells would take the keys for values.
        response.request_focus();
    }
    if field == BarField::Dtype {
        // Among fields in a list it is a list of its own and no sub-menu.
        let (list, _) = MenuButton::new("▾").ui(ui, |ui| {
            let lines = |ui: &mut Ui| {
                ui.set_min_width(TYPES_WIDTH);
                for (dtype, says) in TYPES {
                    let code = RichText::new(dtype).font(theme::mono());
                    let button = Button::selectable(view.bar.text(BarField::Dtype) == dtype, says);
                    if ui.add(button.shortcut_text(code)).clicked() {
                        push(TableAction::Bar(BarField::Dtype, dtype.to_owned()));
                        ui.close();
                    }
                }
            };
            egui::ScrollArea::vertical().max_height(480.0).show(ui, |ui| following(ui, lines));
        });
        named(&list, "usual types");
    }
}

/// How numbers are written.
fn styles(ui: &mut Ui, view: &ArrayView, push: &mut impl FnMut(TableAction)) {
    let digits = match view.style {
        NumberStyle::Fixed(digits) | NumberStyle::Scientific(digits) | NumberStyle::Engineering(digits) => {
            digits
        }
        NumberStyle::Shortest | NumberStyle::Hex => 3,
    };
    let choices = [
        ("shortest", NumberStyle::Shortest),
        ("fixed", NumberStyle::Fixed(digits)),
        ("scientific", NumberStyle::Scientific(digits)),
        ("engineering", NumberStyle::Engineering(digits)),
        ("hex", NumberStyle::Hex),
    ];
    let now = choices.iter().find(|(_, style)| *style == view.style).map_or("shortest", |(name, _)| name);
    let list = ComboBox::from_id_salt("style").selected_text(now).width(92.0).show_ui(ui, |ui| {
        for (name, style) in choices {
            if ui.selectable_label(view.style == style, name).clicked() {
                push(TableAction::Style(style));
            }
        }
    });
    named(&list.response, "number format");
    let with = |digits: u8| match view.style {
        NumberStyle::Scientific(_) => NumberStyle::Scientific(digits),
        NumberStyle::Engineering(_) => NumberStyle::Engineering(digits),
        _ => NumberStyle::Fixed(digits),
    };
    if !matches!(view.style, NumberStyle::Shortest | NumberStyle::Hex) {
        let mut wanted = digits;
        let field = ui.add(DragValue::new(&mut wanted).range(0..=20)).on_hover_text("Digits after the point");
        named(&field, "digits");
        if wanted != digits {
            push(TableAction::Style(with(wanted)));
        }
    }
}
