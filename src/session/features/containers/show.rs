//! Shows an entry of a container: one that the user has chosen, one that was asked for when the file was opened, or the
//! last one of a tab.
//!
//! An array in the file itself is shown in place. For an array in another file, that file is opened. A job decompresses
//! a deflated member into a temporary file; its values can't be changed.

use super::{Containers, LeftTab};
use crate::bytes::pages::CachedSource;
use crate::document::{Mapped, Revision};
use crate::formats::{Container, Entry, EntryBytes, Home};
use crate::session::arrays::tree::Tree;
use crate::session::arrays::view::Unpacked;
use crate::session::context::Context;
use crate::session::effect::Effect;
use crate::session::features::open::options::{ArrayRequest, OpenOptions};
use crate::session::ids::TabId;
use crate::session::jobs::Task;
use crate::session::notice::{Level, Topic};
use crate::session::panes::PaneKey;
use crate::session::restoring::array_of;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use crate::state::OpenArray;
use std::sync::Arc;

/// A deflated member that is being unpacked.
#[derive(Debug)]
pub(super) struct Unpacking {
    tab: TabId,
    /// Where it is to be shown.
    pane: PaneKey,
    entry: u32,
    name: String,
    home: Home,
    revision: Revision,
    /// What the pane showed when it was asked for.
    shows: u64,
    /// What else was asked of it.
    request: Option<ArrayRequest>,
}

impl Unpacking {
    /// Whether the pane is still there and shows what it showed.
    fn is_wanted(&self, tabs: &Tabs) -> bool {
        let Some(tab) = tabs.get(self.tab).filter(|tab| tab.panes.has(self.pane)) else { return false };
        tab.panes.typed(self.pane).is_some_and(|typed| typed.shows == self.shows)
    }
}

/// Bytes that a deflated member may have unpacked.
const MOST_UNPACKED: u64 = 64 << 30;

/// What the user asks.
impl Containers {
    /// Shows an entry in a pane, and sends the keys to it.
    pub fn open_entry(
        &mut self,
        id: TabId,
        pane: PaneKey,
        entry: u32,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        self.show_entry((id, pane), entry, None, tabs, context);
        if tabs.get(id).is_some_and(Tab::is_in_array) {
            context.want_grid_focus();
        }
    }

    /// Shows an entry in a pane of its own, beside the one in which it would be shown.
    pub fn open_beside(
        &mut self,
        id: TabId,
        pane: PaneKey,
        entry: u32,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.get_mut(id) else { return };
        if !tab.is_shown(pane) || tab.array().is_none() {
            return self.open_entry(id, pane, entry, tabs, context);
        }
        let facts = tab.arrays.found.as_ref().and_then(|found| found.container.entries.get(entry as usize));
        // What is in another file, or nowhere, needs no pane here.
        if !facts.is_some_and(|facts| matches!(facts.home, Home::Here(_) | Home::Deflated { .. })) {
            return self.open_entry(id, pane, entry, tabs, context);
        }
        match tab.put_typed_beside(pane) {
            Ok(new) => {
                self.waiting_panes.push((id, new));
                self.open_entry(id, new, entry, tabs, context);
                self.drop_vacant_panes(tabs);
            }
            Err(reason) => context.say(reason),
        }
    }

    /// Drops the panes that were made for an array which has not come and is not on its way.
    fn drop_vacant_panes(&mut self, tabs: &mut Tabs) {
        let unpacking = &self.unpacking;
        self.waiting_panes.retain(|(id, pane)| {
            if unpacking.iter().any(|work| (work.tab, work.pane) == (*id, *pane)) {
                return true;
            }
            if let Some(tab) = tabs.get_mut(*id)
                && tab.panes().has(*pane)
                && tab.panes().get(*pane).content.array().is_none()
            {
                tab.drop_pane(*pane);
            }
            false
        });
    }

    /// Shows an entry of the container in a pane, as it was asked for.
    pub fn show_entry(
        &mut self,
        (id, pane): (TabId, PaneKey),
        entry: u32,
        request: Option<&ArrayRequest>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        self.unpacking.retain(|other| (other.tab, other.pane) != (id, pane));
        if !settle_edit_of(id, tabs, context) {
            return;
        }
        let is_active = tabs.front_id() == Some(id);
        let is_untouched = self.is_untouched(id, tabs);
        let Some(tab) = tabs.get_mut(id) else { return };
        let Some(found) = &tab.arrays.found else { return };
        let Some(facts) = found.container.entries.get(entry as usize).cloned() else { return };
        match &facts.home {
            Home::Here(offset) => {
                let done = tab.show_array_in(pane, (entry, &facts), *offset, None);
                self.shown((id, pane), is_untouched, (done, request), tabs, context);
            }
            Home::Nowhere(reason) => {
                let text = format!("{} can't be shown: {reason}", facts.name);
                context.notices.push(Level::Warning, Topic::Open, Some(id), text);
            }
            Home::File(file) => {
                // The file is beside the one that names it.
                let path = tab.file.as_ref().map(|own| own.path().with_file_name(&**file));
                let Some(path) = path else { return };
                let name = Some(facts.name.to_string());
                let request = ArrayRequest { name, ..request.cloned().unwrap_or_default() };
                let options =
                    OpenOptions { in_front: is_active, array: Some(request), ..OpenOptions::default() };
                context.want(Effect::Open { path, options: Box::new(options) });
            }
            Home::Deflated { .. } => self.unpack((id, pane), (entry, &facts), request, tabs, context),
        }
    }

    /// Shows an array of the file itself in the typed pane that had the keys last, with the caret on an element, if one is
    /// named.
    pub fn show_element(
        &mut self,
        id: TabId,
        entry: u32,
        index: &[u64],
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(pane) = tabs.get(id).map(Tab::typed_key) else { return };
        self.show_entry((id, pane), entry, None, tabs, context);
        let has_come = |tab: &&mut Tab| tab.shown_entry() == Some(entry) && !index.is_empty();
        if let Some(tab) = tabs.get_mut(id).filter(has_come) {
            context.tell(tab.go_to_element(index));
        }
    }

    /// Shows what was asked for on the command line, or of a shard.
    pub fn show_wanted(&mut self, id: TabId, request: &ArrayRequest, tabs: &mut Tabs, context: &mut Context) {
        let pane = tabs.get(id).map_or(PaneKey::TYPED, Tab::typed_key);
        self.show_wanted_in((id, pane), request, tabs, context);
    }

    /// The same in a pane.
    fn show_wanted_in(
        &mut self,
        (id, pane): (TabId, PaneKey),
        request: &ArrayRequest,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        if self.is_reading(id) {
            self.wanted.insert(id, request.clone());
            return;
        }
        let Some(name) = &request.name else {
            self.show_only_array(id, tabs, context);
            return refine(id, request, tabs, context);
        };
        let entry = tabs.get(id).and_then(|tab| tab.arrays.found.as_ref()?.number_of(name, false));
        let Some(entry) = entry else {
            let text = format!("There is no array called '{name}' in {}.", tabs.title(id));
            context.notices.push(Level::Warning, Topic::Open, Some(id), text);
            return;
        };
        self.show_entry((id, pane), entry, Some(request), tabs, context);
    }

    /// A file with a single array is opened to see it.
    pub(super) fn show_only_array(&mut self, id: TabId, tabs: &mut Tabs, context: &mut Context) {
        let only = |tab: &Tab| {
            let found = tab.arrays.found.as_ref()?;
            let shown = found.container.entries.len() == 1 && tab.array().is_none();
            let here = matches!(found.container.entries.first()?.home, Home::Here(_));
            (shown && here && !tab.is_modified() && tab.edit.is_none()).then_some(())
        };
        if tabs.get(id).and_then(only).is_some() {
            self.show_entry((id, PaneKey::TYPED), 0, None, tabs, context);
        }
    }
}

/// A tab of the last session.
impl Containers {
    /// Shows the arrays that a remembered tab had, once its header has been read.
    pub(super) fn show_left(&mut self, id: TabId, left: LeftTab, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.get(id) else { return };
        let with_array = |pane: PaneKey| Some((pane, array_of(&left.tab, pane)?.clone()));
        let arrays: Vec<(PaneKey, OpenArray)> =
            tab.panes().iter().filter_map(|pane| with_array(pane.key)).collect();
        if arrays.is_empty() {
            return;
        }
        self.left_arrays.insert(id, left);
        for (pane, array) in arrays {
            let request = ArrayRequest {
                name: array.name,
                dtype: array.dtype,
                offset: array.offset,
                shape: array.shape,
                order: array.order,
                slice: array.slice,
            };
            match &request.name {
                Some(_) => self.show_wanted_in((id, pane), &request, tabs, context),
                None => self.show_described((id, pane), &request, tabs, context),
            }
        }
    }

    /// Shows the file's bytes as the array that was described, whatever arrays the file has.
    fn show_described(
        &mut self,
        (id, pane): (TabId, PaneKey),
        request: &ArrayRequest,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let is_untouched = self.is_untouched(id, tabs);
        if let Some(tab) = tabs.get_mut(id) {
            tab.make_last(pane);
        }
        refine(id, request, tabs, context);
        self.look_as_left((id, pane), is_untouched, tabs);
    }

    /// Whether the user has changed nothing since a remembered tab was opened.
    fn is_untouched(&self, id: TabId, tabs: &Tabs) -> bool {
        let left = self.left_arrays.get(&id).zip(tabs.get(id));
        left.is_some_and(|(left, tab)| left.is_untouched(tab))
    }

    /// An array has come on the screen: as it was left, if it is one that was; and the panes too, unless the user has
    /// arranged them meanwhile.
    fn look_as_left(&mut self, (id, pane): (TabId, PaneKey), is_untouched: bool, tabs: &mut Tabs) {
        let Some(left) = self.left_arrays.get_mut(&id) else { return };
        let Some(tab) = tabs.get_mut(id) else { return };
        tab.place_as_left(pane, &left.tab, is_untouched);
        if is_untouched {
            left.note(tab);
        }
        let waits = |pane: PaneKey| array_of(&left.tab, pane).is_some();
        if !tab.panes().iter().any(|pane| waits(pane.key) && pane.content.array().is_none()) {
            self.left_arrays.remove(&id);
        }
    }

    /// An array that was left on the screen and is not on its way to it, whatever the reason, does not come back: its
    /// tab is remembered as it looks now.
    fn settle_left(&mut self) {
        let (wanted, unpacking) = (&self.wanted, &self.unpacking);
        self.left_arrays.retain(|id, _| wanted.contains_key(id) || unpacking.has_tab(*id));
    }
}

/// Members of archives.
impl Containers {
    fn unpack(
        &mut self,
        (id, pane): (TabId, PaneKey),
        (entry, facts): (u32, &Entry),
        request: Option<&ArrayRequest>,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.get(id) else { return };
        let Some(format) = tab.arrays.found.as_ref().map(|found| found.format) else { return };
        let (snapshot, home) = (tab.shown().clone(), facts.home.clone());
        let work = Unpacking {
            tab: id,
            pane,
            name: facts.name.to_string(),
            entry,
            home: facts.home.clone(),
            revision: tab.document().revision(),
            shows: tab.panes.typed(pane).map_or(0, |typed| typed.shows),
            request: request.cloned(),
        };
        let task = Task::shown("unpack", format!("Decompressing {}", work.name)).about(id);
        let started = self.unpacking.start(context.waker(), task, work, move |progress| {
            format.open_entry(&snapshot, &home, None, MOST_UNPACKED, progress)
        });
        if let Err((error, work)) = started {
            context.say(format!("{} was not decompressed: {error}.", work.name));
        }
    }

    pub(super) fn poll_unpacking(&mut self, tabs: &mut Tabs, context: &mut Context) {
        // What nobody waits for any longer is ended.
        self.unpacking.retain(|work| work.is_wanted(tabs));
        for ended in self.unpacking.drain_finished() {
            let work = ended.what;
            match ended.answer {
                Some(Ok(EntryBytes { source, damage })) => match context.cache.attach(source) {
                    Ok(cached) => {
                        if let Some(damage) = damage {
                            let text = format!("{}: {damage}", work.name);
                            context.notices.push(Level::Warning, Topic::Open, Some(work.tab), text);
                        }
                        self.unpacked(&work, cached, tabs, context);
                    }
                    Err(error) => context.say(format!("{} can't be shown: {error}.", work.name)),
                },
                Some(Err(error)) => {
                    let text = format!("{} was not decompressed: {error}", work.name);
                    context.notices.push(Level::Error, Topic::Open, Some(work.tab), text);
                }
                None => context.say(format!("{} was not decompressed.", work.name)),
            }
        }
        self.drop_vacant_panes(tabs);
        self.settle_left();
    }

    fn unpacked(
        &mut self,
        work: &Unpacking,
        source: Arc<CachedSource>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.get(work.tab).filter(|_| work.is_wanted(tabs)) else { return };
        let Home::Deflated { offset, span, .. } = work.home else { return };
        let entry = tab.arrays.found.as_ref().and_then(|found| {
            // The header may have been read again, with other numbers.
            let places = [Some(work.entry), found.number_of(&work.name, false)];
            places.into_iter().flatten().find_map(|at| {
                let facts = found.container.entries.get(at as usize)?;
                (*facts.name == *work.name && facts.home == work.home).then(|| (at, facts.clone()))
            })
        });
        let stays = tab.document().map_span(span, work.revision) == Mapped::Intact(span);
        let Some((at, facts)) = entry.filter(|_| stays) else {
            return context
                .say(format!("{} changed while it was being decompressed. Open it again.", work.name));
        };
        if !settle_edit_of(work.tab, tabs, context) {
            return;
        }
        let is_untouched = self.is_untouched(work.tab, tabs);
        let why_fixed = format!(
            "{} is compressed in its file and can't be changed there. Export it, or save it with numpy.savez, which does not compress.",
            facts.name
        );
        let Some(tab) = tabs.get_mut(work.tab) else { return };
        let unpacked = Some(Unpacked { source, why_fixed });
        let done = tab.show_array_in(work.pane, (at, &facts), offset, unpacked);
        self.shown((work.tab, work.pane), is_untouched, (done, work.request.as_ref()), tabs, context);
        if tabs.front_id() == Some(work.tab) {
            context.offer_grid_focus();
        }
    }

    /// After an entry came on the screen, or did not: what else was asked of it.
    fn shown(
        &mut self,
        (id, pane): (TabId, PaneKey),
        is_untouched: bool,
        (done, request): (Result<(), String>, Option<&ArrayRequest>),
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        match (done, request) {
            (Ok(()), Some(request)) => refine(id, request, tabs, context),
            (done, _) => context.tell(done),
        }
        self.look_as_left((id, pane), is_untouched, tabs);
    }
}

/// Changes the tree of names of the tab in front.
pub(in crate::session) fn with_tree(tabs: &mut Tabs, change: impl FnOnce(&mut Tree, &Container)) {
    if let Some(found) = tabs.front_mut().and_then(|tab| tab.arrays.found.as_mut()) {
        change(&mut found.tree, &found.container);
    }
}

/// Takes the value that is being typed into this tab, which may be behind others.
fn settle_edit_of(id: TabId, tabs: &mut Tabs, context: &mut Context) -> bool {
    let is_in_front = tabs.front_id() == Some(id);
    let Some(tab) = tabs.get_mut(id) else { return false };
    let settled = tab.settle_edit();
    let is_taken = settled == Ok(true);
    if is_in_front && !is_taken {
        // The field stays, with the reason.
        context.offer_grid_focus();
        context.tell(settled.map(drop));
    }
    is_taken
}

fn refine(id: TabId, request: &ArrayRequest, tabs: &mut Tabs, context: &mut Context) {
    let Some(tab) = tabs.get_mut(id) else { return };
    if let Err(reason) = tab.refine_array(request) {
        let text = format!("{}: {reason}", tab.title);
        context.notices.push(Level::Warning, Topic::Open, Some(id), text);
    }
}
