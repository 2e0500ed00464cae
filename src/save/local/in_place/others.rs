//! What another program does to the file while it is saved in place: checked before each step that could overwrite it.
//!
//! A look and the write after it are two calls, so a moment stays between them. Where the system tells who writes, what
//! comes in that moment is found too, after the fact, and told.

use super::super::disk::{Disk, FileStat, retry};
use super::super::metadata::{self, TakenRights, others_may_write};
use super::InPlace;
use crate::save::error::{SaveStop, at_step, difference};
use std::io;
use std::path::Path;

/// The name that is saved.
pub(super) struct TargetPlace<'a> {
    pub disk: &'a dyn Disk,
    pub path: &'a Path,
}

fn written() -> SaveStop {
    SaveStop::Changed("it was written to".to_owned())
}

impl InPlace<'_> {
    /// `false` where the system does not tell.
    fn others_wrote(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| retry(|| watch.others_wrote()).unwrap_or(true))
    }

    /// Whether it is known that no other program has written. Stores through a memory map are not noticed.
    pub(super) fn is_alone(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| retry(|| watch.others_wrote()).is_ok_and(|wrote| !wrote))
    }

    /// Step 7: the last look before anything is written.
    pub(super) fn look_again(&self, found: &FileStat) -> Result<(), SaveStop> {
        let now = retry(|| self.file.stat()).map_err(at_step("checking the file again"))?.identity;
        if (now.len, now.mtime_ns) != (found.identity.len, found.identity.mtime_ns) {
            return Err(SaveStop::Changed(difference(&found.identity, &now)));
        }
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// That nobody has moved the end of the file, before it is moved.
    pub(super) fn check_len(&self, expected: u64) -> Result<(), SaveStop> {
        let len = retry(|| self.file.stat()).map_err(at_step("checking its length"))?.identity.len;
        if len == expected { Ok(()) } else { Err(moved(expected, len)) }
    }

    /// The end of step 11: the name must lead to the file, whose end must be where it was left.
    pub(super) fn check_place(&self, place: &TargetPlace<'_>) -> Result<(), SaveStop> {
        if !self.is_there(place).map_err(at_step("checking its name"))? {
            return Err(SaveStop::Changed("another file has replaced it, or it was removed".to_owned()));
        }
        let (old_len, new_len) = (self.extents.old_len, self.extents.new_len);
        self.check_len(old_len.max(new_len))?;
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// Step 11. Gives back the rights that writing has taken; not to bytes that others may have chosen, of which `is_ours`
    /// says that no sign was found. The kernel takes them at each write, so what others write later has none.
    pub(super) fn give_back(&self, taken: &TakenRights, is_ours: bool, warnings: &mut Vec<String>) {
        if !taken.has_rights() {
            return;
        }
        match self.try_give_back(taken, is_ours) {
            Ok(true) => {}
            Ok(false) => warnings.push(
                "The save removed the file's set-user-id bits or capabilities. They were not restored, because another program may have written to the file. Set them again if they are right."
                    .to_owned(),
            ),
            Err(error) => warnings.push(format!(
                "The save removed the file's set-user-id bits or capabilities, and restoring them may have failed ({error})."
            )),
        }
    }

    /// Whether the file has its rights.
    fn try_give_back(&self, taken: &TakenRights, is_ours: bool) -> io::Result<bool> {
        if !taken.is_missing(&*self.file)? {
            return Ok(true);
        }
        // Who can't be seen to write must not be able to.
        let is_told = self.watch.is_some() || !others_may_write(&retry(|| self.file.stat())?, self.user);
        if !is_ours || !is_told || self.others_wrote() {
            return Ok(false);
        }
        taken.give_back(&*self.file)?;
        let is_theirs = self.others_wrote();
        if is_theirs {
            metadata::strip(&*self.file)?;
        }
        retry(|| self.file.sync())?;
        Ok(!is_theirs)
    }

    /// Step 15. Whether the name still leads to the file.
    pub(super) fn ask_afterwards(&self, place: &TargetPlace<'_>, warnings: &mut Vec<String>) -> bool {
        if self.others_wrote() {
            warnings.push(
                "Another program wrote to the file just before the save ended. Check that all of its changes are in the file."
                    .to_owned(),
            );
        }
        self.is_there(place).unwrap_or_else(|error| {
            warnings.push(format!(
                "pagelens could not check whether the name still refers to the saved file ({error})."
            ));
            true
        })
    }

    fn is_there(&self, place: &TargetPlace<'_>) -> io::Result<bool> {
        let ours = retry(|| self.file.stat())?.identity;
        match retry(|| place.disk.stat(place.path)) {
            Ok(there) => Ok(!ours.other_file(&there.identity)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

pub(super) fn moved(expected: u64, len: u64) -> SaveStop {
    SaveStop::Changed(format!("its length was {expected} and is now {len} bytes"))
}
