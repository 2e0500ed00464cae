//! The text field over a typed cell that is being edited in place.
//!
//! The text is the session's; what the user does to it comes back as events.

use super::{EditEnd, GridEvent};
use crate::session::view::CellEdit;
use crate::ui::theme::{self, Theme};
use egui::text::{CCursor, CCursorRange};
use egui::{FontId, Id, Key, Margin, Rect, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, pos2, vec2};

/// The id of the field in the grid `grid`.
pub fn field_id(grid: Id) -> Id {
    grid.with("edit")
}

/// What is typed into which cell.
pub(in crate::ui) struct Editor<'a> {
    pub(in crate::ui) edit: &'a CellEdit,
    pub(in crate::ui) cell: Rect,
    /// A digit's width.
    pub(in crate::ui) pitch: f32,
    pub(in crate::ui) theme: &'a Theme,
    pub(in crate::ui) font: &'a FontId,
}

/// Shows the field while a cell is edited. `opened` remembers which one had the focus given to it.
pub(in crate::ui) fn show(
    ui: &mut Ui,
    id: Id,
    editor: Option<Editor<'_>>,
    opened: &mut Option<u64>,
    events: &mut Vec<GridEvent>,
) {
    let Some(Editor { edit, cell, pitch, theme, font }) = editor else {
        *opened = None;
        return;
    };
    let wanted = (edit.text.chars().count() + 2) as f32 * pitch;
    let rect = Rect::from_min_max(pos2(cell.right() - cell.width().max(wanted), cell.top()), cell.max)
        .expand2(vec2(theme::UNIT, 1.0));
    let mut text = edit.text.clone();
    let id = field_id(id);
    let field = TextEdit::singleline(&mut text)
        .id(id)
        .font(font.clone())
        .text_color(theme.text)
        .align(egui::Align2::RIGHT_CENTER)
        .margin(Margin::symmetric(theme::UNIT as i8, 0))
        .frame(egui::Frame::NONE.fill(theme.field_bg));
    // Read before the field sees the keys: Escape makes it give up the focus.
    let ended = ui.input(|state| {
        [(Key::Enter, EditEnd::Enter), (Key::Tab, EditEnd::Tab), (Key::Escape, EditEnd::Elsewhere)]
            .into_iter()
            .find(|(key, _)| state.key_pressed(*key))
    });
    let mut room = ui.new_child(UiBuilder::new().max_rect(rect));
    // The cell is as high as a row, not as a field of a form.
    room.spacing_mut().interact_size.y = rect.height();
    let response = room.put(rect, field);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("value"));
    let edge = if edit.error.is_some() { theme.error } else { theme.accent };
    ui.painter().rect_stroke(rect, 0.0, Stroke::new(1.0, edge), StrokeKind::Outside);
    if let Some(error) = &edit.error {
        response.show_tooltip_text(error.as_str());
    }
    if *opened != Some(edit.offset) {
        *opened = Some(edit.offset);
        response.request_focus();
        if edit.is_old {
            select_all(ui, id, &edit.text);
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

fn select_all(ui: &Ui, id: Id, text: &str) {
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    state.store(ui.ctx(), id);
}
