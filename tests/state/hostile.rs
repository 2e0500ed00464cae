//! Logs of unsaved edits that somebody has made to do harm: all checksums right, every field anything, records in holes;
//! and logs in a folder that others may write. None takes memory, and another's is nobody's offer.

use crate::save::hostile::{ALL, MOST_MEMORY, peak};
use pagelens::document::pack::{put, put_run};
use pagelens::job::Progress;
use pagelens::save::{Disk, RealDisk};
use pagelens::state::edit_log::find;
use std::os::unix::fs::{FileExt, chown, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use xxhash_rust::xxh3::Xxh3;

const FOLDER: &str = "PAGELENS_TEST_HOSTILE_LOGS";
const LOGS: u64 = 300;
const STRANGER: u32 = 4321;
const SEED: u64 = 5;
const MAGIC: &[u8; 16] = b"pagelens edits\n1";

/// A log in the making: records one after another, each with a hole behind it that counts as its bytes.
struct Log {
    file: std::fs::File,
    at: u64,
}

impl Log {
    fn new(path: &Path) -> Self {
        let file = std::fs::File::create_new(path).expect("made");
        file.write_all_at(&[&MAGIC[..], &SEED.to_le_bytes()].concat(), 0).expect("written");
        Self { file, at: 24 }
    }

    fn push(&mut self, record: &[u8], zeros: u64) {
        let len = record.len() as u64 + zeros;
        let mut hash = Xxh3::with_seed(SEED.wrapping_add(self.at));
        hash.update(record);
        let block = vec![0; 1 << 16];
        let mut left = zeros;
        while left > 0 {
            let part = left.min(1 << 16);
            hash.update(&block[..part as usize]);
            left -= part;
        }
        let prefix = [len.to_le_bytes(), hash.digest().to_le_bytes()].concat();
        self.file.write_all_at(&[&prefix[..], record].concat(), self.at).expect("written");
        self.at += 16 + len;
        self.file.set_len(self.at).expect("a hole");
    }

    fn begin(&mut self, len: u64) {
        let mut begin = vec![1];
        put(&mut begin, 1);
        put(&mut begin, len);
        put_run(&mut begin, b"title");
        begin.extend([1]);
        put_run(&mut begin, b"/etc/passwd");
        begin.push(0);
        self.push(&begin, 0);
    }
}

fn number(random: &mut fastrand::Rng) -> u64 {
    match random.u8(..6) {
        0 => 0,
        1 => random.u64(..20),
        2 => 1 << random.u32(..64),
        3 => u64::MAX - random.u64(..2),
        _ => random.u64(..1 << 24),
    }
}

fn log(path: &Path, random: &mut fastrand::Rng) {
    let mut log = Log::new(path);
    log.begin(number(random));
    for _ in 0..random.usize(1..6) {
        let mut record = vec![random.u8(1..15)];
        (0..random.usize(..8)).for_each(|_| put(&mut record, number(random)));
        let noise = random.usize(..40) * usize::from(random.bool());
        (0..noise).for_each(|_| record.push(random.u8(..)));
        let zeros = match random.u8(..5) {
            0 => random.u64(..1 << 20),
            1 => random.u64(..6 << 20),
            2 if random.u8(..8) == 0 => random.u64(..1 << 29),
            _ => 0,
        };
        log.push(&record, zeros);
    }
}

/// The process whose memory is measured.
#[test]
#[ignore = "run by the test below"]
fn read_hostile_logs() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("run by the test below"));
    let logs = std::env::var(ALL).ok().and_then(|all| all.parse().ok()).unwrap_or(LOGS);
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let (before, mut offered) = (peak(), 0);
    for seed in 0..logs {
        let random = &mut fastrand::Rng::with_seed(seed);
        let own = folder.join(seed.to_string());
        std::fs::create_dir(&own).expect("made");
        log(&own.join("0123456789abcdef.log"), random);
        let found = find(&disk, &own, &["Typing"]);
        assert!(found.offers.len() + found.messages.len() <= 1, "log {seed}: {found:?}");
        for offer in &found.offers {
            offered += 1;
            // Whatever it answers, as long as it answers.
            let _ = offer.patch(&Progress::default());
            let _ = offer.revive(None, |source| source, &["Typing"], 1 << 20);
        }
        drop(found);
        std::fs::remove_dir_all(&own).expect("removed");
    }
    println!("measured {offered} {}", peak() - before);
}

#[test]
fn hostile_logs_take_no_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    let done = Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "state::hostile::read_hostile_logs", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .expect("run");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{text}{}", String::from_utf8_lossy(&done.stderr));
    let line = text.split("measured ").nth(1).and_then(|line| line.lines().next()).expect("measured");
    let numbers: Vec<u64> = line.split(' ').filter_map(|number| number.parse().ok()).collect();
    println!("figure: hostile logs: {} offered, {} KiB", numbers[0], numbers[1] >> 10);
    assert!(numbers[0] > 20, "none was understood, so nothing was tested");
    assert!(numbers[1] <= MOST_MEMORY, "{numbers:?}");
}

/// What lies in the folder and is not this user's own file is not followed, not waited for, and not offered.
#[test]
fn a_log_of_another_user_a_link_and_a_pipe_are_not_offered() {
    let folder = tempfile::tempdir().expect("a folder");
    let disk: Arc<dyn Disk> = Arc::new(RealDisk);
    let place = folder.path().join("0123456789abcdef.log");
    let elsewhere = folder.path().join("elsewhere");
    let mut log = Log::new(&elsewhere);
    log.begin(0);
    log.push(&[3, 0, 0, 0], 0);
    symlink(&elsewhere, &place).expect("linked");
    let refused = |why: &str| {
        let found = find(&disk, folder.path(), &[]);
        assert!(found.offers.is_empty() && found.messages.len() == 1, "{found:?}");
        assert!(
            found.messages[0].contains(why) && found.messages[0].contains("The log was not changed"),
            "{found:?}"
        );
    };
    refused("not a regular file");
    std::fs::remove_file(&place).expect("removed");
    assert!(Command::new("mkfifo").arg(&place).status().expect("mkfifo runs").success());
    refused("not a regular file");
    std::fs::remove_file(&place).expect("removed");
    std::fs::rename(&elsewhere, &place).expect("moved");
    if chown(&place, Some(STRANGER), None).is_err() {
        println!("SKIPPED: only root may give files away, so another user's log was not tested");
        return;
    }
    refused("belongs to another user");
}
