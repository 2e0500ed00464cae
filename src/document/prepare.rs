//! From an edit to pieces: checks whether the edit can be made, then turns each content into pieces.
//!
//! All checks come before the first change, so that a refused edit leaves nothing behind.

use super::edit::{Content, Edit, EditError, MAX_LEN, Places, Splice};
use super::piece::{Piece, PieceRun, SourceId};
use super::repeat::RepeatSource;
use super::snapshot::Snapshot;
use super::sources::{SourcesOwner, pasted};
use super::tree::Replacements;
use crate::bytes::{MemorySource, SharedSource, Span};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::vec::IntoIter;

/// Bytes from this many on are a source of their own instead of a copy in the buffer of typed bytes.
const OWN_SOURCE: usize = 4096;
/// A fill up to this long is typed bytes: a source would cost more.
const TYPED_FILL: u64 = 64;
/// So many pieces may one edit put in; more is a mistake that would fill the memory.
const MAX_PIECES: u64 = 1 << 28;

/// Looks whether `edit` fits a document of `len` bytes whose table has `room` for more sources.
///
/// # Errors
/// [`EditError`], the first reason that is found.
pub fn check(edit: &Edit, len: u64, room: u64) -> Result<(), EditError> {
    let mut sum = Sum { len, end: 0, last: None, removed: 0, added: 0 };
    match &edit.places {
        Places::Each(splices) => {
            let mut sources = 0;
            for Splice { span, content } in splices {
                check_content(content)?;
                sum.add(*span, content.len())?;
                sources += sources_of(content);
            }
            sum.finish(sources, room)
        }
        Places::Same(spans, content) => {
            check_content(content)?;
            let content_len = content.len();
            spans.iter().try_for_each(|&span| sum.add(span, content_len))?;
            let places = spans.len() as u64;
            if let Content::Clip(snapshot, span) = content
                && pieces_in(snapshot, *span).saturating_mul(places) > MAX_PIECES
            {
                return Err(EditError::TooScattered { places });
            }
            sum.finish(sources_of(content), room)
        }
    }
}

/// The lengths of an edit while its places are gone through.
struct Sum {
    len: u64,
    end: u64,
    last: Option<Span>,
    removed: u64,
    added: u64,
}

impl Sum {
    fn add(&mut self, span: Span, content_len: u64) -> Result<(), EditError> {
        if span.end() > self.len {
            return Err(EditError::BeyondEnd { span, len: self.len });
        }
        if span.start() < self.end || (span.is_empty() && self.last == Some(span)) {
            return Err(EditError::Unsorted { at: span.start() });
        }
        (self.end, self.last) = (span.end(), Some(span));
        // What is removed was in the document, so it can't overflow.
        self.removed += span.len();
        self.added = self.added.checked_add(content_len).ok_or(EditError::TooLong)?;
        Ok(())
    }

    fn finish(self, sources: u64, room: u64) -> Result<(), EditError> {
        if self.removed == 0 && self.added == 0 {
            return Err(EditError::Nothing);
        }
        if (self.len - self.removed).checked_add(self.added).is_none_or(|len| len > MAX_LEN) {
            return Err(EditError::TooLong);
        }
        if sources > room { Err(EditError::TooManySources) } else { Ok(()) }
    }
}

fn check_content(content: &Content) -> Result<(), EditError> {
    let inside = |span: Span, len: u64| {
        if span.end() <= len { Ok(()) } else { Err(EditError::ContentBeyondEnd { span, len }) }
    };
    match content {
        Content::Bytes(_) => Ok(()),
        Content::Source(source, span) => inside(*span, source.len()),
        Content::Clip(snapshot, span) => inside(*span, snapshot.tree().len()),
        Content::Repeat { pattern, len } if pattern.is_empty() && *len > 0 => Err(EditError::EmptyPattern),
        Content::Repeat { .. } => Ok(()),
    }
}

fn pieces_in(snapshot: &Snapshot, span: Span) -> u64 {
    let mut count = 0;
    snapshot.tree().visit(span, &mut |_, _| {
        count += 1;
        ControlFlow::Continue(())
    });
    count
}

/// How many sources `content` adds to the table, at most.
fn sources_of(content: &Content) -> u64 {
    match content {
        Content::Clip(snapshot, _) => snapshot.pieces(),
        _ => 1,
    }
}

/// A checked edit on its way into the tree.
pub struct PreparedEdit<'a> {
    places: PreparedPlaces,
    base: SourceId,
    sources: &'a mut SourcesOwner,
}

enum PreparedPlaces {
    Each(IntoIter<Splice>),
    Same(IntoIter<Span>, PieceRun),
}

impl<'a> PreparedEdit<'a> {
    /// The places of an edit that [`check`] has found fit.
    pub fn new(places: Places, base: SourceId, sources: &'a mut SourcesOwner) -> Self {
        let places = match places {
            Places::Each(splices) => PreparedPlaces::Each(splices.into_iter()),
            Places::Same(spans, content) => {
                let mut pieces = PieceRun::new();
                add_content(content, base, sources, &mut pieces);
                PreparedPlaces::Same(spans.into_iter(), pieces)
            }
        };
        Self { places, base, sources }
    }
}

impl Replacements for PreparedEdit<'_> {
    fn count(&self) -> usize {
        match &self.places {
            PreparedPlaces::Each(splices) => splices.len(),
            PreparedPlaces::Same(spans, _) => spans.len(),
        }
    }

    fn next(&mut self, pieces: &mut PieceRun) -> Option<Span> {
        match &mut self.places {
            PreparedPlaces::Each(splices) => {
                let Splice { span, content } = splices.next()?;
                add_content(content, self.base, self.sources, pieces);
                Some(span)
            }
            PreparedPlaces::Same(spans, content) => {
                pieces.extend_from_slice(content);
                spans.next()
            }
        }
    }
}

/// Appends the pieces of `content`, and what they name to `sources`.
fn add_content(content: Content, base: SourceId, sources: &mut SourcesOwner, pieces: &mut PieceRun) {
    let len = content.len();
    if len == 0 {
        return;
    }
    let mut whole = |source: SharedSource, start| pieces.push(Piece::new(sources.add(source), start, len));
    match content {
        Content::Bytes(bytes) if bytes.len() >= OWN_SOURCE => whole(Arc::new(MemorySource::new(bytes)), 0),
        Content::Bytes(bytes) => pieces.push(sources.type_bytes(&bytes)),
        Content::Source(source, span) => whole(source, span.start()),
        Content::Repeat { pattern, len } if len <= TYPED_FILL => {
            let bytes: Vec<u8> = pattern.iter().copied().cycle().take(len as usize).collect();
            pieces.push(sources.type_bytes(&bytes));
        }
        Content::Repeat { pattern, len } => {
            if let Some(fill) = RepeatSource::new(pattern, len) {
                whole(Arc::new(fill), 0);
            }
        }
        Content::Clip(snapshot, span) => add_clip(&snapshot, span, base, sources, pieces),
    }
}

/// Takes over the pieces of another state. It must not keep that state itself: two documents that had pasted from
/// each other would never be freed.
fn add_clip(
    snapshot: &Snapshot,
    span: Span,
    base: SourceId,
    sources: &mut SourcesOwner,
    pieces: &mut PieceRun,
) {
    let own = Arc::ptr_eq(snapshot.sources(), sources.shared());
    let mut ids = HashMap::new();
    snapshot.tree().visit(span, &mut |_, piece| {
        match snapshot.sources().get(piece.source()) {
            _ if own && piece.source() == base => pieces.push(piece.with_source(pasted(base))),
            _ if own => pieces.push(piece),
            Some(source) => {
                let id = ids.entry(piece.source().0).or_insert_with(|| sources.add(Arc::clone(source)));
                pieces.push(piece.with_source(*id));
            }
            None => copy_typed(snapshot, piece, sources, pieces),
        }
        ControlFlow::Continue(())
    });
}

fn copy_typed(snapshot: &Snapshot, piece: Piece, sources: &mut SourcesOwner, pieces: &mut PieceRun) {
    let mut bytes = [0; OWN_SOURCE];
    for part in Span::first(piece.len()).chunks(OWN_SOURCE as u64) {
        let bytes = &mut bytes[..part.len() as usize];
        snapshot.sources().copy_typed(piece.offset() + part.start(), bytes);
        super::piece::push_joined(pieces, sources.type_bytes(bytes));
    }
}
