//! Edits that no file has survive the end of the program: every command, through saves, with a word where they don't.

use super::rig::Rig;
use pagelens::bytes::Source;
use pagelens::session::find::{Query, QueryKind, Reach};
use pagelens::session::view::Motion;
use pagelens::session::{
    Action, Answer, ClipboardAction, Command, DialogAction, EditAction, ExternalAction, FindAction,
    InspectorAction, PaneAction, PasteWay, Pasted, Request, TabAction,
};
use pagelens::session::{command::COMMANDS, dialog::RunOfBytes};

/// A file `a.bin` of these bytes is open, and what outlives the program is kept.
pub(super) fn on(bytes: &[u8]) -> Rig {
    let mut rig = Rig::with_state();
    rig.write("a.bin", bytes);
    rig.open("a.bin");
    rig
}

/// Every state that undo and redo reach, and the name of the step that leads on from it; all is as before then.
fn states(rig: &mut Rig) -> Vec<(Vec<u8>, Option<&'static str>)> {
    let mut undone = 0;
    while rig.tab().document().can_undo().is_some() {
        rig.run(Command::Undo);
        assert!(undone < 1000, "undo does nothing: {} {:?}", rig.hint(), rig.tab().edit);
        undone += 1;
    }
    let mut states = Vec::new();
    loop {
        let next = rig.tab().document().can_redo();
        states.push((rig.bytes(), next));
        if next.is_none() {
            break;
        }
        rig.run(Command::Redo);
    }
    (undone + 1..states.len()).for_each(|_| rig.run(Command::Undo));
    rig.session.tick();
    states
}

/// Kills the program, restores the edits, and compares what is there with what was there.
#[track_caller]
fn assert_survives(rig: &mut Rig, what: &str) {
    let before = (rig.bytes(), rig.tab().is_modified(), states(rig));
    rig.restart(1);
    rig.press_button("Restore");
    assert!(rig.session.tab().is_some(), "{what}: {:?}", rig.messages());
    let after = (rig.bytes(), rig.tab().is_modified(), states(rig));
    assert!(before.0 == after.0, "{what}: other bytes; it says {:?}", rig.messages());
    assert!(before == after, "{what}: another history:\n{:?}\n{:?}", names(&before.2), names(&after.2));
    assert_eq!(rig.messages(), Vec::<String>::new(), "{what}");
}

fn names(states: &[(Vec<u8>, Option<&'static str>)]) -> Vec<Option<&'static str>> {
    states.iter().map(|(_, name)| *name).collect()
}

fn logs(rig: &Rig) -> Vec<String> {
    let Ok(folder) = std::fs::read_dir(rig.path("state").join("edits")) else { return Vec::new() };
    folder.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect()
}

/// Waits until the writers of logs have done what they were asked.
pub(super) fn wait_for_logs(rig: &mut Rig, count: usize) {
    let begun = std::time::Instant::now();
    while logs(rig).len() != count {
        rig.session.tick();
        assert!(begun.elapsed().as_secs() < 60, "{count} logs are expected, not {:?}", logs(rig));
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// What a dialog that a command has opened is answered with.
fn answer(command: Command) -> Option<Action> {
    let run = || RunOfBytes { count: String::from("3"), pattern: String::from("ab cd") };
    Some(match command {
        Command::InsertBytes => Action::Answer(Answer::InsertRun(run())),
        Command::AppendBytes => Action::Answer(Answer::AppendRun(run())),
        Command::Fill => Action::Answer(Answer::Fill(String::from("77 88"))),
        Command::EditValue => Action::Edit(EditAction::Text(String::from("17"))),
        Command::Paste => Action::Clipboard(ClipboardAction::Paste {
            pasted: Pasted::of_text(String::from("01 02")),
            way: PasteWay::Usual,
        }),
        Command::PasteText => Action::Clipboard(ClipboardAction::Paste {
            pasted: Pasted::of_text(String::from("zz")),
            way: PasteWay::Text,
        }),
        _ => return None,
    })
}

#[test]
fn what_every_command_does_to_the_bytes_survives() {
    let leave = [
        Command::Quit,
        Command::CloseTab,
        Command::Open,
        Command::NewFile,
        Command::OpenSample,
        Command::ShowPatch,
    ];
    let reads = [Command::Save, Command::SaveAs, Command::Reload, Command::ShowSavePlan];
    let mut rig = on(&(0..200).collect::<Vec<u8>>());
    let mut changed = Vec::new();
    for spec in COMMANDS {
        if leave.contains(&spec.command) || reads.contains(&spec.command) {
            continue;
        }
        rig.select(20, 24);
        rig.show();
        let before = rig.bytes();
        rig.run(spec.command);
        if let Some(action) = answer(spec.command) {
            rig.apply(action);
            rig.apply(Action::Edit(EditAction::Commit { then: None }));
        }
        rig.apply(Action::Dialog(DialogAction::Close));
        rig.settle();
        changed.extend(Some(spec.title).filter(|_| rig.bytes() != before));
        if rig.tab().locked {
            rig.run(Command::ToggleLock);
        }
    }
    assert!(changed.len() >= 9, "only {changed:?} changed anything");
    assert_survives(&mut rig, "all commands");
}

#[test]
fn what_is_typed_replaced_and_set_survives() {
    let mut rig = on(&[0x41; 300]);
    rig.type_text("0102");
    rig.run(Command::ToggleInsert);
    rig.type_text("99");
    rig.apply(Action::Edit(EditAction::Backspace));
    rig.apply(Action::Edit(EditAction::DeleteForward));
    rig.apply(Action::Pane(PaneAction::OtherColumn));
    rig.type_text("text");
    rig.select(10, 14);
    rig.show();
    let little = pagelens::decode::Order::Little;
    rig.apply(Action::Inspect(InspectorAction::Set { row: 0, order: little, text: String::from("7") }));
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(pagelens::session::PaneKey::TYPED)));
    rig.select(20, 20);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("7"))));
    rig.apply(Action::Edit(EditAction::Commit { then: Some(Motion::Down) }));
    rig.look_for("41 41");
    let query = Query {
        text: String::from("41 41"),
        replacement: String::from("aa bb cc"),
        kind: QueryKind::Hex,
        ..Query::default()
    };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    rig.run(Command::Undo);
    rig.run(Command::Undo);
    rig.run(Command::Redo);
    let names = names(&states(&mut rig));
    for name in ["Typing", "Delete", "Value", "Replace", "Replace all"] {
        assert!(names.contains(&Some(name)), "{name} is not in {names:?}");
    }
    assert_survives(&mut rig, "typing and replacing");
}

#[test]
fn the_notice_says_what_and_how_much_and_stays_until_the_user_decides() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.restart(1);
    assert!(rig.session.tabs().iter().all(|tab| !tab.is_modified()), "nothing is restored by itself");
    let text = rig.messages().concat();
    for part in ["just now", "a.bin", "with 1 unsaved change in"] {
        assert!(text.contains(part), "{part:?} is not in {text:?}");
    }
    rig.apply(Action::Escape);
    assert_eq!(rig.messages(), [text], "Escape leaves what offers something");
    rig.run(Command::DismissMessage);
    assert_eq!(rig.messages(), Vec::<String>::new());
    rig.run(Command::ShowUnsaved);
    assert_eq!(rig.messages().len(), 1);
    rig.restart(1);
    rig.finish(Command::RestoreUnsaved);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (b"1bcdef".to_vec(), true));
    assert_eq!(rig.messages(), Vec::<String>::new());
    assert_eq!(rig.disk("a.bin"), b"abcdef", "the file is as it was");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), b"1bcdef");
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), b"abcdef");
}

#[test]
fn undo_of_what_was_saved_survives() {
    let mut rig = on(&[b'a'; 5000]);
    rig.type_text("3132");
    rig.finish(Command::Save);
    rig.select(100, 3000);
    rig.run(Command::Delete);
    rig.finish(Command::Save);
    rig.go("4");
    rig.type_text("33");
    assert_survives(&mut rig, "edits after saves");
    rig.finish(Command::Save);
    assert!(!rig.tab().is_modified(), "{:?} {:?}", rig.messages(), rig.session.dialog());
    rig.restart(1);
    assert!(rig.messages().concat().contains("Nothing is lost"), "{:?}", rig.messages());
    rig.press_button("Restore");
    assert!(!rig.tab().is_modified());
    (0..3).for_each(|_| rig.run(Command::Undo));
    assert!(rig.bytes() == [b'a'; 5000], "the first bytes come from the log");
}

#[test]
fn what_is_typed_while_a_file_is_saved_survives() {
    let mut rig = on(&[0; 100_000]);
    rig.select(0, 1);
    rig.run(Command::Delete);
    rig.run(Command::Save);
    rig.type_text("1234");
    rig.settle();
    rig.type_text("56");
    assert_survives(&mut rig, "edits around a save");
}

#[test]
fn a_file_under_another_name_takes_its_log_with_it() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.run(Command::SaveAs);
    rig.save_as(rig.path("b.bin"));
    rig.settle();
    rig.type_text("32");
    rig.restart(1);
    assert!(rig.messages().concat().contains("b.bin"), "{:?}", rig.messages());
    rig.press_button("Restore");
    assert_eq!((rig.tab().title.as_str(), rig.bytes()), ("b.bin", b"12cdef".to_vec()));
}

#[test]
fn a_document_without_a_file_is_restored_too() {
    let mut rig = Rig::with_state();
    rig.run(Command::NewFile);
    rig.type_text("414243");
    rig.restart(1);
    rig.press_button("Restore");
    assert_eq!((rig.bytes(), rig.tab().title.as_str()), (b"ABC".to_vec(), "untitled"));
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), b"");
    rig.run(Command::Redo);
    rig.run(Command::OpenSample);
    rig.show();
    rig.type_text("00");
    rig.restart(2);
}

#[test]
fn a_file_that_was_changed_gets_no_edits_but_a_patch() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.session.tick();
    wait_for_logs(&mut rig, 1);
    rig.restart(1);
    rig.write("a.bin", b"zbcdefg");
    rig.press_button("Restore");
    let text = rig.messages().concat();
    assert!(text.contains("not the file that was edited") && text.contains("6 bytes and is now 7"), "{text}");
    assert!(rig.session.tabs().iter().all(|tab| !tab.is_modified()));
    rig.press_button("Export as patch…");
    let asked = rig.requests().into_iter().find_map(|request| match request {
        Request::ChooseSaveName { suggested, .. } => Some(suggested),
        _ => None,
    });
    assert!(asked.is_some_and(|name| name.ends_with("a.bin.patch.txt")));
    rig.name(rig.path("edits.txt"));
    rig.settle();
    let patch = String::from_utf8(rig.disk("edits.txt")).expect("text");
    assert!(patch.contains("@ 0x0 -1 +1\n- 61\n+ 31\n"), "{patch}");
    assert!(rig.hint().contains("edits.txt"), "{}", rig.hint());
    assert_eq!(rig.disk("a.bin"), b"zbcdefg");
    rig.write("edits.txt", b"precious");
    rig.press_button("Export as patch…");
    rig.name(rig.path("edits.txt"));
    rig.settle();
    assert_eq!(rig.disk("edits.txt"), b"precious");
    rig.replace(&rig.path("edits.txt"));
    rig.settle();
    assert_eq!(
        (rig.disk("edits.txt"), rig.session.dialog()),
        (patch.into_bytes(), None),
        "{:?}",
        rig.messages()
    );
    rig.press_button("Discard");
    assert_eq!(logs(&rig).len(), 1, "it asks first");
    rig.press_button("Keep");
    rig.press_button("Discard");
    rig.press_button("Discard permanently");
    // That the open file has grown meanwhile is told sooner or later.
    let mut left = rig.messages();
    left.retain(|text| !text.contains("has grown to 7 bytes"));
    assert_eq!((logs(&rig), left), (vec![], vec![]));
}

#[test]
fn logs_go_when_their_edits_are_wanted_no_more() {
    let mut rig = on(b"abcdef");
    assert_eq!(logs(&rig), Vec::<String>::new(), "looking at a file writes nothing");
    rig.type_text("31");
    rig.session.tick();
    wait_for_logs(&mut rig, 1);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    wait_for_logs(&mut rig, 0);
    rig.open("a.bin");
    rig.type_text("31");
    rig.session.tick();
    wait_for_logs(&mut rig, 1);
    rig.run(Command::Reload);
    let id = rig.tab().id;
    rig.apply(Action::External(ExternalAction::Reload(id)));
    rig.settle();
    wait_for_logs(&mut rig, 0);
    rig.type_text("31");
    rig.apply(Action::Tab(TabAction::DiscardAndQuit));
    rig.session.keep_at_end().expect("kept");
    assert_eq!(logs(&rig), Vec::<String>::new(), "the end waits for it");
}

#[test]
fn an_end_that_nobody_asked_for_leaves_the_logs() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.session.keep_at_end().expect("kept");
    rig.restart(1);
}

#[test]
fn a_tab_of_last_time_gets_its_edits_and_an_edited_one_does_not() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.session.keep_at_end().expect("kept");
    rig.restart(1);
    assert_eq!((rig.titles(), rig.bytes()), (vec!["a.bin"], b"abcdef".to_vec()), "as on the disk");
    rig.go("0");
    rig.type_text("39");
    rig.press_button("Restore");
    assert_eq!(rig.hint(), "a.bin has new unsaved changes. Close its tab, then restore.");
    assert_eq!(rig.bytes(), b"9bcdef");
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    rig.open("a.bin");
    rig.press_button("Restore");
    assert_eq!((rig.titles(), rig.bytes()), (vec!["a.bin"], b"1bcdef".to_vec()), "in the tab that is there");
}

#[test]
fn a_log_that_can_t_be_written_is_told_of_once_and_edits_go_on() {
    let mut rig = on(b"abcdef");
    // Looking for older logs is not to meet what is put in the way.
    rig.wait_until("logs were looked for", pagelens::session::Session::has_looked_for_unsaved);
    std::fs::create_dir_all(rig.path("state")).expect("made");
    std::fs::write(rig.path("state").join("edits"), b"in the way").expect("written");
    rig.type_text("31");
    rig.wait_until("it is told", |session| {
        session.notices().shown(None).count()
            + session.notices().shown(session.tab().map(|tab| tab.id)).count()
            > 0
    });
    rig.type_text("3233");
    let messages = rig.messages();
    assert_eq!(messages.len(), 1, "{messages:?}");
    assert!(messages[0].contains("would be lost in a crash"), "{messages:?}");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), b"123def");
}

#[test]
fn a_replace_of_many_places_is_handed_over_at_once() {
    let mut rig = on(&vec![0x41; 400_000]);
    rig.look_for("41");
    let query = Query { text: String::from("41"), replacement: String::from("42"), ..Query::default() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    assert_eq!(rig.tab().shown().changed_bytes(), 400_000);
    rig.restart(1);
    rig.press_button("Restore");
    assert!(rig.bytes().iter().all(|byte| *byte == 0x42) && rig.tab().shown().len() == 400_000);
    rig.run(Command::Undo);
    assert!(rig.bytes().iter().all(|byte| *byte == 0x41));
}

#[test]
fn much_that_was_pasted_is_copied_in_the_background_and_shown_again() {
    let mut rig = on(b"abcdef");
    let text = "0123456789abcdef".repeat(20 << 16);
    rig.run(Command::ToggleInsert);
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text(text.clone()),
        way: PasteWay::Text,
    }));
    rig.settle();
    rig.go("0");
    rig.type_text("31");
    rig.restart(1);
    rig.press_button("Restore");
    let mut expected = text.into_bytes();
    expected.extend_from_slice(b"abcdef");
    let bytes = rig.bytes();
    assert!(bytes.len() == expected.len() + 1 && rig.messages().is_empty(), "{:?}", rig.messages());
    rig.run(Command::Undo);
    assert!(rig.bytes() == expected);
    rig.go("0x123456");
    rig.show();
    rig.type_text("32");
    rig.run(Command::Undo);
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), b"abcdef");
}

/// What a notice offers, when it comes.
fn choose(rig: &mut Rig, label: &str) {
    let id = rig.tab().id;
    rig.wait_until(label, |session| {
        session.notices().shown(Some(id)).flat_map(|notice| &notice.ways_out).any(|(own, _)| *own == label)
    });
    rig.press_button(label);
}

#[test]
fn edits_that_were_kept_over_what_others_wrote_survive() {
    let mut rig = on(&[b'a'; 100]);
    rig.go("10");
    rig.type_text("3132");
    rig.take_notes();
    let mut theirs = [b'a'; 100];
    theirs[8..20].fill(b'b');
    std::fs::write(rig.path("a.bin"), theirs).expect("written");
    choose(&mut rig, "Keep mine");
    rig.type_text("33");
    rig.settle();
    assert_survives(&mut rig, "edits on top of another program's");
    assert_eq!(rig.bytes()[7..21], *b"abb123bbbbbbba");
    (0..3).for_each(|_| rig.run(Command::Undo));
    assert_eq!(rig.bytes(), theirs);
}

#[test]
fn what_others_cut_off_and_what_was_edited_before_survives() {
    let mut rig = on(&(0..100).collect::<Vec<u8>>());
    rig.go("10");
    rig.type_text("3132");
    rig.take_notes();
    let file = std::fs::File::options().write(true).open(rig.path("a.bin")).expect("there");
    file.set_len(60).expect("cut");
    choose(&mut rig, "Keep mine");
    assert_eq!(rig.tab().len(), 60);
    rig.go("20");
    rig.type_text("33");
    let before = rig.bytes();
    rig.restart(1);
    rig.press_button("Restore");
    assert!(rig.bytes() == before, "it says {:?}", rig.messages());
    (0..2).for_each(|_| rig.run(Command::Undo));
    assert_eq!(rig.bytes()[..20], before[..20], "what was cut off is not there to come back");
}

#[test]
fn edits_of_a_file_that_is_followed_survive_and_so_does_what_was_appended() {
    let mut rig = on(b"one line\n");
    let append = |rig: &Rig, text: &[u8]| {
        let mut file = std::fs::File::options().append(true).open(rig.path("a.bin")).expect("there");
        std::io::Write::write_all(&mut file, text).expect("appended");
    };
    rig.type_text("31");
    rig.take_notes();
    rig.finish(Command::Follow);
    append(&rig, b"another\n");
    rig.wait_until("it has grown", |session| session.tab().is_some_and(|tab| tab.len() == 17));
    rig.go("10");
    rig.type_text("32");
    assert_survives(&mut rig, "edits of a growing file");
    rig.restart(1);
    append(&rig, b"more\n");
    rig.press_button("Restore");
    assert_eq!(rig.bytes(), b"1ne line\na2other\nmore\n");
    assert!(rig.messages().concat().contains("has grown by 5 bytes"), "{:?}", rig.messages());
}
