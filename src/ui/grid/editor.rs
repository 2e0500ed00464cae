//! The text field over a typed cell that is being edited in place.
//!
//! The text is the session's; what the user does to it comes back as events.

use super::{EditEnd, GridEvent};
use crate::session::view::CellEdit;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::plain_field;
use egui::text::{CCursor, CCursorRange};
use egui::{FontId, Id, Key, Margin, Rect, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, pos2, vec2};

/// The id of the field in the grid `grid`.
pub fn field_id(grid: Id) -> Id {
    grid.with("edit")
}

/// What is typed into which cell.
pub(super) struct Editor<'a> {
    pub(super) edit: &'a CellEdit,
    pub(super) cell: Rect,
    /// The field is nowhere else, however long its text is; it lives on while its cell is scrolled away.
    pub(super) body: Rect,
    /// A digit's width.
    pub(super) pitch: f32,
    pub(super) theme: &'a Theme,
    pub(super) font: &'a FontId,
}

/// Shows the field while a cell is edited. `opened` remembers which one had the focus given to it.
pub(super) fn show(
    ui: &mut Ui,
    id: Id,
    editor: Option<Editor<'_>>,
    opened: &mut Option<u64>,
    events: &mut Vec<GridEvent>,
) {
    let Some(Editor { edit, cell, body, pitch, theme, font }) = editor else {
        *opened = None;
        return;
    };
    let rect = place(edit, cell, body, pitch);
    let mut text = edit.text.clone();
    let (grid, id) = (id, field_id(id));
    let is_new = *opened != Some(edit.offset);
    follow_text(ui, id, edit, is_new);
    let field = plain_field(&mut text)
        .id(id)
        // Tab and Shift+Tab go to other cells, not to other fields.
        .lock_focus(true)
        .font(font.clone())
        .text_color(theme.text)
        .align(egui::Align2::RIGHT_CENTER)
        .margin(Margin::symmetric(theme::UNIT as i8, 0))
        .frame(egui::Frame::NONE.fill(theme.field_bg));
    let ended = ended(ui, id, grid);
    let mut room = ui.new_child(UiBuilder::new().max_rect(rect));
    let clip = body.expand2(vec2(theme::UNIT, 1.0)).intersect(ui.clip_rect());
    room.set_clip_rect(clip);
    // The cell is as high as a row, not as a field of a form.
    room.spacing_mut().interact_size.y = rect.height();
    let response = room.put(rect, field);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("value"));
    let edge = if edit.error.is_some() { theme.error } else { theme.accent };
    ui.painter().with_clip_rect(clip).rect_stroke(rect, 0.0, Stroke::new(1.0, edge), StrokeKind::Outside);
    if let Some(error) = &edit.error {
        response.show_tooltip_text(error.as_str());
    }
    ui.data_mut(|data| data.insert_temp(id.with("seen"), text.clone()));
    if is_new {
        *opened = Some(edit.offset);
        response.request_focus();
        if edit.is_old {
            select(ui, id, 0, edit.text.chars().count());
        }
    } else if response.changed() {
        events.push(GridEvent::EditChanged(text));
    }
    match ended {
        Some((Key::Escape, _)) => events.push(GridEvent::EditCancel),
        Some((_, end)) => events.push(GridEvent::EditCommit(end)),
        None if response.lost_focus() && *opened == Some(edit.offset) => {
            events.push(GridEvent::EditCommit(EditEnd::Elsewhere))
        }
        None => {}
    }
}

/// Puts the caret behind a text that the field has not made itself: what came while the grid still had the keys is
/// before what is typed next.
fn follow_text(ui: &Ui, id: Id, edit: &CellEdit, is_new: bool) {
    let seen = ui.data(|data| data.get_temp::<String>(id.with("seen")));
    if !edit.is_old && (is_new || seen.as_ref() != Some(&edit.text)) {
        let end = edit.text.chars().count();
        select(ui, id, end, end);
    }
}

/// The key that leaves the field. Read before the field sees the keys: Escape makes it give up the focus.
fn ended(ui: &Ui, field: Id, grid: Id) -> Option<(Key, EditEnd)> {
    let ended = ui.input(|state| {
        let tab = if state.modifiers.shift { EditEnd::BackTab } else { EditEnd::Tab };
        [(Key::Enter, EditEnd::Enter), (Key::Tab, tab), (Key::Escape, EditEnd::Elsewhere)]
            .into_iter()
            .find(|(key, _)| state.key_pressed(*key))
    });
    // Those of another field, such as one of the bar, are not about this one.
    let focused = ui.memory(egui::Memory::focused);
    ended.filter(|_| focused.is_none_or(|focused| focused == field || focused == grid))
}

/// Over the cell, and to the left of it as far as the text needs and the view goes.
fn place(edit: &CellEdit, cell: Rect, body: Rect, pitch: f32) -> Rect {
    let chars = edit.text.chars().take(1 << 12).count() + 2;
    let width = (chars as f32 * pitch).max(cell.width()).min(body.width());
    let right = if cell.right() < body.left() || cell.left() > body.right() {
        cell.right()
    } else {
        cell.right().clamp((body.left() + width).min(body.right()), body.right())
    };
    Rect::from_min_max(pos2(right - width, cell.top()), pos2(right, cell.bottom()))
        .expand2(vec2(theme::UNIT, 1.0))
}

/// Selects characters of the field; puts the caret at `to`.
fn select(ui: &Ui, id: Id, from: usize, to: usize) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(from), CCursor::new(to))));
    state.store(ui.ctx(), id);
}
