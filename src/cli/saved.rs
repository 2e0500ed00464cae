//! A save of the command line: by the engine of the window, then read back.

use super::CommandError;
use crate::analysis::{Pool, Tuning};
use crate::bytes::file::FileSource;
use crate::bytes::open::Opened;
use crate::bytes::{SharedSource, Source, Span};
use crate::document::Snapshot;
use crate::job::{Cancel, Progress};
use crate::save::disk::WriteWatch;
use crate::save::edited_over::EditedOverRecord;
use crate::save::{Generation, ReadBack, SaveRequest, Saved, destination_of};
use crate::state::Folders;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Runs of the old file that are shorter, in bytes, are written as all else is.
const WORTH_COPYING: u64 = 64 << 10;

/// Compared at once when the file is read back, in bytes.
const CHUNK: u64 = 128 << 10;

/// What was read of the file.
#[derive(Default)]
pub(super) struct SeenOfFile {
    pub record: EditedOverRecord,
    /// Tells whether anybody could store into the file since.
    pub watch: Option<Arc<dyn WriteWatch>>,
}

/// What was done with the new bytes.
pub(super) fn read_back_words(read_back: ReadBack) -> String {
    match read_back {
        ReadBack::Nothing | ReadBack::All => "written and read back".to_owned(),
        ReadBack::Pages { of_each } => {
            format!("written; a page of each {} MiB was read back from the disk", of_each >> 20)
        }
    }
}

/// Saves a snapshot over the file that it was made of.
///
/// # Errors
/// When the save failed; the file is as it was.
pub(super) fn store(
    opened: &Opened,
    (file, generation): (&Arc<FileSource>, &Arc<Generation>),
    (snapshot, SeenOfFile { record, watch }): (&Snapshot, SeenOfFile),
    folders: Option<&Folders>,
    progress: &Progress,
) -> Result<Saved, CommandError> {
    let read = |span: Span, buf: &mut [u8]| {
        // So few at once that nothing is mapped for them.
        let mut parts = span.chunks(CHUNK).zip(buf.chunks_mut(CHUNK as usize));
        parts.try_for_each(|(part, buf)| generation.read_at(part.start(), buf))
    };
    record.update(snapshot, &read, progress);
    let shared: SharedSource = Arc::new(snapshot.clone());
    let mut request = SaveRequest::save(shared, opened.path(), file.identity().clone());
    request.generation = Some(generation.clone());
    request.overwrites = Some(snapshot.overwrites());
    request.kept = snapshot.kept(WORTH_COPYING);
    request.edited_over = Some(Arc::new(record.checker()));
    request.fallback = folders.map(Folders::journals);
    request.watch = watch;
    request.reads_back = true;
    let destination = destination_of(&request.target.location);
    destination.save(request, progress).map_err(|error| CommandError::failed(error.to_string()))
}

/// Whether the file, opened anew, holds what was to be written. On all cores.
///
/// # Errors
/// A sentence when it does not.
pub(super) fn read_back(opened: &Opened, snapshot: &Snapshot, spans: &[Span]) -> Result<(), String> {
    let failed =
        |error: &dyn std::fmt::Display| format!("It was saved, but could not be read back: {error}.");
    let file = FileSource::open(opened.path()).map_err(|error| failed(&error))?;
    let mut chunks = spans.iter().flat_map(|span| span.chunks(CHUNK));
    let compare = |chunk: Span, (wanted, found): &mut (Vec<u8>, Vec<u8>)| {
        wanted.resize(chunk.len() as usize, 0);
        found.resize(chunk.len() as usize, 0);
        let read = snapshot.read_at(chunk.start(), wanted).and(file.read_at(chunk.start(), found));
        read.map_err(|error| failed(&error))?;
        if wanted == found {
            return Ok(());
        }
        Err(format!(
            "It was saved, but bytes {chunk} differ from what was written. Another program has changed them."
        ))
    };
    let mut result = Ok(());
    let pool = Pool { threads: Tuning::default().threads, cancel: Cancel::never() };
    pool.run(&mut || chunks.next(), &compare, &mut |compared| {
        result = compared;
        if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    result
}
