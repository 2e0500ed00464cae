//! Values that are computed: fills, arithmetic, pasted blocks, other metadata. A job works out what is to be put
//! where; the tab takes it as one step, if nothing was changed meanwhile.

use super::{ArrayView, BarField};
use crate::bytes::{Source, Span};
use crate::compute::{self, ComputeError, Operation};
use crate::decode::array::{Array, MemoryOrder};
use crate::document::{Content, Document, Edit, Revision, Snapshot, Splice};
use crate::job::{Job, Poll, Progress};
use crate::session::notice::{Level, Topic};
use crate::session::panes::PaneKey;
use crate::session::tab::Tab;
use crate::session::view::Selection;
use crate::session::{Session, TabId};
use std::sync::Arc;

/// What a job answers: what to put where, or why not.
pub(super) type Splices = Result<compute::NewValues, String>;

/// A computation under way.
pub struct Setting {
    tab: TabId,
    /// The pane of the array that was meant.
    pane: PaneKey,
    revision: Revision,
    label: &'static str,
    /// What the items are of afterwards, when that is another type.
    cast: Option<String>,
    pub(super) job: Job<Splices>,
}

/// What the edits of a header's facts are called.
pub(super) const METADATA: &str = "Metadata";

/// What is pasted over the items of an array.
pub(in crate::session) enum PastedValues {
    Text(String),
    /// The bytes of the items.
    Bytes(Vec<u8>),
    /// The same, of a document.
    Span(Snapshot, Span),
}

impl PastedValues {
    fn splices(
        &self,
        source: &Snapshot,
        array: &Array,
        progress: &Progress,
    ) -> Result<Vec<Splice>, ComputeError> {
        match self {
            Self::Text(text) => compute::block(source, array, text, progress),
            Self::Bytes(bytes) => compute::bytes_block(source, array, bytes, progress),
            Self::Span(snapshot, span) => {
                let mut bytes = vec![0; usize::try_from(span.len()).unwrap_or(0)];
                snapshot.read_cancellable(span.start(), &mut bytes, progress.as_cancel())?;
                compute::bytes_block(source, array, &bytes, progress)
            }
        }
    }
}

impl Session {
    /// Has `work` find out what is to be put where in a tab.
    pub(super) fn start_setting(
        &mut self,
        id: TabId,
        label: &'static str,
        work: impl FnOnce(&Progress) -> Result<Vec<Splice>, String> + Send + 'static,
    ) {
        let work = |progress: &Progress| work(progress).map(compute::NewValues::from);
        self.start_cast(id, label, None, work);
    }

    /// The same; `cast` is the dtype that the items are of afterwards, when that is another one.
    fn start_cast(
        &mut self,
        id: TabId,
        label: &'static str,
        cast: Option<String>,
        work: impl FnOnce(&Progress) -> Splices + Send + 'static,
    ) {
        let Some(tab) = self.tabs.get(id) else { return };
        let (revision, pane) = (tab.document.revision(), tab.typed_key());
        let job = tab.check_editable().and_then(|()| {
            Job::spawn("compute", self.context.waker(), work)
                .map_err(|error| format!("Nothing was changed: no thread could be started ({error})."))
        });
        self.hear_of_metadata(label, job.as_ref().err());
        match job {
            Ok(job) => {
                self.features.arrays.setting.push(Setting { tab: id, pane, revision, label, cast, job })
            }
            Err(reason) => self.context.say(reason),
        }
    }

    /// Remembers why a fact of a header was not set, for its field.
    fn hear_of_metadata(&mut self, label: &str, refused: Option<&String>) {
        if label == METADATA {
            self.features.arrays.metadata_refused = refused.cloned();
        }
    }

    /// What became of the fact of a header that was set last; `None` while that is not known.
    pub fn metadata_answer(&self) -> Option<Result<(), &str>> {
        let is_under_way = self.features.arrays.setting.iter().any(|setting| setting.label == METADATA);
        let refused = self.features.arrays.metadata_refused.as_deref();
        (!is_under_way).then(|| refused.map_or(Ok(()), Err))
    }

    pub(super) fn poll_setting(&mut self) {
        let mut at = 0;
        while at < self.features.arrays.setting.len() {
            let answer = self.features.arrays.setting[at].job.poll();
            if matches!(answer, Poll::Running) {
                at += 1;
                continue;
            }
            let work = self.features.arrays.setting.remove(at);
            let done = match answer {
                Poll::Done(Ok(values)) => self.take_splices(&work, values),
                Poll::Done(Err(reason)) => Err(reason),
                Poll::Running | Poll::Lost => {
                    Err(String::from("Nothing was changed: the computation ended unexpectedly."))
                }
            };
            self.hear_of_metadata(work.label, done.as_ref().err());
            if let Err(reason) = done {
                let text = format!("{}: {reason}", work.label);
                self.context.notices.push(Level::Warning, Topic::Edit, Some(work.tab), text);
            }
        }
    }

    fn take_splices(&mut self, work: &Setting, values: compute::NewValues) -> Result<(), String> {
        let infinite = values.infinite_words();
        // What is in a temporary file is shown through the cache, as every file is.
        let splices =
            compute::with_sources(values.splices, |source| match self.context.cache.attach(source.clone()) {
                Ok(cached) => cached,
                Err(_) => source,
            });
        let Some(tab) = self.tabs.get_mut(work.tab) else { return Ok(()) };
        if tab.document.revision() != work.revision {
            return Err(String::from("Nothing was changed: the file was edited in the meantime. Try again."));
        }
        if splices.is_empty() {
            self.context.say(String::from("The values are already equal."));
            return Ok(());
        }
        let selection: Selection = tab.selection;
        tab.splice(Edit::each(work.label, splices), selection)?;
        if let (Some(dtype), Some(view)) = (&work.cast, tab.panes.get_mut(work.pane).content.array_mut()) {
            view.bar.set(BarField::Dtype, dtype.clone());
            tab.refresh_array();
        }
        self.context.say(format!("{}: done. Ctrl+Z undoes it.", work.label));
        if let Some(words) = infinite {
            self.context.notices.push(
                Level::Warning,
                Topic::Edit,
                Some(work.tab),
                format!("{}: {words}", work.label),
            );
        }
        Ok(())
    }

    /// Gives the selected items the values of an expression.
    pub(super) fn set_values(&mut self, id: TabId, text: &str) {
        text.clone_into(&mut self.features.last_expression);
        let ready = self.tabs.get(id).ok_or_else(String::new).and_then(|tab| {
            let operation: Operation =
                text.parse().map_err(|error: compute::ParseOperationError| error.to_string())?;
            let array = tab.array_to_change()?;
            let cast = tab.cast_by(&operation, &array)?;
            let whole = tab.array().map(|view| view.base.clone());
            Ok((array, tab.shown().clone(), operation, (cast, whole)))
        });
        match ready {
            Ok((array, snapshot, operation, (cast, whole))) => {
                self.context.close_dialog();
                self.start_cast(id, "Set values", cast, move |progress| {
                    compute::apply(&snapshot, &array, &operation, progress)
                        .map_err(|error| told_of_whole(error, &array, whole.as_ref()))
                });
            }
            Err(reason) => self.context.refuse(reason),
        }
    }

    /// Puts a pasted table of values over the items from the caret's on.
    pub(in crate::session) fn paste_values(&mut self, values: PastedValues) {
        let Some(tab) = self.tabs.front() else { return };
        match tab.array_from_caret() {
            Ok(array) => {
                let (id, snapshot) = (tab.id, tab.shown().clone());
                let whole = tab.array().map(|view| view.base.clone());
                self.start_setting(id, "Paste", move |progress| {
                    values
                        .splices(&snapshot, &array, progress)
                        .map_err(|error| told_of_whole(error, &array, whole.as_ref()))
                });
            }
            Err(reason) => self.context.say(reason),
        }
    }

    /// Puts rows of zeros behind the last row of the array.
    pub(super) fn append_rows(&mut self, id: TabId, text: &str) {
        let Some(tab) = self.tabs.get(id) else { return };
        let ready = text
            .trim()
            .replace('_', "")
            .parse::<u64>()
            .ok()
            .filter(|rows| *rows > 0)
            .ok_or_else(|| String::from("Say how many rows: an integer, at least 1."))
            .and_then(|rows| tab.rows_to_append(rows));
        match ready {
            Ok(appended) => {
                self.context.close_dialog();
                if let Err(reason) = self.put_rows(id, appended) {
                    self.context.say(reason);
                }
            }
            Err(reason) => self.context.refuse(reason),
        }
    }

    fn put_rows(&mut self, id: TabId, rows: Appended) -> Result<(), String> {
        let Some(tab) = self.tabs.get_mut(id) else { return Ok(()) };
        let Some(found) = tab.arrays.found.as_ref().filter(|_| tab.shown_entry().is_some()) else {
            let selection = tab.selection;
            tab.splice(Edit::each("Append rows", vec![rows.splice]), selection)?;
            if let Some(view) = tab.array_mut() {
                view.bar.set(BarField::Shape, rows.shape);
            }
            tab.refresh_array();
            return Ok(());
        };
        // The header has to tell of the rows, and it takes a job to write it.
        let format = found.format;
        let snapshot = tab.shown().clone();
        self.start_setting(id, "Append rows", move |_| {
            // The header is held against the bytes that are there, so the rows are there before it is written.
            let mut longer = Document::new(Arc::new(snapshot));
            let Splice { span, content } = &rows.splice;
            longer
                .apply(Edit::one("Append rows", *span, content.clone()))
                .map_err(|error| error.to_string())?;
            let (span, bytes) = format.set_metadata(&longer.snapshot(), "shape", &rows.shape)?;
            Ok(vec![Splice { span, content: Content::Bytes(bytes) }, rows.splice])
        });
        Ok(())
    }
}

/// The reason, with the index of the item in the whole array instead of in its part.
fn told_of_whole(error: ComputeError, part: &Array, whole: Option<&Array>) -> String {
    let ComputeError::At { index, reason } = error else { return error.to_string() };
    let place = part.place(&index);
    let index = whole.and_then(|whole| whole.index_of_place(place)).unwrap_or(index);
    ComputeError::At { index, reason }.to_string()
}

/// Rows to be put in, and the shape that there is then.
struct Appended {
    splice: Splice,
    shape: String,
}

impl Tab {
    /// The selected items, if they can be changed.
    pub(super) fn array_to_change(&self) -> Result<Array, String> {
        self.check_editable()?;
        self.check_array()?.selected_array()
    }

    /// The dtype that an operation makes of the items, if it is another one.
    fn cast_by(&self, operation: &Operation, array: &Array) -> Result<Option<String>, String> {
        let item = operation.result_type(&array.item);
        if item == array.item {
            return Ok(None);
        }
        let whole = self.array().is_some_and(|view| view.name.is_none() && view.base == *array);
        if whole {
            return Ok(Some(item.to_string()));
        }
        Err(format!(
            "The other elements would still be {}. Only a whole array without a header can be cast: select all of it (Ctrl+A), or export it and cast the exported file.",
            array.item
        ))
    }

    /// The array from the caret's item on, for a pasted table: its columns to the right, its rows below.
    fn array_from_caret(&self) -> Result<Array, String> {
        self.check_editable()?;
        self.check_array()?.array_from_caret()
    }

    fn rows_to_append(&self, rows: u64) -> Result<Appended, String> {
        self.check_editable()?;
        let view = self.check_array()?;
        self.check_can_grow(view)?;
        let array = &view.base;
        let Some((first, others)) = array.shape.split_first() else {
            return Err(String::from("An array without axes has no rows."));
        };
        // A side of 1 lies in both orders, and its rows would not.
        let declared_c =
            array.shape.len() < 2 || matches!(view.bar.text(BarField::Order).trim(), "C" | "c" | "");
        if array.order() != Some(MemoryOrder::C) || !declared_c {
            return Err(String::from("Rows can be appended only to uncompressed arrays in C order."));
        }
        let end = array.extent().map_or(array.offset, |extent| extent.end());
        let items = others.iter().try_fold(rows, |items, side| items.checked_mul(*side));
        let per = u64::from(array.item.group_items());
        let len = items
            .filter(|items| items.is_multiple_of(per))
            .and_then(|items| (items / per).checked_mul(array.item.group_bytes()))
            .filter(|len| *len > 0)
            .ok_or("This number of rows does not fill whole bytes.")?;
        if view.name.is_some() && end != self.len() {
            return Err(String::from(
                "Other arrays or bytes follow in this file and would have to move. Export the array and append rows to the exported file.",
            ));
        }
        let mut shape = array.shape.clone();
        shape[0] = first.checked_add(rows).ok_or("That is more rows than can be counted.")?;
        let content = Content::Repeat { pattern: vec![0], len };
        let splice = Splice { span: crate::bytes::Span::empty_at(end), content };
        Ok(Appended { splice, shape: crate::decode::array::tuple(&shape) })
    }

    /// Whether what tells of the array can tell of more rows: the user's own description, or a header that is followed.
    fn check_can_grow(&self, view: &ArrayView) -> Result<(), String> {
        let (Some(_), Some(found)) = (&view.name, &self.arrays.found) else { return Ok(()) };
        if !found.format.can_grow() {
            return Err(format!(
                "Rows can't be appended in this file: its header ({}) would grow and move what follows. Export the array and append rows to the exported file.",
                found.container.format
            ));
        }
        let same = |field: &BarField| {
            view.described.as_ref().is_some_and(|described| described.text(*field) == view.bar.text(*field))
        };
        if !BarField::ALL.iter().filter(|field| **field != BarField::Slice).all(same) {
            return Err(String::from(
                "The array is not shown as the file's header describes it. Press Restore in the bar above it, then append rows.",
            ));
        }
        Ok(())
    }
}
