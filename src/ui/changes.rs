//! The list of changes since the last save; a click goes there. It is drawn from the tree, row by row, so a
//! million changes cost no more than the rows that are seen.

use super::ring::{self, Stop};
use super::theme::{self, Theme};
use super::widgets::{heading, weak};
use crate::document::{Change, ChangeKind};
use crate::session::{Action, CHANGES, Session, Tab, words};
use egui::{Frame, Margin, Panel, RichText, Sense, Ui};
use egui_extras::{Column, TableBuilder};

/// Rows that a table counts exactly; beyond them the list is cut and says so.
const LISTED: u64 = 500_000;
const ROW_HEIGHT: f32 = 22.0;

pub fn panel(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    if !session.shows_panel(CHANGES) {
        return;
    }
    let Some(tab) = session.tab() else { return };
    let frame = Frame::new().fill(Theme::of(ui.ctx()).panel_bg).inner_margin(Margin {
        left: 12,
        right: 4,
        top: 8,
        bottom: 4,
    });
    let panel = Panel::left("changes")
        .frame(frame)
        .default_size(theme::PANEL_WIDTH)
        .min_size(theme::PANEL_MIN_WIDTH)
        .resizable(true)
        .show(ui, |ui| {
            ring::name(ui, Stop::Changes);
            // Else the panel shrinks to what its rows need at least.
            ui.set_min_width(ui.available_width());
            let count = tab.shown().changes();
            ui.horizontal(|ui| {
                heading(ui, "Changes");
                weak(ui, words::counted(count, "change", "changes"));
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
    ring::mark(ui, Stop::Changes, panel.response.rect);
}

fn list(ui: &mut Ui, tab: &Tab, count: u64, actions: &mut Vec<Action>) {
    TableBuilder::new(ui)
        .id_salt("changes")
        .striped(false)
        .sense(Sense::click())
        .cell_layout(egui::Layout::left_to_right(egui::Align::Center))
        .column(Column::exact(118.0))
        .column(Column::remainder().clip(true))
        .body(|body| {
            body.rows(ROW_HEIGHT, count.min(LISTED) as usize, |mut line| {
                let n = line.index() as u64;
                let Some(change) = tab.shown().nth_change(n) else { return };
                line.set_selected(change.span == tab.selected() && !change.span.is_empty());
                line.col(|ui| {
                    let offset = words::hex(change.span.start().wrapping_add(tab.bytes.format.base));
                    ui.label(RichText::new(offset).font(theme::mono()));
                });
                line.col(|ui| {
                    weak(ui, what(&change));
                });
                if line.response().clicked() {
                    actions.push(Action::NthChange(n));
                }
            });
        });
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
