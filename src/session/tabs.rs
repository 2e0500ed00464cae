//! The open tabs: their order, their ids, and which one is in front.

use super::context::Context;
use super::ids::TabId;
use super::tab::Tab;
use crate::bytes::Origin;
use crate::document::Revision;

/// The tabs in the order of the row of tabs.
#[derive(Debug, Default)]
pub struct Tabs {
    list: Vec<Tab>,
    front: Option<TabId>,
    numbered: u64,
}

impl Tabs {
    /// All of them, in order.
    pub fn all(&self) -> &[Tab] {
        &self.list
    }

    /// All tabs, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Tab> {
        self.list.iter()
    }

    /// All tabs in order, to change them.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Tab> {
        self.list.iter_mut()
    }

    /// The ids of all tabs, in order.
    pub fn ids(&self) -> Vec<TabId> {
        self.list.iter().map(|tab| tab.id).collect()
    }

    /// The tab with this id; `None` when it is closed.
    pub fn get(&self, id: TabId) -> Option<&Tab> {
        self.list.iter().find(|tab| tab.id == id)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, id: TabId) -> Option<&mut Tab> {
        self.list.iter_mut().find(|tab| tab.id == id)
    }

    /// Whether the tab with this id is open.
    pub fn contains(&self, id: TabId) -> bool {
        self.get(id).is_some()
    }

    /// The number of a tab in the row, from 0.
    pub fn position(&self, id: TabId) -> Option<usize> {
        self.list.iter().position(|tab| tab.id == id)
    }

    /// The tab in front.
    pub fn front(&self) -> Option<&Tab> {
        self.front.and_then(|id| self.get(id))
    }

    /// The tab in front, to change it.
    pub fn front_mut(&mut self) -> Option<&mut Tab> {
        self.front.and_then(|id| self.get_mut(id))
    }

    /// The id of the tab in front.
    pub fn front_id(&self) -> Option<TabId> {
        self.front
    }

    /// Brings a tab to the front; `false` when it is closed.
    pub fn bring_to_front(&mut self, id: TabId) -> bool {
        let is_open = self.contains(id);
        if is_open {
            self.front = Some(id);
        }
        is_open
    }

    /// Brings a tab to the front; the keys go to it.
    pub fn select(&mut self, id: TabId, context: &mut Context) {
        if self.bring_to_front(id) {
            context.want_grid_focus();
        }
    }

    /// The same when work has ended that was to show it.
    pub fn show(&mut self, id: TabId, context: &mut Context) {
        if self.bring_to_front(id) {
            context.offer_grid_focus();
        }
    }

    /// Brings the next tab to the front, or the one before.
    pub fn step(&mut self, forward: bool, context: &mut Context) {
        if let Some(id) = self.beside_front(forward) {
            self.select(id, context);
        }
    }

    /// What typing changes: the bytes of the tab in front, or a value that is being typed there.
    pub fn typed(&self) -> Option<(TabId, Revision, bool)> {
        self.front().map(|tab| (tab.id, tab.document().revision(), tab.edit.is_some()))
    }

    /// A number for a tab to be. Tabs stand in the order of their numbers, whichever is added first.
    pub fn next_id(&mut self) -> TabId {
        self.numbered += 1;
        TabId::new(self.numbered)
    }

    /// Adds a tab at its place; it comes to the front if no other tab is there.
    pub fn add(&mut self, tab: Tab) {
        let id = tab.id;
        let at = self.list.partition_point(|other| other.place < tab.place);
        self.list.insert(at, tab);
        self.front.get_or_insert(id);
    }

    /// Takes a tab out. If it was in front, its neighbour is then.
    pub fn remove(&mut self, id: TabId) -> Option<Tab> {
        let at = self.position(id)?;
        let tab = self.list.remove(at);
        if self.front == Some(id) {
            let next = at.min(self.list.len().saturating_sub(1));
            self.front = self.list.get(next).map(|tab| tab.id);
        }
        Some(tab)
    }

    /// Puts a tab where the one with number `to` is now.
    pub fn move_to(&mut self, id: TabId, to: usize) {
        let Some(at) = self.position(id) else { return };
        let to = to.min(self.list.len() - 1);
        // The places stay, so that a file that is still being opened comes where it was asked for.
        let places: Vec<u64> = self.list.iter().map(|tab| tab.place).collect();
        let tab = self.list.remove(at);
        self.list.insert(to, tab);
        self.list.iter_mut().zip(places).for_each(|(tab, place)| tab.place = place);
    }

    /// The tab after the one in front, or before it; behind the last one the first.
    fn beside_front(&self, forward: bool) -> Option<TabId> {
        let at = self.position(self.front?)?;
        let count = self.list.len();
        let next = if forward { (at + 1) % count } else { (at + count - 1) % count };
        Some(self.list[next].id)
    }

    /// Moves the tab in front by one place.
    pub fn shift_front(&mut self, right: bool) {
        let Some(id) = self.front else { return };
        let Some(at) = self.position(id) else { return };
        self.move_to(id, if right { at + 1 } else { at.saturating_sub(1) });
    }

    /// The files that are open, so that nothing is written over them.
    pub fn open_files(&self) -> Vec<Origin> {
        let file = |tab: &Tab| tab.file.as_ref().map(|file| file.origin.clone());
        self.list.iter().filter_map(file).collect()
    }

    /// The title of a tab; empty when it is closed.
    pub fn title(&self, id: TabId) -> &str {
        self.get(id).map_or("", |tab| tab.title.as_str())
    }
}
