//! The comparison of the old file with what the user edited over, which finds what leaves no trace in the file's times: a
//! store through another program's map, a time that was set back.
//!
//! It is made at the last look, step 6. A long one is made while the new file is filled, and again at the last look
//! only if the system can't tell that nobody has been able to store into the file since. If it can tell that for all the
//! time since the bytes were read that the user edited over, there is nothing to compare.

use super::super::disk::{DiskFile, WriteWatch, read_exact_at, retry};
use super::super::screen_check::changed_at;
use super::OldFile;
use crate::bytes::Span;
use crate::save::edited_over::EditedOver;
use crate::save::error::{SaveStop, at_step};
use crate::save::request::SaveRequest;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes compared at once.
const COMPARED: u64 = 256 << 10;

/// Fewer bytes are not worth a thread of their own.
const WORTH_A_THREAD: u64 = 8 << 20;

/// What is compared.
pub(super) struct EditedCheck<'a> {
    file: &'a dyn DiskFile,
    edited_over: &'a dyn EditedOver,
    spans: Vec<Span>,
}

impl EditedCheck<'_> {
    /// `halt` ends it early, as if nothing were left to compare.
    fn run(&self, halt: &AtomicBool) -> Result<(), SaveStop> {
        let mut on_disk = Vec::new();
        for chunk in self.spans.iter().flat_map(|span| span.chunks(COMPARED)) {
            if halt.load(Ordering::Relaxed) {
                return Ok(());
            }
            on_disk.resize(chunk.len() as usize, 0);
            read_exact_at(self.file, chunk.start(), &mut on_disk)
                .map_err(at_step("reading its old bytes"))?;
            self.edited_over.check(chunk, &on_disk).map_err(changed_at)?;
        }
        Ok(())
    }

    /// The comparison and `fill`, at once. Each halts the other when it fails. Answers whether all was compared.
    ///
    /// # Errors
    /// What was found to have changed; otherwise as of `fill`.
    pub fn run_beside(
        &self,
        halt: &AtomicBool,
        fill: impl FnOnce() -> Result<(), SaveStop>,
    ) -> Result<bool, SaveStop> {
        let compare = || self.run(halt).inspect_err(|_| halt.store(true, Ordering::Relaxed));
        std::thread::scope(|scope| {
            let worker = std::thread::Builder::new().name("compare".to_owned()).spawn_scoped(scope, compare);
            let filled = fill().inspect_err(|_| halt.store(true, Ordering::Relaxed));
            let Ok(worker) = worker else { return filled.map(|()| false) };
            // What the comparison found is why the new file was not filled.
            match worker.join() {
                Ok(compared) => compared.and(filled).map(|()| true),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }
}

impl OldFile {
    fn edited_check<'a>(&'a self, request: &'a SaveRequest) -> Option<EditedCheck<'a>> {
        let edited_over = request.edited_over.as_deref().filter(|_| self.is_base)?;
        Some(EditedCheck { file: &*self.file, edited_over, spans: edited_over.spans() })
    }

    /// The comparison, if it may be made while the new file is filled.
    pub(super) fn early_check<'a>(&'a self, request: &'a SaveRequest) -> Option<EditedCheck<'a>> {
        if could_not_store(request.watch.as_deref()) {
            return None;
        }
        let check = self.edited_check(request)?;
        let is_long = check.spans.iter().map(|span| span.len()).sum::<u64>() >= WORTH_A_THREAD;
        (is_long && could_not_store(self.watch.as_deref())).then_some(check)
    }

    /// Step 6.
    pub(super) fn check_edited_over(&self, request: &SaveRequest) -> Result<(), SaveStop> {
        let is_compared = self.is_compared.get() && could_not_store(self.watch.as_deref());
        if is_compared || could_not_store(request.watch.as_deref()) {
            return Ok(());
        }
        self.edited_check(request).map_or(Ok(()), |check| check.run(&AtomicBool::new(false)))
    }
}

/// Whether it is certain that nobody has been able to store into the file since the watch began.
fn could_not_store(watch: Option<&dyn WriteWatch>) -> bool {
    watch.is_some_and(|watch| retry(|| watch.others_could_store()).is_ok_and(|could| !could))
}
