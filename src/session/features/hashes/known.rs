//! The hashes of one tab: the values, of which bytes they are, and whether these are the ones that are meant now.

use crate::analysis::hashes::{HashAlgorithm, HashValue};
use crate::bytes::Span;
use crate::document::{Mapped, Revision};
use crate::session::tab::Tab;

/// Which bytes are hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HashedPart {
    #[default]
    File,
    /// What is selected; without a selection what was selected last.
    Selection,
}

/// Bytes of a document, as of a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashedBytes {
    pub span: Span,
    pub(super) revision: Revision,
}

impl HashedBytes {
    /// The same bytes where they are now, if nobody has touched them.
    fn now(self, tab: &Tab) -> Option<Self> {
        let revision = tab.document().revision();
        if revision == self.revision {
            return Some(self);
        }
        match tab.document().map_span(self.span, self.revision) {
            Mapped::Intact(span) => Some(bytes_of(span, revision)),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        }
    }

    /// Where they are now, whatever became of them.
    fn place_now(self, tab: &Tab) -> Option<Self> {
        let revision = tab.document().revision();
        if revision == self.revision {
            return Some(self);
        }
        match tab.document().map_span(self.span, self.revision) {
            Mapped::Intact(span) | Mapped::Touched(span) => Some(bytes_of(span, revision)),
            Mapped::Gone | Mapped::Unknown => None,
        }
    }
}

fn bytes_of(span: Span, revision: Revision) -> HashedBytes {
    HashedBytes { span, revision }
}

/// The hashes of one tab.
#[derive(Debug, Default)]
pub struct TabHashes {
    /// The bytes that are meant now; `None` when nothing was selected yet.
    meant: Option<HashedBytes>,
    /// What was selected last.
    selected: Option<HashedBytes>,
    /// Of which bytes the values are; `None` of bytes that were edited since.
    of: Option<HashedBytes>,
    values: Vec<HashValue>,
    /// Why there are no values of these bytes.
    failed: Option<(HashedBytes, String)>,
}

impl TabHashes {
    /// The bytes that are meant; `None` when nothing was selected yet.
    pub fn span(&self) -> Option<Span> {
        self.meant.map(|meant| meant.span)
    }

    /// Whether the values are of the bytes that are meant.
    pub fn is_current(&self) -> bool {
        self.meant.is_some() && self.of == self.meant
    }

    /// All values, current or not.
    pub fn values(&self) -> &[HashValue] {
        &self.values
    }

    /// The value of an algorithm, current or not.
    pub fn value(&self, algorithm: &HashAlgorithm) -> Option<&HashValue> {
        self.values.iter().find(|value| value.algorithm == algorithm)
    }

    /// Why there are no values of the bytes that are meant.
    pub fn failure(&self) -> Option<&str> {
        let (of, reason) = self.failed.as_ref()?;
        (Some(*of) == self.meant).then_some(reason)
    }
}

impl TabHashes {
    /// The bytes that are meant now. Values of bytes that have only moved stay theirs.
    pub(super) fn follow(&mut self, tab: &Tab, part: HashedPart) -> Option<HashedBytes> {
        let revision = tab.document().revision();
        self.selected = match tab.selected() {
            span if span.is_empty() => self.selected.and_then(|selected| selected.place_now(tab)),
            span => Some(bytes_of(span, revision)),
        };
        self.of = self.of.and_then(|of| of.now(tab));
        self.meant = match part {
            HashedPart::File => Some(bytes_of(Span::first(tab.len()), revision)),
            HashedPart::Selection => self.selected,
        };
        self.meant
    }

    /// Those of `wanted` that are still to be computed.
    pub(super) fn missing(&self, wanted: &[&'static HashAlgorithm]) -> Vec<&'static HashAlgorithm> {
        let is_known = |algorithm: &HashAlgorithm| self.is_current() && self.value(algorithm).is_some();
        wanted.iter().copied().filter(|algorithm| !is_known(algorithm)).collect()
    }

    /// Takes values of these bytes.
    pub(super) fn take(&mut self, of: HashedBytes, values: Vec<HashValue>, tab: &Tab) {
        let of = of.now(tab).unwrap_or(of);
        if self.of != Some(of) {
            self.values.clear();
        }
        self.values.retain(|own| values.iter().all(|new| new.algorithm != own.algorithm));
        self.values.extend(values);
        (self.of, self.failed) = (Some(of), None);
    }

    pub(super) fn fail(&mut self, of: HashedBytes, reason: String) {
        self.failed = Some((of, reason));
    }

    pub(super) fn forget_failure(&mut self) {
        self.failed = None;
    }

    /// The values are to be computed again.
    pub(super) fn forget(&mut self) {
        (self.of, self.failed) = (None, None);
    }
}
