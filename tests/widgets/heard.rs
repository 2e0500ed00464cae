//! What a screen reader is given: the tree of the window and what it is told at once.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::NodeT;
use pagelens::bytes::Span;
use pagelens::session::command::COMMANDS;
use pagelens::session::{Action, Command, PaneAction};

/// The messages in the tree, the oldest first.
fn told(window: &Window) -> Vec<String> {
    window.labels(Role::Status)
}

#[track_caller]
fn assert_told(window: &Window, message: &str) {
    assert!(told(window).iter().any(|told| told == message), "{message:?} is not in {:?}", told(window));
}

#[test]
fn a_cell_has_its_value_its_place_its_numbers_and_whether_it_is_selected() {
    let mut window = Window::on(b"Hello, world! 0123456789");
    assert_eq!(window.focused().as_deref(), Some("GridCell 48 H, 0x0"));
    window.key(Key::ArrowDown);
    window.key(Key::ArrowRight);
    assert_eq!(window.focused().as_deref(), Some("GridCell 33 3, 0x11"));
    let cell = window.find(Role::GridCell, "33 3, 0x11");
    let node = cell.accesskit_node();
    assert_eq!(node.description().as_deref(), Some("row 2, column 2"));
    assert_eq!((node.data().row_index(), node.data().column_index()), (Some(1), Some(1)));
    assert_eq!(node.is_selected(), Some(false));
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(window.find(Role::GridCell, "33 3, 0x11").accesskit_node().is_selected(), Some(true));
    assert_told(&window, "1 byte selected");
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_told(&window, "2 bytes selected");
    window.key(Key::Tab);
    assert_eq!(
        window.focused().as_deref(),
        Some("GridCell 4 34, 0x12"),
        "the text comes first in its column"
    );
    window.key_with(Modifiers::CTRL, Key::End);
    assert_eq!(window.focused().as_deref(), Some("GridCell end, 0x18"));
}

#[test]
fn a_cell_lies_where_it_is_drawn_and_can_be_pressed() {
    let mut window = Window::on(&[0; 256]);
    let row = window.row_rect("0000 0020");
    let cell = window.find(Role::GridCell, "00, 0x25");
    assert!(row.contains_rect(cell.rect().shrink(0.1)), "{:?} in {row:?}", cell.rect());
    cell.click_accesskit();
    window.settle();
    assert_eq!(window.tab().selection.caret_place().offset(), 0x25);
}

#[test]
fn typed_bytes_are_told() {
    let mut window = Window::on(&[0; 16]);
    window.type_text("4");
    assert_eq!(window.focused().as_deref(), Some("GridCell 40 @, 0x0, changed"));
    window.type_text("1");
    assert_told(&window, "41 written at 0x0");
    assert_eq!(window.focused().as_deref(), Some("GridCell 00, 0x1"));
    window.key_of(Command::Undo);
    assert_told(&window, "Undo");
    window.apply(Action::Pane(PaneAction::Select(Span::between(2, 4))));
    window.key(Key::Backspace);
    window.run(Command::ToggleInsert);
    window.apply(Action::Pane(PaneAction::Select(Span::between(2, 4))));
    window.key(Key::Delete);
    assert_told(&window, "2 bytes deleted");
}

#[test]
fn what_is_said_is_told_each_time() {
    let mut window = Window::on(b"abcabc");
    window.apply(Action::Pane(PaneAction::Select(Span::between(0, 2))));
    for times in 1..3 {
        window.event(Event::Copy);
        assert_eq!(told(&window).iter().filter(|told| *told == "Copied.").count(), times);
    }
    window.key_of(Command::Find);
    window.type_text("7a");
    for times in 1..3 {
        window.key(Key::Enter);
        assert_eq!(told(&window).iter().filter(|told| *told == "Not found.").count(), times);
    }
    window.key(Key::Escape);
    window.run(Command::GoTo);
    window.type_text("nowhere");
    window.key(Key::Enter);
    let error = window.session().dialog_error().expect("it is refused").to_owned();
    assert_told(&window, &error);
}

#[test]
fn the_whole_of_an_array_is_told() {
    let mut window = Window::on(&[0, 1, 2, 3, 4, 5]);
    window.run(Command::ArrayFromHere);
    let bar = |field, text: &str| {
        Action::Array(pagelens::session::arrays::TableAction::Bar(field, text.to_owned()).into())
    };
    window.apply(bar(pagelens::session::arrays::BarField::Dtype, "u1"));
    window.apply(bar(pagelens::session::arrays::BarField::Shape, "(2, 3)"));
    window.apply(Action::Pane(PaneAction::Focus(pagelens::session::PaneKey::TYPED)));
    assert_eq!(window.focused().as_deref(), Some("GridCell 0, [0, 0]"));
    window.key(Key::ArrowDown);
    window.key(Key::ArrowRight);
    assert_eq!(window.focused().as_deref(), Some("GridCell 4, [1, 1]"));
    let cell = window.find(Role::GridCell, "4, [1, 1]");
    let data = cell.accesskit_node().data();
    assert_eq!((data.row_index(), data.column_index()), (Some(1), Some(1)));
    assert_eq!(window.labels(Role::ColumnHeader), ["0", "1", "2"]);
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_told(&window, "2 elements selected");
    assert_eq!(window.find(Role::GridCell, "5, [1, 2]").accesskit_node().is_selected(), Some(true));
}

#[test]
fn dialogs_and_fields_have_names_and_lists_have_values() {
    let mut window = Window::on(&[0; 16]);
    for (command, name) in
        [(Command::GoTo, "Go to"), (Command::Fill, "Fill"), (Command::About, "pagelens 0.1.0")]
    {
        window.apply(Action::Pane(PaneAction::Select(Span::between(0, 2))));
        window.run(command);
        assert_eq!(window.labels(Role::Dialog), [name]);
        assert!(window.find(Role::Dialog, name).accesskit_node().is_modal());
        window.key(Key::Escape);
    }
    window.run(Command::ShowBoth);
    window.run(Command::Replace);
    let nameless: Vec<String> =
        window.labels(Role::TextInput).into_iter().filter(|label| label.is_empty()).collect();
    assert_eq!(nameless, Vec::<String>::new(), "{:?}", window.labels(Role::TextInput));
    let lists = window.labels(Role::ComboBox);
    assert!(lists.len() > 5 && lists.iter().all(|label| !label.is_empty()), "{lists:?}");
    let digits = window.find(Role::ComboBox, "digits");
    let choice: Vec<_> = digits.accesskit_node().children().filter_map(|node| node.label()).collect();
    assert_eq!(choice, ["Hex"]);
}

#[test]
fn the_palette_tells_its_choice() {
    let mut window = Window::on(&[0; 16]);
    window.key_of(Command::Palette);
    assert_eq!(window.labels(Role::Dialog), ["Command palette"]);
    assert_eq!(window.focused(), Some(format!("ListBoxOption {}", COMMANDS[0].title)));
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), Some(format!("ListBoxOption {}", COMMANDS[1].title)));
    window.type_text("select range");
    assert_eq!(window.focused().as_deref(), Some("ListBoxOption Select range…"));
}

#[test]
fn while_pages_fly_by_only_the_row_with_the_caret_has_cells() {
    let mut window = Window::on(&[0; 1 << 16]);
    let cells = |window: &Window| window.labels(Role::GridCell).len();
    let whole = cells(&window);
    assert!(whole > 100, "{whole}");
    // The first one goes to the last row that is seen, the next one scrolls.
    window.key(Key::PageDown);
    window.key_of_a_frame(Key::PageDown);
    assert_eq!(cells(&window), 16, "the row with the caret");
    assert!(window.focused().is_some_and(|focused| focused.starts_with("GridCell 00, 0x")));
    // Two tenths of a second later.
    for _ in 0..20 {
        window.frame();
    }
    assert!(cells(&window) >= whole, "{} of {whole}", cells(&window));
}
