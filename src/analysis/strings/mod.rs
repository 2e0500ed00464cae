//! Strings: text among other bytes, in any encodings, as `strings` finds it.
//!
//! | file | what it holds |
//! |---|---|
//! | `class` | which characters make a string |
//! | `marking`, `ascii` | a bit for each unit that belongs to one, for each encoding |
//! | `runs` | from bits to runs |
//! | `lane` | the runs of one encoding, put together over the ends of windows |
//! | `overlap` | which of several strings in one place is told |
//! | `text` | the text of a string of any length, part by part |
//! | `collect` | all encodings together, in order |
//! | `list` | the report shape: a list of millions of strings, readable while it grows |
//!
//! A string has at least so many characters, and is as long as it can be. What is found does not depend on how the pass
//! is cut up.

#[cfg(target_arch = "x86_64")]
mod ascii;
mod class;
mod collect;
mod lane;
pub mod list;
mod marking;
mod overlap;
mod runs;
#[cfg(test)]
mod tests;
pub mod text;

use super::needle::{Case, Needle};
use super::pool::PassEnd;
use super::scan::{Kernel, Margin, Scan, scan};
use super::search::{End, Match, Pattern, Tally};
use super::tuning::Tuning;
use super::unread::Unread;
use super::window::Window;
use crate::analysis::plan::Direction;
use crate::bytes::{Source, Span};
use crate::decode::Encoding;
use crate::job::{Cancel, Progress};
use collect::Collector;
use lane::{Block, Lane, LanePart};
use marking::Marker;
use runs::Marks;
use std::ops::ControlFlow;
use text::read_text;

/// Characters that a string has at least, if nothing else is asked for: as `strings` has it.
pub const LEAST: u64 = 4;

/// Bytes behind a window that may belong to a character which begins in it.
const OVERLAP: usize = 3;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StringQuery {
    /// Each once; where strings overlap and are about as long, the first named counts.
    pub encodings: Vec<Encoding>,
    /// Characters of a string, at least.
    pub least: u64,
    /// Only strings that have this in them, in any case. Empty for all.
    pub containing: String,
}

/// A string that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FoundString {
    pub span: Span,
    pub encoding: Encoding,
    /// Bytes that it has in the rendered text of its batch; 0 where that was not asked for, or the string is longer than
    /// [`MOST_RENDERED`].
    pub rendered: u32,
}

/// Bytes of a string that is rendered for its batch, at most. A longer one has to be read by whoever wants its text.
pub const MOST_RENDERED: u64 = 1 << 20;

/// Turns a string and its bytes into what is written of it. Workers do so for many strings at the same time.
pub type RenderString<'r> = &'r (dyn Fn(&FoundString, &[u8], &mut Vec<u8>) + Sync);

/// Takes strings in order, with their rendered text, one after another; breaks when it has enough.
pub type Strings<'s> = &'s mut (dyn FnMut(&[FoundString], &[u8]) -> ControlFlow<()> + Send);

/// A question, and where it is asked.
#[derive(Clone, Copy)]
pub struct StringSearch<'a> {
    pub source: &'a dyn Source,
    pub query: &'a StringQuery,
    pub render: Option<RenderString<'a>>,
    pub progress: &'a Progress,
    pub tuning: Tuning,
}

impl StringSearch<'_> {
    /// Gives all strings in `within` to `strings`, in ascending order; none overlaps another. [`End::Cut`] when that had
    /// enough.
    pub fn find(&self, within: Span, strings: Strings<'_>) -> Tally {
        let within = within.clamp_to(self.source.len());
        self.progress.set_total(within.len());
        let mut lanes: Vec<Lane> =
            self.query.encodings.iter().flat_map(|encoding| Lane::of(*encoding)).collect();
        // Of those that are about as long, the one at an even offset is meant.
        lanes.sort_by_key(|lane| lane.phase);
        let filters: Vec<Filter> =
            lanes.iter().map(|lane| Filter::new(&self.query.containing, lane.encoding)).collect();
        let mut unread = Unread::default();
        let least = self.query.least.max(1);
        let kernel = Runs { lanes: &lanes, filters: &filters, least, render: self.render };
        let mut collector = Collector::new(self, &lanes, &filters, least);
        let (source, tuning) = (self.source, self.tuning);
        let pass = Scan { source, within, end: within.end(), direction: Direction::Forward, tuning };
        let end = scan(&pass, &kernel, self.progress, &mut |piece| {
            unread.merge(&piece.unread);
            collector.take(piece.part, strings)
        });
        let end = match end {
            PassEnd::Cancelled => End::Cancelled,
            PassEnd::Stopped => End::Cut,
            PassEnd::Complete if collector.finish(strings).is_break() => End::Cut,
            PassEnd::Complete => End::Complete,
        };
        Tally { end, unread }
    }
}

/// What a string has to have in it.
enum Filter {
    Anything,
    /// As the encoding has it, and as UTF-8 for a string that is read again.
    This {
        needle: Box<Needle>,
        unit: usize,
        utf8: Box<Needle>,
    },
    /// The encoding lacks a character of it.
    Nothing,
}

impl Filter {
    fn new(text: &str, encoding: Encoding) -> Self {
        let needle = |encoding: Encoding| {
            let mut utf8 = [0; 4];
            let encode = |c: char| encoding.encode(c.encode_utf8(&mut utf8)).ok();
            Needle::text(text, Case::Unicode, encode).map(Box::new)
        };
        match (needle(encoding), needle(Encoding::Utf8)) {
            _ if text.is_empty() => Self::Anything,
            (Ok(needle), Ok(utf8)) => Self::This { needle, unit: encoding.unit(), utf8 },
            _ => Self::Nothing,
        }
    }

    /// Whether the bytes of a string have it; they begin with a whole unit.
    fn matches(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Anything => true,
            Self::Nothing => false,
            Self::This { needle, unit, .. } => has(needle, bytes, *unit),
        }
    }

    /// Whether a string that is in no window has it: reads it part by part. What can't be read any more has nothing.
    fn matches_at(&self, source: &dyn Source, span: Span, encoding: Encoding, cancel: &Cancel) -> bool {
        let Self::This { utf8, .. } = self else { return matches!(self, Self::Anything) };
        let (mut text, mut found) = (String::new(), false);
        let read = read_text(source, span, encoding, cancel, &mut |part| {
            text.push_str(part);
            found = has(utf8, text.as_bytes(), 1);
            // What may be the start of a match stays.
            let kept = text.floor_char_boundary(text.len().saturating_sub(utf8.max_len()));
            text.drain(..kept);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        read.is_ok() && found
    }
}

/// Whether the needle begins at a whole unit of the bytes.
fn has(needle: &Needle, bytes: &[u8], unit: usize) -> bool {
    let window = Window::whole(bytes, 0, bytes.len() as u64);
    let is_whole = |hit: Match| {
        if hit.at.is_multiple_of(unit) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    needle.find_in(&window, &mut { is_whole }).is_break()
}

/// Collects the runs of all lanes.
struct Runs<'a> {
    lanes: &'a [Lane],
    filters: &'a [Filter],
    least: u64,
    render: Option<RenderString<'a>>,
}

impl Kernel for Runs<'_> {
    type Part = Vec<LanePart>;

    fn margin(&self) -> Margin {
        Margin { before: 0, overlap: OVERLAP, behind: 0 }
    }

    fn skips_zeros(&self) -> bool {
        true
    }

    fn look(&self, window: &Window<'_>, parts: &mut Vec<LanePart>) {
        parts.resize_with(self.lanes.len(), LanePart::default);
        let mut marks = Marks::default();
        for ((lane, filter), part) in self.lanes.iter().zip(self.filters).zip(parts) {
            part.until = window.offset + window.starts as u64;
            if matches!(lane.marker, Marker::InOrder) {
                part.windows.push((window.offset, window.bytes.to_vec(), window.starts));
                continue;
            }
            if self.lanes.len() == 1 {
                part.blocks.push(self.block(lane, filter, window, &mut marks));
                continue;
            }
            let LanePart { runs, rendered, .. } = part;
            lane.runs(window, self.least, &mut marks, &mut |mut run, place| {
                if run.open == (false, false) {
                    let bytes = &window.bytes[place];
                    run.matches = filter.matches(bytes);
                    if run.matches {
                        run.rendered = self.rendered(lane, run.span(), bytes, rendered).rendered;
                    }
                }
                runs.push(run);
            });
        }
    }
}

impl Runs<'_> {
    /// The strings of a window with one lane.
    fn block(&self, lane: &Lane, filter: &Filter, window: &Window<'_>, marks: &mut Marks) -> Block {
        let mut block = Block::default();
        lane.runs(window, self.least, marks, &mut |run, place| match run.open {
            (true, _) => block.left.push(run),
            (false, true) => block.right = Some(run),
            (false, false) => {
                let bytes = &window.bytes[place];
                if filter.matches(bytes) {
                    let found = self.rendered(lane, run.span(), bytes, &mut block.rendered);
                    block.whole.push(found);
                }
            }
        });
        block
    }

    /// A string, after it was rendered if that is wanted.
    fn rendered(&self, lane: &Lane, span: Span, bytes: &[u8], out: &mut Vec<u8>) -> FoundString {
        let mut found = FoundString { span, encoding: lane.encoding, rendered: 0 };
        if let Some(render) = self.render {
            let before = out.len();
            render(&found, bytes, out);
            found.rendered = u32::try_from(out.len() - before).unwrap_or(u32::MAX);
        }
        found
    }
}
