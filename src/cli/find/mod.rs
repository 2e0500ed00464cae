//! `pagelens find FILE[::ARRAY]`: where bytes, a text, an expression or a value are, a line a hit.
//!
//! The search runs on all cores and the lines are written while it runs. It ends as grep does: 0 when something was
//! found, 1 when nothing was, 2 on an error.

mod asked;
mod found;
mod hits;
mod print;
mod stretch;
mod types;

use super::raw::Raw;
use super::{CommandError, Outcome, USAGE};
use asked::Asked;
use print::Printer;
use std::io::Write;
use std::path::PathBuf;
use stretch::{Stretches, array_stretches, stretches};
use types::type_stretches;

#[derive(clap::Args, Debug, Default)]
pub struct FindOptions {
    /// The file, then :: and the name of an array in it to search that array alone
    #[arg(value_name = "FILE[::ARRAY]")]
    pub file: PathBuf,

    #[command(flatten)]
    pub what: FindWhat,

    /// How far from --value a value may be: 0.01, 1% of it, or 4ulp: so many values of its type
    #[arg(long, value_name = "T")]
    pub tolerance: Option<String>,

    /// With --value or --where, and --dtype of a plain file: at every offset, not only at multiples of the type's size
    #[arg(long)]
    pub unaligned: bool,

    /// With --value or --where, and --dtype of a plain file: in both byte orders
    #[arg(long)]
    pub both_orders: bool,

    /// The encodings of the text, divided by commas: utf-8, utf-16le, windows-1252 …; without it, all usual ones at once
    #[arg(long, value_name = "E,…", value_delimiter = ',')]
    pub encoding: Vec<String>,

    /// Upper and lower case are the same
    #[arg(long, short)]
    pub ignore_case: bool,

    /// Only where the text is a whole word
    #[arg(long, short)]
    pub words: bool,

    /// The part to search: of an array a slice as in Python, '[0, :, ::2]'; of other bytes, also as several types or --unaligned, START:END or START:+LENGTH
    #[arg(long = "in", value_name = "SLICE", allow_hyphen_values = true)]
    pub within: Option<String>,

    /// Only the number of hits
    #[arg(long, short)]
    pub count: bool,

    /// Stop after so many hits
    #[arg(long, value_name = "N")]
    pub limit: Option<u64>,

    /// One JSON document: {"hits": [{"offset", "length", "array", "index", "type", "value"}], "count": n, "complete": true}
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub raw: Raw,
}

/// What is looked for: one of these.
#[derive(clap::Args, Debug, Default)]
#[group(required = true, multiple = false)]
pub struct FindWhat {
    /// Bytes as hex digits; a question mark is any digit: '4D 5A ?? 5?'
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub hex: Option<String>,

    /// A text
    #[arg(long, value_name = "T", allow_hyphen_values = true)]
    pub text: Option<String>,

    /// A regular expression over bytes: 'id=[0-9]+', '\x7fELF[\x01\x02]', '(?s)BEGIN.*?END'
    #[arg(long, value_name = "R", allow_hyphen_values = true)]
    pub regex: Option<String>,

    /// A value of the array's type, or of --dtype: -32768, 3.14, nan, 2024-05-01, 'text'; or a range: 1..2, 1e4.., ..-5
    #[arg(long, value_name = "V", allow_hyphen_values = true)]
    pub value: Option<String>,

    /// What elements are to be, x being the value: 'x > 1e4 and x < 2e4', 'isnan(x)', 'abs(x - mean) > 6 * std'; of records: 'id == 7 and temp < 0'
    #[arg(long = "where", value_name = "EXPR", allow_hyphen_values = true)]
    pub asked_where: Option<String>,
}

/// As grep: nothing was found.
const NONE: u8 = 1;

/// Writes a line for each hit to `out`.
pub fn run(options: &FindOptions, out: &mut dyn Write) -> Outcome {
    let mut outcome = Outcome::default();
    let searched = search(options, out, &mut outcome);
    match searched {
        Ok(found) if outcome.code == 0 => outcome.code = if found { 0 } else { NONE },
        Ok(_) => outcome.code = USAGE,
        Err(stop) => {
            let stopped = Outcome::from(Err(stop));
            outcome.errors.extend(stopped.errors);
            // A reader who wants no more is no error.
            outcome.code = if stopped.code == 0 { 0 } else { USAGE };
        }
    }
    outcome
}

/// Whether anything was found. What could not be searched is noted in the outcome.
fn search(options: &FindOptions, out: &mut dyn Write, outcome: &mut Outcome) -> Result<bool, CommandError> {
    let asked = Asked::new(options)?;
    let searched = searched(&asked, options)?;
    let several = searched.len() > 1;
    let (mut asked_of, mut refused, mut is_whole) = (0, None, true);
    let mut printer = Printer::new(options, out);
    printer.begin()?;
    for stretch in searched {
        if printer.has_enough() {
            break;
        }
        let stretch = match stretch {
            Ok(stretch) => stretch,
            Err(CommandError { text, .. }) => {
                outcome.note_error(text);
                continue;
            }
        };
        for note in &stretch.notes {
            outcome.errors.push(note.clone());
        }
        if let Some(damage) = &stretch.damage {
            outcome.note_error(damage.clone());
        }
        let ended = asked.search(&stretch, options.count, &mut |batch| printer.take(&stretch, batch));
        printer.end_stretch()?;
        match ended.refused {
            Some(reason) if several => {
                refused.get_or_insert_with(|| format!("{}: {reason}", stretch.place));
            }
            Some(reason) => return Err(CommandError::usage(format!("{}: {reason}", stretch.place))),
            // An array without elements answers no question.
            None => asked_of += u32::from(!asked.is_of_elements() || !stretch.arrays.is_empty()),
        }
        for trouble in ended.troubles {
            outcome.note_error(format!("{}: {trouble}", stretch.place));
        }
        is_whole &= ended.remark.is_none();
        let is_new = |remark: &String| !outcome.errors.contains(remark);
        let remark = ended.remark.filter(is_new);
        outcome.errors.extend(remark);
    }
    // Among many arrays those are passed over whose type can't be asked.
    if let Some(reason) = refused.filter(|_| asked_of == 0) {
        return Err(CommandError::usage(reason));
    }
    printer.end(is_whole && outcome.code == 0)
}

/// What is to be searched.
fn searched(asked: &Asked, options: &FindOptions) -> Result<Stretches, CommandError> {
    let types = [("--unaligned", options.unaligned), ("--both-orders", options.both_orders)];
    if let Some((option, _)) = types.into_iter().find(|(_, given)| *given)
        && (!asked.is_of_elements() || options.raw.dtype.is_none())
    {
        return Err(CommandError::usage(format!("{option} goes with --value or --where and --dtype.")));
    }
    match (asked.is_of_elements(), &options.raw.dtype) {
        (false, _) => stretches(options),
        (true, Some(dtype)) if options.unaligned || options.both_orders || types::is_list(options) => {
            type_stretches(options, dtype)
        }
        (true, _) => array_stretches(options, &asked.others()),
    }
}

impl Outcome {
    fn note_error(&mut self, text: String) {
        self.errors.push(crate::escape::escape(text));
        self.code = USAGE;
    }
}
