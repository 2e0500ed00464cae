//! The command palette: any command by a part of its name, from the same table as the menus.

use super::theme::{self, Theme};
use super::widgets::named;
use crate::session::command::{COMMANDS, Spec};
use crate::session::{Action, Session};
use egui::accesskit::{HasPopup, Role};
use egui::{Align2, Area, Frame, Id, Key, Modifiers, Order, RichText, ScrollArea, Sense, TextEdit, Ui, vec2};

/// What is typed, and which entry the keys stand on.
#[derive(Debug, Default)]
pub struct PaletteState {
    text: String,
    at: usize,
    open: bool,
}

impl PaletteState {
    /// The palette is closed: the next time it starts empty.
    pub fn forget(&mut self) {
        if self.open {
            *self = Self::default();
        }
    }
}

/// The field that the keys go to.
pub fn field_id() -> Id {
    Id::unique("palette field")
}

const WIDTH: f32 = 520.0;
const ROW_HEIGHT: f32 = 28.0;
const ROWS: usize = 14;

/// Commands whose words begin with, or contain, all that is typed; the better ones first.
fn matches(text: &str) -> Vec<&'static Spec> {
    let wanted: Vec<String> = text.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let mut found: Vec<(usize, &Spec)> = COMMANDS
        .iter()
        .filter_map(|spec| {
            let title = spec.title.to_lowercase();
            let all = format!("{title} {} {}", spec.menu.title().to_lowercase(), spec.help.to_lowercase());
            if !wanted.iter().all(|word| all.contains(word.as_str())) {
                return None;
            }
            let rank = match wanted.first() {
                Some(word) if title.starts_with(word.as_str()) => 0,
                Some(word) if title.contains(word.as_str()) => 1,
                _ => 2,
            };
            Some((rank, spec))
        })
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, spec)| spec).collect()
}

pub fn show(ui: &mut Ui, session: &Session, state: &mut PaletteState, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    let fresh = !std::mem::replace(&mut state.open, true);
    let ctx = ui.ctx().clone();
    let area =
        Area::new(Id::unique("palette")).order(Order::Foreground).anchor(Align2::CENTER_TOP, vec2(0.0, 72.0));
    let area = area.role(Role::Dialog).accessible_name("Command palette");
    let shown = area.show(&ctx, |ui| {
        let frame = Frame::popup(ui.style()).fill(theme.popup_bg).inner_margin(8);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH);
            keys(ui, state);
            let field = TextEdit::singleline(&mut state.text)
                .hint_text("Type a command")
                .desired_width(WIDTH)
                .id(field_id());
            let response = ui.add(field);
            if fresh {
                response.request_focus();
            }
            if response.changed() {
                state.at = 0;
            }
            let found = matches(&state.text);
            state.at = state.at.min(found.len().saturating_sub(1));
            ui.add_space(theme::UNIT);
            named(&response, "command");
            let (chosen, current) = list(ui, session, state, &found);
            // The line with the mark is what the keys stand on, though the field has them.
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_has_popup(HasPopup::Listbox);
                if let Some(line) = current {
                    node.set_active_descendant(line.accesskit_id());
                }
            });
            let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            let by_key = found.get(state.at).filter(|_| entered).map(|spec| spec.command);
            if let Some(command) = chosen.or(by_key) {
                actions.push(Action::CloseDialog);
                actions.push(Action::Run(command));
            } else if entered {
                response.request_focus();
            }
        });
    });
    let outside = ctx.input(|input| {
        input.pointer.any_pressed()
            && input.pointer.interact_pos().is_some_and(|at| !shown.response.rect.contains(at))
    });
    if outside && !fresh {
        actions.push(Action::CloseDialog);
    }
}

fn keys(ui: &Ui, state: &mut PaletteState) {
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
            state.at += 1;
        }
        if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
            state.at = state.at.saturating_sub(1);
        }
    });
}

/// The entries; answers the one that was clicked, and the widget of the one that the keys stand on.
fn list(
    ui: &mut Ui,
    session: &Session,
    state: &mut PaletteState,
    found: &[&'static Spec],
) -> (Option<crate::session::Command>, Option<Id>) {
    let theme = Theme::of(ui.ctx());
    let (mut chosen, mut marked) = (None, None);
    ScrollArea::vertical().max_height(ROW_HEIGHT * ROWS as f32).show(ui, |ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::ListBox);
            node.set_label("commands");
            node.set_size_of_set(found.len());
        });
        ui.spacing_mut().item_spacing.y = 0.0;
        for (at, spec) in found.iter().enumerate() {
            let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, ROW_HEIGHT), Sense::click());
            let enabled = (spec.enabled)(session);
            let current = at == state.at;
            response.widget_info(|| egui::WidgetInfo::labeled(Role::ListBoxOption, enabled, spec.title));
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_selected(current);
                node.set_description(spec.help);
                node.set_position_in_set(at);
                if let Some(key) = spec.keys.first() {
                    node.set_keyboard_shortcut(key.to_string());
                }
            });
            marked = marked.or(current.then_some(response.id));
            if current {
                ui.painter().rect_filled(rect, f32::from(theme::RADIUS), theme.accent_bg);
                if ui.input(|input| input.key_pressed(Key::ArrowDown) || input.key_pressed(Key::ArrowUp)) {
                    response.scroll_to_me(None);
                }
            } else if response.hovered() {
                ui.painter().rect_filled(rect, f32::from(theme::RADIUS), theme.hover_bg);
            }
            line(ui, spec, enabled, rect);
            if response.on_hover_text(spec.help).clicked() && enabled {
                chosen = Some(spec.command);
            }
        }
    });
    (chosen, marked)
}

/// Title, menu and key of an entry.
fn line(ui: &mut Ui, spec: &Spec, enabled: bool, rect: egui::Rect) {
    let theme = Theme::of(ui.ctx());
    let color = if enabled { theme.text } else { theme.text_weak };
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let mut row = ui.new_child(
        egui::UiBuilder::new().max_rect(inner).layout(egui::Layout::left_to_right(egui::Align::Center)),
    );
    row.add(egui::Label::new(RichText::new(spec.title).color(color)).selectable(false));
    let menu = RichText::new(spec.menu.title()).font(theme::small()).color(theme.text_weak);
    row.add(egui::Label::new(menu).selectable(false));
    row.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if let Some(key) = spec.keys.first() {
            ui.add(
                egui::Label::new(RichText::new(key.to_string()).font(theme::small()).color(theme.text_weak))
                    .selectable(false),
            );
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::Command;

    #[test]
    fn the_title_counts_more_than_the_help() {
        assert_eq!(matches("save")[0].command, Command::Save);
        assert_eq!(matches("go to")[0].command, Command::GoTo);
        assert!(matches("zzz").is_empty());
        assert_eq!(matches("").len(), COMMANDS.len());
    }
}
