//! Edits over a file that another program changes: kept on top of it when the user says so, never by themselves.
#![cfg(unix)]

use super::notation::press;
use super::rig::Rig;
use crate::bytes::stores::DirtyMap;
use pagelens::bytes::Source;
use pagelens::session::{Action, Answer, Command, ExternalAction, MessageAction};
use std::fs::File;
use std::os::unix::fs::FileExt;

fn wait_for(rig: &mut Rig, words: &str) {
    let id = rig.tab().id;
    rig.wait_until(&format!("it says {words:?}"), |session| {
        session.notices().shown(Some(id)).any(|notice| notice.text.contains(words))
    });
}

/// What the banner offers.
fn offers(rig: &Rig) -> Vec<&'static str> {
    let notices = rig.session.notices().shown(Some(rig.tab().id));
    notices.flat_map(|notice| notice.ways_out.iter().map(|(label, _)| *label)).collect()
}

#[track_caller]
fn choose(rig: &mut Rig, label: &str) {
    let mut notices = rig.session.notices().shown(Some(rig.tab().id));
    let found = notices.find_map(|notice| {
        let way = notice.ways_out.iter().find(|(offered, _)| *offered == label)?;
        Some((notice.id, way.1.clone()))
    });
    drop(notices);
    let (id, action) = found.unwrap_or_else(|| panic!("no {label:?} in {:?}", rig.messages()));
    // As the button does it.
    rig.apply(Action::Message(MessageAction::Dismiss(id)));
    rig.apply(action);
    rig.settle();
}

fn theirs(rig: &Rig) -> File {
    File::options().write(true).open(rig.path("a.bin")).expect("open to write")
}

/// Saves, and nothing is said.
#[track_caller]
fn save(rig: &mut Rig) {
    rig.finish(Command::Save);
    assert_eq!((rig.messages(), rig.tab().is_modified()), (vec![], false));
    assert_eq!(rig.disk("a.bin"), rig.bytes());
}

#[test]
fn edits_stay_on_top_of_what_others_write_beside_them() {
    let mut rig = Rig::on(&[1, 2, 3, 4, 5]);
    press(&mut rig, "aa");
    theirs(&rig).write_all_at(&[9], 4).expect("written");
    wait_for(&mut rig, "The bytes under them have not changed");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [1, 2, 3, 4, 9], "not before the user has said so");
    assert_eq!(offers(&rig), ["Reload", "Keep mine", "Overwrite it", "Save as…"], "{:?}", rig.messages());
    choose(&mut rig, "Keep mine");
    assert_eq!((rig.bytes(), rig.messages()), (vec![0xaa, 2, 3, 4, 9], vec![]));
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (vec![1, 2, 3, 4, 9], false));
    rig.run(Command::Redo);
    save(&mut rig);
}

#[test]
fn how_much_of_what_was_edited_over_has_changed_is_said_and_overwritten_only_when_agreed() {
    let mut rig = Rig::on(&[0; 100]);
    for (from, to) in [(10, 20), (40, 42), (60, 61)] {
        rig.select(from, to);
        rig.apply(Action::Answer(Answer::Fill(String::from("aa"))));
    }
    rig.take_notes();
    theirs(&rig).write_all_at(&[1, 2, 0, 4], 8).expect("written");
    theirs(&rig).write_all_at(&[5; 30], 41).expect("written");
    wait_for(&mut rig, "but 3 bytes in 3 places under them have changed");
    choose(&mut rig, "Keep mine");
    assert_eq!(rig.messages(), [""; 0]);
    // More than was agreed to is told again.
    theirs(&rig).write_all_at(&[6], 19).expect("written");
    wait_for(&mut rig, "but 1 byte in 1 place under them has changed");
    choose(&mut rig, "Keep mine");
    save(&mut rig);
    assert_eq!(rig.disk("a.bin")[8..13], [1, 2, 0xaa, 0xaa, 0xaa]);
    assert_eq!(rig.disk("a.bin")[40..44], [0xaa, 0xaa, 5, 5]);
}

#[test]
fn a_file_without_edits_is_shown_as_it_is_and_can_be_edited_and_saved() {
    let mut rig = Rig::on(&[1, 2, 3]);
    theirs(&rig).write_all_at(&[9], 1).expect("written");
    wait_for(&mut rig, "You see the file as it is now.");
    press(&mut rig, "aa");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [0xaa, 9, 3], "{:?}", rig.messages());
}

#[test]
fn edits_are_kept_when_the_file_grows() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa Ctrl+End ee");
    theirs(&rig).write_all_at(&[4, 5], 3).expect("appended");
    wait_for(&mut rig, "has grown to 5 bytes");
    wait_for(&mut rig, "The bytes under them have not changed");
    assert_eq!((offers(&rig), rig.tab().len()), (vec!["Reload", "Keep mine", "Follow", "Save as…"], 4));
    choose(&mut rig, "Keep mine");
    assert_eq!(rig.bytes(), [0xaa, 2, 3, 0xee, 4, 5]);
    save(&mut rig);
    for _ in 0..2 {
        rig.run(Command::Undo);
    }
    assert_eq!(rig.bytes(), [1, 2, 3, 4, 5]);
}

#[test]
fn of_a_file_that_is_cut_short_the_edits_in_the_rest_are_kept_and_the_others_can_be_had_back() {
    let mut rig = Rig::on(&[7; 1000]);
    press(&mut rig, "aa");
    for place in ["500", "900"] {
        rig.go(place);
        press(&mut rig, "bb");
    }
    theirs(&rig).set_len(600).expect("cut short");
    wait_for(&mut rig, "1 edited place is beyond the new end");
    choose(&mut rig, "Keep mine");
    assert_eq!((rig.tab().len(), rig.tab().shown().changes()), (600, 2));
    assert_eq!((rig.bytes()[0], rig.bytes()[500]), (0xaa, 0xbb));
    rig.run(Command::Undo);
    assert_eq!((rig.tab().len(), rig.tab().is_modified()), (1000, true));
    let mut byte = [0];
    assert!(rig.tab().shown().read_at(900, &mut byte).is_ok() && byte == [0xbb]);
    assert!(rig.tab().shown().read_at(901, &mut byte).is_err(), "what was cut off is gone");
    rig.run(Command::Redo);
    save(&mut rig);
}

#[test]
fn edits_go_over_to_a_file_that_was_put_in_the_place_of_theirs() {
    let mut rig = Rig::on(b"0123456789");
    press(&mut rig, "aa");
    for (file, expected) in
        [(&b"0........9"[..], &b"\xaa........9"[..]), (b"0longer than that", b"\xaalonger than that")]
    {
        rig.write("new.bin", file);
        std::fs::rename(rig.path("new.bin"), rig.path("a.bin")).expect("renamed");
        wait_for(&mut rig, "with another file");
        wait_for(&mut rig, "The bytes under them have not changed");
        choose(&mut rig, "Keep mine");
        assert_eq!((rig.bytes(), rig.messages()), (expected.to_vec(), vec![]));
    }
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (b"0longer than that".to_vec(), false));
    rig.run(Command::Redo);
    save(&mut rig);
    // It is looked after like the first one.
    theirs(&rig).set_len(3).expect("cut short");
    wait_for(&mut rig, "has truncated");
}

#[test]
fn edits_are_not_laid_over_a_file_that_they_do_not_fit() {
    let mut rig = Rig::on(b"0123456789");
    press(&mut rig, "aa");
    rig.take_notes();
    rig.write("new.bin", b"something else");
    std::fs::rename(rig.path("new.bin"), rig.path("a.bin")).expect("renamed");
    wait_for(&mut rig, "They do not fit that file: 1 byte in 1 place");
    assert_eq!(offers(&rig), ["Reload", "Save as…"]);
    assert_eq!(rig.bytes(), b"\xaa123456789");
}

#[test]
fn other_attributes_are_no_news_and_no_hindrance() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    let id = rig.tab().id;
    let ctime = |session: &pagelens::session::Session| {
        session.tab_by_id(id).and_then(|tab| tab.file.as_ref()?.origin.file_identity()?.ctime_ns)
    };
    let before = ctime(&rig.session);
    std::fs::hard_link(rig.path("a.bin"), rig.path("second name")).expect("a link");
    rig.wait_until("it is noticed", |session| ctime(session) != before);
    save(&mut rig);
}

#[test]
fn a_write_that_sets_the_time_back_is_told() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.take_notes();
    let file = theirs(&rig);
    let before = file.metadata().and_then(|metadata| metadata.modified()).expect("a time");
    file.write_all_at(&[9], 0).expect("written");
    file.set_modified(before).expect("set back");
    wait_for(&mut rig, "but 1 byte in 1 place");
}

#[test]
fn a_store_through_a_map_is_told_when_the_user_comes_back() {
    let mut rig = Rig::new();
    rig.write("a.bin", &[1, 2, 3]);
    let mut map = DirtyMap::of(&rig.path("a.bin"));
    rig.open("a.bin");
    rig.show();
    press(&mut rig, "aa");
    rig.take_notes();
    map.store(0, 9);
    rig.apply(Action::External(ExternalAction::CameBack));
    wait_for(&mut rig, "but 1 byte in 1 place");
}

#[test]
fn a_deleted_file_can_be_saved_where_it_was() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    std::fs::remove_file(rig.path("a.bin")).expect("removed");
    wait_for(&mut rig, "has been deleted");
    choose(&mut rig, "Save it again");
    assert_eq!((rig.disk("a.bin"), rig.messages()), (vec![0xaa, 2, 3], vec![]));
}

#[test]
fn a_program_that_saves_by_moving_files_is_told_of_once() {
    let mut rig = Rig::on(&[1, 2, 3]);
    std::fs::rename(rig.path("a.bin"), rig.path("a.bin~")).expect("renamed");
    rig.write("a.bin", b"new");
    wait_for(&mut rig, "with another file");
    assert_eq!(rig.messages().len(), 1);
}

#[test]
fn nothing_is_watched_when_nothing_is_open() {
    let mut rig = Rig::on(&[1, 2, 3]);
    let watched = |rig: &Rig| format!("{:?}", rig.session).contains("Watcher(0 files)");
    assert!(!watched(&rig));
    rig.run(Command::Reload);
    rig.run(Command::CloseTab);
    rig.settle();
    assert!(watched(&rig), "a reload of a tab that is closed meanwhile");
    rig.open("a.bin");
    for _ in 0..3 {
        rig.finish(Command::Reload);
    }
    press(&mut rig, "aa");
    rig.finish(Command::Save);
    rig.run(Command::CloseTab);
    assert!(watched(&rig));
}
