//! `pagelens diff A B`: where two files, arrays or containers differ.
//!
//! The comparison runs on all cores and what it finds is written while it runs. It ends as cmp does: 0 when both are
//! equal, 1 when they differ, 2 on an error, also when a part could not be read.

mod aligned;
mod bytes;
mod containers;
mod patch_out;
mod report;
mod streamed;
mod values;

use super::raw::Raw;
use super::target::{PartBytes, Target, container, find, open_file};
use super::{CommandError, Outcome, USAGE};
use crate::analysis::compare::{Closeness, CompareRule};
use crate::bytes::open::Opened;
use crate::bytes::{Origin, SharedSource, Span, spool};
use crate::escape::PathText;
use crate::job::Progress;
use report::Report;
use std::io::Write;
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug, Default)]
pub struct DiffOptions {
    /// The first file, then :: and the name of an array in it; - for standard input
    #[arg(value_name = "A[::ARRAY]")]
    pub a: PathBuf,

    /// The second one
    #[arg(value_name = "B[::ARRAY]")]
    pub b: PathBuf,

    /// The part of both arrays to compare, as in Python: '[0, :, ::2]'
    #[arg(allow_hyphen_values = true)]
    pub slice: Option<String>,

    #[command(flatten)]
    pub raw: Raw,

    #[command(flatten)]
    pub tolerance: DiffTolerance,

    /// Compare bytes over insertions and deletions; a line for each change
    #[arg(long)]
    pub align: bool,

    /// Compare the bytes of files that hold arrays, not the arrays
    #[arg(long)]
    pub bytes: bool,

    /// Write a patch that makes B of A, and nothing else; see pagelens patch
    #[arg(long, value_name = "OUT", conflicts_with_all = ["align", "json", "limit", "summary"])]
    pub patch: Option<PathBuf>,

    /// The format of the patch: json, text, ips or bps; without it, what the end of OUT says, or json
    #[arg(long, value_name = "FORMAT", requires = "patch")]
    pub format: Option<String>,

    /// Stop after so many differences
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    /// Figures instead of every difference: how many there are; of arrays also the largest ones and a histogram
    #[arg(long)]
    pub summary: bool,

    /// One JSON document; see docs/compare.md
    #[arg(long)]
    pub json: bool,

    /// Print nothing; the exit code tells
    #[arg(long, short)]
    pub quiet: bool,
}

/// How far from each other two elements may be to count as equal.
#[derive(clap::Args, Debug, Default)]
pub struct DiffTolerance {
    /// Elements are equal when |a - b| <= ATOL + RTOL * |b|, as in NumPy's isclose; 0 where only --rtol is given
    #[arg(long, value_name = "ATOL")]
    pub atol: Option<f64>,

    /// The relative part of the same
    #[arg(long, value_name = "RTOL")]
    pub rtol: Option<f64>,

    /// Elements are equal when at most so many values of their type are between them
    #[arg(long, value_name = "N")]
    pub ulp: Option<u64>,

    /// NaN is equal to NaN
    #[arg(long)]
    pub equal_nan: bool,
}

/// As cmp: both differ.
const DIFFERENT: u8 = 1;

/// Writes what differs to `out`.
pub fn run(options: &DiffOptions, out: &mut dyn Write) -> Outcome {
    let mut outcome = Outcome::default();
    match diff(options, out, &mut outcome) {
        Ok(is_equal) if outcome.code == 0 => outcome.code = if is_equal { 0 } else { DIFFERENT },
        Ok(_) => outcome.code = USAGE,
        Err(stop) => {
            let stopped = Outcome::from(Err(stop));
            outcome.errors.extend(stopped.errors);
            // Something was written, so there was a difference; who reads it wants no more.
            outcome.code = if stopped.code == 0 { DIFFERENT } else { USAGE };
        }
    }
    outcome
}

/// What is compared.
enum Asked {
    Bytes(Box<(DiffSide, DiffSide)>),
    Arrays(Box<(Target, Target)>),
    Containers(Box<(Opened, Opened)>),
}

/// Whether both are equal. What could not be compared is noted in the outcome.
fn diff(options: &DiffOptions, out: &mut dyn Write, outcome: &mut Outcome) -> Result<bool, CommandError> {
    let rule = options.tolerance.rule()?;
    let asked = asked(options, &rule)?;
    let mut report = Report::new(options, out, outcome);
    match asked {
        Asked::Bytes(sides) => {
            let (mut a, mut b) = *sides;
            [a.damage.take(), b.damage.take()].into_iter().flatten().for_each(|damage| report.error(damage));
            match (&options.patch, options.align) {
                (Some(out), _) => patch_out::compare(&a, &b, out, options.format.as_deref(), &mut report),
                (None, true) => aligned::compare(&a, &b, &mut report),
                (None, false) => bytes::compare(&a, &b, &mut report),
            }
        }
        Asked::Arrays(targets) => {
            let (mut a, mut b) = *targets;
            report.notes(a.notes.drain(..).chain(b.notes.drain(..)));
            values::compare(&a, &b, options.slice.as_deref(), &rule, &mut report)
        }
        Asked::Containers(files) => containers::compare(&files.0, &files.1, &rule, &mut report),
    }
}

/// Finds out what is to be compared: bytes, arrays or whole containers.
fn asked(options: &DiffOptions, rule: &CompareRule) -> Result<Asked, CommandError> {
    if options.align || options.bytes || options.patch.is_some() {
        return bytes_asked(options, rule);
    }
    let of_elements = options.raw.is_given() || options.slice.is_some() || !rule.is_exact() || rule.equal_nan;
    if [&options.a, &options.b].iter().any(|file| *file == Path::new("-")) {
        if of_elements {
            return Err(CommandError::usage("Standard input is compared as bytes. Save it to a file first."));
        }
        return bytes_asked(options, rule);
    }
    let (file_a, name_a) = open_file(&options.a)?;
    let (file_b, name_b) = open_file(&options.b)?;
    let is_named = name_a.is_some() || name_b.is_some();
    if !is_named && !options.raw.is_given() && options.slice.is_none() {
        // A header that can't be read is no reason not to compare the bytes.
        let arrays = |opened: &Opened| match container(opened) {
            Ok(Some((_, container))) => Some(container.entries.len()),
            Ok(None) | Err(_) => None,
        };
        match (arrays(&file_a), arrays(&file_b)) {
            (Some(1), Some(1)) => {}
            (Some(_), Some(_)) => return Ok(Asked::Containers(Box::new((file_a, file_b)))),
            _ if !of_elements => return bytes_asked(options, rule),
            _ => {}
        }
    }
    let (a, b) = (find(&options.a, &options.raw)?, find(&options.b, &options.raw)?);
    Ok(Asked::Arrays(Box::new((a, b))))
}

fn bytes_asked(options: &DiffOptions, rule: &CompareRule) -> Result<Asked, CommandError> {
    let tolerance = !rule.is_exact() || rule.equal_nan;
    let given = [
        ("a tolerance", tolerance),
        ("a slice", options.slice.is_some()),
        ("a type", options.raw.is_given()),
    ];
    if let Some((what, _)) = given.iter().find(|(_, given)| *given) {
        return Err(CommandError::usage(format!(
            "Bytes are compared, and {what} is for elements. Leave out --align, --bytes and --patch, or the other options."
        )));
    }
    if options.a == Path::new("-") && options.b == Path::new("-") {
        return Err(CommandError::usage("Standard input can be only one of the two."));
    }
    Ok(Asked::Bytes(Box::new((DiffSide::of(&options.a)?, DiffSide::of(&options.b)?))))
}

/// Bytes that are compared, and what they are called.
pub(super) struct DiffSide {
    pub source: SharedSource,
    pub span: Span,
    pub place: String,
    /// The file, if it is one.
    pub origin: Option<Origin>,
    /// Why the bytes are not to be trusted.
    pub damage: Option<String>,
}

impl DiffSide {
    /// A file, the bytes of an array in it, or standard input.
    fn of(file: &Path) -> Result<Self, CommandError> {
        if file == Path::new("-") {
            let read = spool::spool_stdin(&Progress::default());
            let opened = read.map_err(|error| CommandError::failed(error.to_string()))?;
            return Ok(Self {
                source: opened.source,
                span: Span::first(opened.len),
                place: String::from("-"),
                origin: None,
                damage: None,
            });
        }
        let (opened, name) = open_file(file)?;
        if name.is_none() {
            let place = opened.asked.shown().to_string();
            let origin = Some(opened.origin);
            return Ok(Self {
                source: opened.source,
                span: Span::first(opened.len),
                place,
                origin,
                damage: None,
            });
        }
        let target = find(file, &Raw::default())?;
        let place = target.place();
        let PartBytes { source, array, damage } = target.bytes_of(target.array.clone())?;
        let span = array.extent().unwrap_or(Span::empty_at(array.offset));
        let origin = Some(target.opened.origin.clone());
        Ok(Self { source, span, place, origin, damage })
    }
}

impl DiffTolerance {
    /// The rule that the options mean.
    ///
    /// # Errors
    /// When a tolerance is negative or no number.
    pub(super) fn rule(&self) -> Result<CompareRule, CommandError> {
        for (option, value) in [("--atol", self.atol), ("--rtol", self.rtol)] {
            if value.is_some_and(|value| value.is_nan() || value < 0.0) {
                return Err(CommandError::usage(format!(
                    "{option}: a tolerance is a number that is not negative."
                )));
            }
        }
        let is_given = self.atol.is_some() || self.rtol.is_some();
        let closeness = is_given
            .then(|| Closeness { atol: self.atol.unwrap_or_default(), rtol: self.rtol.unwrap_or_default() });
        Ok(CompareRule { closeness, ulp: self.ulp, equal_nan: self.equal_nan })
    }
}
