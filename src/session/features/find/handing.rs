//! Matches for other programs: copied as lines of text, or written to a file as CSV or JSON. A worker reads the bytes as they
//! were searched, row by row, so a list may be of any length.

use super::FindState;
use super::hits::{FoundMatch, MatchReading};
use super::names::MatchNames;
use super::rows::MatchRows;
use crate::bytes::ahead::Ahead;
use crate::bytes::{ReadErrorKind, Source, Span};
use crate::decode::DType;
use crate::decode::dtype::ItemType;
use crate::export::matches::{MatchFormat, MatchRecord, MatchWriter, MatchedValue};
use crate::job::Progress;
use crate::session::context::Context;
use crate::session::describe;
use crate::session::handed_rows::{HandedRows, HandingError, SharedRows};
use crate::session::ids::TabId;
use crate::session::tabs::Tabs;
use std::io;

/// What the rows are.
const NOUN: &str = "matches";

/// Rows of a list, and what is needed to write them.
#[derive(Debug)]
struct HandedMatches {
    format: MatchFormat,
    tab: TabId,
    rows: MatchRows,
    names: MatchNames,
}

impl FindState {
    /// Copies the chosen rows, or all of them, as lines of text.
    pub(in crate::session) fn copy_matches(&self, tabs: &Tabs, context: &mut Context) {
        context.copy_rows(self.handed(MatchFormat::Lines, tabs), NOUN);
    }

    /// Exports the chosen rows, or all of them, to a file that the user names.
    pub(in crate::session) fn export_matches(&self, format: MatchFormat, tabs: &Tabs, context: &mut Context) {
        context.export_rows(self.handed(format, tabs), NOUN);
    }

    /// The chosen rows, or all of them, to be handed over; `None` when there are none.
    fn handed(&self, format: MatchFormat, tabs: &Tabs) -> Option<SharedRows> {
        let tab = tabs.front()?;
        let hits = self.matches.shown(tab)?;
        let names = MatchNames::of(tab, &hits.elements);
        let is_as_long = hits.found.searched.len() == tab.len();
        Some(SharedRows::new(HandedMatches {
            format,
            tab: tab.id,
            rows: self.matches.meant_rows()?,
            names: if is_as_long { names } else { names.without_screen() },
        }))
    }
}

impl HandedRows for HandedMatches {
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
        describe::counted(self.rows.len(), "match", "matches")
    }

    fn write(&self, progress: &Progress, out: &mut dyn io::Write) -> Result<(), HandingError> {
        progress.set_total(self.rows.len());
        let found = self.rows.found();
        let mut writer = MatchWriter::begin(self.format, (self.rows.len(), found.are_readings()), out)?;
        let mut ahead = Ahead::new(found.bytes(), progress.as_cancel());
        let mut rows = self.rows.iter().peekable();
        while let Some(this) = rows.next() {
            let this = this?;
            if progress.is_cancelled() {
                return Err(HandingError::Cancelled);
            }
            let next = rows.peek().and_then(|next| next.as_ref().ok()).filter(|_| self.rows.ascend());
            let next = next.map(|next| next.span.end());
            let bytes = match read(&mut ahead, this.span, next.unwrap_or(this.span.end())) {
                Ok(bytes) => Some(bytes),
                Err(ReadErrorKind::Cancelled) => return Err(HandingError::Cancelled),
                Err(_) => None,
            };
            self.write_row(&this, bytes, &mut writer)?;
            progress.advance(1);
        }
        Ok(writer.end()?)
    }
}

impl HandedMatches {
    fn write_row(
        &self,
        this: &FoundMatch<'_>,
        bytes: Option<&[u8]>,
        writer: &mut MatchWriter<'_>,
    ) -> io::Result<()> {
        let reading = self.rows.found().reading();
        let plain = match reading {
            MatchReading::Value(dtype) => Some(ItemType::from(dtype)),
            MatchReading::Hex | MatchReading::Text(_) | MatchReading::UsualText => None,
        };
        // Elements are read by their own types.
        let is_text = this.element.is_none() && plain.is_none();
        let text = bytes.filter(|_| is_text).map(|bytes| reading.text(bytes)).unwrap_or_default();
        let value = match (&this.element, &plain, bytes) {
            (_, _, None) => MatchedValue::Unread,
            (Some(element), _, Some(group)) => MatchedValue::Item {
                item: &element.array.elements().item,
                group,
                place: element.place().item,
            },
            (None, Some(item), Some(group)) => MatchedValue::Item { item, group, place: 0 },
            (None, None, Some(_)) => MatchedValue::Text(&text),
        };
        let dtype = this.element.and_then(|element| element.array.read_as()).map(DType::name);
        let (array, index) = match &this.element {
            Some(_) if dtype.is_some() => (None, None),
            Some(element) => (element.array.name.as_deref().map(str::to_owned), Some(element.base_index())),
            None => match self.names.name(this.span.start(), this.span.start()) {
                Some(name) => (name.array, Some(name.index)),
                None => (None, None),
            },
        };
        writer.write(&MatchRecord {
            offset: this.is_in_file().then_some(this.span.start()),
            length: this.span.len(),
            array: array.as_deref(),
            index: index.as_deref(),
            dtype: dtype.as_deref(),
            value,
        })
    }
}

/// The bytes of a match; those up to `next` are wanted soon, and do no harm when they can't be read.
fn read<'a>(ahead: &'a mut Ahead<'_>, span: Span, next: u64) -> Result<&'a [u8], ReadErrorKind> {
    if ahead.get(span, next).is_err() {
        ahead.get(span, span.end()).map_err(|error| error.kind())?;
    }
    ahead.get(span, span.end()).map_err(|error| error.kind())
}
