//! The row of open files.

use super::theme::{self, Theme};
use super::widgets::sign_button;
use crate::escape::PathText;
use crate::session::bidi::visual;
use crate::session::{Action, Command, Session, Tab};
use egui::{Align, Label, Layout, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2};

/// Wide enough for a name, narrow enough for several.
const TAB_WIDTH: (f32, f32) = (96.0, 220.0);

pub fn strip(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    ui.spacing_mut().item_spacing.x = 0.0;
    ScrollArea::horizontal()
        .auto_shrink(false)
        .scroll_bar_visibility(egui::scroll_area::ScrollBarVisibility::AlwaysHidden)
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                for tab in session.tabs() {
                    let active = session.tab().is_some_and(|front| front.id == tab.id);
                    one(ui, tab, active, actions);
                }
                ui.add_space(theme::UNIT);
                if sign_button(ui, "+", &Command::Open.spec().tooltip()).clicked() {
                    actions.push(Action::Run(Command::Open));
                }
            });
        });
}

fn one(ui: &mut Ui, tab: &Tab, active: bool, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    let font = if active { theme::medium(theme::BODY_SIZE) } else { theme::body() };
    let color = if active { theme.text_strong } else { theme.text_weak };
    let galley = ui.fonts_mut(|fonts| fonts.layout_no_wrap(tab.title.clone(), font.clone(), color));
    let signs = if tab.is_modified() { 16.0 } else { 0.0 } + if tab.locked { 56.0 } else { 0.0 };
    let width = (galley.size().x + 52.0 + signs).clamp(TAB_WIDTH.0, TAB_WIDTH.1);
    let (rect, response) = ui.allocate_exact_size(vec2(width, theme::TAB_HEIGHT), Sense::click());
    let hovered = ui.rect_contains_pointer(rect);
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Tab, true, active, tab.title.clone()));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_selected(active));
    if active {
        ui.painter().rect_filled(rect, 0.0, theme.data.grid_bg);
        ui.painter().hline(rect.x_range(), rect.top() + 1.0, Stroke::new(2.0, theme.accent));
    } else if hovered {
        ui.painter().rect_filled(rect, 0.0, theme.hover_bg);
    }
    ui.painter().vline(rect.right(), rect.y_range(), theme.hairline_stroke());
    let inner = rect.shrink2(vec2(10.0, 0.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)));
    let closes = if hovered || active {
        sign_button(&mut ui, "✕", &format!("Close {}", tab.title)).clicked()
    } else {
        false
    };
    if !(hovered || active) {
        ui.add_space(20.0);
    }
    if tab.is_modified() {
        ui.add(Label::new(RichText::new("●").font(theme::small()).color(theme.accent)).selectable(false))
            .on_hover_text("Unsaved changes");
    }
    if tab.locked {
        ui.add(
            Label::new(RichText::new("read-only").font(theme::small()).color(theme.text_weak))
                .selectable(false),
        )
        .on_hover_text("Locked against changes");
    }
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add(
            Label::new(RichText::new(visual(&tab.title)).font(font).color(color))
                .truncate()
                .selectable(false),
        );
    });
    let path = tab
        .file
        .as_ref()
        .map_or_else(|| String::from("Not in a file yet"), |file| file.path.shown().to_string());
    if closes || response.middle_clicked() {
        actions.push(Action::CloseTab(tab.id));
    } else if response.clicked() {
        actions.push(Action::SelectTab(tab.id));
    }
    response.on_hover_text(path);
}
