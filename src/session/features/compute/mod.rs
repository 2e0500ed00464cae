//! Computed values: fills, arithmetic, pasted blocks, changed metadata. A job computes the new bytes; the tab applies
//! them as one step if nothing has changed in the meantime.

pub(in crate::session) mod pasted;
mod target;

use crate::compute::{self, ComputeError, NewValues, Operation, ParseOperationError};
use crate::decode::array::Array;
use crate::document::{Content, Document, Edit, Splice};
use crate::job::Progress;
use crate::session::arrays::{ArrayView, BarField};
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Activity, Jobs, Task};
use crate::session::notice::{Level, Topic};
use crate::session::other_arrays::OtherArrays;
use crate::session::panes::PaneKey;
use crate::session::tab::Tab;
use crate::session::tabs::Tabs;
use pasted::PastedValues;
use std::sync::Arc;
use target::Appended;

/// What a job answers: what to put where, or why not.
type Splices = Result<NewValues, String>;

/// What the edits of a header's facts are called.
const METADATA: &str = "Metadata";

/// The computations under way.
#[derive(Debug, Default)]
pub(in crate::session) struct Compute {
    jobs: Jobs<Setting, Splices>,
    /// What the values of elements were set to last, as typed.
    last_expression: String,
    /// Why the fact of a header that was set last was not taken.
    metadata_refused: Option<String>,
}

/// What is computed.
#[derive(Debug)]
struct Setting {
    tab: TabId,
    /// The pane of the array that is meant.
    pane: PaneKey,
    label: &'static str,
    /// What the elements are of afterwards, when that is another type.
    cast: Option<String>,
}

impl Setting {
    /// In the pane of an array that had the focus last.
    fn of(tabs: &Tabs, tab: TabId, label: &'static str) -> Self {
        let pane = tabs.get(tab).map_or(PaneKey::TYPED, Tab::typed_key);
        Self { tab, pane, label, cast: None }
    }
}

impl Compute {
    /// Takes what has been computed since the last call.
    pub fn poll(&mut self, tabs: &mut Tabs, context: &mut Context) {
        for ended in self.jobs.drain_finished() {
            let (is_current, work) = (ended.is_current(tabs), ended.what);
            let done = match ended.answer {
                Some(Ok(values)) => take_splices(&work, values, is_current, tabs, context),
                Some(Err(reason)) => Err(reason),
                None => Err(String::from("Nothing was changed: the computation ended unexpectedly.")),
            };
            self.remember_metadata(work.label, done.as_ref().err());
            if let Err(reason) = done {
                let text = format!("{}: {reason}", work.label);
                context.notices.push(Level::Warning, Topic::Edit, Some(work.tab), text);
            }
        }
    }

    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Ends what is computed; `false` when nothing is.
    pub fn cancel(&mut self, context: &mut Context) -> bool {
        let of_metadata = self.jobs.iter().any(|setting| setting.label == METADATA);
        let any = self.jobs.clear();
        if of_metadata {
            self.metadata_refused = Some(String::from("Stopped. Nothing was changed."));
        }
        context.say_stopped(any)
    }

    /// The expression that was typed last, right or wrong.
    pub fn last_expression(&self) -> &str {
        &self.last_expression
    }

    /// What became of the fact of a header that was set last; `None` while that is not known.
    ///
    /// # Errors
    /// The sentence that says why the fact was not set.
    pub fn metadata_answer(&self) -> Option<Result<(), &str>> {
        let is_under_way = self.jobs.iter().any(|setting| setting.label == METADATA);
        let refused = self.metadata_refused.as_deref();
        (!is_under_way).then(|| refused.map_or(Ok(()), Err))
    }

    /// Has `work` find out what is to be put where in a tab; `cast` is the dtype that the elements are of afterwards,
    /// when that is another one.
    fn start(
        &mut self,
        work: Setting,
        tabs: &Tabs,
        context: &mut Context,
        compute: impl FnOnce(&Progress) -> Splices + Send + 'static,
    ) {
        let Some(tab) = tabs.get(work.tab) else { return };
        let label = work.label;
        let started = tab.check_editable().and_then(|()| {
            let task = Task::shown("compute", "Computing values").of(tab);
            let started = self.jobs.start(context.waker(), task, work, compute);
            started
                .map_err(|(error, _)| format!("Nothing was changed: no thread could be started ({error})."))
        });
        self.remember_metadata(label, started.as_ref().err());
        if let Err(reason) = started {
            context.say(reason);
        }
    }

    /// Remembers why a fact of a header was not set, for its field.
    fn remember_metadata(&mut self, label: &str, refused: Option<&String>) {
        if label == METADATA {
            self.metadata_refused = refused.cloned();
        }
    }

    /// Gives the selected elements the values of an expression.
    pub fn set_values(&mut self, id: TabId, text: &str, tabs: &Tabs, context: &mut Context) {
        text.clone_into(&mut self.last_expression);
        let ready = tabs.get(id).ok_or_else(String::new).and_then(|tab| {
            let operation: Operation =
                text.parse().map_err(|error: ParseOperationError| error.to_string())?;
            let array = tab.array_to_change()?;
            let cast = tab.cast_by(&operation, &array)?;
            let (arrays, view) = (OtherArrays::of(tab), tab.array().cloned());
            arrays.check(&operation.others(), &|other| part_of(other, view.as_ref()))?;
            Ok((array, tab.shown().clone(), operation, cast, (arrays, view)))
        });
        match ready {
            Ok((array, snapshot, operation, cast, (arrays, view))) => {
                context.close_dialog();
                let work = Setting { cast, ..Setting::of(tabs, id, "Set values") };
                self.start(work, tabs, context, move |progress| {
                    let cut = |other: &Array| part_of(other, view.as_ref());
                    let others = arrays.named(&operation.others(), &cut, progress)?;
                    let whole = view.as_ref().map(|view| &view.base);
                    compute::apply_beside(&snapshot, &array, &operation, &others, progress)
                        .map_err(|error| told_of_whole(error, &array, whole))
                });
            }
            Err(reason) => context.refuse(reason),
        }
    }

    /// Puts a pasted table of values over the elements from the caret's on.
    pub fn paste(&mut self, values: PastedValues, tabs: &Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        match tab.array_from_caret() {
            Ok(array) => {
                let snapshot = tab.shown().clone();
                let whole = tab.array().map(|view| view.base.clone());
                let work = Setting::of(tabs, tab.id, "Paste");
                self.start(work, tabs, context, move |progress| {
                    let splices = values.splices(&snapshot, &array, progress);
                    splices.map(NewValues::from).map_err(|error| told_of_whole(error, &array, whole.as_ref()))
                });
            }
            Err(reason) => context.say(reason),
        }
    }

    /// Puts rows of zeros behind the last row of the array.
    pub fn append_rows(&mut self, id: TabId, text: &str, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.get(id) else { return };
        let ready = text
            .trim()
            .replace('_', "")
            .parse::<u64>()
            .ok()
            .filter(|rows| *rows > 0)
            .ok_or_else(|| String::from("Type the number of rows: an integer of at least 1."))
            .and_then(|rows| tab.rows_to_append(rows));
        match ready {
            Ok(appended) => {
                context.close_dialog();
                if let Err(reason) = self.put_rows(id, appended, tabs, context) {
                    context.say(reason);
                }
            }
            Err(reason) => context.refuse(reason),
        }
    }

    fn put_rows(
        &mut self,
        id: TabId,
        rows: Appended,
        tabs: &mut Tabs,
        context: &mut Context,
    ) -> Result<(), String> {
        let Some(tab) = tabs.get_mut(id) else { return Ok(()) };
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
        let work = Setting::of(tabs, id, "Append rows");
        self.start(work, tabs, context, move |_| {
            // The header is held against the bytes that are there, so the rows are there before it is written.
            let mut longer = Document::new(Arc::new(snapshot));
            let Splice { span, content } = &rows.splice;
            longer
                .apply(Edit::one("Append rows", *span, content.clone()))
                .map_err(|error| error.to_string())?;
            let (span, bytes) = format.set_metadata(&longer.snapshot(), "shape", &rows.shape)?;
            Ok(vec![Splice { span, content: Content::Bytes(bytes) }, rows.splice].into())
        });
        Ok(())
    }

    /// Sets a fact of the header of a container.
    pub fn set_metadata(
        &mut self,
        id: TabId,
        (key, value): (String, String),
        tabs: &Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = tabs.get(id) else { return };
        let Some(found) = &tab.arrays.found else { return };
        let (format, snapshot) = (found.format, tab.shown().clone());
        let work = Setting::of(tabs, id, METADATA);
        self.start(work, tabs, context, move |_| {
            let (span, bytes) = format.set_metadata(&snapshot, &key, &value)?;
            Ok(vec![Splice { span, content: Content::Bytes(bytes) }].into())
        });
    }
}

/// The part of another array that is selected of the shown one.
fn part_of(other: &Array, view: Option<&ArrayView>) -> Result<Array, String> {
    view.map_or_else(|| Ok(other.clone()), |view| view.selected_of(other))
}

fn take_splices(
    work: &Setting,
    values: NewValues,
    is_current: bool,
    tabs: &mut Tabs,
    context: &mut Context,
) -> Result<(), String> {
    let infinite = values.infinite_words();
    // What is in a temporary file is shown through the cache, as every file is.
    let splices =
        compute::with_sources(values.splices, |source| match context.cache.attach(source.clone()) {
            Ok(cached) => cached,
            Err(_) => source,
        });
    let Some(tab) = tabs.get_mut(work.tab) else { return Ok(()) };
    if !is_current {
        return Err(String::from("Nothing was changed: the file was edited in the meantime. Try again."));
    }
    if splices.is_empty() {
        context.say("The values are already equal.");
        return Ok(());
    }
    let selection = tab.selection;
    tab.splice(Edit::each(work.label, splices), selection)?;
    if let (Some(dtype), Some(view)) = (&work.cast, tab.panes.get_mut(work.pane).content.array_mut()) {
        view.bar.set(BarField::Dtype, dtype.clone());
        tab.refresh_array();
    }
    context.say(format!("{}: done. Ctrl+Z undoes it.", work.label));
    if let Some(words) = infinite {
        let text = format!("{}: {words}", work.label);
        context.notices.push(Level::Warning, Topic::Edit, Some(work.tab), text);
    }
    Ok(())
}

/// The reason, with the index of the item in the whole array instead of in its part.
fn told_of_whole(error: ComputeError, part: &Array, whole: Option<&Array>) -> String {
    let ComputeError::At { index, reason } = error else { return error.to_string() };
    let place = part.place(&index);
    let index = whole.and_then(|whole| whole.index_of_place(place)).unwrap_or(index);
    ComputeError::At { index, reason }.to_string()
}
