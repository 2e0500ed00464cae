//! Arrays in the window: the panel, the bar, cells by mouse and keyboard.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy, safetensors};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use pagelens::session::arrays::{BarField, TableAction};
use pagelens::session::view::Viewport;
use pagelens::session::{Action, Command, Dialog, PaneKey, PaneKind};

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
fn the_arrows_walk_the_names_that_the_filter_leaves() {
    let mut window = open("m.safetensors", &safetensors(&[("a.w", &[2]), ("b.w", &[3]), ("c.w", &[1])]));
    let shown =
        |window: &Window| window.tab().array().and_then(|view| view.name.as_deref()).map(str::to_owned);
    window.run(Command::FilterArrays);
    window.type_text("w");
    for (key, name) in
        [(Key::ArrowDown, "a.w"), (Key::ArrowDown, "b.w"), (Key::ArrowDown, "c.w"), (Key::ArrowUp, "b.w")]
    {
        window.key(key);
        assert_eq!(shown(&window).as_deref(), Some(name));
    }
    window.type_text("5");
    assert!(window.tab().edit.is_none(), "the filter still has the keys");
    assert_eq!(window.find(Role::TextInput, "filter names").value().as_deref(), Some("w5"));
}

#[test]
fn a_fact_that_is_refused_stays_in_its_field() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(6,)", &f4(0..6)));
    window.click(Role::DisclosureTriangle, "Metadata");
    window.click(Role::Label, "(6,)");
    let field = |window: &Window| window.try_find(Role::TextInput, "shape").and_then(|field| field.value());
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("(2, 30)");
    window.key(Key::Enter);
    window.type_text("1");
    assert!(window.tab().edit.is_none() && !window.tab().is_modified(), "the cells get no key");
    assert_eq!(field(&window).as_deref(), Some("(2, 30)1"));
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("(2, 3)");
    window.key(Key::Enter);
    let fields = window.labels(Role::TextInput).iter().filter(|label| *label == "shape").count();
    assert_eq!(fields, 1, "only the bar's is left");
    assert_eq!(window.tab().array().map(|view| view.base.shape.clone()), Some(vec![2, 3]));
    window.type_text("7");
    assert!(window.tab().edit.is_some(), "the keys are the cells' again");
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
    assert!(window.tab().is_shown(PaneKey::BYTES));
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
    window.run(Command::OtherPane);
    assert_eq!(window.tab().focus_kind(), PaneKind::Bytes);
}

#[test]
fn a_field_whose_cell_is_scrolled_away_keeps_the_keys() {
    let values = npy("'<f4'", false, "(300, 300)", &f4(0..90_000));
    for (down, across) in [(0, 200), (200, 0)] {
        let mut window = open("a.npy", &values);
        let scroll = |window: &mut Window| {
            let at = |top| Viewport { top, ..Viewport::default() };
            window.apply(Action::Array(TableAction::Scroll { down: at(down), across: at(across) }.into()));
            window.settle();
        };
        window.type_text("7");
        scroll(&mut window);
        assert!(window.tab().edit.is_some(), "it is still open");
        window.type_text("8");
        assert_eq!(window.tab().edit.as_ref().map(|edit| edit.text.as_str()), Some("78"));
        let view = window.tab().array().expect("an array");
        assert_eq!((view.down.top, view.across.top), (0, 0), "what is typed into is seen");
        scroll(&mut window);
        window.key(Key::Escape);
        assert!(window.tab().edit.is_none() && !window.tab().is_modified());
        window.key(Key::ArrowRight);
        assert_eq!(
            window.tab().array().map(|view| view.block.caret),
            Some((0, 1)),
            "the keys are the cells' again"
        );
    }
}

#[test]
fn shift_tab_goes_left_in_cells_and_fields() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    window.key(Key::Tab);
    window.key(Key::Tab);
    window.key_with(Modifiers::SHIFT, Key::Tab);
    assert_eq!(caret(&window), "[0, 1] 1.0");
    window.type_text("9");
    window.key_with(Modifiers::SHIFT, Key::Tab);
    assert_eq!(caret(&window), "[0, 0] 0.0");
    window.key(Key::ArrowRight);
    assert_eq!(caret(&window), "[0, 1] 9.0");
}

#[test]
fn a_value_too_large_for_a_field_says_so() {
    let mut window = open("a.npy", &npy("'|V100000'", false, "(2,)", &vec![b'x'; 200_000]));
    assert!(caret(&window).ends_with('…'));
    window.key(Key::Enter);
    assert!(window.tab().edit.is_none() && window.session().hint().contains("100,000 bytes"));
}

#[test]
fn each_field_of_the_bar_tells_its_own_fault() {
    let mut window = open("raw.bin", &f4(0..24));
    window.key_of(Command::ArrayFromHere);
    for (field, text) in [(BarField::Dtype, "odd"), (BarField::Slice, "[")] {
        window.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
    }
    window.settle();
    for field in ["dtype: ", "slice: "] {
        assert!(window.labels(Role::Label).iter().any(|label| label.starts_with(field)), "{field}");
    }
}

#[test]
fn fields_are_reached_by_commands() {
    let mut window = open("m.safetensors", &safetensors(&[("a", &[2, 3, 4]), ("b", &[3])]));
    window.run(Command::FilterArrays);
    window.settle();
    window.type_text("a");
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().array().and_then(|view| view.name.as_deref()), Some("a"));
    window.run(Command::TypeSlice);
    window.settle();
    window.type_text("[1]");
    assert_eq!(window.tab().array().map(|view| view.table.array().shape.clone()), Some(vec![3, 4]));
    window.run(Command::TransposeArray);
    window.run(Command::SelectRow);
    let view = window.tab().array().expect("an array");
    assert_eq!((view.table.rows(), view.table.columns(), view.block.count(&view.table)), (4, 3, 3));
    window.run(Command::ExportCsv);
    assert!(matches!(window.session().dialog(), Some(Dialog::ExportArray(_))));
}

#[test]
fn an_axis_beyond_what_a_slider_holds_is_gone_to_exactly() {
    let mut window = open("raw.bin", &f4(0..24));
    window.key_of(Command::ArrayFromHere);
    let far = "9007199254740993";
    for (field, text) in [(BarField::Order, "0, 0, 4"), (BarField::Shape, "9007199254740995, 2, 4")] {
        window.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
    }
    window.settle();
    window.find(Role::TextInput, "index of axis 0").focus();
    window.settle();
    window.key_with(Modifiers::COMMAND, Key::A);
    for digit in far.chars() {
        window.type_text(&digit.to_string());
    }
    assert_eq!(window.tab().array().map(|view| view.table.axes().at[0].to_string()), Some(far.to_owned()));
}

#[test]
fn a_name_that_can_not_be_shown_says_why() {
    // Its last bytes are beyond the end of the file.
    let mut bytes = safetensors(&[("a", &[2]), ("b", &[3])]);
    bytes.truncate(bytes.len() - 4);
    let mut window = open("m.safetensors", &bytes);
    window.click(Role::TreeItem, "b");
    assert!(window.says("b can't be shown"), "{:?}", window.labels(Role::Label));
}

#[test]
fn a_column_is_fitted_to_its_values_by_command() {
    let mut window = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    let chars = |window: &Window| window.tab().array().expect("an array").columns.chars(1);
    let usual = chars(&window);
    window.key(Key::ArrowRight);
    window.apply(Action::Array(TableAction::Resize { column: 1, chars: Some(33) }.into()));
    assert_eq!(chars(&window), 33);
    window.run(Command::FitArrayColumn);
    assert!(chars(&window) < 33 && chars(&window) <= usual, "{}", chars(&window));
}

#[test]
fn ctrl_and_the_middle_button_open_an_array_beside() {
    let mut window = open("m.safetensors", &safetensors(&[("a", &[2, 2]), ("b", &[3]), ("c", &[4])]));
    window.resize(egui::vec2(2400.0, 800.0));
    window.click(Role::TreeItem, "a");
    let names = |window: &Window| {
        let tab = window.tab();
        let name =
            |pane: PaneKey| tab.panes().get(pane).content.array().and_then(|view| view.name.as_deref());
        tab.layout().panes().into_iter().filter_map(name).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(names(&window), ["a"]);
    let at = window.find(Role::TreeItem, "b").rect().center();
    window.click_at(at, Modifiers::COMMAND);
    assert_eq!(names(&window), ["a", "b"]);
    let at = window.find(Role::TreeItem, "c").rect().center();
    window.middle_click_at(at);
    let mut three = names(&window);
    three.sort();
    assert_eq!(three, ["a", "b", "c"]);
    window.click(Role::TreeItem, "a");
    assert_eq!(names(&window).len(), 3, "a plain click opens none beside");
}
