//! The bytes of a file on which a document is built: those that a save in place keeps readable, the right bytes of a
//! file whose save was interrupted, and the facts that are known of such a file.

use super::tab::FileFacts;
use crate::bytes::file::FileSource;
use crate::bytes::open::Opened;
use crate::bytes::pages::{CachedSource, PageCache};
use crate::bytes::resized::Resized;
use crate::bytes::watch::Watcher;
use crate::bytes::{Origin, SharedSource};
use crate::save::Generation;
use crate::save::Pending;
use std::sync::Arc;

/// The first generation of a file: old bytes that are spilled to the disk go behind the screen's cache.
pub(super) fn first_generation(cache: &PageCache, file: SharedSource) -> Generation {
    let cache = cache.clone();
    Generation::new(file).with_cacher(Arc::new(move |spilled: SharedSource| cached(&cache, spilled)))
}

/// The generation to show of a file beside which an interrupted save was found: its right bytes.
pub(super) fn right_generation(
    cache: &PageCache,
    file: Arc<CachedSource>,
    pending: Option<&Pending>,
) -> Generation {
    let Some(pending) = pending else { return first_generation(cache, file) };
    let (len, overlay) = pending.right_bytes(|journal| cached(cache, journal));
    let generation = first_generation(cache, Arc::new(Resized::new(file, len)));
    if let Some(overlay) = overlay {
        generation.publish(overlay);
    }
    generation
}

/// Puts the cache before a source, where a thread can be had for it.
pub(super) fn cached(cache: &PageCache, source: SharedSource) -> SharedSource {
    let plain = source.clone();
    cache.attach(source).map_or(plain, |cached| cached as SharedSource)
}

/// What is known of an opened file that has a cache before it already; has it watched.
pub(super) fn facts_of(
    opened: &Opened,
    cached: Arc<CachedSource>,
    generation: Arc<Generation>,
    watcher: Option<&Watcher>,
) -> FileFacts {
    let watch = match (watcher, opened.origin.file_identity()) {
        (Some(watcher), Some(identity)) => Some(watcher.watch(opened.path(), identity, opened.file.as_ref())),
        _ => None,
    };
    FileFacts {
        origin: opened.origin.clone(),
        kind: opened.kind,
        writable: opened.writable,
        watch,
        source: opened.file.clone(),
        cached,
        generation,
        record: Arc::default(),
    }
}

/// What is known of `file` when `source` takes its place, or is the same with another length.
pub(super) fn replaced_by(
    cache: &PageCache,
    file: &FileFacts,
    source: Arc<FileSource>,
    cached: Arc<CachedSource>,
) -> FileFacts {
    FileFacts {
        origin: Origin::new(file.origin.location.clone(), Some(source.identity().clone())),
        kind: file.kind,
        writable: file.writable,
        watch: file.watch,
        generation: Arc::new(right_generation(cache, cached.clone(), None)),
        source: Some(source),
        cached,
        record: file.record.clone(),
    }
}
