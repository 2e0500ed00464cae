//! What the user's doings come out as: drags, clicks, wheel, bar, keys, a value typed into its cell.

use super::*;

#[test]
fn a_drag_selects_both_ends_and_scrolls_beyond_the_edge() {
    let mut window = Window::new(View::new(sample()));
    let (from, to) = (window.row_rect("0000 0020"), window.row_rect("0000 0040"));
    let x = 150.5;
    window.press(pos2(x, from.center().y));
    window.harness.event(Event::PointerMoved(pos2(x, to.center().y)));
    window.harness.run_steps(1);
    let span = window.view().selection.span();
    assert_eq!((span.start() / 16, span.len()), (2, 33), "two rows and both ends");

    let below = pos2(x, 490.0);
    for _ in 0..20 {
        window.harness.event(Event::PointerMoved(below + vec2(0.0, 60.0)));
        window.harness.run_steps(1);
    }
    let view = window.view();
    assert!(view.viewport.top > 0, "a drag over the lower edge scrolls");
    let (map, pane) = view.rows.expect("a frame was drawn");
    let last = view.viewport.top + pane.whole_rows();
    assert!(map.row_of(view.selection.caret - 1).abs_diff(last) <= 2, "the selection follows");
    window.release(below);
    let events = window.events();
    assert_eq!(events.iter().filter(|event| **event == GridEvent::Release).count(), 1);
    let scrolled = window.view().viewport;
    window.harness.run_steps(3);
    assert_eq!(window.view().viewport, scrolled, "let go, it rests");
}

#[test]
fn clicks_take_cell_group_and_row_and_shift_extends() {
    let mut window = Window::new(View::new(sample()));
    let row = window.row_rect("0000 0030");
    let at = pos2(150.5, row.center().y);
    window.click(at);
    window.click(at);
    assert_eq!(window.view().selection.span(), Span::between(0x30, 0x38), "two clicks: the group");
    window.click(at);
    assert_eq!(window.view().selection.span(), Span::between(0x30, 0x40), "three clicks: the row");
    window.click(pos2(20.0, window.row_rect("0000 0050").center().y));
    assert_eq!(window.view().selection.span(), Span::between(0x50, 0x60), "an offset: its row");
    window.harness.run_steps(60);
    window.click(at);
    let first = window.view().selection.caret;
    let end = pos2(150.5, window.row_rect("0000 0050").center().y);
    window.button(end, true, PointerButton::Primary, Modifiers::SHIFT);
    window.harness.run_steps(1);
    window.button(end, false, PointerButton::Primary, Modifiers::SHIFT);
    window.harness.run_steps(1);
    assert_eq!(window.view().selection.span(), Span::between(first, first + 33));
}

#[test]
fn the_wheel_scrolls_by_pixels_and_comes_to_rest() {
    let mut window = Window::new(View::new(Vast(1 << 62)));
    window.view().viewport.top = 1 << 57;
    window.harness.run();
    window.harness.hover_at(pos2(300.0, 200.0));
    window.harness.run_steps(2);
    window.harness.event(Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, -50.0),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    window.harness.run();
    let view = window.view();
    let (_, pane) = view.rows.expect("a frame was drawn");
    let pixels = (view.viewport.top - (1 << 57)) as f32 * pane.row_height + view.viewport.sub;
    assert!((49.0..=51.0).contains(&pixels), "scrolled by {pixels}");
}

#[test]
fn the_bar_reaches_both_ends_of_any_length() {
    for len in [5000, 1 << 28, 1 << 44, 1 << 62] {
        let mut window = Window::new(View::new(Vast(len)));
        let x = 886.0;
        window.press(pos2(x, 40.0));
        window.harness.event(Event::PointerMoved(pos2(x, 490.0)));
        window.harness.run_steps(2);
        assert_eq!(window.view().visible.end(), len, "at the foot of {len} bytes");
        let pane = window.view().rows.expect("a frame was drawn").1;
        assert_eq!(window.view().viewport, pane.last());
        window.harness.event(Event::PointerMoved(pos2(x, 5.0)));
        window.harness.run_steps(2);
        assert_eq!(window.view().viewport, Viewport::default(), "back at the top of {len} bytes");
        window.release(pos2(x, 5.0));
        // A click below the thumb: one page.
        window.click(pos2(x, 450.0));
        assert_eq!(window.view().viewport.top, pane.whole_rows().min(pane.last().top));
    }
}

#[test]
fn a_fine_drag_is_a_thousand_times_finer() {
    let rows = 1u64 << 58;
    let mut window = Window::new(View::new(Vast(rows * 16)));
    let moved = |window: &mut Window, button, modifiers| {
        window.view().viewport = Viewport { top: rows / 2, ..Viewport::default() };
        window.harness.run_steps(2);
        let at = pos2(886.0, 262.0);
        window.button(at, true, button, modifiers);
        window.harness.run_steps(1);
        window.button(at + vec2(0.0, 40.0), true, PointerButton::Extra1, modifiers);
        window.harness.run_steps(2);
        let top = window.view().viewport.top;
        window.button(at, false, button, modifiers);
        window.button(at, false, PointerButton::Extra1, Modifiers::NONE);
        window.harness.run_steps(2);
        (top - rows / 2) as f64
    };
    window.view().viewport = Viewport { top: rows / 2 + 12345, ..Viewport::default() };
    window.harness.run_steps(2);
    window.click(pos2(886.0, 262.0));
    assert_eq!(window.view().viewport.top, rows / 2 + 12345, "to hold the thumb moves nothing");
    let coarse = moved(&mut window, PointerButton::Primary, Modifiers::NONE);
    let shift = moved(&mut window, PointerButton::Primary, Modifiers::SHIFT);
    let secondary = moved(&mut window, PointerButton::Secondary, Modifiers::NONE);
    assert!((900.0..1100.0).contains(&(coarse / shift)), "{coarse} and {shift}");
    assert_eq!(shift, secondary);
}

#[test]
fn typing_is_reported_and_keys_do_not_move_the_focus() {
    let mut view = View::new(sample());
    view.after = Box::new(|ui| {
        let corner = Rect::from_min_size(pos2(700.0, 100.0), vec2(80.0, 20.0));
        ui.put(corner, egui::Button::new("elsewhere"));
    });
    let mut window = Window::new(view);
    for key in [Key::Tab, Key::ArrowDown, Key::ArrowLeft, Key::Escape] {
        window.harness.key_press(key);
        window.harness.run_steps(2);
        window.harness.event(Event::Text("e".into()));
        window.harness.run_steps(2);
        assert_eq!(window.events(), [GridEvent::Type("e".into())], "after {key:?}");
    }
    window.harness.event(Event::Text("f".into()));
    window.harness.event(Event::Text("\u{1b}".into()));
    window.harness.event(Event::Ime(egui::ImeEvent::Commit("日".into())));
    window.harness.run_steps(2);
    assert_eq!(window.events(), [GridEvent::Type("f".into()), GridEvent::Type("日".into())]);
}

#[test]
fn an_idle_grid_asks_for_no_frame() {
    let mut view = View::new(sample());
    view.selection = Selection::between(3, 40, Column::Text);
    let window = Window::new(view);
    let output = &window.harness.output().viewport_output[&egui::ViewportId::ROOT];
    assert_eq!(output.repaint_delay, std::time::Duration::MAX);
}

#[test]
fn the_secondary_button_asks_for_a_menu_there() {
    let mut window = Window::new(View::new(sample()));
    let at = pos2(150.5, window.row_rect("0000 0030").center().y);
    window.button(at, true, PointerButton::Secondary, Modifiers::NONE);
    window.harness.run_steps(1);
    window.button(at, false, PointerButton::Secondary, Modifiers::NONE);
    window.harness.run_steps(1);
    let events = window.events();
    let [GridEvent::ContextMenu { pos, hit }] = events.as_slice() else { panic!("one menu: {events:?}") };
    assert_eq!((*pos, hit.offset / 16, hit.column), (at, 3, Column::Cells));
}

#[test]
fn a_value_is_edited_in_its_cell() {
    let mut view = View::new(sample());
    let dtype = "<f4".parse().expect("a dtype");
    view.format = GridFormat::Values(ValuesFormat { columns: Columns::Fixed(4), ..ValuesFormat::new(dtype) });
    view.edit = Some(CellEdit { offset: 0x24, text: "1.5".into(), error: None, is_old: false });
    let mut window = Window::new(view);
    let field = window.harness.get_by_role(Role::TextInput);
    let row = window.row_rect("0000 0020");
    assert!(row.expand(2.0).contains_rect(field.rect()), "the field lies in its row");
    window.harness.event(Event::Text("7".into()));
    window.harness.run_steps(2);
    let events = window.events();
    let [GridEvent::EditChanged(text)] = events.as_slice() else { panic!("one change: {events:?}") };
    assert!(text.contains('7') && text.len() == 4, "{text}");

    for (key, expected) in [
        (Key::Enter, GridEvent::EditCommit(EditEnd::Enter)),
        (Key::Tab, GridEvent::EditCommit(EditEnd::Tab)),
        (Key::Escape, GridEvent::EditCancel),
    ] {
        window.view().edit = None;
        window.harness.run_steps(2);
        window.view().edit = Some(CellEdit {
            offset: 0x24,
            text: "1.5".into(),
            error: Some("too long".into()),
            is_old: false,
        });
        window.harness.run_steps(2);
        window.events();
        window.harness.key_press(key);
        window.harness.run_steps(1);
        assert_eq!(window.events(), [expected]);
    }
}

#[test]
fn missing_bytes_are_told_from_zeros() {
    #[derive(Debug)]
    struct Nothing;
    impl Source for Nothing {
        fn len(&self) -> u64 {
            64
        }
        fn read_at(&self, _offset: u64, _buf: &mut [u8]) -> Result<(), ReadError> {
            panic!("the window only peeks")
        }
        fn peek(&self, _offset: u64, buf: &mut [u8], states: &mut [Availability]) {
            buf.fill(0);
            states.fill(Availability::Missing);
        }
    }
    let window = Window::new(View::new(Nothing));
    let row = window.harness.get_by_label_contains("0000 0010");
    assert!(
        row.accesskit_node()
            .label()
            .is_some_and(|label| label.contains("·· ·· ··") && !label.contains("00 00 00"))
    );
}
