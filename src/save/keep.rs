//! What belongs to a file besides its bytes – owner, permissions, attributes, access lists – carried over a save.
//!
//! The order matters: a new owner clears set-user-id and capabilities, so it comes first. What can't be carried
//! over is said, never passed over. Times are not kept: a save is a change.

use super::disk::{DiskFile, FileStat, Owner, retry};
use std::ffi::OsString;
use std::io;

const SET_ID_BITS: u32 = 0o6000;

/// Access lists and labels of a security module, that the system gives to new files by itself.
const GIVEN_BY_SYSTEM: &str = "security.";

/// All that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    owner: Option<Owner>,
    mode: Option<u32>,
    attributes: Vec<(OsString, Vec<u8>)>,
    /// Whether there may be attributes that could not be read.
    incomplete: bool,
}

impl Kept {
    /// What `file`, described by `stat`, has now.
    pub fn of(file: &dyn DiskFile, stat: &FileStat) -> Self {
        let mut kept = Self { owner: stat.owner, mode: stat.mode, attributes: Vec::new(), incomplete: false };
        let names = match retry(|| file.attributes()) {
            Ok(names) => names,
            Err(error) => {
                kept.incomplete = error.kind() != io::ErrorKind::Unsupported;
                return kept;
            }
        };
        for name in names {
            match retry(|| file.attribute(&name)) {
                Ok(value) => kept.attributes.push((name, value)),
                Err(_) => kept.incomplete = true,
            }
        }
        kept
    }

    /// Gives all of it to `file` and says what could not be given. Answers whether anything had to be changed.
    pub fn put_on(&self, file: &dyn DiskFile, warnings: &mut Vec<String>) -> bool {
        let now = match retry(|| file.stat()) {
            Ok(stat) => Self::of(file, &stat),
            Err(error) => {
                warnings.push(format!("Owner, permissions and attributes could not be checked ({error})."));
                return false;
            }
        };
        if self.incomplete {
            warnings.push("Some attributes of the old file could not be read and may be lost.".to_owned());
        }
        let owner_kept = self.put_owner(&now, file, warnings);
        self.put_mode(&now, owner_kept, file, warnings);
        self.put_attributes(&now, file, warnings);
        now != *self
    }

    fn put_owner(&self, now: &Self, file: &dyn DiskFile, warnings: &mut Vec<String>) -> bool {
        let Some(owner) = self.owner.filter(|owner| now.owner != Some(*owner)) else { return true };
        if retry(|| file.set_owner(Some(owner.user), Some(owner.group))).is_ok() {
            return true;
        }
        // Without the right to give files away, the group alone can often be kept.
        let group = retry(|| file.set_owner(None, Some(owner.group)));
        let lost = if group.is_ok() { "owner" } else { "owner and group" };
        warnings.push(format!("The {lost} could not be kept: the file is yours now."));
        false
    }

    fn put_mode(&self, now: &Self, owner_kept: bool, file: &dyn DiskFile, warnings: &mut Vec<String>) {
        let Some(mode) = self.mode else { return };
        // Another owner's rights must not be lent to whoever runs the file.
        let wanted = if owner_kept { mode } else { mode & !SET_ID_BITS };
        let cleared_by_owner = now.owner != self.owner && mode & SET_ID_BITS != 0;
        if (now.mode != Some(wanted) || cleared_by_owner)
            && let Err(error) = retry(|| file.set_mode(wanted))
        {
            warnings.push(format!("The permissions {mode:o} could not be kept ({error})."));
        }
    }

    fn put_attributes(&self, now: &Self, file: &dyn DiskFile, warnings: &mut Vec<String>) {
        // What could not be read may be there all the same, in place most of all.
        for (name, _) in now.attributes.iter().filter(|_| !self.incomplete) {
            let inherited = !self.attributes.iter().any(|(kept, _)| kept == name);
            if inherited
                && !name.to_string_lossy().starts_with(GIVEN_BY_SYSTEM)
                && let Err(error) = retry(|| file.remove_attribute(name))
            {
                warnings.push(format!("The attribute {} could not be removed ({error}).", name.display()));
            }
        }
        for (name, value) in self.attributes.iter().filter(|kept| !now.attributes.contains(kept)) {
            if let Err(error) = retry(|| file.set_attribute(name, value)) {
                warnings.push(format!("The attribute {} could not be kept ({error}).", name.display()));
            }
        }
    }
}
