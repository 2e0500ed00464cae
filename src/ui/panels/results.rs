//! The list of all matches under the file: offset, element, and the bytes around each. A click or the arrow keys go
//! there, and the file follows. Only the rows in sight are made, so that fifty million matches cost no more than ten.

use super::side_panel::{Side, SidePanel};
use crate::analysis::search::End;
use crate::session::find::Hits;
use crate::session::find::MatchLine;
use crate::session::{Action, Command, FindAction, PaneAction, Session, describe};
use crate::ui::focus_ring::Stop;
use crate::ui::list_navigation::{Step, WalkedList};
use crate::ui::long_list::{ROW_HEIGHT, cell};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{heading, sign_button, weak};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, Id, Label, Layout, RichText, Sense, Ui, UiBuilder, vec2};

const HEIGHT: f32 = 200.0;
/// Points of the column of offsets, and between two columns.
const OFFSET: f32 = 140.0;
const GAP: f32 = 8.0;

/// Draws the list of matches; nothing when nothing was searched for.
pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    let Some((hits, chosen)) = session.finding().listed(tab) else { return };
    let panel =
        SidePanel { name: "matches", side: Side::Bottom, usual: HEIGHT, most: 0.5, stop: Stop::Matches };
    panel.show(ui, session, actions, |ui, actions| {
        let count = hits.list.len();
        head(ui, hits, count, actions);
        if count == 0 {
            weak(ui, if hits.end.is_none() { "Searching…" } else { "Not found." });
            return;
        }
        let walked = WalkedList { id: Id::unique("list of matches"), name: "matches", count, chosen };
        let words = |n| hits.line(n, tab).map_or_else(String::new, |shown| line_words(&shown));
        let steps = walked.show(ui, Stop::Matches, words, heads, |ui, n| {
            if let Some(shown) = hits.line(n, tab) {
                row(ui, &shown);
            }
        });
        actions.extend(steps.into_iter().filter_map(|step| match step {
            Step::Choose(n) => Some(Action::Find(FindAction::ShowMatch(n))),
            Step::Leave => Some(Action::Pane(PaneAction::Focus(tab.focus()))),
            Step::Remove(_) => None,
        }));
    });
}

fn head(ui: &mut Ui, hits: &Hits, count: u64, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        heading(ui, "Matches");
        let more = if hits.end == Some(End::Cut) { "more than " } else { "" };
        let running = if hits.end.is_none() { ", searching…" } else { "" };
        weak(ui, format!("{more}{}{running}", describe::grouped(count)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if sign_button(ui, "✕", Command::CloseMatches.spec().help).clicked() {
                actions.push(Action::Find(FindAction::CloseMatches));
            }
        });
    });
    ui.add_space(theme::UNIT);
}

/// Left edge and width of the columns in a row of so many points: offset, element, context.
fn columns(room: f32) -> [(f32, f32); 3] {
    let element = (room * 0.22).clamp(60.0, 320.0);
    let context = OFFSET + element;
    [(0.0, OFFSET - GAP), (OFFSET, element - GAP), (context, room - context)]
}

/// The names of the columns.
fn heads(ui: &mut Ui) {
    let room = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(room, ROW_HEIGHT), Sense::hover());
    let mut line = ui.new_child(UiBuilder::new().max_rect(rect));
    for ((left, width), title) in columns(room).into_iter().zip(["Offset", "Element", "Context"]) {
        cell(&mut line, left, width, |ui| {
            weak(ui, title);
        });
    }
}

fn row(ui: &mut Ui, shown: &MatchLine) {
    let data = |ui: &mut Ui, text: &str| {
        ui.add(Label::new(RichText::new(text).font(theme::mono())).selectable(false).truncate());
    };
    let [offset, element, around] = columns(ui.max_rect().width());
    cell(ui, offset.0, offset.1, |ui| data(ui, &shown.offset));
    cell(ui, element.0, element.1, |ui| data(ui, &shown.element));
    cell(ui, around.0, around.1, |ui| context(ui, shown));
}

/// What a screen reader says of a match.
fn line_words(shown: &MatchLine) -> String {
    let bytes = if shown.span.is_some() {
        let hex = |byte: &Option<u8>| byte.map_or("??".to_owned(), |byte| format!("{byte:02x}"));
        shown.context[1].iter().map(hex).collect::<Vec<String>>().join(" ")
    } else {
        String::from("edited since")
    };
    let parts = [&shown.offset, &shown.element, &bytes];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<String>>().join(", ")
}

/// The bytes around a match as hex and as characters, those of the match in another colour.
fn context(ui: &mut Ui, shown: &MatchLine) {
    if shown.span.is_none() {
        weak(ui, "edited since");
        return;
    }
    let theme = Theme::of(ui.ctx());
    let colors = [theme.text_weak, theme.text_strong, theme.text_weak];
    let mut job = LayoutJob::default();
    let mut push = |text: &str, color: Color32| {
        job.append(text, 0.0, TextFormat { font_id: theme::mono(), color, ..TextFormat::default() });
    };
    for (bytes, color) in shown.context.iter().zip(colors) {
        let hex: Vec<String> =
            bytes.iter().map(|byte| byte.map_or("??".to_owned(), |byte| format!("{byte:02x}"))).collect();
        push(&hex.join(" "), color);
        push(if hex.is_empty() { "" } else { "  " }, color);
    }
    push("  ", theme.text_weak);
    for (bytes, color) in shown.context.iter().zip(colors) {
        let text: String = bytes.iter().map(|byte| character(*byte)).collect();
        push(&text, color);
    }
    ui.add(Label::new(job).selectable(false).truncate());
}

fn character(byte: Option<u8>) -> char {
    match byte {
        Some(byte @ 0x20..0x7f) => char::from(byte),
        _ => '·',
    }
}
