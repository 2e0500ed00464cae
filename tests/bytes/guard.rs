//! Maps of files that are cut short by others: an error for the reader, never a crash.
#![cfg(target_os = "linux")]

use super::{byte_at, bytes_at, file_with};
use pagelens::bytes::mapped::MappedSource;
use pagelens::bytes::{ReadError, Source};
use std::fs::File;
use std::os::unix::process::ExitStatusExt;
use std::sync::Barrier;

const LEN: usize = 4 << 20;
const CHUNK: usize = 64 << 10;

/// Scans from end to end until a read fails: that error. A read that succeeds must give the true bytes.
fn scan_until_cut(source: &MappedSource, expected: &[u8], chunk: usize) -> ReadError {
    let mut buf = vec![0; chunk];
    loop {
        for at in (0..LEN - chunk + 1).step_by(chunk) {
            match source.read_at(at as u64, &mut buf) {
                Ok(()) => assert!(
                    buf == expected[at..at + chunk],
                    "zeros were taken for the file's bytes at {at:#x}"
                ),
                Err(error) => return error,
            }
        }
    }
}

#[test]
fn four_scans_of_a_file_that_is_cut_short_all_end_with_an_error() {
    let seed = 7;
    let mut random = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().expect("a folder");
    let expected = bytes_at(0, LEN);
    for round in 0..100 {
        let path = file_with(folder.path(), "f", &expected);
        let source = MappedSource::new(File::open(&path).expect("open"), LEN as u64).expect("a source");
        let writer = File::options().write(true).open(&path).expect("open to cut");
        // At most so long that something of the last chunk goes, whole chunks or an odd number of bytes.
        let len_now = random.u64(0..(LEN - 1) as u64) & if random.bool() { u64::MAX } else { !0xFFFF };
        let start = Barrier::new(5);
        std::thread::scope(|scope| {
            let scans: Vec<_> = (0..4)
                .map(|scan| {
                    let (source, start, expected) = (&source, &start, &expected);
                    scope.spawn(move || {
                        start.wait();
                        scan_until_cut(source, expected, CHUNK << (scan % 2))
                    })
                })
                .collect();
            start.wait();
            writer.set_len(len_now).expect("cut short");
            for scan in scans {
                let error = scan.join().expect("a scan that ends");
                let told = matches!(error, ReadError::CutShort { len_now: told, .. } if told == len_now);
                assert!(told, "round {round}, seed {seed}, cut to {len_now:#x}: {error}");
            }
        });
    }
}

#[test]
fn a_file_that_grows_again_gives_what_it_holds_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &bytes_at(0, LEN));
    let source = MappedSource::new(File::open(&path).expect("open"), LEN as u64).expect("a source");
    let mut buf = vec![0; CHUNK];
    let writer = File::options().write(true).open(&path).expect("open to cut");
    writer.set_len(0).expect("cut short");
    assert!(matches!(source.read_at(0, &mut buf), Err(ReadError::CutShort { len_now: 0, .. })));
    std::fs::write(&path, vec![5; LEN]).expect("written anew");
    assert_eq!(source.read_at(0, &mut buf), Ok(()));
    assert!(buf.iter().all(|&byte| byte == 5), "not the zeros that the guard put in place");
}

#[test]
fn a_read_over_the_border_of_two_windows_is_one_read() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().expect("a folder");
    let file = File::create_new(folder.path().join("sparse")).expect("create");
    let (len, border) = (700_u64 << 20, 256_u64 << 20);
    file.set_len(len).expect("a sparse file");
    for border in [border, 2 * border] {
        file.write_all_at(&bytes_at(border - 5000, 10_000), border - 5000).expect("written");
    }
    let path = folder.path().join("sparse");
    let source = MappedSource::new(File::open(path).expect("open"), len).expect("a source");
    let mut buf = vec![0; 10_000];
    for border in [border, 2 * border, border] {
        assert_eq!(source.read_at(border - 5000, &mut buf), Ok(()));
        assert!(buf == bytes_at(border - 5000, 10_000));
    }
    assert_eq!(source.read_at(len - 1, &mut buf[..1]), Ok(()));
    assert!(matches!(source.read_at(len - 1, &mut buf[..2]), Err(ReadError::BeyondEnd { .. })));
    assert_ne!(byte_at(border), 0);
}

const CHILD: &str = "PAGELENS_TEST_FOREIGN_FAULT";

/// Run as a process of its own: it must die, as it would without the guard.
#[test]
fn a_fault_that_is_not_ours_kills_as_before() {
    if let Some(path) = std::env::var_os(CHILD) {
        fault_outside_the_guard(path.as_ref());
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &vec![1; 8192]);
    let child = std::process::Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "bytes::guard::a_fault_that_is_not_ours_kills_as_before"])
        .env(CHILD, path)
        .output()
        .expect("a child");
    assert_eq!(child.status.signal(), Some(libc::SIGBUS), "{child:?}");
}

/// Uses the guard once, then faults in a map that the guard knows nothing of. Never returns.
fn fault_outside_the_guard(path: &std::path::Path) -> ! {
    let source = MappedSource::new(File::open(path).expect("open"), 8192).expect("a source");
    assert_eq!(source.read_at(0, &mut [0; 8192]), Ok(()));
    // SAFETY: the map is not referred to by anything else. It is going to be cut short, which is the point.
    let foreign = unsafe { memmap2::Mmap::map(&File::open(path).expect("open")) }.expect("a map");
    File::options().write(true).open(path).and_then(|file| file.set_len(0)).expect("cut short");
    // The guarded one is mended,
    assert!(source.read_at(0, &mut [0; 8192]).is_err());
    // the foreign one is not.
    // SAFETY: in the range of the map; the signal that it raises is what is tested.
    let byte = unsafe { std::ptr::read_volatile(foreign.as_ptr()) };
    println!("read {byte} where there is nothing");
    std::process::exit(0)
}
