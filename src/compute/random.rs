//! Random numbers as `numpy.random.default_rng(seed)` makes them: PCG64 (XSL-RR, 128 bits of state), seeded through
//! `SeedSequence`.
//!
//! The same seed gives the same values here and in NumPy. Only what fills need is here: doubles and bounded integers.

/// The generator.
#[derive(Clone, Debug)]
pub(super) struct Pcg64 {
    state: u128,
    increment: u128,
    /// The upper half of a number of which the lower one was given out.
    half: Option<u32>,
}

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

impl Pcg64 {
    /// `default_rng(seed)`.
    pub fn new(seed: u128) -> Self {
        let words = seed_words(seed);
        let pair = |at: usize| u128::from(words[at]) << 64 | u128::from(words[at + 1]);
        let increment = pair(2) << 1 | 1;
        let mut generator = Self { state: 0, increment, half: None };
        generator.step();
        generator.state = generator.state.wrapping_add(pair(0));
        generator.step();
        generator
    }

    fn step(&mut self) {
        self.state = self.state.wrapping_mul(MULTIPLIER).wrapping_add(self.increment);
    }

    fn next_u64(&mut self) -> u64 {
        self.step();
        let (high, low) = ((self.state >> 64) as u64, self.state as u64);
        (high ^ low).rotate_right((self.state >> 122) as u32)
    }

    fn next_u32(&mut self) -> u32 {
        if let Some(half) = self.half.take() {
            return half;
        }
        let both = self.next_u64();
        self.half = Some((both >> 32) as u32);
        both as u32
    }

    /// From 0 up to, not including, 1: `rng.random()`.
    pub fn next_f64(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// From 0 to `most`, both included: what `rng.integers(0, most, endpoint=True)` draws (Lemire's method).
    pub fn up_to(&mut self, most: u64) -> u64 {
        if most == 0 {
            return 0;
        }
        if most == u64::MAX {
            return self.next_u64();
        }
        if let Ok(most) = u32::try_from(most) {
            return u64::from(self.up_to_32(most));
        }
        let count = most + 1;
        let mut product = u128::from(self.next_u64()) * u128::from(count);
        if (product as u64) < count {
            let threshold = (u64::MAX - most) % count;
            while (product as u64) < threshold {
                product = u128::from(self.next_u64()) * u128::from(count);
            }
        }
        (product >> 64) as u64
    }

    fn up_to_32(&mut self, most: u32) -> u32 {
        if most == u32::MAX {
            return self.next_u32();
        }
        let count = most + 1;
        let mut product = u64::from(self.next_u32()) * u64::from(count);
        if (product as u32) < count {
            let threshold = (u32::MAX - most) % count;
            while (product as u32) < threshold {
                product = u64::from(self.next_u32()) * u64::from(count);
            }
        }
        (product >> 32) as u32
    }
}

/// Words of the pool that a seed is mixed in.
const POOL: usize = 4;
const SHIFT: u32 = 16;

/// `SeedSequence(seed).generate_state(4, uint64)`.
fn seed_words(seed: u128) -> [u64; 4] {
    let mut entropy: Vec<u32> = (0..4).map(|word| (seed >> (32 * word)) as u32).collect();
    while entropy.len() > 1 && entropy.last() == Some(&0) {
        entropy.pop();
    }
    let pool = mixed(&entropy);
    let mut constant = 0x8b51_f9dd_u32;
    let mut words = [0_u32; 8];
    for (place, word) in words.iter_mut().enumerate() {
        let mut value = pool[place % POOL] ^ constant;
        constant = constant.wrapping_mul(0x58f3_8ded);
        value = value.wrapping_mul(constant);
        *word = value ^ value >> SHIFT;
    }
    std::array::from_fn(|at| u64::from(words[2 * at + 1]) << 32 | u64::from(words[2 * at]))
}

fn mixed(entropy: &[u32]) -> [u32; POOL] {
    let mut constant = 0x43b0_d7e5_u32;
    let mut hash = |value: u32| {
        let value = value ^ constant;
        constant = constant.wrapping_mul(0x931e_8875);
        let value = value.wrapping_mul(constant);
        value ^ value >> SHIFT
    };
    let mix = |x: u32, y: u32| {
        let value = x.wrapping_mul(0xca01_f9dd).wrapping_sub(y.wrapping_mul(0x4973_f715));
        value ^ value >> SHIFT
    };
    let mut pool: [u32; POOL] = std::array::from_fn(|at| hash(entropy.get(at).copied().unwrap_or(0)));
    for from in 0..POOL {
        for to in 0..POOL {
            if from != to {
                pool[to] = mix(pool[to], hash(pool[from]));
            }
        }
    }
    pool
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Printed by NumPy 2.
    #[test]
    fn the_numbers_are_those_of_numpy() {
        let mut rng = Pcg64::new(42);
        let drawn = [rng.next_f64(), rng.next_f64()];
        assert_eq!(drawn, [0.773_956_048_555_963_3, 0.438_878_439_752_052_3]);
    }
}
