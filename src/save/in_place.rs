//! Overwrites of the same length, written into the file itself.
//!
//! 1. Open for reading and writing, without creating or truncating.
//! 2. Lock against other instances.
//! 3. The file must be what the user knows.
//! 4. Read the old bytes of every extent; they must be what the user edited over.
//! 5. Set room aside where the file has holes, so that neither writing nor putting back runs out of it.
//! 6. Publish the old bytes to readers of the old generation.
//! 7. Write the extents one after another.
//! 8. Sync. If that fails, write again first: a failed sync marks pages as clean, so syncing alone would lie.
//! 9. Ask what the file is now.
//!
//! From step 7 on, any failure and a cancel put the old bytes back and sync them. The length never changes here.

use super::disk::{Access, DiskFile, FileStat, read_exact_at, retry, where_supported, write_all_at};
use super::error::{Aftermath, Stop, at_step, difference};
use super::keep::Kept;
use super::plan::{Prepared, folder_of};
use super::spill::Store;
use super::{Disk, FileState, Generation, Overlay, SaveError, SaveRequest, Saved, Way};
use crate::bytes::{Availability, ReadError, SharedSource, Source, Span};
use crate::job::Progress;
use std::cell::Cell;
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Old bytes above this many are kept in a file without a name instead of in memory.
pub(super) const MOST_IN_MEMORY: u64 = 64 << 20;

/// Bytes read or written at once.
const CHUNK: u64 = 1 << 20;

/// How many extents are compared with what the screen has shown, and how many bytes of each: enough for what
/// was typed, few enough not to flood the screen's cache with wishes.
const PEEKED_EXTENTS: usize = 64;
const PEEKED_BYTES: u64 = 4 << 10;

/// An in-place save on its way.
struct InPlace<'a> {
    request: &'a SaveRequest,
    generation: &'a Generation,
    file: Box<dyn DiskFile>,
    extents: &'a [Span],
    progress: &'a Progress,
    /// How many of the extents have had a byte written.
    reached: Cell<usize>,
}

/// Gives the bytes for a span of the file.
type Fill<'a> = &'a dyn Fn(Span, &mut [u8]) -> Result<(), ReadError>;

pub(super) fn save(
    disk: &dyn Disk,
    request: &SaveRequest,
    prepared: Prepared,
    progress: &Progress,
) -> Result<Saved, SaveError> {
    let Prepared { plan, path, before, extents } = prepared;
    let (Some(before), Some(generation)) = (before, &request.generation) else {
        unreachable!("this way is planned only for a file that is there, with a generation");
    };
    progress.set_total(2 * plan.bytes_to_write);
    let file = retry(|| disk.open(&path, Access::Write)).map_err(|error| refused(&path, error))?;
    lock(&*file, &path)?;
    let saving = InPlace { request, generation, file, extents: &extents, progress, reached: Cell::new(0) };
    let untouched = |stop: Stop| stop.into_error(&path, saving.aftermath(FileState::Untouched));

    let found = saving.check_identity(&before).map_err(untouched)?;
    let kept = Kept::of(&*saving.file, &found);
    let old = saving.read_old_bytes(disk, folder_of(&path)).map_err(untouched)?;
    saving.reserve_holes(&found).map_err(untouched)?;
    let old = saving.publish(old).map_err(untouched)?;

    let mut warnings = Vec::new();
    let new_bytes = |span: Span, buf: &mut [u8]| request.snapshot.read_at(span.start(), buf);
    if let Err(stop) = saving.write_durably(extents.len(), &new_bytes, progress) {
        let state = saving.roll_back(&old, &kept);
        return Err(stop.into_error(&path, saving.aftermath(state)));
    }
    if kept.put_on(&*saving.file, &mut warnings)
        && let Err(error) = retry(|| saving.file.sync())
    {
        warnings.push(format!("The permissions and attributes may not outlast a power cut ({error})."));
    }
    let identity = saving.identity().unwrap_or_else(|| {
        warnings.push("The file's new time could not be read, so the next save will ask.".to_owned());
        found.identity
    });
    Ok(Saved { path, identity, way: Way::InPlace, bytes_written: plan.bytes_to_write, warnings })
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

/// Keeps other instances away from the file while `file` is open. File systems without locks go without.
pub(super) fn lock(file: &dyn DiskFile, path: &Path) -> Result<(), SaveError> {
    match retry(|| file.try_lock()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(SaveError::InUse { path: path.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Ok(()),
        Err(error) => Err(at_step("locking")(error).untouched(path)),
    }
}

impl InPlace<'_> {
    fn identity(&self) -> Option<crate::bytes::file::FileIdentity> {
        retry(|| self.file.stat()).ok().map(|stat| stat.identity)
    }

    fn aftermath(&self, state: FileState) -> Aftermath {
        Aftermath { state, left_over: None, identity_now: self.identity() }
    }

    fn check_identity(&self, before: &FileStat) -> Result<FileStat, Stop> {
        let found = retry(|| self.file.stat()).map_err(at_step("looking at it"))?;
        if found.identity == before.identity {
            Ok(found)
        } else {
            Err(Stop::Changed(difference(&before.identity, &found.identity)))
        }
    }

    /// Each extent cut into what is held in memory at once.
    fn chunks(&self) -> impl Iterator<Item = (usize, Span)> {
        self.extents
            .iter()
            .enumerate()
            .flat_map(|(n, extent)| extent.chunks(CHUNK).map(move |chunk| (n, chunk)))
    }

    fn check_cancel(&self, progress: &Progress) -> Result<(), Stop> {
        if progress.is_cancelled() { Err(Stop::cancelled()) } else { Ok(()) }
    }

    /// Step 4. The answer holds the old bytes of all extents one after another.
    fn read_old_bytes(&self, disk: &dyn Disk, folder: &Path) -> Result<SharedSource, Stop> {
        let total: u64 = self.extents.iter().map(|extent| extent.len()).sum();
        let mut store = Store::new(disk, folder, total, MOST_IN_MEMORY)?;
        let mut on_disk = vec![0; CHUNK.min(total) as usize];
        let mut edited_over = on_disk.clone();
        for (n, chunk) in self.chunks() {
            self.check_cancel(self.progress)?;
            let on_disk = &mut on_disk[..chunk.len() as usize];
            let edited_over = &mut edited_over[..chunk.len() as usize];
            read_exact_at(&*self.file, chunk.start(), on_disk).map_err(at_step("reading what it holds"))?;
            self.generation.read_at(chunk.start(), edited_over)?;
            if self.generation.is_mixed() {
                // The file holds part of an earlier attempt; only the generation still knows the old bytes.
                store.push(edited_over)?;
            } else {
                self.compare(chunk, on_disk, edited_over)?;
                if n < PEEKED_EXTENTS {
                    self.compare_with_screen(chunk, on_disk)?;
                }
                store.push(on_disk)?;
            }
            self.progress.advance(chunk.len());
        }
        Ok(store.finish())
    }

    fn compare(&self, chunk: Span, on_disk: &[u8], edited_over: &[u8]) -> Result<(), Stop> {
        if let (Some(record), false) = (&self.request.edited_over, self.request.allow_changed) {
            record.check(chunk, on_disk).map_err(changed_at)?;
        }
        match on_disk.iter().zip(edited_over).position(|(disk, edited)| disk != edited) {
            Some(at) if !self.request.allow_changed => Err(changed_at(chunk.start() + at as u64)),
            _ => Ok(()),
        }
    }

    /// A store through another process's map changes no time of the file, but what was shown is then no longer
    /// what is there.
    fn compare_with_screen(&self, chunk: Span, on_disk: &[u8]) -> Result<(), Stop> {
        let len = chunk.len().min(PEEKED_BYTES) as usize;
        let (mut shown, mut states) = (vec![0; len], vec![Availability::Missing; len]);
        self.generation.peek(chunk.start(), &mut shown, &mut states);
        let differs = |at: &usize| states[*at] == Availability::Ready && shown[*at] != on_disk[*at];
        match (0..len).find(differs) {
            Some(at) if !self.request.allow_changed => Err(changed_at(chunk.start() + at as u64)),
            _ => Ok(()),
        }
    }

    /// Step 5.
    fn reserve_holes(&self, found: &FileStat) -> Result<(), Stop> {
        let has_holes = found.kind == super::disk::FileKind::Regular && found.allocated < found.identity.len;
        for extent in self.extents.iter().filter(|_| has_holes) {
            self.check_cancel(self.progress)?;
            where_supported(|| self.file.reserve(*extent)).map_err(at_step("setting room aside"))?;
        }
        Ok(())
    }

    /// Step 6.
    fn publish(&self, old: SharedSource) -> Result<Arc<Overlay>, Stop> {
        let old = if old.len() > MOST_IN_MEMORY { self.generation.cached(old) } else { old };
        let Some(overlay) = Overlay::new(self.extents.to_vec(), old) else {
            unreachable!("extents are sorted and apart, and the old bytes are as long as they are");
        };
        self.check_cancel(self.progress)?;
        let overlay = Arc::new(overlay);
        self.generation.publish(Arc::clone(&overlay));
        Ok(overlay)
    }

    /// Steps 7 and 8 for the first `count` extents, with the bytes that `fill` gives for a span of the file.
    fn write_durably(&self, count: usize, fill: Fill<'_>, progress: &Progress) -> Result<(), Stop> {
        self.write(count, fill, progress)?;
        if retry(|| self.file.sync()).is_ok() {
            return Ok(());
        }
        self.write(count, fill, progress)?;
        retry(|| self.file.sync()).map_err(at_step("confirming that it is on the disk"))
    }

    fn write(&self, count: usize, fill: Fill<'_>, progress: &Progress) -> Result<(), Stop> {
        let mut buf = vec![0; CHUNK as usize];
        for (n, chunk) in self.chunks().take_while(|(n, _)| *n < count) {
            self.check_cancel(progress)?;
            let bytes = &mut buf[..chunk.len() as usize];
            fill(chunk, bytes)?;
            let reached = || self.reached.set(self.reached.get().max(n + 1));
            write_all_at(&*self.file, chunk.start(), bytes, reached).map_err(at_step("writing"))?;
            progress.advance(chunk.len());
        }
        Ok(())
    }

    /// Puts back what was overwritten so far, and says what that has led to.
    fn roll_back(&self, old: &Overlay, kept: &Kept) -> FileState {
        let reached = self.reached.get();
        let Some(last) = reached.checked_sub(1) else { return FileState::Untouched };
        let put_back =
            self.write_durably(reached, &|span, buf| old.read_over(span, buf), &Progress::default());
        // The error that led here is the one to show; what it left is said by the state.
        if put_back.is_err() {
            self.generation.mark_mixed();
            return FileState::Mixed(Span::between(self.extents[0].start(), self.extents[last].end()));
        }
        kept.put_on(&*self.file, &mut Vec::new());
        FileState::RolledBack
    }
}

pub(super) fn changed_at(offset: u64) -> Stop {
    Stop::Changed(format!("the byte at {offset:#x} is no longer what was edited over"))
}
