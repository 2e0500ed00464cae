//! A temporary file beside the target that takes its place when it is complete.
//!
//! 1. Open the old file, if there is one, and lock it; it must be what the user knows, and its edited bytes those that
//!    were shown.
//! 2. Create the temporary file: hidden, new, locked, for this user alone where it replaces something.
//! 3. Fill it: with the old file's blocks, shared, and the changes over them; or with all bytes, those that the old file
//!    has copied by the system. Holes stay holes.
//! 4. Give it the old file's owner, permissions and attributes.
//! 5. Sync it.
//! 6. The old file must not have changed meanwhile, and hold what the user edited over.
//! 7. Rename. A fresh file never takes the place of one that appeared meanwhile; with a backup, both swap names.
//! 8. Sync the folder, so that the new name outlasts a power cut.
//!
//! Until step 7 the target is not touched, and a failure or a cancel removes the temporary file.

mod fill;
mod temp;

pub(super) use temp::{is_temp, temp_path};

use super::disk::{Access, DiskFile, FileStat, read_exact_at, retry};
use super::error::{Aftermath, Stop, at_step, difference};
use super::in_place::{changed_at, compare_shown, lock};
use super::keep::Kept;
use super::plan::{Prepared, folder_of};
use super::{Disk, FileState, SaveError, SaveRequest, Saved, backup, recover};
use crate::escape::PathText;
use crate::job::Progress;
use std::io;
use std::path::Path;
use temp::Temp;

/// Bytes compared at once.
const COMPARED: u64 = 1 << 20;

/// Why there is no rewrite.
pub(super) enum Refused {
    /// The file system does not share blocks after all; nothing was done.
    CantShare,
    Because(SaveError),
}

impl From<SaveError> for Refused {
    fn from(error: SaveError) -> Self {
        Self::Because(error)
    }
}

pub(super) fn save(
    disk: &dyn Disk,
    request: &SaveRequest,
    prepared: Prepared,
    progress: &Progress,
) -> Result<Saved, Refused> {
    let Prepared { plan, path, before, extents, shares, .. } = prepared;
    progress.set_total(plan.bytes_to_write);
    let mut warnings = Vec::new();

    let old = match &before {
        Some(before) => Some(OldFile::open(disk, &path, before, request)?),
        None => None,
    };
    recover::remove_strays(disk, &path);
    let temp = Temp::create(disk, &path, old.is_some()).map_err(|stop| stop.untouched(&path))?;
    if shares && let Some(old) = &old {
        match retry(|| temp.file.share_blocks(&*old.file)) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                temp.discard();
                return Err(Refused::CantShare);
            }
            Err(error) => return Err(broken(at_step("sharing its blocks")(error), &path, temp).into()),
        }
    }
    let filled = if shares {
        fill::overwrite(&*temp.file, &*request.snapshot, &extents, progress)
    } else {
        fill::copy(&*temp.file, request, old.as_ref(), progress)
    };
    let ready = filled.and_then(|()| finish(&temp, old.as_ref(), &mut warnings, progress));
    let moved = ready.and_then(|()| take_the_place(disk, &temp, &path, old.as_ref(), request, progress));
    let is_backup = match moved {
        Ok(is_backup) => is_backup,
        Err(stop) => return Err(broken(stop, &path, temp).into()),
    };
    if let Err(error) = retry(|| disk.sync_folder(folder_of(&path))) {
        warnings.push(format!(
            "It was saved, but whether the new name outlasts a power cut is not known ({error})."
        ));
    }
    if is_backup && let Err(error) = backup::take_name(disk, &temp.path, &path) {
        warnings.push(format!(
            "What the file held before could not be named {} ({error}). It is {}: rename it before the next save, which removes it.",
            backup::name_of(&path).shown(),
            temp.path.shown()
        ));
    }
    let identity = temp.keep_as(&path, &mut warnings);
    Ok(Saved { path, identity, way: plan.way, bytes_written: plan.bytes_to_write, warnings })
}

fn broken(stop: Stop, path: &Path, temp: Temp<'_>) -> SaveError {
    let after = Aftermath {
        state: FileState::Untouched,
        left_over: temp.discard(),
        journal: None,
        identity_now: None,
    };
    stop.into_error(path, after)
}

/// Steps 4 and 5.
fn finish(
    temp: &Temp<'_>,
    old: Option<&OldFile>,
    warnings: &mut Vec<String>,
    progress: &Progress,
) -> Result<(), Stop> {
    if let Some(old) = old {
        old.kept.put_on(&*temp.file, warnings);
    }
    retry(|| temp.file.sync()).map_err(at_step("confirming that it is on the disk"))?;
    if progress.is_cancelled() { Err(Stop::cancelled()) } else { Ok(()) }
}

/// Steps 6 and 7. Answers whether the old file has the temporary name now.
fn take_the_place(
    disk: &dyn Disk,
    temp: &Temp<'_>,
    target: &Path,
    old: Option<&OldFile>,
    request: &SaveRequest,
    progress: &Progress,
) -> Result<bool, Stop> {
    let Some(old) = old else {
        let answer = disk.rename_new(&temp.path, target);
        return judge_rename(disk, temp, answer, target).map(|()| false);
    };
    let check = || {
        let now = retry(|| disk.stat(target)).map_err(at_step("looking at it again"))?;
        if now.identity == old.stat.identity {
            return Ok(());
        }
        Err(Stop::Changed(difference(&old.stat.identity, &now.identity)))
    };
    check()?;
    old.check_edited_over(request)?;
    if request.backup {
        match disk.exchange(&temp.path, target) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                backup::make(disk, target, &*old.file, &old.stat, progress)?;
                check()?;
            }
            answer => return judge_rename(disk, temp, answer, target).map(|()| true),
        }
    }
    let answer = disk.rename(&temp.path, target);
    judge_rename(disk, temp, answer, target).map(|()| false)
}

/// A rename that was interrupted, or answered over a network, may have happened all the same.
fn judge_rename(disk: &dyn Disk, temp: &Temp<'_>, answer: io::Result<()>, target: &Path) -> Result<(), Stop> {
    let Err(error) = answer else { return Ok(()) };
    let (ours, there) = (retry(|| temp.file.stat()), retry(|| disk.stat(target)));
    match (ours, there) {
        (Ok(ours), Ok(there)) if ours.identity.same_file(&there.identity) => Ok(()),
        _ if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(Stop::Changed("a file of that name has appeared".to_owned()))
        }
        _ => Err(at_step("putting it in its place")(error)),
    }
}

/// The file that is going to be replaced, open and locked.
struct OldFile {
    /// Holds the lock.
    file: Box<dyn DiskFile>,
    stat: FileStat,
    kept: Kept,
    /// Its bytes are those that the request's runs of the old file name.
    is_base: bool,
}

impl OldFile {
    /// Step 1.
    fn open(
        disk: &dyn Disk,
        path: &Path,
        before: &FileStat,
        request: &SaveRequest,
    ) -> Result<Self, SaveError> {
        let untouched = |stop: Stop| stop.untouched(path);
        let file =
            retry(|| disk.open(path, Access::Read)).map_err(at_step("opening it")).map_err(untouched)?;
        lock(&*file, path)?;
        let look = || retry(|| file.stat()).map_err(at_step("looking at it")).map_err(untouched);
        let mut found = look()?;
        if found.identity != before.identity {
            return Err(untouched(Stop::Changed(difference(&before.identity, &found.identity))));
        }
        if recover::make_way(disk, None, path, request)? {
            found = look()?;
        }
        let kept = Kept::of(&*file, &found);
        let is_base = request.identity.as_ref().is_some_and(|known| known.same_file(&found.identity))
            && request.generation.is_some()
            && !request.allow_changed;
        let is_kept = request.edited_over.is_some();
        if let (true, Some(generation), Some(edited)) =
            (is_base && !is_kept, &request.generation, &request.overwrites)
        {
            compare_shown(&*file, generation, &edited.spans).map_err(untouched)?;
        }
        Ok(Self { file, stat: found, kept, is_base })
    }

    /// What a store through another program's map has changed, which leaves no trace in the times.
    fn check_edited_over(&self, request: &SaveRequest) -> Result<(), Stop> {
        let Some(edited_over) = request.edited_over.as_ref().filter(|_| self.is_base) else { return Ok(()) };
        let mut on_disk = Vec::new();
        for chunk in edited_over.spans().into_iter().flat_map(|span| span.chunks(COMPARED)) {
            on_disk.resize(chunk.len() as usize, 0);
            read_exact_at(&*self.file, chunk.start(), &mut on_disk)
                .map_err(at_step("reading what it holds"))?;
            edited_over.check(chunk, &on_disk).map_err(changed_at)?;
        }
        Ok(())
    }
}
