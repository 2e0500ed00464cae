//! That the simulated disk loses what a disk may lose, and nothing else.
//!
//! Each test plays many seeds and compares all outcomes that came about with all that may: one too few is as wrong as
//! one too many.

use super::file::Keep;
use super::{Crash, Fault, SECTOR, Script, SimDisk, State};
use pagelens::bytes::Span;
use pagelens::save::Disk;
use pagelens::save::disk::{Access, DiskFile, Privacy};
use std::collections::BTreeSet;
use std::path::Path;

const FOLDER: &str = "/disk";
const A: &str = "/disk/a";
const B: &str = "/disk/b";
const ANY: Keep = Keep(128);

fn path(path: &str) -> &Path {
    Path::new(path)
}

fn disk(seed: u64) -> SimDisk {
    SimDisk::new(State::new(seed, &[path(FOLDER)]))
}

fn create(disk: &SimDisk, name: &str, bytes: &[u8]) -> Box<dyn DiskFile> {
    let file = disk.create_new(path(name), Privacy::Default).expect("created");
    assert_eq!(file.write_at(0, bytes).expect("written"), bytes.len());
    file
}

/// A file whose bytes and name are durable.
fn durable(disk: &SimDisk, name: &str, bytes: &[u8]) -> Box<dyn DiskFile> {
    let file = create(disk, name, bytes);
    file.sync().expect("synced");
    disk.sync_folder(path(FOLDER)).expect("synced");
    file
}

/// The bytes of the two files; `None` where one is not there.
type Both = (Option<Vec<u8>>, Option<Vec<u8>>);

/// What the two files hold after `act` and a power cut, over many seeds.
fn outcomes(keep: Keep, act: impl Fn(&SimDisk)) -> BTreeSet<Both> {
    let after = |seed| {
        let disk = disk(seed);
        act(&disk);
        disk.crash(Crash::PowerLoss(keep));
        (disk.bytes(path(A)), disk.bytes(path(B)))
    };
    (0..200).map(after).collect()
}

fn some(bytes: &[u8]) -> Option<Vec<u8>> {
    Some(bytes.to_vec())
}

#[test]
fn a_write_without_a_sync_is_kept_or_lost_and_one_with_it_is_kept() {
    let unsynced = outcomes(ANY, |disk| {
        durable(disk, A, b"old").write_at(0, b"new").expect("written");
    });
    assert_eq!(unsynced, BTreeSet::from([(some(b"old"), None), (some(b"new"), None)]));
    let synced = outcomes(ANY, |disk| {
        let file = durable(disk, A, b"old");
        file.write_at(0, b"new").expect("written");
        file.sync().expect("synced");
    });
    assert_eq!(synced, BTreeSet::from([(some(b"new"), None)]));
    let none = outcomes(Keep(0), |disk| {
        durable(disk, A, b"old").write_at(0, b"new").expect("written");
    });
    assert_eq!(none, BTreeSet::from([(some(b"old"), None)]));
}

#[test]
fn a_write_is_torn_between_sectors_and_never_inside_one() {
    let after = outcomes(ANY, |disk| {
        let file = durable(disk, A, &[0; 3 * SECTOR]);
        file.write_at(100, &[1; 2 * SECTOR]).expect("written");
    });
    let sectors = [(100, SECTOR), (SECTOR, 2 * SECTOR), (2 * SECTOR, 2 * SECTOR + 100)];
    let mut expected = BTreeSet::new();
    for which in 0..8 {
        let mut bytes = vec![0; 3 * SECTOR];
        for (start, end) in sectors.iter().enumerate().filter(|(n, _)| which & 1 << n != 0).map(|(_, at)| *at)
        {
            bytes[start..end].fill(1);
        }
        expected.insert((Some(bytes), None));
    }
    assert_eq!(after, expected);
}

#[test]
fn two_writes_to_a_sector_leave_a_version_that_was_there_once() {
    let after = outcomes(ANY, |disk| {
        let file = durable(disk, A, b"--");
        file.write_at(0, b"1").expect("written");
        file.write_at(1, b"2").expect("written");
    });
    // The second alone was never what the system held.
    assert_eq!(after, BTreeSet::from([(some(b"--"), None), (some(b"1-"), None), (some(b"12"), None)]));
}

#[test]
fn a_length_is_kept_or_lost_by_itself() {
    let grown = outcomes(ANY, |disk| {
        durable(disk, A, &[]).write_at(0, b"new").expect("written");
    });
    assert_eq!(grown, BTreeSet::from([(some(b""), None), (some(b"\0\0\0"), None), (some(b"new"), None)]));
    let cut = outcomes(ANY, |disk| {
        durable(disk, A, b"four").set_len(2).expect("cut");
    });
    assert!(cut.contains(&(some(b"fo"), None)) && cut.contains(&(some(b"four"), None)), "{cut:?}");
    assert_eq!(cut.len(), 3, "the tail may have gone before the length: {cut:?}");
}

#[test]
fn a_name_is_durable_when_its_folder_was_synced() {
    let unsynced = outcomes(ANY, |disk| create(disk, A, b"new").sync().expect("synced"));
    assert_eq!(unsynced, BTreeSet::from([(None, None), (some(b"new"), None)]));
    let removed = outcomes(ANY, |disk| {
        durable(disk, A, b"old");
        disk.remove(path(A)).expect("removed");
    });
    assert_eq!(removed, BTreeSet::from([(None, None), (some(b"old"), None)]));
    let synced = outcomes(ANY, |disk| {
        durable(disk, A, b"old");
        disk.remove(path(A)).expect("removed");
        disk.sync_folder(path(FOLDER)).expect("synced");
    });
    assert_eq!(synced, BTreeSet::from([(None, None)]));
}

#[test]
fn a_rename_and_an_exchange_happen_wholly_or_not_at_all() {
    let before = || (some(b"a"), some(b"b"));
    let both = |disk: &SimDisk| {
        durable(disk, A, b"a");
        durable(disk, B, b"b");
    };
    let renamed = outcomes(ANY, |disk| {
        both(disk);
        disk.rename(path(B), path(A)).expect("renamed");
    });
    assert_eq!(renamed, BTreeSet::from([before(), (some(b"b"), None)]));
    let exchanged = outcomes(ANY, |disk| {
        both(disk);
        disk.exchange(path(A), path(B)).expect("exchanged");
    });
    assert_eq!(exchanged, BTreeSet::from([before(), (some(b"b"), some(b"a"))]));
}

#[test]
fn names_are_lost_independently_but_none_skips_a_step() {
    let apart = outcomes(ANY, |disk| {
        create(disk, A, b"").sync().expect("synced");
        create(disk, B, b"").sync().expect("synced");
    });
    assert_eq!(apart.len(), 4, "{apart:?}");
    let chain = outcomes(ANY, |disk| {
        durable(disk, A, b"1");
        create(disk, B, b"2").sync().expect("synced");
        disk.rename(path(B), path(A)).expect("renamed");
    });
    let steps = [(some(b"1"), None), (some(b"1"), some(b"2")), (some(b"2"), None)];
    assert_eq!(chain, BTreeSet::from(steps));
}

#[test]
fn a_killed_program_leaves_all_it_did_and_the_power_may_still_go() {
    let disk = disk(1);
    let file = durable(&disk, A, b"old");
    file.write_at(0, b"new").expect("written");
    assert!(file.try_lock().expect("locks"));
    disk.crash(Crash::Killed);
    assert_eq!(disk.bytes(path(A)), some(b"new"));
    file.write_at(0, b"late").expect_err("the handle is dead");
    file.sync().expect_err("the handle is dead");
    let again = disk.open(path(A), Access::Write).expect("opened");
    assert!(again.try_lock().expect("locks"), "the lock went with its holder");
    disk.crash(Crash::PowerLoss(Keep(0)));
    assert_eq!(disk.bytes(path(A)), some(b"old"));
}

#[test]
fn after_a_failed_sync_the_next_confirms_only_what_was_written_again() {
    let mut left = BTreeSet::new();
    for seed in 0..100 {
        let disk = disk(seed);
        let file = durable(&disk, A, b"old");
        file.write_at(0, b"new").expect("written");
        disk.set_script(Some(Script { at: disk.calls().len(), times: 1, fault: Fault::Error(libc::EIO) }));
        file.sync().expect_err("scripted");
        let platter = || disk.state().files[0].durable.bytes();
        let (before, shown) = (platter(), disk.bytes(path(A)).expect("there"));
        file.sync().expect("nothing is left to do");
        assert_eq!(platter(), before, "seed {seed}: a later sync has written what was dropped");
        left.insert((before, shown));
        file.write_at(0, b"new").expect("written");
        file.sync().expect("synced");
        assert_eq!(platter(), b"new", "seed {seed}");
    }
    // Written or dropped, and still shown or not; what is on the platter is always what is shown then.
    let pair = |platter: &[u8], shown: &[u8]| (platter.to_vec(), shown.to_vec());
    assert_eq!(left, BTreeSet::from([pair(b"old", b"old"), pair(b"old", b"new"), pair(b"new", b"new")]));
}

#[test]
fn a_full_disk_takes_what_fits_and_what_was_set_aside() {
    let mut state = State::new(1, &[path(FOLDER)]);
    state.can.room = Some(2 * SECTOR as u64);
    let disk = SimDisk::new(state);
    let file = disk.create_new(path(A), Privacy::Default).expect("created");
    assert_eq!(file.write_at(10, &[1; 3 * SECTOR]).expect("a part"), 2 * SECTOR - 10);
    let full = file.write_at(2 * SECTOR as u64, b"!").expect_err("full");
    assert_eq!(full.kind(), std::io::ErrorKind::StorageFull);
    assert_eq!(file.write_at(0, b"over").expect("no room is needed"), 4);
    file.reserve(Span::first(3 * SECTOR as u64)).expect_err("full");
    disk.create_new(path(B), Privacy::Default).expect_err("full");
    file.set_len(0).expect("cut");
    file.reserve(Span::first(2 * SECTOR as u64)).expect("room again");
    assert_eq!(
        (disk.free_room(path(FOLDER)).expect("known"), file.stat().expect("known").identity.len),
        (Some(0), 1024)
    );
    assert_eq!(file.write_at(0, &[7; 1024]).expect("set aside"), 1024);
    disk.remove(path(A)).expect("removed");
    assert_eq!(disk.free_room(path(FOLDER)).expect("known"), Some(0), "it is still open");
    drop(file);
    assert_eq!(disk.free_room(path(FOLDER)).expect("known"), Some(1024));
}

#[test]
fn a_disk_that_copies_on_write_needs_room_to_overwrite() {
    let mut state = State::new(1, &[path(FOLDER)]);
    state.can.room = Some(SECTOR as u64);
    state.can.copies_on_write = true;
    let disk = SimDisk::new(state);
    let file = create(&disk, A, b"all");
    file.write_at(0, b"new").expect_err("full");
}

#[test]
fn shared_and_copied_bytes_are_the_same_and_go_apart_when_written() {
    let mut state = State::new(1, &[path(FOLDER)]);
    state.can.shares_blocks = true;
    let disk = SimDisk::new(state);
    let first = create(&disk, A, &[1; 700]);
    let second = create(&disk, B, b"");
    second.share_blocks(&*first).expect("shared");
    first.write_at(0, &[2; 3]).expect("written");
    assert_eq!(disk.bytes(path(B)), Some(vec![1; 700]));
    assert_eq!(second.copy_range(&*first, Span::between(1, 5), 698).expect("copied"), 4);
    let mut expected = vec![1; 698];
    expected.extend([2, 2, 1, 1]);
    assert_eq!(disk.bytes(path(B)), Some(expected));
}

#[test]
fn every_change_gives_a_new_identity_and_reading_none() {
    let disk = disk(1);
    let file = durable(&disk, A, b"bytes");
    let mut known = disk.identity(path(A));
    file.read_at(0, &mut [0; 5]).expect("read");
    file.sync().expect("synced");
    assert_eq!(disk.identity(path(A)), known);
    let changes: [&dyn Fn(); 4] = [
        &|| assert_eq!(file.write_at(0, b"bytes").expect("written"), 5),
        &|| file.set_len(5).expect("cut"),
        &|| file.set_mode(0o600).expect("set"),
        &|| disk.rename_new(path(A), path(A)).or_else(|_| disk.rename(path(A), path(A))).expect("renamed"),
    ];
    for (number, change) in changes.iter().enumerate() {
        change();
        let now = disk.identity(path(A));
        assert_ne!(now, known, "change {number}");
        known = now;
    }
}

#[test]
fn points_are_recorded_before_calls_and_a_write_may_be_halved() {
    let disk = SimDisk::recording(State::new(1, &[path(FOLDER)]));
    let file = create(&disk, A, &[1; 4 * SECTOR]);
    file.read_at(0, &mut [0]).expect("read");
    file.read_at(0, &mut [0]).expect("read");
    let points = disk.take_points();
    assert_eq!(
        points.iter().map(|point| point.name).collect::<Vec<_>>(),
        ["create_new", "write_at", "read_at"]
    );
    let mut random = fastrand::Rng::with_seed(1);
    let lens: BTreeSet<usize> = (0..200)
        .map(|_| SimDisk::new(points[1].state(&mut random)).bytes(path(A)).map_or(0, |bytes| bytes.len()))
        .collect();
    assert_eq!(lens, (0..=4).map(|n| n * SECTOR).collect());
}
