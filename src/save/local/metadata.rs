//! What belongs to a file besides its bytes – owner, permissions, attributes, access lists, marks – carried over a
//! save.
//!
//! The order matters: a new owner clears set-user-id and capabilities, so it comes first; permissions come last of
//! those that lend rights, for with them others may write to the file. What can't be carried over is said, never passed
//! over. Times are not kept: a save is a change.
//!
//! Rights that a file has as a program are lent to its bytes. So they are given to no new file whose owner is another
//! user, who could change the bytes before they are, and in place to none that others have written to meanwhile.

use super::disk::{DiskFile, FileStat, Owner, retry};
use crate::escape::PathText;
use std::ffi::OsString;
use std::io;

const SET_ID_BITS: u32 = 0o6000;

/// Permission to write for the group and for everybody.
const WRITTEN_BY_OTHERS: u32 = 0o022;

/// Access lists and labels of a security module, that the system gives to new files by itself.
const GIVEN_BY_SYSTEM: &str = "security.";

/// What lets a program run with rights of its own; a write takes it away.
const CAPABILITY: &str = "security.capability";

/// The marks of a file (linux/fs.h) that a new file can be given, with their letters in chattr(1). `a` and `i` are not
/// among them, because they keep a file from being written.
const MARKS: [(u32, char); 10] = [
    (0x1, 's'),
    (0x2, 'u'),
    (0x4, 'c'),
    (0x8, 'S'),
    (0x40, 'd'),
    (0x80, 'A'),
    (0x400, 'm'),
    (0x4000, 'j'),
    (NOT_COPIED, 'C'),
    (0x0200_0000, 'x'),
];

/// No copy-on-write. This is the only mark that only an empty file accepts.
const NOT_COPIED: u32 = 0x0080_0000;

fn marks_in(flags: u32) -> u32 {
    MARKS.iter().fold(0, |marks, (mark, _)| marks | flags & mark)
}

/// All that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptTraits {
    owner: Option<Owner>,
    mode: Option<u32>,
    attributes: Vec<(OsString, Vec<u8>)>,
    /// `None` where there are none, or where they are not wanted.
    marks: Option<u32>,
    /// Whether there may be attributes that could not be read.
    incomplete: bool,
}

impl KeptTraits {
    /// What `file`, described by `stat`, has now, marks included.
    pub fn all_of(file: &dyn DiskFile, stat: &FileStat) -> Self {
        let mut kept = Self::of(file, stat);
        match retry(|| file.flags()) {
            Ok(flags) => kept.marks = Some(marks_in(flags)),
            Err(error) => kept.incomplete |= error.kind() != io::ErrorKind::Unsupported,
        }
        kept
    }

    /// The same without the marks, because writing in place does not remove them.
    pub fn of(file: &dyn DiskFile, stat: &FileStat) -> Self {
        let (owner, mode) = (stat.owner, stat.mode);
        let mut kept = Self { owner, mode, attributes: Vec::new(), marks: None, incomplete: false };
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

    /// Leaves out what lets a program run with rights of its own, unless the owner is `user`, who makes the file: any other
    /// could write to it before it gets them. Answers whether there was something to leave out.
    pub fn withhold_rights(&mut self, user: Option<u32>) -> bool {
        if self.owner.is_none_or(|owner| Some(owner.user) == user) {
            return false;
        }
        let (mode, count) = (self.mode, self.attributes.len());
        self.mode = mode.map(|mode| mode & !SET_ID_BITS);
        self.attributes.retain(|(name, _)| name != CAPABILITY);
        self.mode != mode || self.attributes.len() != count
    }

    /// The part of it that a write takes away.
    pub fn taken(&self) -> TakenRights {
        let capability = self.attributes.iter().find(|(name, _)| name == CAPABILITY);
        TakenRights {
            owner: self.owner,
            mode: self.mode.filter(|mode| mode & SET_ID_BITS != 0),
            capability: capability.map_or_else(Vec::new, |(_, value)| value.clone()),
        }
    }

    /// Gives `file` what it accepts only while it is empty. [`Self::put_on`] reports whether it did.
    pub fn put_on_empty(&self, file: &dyn DiskFile) {
        if let Some(marks) = self.marks
            && let Ok(flags) = retry(|| file.flags())
            && (flags ^ marks) & NOT_COPIED != 0
        {
            let _ = retry(|| file.set_flags(flags ^ NOT_COPIED));
        }
    }

    /// Gives all of it to `file` and says what could not be given.
    pub fn put_on(&self, file: &dyn DiskFile, warnings: &mut Vec<String>) {
        let now = match retry(|| file.stat()) {
            Ok(stat) => Self::of(file, &stat),
            Err(error) => {
                warnings.push(format!("Owner, permissions and attributes could not be checked ({error})."));
                return;
            }
        };
        if self.incomplete {
            warnings.push("Some attributes of the old file could not be read and may be lost.".to_owned());
        }
        let owner_kept = self.put_owner(&now, file, warnings);
        let (rights, others): (Vec<_>, Vec<_>) =
            self.attributes.iter().partition(|(name, _)| name == CAPABILITY);
        put_attributes(&rights, &now, file, warnings);
        self.put_mode(&now, owner_kept, file, warnings);
        self.remove_inherited(&now, file, warnings);
        put_attributes(&others, &now, file, warnings);
        self.put_marks(file, warnings);
    }

    /// After all else: some marks change what writing does.
    fn put_marks(&self, file: &dyn DiskFile, warnings: &mut Vec<String>) {
        let Some(wanted) = self.marks else { return };
        let flags = match retry(|| file.flags()) {
            Ok(flags) => flags,
            Err(_) if wanted == 0 => return,
            Err(error) => return warnings.push(lost_marks(wanted, &error)),
        };
        let differ = marks_in(flags) ^ wanted;
        if differ == 0 || retry(|| file.set_flags(flags ^ differ)).is_ok() {
            return;
        }
        // If one is refused, the others are still set.
        let (mut now, mut lost) = (flags, None);
        for (mark, _) in MARKS.iter().filter(|(mark, _)| differ & mark != 0) {
            match retry(|| file.set_flags(now ^ mark)) {
                Ok(()) => now ^= mark,
                Err(error) => lost = Some(error),
            }
        }
        warnings.extend(lost.map(|error| lost_marks(marks_in(now) ^ wanted, &error)));
    }

    fn put_owner(&self, now: &Self, file: &dyn DiskFile, warnings: &mut Vec<String>) -> bool {
        let Some(owner) = self.owner.filter(|owner| now.owner != Some(*owner)) else { return true };
        if retry(|| file.set_owner(Some(owner.user), Some(owner.group))).is_ok() {
            return true;
        }
        // Without the right to give files away, the group alone can often be kept.
        let group = retry(|| file.set_owner(None, Some(owner.group)));
        let lost = if group.is_ok() { "owner" } else { "owner and group" };
        warnings.push(format!("The {lost} could not be kept. The file now belongs to you."));
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

    fn remove_inherited(&self, now: &Self, file: &dyn DiskFile, warnings: &mut Vec<String>) {
        // What could not be read may be there all the same, in place most of all.
        for (name, _) in now.attributes.iter().filter(|_| !self.incomplete) {
            let inherited = !self.attributes.iter().any(|(kept, _)| kept == name);
            if inherited
                && !name.to_string_lossy().starts_with(GIVEN_BY_SYSTEM)
                && let Err(error) = retry(|| file.remove_attribute(name))
            {
                warnings.push(format!("The attribute {} could not be removed ({error}).", name.shown()));
            }
        }
    }
}

fn lost_marks(marks: u32, error: &io::Error) -> String {
    let names: String = MARKS.iter().filter(|(mark, _)| marks & mark != 0).map(|(_, name)| *name).collect();
    format!("The file attributes {names} (as chattr names them) could not be kept ({error}).")
}

fn put_attributes(
    wanted: &[&(OsString, Vec<u8>)],
    now: &KeptTraits,
    file: &dyn DiskFile,
    warnings: &mut Vec<String>,
) {
    for (name, value) in wanted.iter().filter(|kept| !now.attributes.contains(kept)) {
        if let Err(error) = retry(|| file.set_attribute(name, value)) {
            warnings.push(format!("The attribute {} could not be kept ({error}).", name.shown()));
        }
    }
}

/// What a write takes from a file, for a journal: who recovers can't ask the file any more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TakenRights {
    owner: Option<Owner>,
    /// Only when it has bits that a write takes.
    mode: Option<u32>,
    /// Empty when there is none.
    capability: Vec<u8>,
}

impl TakenRights {
    /// The longest capability that is packed; the system's own have 24 bytes.
    const MOST: usize = 44;
    /// Bytes that it is packed into: user, group, mode, length of the capability, capability.
    pub const PACKED: usize = 16 + Self::MOST;

    /// As a journal has it.
    pub fn pack(&self) -> [u8; Self::PACKED] {
        let mut bytes = [0; Self::PACKED];
        let owner = self.owner.unwrap_or(Owner { user: u32::MAX, group: u32::MAX });
        let capability = if self.capability.len() <= Self::MOST { &self.capability[..] } else { &[] };
        let numbers = [owner.user, owner.group, self.mode.unwrap_or(u32::MAX), capability.len() as u32];
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes[16..16 + capability.len()].copy_from_slice(capability);
        bytes
    }

    /// From a journal; what is not known there is `None`.
    pub fn unpack(bytes: &[u8; Self::PACKED]) -> Self {
        let number = |at: usize| bytes[at..at + 4].iter().rev().fold(0, |n, byte| n << 8 | u32::from(*byte));
        let known = |number: u32| (number != u32::MAX).then_some(number);
        let owner = known(number(0)).zip(known(number(4))).map(|(user, group)| Owner { user, group });
        let capability = bytes[16..].get(..number(12) as usize).unwrap_or_default().to_vec();
        Self { owner, mode: known(number(8)), capability }
    }

    /// Whether there is anything to give back.
    pub fn has_rights(&self) -> bool {
        self.mode.is_some() || !self.capability.is_empty()
    }

    /// Gives it back to a file that is otherwise as it was: rights are never lent to another owner's file, nor beside
    /// permissions that somebody has changed. Answers whether something was given.
    ///
    /// # Errors
    /// As of the system.
    pub fn give_back(&self, file: &dyn DiskFile) -> io::Result<bool> {
        let (mode, capability) = self.missing(file)?;
        if let Some(mode) = mode {
            retry(|| file.set_mode(mode))?;
        }
        if capability {
            retry(|| file.set_attribute(CAPABILITY.as_ref(), &self.capability))?;
        }
        Ok(mode.is_some() || capability)
    }

    /// Whether there is something that could be given back to `file`.
    ///
    /// # Errors
    /// As of the system.
    pub fn is_missing(&self, file: &dyn DiskFile) -> io::Result<bool> {
        let (mode, capability) = self.missing(file)?;
        Ok(mode.is_some() || capability)
    }

    /// The mode that `file` lacks, and whether it lacks the capability.
    fn missing(&self, file: &dyn DiskFile) -> io::Result<(Option<u32>, bool)> {
        let now = retry(|| file.stat())?;
        if now.owner != self.owner || !self.has_rights() {
            return Ok((None, false));
        }
        let is_as_it_was = |mode: u32, is: u32| mode != is && mode & !SET_ID_BITS == is & !SET_ID_BITS;
        let mode = self.mode.zip(now.mode).filter(|(mode, is)| is_as_it_was(*mode, *is));
        let has = |names: Vec<OsString>| names.iter().any(|name| name == CAPABILITY);
        let capability = !self.capability.is_empty() && !has(retry(|| file.attributes())?);
        Ok((mode.map(|(mode, is)| is | mode & SET_ID_BITS), capability))
    }
}

/// Whether somebody else than `user` may write to the file.
pub(super) fn others_may_write(stat: &FileStat, user: Option<u32>) -> bool {
    let is_anothers = stat.owner.is_some_and(|owner| Some(owner.user) != user);
    // Those of an access list are told by the bits of the group.
    is_anothers || stat.mode.is_some_and(|mode| mode & WRITTEN_BY_OTHERS != 0)
}

/// Takes from `file` what lets it run with rights of its own: somebody who could not give it these rights has chosen its
/// bytes. Answers whether it had any.
pub(super) fn strip(file: &dyn DiskFile) -> io::Result<bool> {
    let mut stripped = false;
    if let Some(mode) = retry(|| file.stat())?.mode.filter(|mode| mode & SET_ID_BITS != 0) {
        retry(|| file.set_mode(mode & !SET_ID_BITS))?;
        stripped = true;
    }
    let names = match retry(|| file.attributes()) {
        Err(error) if error.kind() == io::ErrorKind::Unsupported => Vec::new(),
        answer => answer?,
    };
    if names.iter().any(|name| name == CAPABILITY) {
        retry(|| file.remove_attribute(CAPABILITY.as_ref()))?;
        stripped = true;
    }
    Ok(stripped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_write_takes_is_packed_and_unpacked() {
        let owner = Some(Owner { user: 7, group: 8 });
        for taken in [
            TakenRights::default(),
            TakenRights { owner, mode: Some(0o4755), capability: vec![1; 24] },
            TakenRights { owner, mode: None, capability: Vec::new() },
        ] {
            assert_eq!(TakenRights::unpack(&taken.pack()), taken);
        }
        let long = TakenRights { capability: vec![1; 100], ..TakenRights::default() };
        assert_eq!(TakenRights::unpack(&long.pack()), TakenRights::default());
        assert_eq!(TakenRights::unpack(&[0x7F; TakenRights::PACKED]).capability, []);
    }
}
