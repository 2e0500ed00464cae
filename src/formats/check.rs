//! What only shows when all arrays of a header are known: names that are there twice, bytes that belong to two
//! tensors or to none.

use super::Entry;
use super::header::{Findings, quoted};
use crate::bytes::Span;
use xxhash_rust::xxh3::xxh3_64;

/// Names that are there more than once. The last one counts, as in Python.
pub(super) fn names(entries: &[Entry], findings: &mut Findings) {
    // Sorted hashes: a set of names would cost more than the header.
    let mut hashes: Vec<(u64, u32)> =
        entries.iter().zip(0..).map(|(entry, index)| (xxh3_64(entry.name.as_bytes()), index)).collect();
    hashes.sort_unstable();
    for pair in hashes.windows(2) {
        let (first, second) = (&entries[pair[0].1 as usize], &entries[pair[1].1 as usize]);
        if pair[0].0 == pair[1].0 && first.name == second.name {
            findings.add(None, || {
                format!("{} occurs more than once; readers use the last one.", quoted(&first.name))
            });
        }
    }
}

/// Bytes of `data` that are in two of `places` or in none; the places count from the start of the data. A place
/// that follows another at the next multiple of `alignment` leaves no gap.
pub(super) fn places(places: &mut [Span], data: Span, alignment: u64, findings: &mut Findings) {
    let padded = |end: u64| end.checked_next_multiple_of(alignment).unwrap_or(u64::MAX);
    places.sort_unstable();
    let mut end = 0;
    for place in places {
        let between = Span::between(place.start(), end).shift_up(data.start());
        if place.start() > padded(end) {
            findings.add(between, || format!("{} bytes belong to no tensor.", place.start() - end));
        } else if place.start() < end {
            let shared = end.min(place.end()) - place.start();
            findings.add(place.shift_up(data.start()), || format!("{shared} bytes belong to two tensors."));
        }
        end = end.max(place.end());
    }
    if padded(end) < data.len() {
        let rest = Span::new(data.start() + end, data.end());
        findings.add(rest, || format!("{} bytes follow the last tensor.", data.len() - end));
    }
}
