//! Comparisons of 1 GiB in the page cache against `cmp` and NumPy's `isclose`, in one run, by turns; and the most memory
//! that the command needed.

use super::numpy::NumPy;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LEN: usize = 1 << 30;
const ROUNDS: usize = 3;
/// Insertions and deletions of the aligned comparison.
const EDITS: usize = 1000;

/// Prints what comparisons cost.
pub fn run() {
    if let Err(error) = figures() {
        println!("compare: no figures, because {error}");
    }
}

fn figures() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path();
    write_files(path)?;
    println!("compare: 1 GiB in the page cache; the least of {ROUNDS} by turns");
    // The files are in the page cache afterwards.
    let (mut equal, mut aligned, mut other, mut cmp) =
        (Least::new(), Least::new(), Least::new(), Least::new());
    for _ in 0..ROUNDS {
        equal.take(diff(path, &["a", "same"])?);
        cmp.take(timed(Command::new("cmp").args(["a", "same"]).current_dir(path))?);
        aligned.take(diff(path, &["a", "edited", "--align"])?);
        other.take(diff(path, &["a", "random", "--summary"])?);
    }
    let cmp = cmp.time;
    println!("  cmp, equal files          {:8.1} ms", ms(cmp));
    line("equal files", &equal, cmp);
    line("1,000 insertions, aligned", &aligned, cmp);
    line("random files, all counted", &other, cmp);
    elements(path)
}

fn line(name: &str, own: &Least, cmp: Duration) {
    let (times, mib) = (own.time.as_secs_f64() / cmp.as_secs_f64(), own.kib / 1024);
    println!("  {name:25} {:8.1} ms, {times:.2} times cmp's time, {mib} MiB at most", ms(own.time));
}

fn elements(path: &Path) -> io::Result<()> {
    let setup = format!(
        "a = np.fromfile({0:?}, '<f4'); b = np.fromfile({1:?}, '<f4')",
        path.join("f").to_string_lossy(),
        path.join("g").to_string_lossy()
    );
    let mut numpy = NumPy::open(&setup)?;
    let (mut own, mut theirs) = (Least::new(), f64::INFINITY);
    let mut counts = (String::new(), String::new());
    for _ in 0..ROUNDS {
        let asked = ["f", "g", "--dtype", "<f4", "--atol", "1e-6", "--rtol", "1e-5", "--summary"];
        own.take(diff(path, &asked)?);
        if let Some(numpy) = &mut numpy {
            let (seconds, count) =
                numpy.time("r = np.isclose(a, b, rtol=1e-5, atol=1e-6)", "int((~r).sum())")?;
            theirs = theirs.min(seconds);
            counts.1 = count;
        }
    }
    let output =
        pagelens(path, &["f", "g", "--dtype", "<f4", "--atol", "1e-6", "--rtol", "1e-5", "--summary"])
            .output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    counts.0 = text.lines().find_map(|line| line.strip_prefix("different\t")).unwrap_or_default().to_owned();
    if counts.0 != counts.1 && numpy.is_some() {
        return Err(io::Error::other(format!("we find {} elements, NumPy {}", counts.0, counts.1)));
    }
    println!(
        "  elements, 1 GiB of f32    {:8.1} ms, isclose {:.1} ms, {:.2} times ours; {} MiB at most",
        ms(own.time),
        theirs * 1e3,
        theirs / own.time.as_secs_f64(),
        own.kib / 1024
    );
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The least time of several, and the most memory.
struct Least {
    time: Duration,
    kib: u64,
}

impl Least {
    fn new() -> Self {
        Self { time: Duration::MAX, kib: 0 }
    }

    fn take(&mut self, (time, kib): (Duration, u64)) {
        self.time = self.time.min(time);
        self.kib = self.kib.max(kib);
    }
}

fn pagelens(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.arg("diff").args(arguments).current_dir(folder);
    command
}

fn diff(folder: &Path, arguments: &[&str]) -> io::Result<(Duration, u64)> {
    timed(&mut pagelens(folder, arguments))
}

/// How long a command takes, and its most memory in KiB, looked at every few milliseconds.
fn timed(command: &mut Command) -> io::Result<(Duration, u64)> {
    let begin = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut kib = 0;
    while child.try_wait()?.is_none() {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let most = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        kib = most.and_then(|most| most.split_whitespace().next()?.parse().ok()).unwrap_or(kib);
        std::thread::sleep(Duration::from_millis(2));
    }
    Ok((begin.elapsed(), kib))
}

fn write_files(folder: &Path) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(12);
    let mut bytes = vec![0; LEN];
    rng.fill(&mut bytes);
    std::fs::write(folder.join("a"), &bytes)?;
    std::fs::write(folder.join("same"), &bytes)?;
    let mut edited = BufWriter::new(File::create(folder.join("edited"))?);
    for (number, part) in bytes.chunks(LEN / EDITS + 1).enumerate() {
        match number % 2 {
            0 => edited.write_all(&part[rng.usize(1..100)..])?,
            _ => edited.write_all(&[part, &b"inserted bytes"[..]].concat())?,
        }
    }
    edited.flush()?;
    rng.fill(&mut bytes);
    std::fs::write(folder.join("random"), &bytes)?;
    let floats = |name: &str, noise: f32| -> io::Result<()> {
        let mut rng = fastrand::Rng::with_seed(13);
        let mut out = BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?);
        for _ in 0..LEN / 4 {
            let value = rng.f32() * 100.0;
            out.write_all(&(value + rng.f32() * noise).to_le_bytes())?;
        }
        out.flush()
    };
    floats("f", 0.0)?;
    floats("g", 1e-4)
}
