//! Bytes overwritten in the file itself, and its end moved, under the protection of a journal.
//!
//! 1. Open for reading and writing, without creating or truncating.
//! 2. Lock against other instances.
//! 3. The file must be what the user knows.
//! 4. Create the journal and set its room aside.
//! 5. Read the old bytes of every extent, which must be what the user edited over, and write them to the journal,
//!    with checksums of the new ones.
//! 6. Sync the journal, then its folder. From here on a crash leads back to the old bytes. Then the backup, if one is
//!    wanted.
//! 7. Look again: the file must be what it was at step 3. Set room aside where it has holes or grows, so that neither
//!    writing nor putting back runs out of it.
//! 8. Publish the old bytes to readers of the old generation.
//! 9. Write the extents piece by piece, each right after a check that it is still as in step 5.
//! 10. Sync. If that fails, write again first: a failed sync marks pages as clean, so syncing alone would lie.
//! 11. Give back what writing has taken, set-user-id bits and capabilities, unless another program has written to the
//!     file. The name must still lead to the file.
//! 12. Mark the journal as done and sync it. From here on a crash leads to the new bytes.
//! 13. Cut the file if it became shorter and nobody has appended to it, and sync.
//! 14. Remove the journal, sync its folder.
//! 15. Ask whether the name still leads to the file, and whether another program has written to it since step 3.
//!
//! From step 7 to step 13 any failure, another program's work, and up to step 12 a cancel, put the old bytes back and
//! sync them, but never over what another program wrote; where that fails too, the journal stays for `recover`.

mod others;
mod write;

use super::disk::{
    Access, Disk, DiskFile, FileKind, FileStat, WriteWatch, read_exact_at, retry, where_supported,
};
use super::extents::{Extents, MOST_IN_MEMORY};
use super::journal::{Committed, Journal, JournalRefused};
use super::lock::lock;
use super::metadata::{KeptTraits, TakenRights};
use super::names::folder_of;
use super::prepare::PreparedSave;
use super::screen_check::{self, changed_at};
use super::window::JournalWindow;
use super::{backup, recover};
use crate::bytes::{FileIdentity, MemorySource, SharedSource, Source, Span};
use crate::escape::PathText;
use crate::job::Progress;
use crate::save::error::{Aftermath, FileState, SaveError, SaveStop, at_step, difference};
use crate::save::generation::{Generation, Mixture, Overlay};
use crate::save::plan::SaveWay;
use crate::save::request::{ReadBack, SaveRequest, Saved};
use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use write::Aim;

/// Bytes read or written at once.
pub(super) const CHUNK: u64 = 1 << 20;

/// Said when another program may have written at the moment when this save wrote.
const MAY_BE_LOST: &str = "Bytes that the other program wrote to the same places at that moment may be lost.";

/// An in-place save on its way.
struct InPlace<'a> {
    request: &'a SaveRequest,
    generation: &'a Generation,
    file: Box<dyn DiskFile>,
    extents: &'a Extents,
    progress: &'a Progress,
    /// `None` where the system does not tell who writes.
    watch: Option<Box<dyn WriteWatch>>,
    /// Who saves.
    user: Option<u32>,
    /// How many pieces of the extents may have been written, at least in part.
    reached: Cell<usize>,
    /// Whether the length may have changed.
    resized: Cell<bool>,
    /// Where this save has left the end of the file.
    end: Cell<u64>,
    /// Whether a byte was found that another program wrote.
    is_meddled: Cell<bool>,
}

pub(super) fn save(
    disk: &dyn Disk,
    request: &SaveRequest,
    prepared: PreparedSave,
    progress: &Progress,
) -> Result<Saved, SaveError> {
    let PreparedSave { plan, path, before, extents, journal, backup, .. } = prepared;
    let (Some(before), Some(generation), Some(journal)) = (before, &request.generation, journal) else {
        unreachable!("this way is planned only for a file that is there, with a generation and a journal");
    };
    progress.set_total(extents.old_bytes() + extents.new_bytes());
    let file = retry(|| disk.open(&path, Access::Write)).map_err(|error| refused(&path, error))?;
    lock(&*file, &path)?;
    let saving = InPlace::begin(disk, file, (request, generation), &extents, progress);
    let untouched = |stop: SaveStop| stop.into_error(&path, saving.aftermath(FileState::Untouched, None));

    let mut found = saving.check_identity(&before).map_err(untouched)?;
    let taken = KeptTraits::of(&*saving.file, &found).taken();
    let mut warnings = Vec::new();
    let done = |identity, warnings| Saved {
        location: path.clone().into(),
        version: FileIdentity::into(identity),
        way: SaveWay::InPlace,
        bytes_written: plan.bytes_to_write,
        read_back: ReadBack::Nothing,
        warnings,
    };
    if extents.spans.is_empty() {
        return Ok(done(found.identity, warnings));
    }
    if recover::make_way(disk, Some(&*saving.file), &path, request)? {
        let look = retry(|| saving.file.stat()).map_err(at_step("checking the file"));
        found = look.map_err(untouched)?;
    }
    let left =
        |(stop, left): JournalRefused| stop.into_error(&path, saving.aftermath(FileState::Untouched, left));
    let (journal, old) = saving.write_journal(disk, &journal, &path, &taken).map_err(left)?;
    // After the comparison with what was edited over: the backup before is not given away for nothing.
    if backup && let Err(stop) = backup::make(disk, &path, &*saving.file, &found, progress, &mut warnings) {
        return Err(left((stop, journal.remove().err().map(|(path, _)| path))));
    }
    let old = saving.overlay(old, &journal);
    let place = others::TargetPlace { disk, path: &path };
    if let Err(stop) = saving.replace(&old, &taken, &found, &journal, &place, &mut warnings) {
        return Err(saving.give_up(stop, &path, &old, &taken, journal));
    }
    remove_journal(journal, &mut warnings);
    if !saving.ask_afterwards(&place, &mut warnings) {
        return Err(SaveError::Replaced { path, warnings });
    }
    let identity = saving.identity().unwrap_or_else(|| {
        warnings.push(
            "The file's new time could not be read, so the next save asks before it writes.".to_owned(),
        );
        found.identity
    });
    Ok(done(identity, warnings))
}

/// Step 14.
fn remove_journal(journal: Committed<'_>, warnings: &mut Vec<String>) {
    if let Err((left, error)) = journal.remove() {
        warnings.push(format!(
            "The journal {} could not be removed ({error}). It does no harm. The next save tries to remove it, and is refused if that fails.",
            left.shown()
        ));
    }
}

fn refused(path: &Path, error: io::Error) -> SaveError {
    use io::ErrorKind::{ExecutableFileBusy, PermissionDenied, ReadOnlyFilesystem, ResourceBusy};
    match error.kind() {
        PermissionDenied | ReadOnlyFilesystem | ExecutableFileBusy | ResourceBusy => {
            SaveError::NotWritable { path: path.to_owned(), reason: error.to_string() }
        }
        _ => at_step("opening it for writing")(error).untouched(path),
    }
}

impl<'a> InPlace<'a> {
    fn begin(
        disk: &dyn Disk,
        file: Box<dyn DiskFile>,
        (request, generation): (&'a SaveRequest, &'a Generation),
        extents: &'a Extents,
        progress: &'a Progress,
    ) -> Self {
        Self {
            request,
            generation,
            watch: file.watch_writes().ok(),
            file,
            extents,
            progress,
            user: disk.user(),
            reached: Cell::new(0),
            resized: Cell::new(false),
            end: Cell::new(extents.old_len),
            is_meddled: Cell::new(false),
        }
    }
}

impl InPlace<'_> {
    fn identity(&self) -> Option<FileIdentity> {
        retry(|| self.file.stat()).ok().map(|stat| stat.identity)
    }

    fn aftermath(&self, state: FileState, left_over: Option<PathBuf>) -> Aftermath {
        Aftermath { state, left_over, identity_now: self.identity(), ..Aftermath::untouched() }
    }

    fn check_identity(&self, before: &FileStat) -> Result<FileStat, SaveStop> {
        let found = retry(|| self.file.stat()).map_err(at_step("checking the file"))?;
        if found.identity == before.identity {
            Ok(found)
        } else {
            Err(SaveStop::Changed(difference(&before.identity, &found.identity)))
        }
    }

    fn check_cancel(&self, progress: &Progress) -> Result<(), SaveStop> {
        if progress.is_cancelled() { Err(SaveStop::cancelled()) } else { Ok(()) }
    }

    /// Steps 4 to 6. Answers the old bytes, where they are few enough for memory; on failure what could not be removed.
    fn write_journal<'a>(
        &self,
        disk: &'a dyn Disk,
        path: &Path,
        target: &Path,
        taken: &TakenRights,
    ) -> Result<(Committed<'a>, Option<Vec<u8>>), JournalRefused> {
        let total = self.extents.old_bytes();
        let folder = folder_of(path);
        if folder != folder_of(target) && retry(|| disk.stat(folder)).is_err() {
            // The journal must not vanish with its folder.
            retry(|| disk.make_folder(folder))
                .and_then(|()| retry(|| disk.sync_folder(folder_of(folder))))
                .map_err(|error| (at_step("making a folder for the journal")(error), None))?;
        }
        let mut journal = Journal::create(disk, path, self.extents, target, taken)?;
        let mut kept = (total <= MOST_IN_MEMORY).then(|| Vec::with_capacity(total as usize));
        match self.fill_journal(&mut journal, kept.as_mut()) {
            Ok(()) => Ok((journal.commit(self.extents, target)?, kept)),
            Err(stop) => Err((stop, journal.abandon())),
        }
    }

    /// Step 5.
    fn fill_journal(
        &self,
        journal: &mut Journal<'_>,
        mut kept: Option<&mut Vec<u8>>,
    ) -> Result<(), SaveStop> {
        let (mut on_disk, mut other) = (Vec::new(), Vec::new());
        for (n, chunk) in self.extents.chunks(CHUNK) {
            self.check_cancel(self.progress)?;
            let old = self.extents.old_part(chunk);
            self.read_old(n, old, &mut on_disk, &mut other)?;
            journal.push_old(&on_disk)?;
            if let Some(kept) = &mut kept {
                kept.extend_from_slice(&on_disk);
            }
            let new = self.extents.new_part(chunk);
            other.resize(new.len() as usize, 0);
            let cancel = self.progress.as_cancel();
            self.request.snapshot.read_cancellable(new.start(), &mut other, cancel)?;
            for block in self.extents.blocks(chunk) {
                let at = (block.start() - new.start()) as usize;
                journal.push_block(&other[at..at + block.len() as usize])?;
            }
            self.progress.advance(old.len());
        }
        Ok(())
    }

    /// What the file held in `span`, part of the extent with number `n`, for good: what was edited over.
    fn read_old(
        &self,
        n: usize,
        span: Span,
        on_disk: &mut Vec<u8>,
        edited_over: &mut Vec<u8>,
    ) -> Result<(), SaveStop> {
        on_disk.resize(span.len() as usize, 0);
        read_exact_at(&*self.file, span.start(), on_disk).map_err(at_step("reading its old bytes"))?;
        edited_over.resize(on_disk.len(), 0);
        self.generation.read_cancellable(span.start(), edited_over, self.progress.as_cancel())?;
        self.compare(span, on_disk, edited_over)?;
        // Who has kept what was edited over knows better than the pages that happen to be held.
        if n < screen_check::PEEKED_EXTENTS
            && !self.request.allow_changed
            && self.request.edited_over.is_none()
        {
            screen_check::compare_with_screen(self.generation, span, on_disk)?;
        }
        Ok(())
    }

    fn compare(&self, chunk: Span, on_disk: &[u8], edited_over: &[u8]) -> Result<(), SaveStop> {
        if self.request.allow_changed {
            return Ok(());
        }
        if let Some(record) = &self.request.edited_over {
            record.check(chunk, on_disk).map_err(changed_at)?;
        }
        if on_disk == edited_over {
            return Ok(());
        }
        let at =
            on_disk.iter().zip(edited_over).position(|(disk, edited)| disk != edited).unwrap_or_default();
        Err(changed_at(chunk.start() + at as u64))
    }

    /// The old bytes for readers of the old generation and for putting them back.
    fn overlay(&self, kept: Option<Vec<u8>>, journal: &Committed<'_>) -> Arc<Overlay> {
        let source: SharedSource = match kept {
            Some(bytes) => Arc::new(MemorySource::new(bytes)),
            None => {
                let ((file, at), len) = (journal.old_bytes(), self.extents.old_bytes());
                self.generation.cached(Arc::new(JournalWindow { file, at, len }))
            }
        };
        let parts = self.extents.spans.iter().map(|span| self.extents.old_part(*span));
        let Some(overlay) = Overlay::new(parts.filter(|part| !part.is_empty()).collect(), source) else {
            unreachable!("extents are sorted and apart, and the old bytes are as long as they are");
        };
        Arc::new(overlay)
    }

    /// Steps 7 to 13.
    fn replace(
        &self,
        old: &Arc<Overlay>,
        taken: &TakenRights,
        found: &FileStat,
        journal: &Committed<'_>,
        place: &others::TargetPlace<'_>,
        warnings: &mut Vec<String>,
    ) -> Result<(), SaveStop> {
        self.look_again(found)?;
        self.reserve(found)?;
        self.check_cancel(self.progress)?;
        self.generation.publish(Arc::clone(old));
        self.write_durably(usize::MAX, Aim::New, old, self.progress)?;
        self.give_back(taken, true, warnings);
        self.check_place(place)?;
        self.check_cancel(self.progress)?;
        journal.mark_done()?;
        self.cut(taken, warnings)
    }

    /// Step 7.
    fn reserve(&self, found: &FileStat) -> Result<(), SaveStop> {
        let reserve =
            |span: Span| where_supported(|| self.file.reserve(span)).map_err(at_step("reserving disk space"));
        let Extents { spans, old_len, new_len } = self.extents;
        let has_holes = found.kind == FileKind::Regular && found.allocated < *old_len;
        for extent in spans.iter().filter(|_| has_holes) {
            self.check_cancel(self.progress)?;
            let inside = extent.clamp_to(*old_len);
            if !inside.is_empty() {
                reserve(inside)?;
            }
        }
        if new_len > old_len {
            self.check_len(*old_len)?;
            self.resized.set(true);
            reserve(Span::between(*old_len, *new_len))?;
            retry(|| self.file.set_len(*new_len)).map_err(at_step("making it longer"))?;
            self.end.set(*new_len);
        }
        Ok(())
    }

    /// Step 13.
    fn cut(&self, taken: &TakenRights, warnings: &mut Vec<String>) -> Result<(), SaveStop> {
        let Extents { old_len, new_len, .. } = *self.extents;
        if new_len >= old_len {
            return Ok(());
        }
        self.check_len(old_len)?;
        self.resized.set(true);
        self.reached.set(usize::MAX);
        let cut = || {
            retry(|| self.file.set_len(new_len))?;
            retry(|| self.file.sync())
        };
        cut().or_else(|_| cut()).map_err(at_step("cutting off its end"))?;
        self.give_back(taken, true, warnings);
        Ok(())
    }

    /// Puts back what was overwritten so far, and says what that has led to.
    fn give_up(
        &self,
        stop: SaveStop,
        path: &Path,
        old: &Overlay,
        taken: &TakenRights,
        journal: Committed<'_>,
    ) -> SaveError {
        let reached = self.reached.get();
        let touched = reached > 0 || self.resized.get();
        // The error that led here is the one to show; what it left is said by the state.
        if touched && self.put_back(reached, old).is_err() {
            let spans = &self.extents.spans;
            let span = Span::between(
                spans.first().map_or(0, |span| span.start()),
                spans.last().map_or(0, |span| span.end()),
            );
            let (target, journal) = (path.to_owned(), journal.path().to_owned());
            self.generation.set_mixture(Some(Mixture { target, journal: journal.clone(), span }));
            let after = self.aftermath(FileState::Mixed(span), None);
            return stop.into_error(path, Aftermath { journal: Some(journal), ..after });
        }
        let mut warnings = Vec::new();
        let is_changed = matches!(stop, SaveStop::Changed(_));
        if touched && is_changed && (self.is_meddled.get() || !self.is_alone()) {
            warnings.push(MAY_BE_LOST.to_owned());
        }
        if touched {
            self.give_back(taken, !is_changed, &mut warnings);
        }
        let left_over = journal.remove().err().map(|(path, _)| path);
        let state = if touched { FileState::RolledBack } else { FileState::Untouched };
        let after = self.aftermath(state, left_over);
        stop.into_error(path, Aftermath { warnings, ..after })
    }

    fn put_back(&self, reached: usize, old: &Overlay) -> Result<(), SaveStop> {
        let uncancelled = Progress::default();
        if self.resized.get() {
            self.check_end(old)?;
            retry(|| self.file.set_len(self.extents.old_len)).map_err(at_step("cutting off its end"))?;
            self.end.set(self.extents.old_len);
        }
        self.write_durably(reached, Aim::Old, old, &uncancelled)
    }
}
