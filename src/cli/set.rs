//! `pagelens set FILE[::ARRAY] SLICE VALUE`: new values for a part of an array, saved and read back.
//!
//! Saved by the same engine as in the window: wholly or not at all, never over what another program has changed.

use super::others::others_of;
use super::raw::Raw;
use super::saved::{SeenOfFile, read_back, read_back_words, store};
use super::target::{Target, character, find};
use super::{CommandError, Outcome};
use crate::bytes::file::FileSource;
use crate::bytes::{SharedSource, Source, Span};
use crate::compute::{self, ComputeError, NewValues, Operation};
use crate::decode::slice::Sliced;
use crate::document::{Content, Document, Edit, Splice};
use crate::escape::escaped;
use crate::formats;
use crate::job::Progress;
use crate::save::disk::watch_writes;
use crate::save::edited_over::EditedOverRecord;
use crate::save::noted_source::NotedSource;
use crate::save::{Generation, ReadBack};
use crate::state::Folders;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(clap::Args, Debug, Default)]
pub struct SetOptions {
    /// The file, then :: and the name of an array in it; a file with a single array needs no name
    #[arg(value_name = "FILE[::ARRAY]")]
    pub file: PathBuf,

    /// The part to change, as in Python: '[0, :, ::2]', '[-1]', "['field']"; '...' for the whole array
    #[arg(allow_hyphen_values = true)]
    pub slice: String,

    /// A value, a nested list, or an expression: 'x * 2 + 1', 'x - mean(x)', "x + other('b')", 'arange()', 'random(0, 1, seed=42)'
    #[arg(allow_hyphen_values = true)]
    pub value: String,

    #[command(flatten)]
    pub raw: Raw,

    /// Show what would be changed; write nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What is calculated from more bytes is not read a second time to know what it takes the place of.
const WORTH_NOTING: u64 = 8 << 20;

/// Changes the file; `folders` is where journals go that can't lie beside their file.
pub fn run(options: &SetOptions, folders: Option<&Folders>, out: &mut dyn Write) -> Outcome {
    let mut notes = Vec::new();
    let done = set(options, folders, &mut notes).and_then(|said| {
        let written = said.iter().try_for_each(|line| writeln!(out, "{}", escaped(line)));
        written.map_err(|error| CommandError::write(&error))
    });
    let mut outcome = Outcome::from(done);
    outcome.errors.splice(0..0, notes);
    outcome
}

fn set(
    options: &SetOptions,
    folders: Option<&Folders>,
    notes: &mut Vec<String>,
) -> Result<Vec<String>, CommandError> {
    let mut target = find(&options.file, &options.raw)?;
    notes.append(&mut target.notes);
    let place = target.place();
    let failed = |text: String| CommandError::failed(format!("{place}: {text}"));
    if options.slice.trim().is_empty() {
        return Err(CommandError::usage(String::from(
            "A slice is missing: '[3, 5]' for one element, '[...]' for all.",
        )));
    }
    let sliced = target.slice(Some(&options.slice))?;
    let Some(file) = target.opened.file.clone().filter(|_| target.deflated.is_none()) else {
        return Err(failed(
            "The array is compressed, or the file is a stream. Values can be changed only in an uncompressed array of a regular file."
                .to_owned(),
        ));
    };
    let progress = Progress::default();
    let generation = Arc::new(Generation::new(file.clone() as SharedSource));
    let Calculated { values, seen } = calculated(options, &target, (&file, &generation), &sliced, &progress)?;
    let infinite = values.infinite_words().map(|words| format!("{place}: {words}"));
    let mut splices = values.splices;
    // A fill is made without a look at what is there.
    splices.retain(|splice| !is_there(&*target.opened.source, splice));
    let changed: u64 = splices.iter().map(|splice| splice.span.len()).sum();
    if splices.is_empty() {
        return Ok(vec![format!("{place}: nothing to change. The values are already equal.")]);
    }
    let touched: Vec<Span> = splices.iter().map(|splice| splice.span).collect();
    let (follows, damaged) = follow_up(&target, &generation, &splices, &progress).map_err(&failed)?;
    let warnings = formats::broken_by(&*target.opened.source, &touched).into_iter().chain(damaged);
    let warnings = warnings.map(|text| format!("{place}: {text}"));
    if options.dry_run {
        let places =
            if splices.len() == 1 { "1 place".to_owned() } else { format!("{} places", splices.len()) };
        let would = format!("{place}: {} would be written, in {places}.", bytes(changed));
        return Ok(std::iter::once(would).chain(infinite).chain(warnings).collect());
    }
    splices.extend(follows);
    splices.sort_by_key(|splice| splice.span.start());
    let spans: Vec<Span> = splices.iter().map(|splice| splice.span).collect();
    let mut document = Document::new(generation.clone() as SharedSource);
    document.apply(Edit::each("Set", splices)).map_err(|error| failed(format!("{error}.")))?;
    let snapshot = document.begin_save().snapshot;
    let saved = store(&target.opened, (&file, &generation), (&snapshot, seen), folders, &progress)?;
    if saved.read_back == ReadBack::Nothing {
        read_back(&target.opened, &snapshot, &spans).map_err(&failed)?;
    }
    let mut said = vec![format!("{place}: {} {}.", bytes(changed), read_back_words(saved.read_back))];
    said.extend(infinite);
    said.extend(saved.warnings);
    said.extend(warnings);
    Ok(said)
}

fn bytes(count: u64) -> String {
    if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") }
}

/// Whether the source holds the few bytes of a splice already.
fn is_there(source: &dyn Source, splice: &Splice) -> bool {
    let Content::Bytes(wanted) = &splice.content else { return false };
    let mut found = vec![0; wanted.len()];
    source.read_at(splice.span.start(), &mut found).is_ok() && found == *wanted
}

/// New values, and what is known of the bytes that they were calculated from.
struct Calculated {
    values: NewValues,
    seen: SeenOfFile,
}

fn calculated(
    options: &SetOptions,
    target: &Target,
    (file, generation): (&FileSource, &Arc<Generation>),
    sliced: &Sliced,
    progress: &Progress,
) -> Result<Calculated, CommandError> {
    let source = generation.clone() as SharedSource;
    if sliced.array.extent().is_none_or(|extent| extent.len() < WORTH_NOTING) {
        let values = new_values(options, target, &source, sliced, progress)?;
        return Ok(Calculated {
            values,
            seen: SeenOfFile { record: EditedOverRecord::default(), watch: None },
        });
    }
    let watch = watch_writes(file.file()).map(Arc::from);
    let noted = Arc::new(NotedSource::new(source));
    let values = new_values(options, target, &(noted.clone() as SharedSource), sliced, progress)?;
    Ok(Calculated { values, seen: SeenOfFile { record: noted.take_record(), watch } })
}

/// What is to be put where, for the value as it is typed.
fn new_values(
    options: &SetOptions,
    target: &Target,
    source: &SharedSource,
    sliced: &Sliced,
    progress: &Progress,
) -> Result<NewValues, CommandError> {
    let value = options.value.as_str();
    let (place, array) = (target.place(), &sliced.array);
    // The place of a value that does not fit is said as the array counts, not the slice.
    let failed = |error: ComputeError| match error {
        ComputeError::At { index, reason } => {
            let at = ComputeError::At { index: sliced.base_index(&index), reason };
            CommandError::failed(format!("{place}: {at}"))
        }
        ComputeError::Shape(_) => CommandError::usage(format!("{place}: {error}")),
        error => CommandError::failed(format!("{place}: {error}")),
    };
    let operation: Operation = value.parse().map_err(|error: compute::ParseOperationError| {
        // Places are counted without the blanks in front, and in bytes.
        let blanks = value.len() - value.trim_start().len();
        CommandError::usage(format!(
            "The value {value}, at character {}: {error}",
            character(value, blanks + error.at)
        ))
    })?;
    if target.format.is_some() && operation.result_type(&array.item) != array.item {
        return Err(CommandError::usage(format!(
            "{place}: the file's header says that its values are {}. A cast would make the header wrong.",
            array.item
        )));
    }
    let others = others_of(&options.file, &operation.others(), (target, source), &sliced.slice)
        .map_err(|error| CommandError { text: format!("{place}: {}", error.text), ..error })?;
    compute::apply_unkept(source, array, &operation, &others, progress).map_err(failed)
}

/// The container's checksums of the changed bytes, and messages about them.
fn follow_up(
    target: &Target,
    generation: &Arc<Generation>,
    splices: &[Splice],
    progress: &Progress,
) -> Result<(Vec<Splice>, Vec<String>), String> {
    let spans: Vec<Span> = splices.iter().map(|splice| splice.span).collect();
    let copies = splices.iter().map(|splice| Splice { span: splice.span, content: splice.content.clone() });
    let mut document = Document::new(generation.clone() as SharedSource);
    document.apply(Edit::each("Set", copies.collect())).map_err(|error| format!("{error}."))?;
    let snapshot = document.snapshot();
    let changes = formats::follow_up(&snapshot, target.opened.path(), &spans, progress)
        .map_err(|error| error.to_string())?;
    let damaged = formats::damaged_before(&**generation, &snapshot, &changes, progress);
    let splices =
        changes.into_iter().map(|(span, bytes)| Splice { span, content: Content::Bytes(bytes) }).collect();
    Ok((splices, damaged))
}
