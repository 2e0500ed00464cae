//! The page when nothing is open: Open, recent files, the sample, and what is special here.

use super::theme::{self, Theme};
use super::widgets::{fit_middle, weak};
use crate::escape::PathText;
use crate::session::{Action, Command, OpenAction, Session};
use egui::{Align2, Button, CentralPanel, Color32, Frame, RichText, ScrollArea, Ui, WidgetInfo, vec2};
use std::path::Path;

const WIDTH: f32 = 560.0;
/// So much of a recent file's line its name may take.
const MOST_NAME: f32 = 0.6;

/// Draws the page that is there while no file is open.
pub fn page(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    CentralPanel::default().frame(Frame::new().fill(theme.data.grid_bg)).show(ui, |ui| {
        let height = ui.available_height();
        let left = ((ui.available_width() - WIDTH) / 2.0).max(24.0);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.add_space((height * 0.16).max(24.0));
            ui.horizontal_top(|ui| {
                ui.add_space(left);
                ui.vertical(|ui| {
                    ui.set_width(WIDTH.min(ui.available_width() - 24.0));
                    content(ui, session, actions);
                });
            });
        });
    });
}

fn content(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    ui.label(RichText::new("pagelens").font(theme::semibold(28.0)).color(theme.text_strong));
    ui.label(RichText::new("Bytes and typed arrays, of any size.").color(theme.text_weak));
    ui.add_space(theme::UNIT * 5.0);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = theme::UNIT * 2.0;
        let open = Button::new(RichText::new("Open…").color(theme.on_accent))
            .fill(theme.accent)
            .min_size(vec2(96.0, 32.0));
        if ui.add(open).on_hover_text(Command::Open.spec().tooltip()).clicked() {
            actions.push(Action::Run(Command::Open));
        }
        for command in [Command::OpenPath, Command::NewFile, Command::OpenSample] {
            let spec = command.spec();
            if ui
                .add(Button::new(spec.title).min_size(vec2(0.0, 32.0)))
                .on_hover_text(spec.tooltip())
                .clicked()
            {
                actions.push(Action::Run(command));
            }
        }
    });
    ui.add_space(theme::UNIT * 8.0);
    recent(ui, session, actions);
    for line in SPECIAL {
        ui.horizontal(|ui| {
            ui.label(RichText::new("•").color(theme.accent));
            ui.label(RichText::new(line).color(theme.text_weak));
        });
    }
}

/// What is special, in three lines.
const SPECIAL: [&str; 3] = [
    "Large files open as fast as small ones: only what is on the screen is read.",
    "Nothing is written to the file before you save, and everything can be undone.",
    "Any bytes as numbers: uint8 to float64, float16 and bfloat16, little- and big-endian, editable in place.",
];

fn recent(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    if session.recent().is_empty() {
        return;
    }
    ui.label(RichText::new("Recent").font(theme::medium(theme::BODY_SIZE)).color(theme.text_strong));
    for file in session.recent().iter().take(8) {
        ui.horizontal(|ui| {
            if recent_line(ui, file.path(), theme.accent) {
                actions.push(Action::Open(OpenAction::Files(vec![file.path().to_owned()])));
            }
        });
    }
    ui.add_space(theme::UNIT * 8.0);
}

/// The name, and behind it the folder, both shortened so that the line fits; `true` when it was clicked.
fn recent_line(ui: &mut Ui, path: &Path, color: Color32) -> bool {
    let whole = path.shown().to_string();
    let name = path.file_name().unwrap_or(path.as_os_str()).shown().to_string();
    let room = ui.available_width();
    let short = fit_middle(ui, &name, &theme::body(), room * MOST_NAME);
    let link = ui.link(RichText::new(&*short).color(color)).on_hover_text(&whole);
    link.widget_info(|| WidgetInfo::labeled(egui::Role::Link, true, &name));
    if let Some(folder) = path.parent() {
        let folder = folder.shown().to_string();
        let room = ui.available_width() - ui.spacing().item_spacing.x;
        let short = fit_middle(ui, &folder, &theme::small(), room).into_owned();
        weak(ui, short).on_hover_text(whole);
    }
    link.clicked()
}

/// While files hover over the window: what happens when they are dropped.
pub fn drop_hint(ui: &Ui) {
    if ui.input(|input| input.raw.hovered_files.is_empty()) {
        return;
    }
    let theme = Theme::of(ui.ctx());
    let painter =
        ui.ctx().layer_painter(egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop")));
    let rect = ui.ctx().content_rect();
    painter.rect_filled(rect, 0.0, theme.panel_bg.gamma_multiply(0.9));
    painter.text(
        rect.center(),
        Align2::CENTER_CENTER,
        "Drop to open",
        theme::semibold(20.0),
        theme.text_strong,
    );
}
