//! What another program does to the file while it is saved in place: looked for before each step that could write over it.
//!
//! A look and the write after it are two calls, so a moment stays between them. Where the system tells who writes, what
//! comes in that moment is found too, after the fact, and told.

use super::super::disk::{Disk, FileStat, retry};
use super::super::error::{Stop, at_step, difference};
use super::super::generation::Overlay;
use super::super::keep::{self, Taken, others_may_write};
use super::{CHUNK, InPlace};
use crate::bytes::Span;
use std::io;
use std::path::Path;

/// The name that is saved.
pub(super) struct Place<'a> {
    pub disk: &'a dyn Disk,
    pub path: &'a Path,
}

/// Room for the bytes that are compared.
#[derive(Default)]
pub(super) struct Check {
    now: Vec<u8>,
    old: Vec<u8>,
    new: Vec<u8>,
}

fn written() -> Stop {
    Stop::Changed("it was written to".to_owned())
}

impl InPlace<'_> {
    /// `false` where the system does not tell.
    fn others_wrote(&self) -> bool {
        self.watch.as_ref().is_some_and(|watch| retry(|| watch.others_wrote()).unwrap_or(true))
    }

    /// Step 7: the last look before anything is written.
    pub(super) fn look_again(&self, found: &FileStat) -> Result<(), Stop> {
        let now = retry(|| self.file.stat()).map_err(at_step("checking the file again"))?.identity;
        if (now.len, now.mtime_ns) != (found.identity.len, found.identity.mtime_ns) {
            return Err(Stop::Changed(difference(&found.identity, &now)));
        }
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// That nobody has moved the end of the file, before it is moved.
    pub(super) fn check_len(&self, expected: u64) -> Result<(), Stop> {
        let len = retry(|| self.file.stat()).map_err(at_step("checking its length"))?.identity.len;
        if len == expected { Ok(()) } else { Err(moved(expected, len)) }
    }

    /// The end of step 11: the name must lead to the file, whose end must be where it was left.
    pub(super) fn check_place(&self, place: &Place<'_>) -> Result<(), Stop> {
        if !self.is_there(place).map_err(at_step("checking its name"))? {
            return Err(Stop::Changed("another file has replaced it, or it was removed".to_owned()));
        }
        let (old_len, new_len) = (self.extents.old_len, self.extents.new_len);
        self.check_len(old_len.max(new_len))?;
        if self.others_wrote() { Err(written()) } else { Ok(()) }
    }

    /// Step 11. Gives back the rights that writing has taken; not to bytes that others may have chosen, of which `is_ours`
    /// says that no sign was found. The kernel takes them at each write, so what others write later has none.
    pub(super) fn give_back(&self, taken: &Taken, is_ours: bool, warnings: &mut Vec<String>) {
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
    fn try_give_back(&self, taken: &Taken, is_ours: bool) -> io::Result<bool> {
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
            keep::strip(&*self.file)?;
        }
        retry(|| self.file.sync())?;
        Ok(!is_theirs)
    }

    /// Step 15. Whether the name still leads to the file.
    pub(super) fn ask_afterwards(&self, place: &Place<'_>, warnings: &mut Vec<String>) -> bool {
        if self.others_wrote() {
            warnings.push(
                "Another program wrote to the file just before the save ended. Check whether everything that it wrote is there."
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

    fn is_there(&self, place: &Place<'_>) -> io::Result<bool> {
        let ours = retry(|| self.file.stat())?.identity;
        match retry(|| place.disk.stat(place.path)) {
            Ok(there) => Ok(!ours.other_file(&there.identity)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// That each byte of `chunk`, part of an extent, is its old one or its new one, before it is written.
    pub(super) fn check_ours(&self, chunk: Span, old: &Overlay, check: &mut Check) -> Result<(), Stop> {
        let old_part = self.extents.old_part(chunk);
        check.now.resize(chunk.len() as usize, 0);
        let there = self.read_there(chunk, &mut check.now)?;
        // A write behind an end that was moved would fill the gap with zeros.
        if (there as u64) < chunk.clamp_to(self.end.get()).len() {
            return Err(moved(self.end.get(), chunk.start() + there as u64));
        }
        check.old.clear();
        check.old.resize(old_part.len() as usize, 0);
        old.read_over(old_part, &mut check.old)?;
        check.now.truncate(there);
        if check.now == check.old {
            return Ok(());
        }
        let new_part = self.extents.new_part(chunk);
        check.new.resize(new_part.len() as usize, 0);
        self.read_new(new_part, &mut check.new)?;
        let foreign = check.now.iter().enumerate().position(|(at, byte)| {
            let is_known = [check.old.get(at), check.new.get(at)].contains(&Some(byte));
            // New room reads as zeros, and so does an end that was cut off and is there again.
            let is_room = *byte == 0 && (check.old.get(at).is_none() || check.new.get(at).is_none());
            !is_known && !is_room
        });
        foreign.map_or(Ok(()), |at| Err(super::changed_at(chunk.start() + at as u64)))
    }

    /// That what lies behind the old end, which is about to be cut off again, is this save's.
    pub(super) fn check_end(&self, old: &Overlay) -> Result<(), Stop> {
        let (old_len, new_len) = (self.extents.old_len, self.extents.new_len);
        let len = retry(|| self.file.stat()).map_err(at_step("checking its length"))?.identity.len;
        if len < old_len.min(new_len) || len > old_len.max(new_len) {
            return Err(moved(new_len, len));
        }
        let mut check = Check::default();
        let behind = Span::between(old_len.min(len), len);
        behind.chunks(CHUNK).try_for_each(|chunk| self.check_ours(chunk, old, &mut check))
    }

    /// Reads as much of `span` as there is; answers how much that is.
    fn read_there(&self, span: Span, buf: &mut [u8]) -> Result<usize, Stop> {
        let mut done = 0;
        while done < buf.len() {
            let at = span.start() + done as u64;
            match retry(|| self.file.read_at(at, &mut buf[done..])) {
                Ok(0) => break,
                Ok(read) => done += read,
                Err(error) => return Err(at_step("reading its old bytes")(error)),
            }
        }
        Ok(done)
    }
}

fn moved(expected: u64, len: u64) -> Stop {
    Stop::Changed(format!("its length was {expected} and is now {len} bytes"))
}
