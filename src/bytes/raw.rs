//! Bytes of a memory map, which other programs may change at any time, and a search for places worth a closer look.
//!
//! A copy of all bytes before they are searched costs as much as the search. So the search runs over the map itself,
//! for two bytes at fixed distances, and only what it comes upon is copied out and compared. Why this is sound:
//!
//! - No reference to the mapped bytes is ever made, and no load of Rust's reads them here. Each comparison is one
//!   machine instruction in an `asm!` block, of which the compiler knows no more than that it leaves some value in a
//!   register. It can't assume that two of them read the same, nor repeat or join them, so there is no data race in
//!   terms of the language.
//! - A byte that changes meanwhile makes a candidate appear or not: one of the two is the truth of some moment. What
//!   follows from a candidate is decided on a copy, which nobody changes.
//! - Where the file ends by now, the guard of the map puts zeros under the reader, and whoever made the
//!   [`RawBytes`] discards what was found.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "vector loads of bytes that others may change")
)]
#![cfg_attr(
    not(target_arch = "x86_64"),
    expect(unsafe_code, reason = "copies of bytes that others may change")
)]

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod blocks;
mod equal;

#[cfg(target_arch = "x86_64")]
pub use blocks::{RawBlock, RawBlocks};

use std::marker::PhantomData;

/// Probes that are compared in one pass at most.
pub const MOST_PROBES: usize = 4;
/// Values that a column can have at most.
pub const MOST_VALUES: usize = 4;
/// How far behind its place a column may be.
pub const MOST_DISTANCE: usize = 255;

/// The byte at this distance behind a place is one of these values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteColumn {
    at: usize,
    /// Fewer are filled up with the last.
    values: [u8; MOST_VALUES],
    count: usize,
}

impl ByteColumn {
    /// `None` for no values, too many, or too large a distance.
    pub fn new(at: usize, values: &[u8]) -> Option<Self> {
        let last = *values.last().filter(|_| values.len() <= MOST_VALUES && at <= MOST_DISTANCE)?;
        let mut all = [last; MOST_VALUES];
        all[..values.len()].copy_from_slice(values);
        Some(Self { at, values: all, count: values.len() })
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        self.values.iter().fold(false, |any, value| any | (bytes[self.at] == *value))
    }
}

/// A place is a candidate where both columns of any one of the pairs fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probes {
    any: Vec<[ByteColumn; 2]>,
    /// The largest distance of all columns.
    reach: usize,
    /// The most values of a column.
    most: usize,
}

impl Probes {
    /// `None` for no pairs, or too many.
    pub fn new(any: Vec<[ByteColumn; 2]>) -> Option<Self> {
        let columns = || any.iter().flatten();
        let reach = columns().map(|column| column.at).max()?;
        let most = columns().map(|column| column.count).max()?;
        (any.len() <= MOST_PROBES).then_some(Self { any, reach, most })
    }

    /// Whatever is a candidate of any of these; `None` for none, or too many.
    pub fn any_of<'a>(each: impl Iterator<Item = &'a Self>) -> Option<Self> {
        Self::new(each.flat_map(|probes| probes.any.iter().copied()).collect())
    }

    /// How far behind a place they look at most.
    pub fn reach(&self) -> usize {
        self.reach
    }

    fn fits(&self, bytes: &[u8]) -> bool {
        self.any.iter().any(|[first, second]| first.fits(bytes) && second.fits(bytes))
    }
}

/// Bytes that may change while they are looked at.
#[derive(Debug)]
pub struct RawBytes<'m> {
    start: *const u8,
    len: usize,
    map: PhantomData<&'m ()>,
}

impl<'m> RawBytes<'m> {
    /// Bytes of our own, for code that looks at mapped ones as a rule.
    pub fn of(bytes: &'m [u8]) -> Self {
        Self { start: bytes.as_ptr(), len: bytes.len(), map: PhantomData }
    }

    /// # Safety
    /// The bytes stay mapped and can be read for the lifetime, or a fault is mended by a guard; no reference to them
    /// exists, and they are no memory of Rust's.
    #[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only maps with a guard are looked at"))]
    pub(super) unsafe fn new(start: *const u8, len: usize) -> Self {
        Self { start, len, map: PhantomData }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Copies the bytes from `from` on that there are; how many.
    pub fn copy(&self, from: usize, buf: &mut [u8]) -> usize {
        let count = buf.len().min(self.len.saturating_sub(from));
        if count > 0 {
            // SAFETY: `from + count` lies inside the mapped bytes, and `buf` is memory of our own, so the two do not
            // overlap. The bytes may change meanwhile: then any bytes are copied, for which u8 has no bad value.
            unsafe { copy_raw(self.start.add(from), buf.as_mut_ptr(), count) };
        }
        count
    }

    /// The bytes from `from` on in blocks of `VECTORS` vectors, as many whole ones as there are before `to`; a vector has 32
    /// bytes. `None` on processors that lack such vectors.
    #[cfg(target_arch = "x86_64")]
    pub fn blocks<const VECTORS: usize>(&self, from: usize, to: usize) -> Option<RawBlocks<'_, VECTORS>> {
        let to = to.min(self.len);
        // SAFETY: `from..to` is inside the bytes, which can be read as long as `self` lives, or is empty.
        std::arch::is_x86_feature_detected!("avx2")
            .then(|| unsafe { RawBlocks::new(self.start.wrapping_add(from), to.saturating_sub(from)) })
    }

    /// The first candidate in `from..to`. What its columns reach must be inside too.
    pub fn find(&self, probes: &Probes, from: usize, to: usize) -> Option<usize> {
        let to = to.min(self.len.saturating_sub(probes.reach));
        let from = match self.find_by_vectors(probes, from, to) {
            Ok(found) => return Some(found),
            Err(from) => from,
        };
        self.find_in_copies(probes, from, to)
    }

    /// The first candidate, or how far there is none.
    #[cfg(target_arch = "x86_64")]
    fn find_by_vectors(&self, probes: &Probes, from: usize, to: usize) -> Result<usize, usize> {
        if !std::arch::is_x86_feature_detected!("avx2") {
            return Err(from);
        }
        // SAFETY: the processor has AVX2, as was just asked; all that is read is in `from..to + reach`, which is inside
        // the mapped bytes.
        unsafe { avx2::find(self.start, probes, from, to) }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn find_by_vectors(&self, _: &Probes, from: usize, _: usize) -> Result<usize, usize> {
        Err(from)
    }

    /// The same on copies of a few kilobytes: for the last bytes, and for other processors.
    fn find_in_copies(&self, probes: &Probes, from: usize, to: usize) -> Option<usize> {
        /// Stays in the first cache.
        const BLOCK: usize = 4096;
        let mut block = [0; BLOCK + MOST_DISTANCE];
        let mut at = from;
        while at < to {
            let places = BLOCK.min(to - at);
            let bytes = &mut block[..places + probes.reach];
            self.copy(at, bytes);
            if let Some(found) = (0..places).find(|place| probes.fits(&bytes[*place..])) {
                return Some(at + found);
            }
            at += places;
        }
        None
    }
}

/// # Safety
/// Both are `count` bytes long and apart; `to` is ours alone.
#[cfg(target_arch = "x86_64")]
unsafe fn copy_raw(from: *const u8, to: *mut u8, count: usize) {
    // SAFETY: copies `count` bytes upwards, as the direction flag is clear by convention; the caller has checked both.
    unsafe {
        std::arch::asm!(
            "rep movsb",
            inout("rcx") count => _,
            inout("rsi") from => _,
            inout("rdi") to => _,
            options(nostack, preserves_flags)
        );
    }
}

/// # Safety
/// As above.
#[cfg(not(target_arch = "x86_64"))]
unsafe fn copy_raw(from: *const u8, to: *mut u8, count: usize) {
    // SAFETY: the caller has checked both.
    unsafe { std::ptr::copy_nonoverlapping(from, to, count) };
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a plain look finds.
    fn naive(bytes: &[u8], probes: &Probes, from: usize, to: usize) -> Option<usize> {
        (from..to.min(bytes.len().saturating_sub(probes.reach))).find(|at| probes.fits(&bytes[*at..]))
    }

    #[test]
    fn the_first_candidate_is_the_one_that_a_plain_look_finds() {
        for seed in 0..3000 {
            let mut rng = fastrand::Rng::with_seed(seed);
            let letters = rng.u8(2..60);
            let bytes: Vec<u8> = (0..rng.usize(0..1500)).map(|_| rng.u8(0..letters)).collect();
            let mut column = || {
                let values: Vec<u8> = (0..rng.usize(1..=MOST_VALUES)).map(|_| rng.u8(0..letters)).collect();
                ByteColumn::new(rng.usize(0..40), &values).expect("in bounds")
            };
            let pairs: Vec<_> = (0..seed % 4 + 1).map(|_| [column(), column()]).collect();
            let probes = Probes::new(pairs).expect("one to four");
            // SAFETY: the bytes outlive it and nobody changes them.
            let raw = unsafe { RawBytes::new(bytes.as_ptr(), bytes.len()) };
            for _ in 0..6 {
                let from = rng.usize(0..=bytes.len());
                let to = rng.usize(from..=bytes.len() + 50);
                assert_eq!(raw.find(&probes, from, to), naive(&bytes, &probes, from, to), "seed {seed}");
                assert_eq!(
                    raw.find_in_copies(&probes, from, to.min(bytes.len().saturating_sub(probes.reach))),
                    naive(&bytes, &probes, from, to),
                    "seed {seed}"
                );
            }
        }
    }

    #[test]
    fn copies_end_where_the_bytes_do() {
        let bytes: Vec<u8> = (0..100).collect();
        // SAFETY: as above.
        let raw = unsafe { RawBytes::new(bytes.as_ptr(), bytes.len()) };
        let mut buf = [0xff; 40];
        assert_eq!(raw.copy(90, &mut buf), 10);
        assert_eq!((buf[0], buf[9], buf[10]), (90, 99, 0xff));
        assert_eq!((raw.copy(100, &mut buf), raw.copy(usize::MAX, &mut buf)), (0, 0));
    }

    #[test]
    fn what_is_no_probe_is_refused() {
        assert_eq!(ByteColumn::new(0, &[]), None);
        assert_eq!(ByteColumn::new(0, &[1, 2, 3, 4, 5]), None);
        assert_eq!(ByteColumn::new(256, &[1]), None);
        let column = ByteColumn::new(255, &[1]).expect("in bounds");
        assert_eq!(Probes::new(vec![]), None);
        assert_eq!(Probes::new(vec![[column, column]; 5]), None);
    }
}
