//! Who does what: one arm an action, one arm a command. The arms call; they decide nothing.

use super::action::Action;
use super::arrays::ArrayAction;
use super::command::Command;
use super::dialog::Dialog;
use super::editing::{Done, NO_DELETING};
use super::finding::Reach;
use super::pane::PaneId;
use super::saving::After;
use super::tab::Tab;
use super::view::{Column, Motion, Selection, ViewFormat, Viewport};
use super::{ARRAYS, CHANGES, ClipboardAction, INSPECTOR, OpenOptions, Request, Session};
use crate::bytes::Span;
use crate::state;

/// Factor between two sizes of the grid's text.
const ZOOM_STEP: f32 = 1.1;

impl Session {
    /// Does what the window asks.
    pub fn apply(&mut self, action: Action) {
        if !keeps_hint(&action) {
            self.hint.clear();
        }
        let before = self.typed();
        self.act(action);
        self.stay_where_typed(before);
        self.log_edits();
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run(command),
            action if is_of_paths(&action) => self.act_on_path(action),
            Action::NameNothing(asked) => self.name_nothing(&asked),
            Action::SaveTo { asked, path } => self.take_name(asked, path, false),
            Action::Offer(id, way) => self.take_offer(id, way),
            Action::ReplaceFile { asked, path } => self.take_name(asked, path, true),
            Action::SaveAnyway(id) => self.save(id, true, After::Stay),
            Action::SaveDamaged(id) => self.go_on_saving(id),
            Action::SaveAsPlanned(id) => self.save_as_planned(id),
            Action::Recover(id, choice) => self.recover(id, choice),
            Action::ShowOldBytes(id) => self.show_old_bytes(id),
            Action::Reload(id) => self.reload(id, self.dialog == Some(Dialog::ConfirmReload(id))),
            Action::KeepMine(id) => self.keep_mine(id),
            Action::Follow(id) => self.follow(id, true),
            Action::CameBack => self.look_at_files(),
            Action::SelectTab(id) => self.select_tab(id),
            Action::Arrange(arrangement) => self.arrange(arrangement),
            Action::SetInspected { row, order, text } => self.type_inspected(row, order, &text),
            Action::CloseTab(id) => self.close_tab(id),
            Action::DiscardAndClose(id) => self.drop_tab(id),
            Action::SaveAndClose(id) => self.save_and_close(id),
            Action::DiscardAndQuit => self.request(Request::Quit),
            Action::SaveAllAndQuit => self.save_all_and_quit(),
            Action::Say(text) => self.say_of_field(text),
            Action::Show(dialog) => self.show_dialog(dialog),
            Action::ShowBecause(dialog, why) => self.show_dialog_because(dialog, why),
            Action::CloseDialog => self.close_dialog(),
            Action::Dismiss(id) => self.dismiss(id),
            Action::CopyMessage(id) => self.copy_message(Some(id)),
            Action::Escape => self.escape(),
            Action::PasteSystem { pasted, way } => self.paste(pasted, way),
            Action::Clipboard(action) => self.act_on_clipboard(action),
            Action::CopyAs(format) => self.copy_as(format, false),
            Action::SetQuery(query) => self.set_query(query),
            Action::ShowInspected { row, shown } => self.show_inspected(row, shown),
            Action::ShowUsualInspected => self.change_settings(|settings| settings.inspector.clear()),
            Action::FindFrom { backwards } => self.find(backwards),
            Action::ReplaceOne => self.replace_one(),
            Action::ReplaceAll(reach) => self.find_all(reach, true),
            Action::CloseFind => self.close_find(),
            Action::ShowMatch(n) => self.show_match_line(n),
            Action::CloseMatches => self.close_matches(),
            Action::CancelJob => self.cancel_job(),
            Action::Array(action) => self.act_on_array(action),
            action @ (Action::GoTo(_)
            | Action::SelectRange(_)
            | Action::SetBase(_)
            | Action::InsertRun(_)
            | Action::AppendRun(_)
            | Action::Fill(_)) => self.answer_dialog(&action),
            action => self.apply_to_front(action),
        }
        self.poll_recording();
    }

    /// What only the tab in front is concerned with; how bytes are shown is kept for the next file.
    fn apply_to_front(&mut self, action: Action) {
        let reformats = matches!(action, Action::Format { .. });
        self.apply_to_tab(action);
        if reformats {
            self.keep_format();
        }
    }

    /// What only the tab in front is concerned with.
    fn apply_to_tab(&mut self, action: Action) {
        let Some(tab) = self.tab_mut() else { return };
        let asks = matches!(action, Action::Focus(_));
        let leaves_field = asks || matches!(action, Action::EditCommit { .. } | Action::Press { .. });
        let done = match tab.look(action) {
            Ok(done) => done,
            Err(action) => tab.change(action),
        };
        let refused = leaves_field && tab.edit.is_some();
        self.tell(done);
        if asks || refused {
            // What was refused is mended in its field, which the keys go to again.
            self.want_grid_focus();
        }
    }

    /// Does an edit in the tab in front and says why, if it was refused.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Tab) -> Done) {
        let Some(tab) = self.tab_mut() else { return };
        let done = change(tab);
        self.tell(done);
    }

    /// Takes the value that is being typed in the tab in front; `false` when it stays open with the reason.
    pub(super) fn settle_edit(&mut self) -> bool {
        let Some(tab) = self.tab_mut() else { return true };
        match tab.settle_edit() {
            Ok(true) => return true,
            Ok(false) => self.want_grid_focus(),
            Err(reason) => self.say(reason),
        }
        false
    }

    pub(super) fn tell(&mut self, done: Done) {
        if let Err(reason) = done {
            self.say(reason);
        }
    }

    /// Runs a command of the table, if it can be run now.
    pub fn run(&mut self, command: Command) {
        if !(command.spec().enabled)(self) {
            return self.say_why_not(command);
        }
        let gives_values = command == Command::Fill && self.tab().is_some_and(Tab::is_in_array);
        if let Some(question) = command.question() {
            return self.show_dialog(if gives_values { Dialog::SetValues } else { question });
        }
        match command {
            Command::NewFile => self.new_file(),
            Command::Open => self.request(Request::ChooseFiles),
            Command::OpenSample => self.open_sample(),
            Command::Quit => self.quit(),
            Command::RestoreUnsaved => self.restore_next_offer(),
            Command::ShowUnsaved => self.show_offers(),
            Command::NextArea | Command::PreviousArea => self.next_area(command == Command::PreviousArea),
            Command::GoToMessages => self.request(Request::FocusMessages),
            Command::CopyMessage => self.copy_message(None),
            Command::DismissMessage => self.dismiss_last_message(),
            Command::Find => self.open_find(false),
            Command::Replace => self.open_find(true),
            Command::FindNext if self.settle_edit() => self.find(false),
            Command::FindPrevious if self.settle_edit() => self.find(true),
            Command::FindAll => self.find_all(Reach::File, false),
            Command::CloseMatches => self.close_matches(),
            Command::ShowPatch => self.show_patch(),
            command if self.run_on_row(command) => {}
            Command::ZoomIn => self.zoom(ZOOM_STEP),
            Command::ZoomOut => self.zoom(1.0 / ZOOM_STEP),
            Command::ZoomReset => self.change_settings(|settings| settings.zoom = 1.0),
            Command::ToggleInspector => self.toggle_panel(INSPECTOR),
            Command::ToggleChanges => self.toggle_list(CHANGES),
            Command::ToggleArrays => self.toggle_list(ARRAYS),
            command if self.run_on_array(command) || self.run_on_clipboard(command) => {}
            Command::ThemeSystem => self.change_settings(|settings| settings.theme = state::Theme::System),
            Command::ThemeLight => self.change_settings(|settings| settings.theme = state::Theme::Light),
            Command::ThemeDark => self.change_settings(|settings| settings.theme = state::Theme::Dark),
            Command::ToggleBackup => {
                self.change_settings(|settings| settings.backup = !settings.backup);
            }
            Command::ReadAgain => self.cache.retry_all_failed(),
            Command::Save
            | Command::SaveAs
            | Command::ShowSavePlan
            | Command::Reload
            | Command::Follow
            | Command::CloseTab => self.run_on_file(command),
            _ => self.run_on_tab(command),
        }
    }

    fn say_why_not(&mut self, command: Command) {
        if command.moves_bytes() && self.tab().is_some_and(Tab::is_in_array) {
            self.say(String::from(NO_DELETING));
        }
    }

    fn run_on_file(&mut self, command: Command) {
        let Some(id) = self.active else { return };
        match command {
            Command::Save if self.settle_edit() && self.tab().is_some_and(Tab::can_save) => {
                self.save(id, false, After::Stay);
            }
            Command::ShowSavePlan if self.settle_edit() => self.show_save_plan(id),
            Command::SaveAs if self.settle_edit() => self.ask_save_name(id, After::Stay),
            Command::Save | Command::ShowSavePlan | Command::SaveAs => {}
            Command::Reload => self.reload(id, false),
            Command::Follow => self.follow(id, !self.tab().is_some_and(|tab| tab.following)),
            _ => self.close_tab(id),
        }
    }

    fn run_on_tab(&mut self, command: Command) {
        if !self.settle_edit() {
            return;
        }
        let Some(tab) = self.tab_mut() else { return };
        match tab.run_edit(command).or_else(|| tab.run_move(command)) {
            Some(done) => self.tell(done),
            None => self.run_on_format(command),
        }
        self.want_grid_focus();
    }

    pub(super) fn open_all(&mut self, paths: Vec<std::path::PathBuf>, read_only: bool) {
        self.close_dialog();
        for path in paths {
            self.open(path, OpenOptions { in_front: true, read_only, ..OpenOptions::default() });
        }
    }

    fn next_area(&mut self, backwards: bool) {
        self.request(Request::NextArea { backwards });
    }

    fn zoom(&mut self, by: f32) {
        self.change_settings(|settings| {
            settings.zoom = (settings.zoom * by)
                .clamp(*state::settings::ZOOM_RANGE.start(), *state::settings::ZOOM_RANGE.end());
        });
    }

    fn close_find(&mut self) {
        self.finding.open = false;
        self.want_grid_focus();
    }

    /// One step back from whatever is open: a dialog, a typed value, find, a selection, a message that offers nothing.
    fn escape(&mut self) {
        if self.dialog.is_some() {
            return self.close_dialog();
        }
        if let Some(edit) = self.tab_mut().map(|tab| &mut tab.edit).filter(|edit| edit.is_some()) {
            *edit = None;
            return self.want_grid_focus();
        }
        if let Some(tab) = self.tab_mut().filter(|tab| tab.selection.digit > 0) {
            let done = tab.backspace();
            return self.tell(done);
        }
        if self.finding.progress().is_some() {
            return self.finding.cancel();
        }
        if self.finding.open {
            return self.close_find();
        }
        let in_array = self.tab().is_some_and(Tab::is_in_array);
        if in_array && self.tab_mut().is_some_and(Tab::leave_block) {
            return;
        }
        if let Some(tab) = self.tab_mut().filter(|tab| !in_array && !tab.selection.is_empty()) {
            tab.selection = Selection::caret_at(tab.selected().start(), tab.selection.column);
            return;
        }
        self.dismiss_passing_message();
    }

    /// Ends what the status bar shows first.
    fn cancel_job(&mut self) {
        if let Some(saving) = self.saving.first() {
            saving.progress().cancel();
        } else if self.finding.progress().is_some() {
            self.finding.cancel();
        } else if let Some(writing) = &self.writing {
            writing.job.progress().cancel();
        } else if self.reading.take().is_some() {
            self.say(String::from("Stopped. Nothing was pasted."));
        } else if self.arrays.cancel() {
            self.say(String::from("Stopped."));
        } else {
            self.opening.clear();
        }
    }
}

/// Whether it is about files to open.
fn is_of_paths(action: &Action) -> bool {
    matches!(action, Action::Open(_) | Action::OpenLocked(_) | Action::OpenTyped(_) | Action::ListFolder(_))
}

/// Whether the window asks by itself, while the user reads what was said.
fn keeps_hint(action: &Action) -> bool {
    matches!(
        action,
        Action::Measured { .. }
            | Action::SetQuery(_)
            | Action::CameBack
            | Action::ListFolder(_)
            | Action::Clipboard(ClipboardAction::SelectionSettled)
            | Action::Array(ArrayAction::Measured { .. } | ArrayAction::Scroll { .. })
    )
}

impl Tab {
    /// What changes the view or the caret; gives back what does more than that.
    fn look(&mut self, action: Action) -> Result<Done, Action> {
        match action {
            Action::Measured { pane, room, columns } => self.measure(pane, room, columns),
            Action::Focus(pane) => return Ok(self.leave_edit_for(pane)),
            Action::Press { pane, hit, extend, clicks } => return Ok(self.press(pane, hit, extend, clicks)),
            Action::Drag { pane, hit } => {
                let map = self.view(pane).map(self.len());
                self.selection = self.selection.drag(hit, &map);
                self.show_caret_in_array();
            }
            Action::Scroll { pane, viewport } => self.scroll(pane, viewport),
            Action::Move { motion, extend } => self.step(motion, extend),
            Action::OtherColumn if self.is_in_array() => self.step_in_array(Motion::Right, false),
            Action::OtherColumn => self.other_column(),
            Action::Format { pane, format } => self.reformat(pane, format),
            Action::JumpTo(offset) => {
                self.jump(Selection::caret_at(offset.min(self.len()), self.selection.column));
            }
            Action::Select(span) => {
                self.jump(Selection::of(span.clamp_to(self.len()), self.selection.column))
            }
            Action::ShowLayout { bytes, values } => self.show(bytes, values),
            Action::NthChange(n) => self.show_change(n),
            action => return Err(action),
        }
        Ok(Ok(()))
    }

    /// What may change bytes.
    fn change(&mut self, action: Action) -> Done {
        match action {
            Action::Type(text) => self.type_text(&text),
            Action::Backspace => self.backspace(),
            Action::RevertChange(n) => self.revert_change(n),
            Action::DeleteForward => self.delete_forward(),
            Action::Enter => self.start_edit(None),
            Action::EditText(text) => {
                self.edit_text(text);
                Ok(())
            }
            Action::EditCommit { then } => self.commit_edit(then),
            Action::EditLeave => self.leave_edit(),
            Action::EditCancel => {
                self.edit = None;
                Ok(())
            }
            // Everything else is the session's.
            _ => Ok(()),
        }
    }

    /// Runs a command that changes bytes or how they are edited; `None` when it is none of these.
    fn run_edit(&mut self, command: Command) -> Option<Done> {
        match command {
            Command::Undo | Command::Redo => return Some(self.go_back_or_forth(command == Command::Undo)),
            Command::Delete => return Some(self.remove(self.selected(), "Delete", None)),
            Command::Truncate => return Some(self.truncate()),
            Command::Revert => return Some(self.revert()),
            Command::RevertChange => return Some(self.revert_here()),
            Command::EditValue => return Some(self.start_edit(None)),
            Command::ToggleInsert => self.insert = !self.insert,
            Command::ToggleLock => self.locked = !self.locked,
            _ => return None,
        }
        Some(Ok(()))
    }

    /// Runs a command that moves the caret or shows another pane; `None` when it is none of these.
    fn run_move(&mut self, command: Command) -> Option<Done> {
        match command {
            Command::SelectAll if self.is_in_array() => {
                return Some(self.look_at_array(ArrayAction::PressAll));
            }
            Command::SelectAll => {
                self.selection = Selection::of(Span::first(self.len()), self.selection.column)
            }
            Command::Back => self.travel(true),
            Command::Forward => self.travel(false),
            Command::GoStart => self.step(Motion::Start, false),
            Command::GoEnd => self.step(Motion::End, false),
            Command::NextChange => return Some(self.next_change(false)),
            Command::PreviousChange => return Some(self.next_change(true)),
            Command::OtherPane => return Some(self.leave_edit_for(self.other_pane(self.focus))),
            Command::ShowBytes | Command::ShowValues | Command::ShowBoth => {
                let was_in_array = self.is_in_array();
                let is_seen =
                    was_in_array || self.focused().shows(self.selection.caret_place().offset(), self.len());
                self.show(command != Command::ShowValues, command != Command::ShowBytes);
                if self.is_in_array() && !was_in_array {
                    return Some(self.enter_array());
                }
                // A caret that is in sight stays there, however many rows the other pane needs for the same bytes.
                if is_seen && !self.is_in_array() {
                    self.reveal_caret();
                }
            }
            Command::ArrayFromHere if self.is_in_array() => {
                return Some(Err(String::from(
                    "The array is already shown. Edit its dtype, offset, shape and slice in the bar above it.",
                )));
            }
            Command::ArrayFromHere => return Some(self.array_from_here()),
            Command::CloseArray => return Some(self.close_array()),
            _ => return None,
        }
        Some(Ok(()))
    }

    fn press(&mut self, pane: PaneId, hit: super::view::Hit, extend: bool, clicks: u32) -> Done {
        if !self.settle_edit()? {
            return Ok(());
        }
        self.document.seal();
        self.focus = pane;
        let map = self.map();
        self.selection = self.selection.press(hit, extend, clicks, &map);
        self.show_caret_in_array();
        if clicks == 2 && pane == PaneId::Values && !self.locked {
            return self.start_edit(None);
        }
        Ok(())
    }

    /// Another room for `pane`. A caret that was in sight stays there.
    fn measure(&mut self, pane: PaneId, room: super::view::Pane, columns: u32) {
        let (len, caret) = (self.len(), self.selection.caret_place().offset());
        let view = self.view_mut(pane);
        let seen = view.shows(caret, len) && !view.waits_for_room();
        view.measure(room, columns, len);
        if seen {
            view.reveal(caret, len);
        }
    }

    /// Sends the keys to `pane`; a value that is being typed is taken first.
    fn leave_edit_for(&mut self, pane: PaneId) -> Done {
        if self.settle_edit()? && self.is_shown(pane) {
            let was_in_array = self.is_in_array();
            self.set_focus(pane);
            self.reveal_caret();
            if self.is_in_array() && !was_in_array {
                return self.enter_array();
            }
        }
        Ok(())
    }

    fn scroll(&mut self, pane: PaneId, viewport: Viewport) {
        let len = self.len();
        let view = self.view_mut(pane);
        view.viewport = viewport.clamped(&view.room(len));
        self.follow(pane);
    }

    fn other_column(&mut self) {
        if self.focus == PaneId::Bytes && self.bytes.format.text.is_some() {
            self.selection.column = self.selection.column.other();
            self.selection.digit = 0;
        } else {
            self.selection.column = Column::Cells;
        }
    }

    pub(super) fn reformat(&mut self, pane: PaneId, format: ViewFormat) {
        self.edit = None;
        if let Some(encoding) = format.text {
            self.last_encoding = encoding;
        }
        let len = self.len();
        self.view_mut(pane).reformat(format, len);
        self.selection = self.selection.snapped(&self.map());
        if pane == PaneId::Bytes && self.bytes.format.text.is_none() {
            self.selection.column = Column::Cells;
        }
    }

    fn travel(&mut self, back: bool) {
        let here = self.caret();
        let target = if back { self.jumps.go_back(here) } else { self.jumps.go_forward(here) };
        if let Some(target) = target {
            self.go(Selection::caret_at(target.min(self.len()), self.selection.column));
        }
    }
}
