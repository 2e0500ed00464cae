//! The panel of the hashes by mouse and by keyboard, and for those who listen.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton};
use pagelens::session::Command;

const MD5: &str = "900150983cd24fb0d6963f7d28e17f72";

/// The panel over a file `abc`, opened by its key.
fn shown() -> Window {
    let mut window = Window::on(b"abc");
    window.key_of(Command::ToggleHashes);
    wait(&mut window);
    window
}

fn wait(window: &mut Window) {
    for _ in 0..5000 {
        window.settle();
        if !window.session().features().hashes.is_computing() {
            return window.settle();
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    panic!("the hashes are not calculated");
}

fn copied(window: &mut Window) -> String {
    window.session().hint().to_owned()
}

#[test]
fn its_rows_are_walked_and_heard() {
    let mut window = shown();
    assert_eq!(window.focused().as_deref(), Some("ListBox hashes"));
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), Some(format!("ListBoxOption MD5, {MD5}")));
    window.event(Event::Copy);
    assert_eq!(copied(&mut window), "Copied the MD5.");
    window.key(Key::End);
    assert_eq!(window.focused().as_deref(), Some("ListBoxOption CRC-32, 352441c2"));
    window.key(Key::Enter);
    assert!(window.focused().is_some_and(|focused| focused.starts_with("GridCell")));
    assert!(!window.tab().is_modified());
}

#[test]
fn a_pasted_value_is_compared_at_once() {
    let mut window = shown();
    window.find(Role::TextInput, "value to compare with").focus();
    window.settle();
    window.event(Event::Paste(format!("{MD5}  abc.bin")));
    assert!(window.says("✓ Matches MD5."));
    window.key(Key::Enter);
    assert_eq!(window.session().hint(), "Matches MD5.");
    assert_eq!(window.focused().as_deref(), Some("TextInput value to compare with"), "the keys stay");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.event(Event::Paste(format!("{MD5}0")));
    assert!(window.says("No algorithm has values of 33 hex digits.") && !window.says("✓"));
    window.key_with(Modifiers::COMMAND, Key::A);
    window.event(Event::Paste(pagelens_sha512()));
    assert!(window.says("None of the values shown has 128 hex digits."));
    window.click(Role::Button, "Try 2 more");
    wait(&mut window);
    assert!(window.says("✓ Matches SHA-512."));
    assert!(!window.tab().is_modified(), "nothing was typed into the file");
}

fn pagelens_sha512() -> String {
    crate::hashes::value_of("SHA-512", b"abc")
}

#[test]
fn algorithms_are_filtered_and_chosen() {
    let mut window = shown();
    window.click(Role::Button, "Algorithms");
    window.find(Role::TextInput, "filter the algorithms").focus();
    window.settle();
    window.type_text("ccitt false");
    assert_eq!(window.labels(Role::CheckBox), ["CRC-16/IBM-3740"]);
    window.click(Role::CheckBox, "CRC-16/IBM-3740");
    wait(&mut window);
    window.key(Key::Escape);
    let expected = crate::hashes::value_of("CRC-16/IBM-3740", b"abc");
    assert!(window.says(&expected), "{:?}", window.labels(Role::Label));
}

#[test]
fn the_menu_of_a_row_writes_its_value() {
    let mut window = shown();
    let row = window.find(Role::Label, "CRC-32").rect();
    let (pos, modifiers) = (row.center(), Modifiers::NONE);
    for pressed in [true, false] {
        window.event(Event::PointerMoved(pos));
        window.event(Event::PointerButton { pos, button: PointerButton::Secondary, pressed, modifiers });
    }
    window.click(Role::MenuItem, "Write the hash as text");
    wait(&mut window);
    assert_eq!(window.tab().len(), 8, "it is longer than the file");
    assert!(window.says("352441c2") || window.session().hint().starts_with("The CRC-32 is written"));
    window.run(Command::Undo);
    assert!(!window.tab().is_modified());
}

#[test]
fn the_selection_is_asked_for_and_followed() {
    let mut window = shown();
    window.click(Role::Button, "Selection");
    assert!(window.says("Select the bytes to hash."));
    window.click_at(window.row_rect("0").center(), Modifiers::NONE);
    window.run(Command::SelectAll);
    wait(&mut window);
    assert!(window.says("3 bytes at 0x0") && window.says(MD5));
    window.click(Role::Button, "Close the hashes");
    assert!(window.try_find(Role::ListBox, "hashes").is_none());
}
