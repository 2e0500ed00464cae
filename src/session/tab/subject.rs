//! Which elements statistics and pictures are of: the selection of a pane, the slice that it shows, or the whole file.

use super::Tab;
use crate::bytes::Span;
use crate::decode::array::{Array, MemoryOrder};
use crate::decode::{DType, Element, Order};
use crate::document::Mapped;
use crate::session::arrays::ArrayView;
use crate::session::arrays::block::Block;
use crate::session::arrays::table::AxisPart;
use crate::session::describe;
use crate::session::done::Done;
use crate::session::panes::{PaneContent, PaneKey, TypedPane};
use crate::session::subject::{ElementSubject, ShownPart, SubjectExtent};
use crate::session::view::Selection;

impl Tab {
    /// What the pane with the keys shows; of a picture what it is of.
    ///
    /// # Errors
    /// A sentence when there are no elements.
    pub(in crate::session) fn subject(&self) -> Result<ElementSubject, String> {
        self.subject_in(self.pictured(self.focus))
    }

    /// What is selected in a pane of bytes, values or an array, or else what it shows.
    ///
    /// # Errors
    /// A sentence when there are no elements.
    pub(in crate::session) fn subject_in(&self, pane: PaneKey) -> Result<ElementSubject, String> {
        match &self.panes.get(pane).content {
            PaneContent::Typed(TypedPane { array: Some(view), .. }) => self.of_view(pane, view),
            PaneContent::Typed(_) | PaneContent::Hex(_) | PaneContent::Picture(_) => {
                self.of_bytes(pane, true)
            }
        }
    }

    /// All that a pane of bytes, values or an array shows, selected or not.
    ///
    /// # Errors
    /// A sentence when there are no elements.
    pub(in crate::session) fn subject_of(&self, pane: PaneKey) -> Result<ElementSubject, String> {
        match &self.panes.get(pane).content {
            PaneContent::Typed(TypedPane { array: Some(view), .. }) => {
                if let Some(reason) = &view.misfit {
                    return Err(reason.clone());
                }
                let parts = all_parts(view);
                self.shown_part(pane, view, parts, SubjectExtent::Slice, view.sliced.array.clone())
            }
            PaneContent::Typed(_) | PaneContent::Hex(_) | PaneContent::Picture(_) => {
                self.of_bytes(pane, false)
            }
        }
    }

    /// Elements of an earlier state of the document where they are now: at the same offset, unless bytes before them have
    /// come or gone.
    pub(in crate::session) fn as_now(&self, elements: &ElementSubject) -> ElementSubject {
        let mut now = elements.clone();
        now.revision = self.document().revision();
        if let Some(extent) = elements.array.extent().filter(|_| !elements.is_unpacked())
            && let Mapped::Intact(span) | Mapped::Touched(span) =
                self.document().map_span(extent, elements.revision)
            && span.len() == extent.len()
        {
            let by = i128::from(span.start()) - i128::from(extent.start());
            now.array.offset = u64::try_from(i128::from(now.array.offset) + by).unwrap_or(now.array.offset);
        }
        now
    }

    /// The pane that a picture is of; any other pane itself.
    pub fn pictured(&self, pane: PaneKey) -> PaneKey {
        match self.panes.get(pane).content.picture() {
            Some(picture) if self.panes.has(picture.of) => picture.of,
            Some(_) => self.hex_key(),
            None => pane,
        }
    }

    fn of_view(&self, pane: PaneKey, view: &ArrayView) -> Result<ElementSubject, String> {
        let mut parts = all_parts(view);
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
        self.shown_part(pane, view, parts, extent, array)
    }

    fn shown_part(
        &self,
        pane: PaneKey,
        view: &ArrayView,
        parts: Vec<AxisPart>,
        extent: SubjectExtent,
        array: Array,
    ) -> Result<ElementSubject, String> {
        let view = ShownPart {
            pane,
            entry: self.panes.get(pane).content.typed().and_then(|typed| typed.entry),
            name: view.name.clone(),
            sliced: view.sliced.clone(),
            whole: view.base.shape.clone(),
            parts,
            unpacked: view.unpacked.as_ref().map(|unpacked| std::sync::Arc::clone(&unpacked.source)),
        };
        let subject = ElementSubject::new(self.id, self.document().revision(), extent, array);
        ElementSubject { view: Some(view), ..subject }.checked("The array is empty.")
    }

    /// The selected bytes or plain values where something is selected and `selects`, or all of them.
    fn of_bytes(&self, pane: PaneKey, selects: bool) -> Result<ElementSubject, String> {
        let format = self.panes.get(pane).content.values().map(|values| values.format);
        let dtype = format.map_or(DType::new(Element::U8, Order::Little), |format| format.dtype);
        let selected = self.selected();
        let (extent, span) = if selected.is_empty() || !selects {
            let origin = format.map_or(0, |format| format.origin.min(self.len()));
            (SubjectExtent::File, Span::between(origin, self.len()))
        } else {
            (SubjectExtent::Selection, selected)
        };
        let size = dtype.size().max(1) as u64;
        let array = Array::new(dtype.into(), span.start(), vec![span.len() / size], MemoryOrder::C);
        let array = array.map_err(|error| error.to_string())?;
        let subject = ElementSubject {
            left_over: span.len() % size,
            ..ElementSubject::new(self.id, self.document().revision(), extent, array)
        };
        match (self.is_empty(), subject.array.items()) {
            (true, _) => Err(String::from("The file is empty.")),
            (false, 0) => Err(format!("{} are less than one {}.", describe::bytes(span.len()), dtype.name())),
            (false, _) => Ok(subject),
        }
    }

    /// What is added to the offsets that are shown.
    pub(in crate::session) fn base_address(&self) -> u64 {
        self.hex().format.base
    }

    /// Puts the caret on an element, by its number in C order.
    pub(in crate::session) fn go_to_subject(&mut self, subject: &ElementSubject, element: u64) -> Done {
        let place = subject.place_of(element);
        let is_shown = |view: &ShownPart| self.typed_key() == view.pane && self.shown_array().is_some();
        if let Some(view) = subject.view.as_ref().filter(|view| is_shown(view))
            && let Some(index) = view.sliced.array.index_of_place(place)
            && !matches!(subject.extent, SubjectExtent::Field(_))
        {
            return self.go_to_element(&view.sliced.base_index(&index));
        }
        if subject.is_unpacked() {
            return Err(String::from("Show the array first: it is compressed in its file."));
        }
        self.jump(Selection::of(place.span, self.selection.column));
        Ok(())
    }
}

fn all_parts(view: &ArrayView) -> Vec<AxisPart> {
    view.sliced.array.shape.iter().map(|side| AxisPart::Run(0, *side)).collect()
}

/// The name of the field in the column of the caret, where columns are fields.
fn caret_field(view: &ArrayView) -> Option<Box<str>> {
    if view.columns.are_alike() {
        return None;
    }
    let column = usize::try_from(view.block.caret.1).ok()?;
    view.columns.shown().get(column).map(|leaf| leaf.name.as_str().into())
}
