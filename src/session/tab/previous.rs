//! The layout before a preset.

use super::Tab;
use super::layout::PaneLayout;
use crate::document::Revision;
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
    /// The document's state then, by which headers were read.
    revision: Revision,
}

impl Tab {
    /// Does what drops panes, and keeps the panes as they are for [`Self::show_previous_layout`].
    pub(in crate::session) fn keeping_layout(&mut self, change: impl FnOnce(&mut Self)) {
        let before = self.arrangement();
        change(self);
        let is_other = *self.whole_layout() != before.layout;
        // One preset after another does not push out what the user has arranged.
        let kept = self.centre.previous.as_ref().filter(|_| self.has_previous_layout());
        if is_other && (!before.is_preset() || kept.is_none_or(|kept| kept.is_preset())) {
            self.centre.previous = Some(Box::new(before));
        }
    }

    /// A save has given the file another generation with the same bytes.
    pub(in crate::session) fn keep_previous_layout(&mut self, saved: &Arc<Generation>) {
        if self.has_previous_layout()
            && let Some(previous) = &mut self.centre.previous
        {
            previous.generation = Some(Arc::clone(saved));
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
        let PaneArrangement { panes, layout, focus, last, revision, generation: _ } = *before;
        self.panes = panes;
        self.centre.layout = layout;
        (self.focus, self.last) = (focus, last);
        self.selection.digit = 0;
        self.keep_pair_share();
        if revision != self.document.revision() {
            // An edited header may describe other arrays by now.
            self.distrust_header();
        }
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
            revision: self.document.revision(),
        }
    }

    fn generation(&self) -> Option<Arc<Generation>> {
        self.file.as_ref().map(|file| Arc::clone(&file.generation))
    }
}

impl PaneArrangement {
    /// Whether Ctrl+1, 2 or 3 shows the same panes.
    fn is_preset(&self) -> bool {
        let alone = [PaneKey::BYTES, PaneKey::TYPED].map(PaneLayout::single);
        alone.contains(&self.layout) || self.layout.as_pair(PaneKey::BYTES, PaneKey::TYPED).is_some()
    }
}
