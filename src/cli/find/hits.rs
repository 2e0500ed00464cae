//! The search of one stretch on threads of its own, and its hits in order on the caller's.

use super::stretch::Stretch;
use crate::analysis::{Pattern, Search, Unread};
use crate::bytes::Span;
use crate::job::Progress;
use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;

/// Batches of hits that may wait to be written.
const WAITING: usize = 8;

/// A hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub span: Span,
}

/// How the search of a stretch ended.
#[derive(Debug, Default)]
pub(super) struct SearchEnd {
    /// What could not be searched, as sentences.
    pub troubles: Vec<String>,
    /// What is to be said of the hits.
    pub remark: Option<String>,
}

/// Takes hits on the searching threads; breaks when no more are wanted.
type Take<'t> = &'t mut (dyn FnMut(&[Found]) -> ControlFlow<()> + Send);

/// Runs a search to its end.
type RunSearch<'a> = dyn FnOnce(&Progress, Take<'_>) -> SearchEnd + Send + 'a;

/// A search that has not begun.
pub(super) struct Hits<'a> {
    search: Box<RunSearch<'a>>,
}

impl<'a> Hits<'a> {
    /// The places of a pattern of bytes.
    pub fn of_pattern(pattern: &'a dyn Pattern, stretch: &'a Stretch) -> Self {
        let (source, within) = (&*stretch.source, stretch.within);
        let search = move |progress: &Progress, take: Take<'_>| {
            let tally = Search::new(source, pattern, progress).find_each(within, &mut |spans| {
                let found: Vec<Found> = spans.iter().map(|span| Found { span: *span }).collect();
                take(&found)
            });
            SearchEnd { troubles: unread_words(&tally.unread), remark: pattern.remark() }
        };
        Self { search: Box::new(search) }
    }

    /// Gives `take` the hits as they are found.
    pub fn each(self, take: &mut dyn FnMut(&[Found]) -> ControlFlow<()>) -> SearchEnd {
        let progress = Progress::default();
        let (sender, hits) = sync_channel::<Vec<Found>>(WAITING);
        std::thread::scope(|scope| {
            let progress = &progress;
            let searching = scope.spawn(move || {
                // Who listens no more has enough.
                (self.search)(progress, &mut |found| match sender.send(found.to_vec()) {
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

fn unread_words(unread: &Unread) -> Vec<String> {
    let Some(reason) = unread.reason() else { return Vec::new() };
    let first =
        unread.ranges().first().map_or_else(String::new, |range| format!(", from {:#x} on", range.start()));
    vec![format!("{} bytes{first} could not be read and were not searched: {reason}.", unread.bytes())]
}
