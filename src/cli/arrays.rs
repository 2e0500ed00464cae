//! `pagelens arrays FILE`: which arrays a file holds. Only its header is read.

use super::target::{container, open_file};
use super::{CommandError, Outcome};
use crate::decode::array::{MemoryOrder, tuple};
use crate::escape::{PathText, escaped};
use crate::export::arrays::write_json_string;
use crate::formats::{Container, Entry, Home};
use crate::job::Progress;
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug, Default)]
pub struct ArraysOptions {
    /// A .npy, .npz, .safetensors, .safetensors.index.json or .gguf file
    pub file: PathBuf,

    /// One JSON document: {file, format, arrays: [{name, dtype, shape, order, bytes, offset}], metadata, findings}
    #[arg(long)]
    pub json: bool,
}

/// Characters of a name that the table shows, and of each other cell; `--json` has all of them.
const NAME_CHARS: usize = 120;
const CELL_CHARS: usize = 80;

/// Lists the arrays of the file to `out`.
pub fn run(options: &ArraysOptions, out: &mut dyn Write) -> Outcome {
    list(options, out).into()
}

fn list(options: &ArraysOptions, out: &mut dyn Write) -> Result<(), CommandError> {
    let (opened, name) = open_file(&options.file)?;
    let place = opened.asked.shown().to_string();
    if let Some(name) = name {
        return Err(CommandError::usage(format!(
            "'pagelens arrays' lists a whole file. Leave out ::{name}."
        )));
    }
    let Some((format, mut container)) = container(&opened)? else {
        return Err(CommandError::not_found(format!(
            "{place}: this kind of file does not name its arrays. Read it as raw values: pagelens get {place} --dtype '<f4'"
        )));
    };
    format.complete(&mut container, opened.path(), &Progress::default());
    let written =
        if options.json { json(&opened.asked.typed(), &container, out) } else { text(&container, out) };
    written.and_then(|()| out.flush()).map_err(|error| CommandError::write(&error))
}

/// A table, in which all that comes from the file is escaped and cut to a width that a screen has room for.
fn text(container: &Container, out: &mut dyn Write) -> std::io::Result<()> {
    let cells = |entry: &Entry| {
        let name = if entry.name.is_empty() { "-" } else { &*entry.name };
        let dtype = entry.type_name().unwrap_or_else(|| "?".into());
        [
            in_middle(name, NAME_CHARS),
            at_end(&dtype, CELL_CHARS),
            at_end(&shape(entry), CELL_CHARS),
            size(entry),
        ]
    };
    let mut widths = [0; 4];
    for entry in &container.entries {
        for (width, cell) in widths.iter_mut().zip(cells(entry)) {
            *width = cell.chars().count().max(*width);
        }
    }
    for entry in &container.entries {
        let [name, dtype, shape, size] = cells(entry);
        let pad = |cell: &str, width: usize| " ".repeat(width.saturating_sub(cell.chars().count()));
        let line = [
            &*name,
            &pad(&name, widths[0]),
            "  ",
            &dtype,
            &pad(&dtype, widths[1]),
            "  ",
            &shape,
            &pad(&shape, widths[2]),
            "  ",
            &pad(&size, widths[3]),
            &size,
            &escaped(&note(entry)),
        ]
        .concat();
        writeln!(out, "{}", line.trim_end())?;
    }
    for finding in &container.findings {
        writeln!(out, "note: {}", escaped(&finding.text))?;
    }
    Ok(())
}

/// The first and the last characters of a text, escaped, with an ellipsis between them where it is long.
fn in_middle(text: &str, most: usize) -> String {
    let (head, tail) = (most.div_ceil(2) - 1, most / 2);
    let from = text.char_indices().nth(head).map(|(at, _)| at);
    let to = text.char_indices().nth_back(tail.saturating_sub(1)).map(|(at, _)| at);
    match (from, to) {
        (Some(from), Some(to)) if text.char_indices().nth(most).is_some() => {
            [&*escaped(&text[..from]), "…", &*escaped(&text[to..])].concat()
        }
        _ => escaped(text).into_owned(),
    }
}

/// The first characters of a text, escaped, with an ellipsis where it is long.
fn at_end(text: &str, most: usize) -> String {
    match text.char_indices().nth(most - 1) {
        Some((at, last)) if at + last.len_utf8() < text.len() => [&*escaped(&text[..at]), "…"].concat(),
        _ => escaped(text).into_owned(),
    }
}
fn shape(entry: &Entry) -> String {
    entry.known_shape().map_or_else(|| "?".to_owned(), tuple)
}

fn size(entry: &Entry) -> String {
    entry.bytes().map_or_else(|| "-".to_owned(), |bytes| bytes.to_string())
}

fn note(entry: &Entry) -> String {
    let order = if entry.order == MemoryOrder::F && entry.shape.len() > 1 { "  Fortran order" } else { "" };
    match &entry.home {
        Home::Here(_) => order.to_owned(),
        Home::Deflated { .. } => format!("{order}  compressed"),
        Home::File(file) => format!("{order}  in {file}"),
        Home::Nowhere(reason) => format!("{order}  {reason}"),
    }
}

/// The same in full. Strings are written part by part: a name may be as long as the header.
fn json(place: &str, container: &Container, out: &mut dyn Write) -> std::io::Result<()> {
    write!(out, "{{\"file\": ")?;
    write_json_string(place, out)?;
    write!(out, ", \"format\": ")?;
    write_json_string(container.format, out)?;
    write!(out, ", \"arrays\": [")?;
    for (number, entry) in container.entries.iter().enumerate() {
        write!(out, "{}\n  ", if number > 0 { "," } else { "" })?;
        json_entry(entry, out)?;
    }
    write!(out, "], \"metadata\": {{")?;
    for (number, meta) in container.metadata.iter().enumerate() {
        write!(out, "{}", if number > 0 { ", " } else { "" })?;
        write_json_string(&meta.key, out)?;
        write!(out, ": ")?;
        write_json_string(&meta.value, out)?;
    }
    write!(out, "}}, \"findings\": [")?;
    for (number, finding) in container.findings.iter().enumerate() {
        write!(out, "{}", if number > 0 { ", " } else { "" })?;
        write_json_string(&finding.text, out)?;
    }
    writeln!(out, "]}}")
}

fn json_entry(entry: &Entry, out: &mut dyn Write) -> std::io::Result<()> {
    write!(out, "{{\"name\": ")?;
    write_json_string(&entry.name, out)?;
    write!(out, ", \"dtype\": ")?;
    match entry.type_name() {
        Some(dtype) => write_json_string(&dtype, out)?,
        None => write!(out, "null")?,
    }
    let sides = |shape: &[u64]| shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let shape = entry.known_shape().map_or_else(|| "null".to_owned(), |shape| format!("[{}]", sides(shape)));
    let order = if entry.order == MemoryOrder::F { "F" } else { "C" };
    let bytes = entry.bytes().map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
    write!(out, ", \"shape\": {shape}, \"order\": \"{order}\", \"bytes\": {bytes}, ")?;
    match &entry.home {
        Home::Here(offset) => write!(out, "\"offset\": {offset}")?,
        Home::Deflated { .. } => write!(out, "\"compressed\": true")?,
        Home::File(file) => {
            write!(out, "\"in\": ")?;
            write_json_string(file, out)?;
        }
        Home::Nowhere(reason) => {
            write!(out, "\"missing\": ")?;
            write_json_string(reason, out)?;
        }
    }
    write!(out, "}}")
}
