//! What a header costs: of a hundred thousand tensors against Python's `json.loads` of the same text, and of a huge
//! sparse file against that of a small one.

use crate::alloc;
use pagelens::bytes::file::FileSource;
use pagelens::formats::{Format, safetensors::Safetensors};
use pagelens::job::Progress;
use pagelens::session::arrays::tree::Tree;
use std::fmt::Write;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const TENSORS: u64 = 100_000;

/// Of so many runs the fastest counts.
const RUNS: usize = 9;

/// Times `json.loads` of the header of the file that is named.
const PYTHON: &str = "import json, sys, time
with open(sys.argv[1], 'rb') as file:
    header = file.read(int.from_bytes(file.read(8), 'little'))
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    json.loads(header)
    times.append(time.perf_counter() - start)
print(min(times))";

pub fn run() {
    for (what, part) in [("many tensors", many as fn() -> io::Result<()>), ("a sparse file", sparse)] {
        if let Err(error) = part() {
            println!("{what}: no figures, because {error}");
        }
    }
}

/// A file of so many tensors of equal size, as a model's, with holes for data; answers the bytes of its header.
fn file(path: &Path, tensors: u64, bytes: u64) -> io::Result<u64> {
    let side = bytes / tensors / 2;
    let mut text = String::from("{\"__metadata__\":{\"format\":\"pt\"}");
    for index in 0..tensors {
        let (layer, start) = (index / 7, index * side * 2);
        let _ = write!(
            text,
            ",\"model.layers.{layer}.self_attn.{}_proj.weight\":{{\"dtype\":\"BF16\",\"shape\":[{side}],\
             \"data_offsets\":[{start},{}]}}",
            ["q", "k", "v", "o", "gate", "up", "down"][(index % 7) as usize],
            start + side * 2
        );
    }
    text.push('}');
    let mut file = File::create(path)?;
    file.write_all(&(text.len() as u64).to_le_bytes())?;
    file.write_all(text.as_bytes())?;
    let header = text.len() as u64 + 8;
    file.set_len(header + tensors * side * 2)?;
    Ok(header)
}

/// The fastest reading of a header, and the most memory that one took.
fn read(path: &Path, tensors: u64) -> io::Result<(Duration, usize)> {
    let source = FileSource::open(path)?;
    let (mut best, mut peak) = (Duration::MAX, 0);
    for _ in 0..RUNS {
        let before = alloc::live();
        alloc::reset_peak();
        let start = Instant::now();
        let container = Safetensors.read(&source, path, &Progress::default()).map_err(io::Error::other)?;
        // What the panel shows of it, sorted and in groups.
        let tree = Tree::of(&container, &Progress::default());
        best = best.min(start.elapsed());
        peak = peak.max(alloc::peak() - before);
        if tree.lines().is_empty()
            || container.entries.len() as u64 != tensors
            || !container.findings.is_empty()
        {
            return Err(io::Error::other(format!(
                "not read as it was written: {:?}",
                container.findings.first()
            )));
        }
    }
    Ok((best, peak))
}

fn python() -> PathBuf {
    let oracle = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/oracle/bin/python3");
    if oracle.exists() { oracle } else { "python3".into() }
}

fn many() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("many.safetensors");
    let header = file(&path, TENSORS, GIB)?;
    let (ours, memory) = read(&path, TENSORS)?;
    let answer = Command::new(python()).arg("-c").arg(PYTHON).arg(&path).arg(RUNS.to_string()).output()?;
    let theirs: f64 = String::from_utf8_lossy(&answer.stdout).trim().parse().map_err(io::Error::other)?;
    println!(
        "header of {TENSORS} tensors, {:.1} MiB, read and made a tree of: {:.1} ms, json.loads {:.1} ms, ratio {:.2}; \
         peak memory {:.1} MiB, {:.2} times the header",
        header as f64 / MIB as f64,
        ours.as_secs_f64() * 1e3,
        theirs * 1e3,
        ours.as_secs_f64() / theirs,
        memory as f64 / MIB as f64,
        memory as f64 / header as f64,
    );
    Ok(())
}

fn sparse() -> io::Result<()> {
    const FEW: u64 = 2000;
    let folder = tempfile::tempdir()?;
    let mut times = Vec::new();
    for bytes in [MIB, 100 * GIB] {
        let path = folder.path().join("sparse.safetensors");
        file(&path, FEW, bytes)?;
        times.push(read(&path, FEW)?.0.as_secs_f64());
    }
    println!(
        "header of {FEW} tensors: {:.3} ms of a 1 MiB file, {:.3} ms of a 100 GiB sparse one, ratio {:.2}",
        times[0] * 1e3,
        times[1] * 1e3,
        times[1] / times[0]
    );
    Ok(())
}
