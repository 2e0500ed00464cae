//! `pagelens what FILE…`: what kind of file each is, and with `--embedded` which files lie inside it.
//!
//! Only the first bytes are read for the kind; for embedded files all bytes are, and each find is written at once.

use super::range::range;
use super::target::{container, open_file};
use super::{CommandError, Outcome};
use crate::analysis::Tuning;
use crate::analysis::kinds::{
    EmbeddedFile, EmbeddedTally, EndFinder, KIND_BYTES, NoLength, RecognisedKind, find_embedded, recognise,
};
use crate::bytes::{Source, Span};
use crate::escape::{PathText, escape, escaped};
use crate::export::arrays::json_string;
use crate::job::{Cancel, Progress};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;

/// What is written of a file of which nothing is known.
const UNKNOWN: &str = "data of unknown kind";
/// Finds that may wait for whoever reads the output.
const WAITING: usize = 1024;

#[derive(clap::Args, Debug, Default)]
pub struct WhatOptions {
    /// The files
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,

    /// Also list the files that lie inside, at any offset: pictures, archives, programs, file systems
    #[arg(long, short)]
    pub embedded: bool,

    /// With --embedded, the bytes to search: START:END or START:+LENGTH; negative numbers count from the end
    #[arg(long, value_name = "SLICE", allow_hyphen_values = true, requires = "embedded")]
    pub range: Option<String>,

    /// With --embedded, list at most so many files of each
    #[arg(long, value_name = "N", requires = "embedded")]
    pub limit: Option<u64>,

    /// One JSON document: {files: [{file, kind, media_type, extension, arrays, embedded: [{offset, length, reason, kind, extension}]}]}
    #[arg(long)]
    pub json: bool,
}

/// Writes the kind of each file to `out`.
pub fn run(options: &WhatOptions, out: &mut dyn Write) -> Outcome {
    let mut outcome = Outcome::default();
    let mut written = if options.json { write!(out, "{{\"files\": [") } else { Ok(()) };
    for (number, file) in options.files.iter().enumerate() {
        if written.is_err() {
            break;
        }
        written = match about(file) {
            Ok(about) if options.json => json(number, &about, options, &mut outcome, out),
            Ok(about) => text(&about, options, &mut outcome, out),
            Err(stop) => {
                let comma = if number > 0 { "," } else { "" };
                let name = json_string(&file.typed());
                let text = json_string(&stop.text);
                fail(&mut outcome, stop);
                match options.json {
                    true => write!(out, "{comma}\n  {{\"file\": {name}, \"error\": {text}}}"),
                    false => Ok(()),
                }
            }
        };
    }
    if options.json {
        written = written.and_then(|()| writeln!(out, "\n]}}"));
    }
    outcome.end(written.and_then(|()| out.flush()));
    outcome
}

fn fail(outcome: &mut Outcome, CommandError { code, text }: CommandError) {
    outcome.code = outcome.code.max(code);
    outcome.errors.push(escape(text));
}

/// What a file is.
struct About {
    place: String,
    source: crate::bytes::SharedSource,
    kind: Option<RecognisedKind>,
    /// The format and the number of its arrays, where they can be shown.
    arrays: Option<(&'static str, usize)>,
}

fn about(file: &Path) -> Result<About, CommandError> {
    let (opened, name) = open_file(file)?;
    if name.is_some() {
        return Err(CommandError::usage(format!("{}: name a file, without :: and an array.", file.shown())));
    }
    let place = opened.asked.typed();
    let mut start = vec![0; opened.len.min(KIND_BYTES as u64) as usize];
    opened
        .source
        .read_at(0, &mut start)
        .map_err(|error| CommandError::failed(format!("{place}: {error}.")))?;
    let kind = recognise(&start, opened.len);
    // A header that can't be read takes nothing from what the first bytes say.
    let read = container(&opened).ok().flatten();
    let arrays = read.map(|(format, container)| (format.label(), container.entries.len()));
    Ok(About { place, source: opened.source, kind, arrays })
}

fn text(about: &About, options: &WhatOptions, outcome: &mut Outcome, out: &mut dyn Write) -> io::Result<()> {
    let kind = match (&about.arrays, &about.kind) {
        (Some((label, 1)), _) => format!("{label} file with 1 array"),
        (Some((label, count)), _) => format!("{label} file with {count} arrays"),
        (None, Some(RecognisedKind { name, media_type: Some(media_type), .. })) => {
            format!("{name} ({media_type})")
        }
        (None, Some(kind)) => kind.name.clone(),
        (None, None) => UNKNOWN.to_owned(),
    };
    writeln!(out, "{}: {}", escaped(&about.place), escaped(&kind))?;
    if !options.embedded {
        return Ok(());
    }
    embedded(about, options, outcome, &mut |find, why| {
        let len = match (find.len, why) {
            (Some(1), _) => String::from(", 1 byte"),
            (Some(len), _) => format!(", {len} bytes"),
            (None, Some(why)) => format!(", length unknown: {why}"),
            (None, None) => String::new(),
        };
        writeln!(out, "{:#010x}  {}{len}", find.offset, find.name)
    })
}

fn json(
    number: usize,
    about: &About,
    options: &WhatOptions,
    outcome: &mut Outcome,
    out: &mut dyn Write,
) -> io::Result<()> {
    let comma = if number > 0 { "," } else { "" };
    let or_null = |text: Option<&String>| text.map_or_else(|| String::from("null"), |text| json_string(text));
    let kind = about.kind.as_ref();
    write!(
        out,
        "{comma}\n  {{\"file\": {}, \"kind\": {}, \"media_type\": {}, \"extension\": {}",
        json_string(&about.place),
        or_null(about.arrays.map(|(label, _)| label.to_owned()).as_ref().or(kind.map(|kind| &kind.name))),
        or_null(kind.and_then(|kind| kind.media_type.as_ref())),
        or_null(kind.and_then(|kind| kind.extension.as_ref())),
    )?;
    if let Some((_, count)) = about.arrays {
        write!(out, ", \"arrays\": {count}")?;
    }
    if options.embedded {
        write!(out, ", \"embedded\": [")?;
        let mut is_first = true;
        embedded(about, options, outcome, &mut |find, why| {
            let comma = if std::mem::take(&mut is_first) { "" } else { "," };
            let len = match (find.len, why) {
                (Some(len), _) => len.to_string(),
                (None, Some(why)) => format!("null, \"reason\": {}", json_string(&why.to_string())),
                (None, None) => String::from("null"),
            };
            write!(
                out,
                "{comma}\n    {{\"offset\": {}, \"length\": {len}, \"kind\": {}, \"extension\": {}}}",
                find.offset,
                json_string(find.name),
                json_string(find.extension)
            )
        })?;
        write!(out, "]")?;
    }
    write!(out, "}}")
}

/// Writes a file inside; with why its end was not found, if it was looked for.
type WriteFile<'w> = &'w mut dyn FnMut(EmbeddedFile, Option<&NoLength>) -> io::Result<()>;

/// Writes each file inside with `write`, as soon as it is found. What can't be read is told and left out.
fn embedded(
    about: &About,
    options: &WhatOptions,
    outcome: &mut Outcome,
    write: WriteFile<'_>,
) -> io::Result<()> {
    let within = match range(options.range.as_deref(), about.source.len(), &about.place) {
        Ok(within) => within,
        Err(stop) => {
            fail(outcome, stop);
            return Ok(());
        }
    };
    let (written, tally) = search(&*about.source, within, options.limit.unwrap_or(u64::MAX), write);
    match tally {
        Err(text) => fail(outcome, CommandError::failed(format!("{}: {text}.", about.place))),
        Ok(tally) if !tally.unread.is_empty() => {
            let reason = tally.unread.reason().map(ToString::to_string).unwrap_or_default();
            fail(
                outcome,
                CommandError::failed(format!(
                    "{}: {} bytes could not be read and were skipped: {reason}.",
                    about.place,
                    tally.unread.bytes()
                )),
            );
        }
        Ok(_) => {}
    }
    written
}

/// Searches on other threads, and writes on this one.
fn search(
    source: &dyn Source,
    within: Span,
    limit: u64,
    write: WriteFile<'_>,
) -> (io::Result<()>, Result<EmbeddedTally, String>) {
    let progress = Progress::default();
    std::thread::scope(|scope| {
        let (finds, found) = sync_channel(WAITING);
        let progress = &progress;
        let searching = scope.spawn(move || {
            let mut take = |find| match finds.send(find) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            find_embedded(source, within, Tuning::default(), progress, &mut take)
        });
        let (mut written, mut ends) = (Ok(()), EndFinder::default());
        for mut find in found.iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
            let mut why = None;
            if let (None, Some(kind)) = (find.len, find.open_end) {
                match ends.length(source, find.offset, kind, Cancel::never()) {
                    Ok(len) => find.len = Some(len),
                    Err(reason) => why = Some(reason),
                }
            }
            written = write(find, why.as_ref());
            if written.is_err() {
                break;
            }
        }
        drop(found);
        progress.cancel();
        let tally = match searching.join() {
            Ok(tally) => tally.map_err(|error| error.to_string()),
            Err(_) => Err(String::from("the search ended unexpectedly")),
        };
        (written, tally)
    })
}
