//! The real window, started on a desktop of its own: how soon a file is seen, and what browsing costs in memory.

#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/window/display.rs"]
mod display;
#[allow(dead_code, reason = "the tests use more of it")]
#[path = "../tests/window/picture.rs"]
mod picture;

use display::Display;
use std::fs::File;
use std::path::Path;

const STARTS: usize = 20;
const RUNS: usize = 5;
const JUMPS: u32 = 1000;

pub fn run() {
    if !cfg!(target_os = "linux") {
        println!("skipped: needs Xvfb");
        return;
    }
    let display = Display::start();
    let (large, small) = (display.path("1TiB.bin"), display.path("64KiB.bin"));
    sparse(&large, 1 << 40);
    sparse(&small, 64 << 10);
    starts(&display, &large, &small);
    memory(&display, &large);
}

fn sparse(path: &Path, len: u64) {
    let made = File::create(path).and_then(|file| file.set_len(len));
    made.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// Start of the process to the first frame with every visible byte.
fn starts(display: &Display, large: &Path, small: &Path) {
    let (mut of_large, mut of_small) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        of_large.push(probe(display, Some(large), 0).first_frame_ms);
        of_small.push(probe(display, Some(small), 0).first_frame_ms);
    }
    let (large, small) = (median(&mut of_large), median(&mut of_small));
    println!(
        "first whole frame: 1 TiB {large:.1} ms, 64 KiB {small:.1} ms, ratio {:.3} (to reach: 1.1)",
        large / small
    );
}

/// Memory after random jumps, over that of an empty window.
fn memory(display: &Display, large: &Path) {
    let (mut browsed, mut empty, mut faults) = (Vec::new(), Vec::new(), 0.0);
    for _ in 0..RUNS {
        empty.push(probe(display, None, 0).rss_kib);
        let figures = probe(display, Some(large), JUMPS);
        browsed.push(figures.rss_kib);
        faults += figures.major_faults;
    }
    let (browsed, empty) = (median(&mut browsed) / 1024.0, median(&mut empty) / 1024.0);
    println!(
        "VmRSS after {JUMPS} jumps through 1 TiB: {browsed:.1} MiB, empty window {empty:.1} MiB, {:.1} MiB more (to reach: 24)",
        browsed - empty
    );
    println!("major page faults of the window's thread in {RUNS} such runs: {faults}");
}

struct Figures {
    first_frame_ms: f64,
    rss_kib: f64,
    major_faults: f64,
}

/// Runs the program until it has measured itself.
fn probe(display: &Display, file: Option<&Path>, jumps: u32) -> Figures {
    let state = display.path("state");
    let _ = std::fs::remove_dir_all(&state);
    let mut command = display.command(env!("CARGO_BIN_EXE_pagelens"));
    command.arg("--probe").arg(jumps.to_string()).args(file);
    let output = command.output().unwrap_or_else(|error| panic!("the program does not start: {error}"));
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    let figure = |name: &str| {
        let at = words.find(name).unwrap_or_else(|| panic!("no {name} in: {words}"));
        let rest = &words[at + name.len()..];
        let number = rest.split_whitespace().next().unwrap_or_default();
        number.parse().unwrap_or_else(|_| panic!("{name}{number} is no number"))
    };
    Figures {
        first_frame_ms: figure("first_frame_ms="),
        rss_kib: figure("rss_kib="),
        major_faults: figure("major_faults="),
    }
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
