//! A list of spans is partly in a temporary file. Rows that are to be shown and are not in memory are read by a worker.

use crate::analysis::SpanList;
use crate::session::context::Context;
use crate::session::ids::TabId;
use crate::session::jobs::{Jobs, Task};
use crate::session::notice::{Level, Topic};
use std::sync::Arc;

/// What reads them.
#[derive(Debug, Default)]
pub(super) struct LateReads {
    jobs: Jobs<(), ()>,
    /// Whether it was said that not all of the list can be read.
    is_trouble_said: bool,
}

impl LateReads {
    /// Whether a frame is needed in which a worker is told what to read.
    pub fn are_due(&self, list: &SpanList) -> bool {
        self.jobs.is_empty() && list.wants()
    }

    /// Has a worker read what the last frame missed of the list of a tab, and tells once what `trouble` it has. Whether
    /// something was read since the last call.
    pub fn poll(
        &mut self,
        (list, tab): (&Arc<SpanList>, TabId),
        trouble: Option<String>,
        context: &mut Context,
    ) -> bool {
        let was_read = !self.jobs.drain_finished().is_empty();
        if let Some(trouble) = trouble.filter(|_| !self.is_trouble_said) {
            self.is_trouble_said = true;
            context.notices.push(Level::Error, Topic::Find, Some(tab), trouble);
        }
        if self.are_due(list) {
            let list = Arc::clone(list);
            // Without a thread now there may be one at the next frame.
            let _ = self.jobs.start(
                context.waker(),
                Task::hidden("read a list").about(tab),
                (),
                move |progress| {
                    list.read_wanted(&|| !progress.is_cancelled());
                },
            );
        }
        was_read
    }
}
