//! The last check before a save in place writes a piece or puts it back. Nothing happens between the check and the
//! write. What another program writes before the check stays. What it writes after it is reported.

use super::rig::{FaultyDisk, Opened};
use pagelens::bytes::{Availability, ReadError, SharedSource, Source, Span};
use pagelens::job::Progress;
use pagelens::save::disk::Access;
use pagelens::save::{Disk, FileState, RealDisk, SaveError, SaveRequest, SaveWay, plan, save};
use std::fmt;
use std::fs::OpenOptions;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const LEN: usize = 100_000;
const OLD: u8 = b'A';
const NEW: u8 = b'B';
const OTHERS: u8 = b'Q';

/// The distance between two edits, in bytes.
const STEP: u64 = 9;

/// A snapshot that reports each read before it is made.
struct Told<F> {
    inner: SharedSource,
    tell: F,
}

impl<F> fmt::Debug for Told<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl<F: Fn(u64) + Send + Sync> Source for Told<F> {
    fn len(&self) -> u64 {
        self.inner.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        (self.tell)(offset);
        self.inner.read_at(offset, buf)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.inner.peek(offset, buf, states);
    }

    fn data_after(&self, offset: u64) -> Option<Span> {
        self.inner.data_after(offset)
    }
}

/// Edits all over a file. `tell` is called for each read of the snapshot.
fn request(opened: &Opened, tell: impl Fn(u64) + Send + Sync + 'static) -> SaveRequest {
    let places: Vec<u64> = (0..LEN as u64).step_by(STEP as usize).collect();
    let bytes: Vec<u8> = (0..LEN as u64).map(|at| if at % STEP == 0 { NEW } else { OLD }).collect();
    let whole = opened.overwrite(&[(0, &bytes)]);
    let spans = places.into_iter().filter_map(|at| Span::at(at, 1)).collect();
    let snapshot: SharedSource = Arc::new(Told { inner: whole.snapshot, tell });
    SaveRequest::save(snapshot, &opened.path, opened.identity.clone())
        .with_overwrites(opened.generation.clone(), Some(spans))
}

/// A disk with an error after all bytes are written. The new bytes stay until the save puts the old ones back.
fn taken_back() -> FaultyDisk {
    let opened = Opened::with(&[OLD; LEN]);
    let disk = FaultyDisk::sound();
    save(&disk, request(&opened, |_| {}), &Progress::default()).expect("saved");
    // The name is asked for twice at the end: before the mark and after all.
    let asked = disk.calls().iter().filter(|call| **call == "stat").count();
    FaultyDisk::failing_later("stat", libc::EIO, asked - 2, 1)
}

fn write_one(path: &Path, at: u64) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = OpenOptions::new().write(true).open(path).expect("there");
    file.seek(SeekFrom::Start(at)).expect("sought");
    file.write_all(&[OTHERS]).expect("written");
}

#[test]
fn no_call_lies_between_the_look_at_a_piece_and_its_write() {
    let opened = Opened::with(&[OLD; LEN]);
    let disk = Arc::new(taken_back());
    let noted = Arc::clone(&disk);
    let request = request(&opened, move |_| noted.note("snapshot"));
    assert_eq!(plan(&RealDisk, &request).expect("a plan").way, SaveWay::InPlace);
    let error = save(&*disk, request, &Progress::default()).expect_err("taken back");
    assert_eq!((error.state(), opened.bytes()), (FileState::RolledBack, vec![OLD; LEN]), "{error}");
    let calls = disk.calls();
    let journal = calls.iter().position(|call| *call == "sync_folder").expect("there is a journal");
    let written: Vec<usize> = (journal..calls.len()).filter(|at| calls[*at] == "write_at").collect();
    assert!(written.len() > 10 && written.len().is_multiple_of(2), "there and back: {calls:?}");
    for at in written {
        assert_eq!(calls[at - 2..at], ["snapshot", "read_at"], "before call {at}: {calls:?}");
    }
}

#[test]
fn what_another_program_writes_while_bytes_are_read_stays() {
    for is_taken_back in [false, true] {
        let disk = || if is_taken_back { taken_back() } else { FaultyDisk::sound() };
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let sound = Opened::with(&[OLD; LEN]);
        let whole = request(&sound, move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        assert_eq!(save(&disk(), whole, &Progress::default()).is_err(), is_taken_back);
        let mut ends = [0; 3];
        for moment in 0..count.load(Ordering::SeqCst) {
            let opened = Opened::with(&[OLD; LEN]);
            let (path, reads) = (opened.path.clone(), AtomicUsize::new(0));
            let written = Arc::new(AtomicUsize::new(0));
            let place = Arc::clone(&written);
            let request = request(&opened, move |offset| {
                if reads.fetch_add(1, Ordering::SeqCst) == moment {
                    write_one(&path, offset + 20);
                    place.store(offset as usize + 20, Ordering::SeqCst);
                }
            });
            let error = save(&disk(), request, &Progress::default()).expect_err("it is noticed");
            let at = written.load(Ordering::SeqCst);
            assert_eq!(opened.bytes()[at], OTHERS, "at {at}, read {moment}, {is_taken_back}: LOST: {error}");
            let text = error.to_string();
            let end = match error.state() {
                FileState::Untouched => 0,
                FileState::RolledBack => 1,
                FileState::Mixed(_) => 2,
            };
            assert_eq!(text.contains("Nothing was written"), end == 0, "{text}");
            ends[end] += 1;
        }
        println!("figure: written to while the snapshot was read, untouched, taken back, mixed: {ends:?}");
        assert!(ends[0] > 0 && ends[1] > 0 && (ends[2] > 0) == is_taken_back, "{ends:?}");
    }
}

/// The calls of a save that nothing disturbs. `None`, said aloud, where the system does not tell who writes to a file.
fn calls_of_a_save() -> Option<Vec<&'static str>> {
    let opened = Opened::with(&[OLD; LEN]);
    if RealDisk.open(&opened.path, Access::Write).expect("opened").watch_writes().is_err() {
        println!("SKIPPED: this system does not tell who writes to a file");
        return None;
    }
    let disk = FaultyDisk::sound();
    save(&disk, request(&opened, |_| {}), &Progress::default()).expect("saved");
    Some(disk.calls())
}

/// The moment between the check and the write can't be guarded, so the message says what may be lost.
#[test]
fn what_may_be_lost_in_the_very_moment_of_a_write_is_told() {
    let Some(calls) = calls_of_a_save() else { return };
    let journal = calls.iter().position(|call| *call == "sync_folder").expect("there is a journal");
    let before = calls[..journal].iter().filter(|call| **call == "write_at").count();
    let opened = Opened::with(&[OLD; LEN]);
    let script = "printf Q | dd of=\"$0\" bs=1 seek=18 conv=notrunc status=none";
    let path = opened.path.clone();
    let act = move || {
        let status = std::process::Command::new("sh").arg("-c").arg(script).arg(&path).status();
        assert!(status.expect("run").success());
    };
    let disk = FaultyDisk::interfering("write_at", before, act);
    let error = save(&disk, request(&opened, |_| {}), &Progress::default()).expect_err("it is noticed");
    assert!(matches!(error, SaveError::ChangedOnDisk { state: FileState::RolledBack, .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("put back") && text.contains("may be lost"), "{text}");
    assert!(!text.contains("Nothing was written"), "{text}");
    assert_eq!(opened.bytes(), [OLD; LEN]);
}

/// If another program has only replaced the file, nothing that it wrote may be lost.
#[test]
fn a_file_that_was_replaced_has_lost_nothing() {
    let Some(calls) = calls_of_a_save() else { return };
    let asked = calls.iter().filter(|call| **call == "stat").count();
    let opened = Opened::with(&[OLD; LEN]);
    let path = opened.path.clone();
    let disk = FaultyDisk::interfering("stat", asked - 2, move || {
        let other = path.with_extension("other");
        std::fs::write(&other, b"other").expect("written");
        std::fs::rename(&other, &path).expect("renamed");
    });
    let error = save(&disk, request(&opened, |_| {}), &Progress::default()).expect_err("it is noticed");
    let text = error.to_string();
    assert!(text.contains("put back") && !text.contains("may be lost"), "{text}");
}

/// Recovery also checks once more, right before it puts old bytes back.
#[test]
fn what_another_program_writes_while_a_save_is_put_right_stays() {
    use super::interrupted::{Moment, interrupt};
    use pagelens::save::recover::{RecoveryChoice, recover};
    const EDIT: &[u8] = b"new bytes";
    let interrupted = || {
        let opened = Opened::with(&[OLD; 5000]);
        interrupt(&opened.path, &[(Span::between(100, 109), EDIT)], Moment::Written);
        opened
    };
    let sound = interrupted();
    let disk = FaultyDisk::sound();
    recover(&disk, &sound.path, None, RecoveryChoice::Safe).expect("put right").expect("there was a journal");
    assert_eq!(sound.bytes(), [OLD; 5000]);
    let calls = disk.calls();
    let written = calls.iter().position(|call| *call == "write_at").expect("it is put back");
    assert_eq!(calls[written - 1], "read_at", "{calls:?}");
    // The last check is the only read of the file after the journal's folder is synced.
    let before = calls[..written].iter().filter(|call| **call == "read_at").count();
    let opened = interrupted();
    let path = opened.path.clone();
    let disk = FaultyDisk::interfering("read_at", before - 1, move || write_one(&path, 104));
    let error = recover(&disk, &opened.path, None, RecoveryChoice::Safe).expect_err("it is noticed");
    assert!(error.to_string().contains("another program has written to it"), "{error}");
    assert_eq!(opened.bytes()[104], OTHERS);
    let again = recover(&RealDisk, &opened.path, None, RecoveryChoice::Safe).expect_err("left to the user");
    assert!(matches!(again, SaveError::NeedsRecovery { .. }), "{again}");
    recover(&RealDisk, &opened.path, None, RecoveryChoice::PutBackOld).expect("the user has chosen");
    assert_eq!(opened.bytes(), [OLD; 5000]);
}

/// The end is moved only if it is where it was when the file was judged, and only over bytes of the save.
#[test]
fn what_another_program_writes_at_the_end_while_a_save_is_put_right_stays() {
    use super::interrupted::{Moment, interrupt};
    use pagelens::save::recover::{RecoveryChoice, recover};
    fn append(path: &Path) {
        let mut file = OpenOptions::new().append(true).open(path).expect("there");
        std::io::Write::write_all(&mut file, b"precious").expect("appended");
    }
    let same: (Span, &[u8]) = (Span::between(100, 109), b"new bytes");
    let longer: (Span, &[u8]) = (Span::empty_at(5000), b"a new end");
    let shorter: (Span, &[u8]) = (Span::between(2000, 5000), b"");
    let appended = "another program has changed its length";
    let written = "another program has written to it";
    let cases: [(_, _, fn(&Path), _); 5] = [
        (same, Moment::Written, append, appended),
        (longer, Moment::Written, append, appended),
        (longer, Moment::Written, |path| write_one(path, 5004), written),
        (shorter, Moment::Done, append, appended),
        (shorter, Moment::Done, |path| write_one(path, 3000), written),
    ];
    for (n, (edit, moment, act, why)) in cases.into_iter().enumerate() {
        let opened = Opened::with(&[OLD; 5000]);
        interrupt(&opened.path, &[edit], moment);
        let expected = Opened::with(&opened.bytes());
        act(&expected.path);
        // When the journal is synced, the file has been judged.
        let path = opened.path.clone();
        let disk = FaultyDisk::interfering("sync", 0, move || act(&path));
        let error = recover(&disk, &opened.path, None, RecoveryChoice::Safe).expect_err("it is noticed");
        assert!(error.to_string().contains(why), "case {n}: {error}");
        assert!(opened.bytes() == expected.bytes(), "case {n}");
        recover(&RealDisk, &opened.path, None, RecoveryChoice::PutBackOld).expect("the user has chosen");
        assert!(opened.bytes() == [OLD; 5000], "case {n}");
    }
}
