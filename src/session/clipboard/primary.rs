//! The selection as other programs of an X11 or Wayland desktop paste it by a click of the middle button (PRIMARY).
//!
//! It is offered once the selection stands still, and only while it is short: selecting must cost nothing.

use super::{Clip, Copied, Copying, Mark, Offer, copy_options, read, shown_format};
use crate::bytes::Span;
use crate::document::Revision;
use crate::export;
use crate::job::{Job, Poll};
use crate::session::pane::PaneId;
use crate::session::view::Column;
use crate::session::{Request, Session, TabId};

/// The longest selection in bytes that is offered.
const MAX_SELECTED: u64 = 1 << 20;

/// What was offered last, and what is being made.
#[derive(Debug, Default)]
pub(in crate::session) struct Selected {
    of: Option<(TabId, Revision, Span, PaneId, Column)>,
    clip: Option<Clip>,
    job: Option<Copying>,
}

impl Session {
    pub(super) fn selected_clip(&self) -> Option<&Clip> {
        self.features.selected.clip.as_ref().filter(|clip| clip.text.is_some())
    }

    /// The pointer or the key that was selecting has been let go.
    pub(in crate::session) fn offer_selection(&mut self) {
        let Some(tab) = self.tabs.front().filter(|tab| !tab.is_in_array()) else { return };
        let span = tab.selected();
        let of = Some((tab.id, tab.shown().revision(), span, tab.focus, tab.selection.column));
        if span.is_empty() || span.len() > MAX_SELECTED || self.features.selected.of == of {
            return;
        }
        let format = shown_format(tab);
        let render = export::FORMATS[format].render;
        let (snapshot, options) = (tab.shown().clone(), copy_options(tab, span));
        let clip = Clip {
            copied: Copied::Span(snapshot.clone(), span),
            mark: Mark::new(span.len(), false, &tab.title),
            is_values: tab.focus == PaneId::Values,
            text: None,
            is_inside_only: false,
        };
        let job = Job::spawn("selection", self.context.waker(), move |_| {
            let bytes = read(&snapshot, span)?;
            Ok((render(&bytes, &options), bytes))
        });
        self.features.selected = Selected { of, clip: Some(clip), job: job.ok() };
    }

    pub(in crate::session) fn poll_selected(&mut self) {
        let Some(job) = &mut self.features.selected.job else { return };
        let done = match job.poll() {
            Poll::Running => return,
            Poll::Done(done) => done.ok(),
            Poll::Lost => None,
        };
        self.features.selected.job = None;
        // What can't be read is no selection to others; the screen says why.
        let Some((text, bytes)) = done else { return };
        let Some(clip) = &mut self.features.selected.clip else { return };
        clip.text = Some(text.clone());
        let offer = Offer { text: Some(text), bytes: Some(bytes), mark: Some(clip.mark.clone()) };
        self.context.request(Request::Select(offer));
    }
}
