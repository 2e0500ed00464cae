//! Browsing a file that is not in memory: the peeking thread has no major fault, and little more is read than shown.
#![cfg(target_os = "linux")]

use pagelens::bytes::file::FileSource;
use pagelens::bytes::pages::{DEFAULT_BUDGET, PageCache};
use pagelens::bytes::{Availability, ReadHints, Source};
use pagelens::job::no_waker;
use std::fs::File;
use std::io::Write;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const LEN: u64 = 1100 << 20;
const JUMPS: usize = 100;
const SCREEN: usize = 72 * 32;

/// Real bytes, each 4 KiB with its own number in front, written through to the disk and not in memory any more.
fn cold_file(path: &Path) -> File {
    let mut chunk = vec![0; 1 << 20];
    fastrand::Rng::with_seed(1).fill(&mut chunk);
    let mut file = File::create_new(path).expect("create");
    for start in (0..LEN).step_by(chunk.len()) {
        for (index, block) in chunk.chunks_mut(4096).enumerate() {
            block[..8].copy_from_slice(&(start + index as u64 * 4096).to_le_bytes());
        }
        file.write_all(&chunk).expect("written");
    }
    file.sync_all().expect("on the disk");
    // SAFETY: the descriptor is open; no memory is passed.
    assert_eq!(unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) }, 0);
    File::open(path).expect("open")
}

/// How many bytes of the file are in the page cache of the system.
fn resident_bytes(file: &File) -> u64 {
    let mut pages = vec![0_u8; LEN.div_ceil(4096) as usize];
    // SAFETY: a map that nobody reads, of which the system fills a byte a page into `pages`, and which is undone.
    unsafe {
        let map = libc::mmap(
            std::ptr::null_mut(),
            LEN as usize,
            libc::PROT_READ,
            libc::MAP_SHARED,
            file.as_raw_fd(),
            0,
        );
        assert_ne!(map, libc::MAP_FAILED);
        assert_eq!(libc::mincore(map, LEN as usize, pages.as_mut_ptr()), 0);
        libc::munmap(map, LEN as usize);
    }
    pages.iter().filter(|&&page| page & 1 == 1).count() as u64 * 4096
}

fn major_faults() -> i64 {
    // SAFETY: all zeros is an rusage, which the call fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_THREAD, &mut usage), 0);
        usage
    };
    usage.ru_majflt
}

/// Shows a screen at `offset`; fails if it does not come, or is not what the file holds there.
fn show(cache: &PageCache, source: &dyn Source, offset: u64) {
    let (mut buf, mut states) = ([0; SCREEN], [Availability::Missing; SCREEN]);
    cache.begin_frame();
    source.peek(offset, &mut buf, &mut states);
    assert!(cache.settle(Duration::from_secs(30)));
    source.peek(offset, &mut buf, &mut states);
    cache.end_frame();
    assert!(states.iter().all(|&state| state == Availability::Ready));
    assert_eq!(buf[..8], offset.to_le_bytes());
}

#[test]
fn a_cold_browse_costs_no_major_fault_and_reads_little_more_than_it_shows() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("large");
    let file = cold_file(&path);
    let before = resident_bytes(&file);
    if before > 1 << 20 {
        println!("SKIPPED: this file system keeps {before} bytes of the file in memory");
        return;
    }
    let cache = PageCache::new(DEFAULT_BUDGET, no_waker());
    let source = cache.attach(Arc::new(FileSource::open(&path).expect("open"))).expect("threads");
    // The program's own code may still have to be brought from the disk.
    show(&cache, &*source, 0);

    let seed = 5;
    let mut random = fastrand::Rng::with_seed(seed);
    let faults_before = major_faults();
    for _ in 0..JUMPS {
        show(&cache, &*source, random.u64(0..(LEN - SCREEN as u64) / 4096) * 4096);
    }
    let faults = major_faults() - faults_before;
    let resident = resident_bytes(&file) - before;
    println!(
        "{JUMPS} jumps: {faults} major faults, {resident} bytes brought into memory, {:?}",
        cache.stats()
    );
    assert_eq!(faults, 0, "seed {seed}");
    assert!(
        resident <= JUMPS as u64 * 2 * ReadHints::LOCAL.page_bytes + (1 << 20),
        "seed {seed}: {resident}"
    );
    assert!(cache.stats().resident_bytes <= DEFAULT_BUDGET);
}
