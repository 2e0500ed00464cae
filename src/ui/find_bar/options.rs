//! The choices that belong to a kind of question: encoding and case of a text, the types of a value.

use super::field_id;
use crate::decode::{Element, Encoding};
use crate::session::find::{Query, QueryKind, TabFacts, ValueOrders, ValueTypes, dtype_words};
use crate::ui::theme;
use crate::ui::widgets::{following, named, weak};
use egui::{Align, ComboBox, Layout, PopupCloseBehavior, Ui, vec2};

/// What the choice of all usual encodings is called.
const USUAL: &str = "All usual encodings";

/// Draws the choices of the query's kind. The keys stay in the field.
pub(super) fn show(ui: &mut Ui, query: &mut Query, facts: &TabFacts) {
    let chosen = |query: &Query| {
        let Query { any_case, whole_words, encoding, usual_encodings, types, .. } = query;
        (*any_case, *whole_words, *encoding, *usual_encodings, types.clone())
    };
    let before = chosen(query);
    match query.kind {
        QueryKind::Text => encoding(ui, query),
        QueryKind::Regex => case(ui, query),
        QueryKind::Value => types(ui, query, facts),
        QueryKind::Hex => {}
        QueryKind::Where => {
            weak(ui, "x is an element of the array");
        }
    }
    if before != chosen(query) && ui.input(|input| input.pointer.any_released()) {
        ui.memory_mut(|memory| memory.request_focus(field_id()));
    }
}

fn encoding(ui: &mut Ui, query: &mut Query) {
    let list = ComboBox::from_id_salt("find encoding")
        .selected_text(if query.usual_encodings { USUAL } else { query.encoding.label() })
        .width(104.0)
        .height(420.0)
        .show_ui(ui, |ui| {
            following(ui, |ui| {
                ui.selectable_value(&mut query.usual_encodings, true, USUAL);
                for encoding in Encoding::ALL {
                    let is_chosen = !query.usual_encodings && query.encoding == *encoding;
                    if ui.selectable_label(is_chosen, encoding.label()).clicked() {
                        (query.encoding, query.usual_encodings) = (*encoding, false);
                    }
                }
            });
        });
    named(&list.response, "encoding");
    case(ui, query);
    ui.toggle_value(&mut query.whole_words, "Words").on_hover_text("Whole words only");
}

/// Lit as in other editors: upper and lower case are different letters.
fn case(ui: &mut Ui, query: &mut Query) {
    let mut match_case = !query.any_case;
    ui.toggle_value(&mut match_case, "aA").on_hover_text("Match case");
    query.any_case = !match_case;
}

/// Points of the list of types when it is open, and of what its lines begin with.
const TYPES_WIDTH: f32 = 460.0;
const GROUP_WIDTH: f32 = 84.0;

/// A kind of types: what the menu calls it, and which types it has.
type TypeGroup = (&'static str, fn(Element) -> bool);

/// The types of the menu by their kinds.
const GROUPS: [TypeGroup; 4] = [
    ("Unsigned", |element| element.is_integer() && element.name().starts_with('u')),
    ("Signed", |element| element.is_integer() && element.name().starts_with('i')),
    ("Floats", Element::is_float),
    ("Others", |element| !element.is_integer() && !element.is_float()),
];

/// One type or many, in which byte orders, and at which offsets.
fn types(ui: &mut Ui, query: &mut Query, facts: &TabFacts) {
    let usual = match (facts.has_arrays, facts.dtype_of(query)) {
        (true, _) => String::from("Type of the array"),
        (false, Some(dtype)) => dtype_words(dtype),
        (false, None) => String::from("Type of the values"),
    };
    let shown = if query.types.is_empty() { usual } else { query.types.words() };
    let list = ComboBox::from_id_salt("find type").selected_text(shown).width(168.0).height(420.0).truncate();
    // Several can be chosen: only a click elsewhere closes the list.
    let list = list.close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let has_arrays = facts.has_arrays;
    let list = list.show_ui(ui, |ui| following(ui, |ui| type_choices(ui, &mut query.types, has_arrays)));
    named(&list.response, "type of the value");
}

fn type_choices(ui: &mut Ui, types: &mut ValueTypes, has_arrays: bool) {
    ui.set_min_width(TYPES_WIDTH);
    let usual = if has_arrays { "Type of the array" } else { "Shown type, or the smallest that can hold it" };
    if ui.radio(types.is_empty(), usual).clicked() {
        types.clear();
    }
    let mut all = types.has_all_numbers();
    if ui.checkbox(&mut all, "All integers and floats").changed() {
        ValueTypes::numbers().for_each(|element| types.set(element, all));
    }
    for (title, is_in) in GROUPS {
        type_line(ui, title, |ui| {
            for element in Element::USUAL.iter().copied().filter(|element| is_in(*element)) {
                let mut is_on = types.has(element);
                if ui.checkbox(&mut is_on, element.name()).on_hover_text(element.label()).changed() {
                    types.set(element, is_on);
                }
            }
        });
    }
    ui.separator();
    type_line(ui, "Bytes", |ui| {
        for orders in ValueOrders::ALL {
            ui.radio_value(&mut types.orders, orders, orders.title());
        }
    });
    type_line(ui, "Places", |ui| {
        let every = ui.radio_value(&mut types.aligned, false, "At every offset");
        every.on_hover_text("A value may begin at any byte");
        let aligned = ui.radio_value(&mut types.aligned, true, "At multiples of the size");
        aligned.on_hover_text("Counted from the start of the file, or of the selection");
    });
}

/// A line of the list that begins with what is in it.
fn type_line(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT * 2.0;
        let line = Layout::left_to_right(Align::Center);
        ui.allocate_ui_with_layout(vec2(GROUP_WIDTH, theme::CONTROL_HEIGHT), line, |ui| {
            ui.set_min_width(GROUP_WIDTH);
            weak(ui, title);
        });
        content(ui);
    });
}
