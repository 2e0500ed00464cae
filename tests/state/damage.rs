//! Logs that were cut off or damaged, and disks that fail: never a panic, never wrong bytes without a word.

use super::life::{BUDGET, FOLDER, LABELS, Life, all, disk, idle_writer, kill, look, revive};
use crate::save::sim::{Fault, Script, SimDisk};
use fastrand::Rng;
use pagelens::bytes::{Availability, ReadError, SharedSource, Source, Span};
use pagelens::document::{Content, Edit};
use pagelens::job::no_waker;
use pagelens::save::disk::{Privacy, write_all_at};
use pagelens::save::{Disk, RealDisk};
use pagelens::state::edit_log::{EditLog, LogEntry, Why, find};
use std::collections::HashSet;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A life of some edits of all kinds, every state of it, and its log.
fn story() -> (Life, Vec<Vec<u8>>, Vec<u8>) {
    let disk = disk(7);
    let mut life = Life::on(&disk, Rng::with_seed(7), (0..40).collect(), BUDGET);
    let mut states = vec![all(&life.document.snapshot())];
    let mut step = |life: &mut Life, act: &dyn Fn(&mut Life)| {
        act(life);
        states.push(all(&life.document.snapshot()));
    };
    step(&mut life, &|life| life.type_at(3, b"ab"));
    step(&mut life, &|life| life.type_at(5, b"c"));
    step(&mut life, &|life| life.edit(Edit::one("Paste", Span::between(10, 20), Content::none())));
    step(&mut life, &|life| {
        let pattern = Content::Repeat { pattern: b"xyz".to_vec(), len: 100 };
        life.edit(Edit::one("Paste", Span::empty_at(4), pattern));
    });
    step(&mut life, &Life::undo);
    step(&mut life, &Life::redo);
    step(&mut life, &|life| {
        let spans = (0..5).map(|n| Span::between(n * 9, n * 9 + 1)).collect();
        life.edit(Edit::same("Replace all", spans, Content::Bytes(b"!!".to_vec())));
    });
    life.begin_save();
    life.idle();
    step(&mut life, &|life| life.type_at(0, b"saving"));
    life.cancel_save();
    step(&mut life, &|life| life.write(LogEntry::State { history: life.document.history(), why: Why::Gap }));
    life.idle();
    let log = disk.bytes(&log_of(&disk)).expect("a log");
    (life, states, log)
}

fn log_of(disk: &SimDisk) -> PathBuf {
    let names = disk.list(Path::new(FOLDER)).expect("a folder");
    Path::new(FOLDER).join(&names[0])
}

/// A disk with this log and nobody who writes it.
fn with_log(bytes: &[u8]) -> SimDisk {
    let disk = disk(0);
    let path = Path::new(FOLDER).join("0123456789abcdef.log");
    let file = disk.create_new(&path, Privacy::Private).expect("made");
    write_all_at(&*file, 0, bytes, || {}).expect("written");
    kill(&disk);
    disk
}

/// What is restored of a log, and all that is said of it; `None` when nothing is.
fn restore(life: &Life, log: &[u8]) -> (Option<Vec<u8>>, String) {
    let disk = with_log(log);
    let (offers, messages) = look(&disk);
    let Some(offer) = offers.first() else { return (None, messages.concat()) };
    let said = offer.damage.clone().unwrap_or_default();
    match revive(offer, &life.file) {
        Ok(revived) => (Some(all(&revived.document.snapshot())), said + &revived.remarks.concat()),
        Err(error) => (None, format!("{error:?}")),
    }
}

#[test]
fn a_log_cut_off_anywhere_gives_a_state_that_was_there() {
    let (life, states, log) = story();
    let mut reached = HashSet::new();
    let mut unsaid = 0;
    for len in 0..log.len() {
        let (bytes, said) = restore(&life, &log[..len]);
        let Some(bytes) = bytes else { continue };
        assert!(states.contains(&bytes), "cut at {len}: a state that never was");
        reached.insert(bytes);
        unsaid += usize::from(said.is_empty());
    }
    assert!(
        states.iter().skip(1).all(|state| reached.contains(state)),
        "an edit is there only with those after it"
    );
    assert!(unsaid < 40, "only a cut between two records is none: {unsaid} of {}", log.len());
}

#[test]
fn a_flipped_bit_is_noticed() {
    let (life, states, log) = story();
    let last = states.last().expect("states");
    for at in 0..log.len() {
        let mut bad = log.clone();
        bad[at] ^= 1 << (at % 8);
        let (bytes, said) = restore(&life, &bad);
        match bytes {
            Some(bytes) => {
                assert!(states.contains(&bytes), "a bit at {at}: a state that never was");
                assert!(
                    bytes == *last || !said.is_empty(),
                    "a bit at {at}: edits are missing without a word"
                );
                assert!(!said.is_empty(), "a bit at {at}: nothing is said");
            }
            None => assert!(!said.is_empty(), "a bit at {at}: the log is gone without a word"),
        }
    }
}

/// What the system leaves of a write whose data had not reached the disk when the power went.
#[test]
fn zeros_at_the_end_are_an_end_and_no_damage() {
    let (life, states, log) = story();
    let last = states.last().expect("states");
    for zeros in [1, 15, 16, 17, 4096, 3 << 20] {
        let (bytes, said) = restore(&life, &[&log[..], &vec![0; zeros]].concat());
        assert_eq!(bytes.as_ref(), Some(last), "{zeros}");
        assert!(said.contains("cut off") && !said.contains("damaged"), "{zeros}: {said}");
    }
    assert!(log.len() > 512);
    for border in (512..log.len()).step_by(512) {
        let mut cut = log.clone();
        cut[border..].fill(0);
        let (bytes, said) = restore(&life, &cut);
        assert!(bytes.is_none_or(|bytes| states.contains(&bytes)), "{border}");
        assert!(!said.contains("damaged") && !said.is_empty(), "{border}: {said}");
    }
    let (_, said) = restore(&life, &[&log[..], &[0; 4096], b"x"].concat());
    assert!(said.contains("damaged"), "{said}");
}

#[test]
fn a_record_that_says_it_is_huge_is_damage() {
    let (_, _, log) = story();
    for (len, word) in [(1_u64 << 40, "damaged"), (64 << 20, "cut off"), (u64::MAX, "cut off")] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("0123456789abcdef.log");
        let frame = [len.to_le_bytes(), [7; 8]].concat();
        std::fs::write(&path, [&log[..], &frame].concat()).expect("written");
        let mut file = std::fs::File::options().write(true).open(&path).expect("open");
        let end = log.len() as u64 + 16 + len.min(2 << 40);
        file.set_len(end).expect("holes");
        if word == "damaged" {
            file.seek(SeekFrom::Start(end - 1)).expect("a place");
            file.write_all(b"x").expect("written");
        }
        let disk: Arc<dyn Disk> = Arc::new(RealDisk);
        let found = find(&disk, folder.path(), LABELS);
        let said = found.offers.first().and_then(|offer| offer.damage.clone()).unwrap_or_default();
        assert!(said.contains(word), "{len:#x}: {said} {:?}", found.messages);
    }
}

#[test]
fn what_is_no_log_is_set_aside_with_a_word() {
    for bytes in [&b"something else that lies here by mistake"[..], &[0; 5000]] {
        let disk = with_log(bytes);
        let (offers, messages) = look(&disk);
        assert!(offers.is_empty() && messages.concat().contains(".broken"), "{messages:?}");
        assert!(log_of(&disk).extension().is_some_and(|end| end == "broken"));
        assert_eq!(look(&disk).1, Vec::<String>::new(), "it is told of once");
    }
}

#[test]
fn the_log_of_a_running_program_is_left_alone() {
    let disk = disk(1);
    let mut life = Life::new(&disk, 1);
    life.type_at(0, b"x");
    assert!(look(&disk).0.is_empty());
    kill(&disk);
    assert_eq!(look(&disk).0.len(), 1);
}

/// Every call to the system fails once, or from then on: edits go on, the trouble is told, and when the disk works again
/// so does the log.
#[test]
fn a_log_that_could_not_be_written_is_whole_again_when_the_disk_is() {
    for (error, times) in [(libc::EIO, 1), (libc::ENOSPC, 1), (libc::EIO, 40), (libc::ENOSPC, 40)] {
        for at in 0..40 {
            let disk = disk(at as u64);
            let mut life = Life::on(&disk, Rng::with_seed(at as u64), vec![5; 300], BUDGET);
            disk.set_script(Some(Script { at, times, fault: Fault::Error(error) }));
            let mut troubled = false;
            for n in 0..12 {
                life.type_at(n * 3, &[n as u8; 2]);
                life.now += Duration::from_millis(900);
                if let Some(sync) = life.writer.look_at_clock(life.now) {
                    let answer = sync.run();
                    life.writer.synced(answer, life.now);
                }
                life.idle();
                troubled |= life.writer.status().trouble.is_some();
            }
            let what = format!("error {error}, {times} times from call {at}");
            disk.set_script(None);
            if !troubled {
                let copy = SimDisk::new(disk.state());
                let revived = life.revive(&copy).unwrap_or_else(|error| panic!("{what}: {error:?}"));
                let is_whole = all(&revived.document.snapshot()) == all(&life.document.snapshot());
                assert!(is_whole, "{what}: edits are not kept, and nobody was told");
            }
            for _ in 0..8 {
                life.now += Duration::from_secs(70);
                let _ = life.writer.look_at_clock(life.now);
                if life.writer.status().wants_state {
                    life.write(LogEntry::State { history: life.document.history(), why: Why::Asked });
                }
            }
            assert_eq!(life.writer.status().trouble, None, "{what}");
            life.type_at(100, b"afterwards");
            life.idle();
            kill(&disk);
            let revived = life.revive(&disk).unwrap_or_else(|error| panic!("{what}: {error:?}"));
            assert!(all(&revived.document.snapshot()) == all(&life.document.snapshot()), "{what}");
            assert_eq!(revived.document.history().steps(), life.document.history().steps(), "{what}");
        }
    }
}

#[test]
fn a_log_of_much_undoing_is_written_anew() {
    let disk = disk(9);
    let mut life = Life::on(&disk, Rng::with_seed(9), vec![0; 64], BUDGET);
    life.type_at(0, b"abc");
    while !life.writer.status().wants_state {
        life.undo();
        life.redo();
    }
    let long = life.writer.status().disk_bytes;
    life.write(LogEntry::State { history: life.document.history(), why: Why::Asked });
    let short = life.writer.status().disk_bytes;
    assert!(short < 1000 && long > 1 << 20, "{long} bytes became {short}");
    life.type_at(9, b"d");
    life.idle();
    kill(&disk);
    let revived = life.revive(&disk).expect("restored");
    assert!(all(&revived.document.snapshot()) == all(&life.document.snapshot()));
    assert_eq!(revived.document.history().steps(), (2, 0));
}

/// Bytes that can't be read before something has happened.
#[derive(Debug)]
struct Stuck(Mutex<Receiver<()>>);

impl Source for Stuck {
    fn len(&self) -> u64 {
        8
    }

    fn read_at(&self, _: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        // When nobody holds it any more it goes on.
        let _ = self.0.lock().expect("no panic holds it").recv();
        buf.fill(b's');
        Ok(())
    }

    fn peek(&self, _: u64, buf: &mut [u8], states: &mut [Availability]) {
        buf.fill(0);
        states.fill(Availability::Missing);
    }
}

/// The log stands still while the user goes on: what waits is bounded, and nothing is missing in the end.
#[test]
fn a_log_that_stands_still_costs_bounded_memory_and_no_edits() {
    let disk = disk(11);
    let (release, held) = sync_channel::<()>(0);
    let mut life = Life::on(&disk, Rng::with_seed(11), vec![0; 1 << 20], BUDGET);
    let writer = std::mem::replace(&mut life.writer, idle_writer(&disk));
    let log = EditLog::start(writer, no_waker()).expect("a thread");
    let stuck: SharedSource = Arc::new(Stuck(Mutex::new(held)));
    let mut all_sent = 0;
    for n in 0..60_000_u64 {
        let content = match n {
            0 => Content::Source(Arc::clone(&stuck), Span::first(1)),
            n => Content::Bytes(vec![n as u8]),
        };
        life.document.apply(Edit::one("Typing", Span::between(n, n + 1), content)).expect("inside");
        let delta = life.document.take_delta().expect("an edit");
        all_sent += u64::from(log.send(LogEntry::Step(delta), || life.document.history()));
    }
    assert!((2..20).contains(&all_sent), "{all_sent}: what waits is bounded, at no great cost");
    let handed = log.handed();
    assert!(!handed.wait(Duration::from_millis(50)), "the disk has nothing of it yet");
    drop(release);
    assert!(handed.wait(Duration::from_secs(60)), "it is written in the end");
    log.keep().wait(Duration::from_secs(60));
    kill(&disk);
    let revived = life.revive(&disk).expect("restored");
    assert!(all(&revived.document.snapshot()) == all(&life.document.snapshot()));
    assert_eq!(revived.document.history().steps(), (60_000, 0));
}

/// Some file systems make holes of zeros by themselves, so that a sound log may have little else.
#[test]
#[cfg(unix)]
fn a_log_of_zeros_that_lies_in_holes_is_read() {
    use std::os::unix::fs::{FileExt, MetadataExt};
    let disk = disk(9);
    let mut life = Life::on(&disk, Rng::with_seed(9), (0..40).collect(), BUDGET);
    life.edit(Edit::one("Paste", Span::empty_at(4), Content::Bytes(vec![0; 6 << 20])));
    life.idle();
    let log = disk.bytes(&log_of(&disk)).expect("a log");
    let folder = tempfile::tempdir().expect("a folder");
    let file = std::fs::File::create_new(folder.path().join("0123456789abcdef.log")).expect("made");
    for (n, block) in log.chunks(4096).enumerate().filter(|(_, block)| block.iter().any(|byte| *byte != 0)) {
        file.write_all_at(block, n as u64 * 4096).expect("written");
    }
    file.set_len(log.len() as u64).expect("holes");
    let facts = file.metadata().expect("there");
    assert!(facts.len() > 6 << 20 && facts.blocks() * 512 < facts.len() / 64, "{} blocks", facts.blocks());
    let real: Arc<dyn Disk> = Arc::new(RealDisk);
    let found = find(&real, folder.path(), LABELS);
    assert_eq!(found.offers.first().map(|offer| &offer.damage), Some(&None), "{:?}", found.messages);
    let revived = revive(&found.offers[0], &life.file).expect("restored");
    assert_eq!(all(&revived.document.snapshot()), all(&life.document.snapshot()));
}
