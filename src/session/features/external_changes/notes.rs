//! Keeps the bytes that edits replaced, so that a save and a banner can find changes of these bytes by other programs.
//!
//! After every edit a worker records the bytes that the edit replaced. A save completes the records for the state that
//! it writes. The window's thread reads nothing.

use super::recorder::Recorder;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Jobs, Task};
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use std::time::{Duration, Instant};

/// A worker that took longer rests this many times as long, so that typing into a document of a million edits, where
/// the notes are gone through as a whole, keeps no core busy.
const LONG: Duration = Duration::from_millis(20);
const RESTS: u32 = 4;

/// The workers that take notes, at most one a tab.
#[derive(Debug, Default)]
pub(super) struct Notes {
    jobs: Jobs<TabId, ()>,
}

impl Notes {
    /// Has notes taken of the edits since the last call.
    pub(super) fn poll(&mut self, tabs: &Tabs, context: &Context) {
        self.jobs.drain_finished();
        self.jobs.retain(|id| tabs.contains(*id));
        for tab in tabs.iter() {
            if self.jobs.has_tab(tab.id) {
                continue;
            }
            let Some(recorder) = wanted(tab) else { continue };
            let snapshot = tab.shown().clone();
            let task = Task::hidden("record").about(tab.id);
            let started = self.jobs.start(context.waker(), task, tab.id, move |progress| {
                let begun = Instant::now();
                recorder.update(&snapshot, progress);
                if begun.elapsed() > LONG {
                    std::thread::sleep(begun.elapsed() * RESTS);
                }
            });
            // Without a thread the notes are taken after the next edit, or by the save.
            if let Err((error, _)) = started {
                tracing::info!(%error, "notes of edits are not taken now");
            }
        }
    }
}

/// What takes the notes that are missing of a tab's edits.
fn wanted(tab: &Tab) -> Option<Recorder> {
    let file = tab.file.as_ref().filter(|file| file.is_stored())?;
    let shown = tab.shown();
    if file.record.is_up_to(shown.revision()) {
        return None;
    }
    if shown.changes() == 0 {
        file.record.forget(shown.revision());
        return None;
    }
    Some(Recorder::of(file, shown))
}
