//! The grid widget in a window without a display: what is drawn where, what can be heard, what the user's
//! doings come out as.

mod doings;
mod values;

use crate::raster::Raster;
use egui::accesskit::Role;
use egui::{Color32, ColorImage, Event, Id, Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use pagelens::bytes::{Availability, MemorySource, ReadError, SharedSource, Source, Span};
use pagelens::decode::Encoding;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{
    CellEdit, Column, Columns, Layout, RowMap, RowsArea, Selection, ViewFormat, Viewport,
};
use pagelens::ui::grid::{EditEnd, GridEvent, GridFormat, GridInput, GridScratch, grid};
use pagelens::ui::{fonts, theme};
use std::sync::Arc;

/// A session of one view: answers the events as the program does.
struct View {
    source: SharedSource,
    format: GridFormat<'static>,
    viewport: Viewport,
    selection: Selection,
    edit: Option<CellEdit>,
    /// What is in the window after the grid.
    after: Box<dyn Fn(&mut egui::Ui)>,
    events: Vec<GridEvent>,
    rows: Option<(RowMap, RowsArea)>,
    visible: Span,
    scratch: GridScratch,
}

impl View {
    fn new(source: impl Source + 'static) -> Self {
        Self {
            source: Arc::new(source),
            format: GridFormat::Bytes(ViewFormat::default()),
            viewport: Viewport::default(),
            selection: Selection::default(),
            edit: None,
            after: Box::new(|_| {}),
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
                changed: None,
                found: None,
                found_current: None,
                strings: None,
                marks: &[],
                format: &self.format,
                beside: None,
                viewport: &self.viewport,
                selection: &self.selection,
                selected: &|_, out| out.push(self.selection.span()),
                insert: false,
                focused: true,
                edit: self.edit.as_ref(),
                theme: theme::Theme::of(ui.ctx()),
                font: &font,
            },
            &mut self.scratch,
        );
        (self.after)(ui);
        let rows = output.rows.expect("rows of bytes");
        for event in &output.events {
            match event {
                GridEvent::Press { hit, extend, clicks } => {
                    self.selection = self.selection.press(*hit, *extend, *clicks, &rows.map);
                }
                GridEvent::Drag { hit } => self.selection = self.selection.drag(*hit, &rows.map),
                GridEvent::Scroll(viewport) => self.viewport = *viewport,
                GridEvent::EditCommit(_) | GridEvent::EditCancel => self.edit = None,
                _ => {}
            }
        }
        self.events.extend(output.events);
        self.rows = Some((rows.map, rows.pane));
        self.visible = rows.visible;
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
fn a_character_looks_as_the_toolkit_draws_it() {
    let mut view = View::new(MemorySource::new(vec![0x6b; 512]));
    view.selection = Selection::caret_at(500, Column::Cells);
    let mut window = Window::new(view);
    let row = window.row_rect("0000 0020");
    let before = window.picture_of(row);
    // The toolkit's own digits in the place of the row's first byte.
    window.view().after = Box::new(move |ui| {
        let (colors, font) = (&theme::Theme::dark().data, theme::data(1.0));
        let pitch = ui.fonts_mut(|fonts| fonts.glyph_width(&font, '0')).round();
        let left = row.left() + Layout::new(&ViewFormat::default(), 512, 0.0).cell_x(0) as f32 * pitch;
        let cell = Rect::from_x_y_ranges(left - 2.0..=left + 2.0 * pitch + 2.0, row.y_range());
        ui.painter().rect_filled(cell, 0.0, colors.grid_bg);
        // A row has a pixel above its line of text.
        for (at, digit) in [(left, "6"), (left + pitch, "b")] {
            let at = pos2(at, row.top() + 1.0);
            ui.painter().text(at, egui::Align2::LEFT_TOP, digit, font.clone(), colors.printable);
        }
    });
    window.harness.run_steps(1);
    assert!(window.picture_of(row) == before);
}

#[test]
fn a_jump_shows_nothing_of_where_it_came_from() {
    let text: String =
        (0..4000u32).map(|n| char::from_u32(0x400 + n % 200 + (n / 500) * 0x1000).unwrap_or('x')).collect();
    let at = |top: u64| {
        let mut view = View::new(MemorySource::new(text.as_bytes().to_vec()));
        let format = ViewFormat { text: Some(Encoding::Utf8), ..ViewFormat::default() };
        view.format = GridFormat::Bytes(format);
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
    window.view().after = Box::new(|ui| {
        for size in 20..50 {
            let font = egui::FontId::proportional(size as f32);
            let _ =
                ui.painter().layout_no_wrap("ABCDEFGHIJKLMNOPQRSTUVWXYZ".to_owned(), font, Color32::WHITE);
        }
    });
    window.harness.run_steps(1);
    assert_ne!(height(&window), old, "the atlas has to grow for this test");
    assert!(window.picture_of(TOP) == before);
}
