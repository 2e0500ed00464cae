//! Pictures of planes in the page cache, against NumPy's reductions of blocks.
//!
//! What is compared: the greatest value and the mean of the bins of a plane of 16,384 × 16,384 32-bit floats in a picture
//! of 1,920 × 1,080 pixels, on all cores, and in a Python that goes on running `reshape` and two reductions over an
//! `np.memmap` of the same file, by turns, the lowest of each. NumPy's blocks have to be of one size, so it leaves out
//! the last rows and columns. A stack of planes is one picture after another, with its colours.

use crate::numpy::NumPy;
use pagelens::analysis::binned::{BinShape, BinValues, PlaneBins, bin_plane};
use pagelens::analysis::elements::ElementPass;
use pagelens::bytes::file::FileSource;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use pagelens::pictures::{ImagePlane, ImageQuestion};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::time::Instant;

const SIDE: usize = 16_384;
const HEIGHT: usize = 1080;
const WIDTH: usize = 1920;
const ROUNDS: usize = 3;
/// A stack of planes.
const STACK: [u64; 3] = [600, 1024, 512];

/// Prints what pictures cost.
pub fn run() {
    if let Err(error) = plane().and_then(|()| stack()) {
        println!("pictures: no figures, because {error}");
    }
}

fn plane() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("plane");
    write_plane(&path)?;
    println!("pictures: {SIDE} × {SIDE} floats in the page cache; lowest of {ROUNDS} by turns");
    let source = FileSource::open(&path)?;
    let item = "<f4".parse().map_err(io::Error::other)?;
    let side = SIDE as u64;
    let array = Array::new(item, 0, vec![side, side], MemoryOrder::C).map_err(io::Error::other)?;
    let shape = BinShape { height: HEIGHT, width: WIDTH, last_row: side, fill: None };
    let setup = format!("x = np.memmap({path:?}, '<f4', 'r', shape=({SIDE}, {SIDE}))");
    let mut numpy = NumPy::open(&setup)?;
    let (down, across) = (SIDE / HEIGHT, SIDE / WIDTH);
    let blocks = format!(
        "b = x[:{}, :{}].reshape({HEIGHT}, {down}, {WIDTH}, {across})",
        HEIGHT * down,
        WIDTH * across
    );
    let rows = [
        (
            "max and mean",
            BinValues { max: true, min: false, mean: true },
            "r = (b.max((1, 3)), b.mean((1, 3)))",
        ),
        ("max", BinValues { max: true, min: false, mean: false }, "r = (b.max((1, 3)),)"),
        ("mean", BinValues { max: false, min: false, mean: true }, "r = (b.mean((1, 3)),)"),
    ];
    for (name, wanted, reduced) in rows {
        let (mut own, mut theirs) = (f64::INFINITY, f64::INFINITY);
        for _ in 0..ROUNDS {
            let begun = Instant::now();
            let mut bins = PlaneBins::new(HEIGHT, WIDTH, wanted);
            let progress = Progress::default();
            bin_plane(&ElementPass::new(&source, &array, &progress), shape, wanted, &mut |row| bins.add(row));
            own = own.min(begun.elapsed().as_secs_f64());
            if let Some(numpy) = &mut numpy {
                theirs = theirs.min(numpy.time(&format!("{blocks}; {reduced}"), "float(r[0][0, 0])")?.0);
            }
        }
        println!("  {name:<14} {:>7.1} ms, NumPy {:>7.1} ms: {:.1} ×", own * 1e3, theirs * 1e3, theirs / own);
    }
    Ok(())
}

fn write_plane(path: &Path) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let mut random = fastrand::Rng::with_seed(1);
    let row: Vec<f32> = (0..2 * SIDE).map(|_| random.f32() - 0.5).collect();
    for _ in 0..SIDE {
        let from = random.usize(..SIDE);
        out.write_all(bytemuck::cast_slice(&row[from..from + SIDE]))?;
    }
    out.flush()
}

fn stack() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("stack");
    let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    let mut random = fastrand::Rng::with_seed(2);
    let plane: Vec<i16> = (0..STACK[1] * STACK[2]).map(|_| random.i16(..)).collect();
    for _ in 0..STACK[0] {
        out.write_all(bytemuck::cast_slice(&plane))?;
    }
    out.flush()?;
    let source = FileSource::open(&path)?;
    let item = "<i2".parse().map_err(io::Error::other)?;
    let array = Array::new(item, 0, STACK.to_vec(), MemoryOrder::C).map_err(io::Error::other)?;
    let mut before = None;
    let mut times = Vec::new();
    for at in 0..200 {
        let plane = ImagePlane::crossed(&array, (1, 2), &[at, 0, 0], false);
        let question = ImageQuestion::all(array.clone(), plane, (1024, 1024));
        let begun = Instant::now();
        let answer = question.answer(&source, before.as_ref(), &Progress::default(), &mut |_| {});
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        before = answer;
    }
    // The first one finds the range of the whole stack.
    let first = times.remove(0);
    times.sort_unstable_by(f64::total_cmp);
    println!(
        "  a plane of {STACK:?} int16 as pixels: median {:.2} ms, slowest {:.2} ms; the first with the range {first:.1} ms",
        times[times.len() / 2],
        times[times.len() - 1]
    );
    Ok(())
}
