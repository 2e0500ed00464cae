//! The inspector: a click anywhere in a row edits it, what is refused stays, and the panel keeps its width.

use super::rig::{SIZE, Window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, vec2};

fn bytes(window: &Window) -> Vec<u8> {
    let mut bytes = vec![0; 4];
    let mut states = [pagelens::bytes::Availability::Missing; 4];
    pagelens::bytes::Source::peek(window.tab().shown(), 0, &mut bytes, &mut states);
    bytes
}

fn type_over(window: &mut Window, text: &str) {
    window.key_with(Modifiers::COMMAND, Key::A);
    window.event(Event::Text(text.to_owned()));
}

#[test]
fn a_click_anywhere_in_the_row_edits() {
    let mut window = Window::on(&[1, 2, 3, 4, 5, 6, 7, 8]);
    let row = window.find(Role::Button, "unsigned 16 little-endian: 513").rect();
    // On the name of the type, and right of the digits.
    for x in [row.left() + 4.0, row.right() - 4.0] {
        window.click_at(egui::pos2(x, row.center().y), Modifiers::NONE);
        assert_eq!(window.focused().as_deref(), Some("TextInput unsigned 16"));
        window.key(Key::Escape);
    }
    window.click(Role::Button, "unsigned 16 big-endian: 258");
    type_over(&mut window, "4660");
    window.key(Key::Enter);
    assert_eq!(bytes(&window), [0x12, 0x34, 3, 4]);
}

#[test]
fn a_refused_value_stays_typed() {
    let mut window = Window::on(&[1, 2, 3, 4]);
    window.click(Role::Button, "unsigned 16 little-endian: 513");
    type_over(&mut window, "70000");
    window.key(Key::Enter);
    assert_eq!(window.focused().as_deref(), Some("TextInput unsigned 16"));
    assert_eq!(window.find(Role::TextInput, "unsigned 16").value().as_deref(), Some("70000"));
    assert_eq!(bytes(&window), [1, 2, 3, 4]);
    type_over(&mut window, "7");
    window.key(Key::Enter);
    assert_eq!(bytes(&window), [7, 0, 3, 4]);
    assert!(window.try_find(Role::TextInput, "unsigned 16").is_none());
}

/// The widest 64-bit numbers are seen whole where the window has room for them.
#[test]
fn it_is_as_wide_as_its_values_and_comes_back_to_its_width() {
    let mut window = Window::on(&u64::MAX.to_le_bytes());
    window.resize(vec2(1600.0, 900.0));
    let width = |window: &Window| {
        let row = window.find(Role::Button, "unsigned 64 little-endian").rect();
        let other = window.find(Role::Button, "unsigned 64 big-endian").rect();
        (row.width(), other.width())
    };
    let before = width(&window);
    assert!(before.1 > 24.0 * 7.0, "{before:?} is not room for 24 digits");
    window.resize(vec2(600.0, 900.0));
    assert!(width(&window).1 < before.1);
    window.resize(vec2(1600.0, 900.0));
    assert_eq!(width(&window), before);
}

#[test]
fn there_is_one_tooltip_at_a_time() {
    let mut window = Window::on(&[0xff; 64]);
    window.resize(SIZE);
    let row = window.find(Role::Button, "float 64 little-endian").rect();
    window.hover(row.center());
    window.rest();
    let tips = window.labels(Role::Tooltip);
    assert_eq!(tips.len(), 1, "{tips:?}");
    let tab = window.find(Role::Tab, "a.bin").rect();
    for x in [tab.left() + 20.0, tab.right() - 16.0] {
        window.hover(egui::pos2(x, tab.center().y));
        window.rest();
        let tips = window.labels(Role::Tooltip);
        assert_eq!(tips.len(), 1, "{tips:?}");
    }
}

#[test]
fn a_value_is_drawn_whole_where_its_row_has_the_room() {
    let mut window = Window::on(&[0x01, 0x38, 0, 0, 0, 0, 0, 0]);
    window.resize(vec2(640.0, 500.0));
    let little = window.find(Role::Button, "unsigned 32 little-endian: 14337").rect();
    let big = window.find(Role::Button, "unsigned 32 big-endian: 20447232").rect();
    assert!(big.top() > little.top(), "one order under the other: {little} {big}");
    window.resize(vec2(1600.0, 900.0));
    let little = window.find(Role::Button, "unsigned 32 little-endian: 14337").rect();
    let big = window.find(Role::Button, "unsigned 32 big-endian: 20447232").rect();
    assert_eq!(big.top(), little.top(), "side by side where there is room");
}
