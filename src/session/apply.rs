//! Who does what: one arm an action, one arm a kind of command. The arms call; they decide nothing.

use super::action::{
    Action, DialogAction, ExternalAction, NameAction, OpenAction, PaneAction, SaveAction, TabAction,
};
use super::action::{ClipboardAction, EditAction, MessageAction};
use super::command::{Command, Run};
use super::dialog::Dialog;
use super::editing::{Done, NO_DELETING};
use super::features::settings::panels::{self, ARRAYS};
use super::naming::{After, Asked};
use super::panes::PaneKey;
use super::tab::Tab;
use super::view::Selection;
use super::{OpenOptions, Request, Session, TabId};
use std::path::PathBuf;

impl Session {
    /// Does what the window asks.
    pub fn apply(&mut self, action: Action) {
        if !action.keeps_hint() {
            self.context.clear_hint();
        }
        let before = self.typed();
        self.act(action);
        self.stay_where_typed(before);
        self.features.autosave.log_edits(&mut self.tabs, &mut self.context);
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Run(command) => self.run(command),
            Action::Open(action) => self.apply_to_opening(action),
            Action::Name(action) => self.apply_to_name(action),
            Action::Save(action) => self.apply_to_save(action),
            Action::External(action) => self.apply_to_external(action),
            Action::Offer(id, way) => self.features.autosave.apply(id, way, &self.tabs, &mut self.context),
            Action::Tab(action) => self.apply_to_row(action),
            Action::Arrange(arrangement) => self.arrange(arrangement),
            Action::Dialog(action) => self.apply_to_dialog(action),
            Action::Answer(answer) => self.answer_dialog(answer),
            Action::Message(action) => self.apply_to_message(action),
            Action::Pane(action) => self.apply_to_pane(action),
            Action::Edit(action) => self.apply_to_edit(action),
            Action::Inspect(action) => {
                self.features.inspector.apply(action, &mut self.tabs, &mut self.context);
            }
            Action::Find(action) => self.features.find.apply(action, &mut self.tabs, &mut self.context),
            Action::Clipboard(action) => self.apply_to_clipboard(action),
            Action::Array(action) => {
                let pane = self.tabs.front().map_or(PaneKey::TYPED, Tab::typed_key);
                self.act_on_array(pane, action);
            }
            Action::ArrayIn(pane, action) => self.act_on_array(pane, action),
            Action::Layout(pane, action) => self.tabs.change_layout(&mut self.context, pane, action),
            Action::Escape => self.escape(),
            Action::CancelJob => self.cancel_job(),
        }
        self.settle_questions();
        self.poll_recording();
    }

    fn apply_to_opening(&mut self, action: OpenAction) {
        match action {
            OpenAction::Files(paths) => self.open_all(paths, false),
            OpenAction::Locked(paths) => self.open_all(paths, true),
            OpenAction::Typed(path) => self.open_typed(path),
            OpenAction::ListFolder(folder) => self.list_folder(folder),
        }
    }

    fn apply_to_name(&mut self, action: NameAction) {
        match action {
            NameAction::Take { asked, path } => self.take_name(asked, path, false),
            NameAction::Replace { asked, path } => self.take_name(asked, path, true),
            NameAction::Nothing(asked) => self.context.name_nothing(&asked),
        }
    }

    /// The user has named a file; with `replace` one that is there and may be lost.
    fn take_name(&mut self, asked: Asked, path: PathBuf, replace: bool) {
        self.context.name_nothing(&asked);
        if let Some(Dialog::SaveAsPath(open) | Dialog::ConfirmReplace { asked: open, .. }) =
            self.context.dialog()
            && *open == asked
        {
            self.context.close_dialog();
        }
        match asked {
            Asked::Save { tab, after } => self.save_to(tab, path, replace, after),
            Asked::Selection(of) => {
                let (tabs, context) = (&self.tabs, &mut self.context);
                self.features.clipboard.write_selection(of, path, replace, tabs, context);
            }
            Asked::Patch(offer) => self.features.autosave.export_to(offer, path, replace, &mut self.context),
        }
    }

    fn apply_to_save(&mut self, action: SaveAction) {
        match action {
            SaveAction::Anyway(id) => self.save(id, true, After::Stay),
            SaveAction::Damaged(id) => self.go_on_saving(id),
            SaveAction::AsPlanned(id) => self.save_as_planned(id),
            SaveAction::Recover(id, choice) => self.recover(id, choice),
            SaveAction::ShowOldBytes(id) => self.show_old_bytes(id),
        }
    }

    fn apply_to_external(&mut self, action: ExternalAction) {
        match action {
            ExternalAction::Reload(id) => {
                self.reload(id, self.context.is_open(&Dialog::ConfirmReload(id)));
            }
            ExternalAction::KeepMine(id) => self.keep_mine(id),
            ExternalAction::Follow(id) => self.follow(id, true),
            ExternalAction::CameBack => self.look_at_files(),
        }
    }

    fn apply_to_row(&mut self, action: TabAction) {
        match action {
            TabAction::Select(id) => self.select_tab(id),
            TabAction::Close(id) => self.close_tab(id),
            TabAction::DiscardAndClose(id) => self.drop_tab(id),
            TabAction::SaveAndClose(id) => self.save_and_close(id),
            TabAction::DiscardAndQuit => self.context.request(Request::Quit),
            TabAction::SaveAllAndQuit => self.save_all_and_quit(),
        }
    }

    fn apply_to_dialog(&mut self, action: DialogAction) {
        match action {
            DialogAction::Show(dialog) => self.context.show_dialog(dialog),
            DialogAction::ShowBecause(dialog, why) => {
                self.context.show_dialog(dialog);
                self.context.refuse(why);
            }
            DialogAction::Close => self.context.close_dialog(),
            DialogAction::Say(text) => self.context.say_of_field(text),
        }
    }

    fn apply_to_message(&mut self, action: MessageAction) {
        match action {
            MessageAction::Dismiss(id) => self.dismiss(id),
            MessageAction::Copy(id) => self.copy_message(Some(id)),
        }
    }

    /// Does what only the tab in front is concerned with; how bytes are shown is kept for the next file.
    fn apply_to_pane(&mut self, action: PaneAction) {
        let Some(tab) = self.tabs.front_mut() else { return };
        let asks = matches!(action, PaneAction::Focus(_));
        let reformats = matches!(action, PaneAction::Format { .. });
        let leaves_field = asks || matches!(action, PaneAction::Press { .. });
        let done = tab.apply_to_pane(action);
        // What was refused is mended in its field, which the keys go to again.
        let refused = leaves_field && tab.edit.is_some();
        self.context.tell(done);
        if asks || refused {
            self.context.want_grid_focus();
        }
        if reformats {
            self.keep_format();
        }
    }

    fn apply_to_edit(&mut self, action: EditAction) {
        let Some(tab) = self.tabs.front_mut() else { return };
        let leaves_field = matches!(action, EditAction::Commit { .. });
        let done = tab.apply_to_edit(action);
        let refused = leaves_field && tab.edit.is_some();
        self.context.tell(done);
        if refused {
            self.context.want_grid_focus();
        }
    }

    fn apply_to_clipboard(&mut self, action: ClipboardAction) {
        if matches!(action, ClipboardAction::CopyAs(_)) {
            self.features.arrays.stop_copying();
        }
        let into_array = self.features.clipboard.apply(action, &mut self.tabs, &mut self.context);
        if let Some(values) = into_array {
            self.paste_values(values);
        }
    }

    /// Copies what is selected: elements of an array, or bytes.
    pub(super) fn copy(&mut self) {
        if self.tabs.front().is_some_and(Tab::is_in_array) {
            return self.copy_array();
        }
        self.features.arrays.stop_copying();
        self.features.clipboard.copy(&self.tabs, &mut self.context);
    }

    /// Copies the selected bytes and removes them.
    pub(super) fn cut(&mut self) {
        if self.tabs.front().is_some_and(|tab| tab.check_editable().is_ok() && !tab.is_in_array()) {
            self.copy();
        }
        self.edit(|tab| tab.remove(tab.selected(), "Cut", None));
    }

    /// Copies a text that is of no document: a path, a name.
    pub(super) fn copy_plain(&mut self, text: String) {
        self.stop_copying();
        self.features.clipboard.copy_plain(text, &mut self.context);
    }

    /// Of several copies the last one is meant: those that are under way end.
    pub(super) fn stop_copying(&mut self) {
        self.features.clipboard.stop_copying();
        self.features.arrays.stop_copying();
    }

    /// Does an edit in the tab in front and says why, if it was refused.
    pub(super) fn edit(&mut self, change: impl FnOnce(&mut Tab) -> Done) {
        let Some(tab) = self.tabs.front_mut() else { return };
        let done = change(tab);
        self.context.tell(done);
    }

    /// Takes the value that is being typed in the tab in front; `false` when it stays open with the reason.
    pub(super) fn settle_edit(&mut self) -> bool {
        let Some(tab) = self.tabs.front_mut() else { return true };
        match tab.settle_edit() {
            Ok(true) => return true,
            Ok(false) => self.context.want_grid_focus(),
            Err(reason) => self.context.say(reason),
        }
        false
    }

    /// Runs a command of the table, if it can be run now.
    pub fn run(&mut self, command: Command) {
        let spec = command.spec();
        if let Err(reason) = spec.ready(self) {
            if reason == NO_DELETING {
                self.context.say(reason);
            }
            return;
        }
        match spec.run {
            Run::Session(run) => run(self),
            Run::Front(run) => {
                if let Some(id) = self.tabs.front_id() {
                    run(self, id);
                }
            }
            Run::Tab(run) => {
                if self.settle_edit() {
                    self.edit(run);
                    self.context.want_grid_focus();
                }
            }
            Run::Format(run) => {
                if self.settle_edit() {
                    self.tabs.front_mut().map(run);
                    self.keep_format();
                    self.context.want_grid_focus();
                }
            }
            Run::Array(run) => {
                let asked = self.tabs.front().and_then(|tab| Some((tab.typed_key(), run(tab.array()?)?)));
                if let Some((pane, action)) = asked {
                    self.act_on_array(pane, action);
                    self.context.want_grid_focus();
                }
            }
            Run::Features(run) => run(&mut self.features, &mut self.tabs, &mut self.context),
            Run::Tabs(run) => run(&mut self.tabs),
            Run::Context(run) => run(&mut self.context),
            Run::Settings(run) => self.context.change_settings(run),
            Run::Ask(question) => self.context.show_dialog(question()),
            Run::Request(request) => self.context.request(request()),
            Run::Arrange(run) => {
                if let Some(id) = self.tabs.front_id() {
                    self.arrange(run(id));
                }
            }
        }
    }

    pub(super) fn save_front(&mut self, id: TabId) {
        if self.settle_edit() && self.tabs.front().is_some_and(Tab::can_save) {
            self.save(id, false, After::Stay);
        }
    }

    pub(super) fn save_front_as(&mut self, id: TabId) {
        if self.settle_edit() {
            self.ask_save_name(id, After::Stay);
        }
    }

    pub(super) fn show_front_plan(&mut self, id: TabId) {
        if self.settle_edit() {
            self.show_save_plan(id);
        }
    }

    pub(super) fn toggle_follow(&mut self, id: TabId) {
        let is_following = self.tabs.get(id).is_some_and(|tab| tab.following);
        self.follow(id, !is_following);
    }

    pub(super) fn find_from_caret(&mut self, backwards: bool) {
        if self.settle_edit() {
            self.features.find.find(backwards, &self.tabs, &self.context);
        }
    }

    /// Asks what to fill the selection with: bytes, or the items of an array with values.
    pub(super) fn ask_fill(&mut self) {
        let is_in_array = self.tabs.front().is_some_and(Tab::is_in_array);
        self.context.show_dialog(if is_in_array { Dialog::SetValues } else { Dialog::Fill });
    }

    fn open_all(&mut self, paths: Vec<PathBuf>, read_only: bool) {
        self.context.close_dialog();
        for path in paths {
            self.open(path, OpenOptions { in_front: true, read_only, ..OpenOptions::default() });
        }
    }

    /// What was asked in a question that is not open any more is left without an answer.
    pub(super) fn settle_questions(&mut self) {
        let is_left = |id: TabId| !self.context.is_open(&Dialog::ConfirmSave(id));
        let left: Vec<TabId> =
            self.features.planned.iter().map(|planned| planned.tab).filter(|id| is_left(*id)).collect();
        left.into_iter().for_each(|id| self.forget_plan(id));
        self.features.clipboard.forget_choice(&self.context);
    }

    /// Sends the keys to the filter of the names of arrays.
    pub(super) fn filter_arrays(&mut self) {
        if !self.shows_panel(ARRAYS) {
            panels::toggle(&mut self.context, ARRAYS);
        }
        self.context.request(Request::FocusFilter);
    }

    /// Shows or hides a list. When it is shown, it gets the focus; otherwise the next keys would change the bytes.
    pub(super) fn toggle_list(&mut self, name: &'static str) {
        if name == ARRAYS
            && let Some(tab) = self.tabs.front().filter(|tab| !tab.arrays.has_panel())
        {
            // Nothing is drawn that could get the focus.
            let is_reading = self.is_reading_header(tab.id);
            return self.context.say(match is_reading {
                true => "The header is still being read.",
                false => "This file has no arrays.",
            });
        }
        panels::toggle(&mut self.context, name);
        if self.shows_panel(name) {
            self.context.request(Request::FocusList(name));
        } else {
            self.context.want_grid_focus();
        }
    }

    /// One step back from whatever is open: a dialog, a typed value, find, a selection, a message that offers nothing.
    fn escape(&mut self) {
        if self.context.dialog().is_some() {
            return self.context.close_dialog();
        }
        if let Some(edit) = self.tabs.front_mut().map(|tab| &mut tab.edit).filter(|edit| edit.is_some()) {
            *edit = None;
            return self.context.want_grid_focus();
        }
        if let Some(tab) = self.tabs.front_mut().filter(|tab| tab.selection.digit > 0) {
            let done = tab.backspace();
            return self.context.tell(done);
        }
        if self.features.find.cancel() {
            return;
        }
        if self.features.find.open {
            return self.features.find.close(&mut self.context);
        }
        let in_array = self.tabs.front().is_some_and(Tab::is_in_array);
        if in_array && self.tabs.front_mut().is_some_and(Tab::leave_block) {
            return;
        }
        if let Some(tab) = self.tabs.front_mut().filter(|tab| !in_array && !tab.selection.is_empty()) {
            tab.selection = Selection::caret_at(tab.selected().start(), tab.selection.column);
            return;
        }
        self.dismiss_passing_message();
    }

    /// Ends what the status bar shows first.
    fn cancel_job(&mut self) {
        if let Some(saving) = self.features.saving.first() {
            return saving.progress().cancel();
        }
        if self.features.find.cancel()
            || self.features.clipboard.cancel_writing()
            || self.features.clipboard.cancel_paste(&mut self.context)
        {
            return;
        }
        if self.features.arrays.cancel() {
            self.context.say("Stopped.");
        } else {
            self.features.opening.clear();
        }
    }
}
