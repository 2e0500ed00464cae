//! The lists of matches and of changes by keyboard and for those who listen: one stop of the keys, walked row by row.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::NodeT;
use pagelens::bytes::Span;
use pagelens::session::{Action, Command, PaneAction};

fn press(key: Key) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers: Modifiers::NONE }
}

/// A list of the five matches of `AB`, with the keys in the field of Find.
fn matches() -> Window {
    let mut window = Window::on(b"..AB....AB..AB..AB..AB..");
    window.key_of(Command::Find);
    window.type_text("41 42");
    window.click(Role::Button, "Find all");
    window
}

/// Four changes of a byte, at 10, 20, 30 and 40, with the caret at the start.
fn changes() -> Window {
    let mut window = Window::on(&[0; 100]);
    window.key_of(Command::ToggleChanges);
    window.key(Key::Escape);
    for at in [10, 20, 30, 40] {
        window.apply(Action::Pane(PaneAction::JumpTo(at)));
        window.type_text("41");
    }
    window.run(Command::GoStart);
    window
}

/// F6 until the list named `list` has the keys.
#[track_caller]
fn go_to(window: &mut Window, list: &str) {
    let wanted = format!("ListBox {list}");
    for _ in 0..14 {
        window.key_of(Command::NextArea);
        if window.focused().is_some_and(|focused| focused == wanted) {
            return;
        }
    }
    panic!("F6 does not come to the list of {list}");
}

fn is_grid(window: &Window) -> bool {
    window.focused().is_some_and(|focused| focused.starts_with("GridCell"))
}

#[test]
fn f6_goes_to_the_list_and_the_first_key_to_its_first_row() {
    let mut window = matches();
    go_to(&mut window, "matches");
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().selected(), Span::between(2, 4));
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().selected(), Span::between(8, 10));
    window.key(Key::End);
    assert_eq!(window.tab().selected(), Span::between(20, 22));
    let mut window = changes();
    go_to(&mut window, "changes");
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().selected(), Span::between(10, 11));
}

#[test]
fn enter_gives_the_keys_to_the_file() {
    for (mut window, list) in [(matches(), "matches"), (changes(), "changes")] {
        go_to(&mut window, list);
        window.key(Key::ArrowDown);
        window.key(Key::Enter);
        assert!(is_grid(&window), "{list}: {:?}", window.focused());
        window.type_text("7");
        assert_eq!(window.tab().selection.digit, 1, "{list}");
    }
}

#[test]
fn all_keys_of_a_frame_are_taken() {
    let mut window = matches();
    go_to(&mut window, "matches");
    window.events_of_one_frame(&[press(Key::ArrowDown), press(Key::ArrowDown), press(Key::ArrowDown)]);
    assert_eq!(window.tab().selected(), Span::between(12, 14));
    let mut window = changes();
    go_to(&mut window, "changes");
    window.events_of_one_frame(&[press(Key::ArrowDown), press(Key::ArrowDown), press(Key::Delete)]);
    assert_eq!(window.tab().shown().changes(), 3);
    let left: Vec<u64> =
        (0..3).filter_map(|n| window.tab().shown().nth_change(n)).map(|c| c.span.start()).collect();
    assert_eq!(left, [10, 30, 40]);
}

#[test]
fn tab_leaves_the_list_without_walking_its_cells() {
    for (mut window, list) in [(matches(), "matches"), (changes(), "changes")] {
        go_to(&mut window, list);
        let whole = window.find(Role::ListBox, list).rect();
        let mut within = Vec::new();
        for _ in 0..6 {
            window.key(Key::Tab);
            let rect = window.focused_rect().expect("something has the keys");
            if whole.contains(rect.center()) {
                within.push(window.focused());
            }
        }
        assert!(within.is_empty(), "{list}: {within:?}");
    }
}

#[test]
fn each_row_is_heard_with_its_place() {
    let mut window = matches();
    go_to(&mut window, "matches");
    assert_eq!(window.find(Role::ListBox, "matches").accesskit_node().data().size_of_set(), Some(5));
    window.key(Key::ArrowDown);
    let first = window.focused().expect("a row");
    assert!(first.starts_with("ListBoxOption 0x2, ") && first.ends_with(", 41 42"), "{first}");
    window.key(Key::ArrowDown);
    let second = window.focused().expect("a row");
    assert!(second.starts_with("ListBoxOption 0x8, "), "{second}");
    let row = window.find(Role::ListBoxOption, "0x8");
    assert_eq!(row.accesskit_node().data().position_in_set(), Some(1));
    assert_eq!(row.accesskit_node().is_selected(), Some(true));
    let mut window = changes();
    go_to(&mut window, "changes");
    window.key(Key::ArrowDown);
    assert_eq!(window.focused().as_deref(), Some("ListBoxOption 0xA, 00 to 41, 1 byte"));
}

#[test]
fn the_list_of_matches_is_closed_by_its_command() {
    let mut window = matches();
    assert!(window.try_find(Role::ListBox, "matches").is_some());
    window.key_of(Command::Palette);
    window.type_text("close the list");
    window.key(Key::Enter);
    assert!(window.try_find(Role::ListBox, "matches").is_none());
    assert!(!Command::CloseMatches.spec().enabled(window.session()));
}

#[test]
fn a_list_of_millions_ends_with_its_last_row() {
    let mut window = Window::on(&[0; 2_000_000]);
    window.run(Command::ShowBoth);
    window.key_of(Command::Find);
    window.type_text("00");
    window.click(Role::Button, "Find all");
    go_to(&mut window, "matches");
    window.key(Key::End);
    assert_eq!(window.tab().selected(), Span::between(1_999_999, 2_000_000));
    let row = |window: &Window, element: &str| {
        let list = window.find(Role::ListBox, "matches").rect();
        let row = window.find(Role::Label, element).rect();
        assert!(list.contains_rect(row), "{element}: {row:?} in {list:?}");
        row
    };
    let (last, before) = (row(&window, "[1999999]"), row(&window, "[1999998]"));
    assert!((last.top() - before.top() - 22.0).abs() < 1.0, "{before:?} {last:?}");
    window.click_at(before.center(), Modifiers::NONE);
    assert_eq!(window.tab().selected(), Span::between(1_999_998, 1_999_999));
    window.key(Key::Home);
    assert_eq!(window.tab().selected(), Span::between(0, 1));
}

#[test]
fn a_list_that_is_opened_takes_the_keys_and_escape_gives_them_back() {
    let with_arrays = crate::session::arrays_of_tests::safetensors(&[("w", &[2, 2])]);
    let mut window = Window::new();
    window.write("m.safetensors", &with_arrays);
    window.open("m.safetensors");
    for (command, widget) in
        [(Command::ToggleArrays, "TextInput filter names"), (Command::ToggleChanges, "ListBox changes")]
    {
        window.run(Command::ShowBytes);
        if command == Command::ToggleArrays {
            window.key_of(command);
            assert!(is_grid(&window), "it was open: {:?}", window.focused());
        }
        window.key_of(command);
        assert_eq!(window.focused().as_deref(), Some(widget));
        window.type_text("7");
        assert!(!window.tab().is_modified() && window.tab().selection.digit == 0, "{command:?}");
        window.key(Key::Escape);
        assert!(is_grid(&window), "{command:?}: {:?}", window.focused());
        window.type_text("7");
        assert_eq!(window.tab().selection.digit, 1, "{command:?}");
        window.key(Key::Escape);
    }
}

#[test]
fn a_file_without_arrays_has_no_list_of_them() {
    let mut window = Window::on(b"abc");
    window.key_of(Command::ToggleArrays);
    assert!(window.says("This file has no arrays.") && is_grid(&window));
    assert!(window.session().shows_panel(pagelens::session::ARRAYS), "the setting is as it was");
}

#[test]
fn what_is_said_of_a_broken_header_takes_the_keys_too() {
    let mut window = Window::new();
    window.write("a.npy", b"abc");
    window.open("a.npy");
    window.key_of(Command::ToggleArrays);
    assert!(is_grid(&window), "it was open: {:?}", window.focused());
    window.key_of(Command::ToggleArrays);
    window.type_text("7");
    assert!(!is_grid(&window) && window.tab().selection.digit == 0, "{:?}", window.focused());
    window.key(Key::Escape);
    assert!(is_grid(&window), "{:?}", window.focused());
}

#[test]
fn several_matches_are_chosen_with_shift_and_copied() {
    let mut window = matches();
    go_to(&mut window, "matches");
    window.key(Key::ArrowDown);
    window.key_with(Modifiers::SHIFT, Key::ArrowDown);
    window.key_with(Modifiers::SHIFT, Key::ArrowDown);
    assert!(window.says("5 of 41 42, 3 chosen"));
    assert_eq!(window.tab().selected(), Span::between(12, 14), "the file follows the keys");
    window.event(Event::Copy);
    assert_eq!(window.session().hint(), "Copied.");
    window.key_with(Modifiers::COMMAND, Key::A);
    assert!(window.says("5 chosen"));
    assert_eq!(window.tab().selected(), Span::between(12, 14), "the bytes are not selected instead");
    window.key(Key::End);
    assert!(!window.says("chosen"));
}

#[test]
fn the_heads_and_their_keys_sort_the_list() {
    let mut window = Window::on(b"b..a..c..a.....");
    window.key_of(Command::FindText);
    window.type_text("a");
    window.click(Role::Button, "Find all");
    go_to(&mut window, "matches");
    let first = |window: &mut Window| {
        window.key(Key::Home);
        window.focused().expect("a row")
    };
    assert!(first(&mut window).starts_with("ListBoxOption 0x3, "));
    window.click(Role::ColumnHeader, "Offset");
    assert!(first(&mut window).starts_with("ListBoxOption 0x9, "), "once more turns it round");
    window.key(Key::O);
    assert!(first(&mut window).starts_with("ListBoxOption 0x3, "));
    window.key(Key::V);
    let head = window.find(Role::ColumnHeader, "Text");
    assert!(head.accesskit_node().data().sort_direction().is_some());
    assert!(
        !window.tab().is_modified() && window.tab().selection.digit == 0,
        "no letter is typed into the file"
    );
}

#[test]
fn what_matches_become_is_shown_before_anything_changes() {
    let mut window = matches();
    assert!(window.try_find(Role::ColumnHeader, "Becomes").is_none());
    window.key_of(Command::Replace);
    window.type_text("43 44 45");
    assert!(window.try_find(Role::ColumnHeader, "Becomes").is_some());
    go_to(&mut window, "matches");
    window.key(Key::ArrowDown);
    let row = window.focused().expect("a row");
    assert!(row.ends_with("41 42, becomes 43 44 45") && !window.tab().is_modified(), "{row}");
    window.key_with(Modifiers::SHIFT, Key::ArrowDown);
    window.click(Role::Button, "Replace 2 rows");
    assert_eq!(window.tab().len(), 26);
    window.click(Role::Button, "Replace all 5");
    assert_eq!(window.tab().len(), 29);
    assert!(window.says("2 matches were edited since and left alone."));
    window.run(Command::Undo);
    window.run(Command::Undo);
    assert!(!window.tab().is_modified());
}
