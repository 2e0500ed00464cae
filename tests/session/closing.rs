//! Closing files and the program: nothing unsaved goes without a question.

use super::notation::press;
use super::rig::Rig;
use pagelens::session::{
    Action, Command, Dialog, DialogAction, NameAction, PaneAction, PaneKey, Request, TabAction,
};

fn edited(names: &[&str]) -> Rig {
    let mut rig = Rig::new();
    for name in names {
        rig.write(name, &[1, 2, 3]);
        rig.open(name);
        press(&mut rig, "aa");
    }
    rig
}

/// Whether the program was asked to end since the last call.
fn quits(rig: &mut Rig) -> bool {
    rig.requests().contains(&Request::Quit)
}

#[test]
fn an_unchanged_file_closes_at_once() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.run(Command::CloseTab);
    assert!(rig.session.tab().is_none() && rig.session.dialog().is_none());
    let mut rig = Rig::new();
    for command in [Command::NewFile, Command::OpenSample] {
        rig.run(command);
        rig.run(Command::CloseTab);
        assert!(rig.session.tab().is_none(), "{command:?}");
    }
}

#[test]
fn an_edited_file_asks_and_can_stay() {
    let mut rig = edited(&["a.bin"]);
    rig.run(Command::CloseTab);
    assert_eq!(rig.session.dialog(), Some(&Dialog::ConfirmClose(rig.tab().id)));
    rig.apply(Action::Escape);
    assert_eq!((rig.session.dialog(), rig.titles()), (None, vec!["a.bin"]));
    assert_eq!(rig.bytes(), [0xaa, 2, 3]);
}

#[test]
fn an_edited_file_can_be_discarded() {
    let mut rig = edited(&["a.bin"]);
    let id = rig.tab().id;
    rig.run(Command::CloseTab);
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    rig.settle();
    assert!(rig.session.tab().is_none() && rig.session.dialog().is_none());
    assert_eq!(rig.disk("a.bin"), [1, 2, 3]);
}

#[test]
fn an_edited_file_can_be_saved_and_closed() {
    let mut rig = edited(&["a.bin"]);
    let id = rig.tab().id;
    rig.run(Command::CloseTab);
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    assert_eq!(rig.titles(), ["a.bin"], "it is there until the disk has it");
    rig.settle();
    assert!(rig.session.tab().is_none());
    assert_eq!(rig.disk("a.bin"), [0xaa, 2, 3]);
}

#[test]
fn what_is_typed_while_it_is_saved_to_be_closed_asks_again() {
    let mut rig = edited(&["a.bin"]);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    press(&mut rig, "bb");
    rig.settle();
    assert_eq!((rig.titles(), rig.session.dialog()), (vec!["a.bin"], Some(&Dialog::ConfirmClose(id))));
    assert_eq!((rig.disk("a.bin"), rig.bytes()), (vec![0xaa, 2, 3], vec![0xaa, 0xbb, 3]));
}

#[test]
fn a_file_that_is_being_saved_is_not_closed() {
    let mut rig = edited(&["a.bin"]);
    rig.run(Command::Save);
    rig.run(Command::CloseTab);
    assert_eq!(rig.titles(), ["a.bin"]);
    assert!(rig.hint().contains("is being saved"));
    rig.run(Command::Quit);
    assert!(!quits(&mut rig) && rig.hint().contains("is being saved"));
    rig.settle();
    rig.run(Command::Quit);
    assert!(quits(&mut rig));
}

#[test]
fn a_failed_save_closes_nothing() {
    let mut rig = edited(&["a.bin"]);
    rig.write("a.bin", b"theirs");
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    rig.settle();
    assert_eq!((rig.titles(), rig.messages().len()), (vec!["a.bin"], 1));
    rig.apply(Action::Tab(TabAction::SaveAllAndQuit));
    rig.settle();
    assert!(!quits(&mut rig));
    assert_eq!(rig.disk("a.bin"), b"theirs");
}

#[test]
fn a_new_file_is_named_before_it_closes() {
    let mut rig = Rig::new();
    rig.run(Command::NewFile);
    press(&mut rig, "41");
    let id = rig.tab().id;
    rig.run(Command::CloseTab);
    rig.requests();
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    assert!(matches!(rig.requests()[..], [.., Request::ChooseSaveName { .. }]));
    rig.name(rig.path("new.bin"));
    rig.settle();
    assert!(rig.session.tab().is_none());
    assert_eq!(rig.disk("new.bin"), [0x41]);
}

#[test]
fn a_name_that_was_not_given_closes_nothing_later() {
    let mut rig = Rig::new();
    rig.run(Command::NewFile);
    press(&mut rig, "41");
    // The user leaves the question for the name, goes on, and saves a copy some time later.
    rig.apply(Action::Tab(TabAction::SaveAllAndQuit));
    press(&mut rig, "42");
    rig.run(Command::SaveAs);
    rig.name(rig.path("new.bin"));
    rig.settle();
    assert!(!quits(&mut rig));
    assert_eq!((rig.titles(), rig.disk("new.bin")), (vec!["new.bin"], vec![0x41, 0x42]));
}

#[test]
fn the_tab_beside_comes_to_the_front() {
    let mut rig = edited(&["a.bin", "b.bin", "c.bin"]);
    rig.run(Command::PreviousTab);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    assert_eq!((rig.titles(), rig.tab().title.as_str()), (vec!["a.bin", "c.bin"], "c.bin"));
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    assert_eq!(rig.tab().title, "a.bin");
}

#[test]
fn closing_another_tab_brings_its_question_to_the_front() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    let first = rig.session.tabs()[0].id;
    rig.apply(Action::Tab(TabAction::Close(first)));
    assert_eq!((rig.tab().id, rig.session.dialog()), (first, Some(&Dialog::ConfirmClose(first))));
}

#[test]
fn quitting_with_nothing_unsaved_asks_nothing() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.run(Command::NewFile);
    rig.run(Command::Quit);
    assert!(quits(&mut rig));
}

#[test]
fn quitting_asks_once_for_all_and_can_be_left() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    rig.write("c.bin", &[0]);
    rig.open("c.bin");
    rig.run(Command::Quit);
    assert_eq!(rig.session.dialog(), Some(&Dialog::ConfirmQuit));
    let unsaved: Vec<_> = rig.session.unsaved().map(|tab| tab.title.as_str()).collect();
    assert_eq!(unsaved, ["a.bin", "b.bin"]);
    rig.apply(Action::Escape);
    assert!(!quits(&mut rig) && rig.session.dialog().is_none());
    rig.run(Command::Quit);
    rig.apply(Action::Tab(TabAction::DiscardAndQuit));
    assert!(quits(&mut rig));
    assert_eq!(rig.disk("a.bin"), [1, 2, 3]);
}

#[test]
fn quitting_saves_all_one_after_the_other() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    rig.run(Command::NewFile);
    press(&mut rig, "41");
    rig.requests();
    rig.run(Command::Quit);
    rig.apply(Action::Tab(TabAction::SaveAllAndQuit));
    rig.settle();
    assert_eq!((rig.disk("a.bin"), rig.disk("b.bin")), (vec![0xaa, 2, 3], vec![0xaa, 2, 3]));
    let asked = rig.requests();
    assert!(asked.iter().any(|request| matches!(request, Request::ChooseSaveName { .. })), "{asked:?}");
    assert!(!asked.contains(&Request::Quit), "the new file has no name yet");
    rig.name(rig.path("new.bin"));
    rig.settle();
    assert!(quits(&mut rig));
    assert_eq!(rig.disk("new.bin"), [0x41]);
}

#[test]
fn quitting_over_a_name_that_exists_asks_and_then_goes_on() {
    let mut rig = Rig::new();
    rig.write("old.bin", b"old");
    rig.run(Command::NewFile);
    press(&mut rig, "41");
    rig.apply(Action::Tab(TabAction::SaveAllAndQuit));
    let path = rig.path("old.bin");
    rig.name(path.clone());
    rig.settle();
    assert!(!quits(&mut rig));
    rig.replace(&path);
    rig.settle();
    assert!(quits(&mut rig));
    assert_eq!(rig.disk("old.bin"), [0x41]);
}

#[test]
fn a_question_for_a_name_that_another_dialog_covers_is_over() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    rig.run(Command::SaveAs);
    let asked = rig.asked();
    rig.apply(Action::Dialog(DialogAction::Show(Dialog::SaveAsPath(asked))));
    rig.run(Command::Palette);
    rig.apply(Action::Escape);
    rig.run(Command::PreviousTab);
    rig.requests();
    rig.run(Command::SaveAs);
    let asked = rig.requests();
    assert!(
        asked.iter().any(|request| matches!(request, Request::ChooseSaveName { .. })),
        "{:?}",
        rig.hint()
    );
    rig.name(rig.path("copy.bin"));
    rig.settle();
    assert_eq!(rig.titles(), ["copy.bin", "b.bin"]);
}

#[test]
fn only_one_name_is_asked_for_at_a_time() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    rig.run(Command::SaveAs);
    rig.run(Command::PreviousTab);
    rig.requests();
    let asked = rig.asked();
    rig.run(Command::SaveAs);
    assert!(!rig.requests().iter().any(|request| matches!(request, Request::ChooseSaveName { .. })));
    assert!(rig.hint().contains("Another dialog asks for a file name"), "{:?}", rig.hint());
    rig.apply(Action::Name(NameAction::Nothing(asked)));
    rig.run(Command::SaveAs);
    assert!(rig.requests().iter().any(|request| matches!(request, Request::ChooseSaveName { .. })));
}

#[test]
fn a_window_that_is_closed_during_a_save_closes_when_that_is_done() {
    let mut rig = edited(&["a.bin"]);
    rig.run(Command::Save);
    assert!(rig.tab().is_saving());
    rig.run(Command::Quit);
    assert!(!rig.requests().contains(&Request::Quit), "not before the disk has it");
    rig.settle();
    assert_eq!((rig.disk("a.bin"), rig.session.dialog()), (vec![0xaa, 2, 3], None));
    assert!(rig.requests().contains(&Request::Quit));
}

/// The tabs' own menu has the same for any tab.
#[test]
fn other_tabs_are_closed_and_paths_are_copied_by_command() {
    let mut rig = Rig::new();
    for name in ["a.bin", "b.bin", "c.bin", "d.bin"] {
        rig.write(name, b"x");
        rig.open(name);
    }
    rig.run(Command::PreviousTab);
    rig.run(Command::PreviousTab);
    rig.run(Command::PreviousTab);
    rig.run(Command::NextTab);
    let copied = |rig: &mut Rig, command| {
        rig.finish(command);
        let texts = rig.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => offer.text,
            _ => None,
        });
        texts.collect::<Vec<String>>()
    };
    assert_eq!(copied(&mut rig, Command::CopyName), ["b.bin"]);
    assert_eq!(copied(&mut rig, Command::CopyPath), [rig.path("b.bin").display().to_string()]);
    rig.run(Command::CloseTabsToRight);
    assert_eq!(rig.titles(), ["a.bin", "b.bin"]);
    assert!(!Command::CloseTabsToRight.spec().enabled(&rig.session));
    rig.run(Command::NewFile);
    assert!(!Command::CopyPath.spec().enabled(&rig.session), "it is in no file");
    rig.run(Command::CloseOtherTabs);
    assert_eq!(rig.titles(), ["untitled"]);
    assert!(!Command::CloseOtherTabs.spec().enabled(&rig.session));
}

/// Whether the keys were to go to the grid, whatever has them.
fn takes_keys(rig: &mut Rig) -> bool {
    rig.requests().contains(&Request::FocusGrid)
}

/// Two files of values; the first one is edited and about to be saved and closed, the second one is in front.
fn closing_behind() -> Rig {
    let mut rig = Rig::new();
    for name in ["a.bin", "b.bin"] {
        rig.write(name, &[0; 8]);
        rig.open(name);
        rig.apply(Action::Pane(PaneAction::ShowLayout { bytes: true, values: true }));
    }
    rig.run(Command::PreviousTab);
    press(&mut rig, "aa");
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    rig.run(Command::NextTab);
    rig
}

#[test]
fn a_file_that_closes_behind_takes_no_value_that_is_being_typed() {
    let mut rig = closing_behind();
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    rig.type_text("12");
    assert!(rig.tab().edit.is_some());
    takes_keys(&mut rig);
    rig.settle();
    assert_eq!((rig.titles(), rig.disk("a.bin")[0]), (vec!["b.bin"], 0xaa));
    assert!(rig.tab().edit.is_some() && !rig.tab().is_modified(), "half a value is not taken");
    assert!(!takes_keys(&mut rig));
}

#[test]
fn a_file_that_closes_behind_leaves_the_question_of_another_open() {
    let mut rig = closing_behind();
    rig.run(Command::GoTo);
    takes_keys(&mut rig);
    rig.settle();
    assert_eq!((rig.titles(), rig.session.dialog()), (vec!["b.bin"], Some(&Dialog::GoTo)));
    assert!(!takes_keys(&mut rig));
}

#[test]
fn a_file_stays_open_whose_answer_the_next_one_would_get() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    rig.run(Command::Fill);
    rig.run(Command::GoTo);
    rig.settle();
    assert_eq!((rig.tab().id, rig.session.dialog()), (id, Some(&Dialog::GoTo)));
    assert!(!rig.tab().is_modified());
    rig.press_button("Close");
    assert_eq!((rig.titles(), rig.session.dialog()), (vec!["a.bin"], None));
}

#[test]
fn a_file_that_is_edited_while_it_is_saved_asks_again_only_in_front() {
    let mut rig = edited(&["a.bin", "b.bin"]);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::SaveAndClose(id)));
    press(&mut rig, "bb");
    rig.run(Command::PreviousTab);
    takes_keys(&mut rig);
    rig.settle();
    assert_eq!((rig.titles(), rig.session.dialog()), (vec!["a.bin", "b.bin"], None));
    assert_eq!(rig.tab().title, "a.bin");
    assert!(!takes_keys(&mut rig));
    rig.run(Command::NextTab);
    rig.press_button("Close");
    assert_eq!(rig.session.dialog(), Some(&Dialog::ConfirmClose(id)));
}
