//! What statistics and pictures are of: elements in a state of a document, and where each of them is.

use super::arrays::table::AxisPart;
use super::describe;
use super::ids::{PaneKey, TabId};
use crate::bytes::pages::CachedSource;
use crate::bytes::{Availability, SharedSource, Source};
use crate::decode::array::{Array, ItemPlace};
use crate::decode::dtype::ItemType;
use crate::decode::slice::Sliced;
use crate::decode::style::NumberStyle;
use crate::document::{Document, Mapped, Revision, Snapshot};
use std::sync::Arc;

/// How much of what is shown the elements are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubjectExtent {
    /// All bytes of the file, or all of its plain values.
    File,
    /// The selected bytes or elements.
    Selection,
    /// The slice of an array that is shown.
    Slice,
    /// All values of the field that the caret is in.
    Field(Box<str>),
}

/// Elements in a state of a document.
#[derive(Clone, Debug)]
pub struct ElementSubject {
    pub tab: TabId,
    pub(in crate::session) revision: Revision,
    pub extent: SubjectExtent,
    /// The elements; they are in the document, or in `unpacked`.
    pub array: Array,
    /// The array that the elements are a part of, as its pane shows it.
    pub(in crate::session) view: Option<ShownPart>,
    /// Bytes at the end of the selection that are no whole element.
    pub left_over: u64,
}

/// The array on the screen that elements belong to.
#[derive(Clone, Debug)]
pub(in crate::session) struct ShownPart {
    pub pane: PaneKey,
    /// Its number in the container.
    pub entry: Option<u32>,
    /// Its name in the container, if it has one.
    pub name: Option<Box<str>>,
    pub sliced: Sliced,
    /// The shape of the whole array.
    pub whole: Vec<u64>,
    /// What of each axis of the slice is meant.
    pub parts: Vec<AxisPart>,
    pub unpacked: Option<Arc<CachedSource>>,
}

impl ElementSubject {
    /// Elements of a state of a document that belong to no array on the screen.
    pub(in crate::session) fn new(
        tab: TabId,
        revision: Revision,
        extent: SubjectExtent,
        array: Array,
    ) -> Self {
        Self { tab, revision, extent, array, view: None, left_over: 0 }
    }

    /// Itself, if it has any elements.
    pub(in crate::session) fn checked(self, when_empty: &str) -> Result<Self, String> {
        if self.array.items() == 0 { Err(when_empty.to_owned()) } else { Ok(self) }
    }

    /// Whether both are of the same elements with the same values.
    pub(in crate::session) fn is_as(&self, other: &Self) -> bool {
        self.revision == other.revision && self.has_elements_of(other)
    }

    fn has_elements_of(&self, other: &Self) -> bool {
        let place =
            |subject: &Self| subject.view.as_ref().and_then(|view| view.unpacked.as_ref().map(Arc::as_ptr));
        (self.tab, &self.extent, place(self)) == (other.tab, &other.extent, place(other))
            && self.array == other.array
            && self.left_over == other.left_over
    }

    /// Whether what was measured as `self` is still true of `now`: no byte of it has changed since.
    pub(in crate::session) fn stays(&self, now: &Self, document: &Document) -> bool {
        if self.is_as(now) {
            return true;
        }
        let Some(extent) = self.array.extent().filter(|_| self.has_elements_of(now)) else { return false };
        self.is_unpacked() || document.map_span(extent, self.revision) == Mapped::Intact(extent)
    }

    /// Whether the bytes of `self`, of which `other` are some elements, are the same in both states of the document.
    pub(in crate::session) fn has_bytes_of(&self, other: &Self, document: &Document) -> bool {
        let place =
            |subject: &Self| subject.view.as_ref().and_then(|view| view.unpacked.as_ref().map(Arc::as_ptr));
        if self.tab != other.tab || place(self) != place(other) {
            return false;
        }
        let is_intact = |extent| document.map_span(extent, self.revision) == Mapped::Intact(extent);
        self.is_unpacked() || self.revision == other.revision || other.array.extent().is_some_and(is_intact)
    }

    /// Whether the elements are in decompressed bytes of their own.
    pub(in crate::session) fn is_unpacked(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.unpacked.is_some())
    }

    /// Bytes of the elements.
    pub(in crate::session) fn bytes(&self) -> u64 {
        let groups = self.array.items().div_ceil(u64::from(self.array.item.group_items()).max(1));
        groups.saturating_mul(self.array.item.group_bytes())
    }

    /// Where the elements can be read by a worker.
    pub(in crate::session) fn source(&self, shown: &Snapshot) -> SharedSource {
        match self.view.as_ref().and_then(|view| view.unpacked.clone()) {
            Some(unpacked) => unpacked,
            None => Arc::new(shown.clone()),
        }
    }

    /// The type of the elements.
    pub fn item(&self) -> &ItemType {
        &self.array.item
    }

    /// The name of the array in its file; empty of bytes.
    pub fn name(&self) -> &str {
        self.view.as_ref().and_then(|view| view.name.as_deref()).unwrap_or_default()
    }

    pub(in crate::session) fn place_of(&self, element: u64) -> ItemPlace {
        self.array.place(&self.array.index_at(element))
    }

    /// The value at a place, if its bytes are cached; they are asked for otherwise.
    pub fn value_text(&self, shown: &Snapshot, place: ItemPlace) -> Option<String> {
        let source: &dyn Source = match self.view.as_ref().and_then(|view| view.unpacked.as_ref()) {
            Some(unpacked) => &**unpacked,
            None => shown,
        };
        let mut bytes = vec![0; usize::try_from(place.span.len()).ok()?];
        let mut states = vec![Availability::Missing; bytes.len()];
        source.peek(place.span.start(), &mut bytes, &mut states);
        states.iter().all(|state| *state == Availability::Ready).then(|| {
            let mut text = String::new();
            self.array.item.format(&bytes, place.item, &NumberStyle::Shortest, &mut text);
            text
        })
    }

    /// The index, in its whole array, of the element at a place; `None` of bytes and plain values.
    pub fn index_words(&self, place: ItemPlace) -> Option<String> {
        let view = self.view.as_ref()?;
        let index = view.sliced.array.index_of_place(place)?;
        Some(view.sliced.index_words(&index))
    }

    /// Where the element with this number is, in C order: its index, or its offset of bytes.
    pub(in crate::session) fn place_words(&self, element: u64, base: u64) -> String {
        let place = self.place_of(element);
        if let Some(view) = &self.view
            && let Some(index) = view.sliced.array.index_of_place(place)
        {
            return view.sliced.index_words(&index);
        }
        describe::hex(place.span.start().wrapping_add(base))
    }

    /// The elements in words: `Selection`, `layer.0.weight`, `field temp of log`.
    pub fn words(&self) -> String {
        let name = self.name();
        let of = if name.is_empty() { String::new() } else { format!(" of {name}") };
        match &self.extent {
            SubjectExtent::File if self.array.item.group_bytes() == 1 => String::from("All bytes"),
            SubjectExtent::File => String::from("All values"),
            SubjectExtent::Selection => format!("Selection{of}"),
            SubjectExtent::Slice if name.is_empty() => String::from("Array"),
            SubjectExtent::Slice => name.to_owned(),
            SubjectExtent::Field(field) => format!("Field {field}{of}"),
        }
    }
}
