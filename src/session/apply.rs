//! Who does what: one arm an action, one arm a kind of command. The arms only call other functions.

use super::action::{Action, DialogAction, MessageAction, NameAction, PaneAction, TabAction};
use super::answers::Answer;
use super::arrays::{ArrayAction, BarField};
use super::command::{Command, CommandRun};
use super::dialog::Dialog;
use super::done::Done;
use super::editing::{EditAction, NO_DELETING};
use super::features::all::Features;
use super::features::containers::with_tree;
use super::features::save_flow::close::{close_tab, drop_tab};
use super::features::save_flow::wanted::WantedSave;
use super::features::settings::panels::{self, ARRAYS};
use super::features::{feature_rows, save_flow};
use super::formatting::keep_format;
use super::ids::NoticeId;
use super::name_request::{After, Asked};
use super::notice::Notice;
use super::panes::PaneKey;
use super::tab::Tab;
use super::view::Selection;
use super::{Request, Session, TabId};
use crate::document::Revision;
use std::path::PathBuf;

/// Makes the one place that knows who answers which action.
macro_rules! dispatch_actions {
    ($($(#[$doc:meta])* $vis:vis $field:ident: $type:path $(, $variant:ident($action:ty))?;)*) => {
        impl Session {
            fn act(&mut self, action: Action) {
                match action {
                    Action::Run(command) => self.run(command),
                    Action::Name(action) => self.apply_to_name(action),
                    Action::Offer(id, way) => {
                        self.features.autosave.apply(id, way, &self.tabs, &mut self.context);
                    }
                    Action::Tab(action) => self.apply_to_row(action),
                    Action::Arrange(arrangement) => self.arrange(arrangement),
                    Action::Dialog(action) => self.apply_to_dialog(action),
                    Action::Answer(answer) => self.take_answer(answer),
                    Action::Message(action) => self.apply_to_message(action),
                    Action::Pane(action) => self.apply_to_pane(action),
                    Action::Edit(action) => self.apply_to_edit(action),
                    Action::Array(action) => {
                        let pane = self.tabs.front().map_or(PaneKey::TYPED, Tab::typed_key);
                        self.apply_to_array(pane, action);
                    }
                    Action::ArrayIn(pane, action) => self.apply_to_array(pane, action),
                    Action::Layout(pane, action) => {
                        self.tabs.change_layout(&mut self.context, pane, action);
                    }
                    Action::Escape => self.escape(),
                    Action::CancelJob => self.cancel_job(),
                    $($(Action::$variant(action) => {
                        self.features.$field.apply(action, &mut self.tabs, &mut self.context);
                    })?)*
                }
                self.settle_effects();
                self.settle_questions();
                self.features.external_changes.note_edits(&self.tabs, &self.context);
            }

            /// Takes what jobs have answered since the last call. What one feature wants of another is done before the
            /// next one is asked.
            pub(super) fn poll_features(&mut self) {
                $(
                    self.features.$field.poll(&mut self.tabs, &mut self.context);
                    self.settle_effects();
                )*
            }
        }
    };
}

feature_rows!(dispatch_actions);

impl Session {
    /// Does what the window asks.
    pub fn apply(&mut self, action: Action) {
        if !action.keeps_hint() {
            self.context.clear_hint();
        }
        let before = self.tabs.typed();
        self.act(action);
        self.stay_where_typed(before);
        self.features.autosave.log_edits(&mut self.tabs, &mut self.context);
    }

    /// If something was typed since `before`, that tab stays in front, and files that are being opened stay behind it.
    fn stay_where_typed(&mut self, before: Option<(TabId, Revision, bool)>) {
        let now = self.tabs.typed();
        if before != now && before.map(|(tab, ..)| tab) == now.map(|(tab, ..)| tab) {
            self.features.open.stay_behind();
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
            Asked::Save { tab, after } => self.save(WantedSave::other(tab, path, replace, after)),
            Asked::Selection(of) => {
                let (tabs, context) = (&self.tabs, &mut self.context);
                self.features.clipboard.write_selection(of, path, replace, tabs, context);
            }
            Asked::Rows(rows) => {
                let (tabs, context) = (&self.tabs, &mut self.context);
                self.features.list_export.write(rows, path, replace, tabs, context);
            }
            Asked::Patch(offer) => self.features.autosave.export_to(offer, path, replace, &mut self.context),
        }
    }

    fn apply_to_row(&mut self, action: TabAction) {
        let Self { tabs, context, features } = self;
        match action {
            TabAction::Select(id) => tabs.select(id, context),
            TabAction::Close(id) => close_tab(id, tabs, context),
            TabAction::DiscardAndClose(id) => drop_tab(id, tabs, context),
            TabAction::SaveAndClose(id) => features.save_flow.save_and_close(id, tabs, context),
            TabAction::DiscardAndQuit => context.request(Request::Quit),
            TabAction::SaveAllAndQuit => features.save_flow.save_all_and_quit(tabs, context),
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
            MessageAction::Dismiss(id) => self.features.external_changes.dismiss(id, &mut self.context),
            MessageAction::Copy(id) => self.copy_message(Some(id)),
        }
    }

    /// Puts the text of a message on the clipboard; without an id, of the newest one.
    pub(super) fn copy_message(&mut self, id: Option<NoticeId>) {
        let wanted = |notice: &&Notice| id.is_none_or(|id| notice.id == id);
        let text =
            self.context.notices.shown(self.tabs.front_id()).rfind(wanted).map(|notice| notice.text.clone());
        if let Some(text) = text {
            self.copy_plain(text);
            self.context.say(String::from("Copied."));
        }
    }

    pub(super) fn dismiss_last_message(&mut self) {
        if let Some(id) = self.context.notices.last(self.tabs.front_id()) {
            self.features.external_changes.dismiss(id, &mut self.context);
        }
    }

    /// What Escape removes.
    pub(super) fn dismiss_passing_message(&mut self) {
        if let Some(id) = self.context.notices.last_passing(self.tabs.front_id()) {
            self.features.external_changes.dismiss(id, &mut self.context);
        }
    }

    /// What was typed into a question. A mistake stays under its field; else the question closes.
    fn take_answer(&mut self, answer: Answer) {
        match self.tabs.front_mut().map(|tab| tab.take_answer(answer)) {
            Some(Ok(())) => self.context.close_dialog(),
            Some(Err(reason)) => self.context.refuse(reason),
            None => {}
        }
    }

    /// Does what only the tab in front is concerned with; how bytes are shown is kept for the next file.
    fn apply_to_pane(&mut self, action: PaneAction) {
        let Some(tab) = self.tabs.front_mut() else { return };
        let asks = matches!(action, PaneAction::Focus(_));
        let reformatted =
            if let PaneAction::Format { pane, .. } | PaneAction::ValuesFormat { pane, .. } = &action {
                Some(*pane)
            } else {
                None
            };
        let leaves_field = asks || matches!(action, PaneAction::Press { .. });
        let done = tab.apply_to_pane(action);
        // What was refused is mended in its field, which the keys go to again.
        let refused = leaves_field && tab.edit.is_some();
        self.context.tell(done);
        if asks || refused {
            self.context.want_grid_focus();
        }
        if reformatted.is_some() {
            keep_format(reformatted, &mut self.tabs, &mut self.context);
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

    /// Does what the window asks of the array of a pane of the tab in front.
    fn apply_to_array(&mut self, pane: PaneKey, action: ArrayAction) {
        let Self { tabs, context, features } = self;
        let Some(tab) = tabs.front_mut().filter(|tab| tab.panes().has(pane)) else { return };
        let id = tab.id;
        // A frame tells of every pane; all else is done where the user is.
        if !action.is_of_frame() {
            match tab.work_on(pane) {
                Ok(true) => {}
                Ok(false) => return context.want_grid_focus(),
                Err(reason) => return context.say(reason),
            }
        }
        let Features { containers, compute, export, .. } = features;
        match action {
            ArrayAction::Open(entry) => containers.open_entry(id, pane, entry, tabs, context),
            ArrayAction::OpenBeside(entry) => containers.open_beside(id, pane, entry, tabs, context),
            ArrayAction::Walk(entry) => containers.show_entry((id, pane), entry, None, tabs, context),
            ArrayAction::Filter(text) => with_tree(tabs, |tree, container| tree.set_filter(&text, container)),
            ArrayAction::Toggle(line) => with_tree(tabs, |tree, container| tree.toggle(line, container)),
            ArrayAction::Like(path) => containers.like.start(path, tabs, context),
            ArrayAction::SetMetadata { key, value } => compute.set_metadata(id, (key, value), tabs, context),
            ArrayAction::SetValues(text) => compute.set_values(id, &text, tabs, context),
            ArrayAction::AppendRows(text) => compute.append_rows(id, &text, tabs, context),
            ArrayAction::CopyAs(format) => export.copy_as(format, tabs, context),
            ArrayAction::Export { format, part, path, replace } => {
                export.write((format, part), path, replace, tabs, context);
            }
            ArrayAction::Close => self.edit(Tab::close_array),
            ArrayAction::Table(action) => self.edit(|tab| tab.look_at_array(pane, action)),
        }
    }

    /// Copies what is selected: elements of an array, or bytes.
    pub(super) fn copy(&mut self) {
        if self.tabs.front().is_some_and(Tab::is_in_array) {
            return self.features.export.copy(&self.tabs, &mut self.context);
        }
        self.features.export.stop_copying();
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
        self.features.export.stop_copying();
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
            CommandRun::Session(run) => run(self),
            CommandRun::List(name) => self.toggle_list(name),
            CommandRun::Front(run) => {
                if let Some(id) = self.tabs.front_id() {
                    run(self, id);
                }
            }
            CommandRun::Tab(run) => {
                if self.settle_edit() {
                    self.edit(run);
                    self.context.want_grid_focus();
                }
            }
            CommandRun::Format(run) => {
                if self.settle_edit() {
                    self.tabs.front_mut().map(run);
                    keep_format(None, &mut self.tabs, &mut self.context);
                    self.context.want_grid_focus();
                }
            }
            CommandRun::Array(run) => {
                let asked = self.tabs.front().and_then(|tab| Some((tab.typed_key(), run(tab.array()?)?)));
                if let Some((pane, action)) = asked {
                    self.apply_to_array(pane, action);
                    self.context.want_grid_focus();
                }
            }
            CommandRun::Features(run) => run(&mut self.features, &mut self.tabs, &mut self.context),
            CommandRun::Tabs(run) => run(&mut self.tabs),
            CommandRun::Context(run) => run(&mut self.context),
            CommandRun::Settings(run) => self.context.change_settings(run),
            CommandRun::Ask(question) => self.context.show_dialog(question()),
            CommandRun::Request(request) => self.context.request(request()),
            CommandRun::Arrange(run) => {
                if let Some(id) = self.tabs.front_id() {
                    self.arrange(run(id));
                }
            }
        }
        self.settle_effects();
    }

    fn save(&mut self, wanted: WantedSave) {
        self.features.save_flow.save(wanted, &mut self.tabs, &mut self.context);
    }

    pub(super) fn save_front(&mut self, id: TabId) {
        if self.settle_edit() && self.tabs.front().is_some_and(Tab::can_save) {
            self.save(WantedSave::own(id, After::Stay));
        }
    }

    pub(super) fn save_front_as(&mut self, id: TabId) {
        if self.settle_edit() {
            save_flow::ask_name(id, After::Stay, &self.tabs, &mut self.context);
        }
    }

    pub(super) fn show_front_plan(&mut self, id: TabId) {
        if self.settle_edit() {
            self.save(WantedSave::plan(id));
        }
    }

    /// Reads the file again; asks first when edits would be lost.
    pub(super) fn reload(&mut self, id: TabId) {
        self.features.external_changes.reload(id, false, &self.tabs, &mut self.context);
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

    /// What was asked in a question that is not open any more is left without an answer.
    pub(super) fn settle_questions(&mut self) {
        self.features.save_flow.forget_left_plans(&mut self.tabs, &self.context);
        self.features.clipboard.forget_choice(&self.context);
    }

    /// Sends the keys to the filter of the names of arrays.
    pub(super) fn filter_arrays(&mut self) {
        if !self.shows_panel(ARRAYS) {
            panels::toggle(&mut self.context, ARRAYS);
        }
        self.context.request(Request::FocusFilter);
    }

    /// Gives the keys to a field of the bar over the array, which is shown if it is hidden.
    pub(super) fn focus_bar(&mut self, field: BarField) {
        if let Some(tab) = self.tabs.front_mut() {
            tab.bring(tab.typed_key());
        }
        self.context.request(Request::FocusBar(field));
    }

    /// Shows or hides a list. When it is shown, it gets the focus; otherwise the next keys would change the bytes.
    pub(super) fn toggle_list(&mut self, name: &'static str) {
        if name == ARRAYS
            && let Some(tab) = self.tabs.front().filter(|tab| !tab.arrays.has_panel())
        {
            // Nothing is drawn that could get the focus.
            let is_reading = self.features.containers.is_reading(tab.id);
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
        if self.features.find.cancel(&mut self.context) {
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
        let _ = self.features.cancel(&mut self.context);
    }
}
