//! The layer where bytes come from: files, maps, the page cache, the watcher, opening.
#![cfg(unix)]

mod cold;
mod far;
mod files;
mod guard;
mod open;
mod pages;
pub mod stores;
mod watch;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long a test waits for another thread before it fails; what it waits for takes milliseconds.
const LONG: Duration = Duration::from_secs(30);

/// Fails when `holds` is not true in a long while.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < LONG, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The byte at `offset` of every test file: never 0, and no two places near each other hold the same run.
fn byte_at(offset: u64) -> u8 {
    let mixed = offset.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 29;
    (mixed % 255) as u8 + 1
}

fn bytes_at(offset: u64, len: usize) -> Vec<u8> {
    (0..len as u64).map(|index| byte_at(offset + index)).collect()
}

/// A new file with `bytes` in it.
fn file_with(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).expect("a test file");
    path
}
