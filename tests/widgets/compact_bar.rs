//! The bar over an array in small panes: whole lines at every width, and the fields in a list of their own.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect, vec2};
use pagelens::session::arrays::BarField;
use pagelens::session::tab::layout::PaneRect;
use pagelens::session::{Action, Command, LayoutAction, PaneKey};
use std::time::Duration;

/// A file of 3 × 4 numbers, bytes beside the array.
fn twelve() -> Window {
    let mut window = Window::new();
    window.write("a.npy", &npy("'<f4'", false, "(3, 4)", &f4(0..12)));
    window.open("a.npy");
    window.resize(vec2(1600.0, 800.0));
    window.run(Command::ShowBoth);
    window
}

/// Gives the array's pane so many points of the width.
fn widen(window: &mut Window, width: f32) {
    let (len, _) = window.tab().centre_room();
    let place = 1.0 - width / len;
    window.apply(Action::Layout(PaneKey::TYPED, LayoutAction::Resize { path: vec![], at: 0, place, len }));
}

/// Where the bar over the array is, above its grid.
fn bar(window: &Window) -> Rect {
    let (width, height) = window.tab().centre_room();
    let panes = window.tab().layout().rects(PaneRect::of_size(width, height));
    let pane = panes.iter().find(|(pane, _)| *pane == PaneKey::TYPED).expect("the pane is shown");
    let grid = window.rects(Role::Grid, "array")[0];
    let top = window.rects(Role::Grid, "bytes")[0].top().min(grid.top());
    let close = window.rects(Role::Button, "Close this pane");
    let top = close.iter().map(|rect| rect.top()).fold(top, f32::min);
    Rect::from_min_max(egui::pos2(grid.left(), top - 4.0), egui::pos2(grid.left() + pane.1.width, grid.top()))
}

fn slice_of(window: &Window) -> String {
    window.tab().array().map(|view| view.bar.text(BarField::Slice).to_owned()).unwrap_or_default()
}

#[test]
fn a_bar_has_whole_lines_at_every_width() {
    let mut window = twelve();
    let mut forms = [0, 0];
    for step in 0..36 {
        let width = 208.0 + 20.0 * step as f32;
        widen(&mut window, width);
        let bar = bar(&window);
        let roles = [Role::Label, Role::TextInput, Role::Button, Role::ComboBox];
        let inside = |rect: &Rect| {
            bar.x_range().contains(rect.left()) && rect.center().y > bar.top() && rect.top() < bar.bottom()
        };
        let parts: Vec<Rect> =
            roles.into_iter().flat_map(|role| window.rects(role, "")).filter(inside).collect();
        assert!(parts.len() > 3, "{width}: {parts:?}");
        for part in &parts {
            assert!(
                part.bottom() <= bar.bottom() + 0.5 && part.right() <= bar.right() + 0.5,
                "{width}: {part:?} in {bar:?}"
            );
        }
        let is_compact = window.try_find(Role::Button, "fields of the array").is_some();
        forms[usize::from(is_compact)] += 1;
        if is_compact {
            assert!(bar.height() < 60.0, "two lines at most at {width}: {bar:?}");
        }
    }
    assert!(forms.iter().all(|count| *count > 5), "both forms are seen: {forms:?}");
}

#[test]
fn the_grip_does_not_touch_the_name() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    let grip = window.rects(Role::Button, "Move this pane")[1];
    let near = |rect: &&Rect| {
        rect.left() > grip.left() - 1.0 && rect.top() < grip.bottom() && rect.bottom() > grip.top()
    };
    let labels = window.rects(Role::Label, "");
    let name = labels.iter().filter(near).min_by(|a, b| a.left().total_cmp(&b.left())).expect("a name");
    assert!(name.left() >= grip.right() + 4.0, "{grip:?} {name:?}");
}

#[test]
fn the_button_opens_all_fields_and_escape_closes_them() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
    window.click(Role::Button, "fields of the array: <f4 · 3 × 4");
    for field in BarField::ALL {
        assert!(window.try_find(Role::TextInput, field.label()).is_some(), "{}", field.label());
    }
    assert_eq!(window.focused().as_deref(), Some("TextInput dtype"));
    window.key_with(Modifiers::COMMAND, Key::A);
    window.type_text("<i4");
    assert!(window.try_find(Role::Button, "fields of the array: <i4 · 3 × 4").is_some());
    assert!(window.says("Differs from the file's header"));
    // A list among the fields leaves them open.
    window.click(Role::ComboBox, "number format");
    window.click(Role::Button, "hex");
    assert!(window.try_find(Role::TextInput, "dtype").is_some(), "the fields stay");
    window.find(Role::TextInput, "shape").focus();
    window.settle();
    window.key(Key::Escape);
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
    assert!(!window.tab().is_modified(), "nothing was typed into the file");
}

#[test]
fn what_is_typed_over_the_cells_while_the_fields_are_open_is_not_for_them() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    window.click(Role::Button, "fields of the array");
    // No field has the keys.
    window.ctx().memory_mut(|memory| memory.stop_text_input());
    window.type_text("5");
    window.key(Key::Enter);
    window.key(Key::Delete);
    assert!(window.tab().edit.is_none() && !window.tab().is_modified());
    assert!(window.try_find(Role::TextInput, "dtype").is_some(), "the fields stay");
    window.key(Key::Escape);
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
}

#[test]
fn the_fields_are_those_of_one_file() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    window.write("b.npy", &npy("'<f4'", false, "(3, 4)", &f4(0..12)));
    window.open("b.npy");
    window.run(Command::ShowBoth);
    widen(&mut window, 260.0);
    window.click(Role::Button, "fields of the array");
    assert!(window.try_find(Role::TextInput, "dtype").is_some());
    window.key_of(Command::PreviousTab);
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
}

#[test]
fn a_click_elsewhere_closes_the_fields() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    window.click(Role::Button, "fields of the array");
    let bytes = window.rects(Role::Grid, "bytes")[0];
    window.click_at(bytes.left_center() + vec2(150.0, 0.0), Modifiers::NONE);
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
}

#[test]
fn commands_open_the_fields_and_give_the_keys_to_theirs() {
    let mut window = twelve();
    widen(&mut window, 260.0);
    window.run(Command::TypeSlice);
    assert_eq!(window.focused().as_deref(), Some("TextInput slice"));
    window.type_text("[1]");
    assert_eq!(slice_of(&window), "[1]");
    assert_eq!(window.tab().array().map(|view| view.table.array().shape.clone()), Some(vec![4]));
    window.click(Role::Button, "Back to plain values");
    assert!(window.tab().array().is_none());
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
}

#[test]
fn a_low_pane_has_the_compact_form_too() {
    let mut window = twelve();
    widen(&mut window, 560.0);
    assert!(window.try_find(Role::TextInput, "dtype").is_some());
    window.run(Command::SplitDown);
    window.resize(vec2(1600.0, 400.0));
    assert!(window.try_find(Role::Button, "fields of the array").is_some());
    assert!(window.try_find(Role::TextInput, "dtype").is_none());
}

#[test]
fn a_bar_rests_in_one_form_in_panes_of_every_height() {
    let mut window = twelve();
    window.run(Command::ShowValues);
    window.run(Command::SplitDown);
    window.run(Command::SplitDown);
    for height in (400..900).step_by(10) {
        window.resize(vec2(640.0, height as f32));
        let form = |window: &Window| window.labels(Role::TextInput);
        let forms: Vec<Vec<String>> = (0..6)
            .map(|_| {
                window.frame();
                form(&window)
            })
            .collect();
        assert!(forms.iter().all(|form| *form == forms[0]), "{height}: {forms:?}");
        window.rest();
        let wanted = window.next_frame();
        assert_eq!(wanted, Duration::MAX, "{height}: {:?}", window.ctx().repaint_causes());
    }
}
