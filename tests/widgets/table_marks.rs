//! What marks the elements of a table: changes, matches, what can't be read; in the cells, for screen readers
//! and on the scroll bar.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy};
use crate::session::unread::{BAD, BadDisk};
use egui::accesskit::Role;
use egui::{Color32, Key, Modifiers, Rect, Theme};
use pagelens::bytes::Span;
use pagelens::session::arrays::{BarField, TableAction, Wrap};
use pagelens::session::find::{Query, QueryKind, ValueTypes};
use pagelens::session::{Action, Command, FindAction, PaneAction, PaneKey, Remembered, Session};
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
    let types = ValueTypes::one("<f4".parse().expect("a dtype"));
    window.apply(Action::Find(FindAction::SetQuery(Query {
        text: text.to_owned(),
        kind,
        types,
        ..Query::default()
    })));
    window.settle();
}

fn bar(window: &mut Window, field: BarField, text: &str) {
    window.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
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
        window.apply(Action::Array(TableAction::Wrap(Wrap::Fixed(8)).into()));
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

/// The rows of pixels in `area` that have one whose colour is nearer to this one than to the others of a scroll bar. The
/// toolkit draws soft edges.
fn colored(window: &Window, area: Rect, color: Color32) -> Vec<usize> {
    let (picture, theme) = (window.picture(), theme::Theme::dark());
    let others =
        [theme.data.grid_bg, theme.scroll_handle, theme.data.changed_mark, theme.data.found_current_bg];
    let distance = |a: Color32, b: Color32| (0..3).map(|at| u32::from(a[at].abs_diff(b[at]))).sum::<u32>();
    let is_near = |at: Color32| others.iter().all(|other| distance(at, color) <= distance(at, *other));
    let columns = area.left() as usize..(area.right() as usize).min(picture.size[0]);
    (area.top() as usize..(area.bottom() as usize).min(picture.size[1]))
        .filter(|y| columns.clone().any(|x| is_near(picture[(x, *y)])))
        .collect()
}

#[test]
fn the_scroll_bar_marks_the_rows_of_changes_and_matches() {
    let mut window = Window::build(Theme::Dark, |waker| Session::new(Remembered::default(), waker));
    window.write("a.npy", &npy("'<f4'", false, "(1000, 8)", &f4(0..8000)));
    window.open("a.npy");
    window.run(Command::ThemeDark);
    window.run(Command::ShowBoth);
    // The columns from the third on are left out, and every second row.
    bar(&mut window, BarField::Slice, "[::2, :2]");
    let data = window.tab().array().expect("an array").base.offset;
    for (row, column) in [(500, 1), (800, 6)] {
        let at = data + (row * 8 + column) * 4;
        window.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
        window.apply(Action::Pane(PaneAction::Select(Span::between(at, at + 1))));
        window.type_text("77");
    }
    look_for(&mut window, "2000", QueryKind::Value);
    window.click(Role::Button, "Find all");
    window.rest();
    let grid = window.find(Role::Grid, "array").rect();
    let side =
        Rect::from_min_max(grid.right_top(), grid.right_bottom() + egui::vec2(theme::SCROLL_BAR_WIDTH, 0.0));
    let head = 28.0;
    let share = |rows: Vec<usize>| {
        let at = |y: usize| (y as f32 - side.top() - head) / (side.height() - head);
        (rows.len(), rows.first().map(|y| at(*y)).unwrap_or(-1.0))
    };
    let (count, at) = share(colored(&window, side, theme::Theme::dark().data.changed_mark));
    assert!((1..=3).contains(&count) && (at - 0.5).abs() < 0.05, "one mark: {count} from {at}");
    let (count, at) = share(colored(&window, side, theme::Theme::dark().data.found_current_bg));
    assert!(
        (1..=3).contains(&count) && (at - 0.25).abs() < 0.05,
        "2000.0 is in row 250 of 1000: {count} from {at}"
    );
}
