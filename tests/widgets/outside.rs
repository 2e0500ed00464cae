//! What other programs do to the open file, as the window shows it.
#![cfg(unix)]

use super::rig::Window;
use crate::bytes::stores::DirtyMap;
use egui::Event;
use egui::accesskit::Role;
use pagelens::session::{Action, Command, ExternalAction, Session};
use std::fs::File;
use std::io::Write;
use std::time::{Duration, Instant};

/// Longer than anything here takes, also on a machine that does much else.
const DEADLINE: Duration = Duration::from_secs(60);

fn draw_until(window: &mut Window, what: &str, test: impl Fn(&Session) -> bool) {
    let begun = Instant::now();
    while !test(window.session()) {
        window.frame();
        assert!(begun.elapsed() < DEADLINE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
    window.settle();
}

fn append(window: &Window, len: usize) {
    let file = File::options().append(true).open(window.path("a.bin"));
    file.and_then(|mut file| file.write_all(&vec![7; len])).expect("appended");
}

#[test]
fn a_window_that_comes_to_the_front_looks_at_what_was_edited_over() {
    let mut window = Window::new();
    window.write("a.bin", &[7; 100]);
    let mut map = DirtyMap::of(&window.path("a.bin"));
    window.open("a.bin");
    window.type_text("aa");
    draw_until(&mut window, "the edit is noted", |session| {
        let tab = session.tab().expect("open");
        tab.file.as_ref().is_some_and(|file| file.record.is_up_to(tab.shown().revision()))
    });
    map.store(0, 8);
    window.settle();
    assert_eq!(window.labels(Role::Alert), [""; 0], "the system tells of nothing");
    window.event(Event::WindowFocused(true));
    let alerts = window.labels(Role::Alert);
    assert!(
        alerts.len() == 1 && alerts[0].contains("1 byte in 1 place under them has changed"),
        "{alerts:?}"
    );
    window.click(Role::Button, "Keep mine");
    assert_eq!(window.labels(Role::Alert), [""; 0]);
    assert!(window.says("Your edits now apply to the changed file"));
    window.key_of(Command::Save);
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there")[..2], [0xaa, 7]);
}

#[test]
fn a_file_that_is_followed_says_so_and_can_be_let_go() {
    let mut window = Window::on(&[7; 100]);
    assert!(!window.says("following"));
    window.run(Command::Follow);
    assert!(window.says("following"));
    append(&window, 100);
    draw_until(&mut window, "it has grown", |session| session.tab().is_some_and(|tab| tab.len() == 200));
    assert_eq!(window.labels(Role::Alert), [""; 0]);
    window.click(Role::Label, "following");
    assert!(!window.tab().following && !window.says("following"));
    append(&window, 100);
    let id = window.tab().id;
    draw_until(&mut window, "it is told", |session| session.notices().shown(Some(id)).next().is_some());
    window.click(Role::Button, "Follow");
    assert_eq!((window.tab().len(), window.tab().following), (300, true));
    window.apply(Action::External(ExternalAction::Follow(id)));
    assert_eq!(window.labels(Role::Alert), [""; 0]);
}
