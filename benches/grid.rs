//! What a frame of the grid costs the processor, beside two other ways to show as many bytes.
//!
//! Every frame jumps to another page. The grid reads a document with edits through the page cache, decodes,
//! marks a selection and 100 changed bytes. The ways take turns, so that what else the machine does meets all.

use egui::{Color32, Context, FontId, Id, Rect, RichText, pos2};
use egui_extras::{Column as TableColumn, TableBuilder};
use pagelens::bytes::pages::PageCache;
use pagelens::bytes::{MemorySource, Span};
use pagelens::decode::byte_class;
use pagelens::document::{Content, Document, Edit, Snapshot, Splice};
use pagelens::job::no_waker;
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Column, Columns, Selection, ViewFormat, Viewport};
use pagelens::session::{Action, PaneAction, PaneKey, Remembered, Session};
use pagelens::ui::App;
use pagelens::ui::fonts;
use pagelens::ui::grid::{GridFormat, GridInput, GridScratch, grid};
use pagelens::ui::theme::{self, Theme};
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Pages that the frames jump between.
pub const PAGES: u64 = 8;
const TURNS: u64 = 7;
/// Frames a turn.
const FRAMES: u64 = 15;
const CHANGED_BYTES: u64 = 100;

/// One way to show bytes, and what its frame of page `page` costs: the pass of the widgets, the tessellation.
pub trait Way {
    fn name(&self) -> &str;
    fn frame(&mut self, page: u64) -> [Duration; 2];
}

/// Prints the median frame of each way and the quickest, and how many times the grid's it is.
pub fn run() {
    for (title, rows, columns) in [("1080p, 72 x 32 bytes", 72, 32), ("4K, 143 x 64 bytes", 143, 64)] {
        let bytes = sample(rows * columns * (PAGES + 1));
        let hex = hex(columns as u32);
        compare(
            title,
            vec![
                Box::new(Grid::new("grid", hex, rows, &bytes)),
                Box::new(Table::new(rows, columns, &bytes)),
                Box::new(MemoryEditor::new(rows, columns, &bytes)),
            ],
        );
    }
    let bytes = sample(143 * 64 * (PAGES + 1));
    compare("4K, the window around the grid", vec![Box::new(Whole::new(64, &bytes))]);
    let values =
        ValuesFormat { columns: Columns::Fixed(12), ..ValuesFormat::new("<f4".parse().expect("a dtype")) };
    let bytes = sample(72 * 32 * (PAGES + 1));
    compare(
        "values, 60 x 12 f32",
        vec![
            Box::new(Grid::new("grid, 72 x 32 bytes", hex(32), 72, &bytes)),
            Box::new(Grid::new("grid, 60 x 12 f32", GridFormat::Values(values), 60, &bytes)),
        ],
    );
}

/// So many bytes a row.
pub fn hex(columns: u32) -> GridFormat<'static> {
    GridFormat::Bytes(ViewFormat { columns: Columns::Fixed(columns), ..ViewFormat::default() })
}

/// The program's whole window, with menus, bars and the inspector around the grid.
pub struct Whole {
    ctx: Context,
    app: App,
    page: u64,
}

impl Whole {
    pub fn new(columns: u32, bytes: &[u8]) -> Self {
        let ctx = Context::default();
        let mut session = Session::new(Remembered::default(), no_waker());
        session.open_source(String::from("sample"), std::sync::Arc::new(MemorySource::new(bytes)));
        if let Some(tab) = session.tab() {
            let format = ViewFormat { columns: Columns::Fixed(columns), ..tab.hex().format.clone() };
            session.apply(Action::Pane(PaneAction::Format { pane: PaneKey::BYTES, format }));
        }
        Self { app: App::new(&ctx, session), ctx, page: bytes.len() as u64 / (PAGES + 1) }
    }
}

impl Way for Whole {
    fn name(&self) -> &str {
        "the whole window"
    }

    fn frame(&mut self, page: u64) -> [Duration; 2] {
        self.app.session_mut().apply(Action::Pane(PaneAction::JumpTo(page * self.page)));
        let app = &mut self.app;
        timed(&self.ctx, [3840.0, 2160.0], |ui| app.show(ui))
    }
}

pub fn compare(title: &str, mut ways: Vec<Box<dyn Way + '_>>) {
    let mut times = vec![Vec::new(); ways.len()];
    for turn in 0..TURNS {
        for (way, times) in ways.iter_mut().zip(&mut times) {
            for frame in 0..FRAMES {
                let time = way.frame(frame * 5 % PAGES);
                // No program shows its bytes in two ways by turns: the first frames have the caches of the other.
                if turn > 0 && frame >= FRAMES / 3 {
                    times.push(time);
                }
            }
        }
    }
    println!("\n{title}: processor time a frame, page jump each; the median, then the least");
    let mut first = None;
    for (way, times) in ways.iter().zip(&mut times) {
        times.sort_by_key(|[ui, tessellation]| *ui + *tessellation);
        let sums = [times[times.len() / 2], times[0]].map(|[ui, tessellation]| {
            let (ui, tessellation) = (ui.as_secs_f64() * 1e3, tessellation.as_secs_f64() * 1e3);
            (ui, tessellation, ui + tessellation)
        });
        let first = *first.get_or_insert(sums);
        print!("  {:<26}", way.name());
        for ((ui, tessellation, sum), (.., of_first)) in sums.into_iter().zip(first) {
            print!(" {ui:7.3} + {tessellation:6.3} ms  {:6.2} x", sum / of_first);
        }
        println!();
    }
}

pub fn sample(len: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    (0..len).map(|_| random.u8(..)).collect()
}

pub fn font() -> FontId {
    FontId::monospace(12.0)
}

/// One frame of `ctx` in a window of that size, timed.
pub fn timed(ctx: &Context, size: [f32; 2], show: impl FnMut(&mut egui::Ui)) -> [Duration; 2] {
    let screen_rect = Some(Rect::from_min_max(pos2(0.0, 0.0), pos2(size[0], size[1])));
    let start = Instant::now();
    let mut output = ctx.run_ui(egui::RawInput { screen_rect, ..Default::default() }, show);
    let ui = start.elapsed();
    let start = Instant::now();
    let shapes = ctx.tessellate(std::mem::take(&mut output.shapes), output.pixels_per_point);
    let tessellation = start.elapsed();
    drop(shapes);
    output.drop_without_applying_deltas();
    [ui, tessellation]
}

pub struct Grid {
    name: &'static str,
    ctx: Context,
    cache: PageCache,
    snapshot: Snapshot,
    format: GridFormat<'static>,
    rows: u64,
    height: f32,
    row_bytes: u64,
    scratch: GridScratch,
}

impl Grid {
    pub fn new(name: &'static str, format: GridFormat<'static>, rows: u64, bytes: &[u8]) -> Self {
        let cache = PageCache::new(64 << 20, no_waker());
        let source = cache.attach(std::sync::Arc::new(MemorySource::new(bytes))).expect("threads");
        let mut document = Document::new(source);
        let page = bytes.len() as u64 / (PAGES + 1);
        for at in (0..PAGES * CHANGED_BYTES).map(|n| n * page / CHANGED_BYTES) {
            let splice = Splice { span: Span::between(at, at + 1), content: Content::Bytes(vec![0x5a]) };
            document.apply(Edit::each("Typing", vec![splice])).expect("an edit inside the document");
        }
        let ctx = Context::default();
        fonts::install(&ctx);
        theme::install(&ctx);
        let mut grid = Self {
            name,
            ctx,
            cache,
            snapshot: document.snapshot(),
            row_bytes: 1,
            format,
            rows,
            height: 1000.0,
            scratch: GridScratch::default(),
        };
        // Twice, because the height of a row is known only after the first.
        for _ in 0..2 {
            grid.frame(0);
        }
        grid
    }
}

impl Way for Grid {
    fn name(&self) -> &str {
        self.name
    }

    fn frame(&mut self, page: u64) -> [Duration; 2] {
        let Self { ctx, cache, snapshot, format, rows, height, row_bytes, scratch, .. } = self;
        let viewport = Viewport { top: page * *rows, ..Viewport::default() };
        let start = viewport.top * *row_bytes;
        let selection = Selection::of(Span::between(start + 100, start + 400), Column::Cells);
        let mut shown = None;
        let size = [1920.0, *height];
        cache.begin_frame();
        let time = timed(ctx, size, |ui| {
            let input = GridInput {
                source: snapshot,
                settle: &|| {
                    let _ = cache.settle(Duration::from_millis(200));
                },
                changed: Some(&|span, spans| spans.extend(snapshot.changed_spans(span))),
                found: None,
                found_current: None,
                strings: None,
                marks: &[],
                format,
                beside: None,
                viewport: &viewport,
                selection: &selection,
                selected: &|_, spans| spans.push(selection.span()),
                insert: false,
                focused: true,
                edit: None,
                theme: Theme::dark(),
                font: &font(),
            };
            shown = Some(grid(ui, Id::unique("grid"), &input, scratch));
        });
        cache.end_frame();
        let shown = shown.expect("a frame ran");
        assert!(shown.all_ready, "what is measured is a screen of bytes, not of placeholders");
        let drawn = shown.rows.expect("rows of bytes");
        *row_bytes = drawn.map.row_bytes();
        *height += *rows as f32 * drawn.pane.row_height - drawn.pane.height;
        time
    }
}

/// A label for each byte in the table of egui_extras.
struct Table<'a> {
    ctx: Context,
    rows: u64,
    columns: u64,
    bytes: &'a [u8],
}

impl<'a> Table<'a> {
    fn new(rows: u64, columns: u64, bytes: &'a [u8]) -> Self {
        Self { ctx: Context::default(), rows, columns, bytes }
    }
}

impl Way for Table<'_> {
    fn name(&self) -> &str {
        "egui_extras table"
    }

    fn frame(&mut self, page: u64) -> [Duration; 2] {
        const ROW_HEIGHT: f32 = 15.0;
        let (rows, columns) = (self.rows as usize, self.columns as usize);
        let bytes = &self.bytes[page as usize * rows * columns..];
        let colors =
            [Color32::GRAY, Color32::WHITE, Color32::GREEN, Color32::YELLOW, Color32::BLUE, Color32::RED];
        // High enough for every row: what lies below the window is laid out but not drawn.
        let size = [columns as f32 * 40.0 + 800.0, rows as f32 * 50.0 + 60.0];
        timed(&self.ctx, size, |ui| {
            let table = TableBuilder::new(ui).columns(TableColumn::auto(), columns + 2);
            table.body(|body| {
                body.rows(ROW_HEIGHT, rows, |mut row| {
                    let first = row.index() * columns;
                    row.col(|ui| {
                        ui.label(
                            RichText::new(format!("{:08x}", page as usize * rows * columns + first))
                                .font(font()),
                        );
                    });
                    for byte in &bytes[first..first + columns] {
                        let color = colors[byte_class(*byte) as usize];
                        row.col(|ui| {
                            ui.label(RichText::new(format!("{byte:02x}")).font(font()).color(color));
                        });
                    }
                    let shown = |byte: &u8| if byte.is_ascii_graphic() { *byte as char } else { '.' };
                    let text: String = bytes[first..first + columns].iter().map(shown).collect();
                    row.col(|ui| {
                        ui.label(RichText::new(text).font(font()));
                    });
                });
            });
        })
    }
}

/// The crate egui_memory_editor, which brings an older egui.
struct MemoryEditor<'a> {
    ctx: egui_036::Context,
    editor: egui_memory_editor::MemoryEditor,
    rows: u64,
    columns: u64,
    bytes: &'a [u8],
    name: String,
}

impl<'a> MemoryEditor<'a> {
    fn new(rows: u64, columns: u64, bytes: &'a [u8]) -> Self {
        let mut editor = egui_memory_editor::MemoryEditor::new().with_address_range("all", 0..bytes.len());
        editor.options.column_count = columns as usize;
        let mut way =
            Self { ctx: egui_036::Context::default(), editor, rows, columns, bytes, name: String::new() };
        for _ in 0..4 {
            way.frame(0);
        }
        let shown = way.editor.visible_range().len() as u64 / columns;
        let _ = write!(way.name, "egui_memory_editor, {shown} rows");
        way
    }
}

impl Way for MemoryEditor<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn frame(&mut self, page: u64) -> [Duration; 2] {
        use egui_036::{RawInput, Rect, pos2};
        let size = pos2(self.columns as f32 * 40.0 + 800.0, self.rows as f32 * 15.0);
        let screen_rect = Some(Rect::from_min_max(pos2(0.0, 0.0), size));
        let (editor, columns) = (&mut self.editor, self.columns);
        let mut memory = (self.bytes, (page * self.rows * columns) as usize);
        let start = Instant::now();
        let output = self.ctx.run_ui(RawInput { screen_rect, ..Default::default() }, |ui| {
            // It has no jump of its own to call, so the memory moves under it.
            editor.draw_editor_contents_read_only(ui, &mut memory, |(bytes, from), at| {
                bytes.get((at + *from) % bytes.len()).copied()
            });
        });
        let ui = start.elapsed();
        let start = Instant::now();
        let shapes = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let tessellation = start.elapsed();
        drop(shapes);
        [ui, tessellation]
    }
}
