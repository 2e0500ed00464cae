//! What an interrupted save has left beside a file: found without writing, put right when the user says so.
//!
//! | the journal says | the extents hold | what recovery does |
//! |---|---|---|
//! | nothing that can be read whole | – | takes the journal away: its save had not begun to write |
//! | anything | the old bytes | writes them again, so that they last; takes the journal away |
//! | done | the new bytes | marks the journal again, cuts the file to its new length, takes the journal away |
//! | anything | old and new bytes | puts the old bytes and the old length back |
//! | anything | something else | nothing, unless the user chooses: another program was here |
//!
//! Each row can be interrupted and begun again. The file is known by its path, its length and its bytes: device
//! numbers change over a restart, and times by the save itself.

mod judge;
mod put_back;
mod rights;
mod search;

pub use crate::save::pending::{Decision, Pending, Recovered, RecoveryChoice, Verdict};
pub use search::{FoundIn, find_in, remove_strays};

use super::disk::{Access, Disk, DiskFile, retry};
use super::journal::{self, Broken, OldJournal};
use super::lock::lock;
use super::metadata::KeptTraits;
use super::names::folder_of;
use super::window::JournalWindow;
use crate::bytes::{FileIdentity, Version};
use crate::save::error::{Aftermath, Cause, FileState, SaveError, SaveStop, at_step};
use crate::save::generation::Mixture;
use crate::save::pending::OldBytes;
use crate::save::request::SaveRequest;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// An interrupted save with its journal; `None` where the journal has nothing that counts.
struct Inspected {
    pending: Pending,
    content: Option<OldJournal>,
}

/// Looks for an interrupted save of the file at `target`. Writes nothing. `fallback` is where journals lie whose
/// file's folder can't be written.
///
/// # Errors
/// When the file or its journal can't be read.
pub fn find(disk: &dyn Disk, target: &Path, fallback: Option<&Path>) -> Result<Option<Pending>, SaveError> {
    let Some(target) = resolve(disk, target)? else { return Ok(None) };
    let Some(path) = journals_of(disk, &target, fallback)?.into_iter().next() else { return Ok(None) };
    let open = || {
        retry(|| disk.open(&target, Access::Read))
            .map_err(at_step("opening it"))
            .map_err(|stop| not_restored(&target, stop))
    };
    // The lock is let go at once: whoever saves must not be kept waiting by a look.
    let is_live = matches!(open()?.try_lock(), Ok(false));
    let found = inspect(disk, &*open()?, &target, &path)?;
    Ok(found.map(|found| Pending { is_live, ..found.pending }))
}

/// Puts the file right, or does what the user has chosen. `None` when there is nothing to do.
///
/// # Errors
/// [`SaveError::NeedsRecovery`] on a conflict without a choice; what else stands in the way. All of it can be done
/// again.
pub fn recover(
    disk: &dyn Disk,
    target: &Path,
    fallback: Option<&Path>,
    choice: RecoveryChoice,
) -> Result<Option<Recovered>, SaveError> {
    let Some(target) = resolve(disk, target)? else { return Ok(None) };
    let mut last = None;
    for path in journals_of(disk, &target, fallback)? {
        let file = retry(|| disk.open(&target, Access::Write))
            .map_err(at_step("opening it for writing"))
            .map_err(|stop| not_restored(&target, stop))?;
        lock(&*file, &target)?;
        if let Some(found) = inspect(disk, &*file, &target, &path)? {
            let Some(decision) = choice.decide(found.pending.verdict) else {
                return Err(SaveError::NeedsRecovery { path: target, journal: path });
            };
            last = Some(put_right(disk, &*file, found, decision)?);
        }
    }
    Ok(last)
}

/// The file with links resolved; `None` when it is not there.
fn resolve(disk: &dyn Disk, target: &Path) -> Result<Option<PathBuf>, SaveError> {
    where_there(|| disk.resolve(target)).map_err(|error| not_restored(target, at_step("finding it")(error)))
}

fn not_restored(path: &Path, stop: SaveStop) -> SaveError {
    match stop {
        SaveStop::Broken(Cause::Io { step, error }) => {
            SaveError::NotRestored { path: path.to_owned(), step, error }
        }
        stop => stop.untouched(path),
    }
}

/// The journals that there are for `target`. Not being able to tell is an error: there may be one.
fn journals_of(disk: &dyn Disk, target: &Path, fallback: Option<&Path>) -> Result<Vec<PathBuf>, SaveError> {
    let elsewhere = fallback.map(|folder| journal::inside(folder, target));
    let mut found = Vec::new();
    for path in std::iter::once(journal::beside(target)).chain(elsewhere) {
        let there = where_there(|| disk.look(&path)).map_err(|error| {
            not_restored(target, at_step("checking for the journal of an earlier save")(error))
        })?;
        found.extend(there.map(|_| path));
    }
    Ok(found)
}

/// `None` when what the call is about is not there.
fn where_there<T>(call: impl FnMut() -> io::Result<T>) -> io::Result<Option<T>> {
    match retry(call) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        answer => answer.map(Some),
    }
}

/// Reads the journal at `path` and compares it with `file`, which is `target`. `None` when it is gone by now.
fn inspect(
    disk: &dyn Disk,
    file: &dyn DiskFile,
    target: &Path,
    path: &Path,
) -> Result<Option<Inspected>, SaveError> {
    let failed = |step, error: io::Error| not_restored(target, at_step(step)(error));
    let stat = retry(|| file.stat()).map_err(|error| failed("checking the file", error))?;
    let len_now = stat.identity.len;
    let content = match OldJournal::open(disk, path, stat.owner) {
        Ok(mut content) => {
            // Moved to another file by whoever has its folder, it must not lend rights to that.
            content.is_own &= content.target == target;
            Some(content)
        }
        Err(Broken::Unfinished) => None,
        Err(Broken::Strange(why)) => {
            let (path, journal) = (target.to_owned(), path.to_owned());
            return Err(SaveError::StrangeJournal { path, journal, why });
        }
        Err(Broken::Io(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(Broken::Io(error)) => return Err(failed("reading the journal of an earlier save", error)),
    };
    let verdict = match &content {
        None => Verdict::Unfinished,
        Some(content) => judge::judge(content, file, len_now)
            .map_err(|error| failed("comparing it with its journal", error))?,
    };
    let extents = content.as_ref().map(|content| &content.extents);
    let pending = Pending {
        target: target.to_owned(),
        journal: path.to_owned(),
        verdict,
        began: content.as_ref().map(|content| content.written_at),
        len_now,
        old_len: extents.map_or(len_now, |extents| extents.old_len),
        new_len: extents.map_or(len_now, |extents| extents.new_len),
        is_live: false,
        old: content.as_ref().map(old_bytes),
    };
    Ok(Some(Inspected { pending, content }))
}

/// The bytes that the save has overwritten, to be read from its journal.
fn old_bytes(content: &OldJournal) -> OldBytes {
    let ((file, at), len) = (content.old_bytes(), content.extents.old_bytes());
    let parts = content.extents.spans.iter().map(|span| content.extents.old_part(*span));
    OldBytes {
        spans: parts.filter(|part| !part.is_empty()).collect(),
        bytes: Arc::new(JournalWindow { file, at, len }),
    }
}

fn put_right(
    disk: &dyn Disk,
    file: &dyn DiskFile,
    found: Inspected,
    Decision { does: did, chosen }: Decision,
) -> Result<Recovered, SaveError> {
    let Inspected { pending: Pending { target, journal, len_now, new_len, .. }, content } = found;
    let failed = |step, error: io::Error| not_restored(&target, at_step(step)(error));
    // Old bytes that are there already may be so in memory alone, put there by a rollback that was cut off, and after
    // a failed sync no later one would write them: so they are written again, unless the user keeps what is there.
    let stays = chosen && did == Verdict::Untouched;
    let puts_back = matches!(did, Verdict::RollBack | Verdict::Untouched) && !stays;
    let mut bytes_written = 0;
    let mut warnings = Vec::new();
    let stat = retry(|| file.stat()).map_err(|error| failed("checking the file", error))?;
    let had = KeptTraits::of(file, &stat).taken();
    if let Some(content) = content.as_ref().filter(|_| puts_back || did == Verdict::RollForward) {
        // First, so that bytes which another user has chosen never have rights that this user could not give.
        let stripped = rights::strip_unless_own(file, content);
        warnings.extend(stripped.map_err(|error| failed("removing the rights it grants", error))?);
    }
    match (did, &content) {
        (_, Some(content)) if puts_back => {
            // Writing takes rights from the file that only the journal knows, so it must not go before they are back.
            sync_journal(disk, &journal, content)
                .and_then(|()| retry(|| disk.sync_folder(folder_of(&journal))))
                .map_err(|error| failed("confirming that the journal is on the disk", error))?;
            bytes_written = put_back::put_back(file, content, len_now, chosen)
                .map_err(|error| failed("putting the old bytes back", error))?;
        }
        (Verdict::RollForward, Some(content)) => {
            // So that it says the same if it comes back, and does not miss what is cut off.
            journal::mark_done_again(disk, &journal, &*content.old_bytes().0)
                .map_err(|error| failed("marking the journal of an earlier save as done", error))?;
            // Also where it has been cut: a kill may have come before the sync.
            if new_len < content.extents.old_len {
                put_back::cut_off(file, content, len_now)
                    .map_err(|error| failed("cutting off its end", error))?;
            }
        }
        _ => {}
    }
    if !stays {
        warnings.extend(content.as_ref().and_then(|content| rights::give_back(disk, file, content, &had)));
    }
    take_away(disk, &journal).map_err(|error| failed("removing the journal of an earlier save", error))?;
    let version = retry(|| file.stat()).ok().map(|stat| stat.identity.into());
    Ok(Recovered { target, did, chosen, bytes_written, version, warnings })
}

/// Has the disk confirm a journal. Some systems (Windows) confirm only what is open for writing.
fn sync_journal(disk: &dyn Disk, path: &Path, content: &OldJournal) -> io::Result<()> {
    match retry(|| content.old_bytes().0.sync()) {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            let file = retry(|| disk.open_left(path, Access::Write))?;
            retry(|| file.sync())
        }
        answer => answer,
    }
}

/// The name is gone for good before anything else happens to the file.
fn take_away(disk: &dyn Disk, journal: &Path) -> io::Result<()> {
    journal::remove(disk, journal)?;
    retry(|| disk.sync_folder(folder_of(journal)))
}

/// Takes away what an earlier save of `target` has left and that is settled, before a new save; `held` is the file
/// where it is open for writing already. Answers whether there was something.
pub(super) fn make_way(
    disk: &dyn Disk,
    held: Option<&dyn DiskFile>,
    target: &Path,
    request: &SaveRequest,
) -> Result<bool, SaveError> {
    let mut is_any = false;
    for path in journals_of(disk, target, request.fallback.as_deref())? {
        is_any = true;
        let opened;
        let file = match held {
            Some(file) => file,
            None => {
                opened = retry(|| disk.open(target, Access::Write))
                    .map_err(at_step("opening it for writing"))
                    .map_err(|stop| stop.untouched(target))?;
                &*opened
            }
        };
        let Some(found) = inspect(disk, file, target, &path)? else { continue };
        let pending = &found.pending;
        let Some(decision) = RecoveryChoice::Safe.decide(pending.verdict).filter(|_| pending.is_settled())
        else {
            return Err(SaveError::NeedsRecovery { path: target.to_owned(), journal: path });
        };
        put_right(disk, file, found, decision)?;
    }
    Ok(is_any)
}

/// Puts the old bytes back where an earlier attempt of the very document being saved could not: its edits are over
/// those, and no way of saving can start from a mixture, whose length may be the new one. The request then names the
/// file as it is, if it named what the attempt had left.
pub(super) fn put_back_own(disk: &dyn Disk, request: &mut SaveRequest) -> Result<(), SaveError> {
    let Some(generation) = request.generation.clone() else { return Ok(()) };
    let Some(mixture) = generation.mixture() else { return Ok(()) };
    let known = request.known().cloned();
    let mut is_known = false;
    let mut put_back = || {
        if resolve(disk, request.path())?.as_ref() != Some(&mixture.target) {
            return Ok(None);
        }
        let untouched = |stop: SaveStop| stop.untouched(&mixture.target);
        let file = retry(|| disk.open(&mixture.target, Access::Write))
            .map_err(at_step("opening it for writing"))
            .map_err(untouched)?;
        lock(&*file, &mixture.target)?;
        let found = retry(|| file.stat()).map_err(at_step("checking the file")).map_err(untouched)?.identity;
        is_known = known.as_ref() == Some(&found);
        let mut now = Version::from(found);
        for path in journals_of(disk, &mixture.target, request.fallback.as_deref())? {
            let Some(found) = inspect(disk, &*file, &mixture.target, &path)? else { continue };
            let Some(decision) = RecoveryChoice::Safe.decide(found.pending.verdict) else {
                return Err(SaveError::NeedsRecovery { path: mixture.target.clone(), journal: path });
            };
            // Also a save that was complete: the edits, which are kept, are over the old bytes.
            let does = if decision.does == Verdict::RollForward { Verdict::RollBack } else { decision.does };
            let put = put_right(disk, &*file, found, Decision { does, ..decision })?;
            now = put.version.unwrap_or(now);
        }
        Ok(Some(now))
    };
    match put_back() {
        Ok(Some(now)) => {
            generation.set_mixture(None);
            request.target.version = if is_known { Some(now) } else { known.map(Version::from) };
            Ok(())
        }
        Ok(None) => Ok(()),
        Err(error) => {
            let now = retry(|| disk.stat(&mixture.target)).ok().filter(|_| is_known);
            Err(still_mixed(error, mixture, now.map(|stat| stat.identity)))
        }
    }
}

/// An error of putting back, with what the file is still left as.
fn still_mixed(error: SaveError, mixture: Mixture, identity_now: Option<FileIdentity>) -> SaveError {
    let (path, cause, before) = match error {
        SaveError::BrokenOff { path, cause, after } => (path, cause, *after),
        SaveError::NotRestored { path, step, error } => {
            (path, Cause::Io { step, error }, Aftermath::untouched())
        }
        other => return other,
    };
    let (state, journal) = (FileState::Mixed(mixture.span), Some(mixture.journal));
    let after = Aftermath { state, journal, identity_now, ..before };
    SaveError::BrokenOff { path, cause, after: Box::new(after) }
}

/// Refuses a save while an interrupted one is not put right. Writes nothing.
pub(super) fn check_way(disk: &dyn Disk, target: &Path, request: &SaveRequest) -> Result<(), SaveError> {
    if request.generation.as_ref().is_some_and(|generation| generation.mixture().is_some()) {
        return Ok(());
    }
    let pending = find(disk, target, request.fallback.as_deref())?;
    pending.and_then(|pending| pending.stands_in_the_way()).map_or(Ok(()), Err)
}
