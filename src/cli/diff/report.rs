//! Where lines and JSON go, how many are wanted, and what could not be compared.

use super::{DiffOptions, DiffSide};
use crate::analysis::Unread;
use crate::analysis::compare::Sides;
use crate::cli::{CommandError, Outcome, USAGE};
use crate::escape::escape;
use crate::export::arrays::json_string;
use std::io::{self, BufWriter, Write};

/// Bytes of text that are kept before they are written.
const BUFFER: usize = 256 << 10;

/// What a comparison writes.
pub(super) struct Report<'a> {
    out: BufWriter<&'a mut dyn Write>,
    outcome: &'a mut Outcome,
    pub json: bool,
    pub quiet: bool,
    pub summary: bool,
    limit: u64,
    /// Differences that were written.
    count: u64,
    failed: Option<io::Error>,
}

impl<'a> Report<'a> {
    /// Writes to `out` in the format that the options have.
    pub fn new(options: &DiffOptions, out: &'a mut dyn Write, outcome: &'a mut Outcome) -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, out),
            outcome,
            json: options.json && !options.quiet,
            quiet: options.quiet,
            summary: options.summary,
            limit: options.limit.unwrap_or(u64::MAX),
            count: 0,
            failed: None,
        }
    }

    /// Writes a text, unless nothing is to be written.
    pub fn write(&mut self, text: &str) {
        if !self.quiet && self.failed.is_none() {
            self.failed = self.out.write_all(text.as_bytes()).err();
        }
    }

    /// What is written so far is to be seen.
    pub fn flush(&mut self) {
        if self.failed.is_none() {
            self.failed = self.out.flush().err();
        }
    }

    /// Whether another difference is wanted; it counts as written then.
    pub fn takes_one(&mut self) -> bool {
        if self.count >= self.limit || self.failed.is_some() {
            return false;
        }
        self.count += 1;
        true
    }

    /// What stands between two entries of a list in JSON.
    pub fn comma(&self) -> &'static str {
        if self.count > 1 { ",\n  " } else { "\n  " }
    }

    /// Sentences that are no errors.
    pub fn notes(&mut self, notes: impl Iterator<Item = String>) {
        self.outcome.errors.extend(notes.map(escape));
    }

    /// A sentence about what could not be compared, which makes the end an error.
    pub fn error(&mut self, text: String) {
        self.outcome.errors.push(escape(text));
        self.outcome.code = USAGE;
    }

    /// What could not be read of either.
    pub fn unread(&mut self, places: (&str, &str), unread: &Sides<Unread>) {
        for (place, unread) in [(places.0, &unread.a), (places.1, &unread.b)] {
            if let Some(reason) = unread.reason() {
                let first = unread
                    .ranges()
                    .first()
                    .map_or_else(String::new, |range| format!(", from {:#x} on", range.start()));
                let bytes = unread.bytes();
                self.error(format!(
                    "{place}: {bytes} bytes{first} could not be read and were not compared: {reason}."
                ));
            }
        }
    }

    /// Which of two lengths ends first, as cmp tells it.
    pub fn lengths(&mut self, a: &DiffSide, b: &DiffSide) {
        let (short, long) = if a.span.len() < b.span.len() { (a, b) } else { (b, a) };
        let more = long.span.len() - short.span.len();
        if more > 0 && !self.quiet && !self.json {
            let text = format!(
                "{} ends after {:#x} bytes; {} has {} more.",
                short.place,
                short.span.len(),
                long.place,
                bytes_words(more)
            );
            self.notes(std::iter::once(text));
        }
    }

    /// The end of the output.
    ///
    /// # Errors
    /// When it could not be written.
    pub fn end(&mut self) -> Result<(), CommandError> {
        self.flush();
        match self.failed.take() {
            Some(error) => Err(CommandError::write(&error)),
            None => Ok(()),
        }
    }
}

pub(super) fn bytes_words(count: u64) -> String {
    if count == 1 { String::from("1 byte") } else { format!("{count} bytes") }
}

/// A side that is compared as bytes, in JSON.
pub(super) fn json_side(side: &DiffSide) -> String {
    format!(
        "{{\"file\": {}, \"offset\": {}, \"length\": {}}}",
        json_string(&side.place),
        side.span.start(),
        side.span.len()
    )
}
