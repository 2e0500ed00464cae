//! The elements of an array one after another, as few runs of equal steps as possible.
//!
//! In C order for whoever writes them, in the order of memory for whoever reads or changes them. Axes that make one
//! run together are one axis here. Nothing is read.

use super::array::Array;
use crate::bytes::Span;

/// Items at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where the first one is, in units of the strides after the array's offset.
    pub at: i128,
    pub items: u64,
    /// From one to the next, in units of the strides.
    pub stride: i64,
    /// Which one the first is in C order.
    pub number: u64,
    /// From one to the next in C order.
    pub weight: i64,
}

#[derive(Clone, Copy, Debug)]
struct Axis {
    side: u64,
    stride: i64,
    weight: i64,
}

/// The runs of an array.
#[derive(Clone, Debug)]
pub struct Walk {
    outer: Vec<Axis>,
    index: Vec<u64>,
    inner: Axis,
    at: i128,
    number: i128,
    ended: bool,
}

impl Array {
    /// All items in C order.
    pub fn walk(&self) -> Walk {
        Walk::new(i128::from(self.first), 0, self.walk_axes(), self.items() == 0)
    }

    /// All items by rising offset; `None` where items overlap or lie between each other.
    pub fn walk_in_memory(&self) -> Option<Walk> {
        let (mut at, mut number) = (i128::from(self.first), 0);
        let mut axes = self.walk_axes();
        for axis in axes.iter_mut().filter(|axis| axis.stride < 0) {
            let last = i128::from(axis.side) - 1;
            at += last * i128::from(axis.stride);
            number += last * i128::from(axis.weight);
            (axis.stride, axis.weight) = (-axis.stride, -axis.weight);
        }
        axes.sort_by_key(|axis| std::cmp::Reverse(axis.stride));
        let mut covered = i128::from(if self.item.shares_bytes() { 1 } else { self.item.group_bytes() });
        for axis in axes.iter().rev() {
            if i128::from(axis.stride) < covered {
                return (self.items() == 0).then(|| Walk::new(at, number, axes, true));
            }
            covered += (i128::from(axis.side) - 1) * i128::from(axis.stride);
        }
        Some(Walk::new(at, number, axes, self.items() == 0))
    }

    /// Axes with more than one place, the first one outermost.
    fn walk_axes(&self) -> Vec<Axis> {
        let mut weight = 1_i64;
        let mut axes = Vec::with_capacity(self.shape.len());
        for (&side, &stride) in self.shape.iter().zip(&self.strides).rev() {
            if side > 1 {
                axes.push(Axis { side, stride, weight });
            }
            weight = weight.saturating_mul(i64::try_from(side).unwrap_or(i64::MAX));
        }
        axes.reverse();
        axes
    }

    /// The bytes of the items of `run`, the first and the last included; of items that share bytes those of their
    /// groups.
    pub fn run_span(&self, run: Run) -> Span {
        let last = run.at + (i128::from(run.items) - 1).max(0) * i128::from(run.stride);
        let (low, high) = (self.place_at(run.at.min(last)).span, self.place_at(run.at.max(last)).span);
        Span::between(low.start(), high.end())
    }
}

impl Walk {
    fn new(at: i128, number: i128, axes: Vec<Axis>, ended: bool) -> Self {
        let mut joined: Vec<Axis> = Vec::with_capacity(axes.len());
        for axis in axes {
            let side = i128::from(axis.side);
            match joined.last_mut() {
                Some(outer)
                    if i128::from(outer.stride) == i128::from(axis.stride) * side
                        && i128::from(outer.weight) == i128::from(axis.weight) * side =>
                {
                    *outer = Axis { side: outer.side.saturating_mul(axis.side), ..axis };
                }
                _ => joined.push(axis),
            }
        }
        let inner = joined.pop().unwrap_or(Axis { side: 1, stride: 0, weight: 1 });
        Self { index: vec![0; joined.len()], outer: joined, inner, at, number, ended }
    }

    /// Passes the runs that end before the unit `at` of the strides, and never the one that has it. For a walk by rising
    /// offset that has not begun.
    pub(super) fn skip_to(&mut self, at: i128) {
        let mut rest = at - self.at;
        for (axis, index) in self.outer.iter().zip(&mut self.index) {
            let last = i128::from(axis.side) - 1;
            let passed = rest.div_euclid(i128::from(axis.stride).max(1)).clamp(0, last.max(0));
            *index = passed as u64;
            rest -= passed * i128::from(axis.stride);
            self.at += passed * i128::from(axis.stride);
            self.number += passed * i128::from(axis.weight);
        }
    }

    /// Whether the items come in C order.
    pub fn is_in_c_order(&self) -> bool {
        let axes = self.outer.iter().chain([&self.inner]);
        let mut most = i64::MAX;
        axes.into_iter().all(|axis| {
            let falls = (1..=most).contains(&axis.weight);
            most = axis.weight;
            falls
        })
    }

    /// How many runs there are in all.
    pub fn runs(&self) -> u64 {
        if self.ended {
            return 0;
        }
        self.outer.iter().fold(1, |runs: u64, axis| runs.saturating_mul(axis.side))
    }
}

impl Iterator for Walk {
    type Item = Run;

    fn next(&mut self) -> Option<Run> {
        if self.ended {
            return None;
        }
        let Axis { side: items, stride, weight } = self.inner;
        let run = Run { at: self.at, items, stride, number: u64::try_from(self.number).unwrap_or(0), weight };
        self.ended = true;
        for (axis, index) in self.outer.iter().zip(&mut self.index).rev() {
            *index += 1;
            self.at += i128::from(axis.stride);
            self.number += i128::from(axis.weight);
            if *index < axis.side {
                self.ended = false;
                break;
            }
            self.at -= i128::from(axis.side) * i128::from(axis.stride);
            self.number -= i128::from(axis.side) * i128::from(axis.weight);
            *index = 0;
        }
        Some(run)
    }
}
