//! A file that grows, followed: what is appended comes in, the view goes along, edits stay.

use super::notation::press;
use super::rig::Rig;
use pagelens::session::view::RowsArea;
use pagelens::session::{Action, Command, ExternalAction, MessageAction, PaneAction, PaneKey};
use std::fs::File;
use std::io::Write;

fn append(rig: &Rig, bytes: &[u8]) {
    File::options()
        .append(true)
        .open(rig.path("a.bin"))
        .and_then(|mut file| file.write_all(bytes))
        .expect("appended");
}

/// A log of `rows` rows of 16 bytes in a window that shows ten rows; the last is the empty one behind the end.
fn log(rows: u64) -> Rig {
    let mut rig = Rig::on(&vec![b'a'; rows as usize * 16]);
    let room = RowsArea { rows: 1, row_height: 20.0, height: 200.0 };
    rig.apply(Action::Pane(PaneAction::Measured { pane: PaneKey::BYTES, room, columns: 16 }));
    rig
}

fn wait_for_len(rig: &mut Rig, len: u64) {
    rig.wait_until(&format!("there are {len} bytes"), |session| {
        session.tab().is_some_and(|tab| tab.len() == len)
    });
}

#[test]
fn what_is_appended_comes_in_and_the_view_shows_the_end() {
    let mut rig = log(100);
    assert_eq!(Command::Follow.spec().checked(&rig.session), Some(false));
    rig.finish(Command::Follow);
    assert_eq!((rig.tab().following, rig.tab().hex().viewport.top), (true, 91));
    for rows in 101..110 {
        append(&rig, &[b'b'; 16]);
        wait_for_len(&mut rig, rows * 16);
        assert_eq!(rig.tab().hex().viewport.top, rows - 9);
    }
    assert_eq!(rig.messages(), [""; 0]);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (rig.disk("a.bin"), false));
    // A digit goes over a byte that the screen has.
    rig.run(Command::GoEnd);
    press(&mut rig, "Left");
    rig.type_text("c");
    assert_eq!((rig.bytes().last(), rig.tab().shown().changed_bytes()), (Some(&0xc2), 1), "{}", rig.hint());
    rig.run(Command::Undo);
    rig.run(Command::GoEnd);
    // Whoever looks at something else is not carried away from it.
    rig.run(Command::GoStart);
    append(&rig, &[b'c'; 16]);
    wait_for_len(&mut rig, 110 * 16);
    assert_eq!((rig.tab().hex().viewport.top, rig.tab().caret()), (0, 0));
    rig.run(Command::GoEnd);
    append(&rig, &[b'd'; 16]);
    wait_for_len(&mut rig, 111 * 16);
    assert_eq!(
        (rig.tab().hex().viewport.top, rig.tab().caret()),
        (102, 111 * 16),
        "the caret at the end stays there"
    );
}

#[test]
fn edits_and_undo_stay_while_the_file_grows() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa Ctrl+End ee");
    rig.finish(Command::Follow);
    append(&rig, &[4, 5]);
    wait_for_len(&mut rig, 6);
    assert_eq!((rig.bytes(), rig.messages()), (vec![0xaa, 2, 3, 0xee, 4, 5], vec![]));
    rig.run(Command::Undo);
    append(&rig, &[6]);
    wait_for_len(&mut rig, 6);
    assert_eq!(rig.bytes(), [0xaa, 2, 3, 4, 5, 6]);
    rig.run(Command::Redo);
    assert_eq!(rig.bytes(), [0xaa, 2, 3, 0xee, 4, 5, 6]);
    rig.run(Command::Undo);
    rig.finish(Command::Save);
    assert_eq!((rig.disk("a.bin"), rig.messages()), (vec![0xaa, 2, 3, 4, 5, 6], vec![]));
    append(&rig, &[7]);
    wait_for_len(&mut rig, 7);
}

#[test]
fn a_growth_that_touches_edits_is_told_and_not_taken_in() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.finish(Command::Follow);
    rig.take_notes();
    rig.write("a.bin", &[9, 2, 3, 4]);
    let id = rig.tab().id;
    rig.wait_until("it is told", |session| {
        session.notices().shown(Some(id)).any(|notice| notice.text.contains("but 1 byte in 1 place"))
    });
    assert_eq!(rig.bytes(), [0xaa, 2, 3]);
}

#[test]
fn a_log_that_is_started_anew_is_followed_on() {
    let mut rig = log(100);
    rig.finish(Command::Follow);
    rig.run(Command::GoEnd);
    for round in 0..3 {
        // Emptied and written on, as logrotate's copytruncate does it; or another file of the name.
        if round == 1 {
            std::fs::rename(rig.path("a.bin"), rig.path("a.bin.1")).expect("moved");
            rig.write("a.bin", &[b'f'; 48]);
        } else {
            let file = File::options().write(true).open(rig.path("a.bin")).expect("the log");
            file.set_len(32).expect("cut short");
        }
        let len = if round == 1 { 48 } else { 32 };
        wait_for_len(&mut rig, len);
        rig.settle();
        assert_eq!((rig.tab().following, rig.messages()), (true, vec![]), "round {round}");
        append(&rig, &[b'e'; 96]);
        wait_for_len(&mut rig, len + 96);
        assert_eq!((rig.bytes(), rig.tab().caret()), (rig.disk("a.bin"), len + 96), "round {round}");
    }
}

#[test]
fn a_log_with_edits_that_is_started_anew_is_told() {
    let mut rig = log(100);
    press(&mut rig, "aa");
    rig.finish(Command::Follow);
    rig.take_notes();
    File::options().write(true).open(rig.path("a.bin")).and_then(|file| file.set_len(16)).expect("cut short");
    let id = rig.tab().id;
    rig.wait_until("it is told", |session| {
        session.notices().shown(Some(id)).any(|notice| notice.text.contains("has truncated"))
    });
    assert_eq!(rig.tab().len(), 1600);
}

#[test]
fn the_banner_of_a_growing_file_leads_here_and_comes_once() {
    let mut rig = log(20);
    append(&rig, &[0; 16]);
    let id = rig.tab().id;
    let told = |session: &pagelens::session::Session| {
        session.notices().shown(Some(id)).next().map(|notice| notice.id)
    };
    rig.wait_until("it is told", |session| told(session).is_some());
    let notice = told(&rig.session).expect("told");
    rig.apply(Action::Message(MessageAction::Dismiss(notice)));
    append(&rig, &[0; 16]);
    // Another change is told again, and by then the growth has been seen.
    rig.write("b.bin", &[1]);
    rig.open("b.bin");
    rig.write("b.bin", &[2]);
    let other = rig.tab().id;
    rig.wait_until("the other is told", |session| session.notices().shown(Some(other)).next().is_some());
    assert_eq!(told(&rig.session), None, "who has dismissed it knows");
    rig.apply(Action::External(ExternalAction::Follow(id)));
    rig.run(Command::PreviousTab);
    wait_for_len(&mut rig, 22 * 16);
    assert_eq!(rig.messages(), [""; 0]);
}

#[test]
fn only_files_are_followed() {
    let mut rig = Rig::new();
    rig.run(Command::NewFile);
    rig.run(Command::Follow);
    assert!(!rig.tab().following && !Command::Follow.spec().enabled(&rig.session));
}
