//! The search of one stretch on threads of its own, and its hits in order on the caller's.

use super::found::Batch;
use super::stretch::Stretch;
use crate::analysis::{Pattern, Search, Unread};
use crate::compute::Predicate;
use crate::job::Progress;
use std::ops::{ControlFlow, Range};
use std::sync::mpsc::sync_channel;

/// Batches of hits that may wait to be written.
const WAITING: usize = 4;

/// Runs of elements in a batch at most.
const BATCH: usize = 8192;

/// How the search of a stretch ended.
#[derive(Debug, Default)]
pub(super) struct SearchEnd {
    /// Why elements of this type can't be asked.
    pub refused: Option<String>,
    /// What could not be searched, as sentences.
    pub troubles: Vec<String>,
    /// What is to be said of the hits.
    pub remark: Option<String>,
}

/// Takes hits on the searching threads; breaks when no more are wanted.
type Take<'t> = &'t mut (dyn FnMut(Batch) -> ControlFlow<()> + Send);

/// Runs a search to its end.
type RunSearch<'a> = dyn FnOnce(&Progress, Take<'_>) -> SearchEnd + Send + 'a;

/// A search that has not begun.
pub(super) struct Hits<'a> {
    search: Box<RunSearch<'a>>,
}

impl<'a> Hits<'a> {
    /// The places of a pattern of bytes.
    pub fn of_pattern(pattern: &'a dyn Pattern, stretch: &'a Stretch, only_count: bool) -> Self {
        let (source, within) = (&*stretch.source, stretch.within);
        let only_count = only_count && stretch.takes_all();
        let search = move |progress: &Progress, take: Take<'_>| {
            let search = Search::new(source, pattern, progress);
            let tally = match only_count {
                true => search.count_each(within, &mut |count| take(Batch::Count(count))),
                false => search.find_each(within, &mut |spans| take(Batch::Spans(spans))),
            };
            SearchEnd { troubles: unread_words(&tally.unread), remark: pattern.remark(), refused: None }
        };
        Self { search: Box::new(search) }
    }

    /// The elements of the stretch's array that are as asked.
    ///
    /// # Errors
    /// A sentence when elements of its type can't be asked.
    pub fn of_elements(
        predicate: &Predicate,
        stretch: &'a Stretch,
        only_count: bool,
    ) -> Result<Self, String> {
        let array = stretch.arrays.first().map(|named| &named.sliced.array).or(stretch.empty.as_ref());
        let Some(array) = array else {
            return Ok(Self { search: Box::new(|_, _| SearchEnd::default()) });
        };
        let others = stretch.others.as_deref().map_err(|stop| stop.text.clone())?;
        let asked = predicate.asked_of(&*stretch.source, array, others, &Progress::default());
        let asked = asked.map_err(|error| error.to_string())?;
        let search = move |progress: &Progress, take: Take<'_>| {
            let mut unread = Unread::default();
            asked.search(0..asked.items(), progress, &mut |part| {
                unread.merge(&part.unread);
                if only_count {
                    return take(Batch::Count(part.hits.count()));
                }
                in_batches(part.hits.ranges(), take)
            });
            SearchEnd { troubles: unread_words(&unread), ..SearchEnd::default() }
        };
        Ok(Self { search: Box::new(search) })
    }

    /// Gives `take` the hits as they are found.
    pub fn each(self, take: &mut dyn FnMut(&Batch) -> ControlFlow<()>) -> SearchEnd {
        let progress = Progress::default();
        let (sender, hits) = sync_channel::<Batch>(WAITING);
        std::thread::scope(|scope| {
            let progress = &progress;
            let searching = scope.spawn(move || {
                // Who listens no more has enough.
                (self.search)(progress, &mut |found| match sender.send(found) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                })
            });
            for batch in &hits {
                if take(&batch).is_break() {
                    progress.cancel();
                    break;
                }
            }
            drop(hits);
            searching.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// The elements of these numbers, not too many runs at a time.
fn in_batches(mut numbers: impl Iterator<Item = Range<u64>>, take: Take<'_>) -> ControlFlow<()> {
    loop {
        let some: Vec<Range<u64>> = numbers.by_ref().take(BATCH).collect();
        if some.is_empty() {
            return ControlFlow::Continue(());
        }
        take(Batch::Elements(some))?;
    }
}

fn unread_words(unread: &Unread) -> Vec<String> {
    let Some(reason) = unread.reason() else { return Vec::new() };
    let first =
        unread.ranges().first().map_or_else(String::new, |range| format!(", from {:#x} on", range.start()));
    vec![format!("{} bytes{first} could not be read and were not searched: {reason}.", unread.bytes())]
}
