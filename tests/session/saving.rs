//! Saving, from the command to the bytes on the disk, and what the document is afterwards.

use super::notation::press;
use super::rig::Rig;
use crate::save::faulty::replaces_open_files;
use pagelens::session::{
    Action, After, Answer, Asked, Command, Dialog, DialogAction, NameAction, Request, SaveAction,
};

/// The file's number, which a save in place keeps.
#[cfg(unix)]
fn inode(rig: &Rig, name: &str) -> u64 {
    std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(rig.path(name)).expect("the file is there"))
}

#[test]
fn nothing_is_written_before_a_save() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa Insert bb End Backspace");
    rig.settle();
    assert_eq!(rig.disk("a.bin"), [1, 2, 3]);
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), rig.bytes());
}

#[test]
#[cfg(unix)]
fn the_same_length_is_written_in_place() {
    let mut rig = Rig::on(&[7; 10_000]);
    let before = inode(&rig, "a.bin");
    rig.go("5000");
    press(&mut rig, "c0ffee");
    assert!(rig.tab().can_save());
    rig.finish(Command::Save);
    assert!(rig.hint().starts_with("Saved ") && rig.hint().ends_with("3 bytes written."), "{:?}", rig.hint());
    assert_eq!(rig.disk("a.bin"), rig.bytes());
    assert_eq!(rig.bytes()[4999..5004], [7, 0xc0, 0xff, 0xee, 7]);
    assert!(inode(&rig, "a.bin") == before || rig.shares_blocks());
    assert!(!rig.tab().is_modified() && !rig.tab().can_save());
    assert_eq!((rig.tab().shown().changes(), rig.tab().caret()), (0, 5003));
}

#[test]
fn another_length_is_saved_as_well() {
    for keys in ["Insert 41", "Insert Delete", "Ctrl+End 41", "Ctrl+A Delete"] {
        let mut rig = Rig::on(&[1, 2, 3]);
        press(&mut rig, keys);
        let bytes = rig.bytes();
        assert_ne!(bytes.len(), 3, "{keys}");
        rig.finish(Command::Save);
        assert_eq!(rig.messages(), [""; 0], "{keys}");
        assert_eq!((rig.disk("a.bin"), rig.bytes()), (bytes.clone(), bytes), "{keys}");
        assert!(!rig.tab().is_modified(), "{keys}");
        // And again, from the new file.
        rig.run(Command::GoStart);
        press(&mut rig, "ee");
        rig.finish(Command::Save);
        assert_eq!(rig.disk("a.bin"), rig.bytes(), "{keys}");
    }
}

#[test]
fn what_is_typed_during_a_save_stays_unsaved() {
    let mut rig = Rig::on(&[0; 100]);
    press(&mut rig, "aa");
    rig.run(Command::Save);
    assert!(rig.tab().is_saving() && !rig.session.activities().is_empty());
    press(&mut rig, "bb");
    rig.run(Command::Save);
    rig.settle();
    assert_eq!(rig.disk("a.bin")[..3], [0xaa, 0, 0]);
    assert_eq!(rig.bytes()[..3], [0xaa, 0xbb, 0]);
    assert!(rig.tab().is_modified());
    assert_eq!(rig.tab().shown().changed_spans(pagelens::bytes::Span::first(100)).len(), 1);
    assert_eq!(rig.tab().shown().changed_bytes(), 1);
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin")[..3], [0xaa, 0xbb, 0]);
    assert!(!rig.tab().is_modified());
}

#[test]
fn undo_during_a_save_leaves_the_file_and_the_state_apart() {
    let mut rig = Rig::on(&[0; 100]);
    press(&mut rig, "aa");
    rig.run(Command::Save);
    rig.run(Command::Undo);
    rig.settle();
    assert_eq!((rig.disk("a.bin")[0], rig.bytes()[0]), (0xaa, 0));
    assert!(rig.tab().is_modified());
    rig.run(Command::Redo);
    assert!(!rig.tab().is_modified());
}

#[test]
fn undo_leads_back_across_saves_and_saving_restores_the_file() {
    for keys in ["aa bb", "Insert aa bb", "Insert Delete Delete"] {
        let mut rig = Rig::on(&[1, 2, 3, 4]);
        press(&mut rig, keys);
        rig.finish(Command::Save);
        let saved = rig.bytes();
        rig.run(Command::Undo);
        assert_eq!(rig.bytes(), [1, 2, 3, 4], "{keys}");
        assert!(rig.tab().is_modified() && rig.tab().shown().changes() > 0, "{keys}");
        rig.finish(Command::Save);
        assert_eq!(rig.disk("a.bin"), [1, 2, 3, 4], "{keys}");
        assert!(!rig.tab().is_modified(), "{keys}");
        rig.run(Command::Redo);
        assert_eq!(rig.bytes(), saved, "{keys}");
        rig.finish(Command::Save);
        assert_eq!(rig.disk("a.bin"), saved, "{keys}");
    }
}

#[test]
fn revert_after_a_save_gives_what_was_saved() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.finish(Command::Save);
    press(&mut rig, "bb Insert cc");
    rig.run(Command::Revert);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (vec![0xaa, 2, 3], false));
}

#[test]
fn save_as_makes_another_file_the_tabs() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.requests();
    rig.run(Command::SaveAs);
    let suggested = dunce::canonicalize(rig.path("a.bin")).expect("there").display().to_string();
    let asked = Asked::Save { tab: rig.tab().id, after: After::Stay };
    assert_eq!(rig.requests(), [Request::ChooseSaveName { suggested, asked }]);
    rig.name(rig.path("b.bin"));
    rig.settle();
    assert_eq!((rig.disk("a.bin"), rig.disk("b.bin")), (vec![1, 2, 3], vec![0xaa, 2, 3]));
    assert_eq!((rig.tab().title.as_str(), rig.tab().is_modified()), ("b.bin", false));
    press(&mut rig, "bb");
    rig.finish(Command::Save);
    assert_eq!((rig.disk("a.bin"), rig.disk("b.bin")), (vec![1, 2, 3], vec![0xaa, 0xbb, 3]));
    for _ in 0..2 {
        rig.run(Command::Undo);
    }
    assert_eq!(rig.bytes(), [1, 2, 3]);
}

#[test]
fn save_as_asks_before_it_replaces_a_file() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", b"precious");
    press(&mut rig, "aa");
    let path = rig.path("b.bin");
    rig.run(Command::SaveAs);
    rig.name(path.clone());
    rig.settle();
    let asked = Asked::Save { tab: rig.tab().id, after: After::Stay };
    let question = Dialog::ConfirmReplace { asked: asked.clone(), path: path.clone() };
    assert_eq!(rig.session.dialog(), Some(&question));
    assert_eq!(rig.disk("b.bin"), b"precious");
    rig.apply(Action::Dialog(DialogAction::Close));
    rig.settle();
    assert_eq!((rig.disk("b.bin"), rig.tab().title.as_str()), (b"precious".to_vec(), "a.bin"));
    assert!(rig.tab().is_modified());
    rig.apply(Action::Name(NameAction::Replace { asked, path }));
    rig.settle();
    assert_eq!((rig.disk("b.bin"), rig.tab().title.as_str()), (vec![0xaa, 2, 3], "b.bin"));
    // How much of the replaced file has changed, nobody has counted.
    assert!(rig.hint().contains("b.bin: 3 bytes written."), "{}", rig.hint());
}

#[test]
fn save_as_over_the_own_file_is_a_save() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa Insert bb");
    rig.save_as(rig.path("a.bin"));
    rig.settle();
    assert_eq!(rig.session.dialog(), None);
    assert_eq!((rig.disk("a.bin"), rig.tab().is_modified()), (vec![0xaa, 0xbb, 2, 3], false));
}

#[test]
fn a_new_file_asks_for_its_name() {
    let mut rig = Rig::new();
    rig.run(Command::NewFile);
    assert!(rig.tab().inserts());
    press(&mut rig, "c0ffee");
    rig.requests();
    rig.run(Command::Save);
    let asked = rig.requests().pop();
    assert!(
        matches!(&asked, Some(Request::ChooseSaveName { suggested, .. }) if suggested == "untitled"),
        "{asked:?}"
    );
    rig.name(rig.path("new.bin"));
    rig.settle();
    assert_eq!((rig.disk("new.bin"), rig.tab().title.as_str()), (vec![0xc0, 0xff, 0xee], "new.bin"));
    assert!(!rig.tab().is_modified() && rig.tab().has_file());
    press(&mut rig, "00");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("new.bin"), [0xc0, 0xff, 0xee, 0]);
}

#[test]
fn the_file_that_a_name_was_asked_for_is_saved_whatever_is_in_front() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", b"other");
    rig.run(Command::SaveAs);
    rig.open("b.bin");
    rig.name(rig.path("copy.bin"));
    rig.settle();
    assert_eq!(rig.disk("copy.bin"), [1, 2, 3]);
    assert_eq!(rig.titles(), ["copy.bin", "b.bin"]);
}

#[test]
fn a_save_that_fails_says_so_and_keeps_the_edits() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    std::fs::create_dir(rig.path("folder")).expect("a folder");
    for path in [rig.path("missing/b.bin"), rig.path("folder")] {
        rig.save_as(path);
        rig.settle();
        let messages = rig.messages();
        let is_said = messages.len() + usize::from(rig.session.dialog_error().is_some());
        assert_eq!((is_said, rig.tab().title.as_str()), (1, "a.bin"), "{messages:?}");
        assert!(rig.tab().is_modified() && rig.bytes() == [0xaa, 2, 3]);
    }
    assert_eq!(rig.disk("a.bin"), [1, 2, 3]);
    rig.finish(Command::Save);
    assert_eq!((rig.disk("a.bin"), rig.messages()), (vec![0xaa, 2, 3], vec![]));
}

#[test]
fn a_file_that_another_program_wrote_to_is_not_overwritten_unasked() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.write("a.bin", b"theirs");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), b"theirs");
    assert!(rig.tab().is_modified());
    let notices: Vec<_> = rig.session.notices().shown(Some(rig.tab().id)).cloned().collect();
    let anyway =
        notices.iter().flat_map(|notice| &notice.ways_out).find(|(label, _)| *label == "Overwrite it");
    let (_, anyway) = anyway.unwrap_or_else(|| panic!("no way out: {notices:?}")).clone();
    if !replaces_open_files() {
        return;
    }
    rig.apply(anyway);
    rig.settle();
    assert_eq!(rig.disk("a.bin")[0], 0xaa, "{:?}", rig.messages());
    assert_eq!(rig.disk("a.bin").len(), 3);
    assert!(!rig.tab().is_modified());
}

#[test]
fn the_own_save_is_no_change_by_another_program() {
    // Nor does an open file lose its name there.
    if !replaces_open_files() {
        return;
    }
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", b"other");
    rig.open("b.bin");
    rig.run(Command::PreviousTab);
    for keys in ["aa", "Insert bb"] {
        press(&mut rig, keys);
        rig.finish(Command::Save);
    }
    // Whoever looks at the files has looked at both when it tells of the other one.
    std::fs::remove_file(rig.path("b.bin")).expect("removed");
    let other = rig.session.tabs()[1].id;
    rig.wait_until("the other file is missed", |session| {
        session.notices().shown(Some(other)).any(|notice| notice.text.contains("has been deleted"))
    });
    assert_eq!(rig.messages(), [""; 0]);
}

#[test]
fn files_are_saved_side_by_side() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", &[4, 5, 6]);
    press(&mut rig, "aa");
    rig.open("b.bin");
    press(&mut rig, "bb");
    rig.run(Command::Save);
    rig.run(Command::NextTab);
    rig.run(Command::Save);
    rig.settle();
    assert_eq!((rig.disk("a.bin"), rig.disk("b.bin")), (vec![0xaa, 2, 3], vec![0xbb, 5, 6]));
    assert!(rig.session.tabs().iter().all(|tab| !tab.is_modified()));
}

#[test]
fn a_long_run_of_bytes_is_saved_and_undone() {
    let mut rig = Rig::on(b"head");
    rig.apply(Action::Answer(Answer::AppendRun(pagelens::session::dialog::RunOfBytes {
        count: String::from("64 MiB"),
        pattern: String::from("00"),
    })));
    rig.finish(Command::Save);
    if rig.session.planned().is_some() {
        let id = rig.tab().id;
        rig.apply(Action::Save(SaveAction::AsPlanned(id)));
        rig.settle();
    }
    let len = std::fs::metadata(rig.path("a.bin")).expect("there").len();
    assert_eq!(len, (64 << 20) + 4, "{:?}", rig.messages());
    rig.run(Command::Undo);
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), b"head");
}

/// Another program renames a file over the one that is being saved in place: that one is there, the edits are kept, and no
/// banner says that they were saved.
#[test]
#[cfg(unix)]
fn a_file_that_is_replaced_while_it_is_saved_is_told_and_the_edits_are_kept() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    let mut rig = Rig::on(&[7; 10_000]);
    if rig.shares_blocks() {
        println!("SKIPPED: here nothing is saved in place");
        return;
    }
    rig.go("5000");
    press(&mut rig, "c0ffee");
    let (path, journal) = (rig.path("a.bin"), rig.path(".a.bin.pagelens-journal"));
    rig.write("new", b"another file");
    let new = rig.path("new");
    let ended = Arc::new(AtomicBool::new(false));
    let ended_there = Arc::clone(&ended);
    let other = std::thread::spawn(move || {
        while !journal.exists() && !ended_there.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        std::fs::rename(new, path).expect("renamed");
    });
    rig.finish(Command::Save);
    ended.store(true, Ordering::Relaxed);
    other.join().expect("it has renamed");
    rig.settle();
    if rig.messages().is_empty() {
        // It was saved and gone before the other thread had its turn; what it did is a change of its own.
        rig.look_again();
        rig.settle();
    }
    assert_eq!(rig.disk("a.bin"), b"another file");
    assert!(rig.messages()[0].contains("with another file"), "{:?}", rig.messages());
    assert!(!rig.hint().starts_with("Saved") || !rig.tab().is_modified(), "{:?}", rig.hint());
    assert_eq!(rig.bytes()[4999..5004], [7, 0xc0, 0xff, 0xee, 7]);
}

/// Short gaps between changes are written too, but do not count as changes.
#[test]
fn a_save_says_how_much_has_changed() {
    let mut rig = Rig::on(&[0; 64]);
    rig.go("8");
    press(&mut rig, "aa");
    rig.go("40");
    press(&mut rig, "bb");
    rig.finish(Command::Save);
    let hint = rig.hint();
    assert!(hint.contains("a.bin: 2 bytes changed (33 written)."), "{hint}");
    press(&mut rig, "cc");
    rig.finish(Command::Save);
    assert!(rig.hint().contains("a.bin: 1 byte written."), "{}", rig.hint());
}
