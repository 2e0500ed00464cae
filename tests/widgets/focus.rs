//! Where the keys go: they stay in a dialog, and F6 goes round the parts of the window.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy, npz};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use pagelens::session::arrays::ArrayAction;
use pagelens::session::{Action, Command, Dialog, DialogAction, OpenAction, TabAction};

/// Draws for as long as a user looks at a question before answering it.
fn look(window: &mut Window) {
    for _ in 0..25 {
        window.frame();
    }
}

/// A reader is told of the caret's row or cell while the grid has the focus.
fn is_grid(name: &str) -> bool {
    ["Grid", "Row", "Cell"].iter().any(|role| name.starts_with(role))
}

fn edited() -> Window {
    let mut window = Window::on(&[0; 10]);
    window.type_text("41");
    window
}

#[test]
fn tab_goes_round_a_question_from_left_to_right() {
    let mut window = edited();
    window.key_of(Command::CloseTab);
    look(&mut window);
    let mut seen = vec![window.focused()];
    for _ in 0..3 {
        window.key(Key::Tab);
        look(&mut window);
        seen.push(window.focused());
    }
    let name = |word: &str| Some(format!("Button {word}"));
    assert_eq!(seen, [name("Save"), name("Don't save"), name("Cancel"), name("Save")]);
    window.key_with(Modifiers::SHIFT, Key::Tab);
    assert_eq!(window.focused(), name("Cancel"));
    let left = |word| window.find(Role::Button, word).rect().left();
    assert!(left("Don't save") < left("Cancel"), "Tab goes as they stand");
}

#[test]
fn enter_and_space_press_the_button_that_has_the_focus() {
    for key in [Key::Enter, Key::Space] {
        for (tabs, left, on_disk) in [(0, 0, 0x41), (1, 0, 0), (2, 1, 0)] {
            let mut window = edited();
            window.key_of(Command::CloseTab);
            look(&mut window);
            for _ in 0..tabs {
                window.key(Key::Tab);
            }
            look(&mut window);
            window.key(key);
            assert_eq!(
                (window.session().tabs().len(), window.session().dialog()),
                (left, None),
                "{key:?} after {tabs} tabs"
            );
            let first = std::fs::read(window.path("a.bin")).expect("there")[0];
            assert_eq!(first, on_disk, "{key:?} after {tabs} tabs");
        }
    }
}

#[test]
fn what_loses_something_is_not_what_enter_does_at_once() {
    let mut window = edited();
    window.key_of(Command::Reload);
    assert!(matches!(window.session().dialog(), Some(Dialog::ConfirmReload(_))));
    look(&mut window);
    assert_eq!(window.focused().as_deref(), Some("Button Cancel"));
    window.key(Key::Enter);
    assert!(window.tab().is_modified() && window.session().dialog().is_none());
    window.key_of(Command::Reload);
    window.key(Key::Tab);
    window.key(Key::Enter);
    assert!(!window.tab().is_modified());
}

#[test]
fn a_click_beside_the_buttons_leaves_the_focus_where_it_was() {
    let mut window = edited();
    window.key_of(Command::Quit);
    window.key(Key::Tab);
    assert_eq!(window.focused().as_deref(), Some("Button Don't save"));
    let words = window.find(Role::Label, "Save the changes before quitting?").rect().center();
    window.click_at(words, Modifiers::NONE);
    look(&mut window);
    assert_eq!(window.focused().as_deref(), Some("Button Don't save"));
    window.type_text("ff");
    window.key(Key::Escape);
    assert_eq!(window.tab().shown().changed_bytes(), 1, "nothing was typed into the bytes behind");
    window.type_text("ff");
    assert_eq!(window.tab().shown().changed_bytes(), 2, "the keys go to the bytes again");
}

#[test]
fn every_dialog_keeps_the_focus() {
    for dialog in [Dialog::Keys, Dialog::About, Dialog::OpenPath, Dialog::InsertBytes, Dialog::Palette] {
        let mut window = Window::on(&[0; 100]);
        window.apply(Action::Dialog(DialogAction::Show(dialog.clone())));
        look(&mut window);
        for _ in 0..6 {
            let focused = window.focused();
            assert!(focused.as_deref().is_some_and(|name| !is_grid(name)), "{dialog:?}: {focused:?}");
            window.key(Key::Tab);
            look(&mut window);
        }
    }
}

#[test]
fn one_dialog_is_not_as_high_as_the_one_before() {
    let close = |window: &Window| window.find(Role::Button, "Close").rect();
    let mut window = Window::new();
    window.run(Command::About);
    let alone = close(&window);
    window.key(Key::Escape);
    window.run(Command::Keys);
    let after_tall = close(&window);
    assert!(after_tall.top() > alone.top() + 100.0, "{after_tall:?} {alone:?}");
    window.key(Key::Escape);
    window.run(Command::About);
    assert_eq!(close(&window), alone);
}

#[test]
fn f6_goes_round_the_parts_and_reaches_the_buttons_of_messages() {
    let mut window = edited();
    window.write("a.bin", b"theirs....");
    window.key_of(Command::Save);
    assert_eq!(window.labels(Role::Alert).len(), 1);
    let first = Some(String::from("Button Reload"));
    let seen: Vec<_> = (0..14)
        .map(|_| {
            window.key_of(Command::NextArea);
            look(&mut window);
            window.focused()
        })
        .collect();
    assert!(seen.contains(&first), "{seen:?}");
    assert!(seen.iter().flatten().any(|name| is_grid(name)), "it comes back: {seen:?}");
    window.run(Command::GoToMessages);
    look(&mut window);
    assert_eq!(window.focused(), first);
    // Tab goes on to the other buttons as they stand.
    let mut buttons = vec![window.focused().unwrap_or_default()];
    for _ in 0..3 {
        window.key(Key::Tab);
        buttons.push(window.focused().unwrap_or_default());
    }
    let at = buttons.iter().position(|name| name == "Button Overwrite it").expect("the way out is there");
    for _ in at..3 {
        window.key_with(Modifiers::SHIFT, Key::Tab);
    }
    assert_eq!(window.focused().as_deref(), Some("Button Overwrite it"));
    window.key(Key::Enter);
    assert_eq!(window.labels(Role::Alert), [""; 0]);
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there"), *b"Aheirs....");
    window.type_text("7");
    assert_eq!(window.tab().selection.digit, 1, "the keys go to the bytes again");
}

#[test]
fn the_buttons_of_messages_are_commands() {
    let mut window = edited();
    window.write("a.bin", b"theirs....");
    window.key_of(Command::Save);
    window.key_of(Command::Palette);
    window.type_text("overwrite it");
    assert_eq!(window.labels(Role::ListBoxOption)[0], "Overwrite it");
    window.key(Key::Enter);
    assert_eq!(std::fs::read(window.path("a.bin")).expect("there"), *b"Aheirs....");
    let path = window.path("missing.bin");
    window.apply(Action::Open(OpenAction::Files(vec![path])));
    window.run(Command::GoToMessages);
    assert_eq!(window.focused().as_deref(), Some("Button Copy"));
    window.run(Command::CopyMessage);
    assert!(window.says("Copied."));
    window.run(Command::DismissMessage);
    assert_eq!(window.labels(Role::Alert), [""; 0]);
}

#[test]
fn keys_go_to_the_bytes_only_while_they_show_the_focus() {
    let mut window = Window::on(&[0; 10]);
    window.key_of(Command::NextArea);
    let bar = window.focused();
    assert!(bar.as_deref().is_some_and(|name| !is_grid(name)), "{bar:?}");
    for event in [Event::Text(String::from("f")), Event::Paste(String::from("00"))] {
        window.event(event);
    }
    assert_eq!((window.tab().is_modified(), window.tab().selection.digit), (false, 0));
}

#[test]
fn work_that_ends_leaves_the_keys_where_the_user_types() {
    let mut window = edited();
    let first = window.tab().id;
    window.write("b.bin", &[0; 10]);
    window.open("b.bin");
    window.key_of(Command::Find);
    window.type_text("4");
    window.draft(Action::Tab(TabAction::SaveAndClose(first)));
    window.settle();
    assert_eq!(window.session().tabs().len(), 1, "the other file was saved and closed");
    window.type_text("1");
    assert_eq!(window.session().finding().query.text, "41");
    window.write("c.bin", &[0; 10]);
    let path = window.path("c.bin");
    window.draft(Action::Open(OpenAction::Files(vec![path])));
    window.draft(Action::Run(Command::Find));
    window.settle();
    assert_eq!(window.tab().title, "c.bin");
    window.type_text("2");
    assert_eq!(window.session().finding().query.text, "2", "typed over");
    assert!(window.session().tabs().iter().all(|tab| !tab.is_modified()));
}

#[test]
fn an_array_that_was_unpacked_leaves_the_keys_where_the_user_types() {
    let member = |first| npy("'<f4'", false, "(2, 2)", &f4(first..first + 4));
    let mut window = Window::new();
    window.write("a.npz", &npz(&[("a", member(0), true), ("b", member(4), true)]));
    window.open("a.npz");
    window.key_of(Command::Find);
    window.type_text("4");
    window.draft(Action::Array(ArrayAction::Open(0)));
    window.settle();
    assert!(window.tab().array().is_some());
    window.type_text("1");
    assert_eq!(window.session().finding().query.text, "41");
    assert!(window.tab().edit.is_none());
}
