//! Expressions over many elements at once: loops over tiles that stay in the first cache, which processors run in wide
//! registers (see `analysis::vector`).
//!
//! An expression and the types of its elements become a program once. A program has the results of [`Calc`] to the bit;
//! a tile on which it has none, because a value does not fit or something is divided by 0, is left to `Calc`.
//!
//! | file | what it holds |
//! |---|---|
//! | `steps`, `lower`, `registers` | a program, and how an expression becomes one |
//! | `range` | which type holds all whole numbers on the way |
//! | `tile`, `whole`, `real` | the loops |
//! | `band`, `ranges` | questions that need only one loop |
//! | `look` | the same where the elements are mapped |
//! | `elements`, `engine`, `load`, `store` | runs a program over tiles, between the bytes that are there and those that will be |

mod band;
#[cfg(test)]
mod differential;
mod elements;
mod engine;
mod load;
#[cfg(target_arch = "x86_64")]
mod look;
mod lower;
mod range;
mod ranges;
mod real;
mod registers;
mod steps;
mod store;
mod tile;
mod whole;

pub(super) use band::{Band, bits_of};
pub(super) use elements::{Elements, InputForm};

use super::calc::Calc;
use super::expr::Expr;
use super::rounding::Rounding;
use crate::analysis::vector::vectorised;
use crate::decode::{DType, Element};
use elements::{integer, range_of};
use engine::{Inputs, Tiles};
use load::loaded;
use lower::{lower, lower_question};
use range::Range;
use real::Real;
use steps::{InputKind, Outcome, Program};
use store::{CutStore, InfiniteCount, RealStore, TruthStore, WholeStore};
use tile::Feed;
use whole::{Extremes, Whole};

pub(super) use tile::TILE;

/// An expression as a program for elements of known types.
#[derive(Clone, Debug)]
pub(super) struct Kernel {
    program: Program,
    inputs: Vec<InputForm>,
    width: Width,
    is_single: bool,
    /// Whether all whole numbers fit whatever the elements are; else each tile is looked at.
    is_safe: bool,
}

/// The type that whole numbers are calculated in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Width {
    U8,
    I16,
    I32,
    I64,
    U64,
}

impl Width {
    const ALL: [Self; 5] = [Self::U8, Self::I16, Self::I32, Self::I64, Self::U64];

    const fn range(self) -> Range {
        match self {
            Self::U8 => Range::new(0, u8::MAX as i128),
            Self::I16 => Range::new(i16::MIN as i128, i16::MAX as i128),
            Self::I32 => Range::new(i32::MIN as i128, i32::MAX as i128),
            Self::I64 => Range::new(i64::MIN as i128, i64::MAX as i128),
            Self::U64 => Range::new(0, u64::MAX as i128),
        }
    }
}

/// How results become elements.
#[derive(Clone, Copy, Debug)]
pub(super) struct KernelTarget {
    pub dtype: DType,
    /// Whether a fraction is cut off rather than refused: a cast.
    pub cuts: bool,
}

impl Kernel {
    /// The new values that `expr` gives elements of these forms, the first of which is `x`; `None` when they have to be
    /// calculated one by one.
    pub fn of_values(expr: &Expr, calc: &Calc<'_>, inputs: Vec<InputForm>) -> Option<Self> {
        Self::new(expr, calc, inputs, lower)
    }

    /// The answers of `expr` for such elements.
    pub fn of_question(expr: &Expr, calc: &Calc<'_>, inputs: Vec<InputForm>) -> Option<Self> {
        Self::new(expr, calc, inputs, lower_question)
    }

    fn new(
        expr: &Expr,
        calc: &Calc<'_>,
        inputs: Vec<InputForm>,
        lower: fn(&Expr, &Calc<'_>, &[InputKind]) -> Option<Program>,
    ) -> Option<Self> {
        let kinds: Vec<InputKind> = inputs.iter().map(|input| input.kind).collect();
        let program = lower(expr, calc, &kinds)?;
        let mut is_single = calc.rounding != Rounding::F64 && inputs.iter().all(|input| !input.is_double);
        walk(expr, &mut |part| is_single &= !matches!(part, Expr::In(Rounding::F64, _)));
        let ranges: Vec<Range> = inputs.iter().map(|input| input.range).collect();
        let all = program.range(&ranges).map(|(all, _)| all);
        let fitting = |range: Range| Width::ALL.into_iter().find(|width| width.range().holds(range));
        let width = all.and_then(fitting);
        // What may not fit is looked at tile by tile, in a type that holds the elements themselves.
        let of_elements = fitting(ranges.iter().copied().fold(Range::of(0), Range::joined))?;
        let widest = if of_elements == Width::U64 { Width::U64 } else { Width::I64 };
        Some(Self { program, inputs, width: width.unwrap_or(widest), is_single, is_safe: width.is_some() })
    }

    /// The type that holds every result as it is; `None` of whole numbers that may need more than 64 bits.
    pub fn natural(&self) -> Option<Element> {
        match self.program.outcome {
            Outcome::Truth(_) => Some(Element::U8),
            Outcome::Real(_) => Some(Element::F64),
            Outcome::Whole(_) if !self.is_safe => None,
            Outcome::Whole(_) if self.width == Width::U64 => Some(Element::U64),
            Outcome::Whole(_) => Some(Element::I64),
        }
    }

    /// The band that the answers are of, where there is one: it is the quickest way to them.
    pub fn band(&self) -> Option<Band> {
        match self.inputs.as_slice() {
            [input] => Band::of(&self.program, input.kind, self.is_single),
            _ => None,
        }
    }

    /// What runs it, with room of its own.
    pub fn runner(&self) -> Box<dyn Runner> {
        match (self.width, self.is_single) {
            (Width::U8, true) => Box::new(Run::<u8, f32>::new(self)),
            (Width::I16, true) => Box::new(Run::<i16, f32>::new(self)),
            (Width::I32, true) => Box::new(Run::<i32, f32>::new(self)),
            (Width::I64, true) => Box::new(Run::<i64, f32>::new(self)),
            (Width::U64, true) => Box::new(Run::<u64, f32>::new(self)),
            (Width::U8, false) => Box::new(Run::<u8, f64>::new(self)),
            (Width::I16, false) => Box::new(Run::<i16, f64>::new(self)),
            (Width::I32, false) => Box::new(Run::<i32, f64>::new(self)),
            (Width::I64, false) => Box::new(Run::<i64, f64>::new(self)),
            (Width::U64, false) => Box::new(Run::<u64, f64>::new(self)),
        }
    }
}

fn walk<'a>(expr: &'a Expr, take: &mut dyn FnMut(&'a Expr)) {
    take(expr);
    expr.each_part(&mut |part| walk(part, take));
}

/// Runs a kernel over elements, at most [`TILE`] at a time.
pub(super) trait Runner: Send {
    /// Puts the new values of elements into `out`, which has room for as many elements of `target`; `old` is what is there.
    /// How many became infinite; `None` when one by one is to be calculated.
    fn values(
        &mut self,
        inputs: &[Elements<'_>],
        old: &[u8],
        target: KernelTarget,
        out: &mut [u8],
    ) -> Option<u64>;

    /// Puts the answers for so many elements into `truths`, as 0 and 1. `false` when one by one is to be answered.
    fn answers(&mut self, inputs: &[Elements<'_>], truths: &mut [u8]) -> bool;
}

struct Run<I, F> {
    kernel: Kernel,
    tiles: Tiles<I, F>,
    /// Where inputs are converted.
    spaces: Vec<(Vec<I>, Vec<F>)>,
}

impl<I: Whole, F: Real> Run<I, F> {
    fn new(kernel: &Kernel) -> Self {
        let spaces = kernel.inputs.iter().map(|_| (Vec::new(), Vec::new())).collect();
        Self { tiles: Tiles::new(&kernel.program), kernel: kernel.clone(), spaces }
    }
}

/// The inputs as tiles.
fn load<'a, I: Whole, F: Real>(
    forms: &[InputForm],
    from: &[Elements<'a>],
    len: usize,
    spaces: &'a mut [(Vec<I>, Vec<F>)],
) -> Inputs<'a, I, F> {
    let mut inputs = Inputs { wholes: Vec::new(), reals: Vec::new(), len };
    for ((form, from), space) in forms.iter().zip(from).zip(spaces) {
        let is_whole = form.kind == InputKind::Whole;
        inputs.wholes.push(if is_whole { loaded(*from, len, &mut space.0) } else { &[] });
        inputs.reals.push(if is_whole { &[] } else { loaded(*from, len, &mut space.1) });
    }
    inputs
}

/// Runs a program over its inputs: the range of the result if that is whole numbers, or `None` when there is none.
fn run<I: Whole, F: Real>(
    kernel: &Kernel,
    tiles: &mut Tiles<I, F>,
    inputs: &Inputs<'_, I, F>,
) -> Option<Option<Range>> {
    let ranges: Vec<Range> = if kernel.is_safe {
        kernel.inputs.iter().map(|input| input.range).collect()
    } else {
        let range = |values: &&[I]| {
            let (low, high) = vectorised(Extremes(values));
            Range::new(low.wide(), high.wide())
        };
        inputs.wholes.iter().map(range).collect()
    };
    let (all, result) = kernel.program.range(&ranges)?;
    let fits = Range::new(I::LOW, I::HIGH).holds(all);
    (fits && tiles.run(&kernel.program, inputs)).then_some(result)
}

impl<I: Whole, F: Real> Runner for Run<I, F> {
    fn values(
        &mut self,
        inputs: &[Elements<'_>],
        old: &[u8],
        target: KernelTarget,
        out: &mut [u8],
    ) -> Option<u64> {
        let KernelTarget { dtype, cuts } = target;
        let len = out.len() / dtype.size().max(1);
        let Self { kernel, tiles, spaces } = self;
        let inputs = load(&kernel.inputs, inputs, len, spaces);
        let result = run(kernel, tiles, &inputs)?;
        match kernel.program.outcome {
            Outcome::Whole(operand) => {
                let from = tiles.whole(operand, &inputs);
                let is_known = result.zip(range_of(dtype)).is_some_and(|(result, range)| range.holds(result));
                let is_half = matches!(dtype.element, Element::F16 | Element::Bf16);
                (!is_half && WholeStore { dtype, from, out }.store(is_known)).then_some(0)
            }
            Outcome::Truth(operand) => {
                vectorised(TruthStore { dtype, from: tiles.truth(operand, len), out });
                Some(0)
            }
            Outcome::Real(operand) if integer(dtype.element).is_some() => {
                let from = tiles.real(operand, &inputs);
                vectorised(CutStore { dtype, from, cuts, out }).then_some(0)
            }
            Outcome::Real(operand) => {
                let from = tiles.real(operand, &inputs);
                let fits = vectorised(RealStore { dtype, from, old, out });
                let elements = inputs.reals.first().copied().filter(|elements| !elements.is_empty());
                let is_narrowed = dtype.element == Element::F32 && size_of::<F>() == 8;
                fits.then(|| vectorised(InfiniteCount { results: from, elements, len, is_narrowed }))
            }
        }
    }

    fn answers(&mut self, inputs: &[Elements<'_>], truths: &mut [u8]) -> bool {
        let len = truths.len();
        let Self { kernel, tiles, spaces } = self;
        let inputs = load(&kernel.inputs, inputs, len, spaces);
        if run(kernel, tiles, &inputs).is_none() {
            return false;
        }
        let Outcome::Truth(operand) = kernel.program.outcome else { return false };
        match tiles.truth(operand, len) {
            Feed::Tile(values) => truths.copy_from_slice(values),
            Feed::Constant(value) => truths.fill(value),
            Feed::Target => return false,
        }
        true
    }
}
