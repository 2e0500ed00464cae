//! Runs a loop with the vector instructions that the processor turns out to have.
//!
//! The program is compiled for every processor of its kind, so loops use only the vectors that all of them have: on
//! x86-64 those of 16 bytes. Most have had vectors of 32 bytes for ten years. The same code, compiled once more for
//! these, runs there; its results are the same but for the last bit of products that are added at once.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "calls code for instructions that were found to be there")
)]

/// A loop that is worth being compiled twice.
pub(crate) trait Vectorised {
    type Out;

    /// Does the work. Implementations are `#[inline(always)]`, and so is what they call in the loop: only code that is
    /// inlined here is compiled for wider vectors.
    fn run(self) -> Self::Out;

    /// The same on a processor that multiplies and adds in one step, for work that gains by it: see [`multiply_add`].
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "only that code is compiled twice"))]
    #[inline(always)]
    fn run_fused(self) -> Self::Out
    where
        Self: Sized,
    {
        self.run()
    }
}

/// `a * b + c`: rounded once where the processor has an instruction for it, else twice.
#[inline(always)]
pub(crate) fn multiply_add<const FUSED: bool>(a: f64, b: f64, c: f64) -> f64 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

/// Runs `work` with the widest vectors that there are.
pub(crate) fn vectorised<W: Vectorised>(work: W) -> W::Out {
    #[cfg(target_arch = "x86_64")]
    if x86::has_wide_vectors() {
        // SAFETY: the processor was just asked for every feature that the function is compiled for.
        return unsafe { x86::with_wide_vectors(work) };
    }
    work.run()
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Vectorised;

    /// The answer is kept by the standard library: this costs a load.
    pub(super) fn has_wide_vectors() -> bool {
        is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("fma")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("lzcnt")
            && is_x86_feature_detected!("popcnt")
    }

    #[target_feature(enable = "avx2,fma,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn with_wide_vectors<W: Vectorised>(work: W) -> W::Out {
        work.run_fused()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sum<'a>(&'a [u32]);

    impl Vectorised for Sum<'_> {
        type Out = u32;

        #[inline(always)]
        fn run(self) -> u32 {
            self.0.iter().fold(0, |sum, value| sum.wrapping_add(*value))
        }
    }

    #[test]
    fn the_answer_is_the_same_on_every_processor() {
        let values: Vec<u32> = (0..1003).map(|n: u32| n.wrapping_mul(0x9e37_79b9)).collect();
        assert_eq!(vectorised(Sum(&values)), Sum(&values).run());
    }
}
