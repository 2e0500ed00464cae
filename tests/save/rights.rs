//! Rights that a file has as a program: kept where nobody else could have chosen its bytes, else left out and said.
#![cfg(unix)]

use super::keeping::{attribute, both_ways, run, set_attribute};
use super::rig::{Fault, FaultyDisk, Opened, pattern, reopened as again};
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::{Disk, RealDisk, SaveRequest, SaveWay, save};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;
use std::sync::Arc;

#[test]
fn owner_and_capabilities_are_kept() {
    let opened = Opened::with(&pattern(100));
    if std::os::unix::fs::chown(&opened.path, Some(12), Some(34)).is_err() {
        eprintln!("SKIPPED: only root may give files away, so keeping an owner was not tested");
        return;
    }
    let mut opened = again(opened);
    for way in 0..2 {
        fs::set_permissions(&opened.path, Permissions::from_mode(0o2755)).expect("set");
        set_attribute(&opened, "security.capability", &CAPABILITY);
        opened = again(opened);
        let saved = run(both_ways(&opened)[way].clone()).expect("saved");
        let now = fs::metadata(&opened.path).expect("there");
        assert_eq!((now.uid(), now.gid()), (12, 34), "{:?}", saved.way);
        let rights = (now.mode() & 0o7777, attribute(&opened, "security.capability"));
        match saved.way {
            SaveWay::InPlace => {
                assert_eq!((rights, saved.warnings), ((0o2755, Some(CAPABILITY.to_vec())), vec![]));
            }
            // The owner could write to the new file before it has rights that the owner can't give.
            _ => {
                assert_eq!(rights, (0o755, None));
                assert!(saved.warnings.concat().contains("does not have the old one's"), "{saved:?}");
            }
        }
        opened = again(opened);
    }
}

/// The right to bind low ports, in the kernel's own layout.
const CAPABILITY: [u8; 20] = [1, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

/// A backup made by root of another user's file, who could write to it before it has the file's rights.
#[test]
fn a_backup_of_another_user_s_file_has_no_rights() {
    for user in [0, 12] {
        let opened = Opened::with(&pattern(100));
        if std::os::unix::fs::chown(&opened.path, Some(user), Some(34)).is_err() {
            eprintln!("SKIPPED: only root may give files away, so another user's backup was not tested");
            return;
        }
        fs::set_permissions(&opened.path, Permissions::from_mode(0o2755)).expect("set");
        set_attribute(&opened, "security.capability", &CAPABILITY);
        let opened = again(opened);
        let request = SaveRequest { backup: true, ..opened.overwrite(&[(1, b"x")]) };
        let disk = FaultyDisk::sound();
        let saved = save(&disk, request, &Progress::default()).expect("saved");
        assert_eq!(saved.way, SaveWay::InPlace);
        let backup = opened.path.with_extension("bin.bak");
        let file = RealDisk.open(&backup, Access::Read).expect("opened");
        let rights = (
            fs::metadata(&backup).expect("there").mode() & 0o7777,
            file.attribute(OsStr::new("security.capability")).ok(),
        );
        match user {
            0 => assert_eq!((rights, saved.warnings), ((0o2755, Some(CAPABILITY.to_vec())), vec![])),
            _ => {
                assert_eq!(rights, (0o755, None));
                assert!(saved.warnings.concat().contains("The backup"), "{saved:?}");
            }
        }
    }
}

/// Root saves the program of a user, who writes to it meanwhile, beside what is saved: those bytes get no rights of root.
#[test]
fn rights_are_not_given_back_to_what_another_program_has_written() {
    let start = || {
        let opened = Opened::with(&pattern(5000));
        std::os::unix::fs::chown(&opened.path, Some(12), Some(34)).ok()?;
        set_attribute(&opened, "security.capability", &CAPABILITY);
        Some(again(opened))
    };
    let Some(sound) = start() else {
        eprintln!("SKIPPED: only root may give files away, so lending rights was not tested");
        return;
    };
    if RealDisk.open(&sound.path, Access::Write).expect("opened").watch_writes().is_err() {
        println!("SKIPPED: this system does not tell who writes to a file");
        return;
    }
    let disk = FaultyDisk::sound();
    save(&disk, sound.overwrite(&[(10, b"edited")]), &Progress::default()).expect("saved");
    let first = disk.calls().iter().position(|call| *call == "write_at").expect("it writes");
    let (mut ends, mut told) = ([0, 0], 0);
    for at in first..disk.calls().len() {
        let opened = start().expect("as before");
        let path = opened.path.clone();
        let disk = FaultyDisk::new(
            Fault::Interfere(Arc::new(move || {
                let script = "printf hostile | dd of=\"$0\" bs=1 seek=4000 conv=notrunc status=none";
                let done = Command::new("sh").arg("-c").arg(script).arg(&path).status();
                assert!(done.is_ok_and(|status| status.success()));
            })),
            at,
            1,
        );
        let saved = save(&disk, opened.overwrite(&[(10, b"edited")]), &Progress::default());
        assert_eq!(&opened.bytes()[4000..4007], b"hostile");
        assert_eq!(attribute(&opened, "security.capability"), None, "before call {at}: {saved:?}");
        ends[usize::from(saved.is_ok())] += 1;
        told += usize::from(saved.is_err_and(|error| error.to_string().contains("were not restored")));
    }
    assert!(ends.iter().all(|count| *count > 0) && told > 0, "{ends:?} {told}");
}
