//! Journals that somebody has made to do harm: all checksums right, every field anything. Nothing they say lends rights,
//! takes memory, or changes a byte of a file that they do not fit.

use pagelens::save::disk::Access;
use pagelens::save::recover::{RecoveryChoice, Verdict, find, find_in, recover};
use pagelens::save::{Disk, RealDisk};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

const FOLDER: &str = "PAGELENS_TEST_HOSTILE_FOLDER";

/// How many there are in an ordinary run; `PAGELENS_HOSTILE=2000` for all of them.
const JOURNALS: u64 = 300;
pub const ALL: &str = "PAGELENS_HOSTILE";

/// Bytes of memory that all of them together may take at most, at once.
pub const MOST_MEMORY: u64 = 64 << 20;

/// A user that nobody is.
const STRANGER: u32 = 4321;

const OLD_AT: u64 = 4096;
const SET_ID: u32 = 0o6000;

/// What a journal says, as `journal.rs` has the places.
#[derive(Clone, Debug, Default)]
struct Journal {
    version: u64,
    old_len: u64,
    new_len: u64,
    spans: Vec<(u64, u64)>,
    old: Vec<u8>,
    blocks: Vec<u64>,
    path: Vec<u8>,
    written_at: u64,
    /// User, group, mode, capability.
    taken: (u32, u32, u32, Vec<u8>),
    state: u8,
    /// Instead of the true counts: number of extents, old bytes, blocks, bytes of the path.
    counts: [Option<u64>; 4],
    /// Zeros by a hole up to this length, at the end.
    len: u64,
}

/// Permission to become any user, for whoever runs the file.
const CAP_SETUID: [u8; 20] = [1, 0, 0, 2, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

impl Journal {
    /// One that fits `path`, which holds `bytes`: a piece of it was to be overwritten with `new`.
    fn fitting(path: &Path, bytes: &[u8], at: usize, new: &[u8], user: u32) -> Self {
        let (start, end) = (at, at + new.len());
        let (mut blocks, mut from) = (Vec::new(), start);
        while from < end {
            let to = ((from / 512 + 1) * 512).min(end);
            blocks.push(xxh3_64(&new[from - start..to - start]));
            from = to;
        }
        Self {
            version: 1,
            old_len: bytes.len() as u64,
            new_len: bytes.len() as u64,
            spans: vec![(start as u64, new.len() as u64)],
            old: bytes[start..end].to_vec(),
            blocks,
            path: path.as_os_str().as_bytes().to_vec(),
            written_at: 1,
            taken: (user, user, 0o6755, CAP_SETUID.to_vec()),
            state: b'A',
            counts: [None; 4],
            len: 0,
        }
    }

    fn write(&self, to: &Path) {
        let file = std::fs::File::create_new(to).expect("made");
        let table: Vec<u8> =
            self.spans.iter().flat_map(|(at, len)| [at.to_le_bytes(), len.to_le_bytes()]).flatten().collect();
        let blocks: Vec<u8> = self.blocks.iter().flat_map(|hash| hash.to_le_bytes()).collect();
        let truth = [self.spans.len(), self.old.len(), self.blocks.len(), self.path.len()];
        let [extents, old_bytes, block_count, path_bytes] =
            std::array::from_fn(|n| self.counts[n].unwrap_or(truth[n] as u64));
        let parts = [
            (&self.old, old_bytes),
            (&table, extents.wrapping_mul(16)),
            (&blocks, block_count.wrapping_mul(8)),
            (&self.path, path_bytes),
        ];
        let (mut at, mut hashes) = (OLD_AT, [0; 4]);
        for ((bytes, len), hash) in parts.into_iter().zip(&mut hashes) {
            // Places beyond any file are for the header alone.
            let _ = file.write_all_at(bytes, at);
            *hash = hash_with_zeros(bytes, len);
            at = at.wrapping_add(len);
        }
        let [old_hash, table_hash, blocks_hash, path_hash] = hashes;
        let numbers = [
            self.version,
            self.old_len,
            self.new_len,
            extents,
            old_bytes,
            block_count,
            path_bytes,
            self.written_at,
            old_hash,
            table_hash,
            blocks_hash,
            path_hash,
        ];
        let mut header = [0; 512];
        header[..16].copy_from_slice(b"pagelens journal");
        for (place, number) in header[16..].chunks_exact_mut(8).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        let (user, group, mode, capability) = &self.taken;
        for (n, number) in [*user, *group, *mode, capability.len() as u32].into_iter().enumerate() {
            header[256 + 4 * n..260 + 4 * n].copy_from_slice(&number.to_le_bytes());
        }
        let kept = capability.len().min(44);
        header[272..272 + kept].copy_from_slice(&capability[..kept]);
        let hash = xxh3_64(&header[..504]);
        header[504..].copy_from_slice(&hash.to_le_bytes());
        file.write_all_at(&header, 0).expect("written");
        file.write_all_at(&[self.state], 512).expect("written");
        let whole = file.metadata().expect("there").len().max(self.len).max(at.min(1 << 40));
        file.set_len(whole).expect("a hole");
    }
}

/// The checksum of `bytes` with zeros behind them up to `len`, as far as somebody would go to the trouble.
fn hash_with_zeros(bytes: &[u8], len: u64) -> u64 {
    let mut hash = Xxh3::new();
    hash.update(&bytes[..bytes.len().min(len as usize)]);
    let zeros = [0; 4096];
    let mut left = len.saturating_sub(bytes.len() as u64).min(32 << 20);
    while left > 0 {
        let part = left.min(4096);
        hash.update(&zeros[..part as usize]);
        left -= part;
    }
    hash.digest()
}

fn number(random: &mut fastrand::Rng, near: u64) -> u64 {
    match random.u8(..10) {
        0 => 0,
        1 => 1,
        2 => near,
        3 => near.wrapping_add(1),
        4 => near.wrapping_sub(1),
        5 => 1 << random.u32(..64),
        6 => u64::MAX - random.u64(..3),
        7 => (1 << 20) + random.u64(..2),
        8 => random.u64(..1 << 33),
        _ => random.u64(..),
    }
}

/// A journal about `path`, which holds `bytes`, with some of its fields anything.
fn journal(path: &Path, bytes: &[u8], user: u32, random: &mut fastrand::Rng) -> Journal {
    let at = random.usize(..bytes.len() - 100);
    let mut new = bytes[at..at + 90].to_vec();
    if random.bool() {
        new.fill(7);
    }
    let mut journal = Journal::fitting(path, bytes, at, &new, user);
    // One of the sides is what the file holds; the other is what somebody would like it to hold.
    if random.bool() {
        journal.old.fill(b'!');
    }
    journal.state = *random.choice(b"AD\0x").expect("some");
    for _ in 0..random.usize(..4) {
        match random.u8(..12) {
            0 => journal.old_len = number(random, journal.old_len),
            1 => journal.new_len = number(random, journal.new_len),
            2 => journal.spans[0].0 = number(random, journal.spans[0].0),
            3 => journal.spans[0].1 = number(random, journal.spans[0].1),
            4 => journal.spans.push((number(random, 10), number(random, 10))),
            5 => journal.counts[0] = Some(number(random, 1)),
            6 => journal.counts[1] = Some(number(random, 90)),
            7 => journal.counts[2] = Some(number(random, 1)),
            8 => journal.counts[3] = Some(number(random, 20)),
            9 => journal.written_at = number(random, 0),
            10 => journal.path = random.choice(["/etc/passwd", "", "\0", "../x"]).expect("some").into(),
            _ => {
                journal.taken =
                    (random.u32(..), random.u32(..3), random.u32(..), vec![0xff; random.usize(..60)])
            }
        }
    }
    if random.u8(..6) == 0 {
        journal.version = number(random, 1);
    }
    journal.len = if random.u8(..3) == 0 { random.u64(..1 << 36) } else { 0 };
    journal
}

fn has_capability(path: &Path) -> bool {
    let file = RealDisk.open(path, Access::Read).expect("opened");
    file.attribute(OsStr::new("security.capability")).is_ok_and(|value| !value.is_empty())
}

/// Peak of memory in bytes, of this process.
pub fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").trim().parse::<u64>().expect("a number") << 10
}

/// The process whose memory is measured.
#[test]
#[ignore = "run by the test below"]
fn recover_hostile_journals() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("run by the test below"));
    let journals = std::env::var(ALL).ok().and_then(|all| all.parse().ok()).unwrap_or(JOURNALS);
    let before = peak();
    let (mut acted, mut lent) = (0, Vec::new());
    for seed in 0..journals {
        let random = &mut fastrand::Rng::with_seed(seed);
        let own = folder.join(seed.to_string());
        std::fs::create_dir(&own).expect("made");
        let path = own.join("tool");
        let len = random.usize(200..3000);
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(1..)).take(len).collect();
        std::fs::write(&path, &bytes).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
        // Sometimes root has lent the file its group's rights.
        let had_rights = random.u8(..4) == 0;
        let beside = own.join(".tool.pagelens-journal");
        let is_strange = chown(&path, Some(STRANGER), None).is_ok();
        if had_rights {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o2755)).expect("set");
        }
        journal(&path, &bytes, STRANGER, random).write(&beside);
        if is_strange {
            chown(&beside, Some(STRANGER), Some(STRANGER)).expect("given away");
        }
        // Whatever these answer: they must not panic, hang, or lend anything.
        let _ = find(&RealDisk, &path, None);
        let _ = find_in(&RealDisk, &own, Some(&own));
        let choice = *random
            .choice(&[RecoveryChoice::Safe, RecoveryChoice::PutBackOld, RecoveryChoice::KeepAsIs])
            .expect("some");
        acted += usize::from(matches!(recover(&RealDisk, &path, None, choice), Ok(Some(_))));
        let facts = std::fs::metadata(&path).expect("there");
        let is_same = std::fs::read(&path).is_ok_and(|now| now == bytes);
        let has_rights = facts.mode() & SET_ID != 0 && (!had_rights || !is_same) || has_capability(&path);
        if is_strange && has_rights {
            lent.push(seed);
        }
        assert!(
            facts.len() <= 1 << 33 || !is_strange,
            "journal {seed} made the file {} bytes long",
            facts.len()
        );
        std::fs::remove_dir_all(&own).expect("removed");
    }
    println!("measured {acted} {} {}", lent.len(), peak() - before);
    assert!(lent.is_empty(), "rights were lent by {lent:?}");
}

#[test]
fn hostile_journals_lend_no_rights_and_take_no_memory() {
    let folder = tempfile::tempdir().expect("a folder");
    if chown(folder.path(), Some(STRANGER), None).is_err() {
        println!(
            "SKIPPED: only root may give files away, so whether another's journal lends rights was not tested"
        );
    }
    let done = Command::new(std::env::current_exe().expect("a path"))
        .args(["--exact", "save::hostile::recover_hostile_journals", "--ignored", "--nocapture"])
        .env(FOLDER, folder.path())
        .output()
        .expect("run");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{text}{}", String::from_utf8_lossy(&done.stderr));
    let numbers: Vec<u64> = text
        .split("measured ")
        .nth(1)
        .and_then(|line| line.lines().next())
        .map(|line| line.split(' ').filter_map(|number| number.parse().ok()).collect())
        .expect("measured");
    println!(
        "figure: hostile journals: {} acted on, {} lent rights, {} KiB",
        numbers[0],
        numbers[1],
        numbers[2] >> 10
    );
    assert!(numbers[0] > 20, "none was believed, so nothing was tested");
    assert!(numbers[2] <= MOST_MEMORY, "{numbers:?}");
}

/// The four ways by which a plain user's journal gave the rights of root away.
#[test]
fn another_user_s_journal_gives_no_capability_and_no_group() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tool");
    let bytes = b"#!/bin/sh\nexec id\n".repeat(20);
    let beside = folder.path().join(".tool.pagelens-journal");
    for (mode, capability, state) in [
        (u32::MAX, CAP_SETUID.to_vec(), b'A'),
        (u32::MAX, CAP_SETUID.to_vec(), b'D'),
        (0o2755, Vec::new(), b'A'),
        (0o6755, CAP_SETUID.to_vec(), b'D'),
    ] {
        std::fs::write(&path, &bytes).expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("set");
        let journal = Journal {
            taken: (STRANGER, 0, mode, capability),
            state,
            ..Journal::fitting(&path, &bytes, 10, b"exec sh\n", STRANGER)
        };
        journal.write(&beside);
        if chown(&path, Some(STRANGER), Some(0)).and_then(|()| chown(&beside, Some(STRANGER), None)).is_err()
        {
            println!("SKIPPED: only root may give files away, so another user's journal was not tested");
            return;
        }
        let recovered =
            recover(&RealDisk, &path, None, RecoveryChoice::Safe).expect("put right").expect("a journal");
        let facts = std::fs::metadata(&path).expect("there");
        assert_eq!((facts.mode() & 0o7777, has_capability(&path)), (0o755, false), "{recovered:?}");
        assert_eq!(std::fs::read(&path).expect("there"), bytes);
        assert!(!beside.exists());
    }
}

/// Root has given the file of a plain user its group's rights; who writes a journal for it must not get them for bytes of
/// his own choice.
#[test]
fn what_another_user_s_journal_puts_back_has_no_rights() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tool");
    let bytes = b"harmless ".repeat(40);
    std::fs::write(&path, &bytes).expect("written");
    let beside = folder.path().join(".tool.pagelens-journal");
    // What is there is told to be half of a save's new bytes.
    let mut journal = Journal::fitting(&path, &bytes, 0, &bytes, STRANGER);
    journal.old = b"harmful! ".repeat(40);
    journal.write(&beside);
    if chown(&path, Some(STRANGER), Some(0)).and_then(|()| chown(&beside, Some(STRANGER), None)).is_err() {
        println!("SKIPPED: only root may give files away, so another user's journal was not tested");
        return;
    }
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o2755)).expect("set");
    let recovered =
        recover(&RealDisk, &path, None, RecoveryChoice::Safe).expect("put right").expect("a journal");
    assert_eq!(std::fs::read(&path).expect("there"), journal.old);
    assert_eq!(std::fs::metadata(&path).expect("there").mode() & 0o7777, 0o755);
    assert!(recovered.warnings[0].contains("were removed, because"), "{recovered:?}");
}

/// A header that names 268 million places in 4 GiB of holes.
#[test]
fn a_journal_of_holes_is_left_alone_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::write(&path, [1; 100]).expect("written");
    let beside = folder.path().join(".file.pagelens-journal");
    for (counts, why) in [
        ([Some((1 << 28) + 1), None, None, None], "lists 268435457 places"),
        ([Some(1 << 19), Some(1 << 30), Some(1 << 25), None], "almost entirely of holes"),
    ] {
        let journal = Journal { counts, len: 5 << 30, ..Journal::fitting(&path, &[1; 100], 3, &[2; 10], 0) };
        journal.write(&beside);
        if [&path, &beside].into_iter().any(|path| chown(path, Some(STRANGER), None).is_err()) {
            println!("SKIPPED: only root may give files away, so another user's journal was not tested");
            return;
        }
        let refused = find(&RealDisk, &path, None).expect_err("strange").to_string();
        assert!(
            refused.contains(why) && refused.contains("Nothing was written. Move it to another folder"),
            "{refused}"
        );
        std::fs::remove_file(&beside).expect("removed");
    }
}

/// Some file systems make holes of zeros by themselves, so the user's own journal may be of little else.
#[test]
fn a_journal_of_one_s_own_may_be_of_holes() {
    const LEN: u64 = 24 << 20;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    std::fs::File::create_new(&path).and_then(|file| file.set_len(LEN)).expect("written");
    let beside = folder.path().join(".file.pagelens-journal");
    Journal {
        old_len: LEN,
        new_len: LEN,
        spans: vec![(0, LEN)],
        old: Vec::new(),
        blocks: Vec::new(),
        counts: [None, Some(LEN), Some(LEN / 512), None],
        ..Journal::fitting(&path, &[1; 100], 3, &[2; 10], 0)
    }
    .write(&beside);
    let facts = std::fs::metadata(&beside).expect("there");
    assert!(facts.blocks() * 512 < facts.len() / 64, "it is no file of holes: {} blocks", facts.blocks());
    let pending = find(&RealDisk, &path, None).expect("it is believed").expect("it is there");
    assert_eq!(pending.verdict, Verdict::Untouched);
}

/// Whoever may write in the folder can put a pipe in the place of a file whose journal is there; nobody waits for its
/// other end.
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("file");
    Journal::fitting(&path, &[1; 100], 3, &[2; 10], 0).write(&folder.path().join(".file.pagelens-journal"));
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    let (told, asked) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let looked = find(&RealDisk, &path, None).map(|_| ());
        let recovered = recover(&RealDisk, &path, None, RecoveryChoice::Safe).map(|_| ());
        let _ = told.send([looked, recovered]);
    });
    let answers = asked.recv_timeout(std::time::Duration::from_secs(30)).expect("it waits for the pipe");
    for answer in answers {
        let refused = answer.expect_err("it is no file").to_string();
        assert!(refused.contains("it is a pipe") && refused.contains("file"), "{refused}");
    }
}
