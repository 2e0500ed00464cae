//! Shows one pane alone, and later all panes again as they were.

use super::Tab;
use super::layout::PaneLayout;
use crate::session::done::Done;
use crate::session::panes::PaneKey;

impl Tab {
    /// Whether one pane of several is shown alone.
    pub fn is_maximised(&self) -> bool {
        self.centre.behind.is_some()
    }

    /// All panes, also those behind one that is shown alone.
    pub fn whole_layout(&self) -> &PaneLayout {
        self.centre.behind.as_ref().unwrap_or(&self.centre.layout)
    }

    /// Shows the pane with the keys alone, or all of them again.
    pub(in crate::session) fn toggle_maximised(&mut self) -> Done {
        if !self.unmaximise() {
            self.maximise(self.focus);
        }
        self.reveal_caret();
        Ok(())
    }

    /// Shows all panes again; `false` when they are.
    pub(in crate::session) fn unmaximise(&mut self) -> bool {
        let Some(whole) = self.centre.behind.take() else { return false };
        self.centre.layout = whole;
        true
    }

    /// Shows `pane` alone, in the place of all or of the one that was alone.
    pub(in crate::session) fn maximise(&mut self, pane: PaneKey) {
        let whole = self.whole_layout().clone();
        if whole.panes().len() > 1 && whole.has(pane) {
            self.centre.layout = PaneLayout::single(pane);
            self.centre.behind = Some(whole);
        }
    }
}
