//! Changes of the layout of a tab: panes are split, closed, moved and resized.

use super::Tab;
use super::layout::{PaneRect, PaneSide, SplitKind};
use crate::session::done::Done;
use crate::session::panes::{LayoutAction, PaneContent, PaneKey};

/// The least width and height of a pane, in points.
const LEAST: (f32, f32) = (208.0, 112.0);
/// More panes than anybody can look at.
pub(in crate::session) const MOST_PANES: usize = 64;

const NO_ROOM: &str =
    "There is no room for another pane here. Make the window or this pane larger, or close another pane.";

impl Tab {
    /// Puts a pane beside `at` that shows the same at the same place; the keys go there.
    ///
    /// # Errors
    /// A sentence when there is no room for it.
    pub(in crate::session) fn split(&mut self, at: PaneKey, side: PaneSide) -> Done {
        let content = self.panes.get(at).content.clone();
        let key = self.put_beside(at, side, content)?;
        self.set_focus(key);
        Ok(())
    }

    /// The same with another content; the keys stay.
    pub(in crate::session) fn put_beside(
        &mut self,
        at: PaneKey,
        side: PaneSide,
        content: PaneContent,
    ) -> Result<PaneKey, String> {
        self.check_room(at, side)?;
        self.unmaximise();
        let linked = self.panes.get(at).linked;
        let key = self.panes.add(content, linked);
        if !self.centre.layout.split(at, side, key) {
            let layout = self.centre.layout.clone();
            self.panes.retain(|pane| layout.has(pane));
            return Err(String::from(NO_ROOM));
        }
        Ok(key)
    }

    /// Whether a pane has room for another one at its side.
    pub(in crate::session) fn check_room(&self, at: PaneKey, side: PaneSide) -> Done {
        let mut after = self.whole_layout().clone();
        let new = PaneKey::of_number(u32::MAX);
        let (width, height) = self.centre.room;
        let fits = after.split(at, side, new)
            && after.panes().len() <= MOST_PANES
            && after
                .rects(PaneRect::of_size(width, height))
                .iter()
                .filter(|(pane, _)| *pane == at || *pane == new)
                .all(|(_, rect)| rect.width >= LEAST.0 && rect.height >= LEAST.1);
        if fits { Ok(()) } else { Err(String::from(NO_ROOM)) }
    }

    /// Closes a pane. One of those that every tab has is hidden and keeps what it shows.
    ///
    /// # Errors
    /// A sentence for the last one.
    pub(in crate::session) fn close_pane(&mut self, pane: PaneKey) -> Done {
        if !self.settle_edit()? {
            return Ok(());
        }
        self.unmaximise();
        let heir = self.centre.layout.sibling(pane);
        if !self.centre.layout.close(pane) {
            return Err(String::from("This is the only pane. Close the file with Ctrl+W."));
        }
        let heir = heir.unwrap_or_else(|| self.centre.layout.panes()[0]);
        let layout = self.centre.layout.clone();
        self.panes.retain(|pane| layout.has(pane));
        self.last = self.last_shown();
        if self.focus == pane {
            self.set_focus(heir);
            // An array that does not have the selection shows its own.
            drop(self.enter_pane());
        }
        Ok(())
    }

    /// Takes a pane out that has only just come.
    pub(in crate::session) fn drop_pane(&mut self, pane: PaneKey) {
        self.unmaximise();
        let heir = self.centre.layout.sibling(pane);
        self.centre.layout.close(pane);
        let layout = self.centre.layout.clone();
        self.panes.retain(|pane| layout.has(pane));
        self.last = self.last_shown();
        if let Some(heir) = heir.filter(|_| self.focus == pane) {
            self.set_focus(heir);
        }
    }

    /// Splits the pane with the keys.
    pub(in crate::session) fn split_focus(&mut self, side: PaneSide) -> Done {
        self.split(self.focus, side)
    }

    /// Closes the pane with the keys.
    pub(in crate::session) fn close_focus(&mut self) -> Done {
        self.close_pane(self.focus)
    }

    /// Has the pane with the keys scroll with the others, or alone.
    pub(in crate::session) fn toggle_link(&mut self) -> Done {
        let pane = self.panes.get_mut(self.focus);
        pane.linked = !pane.linked;
        Ok(())
    }

    /// Whether the pane with the keys scrolls with the others.
    pub fn is_linked(&self) -> bool {
        self.panes.get(self.focus).linked
    }

    /// Does what is asked of a pane.
    pub(in crate::session) fn change_layout(&mut self, pane: PaneKey, action: LayoutAction) -> Done {
        match action {
            LayoutAction::Close => self.close_pane(pane),
            LayoutAction::Split(side) => {
                if !self.settle_edit()? {
                    return Ok(());
                }
                self.split(pane, side)
            }
            LayoutAction::MoveTo(target, side) => {
                self.unmaximise();
                self.centre.layout.move_to(pane, target, side);
                Ok(())
            }
            LayoutAction::Link(linked) => {
                self.panes.get_mut(pane).linked = linked;
                Ok(())
            }
            LayoutAction::Resize { path, at, place, len } => {
                self.resize(&path, at, place, len);
                Ok(())
            }
            LayoutAction::Equalise(path) => {
                self.centre.layout.equalise(Some(&path));
                self.keep_pair_share();
                Ok(())
            }
        }
    }

    fn resize(&mut self, path: &[usize], at: usize, place: f32, len: f32) {
        let dividers = self.centre.layout.dividers(PaneRect::of_size(1.0, 1.0));
        let kind = dividers.iter().find(|divider| divider.path == path && divider.at == at);
        let least = match kind.map(|divider| divider.kind) {
            Some(SplitKind::Column) => LEAST.1,
            _ => LEAST.0,
        };
        self.centre.layout.resize(path, at, place, least / len.max(1.0));
        self.keep_pair_share();
    }

    /// Gives the pane with the keys `by` points more along `kind`.
    pub(in crate::session) fn grow_focus(&mut self, kind: SplitKind, by: f32) {
        let (width, height) = self.centre.room;
        let lines = self.centre.layout.dividers(PaneRect::of_size(width, height));
        let Some(edge) = self.centre.layout.edge_of(self.focus, kind) else { return };
        let Some(line) = lines.iter().find(|line| line.path == edge.path && line.at == edge.at) else {
            return;
        };
        let (start, len) = match kind {
            SplitKind::Row => (line.split.left, line.split.width),
            SplitKind::Column => (line.split.top, line.split.height),
        };
        let place = line.place - start + if edge.is_end { by } else { -by };
        self.resize(&edge.path, edge.at, place / len.max(1.0), len);
    }

    /// All panes get the same room.
    pub(in crate::session) fn equalise(&mut self) {
        self.unmaximise();
        self.centre.layout.equalise(None);
        self.keep_pair_share();
    }

    pub(super) fn keep_pair_share(&mut self) {
        if let Some(share) = self.centre.layout.as_pair(PaneKey::BYTES, PaneKey::TYPED) {
            self.centre.pair_shares[usize::from(self.array().is_some())] = share;
        }
    }

    /// The places of the lines between bytes and what is beside them, which are the same in all tabs.
    pub(in crate::session) fn pair_shares(&self) -> [f32; 2] {
        self.centre.pair_shares
    }

    /// Takes over those places of another tab.
    pub(in crate::session) fn set_pair_shares(&mut self, shares: [f32; 2]) {
        self.centre.pair_shares = shares;
        self.fit_pair();
    }
}
