//! Gathers new bytes as splices: neighbours become one, what stays the same is left out.
//!
//! Many bytes go to a temporary file on the way, so that memory is bounded.

use super::ComputeError;
use crate::bytes::spool::Spool;
use crate::bytes::{SharedSource, Span};
use crate::document::{Content, Splice};
use std::io::Write;

/// Up to this many bytes of new values stay in memory.
const IN_MEMORY: usize = 16 << 20;

/// Up to this many are handed over as bytes of each splice, in place of one source for all.
const AS_BYTES: u64 = 1 << 20;

/// What is to be put where, in rising order.
pub(super) struct Put {
    spool: Spool,
    /// Each where it goes and where it begins in the spool.
    places: Vec<(Span, u64)>,
    fills: Vec<Splice>,
    /// Where the new bytes are, each at its own offset, if they need not be kept.
    computed: Option<SharedSource>,
}

impl Put {
    /// Nothing is put yet.
    pub fn new() -> Self {
        Self { spool: Spool::new(IN_MEMORY), places: Vec::new(), fills: Vec::new(), computed: None }
    }

    /// The same, for new bytes that `computed` has, each at its own offset.
    pub fn of(computed: SharedSource) -> Self {
        Self { computed: Some(computed), ..Self::new() }
    }

    /// Whether new bytes are kept; else only their places are.
    pub fn keeps_bytes(&self) -> bool {
        self.computed.is_none()
    }

    /// `new` takes the place of `old`, which has the same length and lies at `at`.
    ///
    /// # Errors
    /// [`ComputeError`] when the new bytes can't be kept.
    pub fn push(&mut self, at: u64, old: &[u8], new: &[u8]) -> Result<(), ComputeError> {
        if old == new {
            return Ok(());
        }
        self.push_new(Span::between(at, at.saturating_add(new.len() as u64)), new)
    }

    /// `new` takes the place of what is in `span`, which is as long.
    ///
    /// # Errors
    /// [`ComputeError`] when the new bytes can't be kept.
    pub fn push_new(&mut self, span: Span, new: &[u8]) -> Result<(), ComputeError> {
        if span.is_empty() {
            return Ok(());
        }
        let begins = self.spool.len();
        if self.keeps_bytes() {
            self.spool.write_all(new).map_err(|error| ComputeError::Spool(error.to_string()))?;
        }
        if let Some((last, _)) = self.places.last_mut()
            && last.end() == span.start()
        {
            *last = Span::between(last.start(), span.end());
            return Ok(());
        }
        self.places.push((span, begins));
        Ok(())
    }

    /// `pattern` over and over in `span`.
    pub fn fill(&mut self, span: Span, pattern: &[u8]) {
        if span.is_empty() {
            return;
        }
        let pattern = pattern.to_vec();
        let content = if span.len() == pattern.len() as u64 {
            Content::Bytes(pattern)
        } else {
            Content::Repeat { pattern, len: span.len() }
        };
        self.fills.push(Splice { span, content });
    }

    /// All of it, in rising order.
    ///
    /// # Errors
    /// [`ComputeError`] when the new bytes can't be kept.
    pub fn finish(self) -> Result<Vec<Splice>, ComputeError> {
        let Self { spool, places, mut fills, computed } = self;
        if let Some(source) = computed {
            let content = |span| Content::Source(source.clone(), span);
            fills.extend(places.into_iter().map(|(span, _)| Splice { span, content: content(span) }));
            return Ok(fills);
        }
        let len = spool.len();
        if len == 0 {
            return Ok(fills);
        }
        let source = spool.finish().map_err(|error| ComputeError::Spool(error.to_string()))?;
        for (span, begins) in places {
            let content = if len <= AS_BYTES {
                let mut bytes = vec![0; span.len() as usize];
                source.read_at(begins, &mut bytes)?;
                Content::Bytes(bytes)
            } else {
                Content::Source(source.clone(), Span::between(begins, begins + span.len()))
            };
            fills.push(Splice { span, content });
        }
        Ok(fills)
    }
}

/// The same splices with each source exchanged, once: a page cache goes before what is to be shown.
pub fn with_sources(
    splices: Vec<Splice>,
    mut exchange: impl FnMut(SharedSource) -> SharedSource,
) -> Vec<Splice> {
    let mut known: Option<(SharedSource, SharedSource)> = None;
    let exchanged = splices.into_iter().map(|splice| {
        let Content::Source(source, span) = splice.content else { return splice };
        let new = match &known {
            Some((old, new)) if std::sync::Arc::ptr_eq(old, &source) => new.clone(),
            _ => exchange(source.clone()),
        };
        known = Some((source, new.clone()));
        Splice { content: Content::Source(new, span), ..splice }
    });
    exchanged.collect()
}
