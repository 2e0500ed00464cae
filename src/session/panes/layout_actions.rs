//! Actions of the window and of commands on the panes of the tab in front.

use super::{LayoutAction, PaneKey};
use crate::session::context::Context;
use crate::session::tab::layout::SplitKind;
use crate::session::tabs::Tabs;

impl Tabs {
    /// Does what is asked of a pane of the tab in front.
    pub(in crate::session) fn change_layout(
        &mut self,
        context: &mut Context,
        pane: PaneKey,
        action: LayoutAction,
    ) {
        let moves_line = matches!(action, LayoutAction::Resize { .. } | LayoutAction::Equalise(_));
        let takes_keys = !moves_line && !matches!(action, LayoutAction::Link(_));
        let Some(tab) = self.front_mut().filter(|tab| tab.is_shown(pane)) else { return };
        let done = tab.change_layout(pane, action);
        context.tell(done);
        if moves_line {
            self.share_lines();
        }
        if takes_keys {
            context.want_grid_focus();
        }
    }

    /// Gives all panes of the tab in front the same room.
    pub(in crate::session) fn equalise_panes(&mut self) {
        if let Some(tab) = self.front_mut() {
            tab.equalise();
            self.share_lines();
        }
    }

    /// Gives the pane with the keys `by` points more along `kind`.
    pub(in crate::session) fn grow_pane(&mut self, kind: SplitKind, by: f32) {
        if let Some(tab) = self.front_mut() {
            tab.grow_focus(kind, by);
            self.share_lines();
        }
    }

    /// The line between bytes and what is beside them is at the same place in all files.
    fn share_lines(&mut self) {
        let Some((id, shares)) = self.front().map(|tab| (tab.id, tab.pair_shares())) else { return };
        for tab in self.iter_mut().filter(|tab| tab.id != id && tab.pair_shares() != shares) {
            tab.set_pair_shares(shares);
        }
    }
}
