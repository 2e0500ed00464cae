//! Saves whose plan is shown first, and what they hold of the disk afterwards.

use super::notation::press;
use super::rig::Rig;
use pagelens::session::{Action, Command, Dialog, DialogAction, SaveAction};

const LARGE: usize = 17 << 20;

fn planned(rig: &mut Rig, command: Command) -> Vec<String> {
    rig.finish(command);
    assert_eq!(rig.session.dialog(), Some(&Dialog::ConfirmSave(rig.tab().id)), "{:?}", rig.messages());
    let planned = rig.session.planned().expect("a plan");
    let lines = planned.lines().into_iter().map(|(name, fact)| format!("{name}: {fact}"));
    lines.chain(planned.warnings()).collect()
}

fn agree(rig: &mut Rig) {
    let id = rig.tab().id;
    rig.apply(Action::Save(SaveAction::AsPlanned(id)));
    rig.settle();
}

#[test]
fn a_large_save_is_shown_first_and_done_when_the_user_agrees() {
    let mut rig = Rig::on(&vec![5; LARGE]);
    press(&mut rig, "Insert aa");
    let lines = planned(&mut rig, Command::Save);
    assert!(lines.contains(&"Writes: 17.0 MiB".to_owned()), "{lines:?}");
    assert!(rig.disk("a.bin") == vec![5; LARGE] && rig.tab().is_modified() && rig.tab().can_save());
    rig.apply(Action::Dialog(DialogAction::Close));
    assert!(rig.session.planned().is_none() && rig.tab().can_save());
    planned(&mut rig, Command::Save);
    agree(&mut rig);
    assert_eq!(rig.disk("a.bin").len(), LARGE + 1);
    assert!(!rig.tab().is_modified() && rig.tab().held_disk >= LARGE as u64);
    rig.run(Command::Undo);
    assert!(rig.bytes() == vec![5; LARGE], "undo goes on from the old file");
}

#[test]
fn undo_beyond_its_room_on_the_disk_ends_with_a_save_that_said_so() {
    let mut rig = Rig::on(&vec![5; LARGE]);
    rig.session.change_settings(|settings| settings.undo_disk_mib = 1);
    press(&mut rig, "Insert aa");
    let lines = planned(&mut rig, Command::Save);
    assert!(lines.iter().any(|line| line.contains("can't be undone after this save")), "{lines:?}");
    agree(&mut rig);
    assert_eq!((rig.disk("a.bin").len(), rig.tab().held_disk), (LARGE + 1, 0));
    assert_eq!(rig.tab().document().can_undo(), None);
}

#[test]
fn a_plan_can_be_looked_at_without_saving() {
    let mut rig = Rig::on(&[1, 2, 3]);
    press(&mut rig, "aa");
    let lines = planned(&mut rig, Command::ShowSavePlan);
    let way = if rig.shares_blocks() {
        "a new file replaces the old one"
    } else {
        "in the file itself, with a journal"
    };
    assert_eq!(lines[..2], [format!("Way: {way}"), "Writes: 1 byte".to_owned()]);
    rig.apply(Action::Escape);
    assert_eq!((rig.disk("a.bin"), rig.session.planned().is_none()), (vec![1, 2, 3], true));
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin"), [0xaa, 2, 3]);
}

#[test]
fn a_backup_is_kept_when_the_user_wants_one() {
    for keys in ["aa", "Insert bb"] {
        let mut rig = Rig::on(&[1, 2, 3]);
        rig.run(Command::ToggleBackup);
        press(&mut rig, keys);
        rig.finish(Command::Save);
        assert_eq!((rig.disk("a.bin.bak"), rig.disk("a.bin")), (vec![1, 2, 3], rig.bytes()), "{keys}");
        press(&mut rig, keys);
        let before = rig.disk("a.bin");
        rig.finish(Command::Save);
        assert_eq!((rig.disk("a.bin.bak"), rig.disk("a.bin")), (before, rig.bytes()), "{keys}");
        assert_eq!(rig.messages(), [""; 0]);
    }
}
