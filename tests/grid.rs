//! The grid widget in a window without a display: what is drawn where, what can be heard, what the user's
//! doings come out as.

use crate::raster::Raster;
use egui::accesskit::Role;
use egui::{Color32, ColorImage, Event, Id, Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use pagelens::bytes::{Availability, MemorySource, ReadError, SharedSource, Source, Span};
use pagelens::decode::Encoding;
use pagelens::session::view::{
    CellEdit, CellKind, Column, Columns, Pane, RowMap, Selection, ViewFormat, Viewport,
};
use pagelens::ui::grid::{EditEnd, GridEvent, GridInput, GridScratch, grid};
use pagelens::ui::{fonts, theme};
use std::sync::Arc;

/// A session of one view: answers the events as the program does.
struct View {
    source: SharedSource,
    format: ViewFormat,
    viewport: Viewport,
    selection: Selection,
    edit: Option<CellEdit>,
    /// Lays out more text after the grid, in so many sizes.
    later_text: usize,
    events: Vec<GridEvent>,
    rows: Option<(RowMap, Pane)>,
    visible: Span,
    scratch: GridScratch,
}

impl View {
    fn new(source: impl Source + 'static) -> Self {
        Self {
            source: Arc::new(source),
            format: ViewFormat::default(),
            viewport: Viewport::default(),
            selection: Selection::default(),
            edit: None,
            later_text: 0,
            events: Vec::new(),
            rows: None,
            visible: Span::default(),
            scratch: GridScratch::default(),
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui) {
        let font = theme::data(1.0);
        let output = grid(
            ui,
            Id::unique("grid"),
            &GridInput {
                source: &*self.source,
                settle: &|| {},
                changed: &|_, _| {},
                found: &|_, _| {},
                found_current: None,
                marks: &[],
                format: &self.format,
                viewport: &self.viewport,
                selection: &self.selection,
                insert: false,
                focused: true,
                edit: self.edit.as_ref(),
                theme: theme::Theme::of(ui.ctx()),
                font: &font,
            },
            &mut self.scratch,
        );
        for size in 0..std::mem::take(&mut self.later_text) {
            let font = egui::FontId::proportional(20.0 + size as f32);
            let _ =
                ui.painter().layout_no_wrap("ABCDEFGHIJKLMNOPQRSTUVWXYZ".to_owned(), font, Color32::WHITE);
        }
        for event in &output.events {
            match event {
                GridEvent::Press { hit, extend, clicks } => {
                    self.selection = self.selection.press(*hit, *extend, *clicks, &output.map);
                }
                GridEvent::Drag { hit } => self.selection = self.selection.drag(*hit, &output.map),
                GridEvent::Scroll(viewport) => self.viewport = *viewport,
                GridEvent::EditCommit(_) | GridEvent::EditCancel => self.edit = None,
                _ => {}
            }
        }
        self.events.extend(output.events);
        self.rows = Some((output.map, output.pane));
        self.visible = output.visible;
    }
}

/// The upper part of the window, which is enough of a picture where rows are alike.
const TOP: Rect = Rect { min: Pos2::ZERO, max: pos2(900.0, 200.0) };

struct Window {
    harness: Harness<'static, View>,
    raster: Raster,
}

impl Window {
    fn new(view: View) -> Self {
        let raster = Raster::default();
        let mut harness = Harness::builder()
            .with_size(vec2(900.0, 500.0))
            .renderer(raster.clone())
            .with_step_dt(0.02)
            .with_max_steps(100)
            .with_context_setup(|ctx| {
                fonts::install(ctx);
                theme::install(ctx);
            })
            .with_theme(egui::Theme::Dark)
            .build_ui_state(|ui, view: &mut View| view.ui(ui), view);
        harness.run();
        harness.run();
        Self { harness, raster }
    }

    fn picture_of(&self, area: Rect) -> ColorImage {
        self.raster.picture(&self.harness, area)
    }

    fn view(&mut self) -> &mut View {
        self.harness.state_mut()
    }

    fn events(&mut self) -> Vec<GridEvent> {
        std::mem::take(&mut self.view().events)
    }

    fn row_rect(&self, label: &str) -> Rect {
        self.harness
            .get_by(|node| node.role() == Role::Row && node.label().is_some_and(|it| it.starts_with(label)))
            .rect()
    }

    fn button(&self, pos: Pos2, pressed: bool, button: PointerButton, modifiers: Modifiers) {
        self.harness.event_modifiers(Event::PointerMoved(pos), modifiers);
        self.harness.event_modifiers(Event::PointerButton { pos, button, pressed, modifiers }, modifiers);
    }

    fn press(&mut self, pos: Pos2) {
        self.button(pos, true, PointerButton::Primary, Modifiers::NONE);
        self.harness.run_steps(1);
    }

    fn release(&mut self, pos: Pos2) {
        self.button(pos, false, PointerButton::Primary, Modifiers::NONE);
        self.harness.run_steps(1);
    }

    fn click(&mut self, pos: Pos2) {
        self.press(pos);
        self.release(pos);
    }
}

fn sample() -> MemorySource {
    MemorySource::new((0..4096u32).map(|at| ((at * 37) >> 3) as u8).collect::<Vec<_>>())
}

/// Bytes without end that tell their place: the low byte of `offset / 16`.
#[derive(Debug)]
struct Vast(u64);

impl Source for Vast {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, _offset: u64, _buf: &mut [u8]) -> Result<(), ReadError> {
        panic!("the window only peeks")
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        for (at, (byte, state)) in (offset..).zip(buf.iter_mut().zip(states)) {
            *byte = (at / 16) as u8;
            *state = if at < self.0 { Availability::Ready } else { Availability::Failed };
        }
    }
}

#[test]
fn rows_and_the_caret_can_be_heard() {
    let mut window = Window::new(View::new(MemorySource::new(*b"Hello, world! How are you?")));
    let rows: Vec<_> = window
        .harness
        .query_all_by(|node| node.role() == Role::Row)
        .map(|row| row.accesskit_node().label().unwrap_or_default())
        .collect();
    assert_eq!(
        rows,
        [
            "0000 0000, 48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 21 20 48 6f, Hello, world! Ho",
            "0000 0010, 77 20 61 72 65 20 79 6f 75 3f, w are you?",
        ]
    );
    let caret = |window: &Window| window.harness.get_by_role(Role::Grid).value();
    assert_eq!(caret(&window).as_deref(), Some("0000 0000, 48"));
    window.view().selection = Selection::between(0, 5, Column::Cells);
    window.harness.run();
    assert_eq!(caret(&window).as_deref(), Some("0000 0004, 6f, 5 bytes selected"));
    window.view().selection = Selection::caret_at(26, Column::Text);
    window.harness.run();
    assert_eq!(caret(&window).as_deref(), Some("0000 001a, end"));
}

#[test]
fn what_is_clicked_is_what_is_drawn_as_the_caret() {
    let mut window = Window::new(View::new(sample()));
    let row = window.row_rect("0000 0040");
    let caret = theme::Theme::dark().data.caret_bg;
    let mut hit = Vec::new();
    for x in (100..600).step_by(17) {
        let at = pos2(x as f32 + 0.5, row.center().y);
        window.click(at);
        window.harness.run_steps(1);
        let selection = window.view().selection;
        assert!((0x40..0x50).contains(&selection.caret) && selection.is_empty(), "{selection:?}");
        // The block is in the focused column, an outline in the other. The pointer is in it or in a gap beside it.
        let picture = window.picture_of(row);
        let is_caret = |x: usize| picture[(x, row.top() as usize + 2)] == caret;
        let solid: Vec<usize> =
            (1..900).filter(|x| is_caret(*x) && (is_caret(x - 1) || is_caret(x + 1))).collect();
        let (first, last) = (solid[0], solid[solid.len() - 1]);
        assert_eq!(solid.len(), last - first + 1, "the focused caret is one block");
        assert!(first.saturating_sub(14) <= x && x <= last + 14, "clicked at {x}, drawn at {first}..={last}");
        hit.push((selection.column, selection.caret));
    }
    hit.dedup();
    let cells = hit.iter().filter(|(column, _)| *column == Column::Cells).count();
    assert_eq!(cells, 16, "a step is narrower than a cell: {hit:?}");
    assert!(hit.is_sorted_by_key(|(column, caret)| (*column == Column::Text, *caret)));
}

#[test]
fn a_character_looks_the_same_wherever_it_is() {
    let mut view = View::new(MemorySource::new(vec![0x6b; 512]));
    view.selection = Selection::caret_at(500, Column::Cells);
    let window = Window::new(view);
    let picture = window.picture_of(TOP);
    let (row, next) = (window.row_rect("0000 0020"), window.row_rect("0000 0040"));
    let lit = |rect: Rect, x: usize| {
        let (top, bottom) = (rect.top() as usize, rect.bottom() as usize);
        (top..bottom).map(|y| picture[(x, y)]).collect::<Vec<_>>()
    };
    let background = theme::Theme::dark().data.grid_bg;
    let columns = 60..600;
    let inked = columns.clone().filter(|x| lit(row, *x).iter().any(|color| *color != background)).count();
    assert!(inked > 16 * 10, "only {inked} columns of pixels have ink");
    for x in columns {
        // Offsets, lines and bytes of two rows of one colour differ in the offsets only.
        if x > 100 {
            assert_eq!(lit(row, x), lit(next, x), "column {x}");
        }
    }
}

#[test]
fn a_jump_shows_nothing_of_where_it_came_from() {
    let text: String =
        (0..4000u32).map(|n| char::from_u32(0x400 + n % 200 + (n / 500) * 0x1000).unwrap_or('x')).collect();
    let at = |top: u64| {
        let mut view = View::new(MemorySource::new(text.as_bytes().to_vec()));
        view.format.text = Some(Encoding::Utf8);
        view.selection = Selection::caret_at(1, Column::Cells);
        view.viewport.top = top;
        Window::new(view)
    };
    let mut window = at(3);
    for top in [200, 433, 3] {
        window.view().viewport.top = top;
        // One frame only: whatever it has to fetch, it draws at once.
        window.harness.run_steps(1);
        let mut fresh = at(top);
        fresh.harness.run_steps(1);
        assert!(
            window.picture_of(TOP) == fresh.picture_of(TOP),
            "row {top} looks otherwise than when it is come to first"
        );
    }
}

#[test]
fn text_that_grows_the_atlas_after_the_grid_leaves_the_grid_alone() {
    let mut window = Window::new(View::new(sample()));
    let before = window.picture_of(TOP);
    let height = |window: &Window| window.harness.ctx.fonts(|fonts| fonts.font_image_size());
    let old = height(&window);
    window.view().later_text = 30;
    window.harness.run_steps(1);
    assert_ne!(height(&window), old, "the atlas has to grow for this test");
    assert!(window.picture_of(TOP) == before);
}

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
    let mut window = Window::new(View::new(sample()));
    for key in [Key::Tab, Key::ArrowDown, Key::ArrowLeft, Key::Escape] {
        window.harness.key_press(key);
        window.harness.run_steps(2);
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
    view.format.kind = CellKind::Values("<f4".parse().expect("a dtype"));
    view.format.columns = Columns::Fixed(4);
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
