//! Power cuts of a real file system: a process saves on an ext4 image that lies in a btrfs image, which copies it in one
//! moment while it is in use. Each copy is what a power cut would have left on the disk: it is mounted, its journal is
//! replayed by the system, and the file in it is put right and looked at.
//!
//! Needs the right to mount, so it is a command of its own: `scripts/crash-images`. It says 'skipped' where it can't
//! run. What the disk itself reorders is not tried here: the simulated disk does that.

use super::kill::{States, number, start};
use pagelens::save::RealDisk;
use pagelens::save::recover::{RecoveryChoice, find, recover};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

const IMAGES: u64 = 60;
const COUNT: &str = "PAGELENS_CRASH_IMAGES";

fn run(command: &str, arguments: &[&std::ffi::OsStr]) -> Result<(), String> {
    let answer = Command::new(command).args(arguments).output();
    let Output { status, stderr, .. } = answer.map_err(|error| format!("{command}: {error}"))?;
    let text = String::from_utf8_lossy(&stderr).trim().to_owned();
    if status.success() { Ok(()) } else { Err(format!("{command}: {text}")) }
}

/// A mounted image, until it is dropped.
struct Mount(PathBuf);

impl Mount {
    fn new(image: &Path, at: PathBuf) -> Result<Self, String> {
        std::fs::create_dir_all(&at).expect("a folder");
        run("mount", &["-o".as_ref(), "loop".as_ref(), image.as_ref(), at.as_ref()])?;
        Ok(Self(at))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // What still writes to it ends soon.
        for _ in 0..50 {
            if run("umount", &[self.0.as_ref()]).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        eprintln!("{} could not be unmounted", self.0.display());
    }
}

/// The process that saves; it is killed when this is dropped.
struct Saver(Child);

impl Drop for Saver {
    fn drop(&mut self) {
        // It may have done all its saves, and have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// An image of `len` bytes with the file system that `make` makes.
fn image(path: &Path, len: u64, make: &str) -> Result<(), String> {
    std::fs::File::create(path).and_then(|file| file.set_len(len)).map_err(|error| error.to_string())?;
    run(make, &["-q".as_ref(), path.as_ref()])
}

/// The outer file system, and the inner one in use.
fn disks(folder: &Path) -> Result<(Mount, Mount, PathBuf), String> {
    let outer = folder.join("outer.img");
    image(&outer, 2 << 30, "mkfs.btrfs")?;
    let outer = Mount::new(&outer, folder.join("outer"))?;
    let inner = outer.0.join("disk.img");
    image(&inner, 64 << 20, "mkfs.ext4")?;
    let mount = Mount::new(&inner, folder.join("inner"))?;
    Ok((outer, mount, inner))
}

/// Looks into a copy of the disk; answers what recovery found there.
fn look(copy: &Path, at: PathBuf, seed: u64, said: u64, later: u64) -> String {
    let mount = Mount::new(copy, at).expect("the copy is a file system");
    let path = mount.0.join("data.bin");
    let found = find(&RealDisk, &path, None).expect("looked at").map(|found| found.verdict);
    recover(&RealDisk, &path, None, RecoveryChoice::Safe)
        .unwrap_or_else(|error| panic!("seed {seed}, after save {said}: {found:?}: {error}"));
    let now = std::fs::read(&path).expect("there");
    let mut states = States::new(seed);
    for _ in 0..said {
        states.step();
    }
    let is_known = (said..=later + 1).any(|_| {
        let same = states.now == now;
        states.step();
        same
    });
    assert!(is_known, "seed {seed}: the file is none of the states {said} to {}; {found:?}", later + 1);
    format!("{found:?}")
}

fn one_file(folder: &Path, seed: u64, images: u64, left: &mut BTreeMap<String, u64>) -> Result<(), String> {
    let (outer, inner, disk) = disks(folder)?;
    let path = inner.0.join("data.bin");
    std::fs::write(&path, &States::new(seed).now).expect("written");
    std::fs::File::open(&path).and_then(|file| file.sync_all()).expect("on the disk");
    let mut child = Saver(start(&path, seed));
    let said = Arc::new(AtomicU64::new(0));
    let lines = BufReader::new(child.0.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let reader = std::thread::spawn({
        let said = said.clone();
        move || lines.filter_map(number).for_each(|n| said.store(n, Ordering::SeqCst))
    });
    let mut random = fastrand::Rng::with_seed(seed);
    let copy = outer.0.join("copy.img");
    for _ in 0..images {
        std::thread::sleep(Duration::from_micros(random.u64(0..30_000)));
        let before = said.load(Ordering::SeqCst);
        run("cp", &["--reflink=always".as_ref(), disk.as_ref(), copy.as_ref()])?;
        // The process may have saved and not said so yet.
        let after = said.load(Ordering::SeqCst) + 1;
        if before == 0 {
            continue;
        }
        let found = look(&copy, folder.join("copy"), seed, before, after);
        *left.entry(found).or_default() += 1;
        if child.0.try_wait().expect("asked").is_some() {
            break;
        }
    }
    drop(child);
    reader.join().expect("ended");
    Ok(())
}

#[test]
#[ignore = "needs the right to mount: scripts/crash-images"]
fn crash_images() {
    let images = std::env::var(COUNT).ok().and_then(|count| count.parse().ok()).unwrap_or(IMAGES);
    let mut left = BTreeMap::new();
    let mut seed = 1;
    while left.values().sum::<u64>() < images {
        let folder = tempfile::tempdir().expect("a folder");
        if let Err(reason) = one_file(folder.path(), seed, images, &mut left) {
            println!("crash images: skipped: needs root, mkfs.ext4 and mkfs.btrfs ({reason})");
            return;
        }
        seed += 1;
    }
    println!("figure: {} power cuts of ext4, each old or new; found: {left:?}", left.values().sum::<u64>());
}
