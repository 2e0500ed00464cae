//! Changed headers, read as the program reads them, by a process that may take 512 MiB of addresses: no panic, no abort.
//!
//! `PAGELENS_MUTATED` says how many; `scripts/mutated` reads 50,000 and holds each to its time as well.

use super::replay::{corpus, mutated};
use pagelens::cli;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Files that are read where nobody asks for more.
const FEW: u64 = 600;

/// Set for the process that reads: where it begins, how many files it reads.
const RANGE: &str = "PAGELENS_MUTATED_RANGE";

/// One process reads so many at most, since what it allocates is a test too.
const PART: u64 = 5_000;

fn wanted() -> u64 {
    std::env::var("PAGELENS_MUTATED").ok().and_then(|count| count.parse().ok()).unwrap_or(FEW)
}

#[test]
fn changed_headers_are_read_in_half_a_gigabyte() {
    let program = std::env::current_exe().expect("this program");
    let count = wanted();
    for start in (0..count).step_by(PART as usize) {
        let range = format!("{start} {}", PART.min(count - start));
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 524288 && exec \"$0\" --exact mutated::reads_its_range --nocapture --test-threads=1"])
            .arg(&program)
            .env(RANGE, &range)
            .stdin(Stdio::null())
            .output()
            .expect("run");
        let said = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{range}: {}\n{said}\n{errors}", output.status);
        let slowest = said.lines().find_map(|line| line.split_once("slowest: ")).expect("it says how long").1;
        println!("{range}: slowest: {slowest}");
    }
}

/// What the process does that has little memory; alone it does nothing.
#[test]
fn reads_its_range() {
    let Ok(range) = std::env::var(RANGE) else { return };
    let (start, count) = range.split_once(' ').expect("two numbers");
    let (start, count): (u64, u64) = (start.parse().expect("a number"), count.parse().expect("a number"));
    let files = corpus();
    let folder = tempfile::tempdir().expect("a folder");
    let mut slowest = (Duration::ZERO, String::new());
    for seed in start..start + count {
        let (name, bytes) = &files[usize::try_from(seed).expect("few") % files.len()];
        let outcome = std::panic::catch_unwind(|| read(folder.path(), name, bytes, seed));
        let Ok(took) = outcome else { panic!("seed {seed}, {name}") };
        if took > slowest.0 {
            slowest = (took, format!("seed {seed}, {name}"));
        }
    }
    println!("slowest: {:.3} s, {}", slowest.0.as_secs_f64(), slowest.1);
}

/// Runs three commands over a changed file; how long the slowest took.
fn read(folder: &Path, name: &str, bytes: &[u8], seed: u64) -> Duration {
    let mut rng = fastrand::Rng::with_seed(seed);
    let path = folder.join(name);
    std::fs::write(&path, mutated(bytes, &mut rng)).expect("written");
    // Every third is made long by a hole, so that what it claims is there.
    if rng.u8(..3) == 0 {
        let len = 1_u64 << rng.u32(12..35);
        let file = std::fs::File::options().write(true).open(&path).expect("open");
        if file.metadata().expect("known").len() < len {
            file.set_len(len).expect("a hole");
        }
    }
    let mut slowest = Duration::ZERO;
    let mut begun = Instant::now();
    let mut lap = || {
        let now = Instant::now();
        slowest = slowest.max(now - std::mem::replace(&mut begun, now));
        slowest
    };
    for json in [false, true] {
        let outcome =
            cli::arrays::run(&cli::arrays::ArraysOptions { file: path.clone(), json }, &mut std::io::sink());
        assert!(outcome.code <= cli::NOT_FOUND);
        lap();
    }
    let first =
        cli::get::GetOptions { file: path.clone(), slice: Some("[0]".to_owned()), ..Default::default() };
    assert!(cli::get::run(&first, &mut std::io::sink()).code <= cli::NOT_FOUND);
    let slowest = lap();
    std::fs::remove_file(path).expect("removed");
    slowest
}
