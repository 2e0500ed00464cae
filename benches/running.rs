//! What the window's frame costs while every kind of scan runs, and how long a scan goes on after its cancel.
//!
//! The scans go over 1 GiB in the page cache again and again, each on all cores, so there are many more threads than
//! cores. A frame is the whole window at 4K with a page jump. Its time on the processor is our code; the time by the clock
//! has also the turns that the system gives to the scans. A cancel is timed from the call to the return of the scan.

use crate::common::write_random;
use crate::grid::{PAGES, Way, Whole, sample};
use crate::reading::thread_seconds;
use pagelens::analysis::elements::ElementPass;
use pagelens::analysis::hashes::{algorithm, hash};
use pagelens::analysis::regex::Regex;
use pagelens::analysis::spans::{Limit, recorder};
use pagelens::analysis::stats::{Bins, StatisticsQuestion, statistics};
use pagelens::analysis::strings::{StringQuery, StringSearch};
use pagelens::analysis::{Needle, Pattern, Search, Tuning};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Source, Span};
use pagelens::compute::Predicate;
use pagelens::decode::Encoding;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use std::io;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const LEN: u64 = 1 << 30;
const FRAMES: u64 = 600;
const CANCELS: u64 = 20;

/// A scan of the whole file, until it is cancelled.
type BenchScan = (&'static str, fn(&FileSource, &Progress));

const SCANS: [BenchScan; 7] = [
    ("rare bytes", |source, progress| pattern(source, progress, &needle(b"Zanzqif"))),
    ("a byte that is everywhere", |source, progress| pattern(source, progress, &needle(b"e"))),
    ("a regular expression", |source, progress| {
        pattern(source, progress, &Regex::new("[a-z]{5}[0-9]", false).expect("an expression"));
    }),
    ("a value", |source, progress| question(source, progress, "x > 3 and x < 3.5")),
    ("a calculation", |source, progress| question(source, progress, "abs(x * 2 - 1) < 0.25")),
    ("statistics", stats),
    ("hashes and strings", |source, progress| {
        let all = Span::first(source.len());
        let _ =
            hash(source, all, &[algorithm("SHA-256").expect("an algorithm")], Tuning::default(), progress);
        if !progress.as_cancel().is_cancelled() {
            strings(source, progress);
        }
    }),
];

/// Prints both.
pub fn run() {
    if let Err(error) = figures() {
        println!("running: no figures, because {error}");
    }
}

fn figures() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("bytes");
    write_random(&path, LEN)?;
    let source = FileSource::open(&path)?;
    cancels(&source);
    frames(&source);
    Ok(())
}

/// Each scan is cancelled at another moment of its way.
fn cancels(source: &FileSource) {
    println!("running: {CANCELS} cancels of each scan; the longest until it returned");
    for (name, scan) in SCANS {
        let mut longest = Duration::ZERO;
        for turn in 0..CANCELS {
            let progress = Progress::default();
            std::thread::scope(|scope| {
                let worker = scope.spawn(|| scan(source, &progress));
                std::thread::sleep(Duration::from_millis(5 + 3 * turn));
                let begin = Instant::now();
                progress.cancel();
                let _ = worker.join();
                longest = longest.max(begin.elapsed());
            });
        }
        println!("  {name:28} {:6.1} ms", longest.as_secs_f64() * 1e3);
    }
}

fn frames(source: &FileSource) {
    let stops = AtomicBool::new(false);
    let all: Vec<Progress> = SCANS.iter().map(|_| Progress::default()).collect();
    std::thread::scope(|scope| {
        for ((_, scan), progress) in SCANS.iter().zip(&all) {
            scope.spawn(|| {
                while !stops.load(Ordering::Relaxed) {
                    scan(source, progress);
                }
            });
        }
        let mut window = Whole::new(64, &sample(143 * 64 * (PAGES + 1)));
        let (mut own, mut clock) = (Vec::new(), Vec::new());
        for frame in 0..FRAMES {
            let (begin, before) = (Instant::now(), thread_seconds());
            window.frame(frame * 5 % PAGES);
            own.push(thread_seconds() - before);
            clock.push(begin.elapsed().as_secs_f64());
            // As a display has it.
            std::thread::sleep(Duration::from_millis(5));
        }
        stops.store(true, Ordering::Relaxed);
        all.iter().for_each(Progress::cancel);
        let at = |times: &mut Vec<f64>, share: f64| {
            times.sort_by(f64::total_cmp);
            times[((times.len() - 1) as f64 * share) as usize] * 1e3
        };
        println!(
            "  {FRAMES} frames of the window at 4K while all scans run: p50 {:.2} ms, p99 {:.2} ms on the processor; by the clock p50 {:.2}, p99 {:.2} ms",
            at(&mut own, 0.5),
            at(&mut own, 0.99),
            at(&mut clock, 0.5),
            at(&mut clock, 0.99)
        );
    });
}

fn needle(bytes: &[u8]) -> Needle {
    Needle::exact(bytes).expect("a needle")
}

fn pattern(source: &FileSource, progress: &Progress, pattern: &dyn Pattern) {
    let (mut hits, _list) = recorder(Limit::default());
    Search::new(source, pattern, progress).find_all(Span::first(source.len()), &mut hits);
}

fn array(source: &FileSource) -> Array {
    let item = "<f4".parse().expect("a type");
    Array::new(item, 0, vec![source.len() / 4], MemoryOrder::C).expect("an array")
}

fn question(source: &FileSource, progress: &Progress, text: &str) {
    let array = array(source);
    let asked: Predicate = text.parse().expect("a question");
    let asked = asked.for_items(&array.item, &[]).expect("a question for floats");
    asked.search(source, &array, progress, &mut |_| ControlFlow::Continue(()));
}

fn stats(source: &FileSource, progress: &Progress) {
    let array = array(source);
    let bins = Some(Bins { count: 256, range: None });
    let all = StatisticsQuestion { percentiles: vec![1.0, 50.0, 99.0], bins, distinct: true, places: true };
    statistics(&ElementPass::new(source, &array, progress), &all, &mut |_| {});
}

fn strings(source: &FileSource, progress: &Progress) {
    let query = StringQuery {
        encodings: vec![Encoding::Utf8, Encoding::Utf16Le],
        least: 4,
        containing: String::new(),
    };
    let search = StringSearch { source, query: &query, render: None, progress, tuning: Tuning::default() };
    search.find(Span::first(source.len()), &mut |_, _| ControlFlow::Continue(()));
}
