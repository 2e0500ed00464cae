//! What lets a file run with rights of its own, when its save was cut off: taken away, or given back.

use super::super::disk::{Disk, DiskFile, retry};
use super::super::journal::OldJournal;
use super::super::metadata::{self, TakenRights};
use std::io;

/// Takes the rights from a file whose bytes somebody has chosen who could not give them. Answers what the user should know.
pub(super) fn strip_unless_own(file: &dyn DiskFile, content: &OldJournal) -> io::Result<Option<String>> {
    let stripped = !content.is_own && metadata::strip(file)?;
    sync_if(stripped, file)?;
    Ok(stripped.then(|| {
        "Its set-user-id bits and capabilities were removed, because neither you nor root wrote this journal for this file. Set them again if they are right.".to_owned()
    }))
}

/// Gives back what the save took, if the journal may say what that was, and what the file `had` before it was written to
/// again. Whoever else may write to it may have done so since. Answers what the user should know.
pub(super) fn give_back(
    disk: &dyn Disk,
    file: &dyn DiskFile,
    content: &OldJournal,
    had: &TakenRights,
) -> Option<String> {
    if !content.is_own {
        return None;
    }
    let give = || -> io::Result<bool> {
        let are_missing = had.is_missing(file)? || content.taken.is_missing(file)?;
        if are_missing && metadata::others_may_write(&retry(|| file.stat())?, disk.user()) {
            return Ok(false);
        }
        let given = had.give_back(file)? | content.taken.give_back(file)?;
        sync_if(given, file)?;
        Ok(true)
    };
    match give() {
        Ok(true) => None,
        Ok(false) => Some(
            "The save removed the file's set-user-id bits or capabilities. They were not restored, because other users have write permission for the file. Set them again if they are right."
                .to_owned(),
        ),
        Err(error) => Some(format!(
            "The set-user-id bits or capabilities that the save removed could not be restored ({error})."
        )),
    }
}

fn sync_if(changed: bool, file: &dyn DiskFile) -> io::Result<()> {
    if changed { retry(|| file.sync()) } else { Ok(()) }
}
