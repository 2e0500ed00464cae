//! The command palette: any command by a part of its name, from the same table as the menus, with the lines of the
//! submenus and the buttons of the messages.

mod rank;

use super::entries::{self, MenuEntry};
use super::theme::{self, Theme};
use super::widgets::{named, plain_field, weak};
use crate::session::{Action, DialogAction, Session};
use egui::accesskit::{HasPopup, Role};
use egui::{
    Align, Align2, Area, Color32, Frame, Id, Key, Label, Layout, Modifiers, Order, Rect, RichText,
    ScrollArea, Sense, Ui, UiBuilder, vec2,
};

/// Characters of what is typed that a message repeats.
const MOST_REPEATED: usize = 60;

/// What is typed, and which entry the keys stand on.
#[derive(Debug, Default)]
pub struct PaletteState {
    text: String,
    at: usize,
    /// A key has moved it in this frame.
    moved: bool,
    /// Why the last chosen entry can't be run, until another text is typed or another entry is marked.
    refused: Option<String>,
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
/// Most rows that are visible at once.
const ROWS: usize = 12;

/// Draws the command palette over the window.
pub fn show(ui: &mut Ui, session: &Session, state: &mut PaletteState, actions: &mut Vec<Action>) {
    let theme = Theme::of(ui.ctx());
    let fresh = !std::mem::replace(&mut state.open, true);
    let ctx = ui.ctx().clone();
    let area =
        Area::new(Id::unique("palette")).order(Order::Foreground).anchor(Align2::CENTER_TOP, vec2(0.0, 72.0));
    let area = area.role(Role::Dialog).accessible_name("Command palette");
    // The keys do not go behind it.
    ctx.memory_mut(|memory| memory.set_modal_layer(area.layer()));
    let shown = area.show(&ctx, |ui| {
        let frame = Frame::popup(ui.style()).fill(theme.popup_bg).inner_margin(8);
        frame.show(ui, |ui| {
            ui.set_width(WIDTH.min(ctx.content_rect().width() - 48.0));
            contents(ui, session, state, fresh, actions);
        });
    });
    let outside = ctx.input(|input| {
        input.pointer.any_pressed()
            && input.pointer.interact_pos().is_some_and(|at| !shown.response.rect.contains(at))
    });
    if outside && !fresh {
        actions.push(Action::Dialog(DialogAction::Close));
    }
}

/// The field, the reason why the chosen entry can't be run, and the entries.
fn contents(
    ui: &mut Ui,
    session: &Session,
    state: &mut PaletteState,
    fresh: bool,
    actions: &mut Vec<Action>,
) {
    keys(ui, state);
    let field =
        plain_field(&mut state.text).hint_text("Type a command").desired_width(f32::INFINITY).id(field_id());
    let response = ui.add(field);
    if fresh {
        response.request_focus();
    }
    if response.changed() {
        (state.at, state.refused) = (0, None);
    }
    let found = rank::matching(entries::all(session), &state.text);
    state.at = state.at.min(found.len().saturating_sub(1));
    ui.add_space(theme::UNIT);
    if let Some(reason) = &state.refused {
        ui.label(RichText::new(reason).font(theme::small()).color(Theme::of(ui.ctx()).error));
    }
    if found.is_empty() {
        let typed: String = state.text.trim().chars().take(MOST_REPEATED).collect();
        weak(ui, format!("No command matches '{typed}'."));
    }
    named(&response, "command");
    let (chosen, current) = list(ui, state, &found);
    // The marked line counts as focused, although the text field has the focus.
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_has_popup(HasPopup::Listbox);
        if let Some(line) = current {
            node.set_active_descendant(line.accesskit_id());
        }
    });
    let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let by_key = Some(state.at).filter(|_| entered);
    let taken = chosen.or(by_key).and_then(|at| found.get(at));
    match taken {
        Some(entry) => {
            take(session, state, entry, actions);
            if !entry.enabled {
                response.request_focus();
            }
        }
        None if entered => response.request_focus(),
        None => {}
    }
}

/// Runs an entry. If it can't be run, the palette stays open and says why.
fn take(session: &Session, state: &mut PaletteState, entry: &MenuEntry, actions: &mut Vec<Action>) {
    if entry.enabled {
        actions.push(Action::Dialog(DialogAction::Close));
        actions.extend(entry.actions.iter().cloned());
    } else {
        let reason = entry.why_not(session);
        state.refused = Some(reason.clone());
        actions.push(Action::Dialog(DialogAction::Say(reason)));
    }
}

fn keys(ui: &Ui, state: &mut PaletteState) {
    let before = state.at;
    ui.input_mut(|input| {
        for (key, by) in [
            (Key::ArrowDown, 1),
            (Key::ArrowUp, -1),
            (Key::PageDown, ROWS as isize),
            (Key::PageUp, -(ROWS as isize)),
        ] {
            let pressed = input.count_and_consume_key(Modifiers::NONE, key) as isize;
            state.at = state.at.saturating_add_signed(by * pressed);
        }
    });
    state.moved = state.at != before;
    if state.moved {
        state.refused = None;
    }
}

/// The entries; answers the index of the one that was clicked, and the widget of the one that the keys stand on.
fn list(ui: &mut Ui, state: &PaletteState, found: &[MenuEntry]) -> (Option<usize>, Option<Id>) {
    let (mut chosen, mut marked) = (None, None);
    let rows = found.len().clamp(1, ROWS) as f32;
    let height = (ui.ctx().content_rect().height() - 180.0).min(ROW_HEIGHT * rows).max(ROW_HEIGHT);
    // The popup keeps the size of the last frame, so a short list would stay short.
    ScrollArea::vertical().max_height(height).min_scrolled_height(height).show(ui, |ui| {
        ui.ctx().accesskit_node_builder(ui.unique_id(), |node| {
            node.set_role(Role::ListBox);
            node.set_label("commands");
            node.set_size_of_set(found.len());
        });
        ui.spacing_mut().item_spacing.y = 0.0;
        for (at, entry) in found.iter().enumerate() {
            // The keys stay in the field.
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::CLICK);
            let (title, current) = (entry.full_title(), at == state.at);
            response.widget_info(|| egui::WidgetInfo::labeled(Role::ListBoxOption, entry.enabled, &title));
            ui.ctx().accesskit_node_builder(response.id, |node| {
                node.set_selected(current);
                node.set_description(&*entry.help);
                node.set_position_in_set(at);
                if let Some(key) = entry.key {
                    node.set_keyboard_shortcut(key.to_string());
                }
            });
            marked = marked.or(current.then_some(response.id));
            if current && state.moved {
                response.scroll_to_me(None);
            }
            if ui.is_rect_visible(rect) {
                row(ui, entry, &title, rect, (current, response.hovered()));
            }
            if response.on_hover_text(&entry.help).clicked() {
                chosen = Some(at);
            }
        }
    });
    (chosen, marked)
}

/// Title and menu at the left, the key at the right; marked when the keys stand on it or the pointer is over it.
fn row(ui: &mut Ui, entry: &MenuEntry, title: &str, rect: Rect, (current, hovered): (bool, bool)) {
    let theme = Theme::of(ui.ctx());
    let fill = match (current, hovered) {
        (true, _) => theme.accent_bg,
        (false, true) => theme.hover_bg,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, f32::from(theme::RADIUS), fill);
    let color = if entry.enabled { theme.text } else { theme.text_weak };
    let small = |text: String| Label::new(RichText::new(text).font(theme::small()).color(theme.text_weak));
    let layout = Layout::right_to_left(Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 0.0))).layout(layout));
    if let Some(key) = entry.key {
        ui.add(small(key.to_string()).selectable(false));
    }
    let mark = if entry.checked == Some(true) { "✓ " } else { "" };
    let menu = entry.place.split(" ▸ ").next().unwrap_or_default();
    ui.add(small(format!("{mark}{menu}")).selectable(false));
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add(Label::new(RichText::new(title).color(color)).truncate().selectable(false));
    });
}
