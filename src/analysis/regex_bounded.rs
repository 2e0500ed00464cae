//! The search loop of a regular expression, in which no match is longer than a limit.
//!
//! What is found is defined by the limit alone: behind the match before, the first start from which the expression
//! matches within `longest` bytes, and there the match that comes first in the order of the expression. So it does not
//! depend on chunks or on how many bytes are searched at a time.
//!
//! A search without a limit would read far behind a match of `(?s)a.*b` to learn that it is too long, and once more for
//! each start in a long run. So a part of some lengths of the longest match is searched at a time, and where a start
//! leads only to longer matches, the nearest end of any match tells how many starts can be passed over.

use super::search::Match;
use crate::job::Cancel;
use regex_automata::meta::{BuildError, Cache, Config};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, meta};
use std::ops::{ControlFlow, Range};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that are searched at a time, in lengths of the longest match: behind a match that was cut, and at most.
const FEW_LENGTHS: usize = 2;
const MOST_LENGTHS: usize = 16;

/// An expression whose matches are cut at a length.
pub(super) struct BoundedRegex {
    regex: meta::Regex,
    expression: String,
    syntax: syntax::Config,
    config: Config,
    /// Tells the nearest end of a match. Made when it is first needed.
    ends: OnceLock<Option<meta::Regex>>,
    longest: usize,
    /// Whether the expression has longer matches.
    has_longer: bool,
    was_cut: AtomicBool,
}

/// Where a search is.
struct Progression<'a> {
    bytes: &'a [u8],
    starts: Range<usize>,
    end: usize,
    from: usize,
    /// Bytes to be searched at a time.
    reach: usize,
    /// The nearest end of a match from `from` on, and the start of that match.
    nearest: Option<(usize, usize)>,
}

impl BoundedRegex {
    /// `has_longer` says whether the expression can match more than `longest` bytes.
    ///
    /// # Errors
    /// When the expression is not valid or too large.
    pub fn new(
        expression: &str,
        (syntax, config): (syntax::Config, Config),
        (longest, has_longer): (usize, bool),
    ) -> Result<Self, Box<BuildError>> {
        let builder = meta::Builder::new().configure(config.clone()).syntax(syntax).build(expression);
        Ok(Self {
            regex: builder?,
            expression: expression.to_owned(),
            syntax,
            config,
            ends: OnceLock::new(),
            longest,
            has_longer,
            was_cut: AtomicBool::new(false),
        })
    }

    /// Bytes of the longest match.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// What a thread needs to search.
    pub fn create_cache(&self) -> Cache {
        self.regex.create_cache()
    }

    /// Whether a match was cut, or left out because it is longer.
    pub fn was_cut(&self) -> bool {
        self.was_cut.load(Ordering::Relaxed)
    }

    /// Gives `hit` the matches that begin in `starts` and end by `end`. Ends early when it breaks, and at a cancel.
    pub fn find(
        &self,
        cache: &mut Cache,
        bytes: &[u8],
        (starts, end): (Range<usize>, usize),
        cancel: &Cancel,
        hit: &mut dyn FnMut(Match) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let reach = if self.has_longer { MOST_LENGTHS * self.longest } else { usize::MAX };
        let mut at = Progression { bytes, from: starts.start, starts, end, reach, nearest: None };
        while at.from < at.starts.end {
            if cancel.is_cancelled() {
                return ControlFlow::Break(());
            }
            let to = at.end.min(at.from.saturating_add(at.reach));
            // From a start before this one, all that a match may have was searched. From this one on, an earlier start may
            // lead to a match that ends behind.
            let open = if to == at.end { at.end } else { to - self.longest + 1 };
            let Some(found) = self.next(cache, bytes, at.from..to).filter(|found| found.at < open) else {
                if to == at.end {
                    break;
                }
                at.from = open;
                at.reach = (2 * at.reach).min(MOST_LENGTHS * self.longest);
                continue;
            };
            if found.at >= at.starts.end {
                break;
            }
            match self.within_limit(cache, &mut at, found) {
                Some(whole) if whole.len > 0 => {
                    at.from = whole.at + whole.len;
                    hit(whole)?;
                }
                Some(_) => at.from = found.at + 1,
                None => self.pass_over(&mut at, found.at + 1),
            }
        }
        ControlFlow::Continue(())
    }

    /// The match where `found` begins that is not too long.
    fn within_limit(&self, cache: &mut Cache, at: &mut Progression<'_>, found: Match) -> Option<Match> {
        if found.len <= self.longest {
            return Some(found);
        }
        at.reach = FEW_LENGTHS * self.longest;
        self.was_cut.store(true, Ordering::Relaxed);
        let limit = at.end.min(found.at + self.longest);
        let input = Input::new(at.bytes).range(found.at..limit).anchored(Anchored::Yes);
        let whole = self.regex.search_with(cache, &input)?;
        Some(Match { at: found.at, len: whole.len() })
    }

    /// Goes on at `from`, or at a later start before which each match is too long.
    fn pass_over(&self, at: &mut Progression<'_>, from: usize) {
        let is_known = at.nearest.is_some_and(|(start, _)| start >= from);
        if !is_known {
            let to = at.end.min(from.saturating_add(MOST_LENGTHS * self.longest));
            at.nearest = self.nearest_end(at.bytes, from..to);
            if at.nearest.is_none() && self.ends.get().is_some_and(Option::is_some) {
                at.from = if to == at.end { at.starts.end } else { from.max(to - self.longest + 1) };
                return;
            }
        }
        let nearest = at.nearest.map_or(0, |(_, end)| end.saturating_sub(self.longest));
        at.from = from.max(nearest);
    }

    /// The start and the end of the match in `range` whose end is the nearest. It comes from a search that is not led by
    /// literals, because those do not tell the nearest end.
    fn nearest_end(&self, bytes: &[u8], range: Range<usize>) -> Option<(usize, usize)> {
        let ends = self.ends.get_or_init(|| {
            let config = self.config.clone().auto_prefilter(false).onepass(false).backtrack(false).dfa(false);
            meta::Builder::new().configure(config).syntax(self.syntax).build(&self.expression).ok()
        });
        let found = ends.as_ref()?.find(Input::new(bytes).range(range).earliest(true))?;
        Some((found.start(), found.end()))
    }

    /// The first match that begins and ends in `range`.
    fn next(&self, cache: &mut Cache, bytes: &[u8], range: Range<usize>) -> Option<Match> {
        let found = self.regex.search_with(cache, &Input::new(bytes).range(range))?;
        Some(Match { at: found.start(), len: found.len() })
    }
}
