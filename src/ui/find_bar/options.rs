//! The choices that belong to a kind of question: encoding and case of a text, the type of a value.

use super::field_id;
use crate::decode::{DType, Element, Encoding, Order};
use crate::session::find::{Query, QueryKind, TabFacts};
use crate::ui::widgets::{following, named, weak};
use egui::{ComboBox, Ui};

/// What the choice of all usual encodings is called.
const USUAL: &str = "All usual encodings";

/// Draws the choices of the query's kind. The keys stay in the field.
pub(super) fn show(ui: &mut Ui, query: &mut Query, facts: &TabFacts) {
    let chosen = |query: &Query| {
        let Query { any_case, whole_words, encoding, usual_encodings, dtype, .. } = query;
        (*any_case, *whole_words, *encoding, *usual_encodings, *dtype)
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

fn types(ui: &mut Ui, query: &mut Query, facts: &TabFacts) {
    let usual = match (facts.has_arrays, facts.dtype_of(query)) {
        (true, _) => String::from("Type of the array"),
        (false, Some(dtype)) => type_words(dtype),
        (false, None) => String::from("Type of the values"),
    };
    let shown = query.dtype.map_or_else(|| usual.clone(), type_words);
    let list = ComboBox::from_id_salt("find type").selected_text(shown).width(168.0).height(420.0);
    let choices = |ui: &mut Ui| {
        let usual = if facts.has_arrays { usual } else { String::from("A type that has the value") };
        ui.selectable_value(&mut query.dtype, None, usual);
        let orders = |element: &Element| if element.size() > 1 { &Order::ALL[..] } else { &Order::ALL[..1] };
        for element in Element::USUAL {
            for order in orders(element) {
                let dtype = DType::new(*element, *order);
                ui.selectable_value(&mut query.dtype, Some(dtype), type_words(dtype));
            }
        }
    };
    let list = list.show_ui(ui, |ui| following(ui, choices));
    named(&list.response, "type of the value");
}

/// A type as it is offered: `int16, little-endian`.
pub(super) fn type_words(dtype: DType) -> String {
    let name = dtype.element.name();
    if dtype.size() > 1 { format!("{name}, {}", dtype.order.label()) } else { name.to_owned() }
}
