//! Records the bytes that edits replaced, so that a save and a banner can find changes of these bytes by other
//! programs.

use crate::bytes::pages::CachedSource;
use crate::bytes::{ReadError, Source, Span};
use crate::document::Snapshot;
use crate::job::{Cancel, Progress};
use crate::save::Generation;
use crate::save::edited_over::{EditedOver, EditedOverRecord};
use crate::session::tab::FileFacts;
use std::sync::Arc;

/// What is needed to take notes of the edits of one file.
#[derive(Debug)]
pub(in crate::session) struct Recorder {
    record: Arc<EditedOverRecord>,
    generation: Arc<Generation>,
    cached: Arc<CachedSource>,
    /// What a save is to compare, where the notes are complete.
    checker: Option<Arc<dyn EditedOver>>,
}

impl Recorder {
    pub(in crate::session) fn of(file: &FileFacts, shown: &Snapshot) -> Self {
        let is_complete = file.record.is_up_to(shown.revision());
        Self {
            record: file.record.clone(),
            generation: file.generation.clone(),
            cached: file.cached.clone(),
            checker: is_complete.then(|| Arc::new(file.record.checker()) as Arc<dyn EditedOver>),
        }
    }

    /// Notes what the edits of `snapshot` lie over. Blocks.
    pub(in crate::session) fn update(&self, snapshot: &Snapshot, progress: &Progress) {
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
    pub(in crate::session) fn checker(self, snapshot: &Snapshot, progress: &Progress) -> Arc<dyn EditedOver> {
        self.checker.clone().unwrap_or_else(|| {
            self.update(snapshot, progress);
            Arc::new(self.record.checker())
        })
    }
}
