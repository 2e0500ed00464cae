//! What the clipboard holds, as a question: the readings that fit, one under the other, and the bytes of the chosen
//! one.
//!
//! Up and Down choose, Enter pastes, Escape leaves; the buttons are reached by Tab.

use super::buttons::{self, plain, primary};
use super::title;
use crate::decode::hex;
use crate::session::{Action, ClipboardAction, DialogAction, PasteChoice, Session, describe};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::weak;
use egui::{
    Align, EventFilter, Frame, Id, Key, Label, Layout, Modal, Modifiers, RichText, ScrollArea, Sense, Ui,
    vec2,
};

/// Points that it takes where the window has them.
const WIDTH: f32 = 560.0;
/// Points of the window beside it at least.
const BESIDE: f32 = 64.0;
const ROW_HEIGHT: f32 = 26.0;
/// Readings that are seen at once; the list scrolls for more.
const ROWS: f32 = 6.0;
/// The preview: lines, and bytes a line where they fit.
const LINES: usize = 5;
const COLUMNS: usize = 16;
/// Points around the preview.
const MARGIN: i8 = 8;

/// Up and Down are the list's; Tab leaves it.
const KEPT_KEYS: EventFilter =
    EventFilter { tab: false, horizontal_arrows: false, vertical_arrows: true, escape: false };

/// Draws the dialog with the readings of what is on the clipboard; nothing when there is no choice.
pub fn show(ui: &mut Ui, session: &Session, actions: &mut Vec<Action>) {
    let Some(choice) = session.paste_choice() else { return };
    let theme = Theme::of(ui.ctx());
    let frame = Frame::popup(ui.style()).fill(theme.popup_bg).inner_margin(16);
    let modal =
        Modal::new(Id::unique("paste as")).frame(frame).backdrop_color(egui::Color32::from_black_alpha(60));
    let response = modal.show(ui.ctx(), |ui| {
        ui.set_width(WIDTH.min(ui.ctx().content_rect().width() - BESIDE));
        ui.spacing_mut().item_spacing.y = theme::UNIT * 2.0;
        title(ui, choice.title);
        ui.add(Label::new(&choice.explanation).wrap());
        let has_keys = list(ui, choice, actions);
        preview(ui, choice);
        answers(ui, has_keys, actions);
    });
    if response.backdrop_response.clicked() {
        actions.push(Action::Dialog(DialogAction::Close));
    }
}

/// The list, which has the keys from the start.
pub fn list_id() -> Id {
    Id::unique("paste as list")
}

/// The readings; answers whether the keys go to them, or nowhere.
fn list(ui: &mut Ui, choice: &PasteChoice, actions: &mut Vec<Action>) -> bool {
    let id = list_id();
    let rows = (choice.options.len() as f32).min(ROWS);
    let place = ui.available_rect_before_wrap();
    let place = egui::Rect::from_min_size(place.min, vec2(place.width(), rows * ROW_HEIGHT));
    let whole = ui.interact(place, id, Sense::focusable_noninteractive());
    whole.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ListBox, true, choice.title);
        info.current_text_value = choice.options.get(choice.at).map(|option| option.label.clone());
        info
    });
    let focused = ui.memory(egui::Memory::focused);
    let has_keys = focused.is_none() || focused == Some(id);
    if focused.is_none() {
        whole.request_focus();
    }
    let mut moved = None;
    if has_keys {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, KEPT_KEYS));
        ui.input_mut(|input| {
            if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
                moved = Some(choice.at + 1);
            }
            if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
                moved = Some(choice.at.saturating_sub(1));
            }
        });
    }
    let scroll = ScrollArea::vertical().max_height(rows * ROW_HEIGHT).auto_shrink([false, true]);
    scroll.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        for at in 0..choice.options.len() {
            if let Some(action) = row(ui, choice, at, moved.is_some()) {
                actions.push(action);
            }
        }
    });
    if let Some(at) = moved {
        actions.push(Action::Clipboard(ClipboardAction::PointAt(at)));
    }
    has_keys
}

fn row(ui: &mut Ui, choice: &PasteChoice, at: usize, moved: bool) -> Option<Action> {
    let theme = Theme::of(ui.ctx());
    let option = &choice.options[at];
    let is_chosen = at == choice.at;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::CLICK);
    let bytes = describe::bytes(option.byte_count());
    response.widget_info(|| {
        let label = format!("{}, {bytes}", option.label);
        egui::WidgetInfo::selected(egui::Role::ListBoxOption, true, is_chosen, label)
    });
    if is_chosen {
        ui.painter().rect_filled(rect, f32::from(theme::RADIUS), theme.accent_bg);
        if moved {
            response.scroll_to_me(None);
        }
    } else if response.hovered() {
        ui.painter().rect_filled(rect, f32::from(theme::RADIUS), theme.hover_bg);
    }
    let layout = Layout::left_to_right(Align::Center);
    let mut inner =
        ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 0.0))).layout(layout));
    let text = |text: String| Label::new(RichText::new(text).color(theme.text)).selectable(false).truncate();
    inner.add(text(option.label.clone()));
    inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
        weak(ui, bytes);
    });
    let double = response.double_clicked();
    (response.clicked() || double).then_some(if double && is_chosen {
        Action::Clipboard(ClipboardAction::PasteChosen)
    } else {
        Action::Clipboard(ClipboardAction::PointAt(at))
    })
}

/// The first bytes of the chosen reading as hex and text. Its height does not change.
fn preview(ui: &mut Ui, choice: &PasteChoice) {
    let theme = Theme::of(ui.ctx());
    let Some(option) = choice.options.get(choice.at) else { return };
    let frame = Frame::new().fill(theme.field_bg).inner_margin(MARGIN).corner_radius(theme::RADIUS);
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        let pitch = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono(), '0'));
        let fit =
            if line_chars(COLUMNS) as f32 * pitch > ui.available_width() { COLUMNS / 2 } else { COLUMNS };
        let lines: Vec<String> =
            option.preview.chunks(fit).take(LINES).map(|bytes| line(bytes, fit)).collect();
        for at in 0..LINES {
            let text = match lines.get(at) {
                Some(line) => line.as_str(),
                None if at == 0 => "The bytes are shown when they are pasted.",
                None => " ",
            };
            ui.add(Label::new(RichText::new(text).font(theme::mono())).extend().selectable(false));
        }
    });
}

/// Characters of a line: three for each byte in hex, one for its character, a space between.
const fn line_chars(bytes: usize) -> usize {
    4 * bytes + 1
}

fn line(bytes: &[u8], room: usize) -> String {
    let shown: String =
        bytes.iter().map(|byte| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '·' }).collect();
    let width = 3 * room;
    format!("{:<width$} {shown}", hex::format(bytes, false, " "))
}

fn answers(ui: &mut Ui, has_keys: bool, actions: &mut Vec<Action>) {
    weak(ui, "↑ ↓ choose, Enter pastes");
    let by_key = has_keys && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    let choices = [plain("Cancel"), primary("Paste")];
    // The list has the keys from the start.
    match buttons::row(ui, &choices, None, &mut false) {
        Some(0) => actions.push(Action::Dialog(DialogAction::Close)),
        Some(_) => actions.push(Action::Clipboard(ClipboardAction::PasteChosen)),
        None if by_key => actions.push(Action::Clipboard(ClipboardAction::PasteChosen)),
        None => {}
    }
}
