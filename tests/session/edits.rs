//! Edits that are asked for by commands and dialogs; undo and redo; what counts as changed; the lock.

use super::notation::{Script, check, press};
use super::rig::Rig;
use pagelens::bytes::Span;
use pagelens::session::command::COMMANDS;
use pagelens::session::dialog::RunOfBytes;
use pagelens::session::find::Reach;
use pagelens::session::{
    Action, Answer, ClipboardAction, Command, Dialog, DialogAction, EditAction, FindAction, InspectorAction,
    PaneAction, PasteWay, Pasted,
};

fn run_of(count: &str, pattern: &str) -> RunOfBytes {
    RunOfBytes { count: count.to_owned(), pattern: pattern.to_owned() }
}

#[test]
fn bytes_are_inserted_at_the_caret_and_selected() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.go("1");
    rig.run(Command::InsertBytes);
    assert_eq!(rig.session.dialog(), Some(&Dialog::InsertBytes));
    rig.apply(Action::Answer(Answer::InsertRun(run_of("0x4", "ab cd"))));
    assert_eq!(rig.bytes(), [1, 0xab, 0xcd, 0xab, 0xcd, 2, 3]);
    assert_eq!((rig.selected(), rig.session.dialog()), ((1, 5), None));
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().caret()), (vec![1, 2, 3], 1));
}

#[test]
fn bytes_are_appended_wherever_the_caret_is() {
    let mut rig = Rig::on(&[1, 2]);
    rig.run(Command::AppendBytes);
    rig.apply(Action::Answer(Answer::AppendRun(run_of("3", "00"))));
    assert_eq!((rig.bytes(), rig.selected()), (vec![1, 2, 0, 0, 0], (2, 5)));
    rig.apply(Action::Answer(Answer::AppendRun(run_of("1 TiB", "00"))));
    assert_eq!(rig.tab().len(), 5 + (1 << 40), "as cheap as one byte");
}

#[test]
fn what_makes_no_run_of_bytes_is_said_under_the_field() {
    let mut rig = Rig::on(&[1, 2]);
    rig.run(Command::InsertBytes);
    for (count, pattern, reason) in [
        ("0", "00", "at least 1"),
        ("x", "00", "'x'"),
        ("4", "", "at least one byte"),
        ("4", "zz", "z"),
        ("end", "00", "largest possible size"),
    ] {
        rig.apply(Action::Answer(Answer::InsertRun(run_of(count, pattern))));
        let error = rig.session.dialog_error().unwrap_or_default().to_owned();
        assert!(error.contains(reason), "{count} × {pattern}: {error:?}");
        assert_eq!((rig.session.dialog(), rig.bytes()), (Some(&Dialog::InsertBytes), vec![1, 2]));
    }
    rig.apply(Action::Dialog(DialogAction::Close));
    assert_eq!((rig.session.dialog(), rig.session.dialog_error()), (None, None));
}

#[test]
fn a_fill_repeats_its_pattern_over_the_selection() {
    let mut rig = Rig::on(&[0; 6]);
    rig.select(1, 6);
    rig.run(Command::Fill);
    rig.apply(Action::Answer(Answer::Fill(String::from("ab cd"))));
    assert_eq!((rig.bytes(), rig.selected()), (vec![0, 0xab, 0xcd, 0xab, 0xcd, 0xab], (1, 6)));
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.selected()), (vec![0; 6], (1, 6)));
    rig.run(Command::Fill);
    rig.apply(Action::Answer(Answer::Fill(String::from("x"))));
    assert!(rig.session.dialog_error().is_some() && rig.bytes() == [0; 6]);
    rig.apply(Action::Dialog(DialogAction::Close));
    rig.go("0");
    rig.run(Command::Fill);
    assert_eq!(rig.session.dialog(), None, "there is nothing to fill");
}

#[test]
fn truncate_removes_what_begins_at_the_caret() {
    let mut rig = Rig::on(&[1, 2, 3, 4]);
    rig.go("3");
    rig.run(Command::Truncate);
    assert_eq!((rig.bytes(), rig.tab().caret()), (vec![1, 2, 3], 3));
    rig.run(Command::Truncate);
    assert_eq!(rig.bytes(), [1, 2, 3], "there is nothing behind");
    rig.select(1, 3);
    rig.run(Command::Truncate);
    assert_eq!(rig.bytes(), [1]);
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.selected()), (vec![1, 2, 3], (1, 3)));
}

#[test]
fn revert_is_one_step_that_can_be_undone() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa Ctrl+End bb Ctrl+A Delete cc");
    assert_eq!(rig.bytes(), [0xcc]);
    rig.run(Command::Revert);
    assert_eq!(rig.bytes(), [1, 2, 3]);
    assert_eq!((rig.tab().shown().changed_bytes(), rig.tab().shown().changes()), (0, 0));
    assert!(!rig.tab().is_modified() && !rig.tab().can_save());
    rig.run(Command::Revert);
    assert_eq!(rig.tab().document().can_undo(), Some("Revert"));
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), [0xcc]);
    assert!(rig.tab().is_modified());
    rig.run(Command::Redo);
    assert_eq!(rig.bytes(), [1, 2, 3]);
    assert!(!rig.tab().is_modified());
}

#[test]
fn revert_gives_back_what_never_was_a_file() {
    let mut rig = Rig::new();
    rig.run(Command::OpenSample);
    let sample = rig.bytes();
    assert!(sample.len() > 16);
    rig.run(Command::OtherPane);
    press(&mut rig, "7 Take");
    assert_ne!(rig.bytes(), sample);
    rig.run(Command::Revert);
    assert_eq!(rig.bytes(), sample);
    rig.run(Command::NewFile);
    press(&mut rig, "41 42");
    rig.run(Command::Revert);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (vec![], false));
}

#[test]
fn all_and_ranges_are_selected() {
    check("00 ^11 22", "Ctrl+A", "[00 11 22^]");
    check("^", "Ctrl+A", "^");
    let mut rig = Rig::on(&[0; 100]);
    for (text, expected) in [
        ("16:32", (16, 32)),
        ("0x10:+4", (16, 20)),
        ("-10:", (90, 100)),
        (":5", (0, 5)),
        ("end/2:end", (50, 100)),
    ] {
        rig.run(Command::SelectRange);
        rig.apply(Action::Answer(Answer::SelectRange(text.to_owned())));
        assert_eq!((rig.selected(), rig.session.dialog()), (expected, None), "{text}");
    }
    rig.run(Command::SelectRange);
    for (text, reason) in
        [("5", "':'"), ("7:3", "before the start"), ("0:101", "beyond the end"), ("a:b", "'a'")]
    {
        rig.apply(Action::Answer(Answer::SelectRange(text.to_owned())));
        let error = rig.session.dialog_error().unwrap_or_default();
        assert!(error.contains(reason), "{text}: {error:?}");
        assert_eq!((rig.selected(), rig.session.dialog()), ((50, 100), Some(&Dialog::SelectRange)));
    }
}

#[test]
fn a_typed_run_is_one_step() {
    check("^00 00 00", "4142 Ctrl+Z", "^00 00 00");
    check("^00 00 00", "414 Ctrl+Z", "^00 00 00");
    check("^00 00 00", "4142 Ctrl+Z Ctrl+Y", "41 42 ^00");
    check("^00 00 00", "4142 Ctrl+Z Ctrl+Shift+Z", "41 42 ^00");
    check("00 ^00", "Insert 4142 Ctrl+Z", "00 ^00");
    check("^00 00 00", "Tab Hel Ctrl+Z", "^00 00 00");
    check("00 11 22 ^33", "Insert Backspace Backspace Ctrl+Z", "00 11 22 ^33");
    check("00 ^11 22 33", "Insert Delete Delete Ctrl+Z", "00 ^11 22 33");
}

#[test]
fn a_move_ends_the_run() {
    check("^00 00 00", "41 Right Left 42 Ctrl+Z", "41 ^00 00");
    check("^00 00 00", "41 Right Left 42 Ctrl+Z Ctrl+Z", "^00 00 00");
    check("00 11 22 ^33", "Insert Backspace 41 Ctrl+Z", "00 11 ^33");
    check("^00 00", "Ctrl+Z", "^00 00");
    check("^00 00", "41 Ctrl+Y", "41 ^00");
}

#[test]
fn a_jump_ends_the_run() {
    let mut rig = Rig::on(&[0; 4]);
    rig.type_text("41");
    rig.apply(Action::Answer(Answer::GoTo(String::from("1"))));
    rig.type_text("42");
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), [0x41, 0, 0, 0]);
}

#[test]
fn a_new_edit_drops_what_could_be_redone() {
    let mut rig = Script::default().check("^00 00", "41 Ctrl+Z 42 Ctrl+Y", "42 ^00");
    assert_eq!(rig.tab().document().can_redo(), None);
    rig.run(Command::Undo);
    assert_eq!(rig.tab().document().can_redo(), Some("Typing"));
}

#[test]
fn undo_back_to_the_saved_state_leaves_nothing_changed() {
    let mut rig = Script::default().start("^00 11 22");
    press(&mut rig, "41 End Insert 42 Ctrl+Home Delete");
    let shown = rig.tab().shown();
    assert!(rig.tab().is_modified() && shown.changed_bytes() > 0 && shown.changes() > 0);
    while rig.tab().document().can_undo().is_some() {
        rig.run(Command::Undo);
    }
    let shown = rig.tab().shown();
    assert_eq!((shown.changed_bytes(), shown.changes(), rig.tab().is_modified()), (0, 0, false));
    assert_eq!(rig.bytes(), [0, 0x11, 0x22]);
}

#[test]
fn changes_are_walked_through_in_a_circle() {
    let mut rig = Rig::on(&[0; 100]);
    for at in [10, 20, 50] {
        rig.go(&at.to_string());
        press(&mut rig, "41");
    }
    rig.go("0");
    let mut seen = Vec::new();
    for _ in 0..4 {
        rig.run(Command::NextChange);
        seen.push(rig.selected());
    }
    assert_eq!(seen, [(10, 11), (20, 21), (50, 51), (10, 11)]);
    rig.run(Command::PreviousChange);
    assert_eq!(rig.selected(), (50, 51));
    rig.apply(Action::Pane(PaneAction::NthChange(1)));
    assert_eq!(rig.selected(), (20, 21));
}

#[test]
fn the_lock_refuses_every_change() {
    let mut rig = Rig::on(&[1, 2, 3, 4]);
    press(&mut rig, "aa Right bb Ctrl+Z");
    rig.run(Command::ShowBoth);
    rig.select(1, 3);
    rig.run(Command::ToggleLock);
    let (bytes, revision) = (rig.bytes(), rig.tab().document().revision());
    rig.look_for("aa");
    let text = || String::from("7");
    let actions = [
        Action::Edit(EditAction::Type(text())),
        Action::Edit(EditAction::Backspace),
        Action::Edit(EditAction::DeleteForward),
        Action::Edit(EditAction::Enter),
        Action::Answer(Answer::InsertRun(run_of("1", "00"))),
        Action::Answer(Answer::AppendRun(run_of("1", "00"))),
        Action::Answer(Answer::Fill(text() + "7")),
        Action::Inspect(InspectorAction::Set {
            row: 2,
            order: pagelens::decode::Order::Little,
            text: text(),
        }),
        Action::Clipboard(ClipboardAction::Paste {
            pasted: Pasted::of_text(text() + "7"),
            way: PasteWay::Usual,
        }),
        Action::Clipboard(ClipboardAction::Paste { pasted: Pasted::of_text(text()), way: PasteWay::Text }),
        Action::Find(FindAction::ReplaceOne),
        Action::Find(FindAction::ReplaceAll(Reach::File)),
        Action::Find(FindAction::ReplaceAll(Reach::Selection)),
    ];
    for insert in [false, true] {
        for action in &actions {
            rig.show();
            rig.apply(Action::Pane(PaneAction::Select(Span::between(1, 3))));
            rig.apply(action.clone());
            rig.settle();
            rig.apply(action.clone());
            rig.settle();
            assert_eq!(rig.bytes(), bytes, "{action:?}");
            assert_eq!(rig.tab().edit, None, "{action:?}");
        }
        for spec in COMMANDS {
            let leaves = [
                Command::Quit,
                Command::CloseTab,
                Command::ToggleLock,
                Command::NewFile,
                Command::OpenSample,
                Command::ShowPatch,
                Command::Save,
                Command::Reload,
            ];
            if leaves.contains(&spec.command) {
                continue;
            }
            rig.apply(Action::Pane(PaneAction::Select(Span::between(1, 3))));
            rig.finish(spec.command);
            rig.apply(Action::Dialog(DialogAction::Close));
            assert_eq!(rig.bytes(), bytes, "{:?}", spec.command);
        }
        if !insert {
            rig.run(Command::ToggleInsert);
        }
    }
    assert_eq!(rig.tab().document().revision(), revision);
    rig.run(Command::Undo);
    assert!(rig.hint().contains("Ctrl+Shift+L"), "{:?}", rig.hint());
    rig.run(Command::ToggleLock);
    rig.run(Command::Undo);
    assert_ne!(rig.bytes(), bytes);
}

#[test]
fn one_change_is_reverted_and_the_others_stay() {
    let mut rig = Rig::on(&[1, 2, 3, 4, 5, 6]);
    rig.go("0");
    rig.type_text("aa");
    rig.select(2, 3);
    rig.run(Command::Delete);
    rig.go("4");
    rig.run(Command::ToggleInsert);
    rig.type_text("bb");
    assert_eq!((rig.bytes(), rig.tab().shown().changes()), (vec![0xaa, 2, 4, 5, 0xbb, 6], 3));
    rig.apply(Action::Edit(EditAction::RevertChange(1)));
    assert_eq!(
        (rig.bytes(), rig.tab().shown().changes()),
        (vec![0xaa, 2, 3, 4, 5, 0xbb, 6], 2),
        "a deletion"
    );
    rig.apply(Action::Edit(EditAction::RevertChange(1)));
    assert_eq!((rig.bytes(), rig.tab().shown().changes()), (vec![0xaa, 2, 3, 4, 5, 6], 1), "an insertion");
    rig.go("0");
    rig.run(Command::RevertChange);
    assert_eq!(
        (rig.bytes(), rig.tab().is_modified()),
        (vec![1, 2, 3, 4, 5, 6], false),
        "what was overwritten"
    );
    for _ in 0..3 {
        rig.run(Command::Undo);
    }
    assert_eq!(rig.bytes(), [0xaa, 2, 4, 5, 0xbb, 6], "each is one step of undo");
    rig.apply(Action::Edit(EditAction::RevertChange(7)));
    assert_eq!(rig.bytes(), [0xaa, 2, 4, 5, 0xbb, 6], "there is no such change");
}

#[test]
fn changes_are_shown_as_a_patch_at_any_time() {
    let mut rig = Rig::on(&[1, 2, 3, 4]);
    rig.go("1");
    rig.type_text("aa");
    rig.finish(Command::ShowPatch);
    let text = String::from_utf8(rig.bytes()).expect("a text");
    assert!(rig.tab().title.ends_with(".patch.txt"), "{}", rig.tab().title);
    assert!(text.contains("changes: 1\n@ 0x1 -1 +1\n- 02\n+ aa\n"), "{text}");
}
