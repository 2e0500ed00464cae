//! Which bytes on the screen are matches.

use super::FindState;
use crate::analysis::Window;
use crate::bytes::{Availability, Source, Span};
use crate::session::tab::Tab;
use std::ops::ControlFlow;

/// What is sought is not marked where the screen cuts off more of it than this.
const MARKED_CONTEXT: u64 = 4096;
/// Matches marked on one screen at most.
const MARKED: usize = 20_000;

impl FindState {
    /// Whether matches are marked in `tab`.
    pub fn marks(&self, tab: &Tab) -> bool {
        self.open || self.matches.shown(tab).is_some()
    }

    /// Which of the visible bytes of `tab` are matches.
    pub fn marked(&self, tab: &Tab, visible: Span) -> Vec<Span> {
        let Some(sought) = self.sought.as_ref().filter(|_| self.marks(tab)) else { return Vec::new() };
        let context = (sought.pattern().max_len() as u64 - 1).min(MARKED_CONTEXT);
        let wide =
            Span::between(visible.start().saturating_sub(context), visible.end().saturating_add(context))
                .clamp_to(tab.len());
        let mut bytes = vec![0; wide.len() as usize];
        let mut states = vec![Availability::Missing; bytes.len()];
        tab.shown().peek(wide.start(), &mut bytes, &mut states);
        let mut marks = Vec::new();
        let window = Window::whole(&bytes, wide.start(), tab.len());
        let _ = sought.pattern().find_in(&window, &mut |hit| {
            if states[hit.at..hit.at + hit.len].iter().all(|state| *state == Availability::Ready) {
                let start = wide.start() + hit.at as u64;
                marks.push(Span::between(start, start + hit.len as u64));
            }
            if marks.len() < MARKED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        marks
    }
}
