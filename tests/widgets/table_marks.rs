//! What marks the elements of a table: changes, matches, what can't be read; in the cells and for screen readers.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy};
use crate::session::unread::{BAD, BadDisk};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect};
use pagelens::session::arrays::{ArrayAction, BarField, Wrap};
use pagelens::session::find::{Query, QueryKind};
use pagelens::session::{Action, Command, FindAction, PaneAction, PaneKey};
use pagelens::ui::theme;
use std::sync::Arc;

fn open(shape: &str, values: std::ops::Range<i32>) -> Window {
    let mut window = Window::new();
    window.write("a.npy", &npy("'<f4'", false, shape, &f4(values)));
    window.open("a.npy");
    window
}

fn look_for(window: &mut Window, text: &str, kind: QueryKind) {
    window.run(Command::Find);
    let dtype = Some("<f4".parse().expect("a dtype"));
    window.apply(Action::Find(FindAction::SetQuery(Query {
        text: text.to_owned(),
        kind,
        dtype,
        ..Query::default()
    })));
    window.settle();
}

fn bar(window: &mut Window, field: BarField, text: &str) {
    window.apply(Action::Array(ArrayAction::Bar(field, text.to_owned())));
    window.rest();
}

/// The cells that are told to have this mark.
fn marked(window: &Window, word: &str) -> Vec<String> {
    window.labels(Role::GridCell).into_iter().filter(|label| label.contains(word)).collect()
}

#[test]
fn matches_are_marked_in_the_elements_that_have_a_byte_of_them() {
    let mut window = open("(2, 3)", 0..6);
    look_for(&mut window, "4", QueryKind::Value);
    assert_eq!(marked(&window, "match"), ["4.0, [1, 1], match"]);
    // The last two bytes of 3.0 and the first two of 4.0.
    look_for(&mut window, "40 40 00 00 80", QueryKind::Hex);
    assert_eq!(marked(&window, "match"), ["3.0, [1, 0], match", "4.0, [1, 1], match"]);
    window.key(Key::Escape);
    window.rest();
    assert_eq!(marked(&window, "match"), Vec::<String>::new(), "with the search its marks go");
}

#[test]
fn what_a_slice_leaves_out_is_not_marked() {
    let mut window = open("(2, 4)", 0..8);
    bar(&mut window, BarField::Slice, "[::-1, ::2]");
    // The end of 5.0, which is left out, the whole of 6.0, the front of 7.0.
    look_for(&mut window, "a0 40 00 00 c0 40 00", QueryKind::Hex);
    assert_eq!(marked(&window, "match"), ["6.0, [1, 2], match"]);
    look_for(&mut window, "5", QueryKind::Value);
    assert_eq!(marked(&window, "match"), Vec::<String>::new());
}

#[test]
fn a_typed_value_is_told_to_be_changed() {
    let mut window = open("(2, 3)", 0..6);
    window.type_text("9");
    window.key(Key::Enter);
    window.rest();
    assert_eq!(marked(&window, "changed"), ["9.0, [0, 0], changed"]);
}

#[test]
fn what_can_not_be_read_is_told_and_the_reason_is_under_the_pointer() {
    let disk = Arc::new(BadDisk::default());
    let mut window = Window::new();
    let cached = window.session().cache().attach(disk.clone()).expect("threads");
    window.open_source("disk", cached);
    window.run(Command::ArrayFromHere);
    for (field, text) in [
        (BarField::Dtype, "<f4"),
        (BarField::Offset, &*format!("{:#x}", BAD.start() - 8)),
        (BarField::Shape, "4"),
    ] {
        bar(&mut window, field, text);
    }
    window.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    window.rest();
    assert_eq!(marked(&window, "can't be read"), ["?, [2], can't be read", "?, [3], can't be read"]);
    let cell = window.find(Role::GridCell, "?, [2], can't be read").rect();
    window.hover(cell.center());
    window.rest();
    assert!(window.says("could not be read"), "{:?}", window.labels(Role::Label));
    let ground = theme::Theme::dark().data.grid_bg;
    let picture = window.picture();
    let ink = |rect: Rect| {
        let lit = |x: usize| picture[(x, rect.top() as usize + 2)] != ground;
        (rect.left() as usize..rect.right() as usize).filter(|x| lit(*x)).count()
    };
    let whole = window.find(Role::GridCell, "0.0, [1]").rect();
    assert!(ink(cell) >= 3 && ink(whole) == 0, "hatched: {} and {}", ink(cell), ink(whole));
}

#[test]
fn the_bytes_after_the_last_element_of_an_open_shape_are_shown_and_are_no_element() {
    for (len, last) in [(18, "…, incomplete"), (34, "…, incomplete"), (16, "3.0, [3]")] {
        let mut window = Window::on(&f4(0..9)[..len]);
        window.run(Command::ArrayFromHere);
        bar(&mut window, BarField::Dtype, "<f4");
        bar(&mut window, BarField::Shape, "-1");
        window.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
        window.apply(Action::Array(ArrayAction::Wrap(Wrap::Fixed(8))));
        window.rest();
        assert_eq!(window.labels(Role::GridCell).last().map(String::as_str), Some(last), "{len} bytes");
        window.key_with(Modifiers::COMMAND, Key::A);
        let view = window.tab().array().expect("an array");
        assert_eq!(view.block.count(&view.table), len as u64 / 4);
        if len % 4 > 0 {
            let tail = window.find(Role::GridCell, last).rect().center();
            window.hover(tail);
            window.rest();
            assert!(window.says("Incomplete element at the end of the file: 2 of 4 bytes."));
        }
    }
}
