//! `pagelens hash FILE…`: hashes and checksums of files, or of a part of each, in the form of sha256sum.
//!
//! Each file is read once, for all algorithms. A file that can't be read stops only itself.

use super::range::range;
use super::raw::Raw;
use super::target::{PartBytes, find, open_file};
use super::{CommandError, FAILED, Outcome};
use crate::analysis::Tuning;
use crate::analysis::hashes::{
    ALGORITHMS, Agreement, HashAlgorithm, HashValue, agreement, algorithm, algorithms_as_long, hash,
};
use crate::bytes::{SharedSource, Span, spool};
use crate::escape::{PathText, escape, escaped};
use crate::export::arrays::json_string;
use crate::job::Progress;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args, Debug, Default)]
pub struct HashOptions {
    /// The files, each with :: and the name of an array in it to hash that array's bytes alone; - for standard input
    #[arg(value_name = "FILE[::ARRAY]", required = true)]
    pub files: Vec<PathBuf>,

    /// The algorithms, divided by commas: sha256 (without this option), md5, crc32, blake3, crc-16/modbus …; all for all of them
    #[arg(long, short, value_name = "A,…", value_delimiter = ',')]
    pub algorithm: Vec<String>,

    /// The bytes to hash: START:END or START:+LENGTH; negative numbers count from the end
    #[arg(long, value_name = "SLICE", allow_hyphen_values = true)]
    pub range: Option<String>,

    /// Compare with a published value; without --algorithm, all algorithms with values of this length are tried
    #[arg(long, value_name = "VALUE")]
    pub check: Option<String>,

    /// One JSON document: {files: [{file, offset, length, hashes: {name: value}}]}
    #[arg(long)]
    pub json: bool,
}

/// What is computed when nothing else is asked for.
const DEFAULT: &str = "SHA-256";

/// Writes a line for each file and algorithm to `out`.
pub fn run(options: &HashOptions, out: &mut dyn Write) -> Outcome {
    let algorithms = match algorithms(options) {
        Ok(algorithms) => algorithms,
        Err(stop) => return Err(stop).into(),
    };
    let mut outcome = Outcome::default();
    let mut written = if options.json { write!(out, "{{\"files\": [") } else { Ok(()) };
    for (number, file) in options.files.iter().enumerate() {
        let hashed = hash_file(file, options, &algorithms);
        if written.is_err() {
            break;
        }
        written = match hashed {
            Ok(hashed) => {
                if let Some(damage) = &hashed.damage {
                    outcome.code = outcome.code.max(FAILED);
                    outcome.errors.push(escape(damage.clone()));
                }
                match options.json {
                    true => json(number, &hashed, out),
                    false => text(&hashed, options.check.as_deref(), &mut outcome, out),
                }
            }
            Err(CommandError { code, text }) => {
                outcome.code = outcome.code.max(code);
                let written = if options.json { json_error(number, file, &text, out) } else { Ok(()) };
                outcome.errors.push(escape(text));
                written
            }
        };
    }
    if options.json {
        written = written.and_then(|()| writeln!(out, "\n]}}"));
    }
    outcome.end(written.and_then(|()| out.flush()));
    outcome
}

/// The values of one file.
struct Hashed {
    place: String,
    span: Span,
    values: Vec<HashValue>,
    /// Why the bytes are not to be trusted.
    damage: Option<String>,
}

fn algorithms(options: &HashOptions) -> Result<Vec<&'static HashAlgorithm>, CommandError> {
    if options.check.is_some() && options.json {
        return Err(CommandError::usage("Use --check or --json, not both."));
    }
    let named = |name: &String| {
        algorithm(name).ok_or_else(|| {
            let known: Vec<&str> = ALGORITHMS.iter().map(|known| known.name).collect();
            CommandError::usage(format!(
                "--algorithm {name}: there is no such algorithm. Use one of: {}.",
                known.join(", ")
            ))
        })
    };
    match (&options.algorithm[..], &options.check) {
        ([all], _) if all.eq_ignore_ascii_case("all") => Ok(ALGORITHMS.iter().collect()),
        ([], None) => Ok(algorithm(DEFAULT).into_iter().collect()),
        ([], Some(value)) => of_length(value),
        (names, _) => {
            let mut algorithms = Vec::new();
            for name in names {
                let algorithm = named(name)?;
                // By a name and an alias too, each is computed once.
                if !algorithms.contains(&algorithm) {
                    algorithms.push(algorithm);
                }
            }
            Ok(algorithms)
        }
    }
}

/// The algorithms whose values may look like `value`.
fn of_length(value: &str) -> Result<Vec<&'static HashAlgorithm>, CommandError> {
    let (fitting, digits) = algorithms_as_long(value);
    if digits == 0 {
        return Err(CommandError::usage(format!("--check {value}: it has no hex digits.")));
    }
    if fitting.is_empty() {
        return Err(CommandError::usage(format!(
            "--check {value}: no algorithm has values of {digits} hex digits. Check whether a part of it is missing."
        )));
    }
    Ok(fitting)
}

fn hash_file(
    file: &Path,
    options: &HashOptions,
    algorithms: &[&'static HashAlgorithm],
) -> Result<Hashed, CommandError> {
    let HashSource { source, whole, place, damage } = bytes_of(file)?;
    let part = range(options.range.as_deref(), whole.len(), &place)?;
    let span = part.shift_up(whole.start()).unwrap_or(part);
    let hashed = hash(&*source, span, algorithms, Tuning::default(), &Progress::default());
    let values = hashed.map_err(|error| {
        CommandError::failed(format!("{place}: {error}. There is no hash of bytes that can't be read."))
    })?;
    Ok(Hashed { place, span, values, damage })
}

/// The bytes of a file or of an array in it.
struct HashSource {
    source: SharedSource,
    whole: Span,
    /// What they are called.
    place: String,
    damage: Option<String>,
}

/// What the argument names.
fn bytes_of(file: &Path) -> Result<HashSource, CommandError> {
    let plain = |source, len, place| HashSource { source, whole: Span::first(len), place, damage: None };
    if file == Path::new("-") {
        let read = spool::spool_stdin(&Progress::default());
        let opened = read.map_err(|error| CommandError::failed(error.to_string()))?;
        return Ok(plain(opened.source, opened.len, String::from("-")));
    }
    let (opened, name) = open_file(file)?;
    if name.is_none() {
        let place = opened.asked.typed();
        return Ok(plain(opened.source, opened.len, place));
    }
    let target = find(file, &Raw::default())?;
    let place = target.place();
    let PartBytes { source, array, damage } = target.bytes_of(target.array.clone())?;
    let whole = array.extent().unwrap_or(Span::empty_at(array.offset));
    Ok(HashSource { source, whole, place, damage })
}

fn text(hashed: &Hashed, check: Option<&str>, outcome: &mut Outcome, out: &mut dyn Write) -> io::Result<()> {
    let place = escaped(&hashed.place);
    if let Some(value) = check {
        let (words, is_same) = verdict(agreement(value, &hashed.values));
        if !is_same {
            outcome.code = outcome.code.max(FAILED);
        }
        return writeln!(out, "{place}: {words}");
    }
    match &hashed.values[..] {
        [value] => writeln!(out, "{}  {place}", value.hex()),
        values => values
            .iter()
            .try_for_each(|value| writeln!(out, "{} ({place}) = {}", value.algorithm.tag(), value.hex())),
    }
}

/// What the comparison with a value has come to, and whether it is the same.
fn verdict(agreement: Agreement<'_>) -> (String, bool) {
    match agreement {
        Agreement::Same(value) => (format!("OK ({})", value.algorithm.name), true),
        Agreement::Swapped(value) => {
            (format!("OK ({}, bytes in the other order)", value.algorithm.name), true)
        }
        Agreement::Other { .. } => (String::from("FAILED"), false),
        Agreement::NoneSoLong { digits } => {
            (format!("FAILED: no chosen algorithm has values of {digits} hex digits"), false)
        }
        Agreement::NoHex => (String::from("FAILED: the value has no hex digits"), false),
    }
}

fn json(number: usize, hashed: &Hashed, out: &mut dyn Write) -> io::Result<()> {
    let comma = if number > 0 { "," } else { "" };
    let value = |value: &HashValue| format!("{}: \"{}\"", json_string(value.algorithm.name), value.hex());
    write!(
        out,
        "{comma}\n  {{\"file\": {}, \"offset\": {}, \"length\": {}, \"hashes\": {{{}}}}}",
        json_string(&hashed.place),
        hashed.span.start(),
        hashed.span.len(),
        hashed.values.iter().map(value).collect::<Vec<_>>().join(", ")
    )
}

fn json_error(number: usize, file: &Path, error: &str, out: &mut dyn Write) -> io::Result<()> {
    let comma = if number > 0 { "," } else { "" };
    write!(out, "{comma}\n  {{\"file\": {}, \"error\": {}}}", json_string(&file.typed()), json_string(error))
}
