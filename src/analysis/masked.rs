//! The pattern of a search: bytes of which some digits, or all, may be any.

use super::candidates::Candidates;
use super::frequency::frequency;
use super::needle::{MAX_LEN, NeedleError};
use super::search::{InRun, Match, Overlaps, Pattern};
use super::window::Window;
use crate::bytes::raw::{ByteColumn, MOST_DISTANCE, Probes};
use crate::decode::hex::MaskedByte;
use memchr::memmem::Finder;
use std::ops::{ControlFlow, Range};

/// Compiled bytes with wildcards.
#[derive(Clone, Debug)]
pub struct Masked {
    bytes: Vec<MaskedByte>,
    /// The known bytes that are looked for first, and how far from the start; `None` where no byte is wholly known.
    anchor: Option<(usize, Finder<'static>)>,
    candidates: Option<Candidates>,
    overlaps: Overlaps,
}

impl Masked {
    /// These bytes.
    ///
    /// # Errors
    /// [`NeedleError`] when there are none, too many, or when any bytes would do.
    pub fn new(bytes: &[MaskedByte]) -> Result<Self, NeedleError> {
        if bytes.len() > MAX_LEN {
            return Err(NeedleError::TooLong { len: bytes.len() });
        }
        if bytes.iter().all(|byte| byte.mask == 0) {
            return Err(if bytes.is_empty() { NeedleError::Empty } else { NeedleError::Anything });
        }
        let anchor = known_run(bytes).map(|run| {
            let known: Vec<u8> = bytes[run.clone()].iter().map(|byte| byte.value).collect();
            (run.start, Finder::new(&known).into_owned())
        });
        let candidates = candidates(bytes);
        Ok(Self { anchor, candidates, overlaps: overlaps(bytes), bytes: bytes.to_vec() })
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        bytes.len() >= self.bytes.len() && self.bytes.iter().zip(bytes).all(|(own, byte)| own.fits(*byte))
    }
}

/// Whether a match can overlap another, where these are few bytes.
fn overlaps(bytes: &[MaskedByte]) -> Overlaps {
    /// The longest: each distance is tried.
    const MOST: usize = 256;
    let both = |a: &MaskedByte, b: &MaskedByte| (a.value ^ b.value) & a.mask & b.mask == 0;
    let meets = |by: usize| bytes[by..].iter().zip(bytes).all(|(a, b)| both(a, b));
    if bytes.len() > MOST || (1..bytes.len()).any(meets) { Overlaps::All } else { Overlaps::Never }
}

/// The run of wholly known bytes that is the rarest.
fn known_run(bytes: &[MaskedByte]) -> Option<Range<usize>> {
    let mut best: Option<(f64, Range<usize>)> = None;
    let mut at = 0;
    for run in bytes.chunk_by(|a, b| (a.mask == 0xff) == (b.mask == 0xff)) {
        let range = at..at + run.len();
        at = range.end;
        // How often the run is met by chance: a product of parts of ten thousand.
        let rarity: f64 = run.iter().map(|byte| (frequency(byte.value) as f64 / 1e4).ln()).sum();
        if run[0].mask == 0xff && best.as_ref().is_none_or(|(known, _)| rarity < *known) {
            best = Some((rarity, range));
        }
    }
    best.map(|(_, range)| range)
}

/// By the two rarest of the bytes that are wholly known.
fn candidates(bytes: &[MaskedByte]) -> Option<Candidates> {
    /// Around each candidate as much is copied as the pattern is long, so long ones are searched in copies.
    const MOST: usize = 4 << 10;
    let near = &bytes[..bytes.len().min(MOST_DISTANCE + 1)];
    let mut places: Vec<usize> = (0..near.len()).filter(|place| near[*place].mask == 0xff).collect();
    places.sort_by_key(|place| frequency(near[*place].value));
    let column = |place: usize| ByteColumn::new(place, &[near[place].value]);
    let first = *places.first().filter(|_| bytes.len() <= MOST)?;
    let second = places.get(1).copied().unwrap_or(first);
    Some(Candidates::new(Probes::new(vec![[column(first)?, column(second)?]])?, 0..=0))
}

impl Pattern for Masked {
    fn max_len(&self) -> usize {
        self.bytes.len()
    }

    fn matches_zeros(&self) -> bool {
        self.bytes.iter().all(|byte| byte.fits(0))
    }

    fn in_run(&self, byte: u8) -> InRun {
        match self.bytes.iter().all(|own| own.fits(byte)) {
            true => InRun::Everywhere(self.bytes.len()),
            false => InRun::Nowhere,
        }
    }

    fn overlaps(&self) -> Overlaps {
        self.overlaps
    }

    fn candidates(&self) -> Option<&Candidates> {
        self.candidates.as_ref()
    }

    fn count_in(&self, window: &Window<'_>) -> u64 {
        if let [only] = self.bytes[..] {
            let starts = window.bytes.get(window.first..window.end.min(window.starts)).unwrap_or_default();
            return starts.iter().filter(|byte| only.fits(**byte)).count() as u64;
        }
        let mut count = 0;
        let _ = self.find_in(window, &mut |_| {
            count += 1;
            ControlFlow::Continue(())
        });
        count
    }

    fn find_in(&self, window: &Window<'_>, hit: &mut dyn FnMut(Match) -> ControlFlow<()>) -> ControlFlow<()> {
        let len = self.bytes.len();
        let bytes = &window.bytes[..window.end.min(window.starts + len - 1)];
        let mut tell = |at: usize| match bytes.get(at..).is_some_and(|rest| self.fits(rest)) {
            true => hit(Match { at, len }),
            false => ControlFlow::Continue(()),
        };
        let Some((distance, finder)) = &self.anchor else {
            return (window.first..window.starts).try_for_each(tell);
        };
        let mut from = window.first + distance;
        while let Some(found) = bytes.get(from..).and_then(|rest| finder.find(rest)) {
            tell(from + found - distance)?;
            from += found + 1;
        }
        ControlFlow::Continue(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::hex::parse_masked;

    fn masked(text: &str) -> Result<Masked, NeedleError> {
        Masked::new(&parse_masked(text).expect("hex"))
    }

    fn places(text: &str, bytes: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        let _ = masked(text).expect("a pattern").find_in(
            &Window::whole(bytes, 0, bytes.len() as u64),
            &mut |hit| {
                places.push(hit.at);
                ControlFlow::Continue(())
            },
        );
        places
    }

    #[test]
    fn digits_that_are_not_known_may_be_any() {
        let bytes = b"MZ\x5fMM\x50M\x01\x5dMZZ";
        assert_eq!(places("4D ?? 5?", bytes), [0, 3, 6, 9]);
        assert_eq!(places("?d", bytes), [0, 3, 4, 6, 8, 9]);
        assert_eq!(places("5? 4d", bytes), [2, 5, 8]);
        assert_eq!(places("?? 5A ??", bytes), [0, 9]);
        assert_eq!(places("4d4d", bytes), [3]);
    }

    #[test]
    fn what_would_be_anywhere_is_refused() {
        assert_eq!(masked("").err(), Some(NeedleError::Empty));
        assert_eq!(masked("?? ?").err(), Some(NeedleError::Anything));
        assert!(masked("?? 1?").is_ok_and(|pattern| !pattern.matches_zeros()));
        assert!(masked("?? 0? 00").is_ok_and(|pattern| pattern.matches_zeros()));
    }
}
