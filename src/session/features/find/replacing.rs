//! What many matches are replaced by, made by a worker: few splices, however many matches there are.
//!
//! A match by itself costs some hundred bytes in the document and in its undo history. So where there are many, what lies
//! between near ones is put back as it was, and all of it goes to a temporary file; and matches side by side become one
//! fill.

use super::hits::FoundMatch;
use super::places::MatchPlaces;
use super::rows::MatchRows;
use crate::analysis::EvenSpans;
use crate::analysis::spans::SpillError;
use crate::bytes::Span;
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::spool::Spool;
use crate::document::{Content, Places, Snapshot, Splice};
use crate::job::Progress;
use crate::session::describe;
use std::io::{BufWriter, Write};

/// Above so many matches, and with at most so many bytes between two, what lies between them is put back as it was.
const BRIDGED: [(u64, u64); 2] = [(1 << 16, 1 << 10), (1 << 18, 32 << 10)];
/// Splices of one step at most.
const MOST_SPLICES: usize = 1 << 20;
/// Matches side by side are a fill from so many bytes on.
const LEAST_FILL: u64 = 4 << 10;
/// Up to this many new bytes stay in memory.
const IN_MEMORY: usize = 4 << 20;
/// New bytes that are written at once.
const BUFFER: usize = 64 << 10;
/// Matches between two looks at the cancel.
const STRIDE: u64 = 1024;

/// Matches that are to be replaced.
#[derive(Debug)]
pub(super) struct MatchReplacement {
    pub rows: MatchRows,
    pub places: MatchPlaces,
    /// The bytes of the file as they are now.
    pub now: Snapshot,
    /// What each match becomes.
    pub bytes: Vec<u8>,
}

/// What is to be done with the document.
#[derive(Debug)]
pub(super) struct MadeReplacement {
    pub places: Places,
    /// Matches that are replaced.
    pub count: u64,
    /// Matches that were edited since they were found, and stay as they are.
    pub edited: u64,
}

impl MatchReplacement {
    /// Makes the splices. Blocks; progress counts matches.
    ///
    /// # Errors
    /// A sentence when it was cancelled, the list can't be read, or the new bytes can't be kept.
    pub fn make(&self, progress: &Progress) -> Result<MadeReplacement, String> {
        let all = self.rows.len();
        progress.set_total(all);
        let bridge = BRIDGED.iter().rfind(|(most, _)| all > *most).map(|(_, far)| *far);
        let mut maker = Maker {
            bytes: &self.bytes,
            bridge,
            ahead: Ahead::new(&self.now, progress.as_cancel()),
            spool: BufWriter::with_capacity(BUFFER, Spool::new(IN_MEMORY)),
            spooled: 0,
            open: None,
            splices: Vec::new(),
            spans: Vec::new(),
        };
        let lost = |error: SpillError| format!("Nothing was replaced: {error}.");
        let mut count = 0;
        let mut put = |even: EvenSpans| -> Result<(), String> {
            count += even.count;
            maker.put(even, progress)
        };
        match self.rows.as_run().filter(|_| self.places.are_as_found()) {
            Some((first, mut left)) => {
                for even in self.rows.found().even_from(first) {
                    let Some(even) = even.map_err(lost)?.at_most(left) else { break };
                    left -= even.count;
                    put(even)?;
                }
            }
            None => {
                for found in self.rows.iter_as_found() {
                    let found: FoundMatch<'_> = found.map_err(lost)?;
                    match self.places.now(&found) {
                        Some(span) => put(EvenSpans::one(span))?,
                        None => progress.advance(1),
                    }
                }
            }
        }
        Ok(MadeReplacement { places: maker.finish()?, count, edited: all - count })
    }
}

/// Gathers the splices.
struct Maker<'a> {
    bytes: &'a [u8],
    /// Bytes between two matches that are put back at most; `None` for each match by itself.
    bridge: Option<u64>,
    ahead: Ahead<'a>,
    spool: BufWriter<Spool>,
    spooled: u64,
    /// What is replaced by the last bytes of the spool, and where these begin.
    open: Option<(Span, u64)>,
    /// What is complete: the place, and that of its new bytes in the spool or a fill of so many bytes.
    splices: Vec<(Span, NewPlace)>,
    /// The matches themselves, where each is replaced by itself.
    spans: Vec<Span>,
}

enum NewPlace {
    InSpool(Span),
    Fill(u64),
}

impl Maker<'_> {
    fn put(&mut self, even: EvenSpans, progress: &Progress) -> Result<(), String> {
        let len = self.bytes.len() as u64;
        let old = Span::between(even.first.start(), even.last().end());
        let is_dense = even.count > 1 && even.step == even.first.len() && old.len() >= LEAST_FILL;
        if let Some(new) = len.checked_mul(even.count).filter(|_| is_dense && self.bridge.is_some()) {
            self.close();
            progress.advance(even.count);
            self.splices.push((old, NewPlace::Fill(new)));
            return Ok(());
        }
        for (number, span) in (1..).zip(even.iter()) {
            if number % STRIDE == 0 && progress.is_cancelled() {
                return Err(String::from("Stopped. Nothing was replaced."));
            }
            progress.advance(1);
            match self.bridge {
                None => self.spans.push(span),
                Some(bridge) => self.put_bridged(span, bridge)?,
            }
        }
        if progress.is_cancelled() { Err(String::from("Stopped. Nothing was replaced.")) } else { Ok(()) }
    }

    fn put_bridged(&mut self, span: Span, bridge: u64) -> Result<(), String> {
        let between = self.open.and_then(|(old, _)| Span::new(old.end(), span.start()));
        let between = between.filter(|between| between.len() <= bridge);
        let goes_on = between.map_or(Ok(false), |between| self.put_back(between))?;
        if !goes_on {
            self.close();
            self.open = Some((Span::empty_at(span.start()), self.spooled));
            if self.splices.len() >= MOST_SPLICES {
                return Err(format!(
                    "Nothing was replaced: the matches are too far apart to be replaced in one step. The limit is {}. Select a part of the file and replace there.",
                    describe::counted(MOST_SPLICES as u64, "match", "matches")
                ));
            }
        }
        let bytes = self.bytes;
        self.spool.write_all(bytes).map_err(|error| not_kept(&error))?;
        self.spooled += bytes.len() as u64;
        self.open = self.open.map(|(old, begins)| (Span::between(old.start(), span.end()), begins));
        Ok(())
    }

    /// Copies bytes between two matches. Where they can't be read, the matches are replaced one by one.
    fn put_back(&mut self, between: Span) -> Result<bool, String> {
        let until = between.start().saturating_add(WINDOW);
        let read = self.ahead.get(between, until);
        let Ok(bytes) = read else { return Ok(false) };
        self.spool.write_all(bytes).map_err(|error| not_kept(&error))?;
        self.spooled += between.len();
        Ok(true)
    }

    fn close(&mut self) {
        if let Some((old, begins)) = self.open.take() {
            self.splices.push((old, NewPlace::InSpool(Span::between(begins, self.spooled))));
        }
    }

    fn finish(mut self) -> Result<Places, String> {
        self.close();
        if self.bridge.is_none() {
            return Ok(Places::Same(self.spans, Content::Bytes(self.bytes.to_vec())));
        }
        let spool = self.spool.into_inner().map_err(|error| not_kept(error.error()))?;
        let source = spool.finish().map_err(|error| not_kept(&error))?;
        let splice = |(span, new)| {
            let content = match new {
                NewPlace::InSpool(place) if place.is_empty() => Content::none(),
                NewPlace::InSpool(place) => Content::Source(source.clone(), place),
                NewPlace::Fill(0) => Content::none(),
                NewPlace::Fill(len) => Content::Repeat { pattern: self.bytes.to_vec(), len },
            };
            Splice { span, content }
        };
        Ok(Places::Each(self.splices.into_iter().map(splice).collect()))
    }
}

fn not_kept(error: &std::io::Error) -> String {
    format!("Nothing was replaced: the new bytes could not be kept in a temporary file ({error}).")
}
