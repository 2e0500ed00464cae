//! What statistics are of: the selection of the pane with the keys, the slice that it shows, or the whole file.

use crate::bytes::pages::CachedSource;
use crate::bytes::{SharedSource, Span};
use crate::decode::array::{Array, ItemPlace, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::decode::slice::Sliced;
use crate::decode::{DType, Element, Order};
use crate::document::{Mapped, Revision};
use crate::session::arrays::ArrayView;
use crate::session::arrays::block::Block;
use crate::session::arrays::table::AxisPart;
use crate::session::describe;
use crate::session::done::Done;
use crate::session::ids::{PaneKey, TabId};
use crate::session::panes::PaneKind;
use crate::session::tab::Tab;
use crate::session::view::Selection;
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

/// Elements to measure, in a state of a document.
#[derive(Clone, Debug)]
pub struct StatisticsSubject {
    pub tab: TabId,
    pub(super) revision: Revision,
    pub extent: SubjectExtent,
    /// The elements; they are in the document, or in `unpacked`.
    pub array: Array,
    /// The array that the elements are a part of, as its pane shows it.
    pub(super) view: Option<ShownPart>,
    /// Bytes at the end of the selection that are no whole element.
    pub left_over: u64,
}

/// The array on the screen that elements belong to.
#[derive(Clone, Debug)]
pub(super) struct ShownPart {
    pub pane: PaneKey,
    /// Its number in the container.
    pub entry: Option<u32>,
    /// Its name in the container, if it has one.
    pub name: Option<Box<str>>,
    pub sliced: Sliced,
    /// What of each axis of the slice is meant.
    pub parts: Vec<AxisPart>,
    pub unpacked: Option<Arc<CachedSource>>,
}

impl StatisticsSubject {
    /// What the tab shows, or why there is nothing to measure.
    pub(super) fn of(tab: &Tab) -> Result<Self, String> {
        match tab.array().filter(|_| tab.is_in_array()) {
            Some(view) => Self::of_view(tab, view),
            None => Self::of_bytes(tab),
        }
    }

    fn of_view(tab: &Tab, view: &ArrayView) -> Result<Self, String> {
        let mut parts: Vec<AxisPart> =
            view.sliced.array.shape.iter().map(|side| AxisPart::Run(0, *side)).collect();
        let (extent, array) = if !view.block.is_one() {
            parts = view.table.part(&view.block);
            (SubjectExtent::Selection, view.selected_array()?)
        } else if let Some(reason) = &view.misfit {
            return Err(reason.clone());
        } else if let Some(field) = caret_field(view) {
            let (last, column) = (view.table.rows().saturating_sub(1), view.block.caret.1);
            let block = Block { anchor: (0, column), caret: (last, column) };
            parts = view.table.part(&block);
            (SubjectExtent::Field(field), view.block_array(&block)?)
        } else {
            (SubjectExtent::Slice, view.sliced.array.clone())
        };
        let view = ShownPart {
            pane: tab.typed_key(),
            entry: tab.shown_entry(),
            name: view.name.clone(),
            sliced: view.sliced.clone(),
            parts,
            unpacked: view.unpacked.as_ref().map(|unpacked| Arc::clone(&unpacked.source)),
        };
        Self { view: Some(view), ..Self::new(tab, extent, array) }.checked("The array is empty.")
    }

    fn of_bytes(tab: &Tab) -> Result<Self, String> {
        let is_typed = tab.focus_kind() == PaneKind::Values;
        let format = tab.values().format;
        let dtype = if is_typed { format.dtype } else { DType::new(Element::U8, Order::Little) };
        let selected = tab.selected();
        let (extent, span) = if selected.is_empty() {
            let origin = if is_typed { format.origin.min(tab.len()) } else { 0 };
            (SubjectExtent::File, Span::between(origin, tab.len()))
        } else {
            (SubjectExtent::Selection, selected)
        };
        let size = dtype.size().max(1) as u64;
        let array = Array::new(dtype.into(), span.start(), vec![span.len() / size], MemoryOrder::C);
        let array = array.map_err(|error| error.to_string())?;
        let subject = Self { left_over: span.len() % size, ..Self::new(tab, extent, array) };
        match (tab.is_empty(), subject.array.items()) {
            (true, _) => Err(String::from("The file is empty.")),
            (false, 0) => Err(format!("{} are less than one {}.", describe::bytes(span.len()), dtype.name())),
            (false, _) => Ok(subject),
        }
    }

    fn new(tab: &Tab, extent: SubjectExtent, array: Array) -> Self {
        let revision = tab.document().revision();
        Self { tab: tab.id, revision, extent, array, view: None, left_over: 0 }
    }

    fn checked(self, when_empty: &str) -> Result<Self, String> {
        if self.array.items() == 0 { Err(when_empty.to_owned()) } else { Ok(self) }
    }

    /// Whether both are of the same elements with the same values.
    pub(super) fn is_as(&self, other: &Self) -> bool {
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
    pub(super) fn stays(&self, now: &Self, tab: &Tab) -> bool {
        if self.is_as(now) {
            return true;
        }
        let Some(extent) = self.array.extent().filter(|_| self.has_elements_of(now)) else { return false };
        self.is_unpacked() || tab.document().map_span(extent, self.revision) == Mapped::Intact(extent)
    }

    fn is_unpacked(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.unpacked.is_some())
    }

    /// Bytes of the elements.
    pub(super) fn bytes(&self) -> u64 {
        let groups = self.array.items().div_ceil(u64::from(self.array.item.group_items()).max(1));
        groups.saturating_mul(self.array.item.group_bytes())
    }

    /// Where the elements can be read by a worker.
    pub(super) fn source(&self, tab: &Tab) -> SharedSource {
        match self.view.as_ref().and_then(|view| view.unpacked.clone()) {
            Some(unpacked) => unpacked,
            None => Arc::new(tab.shown().clone()),
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

    fn place_of(&self, element: u64) -> ItemPlace {
        self.array.place(&self.array.index_at(element))
    }

    /// Where the element with this number is, in C order: its index, or its offset of bytes.
    pub(super) fn place_words(&self, element: u64, tab: Option<&Tab>) -> String {
        let place = self.place_of(element);
        if let Some(view) = &self.view
            && let Some(index) = view.sliced.array.index_of_place(place)
        {
            return view.sliced.index_words(&index);
        }
        let base = tab.map_or(0, |tab| tab.hex().format.base);
        describe::hex(place.span.start().wrapping_add(base))
    }

    /// Puts the caret on the element with this number.
    pub(super) fn go_to(&self, element: u64, tab: &mut Tab) -> Done {
        let place = self.place_of(element);
        let is_shown = |view: &ShownPart| tab.typed_key() == view.pane && tab.shown_array().is_some();
        if let Some(view) = self.view.as_ref().filter(|view| is_shown(view))
            && let Some(index) = view.sliced.array.index_of_place(place)
            && !matches!(self.extent, SubjectExtent::Field(_))
        {
            return tab.go_to_element(&view.sliced.base_index(&index));
        }
        if self.is_unpacked() {
            return Err(String::from("Show the array first: it is compressed in its file."));
        }
        tab.jump(Selection::of(place.span, tab.selection.column));
        Ok(())
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

/// The name of the field in the column of the caret, where columns are fields.
fn caret_field(view: &ArrayView) -> Option<Box<str>> {
    if view.columns.are_alike() {
        return None;
    }
    let column = usize::try_from(view.block.caret.1).ok()?;
    view.columns.shown().get(column).map(|leaf| leaf.name.as_str().into())
}
