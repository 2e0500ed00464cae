//! From an entry of a container to the screen, and from a description to an array.
//!
//! What lies in the file is shown in place. What lies in another file opens that file; a deflated member is unpacked
//! by a job into a temporary file and can't be changed.

use super::bar::Bar;
use super::reading::beside;
use super::setting::METADATA;
use super::view::{ArrayView, Unpacked};
use super::{ArrayAction, BarField};
use crate::bytes::pages::CachedSource;
use crate::bytes::{SharedSource, Source};
use crate::decode::item::ItemType;
use crate::decode::{OffsetContext, evaluate};
use crate::document::{Mapped, Revision};
use crate::formats::{self, Entry, FormatError, Home};
use crate::job::{Job, Poll};
use crate::session::notice::{Level, Topic};
use crate::session::panes::{PaneContent, PaneKey};
use crate::session::tab::Tab;
use crate::session::tab::layout::PaneSide;
use crate::session::{ArrayRequest, OpenOptions, Session, TabId};
use std::sync::Arc;

/// A deflated member that is being unpacked.
pub struct Unpacking {
    tab: TabId,
    /// Where it is to be shown.
    pane: PaneKey,
    entry: u32,
    pub(super) name: String,
    home: Home,
    revision: Revision,
    /// What the pane showed when it was asked for.
    shows: u64,
    /// What else was asked of it.
    request: Option<ArrayRequest>,
    pub(super) job: Job<Result<SharedSource, FormatError>>,
}

/// Bytes that a deflated member may have unpacked.
const MOST_UNPACKED: u64 = 64 << 30;

impl Session {
    /// Does what the window asks of the array of a pane of the tab in front.
    pub(in crate::session) fn act_on_array(&mut self, pane: PaneKey, action: ArrayAction) {
        let Some(tab) = self.tabs.front_mut().filter(|tab| tab.panes().has(pane)) else { return };
        let id = tab.id;
        // A frame tells of every pane; all else is done where the user is.
        if !matches!(action, ArrayAction::Measured { .. } | ArrayAction::Scroll { .. }) {
            match tab.work_on(pane) {
                Ok(true) => {}
                Ok(false) => return self.context.want_grid_focus(),
                Err(reason) => return self.context.say(reason),
            }
        }
        match action {
            ArrayAction::Open(entry) => self.open_entry(id, pane, entry),
            ArrayAction::OpenBeside(entry) => self.open_beside(id, pane, entry),
            ArrayAction::Walk(entry) => self.show_entry(id, pane, entry, None),
            ArrayAction::Filter(text) => self.with_tree(|tree, container| tree.set_filter(&text, container)),
            ArrayAction::Toggle(line) => self.with_tree(|tree, container| tree.toggle(line, container)),
            ArrayAction::SetMetadata { key, value } => self.set_metadata(id, &key, &value),
            ArrayAction::Close => self.edit(Tab::close_array),
            ArrayAction::SetValues(text) => self.set_values(id, &text),
            ArrayAction::AppendRows(text) => self.append_rows(id, &text),
            ArrayAction::CopyAs(format) => self.copy_array_as(format),
            ArrayAction::Export { format, part, path, replace } => {
                self.export_array(id, format, part, path, replace);
            }
            ArrayAction::Like(path) => self.show_like(id, path),
            action => self.edit(|tab| tab.look_at_array(pane, action)),
        }
    }

    fn with_tree(&mut self, change: impl FnOnce(&mut super::tree::Tree, &formats::Container)) {
        if let Some(found) = self.tabs.front_mut().and_then(|tab| tab.arrays.found.as_mut()) {
            change(&mut found.tree, &found.container);
        }
    }

    /// The user wants to see an entry of the container.
    fn open_entry(&mut self, id: TabId, pane: PaneKey, entry: u32) {
        self.show_entry(id, pane, entry, None);
        if self.tabs.get(id).is_some_and(Tab::is_in_array) {
            self.context.want_grid_focus();
        }
    }

    /// The user wants to see an entry in a pane of its own, beside the one in which it would be shown.
    fn open_beside(&mut self, id: TabId, pane: PaneKey, entry: u32) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        if !tab.is_shown(pane) || tab.array().is_none() {
            return self.open_entry(id, pane, entry);
        }
        match tab.put_typed_beside(pane) {
            Ok(new) => self.open_entry(id, new, entry),
            Err(reason) => self.context.say(reason),
        }
    }

    /// Shows an entry of the container in a pane, as it was asked for.
    pub(super) fn show_entry(
        &mut self,
        id: TabId,
        pane: PaneKey,
        entry: u32,
        request: Option<&ArrayRequest>,
    ) {
        self.features.arrays.unpacking.retain(|other| (other.tab, other.pane) != (id, pane));
        if !self.settle_edit_of(id) {
            return;
        }
        let is_active = self.tabs.front_id() == Some(id);
        let Some(tab) = self.tabs.get_mut(id) else { return };
        let Some(found) = &tab.arrays.found else { return };
        let Some(facts) = found.container.entries.get(entry as usize).cloned() else { return };
        match &facts.home {
            Home::Here(offset) => {
                tab.make_last(pane);
                let done = tab.show_array_of(entry, &facts, *offset, None);
                self.shown(id, pane, done, request);
            }
            Home::Nowhere(reason) => self.context.notices.push(
                Level::Warning,
                Topic::Open,
                Some(id),
                format!("{} can't be shown: {reason}", facts.name),
            ),
            Home::File(file) => {
                let path = tab.file.as_ref().map(|own| beside(own.path(), file));
                let Some(path) = path else { return };
                let name = Some(facts.name.to_string());
                let request = ArrayRequest { name, ..request.cloned().unwrap_or_default() };
                let options =
                    OpenOptions { in_front: is_active, array: Some(request), ..OpenOptions::default() };
                self.open(path, options);
            }
            Home::Deflated { .. } => self.unpack(id, pane, entry, &facts, request),
        }
    }

    /// Takes the value that is being typed into this tab, which may stand behind others.
    fn settle_edit_of(&mut self, id: TabId) -> bool {
        let Some(tab) = self.tabs.get_mut(id) else { return false };
        let settled = tab.settle_edit();
        let is_taken = settled == Ok(true);
        if self.tabs.front_id() == Some(id) && !is_taken {
            // The field stays, with the reason.
            self.context.offer_grid_focus();
            self.context.tell(settled.map(drop));
        }
        is_taken
    }

    /// After an entry came on the screen, or did not: what else was asked of it.
    fn shown(&mut self, id: TabId, pane: PaneKey, done: Result<(), String>, request: Option<&ArrayRequest>) {
        match (done, request) {
            (Ok(()), Some(request)) => self.refine(id, request),
            (done, _) => self.context.tell(done),
        }
        self.look_as_left(id, pane);
    }

    /// Shows the file's bytes as the array that was described, whatever arrays the file has.
    pub(in crate::session) fn show_described(&mut self, id: TabId, pane: PaneKey, request: &ArrayRequest) {
        if let Some(tab) = self.tabs.get_mut(id) {
            tab.make_last(pane);
        }
        self.refine(id, request);
        self.look_as_left(id, pane);
    }

    fn refine(&mut self, id: TabId, request: &ArrayRequest) {
        let Some(tab) = self.tabs.get_mut(id) else { return };
        if let Err(reason) = tab.refine_array(request) {
            let text = format!("{}: {reason}", tab.title);
            self.context.notices.push(Level::Warning, Topic::Open, Some(id), text);
        }
    }

    fn unpack(
        &mut self,
        id: TabId,
        pane: PaneKey,
        entry: u32,
        facts: &Entry,
        request: Option<&ArrayRequest>,
    ) {
        let Some(tab) = self.tabs.get(id) else { return };
        let Some(format) = tab.arrays.found.as_ref().map(|found| found.format) else { return };
        let (snapshot, home) = (tab.shown().clone(), facts.home.clone());
        let job = Job::spawn("unpack", self.context.waker(), move |progress| {
            format.open_entry(&snapshot, &home, None, MOST_UNPACKED, progress)
        });
        match job {
            Ok(job) => {
                let work = Unpacking {
                    tab: id,
                    pane,
                    name: facts.name.to_string(),
                    entry,
                    home: facts.home.clone(),
                    revision: tab.document.revision(),
                    shows: tab.panes.typed(pane).map_or(0, |typed| typed.shows),
                    request: request.cloned(),
                    job,
                };
                self.features.arrays.unpacking.push(work);
            }
            Err(error) => self.context.say(format!("{} was not unpacked: {error}.", facts.name)),
        }
    }

    pub(super) fn poll_unpacking(&mut self) {
        let mut at = 0;
        while at < self.features.arrays.unpacking.len() {
            let answer = self.features.arrays.unpacking[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let work = self.features.arrays.unpacking.remove(at);
            match answer {
                Poll::Done(Ok(source)) => match self.context.cache.attach(source) {
                    Ok(cached) => self.unpacked(&work, cached),
                    Err(error) => self.context.say(format!("{} can't be shown: {error}.", work.name)),
                },
                Poll::Done(Err(error)) => self.context.notices.push(
                    Level::Error,
                    Topic::Open,
                    Some(work.tab),
                    format!("{} was not unpacked: {error}", work.name),
                ),
                Poll::Running | Poll::Lost => self.context.say(format!("{} was not unpacked.", work.name)),
            }
        }
        self.settle_left();
    }

    /// An array that was left on the screen and is not on its way to it, whatever the reason, does not come back: its tab
    /// is remembered as it looks now.
    fn settle_left(&mut self) {
        let (wanted, unpacking) = (&self.features.wanted_arrays, &self.features.arrays.unpacking);
        self.features.arrays.left.retain(|id, _| {
            wanted.contains_key(id) || unpacking.iter().any(|unpacking| unpacking.tab == *id)
        });
    }

    fn unpacked(&mut self, work: &Unpacking, source: Arc<CachedSource>) {
        let Some(tab) = self.tabs.get(work.tab) else { return };
        let shows = tab.panes.typed(work.pane).map(|typed| typed.shows);
        if !tab.panes.has(work.pane) || shows != Some(work.shows) {
            return;
        }
        let Home::Deflated { offset, span, .. } = work.home else { return };
        let entry = tab.arrays.found.as_ref().and_then(|found| {
            // The header may have been read again, with other numbers.
            let places = [Some(work.entry), found.number_of(&work.name, false)];
            places.into_iter().flatten().find_map(|at| {
                let facts = found.container.entries.get(at as usize)?;
                (*facts.name == *work.name && facts.home == work.home).then(|| (at, facts.clone()))
            })
        });
        let stays = tab.document.map_span(span, work.revision) == Mapped::Intact(span);
        let Some((at, facts)) = entry.filter(|_| stays) else {
            return self
                .context
                .say(format!("{} changed while it was being unpacked. Open it again.", work.name));
        };
        if !self.settle_edit_of(work.tab) {
            return;
        }
        let why_fixed = format!(
            "{} is compressed in its file and can't be changed there. Export it, or save it with numpy.savez, which does not compress.",
            facts.name
        );
        let Some(tab) = self.tabs.get_mut(work.tab) else { return };
        tab.make_last(work.pane);
        let done = tab.show_array_of(at, &facts, offset, Some(Unpacked { source, why_fixed }));
        self.shown(work.tab, work.pane, done, work.request.as_ref());
        if self.tabs.front_id() == Some(work.tab) {
            self.context.offer_grid_focus();
        }
    }

    /// A file with a single array is opened to see it.
    pub(super) fn show_only_array(&mut self, id: TabId) {
        let only = |tab: &Tab| {
            let found = tab.arrays.found.as_ref()?;
            let shown = found.container.entries.len() == 1 && tab.array().is_none();
            let here = matches!(found.container.entries.first()?.home, Home::Here(_));
            (shown && here && !tab.is_modified() && tab.edit.is_none()).then_some(())
        };
        if self.tabs.get(id).and_then(only).is_some() {
            self.show_entry(id, PaneKey::TYPED, 0, None);
        }
    }

    /// Shows what was asked for on the command line, or of a shard.
    pub(in crate::session) fn show_wanted(&mut self, id: TabId, request: &ArrayRequest) {
        let pane = self.tabs.get(id).map_or(PaneKey::TYPED, Tab::typed_key);
        self.show_wanted_in(id, pane, request);
    }

    /// The same in a pane.
    pub(in crate::session) fn show_wanted_in(&mut self, id: TabId, pane: PaneKey, request: &ArrayRequest) {
        if self.is_reading_header(id) {
            self.features.wanted_arrays.insert(id, request.clone());
            return;
        }
        let Some(name) = &request.name else {
            self.show_only_array(id);
            return self.refine(id, request);
        };
        let entry = self.tabs.get(id).and_then(|tab| tab.arrays.found.as_ref()?.number_of(name, false));
        let Some(entry) = entry else {
            let title = self.tabs.get(id).map_or_else(String::new, |tab| tab.title.clone());
            let text = format!("There is no array called '{name}' in {title}.");
            self.context.notices.push(Level::Warning, Topic::Open, Some(id), text);
            return;
        };
        self.show_entry(id, pane, entry, Some(request));
    }

    fn set_metadata(&mut self, id: TabId, key: &str, value: &str) {
        let Some(tab) = self.tabs.get(id) else { return };
        let Some(found) = &tab.arrays.found else { return };
        let format = found.format;
        let (snapshot, key, value) = (tab.shown().clone(), key.to_owned(), value.to_owned());
        let work = move || format.set_metadata(&snapshot, &key, &value);
        self.start_setting(id, METADATA, move |_| {
            use crate::document::{Content, Splice};
            let (span, bytes) = work()?;
            Ok(vec![Splice { span, content: Content::Bytes(bytes) }])
        });
    }
}

impl Tab {
    /// How offsets that are typed for the array of a pane are read.
    pub(super) fn offset_reader(&self, pane: PaneKey) -> impl Fn(&str) -> Result<u64, String> + use<> {
        let place = OffsetContext { len: self.array_len(pane), base: 0, ..self.place() };
        move |text| evaluate(text, &place).map_err(|error| error.to_string())
    }

    /// Shows an entry's array, whose bytes begin at `offset`.
    fn show_array_of(
        &mut self,
        at: u32,
        entry: &Entry,
        offset: u64,
        unpacked: Option<Unpacked>,
    ) -> Result<(), String> {
        let len = unpacked.as_ref().map_or(self.len(), |unpacked| unpacked.source.len());
        let place = OffsetContext { len, base: 0, ..self.place() };
        let read = move |text: &str| evaluate(text, &place).map_err(|error| error.to_string());
        let mut view = ArrayView::new(Some(entry.name.clone()), ArrayView::bar_of(entry, offset), len, &read)
            .map_err(|reason| format!("{}: {reason}", entry.name))?;
        view.unpacked = unpacked;
        self.put_array(view, Some(at));
        Ok(())
    }

    /// Shows an array in the typed pane that had the keys last. `entry` is its number in the file's container.
    pub(super) fn put_array(&mut self, view: ArrayView, entry: Option<u32>) {
        self.edit = None;
        if let Some(typed) = self.typed_mut() {
            typed.put(Some(view), entry);
        }
        let pane = self.typed_key();
        self.show_typed(pane);
        self.aim(pane);
        self.select_block();
    }

    /// The number of the entry of the container that the typed pane which had the keys last shows.
    pub fn shown_entry(&self) -> Option<u32> {
        self.typed().and_then(|typed| typed.entry)
    }

    /// Puts a typed pane with plain values beside another pane.
    fn put_typed_beside(&mut self, pane: PaneKey) -> Result<PaneKey, String> {
        let mut typed = self.typed().cloned().ok_or("There is no pane to put it beside.")?;
        typed.put(None, None);
        self.put_beside(pane, PaneSide::Right, PaneContent::Typed(typed))
    }

    /// Shows the selected bytes as an array of the values' type; without a selection those from the caret on.
    ///
    /// # Errors
    /// A sentence when the focus is in an array, which stays, or when nothing can be shown.
    pub(in crate::session) fn array_from_here(&mut self) -> Result<(), String> {
        if self.is_in_array() {
            return Err(String::from(
                "The array is already shown. Edit its dtype, offset, shape and slice in the bar above it.",
            ));
        }
        self.put_selection()
    }

    /// The selected bytes as an array; without a selection those from the caret on.
    fn put_selection(&mut self) -> Result<(), String> {
        let selected = self.selected();
        // Behind the last byte there is nothing to show; where the values begin is the next best place.
        let caret = Some(selected.start()).filter(|at| *at < self.len());
        match selected.is_empty() {
            true => self.array_from(caret.unwrap_or(self.values().format.origin)),
            false => self.array_of(selected.start(), selected.len(), false),
        }
    }

    /// The selected bytes as an array of the values' type in a pane of its own, beside the one with the keys.
    pub(in crate::session) fn put_table_beside(&mut self) -> Result<(), String> {
        if !self.settle_edit()? {
            return Ok(());
        }
        let before = self.typed_key();
        let pane = self.put_typed_beside(self.focus())?;
        self.make_last(pane);
        self.put_selection().inspect_err(|_| {
            // What can't be shown gets no pane.
            self.drop_pane(pane);
            self.make_last(before);
        })
    }

    /// All bytes from `from` on as an array of the values' type.
    fn array_from(&mut self, from: u64) -> Result<(), String> {
        self.array_of(from, self.len().saturating_sub(from), true)
    }

    /// `room` bytes as an array of the values' type; those up to the file's end with `whole`.
    fn array_of(&mut self, from: u64, room: u64, whole: bool) -> Result<(), String> {
        let dtype = self.values().dtype().unwrap_or(crate::session::DEFAULT_DTYPE);
        let item = ItemType::from(dtype);
        let size = item.group_bytes().max(1);
        let mut bar = Bar::new(item.to_string(), from, &[room / size], "C".into(), String::new());
        if whole {
            // So another dtype fits as well.
            bar.set(BarField::Shape, String::from("-1"));
        }
        let view = ArrayView::new(None, bar, self.len(), &self.offset_reader(self.typed_key()))?;
        self.put_array(view, None);
        Ok(())
    }

    /// Back to plain values.
    pub(in crate::session) fn close_array(&mut self) -> Result<(), String> {
        if !self.settle_edit()? {
            return Ok(());
        }
        self.drop_array(self.typed_key());
        Ok(())
    }

    /// Changes the array on the screen, or the whole file as one, to what was asked for.
    fn refine_array(&mut self, request: &ArrayRequest) -> Result<(), String> {
        let fields = [
            (BarField::Dtype, &request.dtype),
            (BarField::Offset, &request.offset),
            (BarField::Shape, &request.shape),
            (BarField::Order, &request.order),
            (BarField::Slice, &request.slice),
        ];
        if fields.iter().all(|(_, text)| text.is_none()) {
            return Ok(());
        }
        if self.array().is_none() {
            self.array_from(0)?;
        }
        let pane = self.typed_key();
        let (len, read) = (self.array_len(pane), self.offset_reader(pane));
        let Some(view) = self.array_mut() else { return Ok(()) };
        if request.shape.is_none()
            && (request.dtype.is_some() || request.offset.is_some())
            && view.name.is_none()
        {
            view.bar.set(BarField::Shape, String::from("-1"));
        }
        for (field, text) in fields {
            if let Some(text) = text {
                view.bar.set(field, text.clone());
            }
        }
        view.read_again(len, &read);
        match view.bar.first_error() {
            Some((field, reason)) => Err(format!("{}: {reason}", field.label())),
            None => Ok(()),
        }
    }

    /// After a change of the document: what the bar says of the new length.
    pub(in crate::session) fn refresh_array(&mut self) {
        for pane in self.array_keys() {
            self.with_array(pane, ArrayView::read_again);
        }
    }
}
