//! `pagelens arrays FILE`: which arrays a file holds. Only its header is read.

use super::target::{container, open_file};
use super::{Outcome, Stop};
use crate::decode::array::{MemoryOrder, tuple};
use crate::export::arrays::json_string;
use crate::formats::{Container, Entry, Home};
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args, Debug, Default)]
pub struct Options {
    /// A .npy, .npz, .safetensors, .safetensors.index.json or .gguf file
    pub file: PathBuf,

    /// One JSON document: {file, format, arrays: [{name, dtype, shape, order, bytes, offset}], metadata, findings}
    #[arg(long)]
    pub json: bool,
}

/// Lists the arrays of the file to `out`.
pub fn run(options: &Options, out: &mut dyn Write) -> Outcome {
    list(options, out).into()
}

fn list(options: &Options, out: &mut dyn Write) -> Result<(), Stop> {
    let (opened, name) = open_file(&options.file)?;
    let place = opened.asked.display().to_string();
    if let Some(name) = name {
        return Err(Stop::usage(format!("The list is of a file: leave out ::{name}.")));
    }
    let Some((_, container)) = container(&opened)? else {
        return Err(Stop::not_found(format!(
            "{place}: it is of no kind that names its arrays. See it as raw values: pagelens get {place} --dtype '<f4'"
        )));
    };
    let written = if options.json { json(&place, &container, out) } else { text(&container, out) };
    written.and_then(|()| out.flush()).map_err(|error| Stop::write(&error))
}

fn text(container: &Container, out: &mut dyn Write) -> std::io::Result<()> {
    let cells = |entry: &Entry| {
        let name = if entry.name.is_empty() { "-" } else { &*entry.name };
        [name.to_owned(), entry.item.to_string(), tuple(&entry.shape), size(entry)]
    };
    let mut widths = [0; 4];
    for entry in &container.entries {
        for (width, cell) in widths.iter_mut().zip(cells(entry)) {
            *width = cell.chars().count().max(*width);
        }
    }
    for entry in &container.entries {
        let [name, dtype, shape, size] = cells(entry);
        let note = note(entry);
        let line = format!(
            "{name:<0$}  {dtype:<1$}  {shape:<2$}  {size:>3$}{note}",
            widths[0], widths[1], widths[2], widths[3]
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    for finding in &container.findings {
        writeln!(out, "note: {}", finding.text)?;
    }
    Ok(())
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

fn json(place: &str, container: &Container, out: &mut dyn Write) -> std::io::Result<()> {
    write!(
        out,
        "{{\"file\": {}, \"format\": {}, \"arrays\": [",
        json_string(place),
        json_string(container.format)
    )?;
    for (number, entry) in container.entries.iter().enumerate() {
        let shape = entry.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let order = if entry.order == MemoryOrder::F { "F" } else { "C" };
        let bytes = entry.bytes().map_or_else(|| "null".to_owned(), |bytes| bytes.to_string());
        let home = match &entry.home {
            Home::Here(offset) => format!("\"offset\": {offset}"),
            Home::Deflated { .. } => "\"compressed\": true".to_owned(),
            Home::File(file) => format!("\"in\": {}", json_string(file)),
            Home::Nowhere(reason) => format!("\"missing\": {}", json_string(reason)),
        };
        let comma = if number > 0 { "," } else { "" };
        write!(
            out,
            "{comma}\n  {{\"name\": {}, \"dtype\": {}, \"shape\": [{shape}], \"order\": \"{order}\", \
             \"bytes\": {bytes}, {home}}}",
            json_string(&entry.name),
            json_string(&entry.item.to_string())
        )?;
    }
    write!(out, "], \"metadata\": {{")?;
    for (number, meta) in container.metadata.iter().enumerate() {
        let comma = if number > 0 { ", " } else { "" };
        write!(out, "{comma}{}: {}", json_string(&meta.key), json_string(&meta.value))?;
    }
    let findings: Vec<String> = container.findings.iter().map(|finding| json_string(&finding.text)).collect();
    writeln!(out, "}}, \"findings\": [{}]}}", findings.join(", "))
}
