//! Hints of a source: block sizes, read sizes and how many reads may run at a time. The page cache and its loaders use
//! them.

/// Bounds of what a source may ask for.
const BLOCK_RANGE: (u64, u64) = (512, 4 << 20);
const MOST_PAGE_BYTES: u64 = 16 << 20;
const MOST_PARALLEL: usize = 64;

/// How a source likes to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadHints {
    /// What the cache keeps, drops, and finds unreadable by itself, and reads where the screen shows scattered places:
    /// bytes. A source where each request takes long has large blocks.
    pub block_bytes: u64,
    /// What is read at once where the screen shows a run: bytes, a multiple of a block.
    pub page_bytes: u64,
    /// How many reads are made at the same time. With two, one that never comes does not keep the rest from the screen.
    pub parallel_reads: usize,
}

impl ReadHints {
    /// What suits files and devices of this machine, and memory.
    pub const LOCAL: Self = Self { block_bytes: 4 << 10, page_bytes: 64 << 10, parallel_reads: 2 };

    /// The same within bounds that the cache can work with: a block is a power of two, a page a whole number of blocks.
    #[must_use]
    pub fn within_bounds(self) -> Self {
        let block_bytes = 1 << self.block_bytes.clamp(BLOCK_RANGE.0, BLOCK_RANGE.1).ilog2();
        let blocks = (self.page_bytes.min(MOST_PAGE_BYTES) / block_bytes).max(1);
        Self {
            block_bytes,
            page_bytes: blocks * block_bytes,
            parallel_reads: self.parallel_reads.clamp(1, MOST_PARALLEL),
        }
    }
}

impl Default for ReadHints {
    fn default() -> Self {
        Self::LOCAL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hints_are_brought_into_bounds_and_those_of_this_machine_stay() {
        assert_eq!(ReadHints::LOCAL.within_bounds(), ReadHints::LOCAL);
        let odd = ReadHints { block_bytes: 0, page_bytes: u64::MAX, parallel_reads: 0 };
        let bounded = odd.within_bounds();
        assert_eq!((bounded.block_bytes, bounded.page_bytes), (512, 16 << 20));
        assert_eq!(bounded.parallel_reads, 1);
        let large = ReadHints { block_bytes: 300_000, page_bytes: 1, parallel_reads: 999 };
        let bounded = large.within_bounds();
        assert_eq!((bounded.block_bytes, bounded.page_bytes), (256 << 10, 256 << 10));
        assert_eq!(bounded.parallel_reads, 64);
    }
}
