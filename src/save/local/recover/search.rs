//! What interrupted saves have left in a folder: journals, and temporary files that never got their name.

use super::super::disk::{Access, Disk, retry};
use super::super::journal::{self, OldJournal};
use super::super::names::{folder_of, is_temp};
use crate::save::error::{SaveError, at_step};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// What was found in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundIn {
    /// Files with an interrupted save; to be given to [`super::recover`].
    pub targets: Vec<PathBuf>,
    /// Journals that belong to no file: theirs was deleted or moved.
    pub orphans: Vec<PathBuf>,
    /// Temporary files that nobody is writing.
    pub strays: Vec<PathBuf>,
}

/// Looks through `folder`, not through folders in it, and through the journals in `fallback` for files of `folder`.
/// Writes nothing.
///
/// # Errors
/// When the folder can't be read.
pub fn find_in(disk: &dyn Disk, folder: &Path, fallback: Option<&Path>) -> Result<FoundIn, SaveError> {
    let failed = |error| at_step("listing the folder")(error).untouched(folder);
    let folder = retry(|| disk.resolve(folder)).map_err(failed)?;
    let mut found = FoundIn::default();
    for name in retry(|| disk.list(&folder)).map_err(failed)? {
        let path = folder.join(&name);
        if journal::is_journal(&name) {
            match target_of(disk, &path, &name).filter(|target| retry(|| disk.stat(target)).is_ok()) {
                Some(target) => found.targets.push(target),
                None => found.orphans.push(path),
            }
        } else if is_temp(&name, None) && !is_held(disk, &path) {
            found.strays.push(path);
        }
    }
    let elsewhere =
        fallback.and_then(|fallback| retry(|| disk.list(fallback)).ok().map(|names| (fallback, names)));
    for (fallback, name) in
        elsewhere.into_iter().flat_map(|(at, names)| names.into_iter().map(move |name| (at, name)))
    {
        let target = OldJournal::open(disk, &fallback.join(name), None).ok().map(|journal| journal.target);
        found.targets.extend(target.filter(|target| folder_of(target) == folder));
    }
    found.targets.sort();
    found.targets.dedup();
    Ok(found)
}

/// The file that the journal `path`, called `name`, is about. A name beside it says more than what the journal says:
/// folders are moved as a whole.
fn target_of(disk: &dyn Disk, path: &Path, name: &OsStr) -> Option<PathBuf> {
    let told = OldJournal::open(disk, path, None)
        .ok()
        .and_then(|journal| journal.target.file_name().map(OsStr::to_owned));
    let name = match told {
        Some(name) => name,
        None => {
            let name = name.to_str()?;
            name.strip_prefix('.')?.strip_suffix(journal::ENDING)?.into()
        }
    };
    let target = folder_of(path).join(name);
    (journal::beside(&target) == path).then_some(target)
}

/// Takes away the temporary files that interrupted saves of `target` have left. Answers those that are gone.
pub fn remove_strays(disk: &dyn Disk, target: &Path) -> Vec<PathBuf> {
    let folder = folder_of(target);
    let Ok(names) = retry(|| disk.list(folder)) else { return Vec::new() };
    let strays = names.into_iter().filter(|name| is_temp(name, target.file_name()));
    let paths = strays.map(|name| folder.join(name));
    paths.filter(|path| !is_held(disk, path) && retry(|| disk.remove(path)).is_ok()).collect()
}

/// Whether a save is writing the file right now, or somebody else, whose file it was before a save that was cut off.
fn is_held(disk: &dyn Disk, path: &Path) -> bool {
    let Ok(file) = retry(|| disk.open_left(path, Access::Read)) else { return true };
    !matches!(retry(|| file.try_lock()), Ok(true)) || matches!(retry(|| file.has_writers()), Ok(true))
}
