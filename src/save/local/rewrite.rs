//! A temporary file beside the target that takes its place when it is complete.
//!
//! 1. Open the old file, if there is one, and lock it; it must be what the user knows, and its edited bytes those that
//!    were shown.
//! 2. Create the temporary file: hidden, new, locked, for this user alone where it replaces something.
//! 3. Fill it: with the old file's blocks, shared, and the changes over them; or with all bytes, those that the old
//!    file has copied by the system. Holes stay holes. Meanwhile compare the old file with what the user edited over.
//! 4. Give it the old file's owner, permissions and attributes.
//! 5. Sync it. Who wants it read back gets samples from the disk of what went there past the system's cache; all else was
//!    read back after each write.
//! 6. The old file must hold what the user edited over, and not have changed meanwhile: the last look. What was compared
//!    at step 3 is compared again, unless nobody has been able to store into the file since then.
//! 7. Both swap names; a plain rename where names can't be swapped. A fresh file never takes the place of one that
//!    appeared meanwhile.
//! 8. What has the temporary name now must still be what step 6 looked at. If it is not, both swap names again.
//! 9. Remove the old file, or make it the backup.
//! 10. Sync the folder, so that the new name outlasts a power cut.
//! 11. The name must lead to the new file.
//!
//! Until step 7 the target is not touched, and a failure or a cancel removes the temporary file.

mod edited_check;
mod fill;
mod pages;
mod place;
mod stream;
mod temp;

use super::disk::{Access, Disk, DiskFile, FileKind, FileStat, Privacy, WriteWatch, retry};
use super::extents::Extents;
use super::lock::lock;
use super::metadata::KeptTraits;
use super::prepare::{PreparedSave, is_ours};
use super::recover;
use super::screen_check::compare_shown;
use crate::bytes::Location;
use crate::job::Progress;
use crate::save::error::{Aftermath, Cause, SaveError, SaveStop, at_step, difference};
use crate::save::request::{ReadBack, SaveRequest, Saved};
use place::Swap;
use std::cell::Cell;
use std::io;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use stream::Stream;
use temp::Temp;

/// The step that gives the new file its name.
const PLACING: &str = "putting the new file in its place";

/// Why there is no rewrite.
pub(super) enum RewriteRefused {
    /// The file system does not share blocks after all; nothing was done.
    CantShare,
    /// The system does not let the new file take the old one's name, as Windows does on some file systems while the
    /// old one is open, and Unix in folders where each may rename only what is theirs, or where the file itself is a
    /// mount. The old file is untouched.
    CantReplace(SaveError),
    Because(SaveError),
}

impl From<SaveError> for RewriteRefused {
    fn from(error: SaveError) -> Self {
        Self::Because(error)
    }
}

pub(super) fn save(
    disk: &dyn Disk,
    request: &SaveRequest,
    prepared: PreparedSave,
    progress: &Progress,
) -> Result<Saved, RewriteRefused> {
    let PreparedSave { plan, path, before, extents, shares, .. } = prepared;
    progress.set_total(plan.bytes_to_write);
    let mut warnings = Vec::new();

    let old = match &before {
        Some(before) => Some(OldFile::open(disk, &path, before, request)?),
        None => None,
    };
    recover::remove_strays(disk, &path);
    let privacy = if old.is_some() { Privacy::Private } else { privacy_of_copy(disk, request) };
    let temp = Temp::create(disk, &path, privacy).map_err(|stop| stop.untouched(&path))?;
    old.iter().for_each(|old| old.kept.put_on_empty(&*temp.file));
    if shares && let Some(old) = &old {
        match retry(|| temp.file.share_blocks(&*old.file)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                temp.discard();
                return Err(RewriteRefused::CantShare);
            }
            Err(error) => {
                return Err(
                    broken(at_step("sharing the file's blocks")(error), &path, temp, Vec::new()).into()
                );
            }
        }
    }
    let ready = make(&temp, request, shares.then_some(&extents), old.as_ref(), &mut warnings, progress);
    let swap = Swap { disk, temp: &temp, target: &path };
    // What is said of the new file is of no use when there is none.
    let mut told = Vec::new();
    let mut read_back = ReadBack::Nothing;
    let placed = ready.and_then(|done| {
        read_back = done;
        swap.take_the_place(old.as_ref(), request, progress, &mut told)
    });
    let placed = match placed {
        Ok(placed) => placed,
        Err(stop) if is_refused_name(&stop) => match old.map(|old| swap.replace_closed(old)) {
            Some(Some(placed)) => placed,
            Some(None) => return Err(RewriteRefused::CantReplace(broken(stop, &path, temp, told))),
            None => return Err(broken(stop, &path, temp, told).into()),
        },
        Err(stop) => return Err(broken(stop, &path, temp, told).into()),
    };
    warnings.append(&mut told);
    swap.part_from_old(placed, request.backup, &mut warnings);
    let is_there = swap.check_there(&mut warnings);
    let identity = temp.keep_as(&path, &mut warnings);
    if !is_there {
        return Err(SaveError::Replaced { path, warnings }.into());
    }
    let (location, version) = (path.into(), identity.into());
    Ok(Saved { location, version, way: plan.way, bytes_written: plan.bytes_to_write, read_back, warnings })
}

/// A copy may be read and run by whom the file may that it was opened from, as `cp` has it.
fn privacy_of_copy(disk: &dyn Disk, request: &SaveRequest) -> Privacy {
    let path = request.opened_from.as_ref().and_then(Location::file_path);
    let (Some(path), Some(known)) = (path, request.known()) else {
        return Privacy::Default;
    };
    let found = retry(|| disk.stat(path)).ok().filter(|stat| known.same_file(&stat.identity));
    match found.filter(|stat| stat.kind == FileKind::Regular).and_then(|stat| stat.mode) {
        Some(mode) => Privacy::As(mode & 0o777),
        None => Privacy::Default,
    }
}

/// Whether only the last step failed, because it is not possible here: this user has no permission, or the file itself
/// is a mount, as in containers.
fn is_refused_name(stop: &SaveStop) -> bool {
    use io::ErrorKind::{CrossesDevices, PermissionDenied, ResourceBusy};
    let SaveStop::Broken(Cause::Io { step: PLACING, error }) = stop else { return false };
    matches!(error.kind(), PermissionDenied | ResourceBusy | CrossesDevices)
}

fn broken(stop: SaveStop, path: &Path, temp: Temp<'_>, warnings: Vec<String>) -> SaveError {
    let after = Aftermath { left_over: temp.discard(), warnings, ..Aftermath::untouched() };
    stop.into_error(path, after)
}

/// Steps 3 to 5. `shared` is what changes in a file that shares the old one's blocks.
fn make(
    temp: &Temp<'_>,
    request: &SaveRequest,
    shared: Option<&Extents>,
    old: Option<&OldFile>,
    warnings: &mut Vec<String>,
    progress: &Progress,
) -> Result<ReadBack, SaveStop> {
    let (file, halt) = (&*temp.file, AtomicBool::new(false));
    let stream = Stream::new(file, &*request.snapshot, progress, &halt, request.reads_back);
    let base = old.filter(|old| old.is_base).map(|old| &*old.file);
    let fill = || match shared {
        Some(extents) => fill::overwrite(file, extents, &stream),
        None => fill::copy(file, request, base, &stream, progress),
    };
    match old.and_then(|old| Some((old, old.early_check(request)?))) {
        Some((old, check)) => old.is_compared.set(check.run_beside(&halt, fill)?),
        None => fill()?,
    }
    finish(temp, old, warnings, progress)?;
    stream.check_samples()
}

/// Steps 4 and 5.
fn finish(
    temp: &Temp<'_>,
    old: Option<&OldFile>,
    warnings: &mut Vec<String>,
    progress: &Progress,
) -> Result<(), SaveStop> {
    if let Some(old) = old {
        old.kept.put_on(&*temp.file, warnings);
        warnings.extend(old.withholds_rights.then(|| {
            "The new file does not have the old one's set-user-id bits or capabilities, because it belongs to another user, who could have changed it first. Set them again if they are right.".to_owned()
        }));
    }
    retry(|| temp.file.sync()).map_err(at_step("confirming that the file is on the disk"))?;
    if progress.is_cancelled() { Err(SaveStop::cancelled()) } else { Ok(()) }
}

/// The file that is going to be replaced, open and locked.
struct OldFile {
    /// Holds the lock.
    file: Box<dyn DiskFile>,
    stat: FileStat,
    kept: KeptTraits,
    /// There are rights that are not kept.
    withholds_rights: bool,
    /// Its bytes are those that the request's runs of the old file name.
    is_base: bool,
    /// `None` where the system does not tell who writes.
    watch: Option<Box<dyn WriteWatch>>,
    /// It was found to hold what the user edited over, after the watch began.
    is_compared: Cell<bool>,
}

impl OldFile {
    /// Step 1.
    fn open(
        disk: &dyn Disk,
        path: &Path,
        before: &FileStat,
        request: &SaveRequest,
    ) -> Result<Self, SaveError> {
        let untouched = |stop: SaveStop| stop.untouched(path);
        let file =
            retry(|| disk.open(path, Access::Read)).map_err(at_step("opening it")).map_err(untouched)?;
        lock(&*file, path)?;
        let watch = file.watch_writes().ok();
        let look = || retry(|| file.stat()).map_err(at_step("checking the file")).map_err(untouched);
        let mut found = look()?;
        if found.identity != before.identity {
            return Err(untouched(SaveStop::Changed(difference(&before.identity, &found.identity))));
        }
        if recover::make_way(disk, None, path, request)? {
            found = look()?;
        }
        let mut kept = KeptTraits::all_of(&*file, &found);
        let withholds_rights = kept.withhold_rights(disk.user());
        let is_base = is_ours(request, &found) && request.generation.is_some() && !request.allow_changed;
        let is_kept = request.edited_over.is_some();
        if let (true, Some(generation), Some(edited)) =
            (is_base && !is_kept, &request.generation, &request.overwrites)
        {
            compare_shown(&*file, generation, &edited.spans).map_err(untouched)?;
        }
        let is_compared = Cell::new(false);
        Ok(Self { file, stat: found, kept, withholds_rights, is_base, watch, is_compared })
    }
}
