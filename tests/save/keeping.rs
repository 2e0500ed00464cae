//! What belongs to a file besides its bytes is kept, or the save is refused, or the loss is said.
#![cfg(unix)]

use super::faulty::Answers;
use super::rig::{FaultyDisk, Opened, open, pattern, reopened as again};
use pagelens::bytes::{MemorySource, Span};
use pagelens::job::Progress;
use pagelens::save::disk::{Access, FileKind};
use pagelens::save::whole_file::{Durability, write_whole};
use pagelens::save::{
    Disk, FileState, Purpose, RealDisk, SaveError, SaveRequest, SaveWay, Saved, plan, save,
};
use std::ffi::OsStr;
use std::fs::{self, File, FileTimes, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

pub fn run(request: SaveRequest) -> Result<Saved, SaveError> {
    save(&RealDisk, request, &Progress::default())
}

/// One request for each way to write to a file that is there.
pub fn both_ways(opened: &Opened) -> [SaveRequest; 2] {
    [opened.overwrite(&[(1, b"x")]), opened.splice(Span::empty_at(1), b"longer")]
}

pub fn set_attribute(opened: &Opened, name: &str, value: &[u8]) {
    let file = RealDisk.open(&opened.path, Access::Write).expect("opened");
    file.set_attribute(OsStr::new(name), value).unwrap_or_else(|error| panic!("{name}: {error}"));
}

pub fn attribute(opened: &Opened, name: &str) -> Option<Vec<u8>> {
    RealDisk.open(&opened.path, Access::Read).expect("opened").attribute(OsStr::new(name)).ok()
}

/// An access list that gives user 1234 the right to read; the kernel's own layout.
fn access_list() -> Vec<u8> {
    let entries: [(u16, u16, u32); 5] =
        [(1, 6, u32::MAX), (2, 4, 1234), (4, 4, u32::MAX), (0x10, 4, u32::MAX), (0x20, 0, u32::MAX)];
    let mut bytes = 2_u32.to_le_bytes().to_vec();
    for (tag, rights, id) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(rights.to_le_bytes());
        bytes.extend(id.to_le_bytes());
    }
    bytes
}

#[test]
fn permissions_attributes_and_access_lists_are_kept() {
    for way in 0..2 {
        let opened = Opened::with(&pattern(100));
        fs::set_permissions(&opened.path, Permissions::from_mode(0o4751)).expect("set");
        set_attribute(&opened, "user.note", b"keep me");
        set_attribute(&opened, "system.posix_acl_access", &access_list());
        let opened = again(opened);
        let mode = fs::metadata(&opened.path).expect("there").mode();
        let saved = run(both_ways(&opened)[way].clone()).expect("saved");
        assert!(saved.warnings.is_empty(), "{:?}", saved.warnings);
        assert_eq!(fs::metadata(&opened.path).expect("there").mode(), mode, "{:?}", saved.way);
        assert_eq!(attribute(&opened, "user.note").as_deref(), Some(&b"keep me"[..]));
        assert_eq!(attribute(&opened, "system.posix_acl_access"), Some(access_list()));
    }
}

#[test]
fn an_access_list_that_the_folder_gives_to_new_files_is_not_put_on_an_old_one() {
    let opened = Opened::with(&pattern(100));
    let folder = RealDisk.open(opened.folder.path(), Access::Read).expect("opened");
    folder.set_attribute(OsStr::new("system.posix_acl_default"), &access_list()).expect("set");
    let saved = run(opened.splice(Span::empty_at(0), b"longer")).expect("saved");
    assert!(saved.warnings.is_empty(), "{:?}", saved.warnings);
    assert_eq!(attribute(&opened, "system.posix_acl_access"), None);
}

#[test]
fn what_can_t_be_kept_is_said_and_another_s_rights_are_not_lent() {
    let opened = Opened::with(&pattern(100));
    if std::os::unix::fs::chown(&opened.path, Some(12), Some(34)).is_err() {
        eprintln!("SKIPPED: only root may give files away, so losing an owner was not tested");
        return;
    }
    fs::set_permissions(&opened.path, Permissions::from_mode(0o4755)).expect("set");
    let opened = again(opened);
    let request = opened.splice(Span::empty_at(1), b"longer");
    let disk = FaultyDisk::failing("set_owner", libc::EPERM, 2);
    let saved = save(&disk, request, &Progress::default()).expect("saved");
    assert!(saved.warnings.iter().any(|warning| warning.contains("owner")), "{:?}", saved.warnings);
    assert_eq!(fs::metadata(&opened.path).expect("there").mode() & 0o7777, 0o755);
}

#[test]
fn a_symbolic_link_stays_one_and_its_file_is_written() {
    for way in 0..2 {
        let mut opened = Opened::with(&pattern(100));
        let link = opened.folder.path().join("link");
        fs::create_dir(opened.folder.path().join("sub")).expect("made");
        symlink("../data.bin", opened.folder.path().join("sub/inner")).expect("linked");
        symlink("sub/inner", &link).expect("linked");
        let real = std::mem::replace(&mut opened.path, link.clone());
        let request = both_ways(&opened)[way].clone();
        let wanted = super::rig::all(&*request.snapshot);
        let saved = run(request).expect("saved");
        assert_eq!(saved.path(), real.canonicalize().expect("there"));
        assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
        assert_eq!(fs::read(&real).expect("readable"), wanted);
    }
}

#[test]
fn a_link_to_nothing_yet_leads_to_the_new_file() {
    let opened = Opened::with(b"");
    let link = opened.folder.path().join("link");
    symlink("later.bin", &link).expect("linked");
    let saved = run(SaveRequest::save_as(Arc::new(MemorySource::new(*b"new")), &link, false)).expect("saved");
    assert_eq!(saved.way, SaveWay::Fresh);
    assert!(fs::symlink_metadata(&link).expect("there").is_symlink());
    assert_eq!(fs::read(opened.folder.path().join("later.bin")).expect("readable"), b"new");
}

#[test]
fn a_second_name_is_never_cut_off() {
    let opened = Opened::with(&pattern(100));
    let other = opened.folder.path().join("other");
    fs::hard_link(&opened.path, &other).expect("linked");
    let opened = again(opened);
    let [same_length, longer] = both_ways(&opened);
    let error = run(longer).expect_err("refused");
    assert!(matches!(error, SaveError::HardLinked { links: 2, .. }), "{error}");
    run(same_length).expect("saved");
    assert_eq!(fs::read(&other).expect("readable"), opened.bytes());
    assert_eq!(fs::metadata(&other).expect("there").nlink(), 2);
}

#[test]
fn another_program_s_change_is_found_and_may_be_overruled() {
    for way in 0..2 {
        let opened = Opened::with(&pattern(100));
        let request = both_ways(&opened)[way].clone();
        // The same length, and the time put back: only the time of the change of attributes tells.
        let modified = fs::metadata(&opened.path).and_then(|metadata| metadata.modified()).expect("a time");
        let mut other = opened.bytes();
        other[50] = !other[50];
        fs::write(&opened.path, &other).expect("written");
        let file = File::options().write(true).open(&opened.path).expect("opened");
        file.set_times(FileTimes::new().set_modified(modified)).expect("set");
        let error = run(request.clone()).expect_err("changed");
        assert!(matches!(error, SaveError::ChangedOnDisk { .. }), "{error}");
        assert_eq!(error.state(), FileState::Untouched);
        assert_eq!(opened.bytes(), other);
        run(SaveRequest { allow_changed: true, ..request.clone() }).expect("saved");
        assert_eq!(opened.bytes(), super::rig::all(&*request.snapshot));
    }
}

#[test]
fn a_file_that_was_replaced_or_removed_is_found_and_may_be_written_again() {
    for gone in [false, true] {
        for way in 0..2 {
            let opened = Opened::with(&pattern(100));
            let request = both_ways(&opened)[way].clone();
            let wanted = super::rig::all(&*request.snapshot);
            fs::remove_file(&opened.path).expect("removed");
            if !gone {
                fs::write(&opened.path, b"another").expect("written");
            }
            let error = run(request.clone()).expect_err("changed");
            assert!(matches!(error, SaveError::ChangedOnDisk { .. }), "{error}");
            let saved = run(SaveRequest { allow_changed: true, ..request }).expect("saved");
            assert_eq!(saved.way, if gone { SaveWay::Fresh } else { SaveWay::Rewrite });
            assert_eq!(opened.bytes(), wanted);
        }
    }
}

#[test]
fn save_as_asks_before_it_replaces_and_onto_itself_is_a_save() {
    let opened = Opened::with(&pattern(100));
    let there = opened.folder.path().join("there.bin");
    fs::write(&there, b"precious").expect("written");
    let copy = |replace| SaveRequest::save_as(Arc::new(MemorySource::new(*b"copy")), &there, replace);
    assert!(matches!(run(copy(false)), Err(SaveError::Exists { .. })));
    assert_eq!(fs::read(&there).expect("readable"), b"precious");
    assert_eq!(run(copy(true)).expect("saved").way, SaveWay::Rewrite);
    assert_eq!(fs::read(&there).expect("readable"), b"copy");

    let link = opened.folder.path().join("same");
    symlink("data.bin", &link).expect("linked");
    let purpose = pagelens::save::Purpose::SaveAs { replace: false };
    let mut onto_itself = SaveRequest { purpose, ..opened.overwrite(&[(0, b"itself")]) };
    onto_itself.target.location = link.into();
    assert_eq!(
        save(&FaultyDisk::sound(), onto_itself, &Progress::default()).expect("saved").way,
        SaveWay::InPlace
    );
    assert_eq!(&opened.bytes()[..6], b"itself");
}

#[test]
fn another_instance_that_is_saving_is_waited_for() {
    for way in 0..2 {
        let opened = Opened::with(&pattern(100));
        let other = File::open(&opened.path).expect("opened");
        other.lock().expect("locked");
        let request = both_ways(&opened)[way].clone();
        assert!(matches!(run(request.clone()), Err(SaveError::InUse { .. })));
        other.unlock().expect("unlocked");
        run(request).expect("saved");
    }
}

#[test]
fn want_of_room_is_said_before_anything_is_touched() {
    let opened = Opened::with(&pattern(1000));
    let disk = FaultyDisk::answering(Answers { free_room: Some(999), ..Answers::default() });
    let error =
        save(&disk, opened.splice(Span::empty_at(0), b"!"), &Progress::default()).expect_err("no room");
    assert!(matches!(error, SaveError::NoRoom { needed: 1001, free: 999, .. }), "{error}");
    assert!(!disk.calls().contains(&"create_new"));
}

#[test]
fn a_device_takes_overwrites_of_the_same_length_and_nothing_else() {
    let opened = Opened::with(&pattern(4096));
    let answers = Answers { kind: Some(FileKind::BlockDevice), ..Answers::default() };
    let device = || FaultyDisk::answering(answers);
    let refused = |disk: FaultyDisk, request| {
        let error = save(&disk, request, &Progress::default()).expect_err("refused");
        assert!(matches!(error, SaveError::Device { .. }), "{error}");
        assert!(!disk.calls().contains(&"open"));
    };
    let [same_length, longer] = both_ways(&opened);
    refused(device(), longer);
    refused(device(), opened.splice(Span::first(1), b"!"));
    refused(FaultyDisk::answering(Answers { device_in_use: true, ..answers }), same_length.clone());
    let other = SaveRequest::save_as(Arc::new(MemorySource::new(vec![0; 4096])), &opened.path, true);
    refused(device(), other);
    let elsewhere = tempfile::tempdir().expect("a folder");
    // Beside a device there is no disk for a journal.
    let error = save(&device(), same_length.clone(), &Progress::default()).expect_err("refused");
    assert!(matches!(error, SaveError::NoJournal { .. }), "{error}");
    let request = SaveRequest { fallback: Some(elsewhere.path().to_owned()), ..same_length };
    assert_eq!(save(&device(), request, &Progress::default()).expect("saved").way, SaveWay::InPlace);
    assert_eq!(elsewhere.path().read_dir().expect("a folder").count(), 0);
}

#[test]
fn folders_and_pipes_are_no_targets() {
    let opened = Opened::with(b"");
    let to = |path: &std::path::Path| SaveRequest::save_as(Arc::new(MemorySource::new(*b"x")), path, true);
    assert!(matches!(run(to(opened.folder.path())), Err(SaveError::NotAFile { .. })));
    assert!(matches!(run(to("/dev/null".as_ref())), Err(SaveError::NotAFile { .. })));
    let nowhere = opened.folder.path().join("missing/file");
    let error = run(to(&nowhere)).expect_err("no folder");
    assert!(error.to_string().contains("missing/file"), "{error}");
}

/// A copy of a program can be run, and a copy of what is private is private.
#[test]
fn a_copy_has_the_permissions_of_the_file_that_was_opened() {
    for (mode, expected) in [(0o755, 0o755), (0o600, 0o600), (0o444, 0o444), (0o6755, 0o755)] {
        let opened = Opened::with(&pattern(100));
        fs::set_permissions(&opened.path, Permissions::from_mode(mode)).expect("set");
        let opened = again(opened);
        let to = opened.folder.path().join("copy");
        let mut request = SaveRequest {
            purpose: Purpose::SaveAs { replace: false },
            opened_from: Some((&opened.path).into()),
            ..opened.splice(Span::empty_at(1), b"longer")
        };
        request.target.location = (&to).into();
        run(request.clone()).expect("saved");
        // What the mask of whoever runs this takes away, as of a folder.
        let made = opened.folder.path().join("made");
        fs::create_dir(&made).expect("made");
        let mask = fs::metadata(&made).expect("there").mode() & 0o777;
        assert_eq!(fs::metadata(&to).expect("there").mode() & 0o7777, expected & mask, "{mode:o}");
        // Over a file that is there, the copy has that one's.
        fs::set_permissions(&to, Permissions::from_mode(0o640)).expect("set");
        run(SaveRequest { purpose: Purpose::SaveAs { replace: true }, ..request }).expect("saved");
        assert_eq!(fs::metadata(&to).expect("there").mode() & 0o7777, 0o640);
    }
}

#[test]
fn a_plan_changes_nothing_and_says_what_the_save_will_do() {
    let opened = Opened::with(&pattern(1000));
    let [same_length, longer] = both_ways(&opened);
    let in_place = plan(&FaultyDisk::sound(), &same_length).expect("a plan");
    assert_eq!((in_place.way, in_place.bytes_to_write), (SaveWay::InPlace, 1));
    assert!((4096..8192).contains(&in_place.room_needed), "the journal: {}", in_place.room_needed);
    let rewrite = plan(&RealDisk, &longer).expect("a plan");
    assert_eq!((rewrite.way, rewrite.bytes_to_write, rewrite.room_needed), (SaveWay::Rewrite, 1006, 1006));
    assert_eq!(Some(open(&opened.path).identity()), opened.identity.as_file());
    assert_eq!(opened.names(), ["data.bin"]);
}

#[test]
fn very_many_places_are_rewritten_unless_that_would_lose_something() {
    let opened = Opened::with(&pattern(8 << 20));
    let spans: Vec<_> = (0..12_000).filter_map(|n| Span::at(n * 600, 1)).collect();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let request = SaveRequest { fallback: Some(elsewhere.path().to_owned()), ..opened.overwrite(&[]) };
    let request = request.with_overwrites(opened.generation.clone(), Some(spans));
    let way = |answers| plan(&FaultyDisk::answering(answers), &request).expect("a plan").way;
    assert_eq!(way(Answers::default()), SaveWay::Rewrite);
    assert_eq!(way(Answers { user: Some(4321), ..Answers::default() }), SaveWay::InPlace);
    assert_eq!(way(Answers { folder_is_read_only: true, ..Answers::default() }), SaveWay::InPlace);
    assert_eq!(way(Answers { free_room: Some(1 << 20), ..Answers::default() }), SaveWay::InPlace);
    fs::hard_link(&opened.path, opened.folder.path().join("other")).expect("linked");
    let opened = again(opened);
    let mut request = request.clone();
    request.target.version = Some(opened.identity.clone());
    assert_eq!(plan(&RealDisk, &request).expect("a plan").way, SaveWay::InPlace);
}

#[test]
fn a_rewrite_of_another_user_s_file_says_that_the_owner_changes() {
    let opened = Opened::with(&pattern(100));
    let disk = FaultyDisk::answering(Answers { user: Some(4321), ..Answers::default() });
    let [same_length, longer] = both_ways(&opened);
    let warns = |request| plan(&disk, &request).expect("a plan").warns.concat();
    assert!(warns(longer).contains("belongs to another user"));
    assert!(!warns(same_length).contains("belongs to another user"));
}

#[test]
fn a_folder_that_may_not_be_written_still_lets_its_files_be_overwritten() {
    let opened = Opened::with(&pattern(100));
    let disk = FaultyDisk::answering(Answers { folder_is_read_only: true, ..Answers::default() });
    let [same_length, longer] = both_ways(&opened);
    let error = save(&disk, longer, &Progress::default()).expect_err("refused");
    assert!(matches!(error, SaveError::FolderNotWritable { .. }), "{error}");
    let error = save(&disk, same_length.clone(), &Progress::default()).expect_err("refused");
    assert!(matches!(error, SaveError::NoJournal { .. }), "{error}");
    let elsewhere = tempfile::tempdir().expect("a folder");
    // A folder that is not there yet, as on the first day.
    let fallback = elsewhere.path().join("state/journals");
    let backup = true;
    let request = SaveRequest { fallback: Some(fallback.clone()), backup, ..same_length };
    let planned = plan(&disk, &request).expect("a plan");
    assert!(planned.warns.concat().contains("No backup") && planned.keeps.len() == 2, "{planned:?}");
    save(&disk, request, &Progress::default()).expect("saved");
    assert_eq!((fallback.read_dir().expect("a folder").count(), opened.names().len()), (0, 1));
}

/// A process whose files may have so many blocks of 512 bytes saves beyond that; the test runs itself again as that.
#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_not_the_end() {
    let program = std::env::current_exe().expect("a path");
    let script = "ulimit -f 64; exec \"$0\" --exact save::keeping::beyond_the_size_limit --ignored";
    let output = Command::new("sh").arg("-c").arg(script).arg(program).output().expect("run");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
#[ignore = "run by the test above, with a limit"]
fn beyond_the_size_limit() {
    pagelens::save::disk::adjust_limits();
    let opened = Opened::with(&pattern(20_000));
    let appended = vec![7; 60_000];
    let requests = [
        opened.splice(Span::empty_at(5), &appended),
        opened
            .splice(Span::empty_at(20_000), &appended)
            .with_overwrites(opened.generation.clone(), Some(vec![Span::between(20_000, 80_000)])),
    ];
    for request in requests {
        let error = run(request).expect_err("too large");
        assert!(matches!(error.state(), FileState::Untouched | FileState::RolledBack), "{error}");
        assert_eq!((opened.bytes(), opened.names()), (pattern(20_000), vec!["data.bin".to_owned()]));
    }
}

const FOLDER: &str = "PAGELENS_TEST_FOLDER";

/// Root may do everything, so the test runs itself again as a user who may not.
#[test]
fn the_system_s_own_permissions_are_respected() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).expect("made");
    fs::write(inside.join("data.bin"), pattern(100)).expect("written");
    fs::write(inside.join("read-only.bin"), pattern(100)).expect("written");
    let permit =
        |path: &std::path::Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
    permit(&inside.join("data.bin"), 0o666);
    permit(&inside.join("read-only.bin"), 0o444);
    permit(folder.path(), 0o755);
    permit(&inside, 0o555);
    let mut command = Command::new(std::env::current_exe().expect("a path"));
    command.args(["--exact", "save::keeping::as_a_user_without_rights", "--ignored"]).env(FOLDER, &inside);
    let output = command.uid(65534).gid(65534).output();
    // A plain user could not remove the folder otherwise.
    permit(&inside, 0o755);
    let output = match output {
        Ok(output) => output,
        Err(error) => {
            eprintln!("SKIPPED: no other user can run the test ({error}), so permissions were not tested");
            return;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
#[ignore = "run by the test above, as another user"]
fn as_a_user_without_rights() {
    let folder = std::env::var_os(FOLDER).expect("run by the test above");
    // The folder of the test is another; this one is only made because the rig wants one.
    let own = || tempfile::tempdir().expect("a folder");
    let opened = Opened::at(own(), std::path::Path::new(&folder).join("data.bin"));
    let [same_length, longer] = both_ways(&opened);
    let error = run(longer).expect_err("refused");
    assert!(matches!(error, SaveError::FolderNotWritable { .. }), "{error}");
    let elsewhere = own();
    let request = SaveRequest { fallback: Some(elsewhere.path().to_owned()), ..same_length };
    assert_eq!(run(request).expect("saved").way, SaveWay::InPlace);
    let opened = Opened::at(own(), std::path::Path::new(&folder).join("read-only.bin"));
    for request in both_ways(&opened) {
        let error = run(request).expect_err("refused");
        assert!(matches!(error, SaveError::NotWritable { .. }), "{error}");
    }
    // A folder that can be written to but not read can't be opened to be synced; the file is there all the same.
    let dark = own();
    fs::set_permissions(dark.path(), Permissions::from_mode(0o300)).expect("set");
    assert!(fs::read_dir(dark.path()).is_err());
    let path = dark.path().join("export");
    write_whole::<std::io::Error>(&path, false, Durability::Synced, |out| out.write_all(b"new"))
        .expect("written");
    fs::set_permissions(dark.path(), Permissions::from_mode(0o700)).expect("set");
    assert_eq!(fs::read(&path).expect("there"), b"new");
}
