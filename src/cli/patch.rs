//! `pagelens patch FILE PATCH`: applies a patch to a file, or takes it back, and saves.
//!
//! What the patch says of the file is checked first. Saved by the same engine as in the window: wholly or not at all,
//! never over what another program has changed.

use super::saved::{SeenOfFile, read_back, read_back_words, store};
use super::{CommandError, Outcome};
use crate::analysis::compare::{Aligner, Hunk};
use crate::analysis::search::End;
use crate::bytes::open::{OpenError, Opened, leads_to_one_of, open};
use crate::bytes::{SharedSource, Source, Span};
use crate::document::{Content, Document, Edit, Snapshot, Splice};
use crate::escape::{PathText, escaped};
use crate::job::Progress;
use crate::patch::{PatchFormat, PatchWay, Patched, apply};
use crate::save::whole_file::{Durability, write_whole};
use crate::save::{Generation, ReadBack};
use crate::state::Folders;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(clap::Args, Debug, Default)]
pub struct PatchOptions {
    /// The file to patch
    pub file: PathBuf,

    /// The patch: JSON or text of pagelens, IPS, BPS or bsdiff
    pub patch: PathBuf,

    /// Write the patched file here and leave FILE as it is
    #[arg(long, value_name = "OUT")]
    pub output: Option<PathBuf>,

    /// Take the patch back; only JSON and text patches keep the old bytes
    #[arg(long)]
    pub reverse: bool,

    /// Only check whether the patch fits; write nothing
    #[arg(long)]
    pub check: bool,
}

/// The largest patch that is read.
const MOST_PATCH: u64 = 1 << 30;

/// Copied at once, in bytes.
const CHUNK: u64 = 256 << 10;

/// Changes the file; `folders` is where journals go that can't lie beside their file.
pub fn run(options: &PatchOptions, folders: Option<&Folders>, out: &mut dyn Write) -> Outcome {
    let done = patch(options, folders).and_then(|said| {
        let written = said.iter().try_for_each(|line| writeln!(out, "{}", escaped(line)));
        written.map_err(|error| CommandError::write(&error))
    });
    Outcome::from(done)
}

fn patch(options: &PatchOptions, folders: Option<&Folders>) -> Result<Vec<String>, CommandError> {
    let progress = Progress::default();
    let (file, patch) = (opened(&options.file, &progress)?, opened(&options.patch, &progress)?);
    let place = file.asked.shown().to_string();
    let failed = |text: String| CommandError::failed(format!("{place}: {text}"));
    let bytes = patch_bytes(&patch)?;
    let way = if options.reverse { PatchWay::TakeBack } else { PatchWay::Apply };
    let generation = Arc::new(Generation::new(file.source.clone()));
    let source = generation.clone() as SharedSource;
    let patched = apply(&bytes, &*source, way, &progress).map_err(|error| failed(error.to_string()))?;
    let splices = match patched {
        Patched::Edits(splices) => splices,
        Patched::Whole(new) => splices_to(&source, &new, &progress).map_err(&failed)?,
    };
    let spans: Vec<Span> = splices.iter().map(|splice| splice.span).collect();
    let places = if spans.len() == 1 { "1 place".to_owned() } else { format!("{} places", spans.len()) };
    let format = PatchFormat::of(&bytes).map_or("", PatchFormat::name);
    let mut document = Document::new(source);
    if !splices.is_empty() {
        document.apply(Edit::each("Patch", splices)).map_err(|error| failed(format!("{error}.")))?;
    }
    if options.check {
        let after = document.snapshot().len();
        return Ok(vec![format!(
            "{place}: the {format} patch fits. It changes {places}; the file has {after} bytes then."
        )]);
    }
    if let Some(output) = &options.output {
        return write_to(output, &document.snapshot(), &[&file, &patch], &place, &places);
    }
    if spans.is_empty() {
        return Ok(vec![format!("{place}: nothing to change.")]);
    }
    let Some(own) = file.file.clone() else {
        return Err(failed("it is a stream and can't be changed. Use --output.".to_owned()));
    };
    let snapshot = document.begin_save().snapshot;
    let seen = SeenOfFile::default();
    let saved = store(&file, (&own, &generation), (&snapshot, seen), folders, &progress)?;
    if saved.read_back == ReadBack::Nothing {
        read_back(&file, &snapshot, &[Span::first(snapshot.len())]).map_err(&failed)?;
    }
    let done = if options.reverse { "taken back" } else { "applied" };
    let read = read_back_words(saved.read_back);
    let mut said = vec![format!("{place}: the {format} patch was {done} in {places}: {read}.")];
    said.extend(saved.warnings);
    Ok(said)
}

fn opened(path: &Path, progress: &Progress) -> Result<Opened, CommandError> {
    open(path, progress).map_err(|error| match error {
        OpenError::Missing { path } => {
            CommandError::not_found(format!("{}: there is no such file.", path.shown()))
        }
        error => CommandError::failed(error.to_string()),
    })
}

fn patch_bytes(patch: &Opened) -> Result<Vec<u8>, CommandError> {
    let place = patch.asked.shown();
    if patch.len > MOST_PATCH {
        return Err(CommandError::failed(format!("{place}: patches of more than 1 GiB are not read.")));
    }
    let mut bytes = vec![0; patch.len as usize];
    let read = patch.source.read_at(0, &mut bytes);
    read.map_err(|error| CommandError::failed(format!("{place}: {error}.")))?;
    Ok(bytes)
}

/// The edits that make the new file of the old one, as few as the alignment finds.
fn splices_to(old: &SharedSource, new: &SharedSource, progress: &Progress) -> Result<Vec<Splice>, String> {
    let mut splices = Vec::new();
    let aligner = Aligner::new(&**old, &**new, progress);
    let tally = aligner.align(Span::first(old.len()), Span::first(new.len()), &mut |hunks: &[Hunk]| {
        let changes = hunks.iter().filter(|hunk| hunk.is_change());
        splices.extend(changes.map(|hunk| Splice {
            span: hunk.a,
            content: if hunk.b.is_empty() { Content::none() } else { Content::Source(new.clone(), hunk.b) },
        }));
        ControlFlow::Continue(())
    });
    match tally.unread.a.reason().or(tally.unread.b.reason()) {
        Some(reason) => Err(format!("{reason}.")),
        None if tally.end == End::Complete => Ok(splices),
        None => Err("It was cancelled.".to_owned()),
    }
}

fn write_to(
    output: &Path,
    snapshot: &Snapshot,
    inputs: &[&Opened],
    place: &str,
    places: &str,
) -> Result<Vec<String>, CommandError> {
    let inputs: Vec<_> = inputs.iter().map(|opened| opened.origin.clone()).collect();
    if leads_to_one_of(output, &inputs) {
        let text = "is an input file and would be overwritten. Nothing was written. Choose another name.";
        return Err(CommandError::usage(format!("{} {text}", output.shown())));
    }
    let mut buffer = Vec::new();
    let written = write_whole(output, true, Durability::Buffered, |out| {
        for part in Span::first(snapshot.len()).chunks(CHUNK) {
            buffer.resize(part.len() as usize, 0);
            snapshot
                .read_at(part.start(), &mut buffer)
                .map_err(|error| io::Error::other(error.to_string()))?;
            out.write_all(&buffer)?;
        }
        Ok::<(), io::Error>(())
    });
    written.map_err(|error| {
        CommandError::failed(format!("{} could not be written: {error}.", output.shown()))
    })?;
    Ok(vec![format!("{place}: patched in {places} and written to {}.", output.shown())])
}
