//! The menu bar and its keys: Alt with a menu's letter, F10, Alt alone, and the arrows from menu to menu.

use super::focus_ring::{self, Stop};
use super::menus;
use super::theme::{self, Theme};
use super::widgets::named;
use crate::session::command::Menu;
use crate::session::{Action, Command, Session};
use egui::accesskit::{HasPopup, Role};
use egui::containers::menu::{MenuButton, MenuState};
use egui::text::{LayoutJob, TextFormat};
use egui::{Button, Context, Event, Id, Key, MenuBar, Modifiers, Popup, RichText, Stroke, Ui};

/// What the keys ask of the bar.
#[derive(Debug, Default)]
pub struct MenuBarState {
    /// The menu that is to be opened, with the keys in its first line.
    open: Option<Menu>,
    /// The bar is to have the keys, with no menu open.
    take_keys: bool,
    /// Alt went down and nothing has been done since.
    alt_alone: bool,
    /// The menu that was open in the last frame, and whether one of its submenus was.
    shown: Option<(Menu, bool)>,
}

impl MenuBarState {
    /// Takes the keys that are the bar's. A question over the window keeps them for itself.
    pub fn keys(&mut self, ctx: &Context, session: &Session) {
        if session.dialog().is_some() {
            self.alt_alone = false;
            return;
        }
        ctx.input_mut(|input| input.events.retain(|event| !self.takes(event)));
    }

    fn takes(&mut self, event: &Event) -> bool {
        match event {
            Event::Key { key: Key::AltLeft, pressed, repeat, modifiers, .. } => {
                // With another of these keys it switches keyboard layouts, or is a command of the desktop.
                let is_alone = !is_with_others(*modifiers);
                self.take_keys |= !pressed && self.alt_alone && is_alone;
                self.alt_alone = *pressed && is_alone && (self.alt_alone || !repeat);
            }
            Event::ModifiersChanged(modifiers) => self.alt_alone &= !is_with_others(*modifiers),
            Event::Key { key, pressed: true, modifiers, .. } => {
                self.alt_alone = false;
                // A menu that has not been drawn yet is closed all the same.
                self.open = self.open.filter(|_| *key != Key::Escape);
                self.open = menu_of(*key, *modifiers).or(self.open);
                return menu_of(*key, *modifiers).is_some();
            }
            Event::PointerButton { .. }
            | Event::MouseWheel { .. }
            | Event::PointerGone
            | Event::WindowFocused(_) => {
                self.alt_alone = false;
            }
            _ => {}
        }
        false
    }
}

/// Whether a key beside Alt is held.
fn is_with_others(modifiers: Modifiers) -> bool {
    modifiers.shift || modifiers.ctrl || modifiers.command
}

/// The menu that a key opens.
fn menu_of(key: Key, modifiers: Modifiers) -> Option<Menu> {
    if key == Key::F10 && modifiers == Modifiers::NONE {
        return Some(Menu::File);
    }
    let letter = |menu: &Menu| key.name().chars().eq([menu.letter()]);
    Menu::ALL.into_iter().find(letter).filter(|_| modifiers == Modifiers::ALT)
}

/// The bar: the menus at the left, the palette at the right.
pub fn show(ui: &mut Ui, session: &Session, state: &mut MenuBarState, actions: &mut Vec<Action>) {
    focus_ring::name(ui, Stop::Menu.name());
    let bar = MenuBar::new().ui(ui, |ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::MenuBar);
            node.set_label("menus");
        });
        let mut buttons = Vec::new();
        let was = state.shown.take();
        for menu in Menu::ALL {
            buttons.push((menu, one(ui, session, menu, state, actions)));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let spec = Command::Palette.spec();
            let key = spec.keys.first().map(ToString::to_string).unwrap_or_default();
            let text = RichText::new(format!("Commands  {key}"))
                .font(theme::small())
                .color(Theme::of(ui.ctx()).text_weak);
            let button = ui.add(Button::new(text).frame_when_inactive(false)).on_hover_text(spec.tooltip());
            named(&button, spec.title);
            if button.clicked() {
                actions.push(Action::Run(Command::Palette));
            }
        });
        (buttons, was)
    });
    focus_ring::mark(ui, Stop::Menu, bar.response.rect);
    let (buttons, was) = bar.inner;
    step(ui, &buttons, was, state);
}

/// A menu of the bar; answers the id of its button.
fn one(
    ui: &mut Ui,
    session: &Session,
    menu: Menu,
    state: &mut MenuBarState,
    actions: &mut Vec<Action>,
) -> Id {
    let opens = state.open == Some(menu);
    let button = MenuButton::new(title(ui, menu));
    let mut wants_keys = false;
    let (response, inner) = button.ui(ui, |ui| {
        ui.set_min_width(240.0);
        let root = egui::containers::menu::find_menu_root(ui).unique_id;
        ui.ctx().accesskit_node_builder(root, |node| node.set_label(menu.title()));
        wants_keys = opens && !ui.is_sizing_pass();
        menus::entries(ui, session, menu, wants_keys, actions);
    });
    let popup = Popup::default_response_id(&response);
    if opens && inner.is_none() {
        Popup::open_id(ui.ctx(), popup);
        ui.ctx().request_repaint();
    }
    if wants_keys {
        state.open = None;
    }
    if std::mem::take(&mut state.take_keys) {
        response.request_focus();
    }
    if inner.is_some() {
        state.shown = Some((menu, !MenuState::is_deepest_open_sub_menu(ui.ctx(), popup)));
    }
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_role(Role::MenuItem);
        node.set_has_popup(HasPopup::Menu);
        node.set_expanded(inner.is_some());
        node.set_keyboard_shortcut(format!("Alt+{}", menu.letter()));
    });
    response.id
}

/// The menu's title; its letter is underlined while Alt is held.
fn title(ui: &Ui, menu: Menu) -> LayoutJob {
    let style = ui.style();
    let color = egui::Color32::PLACEHOLDER;
    let format = TextFormat::simple(egui::TextStyle::Button.resolve(style), color);
    let held = ui.input(|input| input.modifiers.alt) && !ui.ctx().os().is_mac();
    let mut job = LayoutJob::default();
    let at = menu.title().char_indices().find(|(_, c)| c.eq_ignore_ascii_case(&menu.letter()));
    let (at, letter) = at.unwrap_or((0, ' '));
    let (before, rest) = menu.title().split_at(at);
    let (letter, after) = rest.split_at(letter.len_utf8().min(rest.len()));
    let line = if held { Stroke::new(1.0, Theme::of(ui.ctx()).text) } else { Stroke::NONE };
    job.append(before, 0.0, format.clone());
    job.append(letter, 0.0, TextFormat { underline: line, ..format.clone() });
    job.append(after, 0.0, format);
    job
}

/// Left and Right go from an open menu to its neighbour, unless a submenu is opened or left by them. Down opens the
/// menu whose title has the keys.
fn step(ui: &Ui, buttons: &[(Menu, Id)], was: Option<(Menu, bool)>, state: &mut MenuBarState) {
    let (left, right, down) = ui.input(|input| {
        let plain = input.modifiers.is_none();
        let pressed = |key| plain && input.key_pressed(key);
        (pressed(Key::ArrowLeft), pressed(Key::ArrowRight), pressed(Key::ArrowDown))
    });
    if state.open.is_some() || !(left || right || down) {
        return;
    }
    let focused = ui.memory(egui::Memory::focused);
    let on_title = buttons.iter().find(|(_, id)| Some(*id) == focused).map(|(menu, _)| *menu);
    let Some((open, in_submenu)) = state.shown.or(was) else {
        state.open = on_title.filter(|_| down);
        return;
    };
    let enters = right && menus::on_submenu(ui.ctx());
    if in_submenu || was.is_some_and(|(_, in_submenu)| in_submenu) || enters || !(left || right) {
        return;
    }
    let at = buttons.iter().position(|(menu, _)| *menu == open).unwrap_or(0);
    let next = (at + if right { 1 } else { buttons.len() - 1 }) % buttons.len();
    Popup::close_all(ui.ctx());
    state.open = Some(buttons[next].0);
    ui.ctx().request_repaint();
}
