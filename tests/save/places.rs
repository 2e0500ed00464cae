//! Places where a file can't be replaced, or where files can't be removed: files are saved in place, with the journal
//! in a folder where it can be removed, or the save is refused at once with the reason.

use super::faulty::Answers;
use super::keeping::{both_ways, run};
use super::rig::{FaultyDisk, Opened, all, pattern, reopened};
use pagelens::bytes::Span;
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::{Disk, RealDisk, SaveError, SaveRequest, SaveWay, plan, save};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Enough edits that a rewrite is quicker.
fn many_edits(opened: &Opened) -> SaveRequest {
    let places: Vec<u64> = (0..12_000).map(|n| n * 600).collect();
    let mut bytes = opened.bytes();
    places.iter().for_each(|at| bytes[*at as usize] ^= 0xff);
    let whole = opened.overwrite(&[(0, &bytes)]);
    let spans = places.into_iter().filter_map(|at| Span::at(at, 1)).collect();
    whole.with_overwrites(opened.generation.clone(), Some(spans))
}

fn large() -> Opened {
    Opened::with(&pattern(7_200_000))
}

#[test]
fn a_file_whose_name_is_busy_is_saved_in_place() {
    for error in [libc::EBUSY, libc::EXDEV, libc::EPERM] {
        let opened = large();
        let request = many_edits(&opened);
        assert_eq!(plan(&RealDisk, &request).expect("a plan").way, SaveWay::Rewrite);
        let disk = FaultyDisk::failing("exchange", error, usize::MAX);
        let saved = save(&disk, request.clone(), &Progress::default()).expect("saved");
        assert_eq!((saved.way, saved.warnings), (SaveWay::InPlace, vec![]), "{error}");
        assert!(opened.bytes() == all(&*request.snapshot));
        assert_eq!(opened.names(), ["data.bin"]);
        // An edit that moves bytes can't be saved in place. It is refused, and nothing is left behind.
        let opened = reopened(opened);
        let before = opened.bytes();
        let disk = FaultyDisk::failing("exchange", error, usize::MAX);
        let request = opened.splice(Span::empty_at(1), b"longer");
        save(&disk, request, &Progress::default()).expect_err("refused");
        assert!(opened.bytes() == before);
        assert_eq!(opened.names(), ["data.bin"]);
    }
}

/// A file mounted on itself, as containers mount single files.
struct Mounted<'a>(&'a Path);

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

#[test]
fn a_file_that_is_a_mount_is_saved_in_place() {
    let opened = large();
    let mounted = Command::new("mount").arg("--bind").args([&opened.path, &opened.path]).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("SKIPPED: only root may mount, so a file that is mounted was not tested");
        return;
    }
    let path = opened.path.clone();
    let mount = Mounted(&path);
    let opened = reopened(opened);
    let request = many_edits(&opened);
    let new = all(&*request.snapshot);
    let saved = run(request).expect("saved");
    assert_eq!((saved.way, saved.warnings), (SaveWay::InPlace, vec![]));
    assert!(opened.bytes() == new && opened.names() == ["data.bin"], "{:?}", opened.names());
    // An open handle would keep the file from being unmounted.
    let Opened { folder, generation, .. } = opened;
    drop(generation);
    drop(mount);
    assert!(fs::read(&path).expect("there") == new);
    folder.close().expect("nothing is mounted in it");
}

/// A folder where files can only be added, until it is dropped.
struct OnlyGrows(PathBuf, u32);

impl OnlyGrows {
    /// Of `chattr +a`.
    const MARK: u32 = 0x20;

    fn set(folder: &Path) -> std::io::Result<Self> {
        let file = RealDisk.open(folder, Access::Read)?;
        let flags = file.flags()?;
        file.set_flags(flags | Self::MARK)?;
        Ok(Self(folder.to_owned(), flags))
    }
}

impl Drop for OnlyGrows {
    fn drop(&mut self) {
        let reset = RealDisk.open(&self.0, Access::Read).and_then(|file| file.set_flags(self.1));
        assert!(reset.is_ok() || std::thread::panicking(), "the folder can't be removed: {reset:?}");
    }
}

#[test]
fn a_folder_to_which_files_can_only_be_added_lets_its_files_be_saved_again_and_again() {
    let opened = large();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let Ok(folder) = OnlyGrows::set(opened.folder.path()) else {
        println!(
            "SKIPPED: only root may mark a folder, and only on some disks, so one that only grows was not tested"
        );
        return;
    };
    let mut opened = opened;
    for n in 0..3 {
        let [few, longer] = both_ways(&opened);
        let request = if n == 1 { many_edits(&opened) } else { few };
        let request = SaveRequest { fallback: Some(elsewhere.path().to_owned()), ..request };
        let saved = run(request.clone()).expect("saved");
        assert_eq!((saved.way, saved.warnings), (SaveWay::InPlace, vec![]), "save {n}");
        assert!(opened.bytes() == all(&*request.snapshot));
        assert_eq!(opened.names(), ["data.bin"], "save {n}");
        assert_eq!(elsewhere.path().read_dir().expect("a folder").count(), 0);
        opened = reopened(opened);
        drop(longer);
    }
    let [few, longer] = both_ways(&opened);
    let before = opened.bytes();
    let error = run(longer).expect_err("refused");
    assert!(matches!(error, SaveError::FolderNotWritable { .. }), "{error}");
    let error = run(few).expect_err("there is no folder for the journal");
    assert!(matches!(error, SaveError::NoJournal { .. }), "{error}");
    assert!(opened.bytes() == before && opened.names() == ["data.bin"], "{:?}", opened.names());
    drop(folder);
}

#[test]
fn where_files_can_only_be_added_nothing_is_made_that_would_stay() {
    let opened = large();
    let disk = FaultyDisk::answering(Answers { folder_only_grows: true, ..Answers::default() });
    let elsewhere = tempfile::tempdir().expect("a folder");
    let fallback = Some(elsewhere.path().to_owned());
    let request = SaveRequest { fallback, ..many_edits(&opened) };
    assert_eq!(plan(&disk, &request).expect("a plan").way, SaveWay::InPlace);
    let [few, longer] = both_ways(&opened);
    let error = plan(&disk, &few).expect_err("no place for the journal");
    assert!(matches!(error, SaveError::NoJournal { .. }), "{error}");
    let error = plan(&disk, &longer).expect_err("no place for a new file");
    assert!(matches!(error, SaveError::FolderNotWritable { .. }), "{error}");
}

/// The warning about a journal that stays says correctly what the next save does.
#[test]
fn a_journal_that_can_t_be_removed_is_told_and_the_next_save_tries_again() {
    let opened = Opened::with(&pattern(5000));
    let stuck = || FaultyDisk::failing("remove", libc::EPERM, usize::MAX);
    let saved = save(&stuck(), opened.overwrite(&[(1, b"x")]), &Progress::default()).expect("saved");
    let told = saved.warnings.concat();
    assert!(told.contains("The next save tries to remove it, and is refused if that fails"), "{told}");
    let opened = reopened(opened);
    let before = opened.bytes();
    let error = save(&stuck(), opened.overwrite(&[(2, b"y")]), &Progress::default()).expect_err("refused");
    assert!(error.to_string().contains("removing the journal"), "{error}");
    assert!(opened.bytes() == before);
    run(opened.overwrite(&[(2, b"y")])).expect("saved");
    assert_eq!(opened.names(), ["data.bin"]);
}

#[test]
fn a_link_in_the_journal_s_place_is_refused_wherever_it_leads() {
    for leads_to in ["nothing", "data.bin"] {
        let opened = Opened::with(&pattern(5000));
        let journal = opened.folder.path().join(".data.bin.pagelens-journal");
        symlink(leads_to, &journal).expect("linked");
        for request in both_ways(&opened) {
            let error = run(request).expect_err("refused");
            assert!(matches!(error, SaveError::StrangeJournal { .. }), "{leads_to}: {error}");
            assert!(error.to_string().contains("not a regular file"), "{error}");
        }
        assert!(fs::symlink_metadata(&journal).expect("there").is_symlink());
        assert_eq!(opened.bytes(), pattern(5000));
    }
}

/// Behind a link, the folder that is missing is not the link's own.
#[test]
fn the_folder_that_is_missing_is_named_also_behind_links() {
    let opened = Opened::with(&pattern(5000));
    let folder = opened.folder.path().canonicalize().expect("there");
    for (leads_to, what) in [("gone", "does not exist"), ("data.bin", "is not a folder")] {
        let (first, second) = (folder.join("first"), folder.join("second"));
        symlink(&second, &first).expect("linked");
        symlink(folder.join(leads_to).join("f"), &second).expect("linked");
        let request = SaveRequest::save_as(opened.generation.clone(), &first, false);
        let error = run(request).expect_err("refused");
        let said = format!(
            "{} was not saved: the folder {} {what}.",
            first.display(),
            folder.join(leads_to).display()
        );
        assert!(error.to_string().starts_with(&said), "{error}");
        fs::remove_file(&first).expect("there");
        fs::remove_file(&second).expect("there");
    }
    let request = SaveRequest::save_as(opened.generation.clone(), opened.path.join("f"), false);
    let error = run(request).expect_err("refused").to_string();
    assert!(error.contains("data.bin is not a folder"), "{error}");
}
