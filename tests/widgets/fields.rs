//! The bytes and values themselves: rows, caret, clicks, typed cells.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, pos2};
use pagelens::bytes::Span;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::{Action, Command, PaneAction, PaneKey, PaneKind};

fn values(bytes: &[u8], dtype: &str) -> Window {
    let mut window = Window::on(bytes);
    let dtype = dtype.parse().expect("a type");
    let format = ValuesFormat { dtype, ..window.tab().values().format };
    window.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    window.run(Command::ShowValues);
    window
}

/// The two bytes that every test of values begins with.
fn first_value(window: &Window) -> u16 {
    let mut bytes = [0; 2];
    let mut states = [pagelens::bytes::Availability::Missing; 2];
    pagelens::bytes::Source::peek(window.tab().shown(), 0, &mut bytes, &mut states);
    u16::from_le_bytes(bytes)
}

#[test]
fn rows_and_the_caret_can_be_heard() {
    let mut window = Window::on(b"Hello, world! How are you?");
    assert_eq!(
        window.rows(),
        [
            "0000 0000, 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 21 20 48 6f, Hello, world! Ho",
            "0000 0010, 77 20 61 72 65 20 79 6f 75 3f, w are you?",
        ]
    );
    let caret = |window: &Window| window.find(Role::Grid, "").value();
    assert_eq!(caret(&window).as_deref(), Some("0000 0000, 48"));
    window.key(Key::ArrowDown);
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(caret(&window).as_deref(), Some("0000 0010, 77, 1 bytes selected"));
}

#[test]
fn the_keys_go_to_the_bytes_from_the_start() {
    let mut window = Window::on(&[0; 64]);
    window.type_text("c0ffee");
    assert!(window.rows()[0].starts_with("0000 0000, c0 ff ee 00"), "{:?}", window.rows());
    window.key(Key::Tab);
    window.type_text("Hi");
    assert!(window.rows()[0].starts_with("0000 0000, c0 ff ee 48 69 00"), "{:?}", window.rows());
    window.key(Key::Insert);
    window.key(Key::Backspace);
    assert!(window.rows()[0].starts_with("0000 0000, c0 ff ee 48 00"), "{:?}", window.rows());
    window.key_of(Command::Undo);
    window.key_of(Command::Undo);
    window.key_of(Command::Undo);
    assert!(window.rows()[0].starts_with("0000 0000, 00 00 00 00"), "{:?}", window.rows());
}

#[test]
fn arrows_page_keys_and_ends_move_the_caret() {
    let mut window = Window::on(&[0; 100_000]);
    for (modifiers, key, caret) in [
        (Modifiers::NONE, Key::ArrowRight, 1),
        (Modifiers::NONE, Key::ArrowDown, 17),
        (Modifiers::NONE, Key::End, 31),
        (Modifiers::NONE, Key::Home, 16),
        (Modifiers::COMMAND, Key::End, 100_000),
        (Modifiers::COMMAND, Key::Home, 0),
        (Modifiers::COMMAND, Key::ArrowRight, 4),
        (Modifiers::NONE, Key::ArrowLeft, 3),
    ] {
        window.key_with(modifiers, key);
        assert_eq!(window.tab().caret(), caret, "{key:?}");
    }
    window.key(Key::PageDown);
    let page = window.tab().hex().room(100_000).whole_rows();
    assert_eq!(window.tab().caret(), 3 + page * 16);
    window.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Home);
    assert_eq!(window.tab().selected(), Span::first(3 + page * 16));
}

#[test]
fn clicks_place_the_caret_and_shift_extends() {
    let mut window = Window::on(&[0; 1000]);
    let (from, to) = (window.row_rect("0000 0020"), window.row_rect("0000 0040"));
    window.click_at(pos2(from.left() + 120.0, from.center().y), Modifiers::NONE);
    let caret = window.tab().caret();
    assert!((0x20..0x30).contains(&caret) && window.tab().selected().is_empty());
    window.click_at(pos2(to.left() + 120.0, to.center().y), Modifiers::SHIFT);
    assert_eq!(window.tab().selected(), Span::between(caret, caret + 33));
}

#[test]
fn typing_into_a_value_loses_no_character() {
    let mut window = values(&[0; 64], "<u2");
    window.type_text("12345");
    assert!(window.focused().is_some_and(|name| name.contains("value")), "{:?}", window.focused());
    assert_eq!(window.tab().edit.as_ref().map(|edit| edit.text.as_str()), Some("12345"));
    window.key(Key::Enter);
    assert_eq!(first_value(&window), 12345);
    assert!(window.tab().caret() > 0 && window.tab().edit.is_none(), "a row below");
    // All in one frame, as a slow machine hands them over.
    window.run(Command::GoStart);
    window.events_of_one_frame(&[Event::Text("4".into()), Event::Text("2".into())]);
    window.key(Key::Enter);
    assert_eq!(first_value(&window), 42);
}

#[test]
fn a_refused_value_can_be_mended_in_its_field() {
    let mut window = values(&[0; 64], "<u2");
    window.type_text("70000");
    window.key(Key::Enter);
    assert!(window.says("65535") && first_value(&window) == 0);
    window.key(Key::Backspace);
    assert_eq!(window.tab().edit.as_ref().map(|edit| edit.text.as_str()), Some("7000"));
    window.key(Key::Enter);
    assert_eq!((first_value(&window), window.tab().edit.clone()), (7000, None));
}

#[test]
fn a_refused_value_keeps_the_keys_whatever_is_clicked() {
    let mut window = values(&[0; 640], "<u2");
    window.run(Command::ShowBoth);
    assert_eq!(window.tab().focus_kind(), PaneKind::Values);
    window.type_text("x");
    let row = window.row_rect("0000 0040");
    window.click_at(pos2(row.left() + 120.0, row.center().y), Modifiers::NONE);
    assert_eq!((window.tab().focus_kind(), window.tab().caret()), (PaneKind::Values, 0));
    window.key(Key::Backspace);
    window.type_text("7");
    window.key(Key::Enter);
    assert_eq!((first_value(&window), window.tab().edit.clone()), (7, None));
    window.click_at(pos2(row.left() + 120.0, row.center().y), Modifiers::NONE);
    assert_eq!(window.tab().focus_kind(), PaneKind::Bytes);
    window.type_text("f");
    assert_eq!(window.tab().selection.digit, 1);
}

#[test]
fn escape_gives_the_old_value_back() {
    let mut window = values(&[7, 0, 8, 0], "<u2");
    window.key(Key::Enter);
    assert_eq!(window.tab().edit.as_ref().map(|edit| edit.text.as_str()), Some("7"));
    window.type_text("300");
    window.key(Key::Escape);
    assert_eq!((first_value(&window), window.tab().edit.clone()), (7, None));
    window.key(Key::ArrowRight);
    assert_eq!(window.tab().caret(), 2, "the keys go to the values again");
    window.key(Key::F2);
    window.type_text("9");
    window.key(Key::Tab);
    assert_eq!(window.tab().caret(), 4);
    assert!(window.rows()[0].contains("7 9"), "{:?}", window.rows());
}

#[test]
fn what_is_typed_into_a_value_is_saved() {
    let mut window = values(&[0; 4], "<u2");
    window.type_text("300");
    window.key_of(Command::Save);
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there"), [0x2c, 1, 0, 0]);
}

#[test]
fn the_panes_stand_side_by_side_and_share_the_caret() {
    let mut window = Window::on(&[0; 1000]);
    window.key_of(Command::ShowBoth);
    assert_eq!(window.labels(Role::Grid).len(), 2);
    window.key_of(Command::NextArea);
    window.key(Key::ArrowRight);
    window.key_of(Command::PreviousArea);
    window.type_text("41");
    assert_eq!(window.tab().shown().nth_change(0).map(|change| change.span), Some(Span::between(1, 2)));
}

#[test]
fn an_offset_that_is_no_offset_stays_in_its_field() {
    let mut window = values(&[0; 64], "<u2");
    let name = "offset of the first value";
    let text = |window: &Window| window.find(Role::TextInput, name).value().unwrap_or_default();
    window.find(Role::TextInput, name).focus();
    window.settle();
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("2+");
    window.key(Key::Enter);
    assert!(!window.session().hint().is_empty(), "why it is none is said");
    window.type_text("2");
    assert!(window.tab().edit.is_none(), "the values get no key");
    assert_eq!(text(&window), "2+2");
    window.key(Key::Enter);
    assert_eq!((text(&window).as_str(), window.tab().values().format.origin), ("0x4", 4));
    // What is left behind in the field is nobody's.
    window.find(Role::TextInput, name).focus();
    window.settle();
    window.type_text("1");
    window.write("b.bin", &[0; 64]);
    window.open("b.bin");
    window.apply(Action::Pane(PaneAction::ShowLayout { bytes: false, values: true }));
    assert_eq!(text(&window), "0x0");
    window.run(Command::PreviousTab);
    assert_eq!(text(&window), "0x4");
}

#[test]
fn what_is_typed_quickly_into_a_cell_keeps_its_order() {
    let mut window = Window::on(&[0; 64]);
    window.run(Command::ShowValues);
    // The caret of the field was in a longer text before.
    window.type_text("1");
    window.key(Key::ArrowLeft);
    window.key(Key::Enter);
    for text in ["12", "123", "21"] {
        let events: Vec<egui::Event> =
            text.chars().map(|character| egui::Event::Text(character.to_string())).collect();
        let (first, later) = events.split_at(1);
        window.draft_event(first[0].clone());
        for event in later {
            window.draft_event(event.clone());
        }
        window.settle();
        let typed = window.tab().edit.as_ref().map(|edit| edit.text.clone());
        assert_eq!(typed.as_deref(), Some(text));
        window.key(Key::Enter);
    }
}
