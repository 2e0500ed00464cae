//! The attributes that chattr(1) sets on a file: a new file gets them, or a warning names those that are lost.

use super::keeping::run;
use super::rig::{FaultyDisk, Opened, pattern, reopened};
use pagelens::bytes::Span;
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::{Disk, RealDisk, SaveWay, save};
use std::path::Path;

/// Written at once, left out of dumps, without a time of access.
const SYNC: u32 = 0x8;
const NO_DUMP: u32 = 0x40;
const NO_TIME: u32 = 0x80;
const ALL: u32 = SYNC | NO_DUMP | NO_TIME;

fn flags(path: &Path) -> u32 {
    RealDisk.open(path, Access::Read).and_then(|file| file.flags()).expect("asked before")
}

/// `false` if that can't be done here. A message says so.
fn set(path: &Path, marks: u32) -> bool {
    let set = RealDisk.open(path, Access::Read).and_then(|file| {
        let flags = file.flags()?;
        file.set_flags(flags | marks)?;
        Ok(file.flags()? & marks == marks)
    });
    let is_set = matches!(set, Ok(true));
    if !is_set {
        println!(
            "SKIPPED: the disk of temporary files has no such attributes ({set:?}), so keeping them was not tested"
        );
    }
    is_set
}

#[test]
fn a_new_file_gets_the_attributes_of_the_old_one() {
    for marks in [ALL, NO_DUMP, 0] {
        let opened = Opened::with(&pattern(5000));
        if !set(&opened.path, marks) {
            return;
        }
        // If the old file lacks an attribute that the folder gives to new files, the new file does not keep it.
        if !set(opened.folder.path(), NO_TIME) {
            return;
        }
        let mut opened = reopened(opened);
        let had = flags(&opened.path);
        for backup in [false, true] {
            let mut request = opened.splice(Span::empty_at(1), b"longer");
            request.backup = backup;
            let saved = run(request).expect("saved");
            assert_eq!((saved.way, saved.warnings), (SaveWay::Rewrite, vec![]));
            let now = flags(&opened.path);
            assert_eq!(now & ALL, marks, "{now:#x} instead of {had:#x}");
            opened = reopened(opened);
        }
    }
}

#[test]
fn an_attribute_that_can_t_be_given_is_told() {
    let opened = Opened::with(&pattern(5000));
    if !set(&opened.path, ALL) {
        return;
    }
    let opened = reopened(opened);
    let request = opened.splice(Span::empty_at(1), b"longer");
    let disk = FaultyDisk::failing("set_flags", libc::EOPNOTSUPP, usize::MAX);
    let told = save(&disk, request, &Progress::default()).expect("saved").warnings.concat();
    assert!(told.contains("attributes SdA") && told.contains("could not be kept"), "{told}");
    // First refused all together, and then only one of them.
    let opened = Opened::with(&pattern(5000));
    set(&opened.path, ALL);
    let opened = reopened(opened);
    let request = opened.splice(Span::empty_at(1), b"longer");
    let disk = FaultyDisk::failing("set_flags", libc::EOPNOTSUPP, 2);
    let told = save(&disk, request, &Progress::default()).expect("saved").warnings.concat();
    assert!(told.contains("attributes S (") && flags(&opened.path) & ALL == NO_DUMP | NO_TIME, "{told}");
}
