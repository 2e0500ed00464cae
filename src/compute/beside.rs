//! The elements of other arrays beside those that get new values.

use super::codec::Codec;
use super::expr::Expr;
use super::other_array::OtherArray;
use super::predicate::{Bound, Input};
use super::value::{Calculated, Value};
use crate::bytes::ReadError;
use crate::decode::dtype::ItemType;
use crate::job::Cancel;
use std::ops::Range;

/// Elements that are read at once where they are wanted one by one.
const WINDOW: u64 = 4096;

/// Other arrays, in the order of the elements that get new values.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub others: Vec<OtherArray>,
    /// What the expression reads; the first one is the element itself.
    pub inputs: Vec<BesideInput>,
    /// Whether the expression uses the element itself.
    pub uses_x: bool,
    /// In whose precision is calculated where the expression does not say so itself.
    pub calculated_as: ItemType,
}

/// An input of an expression.
#[derive(Clone, Debug)]
pub(super) struct BesideInput {
    /// Which of the other arrays it is of; `None` of the element itself.
    pub other: Option<usize>,
    pub item: ItemType,
}

/// The elements of each of the other arrays beside some neighbours, from one of them on.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Neighbours<'b> {
    pub bytes: &'b [Vec<u8>],
    /// Elements before the first one that is meant.
    pub skip: usize,
}

impl<'b> Neighbours<'b> {
    /// From a later one on.
    pub fn from(self, later: usize) -> Self {
        Self { skip: self.skip + later, ..self }
    }

    /// The elements of one array, from the first one that is meant on.
    pub fn of(self, other: usize, size: usize) -> &'b [u8] {
        self.bytes.get(other).and_then(|bytes| bytes.get(self.skip * size..)).unwrap_or_default()
    }
}

impl Beside {
    /// The inputs of an expression: which array each of them is of follows from its offset in a record of all.
    pub fn new(others: Vec<OtherArray>, bound: Bound, offsets: &[u64]) -> (Self, Expr) {
        let Bound { expr, inputs, calculated_as, .. } = bound;
        let input = |input: &Input| match input {
            Input::Number(offset, item) => {
                BesideInput { other: offsets.iter().position(|at| at == offset), item: item.clone() }
            }
            // There are no texts in calculations.
            Input::Bytes(..) => BesideInput { other: None, item: calculated_as.clone() },
        };
        let inputs = inputs.iter().map(input).collect();
        (Self { others, inputs, uses_x: uses_x(&expr), calculated_as }, expr)
    }

    /// Puts what is beside the elements with these numbers into `out`, array by array. Blocks.
    ///
    /// # Errors
    /// As of [`crate::bytes::Source::read_cancellable`].
    pub fn read(
        &self,
        numbers: Range<u64>,
        out: &mut Vec<Vec<u8>>,
        cancel: &Cancel,
    ) -> Result<(), ReadError> {
        out.resize(self.others.len(), Vec::new());
        self.others.iter().zip(out).try_for_each(|(other, out)| other.read(numbers.clone(), out, cancel))
    }
}

/// Reads the values of the inputs of one element after another.
#[derive(Clone)]
pub(super) struct BesideReader<'a> {
    beside: &'a Beside,
    codecs: Vec<Codec>,
    values: Vec<Value>,
}

impl<'a> BesideReader<'a> {
    /// Looks at the types once.
    pub fn new(beside: &'a Beside) -> Self {
        let codecs = beside.inputs.iter().map(|input| Codec::new(&input.item)).collect();
        Self { beside, codecs, values: Vec::new() }
    }

    /// What is read.
    pub fn beside(&self) -> &'a Beside {
        self.beside
    }

    /// The values for an element with the value `x`.
    ///
    /// # Errors
    /// A sentence when an element of another array is no number.
    pub fn values(&mut self, x: Value, neighbours: Neighbours<'_>) -> Calculated<&[Value]> {
        self.values.clear();
        for (input, codec) in self.beside.inputs.iter().zip(&self.codecs) {
            let size = input.item.group_bytes() as usize;
            let value = match input.other {
                None => x,
                Some(other) => {
                    let bytes = neighbours.of(other, size).get(..size);
                    let bytes =
                        bytes.ok_or_else(|| "the element of the other array is missing".to_owned())?;
                    let told = |reason| format!("{reason}, in '{}'", self.beside.others[other].name);
                    codec.read(bytes, 0).map_err(told)?
                }
            };
            self.values.push(value);
        }
        Ok(&self.values)
    }
}

/// What is beside single elements, some of which are read at once.
#[derive(Debug, Default)]
pub(super) struct BesideWindow {
    numbers: Range<u64>,
    bytes: Vec<Vec<u8>>,
}

impl BesideWindow {
    /// What is beside element `number` of `items`. Blocks.
    ///
    /// # Errors
    /// As of [`Beside::read`].
    pub fn at(
        &mut self,
        beside: &Beside,
        number: u64,
        items: u64,
        cancel: &Cancel,
    ) -> Result<Neighbours<'_>, ReadError> {
        if !self.numbers.contains(&number) {
            let wanted = number..number.saturating_add(WINDOW).min(items);
            self.numbers = 0..0;
            beside.read(wanted.clone(), &mut self.bytes, cancel)?;
            self.numbers = wanted;
        }
        Ok(Neighbours { bytes: &self.bytes, skip: (number - self.numbers.start) as usize })
    }
}

fn uses_x(expr: &Expr) -> bool {
    let mut found = *expr == Expr::Input(0);
    expr.each_part(&mut |part| found |= uses_x(part));
    found
}

/// Whether an expression still names another array.
pub(super) fn names_others(expr: &Expr) -> bool {
    !expr.others().is_empty()
}
