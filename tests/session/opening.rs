//! Opening whatever a path leads to; what can't be opened leaves everything else alone.

use super::notation::press;
use super::rig::Rig;
use pagelens::session::{Action, Command, Dialog, EditAction, OpenAction, OpenOptions, PaneKind, Session};
use std::path::PathBuf;

#[test]
fn one_file_is_one_tab() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", &[4]);
    rig.open("b.bin");
    press(&mut rig, "aa");
    rig.open("a.bin");
    assert_eq!((rig.titles(), rig.tab().title.as_str()), (vec!["a.bin", "b.bin"], "a.bin"));
    rig.open("b.bin");
    assert_eq!((rig.titles().len(), rig.bytes()), (2, vec![0xaa]), "its edits are there");
}

#[test]
#[cfg(unix)]
fn one_file_by_two_names_is_one_tab() {
    let mut rig = Rig::on(&[1, 2, 3]);
    std::os::unix::fs::symlink(rig.path("a.bin"), rig.path("link.bin")).expect("a link");
    std::fs::hard_link(rig.path("a.bin"), rig.path("name.bin")).expect("a name");
    for name in ["link.bin", "name.bin"] {
        rig.apply(Action::Open(OpenAction::Files(vec![rig.path(name)])));
        rig.settle();
        assert_eq!(rig.titles(), ["a.bin"], "{name}");
    }
    let both = vec![rig.path("link.bin"), rig.path("a.bin")];
    let mut rig2 = Rig::new();
    rig2.apply(Action::Open(OpenAction::Files(both)));
    rig2.settle();
    assert_eq!(rig2.titles(), ["a.bin"], "also when both are asked for at once");
}

#[test]
fn several_files_stand_in_the_order_in_which_they_were_asked_for() {
    let mut rig = Rig::new();
    let names: Vec<String> = (0..12).map(|n| format!("{n:02}.bin")).collect();
    for name in &names {
        rig.write(name, name.as_bytes());
    }
    rig.apply(Action::Open(OpenAction::Files(names.iter().map(|name| rig.path(name)).collect())));
    rig.settle();
    assert_eq!(rig.titles(), names);
}

/// The next keys are meant for the same file as the last ones.
#[test]
fn a_file_that_comes_while_one_types_stays_behind() {
    for (keys, in_front) in [("aa", "a.bin"), ("b", "a.bin"), ("", "b.bin")] {
        let mut rig = Rig::on(&[1, 2, 3]);
        rig.write("b.bin", &[4]);
        rig.show();
        rig.apply(Action::Open(OpenAction::Files(vec![rig.path("b.bin")])));
        if !keys.is_empty() {
            rig.apply(Action::Edit(EditAction::Type(String::from(keys))));
        }
        rig.settle();
        assert_eq!((rig.titles(), rig.tab().title.as_str()), (vec!["a.bin", "b.bin"], in_front), "{keys}");
        let told = if in_front == "a.bin" { "b.bin is open in another tab." } else { "" };
        assert_eq!(rig.hint(), told, "{keys}");
        // If it is opened again, it comes to the front.
        rig.open("b.bin");
        assert_eq!(rig.tab().title, "b.bin");
    }
}

/// Opens what can't be opened, and answers what is said; the open file must not mind.
#[track_caller]
fn refused(rig: &mut Rig, name: &str) -> String {
    let (titles, bytes) = (rig.titles().join(" "), rig.bytes());
    let path = if name.is_empty() { PathBuf::new() } else { rig.path(name) };
    rig.apply(Action::Open(OpenAction::Files(vec![path])));
    rig.settle();
    assert_eq!((rig.titles().join(" "), rig.bytes()), (titles, bytes));
    let message = rig.messages().pop().expect("a message");
    rig.apply(Action::Escape);
    assert_eq!(rig.messages(), [""; 0], "Escape dismisses it");
    message
}

#[test]
fn what_is_no_file_is_said() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    let message = refused(&mut rig, "missing.bin");
    assert!(message.contains("There is no file") && message.contains("missing.bin"), "{message}");
    let folder = rig.path(".");
    rig.apply(Action::Open(OpenAction::Files(vec![folder])));
    rig.settle();
    assert_eq!(rig.session.dialog(), Some(&Dialog::OpenPath), "the files of a folder are listed");
    assert_eq!(rig.messages(), [""; 0]);
    assert!(rig.session.path_help().names().iter().any(|named| named.name == "a.bin"));
    rig.apply(Action::Escape);
    let message = refused(&mut rig, "a.bin/inside");
    assert!(message.contains("inside"), "{message}");
    let message = refused(&mut rig, "");
    assert!(!message.is_empty());
    #[cfg(unix)]
    {
        let made = std::process::Command::new("mkfifo").arg(rig.path("pipe")).status();
        assert!(made.is_ok_and(|status| status.success()));
        let message = refused(&mut rig, "pipe");
        assert!(message.contains("is a pipe"), "{message}");
        let message = refused(&mut rig, "/dev/zero");
        assert!(message.contains("a character device"), "{message}");
    }
    assert_eq!(rig.bytes(), [0xaa, 2, 3]);
}

#[test]
#[cfg(unix)]
fn what_may_not_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("secret.bin", &[0]);
    std::fs::set_permissions(rig.path("secret.bin"), PermissionsExt::from_mode(0o000)).expect("chmod");
    if std::fs::File::open(rig.path("secret.bin")).is_ok() {
        println!("SKIPPED: modes do not bind root; run as another user to test them");
        return;
    }
    let message = refused(&mut rig, "secret.bin");
    assert!(message.contains("You don't have permission to read"), "{message}");
}

#[test]
fn failures_stand_side_by_side() {
    let mut rig = Rig::on(&[1]);
    rig.apply(Action::Open(OpenAction::Files(vec![rig.path("x"), rig.path("y")])));
    rig.settle();
    assert_eq!(rig.messages().len(), 2);
    rig.apply(Action::Escape);
    assert_eq!(rig.messages().len(), 1);
}

#[test]
fn an_empty_file_can_be_filled() {
    let mut rig = Rig::on(&[]);
    assert_eq!((rig.tab().len(), rig.tab().caret()), (0, 0));
    for command in [Command::SelectAll, Command::GoEnd, Command::Delete, Command::Truncate, Command::Undo] {
        rig.run(command);
        assert_eq!(rig.bytes(), [], "{command:?}");
    }
    for action in [Action::Edit(EditAction::Backspace), Action::Edit(EditAction::DeleteForward)] {
        rig.apply(action);
    }
    press(&mut rig, "Left Right Up Down PageUp PageDown Home End c0ffee");
    assert_eq!(rig.bytes(), [0xc0, 0xff, 0xee]);
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [0xc0, 0xff, 0xee]);
    press(&mut rig, "Ctrl+A Delete");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [], "and emptied");
}

#[test]
fn a_file_of_one_byte_is_a_file() {
    let mut rig = Rig::on(&[0x41]);
    rig.run(Command::ShowBoth);
    press(&mut rig, "Right Left ff");
    assert_eq!((rig.bytes(), rig.tab().caret()), (vec![0xff], 1));
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [0xff]);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_without_a_length_is_copied() {
    let mut rig = Rig::on(&[1]);
    rig.apply(Action::Open(OpenAction::Files(vec![PathBuf::from("/proc/self/status")])));
    rig.settle();
    assert_eq!(rig.tab().title, "status", "{:?}", rig.messages());
    let text = String::from_utf8(rig.bytes()).expect("text");
    assert!(text.contains("VmRSS:"), "{text}");
    assert!(!rig.tab().has_file());
    // There is nothing to write it back to.
    press(&mut rig, "41");
    rig.requests();
    rig.run(Command::Save);
    assert!(matches!(rig.requests()[..], [.., pagelens::session::Request::ChooseSaveName { .. }]));
    rig.name(rig.path("status.txt"));
    rig.settle();
    assert_eq!((rig.disk("status.txt"), rig.tab().has_file()), (rig.bytes(), true));
    press(&mut rig, "42");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("status.txt")[..2], *b"AB");
}

#[test]
fn what_the_command_line_asks_for_is_done() {
    let mut rig = Rig::new();
    rig.write("a.bin", &[0; 1000]);
    let options = OpenOptions {
        offset: Some(String::from("end/2")),
        dtype: "<u2".parse().ok(),
        columns: Some(6),
        read_only: true,
        ..OpenOptions::default()
    };
    rig.open_with("a.bin", options);
    let tab = rig.tab();
    assert_eq!((tab.caret(), tab.locked, tab.focus_kind()), (500, true, PaneKind::Values));
    assert_eq!((tab.values().columns(), Some(tab.values().format.dtype)), (6, "<u2".parse().ok()));
    // It is open: only the place is new.
    rig.open_with("a.bin", OpenOptions { offset: Some(String::from("0x10")), ..OpenOptions::default() });
    assert_eq!((rig.titles().len(), rig.tab().caret()), (1, 16));
    rig.open_with("a.bin", OpenOptions { offset: Some(String::from("2000")), ..OpenOptions::default() });
    assert_eq!(rig.tab().caret(), 16);
    assert!(rig.messages()[0].contains("beyond the end"), "{:?}", rig.messages());
}

#[test]
fn only_what_is_wanted_in_front_comes_to_the_front() {
    let mut rig = Rig::on(&[1]);
    rig.write("b.bin", &[2]);
    rig.session.open(rig.path("b.bin"), OpenOptions::default());
    rig.settle();
    assert_eq!((rig.titles(), rig.tab().title.as_str()), (vec!["a.bin", "b.bin"], "a.bin"));
}

#[test]
fn new_files_are_numbered() {
    let mut rig = Rig::new();
    for _ in 0..3 {
        rig.run(Command::NewFile);
    }
    assert_eq!(rig.titles(), ["untitled", "untitled 2", "untitled 3"]);
    rig.run(Command::NextTab);
    assert_eq!(rig.tab().title, "untitled");
    rig.run(Command::PreviousTab);
    assert_eq!(rig.tab().title, "untitled 3");
}

#[test]
fn the_kind_of_a_file_is_told_by_its_first_bytes() {
    let mut rig = Rig::new();
    rig.write("a.bin", b"%PDF-1.5\n");
    rig.write("b.bin", &[1, 2, 3]);
    for (name, expected) in [("a.bin", Some("PDF document")), ("b.bin", None)] {
        rig.open(name);
        rig.wait_until("it was looked at", Session::is_at_rest);
        let kind = rig.session.features().kinds.of(rig.tab().id);
        assert_eq!(kind.map(|kind| &*kind.name), expected, "{name}");
    }
    rig.run(Command::NewFile);
    rig.wait_until("nothing is to be looked at", Session::is_at_rest);
    assert!(rig.session.features().kinds.of(rig.tab().id).is_none());
}
