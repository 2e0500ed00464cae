//! The pattern of a search: a regular expression over bytes.
//!
//! It means what it means to Python's `re` over `bytes`: classes are those of ASCII, `.` is any byte but a line feed,
//! `^` and `$` are the ends of the file unless `(?m)` is given, of several ways to match the first in the order of the
//! expression counts, and a match begins at or after the end of the one before. `(?u)` switches to UTF-8. What is
//! empty is no match. What Python reads in another way is refused (`regex_foreign`).
//!
//! - A match is at most [`LONGEST`] bytes long: from each start, only so many bytes are searched. So what is found does
//!   not depend on how the file is cut into chunks. That a match was cut, or left out, is told by [`Regex::remark`].
//! - The search begins again behind every match. An expression that reads far to find out that a match is short, such as
//!   `x*a|x` in a long run of `x`, takes up to twice [`LONGEST`] steps for a byte. It can be cancelled at any time.
//! - `^`, `$` and `\b` see the true neighbours of a chunk. A neighbour that can't be read counts as a zero byte.

use super::regex_bounded::BoundedRegex;
use super::regex_foreign::foreign_part;
use super::regex_zeros::can_be_zeros;
use super::search::{Match, Overlaps, Pattern, Sight};
use super::window::Window;
use regex_automata::meta;
use regex_automata::meta::{BuildError, Cache};
use regex_automata::util::syntax;
use std::borrow::Cow;
use std::fmt;
use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

/// The longest match in bytes of an expression that sets no limit itself.
pub const LONGEST: usize = 64 << 10;

/// Memory that a compiled expression may take, and that each thread may keep of its states, in bytes.
const MOST_COMPILED: usize = 4 << 20;
const MOST_STATES: usize = 2 << 20;

/// Bytes before and behind a match that `^`, `$` and `\b` see: a character of UTF-8.
const SIGHT: usize = 4;

/// Why an expression can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegexError {
    #[error("there is nothing to search for: type an expression")]
    Empty,
    #[error("the expression is not complete or not valid at character {at}: {reason}")]
    Syntax { at: usize, reason: String },
    /// It would find something else than in Python.
    #[error("at character {at}, {reason}")]
    Foreign { at: usize, reason: String },
    #[error("the expression can't be used: {reason}")]
    Other { reason: String },
    #[error("the expression is too large: use smaller numbers of repetitions, or fewer alternatives")]
    TooLarge,
    #[error("the expression matches only the empty text, which is everywhere")]
    OnlyEmpty,
}

/// A compiled expression.
pub struct Regex {
    bounded: BoundedRegex,
    /// What a thread needs to search, kept from window to window.
    caches: Mutex<Vec<Cache>>,
    /// Whether a match may depend on its neighbours.
    looks_around: bool,
    matches_zeros: bool,
}

impl fmt::Debug for Regex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Regex(at most {} bytes)", self.bounded.longest())
    }
}

impl Regex {
    /// `expression`, in which the letters A to Z match in both cases with `any_case`.
    ///
    /// # Errors
    /// [`RegexError`], as a sentence for the user.
    pub fn new(expression: &str, any_case: bool) -> Result<Self, RegexError> {
        Self::with_limit(expression, any_case, LONGEST)
    }

    /// As [`Self::new`], with matches of at most `limit` bytes.
    fn with_limit(expression: &str, any_case: bool, limit: usize) -> Result<Self, RegexError> {
        if expression.is_empty() {
            return Err(RegexError::Empty);
        }
        let syntax = syntax::Config::new().unicode(false).utf8(false).case_insensitive(any_case);
        let config = meta::Config::new()
            .utf8_empty(false)
            .nfa_size_limit(Some(MOST_COMPILED))
            .onepass_size_limit(Some(MOST_COMPILED))
            .hybrid_cache_capacity(MOST_STATES);
        let parsed =
            syntax::parse_with(expression, &syntax).map_err(|error| syntax_error(&error.to_string()))?;
        if let Some((at, reason)) = foreign_part(expression) {
            return Err(RegexError::Foreign { at, reason });
        }
        let properties = parsed.properties();
        let most = properties.maximum_len();
        if most == Some(0) {
            return Err(RegexError::OnlyEmpty);
        }
        let limits = (most.map_or(limit, |len| len.min(limit)), most.is_none_or(|len| len > limit));
        let bounded =
            BoundedRegex::new(expression, (syntax, config), limits).map_err(|error| refused(&error))?;
        let looks_around = !properties.look_set().is_empty();
        let matches_zeros = can_be_zeros(&parsed);
        Ok(Self { bounded, caches: Mutex::default(), looks_around, matches_zeros })
    }

    fn with_cache<R>(&self, search: impl FnOnce(&mut Cache) -> R) -> R {
        let known = self.caches.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut cache = known.unwrap_or_else(|| self.bounded.create_cache());
        let answer = search(&mut cache);
        self.caches.lock().unwrap_or_else(PoisonError::into_inner).push(cache);
        answer
    }
}

impl Pattern for Regex {
    fn max_len(&self) -> usize {
        self.bounded.longest()
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
        self.bounded.was_cut().then(|| {
            let longest = self.bounded.longest().div_ceil(1 << 10);
            format!("A match can be at most {longest} KiB long: longer ones were cut or left out.")
        })
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        let bytes = neighboured(window, self.looks_around);
        let shift = usize::from(self.looks_around && lacks_before(window));
        let starts = window.first + shift..window.starts + shift;
        self.with_cache(|cache| {
            let range = (starts, window.end + shift);
            self.bounded.find(cache, &bytes, range, window.cancel, &mut |found| {
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
    use regex_automata::{Anchored, Input};

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
        // From most starts only a longer match leads on: they are passed over, up to the first with a match.
        let mut far = vec![b'a'; 8 * LONGEST];
        far.push(b'b');
        assert_eq!(places("a[^b]*b", &whole(&far)), [(7 * LONGEST + 1, LONGEST)]);
        let mixed = [&[b'a'; 70][..], &[b'c'; 1000], &[b'.'; 70_000], b"b"].concat();
        let short: Vec<(usize, usize)> = (70..1070).map(|at| (at, 1)).collect();
        assert_eq!(places("a.*b|c", &whole(&mixed)), short);
    }

    /// What the limit means: from each start only so many bytes, and the first start that leads to a match.
    fn naive(expression: &str, bytes: &[u8], limit: usize) -> Vec<(usize, usize)> {
        let syntax = syntax::Config::new().unicode(false).utf8(false);
        let config = meta::Config::new().utf8_empty(false);
        let regex = meta::Builder::new().configure(config).syntax(syntax).build(expression).expect("valid");
        let (mut at, mut places) = (0, Vec::new());
        while at < bytes.len() {
            let range = at..bytes.len().min(at + limit);
            let input = Input::new(bytes).range(range).anchored(Anchored::Yes);
            let len = regex.find(input).map_or(0, |found| found.len());
            if len > 0 {
                places.push((at, len));
            }
            at += len.max(1);
        }
        places
    }

    #[test]
    fn the_limit_alone_says_what_is_found() {
        let mut random = fastrand::Rng::with_seed(11);
        for expression in [
            "a[^b]*b",
            "a.*b|c",
            "a*b|a",
            "(a*b)?",
            "a+b?",
            "a*?b",
            "(?s)a.*b",
            "(?s)a.*?b",
            "(ab|a)(bc|c)*",
            "b.*b$",
            r"\ba+\b",
            "[ab]*c",
            "a.{3,9}b",
            "(?m)^a*",
            "c|(?s)b.*c",
        ] {
            for round in 0..400 {
                let letters: &[u8] = if round % 2 == 0 { b"aaaaaab" } else { b"aabbc \n" };
                let bytes: Vec<u8> =
                    (0..random.usize(0..120)).map(|_| letters[random.usize(0..letters.len())]).collect();
                let limit = random.usize(1..9);
                let regex = Regex::with_limit(expression, false, limit).expect("an expression");
                let mut places = Vec::new();
                let _ = regex.find_in(&whole(&bytes), &mut |found| {
                    places.push((found.at, found.len));
                    ControlFlow::Continue(())
                });
                let text = String::from_utf8_lossy(&bytes);
                assert_eq!(places, naive(expression, &bytes, limit), "{expression} in {text:?} by {limit}");
            }
        }
    }

    #[test]
    fn a_cancel_is_seen_between_two_matches() {
        let bytes = vec![b'x'; 100];
        let progress = crate::job::Progress::default();
        let window = Window { cancel: progress.as_cancel(), ..whole(&bytes) };
        let regex = Regex::new("x*a|x", false).expect("an expression");
        let mut count = 0;
        let _ = regex.find_in(&window, &mut |_| {
            count += 1;
            if count == 3 {
                progress.cancel();
            }
            ControlFlow::Continue(())
        });
        assert_eq!(count, 3);
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
            (r"\Ba", false),
            (r"\b\x00", true),
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
