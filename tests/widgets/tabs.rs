//! The row of open files, and what of a frame is there from the first one on.

use super::rig::{SIZE, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Theme};
use pagelens::bytes::Span;
use pagelens::session::arrays::BarField;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::Columns;
use pagelens::session::{Action, Command, OpenOptions, PaneAction, PaneKey, Remembered, Session};

fn several(count: usize) -> Window {
    let mut window = Window::new();
    for number in 0..count {
        let name = format!("a-file-with-a-long-name-{number:03}.bin");
        window.write(&name, &[number as u8; 64]);
        window.open(&name);
    }
    window
}

fn titles(window: &Window) -> Vec<String> {
    let end = |tab: &pagelens::session::Tab| tab.title[tab.title.len() - 7..tab.title.len() - 4].to_owned();
    window.session().tabs().iter().map(end).collect()
}

#[test]
fn the_tab_in_front_is_always_in_sight() {
    let mut window = several(30);
    let is_seen = |window: &Window| {
        let tab = window.find(Role::Tab, &window.tab().title).rect();
        assert!(tab.left() >= 0.0 && tab.right() <= SIZE.x, "{} at {tab:?}", window.tab().title);
    };
    is_seen(&window);
    for _ in 0..31 {
        window.key_with(Modifiers::COMMAND, Key::Tab);
        is_seen(&window);
    }
    window.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Tab);
    // From the last one 31 steps forwards and one back: where it began.
    assert!(window.tab().title.contains("029"), "{}", window.tab().title);
    is_seen(&window);
}

#[test]
fn tabs_are_reordered_by_dragging_and_by_keys() {
    let mut window = several(4);
    let at = |window: &Window, number: &str| window.find(Role::Tab, number).rect();
    let (from, to) = (at(&window, "name-000"), at(&window, "name-002"));
    window.drag(from.left_center() + egui::vec2(30.0, 0.0), to.right_center() - egui::vec2(20.0, 0.0));
    assert_eq!(titles(&window), ["001", "002", "000", "003"]);
    assert!(window.tab().title.contains("000"), "what is dragged comes to the front");
    window.key_of(Command::MoveTabLeft);
    assert_eq!(titles(&window), ["001", "000", "002", "003"]);
    window.key_of(Command::MoveTabRight);
    window.key_of(Command::MoveTabRight);
    window.key_of(Command::MoveTabRight);
    assert_eq!(titles(&window), ["001", "002", "003", "000"], "at the end it stays");
}

#[test]
fn a_tab_has_a_menu() {
    let mut window = several(4);
    let middle = window.find(Role::Tab, "name-001").rect().center();
    for pressed in [true, false] {
        let button = egui::PointerButton::Secondary;
        window.event(egui::Event::PointerMoved(middle));
        window.event(egui::Event::PointerButton { pos: middle, button, pressed, modifiers: Modifiers::NONE });
    }
    window.click(Role::Button, Command::CloseTabsToRight.spec().title);
    assert_eq!(titles(&window), ["000", "001"]);
}

#[test]
fn tabs_of_one_name_show_their_folders() {
    let mut window = Window::new();
    for folder in ["one", "two"] {
        std::fs::create_dir(window.path(folder)).expect("a folder");
        window.write(&format!("{folder}/same.bin"), b"x");
        window.open(&format!("{folder}/same.bin"));
    }
    let labels = window.labels(Role::Label);
    assert!(["one", "two"].iter().all(|folder| labels.iter().any(|label| label == folder)), "{labels:?}");
}

#[test]
fn the_caret_is_in_sight_in_the_pane_that_is_shown() {
    let mut window = Window::on(&[0; 100_000]);
    // In the lowest row of the bytes: the same rows of values end long before it.
    let rows = window.tab().hex().room(100_000).whole_rows();
    let caret = (rows - 1) * 16;
    window.apply(Action::Pane(PaneAction::JumpTo(caret)));
    assert_eq!(window.tab().hex().viewport.top, 0);
    let format = ValuesFormat { columns: Columns::Fixed(1), ..window.tab().values().format };
    window.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    window.key_of(Command::ShowValues);
    assert!(window.tab().values().shows(caret, 100_000));
    window.key_of(Command::ShowBytes);
    assert!(window.tab().hex().shows(caret, 100_000));
}

/// Everything of the array's bar and table is there in the frame that shows it.
#[test]
fn an_array_is_whole_without_another_input() {
    let mut window = Window::on(&(0..10_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    window.apply(Action::Pane(PaneAction::JumpTo(0x20)));
    window.run(Command::ShowBoth);
    window.key_of(Command::ArrayFromHere);
    let view = window.tab().array().expect("an array");
    assert_eq!(view.bar.text(BarField::Offset), "0x20");
    let first = window.picture();
    window.frame();
    assert!(window.picture() == first, "the next frame shows something else");
    window.run(Command::CloseArray);
    window.apply(Action::Pane(PaneAction::Select(Span::between(0x40, 0x80))));
    window.key_of(Command::ArrayFromHere);
    let view = window.tab().array().expect("an array");
    assert_eq!(
        (view.bar.text(BarField::Offset), view.base.extent()),
        ("0x40", Some(Span::between(0x40, 0x80)))
    );
}

/// What is opened before the window is there is drawn once, and that is it.
#[test]
fn the_first_frame_is_like_the_next() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.bin");
    std::fs::write(&path, (0..=255).collect::<Vec<u8>>().repeat(100)).expect("written");
    let mut window = Window::build(Theme::Dark, |waker| {
        let mut session = Session::new(Remembered::default(), waker);
        session.open(path, OpenOptions { in_front: true, ..OpenOptions::default() });
        pagelens::ui::startup::wait_for_contents(&mut session, std::time::Duration::from_secs(60));
        session
    });
    let first = window.picture();
    window.settle();
    window.frame();
    assert!(window.picture() == first);
}

#[test]
fn values_that_fit_line_up_with_the_bytes_beside_them() {
    let mut window = Window::on(&[1; 4096]);
    window.run(Command::ShowBoth);
    let row = |window: &Window| {
        let size = window.tab().values().format.dtype.size() as u32;
        (window.tab().values().columns() * size, window.tab().hex().columns())
    };
    for width in [1900.0, 1500.0, 1200.0, 900.0] {
        window.resize(egui::vec2(width, 800.0));
        let (values, bytes) = row(&window);
        assert!(bytes.is_multiple_of(values), "{values} bytes of values beside {bytes}");
    }
    window.resize(egui::vec2(2600.0, 800.0));
    assert_eq!(row(&window), (16, 16));
}

/// A column of integers has room for every value of its type before any has been seen.
#[test]
fn integer_columns_are_as_wide_as_their_type_from_the_start() {
    let mut window = Window::on(&[0; 4096]);
    window.run(Command::ShowBoth);
    window.key_of(Command::ArrayFromHere);
    for (dtype, chars) in [("<i8", 20), ("u1", 4), ("<i4", 11), ("<M8[s]", 20)] {
        let bar = pagelens::session::TableAction::Bar(BarField::Dtype, dtype.to_owned());
        window.apply(Action::Array(bar.into()));
        let seen = window.tab().array().expect("an array").columns.chars(0);
        assert!(seen >= chars.min(40), "{dtype}: {seen}");
    }
}

#[test]
fn a_tab_is_as_wide_as_its_name_and_its_signs() {
    let mut window = Window::new();
    for name in ["a.npy", "wwwww.bin", "i.b"] {
        window.write(name, b"abc");
        window.open(name);
        window.type_text("41");
        window.run(Command::ToggleLock);
        assert!(
            window.labels(Role::Label).iter().any(|label| label == name),
            "{:?}",
            window.labels(Role::Label)
        );
    }
}

#[test]
fn f6_comes_to_the_tab_in_front_and_arrows_go_to_its_neighbours() {
    let mut window = several(4);
    window.key_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Tab);
    let front = window.tab().title.clone();
    assert!(front.contains("002"));
    let on_tab = |window: &Window| window.focused().unwrap_or_default();
    for _ in 0..14 {
        window.key_of(Command::NextArea);
        if on_tab(&window).starts_with("Tab ") {
            break;
        }
    }
    assert_eq!(on_tab(&window), format!("Tab {front}"));
    for (key, number) in [
        (Key::ArrowLeft, "001"),
        (Key::ArrowLeft, "000"),
        (Key::ArrowLeft, "000"),
        (Key::ArrowRight, "001"),
        (Key::ArrowRight, "002"),
        (Key::ArrowRight, "003"),
        (Key::ArrowRight, "003"),
    ] {
        window.key(key);
        assert!(window.tab().title.contains(number), "{key:?}: {}", window.tab().title);
        assert_eq!(on_tab(&window), format!("Tab {}", window.tab().title));
    }
}

#[test]
fn the_list_of_files_opens_at_the_one_in_front_and_is_walked_by_keys() {
    let mut window = several(40);
    let heard = |window: &Window| window.focused().unwrap_or_default();
    window.click(Role::Button, "40");
    assert!(heard(&window).contains("name-039"), "{}", heard(&window));
    assert!(window.says("name-039") && window.tab().title.contains("039"));
    window.key(Key::ArrowUp);
    window.key(Key::ArrowUp);
    window.key(Key::ArrowDown);
    assert!(heard(&window).contains("name-038"), "{}", heard(&window));
    window.key(Key::Enter);
    assert!(window.tab().title.contains("038"), "{}", window.tab().title);
    assert!(window.try_find(Role::ListBox, "open files").is_none(), "it is closed");
    window.type_text("7");
    assert_eq!(window.tab().selection.digit, 1, "the bytes have the keys again");
    window.click(Role::Button, "40");
    window.key(Key::Home);
    window.key(Key::Enter);
    assert!(window.tab().title.contains("000"), "{}", window.tab().title);
}
