//! The list of all matches under the file: offset, element, and what stands around each. A click or the arrow keys go
//! there, and the file follows.

use super::ring::{self, Stop};
use super::side_panel::{Side, SidePanel};
use super::theme::{self, Theme};
use super::walk::{Step, WalkedList};
use super::widgets::{heading, sign_button, weak};
use crate::analysis::search::End;
use crate::session::finding::Hits;
use crate::session::matches::MatchLine;
use crate::session::{Action, Command, Session, Tab, words};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, Id, Layout, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// Rows that a table counts exactly; beyond them the list is cut and says so.
const LISTED: u64 = 500_000;
const ROW_HEIGHT: f32 = 22.0;
const HEIGHT: f32 = 200.0;

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
        let listed = count.min(LISTED);
        if count > LISTED {
            weak(
                ui,
                format!("The first {} are listed. F3 goes through all of them.", words::grouped(LISTED)),
            );
        }
        let rect = ui.available_rect_before_wrap();
        let walked = WalkedList { id: Id::unique("list of matches"), name: "matches", count: listed, chosen };
        let words = |n| hits.line(n, tab).map_or_else(String::new, |shown| line_words(&shown));
        let (area, steps) = walked.keys(ui, rect, words);
        ring::lead(ui, Stop::Matches, area.id);
        let mut moved = None;
        for step in steps {
            match step {
                Step::Choose(n) => {
                    moved = Some(n);
                    actions.push(Action::ShowMatch(n));
                }
                Step::Leave => actions.push(Action::Focus(tab.focus)),
                Step::Remove(_) => {}
            }
        }
        if list(ui, tab, hits, (listed, chosen, moved), actions) {
            area.request_focus();
        }
    });
}

fn head(ui: &mut Ui, hits: &Hits, count: u64, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        heading(ui, "Matches");
        let more = if hits.end == Some(End::Cut) { "more than " } else { "" };
        let running = if hits.end.is_none() { ", searching…" } else { "" };
        weak(ui, format!("{more}{}{running}", words::grouped(count)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if sign_button(ui, "✕", Command::CloseMatches.spec().help).clicked() {
                actions.push(Action::CloseMatches);
            }
        });
    });
    ui.add_space(theme::UNIT);
}

/// Whether a row was clicked.
fn list(
    ui: &mut Ui,
    tab: &Tab,
    hits: &Hits,
    (count, chosen, moved): (u64, Option<u64>, Option<u64>),
    actions: &mut Vec<Action>,
) -> bool {
    let mut clicked = false;
    let mut table = TableBuilder::new(ui)
        .id_salt("matches")
        .striped(false)
        // The keys go to the list, not to its cells.
        .sense(Sense::CLICK)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::initial(140.0).at_least(90.0).resizable(true).clip(true))
        .column(Column::initial(180.0).at_least(60.0).resizable(true).clip(true))
        .column(Column::remainder().clip(true));
    if let Some(row) = moved {
        table = table.scroll_to_row(row as usize, None);
    }
    table
        .header(ROW_HEIGHT, |mut line| {
            for title in ["Offset", "Element", "Context"] {
                line.col(|ui| {
                    weak(ui, title);
                });
            }
        })
        .body(|body| {
            body.rows(ROW_HEIGHT, count as usize, |mut line| {
                let n = line.index() as u64;
                let Some(shown) = hits.line(n, tab) else { return };
                line.set_selected(chosen == Some(n));
                line.col(|ui| {
                    ui.label(RichText::new(&shown.offset).font(theme::mono()));
                });
                line.col(|ui| {
                    ui.label(RichText::new(&shown.element).font(theme::mono()));
                });
                line.col(|ui| context(ui, &shown));
                if line.response().clicked() {
                    clicked = true;
                    actions.push(Action::ShowMatch(n));
                }
            });
        });
    clicked
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
    ui.add(egui::Label::new(job).selectable(false).truncate());
}

fn character(byte: Option<u8>) -> char {
    match byte {
        Some(byte @ 0x20..0x7f) => char::from(byte),
        _ => '·',
    }
}
