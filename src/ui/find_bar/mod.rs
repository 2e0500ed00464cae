//! The bar of Find and Replace, under the file.
//!
//! It keeps its height whatever a search says, so that nothing moves under the pointer, and its field keeps the focus
//! whatever else in the bar is clicked.

mod help;
mod kinds;
mod marked_field;
mod options;

use super::focus_ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{data_field, named, sign_button, weak};
use crate::session::find::{FindState, Query, QueryKind, Reach, dtype_words};
use crate::session::{Action, Command, DEFAULT_DTYPE, FindAction, Session};
use egui::{Align, Button, Frame, Id, Key, Label, Layout, Margin, Modifiers, Panel, RichText, Ui, vec2};
use marked_field::marked_field;

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

/// Points of the list of kinds, and of the labels under it.
const LABEL_WIDTH: f32 = 84.0;
/// The least and the most that the field takes, in points.
const FIELD_WIDTH: (f32, f32) = (120.0, 520.0);
/// Room for the sign that closes, in points.
const CLOSE_WIDTH: f32 = 28.0;
/// Space for the help, the buttons that go to a match and the one that lists the matches.
const STEPS_WIDTH: f32 = 188.0;
/// Space for the choices of a kind.
const OPTIONS_WIDTH: f32 = 212.0;
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
    let beside = if narrow { 0.0 } else { OPTIONS_WIDTH };
    let left = ui.available_width() - LABEL_WIDTH - STEPS_WIDTH - beside;
    let room = left.clamp(FIELD_WIDTH.0, FIELD_WIDTH.1);
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| fields(ui, finding, query, (fresh, room), actions));
        ui.vertical(|ui| {
            line(ui, |ui| {
                if help::button(ui, query) {
                    ui.memory_mut(|memory| memory.request_focus(field_id()));
                }
                if !narrow {
                    options::show(ui, query, &finding.facts);
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
            options::show(ui, query, &finding.facts);
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
        let is_new = kinds::choice(ui, query, LABEL_WIDTH);
        history_keys(ui, actions);
        let hint = kinds::of(query.kind).example;
        let response = marked_field(ui, &mut query.text, (field_id(), room, hint), finding.error_at);
        named(&response, "find");
        focus_ring::lead(ui, Stop::Find, response.id);
        if is_new {
            // Not before the field, which gives up the keys at a click elsewhere.
            response.request_focus();
        }
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
            let hint = match query.kind {
                QueryKind::Where => "the new value of the elements",
                QueryKind::Hex | QueryKind::Text | QueryKind::Regex | QueryKind::Value => {
                    "empty: matches are deleted"
                }
            };
            let response = ui.add(field.hint_text(hint));
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

/// Up and Down in the field go through what was looked for before.
fn history_keys(ui: &Ui, actions: &mut Vec<Action>) {
    if !ui.memory(|memory| memory.has_focus(field_id())) {
        return;
    }
    for (key, older) in [(Key::ArrowUp, true), (Key::ArrowDown, false)] {
        if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
            actions.push(Action::Find(FindAction::Recall { older }));
        }
    }
}

fn steps(ui: &mut Ui, actions: &mut Vec<Action>) {
    if sign_button(ui, "↑", &Command::FindPrevious.spec().tooltip()).clicked() {
        actions.push(Action::Find(FindAction::From { backwards: true }));
    }
    if sign_button(ui, "↓", &Command::FindNext.spec().tooltip()).clicked() {
        actions.push(Action::Find(FindAction::From { backwards: false }));
    }
    if ui.button("Find all").on_hover_text(Command::FindAll.spec().tooltip()).clicked() {
        // After a click the field keeps the keys, as after every click in the bar.
        let is_click = ui.input(|input| input.pointer.any_released());
        actions.push(if is_click {
            Action::Find(FindAction::ListAll)
        } else {
            Action::Run(Command::FindAll)
        });
    }
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
            let note = [&*finding.answer, &*finding.left_out].join(" ");
            let note = note.trim();
            if finding.error.is_none() && !note.is_empty() {
                // What was passed over has the other half.
                let share = if wrong.is_some() { 0.5 } else { 1.0 };
                let text = RichText::new(note).font(theme::small()).color(theme.text_weak);
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
                offer(ui, finding, offered, query);
            }
        },
    );
}

/// The typed text read in another way.
fn offer(ui: &mut Ui, finding: &FindState, offered: Option<QueryKind>, query: &mut Query) {
    let Some(kind) = offered else { return };
    let button = ui.button(format!("Search as {}", kind.title().to_lowercase()));
    let button = match kind {
        QueryKind::Value => {
            let as_value = Query { kind, ..query.clone() };
            let dtype = finding.facts.dtype_of(&as_value).unwrap_or(DEFAULT_DTYPE);
            button.on_hover_text(format!("Find the bytes of this number as {}", dtype_words(dtype)))
        }
        QueryKind::Hex | QueryKind::Text | QueryKind::Regex | QueryKind::Where => button,
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
