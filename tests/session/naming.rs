//! Questions for names: each answer goes to who asked, whatever else is asked, answered and closed meanwhile.

use super::notation::press;
use super::rig::Rig;
use pagelens::session::{Action, After, Asked, Command, Dialog, DialogAction, NameAction, TabAction};

/// A file with an edit and a selection.
fn edited() -> Rig {
    let mut rig = Rig::on(b"0123456789");
    press(&mut rig, "aa");
    rig.select(2, 5);
    rig
}

fn asked_about(rig: &Rig) -> Asked {
    let Some(Dialog::ConfirmReplace { asked, .. }) = rig.session.dialog() else {
        panic!("it asks before it replaces a file: {:?} {:?}", rig.session.dialog(), rig.messages())
    };
    asked.clone()
}

/// The name of a selection is taken; when that is found out, another dialog with a question for a name is open.
#[test]
fn a_selection_replaces_a_file_by_the_selection_whatever_was_open() {
    for covers in [false, true] {
        let mut rig = edited();
        rig.write("part", b"precious");
        rig.run(Command::SelectionToFile);
        rig.name(rig.path("part"));
        let (tab, path) = (rig.tab().id, rig.path("other"));
        let other = Asked::Save { tab, after: After::Stay };
        let dialog = match covers {
            true => Dialog::ConfirmReplace { asked: other, path },
            false => Dialog::SaveAsPath(other),
        };
        rig.apply(Action::Dialog(DialogAction::Show(dialog)));
        rig.settle();
        assert!(matches!(asked_about(&rig), Asked::Selection(_)));
        rig.replace(&rig.path("part"));
        rig.settle();
        assert_eq!(rig.disk("part"), b"234");
        assert_eq!((rig.tab().title.as_str(), rig.tab().is_modified()), ("a.bin", true));
    }
}

/// A save turns out to be over a file that is there while the name of a selection is being chosen.
#[test]
fn a_save_and_a_selection_that_wait_for_names_get_their_own() {
    let mut rig = edited();
    rig.write("there.bin", b"precious");
    rig.run(Command::SaveAs);
    rig.name(rig.path("there.bin"));
    rig.run(Command::SelectionToFile);
    let selection = rig.asked();
    rig.settle();
    assert!(matches!(asked_about(&rig), Asked::Save { .. }));
    rig.replace(&rig.path("there.bin"));
    rig.settle();
    assert_eq!(rig.disk("there.bin"), b"\xaa123456789");
    rig.apply(Action::Name(NameAction::Take { asked: selection, path: rig.path("part") }));
    rig.settle();
    assert_eq!(rig.disk("part"), b"234");
    assert_eq!(rig.tab().title, "there.bin", "the selection's name is not the file's");
}

/// The chooser is answered while the other question is on the screen: it stays there.
#[test]
fn an_answer_closes_no_other_question() {
    let mut rig = edited();
    rig.write("there.bin", b"precious");
    rig.run(Command::SaveAs);
    rig.name(rig.path("there.bin"));
    rig.run(Command::SelectionToFile);
    rig.settle();
    rig.name(rig.path("part"));
    rig.settle();
    assert_eq!(rig.disk("part"), b"234");
    assert!(matches!(asked_about(&rig), Asked::Save { .. }));
    rig.apply(Action::Dialog(DialogAction::Close));
    assert_eq!(rig.disk("there.bin"), b"precious");
}

/// What a name was asked for has been closed: the name is not taken for what is in front now.
#[test]
fn a_name_for_a_file_that_was_closed_saves_no_other() {
    let mut rig = edited();
    rig.write("b.bin", b"other");
    let first = rig.tab().id;
    rig.run(Command::SaveAs);
    rig.open("b.bin");
    rig.apply(Action::Tab(TabAction::DiscardAndClose(first)));
    assert_eq!(rig.titles(), ["b.bin"]);
    rig.name(rig.path("copy.bin"));
    rig.settle();
    assert!(!rig.path("copy.bin").exists());
    assert!(
        rig.hint().contains("copy.bin was not written") && rig.hint().contains("closed"),
        "{}",
        rig.hint()
    );
    assert_eq!(rig.titles(), ["b.bin"]);
}

/// A selection is bytes of its own: its file may be closed before it has a name.
#[test]
fn a_selection_of_a_file_that_was_closed_is_written() {
    let mut rig = edited();
    let first = rig.tab().id;
    rig.run(Command::SelectionToFile);
    rig.apply(Action::Tab(TabAction::DiscardAndClose(first)));
    rig.name(rig.path("part"));
    rig.settle();
    assert_eq!(rig.disk("part"), b"234");
}

/// After a question that was left without an answer, others can be asked.
#[test]
fn a_question_without_an_answer_is_over() {
    let mut rig = edited();
    rig.run(Command::SelectionToFile);
    let selection = rig.asked();
    rig.run(Command::SaveAs);
    assert!(rig.hint().contains("Another dialog asks for a file name"), "{}", rig.hint());
    rig.apply(Action::Name(NameAction::Nothing(selection)));
    rig.save_as(rig.path("b.bin"));
    rig.settle();
    assert_eq!((rig.disk("b.bin"), rig.tab().title.as_str()), (b"\xaa123456789".to_vec(), "b.bin"));
}

/// A mistake in a long path can be corrected without typing the path again.
#[test]
fn a_name_in_a_folder_that_does_not_exist_stays_in_its_field() {
    let mut rig = edited();
    let none = rig.path("none/b.bin");
    rig.run(Command::SaveAs);
    rig.name(none.clone());
    rig.settle();
    let asked = Asked::Save { tab: rig.tab().id, after: After::Stay };
    assert_eq!(rig.session.dialog(), Some(&Dialog::SaveAsPath(asked.clone())));
    assert_eq!(rig.session.name_start(), Some(&*none));
    let why = rig.session.dialog_error().unwrap_or_default().to_owned();
    assert!(why.contains("none does not exist") && !why.contains("as it was"), "{why}");
    assert!(rig.tab().is_modified() && rig.disk("a.bin") == b"0123456789");
    rig.apply(Action::Name(NameAction::Take { asked, path: rig.path("b.bin") }));
    rig.settle();
    assert_eq!((rig.disk("b.bin"), rig.session.name_start()), (b"\xaa123456789".to_vec(), None));
    rig.run(Command::SelectionToFile);
    rig.name(none.clone());
    rig.settle();
    assert!(
        matches!(rig.session.dialog(), Some(Dialog::SaveAsPath(Asked::Selection(_)))),
        "{:?}",
        rig.messages()
    );
    assert_eq!(rig.session.name_start(), Some(&*none));
    rig.apply(Action::Dialog(DialogAction::Close));
    assert_eq!((rig.session.name_start(), rig.session.dialog()), (None, None));
}
