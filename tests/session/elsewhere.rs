//! Two windows on one file know of each other. Here both are sessions of one process, with one state folder.

use super::rig::Rig;
use crate::save::faulty::replaces_open_files;
use pagelens::job::no_waker;
use pagelens::session::{Action, Command, ExternalAction, OpenAction, OpenOptions, Remembered, Session};
use pagelens::state::Folders;
use std::path::Path;

fn session(state: &Path) -> Session {
    Session::new(Remembered::load(Some(Folders::all_in(state))), no_waker())
}

fn words() -> String {
    format!("also open in another pagelens window (process {})", std::process::id())
}

fn wait_for_news(rig: &mut Rig, news: bool) {
    rig.wait_until("it knows of the other window", |session| {
        let id = session.tab().map(|tab| tab.id);
        session.notices().shown(id).any(|notice| notice.text.contains(&words())) == news
    });
}

#[test]
fn two_windows_on_one_file_know_of_each_other() {
    let state = tempfile::tempdir().expect("a folder");
    let mut first = Rig::with_session(session(state.path()));
    first.write("a.bin", &[1, 2, 3]);
    first.open("a.bin");
    let mut second = Rig::with_session(session(state.path()));
    let link = first.path("link");
    std::fs::hard_link(first.path("a.bin"), &link).expect("another name");
    second.apply(Action::Open(OpenAction::Files(vec![link])));
    wait_for_news(&mut second, true);
    assert_eq!(first.messages(), [""; 0], "not before it comes to the front");
    first.apply(Action::External(ExternalAction::CameBack));
    wait_for_news(&mut first, true);
    // What was dismissed does not come again by looking.
    first.apply(Action::Escape);
    first.write("b.bin", b"x");
    first.session.open(first.path("b.bin"), OpenOptions::default());
    first.apply(Action::External(ExternalAction::CameBack));
    first.wait_until("another file was told of", |_| entries(state.path()) == 3);
    assert_eq!(first.messages(), [""; 0]);
    second.finish(Command::CloseTab);
    second.wait_until("it was taken back", |_| entries(state.path()) == 2);
    drop(second);
    let mut third = Rig::with_session(session(state.path()));
    third.apply(Action::Open(OpenAction::Files(vec![first.path("b.bin")])));
    wait_for_news(&mut third, true);
    drop(first);
    third.apply(Action::External(ExternalAction::CameBack));
    wait_for_news(&mut third, false);
}

#[test]
fn a_file_that_was_replaced_since_is_the_same_to_those_who_saved_it_under_its_name() {
    if !replaces_open_files() {
        return;
    }
    let state = tempfile::tempdir().expect("a folder");
    let mut first = Rig::with_session(session(state.path()));
    first.write("a.bin", &[1, 2, 3]);
    first.open("a.bin");
    first.wait_until("it is told", |_| entries(state.path()) == 1);
    first.write("new.bin", &[4, 5, 6]);
    std::fs::rename(first.path("new.bin"), first.path("a.bin")).expect("renamed");
    let mut second = Rig::with_session(session(state.path()));
    second.apply(Action::Open(OpenAction::Files(vec![first.path("a.bin")])));
    wait_for_news(&mut second, true);
}

/// How many files are said to be open.
fn entries(state: &Path) -> usize {
    // The first word makes the folder.
    let Ok(names) = std::fs::read_dir(state.join("open")) else { return 0 };
    let names = names.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    names.filter(|name| !name.ends_with(".lock")).count()
}

#[test]
fn what_a_window_that_was_killed_has_left_is_removed() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = Rig::with_session(session(state.path()));
    rig.write("a.bin", &[1, 2, 3]);
    let path = rig.path("a.bin").canonicalize().expect("there");
    std::fs::create_dir(state.path().join("open")).expect("a folder");
    let text = format!("process = 1\n[file]\npath = {path:?}\nnode = \"\"\n");
    std::fs::write(state.path().join("open/0123456789abcdef.1"), text).expect("written");
    rig.open("a.bin");
    let left = state.path().join("open/0123456789abcdef.1");
    rig.wait_until("it is removed", |_| !left.exists() && entries(state.path()) == 1);
    rig.settle();
    assert_eq!(rig.messages(), [""; 0], "nobody locks it");
}
