//! Keeps what the user edited over, so that a save and a banner can tell what others did to just these bytes.
//!
//! After every edit a worker notes what the edit has taken the place of; a save completes the notes for the state
//! that it writes. The window's thread reads nothing.

use super::tab::{FileFacts, Tab};
use super::{Session, TabId};
use crate::bytes::pages::CachedSource;
use crate::bytes::{ReadError, Source, Span};
use crate::document::Snapshot;
use crate::job::{Cancel, Job, Poll, Progress};
use crate::save::Generation;
use crate::save::edited_over::{EditedOver, EditedOverRecord};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A worker that took longer rests this many times as long, so that typing into a document of a million edits, where
/// the notes are gone through as a whole, keeps no core busy.
const LONG: Duration = Duration::from_millis(20);
const RESTS: u32 = 4;

/// A worker that takes notes.
#[derive(Debug)]
pub(super) struct Recording {
    tab: TabId,
    job: Job<()>,
}

/// What is needed to take notes of the edits of one file.
#[derive(Debug)]
pub(super) struct Recorder {
    record: Arc<EditedOverRecord>,
    generation: Arc<Generation>,
    cached: Arc<CachedSource>,
    /// What a save is to compare, where the notes are complete.
    checker: Option<Arc<dyn EditedOver>>,
}

impl Recorder {
    pub(super) fn of(file: &FileFacts, shown: &Snapshot) -> Self {
        let is_complete = file.record.is_up_to(shown.revision());
        Self {
            record: file.record.clone(),
            generation: file.generation.clone(),
            cached: file.cached.clone(),
            checker: is_complete.then(|| Arc::new(file.record.checker()) as Arc<dyn EditedOver>),
        }
    }

    /// Notes what the edits of `snapshot` lie over. Blocks.
    pub(super) fn update(&self, snapshot: &Snapshot, progress: &Progress) {
        self.record.update(snapshot, &|span, buf| self.read(span, buf, progress.as_cancel()), progress);
    }

    /// The bytes as the user saw them: what the screen still holds counts, whatever the file holds by now, but not
    /// where old bytes lie over the file, for those are what the screen shows.
    fn read(&self, span: Span, buf: &mut [u8], cancel: &Cancel) -> Result<(), ReadError> {
        self.generation.read_cancellable(span.start(), buf, cancel)?;
        for part in self.generation.uncovered(span) {
            let start = (part.start() - span.start()) as usize;
            self.cached.copy_held(part.start(), &mut buf[start..start + part.len() as usize]);
        }
        Ok(())
    }

    /// What a save of `snapshot` is to compare. Blocks.
    pub(super) fn checker(self, snapshot: &Snapshot, progress: &Progress) -> Arc<dyn EditedOver> {
        self.checker.clone().unwrap_or_else(|| {
            self.update(snapshot, progress);
            Arc::new(self.record.checker())
        })
    }
}

impl Session {
    /// Has notes taken of the edits since the last call.
    pub(super) fn poll_recording(&mut self) {
        self.features.recording.retain_mut(|recording| {
            matches!(recording.job.poll(), Poll::Running) && self.tabs.contains(recording.tab)
        });
        for tab in self.tabs.iter() {
            if self.features.recording.iter().any(|recording| recording.tab == tab.id) {
                continue;
            }
            let Some(recorder) = wanted(tab) else { continue };
            let snapshot = tab.shown().clone();
            let job = Job::spawn("record", self.context.waker(), move |progress| {
                let begun = Instant::now();
                recorder.update(&snapshot, progress);
                if begun.elapsed() > LONG {
                    std::thread::sleep(begun.elapsed() * RESTS);
                }
            });
            // Without a thread the notes are taken after the next edit, or by the save.
            self.features.recording.extend(job.ok().map(|job| Recording { tab: tab.id, job }));
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
