//! Changes that others make to a watched file: each noticed, each told once.

use super::{bytes_at, file_with, wait_until};
use pagelens::bytes::FileIdentity;
use pagelens::bytes::file::FileSource;
use pagelens::bytes::watch::{FileChange, Stat, WatchId, Watcher};
use pagelens::job::{Waker, no_waker};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

struct Watched {
    watcher: Watcher,
    wakes: Arc<AtomicUsize>,
    folder: tempfile::TempDir,
    path: PathBuf,
    source: Arc<FileSource>,
    id: WatchId,
}

fn watched() -> Watched {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &bytes_at(0, 1000));
    let wakes = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&wakes);
    let waker: Waker = Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    });
    let watcher = Watcher::new(waker).expect("a thread");
    let source = Arc::new(FileSource::open(&path).expect("open"));
    let id = watcher.watch(&path, source.identity(), Some(&source));
    Watched { watcher, wakes, folder, path, source, id }
}

impl Watched {
    /// What is told of all that was done so far: both files are looked at in turn, and a name that is gone is told
    /// after the second look.
    fn told(&self) -> Vec<FileChange> {
        let marker = file_with(self.folder.path(), "marker", b"a");
        let marker_id = self.watcher.watch(&marker, &FileIdentity::at(&marker).expect("stat"), None);
        let mut told = Vec::new();
        wait_until("the files have been looked at", || {
            self.watcher.look_now();
            told.extend(self.watcher.changes().into_iter().filter(|(id, _)| *id == self.id));
            self.watcher.looks(marker_id) >= 10
        });
        self.watcher.unwatch(marker_id);
        told.into_iter().map(|(_, change)| change).collect()
    }

    fn writer(&self) -> File {
        File::options().write(true).open(&self.path).expect("open to write")
    }

    fn replace(&self) {
        let other = file_with(self.folder.path(), "g", &bytes_at(7, 1000));
        std::fs::rename(other, &self.path).expect("replaced");
    }
}

#[test]
fn nothing_is_told_of_a_file_that_is_left_alone_or_read() {
    let watched = watched();
    std::fs::read(&watched.path).expect("read");
    assert_eq!(watched.told(), []);
    assert_eq!(watched.wakes.load(Ordering::SeqCst), 0);
}

#[test]
fn changes_of_the_bytes_are_told_with_the_new_length() {
    use std::os::unix::fs::FileExt;
    let watched = watched();
    watched.writer().set_len(100).expect("cut short");
    assert_eq!(watched.told(), [FileChange::CutShort { len: 100 }]);
    watched.writer().set_len(5000).expect("grown");
    assert_eq!(watched.told(), [FileChange::Grown { len: 5000 }]);
    watched.writer().write_all_at(b"x", 50).expect("written");
    assert_eq!(watched.told(), [FileChange::Modified]);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&watched.path, mode).expect("chmod");
    assert_eq!(watched.told(), [FileChange::Attributes]);
}

#[test]
fn a_file_that_is_replaced_or_deleted_is_told_once_and_when_it_is_back() {
    let watched = watched();
    let aside = watched.folder.path().join("aside");
    std::fs::rename(&watched.path, &aside).expect("renamed");
    assert_eq!(watched.told(), [FileChange::Deleted]);
    std::fs::rename(&aside, &watched.path).expect("renamed back");
    assert_eq!(watched.told(), [FileChange::Restored]);
    watched.replace();
    assert_eq!(watched.told(), [FileChange::Replaced]);
    watched.writer().set_len(1).expect("the other file cut short");
    assert_eq!(watched.told(), [], "the other file is not what is open");
    watched.replace();
    assert_eq!(watched.told(), [FileChange::Replaced]);
    std::fs::remove_file(&watched.path).expect("removed");
    assert_eq!(watched.told(), [FileChange::Deleted]);
}

#[test]
fn a_change_of_the_open_file_is_told_when_its_path_is_gone() {
    let watched = watched();
    let second_name = watched.folder.path().join("second");
    std::fs::hard_link(&watched.path, &second_name).expect("a link");
    std::fs::remove_file(&watched.path).expect("removed");
    let told = watched.told();
    assert_eq!(told.last(), Some(&FileChange::Deleted), "{told:?}");
    File::options().write(true).open(&second_name).and_then(|file| file.set_len(10)).expect("cut short");
    assert_eq!(watched.told(), [FileChange::CutShort { len: 10 }]);
}

#[test]
fn a_device_that_never_answers_holds_up_no_other() {
    let (dead, alive) = (Path::new("/dead/file"), Path::new("/alive/file"));
    let (opened, gate) = std::sync::mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let stat: Stat = Arc::new(move |path, known| {
        if path.starts_with("/dead") {
            let _ = gate.lock().expect("not poisoned").recv();
        }
        Ok(FileIdentity { len: known.len + 1, ..known.clone() })
    });
    let watcher = Watcher::with_stat(no_waker(), stat).expect("a thread");
    let on_device = |device| FileIdentity { device: Some(device), inode: Some(1), ..FileIdentity::default() };
    let dead_ids = [1, 2].map(|_| watcher.watch(dead, &on_device(1), None));
    let alive_id = watcher.watch(alive, &on_device(2), None);
    for len in 1..5 {
        watcher.look_now();
        let mut told = Vec::new();
        wait_until("the other device is heard of", || {
            told.extend(watcher.changes());
            !told.is_empty()
        });
        assert_eq!(told, [(alive_id, FileChange::Grown { len })]);
    }
    assert_eq!(dead_ids.map(|id| watcher.looks(id)), [0, 0]);
    // And nobody waits for it: neither who takes a file away nor who ends the watching.
    watcher.unwatch(dead_ids[0]);
    drop(opened);
    wait_until("it answers", || watcher.changes().iter().any(|(id, _)| *id == dead_ids[1]));
}

#[test]
fn a_file_that_is_away_for_a_moment_is_not_told_as_deleted() {
    let looks = AtomicUsize::new(0);
    let stat: Stat = Arc::new(move |_, known| match looks.fetch_add(1, Ordering::SeqCst) {
        0 | 2 => Err(std::io::ErrorKind::NotFound.into()),
        look => Ok(FileIdentity { inode: Some(look as u64), ..known.clone() }),
    });
    let watcher = Watcher::with_stat(no_waker(), stat).expect("a thread");
    let known = FileIdentity { device: Some(1), inode: Some(7), ..FileIdentity::default() };
    let id = watcher.watch(Path::new("/away/file"), &known, None);
    let mut told = Vec::new();
    wait_until("it was looked at", || {
        watcher.look_now();
        // Asked first: a look that ends in between has told already.
        let is_done = watcher.looks(id) >= 4;
        told.extend(watcher.changes());
        is_done
    });
    assert_eq!(told, [(id, FileChange::Replaced), (id, FileChange::Replaced)]);
}

#[test]
fn a_folder_that_is_put_in_the_place_of_another_is_looked_after() {
    let watched = watched();
    let (inside, aside) = (watched.folder.path().join("inside"), watched.folder.path().join("aside"));
    std::fs::create_dir(&inside).expect("a folder");
    let path = file_with(&inside, "f", b"one");
    let id = watched.watcher.watch(&path, &FileIdentity::at(&path).expect("stat"), None);
    wait_until("it is looked at", || watched.watcher.looks(id) > 0);
    let next = |what: &str| {
        let mut told = Vec::new();
        wait_until(what, || {
            told.extend(watched.watcher.changes().into_iter().filter(|(changed, _)| *changed == id));
            !told.is_empty()
        });
        told.into_iter().map(|(_, change)| change).collect::<Vec<_>>()
    };
    std::fs::rename(&inside, &aside).expect("renamed");
    assert_eq!(next("the file is missed"), [FileChange::Deleted]);
    std::fs::create_dir(&inside).expect("a folder");
    file_with(&inside, "f", b"two");
    assert_eq!(next("the other file is seen"), [FileChange::Replaced]);
    file_with(&inside, "g", b"three");
    std::fs::rename(inside.join("g"), &path).expect("renamed");
    assert_eq!(next("the third file is seen"), [FileChange::Replaced]);
}

#[test]
fn a_save_of_our_own_is_not_told() {
    let watched = watched();
    watched.watcher.pause(watched.id);
    watched.writer().set_len(2000).expect("saved in place");
    assert_eq!(watched.told(), []);
    watched.watcher.update(watched.id, &watched.source.identity_now().expect("fstat"), Some(&watched.source));
    assert_eq!(watched.told(), []);
    watched.watcher.pause(watched.id);
    watched.replace();
    let saved = Arc::new(FileSource::open(&watched.path).expect("open"));
    watched.watcher.update(watched.id, saved.identity(), Some(&saved));
    assert_eq!(watched.told(), []);
    watched.writer().set_len(3).expect("cut short");
    assert_eq!(watched.told(), [FileChange::CutShort { len: 3 }]);
}
