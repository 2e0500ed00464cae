//! What is around the bytes: tabs, banners, find, the status bar, the panels, the first page.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT;
use pagelens::bytes::Span;
use pagelens::decode::inspect;
use pagelens::session::{
    Action, Command, ExternalAction, FindAction, InspectorAction, OpenAction, PaneAction,
};

#[test]
fn tabs_are_tabs_with_names() {
    let mut window = Window::on(&[1, 2, 3]);
    window.write("b.bin", &[4, 5]);
    window.open("b.bin");
    assert_eq!(window.labels(Role::Tab), ["a.bin", "b.bin"]);
    window.click(Role::Tab, "a.bin");
    assert_eq!(window.tab().title, "a.bin");
    let selected = |window: &Window, name| window.find(Role::Tab, name).accesskit_node().is_selected();
    assert_eq!((selected(&window, "a.bin"), selected(&window, "b.bin")), (Some(true), Some(false)));
    window.type_text("7");
    assert_eq!(window.tab().selection.digit, 1, "the keys go to its bytes");
    let at = window.find(Role::Tab, "b.bin").rect().center();
    window.hover(at);
    window.click(Role::Button, "Close b.bin");
    assert_eq!(window.labels(Role::Tab), ["a.bin"]);
    window.click(Role::Button, "Close a.bin");
    assert!(window.says("Save the changes to a.bin?"));
}

#[test]
fn banners_are_alerts_that_stay_until_they_are_dismissed() {
    let mut window = Window::on(&[1, 2, 3]);
    for name in ["missing.bin", "gone.bin"] {
        let path = window.path(name);
        window.apply(Action::Open(OpenAction::Files(vec![path])));
    }
    assert_eq!(window.labels(Role::Alert).len(), 2);
    window.type_text("4");
    assert_eq!(window.labels(Role::Alert).len(), 2);
    window.key(Key::Escape);
    assert_eq!(window.labels(Role::Alert).len(), 2, "the byte that is half typed goes first");
    window.key(Key::Escape);
    let left = window.labels(Role::Alert);
    assert!(left.len() == 1 && left[0].contains("missing.bin"), "the newest goes first: {left:?}");
    window.click(Role::Button, "Dismiss (Esc)");
    assert_eq!(window.labels(Role::Alert), [""; 0]);
}

#[test]
fn a_banner_offers_ways_out() {
    let mut window = Window::on(&[1, 2, 3]);
    window.type_text("aa");
    window.write("a.bin", b"theirs");
    window.key_of(Command::Save);
    let alerts = window.labels(Role::Alert);
    assert!(alerts.len() == 1 && alerts[0].contains("Nothing was written."), "{alerts:?}");
    let button = window.find(Role::Button, "Overwrite it").rect().center();
    window.press_at(button, true);
    // The system tells of the change sooner or later, and the banner is drawn anew then, here under the pointer.
    window.apply(Action::External(ExternalAction::CameBack));
    window.settle();
    window.press_at(button, false);
    window.settle();
    assert!(window.labels(Role::Alert).is_empty(), "{:?}", window.labels(Role::Alert));
    // What was not typed is what the other program made of it: the file is one and the same.
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there"), [0xaa, b'h', b'e']);
}

#[test]
fn find_takes_its_keys_and_shows_its_answers() {
    let mut window = Window::on(b"..AB....AB..");
    window.key_of(Command::Find);
    window.type_text("41 42");
    assert_eq!((window.tab().len(), window.tab().is_modified()), (12, false), "nothing goes to the bytes");
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(2, 4));
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(8, 10));
    window.key_with(Modifiers::SHIFT, Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(2, 4));
    window.key(Key::F3);
    assert_eq!(window.tab().selected(), Span::between(8, 10));
    window.key(Key::Enter);
    assert!(window.says("Wrapped to the start."));
    window.click(Role::Button, "Find all");
    assert!(window.says("2 matches."));
    window.key(Key::Escape);
    assert!(!window.session().finding().open);
    window.type_text("4");
    assert_eq!(window.tab().selection.digit, 1, "the keys go to the bytes again");
}

#[test]
fn find_says_what_is_no_needle() {
    let mut window = Window::on(b"..AB");
    window.key_of(Command::Find);
    window.type_text("4");
    assert!(window.says("Incomplete byte at the end"));
    window.type_text("1");
    assert!(!window.says("Incomplete byte at the end"));
}

#[test]
fn replace_works_by_its_buttons() {
    let mut window = Window::on(b"AB..AB....AB");
    window.key_of(Command::Replace);
    window.type_text("AB");
    window.key_of(Command::FindText);
    let field = window.find(Role::TextInput, "");
    assert!(!field.is_focused() || window.session().finding().query.text == "AB");
    let mut query = window.session().finding().query.clone();
    query.replacement = String::from("xyz");
    window.apply(Action::Find(FindAction::SetQuery(query)));
    window.click(Role::Button, "Replace all");
    assert!(window.says("Replaced 3 matches; the file is 3 bytes longer. One Undo reverts all."));
    assert!(window.rows()[0].contains("xyz..xyz....xyz"), "{:?}", window.rows());
}

#[test]
fn the_status_bar_says_where_how_and_what() {
    let mut window = Window::on(&[0; 2000]);
    window.apply(Action::Pane(PaneAction::JumpTo(0x123)));
    for text in ["0x123", "291", "Overwrite", "editable", "2.0 KiB"] {
        assert!(window.says(text), "{text}");
    }
    window.click(Role::Label, "Overwrite");
    assert!(window.tab().inserts() && window.says("Insert"));
    window.click(Role::Label, "editable");
    assert!(window.tab().locked && window.says("locked"));
    window.type_text("4");
    assert!(window.says("is locked. Unlock"));
    window.click(Role::Label, "locked");
    window.type_text("41");
    assert!(window.says("1 byte changed"));
    window.key_with(Modifiers::COMMAND, Key::A);
    assert!(window.says("selected 0x0–0x7D0 (2,001 bytes)"));
    window.resize(egui::vec2(420.0, 600.0));
    assert!(window.says("2,001 bytes selected"), "a narrow bar says how many");
}

#[test]
fn the_inspector_names_each_value_and_takes_another() {
    let mut window = Window::on(b"ABCDEFGH\0\0\0\0\0\0\0\0");
    let value = |window: &Window, label: &str| window.find(Role::Button, label).accesskit_node().label();
    assert_eq!(value(&window, "unsigned 16 little").as_deref(), Some("unsigned 16 little-endian: 16961"));
    assert_eq!(value(&window, "unsigned 16 big").as_deref(), Some("unsigned 16 big-endian: 16706"));
    window.click(Role::Button, "unsigned 16 little");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("300");
    window.key(Key::Enter);
    assert!(window.rows()[0].contains("2c 01 43 44"), "{:?}", window.rows());
    window.click(Role::Button, "unsigned 16 little");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("70000");
    window.key(Key::Enter);
    assert!(window.says("65535") && window.rows()[0].contains("2c 01 43 44"));
    window.click(Role::Button, "unsigned 8 little");
    window.key(Key::Escape);
    assert!(window.rows()[0].contains("2c 01 43 44"));
    window.key_of(Command::ToggleInspector);
    assert!(window.try_find(Role::Button, "unsigned 16 little").is_none());
}

#[test]
fn the_types_of_the_inspector_are_chosen_and_filtered() {
    let mut window = Window::on(&[0x80; 64]);
    window.resize(egui::vec2(1600.0, 900.0));
    let has = |window: &Window, label: &str| window.try_find(Role::Button, label).is_some();
    let row = |name: &str| inspect::ROWS.iter().position(|row| row.name == name).expect("a row");
    assert!(has(&window, "GUID little") && !has(&window, "unsigned 128 little"));
    window.apply(Action::Inspect(InspectorAction::Show { row: row("uint128"), shown: true }));
    window.apply(Action::Inspect(InspectorAction::Show { row: row("guid"), shown: false }));
    assert!(!has(&window, "GUID little"));
    assert!(has(&window, "unsigned 128 little-endian: 1708"), "the value of sixteen bytes");
    window.click(Role::Button, "Types");
    window.click(Role::CheckBox, "unsigned 128");
    assert!(!has(&window, "unsigned 128 little"));
    window.click(Role::Button, "Show the usual types");
    assert!(has(&window, "GUID little"));
    assert!(window.session().shows_inspected(&inspect::ROWS[row("guid")]));
}

#[test]
fn the_panel_of_changes_lists_them_and_leads_there() {
    let mut window = Window::on(&[0; 1000]);
    window.key_of(Command::ToggleChanges);
    assert!(window.says("Nothing has been changed"));
    window.key(Key::Escape);
    for at in [100, 300] {
        window.apply(Action::Pane(PaneAction::JumpTo(at)));
        window.type_text("41");
    }
    assert!(window.says("2 changes") && window.says("0x64") && window.says("0x12C"));
    window.run(Command::GoStart);
    let at = window.find(Role::Label, "0x12C").rect().center();
    window.click_at(at, Modifiers::NONE);
    assert_eq!(window.tab().selected(), Span::between(300, 301));
}

#[test]
fn the_first_page_leads_to_files() {
    let mut window = Window::new();
    for (button, title) in [("New", "untitled"), ("Open the sample", "sample")] {
        window.click(Role::Button, button);
        assert_eq!(window.tab().title, title);
        window.run(Command::CloseTab);
        assert!(window.session().tab().is_none());
    }
    window.click(Role::Button, "Open path…");
    assert!(window.session().dialog().is_some());
    window.key(Key::Escape);
    window.write("a.bin", b"Hello");
    window.open("a.bin");
    window.run(Command::CloseTab);
    window.click(Role::Link, "a.bin");
    assert_eq!(window.tab().title, "a.bin");
}

#[test]
fn files_are_dropped_into_the_window() {
    let mut window = Window::new();
    window.write("a.bin", b"Hello");
    window.drop_file("a.bin");
    assert_eq!(window.tab().title, "a.bin");
}
