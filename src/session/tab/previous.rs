//! The layout before a preset.

use super::Tab;
use super::layout::PaneLayout;
use crate::save::Generation;
use crate::session::done::Done;
use crate::session::panes::{PaneKey, PaneSet};
use std::sync::Arc;

/// The panes of a tab and how they shared the room.
#[derive(Clone, Debug)]
pub(super) struct PaneArrangement {
    panes: PaneSet,
    layout: PaneLayout,
    focus: PaneKey,
    last: (PaneKey, PaneKey),
    /// The file's bytes then: an array of others would show something else.
    generation: Option<Arc<Generation>>,
}

impl Tab {
    /// Does what drops panes, and keeps the panes as they are for [`Self::show_previous_layout`].
    pub(in crate::session) fn keeping_layout(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.arrangement();
        change(self);
        if *self.whole_layout() != before.layout {
            self.centre.previous = Some(Box::new(before));
        }
    }

    /// Whether there is an arrangement to go back to.
    pub fn has_previous_layout(&self) -> bool {
        let now = self.generation();
        self.centre.previous.as_ref().is_some_and(|before| match (&before.generation, &now) {
            (Some(before), Some(now)) => Arc::ptr_eq(before, now),
            (before, now) => before.is_none() && now.is_none(),
        })
    }

    /// The panes as they were before the last preset; those of now come back the next time.
    pub(in crate::session) fn show_previous_layout(&mut self) -> Done {
        if !self.has_previous_layout() {
            return Ok(());
        }
        let now = self.arrangement();
        let Some(before) = self.centre.previous.replace(Box::new(now)) else { return Ok(()) };
        self.centre.behind = None;
        let PaneArrangement { panes, layout, focus, last, generation: _ } = *before;
        self.panes = panes;
        self.centre.layout = layout;
        (self.focus, self.last) = (focus, last);
        self.keep_pair_share();
        // The document may have been edited since.
        self.refresh();
        self.set_focus(self.focus);
        self.reveal_caret();
        self.enter_pane()
    }

    fn arrangement(&self) -> PaneArrangement {
        PaneArrangement {
            panes: self.panes.clone(),
            layout: self.whole_layout().clone(),
            focus: self.focus,
            last: self.last,
            generation: self.generation(),
        }
    }

    fn generation(&self) -> Option<Arc<Generation>> {
        self.file.as_ref().map(|file| Arc::clone(&file.generation))
    }
}
