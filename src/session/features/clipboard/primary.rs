//! The selection for middle-click paste (PRIMARY) on X11 and Wayland desktops.
//!
//! It is offered when the selection no longer changes, and only while it is short: selecting must cost nothing.

use super::{Clip, ClipMark, ClipboardOffer, ClipboardState, Copied, Made, copy_options, read, shown_format};
use crate::bytes::Span;
use crate::document::Revision;
use crate::export;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Jobs, Task};
use crate::session::panes::{PaneKey, PaneKind};
use crate::session::request::Request;
use crate::session::tabs::Tabs;
use crate::session::view::Column;

/// The longest selection in bytes that is offered.
const MAX_SELECTED: u64 = 1 << 20;

/// What was offered last, and what is being made.
#[derive(Debug, Default)]
pub(super) struct Selected {
    of: Option<(TabId, Revision, Span, PaneKey, Column)>,
    clip: Option<Clip>,
    jobs: Jobs<(), Made>,
}

impl Selected {
    /// What is offered.
    pub(super) fn clip(&self) -> Option<&Clip> {
        self.clip.as_ref().filter(|clip| clip.text.is_some())
    }
}

impl ClipboardState {
    /// The pointer or the key that was selecting has been let go.
    pub(super) fn offer_selection(&mut self, tabs: &Tabs, context: &Context) {
        let Some(tab) = tabs.front().filter(|tab| !tab.is_in_array()) else { return };
        let span = tab.selected();
        let of = Some((tab.id, tab.shown().revision(), span, tab.focus(), tab.selection.column));
        if span.is_empty() || span.len() > MAX_SELECTED || self.selected.of == of {
            return;
        }
        let format = shown_format(tab);
        let Some(render) = export::FORMATS.get(format).and_then(|format| format.of_bytes) else { return };
        let (snapshot, options) = (tab.shown().clone(), copy_options(tab, span));
        let clip = Clip {
            copied: Copied::Span(snapshot.clone(), span),
            mark: ClipMark::new(span.len(), false, &tab.title),
            is_values: tab.focus_kind() == PaneKind::Values,
            text: None,
            is_inside_only: false,
        };
        let mut jobs = Jobs::default();
        // Without a thread the selection is not offered.
        let _ = jobs.start(context.waker(), Task::hidden("selection"), (), move |progress| {
            let bytes = read(&snapshot, span, progress.as_cancel())?;
            Ok((render(&bytes, &options), bytes))
        });
        self.selected = Selected { of, clip: Some(clip), jobs };
    }

    pub(super) fn poll_selected(&mut self, context: &mut Context) {
        for ended in self.selected.jobs.drain_finished() {
            // What can't be read is no selection to others; the screen says why.
            let Some(Ok((text, bytes))) = ended.answer else { continue };
            let Some(clip) = &mut self.selected.clip else { continue };
            clip.text = Some(text.clone());
            let offer = ClipboardOffer {
                text: Some(text),
                bytes: Some(bytes),
                image: None,
                mark: Some(clip.mark.clone()),
            };
            context.request(Request::Select(offer));
        }
    }
}
