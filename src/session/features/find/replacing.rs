//! What many matches are replaced by, made by a worker: few splices, however many matches there are.
//!
//! A match by itself costs some hundred bytes in the document and in its undo history. So where there are many, what lies
//! between near ones is put back as it was, and all of it goes to a temporary file; and matches side by side become one
//! fill. A long replacement is kept once, and each match refers to it.

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
/// Only so many new bytes are written once for each match; more are kept once, and each match refers to them.
const MOST_BRIDGED: usize = 4 << 10;
/// New bytes and those between matches that go to the temporary file at most.
const MOST_SPOOLED: u64 = 16 << 30;
/// Splices of one step at most.
const MOST_SPLICES: usize = 1 << 20;
/// Matches side by side are a fill from so many bytes on.
const LEAST_FILL: u64 = 4 << 10;
/// Up to this many new bytes stay in memory.
const IN_MEMORY: usize = 4 << 20;
/// New bytes that are written at once.
const BUFFER: usize = 64 << 10;
/// Matches between two looks at the cancel, and bytes that are kept.
const STRIDE: u64 = 1024;
const BYTES_STRIDE: u64 = 1 << 20;

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
        let mut maker = Maker::new(&self.bytes, all, &self.now, progress)?;
        let lost = |error: SpillError| format!("Nothing was replaced: {error}.");
        let mut count = 0;
        let mut put = |even: EvenSpans| -> Result<(), String> {
            count += even.count;
            maker.put(even)
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
    way: Way,
    progress: &'a Progress,
    ahead: Ahead<'a>,
    kept: KeptBytes,
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

/// How many matches become few pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Each match is replaced by itself: they are few.
    Each,
    /// At most so many bytes between two matches are put back.
    Bridged(u64),
    /// The new bytes are kept once, and each match refers to them.
    Shared(Span),
}

impl<'a> Maker<'a> {
    /// For so many matches in `now`.
    fn new(bytes: &'a [u8], matches: u64, now: &'a Snapshot, progress: &'a Progress) -> Result<Self, String> {
        let bridge = BRIDGED.iter().rfind(|(most, _)| matches > *most).map(|(_, far)| *far);
        let mut maker = Maker {
            bytes,
            way: bridge.map_or(Way::Each, Way::Bridged),
            progress,
            ahead: Ahead::new(now, progress.as_cancel()),
            kept: KeptBytes::default(),
            open: None,
            splices: Vec::new(),
            spans: Vec::new(),
        };
        if bridge.is_some() && bytes.len() > MOST_BRIDGED {
            maker.kept.keep(bytes, progress)?;
            maker.way = Way::Shared(Span::first(bytes.len() as u64));
        }
        Ok(maker)
    }

    fn put(&mut self, even: EvenSpans) -> Result<(), String> {
        let len = self.bytes.len() as u64;
        let old = Span::between(even.first.start(), even.last().end());
        let is_dense = even.count > 1 && even.step == even.first.len() && old.len() >= LEAST_FILL;
        if let Some(new) = len.checked_mul(even.count).filter(|_| is_dense && self.way != Way::Each) {
            self.close();
            self.progress.advance(even.count);
            self.splices.push((old, NewPlace::Fill(new)));
            return Ok(());
        }
        for (number, span) in (1..).zip(even.iter()) {
            if number % STRIDE == 0 {
                look_at_cancel(self.progress)?;
            }
            self.progress.advance(1);
            match self.way {
                Way::Each => self.spans.push(span),
                Way::Bridged(bridge) => self.put_bridged(span, bridge)?,
                Way::Shared(kept) => {
                    self.check_room()?;
                    self.splices.push((span, NewPlace::InSpool(kept)));
                }
            }
        }
        look_at_cancel(self.progress)
    }

    /// Whether there may be a splice more.
    fn check_room(&self) -> Result<(), String> {
        if self.splices.len() < MOST_SPLICES {
            return Ok(());
        }
        let limit = describe::counted(MOST_SPLICES as u64, "match", "matches");
        Err(match self.way {
            Way::Shared(_) => format!(
                "Nothing was replaced: a replacement of more than {} can be put in the place of {limit} in one step. Select a part of the file and replace there.",
                describe::size(MOST_BRIDGED as u64)
            ),
            Way::Each | Way::Bridged(_) => format!(
                "Nothing was replaced: the matches are too far apart to be replaced in one step. The limit is {limit}. Select a part of the file and replace there."
            ),
        })
    }

    fn put_bridged(&mut self, span: Span, bridge: u64) -> Result<(), String> {
        let between = self.open.and_then(|(old, _)| Span::new(old.end(), span.start()));
        let between = between.filter(|between| between.len() <= bridge);
        let goes_on = between.map_or(Ok(false), |between| self.put_back(between))?;
        if !goes_on {
            self.close();
            self.open = Some((Span::empty_at(span.start()), self.kept.len));
            self.check_room()?;
        }
        self.kept.keep(self.bytes, self.progress)?;
        self.open = self.open.map(|(old, begins)| (Span::between(old.start(), span.end()), begins));
        Ok(())
    }

    /// Copies bytes between two matches. Where they can't be read, the matches are replaced one by one.
    fn put_back(&mut self, between: Span) -> Result<bool, String> {
        let until = between.start().saturating_add(WINDOW);
        let read = self.ahead.get(between, until);
        let Ok(bytes) = read else { return Ok(false) };
        self.kept.keep(bytes, self.progress)?;
        Ok(true)
    }

    fn close(&mut self) {
        if let Some((old, begins)) = self.open.take() {
            self.splices.push((old, NewPlace::InSpool(Span::between(begins, self.kept.len))));
        }
    }

    fn finish(mut self) -> Result<Places, String> {
        self.close();
        if self.way == Way::Each {
            return Ok(Places::Same(self.spans, Content::Bytes(self.bytes.to_vec())));
        }
        let spool = self.kept.spool.into_inner().map_err(|error| not_kept(error.error()))?;
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

/// New bytes on their way to a temporary file.
struct KeptBytes {
    spool: BufWriter<Spool>,
    len: u64,
    /// How many came since the last look at the cancel.
    unlooked: u64,
}

impl Default for KeptBytes {
    fn default() -> Self {
        Self { spool: BufWriter::with_capacity(BUFFER, Spool::new(IN_MEMORY)), len: 0, unlooked: 0 }
    }
}

impl KeptBytes {
    fn keep(&mut self, bytes: &[u8], progress: &Progress) -> Result<(), String> {
        let len = bytes.len() as u64;
        if self.len.saturating_add(len) > MOST_SPOOLED {
            return Err(format!(
                "Nothing was replaced: the new bytes would take more than {} in a temporary file. Select a part of the file and replace there.",
                describe::size(MOST_SPOOLED)
            ));
        }
        self.spool.write_all(bytes).map_err(|error| not_kept(&error))?;
        self.len += len;
        self.unlooked += len;
        if self.unlooked >= BYTES_STRIDE {
            self.unlooked = 0;
            look_at_cancel(progress)?;
        }
        Ok(())
    }
}

fn look_at_cancel(progress: &Progress) -> Result<(), String> {
    if progress.is_cancelled() { Err(String::from("Stopped. Nothing was replaced.")) } else { Ok(()) }
}

fn not_kept(error: &std::io::Error) -> String {
    format!("Nothing was replaced: the new bytes could not be kept in a temporary file ({error}).")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::MemorySource;
    use crate::document::Document;
    use std::sync::Arc;

    fn now() -> Snapshot {
        Document::new(Arc::new(MemorySource::new(vec![b'a'; 4096]))).snapshot()
    }

    fn each_16(count: u64) -> EvenSpans {
        EvenSpans { first: Span::between(0, 1), step: 16, count }
    }

    #[test]
    fn a_long_replacement_is_kept_once_however_many_matches_there_are() {
        let (now, progress, bytes) = (now(), Progress::default(), vec![7; MOST_BRIDGED + 1]);
        let mut maker = Maker::new(&bytes, 1 << 20, &now, &progress).expect("kept");
        maker.put(each_16(200)).expect("room");
        assert_eq!((maker.kept.len, maker.splices.len()), (bytes.len() as u64, 200));
        let Ok(Places::Each(splices)) = maker.finish() else { panic!("each by itself") };
        assert!(splices.iter().all(|splice| splice.content.len() == bytes.len() as u64));
    }

    #[test]
    fn a_short_replacement_takes_the_bytes_between_along() {
        let (now, progress) = (now(), Progress::default());
        let mut maker = Maker::new(b"xyz", 1 << 20, &now, &progress).expect("kept");
        maker.put(each_16(200)).expect("room");
        let Ok(Places::Each(splices)) = maker.finish() else { panic!("each by itself") };
        assert_eq!((splices.len(), splices[0].span), (1, Span::between(0, 199 * 16 + 1)));
        assert_eq!(splices[0].content.len(), 200 * 3 + 199 * 15);
    }

    #[test]
    fn a_cancel_is_seen_by_bytes_too() {
        let (now, progress) = (now(), Progress::default());
        let mut kept = KeptBytes::default();
        kept.keep(&[0; 1000], &progress).expect("kept");
        progress.cancel();
        let keeps = (0..).take_while(|_| kept.keep(&[0; 4096], &progress).is_ok()).count();
        assert!(keeps < 300, "{keeps}");
        // And where a list begins and ends.
        let mut maker = Maker::new(b"xyz", 1 << 20, &now, &progress).expect("nothing is kept yet");
        assert!(maker.put(each_16(2)).is_err());
    }

    #[test]
    fn what_would_fill_the_disk_is_refused() {
        let mut kept = KeptBytes { len: MOST_SPOOLED - 2, ..KeptBytes::default() };
        let progress = Progress::default();
        assert_eq!(kept.keep(b"ab", &progress), Ok(()));
        let refused = kept.keep(b"c", &progress).expect_err("too much");
        assert!(refused.contains("16.0 GiB") && refused.ends_with('.'), "{refused}");
    }
}
