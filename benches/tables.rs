//! What a frame of an array's cells costs beside a frame of bytes, and how long a click on an array of a large file takes
//! until its values are there, beside a small file.

use super::grid::{Grid, PAGES, Way, compare, font, hex, sample, timed};
use egui::{Context, Id};
use pagelens::bytes::MemorySource;
use pagelens::bytes::pages::PageCache;
use pagelens::decode::evaluate;
use pagelens::decode::{OffsetContext, Radix};
use pagelens::document::{Document, Snapshot};
use pagelens::job::no_waker;
use pagelens::session::arrays::bar::Bar;
use pagelens::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use pagelens::session::arrays::{ArrayAction, ArrayView, TableAction};
use pagelens::session::view::{Selection, Viewport};
use pagelens::session::{Action, OpenOptions, Remembered, Session};
use pagelens::ui::fonts;
use pagelens::ui::grid::{GridFormat, GridInput, GridScratch, grid};
use pagelens::ui::theme::{self, Theme};
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Items a row of the array.
const WIDE: u64 = 768;

pub fn run() {
    let bytes = sample(WIDE * 4 * 100 * PAGES);
    compare(
        "array cells, 1080p of f32",
        vec![
            Box::new(Grid::new("grid, 72 x 32 bytes", hex(32), 72, &sample(72 * 32 * (PAGES + 1)))),
            Box::new(Cells::new(&bytes)),
        ],
    );
    clicks();
}

/// The cells of a full screen of f32.
struct Cells {
    ctx: Context,
    cache: PageCache,
    snapshot: Snapshot,
    view: ArrayView,
    scratch: GridScratch,
}

impl Cells {
    fn new(bytes: &[u8]) -> Self {
        let cache = PageCache::new(64 << 20, no_waker());
        let source = cache.attach(Arc::new(MemorySource::new(bytes))).expect("threads");
        let snapshot = Document::new(source).snapshot();
        let len = bytes.len() as u64;
        let bar = Bar::new("<f4".into(), 0, &[len / 4 / WIDE, WIDE], "C".into(), String::new());
        let place = OffsetContext { here: 0, len, base: 0, default_radix: Radix::Decimal };
        let read = |text: &str| evaluate(text, &place).map_err(|error| error.to_string());
        let view = ArrayView::new(None, bar, len, &read).expect("an array");
        let ctx = Context::default();
        fonts::install(&ctx);
        theme::install(&ctx);
        let mut cells = Self { ctx, cache, snapshot, view, scratch: GridScratch::default() };
        for page in 0..PAGES {
            cells.frame(page);
        }
        cells
    }
}

impl Way for Cells {
    fn name(&self) -> &str {
        "cells of an array, f32"
    }

    fn frame(&mut self, page: u64) -> [Duration; 2] {
        let Self { ctx, cache, snapshot, view, scratch } = self;
        view.scroll(Viewport { top: page * 100, ..Viewport::default() }, Viewport::default());
        let mut shown = None;
        cache.begin_frame();
        let time = timed(ctx, [1920.0, 1080.0], |ui| {
            let format = GridFormat::Array(view);
            let input = GridInput {
                source: snapshot,
                settle: &|| {
                    let _ = cache.settle(Duration::from_millis(200));
                },
                changed: None,
                found: None,
                found_current: None,
                strings: None,
                marks: &[],
                format: &format,
                beside: None,
                viewport: &Viewport::default(),
                selection: &Selection::default(),
                selected: &|_, _| {},
                insert: false,
                focused: true,
                edit: None,
                theme: Theme::dark(),
                font: &font(),
            };
            shown = Some(grid(ui, Id::unique("cells"), &input, scratch));
        });
        cache.end_frame();
        let shown = shown.expect("a frame ran");
        assert!(shown.all_ready, "what is measured is a screen of values, not of placeholders");
        for action in shown.actions {
            if let TableAction::Measured { room, seen } = action {
                view.measure(room, &seen);
            }
        }
        time
    }
}

/// Arrays of each file.
const ARRAYS: u64 = 2000;
const CLICKS: usize = 60;
/// Rows of a full screen.
const FULL: u64 = 40;

/// A click in the panel until the first screen of values is there, over and over, each on another array.
fn clicks() {
    let folder = tempfile::tempdir().expect("a folder");
    let small = folder.path().join("small.safetensors");
    let large = folder.path().join("large.safetensors");
    write_file(&small, (1 << 20) / ARRAYS / 4);
    write_file(&large, (100 << 30) / ARRAYS / 4);
    // The arrays of the small file fill only a part of a screen, so those of the large one are shown twice: as a full
    // screen, and as many rows of them as the small ones have.
    let mut times = [(); 3].map(|()| Vec::new());
    let mut opening = [Duration::ZERO; 3];
    let mut rows = [FULL; 3];
    for click in 0..CLICKS {
        // A new program each time: nothing of the arrays is in its cache.
        for (at, path) in [&small, &large, &large].into_iter().enumerate() {
            let most = if at == 2 { rows[0] } else { FULL };
            let entry = (click * 33 % ARRAYS as usize + at) as u32;
            let mut session = Session::new(Remembered::default(), no_waker());
            opening[at] = open(&mut session, path);
            let (time, shown) = click_on(&mut session, entry, most);
            times[at].push(time);
            rows[at] = shown;
        }
    }
    let [small, large, part] = times.map(|mut times| {
        times.sort();
        times[times.len() / 2].as_secs_f64() * 1e3
    });
    let opening = opening.map(|time| time.as_secs_f64() * 1e3);
    println!(
        "\na click on one of {ARRAYS} arrays until its values are there, in a program that has shown none before"
    );
    println!("  1 MiB: opened in {:.1} ms, click {small:.3} ms, {} rows", opening[0], rows[0]);
    println!(
        "  100 GiB (sparse): {:.1} ms, click {large:.3} ms, {} rows  {:.2} x",
        opening[1],
        rows[1],
        large / small
    );
    println!(
        "  as many rows as of the small file: click {part:.3} ms, {} rows  {:.2} x",
        rows[2],
        part / small
    );
}

/// A file of arrays of so many f32, zeros all of them.
fn write_file(path: &Path, items: u64) {
    let mut header = String::from("{");
    for array in 0..ARRAYS {
        let (start, end) = (array * items * 4, (array + 1) * items * 4);
        let comma = if array == 0 { "" } else { "," };
        header.push_str(&format!(
            "{comma}\"model.layers.{}.weight_{}\":{{\"dtype\":\"F32\",\"shape\":[{items}],\"data_offsets\":[{start},{end}]}}",
            array / 20,
            array % 20
        ));
    }
    header.push('}');
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = File::create(path).expect("a file");
    file.write_all(&(header.len() as u64).to_le_bytes()).expect("room");
    file.write_all(header.as_bytes()).expect("room");
    file.set_len(8 + header.len() as u64 + ARRAYS * items * 4).expect("a sparse file");
    file.seek(SeekFrom::Start(0)).expect("a file");
}

/// Opens a file and waits for its tree.
fn open(session: &mut Session, path: &Path) -> Duration {
    let begun = Instant::now();
    session.open(path.to_owned(), OpenOptions { in_front: true, ..OpenOptions::default() });
    while session.tab().is_none_or(|tab| tab.arrays.found.is_none()) {
        session.tick();
        std::thread::sleep(Duration::from_micros(50));
    }
    begun.elapsed()
}

/// How long a click takes until at most so many rows are there, and how many there are.
fn click_on(session: &mut Session, entry: u32, most: u64) -> (Duration, u64) {
    let begun = Instant::now();
    session.apply(Action::Array(ArrayAction::Open(entry)));
    let mut screen = ArrayScreen::default();
    loop {
        session.tick();
        session.cache().begin_frame();
        let tab = session.tab().expect("an open file");
        let view = tab.array().expect("an array");
        let input = ArrayScreenInput {
            source: tab.shown(),
            settle: &|| {
                let _ = session.cache().settle(Duration::from_millis(2));
            },
            changed: None,
            found: None,
            found_current: None,
            strings: None,
            selected: None,
            signs: 1,
            table: &view.table,
            style: view.style,
        };
        let rows = view.table.rows().min(most);
        screen.build(&input, 0..rows, 0..view.table.columns());
        session.cache().end_frame();
        if screen.all_ready() {
            return (begun.elapsed(), rows);
        }
    }
}
