//! Where content is cut into chunks: at places that a hash of the bytes before them chooses.
//!
//! An insertion moves the places behind it and leaves them the same places of the content, so chunks behind it are the
//! same as before. The hash is a gear hash: it doubles with each byte, so a byte has left it after as many bytes as the
//! highest bit that is asked for.

/// The lowest bit of the hash that is asked for.
const SHIFT: u32 = 8;

/// The fewest bits that are asked for, and the most.
pub(super) const BITS: (u32, u32) = (4, 24);

/// How chunks are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cutter {
    bits: u32,
}

impl Cutter {
    /// Chunks of two to this power bytes on average.
    pub fn new(bits: u32) -> Self {
        Self { bits: bits.clamp(BITS.0, BITS.1) }
    }

    /// The power of two that is a chunk's average length.
    pub fn bits(self) -> u32 {
        self.bits
    }

    /// Bytes of a chunk at least, but for the last.
    pub const fn least(self) -> usize {
        1 << (self.bits - 2)
    }

    /// Bytes of a chunk at most.
    pub const fn most(self) -> usize {
        1 << (self.bits + 2)
    }

    /// The length of the first chunk of `bytes`; all of them when there is no place to cut in them and they are not too
    /// many.
    pub fn cut(self, bytes: &[u8]) -> usize {
        let end = bytes.len().min(self.most());
        let least = self.least();
        if end <= least {
            return end;
        }
        // What the first places that count depend on.
        let reach = (SHIFT + self.bits) as usize;
        let warm_up = least.saturating_sub(reach);
        let mut hash = bytes[warm_up..least].iter().fold(0_u64, |hash, byte| roll(hash, *byte));
        let mask = ((1_u64 << self.bits) - 1) << SHIFT;
        for (at, byte) in bytes[least..end].iter().enumerate() {
            hash = roll(hash, *byte);
            if hash & mask == 0 {
                return least + at + 1;
            }
        }
        end
    }
}

#[inline(always)]
fn roll(hash: u64, byte: u8) -> u64 {
    (hash << 1).wrapping_add(GEAR[usize::from(byte)])
}

/// A random number for each byte. A run of one byte alone never chooses a place, or zeros would be cut into the smallest
/// chunks.
static GEAR: [u64; 256] = gear();

const fn gear() -> [u64; 256] {
    let mut table = [0; 256];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut at = 0;
    while at < table.len() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut value = state;
        value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^= value >> 31;
        // The hash of a long run is the sum of the value, doubled without end.
        let of_run = value.wrapping_neg();
        if (of_run >> SHIFT) & ((1 << BITS.0) - 1) != 0 {
            table[at] = value;
            at += 1;
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(bytes: &[u8], bits: u32) -> Vec<usize> {
        let (mut at, mut ends) = (0, Vec::new());
        while at < bytes.len() {
            at += Cutter::new(bits).cut(&bytes[at..]);
            ends.push(at);
        }
        ends
    }

    #[test]
    fn chunks_behind_an_insertion_are_those_from_before_it() {
        let mut rng = fastrand::Rng::with_seed(3);
        let bytes: Vec<u8> = (0..200_000).map(|_| rng.u8(..)).collect();
        let mut longer = bytes.clone();
        longer.splice(50_000..50_000, [1, 2, 3, 4, 5, 6, 7]);
        for bits in [6, 8, 10] {
            let (own, other) = (cuts(&bytes, bits), cuts(&longer, bits));
            let behind = 50_000 + (16 << bits);
            let own: Vec<usize> = own.into_iter().filter(|end| *end > behind).map(|end| end + 7).collect();
            let other: Vec<usize> = other.into_iter().filter(|end| *end > behind + 7).collect();
            assert!(own.len() > 20, "{} chunks", own.len());
            assert_eq!(own, other, "{bits} bits");
        }
    }

    #[test]
    fn chunks_are_as_long_as_they_may_be() {
        let mut rng = fastrand::Rng::with_seed(4);
        let bytes: Vec<u8> = (0..300_000).map(|_| rng.u8(..)).collect();
        for bits in [4, 7, 10] {
            let ends = cuts(&bytes, bits);
            let lengths: Vec<usize> =
                std::iter::once(ends[0]).chain(ends.windows(2).map(|two| two[1] - two[0])).collect();
            let cutter = Cutter::new(bits);
            let inner = &lengths[..lengths.len() - 1];
            assert!(inner.iter().all(|len| (cutter.least()..=cutter.most()).contains(len)));
            let average = bytes.len() / lengths.len();
            assert!((1 << (bits - 1)..3 << bits).contains(&average), "{average} bytes on average");
        }
        for byte in 0..=255 {
            assert_eq!(Cutter::new(6).cut(&[byte; 4096]), 256, "a run of {byte} is cut where it has to be");
        }
    }
}
