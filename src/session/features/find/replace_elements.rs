//! New values for the elements of a list of matches. A worker makes the bytes, each element by its own type, and the tab
//! takes them as one step.

use super::FindState;
use super::replaced_words::replaced_words;
use super::rows::MatchRows;
use super::sought_arrays::SoughtElement;
use crate::analysis::spans::SpillError;
use crate::bytes::ahead::Ahead;
use crate::bytes::{ReadError, Span};
use crate::decode::dtype::ItemType;
use crate::document::{Content, Edit, Mapped, Revision, Splice};
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::jobs::{Finished, Task};
use crate::session::notice::{Level, Topic};
use crate::session::tabs::Tabs;

/// Elements that get a new value in one step at most: each takes some hundred bytes meanwhile.
const MOST_REPLACED: u64 = 1_000_000;

/// New bytes, and where they go, in the order of the file.
pub(super) type NewBytes = Result<Vec<Splice>, String>;

/// The value that an element would get, as text.
pub(super) fn new_text(element: &SoughtElement<'_>, text: &str) -> Result<String, String> {
    if element.array.unpacked.is_some() {
        return Err(String::from("The array was decompressed, so its values can't be changed."));
    }
    let item = &element.array.elements().item;
    let place = element.place();
    let zeros = vec![0; usize::try_from(place.span.len()).unwrap_or(0)];
    let bytes = new_bytes(item, text, &zeros, place.item)?;
    Ok(element.text(&bytes))
}

fn new_bytes(item: &ItemType, text: &str, old: &[u8], place: u32) -> Result<Vec<u8>, String> {
    if text.trim().is_empty() {
        return Err(String::from("Type the new value first."));
    }
    item.encode(text.trim(), old, place).map_err(|error| format!("Not a value of {item}: {error}."))
}

impl FindState {
    /// Has a worker make the new bytes of the elements in these rows.
    pub(super) fn start_replacing(&mut self, rows: MatchRows, tabs: &mut Tabs, context: &mut Context) {
        let Some(tab) = tabs.front() else { return };
        let text = self.query.replacement.clone();
        let many = rows.len() > MOST_REPLACED;
        let ready =
            tab.check_editable().and_then(|()| match rows.peek_first().and_then(|first| first.element) {
                _ if many => Err(format!(
                    "{} are too many to replace in one step: the limit is {}. Use Array ▸ Set values.",
                    describe::counted(rows.len(), "element", "elements"),
                    describe::grouped(MOST_REPLACED)
                )),
                Some(element) => new_text(&element, &text).map(drop),
                // What is not in memory is asked by the worker.
                None => Ok(()),
            });
        if let Err(reason) = ready {
            self.error = Some(reason.clone());
            return context.say(reason);
        }
        let revision = rows.found().searched.revision();
        let task = Task::shown("replace elements", "Replacing").of(tab);
        let started = self
            .replacing_elements
            .start(context.waker(), task, revision, move |progress| splices(&rows, &text, progress));
        if let Err((error, _)) = started {
            context.say(format!("Nothing was replaced: no thread could be started ({error})."));
        }
    }

    /// Puts the new bytes where the elements are now; those that were edited since are left alone.
    pub(super) fn replaced_elements(
        &mut self,
        ended: Finished<Revision, NewBytes>,
        tabs: &mut Tabs,
        context: &mut Context,
    ) {
        let Some(tab) = ended.tab.and_then(|id| tabs.get_mut(id)) else { return };
        let revision = ended.what;
        let made = match ended.answer {
            Some(Ok(made)) => made,
            Some(Err(reason)) => return context.say(reason),
            None => return context.say("Nothing was replaced."),
        };
        let all = made.len();
        let document = tab.document();
        let now = |splice: Splice| match document.map_span(splice.span, revision) {
            Mapped::Intact(span) => Some(Splice { span, ..splice }),
            Mapped::Touched(_) | Mapped::Gone | Mapped::Unknown => None,
        };
        let splices: Vec<Splice> = made.into_iter().filter_map(now).collect();
        let (count, edited) = (splices.len() as u64, (all - splices.len()) as u64);
        if splices.is_empty() {
            return context
                .say("These matches have been edited since. Use Find all to list the matches again.");
        }
        let (before, selection) = (tab.len(), tab.selection);
        if let Err(reason) = tab.splice(Edit::each("Replace all", splices), selection) {
            return context.notices.push(Level::Error, Topic::Edit, Some(tab.id), reason);
        }
        let mut words = replaced_words(count, false, before, tab.len());
        if edited > 0 {
            let were = describe::counted(edited, "match was", "matches were");
            words.push_str(&format!(" {were} edited since and left alone."));
        }
        self.answer.clone_from(&words);
        context.say(words);
    }
}

/// The new bytes of the elements. Those of elements that share bytes are one splice. Blocks.
fn splices(rows: &MatchRows, text: &str, progress: &Progress) -> NewBytes {
    let found = rows.found();
    progress.set_total(rows.len());
    let lost = |error: SpillError| format!("Nothing was replaced: {error}.");
    let mut elements: Vec<(Span, SoughtElement<'_>)> = Vec::new();
    for row in rows.iter_as_found() {
        let row = row.map_err(lost)?;
        elements.extend(row.element.map(|element| (row.span, element)));
    }
    elements.sort_by_key(|(span, element)| (span.start(), element.number));
    let mut ahead = Ahead::new(&found.searched, progress.as_cancel());
    let read = |error: ReadError| format!("Nothing was replaced: {error}.");
    let mut made: Vec<(Span, Vec<u8>)> = Vec::with_capacity(elements.len());
    for (span, element) in elements {
        if progress.is_cancelled() {
            return Err(String::from("Stopped. Nothing was replaced."));
        }
        progress.advance(1);
        let (item, place) = (&element.array.elements().item, element.place().item);
        let new = |old: &[u8]| {
            new_bytes(item, text, old, place)
                .map_err(|reason| format!("At {}: {reason} Nothing was replaced.", element.words()))
        };
        match made.last_mut() {
            // Bytes that are read as several types are no parts of one element.
            Some((last, _)) if last.end() > span.start() && element.array.is_reading => {
                let at = describe::hex(span.start());
                return Err(format!(
                    "Nothing was replaced: the bytes at {at} are in several rows. Choose rows of one type that do not overlap."
                ));
            }
            Some((last, bytes)) if *last == span => *bytes = new(bytes)?,
            Some((last, _)) if last.end() > span.start() => {
                return Err(String::from("Nothing was replaced: these elements overlap."));
            }
            _ => {
                let bytes = new(ahead.get(span, span.end()).map_err(read)?)?;
                made.push((span, bytes));
            }
        }
    }
    let splice = |(span, bytes)| Splice { span, content: Content::Bytes(bytes) };
    Ok(made.into_iter().map(splice).collect())
}
