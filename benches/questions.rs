//! Questions about the elements of a gigabyte of floats in the page cache, against NumPy's `flatnonzero`.
//!
//! What is compared: `ArrayQuestion::search` over the open file, until each hit is known by a bit in the answer, on all
//! cores; and in a Python that goes on running `np.flatnonzero(QUESTION)` over an `np.memmap` of the same file, which makes
//! an array of indices, on one core, as NumPy does. Both by turns, the lowest of each. Neither pays for a start. Questions
//! that find few are rows of their own: there NumPy has no indices to write, and the ratio can't be more than that of its
//! time to a read of the memory, which is printed first. Two rows at the end compare whole processes: `pagelens find
//! --count` and a Python that imports NumPy, maps the file and prints the number.

use crate::common::seconds_of;
use crate::numpy::{NumPy, python};
use pagelens::bytes::SharedSource;
use pagelens::bytes::file::FileSource;
use pagelens::compute::Predicate;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

const COUNT: u64 = 1 << 28;
const ROUNDS: usize = 5;

/// A question as pagelens and as NumPy has it; `x` are the floats. NumPy rounds a difference of floats to a float, so what
/// a tolerance allows is counted by its ends.
struct BenchQuestion {
    text: &'static str,
    tolerance: Option<&'static str>,
    numpy: &'static str,
    /// The same, where NumPy rounds otherwise.
    exact: Option<&'static str>,
}

const QUESTIONS: [BenchQuestion; 6] = [
    BenchQuestion {
        text: "3.14",
        tolerance: Some("0.0001"),
        numpy: "np.abs(x - np.float32(3.14)) <= np.float32(0.0001)",
        exact: Some("(x >= np.float32(3.1399)) & (x <= np.float32(3.1401))"),
    },
    BenchQuestion { text: "x > 3", tolerance: None, numpy: "x > 3", exact: None },
    BenchQuestion { text: "x > 4.99", tolerance: None, numpy: "x > np.float32(4.99)", exact: None },
    BenchQuestion {
        text: "x > 3.99 and x < 4.01",
        tolerance: None,
        numpy: "(x > np.float32(3.99)) & (x < np.float32(4.01))",
        exact: None,
    },
    BenchQuestion {
        text: "x < 1e-7 or x > 4.9",
        tolerance: None,
        numpy: "(x < np.float32(1e-7)) | (x > np.float32(4.9))",
        exact: None,
    },
    BenchQuestion { text: "x * 2 > 9.5", tolerance: None, numpy: "x * 2 > np.float32(9.5)", exact: None },
];

/// Prints what questions cost.
pub fn run() {
    if let Err(error) = questions() {
        println!("questions: no figures, because {error}");
    }
}

fn questions() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("floats");
    write_floats(&path)?;
    println!("questions: {COUNT} floats in the page cache; lowest of {ROUNDS} by turns");
    let read = crate::reading::plain_read(&path, ROUNDS)?;
    println!("  a plain read over all cores {:6.1} ms", read * 1e3);
    let mut numpy = NumPy::open(&format!("x = np.memmap({path:?}, '<f4', 'r')"))?;
    for question in QUESTIONS {
        against_numpy(&path, &question, numpy.as_mut())?;
    }
    drop(numpy);
    for question in &QUESTIONS[..3] {
        processes(&path, question)?;
    }
    Ok(())
}

fn against_numpy(path: &Path, question: &BenchQuestion, mut numpy: Option<&mut NumPy>) -> io::Result<()> {
    let source: SharedSource = Arc::new(FileSource::open(path)?);
    let item = "<f4".parse().map_err(io::Error::other)?;
    let array = Array::new(item, 0, vec![COUNT], MemoryOrder::C).map_err(io::Error::other)?;
    let BenchQuestion { text, tolerance, .. } = question;
    let asked = match tolerance {
        Some(_) => Predicate::value(text, *tolerance),
        None => text.parse(),
    };
    let asked = asked.map_err(io::Error::other)?.for_items(&array.item, &[]).map_err(io::Error::other)?;
    let (mut own, mut other, mut found) = (f64::MAX, f64::MAX, 0);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        found = 0;
        let progress = Progress::default();
        asked.search(&*source, &array, &progress, &mut |part| {
            found += part.hits.count();
            ControlFlow::Continue(())
        });
        own = own.min(begin.elapsed().as_secs_f64());
        if let Some(numpy) = numpy.as_mut() {
            other = other.min(numpy.time(&format!("r = np.flatnonzero({})", question.numpy), "len(r)")?.0);
        }
    }
    let speed = source.len() as f64 / f64::from(1 << 30) / own;
    let exact = question.exact.unwrap_or(question.numpy);
    let same = match numpy.as_mut() {
        Some(numpy) => Some(numpy.time(&format!("r = np.count_nonzero({exact})"), "r")?.1),
        None => None,
    };
    let compared = match same {
        Some(same) if same == found.to_string() => {
            format!("NumPy {:6.0} ms, {:.1} times ours", other * 1e3, other / own)
        }
        Some(same) => format!("NumPy FOUND {same}, NOT {found}"),
        None => String::from("NOT COMPARED: NumPy IS NOT IN $PAGELENS_ORACLE"),
    };
    let text = format!("{text}{}", tolerance.map(|by| format!(" ± {by}")).unwrap_or_default());
    println!("  {text:24} {found:10} found {:6.1} ms, {speed:4.1} GiB/s; {compared}", own * 1e3);
    Ok(())
}

/// Whole processes, from their start to the number that they print.
fn processes(path: &Path, question: &BenchQuestion) -> io::Result<()> {
    let Some(python) = python() else { return Ok(()) };
    let script = format!(
        "import numpy as np\nx = np.memmap({path:?}, '<f4', 'r')\nprint(len(np.flatnonzero({})))",
        question.numpy
    );
    let (mut own, mut other) = (f64::MAX, f64::MAX);
    for _ in 0..ROUNDS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
        command.arg("find").arg(path).args(["--dtype", "f4", "--count"]);
        match question.tolerance {
            Some(by) => command.args(["--value", question.text, "--tolerance", by]),
            None => command.args(["--where", question.text]),
        };
        own = own.min(seconds_of(&mut command)?);
        other = other.min(seconds_of(Command::new(&python).arg("-c").arg(&script))?);
    }
    let text = question.text;
    println!(
        "  {text:24} whole processes {:6.1} ms; Python {:6.0} ms, {:.1} times ours",
        own * 1e3,
        other * 1e3,
        other / own
    );
    Ok(())
}

/// Floats from 0 to 5 of which a few in a thousand are in each hundredth.
fn write_floats(path: &Path) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for _ in 0..COUNT {
        // Most are small, so that not every other one is found.
        file.write_all(&(rng.f32() * rng.f32() * 5.0).to_le_bytes())?;
    }
    file.into_inner()?.sync_all()
}
