//! The question for a path to open: the names in its folder, completed by Tab, with what is wrong inside.

use super::buttons::{self, plain, primary};
use super::{Fields, entered, first_field, mark, title, typed_path};
use crate::bytes::folder::FolderEntry;
use crate::escape::{PathText, escaped};
use crate::session::{Action, DialogAction, OpenAction, Session};
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{data_field, error_line, named, weak};
use egui::{
    Align, FocusDirection, Id, Key, Label, Layout, Modifiers, Rangef, Rect, Response, RichText, ScrollArea,
    Sense, Ui, UiBuilder, vec2,
};
use std::ops::Range;
use std::path::{MAIN_SEPARATOR, PathBuf, is_separator};

/// Rows of names; the dialog keeps this height.
const ROWS: usize = 8;
const ROW_HEIGHT: f32 = 22.0;
/// Names that are compared with what is typed, in a frame.
const LOOKED_AT: usize = 50_000;

/// Which name the keys stand on, and what the field began with.
#[derive(Debug, Default)]
pub struct PathState {
    at: Option<usize>,
    /// A key has moved it in this frame.
    moved: bool,
    /// Tab was pressed before the names were known: they are completed when they come.
    completes: bool,
    started: u64,
}

impl PathState {
    /// For another question: the same folder is not begun with twice.
    pub fn of_another(&self) -> Self {
        Self { started: self.started, ..Self::default() }
    }
}

/// The names that what is typed may become.
struct Offered<'a> {
    folder: PathBuf,
    names: Vec<&'a FolderEntry>,
    /// Whether the folder has been read: until then there are no names, and nothing is known of them.
    is_known: bool,
}

impl<'a> Offered<'a> {
    fn of(text: &str, session: &'a Session) -> Self {
        let (folder, prefix) = split(text);
        let help = session.path_help();
        let is_known = help.is_listed() && help.folder() == Some(&*folder);
        let names = if is_known { fitting(help.names(), &text[prefix]) } else { Vec::new() };
        Self { folder, names, is_known }
    }
}

/// Draws the field for a path and what completes it.
pub fn show(ui: &mut Ui, session: &Session, fields: &mut Fields, actions: &mut Vec<Action>) {
    title(ui, "Open path");
    weak(ui, "The path of a file. Tab completes names; ~ is your home folder.");
    follow_start(ui, session, fields);
    let before = fields.first.clone();
    let mut offered = Offered::of(&before, session);
    keys(ui, fields, &offered);
    let field = data_field(&mut fields.first, f32::INFINITY).id(first_field()).lock_focus(true);
    let response = ui.add(field);
    named(&response, "path");
    if response.changed() {
        (fields.path.at, fields.path.completes) = (None, false);
    }
    if fields.first != before {
        offered = Offered::of(&fields.first, session);
    }
    if session.path_help().folder() != Some(&*offered.folder) {
        actions.push(Action::Open(OpenAction::ListFolder(offered.folder.clone())));
    }
    if std::mem::take(&mut fields.fresh) {
        response.request_focus();
        mark(ui, response.id, 0..fields.first.chars().count());
    }
    let mut back_round = leave(ui, &response);
    let mut sent = entered(ui, &response);
    if let Some(clicked) = list(ui, session, fields, &offered, &response) {
        take(ui, fields, clicked);
        sent = !clicked.is_folder;
    } else if let Some(chosen) = fields.path.at.filter(|_| sent).and_then(|at| offered.names.get(at)) {
        take(ui, fields, chosen);
        sent = !chosen.is_folder;
        response.request_focus();
    }
    error_line(ui, session.dialog_error());
    // The field is the first in the dialog, so what comes before it is the last button.
    match buttons::row(ui, &[plain("Cancel"), primary("Open")], Some(1), &mut back_round) {
        Some(0) => actions.push(Action::Dialog(DialogAction::Close)),
        Some(_) => sent = true,
        None => {}
    }
    if sent {
        actions.push(Action::Open(OpenAction::Typed(typed_path(fields.first.trim()))));
        ui.memory_mut(|memory| memory.request_focus(first_field()));
    }
}

/// A Tab that completed nothing goes on to what comes after the field; `true` when it goes the other way round.
fn leave(ui: &Ui, response: &Response) -> bool {
    if !response.has_focus() || !ui.input(|input| input.key_pressed(Key::Tab)) {
        return false;
    }
    ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab));
    let back_round = ui.input(|input| input.modifiers.shift);
    if !back_round {
        ui.memory_mut(|memory| {
            memory.surrender_focus(response.id);
            memory.move_focus(FocusDirection::Next);
        });
    }
    back_round
}

/// A folder that was dropped, given or sent: the field goes on from it.
fn follow_start(ui: &Ui, session: &Session, fields: &mut Fields) {
    let (number, start) = session.path_help().start();
    if number == fields.path.started {
        return;
    }
    fields.path.started = number;
    if let Some(start) = start {
        fields.first = start.join("").typed();
        fields.fresh = false;
        let end = fields.first.chars().count();
        ui.memory_mut(|memory| memory.request_focus(first_field()));
        mark(ui, first_field(), end..end);
    }
}

/// The folder of what is typed, and which bytes of the text are the name in it.
fn split(text: &str) -> (PathBuf, Range<usize>) {
    let end = text.trim_end().len();
    let start = text[..end].rfind(is_separator).map_or(0, |at| at + 1);
    // '~' alone is a folder, and no beginning of a name.
    if &text[..end] == "~" {
        return (typed_path("~"), end..end);
    }
    let folder = if start == 0 { PathBuf::from(".") } else { typed_path(&text[..start]) };
    (folder, start..end)
}

/// The names that begin with what is typed, in any case of letters; hidden ones only when a point is typed.
fn fitting<'a>(names: &'a [FolderEntry], typed: &str) -> Vec<&'a FolderEntry> {
    let wanted = typed.to_lowercase();
    let fits = |named: &&FolderEntry| {
        let name = named.name.to_string_lossy().to_lowercase();
        name.starts_with(&wanted) && (!name.starts_with('.') || wanted.starts_with('.'))
    };
    names.iter().take(LOOKED_AT).filter(fits).collect()
}

/// What all of these names begin with.
fn common(fitting: &[&FolderEntry]) -> String {
    let mut names = fitting.iter().map(|named| named.name.to_string_lossy());
    let Some(first) = names.next() else { return String::new() };
    let mut len = first.chars().count();
    for name in names {
        len = first.chars().zip(name.chars()).take(len).take_while(|(a, b)| a == b).count();
    }
    first.chars().take(len).collect()
}

/// Tab completes, Down and Up choose; a key that does nothing here is left.
fn keys(ui: &Ui, fields: &mut Fields, offered: &Offered<'_>) {
    fields.path.moved = false;
    if !ui.memory(|memory| memory.has_focus(first_field())) {
        return;
    }
    let steps = ui.input_mut(|input| {
        input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as isize
            - input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as isize
    });
    if steps != 0 && !offered.names.is_empty() {
        let at = fields.path.at.map_or(steps - 1, |at| at as isize + steps);
        fields.path.at = Some(at.clamp(0, offered.names.len() as isize - 1) as usize);
        fields.path.moved = true;
    }
    let is_pressed = ui.input(|input| input.key_pressed(Key::Tab) && !input.modifiers.shift);
    let consume = || ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Tab));
    if !offered.is_known {
        fields.path.completes |= is_pressed && consume();
    } else if (std::mem::take(&mut fields.path.completes) || is_pressed) && complete(ui, fields, offered) {
        consume();
    }
}

/// Completes what is typed as far as the names tell; `false` when it is complete, or the names go apart there.
fn complete(ui: &Ui, fields: &mut Fields, offered: &Offered<'_>) -> bool {
    let names = &offered.names;
    let chosen = fields.path.at.and_then(|at| names.get(at)).or(names.first().filter(|_| names.len() == 1));
    let (_, prefix) = split(&fields.first);
    let typed = &fields.first[prefix.clone()];
    if let Some(named) = chosen {
        let is_more = typed != named.name.to_string_lossy() || named.is_folder;
        if is_more {
            take(ui, fields, named);
        }
        return is_more;
    }
    let completed = common(names);
    let is_more = completed.chars().count() > typed.chars().count();
    if is_more {
        fields.first.replace_range(prefix, &completed);
        end_of_text(ui, fields);
    }
    is_more
}

/// Puts a name in the place of the one that is being typed.
fn take(ui: &Ui, fields: &mut Fields, named: &FolderEntry) {
    let mut name = named.name.to_string_lossy().into_owned();
    if named.is_folder {
        name.push(MAIN_SEPARATOR);
    }
    let (_, prefix) = split(&fields.first);
    let tilde = fields.first.trim_end() == "~";
    fields.first.truncate(prefix.end);
    fields.first.replace_range(prefix, &name);
    if tilde {
        fields.first.insert(1, MAIN_SEPARATOR);
    }
    fields.path.at = None;
    end_of_text(ui, fields);
}

fn end_of_text(ui: &Ui, fields: &Fields) {
    let end = fields.first.chars().count();
    mark(ui, first_field(), end..end);
    ui.memory_mut(|memory| memory.request_focus(first_field()));
}

/// The names; answers the one that was clicked. The one that the keys stand on is told as what `field` has chosen.
fn list<'a>(
    ui: &mut Ui,
    session: &Session,
    fields: &Fields,
    offered: &Offered<'a>,
    field: &Response,
) -> Option<&'a FolderEntry> {
    let mut clicked = None;
    let height = ROWS as f32 * ROW_HEIGHT;
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = ScrollArea::vertical().id_salt(Id::unique("names of a folder"));
    let area = area.min_scrolled_height(height).max_height(height).auto_shrink(false);
    area.show_rows(ui, ROW_HEIGHT, offered.names.len().max(1), |ui, rows| {
        if offered.names.is_empty() {
            weak(ui, why_none(session, offered));
        }
        if let Some(at) = fields.path.at.filter(|_| fields.path.moved) {
            // The row may be out of sight and not be drawn.
            let top = ui.max_rect().top() + (at as f32 - rows.start as f32) * ROW_HEIGHT;
            let row = Rect::from_x_y_ranges(ui.max_rect().x_range(), Rangef::new(top, top + ROW_HEIGHT));
            ui.scroll_to_rect(row, None);
        }
        for (at, named) in offered.names.iter().enumerate().take(rows.end).skip(rows.start) {
            let current = fields.path.at == Some(at);
            let row = name_row(ui, named, current);
            if current {
                let line = row.id.accesskit_id();
                ui.ctx().accesskit_node_builder(field.id, |node| node.set_active_descendant(line));
            }
            if row.clicked() {
                clicked = Some(*named);
            }
        }
    });
    ui.spacing_mut().item_spacing.y = theme::UNIT * 2.0;
    clicked
}

/// What stands in the place of names.
fn why_none(session: &Session, offered: &Offered<'_>) -> String {
    match session.path_help().error() {
        _ if !offered.is_known => String::from("Reading the folder…"),
        Some(error) => format!("This folder can't be listed: {error}."),
        None => String::from("No name in this folder begins with this text."),
    }
}

fn name_row(ui: &mut Ui, named: &FolderEntry, current: bool) -> Response {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::CLICK);
    let name = named.name.to_string_lossy();
    let shown = format!("{}{}", escaped(&name), if named.is_folder { "/" } else { "" });
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::ListItem, true, current, &shown));
    let fill = match (current, response.hovered()) {
        (true, _) => theme.accent_bg,
        (false, true) => theme.hover_bg,
        (false, false) => egui::Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, f32::from(theme::RADIUS), fill);
    let color = if named.is_folder { theme.accent } else { theme.text };
    let label =
        Label::new(RichText::new(shown).font(theme::mono()).color(color)).truncate().selectable(false);
    let inside = UiBuilder::new().max_rect(rect.shrink2(vec2(6.0, 0.0)));
    ui.new_child(inside.layout(Layout::left_to_right(Align::Center))).add(label);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, is_folder: bool) -> FolderEntry {
        FolderEntry { name: name.into(), is_folder }
    }

    #[test]
    fn a_path_is_a_folder_and_the_beginning_of_a_name() {
        assert_eq!(split("/a/b"), (PathBuf::from("/a/"), 3..4));
        assert_eq!(split("/a/"), (PathBuf::from("/a/"), 3..3));
        assert_eq!(split("b"), (PathBuf::from("."), 0..1));
    }

    #[test]
    fn what_all_names_begin_with_is_completed() {
        let names = [named("model-1.npy", false), named("model-2.npy", false), named(".hidden", false)];
        let all: Vec<&FolderEntry> = names.iter().collect();
        assert_eq!(common(&all[..2]), "model-");
        assert_eq!(fitting(&names, "MO").len(), 2);
        assert_eq!(fitting(&names, "").len(), 2, "hidden names are not in the way");
        assert_eq!(fitting(&names, ".").len(), 1);
        assert_eq!(common(&[]), "");
    }
}
