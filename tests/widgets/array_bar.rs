//! The bar over an array: what the header says of it, its labels, its types; and what an export asks.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, MouseWheelUnit, TouchPhase, vec2};
use pagelens::session::arrays::{BarField, TableAction};
use pagelens::session::command::{COMMANDS, Menu, Spec};
use pagelens::session::{Action, Command, Dialog, DialogAction, PaneKey};

/// A file of 2 × 3 numbers, and an array of it on the screen.
fn six() -> Window {
    let mut window = Window::new();
    window.write("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    window.open("a.npy");
    window
}

fn bar(window: &mut Window, field: BarField, text: &str) {
    window.apply(Action::Array(TableAction::Bar(field, text.to_owned()).into()));
}

fn wheel(window: &mut Window, lines: f32, modifiers: Modifiers) {
    let (unit, delta, phase) = (MouseWheelUnit::Line, vec2(0.0, lines), TouchPhase::Move);
    let source = egui::MouseWheelSource::Unknown;
    window.event(Event::MouseWheel { unit, delta, modifiers, phase, source });
    window.rest();
}

#[test]
fn another_type_than_the_headers_is_said_and_taken_back() {
    let mut window = six();
    assert!(!window.says("Differs from the file's header"));
    bar(&mut window, BarField::Slice, "[1]");
    assert!(!window.says("Differs from the file's header"), "a slice is the same array");
    bar(&mut window, BarField::Dtype, "<i4");
    assert!(window.says("Differs from the file's header: dtype <f4."));
    bar(&mut window, BarField::Shape, "(6,)");
    bar(&mut window, BarField::Slice, "");
    assert!(window.says("Differs from the file's header: dtype <f4, shape (2, 3)."));
    window.click(Role::Button, "Restore");
    assert!(!window.says("Differs from the file's header"));
    let view = window.tab().array().expect("the array");
    assert_eq!((view.bar.text(BarField::Dtype), view.bar.text(BarField::Shape)), ("<f4", "(2, 3)"));
    // Another name of the same type is no other type.
    bar(&mut window, BarField::Dtype, "float32");
    assert!(!window.says("Differs from the file's header"));
}

#[test]
fn a_hit_outside_the_array_says_where_it_is() {
    let mut window = six();
    window.run(Command::ShowValues);
    let shown =
        |window: &Window| [window.tab().is_shown(PaneKey::BYTES), window.tab().shown_array().is_some()];
    assert_eq!(shown(&window), [false, true]);
    window.key_of(Command::Find);
    // The magic of the file, before its data.
    window.type_text("4e 55 4d 50 59");
    window.key(Key::Enter);
    assert!(window.says("Found at 0x1, outside the array that is shown."));
    assert_eq!(shown(&window), [false, true], "nothing is split");
    window.key_with(Modifiers::COMMAND, Key::A);
    // 5.0, the last value.
    window.type_text("00 00 a0 40");
    window.key(Key::Enter);
    assert_eq!(window.tab().array().map(|view| view.block.caret), Some((1, 2)));
}

#[test]
fn a_narrow_bar_keeps_its_labels() {
    let mut window = six();
    window.run(Command::ShowValues);
    window.resize(vec2(900.0, 600.0));
    assert!(window.try_find(Role::Button, "fields of the array").is_none(), "the bar has all fields");
    for label in ["dtype", "offset", "shape", "order", "slice", "numbers"] {
        assert!(window.labels(Role::Label).iter().any(|own| own == label), "{label}");
    }
    // With the bytes beside it there is room for a name and a button only.
    window.run(Command::ShowBoth);
    window.click(Role::Button, "fields of the array");
    for label in ["dtype", "offset", "shape", "order", "slice", "numbers"] {
        assert!(window.labels(Role::Label).iter().any(|own| own == label), "{label}");
    }
}

#[test]
fn types_are_listed_with_words() {
    let mut window = six();
    window.click(Role::Button, "usual types");
    assert!(window.find(Role::Button, "float16, little-endian").rect().width() > 100.0);
    window.click(Role::Button, "float16, little-endian");
    assert_eq!(window.tab().array().map(|view| view.bar.text(BarField::Dtype)), Some("<f2"));
}

#[test]
fn an_export_asks_which_part() {
    let mut window = six();
    let export = |window: &mut Window, choice: &str, name: &str| {
        let format = pagelens::export::number_of("csv");
        window.apply(Action::Dialog(DialogAction::Show(Dialog::ExportArray(format.expect("CSV")))));
        window.click(Role::RadioButton, choice);
        window.find(Role::TextInput, "Export the array").focus();
        window.settle();
        window.key_with(Modifiers::COMMAND, Key::A);
        let path = window.path(name).display().to_string();
        window.type_text(&path);
        window.key(Key::Enter);
        std::fs::read_to_string(window.path(name)).expect("written")
    };
    window.key_with(Modifiers::SHIFT, Key::ArrowRight);
    assert_eq!(export(&mut window, "Selection (1×2)", "selection.csv").trim(), "0.0,1.0");
    bar(&mut window, BarField::Slice, "[:, 1:]");
    assert_eq!(export(&mut window, "Slice (2×2)", "slice.csv").lines().last(), Some("4.0,5.0"));
    assert_eq!(export(&mut window, "Whole array (2×3)", "whole.csv").lines().last(), Some("3.0,4.0,5.0"));
}

#[test]
fn menus_that_do_not_fit_are_scrolled() {
    let mut window = six();
    // 1280 by 720 at 130 %.
    window.resize(vec2(985.0, 554.0));
    let screen = window.ctx().content_rect();
    for menu in Menu::ALL {
        window.click(Role::MenuItem, menu.title());
        let lines: Vec<_> = COMMANDS.iter().filter(|spec| spec.menu == menu).collect();
        let place = |window: &Window, spec: &Spec| {
            let is_switch = spec.checked(window.session()).is_some();
            let role = if is_switch { Role::MenuItemCheckBox } else { Role::MenuItem };
            window.find(role, spec.title).rect()
        };
        let (first, last) = (lines[0], lines[lines.len() - 1]);
        let at = place(&window, first).center();
        window.hover(at);
        for _ in 0..40 {
            wheel(&mut window, -10.0, Modifiers::NONE);
        }
        let rect = place(&window, last);
        assert!(rect.bottom() <= screen.bottom(), "{menu:?}: {rect:?} in {screen:?}");
        window.key(Key::Escape);
    }
}

#[test]
fn the_wheel_with_ctrl_zooms() {
    let mut window = six();
    let before = window.session().settings().zoom;
    let at = window.find(Role::Grid, "array").rect().center();
    window.hover(at);
    wheel(&mut window, 1.0, Modifiers::COMMAND);
    assert!(window.session().settings().zoom > before * 1.05);
    wheel(&mut window, -1.0, Modifiers::COMMAND);
    assert!((window.session().settings().zoom - before).abs() < 0.001);
    assert_eq!(window.tab().array().map(|view| view.down), Some(Default::default()), "not scrolled");
}
