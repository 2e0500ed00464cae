//! Puts the list of strings in the order of their lengths or of their texts.
//!
//! By offset the list is as it was found, also millions of rows and while it grows. For the other orders a worker sorts the
//! numbers of the strings. That takes 16 bytes a string meanwhile and four afterwards, so there is a limit.

use super::StringsState;
use super::order::{SortedStrings, StringKey, StringOrder};
use crate::analysis::strings::list::StringList;
use crate::bytes::ahead::Ahead;
use crate::bytes::{ReadErrorKind, Span};
use crate::decode::Encoding;
use crate::document::Snapshot;
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::features::find::order::MOST_SORTED;
use crate::session::jobs::{Activity, Jobs, Task};
use std::sync::Arc;

/// Bytes at the front of a string that decide, in its own encoding and as UTF-8.
const READ: u64 = 48;
const DECIDING: usize = 12;
/// Strings between two looks at the cancel.
const STRIDE: u64 = 256;
/// What is said when sorting has ended without an answer.
const NOT_SORTED: &str = "The strings were not sorted.";

/// What is being sorted.
#[derive(Debug, Default)]
pub(super) struct Sorting {
    jobs: Jobs<StringKey, Option<SortedStrings>>,
    /// The order that the sorted rows are in.
    of: Option<StringKey>,
}

impl Sorting {
    /// What is running.
    pub fn activities(&self) -> impl Iterator<Item = Activity> {
        self.jobs.activities()
    }

    /// Ends it; `false` when nothing is being sorted.
    pub fn clear(&mut self) -> bool {
        self.of = None;
        self.jobs.clear()
    }
}

impl StringsState {
    /// Rows that are to be in another order than they were found are sorted once the search has ended.
    pub(super) fn start_sorting(&mut self, context: &mut Context) {
        let by = self.order.by;
        if by == StringKey::Offset {
            self.sorting.clear();
            self.sorted = None;
            return;
        }
        let Some(listed) = self.listed.as_ref().filter(|listed| listed.end().is_some()) else { return };
        if self.sorting.of == Some(by) {
            return;
        }
        self.sorted = None;
        self.sorting.jobs.clear();
        if listed.len() > MOST_SORTED {
            self.order = StringOrder::default();
            return context.say(format!(
                "{} are too many to sort: the limit is {}. Filter them, or search a selection.",
                describe::counted(listed.len(), "string", "strings"),
                describe::grouped(MOST_SORTED)
            ));
        }
        let (list, searched) = (Arc::clone(&listed.list), listed.searched.clone());
        let task = Task::shown("sort strings", "Sorting the strings").about(listed.tab());
        let started = self
            .sorting
            .jobs
            .start(context.waker(), task, by, move |progress| sorted(by, &list, &searched, progress));
        match started {
            Ok(()) => self.sorting.of = Some(by),
            Err((error, _)) => {
                self.order = StringOrder::default();
                context.say(format!("{NOT_SORTED} No thread could be started ({error})."));
            }
        }
    }

    /// Takes the order that a worker has found.
    pub(super) fn poll_sorting(&mut self, context: &mut Context) {
        for ended in self.sorting.jobs.drain_finished() {
            match ended.answer.flatten() {
                Some(sorted) if ended.what == self.order.by => self.sorted = Some(sorted),
                Some(_) => {}
                None => {
                    self.order = StringOrder::default();
                    context.say(NOT_SORTED);
                }
            }
        }
    }
}

/// What strings are compared by; the number keeps equals in the order in which they were found.
type StringRank = (u64, u32, u32);

/// Sorts the numbers of all strings. Blocks. `None` when it was cancelled.
fn sorted(
    by: StringKey,
    list: &StringList,
    searched: &Snapshot,
    progress: &Progress,
) -> Option<SortedStrings> {
    progress.set_total(list.len());
    let mut ranks: Vec<StringRank> = Vec::with_capacity(usize::try_from(list.len()).ok()?);
    let mut ahead = Ahead::new(searched, progress.as_cancel());
    for number in 0..list.len() {
        if number % STRIDE == 0 {
            if progress.is_cancelled() {
                return None;
            }
            progress.advance(STRIDE);
        }
        let (span, encoding) = list.get(number).ok()??;
        let (coarse, fine) = match by {
            StringKey::Offset | StringKey::Length => (span.len(), 0),
            StringKey::Text => rank_of_text(&mut ahead, span, encoding)?,
        };
        ranks.push((coarse, fine, u32::try_from(number).ok()?));
    }
    ranks.sort_unstable();
    Some(ranks.into_iter().map(|(.., number)| number).collect())
}

/// The first characters in lower case, as numbers. What can't be read comes last. `None` when it was cancelled.
fn rank_of_text(ahead: &mut Ahead<'_>, span: Span, encoding: Encoding) -> Option<(u64, u32)> {
    let front = Span::between(span.start(), span.end().min(span.start().saturating_add(READ)));
    let text = match ahead.get(front, front.end().saturating_add(READ)) {
        Ok(bytes) => encoding.decode_lossy(bytes).to_lowercase(),
        Err(error) if error.kind() == ReadErrorKind::Cancelled => return None,
        Err(_) => return Some((u64::MAX, u32::MAX)),
    };
    let mut bytes = [0; DECIDING];
    let len = text.len().min(DECIDING);
    bytes[..len].copy_from_slice(&text.as_bytes()[..len]);
    let (coarse, fine) = bytes.split_at(8);
    let coarse = u64::from_be_bytes(coarse.try_into().unwrap_or_default());
    Some((coarse, u32::from_be_bytes(fine.try_into().unwrap_or_default())))
}
