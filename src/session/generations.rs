//! The bytes of a file as a document is built on them: those that an in-place save keeps readable, and the right ones of
//! a file whose save was interrupted.

use crate::bytes::SharedSource;
use crate::bytes::pages::{CachedSource, PageCache};
use crate::bytes::resized::Resized;
use crate::save::Generation;
use crate::save::Pending;
use std::sync::Arc;

/// The first generation of a file: old bytes that are spilled to the disk go behind the screen's cache.
pub(super) fn first_generation(cache: &PageCache, file: SharedSource) -> Generation {
    let cache = cache.clone();
    Generation::new(file).with_cacher(Arc::new(move |spilled: SharedSource| {
        let plain = spilled.clone();
        cache.attach(spilled).map_or(plain, |cached| cached as SharedSource)
    }))
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
