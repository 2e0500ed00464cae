//! The list of changes since the last save, old bytes and new ones; a click or the arrow keys go there, and each can be
//! reverted. It is drawn from the tree, row by row, so a million changes cost no more than the rows that are seen.

use super::side_panel::{Side, SidePanel};
use crate::bytes::{Availability, Source, Span};
use crate::document::{Change, ChangeKind};
use crate::session::{Action, CHANGES, Command, EditAction, PaneAction, Session, Tab, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_navigation::{Step, WalkedList};
use crate::ui::long_list::cell;
use crate::ui::theme;
use crate::ui::widgets::{heading, sign, weak};
use egui::{Id, Label, RichText, Sense, Ui};

/// Points of the column of offsets, of the sign that reverts, and between two columns.
const OFFSET: f32 = 84.0;
const SIGN: f32 = 24.0;
const GAP: f32 = 8.0;

/// Draws the panel of the changes since the last save; nothing when it is hidden.
pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    if !session.shows_panel(CHANGES) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let (usual, stop) = (theme::PANEL_WIDTH, Stop::Changes);
    let panel = SidePanel { name: CHANGES, side: Side::Left, usual, most: 0.32, stop };
    panel.show(ui, session, actions, |ui, actions| {
        let count = tab.shown().changes();
        ui.horizontal(|ui| {
            heading(ui, "Changes");
            weak(ui, describe::counted(count, "change", "changes"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let spec = Command::ShowPatch.spec();
                if count > 0 && ui.small_button("As a patch").on_hover_text(spec.help).clicked() {
                    actions.push(Action::Run(Command::ShowPatch));
                }
            });
        });
        ui.add_space(theme::UNIT);
        list(ui, tab, count, actions);
    });
}

/// The widget that has the focus for the list.
pub fn list_id() -> Id {
    Id::unique("list of changes")
}

fn list(ui: &mut Ui, tab: &Tab, count: u64, actions: &mut Vec<Action>) {
    let chosen = tab.change_here();
    let walked = WalkedList { id: list_id(), name: "changes", count, chosen, many: None };
    let words = |n| tab.shown().nth_change(n).map_or_else(String::new, |change| row_words(tab, &change));
    // An empty list also gets the focus, so that the next keys do not change the bytes.
    let head = |ui: &mut Ui| {
        if count == 0 {
            weak(ui, "Nothing has been changed since the file was opened or saved.");
        }
    };
    let steps = walked.show(ui, Stop::Changes, words, head, |ui, n, _| row(ui, tab, n, actions));
    actions.extend(steps.into_iter().filter_map(|step| match step {
        Step::Choose(n) => Some(Action::Pane(PaneAction::NthChange(n))),
        Step::Leave => Some(Action::Pane(PaneAction::Focus(tab.focus()))),
        Step::Remove(n) => Some(Action::Edit(EditAction::RevertChange(n))),
        Step::Extend(_) | Step::All | Step::Copy | Step::Letter(_) => None,
    }));
}

fn row(ui: &mut Ui, tab: &Tab, n: u64, actions: &mut Vec<Action>) {
    let Some(change) = tab.shown().nth_change(n) else { return };
    let room = ui.max_rect().width();
    cell(ui, 0.0, OFFSET, |ui| {
        ui.add(Label::new(RichText::new(offset(tab, &change)).font(theme::mono())).selectable(false));
    });
    cell(ui, OFFSET + GAP, room - OFFSET - SIGN - 2.0 * GAP, |ui| old_and_new(ui, tab, &change));
    cell(ui, room - SIGN, SIGN, |ui| {
        let revert = sign(ui, "✕", "Revert this change (Delete)", Sense::CLICK);
        if tab.is_editable() && revert.clicked() {
            actions.push(Action::Edit(EditAction::RevertChange(n)));
        }
    });
}

/// Bytes that are shown of each side of a change.
const SHOWN: u64 = 4;

fn offset(tab: &Tab, change: &Change) -> String {
    describe::hex(change.span.start().wrapping_add(tab.hex().format.base))
}

/// The first bytes on both sides of a change.
fn sides(tab: &Tab, change: &Change) -> [String; 2] {
    let old = tab.shown().base().map_or_else(String::new, |base| digits(&**base, change.replaced));
    let new = digits(tab.shown(), change.span);
    [old, new].map(|text| if text.is_empty() { "nothing".to_owned() } else { text })
}

/// What a screen reader says of a change.
fn row_words(tab: &Tab, change: &Change) -> String {
    let [old, new] = sides(tab, change);
    format!("{}, {old} to {new}, {}", offset(tab, change), what(change))
}

/// `3f 80 → 40 00`, and how many bytes where not all are shown.
fn old_and_new(ui: &mut Ui, tab: &Tab, change: &Change) {
    let [old, new] = sides(tab, change);
    let text = RichText::new(format!("{old} → {new}")).font(theme::mono());
    let label = ui.add(Label::new(text).selectable(false).truncate());
    label.on_hover_text(what(change));
}

/// The first bytes of a span in hex, as far as they are at hand.
fn digits(source: &dyn Source, span: Span) -> String {
    let shown = span.len().min(SHOWN);
    let mut bytes = vec![0; shown as usize];
    let mut states = vec![Availability::Missing; bytes.len()];
    source.peek(span.start(), &mut bytes, &mut states);
    let digit = |(byte, state): (&u8, &Availability)| match state {
        Availability::Ready => format!("{byte:02x}"),
        Availability::Missing | Availability::Failed => "??".to_owned(),
    };
    let mut words: Vec<String> = bytes.iter().zip(&states).map(digit).collect();
    if span.len() > shown {
        words.push("…".to_owned());
    }
    words.join(" ")
}

fn what(change: &Change) -> String {
    match change.kind() {
        ChangeKind::Deletion => format!("{} deleted", describe::bytes(change.replaced.len())),
        ChangeKind::Insertion => format!("{} inserted", describe::bytes(change.span.len())),
        ChangeKind::Replacement if change.span.len() == change.replaced.len() => {
            describe::bytes(change.span.len())
        }
        ChangeKind::Replacement => {
            format!(
                "{} replace {}",
                describe::grouped(change.span.len()),
                describe::bytes(change.replaced.len())
            )
        }
    }
}
