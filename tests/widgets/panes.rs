//! Several panes of one file: split by key, dragged by their bars, resized by the lines between, closed.

use super::rig::Window;
use crate::session::arrays_of_tests::{f4, npy};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::NodeT;
use pagelens::session::arrays::TableAction;
use pagelens::session::keys::{self, ctrl};
use pagelens::session::{Action, Command, LayoutAction, PaneAction, PaneKey, PaneKind};

fn window() -> Window {
    Window::on(&(0..=255).cycle().take(20_000).collect::<Vec<u8>>())
}

fn grids(window: &Window) -> Vec<String> {
    window.labels(Role::Grid)
}

fn pane_of(window: &Window, at: usize) -> PaneKey {
    window.tab().layout().panes()[at]
}

/// What a pane is dragged by.
fn handle(window: &Window, at: usize) -> Pos2 {
    window.rects(Role::Button, "Move this pane")[at].center()
}

#[test]
fn a_pane_is_split_by_its_key_and_closed_by_its_sign() {
    let mut window = window();
    assert_eq!(grids(&window), ["bytes"]);
    assert!(window.try_find(Role::Button, "Close this pane").is_none(), "one pane alone has no way to close");
    window.chord(ctrl(keys::Key::Backslash));
    assert_eq!(grids(&window), ["bytes, 1 of 2", "bytes, 2 of 2"]);
    let rects = window.rects(Role::Grid, "bytes");
    assert!(
        rects[0].right() <= rects[1].left() && (rects[0].width() - rects[1].width()).abs() < 40.0,
        "{rects:?}"
    );
    assert_eq!(window.tab().focus(), pane_of(&window, 1));
    window.key_of(Command::SplitDown);
    assert_eq!(grids(&window).len(), 3);
    let close = window.rects(Role::Button, "Close this pane")[0];
    window.click_at(close.center(), Modifiers::NONE);
    assert_eq!(grids(&window), ["bytes, 1 of 2", "bytes, 2 of 2"]);
    window.key_of(Command::ClosePane);
    assert_eq!(grids(&window), ["bytes"]);
}

#[test]
fn keys_and_clicks_go_to_one_pane() {
    let mut window = window();
    window.key_of(Command::SplitRight);
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().caret(), 16, "the new pane has the keys");
    let left = window.rects(Role::Grid, "1 of 2")[0];
    window.click_at(left.left_top() + vec2(150.0, 120.0), Modifiers::NONE);
    assert_eq!(window.tab().focus(), PaneKey::BYTES);
    window.key_of(Command::OtherPane);
    assert_eq!(window.tab().focus(), pane_of(&window, 1));
    window.type_text("ab");
    assert_eq!(window.tab().shown().changed_bytes(), 1);
    window.key_of(Command::PaneLeft);
    assert_eq!(window.tab().focus(), PaneKey::BYTES);
    let caret = window.tab().caret();
    window.key(Key::ArrowRight);
    assert_eq!(window.tab().caret(), caret + 1);
}

#[test]
fn each_line_between_several_panes_has_a_name_of_its_own() {
    let mut window = window();
    window.run(Command::ShowBoth);
    assert_eq!(window.labels(Role::Splitter), ["between the panes"]);
    window.key_of(Command::SplitDown);
    let mut lines = window.labels(Role::Splitter);
    lines.sort();
    assert_eq!(lines, ["between bytes, 1 of 2 and bytes, 2 of 2", "between bytes, 1 of 2 and values uint8"]);
}

#[test]
fn the_menu_of_an_array_is_about_the_pane_that_was_clicked() {
    let mut window = Window::new();
    window.write("a.npy", &npy("'<f4'", false, "(40, 4)", &f4(0..160)));
    window.open("a.npy");
    window.run(Command::SplitRight);
    let (left, right) = (pane_of(&window, 0), pane_of(&window, 1));
    window.apply(Action::Layout(left, LayoutAction::Link(false)));
    let press = TableAction::Press { place: (2, 1), extend: false, clicks: 1 };
    window.apply(Action::ArrayIn(left, press.into()));
    window.apply(Action::Pane(PaneAction::Focus(right)));
    window.run(Command::SelectAll);
    let caret = |window: &Window, pane| {
        window.tab().panes().get(pane).content.array().map(|view| (view.block.anchor, view.block.caret))
    };
    let (before, grid) = (caret(&window, left), window.rects(Role::Grid, "1 of 2")[0]);
    let cell = window.rects(Role::GridCell, "[2, 1]").into_iter().find(|rect| grid.contains_rect(*rect));
    let at = cell.expect("the caret's cell is seen").center();
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Secondary, Modifiers::NONE);
        window.event(egui::Event::PointerMoved(at));
        window.event(egui::Event::PointerButton { pos: at, button, pressed, modifiers });
    }
    assert_eq!((window.tab().focus(), caret(&window, left)), (left, before));
}

#[test]
fn the_line_between_is_dragged_and_two_clicks_make_both_sides_equal() {
    let mut window = window();
    window.run(Command::ShowBoth);
    let line = window.rects(Role::Splitter, "between the panes")[0];
    window.drag(line.center(), line.center() - vec2(200.0, 0.0));
    let moved = window.rects(Role::Splitter, "between the panes")[0];
    assert!((line.center().x - moved.center().x - 200.0).abs() < 3.0, "{line:?} {moved:?}");
    for _ in 0..2 {
        window.click_at(moved.center(), Modifiers::NONE);
    }
    let rects: Vec<Rect> = ["bytes", "values"].map(|name| window.rects(Role::Grid, name)[0]).into();
    assert!((rects[0].width() - rects[1].width()).abs() < 3.0, "{rects:?}");
}

#[test]
fn a_pane_is_dragged_by_its_bar_to_an_edge_of_another() {
    let mut window = window();
    window.run(Command::ShowBoth);
    assert!(window.tab().shows(true, true));
    let bytes = window.rects(Role::Grid, "bytes")[0];
    let from = handle(&window, 1);
    window.drag(from, bytes.center_bottom() - vec2(0.0, 20.0));
    assert_eq!(window.tab().layout().to_string(), "column(0.5000 0, 0.5000 1)");
    let (bytes, values) = (window.rects(Role::Grid, "bytes")[0], window.rects(Role::Grid, "values")[0]);
    assert!(bytes.bottom() < values.top(), "{bytes:?} {values:?}");
    let from = handle(&window, 0);
    window.press_at(from, true);
    window.press_at(values.center() + vec2(300.0, 0.0), true);
    window.key(Key::Escape);
    window.press_at(values.center() + vec2(300.0, 0.0), false);
    window.settle();
    assert_eq!(window.tab().layout().to_string(), "column(0.5000 0, 0.5000 1)", "Escape ends it");
}

#[test]
fn a_link_is_switched_in_the_bar() {
    let mut window = window();
    window.run(Command::ShowBoth);
    window.run(Command::SplitRight);
    assert!(window.tab().panes().iter().all(|pane| pane.linked));
    let link = window.rects(Role::Button, "Scroll this pane alone")[1];
    window.click_at(link.center(), Modifiers::NONE);
    let alone = pane_of(&window, 1);
    assert!(!window.tab().panes().get(alone).linked);
    window.click(Role::Button, "Scroll this pane with the other panes");
    assert!(window.tab().panes().get(alone).linked);
}

#[test]
fn f6_goes_through_all_panes_and_their_bars() {
    let mut window = window();
    window.run(Command::ShowBoth);
    window.run(Command::SplitDown);
    let focus = window.tab().focus();
    let mut seen = Vec::new();
    for _ in 0..3 {
        window.key(Key::F6);
        seen.push(window.tab().focus());
    }
    let panes = window.tab().layout().panes();
    assert_eq!(panes.len(), 3);
    let at = panes.iter().position(|pane| *pane == focus).expect("it is shown");
    let after: Vec<PaneKey> = panes[at + 1..].to_vec();
    assert_eq!(seen[..after.len()], after);
    let focused = window.focused().unwrap_or_default();
    assert!(!focused.starts_with("GridCell"), "then come the bars: {focused}");
}

#[test]
fn panes_that_are_too_small_stay_inside_their_room() {
    let mut window = window();
    window.run(Command::ShowBoth);
    window.run(Command::ArrayFromHere);
    window.resize(vec2(640.0, 360.0));
    window.run(Command::SplitDown);
    for pane in window.rects(Role::Grid, "") {
        assert!(pane.right() <= 640.5 && pane.bottom() <= 360.5, "{pane:?}");
    }
    assert!(window.tab().is_in_array() || window.tab().focus_kind() == PaneKind::Bytes);
    window.run(Command::SplitDown);
    window.run(Command::SplitDown);
    assert!(window.session().hint().contains("no room"), "{}", window.session().hint());
}

#[test]
fn a_pane_is_shown_alone_and_all_come_back_as_they_were() {
    let mut window = window();
    window.run(Command::ShowBoth);
    window.run(Command::SplitDown);
    let (before, all) = (window.tab().layout().to_string(), grids(&window));
    assert_eq!(all.len(), 3);
    window.key_of(Command::MaximisePane);
    assert_eq!(grids(&window).len(), 1);
    let alone = window.rects(Role::Grid, "")[0];
    assert!(alone.width() > 700.0, "{alone:?}");
    window.key(Key::ArrowDown);
    assert_eq!(window.tab().caret(), 16, "it has the keys");
    window.click(Role::Button, "Show all panes again");
    assert_eq!((window.tab().layout().to_string(), grids(&window)), (before.clone(), all));
    window.key_of(Command::MaximisePane);
    window.key_of(Command::MaximisePane);
    assert_eq!(window.tab().layout().to_string(), before);
}

#[test]
fn two_clicks_on_the_grip_show_a_pane_alone() {
    let mut window = window();
    window.run(Command::SplitDown);
    let grip = handle(&window, 0);
    let mut seen = Vec::new();
    for pressed in [true, false, true, false] {
        window.press_at(grip, pressed);
        seen.push((grids(&window).len(), window.tab().focus()));
    }
    window.settle();
    assert_eq!(grids(&window).len(), 1, "{seen:?}");
    assert_eq!(window.tab().focus(), PaneKey::BYTES);
}

#[test]
fn a_preset_is_undone() {
    let mut window = window();
    window.run(Command::SplitRight);
    window.run(Command::SplitDown);
    let (before, focus) = (window.tab().layout().to_string(), window.tab().focus());
    window.key_of(Command::ShowValues);
    assert_eq!(window.tab().layout().to_string(), "1");
    window.key_of(Command::PreviousLayout);
    assert_eq!((window.tab().layout().to_string(), window.tab().focus()), (before, focus));
    assert_eq!(grids(&window).len(), 3);
    window.key_of(Command::PreviousLayout);
    assert_eq!(window.tab().layout().to_string(), "1");
}

#[test]
fn panes_are_resized_by_keys_and_by_screen_readers() {
    let mut window = window();
    window.run(Command::SplitRight);
    window.run(Command::SplitDown);
    let size = |window: &Window| {
        let panes = window.rects(Role::Grid, "");
        (panes[2].width(), panes[2].height())
    };
    let (width, height) = size(&window);
    window.key_of(Command::WiderPane);
    assert!((size(&window).0 - width - 32.0).abs() < 2.0, "{:?} {width}", size(&window));
    window.key_of(Command::NarrowerPane);
    window.key_of(Command::NarrowerPane);
    assert!((size(&window).0 - width + 32.0).abs() < 2.0, "{:?} {width}", size(&window));
    window.key_of(Command::ShorterPane);
    assert!((size(&window).1 - height + 32.0).abs() < 2.0, "{:?} {height}", size(&window));
    window.key_of(Command::TallerPane);
    assert!((size(&window).1 - height).abs() < 2.0, "{:?} {height}", size(&window));
    let line = |window: &Window| {
        window
            .find(Role::Splitter, "between bytes, 1 of 3 and bytes, 2 of 3")
            .accesskit_node()
            .numeric_value()
    };
    let before = line(&window).expect("a line has a value");
    window.find(Role::Splitter, "between bytes, 1 of 3 and bytes, 2 of 3").increment_accesskit();
    window.settle();
    assert_eq!(line(&window), Some(before + 5.0));
}
