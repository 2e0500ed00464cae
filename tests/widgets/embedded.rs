//! The panel of the embedded files by mouse and by keyboard, for those who listen, and from the status bar.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key};
use pagelens::session::Command;

/// The header of a gzip file behind padding, and one behind that.
fn bytes() -> Vec<u8> {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\x03";
    [&[1; 64][..], gzip, &[2; 54], gzip, &[3; 30]].concat()
}

fn wait(window: &mut Window) {
    for _ in 0..5000 {
        window.settle();
        if !window.session().features().embedded.is_searching() {
            return window.settle();
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("the files are not listed");
}

#[test]
fn its_rows_are_walked_and_heard_and_the_file_follows() {
    let mut window = Window::on(&bytes());
    window.key_of(Command::ToggleEmbedded);
    wait(&mut window);
    assert_eq!(window.focused().as_deref(), Some("ListBox embedded files"));
    assert!(window.says("2 files"));
    window.key(Key::End);
    let words =
        "ListBoxOption gzip data, at 0x80, length not known: the data is damaged, or its end is missing";
    assert_eq!(window.focused().as_deref(), Some(words));
    assert_eq!(window.tab().caret(), 128);
    window.event(Event::Copy);
    assert_eq!(window.session().hint(), "Copied.");
    window.key(Key::Enter);
    assert!(window.focused().is_some_and(|focused| focused.starts_with("GridCell")));
    window.click(Role::Button, "Close the embedded files");
    assert!(window.try_find(Role::ListBox, "embedded files").is_none());
}

#[test]
fn the_kind_in_the_status_bar_opens_the_list() {
    let mut window = Window::new();
    window.write("a.gz", &[&b"\x1f\x8b\x08\0\0\0\0\0\0\x03"[..], &[7; 100]].concat());
    window.open("a.gz");
    window.settle();
    window.click(Role::Label, "gzip data");
    wait(&mut window);
    assert!(window.try_find(Role::ListBox, "embedded files").is_some() && window.says("1 file"));
}

#[test]
fn a_file_with_nothing_inside_says_so() {
    let mut window = Window::on(&[7; 300]);
    window.key_of(Command::ToggleEmbedded);
    wait(&mut window);
    assert!(window.says("No file of a known kind begins anywhere in this file."));
}
