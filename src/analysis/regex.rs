//! The pattern of a search: a regular expression over bytes.
//!
//! It means what it means to Python's `re` over `bytes`: classes are those of ASCII, `.` is any byte but a line feed,
//! `^` and `$` are the ends of the file unless `(?m)` is given, of several ways to match the first in the order of the
//! expression counts, and a match begins at or after the end of the one before. `(?u)` switches to UTF-8. What is
//! empty is no match. One search takes linear time, but it begins again behind every match: short matches that are only
//! told from longer ones far behind them can take quadratic time.
//!
//! - A match is at most [`LONGEST`] bytes long: from each start, only so many bytes are searched. So what is found does
//!   not depend on how the file is cut into chunks. That a match was cut, or left out, is told by [`Regex::remark`].
//! - `^`, `$` and `\b` see the true neighbours of a chunk. A neighbour that can't be read counts as a zero byte.

use super::regex_zeros::can_be_zeros;
use super::search::{Match, Overlaps, Pattern, Sight};
use super::window::Window;
use regex_automata::meta::{BuildError, Cache};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, meta};
use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// The longest match in bytes of an expression that sets no limit itself.
pub const LONGEST: usize = 64 << 10;

/// Memory that a compiled expression may take, and that each thread may keep of its states, in bytes.
const MOST_COMPILED: usize = 4 << 20;
const MOST_STATES: usize = 2 << 20;

/// Bytes before and behind a match that `^`, `$` and `\b` see: a character of UTF-8.
const SIGHT: usize = 4;

/// Starts in a row from where only longer matches lead on, until [`LONGEST`] bytes are passed at once.
const MOST_VAIN_STARTS: usize = 64;

/// Why an expression can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegexError {
    #[error("there is nothing to search for: type an expression")]
    Empty,
    #[error("the expression is not complete or not valid at character {at}: {reason}")]
    Syntax { at: usize, reason: String },
    #[error("the expression can't be used: {reason}")]
    Other { reason: String },
    #[error("the expression is too large: use smaller numbers of repetitions, or fewer alternatives")]
    TooLarge,
    #[error("the expression matches only the empty text, which is everywhere")]
    OnlyEmpty,
}

/// A compiled expression.
pub struct Regex {
    regex: meta::Regex,
    /// What a thread needs to search, kept from window to window.
    caches: Mutex<Vec<Cache>>,
    longest: usize,
    /// Whether a match may depend on its neighbours.
    looks_around: bool,
    matches_zeros: bool,
    /// Whether a match was cut or left out because it is longer.
    was_cut: AtomicBool,
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex(at most {} bytes)", self.longest)
    }
}

impl Regex {
    /// `expression`, in which the letters A to Z match in both cases with `any_case`.
    ///
    /// # Errors
    /// [`RegexError`], as a sentence for the user.
    pub fn new(expression: &str, any_case: bool) -> Result<Self, RegexError> {
        if expression.is_empty() {
            return Err(RegexError::Empty);
        }
        let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(any_case);
        let config = meta::Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(MOST_COMPILED))
            .onepass_size_limit(Some(MOST_COMPILED))
            .hybrid_cache_capacity(MOST_STATES);
        let regex = meta::Builder::new().configure(config).syntax(syntax).build(expression);
        let regex = regex.map_err(|error| refused(&error))?;
        let parsed =
            syntax::parse_with(expression, &syntax).map_err(|error| syntax_error(&error.to_string()))?;
        let properties = parsed.properties();
        if properties.maximum_len() == Some(0) {
            return Err(RegexError::OnlyEmpty);
        }
        let longest = properties.maximum_len().map_or(LONGEST, |len| len.min(LONGEST));
        let looks_around = !properties.look_set().is_empty();
        let matches_zeros = looks_around || can_be_zeros(&parsed);
        let was_cut = AtomicBool::new(false);
        Ok(Self { regex, caches: Mutex::default(), longest, looks_around, matches_zeros, was_cut })
    }

    fn with_cache<R>(&self, search: impl FnOnce(&mut Cache) -> R) -> R {
        let known = self.caches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut cache = known.unwrap_or_else(|| self.regex.create_cache());
        let answer = search(&mut cache);
        self.caches.lock().unwrap_or_else(PoisonError::into_inner).push(cache);
        answer
    }

    /// The first match that begins at `from` or later and ends by `to`.
    fn next(&self, cache: &mut Cache, bytes: &[u8], from: usize, to: usize) -> Option<Match> {
        let found = self.regex.search_with(cache, &Input::new(bytes).range(from..to))?;
        Some(Match { at: found.start(), len: found.len() })
    }

    /// The match that begins at `at`, of at most the longest length, where there is a longer one.
    fn cut(&self, cache: &mut Cache, bytes: &[u8], at: usize) -> Option<Match> {
        self.was_cut.store(true, Ordering::Relaxed);
        let input = Input::new(bytes).range(at..at + self.longest).anchored(Anchored::Yes);
        let found = self.regex.search_with(cache, &input)?;
        Some(Match { at, len: found.len() })
    }

    fn find(
        &self,
        cache: &mut Cache,
        bytes: &[u8],
        starts: std::ops::Range<usize>,
        end: usize,
        hit: &mut dyn FnMut(Match) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut from = starts.start;
        let mut vain = 0;
        while from < starts.end
            && let Some(found) = self.next(cache, bytes, from, end)
            && found.at < starts.end
        {
            let whole = if found.len > self.longest { self.cut(cache, bytes, found.at) } else { Some(found) };
            match whole {
                Some(whole) if whole.len > 0 => {
                    hit(whole)?;
                    from = whole.at + whole.len;
                    vain = 0;
                }
                Some(_) => from = found.at + 1,
                None if vain < MOST_VAIN_STARTS => {
                    from = found.at + 1;
                    vain += 1;
                }
                None => from = found.at + self.longest,
            }
        }
        ControlFlow::Continue(())
    }
}

impl Pattern for Regex {
    fn max_len(&self) -> usize {
        self.longest
    }

    fn matches_zeros(&self) -> bool {
        self.matches_zeros
    }

    fn sight(&self) -> Sight {
        if self.looks_around { Sight { before: SIGHT, behind: SIGHT } } else { Sight::default() }
    }

    fn overlaps(&self) -> Overlaps {
        Overlaps::Apart
    }

    fn remark(&self) -> Option<String> {
        self.was_cut.load(Ordering::Relaxed).then(|| {
            format!(
                "A match can be at most {} KiB long: longer ones were cut or left out.",
                self.longest.div_ceil(1 << 10)
            )
        })
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        let bytes = neighboured(window, self.looks_around);
        let shift = usize::from(self.looks_around && lacks_before(window));
        let starts = window.first + shift..window.starts + shift;
        self.with_cache(|cache| {
            self.find(cache, &bytes, starts, window.end + shift, &mut |found| {
                hit(Match { at: found.at - shift, ..found })
            })
        })
    }
}

fn lacks_before(window: &Window<'_>) -> bool {
    window.first == 0 && !window.begins_source()
}

/// The bytes of a window, with a zero where a neighbour that decides is not there although the source goes on.
fn neighboured<'a>(window: &Window<'a>, looks_around: bool) -> Cow<'a, [u8]> {
    let lacks_behind = window.end == window.bytes.len() && !window.ends_source();
    if !looks_around || !(lacks_before(window) || lacks_behind) {
        return Cow::Borrowed(window.bytes);
    }
    let zero = |is_lacking: bool| if is_lacking { &[0][..] } else { &[] };
    Cow::Owned([zero(lacks_before(window)), window.bytes, zero(lacks_behind)].concat())
}

fn refused(error: &BuildError) -> RegexError {
    match error.syntax_error() {
        Some(syntax) => syntax_error(&syntax.to_string()),
        None if error.size_limit().is_some() => RegexError::TooLarge,
        None => RegexError::Other { reason: error.to_string() },
    }
}

/// The parser's message is the expression, a line with a mark below the place, and `error: ` with the reason.
fn syntax_error(message: &str) -> RegexError {
    let reason = message.lines().find_map(|line| line.strip_prefix("error: "));
    let is_mark = |line: &&str| line.contains('^') && line.chars().all(|c| c == ' ' || c == '^');
    let mark = message.lines().find(is_mark).and_then(|line| line.find('^'));
    match (reason, mark) {
        (Some(reason), Some(before)) => {
            /// The message is indented so far.
            const INDENT: usize = 4;
            RegexError::Syntax { at: before.saturating_sub(INDENT) + 1, reason: reason.to_owned() }
        }
        (Some(reason), None) => RegexError::Other { reason: reason.to_owned() },
        (None, _) => RegexError::Other { reason: message.lines().collect::<Vec<_>>().join(" ") },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(expression: &str, window: &Window<'_>) -> Vec<(usize, usize)> {
        let regex = Regex::new(expression, false).expect("an expression");
        let mut places = Vec::new();
        let _ = regex.find_in(window, &mut |found| {
            places.push((found.at, found.len));
            ControlFlow::Continue(())
        });
        places
    }

    fn whole(bytes: &[u8]) -> Window<'_> {
        Window::whole(bytes, 0, bytes.len() as u64)
    }

    #[test]
    fn bytes_are_matched_as_the_language_has_it() {
        assert_eq!(places(r"[a-c]+", &whole(b"xabcxcb")), [(1, 3), (5, 2)]);
        assert_eq!(places(r"a|ab", &whole(b"abab")), [(0, 1), (2, 1)], "the first alternative counts");
        assert_eq!(places(r"\xff.", &whole(b"\xff\n\xff\xfe")), [(2, 2)], "a point is no line feed");
        assert_eq!(places(r"(?s)\xff.", &whole(b"\xff\n")), [(0, 2)]);
        assert_eq!(places(r"\w", &whole("ä".as_bytes())), []);
        assert_eq!(places(r"(?u)\w", &whole("ä".as_bytes())), [(0, 2)]);
        assert_eq!(places(r"a*", &whole(b"baac")), [(1, 2)], "nothing empty");
        assert_eq!(places(r"(?i)k", &whole(b"kK")), [(0, 1), (1, 1)]);
        assert_eq!(places(r"^a|b$", &whole(b"aab\nb")), [(0, 1), (4, 1)]);
        assert_eq!(places(r"(?m)^b", &whole(b"aab\nb")), [(4, 1)]);
    }

    #[test]
    fn neighbours_decide_also_where_they_are_not_matched() {
        let window = |first, starts| Window { first, starts, ..whole(b"cat concat cat") };
        assert_eq!(places(r"\bcat", &window(1, 14)), [(11, 3)]);
        assert_eq!(places(r"cat", &window(0, 7)), [(0, 3)]);
        // A part of a file: what is before and behind is not known to be the end.
        let part = Window::whole(b"cat", 100, 1000);
        assert_eq!(places(r"^cat", &part), []);
        assert_eq!(places(r"cat$", &part), []);
        assert_eq!(places(r"\bcat\b", &part), [(0, 3)]);
        assert_eq!(places(r"cat$", &Window::whole(b"cat", 997, 1000)), [(0, 3)]);
    }

    #[test]
    fn a_match_ends_where_the_window_has_it() {
        let window = Window { end: 4, ..whole(b"aaaaaaa") };
        assert_eq!(places("a+", &window), [(0, 4)]);
        assert_eq!(places("a+$", &window), []);
    }

    #[test]
    fn long_matches_are_cut_and_told() {
        let mut bytes = vec![b'a'; 3 * LONGEST / 2];
        bytes.push(b'b');
        let regex = Regex::new("a+b?", false).expect("an expression");
        let mut hits = Vec::new();
        let mut search = |bytes: &[u8]| {
            hits.clear();
            let _ = regex.find_in(&whole(bytes), &mut |found| {
                hits.push((found.at, found.len));
                ControlFlow::Continue(())
            });
            hits.clone()
        };
        assert_eq!(search(b"aab"), [(0, 3)]);
        assert_eq!(regex.remark(), None);
        assert_eq!(search(&bytes), [(0, LONGEST), (LONGEST, LONGEST / 2 + 1)]);
        assert!(regex.remark().is_some_and(|remark| remark.contains("64 KiB")));
        // From most starts only a longer match leads on; that does not take for ever.
        let mut far = vec![b'a'; 8 * LONGEST];
        far.push(b'b');
        let found = places("a[^b]*b", &whole(&far));
        assert!(found.iter().all(|(_, len)| *len <= LONGEST) && found.len() <= 1, "{found:?}");
    }

    #[test]
    fn what_zeros_match_is_known() {
        let matches_zeros = |text: &str| Regex::new(text, false).map(|regex| regex.matches_zeros());
        for (text, expected) in [
            (r"a", false),
            (r"\x00", true),
            (r"\x00*a", false),
            (r"[^a]b?", true),
            (r"x*", false),
            (r"\Ba", true),
            (r"\x00{5000}|a", true),
            (r"(\x00*a)?", false),
            (r"(?:\x00a?)+", true),
        ] {
            assert_eq!(matches_zeros(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_with_a_sentence() {
        let error =
            |text: &str| Regex::new(text, false).err().map(|error| error.to_string()).unwrap_or_default();
        let invalid = "the expression is not complete or not valid at character ";
        assert_eq!(error("a(b"), format!("{invalid}2: unclosed group"));
        assert_eq!(error("[a"), format!("{invalid}1: unclosed character class"));
        assert!(error("a(?=b)").starts_with(&format!("{invalid}2: look-around")), "{}", error("a(?=b)"));
        assert!(error(r"(a)\1").starts_with(&format!("{invalid}4: backreferences")), "{}", error(r"(a)\1"));
        assert_eq!(error("(a{1000}){1000}"), RegexError::TooLarge.to_string());
        assert_eq!(error("^"), RegexError::OnlyEmpty.to_string());
        assert_eq!(error(""), RegexError::Empty.to_string());
        assert!(!error(&"(".repeat(5000)).contains('\n'));
    }
}
