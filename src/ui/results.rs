//! The list of all matches under the file: offset, element, and what stands around each. A click or the arrow keys go
//! there, and the file follows.

use super::ring::{self, Stop};
use super::theme::{self, Theme};
use super::walk::{self, Step};
use super::widgets::{heading, sign_button, weak};
use crate::analysis::search::End;
use crate::session::finding::Hits;
use crate::session::matches::MatchLine;
use crate::session::{Action, Session, Tab, words};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Color32, Frame, Id, Layout, Margin, Panel, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// Rows that a table counts exactly; beyond them the list is cut and says so.
const LISTED: u64 = 500_000;
const ROW_HEIGHT: f32 = 22.0;
const HEIGHT: f32 = 200.0;

pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(tab) = session.tab() else { return };
    let Some((hits, chosen)) = session.finding().listed(tab) else { return };
    let frame = Frame::new().fill(Theme::of(ui.ctx()).panel_bg).inner_margin(Margin {
        left: 12,
        right: 4,
        top: 8,
        bottom: 4,
    });
    let panel = Panel::bottom("matches").frame(frame).default_size(HEIGHT).min_size(96.0).resizable(true);
    let panel = panel.show(ui, |ui| {
        ring::name(ui, Stop::Matches);
        ui.set_min_height(ui.available_height());
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
        let (area, step) = walk::keys(ui, Id::unique("list of matches"), rect, listed, Some(chosen));
        area.ctx.accesskit_node_builder(area.id, |node| node.set_label("matches"));
        match step {
            Some(Step::Choose(n)) => actions.push(Action::ShowMatch(n)),
            Some(Step::Leave) => actions.push(Action::Focus(tab.focus)),
            Some(Step::Remove(_)) | None => {}
        }
        let moved = match step {
            Some(Step::Choose(n)) => Some(n),
            _ => None,
        };
        if list(ui, tab, hits, (listed, chosen, moved), actions) {
            area.request_focus();
        }
    });
    ring::mark(ui, Stop::Matches, panel.response.rect);
}

fn head(ui: &mut Ui, hits: &Hits, count: u64, actions: &mut Vec<Action>) {
    ui.horizontal(|ui| {
        heading(ui, "Matches");
        let more = if hits.end == Some(End::Cut) { "more than " } else { "" };
        let running = if hits.end.is_none() { ", searching…" } else { "" };
        weak(ui, format!("{more}{}{running}", words::grouped(count)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if sign_button(ui, "✕", "Close the list").clicked() {
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
    (count, chosen, moved): (u64, u64, Option<u64>),
    actions: &mut Vec<Action>,
) -> bool {
    let mut clicked = false;
    let mut table = TableBuilder::new(ui)
        .id_salt("matches")
        .striped(false)
        .sense(Sense::click())
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
                line.set_selected(n == chosen);
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
