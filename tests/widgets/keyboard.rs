//! Everything is reached without a mouse: the menu bar, and by F6 every area of the window.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, TouchPhase};
use pagelens::bytes::Span;
use pagelens::session::command::{COMMANDS, Menu};
use pagelens::session::{
    Action, Command, Dialog, DialogAction, ExternalAction, FindAction, OpenAction, PaneAction, PaneKey,
};

/// The first line of a menu that can be chosen.
fn first_line(window: &Window, menu: Menu) -> String {
    let spec = COMMANDS.iter().find(|spec| spec.menu == menu && spec.enabled(window.session()));
    let spec = spec.expect("a command of the menu");
    let switch = spec.checked(window.session()).is_some();
    format!("{:?} {}", if switch { Role::MenuItemCheckBox } else { Role::MenuItem }, spec.title)
}

fn alt(window: &mut Window, letter: char) {
    let key = Key::from_name(&letter.to_string()).expect("a letter");
    window.key_with(Modifiers::ALT, key);
}

#[test]
fn alt_and_a_letter_open_each_menu_with_the_keys_in_its_first_line() {
    for menu in Menu::ALL {
        let mut window = Window::on(&[0; 64]);
        alt(&mut window, menu.letter());
        assert_eq!(window.focused(), Some(first_line(&window, menu)));
        window.key(Key::Escape);
        window.type_text("41");
        assert!(window.tab().is_modified(), "the keys are the grid's again after {menu:?}");
    }
}

#[test]
fn each_letter_is_one_of_its_title_and_stands_for_one_menu() {
    let mut letters: Vec<char> = Menu::ALL.iter().map(|menu| menu.letter()).collect();
    for menu in Menu::ALL {
        assert!(menu.title().to_uppercase().contains(menu.letter()), "{menu:?}");
    }
    letters.sort_unstable();
    letters.dedup();
    assert_eq!(letters.len(), Menu::ALL.len());
}

#[test]
fn f10_opens_the_first_menu_and_the_arrows_walk_them() {
    let mut window = Window::on(&[0; 64]);
    window.key(Key::F10);
    assert_eq!(window.focused(), Some(first_line(&window, Menu::File)));
    window.key(Key::ArrowRight);
    assert_eq!(window.focused(), Some(first_line(&window, Menu::Edit)));
    window.key(Key::ArrowLeft);
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused(), Some(first_line(&window, Menu::Help)));
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), Some(format!("MenuItem {}", Command::Keys.spec().title)));
    window.key(Key::Enter);
    assert_eq!(window.session().dialog(), Some(&Dialog::Keys));
}

#[test]
fn a_submenu_is_entered_and_left_by_the_arrows() {
    let mut window = Window::on(&[0; 64]);
    window.apply(Action::Pane(PaneAction::Select(pagelens::bytes::Span::between(0, 4))));
    alt(&mut window, 'E');
    for _ in 0..20 {
        if window.focused().as_deref() == Some("MenuItem Copy as") {
            break;
        }
        window.key(Key::ArrowDown);
    }
    assert_eq!(window.focused().as_deref(), Some("MenuItem Copy as"));
    window.key(Key::ArrowRight);
    let inside = window.focused().expect("the keys are somewhere");
    assert_ne!(inside, "MenuItem Copy as");
    assert!(window.try_find(Role::MenuItem, "Undo").is_some(), "the menu around it stays open");
    window.key(Key::ArrowLeft);
    assert_eq!(window.focused().as_deref(), Some("MenuItem Copy as"));
}

#[test]
fn alt_alone_gives_the_keys_to_the_bar_and_alt_with_anything_does_not() {
    let press = |pressed| Event::Key {
        key: Key::AltLeft,
        physical_key: Some(Key::AltLeft),
        pressed,
        repeat: false,
        modifiers: if pressed { Modifiers::ALT } else { Modifiers::NONE },
    };
    let mut window = Window::on(&[0; 64]);
    window.event(press(true));
    window.event(press(false));
    assert_eq!(window.focused().as_deref(), Some("MenuItem File"));
    window.key(Key::ArrowDown);
    assert_eq!(window.focused(), Some(first_line(&window, Menu::File)));

    let mut window = Window::on(&[0; 64]);
    window.event(press(true));
    window.key_with(Modifiers::ALT, Key::ArrowLeft);
    window.event(press(false));
    assert_ne!(window.focused().as_deref(), Some("MenuItem File"));
}

#[test]
fn alt_that_switches_the_keyboards_layout_is_not_alone() {
    let key = |key, pressed, modifiers| Event::Key {
        key,
        physical_key: Some(key),
        pressed,
        repeat: false,
        modifiers,
    };
    let alt = Modifiers::ALT;
    let both = alt | Modifiers::SHIFT;
    let with_ctrl = alt | Modifiers::CTRL | Modifiers::COMMAND;
    for events in [
        // Shift first, Alt first, and Ctrl, whose key the desktop may keep for itself.
        vec![key(Key::AltLeft, true, both), key(Key::AltLeft, false, Modifiers::SHIFT)],
        vec![
            key(Key::AltLeft, true, alt),
            Event::ModifiersChanged(both),
            Event::ModifiersChanged(alt),
            key(Key::AltLeft, false, Modifiers::NONE),
        ],
        vec![
            key(Key::AltLeft, true, with_ctrl),
            key(Key::AltLeft, false, Modifiers::CTRL | Modifiers::COMMAND),
        ],
        vec![key(Key::AltLeft, true, alt), Event::PointerGone, key(Key::AltLeft, false, Modifiers::NONE)],
    ] {
        let mut window = Window::on(&[0; 64]);
        for event in events {
            window.event(event);
        }
        assert_ne!(window.focused().as_deref(), Some("MenuItem File"));
    }
}

#[test]
fn a_question_keeps_the_keys_from_the_menus() {
    let mut window = Window::on(&[0; 64]);
    window.run(Command::GoTo);
    alt(&mut window, 'F');
    window.key(Key::F10);
    assert!(window.try_find(Role::MenuItem, Command::NewFile.spec().title).is_none());
}

/// What has the keys, without what its cell or field holds.
fn place(window: &Window) -> String {
    let focused = window.focused().unwrap_or_default();
    if focused.starts_with("GridCell") { format!("{:?}", window.tab().focus_kind()) } else { focused }
}

#[test]
fn f6_goes_round_all_areas_and_shift_f6_back() {
    let mut window = Window::on(&[7; 64]);
    window.run(Command::ShowBoth);
    window.run(Command::ToggleChanges);
    window.run(Command::Find);
    window.key(Key::Escape);
    window.run(Command::Find);
    window.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    let mut places = vec![place(&window)];
    for _ in 0..12 {
        window.key_of(Command::NextArea);
        let now = place(&window);
        if places.contains(&now) {
            break;
        }
        places.push(now);
    }
    for wanted in [
        "TextInput find",
        "Bytes",
        "Values",
        "ComboBox digits",
        "ComboBox type of the values",
        "TextInput filter all types",
    ] {
        assert!(places.iter().any(|place| place == wanted), "{wanted} is not in {places:#?}");
    }
    assert!(places.iter().any(|place| place.starts_with("Tab")), "{places:#?}");
    let forwards = places.clone();
    let mut back = vec![place(&window)];
    for _ in 1..forwards.len() {
        window.key_of(Command::PreviousArea);
        back.push(place(&window));
    }
    back[1..].reverse();
    assert_eq!(back[1..], forwards[1..], "the same areas backwards");
}

#[test]
fn the_buttons_of_a_message_are_reached() {
    let mut window = Window::on(&[7; 64]);
    window.write("a.bin", &[8; 32]);
    window.type_text("41");
    window.apply(Action::External(ExternalAction::CameBack));
    let begun = std::time::Instant::now();
    while window.labels(Role::Alert).is_empty() {
        assert!(begun.elapsed().as_secs() < 60, "the change of the file is told of");
        window.settle();
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let mut places = Vec::new();
    for _ in 0..12 {
        window.key_of(Command::NextArea);
        places.push(place(&window));
    }
    assert!(places.iter().any(|place| place == "Button Reload"), "{places:#?}");
}

#[test]
fn keys_right_after_the_grid_has_got_them_stay_in_it() {
    let press = |key| Event::Key {
        key,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    for key in [Key::ArrowRight, Key::ArrowDown] {
        let mut window = Window::on(&[0; 256]);
        window.run(Command::ShowBoth);
        window.key_of(Command::Find);
        window.draft(Action::Find(FindAction::Close));
        // In the first frame in which the grid has the keys.
        window.draft_event(press(key));
        window.settle();
        assert!(
            window.focused().is_some_and(|focused| focused.starts_with("GridCell")),
            "{:?}",
            window.focused()
        );
    }
}

#[test]
fn a_menu_that_is_left_before_it_is_drawn_stays_closed() {
    let mut window = Window::on(&[0; 64]);
    let press =
        |key, modifiers| Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers };
    window.draft_event(press(Key::E, Modifiers::ALT));
    window.draft_event(press(Key::Escape, Modifiers::NONE));
    window.settle();
    assert!(window.try_find(Role::MenuItem, "Undo").is_none(), "the menu is closed");
    window.type_text("41");
    assert!(window.tab().is_modified());
}

#[test]
fn the_messages_of_the_first_page_are_reached() {
    let mut window = Window::new();
    let missing = window.path("missing.bin");
    window.apply(Action::Open(OpenAction::Files(vec![missing])));
    assert_eq!(window.labels(Role::Alert).len(), 1);
    let mut places = Vec::new();
    for _ in 0..6 {
        window.key_of(Command::NextArea);
        places.push(place(&window));
    }
    assert!(places.iter().any(|place| place.starts_with("Button Copy")), "{places:#?}");
}

/// A list of two matches, at 100 and 300, has the keys, and the second one is selected.
fn in_matches() -> Window {
    let mut bytes = [0; 1000];
    (bytes[100], bytes[300]) = (0x41, 0x41);
    let mut window = Window::on(&bytes);
    window.key_of(Command::Find);
    window.type_text("41");
    window.run(Command::FindAll);
    window.click(Role::Button, "Close (Esc)");
    let at = window.find(Role::Label, "0x12C").rect().center();
    window.click_at(at, Modifiers::NONE);
    assert_eq!(window.tab().selected(), Span::between(300, 301));
    assert!(!window.focused().is_some_and(|focused| focused.starts_with("GridCell")));
    window
}

#[test]
fn a_list_takes_the_keys_of_the_clipboard_and_changes_no_bytes() {
    let mut window = in_matches();
    window.event(Event::Copy);
    assert!(window.says("Copied."), "{:?}", window.session().hint());
    window.apply(Action::Dialog(DialogAction::Say(String::new())));
    window.key_with(Modifiers::COMMAND, Key::C);
    assert!(window.says("Copied."));
    for event in [Event::Cut, Event::Paste(String::from("00"))] {
        window.event(event);
    }
    for key in [Key::X, Key::V] {
        window.key_with(Modifiers::COMMAND, key);
    }
    window.key_with(Modifiers::SHIFT, Key::Delete);
    window.key_with(Modifiers::SHIFT, Key::Insert);
    assert!(!window.tab().is_modified(), "bytes change where the focus is shown");
    window.key_with(Modifiers::COMMAND, Key::A);
    assert_eq!(window.tab().selected(), Span::between(300, 301), "the rows of the list are chosen instead");
    assert!(window.says("chosen"));
}

#[test]
fn what_was_typed_is_undone_from_a_list() {
    let mut window = Window::on(&[0; 1000]);
    window.run(Command::ToggleChanges);
    window.key(Key::Escape);
    window.apply(Action::Pane(PaneAction::JumpTo(300)));
    window.type_text("ff");
    let at = window.find(Role::Label, "0x12C").rect().center();
    window.click_at(at, Modifiers::NONE);
    assert!(!window.focused().is_some_and(|focused| focused.starts_with("GridCell")));
    window.key_with(Modifiers::COMMAND, Key::Z);
    assert!(!window.tab().is_modified());
}

#[test]
fn escape_in_a_field_gives_up_the_keys_and_no_more() {
    let mut window = Window::on(&[0; 64]);
    let missing = window.path("missing.bin");
    window.apply(Action::Open(OpenAction::Files(vec![missing])));
    let selected = Span::between(4, 8);
    window.apply(Action::Pane(PaneAction::Select(selected)));
    let filter = "filter all types";
    let enter = |window: &mut Window| {
        window.find(Role::TextInput, filter).focus();
        window.settle();
        window.type_text("u");
        assert_eq!(window.focused(), Some(format!("TextInput {filter}")));
    };
    enter(&mut window);
    window.key(Key::Escape);
    assert_eq!(window.tab().selected(), selected);
    assert!(
        window.focused().is_some_and(|focused| focused.starts_with("GridCell")),
        "{:?}",
        window.focused()
    );
    window.key(Key::Escape);
    assert!(window.tab().selected().is_empty(), "in the bytes it does");
    enter(&mut window);
    window.key(Key::Escape);
    assert_eq!(window.labels(Role::Alert).len(), 1);
    // A bar around the field closes, and not for a field elsewhere.
    window.key_of(Command::Find);
    enter(&mut window);
    window.key(Key::Escape);
    assert!(window.session().finding().open);
    window.key_of(Command::Find);
    window.key(Key::Escape);
    assert!(!window.session().finding().open);
}

#[test]
fn a_smooth_wheel_with_ctrl_zooms_by_whole_steps() {
    let mut window = Window::on(&[0; 64]);
    let mut turn = |unit, by: f32| {
        let modifiers = Modifiers::COMMAND;
        let (phase, source) = (TouchPhase::Move, egui::MouseWheelSource::Unknown);
        window.event(Event::MouseWheel { unit, delta: egui::vec2(0.0, by), modifiers, phase, source });
        window.session().settings().zoom
    };
    let usual = 1.0;
    assert_eq!((0..7).map(|_| turn(MouseWheelUnit::Line, 0.125)).collect::<Vec<_>>(), [usual; 7]);
    let larger = turn(MouseWheelUnit::Line, 0.125);
    assert!((larger - 1.1).abs() < 0.001, "{larger}");
    assert_eq!((0..9).map(|_| turn(MouseWheelUnit::Point, -5.0)).collect::<Vec<_>>(), [larger; 9]);
    let back = turn(MouseWheelUnit::Point, -5.0);
    assert!((back - usual).abs() < 0.001, "{back}");
}
