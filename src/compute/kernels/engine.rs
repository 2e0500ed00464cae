//! Runs the steps of a program over one tile after another.

use super::real::{CleanLoop, Real, RealLoop, RoundLoop, TestLoop};
use super::steps::{Operand, Program, Step, TruthOp};
use super::tile::{Feed, TILE, each, zip};
use super::whole::{CompareLoop, Whole, WholeLoop};
use crate::analysis::vector::{Vectorised, vectorised};
use crate::compute::expr::Comparison;

/// What a program reads: of each input a tile of one of the two types, and nothing of the other.
pub(super) struct Inputs<'a, I, F> {
    pub wholes: Vec<&'a [I]>,
    pub reals: Vec<&'a [F]>,
    /// Elements of each.
    pub len: usize,
}

/// The registers of a program.
pub(super) struct Tiles<I, F> {
    wholes: Vec<Vec<I>>,
    reals: Vec<Vec<F>>,
    truths: Vec<Vec<u8>>,
}

/// The register that a step writes is taken out while it reads the others.
fn feed<'a, T: Copy>(
    operand: Operand<T>,
    to: u8,
    inputs: &[&'a [T]],
    registers: &'a [Vec<T>],
    len: usize,
) -> Feed<'a, T> {
    match operand {
        Operand::Constant(value) => Feed::Constant(value),
        Operand::Input(at) => Feed::Tile(inputs[usize::from(at)]),
        Operand::Register(at) if at == to => Feed::Target,
        Operand::Register(at) => Feed::Tile(&registers[usize::from(at)][..len]),
    }
}

/// No register.
const NONE: u8 = u8::MAX;

fn constant<A, B>(operand: Operand<A>, of: impl Fn(A) -> B) -> Operand<B> {
    match operand {
        Operand::Input(at) => Operand::Input(at),
        Operand::Register(at) => Operand::Register(at),
        Operand::Constant(value) => Operand::Constant(of(value)),
    }
}

impl<I: Whole, F: Real> Tiles<I, F> {
    /// Room for a program.
    pub fn new(program: &Program) -> Self {
        fn tiles<T: Copy + Default>(count: usize) -> Vec<Vec<T>> {
            vec![vec![T::default(); TILE]; count]
        }
        Self {
            wholes: tiles(program.wholes.into()),
            reals: tiles(program.reals.into()),
            truths: tiles(program.truths.into()),
        }
    }

    /// Runs all steps over the inputs; `false` when an element has no result.
    pub fn run(&mut self, program: &Program, inputs: &Inputs<'_, I, F>) -> bool {
        program.steps.iter().all(|step| self.step(step, inputs))
    }

    fn step(&mut self, step: &Step, inputs: &Inputs<'_, I, F>) -> bool {
        let len = inputs.len;
        match *step {
            Step::Whole(op, to, a, b) => {
                let mut target = std::mem::take(&mut self.wholes[usize::from(to)]);
                let of = |operand| feed(constant(operand, I::of), to, &inputs.wholes, &self.wholes, len);
                let fits = WholeLoop { op, target: &mut target[..len], a: of(a), b: of(b) }.run();
                self.wholes[usize::from(to)] = target;
                return fits;
            }
            Step::Real(op, divide_in, to, a, b) => {
                let mut target = std::mem::take(&mut self.reals[usize::from(to)]);
                let of = |operand| feed(constant(operand, F::of), to, &inputs.reals, &self.reals, len);
                vectorised(RealLoop { op, divide_in, target: &mut target[..len], a: of(a), b: of(b) });
                self.reals[usize::from(to)] = target;
            }
            Step::Clean(cleaned, to, a) => {
                let mut target = std::mem::take(&mut self.reals[usize::from(to)]);
                let a = feed(constant(a, F::of), to, &inputs.reals, &self.reals, len);
                vectorised(CleanLoop { cleaned, target: &mut target[..len], a });
                self.reals[usize::from(to)] = target;
            }
            Step::Truth(op, to, a, b) => {
                let mut target = std::mem::take(&mut self.truths[usize::from(to)]);
                let of = |operand| feed(constant(operand, u8::from), to, &[], &self.truths, len);
                vectorised(TruthLoop { op, target: &mut target[..len], a: of(a), b: of(b) });
                self.truths[usize::from(to)] = target;
            }
            Step::CompareWhole(how, to, a, b) => self.compare_whole(how, to, (a, b), inputs),
            Step::CompareReal(how, to, a, b) => {
                let of = |operand| feed(constant(operand, F::of), NONE, &inputs.reals, &self.reals, len);
                let (a, b) = (of(a), of(b));
                vectorised(CompareLoop { how, target: &mut self.truths[usize::from(to)][..len], a, b });
            }
            Step::Test(test, to, a) => {
                let target = &mut self.truths[usize::from(to)][..len];
                match feed(constant(a, F::of), NONE, &inputs.reals, &self.reals, len) {
                    Feed::Tile(a) => vectorised(TestLoop { test, target, a }),
                    Feed::Constant(_) | Feed::Target => return false,
                }
            }
            Step::Round(rounding, to) => {
                vectorised(RoundLoop { rounding, target: &mut self.reals[usize::from(to)][..len] });
            }
            Step::WholeToReal(..) | Step::TruthToWhole(..) | Step::TruthToReal(..) => {
                return self.convert(step, inputs);
            }
        }
        true
    }

    /// A step from one kind of tiles to another.
    fn convert(&mut self, step: &Step, inputs: &Inputs<'_, I, F>) -> bool {
        let len = inputs.len;
        match *step {
            Step::WholeToReal(to, a) => {
                let target = &mut self.reals[usize::from(to)][..len];
                match feed(constant(a, I::of), NONE, &inputs.wholes, &self.wholes, len) {
                    Feed::Tile(a) => vectorised(Converted { target, a, of: |a: I| F::of(a.real()) }),
                    Feed::Constant(_) | Feed::Target => return false,
                }
            }
            Step::TruthToWhole(to, a) => {
                let target = &mut self.wholes[usize::from(to)][..len];
                match feed(constant(a, u8::from), NONE, &[], &self.truths, len) {
                    Feed::Tile(a) => vectorised(Converted { target, a, of: I::of_truth }),
                    Feed::Constant(a) => target.fill(I::of_truth(a)),
                    Feed::Target => return false,
                }
            }
            Step::TruthToReal(to, a) => {
                let target = &mut self.reals[usize::from(to)][..len];
                match feed(constant(a, u8::from), NONE, &[], &self.truths, len) {
                    Feed::Tile(a) => vectorised(Converted { target, a, of: |a: u8| F::of(a.into()) }),
                    Feed::Constant(a) => target.fill(F::of(a.into())),
                    Feed::Target => return false,
                }
            }
            _ => return false,
        }
        true
    }

    /// A constant that the type of the numbers does not hold is beyond all of them.
    fn compare_whole(
        &mut self,
        how: Comparison,
        to: u8,
        (a, b): (Operand<i128>, Operand<i128>),
        inputs: &Inputs<'_, I, F>,
    ) {
        let len = inputs.len;
        let target = &mut self.truths[usize::from(to)][..len];
        let beyond = |operand| match operand {
            Operand::Constant(value) if !(I::LOW..=I::HIGH).contains(&value) => Some(value),
            _ => None,
        };
        match (beyond(a), beyond(b)) {
            (None, None) => {
                let of = |operand| feed(constant(operand, I::of), NONE, &inputs.wholes, &self.wholes, len);
                vectorised(CompareLoop { how, target, a: of(a), b: of(b) });
            }
            (Some(a), _) => target.fill(how.holds(a, 0).into()),
            (_, Some(b)) => target.fill(how.holds(0, b).into()),
        }
    }

    /// A tile of whole numbers, of the outcome.
    pub fn whole<'a>(&'a self, operand: Operand<i128>, inputs: &Inputs<'a, I, F>) -> Feed<'a, I> {
        feed(constant(operand, I::of), NONE, &inputs.wholes, &self.wholes, inputs.len)
    }

    /// A tile of floats, of the outcome.
    pub fn real<'a>(&'a self, operand: Operand<f64>, inputs: &Inputs<'a, I, F>) -> Feed<'a, F> {
        feed(constant(operand, F::of), NONE, &inputs.reals, &self.reals, inputs.len)
    }

    /// A tile of truth values, of the outcome.
    pub fn truth(&self, operand: Operand<bool>, len: usize) -> Feed<'_, u8> {
        feed(constant(operand, u8::from), NONE, &[], &self.truths, len)
    }
}

/// Truth values are 0 and 1.
struct TruthLoop<'a> {
    op: TruthOp,
    target: &'a mut [u8],
    a: Feed<'a, u8>,
    b: Feed<'a, u8>,
}

impl Vectorised for TruthLoop<'_> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        match self.op {
            TruthOp::And => zip(self.target, self.a, self.b, |a, b| a & b),
            TruthOp::Or => zip(self.target, self.a, self.b, |a, b| a | b),
            TruthOp::Xor => zip(self.target, self.a, self.b, |a, b| a ^ b),
            TruthOp::Not => each(self.target, self.a, |a| a ^ 1),
        }
    }
}

/// Each value as one of another type.
struct Converted<'a, A, B, C> {
    target: &'a mut [B],
    a: &'a [A],
    of: C,
}

impl<A: Copy, B, C: Fn(A) -> B> Vectorised for Converted<'_, A, B, C> {
    type Out = ();

    #[inline(always)]
    fn run(self) {
        self.target.iter_mut().zip(self.a).for_each(|(to, a)| *to = (self.of)(*a));
    }
}
