//! Hits as lines, or as one JSON document.

use super::FindOptions;
use super::found::{Batch, Found};
use super::stretch::{Element, Stretch};
use crate::bytes::Span;
use crate::bytes::ahead::Ahead;
use crate::cli::CommandError;
use crate::compute::ElementSpans;
use crate::escape::escaped;
use crate::export::matches::{MatchRecord, MatchedValue};
use crate::job::Cancel;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;

/// Bytes of text that are kept before they are written.
const BUFFER: usize = 64 << 10;
/// Bytes of an element that are read to show its value.
const MOST_VALUE: u64 = 64 << 10;

/// Writes hits.
pub(super) struct Printer<'a> {
    out: BufWriter<&'a mut dyn Write>,
    json: bool,
    only_count: bool,
    limit: u64,
    count: u64,
    /// Whether there is a hit beyond the limit.
    is_cut: bool,
    failed: Option<io::Error>,
    text: String,
}

impl<'a> Printer<'a> {
    /// Writes to `out` in the format that the options have.
    pub fn new(options: &FindOptions, out: &'a mut dyn Write) -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, out),
            json: options.json,
            only_count: options.count,
            limit: options.limit.unwrap_or(u64::MAX),
            count: 0,
            is_cut: false,
            failed: None,
            text: String::new(),
        }
    }

    /// Whether no more hits are wanted. Who reports whether there are more has to see one.
    pub fn has_enough(&self) -> bool {
        self.is_cut || self.failed.is_some() || (self.count >= self.limit && !self.json)
    }

    /// What comes before all hits.
    ///
    /// # Errors
    /// When the output could not be written.
    pub fn begin(&mut self) -> Result<(), CommandError> {
        let written = if self.json && !self.only_count { write!(self.out, "{{\"hits\": [") } else { Ok(()) };
        written.map_err(|error| CommandError::write(&error))
    }

    /// Writes hits of a stretch; breaks when no more are wanted.
    pub fn take(&mut self, stretch: &Stretch, batch: &Batch) -> ControlFlow<()> {
        let mut ahead = Ahead::new(&*stretch.source, Cancel::never());
        match batch {
            Batch::Spans(spans) => {
                let until = spans.end().saturating_add(MOST_VALUE);
                let mut each = spans.iter().map(|span| Found { span, element: None });
                each.try_for_each(|found| self.found(stretch, &found, &mut ahead, until))?;
            }
            Batch::Elements(runs) => {
                let Some(array) = stretch.arrays.first() else { return ControlFlow::Continue(()) };
                let spans = ElementSpans::new(&array.sliced.array);
                let last = runs.last().map_or(0, |run| run.end.saturating_sub(1));
                let until = spans.of(last).end().saturating_add(MOST_VALUE);
                let mut each = runs.iter().cloned().flatten();
                each.try_for_each(|number| {
                    let found = Found { span: spans.of(number), element: Some(number) };
                    self.found(stretch, &found, &mut ahead, until)
                })?;
            }
            Batch::Count(count) => {
                let room = self.limit - self.count;
                self.is_cut |= *count > room;
                self.count += room.min(*count);
            }
        }
        // The first hits are not kept back until there are many.
        if let Err(error) = self.out.flush() {
            self.failed.get_or_insert(error);
        }
        if self.has_enough() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Counts a hit, and writes it unless they are only counted.
    fn found(
        &mut self,
        stretch: &Stretch,
        found: &Found,
        ahead: &mut Ahead<'_>,
        until: u64,
    ) -> ControlFlow<()> {
        let element = if self.only_count && stretch.takes_all() { None } else { stretch.element_of(found) };
        if element.is_none() && !stretch.takes_all() {
            return ControlFlow::Continue(());
        }
        if self.count == self.limit {
            self.is_cut = true;
            return ControlFlow::Break(());
        }
        self.count += 1;
        if !self.only_count
            && let Err(error) = self.hit(found, element.as_ref(), ahead, until)
        {
            self.failed = Some(error);
        }
        if self.has_enough() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn hit(
        &mut self,
        found: &Found,
        element: Option<&Element<'_>>,
        ahead: &mut Ahead<'_>,
        until: u64,
    ) -> io::Result<()> {
        self.text.clear();
        let value = element.map_or(MatchedValue::None, |element| value_of(element, ahead, until));
        if self.json {
            self.text.push_str(if self.count > 1 { ",\n  " } else { "\n  " });
            json_hit(found.span, element, value, &mut self.text);
            return self.out.write_all(self.text.as_bytes());
        }
        self.text += &format!("{:#x}", found.span.start());
        if let Some(element) = element {
            let array = element.array;
            let reading = array.reading.as_ref();
            let words = match has_index(element) {
                true => array.sliced.index_words(&element.index),
                false => String::new(),
            };
            let name = array.name.as_deref().or(reading.map(|reading| &*reading.dtype)).unwrap_or_default();
            self.text += &format!("\t{}{words}\t{}", escaped(name), escaped(&value.text()));
        }
        self.text.push('\n');
        self.out.write_all(self.text.as_bytes())
    }

    /// Ends one stretch.
    ///
    /// # Errors
    /// When the output could not be written.
    pub fn end_stretch(&mut self) -> Result<(), CommandError> {
        match self.failed.take() {
            Some(error) => Err(CommandError::write(&error)),
            None => Ok(()),
        }
    }

    /// What comes behind all hits; whether there was one. `is_whole` says whether all could be searched.
    ///
    /// # Errors
    /// When the output could not be written.
    pub fn end(mut self, is_whole: bool) -> Result<bool, CommandError> {
        let is_complete = is_whole && !self.is_cut;
        let count = self.count;
        let written = match (self.json, self.only_count) {
            (true, false) => {
                let line = if count > 0 { "\n" } else { "" };
                writeln!(self.out, "{line}], \"count\": {count}, \"complete\": {is_complete}}}")
            }
            (true, true) => writeln!(self.out, "{{\"count\": {count}, \"complete\": {is_complete}}}"),
            (false, true) => writeln!(self.out, "{count}"),
            (false, false) => Ok(()),
        };
        written.and_then(|()| self.out.flush()).map_err(|error| CommandError::write(&error))?;
        Ok(count > 0)
    }
}

/// Appends a hit as JSON, with the element that it is or begins in.
fn json_hit(span: Span, element: Option<&Element<'_>>, value: MatchedValue<'_>, out: &mut String) {
    let index = element.filter(|element| has_index(element));
    let index = index.map(|element| element.array.sliced.base_index(&element.index));
    let reading = element.and_then(|element| element.array.reading.as_ref());
    let record = MatchRecord {
        offset: Some(span.start()),
        length: span.len(),
        array: element.and_then(|element| element.array.name.as_deref()),
        index: index.as_deref(),
        dtype: reading.map(|reading| &*reading.dtype),
        value,
    };
    record.push_json(out);
}

/// Whether its index tells where it is: a value between two elements has none.
fn has_index(element: &Element<'_>) -> bool {
    element.array.reading.as_ref().is_none_or(|reading| reading.is_counted)
}

/// The value of an element, unless it is too large or can't be read.
fn value_of<'a>(element: &Element<'a>, ahead: &'a mut Ahead<'_>, until: u64) -> MatchedValue<'a> {
    let array = &element.array.sliced.array;
    let place = array.place(&element.index);
    if place.span.len() > MOST_VALUE {
        return MatchedValue::Unread;
    }
    match ahead.get(place.span, until) {
        Ok(group) => MatchedValue::Item { item: &array.item, group, place: place.item },
        Err(_) => MatchedValue::Unread,
    }
}
