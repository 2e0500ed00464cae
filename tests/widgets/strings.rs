//! The panel of the strings by mouse and by keyboard, and for those who listen.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use pagelens::bytes::Span;
use pagelens::session::Command;

fn shown() -> Window {
    let mut window = Window::on(b"\x00\x01beta\x00abc\x00Alpha!\x00\xffgamma ray\x00");
    window.key_of(Command::ToggleStrings);
    wait(&mut window);
    window
}

fn wait(window: &mut Window) {
    for _ in 0..5000 {
        window.settle();
        if !window.session().features().strings.is_searching() {
            return window.settle();
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("the strings are not listed");
}

#[test]
fn its_rows_are_walked_and_heard_and_the_file_follows() {
    let mut window = shown();
    assert_eq!(window.focused().as_deref(), Some("ListBox strings"));
    assert!(window.says("3 strings"));
    window.key(Key::ArrowDown);
    assert_eq!(window.focused().as_deref(), Some("ListBoxOption beta, at 0x2, 4 bytes"));
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().selected(), Span::between(11, 17));
    window.key_with(Modifiers::SHIFT, Key::ArrowDown);
    assert!(window.says("3 strings, 2 chosen"));
    window.event(Event::Copy);
    assert_eq!(window.session().hint(), "Copied.");
    window.key(Key::Enter);
    assert!(window.focused().is_some_and(|focused| focused.starts_with("GridCell")));
    assert!(!window.tab().is_modified());
}

#[test]
fn the_fields_change_the_list_while_they_are_typed_into() {
    let mut window = shown();
    window.find(Role::TextInput, "filter the strings").focus();
    window.settle();
    window.type_text("a r");
    wait(&mut window);
    assert!(window.says("1 string") && window.says("gamma ray"));
    assert_eq!(window.focused().as_deref(), Some("TextInput filter the strings"));
    window.type_text("x");
    wait(&mut window);
    assert!(window.says("No string has this text."));
    window.find(Role::TextInput, "least number").focus();
    window.settle();
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("0");
    assert!(window.says("must be an integer from 1 on"));
    assert!(!window.tab().is_modified());
}

#[test]
fn heads_and_letters_sort_the_list() {
    let mut window = shown();
    let first = |window: &mut Window| {
        window.key(Key::Home);
        window.focused().expect("a row")
    };
    window.key(Key::L);
    assert!(first(&mut window).contains("gamma ray"));
    window.click(Role::ColumnHeader, "Text");
    assert!(first(&mut window).contains("Alpha!"));
    window.key(Key::O);
    assert!(first(&mut window).contains("beta"));
    window.click(Role::Button, "Close the strings");
    assert!(window.try_find(Role::ListBox, "strings").is_none());
}

#[test]
fn encodings_are_chosen_from_the_list_of_them() {
    let mut window = shown();
    window.click(Role::Button, "encodings of the strings");
    window.click(Role::CheckBox, "UTF-16 little-endian");
    wait(&mut window);
    window.key(Key::Escape);
    assert!(window.try_find(Role::ColumnHeader, "Encoding").is_some());
    assert!(window.says("UTF-8 and 1 more") || window.says("3 strings"));
}
