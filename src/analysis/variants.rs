//! Finds a sequence of characters each of which has several forms in bytes: text in any case.
//!
//! 1. Some byte of every match, at a fixed distance from a certain character, the anchor, has few possible values.
//!    A filter compares two such columns over whole blocks and leaves few candidates; it is what the speed is made of.
//! 2. Before the anchor, characters may have forms of several lengths, so the anchor is at one of a few distances
//!    from the start of the match. Each is tried.
//! 3. From a start there is only one way to read on, because no form is the beginning of another.

use super::candidates::Candidates;
use super::frequency::{CERTAIN, frequency};
use super::search::Match;
use super::window::Window;
use crate::bytes::raw::{ByteColumn, Probes};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// Positions that the filter looks at in one go.
const BLOCK: usize = 128;
/// Values of a column that are compared one by one; where every column has more, a table decides.
const MAX_VALUES: usize = 4;
/// Distances from start to anchor that may be tried for a candidate.
const MAX_DISTANCES: usize = 64;

/// A compiled sequence.
#[derive(Clone, Debug)]
pub(super) struct Variants {
    characters: Vec<Vec<Vec<u8>>>,
    max_len: usize,
    /// Bytes from the start of a match to its anchor: every possible one, the largest first.
    distances: Vec<usize>,
    filter: Filter,
    candidates: Option<Candidates>,
}

/// What tells candidates from the rest, by bytes at distances from the anchor.
#[derive(Clone, Debug)]
enum Filter {
    Two([Column<2>; 2]),
    Four([Column<MAX_VALUES>; 2]),
    Table { at: usize, wanted: Box<[bool; 256]> },
}

/// The byte that many bytes behind the anchor is one of these; fewer are filled up with the last.
#[derive(Clone, Copy, Debug)]
struct Column<const VALUES: usize> {
    at: usize,
    values: [u8; VALUES],
}

/// A place of a column and the bytes that can be there.
#[derive(Clone, Debug)]
struct Place {
    at: usize,
    values: BTreeSet<u8>,
}

impl Place {
    /// How often such a byte is met, roughly, by how common each is.
    fn frequency(&self) -> u64 {
        self.values.iter().map(|value| frequency(*value)).sum()
    }

    fn column<const VALUES: usize>(&self) -> Column<VALUES> {
        let mut values = [0; VALUES];
        let mut last = 0;
        let mut known = self.values.iter();
        for value in &mut values {
            last = known.next().copied().unwrap_or(last);
            *value = last;
        }
        Column { at: self.at, values }
    }
}

impl<const VALUES: usize> Column<VALUES> {
    fn has(&self, byte: u8) -> bool {
        self.values.iter().fold(false, |any, value| any | (byte == *value))
    }
}

impl Variants {
    /// `characters` is not empty, no form is, and none is the beginning of another of its character.
    pub(super) fn new(characters: Vec<Vec<Vec<u8>>>) -> Self {
        let max_len = characters.iter().map(|forms| lengths(forms).last().copied().unwrap_or(0)).sum();
        let (distances, places) = best_anchor(&characters);
        let filter = Filter::new(places);
        let candidates = filter.probes().map(|probes| {
            let (farthest, least) = (distances.first().copied(), distances.last().copied());
            Candidates::new(probes, least.unwrap_or(0)..=farthest.unwrap_or(0))
        });
        Self { candidates, filter, characters, max_len, distances }
    }

    pub(super) fn candidates(&self) -> Option<&Candidates> {
        self.candidates.as_ref()
    }

    pub(super) fn max_len(&self) -> usize {
        self.max_len
    }

    pub(super) fn matches_zeros(&self) -> bool {
        self.characters.iter().all(|forms| forms.iter().any(|form| form.iter().all(|byte| *byte == 0)))
    }

    pub(super) fn find_in(
        &self,
        window: &Window<'_>,
        hit: &mut dyn FnMut(Match) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let bytes = &window.bytes[..window.end];
        if let [distance] = self.distances[..] {
            return self.filter.candidates(bytes, &mut |anchor| self.try_at(anchor, distance, window, hit));
        }
        // A later anchor may belong to an earlier start, so the hits are put in order before they are told.
        let mut hits = Vec::new();
        let mut keep = |hit| {
            hits.push(hit);
            ControlFlow::Continue(())
        };
        let _ = self.filter.candidates(bytes, &mut |anchor| {
            self.distances.iter().try_for_each(|distance| self.try_at(anchor, *distance, window, &mut keep))
        });
        hits.sort_unstable_by_key(|hit: &Match| hit.at);
        hits.dedup();
        hits.into_iter().try_for_each(hit)
    }

    fn try_at(
        &self,
        anchor: usize,
        distance: usize,
        window: &Window<'_>,
        hit: &mut dyn FnMut(Match) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let is_own = |start: &usize| (window.first..window.starts).contains(start);
        let start = anchor.checked_sub(distance).filter(is_own);
        let Some(at) = start else { return ControlFlow::Continue(()) };
        match self.len_at(&window.bytes[at..window.end]) {
            Some(len) => hit(Match { at, len }),
            None => ControlFlow::Continue(()),
        }
    }

    /// The length of the match at the very start of `bytes`.
    fn len_at(&self, bytes: &[u8]) -> Option<usize> {
        let mut rest = bytes;
        for forms in &self.characters {
            rest = forms.iter().find_map(|form| rest.strip_prefix(&form[..]))?;
        }
        Some(bytes.len() - rest.len())
    }
}

impl Filter {
    /// The two rarest of the places; `places` is not empty.
    fn new(mut places: Vec<Place>) -> Self {
        places.sort_by_key(|place| (place.values.len() > MAX_VALUES, place.frequency()));
        let (first, second) = (&places[0], places.get(1).unwrap_or(&places[0]));
        let second = if second.values.len() > MAX_VALUES { first } else { second };
        match first.values.len().max(second.values.len()) {
            0..=2 => Self::Two([first.column(), second.column()]),
            3..=MAX_VALUES => Self::Four([first.column(), second.column()]),
            _ => {
                let mut wanted = Box::new([false; 256]);
                first.values.iter().for_each(|value| wanted[usize::from(*value)] = true);
                Self::Table { at: first.at, wanted }
            }
        }
    }

    /// The same for bytes in a map; `None` where only a table tells.
    fn probes(&self) -> Option<Probes> {
        match self {
            Self::Two(columns) => probe(columns),
            Self::Four(columns) => probe(columns),
            Self::Table { .. } => None,
        }
    }

    /// Tells every anchor that may belong to a match, in ascending order.
    fn candidates(&self, bytes: &[u8], found: &mut dyn FnMut(usize) -> ControlFlow<()>) -> ControlFlow<()> {
        match self {
            Self::Two(columns) => by_columns(columns, bytes, found),
            Self::Four(columns) => by_columns(columns, bytes, found),
            Self::Table { at, wanted } => {
                let column = bytes.get(*at..).unwrap_or_default();
                let mut anchors = column.iter().enumerate().filter(|(_, byte)| wanted[usize::from(**byte)]);
                anchors.try_for_each(|(anchor, _)| found(anchor))
            }
        }
    }
}

fn probe<const VALUES: usize>([first, second]: &[Column<VALUES>; 2]) -> Option<Probes> {
    let column = |column: &Column<VALUES>| ByteColumn::new(column.at, &column.values);
    Probes::new(vec![[column(first)?, column(second)?]])
}

/// Compares two columns a block at a time, in a form that compilers turn into vector code.
fn by_columns<const VALUES: usize>(
    [first, second]: &[Column<VALUES>; 2],
    bytes: &[u8],
    found: &mut dyn FnMut(usize) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let (firsts, seconds) =
        (bytes.get(first.at..).unwrap_or_default(), bytes.get(second.at..).unwrap_or_default());
    let len = firsts.len().min(seconds.len());
    let (a_blocks, a_rest) = firsts[..len].as_chunks::<BLOCK>();
    let (b_blocks, b_rest) = seconds[..len].as_chunks::<BLOCK>();
    let is_candidate = |a: u8, b: u8| first.has(a) & second.has(b);
    for (index, (a, b)) in a_blocks.iter().zip(b_blocks).enumerate() {
        let mut any = false;
        for i in 0..BLOCK {
            any |= is_candidate(a[i], b[i]);
        }
        if any {
            let mut flags = [0; BLOCK];
            for i in 0..BLOCK {
                flags[i] = u8::from(is_candidate(a[i], b[i]));
            }
            for (word, flags) in flags.as_chunks::<8>().0.iter().enumerate() {
                let mut left = u64::from_le_bytes(*flags);
                while left != 0 {
                    found(index * BLOCK + word * 8 + left.trailing_zeros() as usize / 8)?;
                    left &= left - 1;
                }
            }
        }
    }
    let mut rest = (len - a_rest.len()..len).zip(a_rest.iter().zip(b_rest));
    rest.try_for_each(|(i, (a, b))| if is_candidate(*a, *b) { found(i) } else { ControlFlow::Continue(()) })
}

/// The anchor whose two columns are the rarest: the distances to it, and its columns.
fn best_anchor(characters: &[Vec<Vec<u8>>]) -> (Vec<usize>, Vec<Place>) {
    let mut best: Option<(u64, Vec<usize>, Vec<Place>)> = None;
    let mut distances = BTreeSet::from([0]);
    let mut fresh = true;
    for (i, forms) in characters.iter().enumerate() {
        let lens = lengths(forms);
        // A character right behind one of fixed length has the same columns as that; it is no better an anchor.
        if fresh {
            let places = places_from(&characters[i..]);
            let mut frequencies: Vec<u64> = places.iter().map(Place::frequency).collect();
            frequencies.sort_unstable();
            let rarity = frequencies[0].saturating_mul(frequencies.get(1).copied().unwrap_or(CERTAIN));
            let rarity = rarity.saturating_mul(distances.len() as u64);
            if best.as_ref().is_none_or(|(known, ..)| rarity < *known) {
                best = Some((rarity, distances.iter().rev().copied().collect(), places));
            }
        }
        fresh = lens.len() > 1;
        distances = distances.iter().flat_map(|far| lens.iter().map(move |len| far + len)).collect();
        if distances.len() > MAX_DISTANCES {
            break;
        }
    }
    best.map_or_else(|| (vec![0], places_from(characters)), |(_, distances, places)| (distances, places))
}

/// The places at a fixed distance from the first of `characters`: up to the first byte that not all its forms have.
fn places_from(characters: &[Vec<Vec<u8>>]) -> Vec<Place> {
    /// More would not make the filter better, and needles may be long.
    const ENOUGH: usize = 256;
    let mut places = Vec::new();
    for forms in characters {
        let lens = lengths(forms);
        let begin = places.len();
        for i in 0..lens[0] {
            places.push(Place { at: begin + i, values: forms.iter().map(|form| form[i]).collect() });
        }
        if lens.len() > 1 || places.len() >= ENOUGH {
            break;
        }
    }
    places
}

/// The different lengths of the forms, the shortest first.
fn lengths(forms: &[Vec<u8>]) -> Vec<usize> {
    forms.iter().map(Vec::len).collect::<BTreeSet<_>>().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(characters: &[&[&str]], bytes: &[u8], starts: usize) -> Vec<(usize, usize)> {
        let owned = |forms: &&[&str]| forms.iter().map(|form| form.as_bytes().to_vec()).collect();
        let variants = Variants::new(characters.iter().map(owned).collect());
        let mut hits = Vec::new();
        let _ =
            variants.find_in(&Window { starts, ..Window::whole(bytes, 0, bytes.len() as u64) }, &mut |hit| {
                hits.push((hit.at, hit.len));
                ControlFlow::Continue(())
            });
        hits
    }

    #[test]
    fn forms_of_different_lengths_on_both_sides_of_the_anchor() {
        let needle: &[&[&str]] = &[&["s", "S", "ſ"], &["e", "E"], &["k", "K", "\u{212a}"]];
        let text = "ſe\u{212a} sek SEK xsex ſEk";
        let found = hits(needle, text.as_bytes(), text.len());
        assert_eq!(found, [(0, 6), (7, 3), (11, 3), (20, 4)]);
        assert_eq!(hits(needle, text.as_bytes(), 11), [(0, 6), (7, 3)]);
    }

    #[test]
    fn matches_that_overlap_come_in_order_of_their_start() {
        // The anchor is z or q: that of the short form's match comes first, its start does not.
        let needle: &[&[&str]] = &[&["xyz", "y"], &["z", "q"]];
        assert_eq!(hits(needle, b"xyzq", 4), [(0, 4), (1, 2)]);
        let needle: &[&[&str]] = &[&["xyz", "a"], &["a", "b"], &["a", "zz"]];
        assert_eq!(hits(needle, b"aaaa xyzazz aba", 15), [(0, 3), (1, 3), (5, 6), (12, 3)]);
    }

    #[test]
    fn a_match_with_two_possible_anchors_is_told_once() {
        // The anchor is the first x, one or two bytes behind the start; the second x could be it as well.
        let needle: &[&[&str]] = &[&["\u{17f}", "s"], &["x", "X"], &["x", "X"], &["x", "X"]];
        assert_eq!(hits(needle, b"sxxxxx sxxx", 11), [(0, 4), (7, 4)]);
    }

    #[test]
    fn a_character_of_many_forms_is_found_by_table() {
        let forms: Vec<String> = (b'a'..=b'p').map(|byte| char::from(byte).to_string()).collect();
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        assert_eq!(hits(&[&forms, &forms], b"zzabqpz", 7), [(2, 2)]);
    }
}
