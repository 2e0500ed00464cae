//! Logs of random lives: what is restored is what was there, with all that could be undone and redone.

use super::life::{BUDGET, Edited, LABELS, Life, all, disk, kill, look, memory, offer, revive, states};
use fastrand::Rng;
use pagelens::bytes::{Source, Span};
use pagelens::document::{Content, Edit};
use pagelens::job::Progress;
use pagelens::state::edit_log::{About, LogEntry, OfferFailure};

const SEEDS: u64 = 300;

/// Random edits, undos, saves and states; then the program is killed, again and again.
#[test]
fn what_is_restored_is_what_was_there_with_its_whole_history() {
    for seed in 0..SEEDS {
        let disk = disk(seed);
        let mut life = Life::new(&disk, seed);
        for round in 0..3 {
            (0..life.random.u8(1..60)).for_each(|_| life.act());
            life.type_at(0, b"!");
            life.idle();
            kill(&disk);
            let revived = life.revive(&disk).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
            assert_eq!(revived.remarks, Vec::<String>::new(), "seed {seed}, round {round}");
            life.cancel_save();
            let mut twin = revived;
            let (left, right) = (&mut life.document, &mut twin.document);
            assert_eq!(left.history().steps(), right.history().steps(), "seed {seed}, round {round}");
            assert_eq!(left.history().caret(), right.history().caret(), "seed {seed}, round {round}");
            assert!(all(&left.snapshot()) == all(&right.snapshot()), "seed {seed}, round {round}");
            assert!(states(left) == states(right), "seed {seed}, round {round}");
            let (a, b) = (left.snapshot(), right.snapshot());
            let whole = Span::first(a.len());
            assert_eq!(a.changed_spans(whole), b.changed_spans(whole), "seed {seed}, round {round}");
            b.check().unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let random = life.random.fork();
            life = Life::resumed(random, twin, life.file.clone());
        }
    }
}

/// Killed after the save has written the file, before the log is told.
#[test]
fn edits_made_while_a_save_was_under_way_survive_it_whichever_way_it_went() {
    for seed in 0..SEEDS {
        let disk = disk(seed);
        let mut life = Life::new(&disk, seed);
        (0..20).for_each(|_| life.act());
        life.cancel_save();
        life.type_at(0, b"abc");
        life.begin_save();
        life.idle();
        let has_written = seed % 2 == 0;
        life.type_at(1, b"while it was saved");
        if has_written {
            life.save_writes();
        } else {
            // Rolled back by a recovery: the old bytes at a later time.
            life.file.version += 1;
        }
        kill(&disk);
        let mut revived = life.revive(&disk).unwrap_or_else(|error| panic!("seed {seed}: {error:?}"));
        assert!(all(&revived.document.snapshot()) == all(&life.document.snapshot()), "seed {seed}");
        let mut expected = states(&mut life.document);
        let mut restored = states(&mut revived.document);
        // Whether a state counts as modified depends on what the file holds.
        expected.iter_mut().chain(&mut restored).for_each(|state| state.2 = false);
        assert!(expected == restored, "seed {seed}");
        let unchanged = revived.document.snapshot().changes() == 0;
        assert!(!unchanged, "seed {seed}: what was typed meanwhile is a change");
    }
}

#[test]
fn another_file_gets_no_edits_but_the_edits_can_be_exported() {
    let disk = disk(1);
    let mut life = Life::on(&disk, Rng::with_seed(1), b"0123456789".to_vec(), BUDGET);
    life.type_at(2, b"xy");
    life.edit(Edit::one("Paste", Span::between(6, 8), Content::none()));
    life.idle();
    kill(&disk);
    let offer = offer(&disk);
    let longer = Edited { bytes: b"01a3456789a".to_vec(), version: 2 };
    let later = Edited { bytes: life.file.bytes.clone(), version: 2 };
    let silent = Edited { bytes: b"01a3456789".to_vec(), version: 1 };
    for (file, reason) in
        [(&longer, "its length was"), (&later, "written to"), (&silent, "under the edits have changed")]
    {
        match revive(&offer, file) {
            Err(OfferFailure::Changed(text)) => assert!(text.contains(reason), "{text}"),
            other => panic!("restored on {file:?}: {other:?}"),
        }
    }
    let patch = offer.patch(&Progress::default()).expect("a patch");
    let text = String::from_utf8(all(&*patch)).expect("text");
    let body: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    let expected = [
        "file: /files/a.bin",
        "length before: 10",
        "length now: 8",
        "changes: 2",
        "@ 0x2 -2 +2",
        "- 32 33",
        "+ 78 79",
        "@ 0x6 -2 +0",
        "- 36 37",
    ];
    assert_eq!(body, expected);
    assert!(revive(&offer, &life.file).is_ok(), "the right file still gets them");
}

#[test]
fn what_never_was_a_file_stands_by_itself() {
    let disk = disk(2);
    let mut life = Life::on(&disk, Rng::with_seed(2), b"from a pipe".to_vec(), BUDGET);
    life.file.version = 0;
    let about = About { title: "standard input".into(), origin: None };
    life.write(LogEntry::About(about));
    life.type_at(5, b"the");
    life.idle();
    kill(&disk);
    let offer = offer(&disk);
    assert_eq!((offer.needs(), offer.steps, offer.is_unsaved), (None, (1, 0), true));
    let mut revived = offer.revive(None, |source| source, LABELS, BUDGET).expect("restored");
    assert_eq!(all(&revived.document.snapshot()), b"from theipe");
    revived.document.undo();
    assert_eq!(all(&revived.document.snapshot()), b"from a pipe");
}

#[test]
fn a_clean_document_keeps_its_history_and_one_without_history_leaves_nothing() {
    let disk = disk(3);
    let mut life = Life::on(&disk, Rng::with_seed(3), b"abc".to_vec(), BUDGET);
    life.type_at(0, b"x");
    life.begin_save();
    life.save_writes();
    life.end_save();
    life.idle();
    kill(&disk);
    let found = offer(&disk);
    assert_eq!((found.steps, found.is_unsaved), ((1, 0), false));
    let mut revived = revive(&found, &life.file).expect("restored");
    assert!(!revived.document.is_modified());
    revived.document.undo();
    assert_eq!(all(&revived.document.snapshot()), b"abc", "the old byte comes from the log");
    revived.writer.discard().expect("removed");
    assert!(look(&disk).0.is_empty());
}

#[test]
fn bytes_beyond_the_budget_are_told_of_and_never_made_up() {
    let disk = disk(4);
    let mut life = Life::on(&disk, Rng::with_seed(4), vec![7; 100], 5000);
    let pasted = Content::Source(memory(&[9; 20_000]), Span::first(20_000));
    life.edit(Edit::one("Paste", Span::empty_at(50), pasted));
    life.type_at(0, b"kept");
    life.idle();
    assert!(life.writer.status().left_out.0 > 0);
    kill(&disk);
    let mut revived = life.revive(&disk).expect("restored");
    assert!(revived.remarks.concat().contains("were too many to be kept"), "{:?}", revived.remarks);
    let now = revived.document.snapshot();
    let mut start = [0; 4];
    now.read_at(0, &mut start).expect("typed");
    assert_eq!(&start, b"kept");
    let mut whole = vec![0; now.len() as usize];
    assert!(now.read_at(0, &mut whole).is_err(), "what was not kept is not made up");
    revived.document.undo();
    revived.document.undo();
    assert_eq!(all(&revived.document.snapshot()), vec![7; 100]);
}

#[test]
fn old_bytes_beyond_the_budget_cost_the_older_steps_and_no_more() {
    let disk = disk(5);
    let mut life = Life::on(&disk, Rng::with_seed(5), vec![7; 10_000], 3000);
    life.edit(Edit::one("Paste", Span::between(0, 9000), Content::none()));
    life.type_at(3, b"new");
    life.begin_save();
    life.idle();
    life.save_writes();
    life.end_save();
    life.type_at(9, b"unsaved");
    life.idle();
    assert!(life.writer.status().left_out.1 > 0);
    kill(&disk);
    let mut revived = life.revive(&disk).expect("restored");
    assert!(all(&revived.document.snapshot()) == all(&life.document.snapshot()));
    assert_eq!(revived.document.history().steps(), (2, 0));
    assert!(revived.remarks.concat().contains("1 older step"), "{:?}", revived.remarks);
    revived.document.undo();
    revived.document.undo();
    assert_eq!(all(&revived.document.snapshot()), vec![7; 1000]);
}

#[test]
fn a_file_that_has_grown_since_gets_its_edits_under_what_came() {
    let disk = disk(6);
    let mut life = Life::on(&disk, Rng::with_seed(6), b"0123456789".to_vec(), BUDGET);
    life.type_at(2, b"xy");
    life.grow();
    life.edit(Edit::one("Paste", Span::between(0, 1), Content::none()));
    life.idle();
    kill(&disk);
    life.file.bytes.extend_from_slice(b"more");
    life.file.version += 1;
    let mut revived = life.revive(&disk).expect("restored");
    assert_eq!(
        revived.remarks,
        ["a.bin has grown by 4 bytes since it was edited. The new bytes are at its end."]
    );
    let mut expected = life.file.bytes.clone();
    expected[2..4].copy_from_slice(b"xy");
    assert_eq!(all(&revived.document.snapshot()), expected[1..]);
    for _ in 0..2 {
        revived.document.undo().expect("a step");
    }
    assert_eq!(all(&revived.document.snapshot()), life.file.bytes);
    assert!(!revived.document.is_modified());
}

#[test]
fn old_bytes_too_many_to_be_copied_at_each_edit_are_copied_when_a_save_begins() {
    let disk = disk(8);
    let mut life = Life::on(&disk, Rng::with_seed(8), vec![7; 20 << 20], BUDGET);
    life.edit(Edit::one("Paste", Span::between(0, 18 << 20), Content::none()));
    life.idle();
    assert!(life.writer.status().disk_bytes < 1 << 20, "a deletion alone costs no copy");
    life.begin_save();
    life.idle();
    life.save_writes();
    life.end_save();
    life.type_at(0, b"x");
    kill(&disk);
    let mut revived = life.revive(&disk).expect("restored");
    for _ in 0..2 {
        revived.document.undo().expect("a step");
    }
    assert!(all(&revived.document.snapshot()) == vec![7; 20 << 20], "{:?}", revived.remarks);
}
