//! Which offer of unsaved edits is restored, into which tab, and the order of the offers.

use super::rig::Rig;
use super::unsaved::{on, wait_for_logs};
use pagelens::session::{Action, Command, MessageAction};

#[test]
fn a_tab_in_which_all_was_undone_gets_its_edits() {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.restart(1);
    rig.open("a.bin");
    rig.type_text("39");
    wait_for_logs(&mut rig, 2);
    rig.run(Command::Undo);
    rig.press_button("Restore");
    assert_eq!((rig.titles(), rig.bytes()), (vec!["a.bin"], b"1bcdef".to_vec()), "{}", rig.hint());
    // What could be undone in the tab is not offered at the next start.
    wait_for_logs(&mut rig, 1);
    rig.restart(1);
    rig.press_button("Restore");
    assert_eq!(rig.bytes(), b"1bcdef");
}

/// Two files with unsaved edits of the last run, `a.bin` found before `b.bin`.
fn two_offers() -> Rig {
    let mut rig = on(b"abcdef");
    rig.type_text("31");
    rig.write("b.bin", b"ghijkl");
    rig.open("b.bin");
    rig.type_text("32");
    wait_for_logs(&mut rig, 2);
    rig.restart(2);
    rig
}

fn files_of_messages(rig: &Rig) -> Vec<bool> {
    rig.messages().iter().map(|text| text.contains("a.bin")).collect()
}

#[test]
fn the_file_in_front_is_restored_first_and_one_that_can_be() {
    for name in ["a.bin", "b.bin"] {
        let mut rig = two_offers();
        rig.open(name);
        rig.finish(Command::RestoreUnsaved);
        assert_eq!((rig.tab().title.as_str(), rig.tab().is_modified()), (name, true));
        assert_eq!(rig.session.offers().count(), 1);
        // The tab in front has no offer any more.
        rig.finish(Command::RestoreUnsaved);
        assert!(rig.tab().title != name && rig.tab().is_modified());
    }
    for (edited, free) in [("a.bin", "b.bin"), ("b.bin", "a.bin")] {
        let mut rig = two_offers();
        rig.open(edited);
        rig.type_text("39");
        rig.finish(Command::RestoreUnsaved);
        assert_eq!(rig.tab().title, free, "{}", rig.hint());
        assert_eq!(rig.session.offers().count(), 1);
    }
}

#[test]
fn the_messages_of_offers_keep_their_order() {
    let mut rig = two_offers();
    let before = files_of_messages(&rig);
    for name in ["a.bin", "b.bin"] {
        rig.open(name);
        rig.type_text("39");
        let wanted = |notice: &&pagelens::session::notice::Notice| notice.text.contains(name);
        let notice = rig.session.notices().shown(None).find(wanted).expect("offered").clone();
        // Does the same as the banner's button.
        rig.apply(Action::Message(MessageAction::Dismiss(notice.id)));
        rig.apply(notice.ways_out[0].1.clone());
        rig.settle();
        assert!(rig.hint().contains("Close its tab"), "{}", rig.hint());
        assert_eq!(files_of_messages(&rig), before, "{name}");
    }
}
