//! Systems that refuse what others grant: a name that is taken from an open file, a name that is free once its file is
//! removed. Saves go on by other steps, and a kill between any two of them leaves the old file or the new one.

use super::faulty::{Answers, Fault, FaultyDisk, replaces_open_files};
use super::rig::{Opened, pattern, reopened};
use pagelens::bytes::{SharedSource, Span};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::recover::{RecoveryChoice, recover};
use pagelens::save::{RealDisk, SaveError, SaveRequest, SaveWay, Saved, save};
use std::sync::Arc;

const LIKE_WINDOWS: Answers = Answers {
    folder_is_read_only: false,
    folder_only_grows: false,
    kind: None,
    device_in_use: false,
    free_room: None,
    renames_fail_late: false,
    user: None,
    shares_blocks: false,
    like_windows: true,
};

fn windows() -> FaultyDisk {
    FaultyDisk::answering(LIKE_WINDOWS)
}

/// Bytes in the place of others, saved as the window does it.
fn put(disk: &FaultyDisk, opened: &Opened, span: Span, bytes: &[u8]) -> Result<Saved, SaveError> {
    let mut document = Document::new(opened.generation.clone() as SharedSource);
    document.apply(Edit::one("Edit", span, Content::Bytes(bytes.to_vec()))).expect("inside");
    let snapshot = document.begin_save().snapshot.clone();
    let request = SaveRequest::save(Arc::new(snapshot.clone()), &opened.path, opened.identity.clone());
    let (overwrites, generation) = (Some(snapshot.overwrites()), Some(opened.generation.clone()));
    let request = SaveRequest { overwrites, generation, kept: snapshot.kept(1 << 16), ..request };
    save(disk, request, &Progress::default())
}

fn spliced(old: &[u8], span: Span, bytes: &[u8]) -> Vec<u8> {
    let mut new = old.to_vec();
    new.splice(span.start() as usize..span.end() as usize, bytes.iter().copied());
    new
}

/// Has a save die at each of its calls in turn, and looks at what is left each time. Answers how often it died.
fn killed_at_every_call(old: &[u8], span: Span, bytes: &[u8]) -> usize {
    const EIO: i32 = 5;
    let new = spliced(old, span, bytes);
    for at in 0.. {
        let opened = Opened::with(old);
        // Nothing that comes after a kill reaches the disk: every call fails from there on.
        let disk = FaultyDisk::new(Fault::Error(EIO), at, usize::MAX).and_answering(LIKE_WINDOWS);
        let saved = put(&disk, &opened, span, bytes);
        let died = disk.reached();
        assert!(died || saved.is_ok(), "{saved:?}");
        recover(&RealDisk, &opened.path, None, RecoveryChoice::Safe).expect("put right");
        let left = opened.bytes();
        assert!(left == old || left == new, "killed at call {at}: neither old nor new");
        if saved.is_ok() {
            assert_eq!(left, new, "saved, and killed at call {at}");
        }
        // The next save is not hindered by what the killed one has left.
        let opened = reopened(opened);
        put(&windows(), &opened, Span::first(1), b"!").expect("saved");
        assert_eq!(opened.bytes()[1..], left[1..]);
        if !died {
            return at;
        }
    }
    unreachable!("there are fewer calls")
}

#[test]
fn a_file_that_can_not_be_replaced_is_written_in_place() {
    let old = pattern(300 << 10);
    let opened = Opened::with(&old);
    let (span, bytes) = (Span::first(0), b"in front");
    let saved = put(&windows(), &opened, span, bytes).expect("saved");
    assert_eq!(saved.way, SaveWay::InPlace);
    assert_eq!(opened.bytes(), spliced(&old, span, bytes));
    assert_eq!(opened.names(), ["data.bin"]);
    // Elsewhere it is replaced.
    let opened = Opened::with(&old);
    let saved = put(&FaultyDisk::sound(), &opened, span, bytes).expect("saved");
    let way = if replaces_open_files() { SaveWay::Rewrite } else { SaveWay::InPlace };
    assert_eq!(saved.way, way);
}

#[test]
fn a_kill_at_any_call_of_a_refused_rewrite_leaves_one_of_both() {
    let died = killed_at_every_call(&pattern(300 << 10), Span::first(0), b"in front");
    assert!(died > 40, "{died}");
}

/// The old bytes of such saves stay in the journal's file, which undo reads.
#[test]
fn a_second_large_save_in_place_makes_a_journal_of_its_own() {
    let old = pattern(12 << 20);
    let mut opened = Opened::with(&old);
    let mut now = old;
    let mut held = Vec::new();
    for round in 0..3_u8 {
        let (span, bytes) = (Span::first(5 << 20), vec![round; 5 << 20]);
        let saved = put(&windows(), &opened, span, &bytes).expect("saved");
        assert_eq!(saved.way, SaveWay::InPlace);
        assert_eq!(saved.warnings, [""; 0]);
        now = spliced(&now, span, &bytes);
        assert_eq!(opened.names(), ["data.bin"], "the journal's name is free");
        // Undo goes on reading what was there before.
        held.push(opened.generation.clone());
        opened = reopened(opened);
    }
    assert_eq!(opened.bytes(), now);
}

#[test]
fn a_kill_between_the_steps_of_a_removal_leaves_one_of_both() {
    let died = killed_at_every_call(&pattern(64 << 10), Span::between(100, 200), &[7; 100]);
    assert!(died > 20, "{died}");
}
