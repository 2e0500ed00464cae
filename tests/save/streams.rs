//! Long rewrites: their bytes go to the disk past the system's cache where that can be, several pieces at a time, and are
//! read back; what was edited over is compared meanwhile.

use super::faulty::{Fault, FaultyDisk};
use super::rig::{Opened, pattern};
#[cfg(target_os = "linux")]
use crate::bytes::stores::DirtyMap;
use pagelens::bytes::{ReadError, SharedSource, Source, Span};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::edited_over::EditedOverRecord;
use pagelens::save::{Disk, ReadBack, RealDisk, SaveError, SaveRequest, SaveWay, Saved, save};
use std::path::{Path, PathBuf};
use std::sync::Arc;
#[cfg(target_os = "linux")]
use std::sync::Mutex;

/// Long enough to go past the cache, and not a multiple of its pages.
const LONG: usize = (65 << 20) + 1234;

/// Long enough to be compared meanwhile.
const MIDDLE: usize = (9 << 20) + 77;

const PAST: &str = "write past the cache";

/// Bytes of the old file that are compared at once.
#[cfg(target_os = "linux")]
const COMPARED: usize = 256 << 10;

/// A byte in front of a file, so that all of it is written anew and read back.
fn in_front(opened: &Opened) -> SaveRequest {
    SaveRequest { reads_back: true, ..opened.splice(Span::empty_at(0), b"!") }
}

fn run(disk: &FaultyDisk, request: SaveRequest) -> Result<Saved, SaveError> {
    save(disk, request, &Progress::default())
}

/// Whether the system writes past its cache here; says so where it does not.
fn passes_cache() -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, b"x").expect("written");
    let can = RealDisk.open(&path, Access::Write).is_ok_and(|file| file.past_cache().is_ok());
    if !can {
        println!("NOT TESTED: writes past the cache, which there are none of in the temporary folder");
    }
    can
}

fn with_byte(old: &[u8]) -> Vec<u8> {
    [b"!", old].concat()
}

#[test]
fn a_long_file_goes_past_the_cache_and_has_every_byte() {
    let old = pattern(LONG);
    let opened = Opened::with(&old);
    let disk = FaultyDisk::sound();
    let saved = run(&disk, in_front(&opened)).expect("saved");
    assert_eq!(saved.way, SaveWay::Rewrite);
    assert!(opened.bytes() == with_byte(&old));
    let count = |name| disk.calls().iter().filter(|call| **call == name).count();
    if passes_cache() {
        assert_eq!((count(PAST), count("read past the cache")), (33, 33));
        assert_eq!(saved.read_back, ReadBack::Pages { of_each: 2 << 20 });
        // The last bytes do not fill a page.
        assert_eq!(count("write_at"), 1);
    } else {
        assert_eq!((count(PAST), saved.read_back), (0, ReadBack::All));
    }
}

#[test]
fn a_write_past_the_cache_that_fails_ends_the_save_with_the_old_file() {
    if !passes_cache() {
        return;
    }
    let old = pattern(LONG);
    let opened = Opened::with(&old);
    for (at, error) in [(0, libc::EIO), (5, libc::ENOSPC), (32, libc::EIO)] {
        let disk = FaultyDisk::failing_later(PAST, error, at, 1);
        let refused = run(&disk, in_front(&opened)).expect_err("a write fails");
        assert!(refused.to_string().contains("writing failed"), "{refused}");
        assert!(opened.bytes() == old, "at {at}");
        assert_eq!(opened.names(), ["data.bin"]);
    }
}

#[test]
fn what_does_not_go_past_the_cache_after_all_goes_through_it() {
    let old = pattern(LONG);
    for (name, fault, times) in [
        (PAST, Fault::Error(libc::EINVAL), usize::MAX),
        (PAST, Fault::Error(libc::EINVAL), 3),
        (PAST, Fault::Error(libc::EINTR), 3),
        (PAST, Fault::Short, usize::MAX),
        ("past_cache", Fault::Error(libc::EIO), usize::MAX),
    ] {
        let opened = Opened::with(&old);
        let what = format!("{name}: {fault:?}, {times} times");
        let disk = FaultyDisk::failing_as(name, fault, times);
        let saved = run(&disk, in_front(&opened)).expect("saved");
        assert!(opened.bytes() == with_byte(&old), "{what}");
        assert_ne!(saved.read_back, ReadBack::Nothing, "{what}");
    }
}

#[test]
fn a_long_save_that_is_cancelled_leaves_the_old_file() {
    let old = pattern(LONG);
    let opened = Opened::with(&old);
    for name in [PAST, "write_at", "sync"] {
        let progress = Arc::new(Progress::default());
        let disk = FaultyDisk::failing_as(name, Fault::Cancel(Arc::clone(&progress)), 1);
        let answer = save(&disk, in_front(&opened), &progress);
        if disk.reached() {
            assert!(answer.expect_err("cancelled").is_cancelled(), "{name}");
            assert!(opened.bytes() == old, "{name}");
            assert_eq!(opened.names(), ["data.bin"]);
        }
    }
}

/// The temporary file beside a file.
fn temporary(path: &Path) -> PathBuf {
    let entries = path.parent().expect("a folder").read_dir().expect("read");
    let mut paths = entries.map(|entry| entry.expect("an entry").path());
    paths.find(|path| path.to_string_lossy().ends_with(".tmp")).expect("a temporary file")
}

#[test]
fn bytes_that_are_not_on_the_disk_as_they_were_written_are_found() {
    let long = if passes_cache() { Some((LONG, "read past the cache")) } else { None };
    for (len, name) in [Some((MIDDLE, "read_at")), Some((5000, "read_at")), long].into_iter().flatten() {
        let old = pattern(len);
        let opened = Opened::with(&old);
        let path = opened.path.clone();
        // As a disk that answers with other bytes.
        let disk = FaultyDisk::interfering(name, 0, move || {
            let temp = temporary(&path);
            let other: Vec<u8> = std::fs::read(&temp).expect("read").iter().map(|byte| !byte).collect();
            std::fs::write(&temp, other).expect("written");
        });
        let refused = run(&disk, in_front(&opened)).expect_err("other bytes are there");
        assert!(refused.to_string().contains("differ from what was written"), "{refused}");
        assert!(opened.bytes() == old);
        assert_eq!(opened.names(), ["data.bin"]);
    }
}

/// Fails from some place on.
#[derive(Debug)]
struct Broken(SharedSource, u64);

impl Source for Broken {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = Span::between(offset, offset + buf.len() as u64);
        if span.end() > self.1 {
            return Err(ReadError::other(span, "broken"));
        }
        self.0.read_at(offset, buf)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [pagelens::bytes::Availability]) {
        self.0.peek(offset, buf, states);
    }
}

#[test]
fn bytes_that_can_not_be_had_end_a_long_save() {
    let old = pattern(LONG);
    let opened = Opened::with(&old);
    let whole = in_front(&opened);
    let request = SaveRequest { snapshot: Arc::new(Broken(whole.snapshot.clone(), 40 << 20)), ..whole };
    let refused = run(&FaultyDisk::sound(), request).expect_err("a read fails");
    assert!(refused.to_string().contains("broken"), "{refused}");
    assert!(opened.bytes() == old);
    assert_eq!(opened.names(), ["data.bin"]);
}

/// Other bytes in the place of all, and a record of what they take the place of.
fn edited(opened: &Opened) -> SaveRequest {
    let mut document = Document::new(opened.generation.clone() as SharedSource);
    let content = Content::Repeat { pattern: b"new".to_vec(), len: opened.generation.len() };
    document.apply(Edit::one("Edit", Span::first(opened.generation.len()), content)).expect("inside");
    let snapshot = document.begin_save().snapshot;
    let record = EditedOverRecord::default();
    record.update(&snapshot, &|span, buf| opened.generation.read_at(span.start(), buf), &Progress::default());
    let request = SaveRequest::save(Arc::new(snapshot.clone()), &opened.path, opened.identity.clone());
    SaveRequest {
        overwrites: Some(snapshot.overwrites()),
        generation: Some(opened.generation.clone()),
        edited_over: Some(Arc::new(record.checker())),
        ..request
    }
}

/// A file in a file system that changes no time when a map is stored into; `None` where there is none.
#[cfg(target_os = "linux")]
fn in_memory(bytes: &[u8]) -> Option<Opened> {
    let folder = tempfile::tempdir_in("/dev/shm").ok()?;
    let path = folder.path().join("data.bin");
    std::fs::write(&path, bytes).expect("written");
    Some(Opened::at(folder, path))
}

/// How often the old file is read of which this is a save.
fn reads(disk: &FaultyDisk) -> usize {
    disk.calls().iter().filter(|call| **call == "read_at").count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_that_nobody_can_store_into_is_compared_once() {
    let old = pattern(MIDDLE);
    let Some(opened) = in_memory(&old) else { return println!("NOT TESTED: there is no /dev/shm") };
    let disk = FaultyDisk::sound();
    run(&disk, edited(&opened)).expect("saved");
    assert!(opened.bytes() == b"new".repeat(MIDDLE)[..MIDDLE]);
    let file = RealDisk.open(&opened.path, Access::Read).expect("there");
    if file.watch_writes().is_err() {
        return println!("NOT TESTED: the system does not tell who writes");
    }
    assert_eq!(reads(&disk), MIDDLE.div_ceil(COMPARED));
}

/// The moment of a store, and whether its map is still there at the end.
#[cfg(target_os = "linux")]
const STORES: [(&str, usize, bool); 4] =
    [("write_at", 3, false), ("sync", 0, false), ("sync", 0, true), ("set_mode", 0, false)];

#[test]
#[cfg(target_os = "linux")]
fn a_store_while_the_new_file_is_made_is_found_whether_or_not_its_map_is_still_there() {
    let old = pattern(MIDDLE);
    for (name, number, stays) in STORES {
        for at in [0, MIDDLE / 2, MIDDLE - 1] {
            let Some(opened) = in_memory(&old) else { return println!("NOT TESTED: there is no /dev/shm") };
            let (path, kept) = (opened.path.clone(), Arc::new(Mutex::new(None)));
            let held = Arc::clone(&kept);
            let disk = FaultyDisk::interfering(name, number, move || {
                let mut map = DirtyMap::of(&path);
                map.store(at, !pattern(at + 1)[at]);
                *held.lock().expect("no panic holds it") = stays.then_some(map);
            });
            let refused = run(&disk, edited(&opened)).expect_err("a byte has changed");
            let text = refused.to_string();
            assert!(text.contains("is no longer the one that you edited"), "{name}, {at}: {text}");
            let mut stored = old.clone();
            stored[at] = !stored[at];
            assert!(opened.bytes() == stored, "{name}, {at}");
            assert_eq!(opened.names(), ["data.bin"]);
            drop(kept);
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_store_into_a_map_that_is_there_all_along_is_found() {
    let old = pattern(MIDDLE);
    for name in ["write_at", "sync"] {
        let Some(opened) = in_memory(&old) else { return println!("NOT TESTED: there is no /dev/shm") };
        let map = Arc::new(Mutex::new(DirtyMap::of(&opened.path)));
        let opened = super::rig::reopened(opened);
        let held = Arc::clone(&map);
        let disk = FaultyDisk::interfering(name, 0, move || {
            held.lock().expect("no panic holds it").store(5, !pattern(6)[5]);
        });
        let refused = run(&disk, edited(&opened)).expect_err("a byte has changed").to_string();
        assert!(
            refused.contains("the byte at 0x0 is no longer") || refused.contains("the byte at 0x5"),
            "{refused}"
        );
        assert_eq!(opened.bytes()[5], !old[5]);
    }
}
