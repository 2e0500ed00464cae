//! New values for a gigabyte of elements, against NumPy.
//!
//! What is compared: the process `pagelens set FILE [...] EXPRESSION`, from its start until the new file is synced, has
//! taken the place of the old one and was read back, and in a Python that goes on running the same calculation in an
//! `np.memmap` of another copy, its flush and an fsync, which overwrites the old values in place and could lose both. By
//! turns, each round on fresh copies that were synced; the lowest of each. Also `cp` of the file and a sync of the copy, the
//! plainest way to a new file. Without saving: `apply_unkept`, which calculates
//! all values from the file in the page cache and keeps none, on all cores, against NumPy's result in memory.

use crate::common::seconds_of;
use crate::numpy::NumPy;
use pagelens::bytes::SharedSource;
use pagelens::bytes::file::FileSource;
use pagelens::compute::{Operation, apply_unkept};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Instant;

const LEN: u64 = 1 << 30;
const ROUNDS: usize = 3;

/// The type of the elements, the expression, and the same in NumPy, in place and in memory.
const CALCULATIONS: [[&str; 4]; 2] = [
    [
        "f4",
        "x * 2 + 1",
        "np.multiply(a, np.float32(2), out=a); np.add(a, np.float32(1), out=a)",
        "r = m * 2 + 1",
    ],
    ["u1", "x ^ 1", "np.bitwise_xor(a, 1, out=a)", "r = m ^ 1"],
];

/// Prints what calculations cost.
pub fn run() {
    if let Err(error) = figures() {
        println!("calculations: no figures, because {error}");
    }
}

fn figures() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let [base, own, other, plain] = ["base", "own", "other", "plain"].map(|name| folder.path().join(name));
    write_floats(&base)?;
    println!("calculations: 1 GiB in the page cache; lowest of {ROUNDS} by turns");
    for [dtype, expression, in_place, in_memory] in CALCULATIONS {
        let setup = format!("import os\nm = np.fromfile({base:?}, {dtype:?})\npath = {other:?}");
        let mut numpy = NumPy::open(&setup)?;
        let save = format!(
            "a = np.memmap(path, {dtype:?}, 'r+'); {in_place}; a.flush(); r = os.open(path, os.O_RDWR); os.fsync(r); del a"
        );
        let mut times = [[f64::MAX; 2]; 2];
        let mut copy = f64::MAX;
        for _ in 0..ROUNDS {
            fresh(&base, &own)?;
            times[0][0] = times[0][0].min(set(&own, dtype, expression)?);
            copy = copy.min(copied(&base, &plain)?);
            times[1][0] = times[1][0].min(calculated(&base, dtype, expression)?);
            if let Some(numpy) = numpy.as_mut() {
                fresh(&base, &other)?;
                times[0][1] = times[0][1].min(numpy.time(&save, "os.close(r)")?.0);
                times[1][1] = times[1][1].min(numpy.time(in_memory, "r.size")?.0);
            }
        }
        if numpy.is_none() {
            println!("  NOT COMPARED: NumPy IS NOT IN $PAGELENS_ORACLE");
        } else if !is_same(&own, &other)? {
            println!("  {expression} of {dtype}: THE FILES DIFFER");
        }
        let saved = times[0][0];
        println!(
            "  {expression} of {dtype}, saved: {:.2} times cp and a sync ({:.0} ms)",
            saved / copy,
            copy * 1e3
        );
        for (what, [own, other]) in ["saved", "not saved"].into_iter().zip(times) {
            println!(
                "  {expression} of {dtype}, {what:9} {:7.0} ms; NumPy {:7.0} ms, {:.2} times ours",
                own * 1e3,
                other * 1e3,
                other / own
            );
        }
    }
    Ok(())
}

/// A copy that is on the disk.
fn fresh(base: &Path, copy: &Path) -> io::Result<()> {
    std::fs::copy(base, copy)?;
    File::open(copy)?.sync_all()
}

/// How long `cp` to a new file takes, and a sync of that.
fn copied(base: &Path, copy: &Path) -> io::Result<f64> {
    let begin = Instant::now();
    let status = Command::new("cp").arg(base).arg(copy).status()?;
    File::open(copy)?.sync_all()?;
    let seconds = begin.elapsed().as_secs_f64();
    std::fs::remove_file(copy)?;
    if status.success() { Ok(seconds) } else { Err(io::Error::other("cp failed")) }
}

fn set(path: &Path, dtype: &str, expression: &str) -> io::Result<f64> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.arg("set").arg(path).args(["--dtype", dtype, "[...]", expression]);
    seconds_of(&mut command)
}

fn calculated(path: &Path, dtype: &str, expression: &str) -> io::Result<f64> {
    let source: SharedSource = Arc::new(FileSource::open(path)?);
    let item = dtype.parse::<pagelens::decode::dtype::ItemType>().map_err(io::Error::other)?;
    let count = LEN / item.group_bytes();
    let array = Array::new(item, 0, vec![count], MemoryOrder::C).map_err(io::Error::other)?;
    let operation: Operation = expression.parse().map_err(io::Error::other)?;
    let begin = Instant::now();
    apply_unkept(&source, &array, &operation, &[], &Progress::default()).map_err(io::Error::other)?;
    Ok(begin.elapsed().as_secs_f64())
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut a, mut b) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    for _ in 0..LEN >> 20 {
        one.read_exact(&mut a)?;
        other.read_exact(&mut b)?;
        if a != b {
            return Ok(false);
        }
    }
    Ok(true)
}

fn write_floats(path: &Path) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for _ in 0..LEN / 4 {
        file.write_all(&(rng.f32() - 0.5).to_le_bytes())?;
    }
    file.into_inner()?.sync_all()
}
