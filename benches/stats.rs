//! Statistics of a gigabyte of floats and of a checkpoint in the page cache, against NumPy.
//!
//! What is compared: `statistics` over the open file, on all cores, and in a Python that goes on running NumPy's calls for
//! the same numbers over an `np.memmap` of the file, by turns, the lowest of each. Counts, extremes, mean, deviation and
//! NaN are also compared with a plain read of the file over all cores. A checkpoint has 300 tensors in bfloat16, which
//! NumPy first makes 32-bit floats, tensor by tensor, since it has no fast way of its own for them.

use crate::alloc;
use crate::numpy::NumPy;
use pagelens::analysis::PassEnd;
use pagelens::analysis::elements::ElementPass;
use pagelens::analysis::stats::{
    Bins, Statistics, StatisticsQuestion, measure_each, statistics, tuning_beside_others,
};
use pagelens::bytes::Source;
use pagelens::bytes::file::FileSource;
use pagelens::decode::Number;
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::job::Progress;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

const COUNT: u64 = 1 << 28;
const ROUNDS: usize = 3;
const TENSORS: u64 = 300;
/// Elements of a tensor: all of them take 2 GB.
const TENSOR: u64 = 3_333_333;
const PERCENTILES: [f64; 7] = [1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0];

/// Prints what statistics cost.
pub fn run() {
    if let Err(error) = floats().and_then(|()| checkpoint()) {
        println!("stats: no figures, because {error}");
    }
}

fn floats() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("floats");
    write_floats(&path)?;
    println!("stats: {COUNT} floats in the page cache; lowest of {ROUNDS} by turns");
    let mut numpy = NumPy::open(&format!("x = np.memmap({path:?}, '<f4', 'r')"))?;
    let source = FileSource::open(&path)?;
    let item = "<f4".parse().map_err(io::Error::other)?;
    let array = Array::new(item, 0, vec![COUNT], MemoryOrder::C).map_err(io::Error::other)?;
    let plain = StatisticsQuestion::default();
    let bins = StatisticsQuestion { bins: Some(Bins { count: 256, range: None }), ..plain.clone() };
    let ranks = StatisticsQuestion { percentiles: PERCENTILES.to_vec(), ..plain.clone() };
    let median = StatisticsQuestion { percentiles: vec![50.0], ..plain.clone() };
    let all = "r = (x.size, x.min(), x.max(), x.mean(), x.std(), np.count_nonzero(np.isnan(x)))";
    let percentiles = format!("r = np.percentile(x, {PERCENTILES:?})");
    let rows: [(&str, &StatisticsQuestion, &str, &str); 4] = [
        ("count, min, max, mean, std, NaN", &plain, all, "float(r[1]), float(r[2])"),
        ("a histogram of 256 bins", &bins, "r = np.histogram(x, 256)", "r[0].sum(), r[0].max()"),
        ("seven percentiles", &ranks, &percentiles, "[float(value) for value in r]"),
        ("the median", &median, "r = np.percentile(x, 50)", "float(r)"),
    ];
    let read = crate::reading::plain_read(&path, ROUNDS)?;
    for (what, question, asked, shown) in rows {
        let (mut own, mut other, mut answer) = (f64::MAX, f64::MAX, String::new());
        let mut known = Statistics::default();
        alloc::reset_peak();
        let before = alloc::live();
        for _ in 0..ROUNDS {
            let begin = Instant::now();
            known = stats(&source, &array, question)?;
            own = own.min(begin.elapsed().as_secs_f64());
            if let Some(numpy) = numpy.as_mut() {
                let (seconds, shown) = numpy.time(asked, shown)?;
                (other, answer) = (other.min(seconds), shown);
            }
        }
        let memory = (alloc::peak() - before) as f64 / f64::from(1 << 20);
        let ratio = if numpy.is_some() {
            format!("{:.1} times ours", other / own)
        } else {
            "NOT COMPARED".to_owned()
        };
        println!(
            "  {what}: {:.1} ms, {:.2} plain reads, {memory:.1} MiB; NumPy {:.0} ms, {ratio}",
            own * 1e3,
            own / read,
            other * 1e3
        );
        println!("    ours {}; NumPy {answer}", shortly(&known));
    }
    println!("  a plain read over all cores: {:.1} ms", read * 1e3);
    Ok(())
}

/// What NumPy's answer is to be compared with.
fn shortly(known: &Statistics) -> String {
    let value =
        |extremum: Option<pagelens::analysis::stats::Extremum>| match extremum.map(|found| found.value) {
            Some(Number::Float(value)) => value,
            _ => f64::NAN,
        };
    if let Some(histogram) = &known.histogram {
        let (sum, most) = (histogram.counts.iter().sum::<u64>(), histogram.counts.iter().max());
        return format!("({sum}, {})", most.copied().unwrap_or(0));
    }
    if known.percentiles.is_empty() {
        return format!("({}, {})", value(known.least), value(known.greatest));
    }
    format!("{:?}", known.percentiles.iter().map(|(_, value)| *value).collect::<Vec<_>>())
}

fn stats(source: &dyn Source, array: &Array, question: &StatisticsQuestion) -> io::Result<Statistics> {
    let progress = Progress::default();
    let (known, end) = statistics(&ElementPass::new(source, array, &progress), question, &mut |_| {});
    if end == PassEnd::Complete && known.lost == 0 {
        Ok(known)
    } else {
        Err(io::Error::other("not all was read"))
    }
}

/// All tensors of a checkpoint, as `pagelens stats` and the window measure them.
fn checkpoint() -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("checkpoint");
    write_checkpoint(&path)?;
    let source = FileSource::open(&path)?;
    let item = "bf16".parse::<pagelens::decode::dtype::ItemType>().map_err(io::Error::other)?;
    let mut numpy =
        NumPy::open(&format!("import ml_dtypes\nx = np.memmap({path:?}, ml_dtypes.bfloat16, 'r')"))?;
    let each = "(t.size, t.min(), t.max(), t.mean(), t.std(), np.count_nonzero(np.isnan(t)), np.count_nonzero(t == 0))";
    let tensors = format!("(x[{TENSOR} * n:{TENSOR} * (n + 1)].astype('f4') for n in range({TENSORS}))");
    let asked = format!("r = [{each} for t in {tensors}]");
    let (mut own, mut other, mut answer, mut nan) = (f64::MAX, f64::MAX, String::new(), 0);
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        nan = 0;
        let arrays: Result<Vec<Array>, _> = (0..TENSORS)
            .map(|number| Array::new(item.clone(), number * TENSOR * 2, vec![TENSOR], MemoryOrder::C))
            .collect();
        let arrays = arrays.map_err(io::Error::other)?;
        let progress = Progress::default();
        let measure = |array: &Array, (): &mut ()| {
            let tuning = tuning_beside_others(TENSOR * 2);
            let pass = ElementPass { tuning, ..ElementPass::new(&source, array, &progress) };
            statistics(&pass, &StatisticsQuestion::default(), &mut |_| {})
        };
        let mut each = arrays.iter();
        let end = measure_each(&mut each, progress.as_cancel(), &measure, &mut |(known, end)| {
            assert_eq!(end, PassEnd::Complete);
            nan += known.nan;
            ControlFlow::Continue(())
        });
        assert_eq!(end, PassEnd::Complete);
        own = own.min(begin.elapsed().as_secs_f64());
        if let Some(numpy) = numpy.as_mut() {
            let (seconds, shown) = numpy.time(&asked, "sum(t[5] for t in r)")?;
            (other, answer) = (other.min(seconds), shown);
        }
    }
    println!(
        "  {TENSORS} tensors of bfloat16, 2 GB: {:.0} ms, {nan} NaN; NumPy {:.0} ms, {answer} NaN, {:.1} times ours",
        own * 1e3,
        other * 1e3,
        other / own
    );
    Ok(())
}

/// The sums of twelve random numbers are nearly a normal distribution; here of four.
fn write_floats(path: &Path) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for _ in 0..COUNT {
        let bits = rng.u64(..).to_le_bytes();
        let sum: f32 = bits.as_chunks::<2>().0.iter().map(|part| f32::from(u16::from_le_bytes(*part))).sum();
        file.write_all(&(sum / 32768.0 - 4.0).to_le_bytes())?;
    }
    file.into_inner()?.sync_all()
}

/// Weights as those of a model, and a NaN in one of the tensors.
fn write_checkpoint(path: &Path) -> io::Result<()> {
    let mut rng = fastrand::Rng::with_seed(2);
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    for number in 0..TENSORS * TENSOR {
        let bits = rng.u64(..).to_le_bytes();
        let sum: f32 = bits.as_chunks::<2>().0.iter().map(|part| f32::from(u16::from_le_bytes(*part))).sum();
        let value = if number == 217 * TENSOR + 1234 { f32::NAN } else { (sum / 32768.0 - 4.0) * 0.02 };
        file.write_all(&half::bf16::from_f32(value).to_le_bytes())?;
    }
    file.into_inner()?.sync_all()
}
