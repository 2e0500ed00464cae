//! A thousand open files: what each of them costs does not grow with the others.

use super::rig::Rig;
use pagelens::save::disk::adjust_limits;
use pagelens::session::{Action, Command, ExternalAction, OpenOptions};

const FILES: usize = 1000;

/// With anything that looks at every file for every file, the rig's patience ends first.
#[test]
fn a_thousand_files_open_are_told_of_and_are_remembered() {
    adjust_limits();
    let mut rig = Rig::with_state();
    for number in 0..FILES {
        let name = format!("{number:04}.bin");
        rig.write(&name, &[number as u8; 16]);
        rig.session.open(rig.path(&name), OpenOptions { in_front: number == 0, ..OpenOptions::default() });
    }
    rig.wait_until("all are open", |session| session.tabs().len() == FILES);
    let told = rig.path("state/open");
    let entries = || std::fs::read_dir(&told).map_or(0, Iterator::count);
    // One more is the folder's lock.
    rig.wait_until("others can know of all", |_| entries() == FILES + 1);
    rig.wait_until("all is at rest", pagelens::session::Session::is_at_rest);
    // Looking for other windows once more, as when the window comes to the front.
    rig.apply(Action::External(ExternalAction::CameBack));
    rig.wait_until("others were looked for", pagelens::session::Session::is_at_rest);
    rig.run(Command::PreviousTab);
    assert_eq!(rig.tab().title, format!("{:04}.bin", FILES - 1));
    rig.session.keep_at_end().expect("kept");
    rig.look_again();
    rig.settle();
    assert_eq!(rig.session.tabs().len(), FILES);
    assert_eq!(rig.tab().title, format!("{:04}.bin", FILES - 1));
}
