//! What can be typed for each kind of question, with examples that a click puts into the field.

use crate::session::find::{Query, QueryKind};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{heading, named, weak};
use egui::{Align, Button, Label, Layout, RichText, Sense, Ui, vec2};

/// An example, and what it finds.
type Example = (&'static str, &'static str);

/// Points of the examples and of what they find.
const EXAMPLE: f32 = 148.0;
const MEANING: f32 = 300.0;

/// What is said of a kind, and its examples.
fn page(kind: QueryKind) -> (&'static str, &'static [Example]) {
    match kind {
        QueryKind::Hex => (
            "Bytes as hex digits, two for each. Spaces between them don't matter. A question mark is any digit.",
            &[
                ("50 4B 03 04", "these four bytes"),
                ("504b0304", "the same bytes"),
                ("4D ?? 5?", "4D, any byte, then 50 to 5F"),
            ],
        ),
        QueryKind::Text => (
            "Text, as its bytes are in the chosen encoding, or in any of the usual ones. aA is lit when upper and lower case are different letters.",
            &[("PNG", "these letters"), ("naïve", "letters beyond ASCII, if the encoding has them")],
        ),
        QueryKind::Regex => (
            "A regular expression over bytes, as in Python and Rust. A match has at most 64 KiB.",
            &[
                ("PNG|JFIF", "one or the other"),
                ("[0-9a-f]{8}", "eight hex digits"),
                ("id=\\d+", "a number behind id="),
                ("\\x00\\xff{2,}", "a zero, then two or more FF"),
                ("(?s)<a.*?</a>", "up to the nearest end, over lines too"),
            ],
        ),
        QueryKind::Value => (
            "A value: of the elements of the array that is shown, or else of all arrays of the file. With types that you choose, the bytes read as each of them, at every offset or at multiples of the size.",
            &[
                ("-32768", "this number"),
                ("1e4..2e4", "from 10000 to 20000"),
                ("1e4..", "10000 and more"),
                ("3.14±0.01", "near 3.14; also ±1% and ±2ulp"),
                ("nan", "no number"),
                ("2024-05-01", "a date, in an array of dates"),
            ],
        ),
        QueryKind::Where => (
            "A question about each element x: of the array that is shown, or else of all arrays of the file.",
            &[
                ("x > 1e4 and x < 2e4", "both at once"),
                ("isnan(x) or isinf(x)", "one or the other"),
                ("abs(x) < 1e-30", "nearly zero"),
                ("x % 2 == 1", "odd numbers"),
                ("abs(x-mean) > 6*std", "far from the others; also min, max, sum, median"),
                ("x != other('b')", "unlike the array b of this file, at the same index"),
                ("id == 7 and temp < 0", "fields of records, by their names"),
            ],
        ),
    }
}

/// The button that shows the page of the query's kind. `true` when an example was put into the field.
pub(super) fn button(ui: &mut Ui, query: &mut Query) -> bool {
    let shown = ui.menu_button("?", |ui| {
        ui.set_width(EXAMPLE + MEANING + 16.0);
        show(ui, query)
    });
    named(&shown.response, "what can be typed");
    shown.response.on_hover_text("What can be typed here");
    shown.inner.unwrap_or(false)
}

fn show(ui: &mut Ui, query: &mut Query) -> bool {
    let (about, examples) = page(query.kind);
    ui.spacing_mut().item_spacing.y = theme::UNIT;
    heading(ui, query.kind.title());
    ui.add(Label::new(RichText::new(about).font(theme::small())).wrap());
    ui.add_space(theme::UNIT);
    let mut taken = false;
    for (example, meaning) in examples {
        ui.horizontal(|ui| {
            let text = RichText::new(*example).font(theme::mono());
            let line = Layout::left_to_right(Align::Center);
            let put = ui.allocate_ui_with_layout(vec2(EXAMPLE, theme::CONTROL_HEIGHT), line, |ui| {
                ui.set_min_width(EXAMPLE);
                ui.add(Button::new(text).frame_when_inactive(false).sense(Sense::click()))
            });
            if put.inner.clicked() {
                (*example).clone_into(&mut query.text);
                taken = true;
                ui.close();
            }
            weak(ui, *meaning);
        });
    }
    ui.add_space(theme::UNIT);
    let color = Theme::of(ui.ctx()).text_weak;
    let keys =
        "Enter finds the next match, Shift+Enter the one before. Up and Down bring back earlier searches.";
    ui.add(Label::new(RichText::new(keys).font(theme::small()).color(color)).wrap());
    taken
}
