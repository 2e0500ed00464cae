//! From an entry of a container to the screen, and from a description to an array.

use super::BarField;
use super::bar::Bar;
use super::view::{ArrayView, Unpacked};
use crate::bytes::Source;
use crate::decode::dtype::ItemType;
use crate::decode::{OffsetContext, evaluate};
use crate::formats::Entry;
use crate::session::features::open::options::ArrayRequest;
use crate::session::panes::{PaneContent, PaneKey};
use crate::session::tab::Tab;
use crate::session::tab::layout::PaneSide;

impl Tab {
    /// How offsets that are typed for the array of a pane are read.
    pub(in crate::session) fn offset_reader(
        &self,
        pane: PaneKey,
    ) -> impl Fn(&str) -> Result<u64, String> + use<> {
        let place = OffsetContext { len: self.array_len(pane), base: 0, ..self.place() };
        move |text| evaluate(text, &place).map_err(|error| error.to_string())
    }

    /// Shows an entry's array, whose bytes begin at `offset`, in a typed pane.
    ///
    /// # Errors
    /// A sentence when it can't be shown; the pane that is meant stays the one that it was.
    pub(in crate::session) fn show_array_in(
        &mut self,
        pane: PaneKey,
        entry: (u32, &Entry),
        offset: u64,
        unpacked: Option<Unpacked>,
    ) -> Result<(), String> {
        let before = self.typed_key();
        self.make_last(pane);
        self.show_array_of(entry, offset, unpacked).inspect_err(|_| self.make_last(before))
    }

    fn show_array_of(
        &mut self,
        (at, entry): (u32, &Entry),
        offset: u64,
        unpacked: Option<Unpacked>,
    ) -> Result<(), String> {
        let len = unpacked.as_ref().map_or(self.len(), |unpacked| unpacked.source.len());
        let place = OffsetContext { len, base: 0, ..self.place() };
        let read = move |text: &str| evaluate(text, &place).map_err(|error| error.to_string());
        let mut view = ArrayView::new(Some(entry.name.clone()), ArrayView::bar_of(entry, offset), len, &read)
            .map_err(|reason| format!("{}: {reason}", entry.name))?;
        view.unpacked = unpacked;
        self.put_array(view, Some(at));
        Ok(())
    }

    /// Shows an array in the typed pane that had the keys last. `entry` is its number in the file's container.
    pub(in crate::session) fn put_array(&mut self, view: ArrayView, entry: Option<u32>) {
        self.edit = None;
        if let Some(typed) = self.typed_mut() {
            typed.put(Some(view), entry);
        }
        let pane = self.typed_key();
        self.show_typed(pane);
        self.aim(pane);
        self.select_block();
    }

    /// The number of the entry of the container that the typed pane which had the keys last shows.
    pub fn shown_entry(&self) -> Option<u32> {
        self.typed().and_then(|typed| typed.entry)
    }

    /// Puts a typed pane with plain values beside another pane.
    pub(in crate::session) fn put_typed_beside(&mut self, pane: PaneKey) -> Result<PaneKey, String> {
        let mut typed = self.typed().cloned().ok_or("There is no pane to put it beside.")?;
        typed.put(None, None);
        self.put_beside(pane, PaneSide::Right, PaneContent::Typed(typed))
    }

    /// Shows the selected bytes as an array of the values' type; without a selection those from the caret on.
    ///
    /// # Errors
    /// A sentence when the focus is in an array, which stays, or when nothing can be shown.
    pub(in crate::session) fn array_from_here(&mut self) -> Result<(), String> {
        if self.is_in_array() {
            return Err(String::from(
                "The array is already shown. Edit its dtype, offset, shape and slice in the bar above it.",
            ));
        }
        self.put_selection()
    }

    /// The selected bytes as an array; without a selection those from the caret on.
    fn put_selection(&mut self) -> Result<(), String> {
        let selected = self.selected();
        // Behind the last byte there is nothing to show; where the values begin is the next best place.
        let caret = Some(selected.start()).filter(|at| *at < self.len());
        match selected.is_empty() {
            true => self.array_from(caret.unwrap_or(self.values().format.origin)),
            false => self.array_of(selected.start(), selected.len(), false),
        }
    }

    /// The selected bytes as an array of the values' type in a pane of its own, beside the one with the keys.
    pub(in crate::session) fn put_table_beside(&mut self) -> Result<(), String> {
        if !self.settle_edit()? {
            return Ok(());
        }
        let before = self.typed_key();
        let pane = self.put_typed_beside(self.focus())?;
        self.make_last(pane);
        self.put_selection().inspect_err(|_| {
            // What can't be shown gets no pane.
            self.drop_pane(pane);
            self.make_last(before);
        })
    }

    /// All bytes from `from` on as an array of the values' type.
    fn array_from(&mut self, from: u64) -> Result<(), String> {
        self.array_of(from, self.len().saturating_sub(from), true)
    }

    /// `room` bytes as an array of the values' type; those up to the file's end with `whole`.
    fn array_of(&mut self, from: u64, room: u64, whole: bool) -> Result<(), String> {
        let item = ItemType::from(self.values().format.dtype);
        let size = item.group_bytes().max(1);
        let mut bar = Bar::new(item.to_string(), from, &[room / size], "C".into(), String::new());
        if whole {
            // So another dtype fits as well.
            bar.set(BarField::Shape, String::from("-1"));
        }
        let view = ArrayView::new(None, bar, self.len(), &self.offset_reader(self.typed_key()))?;
        self.put_array(view, None);
        Ok(())
    }

    /// Back to plain values.
    pub(in crate::session) fn close_array(&mut self) -> Result<(), String> {
        if !self.settle_edit()? {
            return Ok(());
        }
        self.drop_array(self.typed_key());
        Ok(())
    }

    /// Changes the array on the screen, or the whole file as one, to what was asked for.
    pub(in crate::session) fn refine_array(&mut self, request: &ArrayRequest) -> Result<(), String> {
        let fields = [
            (BarField::Dtype, &request.dtype),
            (BarField::Offset, &request.offset),
            (BarField::Shape, &request.shape),
            (BarField::Order, &request.order),
            (BarField::Slice, &request.slice),
        ];
        if fields.iter().all(|(_, text)| text.is_none()) {
            return Ok(());
        }
        if self.array().is_none() {
            self.array_from(0)?;
        }
        let pane = self.typed_key();
        let (len, read) = (self.array_len(pane), self.offset_reader(pane));
        let Some(view) = self.array_mut() else { return Ok(()) };
        if request.shape.is_none()
            && (request.dtype.is_some() || request.offset.is_some())
            && view.name.is_none()
        {
            view.bar.set(BarField::Shape, String::from("-1"));
        }
        for (field, text) in fields {
            if let Some(text) = text {
                view.bar.set(field, text.clone());
            }
        }
        view.read_again(len, &read);
        match view.bar.first_error() {
            Some((field, reason)) => Err(format!("{}: {reason}", field.label())),
            None => Ok(()),
        }
    }

    /// After a change of the document: what the bar says of the new length.
    pub(in crate::session) fn refresh_array(&mut self) {
        for pane in self.array_keys() {
            self.with_array(pane, ArrayView::read_again);
        }
    }
}
