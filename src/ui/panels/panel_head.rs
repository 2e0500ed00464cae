//! The head of a panel that lists what a tool has found: what closes it, what can be done with the rows, what runs, what it
//! is of, and how far it is.

use crate::analysis::Unread;
use crate::session::{Action, Command, Session, describe};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{command_button, following, heading, named, sign_button, small_text};
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Align, Button, Color32, Layout, PopupCloseBehavior, Response, ScrollArea, Ui, vec2};
use std::ops::RangeInclusive;

/// The longest list in a menu of choices, in points.
const CHOICE_HEIGHT: f32 = 420.0;

/// Commands for rows, in groups with lines between them.
pub type CommandGroups = &'static [&'static [Command]];

/// What every head has.
pub struct PanelHead {
    pub title: &'static str,
    /// What ✕ does, with its help.
    pub close: (Action, &'static str),
    /// What ⋯ lists.
    pub commands: CommandGroups,
    /// What screen readers call ⋯, and its help.
    pub menu: (&'static str, &'static str),
}

impl PanelHead {
    /// Draws the head: `at_right` what runs, from right to left; `at_left` what stands behind the title.
    pub fn show(
        self,
        ui: &mut Ui,
        session: &Session,
        actions: &mut Vec<Action>,
        at_right: impl FnOnce(&mut Ui, &mut Vec<Action>),
        at_left: impl FnOnce(&mut Ui, &mut Vec<Action>),
    ) {
        let Self { title, close: (close, close_help), commands, menu: (name, help) } = self;
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if sign_button(ui, "✕", close_help).clicked() {
                    actions.push(close);
                }
                let menu = ui.menu_button("⋯", |ui| command_groups(ui, session, commands, actions)).response;
                named(&menu, name);
                menu.on_hover_text(help);
                at_right(ui, actions);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    heading(ui, title);
                    at_left(ui, actions);
                });
            });
        });
        ui.add_space(theme::UNIT);
    }
}

/// What can be done with rows, as in a menu.
pub fn command_groups(ui: &mut Ui, session: &Session, groups: CommandGroups, actions: &mut Vec<Action>) {
    for (at, group) in groups.iter().enumerate() {
        if at > 0 {
            ui.separator();
        }
        for command in *group {
            command_button(ui, session, *command, actions);
        }
    }
}

/// A button that ends what runs, or else begins it.
pub struct RunButton {
    pub runs: bool,
    /// The help of the button that ends it.
    pub stop_help: &'static str,
    /// What the button that begins it says, and runs.
    pub title: &'static str,
    pub command: Command,
    pub can_run: bool,
}

impl RunButton {
    /// Draws the button.
    pub fn show(self, ui: &mut Ui, actions: &mut Vec<Action>) {
        if self.runs {
            if ui.button("Stop").on_hover_text(self.stop_help).clicked() {
                actions.push(Action::CancelJob);
            }
            return;
        }
        let button = ui.add_enabled(self.can_run, Button::new(self.title));
        if button.on_hover_text(self.command.spec().help).clicked() {
            actions.push(Action::Run(self.command));
        }
    }
}

/// The choice between a few values, each with its title and its help; answers the one that was clicked.
pub fn choice_of<T: PartialEq, const N: usize>(
    ui: &mut Ui,
    chosen: &T,
    choices: [(T, &str, &str); N],
) -> Option<T> {
    let mut clicked = None;
    for (value, title, help) in choices {
        if ui.selectable_label(value == *chosen, title).on_hover_text(help).clicked() {
            clicked = Some(value);
        }
    }
    clicked
}

/// A button with a menu that stays open while the user chooses in it.
pub fn choice_button(ui: &mut Ui, title: &str, contents: impl FnOnce(&mut Ui)) -> Response {
    MenuButton::new(title)
        .config(MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside))
        .ui(ui, contents)
        .0
}

/// The lines of such a menu, which scroll.
pub fn choice_lines(ui: &mut Ui, width: f32, lines: impl FnOnce(&mut Ui)) {
    let area = ScrollArea::vertical().max_height(CHOICE_HEIGHT).min_scrolled_height(CHOICE_HEIGHT);
    ui.allocate_ui(vec2(width, CHOICE_HEIGHT), |ui| {
        area.auto_shrink([false, true]).show(ui, |ui| following(ui, lines));
    });
}

/// How far a panel is, in its head.
pub fn show_words(ui: &mut Ui, words: impl FnOnce(&Theme) -> (String, Color32)) {
    let (words, color) = words(Theme::of(ui.ctx()));
    small_text(ui, words, color);
}

/// Appends how many rows are chosen, where they are several.
pub fn push_chosen(chosen: Option<RangeInclusive<u64>>, words: &mut String) {
    let chosen = chosen.map_or(0, |rows| rows.end() - rows.start() + 1);
    if chosen > 1 {
        words.push_str(&format!(", {} chosen", describe::grouped(chosen)));
    }
}

/// How far a search is: `words`, and what is not as it should be of the bytes that were searched.
pub fn words_of_search(mut words: String, unread: &Unread, is_old: bool, theme: &Theme) -> (String, Color32) {
    if !unread.is_empty() {
        let reason = unread.reason().map(ToString::to_string).unwrap_or_default();
        words.push_str(&format!(". {} could not be read: {reason}", describe::bytes(unread.bytes())));
        return (words, theme.error);
    }
    if is_old {
        words.push_str(". The file has been changed since");
        return (words, theme.warn);
    }
    (words, theme.text_weak)
}
