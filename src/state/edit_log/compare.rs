//! Whether a file is still the one that was edited: by what the system says of it, and by the bytes that are known.
//!
//! A save that was under way when the program ended has changed what the system says, whichever way it went; then the
//! bytes alone decide, old or new. Only bytes that edits touched are known, so nothing can be said of the others.

use super::image::Image;
use crate::bytes::{FileIdentity, ReadError, SharedSource, Source, Span, Version};

/// Bytes that are compared at most, and spans that they may lie in.
const COMPARED: u64 = 64 << 20;
const SPANS: usize = 1 << 17;
const CHUNK: u64 = 1 << 20;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The bytes that were edited.
    AsEdited,
    /// The same, and more behind them.
    Grown,
    /// The state whose save was under way.
    AsSaved,
}

/// What `file` holds, which the system describes by `now`. Blocks.
///
/// # Errors
/// What is different, as the end of a sentence about the file.
pub fn compare(
    image: &Image,
    store: &SharedSource,
    file: &dyn Source,
    now: &FileIdentity,
) -> Result<Standing, String> {
    let known = image.about.version().and_then(Version::as_file).cloned().unwrap_or_default();
    let followed = image.follow(store, None, &[]).replay;
    let saving = followed.saving();
    let as_before = is_same(&known, now);
    if !as_before && saving.is_none() {
        // What is appended to a file is no harm to edits whose own bytes are there still.
        let has_grown = known.inode == now.inode && known.len < file.len() && kept_len(image) > 0;
        let is_there = has_grown && holds(file, &kept(image, store)).map_err(|error| error.to_string())?;
        return if is_there { Ok(Standing::Grown) } else { Err(difference(&known, now)) };
    }
    if file.len() == known.len && holds(file, &kept(image, store)).map_err(|error| error.to_string())? {
        // Without a byte that is known, its length may tell that the save has not come to be.
        let is_not_saved = saving.is_some_and(|saved| saved.len() != file.len());
        if as_before || is_not_saved || kept_len(image) > 0 {
            return Ok(Standing::AsEdited);
        }
    }
    match saving {
        Some(saved) if file.len() == saved.len() => {
            let spans = saved.changed_spans(Span::first(saved.len()));
            let parts: Vec<_> = spans.into_iter().map(|span| (span, span.start())).collect();
            let of_save = Known { parts, bytes: saved };
            match holds(file, &of_save).map_err(|error| error.to_string())? {
                true => Ok(Standing::AsSaved),
                false => {
                    Err("it holds neither the old bytes nor those of the save that was in progress".into())
                }
            }
        }
        _ if as_before => Err("bytes under the edits have changed".into()),
        _ => Err(difference(&known, now)),
    }
}

/// The device's number may be another after the machine was started anew, and attributes may change.
fn is_same(known: &FileIdentity, now: &FileIdentity) -> bool {
    known.len == now.len && known.mtime_ns == now.mtime_ns && known.inode == now.inode
}

fn difference(known: &FileIdentity, now: &FileIdentity) -> String {
    if known.len != now.len {
        format!("its length was {} bytes and is now {}", known.len, now.len)
    } else if known.mtime_ns != now.mtime_ns {
        "it has been written to since".into()
    } else {
        "another file has replaced it".into()
    }
}

/// Bytes that should be in a file: places there, and where they are in `bytes`.
struct Known<'a> {
    parts: Vec<(Span, u64)>,
    bytes: &'a dyn Source,
}

fn kept<'a>(image: &Image, store: &'a SharedSource) -> Known<'a> {
    let parts = image.sources.get(&image.base_now().0).map(|held| held.runs.clone()).unwrap_or_default();
    Known { parts, bytes: &**store }
}

fn kept_len(image: &Image) -> u64 {
    let held = image.sources.get(&image.base_now().0);
    held.map_or(0, |held| held.runs.iter().map(|(span, _)| span.len()).sum())
}

/// Whether `file` holds all of them, as far as they can be read.
fn holds(file: &dyn Source, known: &Known<'_>) -> Result<bool, ReadError> {
    let mut left = COMPARED;
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    for &(span, at) in known.parts.iter().take(SPANS) {
        for part in span.chunks(CHUNK) {
            if part.len() > left {
                return Ok(true);
            }
            left -= part.len();
            ours.resize(part.len() as usize, 0);
            theirs.resize(part.len() as usize, 0);
            if known.bytes.read_at(at + (part.start() - span.start()), &mut ours).is_err() {
                continue;
            }
            file.read_at(part.start(), &mut theirs)?;
            if ours != theirs {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
