//! The pattern of a search: exact bytes, or text in any case and any encoding.
//!
//! Text is encoded by the caller, character by character, so this file depends on no encoding. A match is found at any
//! byte, also where the text's encoding would not begin a character: a file has no one start of text.

use super::candidates::Candidates;
use super::fold;
use super::frequency::frequency;
use super::search::{InRun, Match, Overlaps, Pattern};
use super::variants::Variants;
use super::window::Window;
use crate::bytes::raw::{ByteColumn, MOST_DISTANCE, Probes};
use memchr::memmem::Finder;
use std::ops::ControlFlow;

/// The longest needle in bytes.
pub const MAX_LEN: usize = 16 << 20;

/// Why something can't be looked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NeedleError {
    #[error("there is nothing to search for: type at least one byte or character")]
    Empty,
    #[error("every digit is a question mark, so it would be found everywhere: give at least one digit")]
    Anything,
    #[error("{len} bytes are too many to search for; the limit is {MAX_LEN}")]
    TooLong { len: usize },
    #[error("the character '{character}' does not exist in this encoding")]
    NotEncodable { character: char },
    #[error(
        "one form of character {position} is the beginning of another form, so a match would be ambiguous"
    )]
    Ambiguous { position: usize },
}

/// Which characters of a text count as the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Case {
    /// Every character is only itself.
    #[default]
    Exact,
    /// A to Z equal a to z.
    Ascii,
    /// Simple case folding of Unicode, see [`fold`].
    Unicode,
}

/// A compiled needle.
#[derive(Clone, Debug)]
pub struct Needle(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Exact {
        finder: Finder<'static>,
        /// How far on the next match begins at the earliest.
        period: usize,
        candidates: Option<Candidates>,
    },
    Variants(Variants),
}

impl Needle {
    /// Just these bytes.
    ///
    /// # Errors
    /// [`NeedleError`] when there are none, or too many.
    pub fn exact(bytes: &[u8]) -> Result<Self, NeedleError> {
        check_len(bytes.len())?;
        let finder = Finder::new(bytes).into_owned();
        Ok(Self(Kind::Exact { period: period(bytes), candidates: candidates(bytes), finder }))
    }

    /// Bytes of which the letters A to Z match in both cases.
    ///
    /// # Errors
    /// As [`Self::exact`].
    pub fn ascii_case(bytes: &[u8]) -> Result<Self, NeedleError> {
        Self::alternatives(
            bytes
                .iter()
                .map(|byte| vec![vec![byte.to_ascii_lowercase()], vec![byte.to_ascii_uppercase()]])
                .collect(),
        )
    }

    /// `text` as `encode` writes it; `None` means that the encoding lacks the character, which is an error for one of
    /// the text and no loss for another case of it.
    ///
    /// # Errors
    /// [`NeedleError`] when the text is empty, too long or not in the encoding.
    pub fn text(
        text: &str,
        case: Case,
        mut encode: impl FnMut(char) -> Option<Vec<u8>>,
    ) -> Result<Self, NeedleError> {
        let mut characters = Vec::new();
        for character in text.chars() {
            let itself = encode(character).ok_or(NeedleError::NotEncodable { character })?;
            let mut forms = vec![itself];
            forms.extend(other_cases(character, case).into_iter().filter_map(&mut encode));
            characters.push(forms);
        }
        Self::alternatives(characters)
    }

    /// A sequence of characters, for each of which any one of its forms will do. No form may be the beginning of
    /// another of the same character.
    ///
    /// # Errors
    /// [`NeedleError`] when a form is empty or ambiguous, or the whole is empty or too long.
    pub fn alternatives(mut characters: Vec<Vec<Vec<u8>>>) -> Result<Self, NeedleError> {
        for (position, forms) in characters.iter_mut().enumerate() {
            forms.sort_unstable();
            forms.dedup();
            if forms.iter().any(Vec::is_empty) || forms.is_empty() {
                return Err(NeedleError::Empty);
            }
            // Sorted, a form stands right before one that it begins, or before another that does.
            if forms.windows(2).any(|pair| pair[1].starts_with(&pair[0])) {
                return Err(NeedleError::Ambiguous { position });
            }
        }
        if characters.iter().all(|forms| forms.len() == 1) {
            return Self::exact(&characters.concat().concat());
        }
        let longest = |forms: &Vec<Vec<u8>>| forms.iter().map(Vec::len).max().unwrap_or(0);
        check_len(characters.iter().map(longest).sum())?;
        Ok(Self(Kind::Variants(Variants::new(characters))))
    }
}

impl Pattern for Needle {
    fn max_len(&self) -> usize {
        match &self.0 {
            Kind::Exact { finder, .. } => finder.needle().len(),
            Kind::Variants(variants) => variants.max_len(),
        }
    }

    fn matches_zeros(&self) -> bool {
        match &self.0 {
            Kind::Exact { finder, .. } => finder.needle().iter().all(|byte| *byte == 0),
            Kind::Variants(variants) => variants.matches_zeros(),
        }
    }

    fn in_run(&self, byte: u8) -> InRun {
        match &self.0 {
            Kind::Exact { finder, .. } if finder.needle().iter().all(|own| *own == byte) => {
                InRun::Everywhere(finder.needle().len())
            }
            Kind::Exact { .. } => InRun::Nowhere,
            Kind::Variants(variants) if byte == 0 && !variants.matches_zeros() => InRun::Nowhere,
            Kind::Variants(_) => InRun::Unknown,
        }
    }

    fn overlaps(&self) -> Overlaps {
        match &self.0 {
            Kind::Exact { finder, period, .. } if *period == finder.needle().len() => Overlaps::Never,
            Kind::Exact { .. } | Kind::Variants(_) => Overlaps::All,
        }
    }

    fn count_in(&self, window: &Window<'_>) -> u64 {
        match &self.0 {
            Kind::Exact { finder, .. } if finder.needle().len() == 1 => {
                let starts =
                    window.bytes.get(window.first..window.end.min(window.starts)).unwrap_or_default();
                memchr::memchr_iter(finder.needle()[0], starts).count() as u64
            }
            Kind::Exact { .. } | Kind::Variants(_) => {
                let mut count = 0;
                let _ = self.find_in(window, &mut |_| {
                    count += 1;
                    ControlFlow::Continue(())
                });
                count
            }
        }
    }

    fn candidates(&self) -> Option<&Candidates> {
        match &self.0 {
            Kind::Exact { candidates, .. } => candidates.as_ref(),
            Kind::Variants(variants) => variants.candidates(),
        }
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        match &self.0 {
            Kind::Exact { finder, period, .. } => find_exact(finder, *period, window, hit),
            Kind::Variants(variants) => variants.find_in(window, hit),
        }
    }
}

fn find_exact(
    finder: &Finder<'_>,
    period: usize,
    window: &Window<'_>,
    hit: &mut dyn FnMut(Match) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let len = finder.needle().len();
    let reach = window.end.min(window.starts + len - 1);
    let bytes = &window.bytes[..reach];
    let mut from = window.first;
    if let [byte] = finder.needle() {
        let rest = bytes.get(from..).unwrap_or_default();
        return memchr::memchr_iter(*byte, rest).try_for_each(|at| hit(Match { at: from + at, len }));
    }
    while let Some(found) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
        let at = from + found;
        hit(Match { at, len })?;
        from = at + period;
    }
    ControlFlow::Continue(())
}

/// By the two rarest bytes of a needle. Around each candidate as much is copied as the needle is long, so long needles
/// are searched in copies.
fn candidates(needle: &[u8]) -> Option<Candidates> {
    /// The longest.
    const MOST: usize = 4 << 10;
    let mut places: Vec<usize> = (0..needle.len().min(MOST_DISTANCE + 1)).collect();
    places.sort_by_key(|place| frequency(needle[*place]));
    let column = |place: usize| ByteColumn::new(place, &[needle[place]]);
    let first = *places.first().filter(|_| needle.len() <= MOST)?;
    let second = places.get(1).copied().unwrap_or(first);
    Some(Candidates::new(Probes::new(vec![[column(first)?, column(second)?]])?, 0..=0))
}

fn other_cases(character: char, case: Case) -> Vec<char> {
    match case {
        Case::Exact => Vec::new(),
        Case::Ascii => vec![character.to_ascii_lowercase(), character.to_ascii_uppercase()],
        Case::Unicode => fold::cases(character),
    }
}

fn check_len(len: usize) -> Result<(), NeedleError> {
    match len {
        0 => Err(NeedleError::Empty),
        1..=MAX_LEN => Ok(()),
        _ => Err(NeedleError::TooLong { len }),
    }
}

/// The smallest distance at which the bytes can overlap themselves; their length when they can't.
fn period(bytes: &[u8]) -> usize {
    // The border of a beginning: its longest proper part that both begins and ends it.
    let mut borders: Vec<u32> = vec![0; bytes.len()];
    let mut border = 0;
    for i in 1..bytes.len() {
        while border > 0 && bytes[i] != bytes[border] {
            border = borders[border - 1] as usize;
        }
        border += usize::from(bytes[i] == bytes[border]);
        borders[i] = border as u32;
    }
    bytes.len() - border
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods() {
        for (bytes, expected) in
            [("a", 1), ("aa", 1), ("ab", 2), ("abab", 2), ("aba", 2), ("aabaa", 3), ("abc", 3)]
        {
            assert_eq!(period(bytes.as_bytes()), expected, "{bytes}");
        }
    }

    #[test]
    fn what_begins_behind_the_starts_is_left_to_the_next_window() {
        for needle in [Needle::exact(b"ab"), Needle::exact(b"a"), Needle::ascii_case(b"ab")] {
            let needle = needle.expect("a needle");
            for (starts, expected) in [(1, 1), (3, 1), (4, 2), (7, 2)] {
                let mut hits = 0;
                let flow = needle.find_in(&Window { starts, ..Window::whole(b"ab ab..", 0, 7) }, &mut |_| {
                    hits += 1;
                    ControlFlow::Continue(())
                });
                assert!(flow.is_continue());
                assert_eq!(hits, expected, "{starts} starts");
            }
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_refused_with_a_sentence() {
        let utf8 = |c: char| Some(c.to_string().into_bytes());
        assert_eq!(Needle::exact(b"").err(), Some(NeedleError::Empty));
        assert_eq!(Needle::text("", Case::Unicode, utf8).err(), Some(NeedleError::Empty));
        assert_eq!(
            Needle::exact(&vec![1; MAX_LEN + 1]).err(),
            Some(NeedleError::TooLong { len: MAX_LEN + 1 })
        );
        let latin = |c: char| u8::try_from(c).ok().map(|byte| vec![byte]);
        let missing = Needle::text("a€", Case::Exact, latin).expect_err("no euro in Latin-1");
        assert_eq!(missing.to_string(), "the character '€' does not exist in this encoding");
        let forms = vec![vec![b"x".to_vec()], vec![b"a".to_vec(), b"b".to_vec(), b"ab".to_vec()]];
        assert_eq!(Needle::alternatives(forms).err(), Some(NeedleError::Ambiguous { position: 1 }));
    }

    #[test]
    fn a_case_that_the_encoding_lacks_is_no_loss() {
        let latin = |c: char| u8::try_from(c).ok().map(|byte| vec![byte]);
        let needle = Needle::text("skß", Case::Unicode, latin).expect("Latin-1");
        assert_eq!(needle.max_len(), 3);
    }

    #[test]
    fn only_zeros_match_zeros() {
        assert!(Needle::exact(&[0, 0]).is_ok_and(|needle| needle.matches_zeros()));
        assert!(Needle::exact(&[0, 1]).is_ok_and(|needle| !needle.matches_zeros()));
        let forms = |second: u8| vec![vec![vec![0], vec![1]], vec![vec![second], vec![2]]];
        assert!(Needle::alternatives(forms(0)).is_ok_and(|needle| needle.matches_zeros()));
        assert!(Needle::alternatives(forms(3)).is_ok_and(|needle| !needle.matches_zeros()));
    }
}
