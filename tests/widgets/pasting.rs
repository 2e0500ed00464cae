//! What is pasted: the question of what it is, by keys and by mouse; and fields that take no more than a field can hold.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use pagelens::bytes::Source;
use pagelens::session::{Action, Command, Dialog, PaneAction};

fn paste(window: &mut Window, text: &str) {
    window.event(Event::Paste(text.to_owned()));
}

fn bytes(window: &Window) -> Vec<u8> {
    let mut bytes = vec![0; window.tab().len() as usize];
    window.tab().shown().read_at(0, &mut bytes).expect("readable");
    bytes
}

#[test]
fn what_is_not_clear_is_asked_and_answered_by_keys() {
    let mut window = Window::on(b"");
    paste(&mut window, "41 42 4");
    assert_eq!(window.session().dialog(), Some(&Dialog::PasteAs));
    assert!(window.says("column 7"), "why it is no hex is said");
    assert!(window.says("29 2a 04"), "the chosen reading is shown");
    let ways = window.labels(Role::ListBoxOption);
    assert_eq!(
        ways,
        ["Numbers, one byte each, 3 bytes", "Text (ASCII), 7 bytes", "Text (UTF-16 little-endian), 14 bytes"]
    );
    window.key(Key::ArrowDown);
    assert!(window.says("34 31 20 34 32 20 34"), "the reading that is chosen now is shown");
    window.type_text("ff");
    window.key(Key::Enter);
    assert_eq!((bytes(&window), window.session().dialog()), (b"41 42 4".to_vec(), None));
    // The keys go to the bytes again.
    window.key_of(Command::GoStart);
    window.type_text("ff");
    assert_eq!(bytes(&window)[0], 0xff);
}

#[test]
fn the_question_is_left_by_escape_and_by_its_button() {
    for by_key in [true, false] {
        let mut window = Window::on(b"");
        paste(&mut window, "Hello");
        if by_key {
            window.key(Key::Escape);
        } else {
            window.click(Role::Button, "Cancel");
        }
        assert_eq!((window.tab().len(), window.session().dialog()), (0, None));
    }
}

#[test]
fn the_question_is_answered_by_mouse() {
    let mut window = Window::on(b"");
    paste(&mut window, "Hello");
    window.click(Role::ListBoxOption, "Text (UTF-16 little-endian)");
    assert!(window.says("48 00 65 00"));
    window.click(Role::Button, "Paste");
    assert_eq!(bytes(&window), b"H\0e\0l\0l\0o\0");
}

#[test]
fn the_buttons_are_reached_by_tab() {
    let mut window = Window::on(b"");
    paste(&mut window, "Hello");
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(window.focused().unwrap_or_default());
        window.key(Key::Tab);
    }
    assert!(seen[0].contains("ListBox"), "{seen:?}");
    assert!(seen.iter().any(|name| name.contains("Cancel")), "{seen:?}");
    assert!(seen.iter().any(|name| name.contains("Paste")), "{seen:?}");
}

#[test]
fn paste_as_is_a_command_of_menu_and_palette() {
    let mut window = Window::on(b"");
    window.key_of(Command::Palette);
    window.type_text("paste as");
    assert!(window.try_find(Role::ListBoxOption, "Paste as…").is_some());
    assert!(!Command::PasteAs.spec().help.is_empty());
}

/// Five megabytes of digits.
fn long() -> String {
    "1".repeat(5_000_000)
}

/// Brings a field before the user.
type Opening = Box<dyn Fn(&mut Window)>;

#[test]
fn no_field_takes_a_text_of_megabytes() {
    let field = |command: Command| move |window: &mut Window| window.run(command);
    let fields: Vec<(&str, Opening)> = vec![
        ("go to", Box::new(field(Command::GoTo))),
        ("select range", Box::new(field(Command::SelectRange))),
        ("insert", Box::new(field(Command::InsertBytes))),
        ("base address", Box::new(field(Command::BaseAddress))),
        ("open path", Box::new(field(Command::OpenPath))),
        ("palette", Box::new(field(Command::Palette))),
        ("find", Box::new(field(Command::Find))),
        ("replace", Box::new(field(Command::Replace))),
        (
            "a value",
            Box::new(|window: &mut Window| {
                window.apply(Action::Pane(PaneAction::ShowLayout { bytes: false, values: true }));
                window.run(Command::EditValue);
            }),
        ),
    ];
    for (name, open) in fields {
        let mut window = Window::on(&[0; 100]);
        open(&mut window);
        window.settle();
        // The field of the palette tells of the line that is chosen.
        let kind = if name == "palette" { "ListBoxOption" } else { "TextInput" };
        assert!(window.focused().is_some_and(|focused| focused.contains(kind)), "{name}");
        window.event(Event::Paste(long()));
        assert!(
            window.session().hint().contains("5,000,000 bytes, and a field takes at most 32,768 bytes"),
            "{name}: {:?}",
            window.session().hint()
        );
        assert_eq!(window.tab().len(), 100, "{name}");
        // It takes a text of its size, and no more when that is pasted again.
        for _ in 0..3 {
            window.event(Event::Paste("1".repeat(20_000)));
        }
        assert!(
            window.session().hint().contains("The field is full"),
            "{name}: {:?}",
            window.session().hint()
        );
        let longest = window.longest_value();
        assert_eq!(longest, 32_768, "{name}");
    }
}

#[test]
fn the_clipboards_keys_reach_fields_and_bytes() {
    let mut window = Window::on(b"abcdef");
    window.key_of(Command::GoTo);
    window.type_text("5");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.key_with(Modifiers::COMMAND, Key::X);
    window.type_text("3");
    window.key(Key::Enter);
    assert_eq!(window.tab().caret(), 3, "Ctrl+X took the 5 out");
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    window.key_with(Modifiers::COMMAND, Key::X);
    assert_eq!(bytes(&window), b"abcef");
}
