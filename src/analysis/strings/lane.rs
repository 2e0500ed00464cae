//! The runs of one encoding, in order and whole: those that windows cut are put together again.
//!
//! An encoding whose characters have several bytes can begin at any of them, so it has a lane for each: `a` at offset 0
//! and at offset 1 are both text of UTF-16. A lane's runs never overlap.

use super::FoundString;
use super::marking::Marker;
use super::runs::{Marks, Wanted};
use crate::analysis::window::Window;
use crate::bytes::Span;
use crate::decode::Encoding;
use std::ops::Range;

/// An encoding from one of the offsets at which its characters may begin.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub encoding: Encoding,
    pub marker: Marker,
    /// What the offset of each character leaves when it is divided by the unit.
    pub phase: u64,
}

/// A run of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub start: u64,
    pub end: u64,
    pub characters: u64,
    /// Whether it may have begun in the window before, and go on in the next.
    pub open: (bool, bool),
    /// Whether it has what is looked for; not yet known of an open one.
    pub matches: bool,
    /// Bytes that it takes as it was rendered.
    pub rendered: u32,
}

impl Run {
    /// Its bytes.
    pub fn span(&self) -> Span {
        Span::between(self.start, self.end)
    }
}

/// What one lane has of a window where it is the only one, so that nothing has to be decided about the strings inside.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Runs that may have begun in the window before.
    pub left: Vec<Run>,
    pub whole: Vec<FoundString>,
    /// The whole ones, rendered one after another.
    pub rendered: Vec<u8>,
    /// The run that may go on in the next window, if it is none of the left ones.
    pub right: Option<Run>,
}

/// What a lane has of a chunk.
#[derive(Debug, Default)]
pub(super) struct LanePart {
    pub runs: Vec<Run>,
    /// Where the chunk ends that the runs begin in.
    pub until: u64,
    /// The runs that are not open, rendered one after another.
    pub rendered: Vec<u8>,
    pub blocks: Vec<Block>,
    /// Windows as they are, for a lane that is read in order: offset, bytes, and how many of them are its own.
    pub windows: Vec<(u64, Vec<u8>, usize)>,
}

impl Lane {
    /// The lanes of an encoding, those of even offsets first.
    pub fn of(encoding: Encoding) -> impl Iterator<Item = Self> {
        let marker = Marker::of(encoding);
        (0..encoding.unit() as u64).map(move |phase| Self { encoding, marker: marker.clone(), phase })
    }

    /// Tells the runs of a window, each with the place of its bytes in it: all that are open, and of the others those of
    /// at least so many characters.
    pub fn runs(
        &self,
        window: &Window<'_>,
        least: u64,
        marks: &mut Marks,
        found: &mut impl FnMut(Run, Range<usize>),
    ) {
        let unit = self.encoding.unit();
        let skip = ((self.phase + unit as u64 - window.offset % unit as u64) % unit as u64) as usize;
        let Some(bytes) = window.bytes.get(skip..) else { return };
        let units = bytes.len() / unit;
        let starts = window.starts.saturating_sub(skip).div_ceil(unit).min(units);
        marks.reset(units);
        self.marker.mark(bytes, starts, marks);
        let least_units = usize::try_from(least).unwrap_or(usize::MAX);
        let wanted = Wanted { starts, edge: self.marker.edge(), least: least_units };
        marks.runs(wanted, &mut |units| {
            let place = skip + units.start * unit..skip + units.end * unit;
            let run = Run {
                start: window.offset + place.start as u64,
                end: window.offset + place.end as u64,
                characters: self.marker.characters(&window.bytes[place.clone()]),
                open: (units.start < wanted.edge, units.end >= starts),
                matches: true,
                rendered: 0,
            };
            if run.open != (false, false) || run.characters >= least {
                found(run, place);
            }
        });
    }
}

/// Puts the runs of a lane together.
#[derive(Debug, Default)]
pub(super) struct Joiner {
    /// The run that went to the end of what has been seen.
    pub carry: Option<Run>,
    /// Of a lane that is read in order: where its next character begins.
    at: u64,
}

impl Joiner {
    /// Takes the next run, and tells the one that is whole now, and whether it was open before.
    pub fn take(&mut self, run: Run) -> [Option<Run>; 2] {
        let joined = match self.carry.take() {
            Some(before) if run.open.0 && run.start == before.end => Run {
                start: before.start,
                characters: before.characters + run.characters,
                open: (true, run.open.1),
                ..run
            },
            Some(before) => return [Some(before), self.keep_or_tell(run)],
            None => run,
        };
        [None, self.keep_or_tell(joined)]
    }

    fn keep_or_tell(&mut self, run: Run) -> Option<Run> {
        if run.open.1 {
            self.carry = Some(run);
            return None;
        }
        Some(run)
    }

    /// The run that can't go on, now that all before `until` was seen.
    pub fn close(&mut self, until: u64) -> Option<Run> {
        self.carry.take_if(|run| run.end < until)
    }

    /// Reads a window of a lane in which each character says where the next begins.
    pub fn in_order(
        &mut self,
        encoding: Encoding,
        offset: u64,
        bytes: &[u8],
        starts: usize,
        runs: &mut Vec<Run>,
    ) {
        let mut at = usize::try_from(self.at.saturating_sub(offset)).unwrap_or(usize::MAX);
        let mut run: Option<(Range<usize>, u64)> = None;
        let first = at;
        let mut tell = |(place, characters): (Range<usize>, u64)| {
            runs.push(Run {
                start: offset + place.start as u64,
                end: offset + place.end as u64,
                characters,
                open: (place.start == first, place.end >= starts),
                matches: true,
                rendered: 0,
            });
        };
        while at < starts {
            let (len, characters) = encoding.first_character(&bytes[at..]);
            let is_text =
                characters[0].is_some() && characters.into_iter().flatten().all(super::class::is_text);
            match &mut run {
                Some((place, count)) if is_text => (place.end, *count) = (at + len, *count + 1),
                None if is_text => run = Some((at..at + len, 1)),
                _ => {
                    if let Some(done) = run.take() {
                        tell(done);
                    }
                }
            }
            at += len.max(1);
        }
        if let Some(done) = run {
            tell(done);
        }
        self.at = offset + at as u64;
    }
}
