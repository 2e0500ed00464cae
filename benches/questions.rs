//! Questions about the elements of a gigabyte of floats in the page cache, against NumPy's `flatnonzero` over them in
//! memory, in one run.

use pagelens::bytes::SharedSource;
use pagelens::bytes::file::FileSource;
use pagelens::compute::Predicate;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

const COUNT: u64 = 1 << 28;
const ROUNDS: usize = 5;

/// Each question as pagelens and as NumPy has it, and what it finds; `x` are the floats. NumPy rounds a difference of
/// floats to a float, so the floats that a tolerance allows are counted with doubles.
const QUESTIONS: [(&str, Option<&str>, &str, &str); 3] = [
    (
        "3.14",
        Some("0.0001"),
        "np.flatnonzero(np.abs(x - np.float32(3.14)) <= np.float32(0.0001))",
        "np.flatnonzero(np.abs(x.astype('f8') - 3.14) <= 0.0001)",
    ),
    ("x > 3", None, "np.flatnonzero(x > 3)", "np.flatnonzero(x > 3)"),
    (
        "x > 3.99 and x < 4.01",
        None,
        "np.flatnonzero((x > np.float32(3.99)) & (x < np.float32(4.01)))",
        "np.flatnonzero((x > np.float32(3.99)) & (x < np.float32(4.01)))",
    ),
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
    let source: SharedSource = Arc::new(FileSource::open(&path)?);
    let item = "<f4".parse().map_err(io::Error::other)?;
    let array = Array::new(item, 0, vec![COUNT], MemoryOrder::C).map_err(io::Error::other)?;
    println!("questions: {COUNT} floats in the page cache; lowest of {ROUNDS}");
    for (text, tolerance, numpy, exact) in QUESTIONS {
        let question = match tolerance {
            Some(_) => Predicate::value(text, tolerance),
            None => text.parse(),
        };
        let question = question.map_err(io::Error::other)?.for_items(&array.item, &[]);
        let question = question.map_err(io::Error::other)?;
        let (mut own, mut found) = (f64::MAX, 0);
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            found = 0;
            let progress = Progress::default();
            question.search(&*source, &array, &progress, &mut |part| {
                found += part.hits.count();
                ControlFlow::Continue(())
            });
            own = own.min(begin.elapsed().as_secs_f64());
        }
        let speed = source.len() as f64 / f64::from(1 << 30) / own;
        let compared = match numpy_seconds(&path, numpy, exact)? {
            Some((other, same)) if same == found => {
                format!("NumPy {:6.0} ms, {:.1} times ours", other * 1e3, other / own)
            }
            Some((_, same)) => format!("NumPy FOUND {same}, NOT {found}"),
            None => String::from("NOT COMPARED: NumPy IS NOT IN $PAGELENS_ORACLE"),
        };
        println!("  {text:24} {found:10} found {:6.1} ms, {speed:4.1} GiB/s; {compared}", own * 1e3);
    }
    Ok(())
}

/// The lowest time of NumPy for the floats in memory, and how many there are; `None` without NumPy.
fn numpy_seconds(path: &Path, question: &str, exact: &str) -> io::Result<Option<(f64, u64)>> {
    let home = std::env::var_os("PAGELENS_ORACLE").map(PathBuf::from);
    let home = home.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle"));
    let python = home.join("bin/python3");
    if !python.exists() {
        return Ok(None);
    }
    let script = format!(
        "import sys, time, numpy as np\nx = np.fromfile(sys.argv[1], '<f4')\nbest = 1e9\nfor _ in range(3):\n    t = time.perf_counter()\n    {question}\n    best = min(best, time.perf_counter() - t)\nprint(best, len({exact}))"
    );
    let output = Command::new(python).arg("-c").arg(script).arg(path).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let mut words = text.split_whitespace();
    let seconds = words.next().and_then(|word| word.parse().ok());
    let found = words.next().and_then(|word| word.parse().ok());
    match seconds.zip(found) {
        Some(answer) => Ok(Some(answer)),
        None => Err(io::Error::other(format!("NumPy did not answer: {output:?}"))),
    }
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
