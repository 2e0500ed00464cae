//! Arrays in the window: the panel, the bar, cells by mouse and keyboard.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy, safetensors};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use pagelens::session::arrays::BarField;
use pagelens::session::{Command, PaneId};

fn open(name: &str, bytes: &[u8]) -> Window {
    let mut window = Window::new();
    window.write(name, bytes);
    window.open(name);
    window
}

/// The caret's index and value, as a screen reader says it.
fn caret(window: &Window) -> String {
    window.find(Role::Grid, "array").value().unwrap_or_default()
}

#[test]
fn a_click_on_a_name_shows_its_array() {
    let mut window =
        open("m.safetensors", &safetensors(&[("l.0.w", &[2, 2]), ("l.1.w", &[3]), ("head", &[1])]));
    assert_eq!(window.labels(Role::TreeItem), ["head", "l.", "l.0.w", "l.1.w"]);
    window.click(Role::TreeItem, "l.1.w");
    assert_eq!(caret(&window), "[0] 0.0");
    window.key(Key::ArrowRight);
    window.key(Key::ArrowRight);
    assert_eq!(caret(&window), "[2] 2.0");
    window.click(Role::TreeItem, "l.");
    assert_eq!(window.labels(Role::TreeItem), ["head", "l."], "a group closes");
    window.find(Role::TextInput, "filter names").focus();
    window.settle();
    window.type_text("0.w");
    assert_eq!(window.labels(Role::TreeItem), ["l.0.w"]);
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().array().and_then(|view| view.name.as_deref()), Some("l.0.w"));
}

#[test]
fn a_value_is_typed_into_a_cell_and_saved_by_keys() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    window.key(Key::ArrowDown);
    window.type_text("-1.5");
    window.key(Key::Enter);
    assert_eq!(caret(&window), "[1, 0] -1.5", "the last row has none below");
    window.key(Key::Tab);
    window.key(Key::Enter);
    window.type_text("x");
    window.key(Key::Enter);
    assert!(window.tab().edit.as_ref().is_some_and(|edit| edit.error.is_some()));
    window.key(Key::Escape);
    assert_eq!(caret(&window), "[1, 1] 4.0");
    window.key_of(Command::Save);
    let mut expected = npy("'<f4'", false, "(2, 3)", &f4(0..6));
    let at = expected.len() - 12;
    expected[at..at + 4].copy_from_slice(&(-1.5_f32).to_le_bytes());
    assert_eq!(std::fs::read(window.path("a.npy")).expect("saved"), expected);
}

#[test]
fn a_wrong_value_does_not_hold_the_keys_when_another_field_is_taken() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    window.type_text("abc");
    window.find(Role::TextInput, "slice").focus();
    window.settle();
    window.type_text("[1]");
    assert!(window.tab().edit.is_none() && !window.tab().is_modified());
    assert_eq!(window.tab().array().map(|view| view.bar.text(BarField::Slice)), Some("[1]"));
}

#[test]
fn the_bar_says_what_is_wrong_under_the_fields() {
    let mut window = open("raw.bin", &f4(0..24));
    window.key_of(Command::ArrayFromHere);
    for (field, text) in [(BarField::Dtype, "<f4"), (BarField::Shape, "4, 6"), (BarField::Slice, "[:, 9]")] {
        window.find(Role::TextInput, field.label()).focus();
        window.settle();
        window.key_with(Modifiers::COMMAND, Key::A);
        window.type_text(text);
    }
    let told = window.labels(Role::Label).into_iter().find(|label| label.starts_with("slice: "));
    assert!(told.as_ref().is_some_and(|label| label.contains("out of range")), "{told:?}");
    assert_eq!(window.tab().array().map(|view| view.base.shape.clone()), Some(vec![4, 6]));
    window.key(Key::Backspace);
    window.key(Key::Backspace);
    window.type_text("5]");
    assert_eq!(caret(&window), "[0, 5] 5.0");
}

#[test]
fn a_header_that_is_broken_is_told_beside_the_bytes() {
    let window = open("a.safetensors", b"\xff\xff\xff\xff\xff\0\0\0{}");
    let labels = window.labels(Role::Label);
    assert!(labels.iter().any(|label| label.contains("header")), "{labels:?}");
    assert!(window.tab().is_shown(PaneId::Bytes));
    assert!(window.rows()[0].contains("ff ff ff ff ff"), "{:?}", window.rows());
}

#[test]
fn plain_values_come_back_and_so_does_the_array() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    window.click(Role::Button, "Back to plain values");
    assert!(window.tab().array().is_none() && window.try_find(Role::Grid, "array").is_none());
    window.click(Role::TreeItem, "a");
    assert_eq!(caret(&window), "[0, 0] 0.0");
    window.key_of(Command::ShowBoth);
    window.key_of(Command::OtherPane);
    assert_eq!(window.tab().focus, PaneId::Bytes);
}
