//! Whatever a path leads to: opened as it is, or refused with a sentence; never changed, never waited for.

use super::{bytes_at, file_with, wait_until};
use pagelens::bytes::open::{OpenError, Opened, OpenedKind, open};
use pagelens::bytes::spool::spool_reader;
use pagelens::bytes::{Source, pages::PageCache};
use pagelens::job::{Progress, no_waker};
use std::io::Read;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::time::Duration;

fn opened(path: &Path) -> Opened {
    open(path, &Progress::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(path: &Path) -> OpenError {
    let error = open(path, &Progress::default()).expect_err("refused");
    let sentence = error.to_string();
    assert!(sentence.contains(&path.display().to_string()), "names the file: {sentence}");
    assert!(sentence.ends_with('.') && sentence.len() > 30, "is a sentence: {sentence}");
    error
}

fn content(opened: &Opened) -> Vec<u8> {
    let mut bytes = vec![0; opened.len as usize];
    opened.source.read_at(0, &mut bytes).expect("readable");
    bytes
}

#[test]
fn files_of_any_length_open_with_all_their_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    for len in [0, 1, 4095, 4096, 4097, 100_000] {
        let path = file_with(folder.path(), "f", &bytes_at(0, len));
        let opened = opened(&path);
        assert_eq!((opened.kind, opened.len, opened.writable), (OpenedKind::Regular, len as u64, true));
        assert_eq!(opened.origin.version.as_ref().map(|version| version.len()), Some(len as u64));
        assert!(content(&opened) == bytes_at(0, len), "{len} bytes");
    }
}

#[test]
fn a_symbolic_link_leads_to_the_file_and_both_names_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = file_with(folder.path(), "file", b"abc");
    let link = folder.path().join("link");
    symlink("file", &link).expect("a link");
    let (by_link, by_name) = (opened(&link), opened(&file));
    assert_eq!(by_link.asked, link);
    assert_eq!(by_link.path(), file.canonicalize().expect("a path"));
    assert!(by_link.origin.same_place(&by_name.origin));
    std::fs::hard_link(&file, folder.path().join("hard")).expect("a link");
    assert!(by_link.origin.same_place(&opened(&folder.path().join("hard")).origin));
    assert!(!by_link.origin.same_place(&opened(&file_with(folder.path(), "other", b"abc")).origin));

    std::fs::remove_file(&file).expect("removed");
    assert!(matches!(refused(&link), OpenError::Missing { .. }));
    symlink("loop", folder.path().join("loop")).expect("a link to itself");
    assert!(matches!(refused(&folder.path().join("loop")), OpenError::Io { .. }));
}

#[test]
fn what_is_no_file_is_refused_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(matches!(refused(folder.path()), OpenError::Directory { .. }));
    assert!(matches!(refused(&folder.path().join("none")), OpenError::Missing { .. }));
    let file = file_with(folder.path(), "f", b"");
    assert!(matches!(refused(&file.join("below a file")), OpenError::Missing { .. }));

    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    assert!(matches!(refused(&pipe), OpenError::NotAFile { what: "a pipe", .. }));
    let socket = folder.path().join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    assert!(matches!(refused(&socket), OpenError::NotAFile { what: "a socket", .. }));
    assert!(matches!(
        refused(Path::new("/dev/zero")),
        OpenError::NotAFile { what: "a character device", .. }
    ));
}

#[test]
fn files_that_hide_their_length_are_copied() {
    let status = opened(Path::new("/proc/self/status"));
    assert_eq!((status.kind, status.writable), (OpenedKind::Spooled, false));
    assert_eq!(status.origin.version, None);
    assert!(content(&status).starts_with(b"Name:"));
    assert_eq!(status.len, status.source.len());
    // Says that it has 4096 bytes, and gives a line.
    let short = Path::new("/sys/kernel/mm/transparent_hugepage/enabled");
    if short.exists() {
        let short = opened(short);
        assert_eq!(short.kind, OpenedKind::Spooled);
        assert!(content(&short).ends_with(b"\n"));
    } else {
        println!("SKIPPED: no file of /sys that says more than it gives");
    }
}

#[test]
fn a_block_device_has_the_length_of_the_device() {
    let devices = std::fs::read_dir("/sys/block").into_iter().flatten().flatten();
    let sectors_of =
        |folder: &Path| std::fs::read_to_string(folder.join("size")).ok()?.trim().parse::<u64>().ok();
    let readable = devices
        .map(|entry| (sectors_of(&entry.path()).unwrap_or(0), Path::new("/dev").join(entry.file_name())))
        .find(|(sectors, device)| *sectors > 0 && std::fs::File::open(device).is_ok());
    let Some((sectors, device)) = readable else {
        println!("SKIPPED: no block device that this user may read");
        return;
    };
    let opened = opened(&device);
    assert_eq!((opened.kind, opened.len), (OpenedKind::BlockDevice, sectors * 512));
    let mut sector = [0; 512];
    assert_eq!(opened.source.read_at(opened.len - 512, &mut sector), Ok(()));
    assert!(opened.source.data_after(0).is_some());
}

#[test]
fn permissions_are_asked_for_and_never_tried() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", b"abc");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).expect("chmod");
    // SAFETY: asks for a number.
    if unsafe { libc::geteuid() } == 0 {
        println!("SKIPPED: modes do not bind root; run as another user to test them");
        assert!(opened(&path).writable, "root may write whatever the mode");
        return;
    }
    assert!(matches!(refused(&path), OpenError::Permission { .. }));
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o400)).expect("chmod");
    assert!(!opened(&path).writable);
}

/// The time of the last access may move: every read moves it, as the disk's mount options have it.
#[test]
fn opening_and_browsing_leave_the_file_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &bytes_at(0, 300_000));
    let state = |path: &Path| {
        let metadata = std::fs::metadata(path).expect("stat");
        (metadata.mtime(), metadata.mtime_nsec(), metadata.ctime(), metadata.ctime_nsec(), metadata.len())
    };
    let before = (state(&path), state(folder.path()));
    let opened = opened(&path);
    let cache = PageCache::new(1 << 20, no_waker());
    let shown = cache.attach(opened.source.clone()).expect("threads");
    for offset in (0..300_000).step_by(10_000) {
        cache.begin_frame();
        shown.peek(offset, &mut [0; 100], &mut [Default::default(); 100]);
        assert!(cache.settle(Duration::from_secs(30)));
        cache.end_frame();
    }
    content(&opened);
    drop((shown, opened));
    assert_eq!((state(&path), state(folder.path())), before);
    assert!(std::fs::read(&path).expect("read") == bytes_at(0, 300_000));
}

#[test]
fn a_stream_is_copied_whatever_its_length() {
    let name = Path::new("-");
    for len in [0_usize, 5, 1 << 20, (1 << 20) + 1, 3_000_000] {
        let bytes = bytes_at(0, len);
        let progress = Progress::default();
        let copy = spool_reader(&bytes[..], name, u64::MAX, &progress).expect("copied");
        assert_eq!((copy.kind, copy.len, progress.done()), (OpenedKind::Spooled, len as u64, len as u64));
        assert!(content(&copy) == bytes, "{len} bytes");
    }
    let over = spool_reader(&[0; 11][..], name, 10, &Progress::default());
    assert!(matches!(over, Err(OpenError::TooLong { cap: 10, .. })));
    assert!(spool_reader(&[0; 10][..], name, 10, &Progress::default()).is_ok());
}

#[test]
fn an_endless_stream_ends_when_it_is_cancelled() {
    let progress = std::sync::Arc::new(Progress::default());
    let copied = std::sync::Arc::clone(&progress);
    let copy =
        std::thread::spawn(move || spool_reader(std::io::repeat(1), Path::new("-"), u64::MAX, &copied));
    wait_until("the copy has begun", || progress.done() > 0);
    progress.cancel();
    assert!(matches!(copy.join().expect("a thread"), Err(OpenError::Cancelled { .. })));
}

#[test]
fn a_stream_that_breaks_is_an_error_and_no_short_copy() {
    struct Breaks;
    impl Read for Breaks {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the other end is gone"))
        }
    }
    let broken = spool_reader(b"abc".chain(Breaks), Path::new("-"), u64::MAX, &Progress::default());
    assert!(
        matches!(&broken, Err(OpenError::Io { reason, .. }) if reason == "the other end is gone"),
        "{broken:?}"
    );
}
