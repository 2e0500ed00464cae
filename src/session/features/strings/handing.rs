//! Strings for other programs: copied as lines of text, or written to a file as CSV, JSON or text. A worker reads the bytes
//! as they were searched, row by row, so a list may be of any length.

use super::StringsState;
use super::order::{SortedStrings, StringOrder, number_of_row};
use crate::analysis::strings::list::StringList;
use crate::analysis::strings::text::read_text;
use crate::bytes::ahead::Ahead;
use crate::bytes::{ReadErrorKind, Span};
use crate::decode::Encoding;
use crate::document::Snapshot;
use crate::export::strings::{StringFormat, StringHead, StringWriter};
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::handed_rows::{HandedRows, HandingError, SharedRows};
use crate::session::ids::TabId;
use crate::session::tabs::Tabs;
use std::io;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

/// What the rows are.
const NOUN: &str = "strings";

/// Bytes of a string that is read in one go; a longer one is read part by part.
const WHOLE: u64 = 64 << 10;

/// Rows of the list, and what is needed to write them.
#[derive(Debug)]
struct HandedStrings {
    format: StringFormat,
    tab: TabId,
    list: Arc<StringList>,
    searched: Snapshot,
    order: StringOrder,
    sorted: Option<SortedStrings>,
    /// Strings when the rows were taken: those that are found later come behind.
    count: u64,
    rows: RangeInclusive<u64>,
}

impl StringsState {
    /// Copies the texts of the chosen rows, or of all of them.
    pub(in crate::session) fn copy_strings(&self, tabs: &Tabs, context: &mut Context) {
        context.copy_rows(self.handed(StringFormat::Lines, tabs), NOUN);
    }

    /// Exports the chosen rows, or all of them, to a file that the user names.
    pub(in crate::session) fn export_strings(
        &self,
        format: StringFormat,
        tabs: &Tabs,
        context: &mut Context,
    ) {
        context.export_rows(self.handed(format, tabs), NOUN);
    }

    /// The chosen rows, or all of them, to be handed over; `None` when there are none.
    fn handed(&self, format: StringFormat, tabs: &Tabs) -> Option<SharedRows> {
        let listed = self.listed(tabs.front()?)?;
        let count = listed.len();
        let all = 0..=count.checked_sub(1)?;
        Some(SharedRows::new(HandedStrings {
            format,
            tab: listed.tab(),
            list: Arc::clone(&listed.list),
            searched: listed.searched.clone(),
            order: self.order,
            sorted: self.sorted.clone(),
            count,
            rows: self.chosen_rows().unwrap_or(all),
        }))
    }
}

impl HandedRows for HandedStrings {
    fn tab(&self) -> TabId {
        self.tab
    }

    fn noun(&self) -> &'static str {
        NOUN
    }

    fn extension(&self) -> &'static str {
        self.format.extension()
    }

    fn counted(&self) -> String {
        describe::counted(self.len(), "string", "strings")
    }

    fn write(&self, progress: &Progress, out: &mut dyn io::Write) -> Result<(), HandingError> {
        progress.set_total(self.len());
        let mut writer = StringWriter::begin(self.format, self.len(), out)?;
        let mut ahead = Ahead::new(&self.searched, progress.as_cancel());
        let number = |row| number_of_row(row, self.count, self.order, self.sorted.as_ref());
        let mut cursor = self.list.cursor();
        let found = |number| cursor.get(number).transpose();
        let mut rows = self.rows.clone().filter_map(number).filter_map(found).peekable();
        while let Some(found) = rows.next() {
            let (span, encoding) = found?;
            if progress.is_cancelled() {
                return Err(HandingError::Cancelled);
            }
            let next =
                rows.peek().and_then(|next| next.as_ref().ok()).map_or(span.end(), |(next, _)| next.end());
            let (offset, length) = (span.start(), span.len());
            writer.start(StringHead { offset, length, encoding: encoding.name() })?;
            self.write_text((span, encoding), next, (&mut ahead, progress), &mut writer)?;
            writer.finish()?;
            progress.advance(1);
        }
        Ok(writer.end()?)
    }
}

/// What workers do.
impl HandedStrings {
    fn len(&self) -> u64 {
        (self.rows.end() + 1).saturating_sub(*self.rows.start())
    }

    /// Writes the text of a string; nothing of one that can't be read any more. What is up to `next` is wanted soon.
    fn write_text(
        &self,
        (span, encoding): (Span, Encoding),
        next: u64,
        (ahead, progress): (&mut Ahead<'_>, &Progress),
        writer: &mut StringWriter<'_>,
    ) -> Result<(), HandingError> {
        let read = if span.len() <= WHOLE {
            // Bytes behind it that can't be read do no harm.
            if ahead.get(span, next.max(span.end())).is_err() {
                ahead.get(span, span.end()).map(drop)
            } else {
                Ok(())
            }
            .and_then(|()| ahead.get(span, span.end()))
            .map(|bytes| writer.part(&encoding.decode_lossy(bytes)))
        } else {
            let mut written = Ok(());
            read_text(&self.searched, span, encoding, progress.as_cancel(), &mut |part| {
                written = writer.part(part);
                if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            })
            .map(|()| written)
        };
        match read {
            Ok(written) => Ok(written?),
            Err(error) if error.kind() == ReadErrorKind::Cancelled => Err(HandingError::Cancelled),
            Err(_) => Ok(()),
        }
    }
}
