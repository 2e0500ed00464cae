//! What other programs do to open files: it is said, the edits are kept, and nothing is reloaded unasked.

use super::notation::press;
use super::rig::Rig;
use pagelens::bytes::Source;
use pagelens::session::{Action, Command, Dialog, EditAction, ExternalAction, TabAction};

fn wait_for(rig: &mut Rig, words: &str) {
    let id = rig.tab().id;
    rig.wait_until(&format!("it says {words:?}"), |session| {
        session.notices().shown(Some(id)).any(|notice| notice.text.contains(words))
    });
}

#[test]
fn a_file_that_is_cut_short_keeps_its_edits() {
    let mut rig = Rig::on(&[7; 10_000]);
    press(&mut rig, "aa");
    rig.go("9000");
    press(&mut rig, "bb");
    std::fs::File::options()
        .write(true)
        .open(rig.path("a.bin"))
        .and_then(|file| file.set_len(100))
        .expect("cut short");
    wait_for(&mut rig, "has truncated");
    assert!(rig.messages()[0].contains("100 bytes") && rig.messages()[0].contains("Your edits are kept."));
    assert_eq!((rig.tab().len(), rig.tab().shown().changed_bytes()), (10_000, 2));
    let mut byte = [0];
    for (at, expected) in [(0, Some(0xaa)), (99, Some(7)), (100, None), (9000, Some(0xbb)), (9001, None)] {
        let read = rig.tab().shown().read_at(at, &mut byte).map(|()| byte[0]);
        assert_eq!(read.ok(), expected, "byte {at}");
    }
    // The edits are not saved over what the other program made of it, and not lost.
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [7; 100]);
    assert!(rig.tab().is_modified());
}

#[test]
fn a_file_that_is_written_to_is_told_and_reloaded_when_asked() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.show();
    rig.write("a.bin", &[4, 5, 6]);
    wait_for(&mut rig, "Another program has written");
    rig.finish(Command::Reload);
    assert_eq!((rig.bytes(), rig.messages()), (vec![4, 5, 6], vec![]));
    rig.show();
    press(&mut rig, "f");
    assert_eq!(rig.bytes()[0], 0xf4, "digits are typed over the new byte");
}

#[test]
fn a_file_that_has_grown_shows_the_rest_when_reloaded() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("a.bin", &[1, 2, 3, 4]);
    wait_for(&mut rig, "has grown to 4 bytes");
    assert_eq!(rig.tab().len(), 3);
    let id = rig.tab().id;
    rig.apply(Action::External(ExternalAction::Reload(id)));
    rig.settle();
    assert_eq!((rig.bytes(), rig.messages()), (vec![1, 2, 3, 4], vec![]));
}

#[test]
fn a_deleted_file_is_still_shown_and_can_be_saved_elsewhere() {
    let mut rig = Rig::on(&[1, 2, 3]);
    std::fs::remove_file(rig.path("a.bin")).expect("removed");
    wait_for(&mut rig, "has been deleted");
    assert_eq!(rig.bytes(), [1, 2, 3]);
    rig.save_as(rig.path("b.bin"));
    rig.settle();
    assert_eq!((rig.disk("b.bin"), rig.messages()), (vec![1, 2, 3], vec![]));
}

#[test]
fn a_file_in_the_place_of_another_is_told() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("new.bin", b"theirs");
    std::fs::rename(rig.path("new.bin"), rig.path("a.bin")).expect("renamed");
    wait_for(&mut rig, "with another file");
    assert_eq!(rig.bytes(), [1, 2, 3]);
    rig.finish(Command::Reload);
    assert_eq!((rig.bytes(), rig.messages()), (b"theirs".to_vec(), vec![]));
}

#[test]
fn a_file_that_comes_back_is_no_news() {
    let mut rig = Rig::on(&[1, 2, 3]);
    std::fs::rename(rig.path("a.bin"), rig.path("away.bin")).expect("renamed");
    wait_for(&mut rig, "deleted or moved");
    std::fs::rename(rig.path("away.bin"), rig.path("a.bin")).expect("renamed");
    let id = rig.tab().id;
    rig.wait_until("the message is gone", |session| session.notices().shown(Some(id)).next().is_none());
}

#[test]
fn a_reload_asks_when_edits_would_be_lost() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    rig.finish(Command::Reload);
    let id = rig.tab().id;
    assert_eq!((rig.session.dialog(), rig.bytes()), (Some(&Dialog::ConfirmReload(id)), vec![0xaa, 2, 3]));
    rig.apply(Action::Escape);
    rig.settle();
    assert_eq!(rig.bytes(), [0xaa, 2, 3]);
    rig.run(Command::Reload);
    rig.apply(Action::External(ExternalAction::Reload(id)));
    rig.settle();
    assert_eq!((rig.bytes(), rig.session.dialog()), (vec![1, 2, 3], None));
    assert!(!rig.tab().is_modified() && rig.tab().document().can_undo().is_none());
}

#[test]
fn a_reload_that_fails_keeps_what_is_shown() {
    let mut rig = Rig::on(&[1, 2, 3]);
    std::fs::remove_file(rig.path("a.bin")).expect("removed");
    rig.finish(Command::Reload);
    assert_eq!(rig.bytes(), [1, 2, 3]);
    assert!(rig.messages().iter().any(|text| text.starts_with("There is no file")), "{:?}", rig.messages());
}

#[test]
fn a_reload_of_a_shorter_file_leaves_the_caret_inside() {
    let mut rig = Rig::on(&[1; 1000]);
    rig.go("900");
    rig.write("a.bin", &[1; 10]);
    rig.finish(Command::Reload);
    assert_eq!((rig.tab().len(), rig.tab().caret()), (10, 10));
    press(&mut rig, "41");
    assert_eq!(rig.tab().len(), 11);
}

#[test]
fn what_happens_to_one_file_is_not_said_over_another() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.write("b.bin", &[4]);
    rig.open("b.bin");
    std::fs::remove_file(rig.path("a.bin")).expect("removed");
    rig.run(Command::PreviousTab);
    wait_for(&mut rig, "has been deleted");
    rig.run(Command::NextTab);
    assert_eq!(rig.messages(), [""; 0]);
    let first = rig.session.tabs()[0].id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(first)));
    assert_eq!(rig.session.notices().shown(Some(first)).count(), 0);
}

#[test]
fn a_reload_during_a_save_loses_nothing_that_was_not_agreed_to() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    let id = rig.tab().id;
    rig.run(Command::Save);
    rig.run(Command::Reload);
    rig.apply(Action::External(ExternalAction::Reload(id)));
    rig.settle();
    assert_eq!(rig.disk("a.bin"), [0xaa, 2, 3], "{:?}", rig.messages());
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (vec![0xaa, 2, 3], false));
    assert!(
        !rig.messages().iter().any(|text| text.contains("could not be opened again")),
        "{:?}",
        rig.messages()
    );
    rig.finish(Command::Reload);
    assert_eq!((rig.bytes(), rig.messages()), (vec![0xaa, 2, 3], vec![]));
}

#[test]
fn what_is_typed_during_a_reload_is_kept() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.show();
    rig.write("a.bin", &[4, 5, 6]);
    rig.run(Command::Reload);
    rig.apply(Action::Edit(EditAction::Type(String::from("aa"))));
    rig.settle();
    assert_eq!(rig.bytes()[0], 0xaa);
    assert!(rig.tab().is_modified());
    assert!(rig.messages().iter().any(|text| text.contains("your edits were kept")), "{:?}", rig.messages());
}
