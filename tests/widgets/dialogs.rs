//! The questions over the window: text and Enter, a sentence under the field, Escape.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use pagelens::session::{Action, After, Asked, Command, Dialog, NameAction};

/// Puts `text` in the place of what the dialog's field holds.
fn fill_in(window: &mut Window, text: &str) {
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text(text);
}

#[test]
fn go_to_takes_an_expression() {
    let mut window = Window::on(&[0; 1000]);
    window.key_of(Command::GoTo);
    assert!(window.focused().is_some_and(|name| name.contains("TextInput")), "{:?}", window.focused());
    window.type_text("end/2 + 4");
    window.key(Key::Enter);
    assert_eq!((window.tab().caret(), window.session().dialog()), (504, None));
    window.type_text("ff");
    assert_eq!(window.tab().caret(), 505, "the keys go to the bytes again");
    assert_eq!(window.tab().shown().changed_bytes(), 1);
}

#[test]
fn a_mistake_is_said_under_the_field_and_can_be_mended() {
    let mut window = Window::on(&[0; 1000]);
    window.key_of(Command::GoTo);
    window.type_text("1001");
    window.key(Key::Enter);
    assert_eq!((window.tab().caret(), window.session().dialog()), (0, Some(&Dialog::GoTo)));
    assert!(window.says("beyond the end"));
    // What is marked is typed over.
    window.type_text("10");
    window.key(Key::Enter);
    assert_eq!((window.tab().caret(), window.session().dialog()), (10, None));
    window.key_of(Command::GoTo);
    assert!(!window.says("beyond the end"), "a new question starts anew");
}

#[test]
fn escape_and_cancel_leave_everything_as_it_was() {
    for command in [
        Command::GoTo,
        Command::SelectRange,
        Command::InsertBytes,
        Command::AppendBytes,
        Command::BaseAddress,
        Command::OpenPath,
        Command::Keys,
        Command::About,
    ] {
        for by_key in [true, false] {
            let mut window = Window::on(&[0; 100]);
            window.run(command);
            assert!(window.session().dialog().is_some(), "{command:?}");
            window.type_text("7");
            match (by_key, window.try_find(Role::Button, "Cancel").is_some()) {
                (false, true) => window.click(Role::Button, "Cancel"),
                _ => window.key(Key::Escape),
            }
            assert_eq!(window.session().dialog(), None, "{command:?}");
            assert_eq!((window.tab().caret(), window.tab().is_modified()), (0, false), "{command:?}");
        }
    }
}

#[test]
fn the_fields_of_a_run_of_bytes_are_walked_by_tab() {
    let mut window = Window::on(&[1, 2]);
    window.run(Command::InsertBytes);
    fill_in(&mut window, "3");
    window.key(Key::Tab);
    fill_in(&mut window, "ab");
    window.key(Key::Enter);
    assert_eq!((window.tab().len(), window.session().dialog()), (5, None));
    assert!(window.rows()[0].contains("ab ab ab 01 02"), "{:?}", window.rows());
    window.run(Command::AppendBytes);
    fill_in(&mut window, "2");
    window.click(Role::Button, "Append");
    assert_eq!(window.tab().len(), 7);
}

#[test]
fn a_fill_says_how_many_bytes_it_is_about() {
    let mut window = Window::on(&[0; 10]);
    window.key_with(Modifiers::COMMAND, Key::A);
    window.run(Command::Fill);
    assert!(window.says("10 bytes"));
    fill_in(&mut window, "zz");
    window.key(Key::Enter);
    assert!(window.session().dialog().is_some() && window.session().dialog_error().is_some());
    fill_in(&mut window, "c0 de");
    window.key(Key::Enter);
    assert!(window.rows()[0].contains("c0 de c0 de"), "{:?}", window.rows());
}

#[test]
fn a_path_is_opened_by_typing_it() {
    let mut window = Window::new();
    window.write("typed.bin", b"Hello");
    window.key_of(Command::OpenPath);
    let path = window.path("typed.bin").display().to_string();
    fill_in(&mut window, &path);
    window.key(Key::Enter);
    assert_eq!(window.tab().title, "typed.bin");
}

#[test]
fn a_base_address_shows_in_the_rows() {
    let mut window = Window::on(&[0; 100]);
    window.run(Command::BaseAddress);
    window.type_text("0x1000");
    window.key(Key::Enter);
    assert!(window.rows()[0].starts_with("0000 1000"), "{:?}", window.rows());
}

#[test]
fn closing_an_edited_file_asks_and_does_what_is_chosen() {
    for (choice, tabs, on_disk) in [("Save", 0, 0x41), ("Don't save", 0, 0), ("Cancel", 1, 0)] {
        let mut window = Window::on(&[0; 10]);
        window.type_text("41");
        window.key_of(Command::CloseTab);
        assert!(window.says("Save the changes to a.bin?") && window.says("1 change will be lost"));
        window.click(Role::Button, choice);
        assert_eq!((window.session().tabs().len(), window.session().dialog()), (tabs, None), "{choice}");
        assert_eq!(std::fs::read(window.path("a.bin")).expect("there")[0], on_disk, "{choice}");
    }
}

#[test]
fn enter_is_the_first_choice_of_a_question() {
    let mut window = Window::on(&[0; 10]);
    window.type_text("41");
    window.key_of(Command::CloseTab);
    window.key(Key::Enter);
    assert!(window.session().tab().is_none());
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there")[0], 0x41);
}

#[test]
fn replacing_a_file_asks() {
    let mut window = Window::on(b"mine");
    window.write("old.bin", b"precious");
    let path = window.path("old.bin");
    let asked = Asked::Save { tab: window.session().tab().expect("open").id, after: After::Stay };
    window.apply(Action::Name(NameAction::Take { asked: asked.clone(), path: path.clone() }));
    assert!(window.says("already exists"));
    window.click(Role::Button, "Cancel");
    assert_eq!(std::fs::read(&path).expect("there"), b"precious");
    window.apply(Action::Name(NameAction::Take { asked, path: path.clone() }));
    window.click(Role::Button, "Replace");
    assert_eq!(std::fs::read(&path).expect("there"), b"mine");
}

#[test]
fn keys_do_not_reach_the_bytes_below_a_dialog() {
    let mut window = Window::on(&[0; 100]);
    window.key_with(Modifiers::COMMAND, Key::A);
    for command in [Command::Keys, Command::About, Command::GoTo] {
        window.run(command);
        for key in [Key::Delete, Key::Backspace, Key::ArrowDown, Key::F2, Key::Insert] {
            window.key(key);
        }
        for command in [Command::Undo, Command::CloseTab, Command::Save, Command::ToggleLock] {
            window.key_of(command);
        }
        window.event(Event::Cut);
        window.event(Event::Paste(String::from("00")));
        window.key(Key::Escape);
        assert_eq!(window.session().dialog(), None, "{command:?}");
        assert_eq!((window.tab().len(), window.tab().selected().len()), (100, 100), "{command:?}");
        assert!(!window.tab().locked && !window.tab().inserts(), "{command:?}");
    }
}

#[test]
fn the_list_of_keys_names_every_key() {
    let mut window = Window::new();
    window.key_of(Command::Keys);
    for command in [Command::Palette, Command::GoTo, Command::ToggleLock] {
        let spec = command.spec();
        assert!(window.says(spec.title) && window.says(&spec.keys[0].to_string()), "{command:?}");
    }
    window.key(Key::Enter);
    assert_eq!(window.session().dialog(), None);
}
