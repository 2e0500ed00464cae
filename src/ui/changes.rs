//! The list of changes since the last save, old bytes and new ones; a click or the arrow keys go there, and each can be
//! reverted. It is drawn from the tree, row by row, so a million changes cost no more than the rows that are seen.

use super::ring::{self, Stop};
use super::side_panel::{Side, SidePanel};
use super::theme;
use super::walk::{Step, WalkedList};
use super::widgets::{heading, sign, weak};
use crate::bytes::{Availability, Source, Span};
use crate::document::{Change, ChangeKind};
use crate::session::{Action, CHANGES, Command, Session, Tab, words};
use egui::{Id, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// Rows that a table counts exactly; beyond them the list is cut and says so.
const LISTED: u64 = 500_000;
const ROW_HEIGHT: f32 = 22.0;

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
            weak(ui, words::counted(count, "change", "changes"));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                let spec = Command::ShowPatch.spec();
                if count > 0 && ui.small_button("As a patch").on_hover_text(spec.help).clicked() {
                    actions.push(Action::Run(Command::ShowPatch));
                }
            });
        });
        ui.add_space(theme::UNIT);
        if count == 0 {
            weak(ui, "Nothing has been changed since the file was opened or saved.");
            return;
        }
        list(ui, tab, count, actions);
        if count > LISTED {
            weak(
                ui,
                format!("The first {} are listed. F7 goes through all of them.", words::grouped(LISTED)),
            );
        }
    });
}

fn list(ui: &mut Ui, tab: &Tab, count: u64, actions: &mut Vec<Action>) {
    let listed = count.min(LISTED);
    let chosen = tab.change_here();
    let rect = ui.available_rect_before_wrap();
    let walked = WalkedList { id: Id::unique("list of changes"), name: "changes", count: listed, chosen };
    let words = |n| tab.shown().nth_change(n).map_or_else(String::new, |change| row_words(tab, &change));
    let (area, steps) = walked.keys(ui, rect, words);
    ring::lead(ui, Stop::Changes, area.id);
    let mut moved = None;
    for step in steps {
        match step {
            Step::Choose(n) => {
                moved = Some(n);
                actions.push(Action::NthChange(n));
            }
            Step::Leave => actions.push(Action::Focus(tab.focus)),
            Step::Remove(n) => actions.push(Action::RevertChange(n)),
        }
    }
    if rows(ui, tab, (listed, chosen, moved), actions) {
        area.request_focus();
    }
}

/// Whether a row was clicked.
fn rows(
    ui: &mut Ui,
    tab: &Tab,
    (count, chosen, moved): (u64, Option<u64>, Option<u64>),
    actions: &mut Vec<Action>,
) -> bool {
    let mut clicked = false;
    let mut table = TableBuilder::new(ui)
        .id_salt("changes")
        .striped(false)
        // The keys go to the list, not to its cells.
        .sense(Sense::CLICK)
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(84.0))
        .column(Column::remainder().clip(true))
        .column(Column::exact(24.0));
    if let Some(row) = moved {
        table = table.scroll_to_row(row as usize, None);
    }
    table.body(|body| {
        body.rows(ROW_HEIGHT, count as usize, |mut line| {
            let n = line.index() as u64;
            let Some(change) = tab.shown().nth_change(n) else { return };
            line.set_selected(chosen == Some(n));
            line.col(|ui| {
                ui.label(RichText::new(offset(tab, &change)).font(theme::mono()));
            });
            line.col(|ui| old_and_new(ui, tab, &change));
            line.col(|ui| {
                let revert = sign(ui, "✕", "Revert this change (Delete)", Sense::CLICK);
                if tab.is_editable() && revert.clicked() {
                    actions.push(Action::RevertChange(n));
                }
            });
            if line.response().clicked() {
                clicked = true;
                actions.push(Action::NthChange(n));
            }
        });
    });
    clicked
}

/// Bytes that are shown of each side of a change.
const SHOWN: u64 = 4;

fn offset(tab: &Tab, change: &Change) -> String {
    words::hex(change.span.start().wrapping_add(tab.bytes.format.base))
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
    let label = ui.add(egui::Label::new(text).selectable(false).truncate());
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
        ChangeKind::Deletion => format!("{} deleted", words::bytes(change.replaced.len())),
        ChangeKind::Insertion => format!("{} inserted", words::bytes(change.span.len())),
        ChangeKind::Replacement if change.span.len() == change.replaced.len() => {
            words::bytes(change.span.len())
        }
        ChangeKind::Replacement => {
            format!("{} for {}", words::grouped(change.span.len()), words::bytes(change.replaced.len()))
        }
    }
}
