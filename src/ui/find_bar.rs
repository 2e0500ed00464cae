//! The bar of Find and Replace, under the file.
//!
//! It keeps its height whatever a search says, so that nothing moves under the pointer, and its field keeps the focus
//! whatever else in the bar is clicked.

use super::focus_ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{data_field, following, named, sign_button, weak};
use crate::decode::{DType, Element, Encoding, Order};
use crate::session::find::{FindState, Query, QueryKind, Reach};
use crate::session::{Action, Command, DEFAULT_DTYPE, FindAction, Session};
use egui::{
    Align, Button, ComboBox, Frame, Id, Key, Label, Layout, Margin, Modifiers, Panel, RichText, Ui, vec2,
};

/// What the bar keeps.
#[derive(Debug, Default)]
pub struct FindFields {
    /// How often it was asked for when it was drawn last.
    asked: u64,
    /// The field that had the keys last.
    held: Option<Id>,
}

/// The field of what is looked for.
pub fn field_id() -> Id {
    Id::unique("find field")
}

fn replace_id() -> Id {
    Id::unique("replace field")
}

/// The field that gets the focus when the bar is opened. If the search text is already typed, a user who wants to
/// replace types the replacement next.
pub fn asked_field(finding: &FindState) -> Id {
    if finding.replacing && finding.has_needle() { replace_id() } else { field_id() }
}

const LABEL_WIDTH: f32 = 52.0;
const FIELD_WIDTH: f32 = 320.0;
/// Room for the sign that closes, in points.
const CLOSE_WIDTH: f32 = 28.0;
/// Space for the buttons that go to a match and that list the matches.
const STEPS_WIDTH: f32 = 150.0;
/// Points of a bar in which the choices have a line of their own.
const NARROW: f32 = 860.0;

/// Draws the bar to find and replace; nothing when it is closed.
pub fn show(ui: &mut Ui, session: &Session, fields: &mut FindFields, actions: &mut Vec<Action>) {
    let finding = session.finding();
    if !finding.open {
        return;
    }
    let fresh = std::mem::replace(&mut fields.asked, finding.asked) != finding.asked;
    let frame = Frame::new().fill(Theme::of(ui.ctx()).panel_bg).inner_margin(Margin::symmetric(12, 8));
    let bar = Panel::bottom("find").frame(frame).show(ui, |ui| {
        focus_ring::name(ui, Stop::Find.name());
        ui.spacing_mut().item_spacing = vec2(theme::UNIT * 2.0, theme::UNIT);
        let mut query = finding.query.clone();
        ui.horizontal_top(|ui| {
            let room = (ui.available_width() - CLOSE_WIDTH).max(LABEL_WIDTH);
            ui.allocate_ui_with_layout(vec2(room, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(room);
                lines(ui, session, &mut query, fresh, actions);
                said(ui, finding, &mut query);
            });
            if sign_button(ui, "✕", "Close (Esc)").clicked() {
                actions.push(Action::Find(FindAction::Close));
            }
        });
        if query != finding.query {
            // The needle comes before what is done with it.
            actions.insert(0, Action::Find(FindAction::SetQuery(query)));
        }
    });
    focus_ring::mark(ui, Stop::Find, bar.response.rect);
    if session.dialog().is_none() {
        hold_focus(ui, fields, bar.response.rect);
    }
}

/// A click in the bar that no field took leaves the keys in the field that had them.
fn hold_focus(ui: &Ui, fields: &mut FindFields, bar: egui::Rect) {
    let focused = ui.memory(|memory| memory.focused());
    if let Some(id) = focused.filter(|id| [field_id(), replace_id()].contains(id)) {
        fields.held = Some(id);
    }
    let pointer = ui.input(|input| {
        let busy = input.pointer.any_pressed() || input.pointer.any_down() || input.pointer.any_released();
        input.pointer.interact_pos().filter(|_| busy)
    });
    if focused.is_none() && pointer.is_some_and(|at| bar.contains(at)) {
        ui.memory_mut(|memory| memory.request_focus(fields.held.unwrap_or_else(field_id)));
    }
}

/// The keys go to the field, with all of its text marked.
fn begin(ui: &Ui, id: Id, text: &str) {
    ui.memory_mut(|memory| memory.request_focus(id));
    let mut state = egui::TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = egui::text::CCursor::new(text.chars().count());
    let all = egui::text::CCursorRange::two(egui::text::CCursor::new(0), end);
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), id);
}

/// Both fields are drawn together, so that Tab goes from the search text to the replacement, and then to the buttons
/// beside them.
fn lines(ui: &mut Ui, session: &Session, query: &mut Query, fresh: bool, actions: &mut Vec<Action>) {
    let finding = session.finding();
    let narrow = ui.available_width() < NARROW;
    let left = ui.available_width() - LABEL_WIDTH - STEPS_WIDTH;
    let room = if narrow { left.clamp(80.0, FIELD_WIDTH) } else { FIELD_WIDTH };
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| fields(ui, finding, query, (fresh, room), actions));
        ui.vertical(|ui| {
            line(ui, |ui| {
                if !narrow {
                    kind(ui, query);
                }
                steps(ui, actions);
            });
            if finding.replacing && !narrow {
                line(ui, |ui| replace_buttons(ui, session, actions));
            }
        });
    });
    if narrow {
        ui.horizontal_wrapped(|ui| {
            label(ui, "");
            kind(ui, query);
        });
        if finding.replacing {
            ui.horizontal_wrapped(|ui| {
                label(ui, "");
                replace_buttons(ui, session, actions);
            });
        }
    }
}

/// A line of the bar: as high as its neighbour beside it.
fn line(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_min_height(theme::CONTROL_HEIGHT);
        content(ui);
    });
}

fn fields(
    ui: &mut Ui,
    finding: &FindState,
    query: &mut Query,
    (fresh, room): (bool, f32),
    actions: &mut Vec<Action>,
) {
    line(ui, |ui| {
        label(ui, "Find");
        let hint = match query.kind {
            QueryKind::Hex => "hex bytes, for example 50 4B 03 04",
            QueryKind::Text => "text",
            QueryKind::Value => "a number, for example -1234",
        };
        let response = ui.add(data_field(&mut query.text, room).id(field_id()).hint_text(hint));
        named(&response, "find");
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter)) {
            let backwards = ui.input(|input| input.modifiers.shift);
            actions.push(Action::Find(FindAction::From { backwards }));
            response.request_focus();
        }
    });
    if finding.replacing {
        line(ui, |ui| {
            label(ui, "Replace");
            let field = data_field(&mut query.replacement, room).id(replace_id());
            let response = ui.add(field.hint_text("empty: matches are deleted"));
            named(&response, "replace with");
            if response.lost_focus()
                && ui.input(|input| input.key_pressed(Key::Enter) && input.modifiers == Modifiers::NONE)
            {
                actions.push(Action::Find(FindAction::ReplaceOne));
                response.request_focus();
            }
        });
    }
    if fresh {
        let id = asked_field(finding);
        begin(ui, id, if id == replace_id() { &query.replacement } else { &query.text });
    }
}

fn steps(ui: &mut Ui, actions: &mut Vec<Action>) {
    if sign_button(ui, "↑", &Command::FindPrevious.spec().tooltip()).clicked() {
        actions.push(Action::Find(FindAction::From { backwards: true }));
    }
    if sign_button(ui, "↓", &Command::FindNext.spec().tooltip()).clicked() {
        actions.push(Action::Find(FindAction::From { backwards: false }));
    }
    if ui.button("Find all").on_hover_text(Command::FindAll.spec().help).clicked() {
        actions.push(Action::Run(Command::FindAll));
    }
}

fn kind(ui: &mut Ui, query: &mut Query) {
    let before = (query.kind, query.any_case, query.encoding, query.dtype);
    ui.selectable_value(&mut query.kind, QueryKind::Hex, "Hex").on_hover_text("Find hex bytes");
    ui.selectable_value(&mut query.kind, QueryKind::Text, "Text").on_hover_text("Find text");
    ui.selectable_value(&mut query.kind, QueryKind::Value, "Value")
        .on_hover_text("Find the bytes of a number, at any offset");
    if query.kind == QueryKind::Value {
        types(ui, query);
    } else {
        ui.add_enabled_ui(query.kind == QueryKind::Text, |ui| encoding(ui, query));
    }
    if before != (query.kind, query.any_case, query.encoding, query.dtype)
        && ui.input(|input| input.pointer.any_released())
    {
        ui.memory_mut(|memory| memory.request_focus(field_id()));
    }
}

fn encoding(ui: &mut Ui, query: &mut Query) {
    let list = ComboBox::from_id_salt("find encoding")
        .selected_text(query.encoding.label())
        .width(104.0)
        .height(420.0)
        .show_ui(ui, |ui| {
            following(ui, |ui| {
                for encoding in Encoding::ALL {
                    ui.selectable_value(&mut query.encoding, *encoding, encoding.label());
                }
            });
        });
    named(&list.response, "encoding");
    // Lit as in other editors: upper and lower case are different letters.
    let mut match_case = !query.any_case;
    ui.toggle_value(&mut match_case, "aA").on_hover_text("Match case");
    query.any_case = !match_case;
}

fn types(ui: &mut Ui, query: &mut Query) {
    let now = query.dtype.unwrap_or(DEFAULT_DTYPE);
    let mut chosen = now;
    let list = ComboBox::from_id_salt("find type").selected_text(type_words(now)).width(168.0).height(420.0);
    let choices = |ui: &mut Ui| {
        let orders = |element: &Element| if element.size() > 1 { &Order::ALL[..] } else { &Order::ALL[..1] };
        for element in Element::USUAL {
            for order in orders(element) {
                let dtype = DType::new(*element, *order);
                ui.selectable_value(&mut chosen, dtype, type_words(dtype));
            }
        }
    };
    let list = list.show_ui(ui, |ui| following(ui, choices));
    named(&list.response, "type of the value");
    if chosen != now {
        query.dtype = Some(chosen);
    }
}

fn type_words(dtype: DType) -> String {
    let name = dtype.element.name();
    if dtype.size() > 1 { format!("{name}, {}", dtype.order.label()) } else { name.to_owned() }
}

fn replace_buttons(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let button = ui.button("Replace");
    if button.on_hover_text("Replace the selected match and go to the next one").clicked() {
        actions.push(Action::Find(FindAction::ReplaceOne));
    }
    let button = ui.button("Replace all");
    if button.on_hover_text("Replace every match in the file; one Undo reverts all").clicked() {
        actions.push(Action::Find(FindAction::ReplaceAll(Reach::File)));
    }
    let selected = session.tab().is_some_and(|tab| !tab.selected().is_empty());
    let button = ui.add_enabled(selected, Button::new("In selection"));
    if button.on_hover_text("Replace every match in the selection; one Undo reverts all").clicked() {
        actions.push(Action::Find(FindAction::ReplaceAll(Reach::Selection)));
    }
    if session.finding().changes_length() {
        let color = Theme::of(ui.ctx()).warn;
        let note = RichText::new("Changes the file's length").font(theme::small()).color(color);
        ui.label(note)
            .on_hover_text("The replacement and a match differ in length, so the bytes after a match move");
    }
}

/// One line for what a search said or what is wrong with the text; it is there when there is nothing to say, too.
fn said(ui: &mut Ui, finding: &FindState, query: &mut Query) {
    let theme = Theme::of(ui.ctx());
    let wrong = finding.error.as_deref().or(Some(&*finding.passed_over).filter(|text| !text.is_empty()));
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), theme::CONTROL_HEIGHT),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_height(theme::CONTROL_HEIGHT);
            label(ui, "");
            if finding.error.is_none() && !finding.answer.is_empty() {
                // What was passed over has the other half.
                let share = if wrong.is_some() { 0.5 } else { 1.0 };
                let text = RichText::new(&finding.answer).font(theme::small()).color(theme.text_weak);
                ui.scope(|ui| {
                    ui.set_max_width(ui.available_width() * share);
                    ui.add(Label::new(text).truncate());
                });
            }
            if let Some(text) = wrong {
                let text = RichText::new(text).font(theme::small()).color(theme.error);
                let label = Label::new(text).truncate();
                let offered = finding.offer();
                let room = ui.available_width() - if offered.is_some() { 140.0 } else { 0.0 };
                ui.scope(|ui| {
                    ui.set_max_width(room.max(80.0));
                    ui.add(label);
                });
                offer(ui, offered, query);
            }
        },
    );
}

/// The typed text read in another way.
fn offer(ui: &mut Ui, offered: Option<QueryKind>, query: &mut Query) {
    let Some(kind) = offered else { return };
    let word = match kind {
        QueryKind::Hex => "Search as hex",
        QueryKind::Text => "Search as text",
        QueryKind::Value => "Search as value",
    };
    let button = ui.button(word);
    let button = match kind {
        QueryKind::Value => {
            let dtype = query.dtype.unwrap_or(DEFAULT_DTYPE);
            button.on_hover_text(format!("Find the bytes of this number as {}", type_words(dtype)))
        }
        QueryKind::Hex | QueryKind::Text => button,
    };
    if button.clicked() {
        query.kind = kind;
        ui.memory_mut(|memory| memory.request_focus(field_id()));
    }
}

fn label(ui: &mut Ui, text: &str) {
    ui.allocate_ui_with_layout(
        vec2(LABEL_WIDTH, theme::CONTROL_HEIGHT),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.set_min_width(LABEL_WIDTH);
            weak(ui, text);
        },
    );
}
