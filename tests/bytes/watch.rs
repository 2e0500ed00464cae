//! Changes that others make to a watched file: each noticed, each told once.

use super::{bytes_at, file_with, wait_until};
use pagelens::bytes::file::{FileIdentity, FileSource};
use pagelens::bytes::watch::{FileChange, WatchId, Watcher};
use pagelens::job::Waker;
use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
