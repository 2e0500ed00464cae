//! Small windows: what has the keys is in sight, nothing is cut off, and panels come back to their size.

use super::rig::{SIZE, Window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, vec2};
use pagelens::session::command::{COMMANDS, Menu};
use pagelens::session::view::Columns;
use pagelens::session::{Action, CHANGES, Command};

#[track_caller]
fn assert_in_sight(window: &Window, what: &str) {
    let (screen, rect) =
        (window.ctx().content_rect(), window.focused_rect().expect("something has the keys"));
    assert!(
        screen.contains_rect(rect.shrink(1.0)),
        "{what}: {:?} at {rect:?} in {screen:?}",
        window.focused()
    );
}

#[test]
fn a_menu_that_is_taller_than_the_window_follows_the_keys() {
    let mut window = Window::on(&[0; 64]);
    window.resize(vec2(985.0, 300.0));
    window.key_with(Modifiers::ALT, Key::E);
    let mut walked = Vec::new();
    for step in 0..30 {
        assert_in_sight(&window, &format!("step {step}"));
        walked.push(window.focused().unwrap_or_default());
        window.key(Key::ArrowDown);
    }
    let of_menu = COMMANDS.iter().filter(|spec| spec.menu == Menu::Edit && spec.enabled(window.session()));
    for spec in of_menu {
        assert!(walked.iter().any(|name| name.ends_with(spec.title)), "{} in {walked:?}", spec.title);
    }
}

#[test]
fn a_bar_that_is_wider_than_its_view_follows_the_keys() {
    let mut window = Window::on(&[0; 64]);
    window.run(Command::ToggleInspector);
    window.resize(vec2(320.0, 400.0));
    let mut controls = Vec::new();
    window.key_of(Command::NextArea);
    for _ in 0..4 {
        let name = window.focused().expect("something has the keys");
        assert_in_sight(&window, &name);
        controls.push(name);
        window.key(Key::Tab);
    }
    assert!(controls[3].contains("encoding of the text"), "{controls:?}");
}

#[test]
fn any_number_of_columns_can_be_typed() {
    let mut window = Window::on(&[0; 64]);
    window.click(Role::ComboBox, "columns");
    let field = window.find(Role::SpinButton, "columns").rect().center();
    window.click_at(field, Modifiers::NONE);
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("7");
    window.key(Key::Enter);
    assert_eq!(window.tab().hex().format.columns, Columns::Fixed(7));
    assert!(window.try_find(Role::SpinButton, "columns").is_some(), "only a choice closes the list");
    window.click(Role::Button, "fit the window");
    assert_eq!(window.tab().hex().format.columns, Columns::Fit);
    assert!(window.try_find(Role::SpinButton, "columns").is_none());
}

#[test]
fn the_question_of_a_paste_fits_the_smallest_window() {
    let mut window = Window::on(b"");
    window.resize(vec2(480.0, 400.0));
    window.event(Event::Paste(String::from("41 42 4")));
    let screen = window.ctx().content_rect();
    for button in ["Cancel", "Paste"] {
        let rect = window.find(Role::Button, button).rect();
        assert!(screen.contains_rect(rect), "{button}: {rect:?} in {screen:?}");
    }
    for line in ["29 2a 04", "Numbers, one byte each"] {
        assert!(window.says(line), "{line}");
    }
    let row = window.find(Role::ListBoxOption, "Numbers").rect();
    assert!(screen.contains_rect(row), "{row:?} in {screen:?}");
}

#[test]
fn panels_come_back_to_their_size_with_the_window() {
    let mut window = Window::on(b"ABAB");
    window.type_text("41");
    window.key_of(Command::ToggleChanges);
    window.key_of(Command::Find);
    window.type_text("42");
    window.click(Role::Button, "Find all");
    let lists = |window: &Window| {
        (
            window.find(Role::ListBox, "changes").rect().width(),
            window.find(Role::ListBox, "matches").rect().height(),
        )
    };
    let before = lists(&window);
    window.resize(vec2(500.0, 330.0));
    let narrow = lists(&window);
    assert!(narrow.0 < before.0 && narrow.1 < before.1, "{narrow:?} of {before:?}");
    window.resize(SIZE);
    assert_eq!(lists(&window), before);
    // What is made wider by its edge is kept in the settings.
    let list = window.find(Role::ListBox, "changes").rect();
    let edge = egui::pos2(list.right() + 2.0, list.center().y);
    window.drag(edge, edge + vec2(60.0, 0.0));
    assert!(lists(&window).0 > before.0 + 40.0, "{:?} of {before:?}", lists(&window));
    assert!(window.session().panel_size(CHANGES).is_some());
}

/// The field that is typed into keeps the keys when it is scrolled out of sight: they are not meant for the file.
#[test]
fn a_value_is_typed_on_though_its_row_is_scrolled_away() {
    let mut window = Window::on(&[0; 64]);
    window.resize(vec2(1200.0, 420.0));
    let row = window.find(Role::Button, "unsigned 8 little-endian").rect();
    window.click(Role::Button, "unsigned 8 little-endian");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.hover(row.center());
    window.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -5000.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    window.rest();
    let screen = window.ctx().content_rect();
    let field = window.focused_rect().expect("the field has the keys");
    assert!(!screen.intersects(field), "{field:?} is still in sight");
    window.type_text("7");
    assert_eq!(window.tab().selection.digit, 0, "nothing was typed into the file");
    window.key(Key::Enter);
    assert!(window.rows()[0].contains("07 00"), "{:?}", window.rows());
    assert_eq!(window.tab().shown().changed_bytes(), 1);
}

#[test]
fn a_tab_is_as_wide_as_what_it_says_now() {
    let mut window = Window::new();
    for folder in ["one", "two"] {
        std::fs::create_dir(window.path(folder)).expect("a folder");
        window.write(&format!("{folder}/same-name.bin"), b"x");
        window.open(&format!("{folder}/same-name.bin"));
    }
    let width = |window: &Window| window.find(Role::Tab, "same-name").rect().width();
    let apart = width(&window);
    window.type_text("41");
    window.apply(Action::Run(Command::PreviousTab));
    window.type_text("41");
    let modified = width(&window);
    assert!(modified > apart, "room for the sign: {modified} and {apart}");
    window.run(Command::Undo);
    assert_eq!(width(&window), apart);
    window.run(Command::CloseTab);
    assert!(!window.labels(Role::Label).iter().any(|label| label == "two"), "nothing to tell apart is left");
    assert!(width(&window) < modified);
}

#[test]
fn a_menu_is_as_high_as_its_lines_where_the_window_has_room() {
    let mut window = Window::on(&[0; 64]);
    window.resize(vec2(985.0, 1400.0));
    window.click(Role::MenuItem, Menu::Find.title());
    let lines: Vec<egui::Rect> = COMMANDS
        .iter()
        .filter(|spec| spec.menu == Menu::Find)
        .map(|spec| window.find(Role::MenuItem, spec.title).rect())
        .collect();
    let (first, last) = (lines.first().expect("a line"), lines.last().expect("a line"));
    assert!(last.bottom() - first.top() > 420.0, "the menu is too short for this test");
    let below = last.center();
    assert!(window.ctx().content_rect().contains(below));
    assert!(
        window.ctx().layer_id_at(below).is_some_and(|layer| layer.order == egui::Order::Foreground),
        "{below}"
    );
}
