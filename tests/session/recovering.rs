//! Files beside which an interrupted save has left its journal: what is shown, what is said, what Restore does.

use super::notation::press;
use super::rig::Rig;
use crate::save::interrupted::{Moment, interrupt};
use pagelens::bytes::Span;
use pagelens::save::recover::RecoveryChoice;
use pagelens::session::{Action, Command, SaveAction};

const NAME: &str = "a.bin";
const JOURNAL: &str = ".a.bin.pagelens-journal";

fn old() -> Vec<u8> {
    (0..5000_u32).map(|n| (n * 7) as u8).collect()
}

/// A file whose save ended at `moment`: eight bytes overwritten, and the end cut off.
fn interrupted(moment: Moment) -> Rig {
    let rig = Rig::new();
    rig.write(NAME, &old());
    let edits = [(Span::between(100, 108), &b"RESTORED"[..]), (Span::between(4000, 5000), b"")];
    interrupt(&rig.path(NAME), &edits, moment);
    rig
}

fn files(rig: &Rig) -> Vec<(std::ffi::OsString, Vec<u8>, std::time::SystemTime)> {
    let entries = std::fs::read_dir(rig.path("")).expect("a folder");
    let mut files: Vec<_> = entries
        .map(|entry| {
            let entry = entry.expect("an entry");
            let bytes = std::fs::read(entry.path()).expect("readable");
            (entry.file_name(), bytes, entry.metadata().expect("there").modified().expect("a time"))
        })
        .collect();
    files.sort();
    files
}

fn id(rig: &Rig) -> pagelens::session::TabId {
    rig.tab().id
}

fn buttons(rig: &Rig) -> Vec<&'static str> {
    let notices = rig.session.notices().shown(Some(id(rig)));
    notices.flat_map(|notice| notice.ways_out.iter().map(|(word, _)| *word)).collect()
}

fn new() -> Vec<u8> {
    let mut bytes = old();
    bytes[100..108].copy_from_slice(b"RESTORED");
    bytes.truncate(4000);
    bytes
}

#[test]
fn opening_shows_the_right_bytes_and_writes_nothing() {
    for (moment, shown, says) in [
        (Moment::Journal, old(), "the file is intact"),
        (Moment::Written, old(), "a mix of old and new bytes"),
        (Moment::Done, new(), "in its last step"),
    ] {
        let mut rig = interrupted(moment);
        let before = files(&rig);
        rig.open(NAME);
        rig.show();
        assert!(rig.bytes() == shown, "{moment:?}");
        assert!(rig.messages().concat().contains(says), "{moment:?}: {:?}", rig.messages());
        assert_eq!(files(&rig), before, "{moment:?}");
        let choice = Action::Save(SaveAction::Recover(id(&rig), RecoveryChoice::Safe));
        rig.apply(choice);
        rig.settle();
        assert!(rig.disk(NAME) == shown && rig.bytes() == shown, "{moment:?}");
        assert_eq!((rig.messages(), files(&rig).len()), (vec![], 1), "{moment:?}");
        // And it can be edited and saved as any file.
        press(&mut rig, "ee");
        rig.finish(Command::Save);
        assert_eq!(rig.messages(), [""; 0], "{moment:?}");
        assert!(rig.disk(NAME) == rig.bytes() && rig.disk(NAME)[0] == 0xee, "{moment:?}");
    }
}

#[test]
fn a_save_before_it_is_restored_is_refused_and_restoring_keeps_the_edits() {
    let mut rig = interrupted(Moment::Written);
    rig.open(NAME);
    press(&mut rig, "ee");
    let before = files(&rig);
    rig.finish(Command::Save);
    assert!(rig.messages().iter().any(|text| text.contains("pagelens recover")), "{:?}", rig.messages());
    assert!(buttons(&rig).contains(&"Restore") && rig.tab().is_modified());
    assert_eq!(files(&rig), before);
    let choice = Action::Save(SaveAction::Recover(id(&rig), RecoveryChoice::Safe));
    rig.apply(choice);
    rig.settle();
    assert!(rig.disk(NAME) == old() && rig.tab().is_modified(), "{:?}", rig.messages());
    rig.finish(Command::Save);
    assert_eq!(rig.messages(), [""; 0]);
    let mut expected = old();
    expected[0] = 0xee;
    assert!(rig.disk(NAME) == expected && !rig.tab().is_modified());
    rig.run(Command::Undo);
    assert!(rig.bytes() == old());
}

/// The screen's cache lies beneath the old bytes that are laid over the file, and holds what the save has written.
#[test]
fn edits_over_bytes_that_the_save_had_overwritten_can_be_saved() {
    let mut rig = interrupted(Moment::Written);
    rig.open(NAME);
    rig.select(102, 102);
    rig.show();
    press(&mut rig, "ee");
    rig.take_notes();
    let choice = Action::Save(SaveAction::Recover(id(&rig), RecoveryChoice::Safe));
    rig.apply(choice);
    rig.settle();
    assert!(rig.disk(NAME) == old());
    let expected = rig.bytes();
    rig.finish(Command::Save);
    assert_eq!(rig.messages(), [""; 0]);
    assert!(rig.disk(NAME) == expected && expected != old());
}

#[test]
fn a_file_that_another_program_changed_is_left_to_the_user() {
    for choice in [RecoveryChoice::PutBackOld, RecoveryChoice::KeepAsIs] {
        let mut rig = interrupted(Moment::Written);
        let mut changed = rig.disk(NAME);
        changed[102] = b'!';
        rig.write(NAME, &changed);
        let before = files(&rig);
        rig.open(NAME);
        assert!(rig.bytes() == changed);
        assert_eq!(buttons(&rig), ["Show the old bytes", "Restore the old bytes", "Keep the file"]);
        let asked = id(&rig);
        rig.apply(Action::Save(SaveAction::ShowOldBytes(asked)));
        assert!(rig.bytes() == old() && rig.tab().locked);
        assert_eq!(files(&rig), before);
        rig.apply(Action::Save(SaveAction::Recover(asked, choice)));
        rig.settle();
        let expected = if choice == RecoveryChoice::PutBackOld { old() } else { changed };
        assert!(rig.disk(NAME) == expected, "{choice:?}: {:?}", rig.messages());
        assert!(!rig.path(JOURNAL).exists());
    }
}

#[test]
fn a_broken_journal_is_no_reason_to_touch_the_file() {
    let mut rig = interrupted(Moment::Written);
    let now = rig.disk(NAME);
    let mut journal = rig.disk(JOURNAL);
    for at in [0, 20, 600, 4096, journal.len() - 1] {
        let bit = 1 << (at % 8);
        journal[at] ^= bit;
        rig.write(JOURNAL, &journal);
        rig.open(NAME);
        // A flipped bit of the state's sector beside the state says nothing.
        let whole = at == 600;
        assert!(
            rig.messages().concat().contains(if whole { "a mix of old and new bytes" } else { "intact" }),
            "{at}: {:?}",
            rig.messages()
        );
        assert!(rig.bytes() == if whole { old() } else { now.clone() }, "{at}");
        journal[at] ^= bit;
        rig.run(Command::CloseTab);
    }
    assert!(rig.disk(NAME) == now);
}
