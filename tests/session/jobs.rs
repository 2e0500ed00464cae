//! What runs is shown: the window draws again while it does, and the status bar lists it.

use super::rig::Rig;
use pagelens::session::find::Query;
use pagelens::session::{Action, Command, ExternalAction, FindAction};

/// Something runs: it is listed, and the window goes on drawing.
fn runs(rig: &Rig, label: &str) {
    let list = rig.session.activities();
    assert!(list.iter().any(|activity| activity.label.contains(label)), "{label} is not in {list:?}");
    assert!(rig.session.is_busy(), "the window would not draw {label}");
}

#[test]
fn each_job_that_the_user_waits_for_is_listed_and_keeps_the_window_drawing() {
    let mut rig = Rig::on(&[7; 4096]);
    rig.select(0, 4096);
    rig.run(Command::Copy);
    runs(&rig, "Copying");
    rig.settle();
    rig.go("0");
    rig.type_text("11");
    rig.apply(Action::External(ExternalAction::CameBack));
    runs(&rig, "Comparing");
    rig.settle();
    rig.apply(Action::Find(FindAction::SetQuery(Query { text: String::from("07"), ..Query::default() })));
    rig.apply(Action::Find(FindAction::From { backwards: false }));
    runs(&rig, "Searching");
    rig.settle();
    rig.run(Command::Save);
    runs(&rig, "Saving");
    rig.settle();
    assert!(!rig.session.is_busy());
    rig.apply(Action::External(ExternalAction::Reload(rig.tab().id)));
    runs(&rig, "Opening");
    rig.settle();
    assert!(!rig.session.is_busy());
}
