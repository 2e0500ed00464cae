//! Every call of every way fails once, and from there on for good, in each manner: the file is old or new, or the
//! error says that it is neither; the edits are kept; nothing is left behind; the next attempt works.

use super::faulty::replaces_open_files;
use super::rig::{Fault, FaultyDisk, Opened, all, pattern};
use pagelens::bytes::Span;
use pagelens::job::Progress;
use pagelens::save::{FileState, RealDisk, SaveError, SaveRequest, Saved, save};
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::sync::Arc;

/// What another program writes; longer than the file, so that reading goes on.
const OTHERS: [u8; 6000] = [b'o'; 6000];

const FOR_GOOD: usize = usize::MAX;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Case {
    InPlace,
    InPlaceWithHoles,
    Rewrite,
    SaveAsFresh,
    SaveAsOver,
}

const CASES: [Case; 5] =
    [Case::InPlace, Case::InPlaceWithHoles, Case::Rewrite, Case::SaveAsFresh, Case::SaveAsOver];

fn cases() -> impl Iterator<Item = Case> {
    // A new file replaces nothing that is open.
    let replaces = replaces_open_files();
    CASES.into_iter().filter(move |case| replaces || !matches!(case, Case::Rewrite | Case::SaveAsOver))
}

/// A save about to happen.
struct Attempt {
    opened: Opened,
    request: SaveRequest,
    /// The file that is written, and what it held before, if it was there.
    target: PathBuf,
    old: Option<Vec<u8>>,
    new: Vec<u8>,
}

fn attempt(case: Case) -> Attempt {
    let old = pattern(5000);
    let opened = Opened::with(&old);
    let opened = if case == Case::InPlaceWithHoles { with_holes(opened) } else { opened };
    let old = opened.bytes();
    let mut target = opened.path.clone();
    let mut before = Some(old.clone());
    let request = match case {
        Case::InPlace | Case::InPlaceWithHoles => {
            opened.overwrite(&[(3, b"first"), (2000, b"second"), (old.len() as u64 - 1, b"!")])
        }
        Case::Rewrite => opened.splice(Span::between(100, 150), b"something of another length"),
        Case::SaveAsFresh | Case::SaveAsOver => {
            target = opened.folder.path().join("copy.bin");
            before = (case == Case::SaveAsOver).then(|| b"what was there".to_vec());
            if let Some(before) = &before {
                std::fs::write(&target, before).expect("written");
            }
            let snapshot = Arc::new(opened.edited().overwrite(7, b"copy"));
            SaveRequest::save_as(snapshot, &target, case == Case::SaveAsOver)
        }
    };
    let new = all(&*request.snapshot);
    Attempt { opened, request, target, old: before, new }
}

fn with_holes(opened: Opened) -> Opened {
    OpenOptions::new().write(true).open(&opened.path).and_then(|file| file.set_len(1 << 20)).expect("grown");
    let Opened { folder, path, .. } = opened;
    Opened::at(folder, path)
}

impl Attempt {
    fn on_disk(&self) -> Option<Vec<u8>> {
        std::fs::read(&self.target).ok()
    }

    /// What must hold whatever happened.
    fn check(&self, result: &Result<Saved, SaveError>, may_be_mixed: bool, context: &str) {
        match result {
            Ok(saved) => {
                assert_eq!(self.on_disk().as_ref(), Some(&self.new), "saved, but wrong bytes: {context}");
                assert_eq!(saved.path(), dunce::canonicalize(&self.target).expect("there"), "{context}");
            }
            Err(error) => match error.state() {
                FileState::Untouched | FileState::RolledBack => {
                    assert_eq!(self.on_disk(), self.old, "not saved, and changed: {context}: {error}");
                }
                FileState::Mixed(span) => {
                    assert!(may_be_mixed, "{context}: {error}");
                    self.check_mixed(span, context);
                }
            },
        }
        assert_eq!(all(&*self.request.snapshot), self.new, "the edits are gone: {context}");
        let strays = self.opened.names().into_iter().filter(|name| name.starts_with('.')).count();
        let told = match result {
            Err(SaveError::BrokenOff { after, .. }) => {
                usize::from(after.left_over.is_some()) + usize::from(after.journal.is_some())
            }
            Ok(saved) => {
                usize::from(saved.warnings.iter().any(|warning| warning.contains("could not be removed")))
            }
            _ => 0,
        };
        // What an open file leaves on Windows is not counted.
        if cfg!(unix) {
            assert_eq!(strays, told, "{context}");
        } else {
            assert!(strays <= told, "{context}");
        }
    }

    /// Outside `span` every byte is old, inside it old or new.
    fn check_mixed(&self, span: Span, context: &str) {
        let (now, old) = (self.on_disk().expect("still there"), self.old.as_ref().expect("was there"));
        assert_eq!((now.len(), now.len()), (old.len(), self.new.len()), "{context}");
        for (at, byte) in now.iter().enumerate() {
            let right = *byte == old[at] || span.contains(at as u64) && *byte == self.new[at];
            assert!(right, "{context}: byte {at}");
        }
    }

    /// What the user does next: saves again, on a sound disk.
    fn try_again(mut self, error: &SaveError, context: &str) {
        if let Some(identity) = error.version_now()
            && self.request.target.version.is_some()
        {
            self.request.target.version = Some(identity);
        }
        // A dead disk does not tell what the file is now, so the user is asked, and says yes.
        self.request.allow_changed = error.version_now().is_none();
        let saved = save(&FaultyDisk::sound(), self.request.clone(), &Progress::default());
        let saved = saved.unwrap_or_else(|again| panic!("{context}: {error}: then {again}"));
        assert_eq!(self.on_disk().as_ref(), Some(&self.new), "{context}");
        assert!(saved.warnings.is_empty(), "{context}: {:?}", saved.warnings);
    }
}

/// Runs a case with the fault at each call in turn; answers how many there were.
fn at_every_call(case: Case, fault: impl Fn() -> (Fault, Arc<Progress>), times: usize) -> usize {
    for at in 0.. {
        let (fault, progress) = fault();
        let context = format!("{case:?}, {fault:?} at call {at}, {times} times");
        let attempt = attempt(case);
        let disk = FaultyDisk::new(fault, at, times);
        let result = save(&disk, attempt.request.clone(), &progress);
        let context = format!("{context}, {:?}", disk.calls().get(at));
        if !disk.reached() {
            result.unwrap_or_else(|error| panic!("{context}: {error}"));
            return at;
        }
        attempt.check(&result, times == FOR_GOOD, &context);
        if let Err(error) = result {
            attempt.try_again(&error, &context);
        }
    }
    unreachable!("a save makes finitely many calls")
}

#[test]
fn every_call_fails_once() {
    for case in cases() {
        for number in [libc::EIO, libc::ENOSPC, libc::EINTR, libc::EACCES] {
            let calls = at_every_call(case, || (Fault::Error(number), Arc::default()), 1);
            assert!(calls > 10, "{case:?} made {calls} calls");
        }
    }
}

#[test]
fn a_signal_or_a_short_transfer_at_any_call_harms_no_save() {
    for case in cases() {
        for fault in [Fault::Error(libc::EINTR), Fault::Short] {
            for at in 0.. {
                let attempt = attempt(case);
                let disk = FaultyDisk::new(fault.clone(), at, 1);
                let result = save(&disk, attempt.request.clone(), &Progress::default());
                let call = disk.calls().get(at).copied();
                // A rename that says that it was interrupted and did not happen can only be reported.
                if !matches!(call, Some("rename" | "rename_new" | "exchange")) {
                    let saved =
                        result.unwrap_or_else(|error| panic!("{case:?}, {fault:?} at {call:?}: {error}"));
                    assert!(
                        saved.warnings.is_empty(),
                        "{case:?}, {fault:?} at {call:?}: {:?}",
                        saved.warnings
                    );
                    assert_eq!(
                        attempt.on_disk().as_ref(),
                        Some(&attempt.new),
                        "{case:?}, {fault:?} at {call:?}"
                    );
                }
                if call.is_none() {
                    break;
                }
            }
        }
    }
}

#[test]
fn every_transfer_is_short() {
    for case in cases() {
        let attempt = attempt(case);
        let disk = FaultyDisk::new(Fault::Short, 0, FOR_GOOD);
        save(&disk, attempt.request.clone(), &Progress::default()).expect("saved");
        assert_eq!(attempt.on_disk().as_ref(), Some(&attempt.new), "{case:?}");
    }
}

#[test]
fn from_every_call_on_the_disk_is_dead() {
    for case in cases() {
        for number in [libc::EIO, libc::ENOSPC] {
            at_every_call(case, || (Fault::Error(number), Arc::default()), FOR_GOOD);
        }
    }
}

#[test]
fn a_cancel_at_every_call() {
    for case in cases() {
        let cancel = || {
            let progress = Arc::<Progress>::default();
            (Fault::Cancel(progress.clone()), progress)
        };
        at_every_call(case, cancel, 1);
    }
}

#[test]
fn a_cancel_before_the_last_write_is_heeded() {
    for case in cases() {
        for at in 0..last_call(case, "write_at") {
            let attempt = attempt(case);
            let progress = Arc::<Progress>::default();
            let disk = FaultyDisk::new(Fault::Cancel(progress.clone()), at, 1);
            let error = save(&disk, attempt.request.clone(), &progress).expect_err("cancelled");
            assert!(error.is_cancelled(), "{case:?}, call {at}: {error}");
            assert_eq!(attempt.on_disk(), attempt.old, "{case:?}, call {at}");
        }
    }
}

#[test]
fn a_failed_sync_is_never_called_saved() {
    // In place: once is made good by writing again; twice, and the old bytes are put back, which once more may
    // take two; then nothing is certain any more. A rewrite ends at once.
    let in_place = [
        None,
        Some(FileState::RolledBack),
        Some(FileState::RolledBack),
        Some(FileState::Mixed(Span::first(0))),
    ];
    let rewrite = [Some(FileState::Untouched); 4];
    let expected_of =
        |case| if matches!(case, Case::InPlace | Case::InPlaceWithHoles) { in_place } else { rewrite };
    for case in cases() {
        for (times, expected) in (1..).zip(expected_of(case)) {
            let attempt = attempt(case);
            // The disk of the test loses what a failed sync was to confirm, so syncing again alone would show.
            let journals = usize::from(expected_of(case) == in_place);
            let disk = FaultyDisk::failing_later("sync", libc::EIO, journals, times);
            let result = save(&disk, attempt.request.clone(), &Progress::default());
            let context = format!("{case:?}, {times} failed syncs");
            attempt.check(&result, true, &context);
            let state = result.as_ref().err().map(SaveError::state);
            let kind = |state: Option<FileState>| state.map(|state| std::mem::discriminant(&state));
            assert_eq!(kind(state), kind(expected), "{context}: {state:?}");
            if let Err(error) = result {
                attempt.try_again(&error, &context);
            }
        }
    }
}

#[test]
fn a_file_left_with_old_and_new_bytes_is_saved_again_without_being_taken_for_another_program_s() {
    let attempt = attempt(Case::InPlace);
    // The journal and the first extent are written; neither the second nor the old bytes of the first can be.
    let writes = journal_writes(Case::InPlace);
    let disk = FaultyDisk::failing_after("write_at", libc::EIO, writes + 1);
    let result = save(&disk, attempt.request.clone(), &Progress::default());
    attempt.check(&result, true, "writes fail");
    let error = result.expect_err("not saved");
    assert!(matches!(error.state(), FileState::Mixed(span) if span.contains(3)), "{error}");
    assert!(error.version_now().is_some());
    assert_eq!(all(&*attempt.opened.generation), *attempt.old.as_ref().expect("was there"));
    assert_ne!(attempt.on_disk(), attempt.old);
    attempt.try_again(&error, "writes fail");
}

#[test]
fn a_folder_whose_sync_fails_leaves_a_saved_file_and_a_warning() {
    for case in cases().filter(|case| !matches!(case, Case::InPlace | Case::InPlaceWithHoles)) {
        let attempt = attempt(case);
        let disk = FaultyDisk::failing("sync_folder", libc::EIO, 1);
        let saved = save(&disk, attempt.request.clone(), &Progress::default()).expect("saved");
        assert!(saved.warnings[0].contains("power cut"), "{:?}", saved.warnings);
        assert_eq!(attempt.on_disk().as_ref(), Some(&attempt.new));
    }
}

#[test]
fn a_rename_that_happened_though_it_said_otherwise_is_a_save() {
    for (case, call) in [(Case::Rewrite, "rename"), (Case::SaveAsFresh, "rename_new")] {
        // Windows tells of a file that was renamed while it is open what it was before.
        if cfg!(windows) {
            continue;
        }
        let attempt = attempt(case);
        let disk = FaultyDisk::failing(call, libc::EIO, 1).after_the_fact();
        let saved = save(&disk, attempt.request.clone(), &Progress::default());
        attempt.check(&saved, false, call);
        saved.expect("saved");
    }
}

/// How many calls the journal takes to be written.
fn journal_writes(case: Case) -> usize {
    let disk = FaultyDisk::sound();
    save(&disk, attempt(case).request, &Progress::default()).expect("saved");
    let calls = disk.calls();
    let confirmed = calls.iter().position(|call| *call == "sync").expect("it is confirmed");
    calls[..confirmed].iter().filter(|call| **call == "write_at").count()
}

#[test]
fn the_order_of_the_calls_is_the_promised_one() {
    let order = |case: Case| {
        let disk = FaultyDisk::sound();
        save(&disk, attempt(case).request, &Progress::default()).expect("saved");
        let milestones = [
            "open",
            "create_new",
            "try_lock",
            "read_at",
            "reserve",
            "write_at",
            "sync",
            "rename",
            "exchange",
            "remove",
            "sync_folder",
        ];
        let mut calls = disk.calls();
        calls.retain(|call| milestones.contains(call));
        calls.dedup();
        calls
    };
    let start =
        ["open", "try_lock", "create_new", "reserve", "read_at", "write_at", "sync", "sync_folder", "open"];
    // The extents, each read once more; the mark in the journal, and its end.
    let extents = ["read_at", "write_at"].repeat(3);
    // Windows frees the name of an open file by another name.
    let removal = if cfg!(windows) { &["rename", "remove"][..] } else { &["remove"] };
    let end = [&["sync", "write_at", "sync"], removal, &["sync_folder"]].concat();
    assert_eq!(order(Case::InPlace), [&start[..], &extents, &end].concat());
    // Windows does not tell how much of a file is holes.
    let reserve = if cfg!(windows) { &[][..] } else { &["reserve"] };
    assert_eq!(order(Case::InPlaceWithHoles), [&start[..], reserve, &extents, &end].concat());
    if !replaces_open_files() {
        return;
    }
    let begun = ["open", "try_lock", "create_new", "try_lock", "write_at", "sync"];
    let rewrite = [&begun[..], &["exchange", "remove", "sync_folder"]].concat();
    assert_eq!(order(Case::Rewrite), rewrite);
}

#[test]
fn the_real_disk_saves_both_ways() {
    for case in cases() {
        let attempt = attempt(case);
        let saved = save(&RealDisk, attempt.request.clone(), &Progress::default()).expect("saved");
        attempt.check(&Ok(saved), false, &format!("{case:?}"));
    }
}

/// The number of the last call of that name in a sound run.
fn last_call(case: Case, name: &str) -> usize {
    let sound = FaultyDisk::sound();
    save(&sound, attempt(case).request, &Progress::default()).expect("saved");
    sound.calls().iter().rposition(|call| *call == name).expect("it is made")
}

#[test]
fn what_another_program_writes_meanwhile_is_never_replaced() {
    // Until which call a change is noticed: the last look at the file, or, for a new name, the move to it.
    let noticed = [
        (Case::InPlace, "try_lock"),
        (Case::Rewrite, "sync"),
        (Case::SaveAsOver, "sync"),
        (Case::SaveAsFresh, "rename_new"),
    ];
    for (case, last) in noticed.into_iter().filter(|(case, _)| cases().any(|tested| tested == *case)) {
        for at in 0..=last_call(case, last) {
            let attempt = attempt(case);
            let target = attempt.target.clone();
            let others = move || std::fs::write(&target, OTHERS).expect("written");
            let disk = FaultyDisk::new(Fault::Interfere(Arc::new(others)), at, 1);
            let result = save(&disk, attempt.request.clone(), &Progress::default());
            // What is there when Save As is planned is what the user has agreed to replace.
            if case == Case::SaveAsOver && result.is_ok() {
                assert!(disk.calls()[at..].contains(&"stat"), "call {at}");
                continue;
            }
            let error = result.expect_err("another program was there");
            let seen = matches!(error, SaveError::ChangedOnDisk { .. } | SaveError::Exists { .. });
            assert!(seen, "{case:?}, call {at}: {error}");
            assert_eq!(attempt.on_disk().as_deref(), Some(&OTHERS[..]), "{case:?}, call {at}");
            assert!(attempt.opened.names().iter().all(|name| !name.starts_with('.')), "{case:?}, call {at}");
        }
    }
}

#[test]
fn want_of_room_for_the_journal_leaves_the_file_as_it_was() {
    const LEN: usize = 3 << 20;
    let opened = Opened::with(&vec![1; LEN]);
    let request = opened.overwrite(&[(0, &vec![2; LEN / 3])]);
    for (call, at) in [("create_new", 0), ("reserve", 0), ("write_at", 0), ("write_at", 1), ("write_at", 3)] {
        let disk = FaultyDisk::failing_later(call, libc::ENOSPC, at, 1);
        let error = save(&disk, request.clone(), &Progress::default()).expect_err("no room");
        assert_eq!(error.state(), FileState::Untouched, "{error}");
        assert!(opened.bytes() == vec![1; LEN]);
        assert_eq!(opened.names(), ["data.bin"]);
    }
}
