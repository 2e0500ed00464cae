//! The command palette: what it lists, how many rows it shows, and what it says about a command that can't be run.

use super::rig::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use pagelens::bytes::Span;
use pagelens::session::{Action, Command, Dialog, PaneAction};

/// The height of the palette, in points.
fn height(window: &Window) -> f32 {
    let rect = window.ctx().memory(|memory| memory.area_rect(egui::Id::unique("palette")));
    rect.expect("it is shown").height()
}

#[test]
fn the_best_title_stands_first() {
    let mut window = Window::on(b"abcdef");
    window.apply(Action::Pane(PaneAction::Select(Span::between(1, 3))));
    for (typed, title) in [
        ("C array", "Copy as: C array"),
        ("copy", "Copy"),
        ("copy as C", "Copy as: C array"),
        ("Python by", "Copy as: Python bytes"),
        ("goto", "Go to…"),
    ] {
        window.key_of(Command::Palette);
        window.type_text(typed);
        assert_eq!(window.labels(Role::ListBoxOption)[0], title, "{typed}");
        window.key(Key::Escape);
    }
}

#[test]
fn a_command_that_can_not_be_run_says_why_and_the_palette_stays() {
    let mut window = Window::on(b"abcdef");
    window.key_of(Command::Palette);
    window.type_text("C array");
    window.key(Key::Enter);
    assert_eq!(window.session().dialog(), Some(&Dialog::Palette));
    assert!(window.says("Select bytes first."));
    let field = window.focused().expect("something has the keys");
    assert!(field.starts_with("ListBoxOption"), "{field}");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("undo");
    let said = window.labels(Role::Label).iter().filter(|label| *label == "Select bytes first.").count();
    assert_eq!(said, 1, "the status bar says it, the palette no more");
    window.click(Role::ListBoxOption, "Undo");
    assert!(window.says("There is nothing to undo."));
    assert_eq!(window.session().dialog(), Some(&Dialog::Palette));
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("select all");
    window.key(Key::Enter);
    assert_eq!(window.tab().selected(), Span::between(0, 6));
}

#[test]
fn the_list_is_as_high_as_its_rows_up_to_twelve() {
    let mut window = Window::on(b"abcdef");
    window.key_of(Command::Palette);
    let full = height(&window);
    window.type_text("select range");
    let (short, rows) = (height(&window), window.labels(Role::ListBoxOption).len());
    assert!(short < full, "{short} of {full}");
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("copy");
    assert!(window.labels(Role::ListBoxOption).len() > 12);
    assert_eq!(height(&window), full, "after a short list it is as high as before");
    let row = window.find(Role::ListBoxOption, "Copy").rect().height();
    assert_eq!(full - short, (12 - rows) as f32 * row, "twelve rows, and {rows} of a short list");
}
