//! `pagelens stats FILE[::ARRAY] [SLICE]`: statistics of an array, of a part of it, or of all arrays of a container.

mod text;

use super::raw::Raw;
use super::target::{PartBytes, Target, container, entry_of, find, open_file};
use super::{CommandError, FAILED, Outcome};
use crate::analysis::stats::{
    AxisLines, Bins, Statistics, StatisticsQuestion, measure_each, statistics, tuning_beside_others,
};
use crate::analysis::{ElementPass, PassEnd, Tuning};
use crate::bytes::Source;
use crate::bytes::open::Opened;
use crate::decode::array::{Array, tuple};
use crate::decode::dtype::ItemType;
use crate::escape::PathText;
use crate::formats::{Container, Format};
use crate::job::{Cancel, Progress};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

#[derive(clap::Args, Debug, Default)]
pub struct StatsOptions {
    /// The file, then :: and the name of an array in it; without a name all arrays, a row each
    #[arg(value_name = "FILE[::ARRAY]")]
    pub file: PathBuf,

    /// The part to look at, as in Python: '[0, :, ::2]'; without it, the whole array
    #[arg(allow_hyphen_values = true)]
    pub slice: Option<String>,

    #[command(flatten)]
    pub raw: Raw,

    /// Statistics along this axis, as NumPy's axis=N: a row for each index of the other axes
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub axis: Option<i64>,

    /// Percentiles from 0 to 100, divided by commas
    #[arg(long, value_name = "P,…", value_delimiter = ',')]
    pub percentiles: Vec<f64>,

    /// Bins of the histogram, which has the edges of np.histogram for float64; 0 for none
    #[arg(long, value_name = "N")]
    pub bins: Option<usize>,

    /// JSON: one object for an array, a list of objects for several arrays or an axis
    #[arg(long)]
    pub json: bool,
}

/// Percentiles of one array when no others are asked for.
const PERCENTILES: [f64; 9] = [0.1, 1.0, 5.0, 25.0, 50.0, 75.0, 95.0, 99.0, 99.9];
const MOST_PERCENTILES: usize = 1000;

/// Bins when no other number is asked for: NumPy's.
const BINS: usize = 10;
const MOST_BINS: usize = 1_000_000;

/// Rows of an axis without elements.
const MOST_EMPTY_ROWS: u64 = 1_000_000;

/// The statistics of one array, of a part of it, or of one index of the other axes.
struct Row {
    name: String,
    dtype: String,
    shape: Vec<u64>,
    /// Statistics, or why there are none.
    known: Result<Statistics, String>,
}

/// Writes what is asked for to `out`.
pub fn run(options: &StatsOptions, out: &mut dyn Write) -> Outcome {
    let mut notes = Vec::new();
    let mut outcome = Outcome::from(all(options, out, &mut notes));
    if outcome.code == 0 && notes.iter().any(|(is_failure, _)| *is_failure) {
        outcome.code = FAILED;
    }
    outcome.errors.splice(0..0, notes.into_iter().map(|(_, note)| note));
    outcome
}

/// Whether it is a failure, and what is to be said.
type Notes = Vec<(bool, String)>;

fn all(options: &StatsOptions, out: &mut dyn Write, notes: &mut Notes) -> Result<(), CommandError> {
    check(options)?;
    if let Some(several) = several(options)? {
        let rows = several.rows(&wanted(options, false), notes);
        return written(if options.json { text::json_list(&rows, out) } else { text::table(&rows, out) });
    }
    let mut target = find(&options.file, &options.raw)?;
    notes.extend(target.notes.drain(..).map(|note| (false, note)));
    let PartBytes { source, array, damage } =
        target.bytes_of(target.slice(options.slice.as_deref())?.array)?;
    notes.extend(damage.map(|damage| (true, damage)));
    notes.extend(fields_note(&target, &array).map(|note| (false, note)));
    let Some(axis) = options.axis else {
        let row = row(&target, &array, &*source, (&wanted(options, true), Tuning::default()), notes);
        return written(if options.json { text::json_one(&row, out) } else { text::one(&row, &array, out) });
    };
    let rows = along(&target, &array, &*source, axis, &wanted(options, false), notes)?;
    written(if options.json { text::json_list(&rows, out) } else { text::table(&rows, out) })
}

/// Records have no statistics of their own, but their fields have.
fn fields_note(target: &Target, array: &Array) -> Option<String> {
    let ItemType::Record(record) = &array.item else { return None };
    let field = record.fields.first()?;
    Some(format!(
        "{}: the elements are records. Name a field for more statistics: \"['{}']\".",
        target.place(),
        field.name
    ))
}

fn written(result: std::io::Result<()>) -> Result<(), CommandError> {
    result.map_err(|error| CommandError::write(&error))
}

fn check(options: &StatsOptions) -> Result<(), CommandError> {
    if let Some(bad) = options.percentiles.iter().find(|percent| !(0.0..=100.0).contains(*percent)) {
        return Err(CommandError::usage(format!("--percentiles: {bad} is not between 0 and 100.")));
    }
    if options.percentiles.len() > MOST_PERCENTILES {
        return Err(CommandError::usage(format!(
            "--percentiles: at most {MOST_PERCENTILES} can be asked for at once."
        )));
    }
    match options.bins.filter(|bins| *bins > MOST_BINS) {
        Some(bins) => Err(CommandError::usage(format!("--bins {bins}: at most {MOST_BINS} are possible."))),
        None => Ok(()),
    }
}

/// What is asked besides counts and sums; `by_default` is whether it has percentiles and bins without being asked.
fn wanted(options: &StatsOptions, by_default: bool) -> StatisticsQuestion {
    let percentiles = match options.percentiles.is_empty() {
        true if by_default => PERCENTILES.to_vec(),
        _ => options.percentiles.clone(),
    };
    let bins = options.bins.or(by_default.then_some(BINS)).filter(|bins| *bins > 0);
    let bins = bins.map(|count| Bins { count, range: None });
    StatisticsQuestion { percentiles, bins, distinct: true, places: true }
}

/// A container that is asked about as a whole.
struct Several {
    opened: Opened,
    format: &'static dyn Format,
    container: Container,
    /// Compressed arrays are decompressed one after the other.
    unpacking: Mutex<()>,
}

/// The container that is asked about as a whole: one with several arrays, for programs also one that happens to have a
/// single array.
fn several(options: &StatsOptions) -> Result<Option<Several>, CommandError> {
    let (opened, name) = open_file(&options.file)?;
    if name.is_some() || options.raw.is_given() {
        return Ok(None);
    }
    let Some((format, mut container)) = container(&opened)? else { return Ok(None) };
    let asked = options.slice.as_deref().map(|_| "a slice").or(options.axis.map(|_| "--axis"));
    if container.entries.len() < 2 {
        let is_list = options.json && asked.is_none() && !format.is_one_array();
        if !is_list || container.entries.is_empty() {
            return Ok(None);
        }
    }
    if let Some(asked) = asked {
        let place = opened.asked.shown();
        return Err(CommandError::usage(format!(
            "{place} holds {} arrays. Name one of them to use {asked}: {place}::{}",
            container.entries.len(),
            container.entries[0].name
        )));
    }
    format.complete(&mut container, opened.path(), &Progress::default());
    Ok(Some(Several { opened, format, container, unpacking: Mutex::default() }))
}

impl Several {
    /// A row for each array, in the order of the header.
    fn rows(&self, wanted: &StatisticsQuestion, notes: &mut Notes) -> Vec<Row> {
        rows_of(0..self.container.entries.len(), notes, &|at, notes| self.row(at, wanted, notes))
    }

    fn row(&self, at: usize, wanted: &StatisticsQuestion, notes: &mut Notes) -> Row {
        let entry = &self.container.entries[at];
        let failed = |error: CommandError| Row {
            name: entry.name.to_string(),
            dtype: entry.type_name().map_or_else(|| "?".to_owned(), Into::into),
            shape: entry.shape.to_vec(),
            known: Err(error.text),
        };
        let made = entry_of(self.opened.clone(), self.format, &self.container, at).and_then(|target| {
            let is_compressed = target.deflated.is_some();
            let turn = is_compressed.then(|| self.unpacking.lock().unwrap_or_else(PoisonError::into_inner));
            let PartBytes { source, array, damage } = target.bytes_of(target.array.clone())?;
            notes.extend(damage.map(|damage| (true, damage)));
            let tuning = tuning_beside_others(entry.bytes().unwrap_or(0));
            let row = row(&target, &array, &*source, (wanted, tuning), notes);
            drop(turn);
            Ok(row)
        });
        let row = made.unwrap_or_else(failed);
        if let Err(text) = &row.known {
            notes.push((true, text.clone()));
        }
        row
    }
}

/// The rows of these numbers, several at a time.
fn rows_of<N: Send>(
    numbers: impl Iterator<Item = N> + Send,
    notes: &mut Notes,
    row: &(dyn Fn(N, &mut Notes) -> Row + Sync),
) -> Vec<Row> {
    let mut rows = Vec::new();
    let measure = |number, (): &mut ()| {
        let mut notes = Notes::new();
        (row(number, &mut notes), notes)
    };
    let mut numbers = numbers;
    measure_each(&mut numbers, Cancel::never(), &measure, &mut |(row, noted)| {
        rows.push(row);
        notes.extend(noted);
        ControlFlow::Continue(())
    });
    rows
}

/// The statistics of one array.
fn row(
    target: &Target,
    array: &Array,
    source: &dyn Source,
    (wanted, tuning): (&StatisticsQuestion, Tuning),
    notes: &mut Notes,
) -> Row {
    let progress = Progress::default();
    let pass = ElementPass { tuning, ..ElementPass::new(source, array, &progress) };
    let (known, end) = statistics(&pass, wanted, &mut |_| {});
    if let Some(reason) = known.unread.reason() {
        let lost = if known.lost == 1 { "1 element".to_owned() } else { format!("{} elements", known.lost) };
        notes.push((
            true,
            format!("{}: {lost} could not be read and are left out: {reason}.", target.place()),
        ));
    }
    Row {
        name: target.name.clone(),
        dtype: array.item.to_string(),
        shape: array.shape.clone(),
        known: if end == PassEnd::Complete { Ok(known) } else { Err("Cancelled.".to_owned()) },
    }
}

/// A row for each index of the axes but one.
fn along(
    target: &Target,
    array: &Array,
    source: &dyn Source,
    axis: i64,
    wanted: &StatisticsQuestion,
    notes: &mut Notes,
) -> Result<Vec<Row>, CommandError> {
    let axes = array.shape.len();
    let counted = if axis < 0 { axis + axes as i64 } else { axis };
    let at = usize::try_from(counted).ok().filter(|at| *at < axes).ok_or_else(|| {
        CommandError::usage(format!("--axis {axis}: the shape {} has {axes} axes.", tuple(&array.shape)))
    })?;
    let Some(lines) = AxisLines::new(array, at) else { return Ok(Vec::new()) };
    // Each other row has bytes in the file.
    if array.items() == 0 && lines.count() > MOST_EMPTY_ROWS {
        return Err(CommandError::failed(format!(
            "--axis {axis}: the array has no elements, and {} empty rows are too many; the limit is {MOST_EMPTY_ROWS}.",
            lines.count()
        )));
    }
    let of_line = |number, notes: &mut Notes| {
        let (index, line) = lines.line(number);
        let tuning = tuning_beside_others(line.items().saturating_mul(line.item_bytes()));
        Row { name: tuple(&index), ..row(target, &line, source, (wanted, tuning), notes) }
    };
    Ok(rows_of(0..lines.count(), notes, &of_line))
}
