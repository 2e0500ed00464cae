//! An operation over all items of an array: what becomes of one of them. `each.rs` goes through them.

use super::calc::{Calc, Calculated, Value};
use super::codec::{Codec, as_truth, is_infinite};
use super::constant::constant;
use super::each::Each;
use super::operation::{Kind, Operation};
use super::put::Put;
use super::sequence::{Sequence, Values};
use super::spread::Spread;
use super::{ComputeError, NewValues};
use crate::bytes::ahead::WINDOW;
use crate::bytes::{Source, Span};
use crate::decode::array::Array;
use crate::decode::item::ItemType;
use crate::decode::literal::{self, Literal};
use crate::decode::walk::Run;
use crate::decode::{DType, Number};
use crate::job::Progress;

/// Values of a random sequence that are made before they are put in another order than that of memory.
const MOST_REORDERED: u64 = 64 << 20;

/// Above so many places, and with less than so many bytes from one to the next, what lies between is put back as it was:
/// each place by itself costs some hundred bytes of memory, and many of them more time than what lies between.
const BRIDGED: [(u64, u64); 2] = [(1 << 16, 1 << 10), (1 << 18, WINDOW / 8)];

/// The splices that give each item of `array` its new value; items that keep theirs have none. Large results are
/// spans of one source that peeks as missing: see [`super::with_sources`]. Blocks; progress counts items.
///
/// # Errors
/// [`ComputeError`]: the first item in memory whose value does not fit, items that overlap, failed reads.
pub fn apply(
    source: &dyn Source,
    array: &Array,
    operation: &Operation,
    progress: &Progress,
) -> Result<NewValues, ComputeError> {
    array.check_fits(source.len()).map_err(|error| ComputeError::Refused(error.to_string()))?;
    let walk = array.walk_in_memory().ok_or_else(overlapping)?;
    progress.set_total(array.items());
    let apart = if unit_stride(array, walk.clone().next()) { 1 } else { array.items() / walk.runs().max(1) };
    let places = walk.runs().saturating_mul(apart);
    let extent = array.extent().unwrap_or(Span::empty_at(array.offset));
    let step = extent.len() / places.max(1);
    let bridges = BRIDGED.iter().any(|(most, far)| places > *most && step < *far);
    let mut put = Put::new();
    let work = Work::new(array, operation)?;
    if let Way::Bytes(pattern) = &work.way
        && !bridges
    {
        for run in walk {
            fill(array, run, pattern, &mut put, progress)?;
        }
        let infinite = if work.is_overflow { array.items() } else { 0 };
        return Ok(NewValues { splices: put.finish()?, infinite });
    }
    let mut each = Each::new(source, array, work, progress, &mut put, bridges);
    for run in walk {
        each.run(run, extent.end())?;
    }
    let infinite = each.finish()?;
    Ok(NewValues { splices: put.finish()?, infinite })
}

pub(super) fn overlapping() -> ComputeError {
    ComputeError::refused(
        "The elements overlap or interleave, so one value would change another. Choose other strides.",
    )
}

pub(super) fn unit_stride(array: &Array, run: Option<Run>) -> bool {
    let unit = if array.item.shares_bytes() { 1 } else { array.item.group_bytes() };
    run.is_some_and(|run| run.items == 1 || u64::try_from(run.stride) == Ok(unit))
}

/// The same bytes in each item of a run; nothing is read.
fn fill(
    array: &Array,
    run: Run,
    pattern: &[u8],
    put: &mut Put,
    progress: &Progress,
) -> Result<(), ComputeError> {
    if progress.is_cancelled() {
        return Err(ComputeError::Cancelled);
    }
    progress.advance(run.items);
    if unit_stride(array, Some(run)) {
        put.fill(array.run_span(run), pattern);
        return Ok(());
    }
    for item in 0..run.items {
        let at = run.at + i128::from(item) * i128::from(run.stride);
        put.fill(array.place_at(at).span, pattern);
    }
    Ok(())
}

/// How new values are made.
pub(super) enum Way<'a> {
    /// These bytes.
    Bytes(Vec<u8>),
    /// This text.
    Text(String),
    /// This value.
    Value(Value),
    Each(&'a super::parse::Expr),
    Swap,
    Cast(Codec, &'a super::parse::Expr),
    Sequence(Values, Option<Vec<Value>>),
    /// Those of a list.
    Spread(Spread),
}

/// How the items get their new values.
pub(super) struct Work<'a> {
    way: Way<'a>,
    calc: Calc<'a>,
    codec: Codec,
    /// Whether one value for all became infinite on the way.
    is_overflow: bool,
    /// Items that became infinite so far.
    pub(super) infinite: u64,
}

impl<'a> Work<'a> {
    fn new(array: &'a Array, operation: &'a Operation) -> Result<Self, ComputeError> {
        let item = &array.item;
        let (calc, codec) = (Calc::new(item), Codec::new(item));
        let refused = |reason: String| ComputeError::Refused(sentence(&reason));
        let mut is_overflow = false;
        let way = match &operation.kind {
            Kind::Constant(expr) => {
                let way;
                (way, is_overflow) =
                    constant(item, operation.text(), expr.as_ref(), &calc).map_err(refused)?;
                way
            }
            Kind::List => Way::Spread(Spread::new(operation.text(), array)?),
            Kind::Each(_) | Kind::Cast(..) | Kind::Sequence(_) if !codec.is_number() => {
                return Err(refused(format!(
                    "{item} can't be used in calculations; you can only set it to a value"
                )));
            }
            Kind::Each(_) | Kind::Cast(..) if is_wide(item) => {
                return Err(refused(format!(
                    "{item} has more digits than calculations support; you can only set it to a value"
                )));
            }
            Kind::Each(expr) => Way::Each(expr),
            Kind::ByteSwap if item.shares_bytes() => {
                return Err(refused("packed values, which share bytes, have no byte order".to_owned()));
            }
            Kind::ByteSwap => Way::Swap,
            Kind::Cast(_, expr) => {
                let target = operation.result_type(item);
                if target.shares_bytes() || item.shares_bytes() || target.group_bytes() != item.group_bytes()
                {
                    return Err(refused(format!(
                        "{item} has {} bytes, but {target} has {}: in place, only a type of the same size \
                         fits. Export the array with the type that you want",
                        item.group_bytes(),
                        target.group_bytes()
                    )));
                }
                Way::Cast(Codec::new(&target), expr)
            }
            Kind::Sequence(sequence) => sequence_way(array, sequence, &calc)?,
        };
        Ok(Self { way, calc, codec, is_overflow, infinite: 0 })
    }

    /// The bytes of the group once its item `item`, number `number` in C order, has its new value.
    pub(super) fn make(&mut self, group: &mut [u8], item: u32, number: u64) -> Calculated<()> {
        let (value, was_infinite) = match &mut self.way {
            Way::Bytes(bytes) => {
                group.copy_from_slice(bytes);
                self.infinite += u64::from(self.is_overflow);
                return Ok(());
            }
            Way::Text(text) => return typed(self.codec.item(), text, group, item),
            Way::Spread(spread) => return spread.put(self.codec.item(), group, item, number),
            Way::Swap => {
                swap(self.codec.item(), group);
                return Ok(());
            }
            Way::Value(value) => (*value, false),
            Way::Each(expr) => {
                let x = self.codec.read(group, item)?;
                (self.calc.value(expr, x)?, is_infinite(x))
            }
            Way::Cast(target, expr) => {
                let x = self.codec.read(group, item)?;
                let value = target.cut(self.calc.value(expr, x)?)?;
                let infinite = target.put(&Calc::new(target.item()), value, group, item)?;
                self.infinite += u64::from(infinite && !is_infinite(x));
                return Ok(());
            }
            Way::Sequence(_, Some(values)) => {
                (values.get(number as usize).copied().unwrap_or(Value::Int(0)), false)
            }
            Way::Sequence(values, None) => (values.value(number, &self.calc)?, false),
        };
        let infinite = self.codec.put(&self.calc, value, group, item)?;
        self.infinite += u64::from(infinite && !was_infinite);
        Ok(())
    }
}

/// The bytes of a number in another form than its type writes it: of a float that is whole, and of any number that is a
/// truth value.
fn otherwise(kind: &ItemType, text: &str, group: &[u8], item: u32) -> Option<Vec<u8>> {
    let ItemType::Scalar(dtype) = kind else { return None };
    let number = match literal::parse(text).ok()? {
        Literal::Float(value, _) if value.is_finite() => Number::Float(value),
        Literal::Int(value) => Number::Int(value),
        _ => return None,
    };
    let is_whole = dtype.element.is_integer() || kind.is_truth();
    kind.of_number(number, group, item).ok().filter(|_| is_whole)
}

/// Puts the value of a text in place of an item. Whole numbers may be written as floats, as in `1e3`.
pub(super) fn typed(kind: &ItemType, text: &str, group: &mut [u8], item: u32) -> Calculated<()> {
    let encoded = kind.encode(text, group, item);
    let mut new =
        encoded.or_else(|error| otherwise(kind, text, group, item).ok_or_else(|| error.to_string()))?;
    as_truth(kind, &mut new);
    if group.len() != new.len() {
        return Err("the value does not have the size of the element".to_owned());
    }
    group.copy_from_slice(&new);
    Ok(())
}

/// Whether 64 bits are too few for a value.
fn is_wide(item: &ItemType) -> bool {
    let ItemType::Scalar(dtype) = item else { return false };
    let parts = if dtype.element.is_complex() { 2 } else { 1 };
    (dtype.element.is_float() || dtype.element.is_complex()) && dtype.size() > 8 * parts
}

pub(super) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let capital =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if capital.ends_with('.') { capital } else { capital + "." }
}

fn sequence_way<'a>(array: &Array, sequence: &Sequence, calc: &Calc<'_>) -> Result<Way<'a>, ComputeError> {
    let refused = |reason: String| ComputeError::Refused(sentence(&reason));
    let mut values = Values::new(sequence, calc, array.items()).map_err(refused)?;
    let in_memory = array
        .walk_in_memory()
        .is_some_and(|walk| walk.runs() == 1 && walk.clone().all(|run| run.weight == 1));
    if !sequence.is_in_order() || in_memory {
        return Ok(Way::Sequence(values, None));
    }
    if array.items() > MOST_REORDERED {
        return Err(refused(format!(
            "for elements that are not stored in C order, at most {MOST_REORDERED} random numbers can be made at once"
        )));
    }
    let made: Calculated<Vec<Value>> = (0..array.items()).map(|number| values.value(number, calc)).collect();
    Ok(Way::Sequence(values, Some(made.map_err(refused)?)))
}

/// Each value with its bytes the other way round: both parts of complex ones, each field of a record.
fn swap(item: &ItemType, bytes: &mut [u8]) {
    match item {
        ItemType::Scalar(DType { element, .. }) if element.is_complex() => {
            let half = bytes.len() / 2;
            bytes.chunks_mut(half.max(1)).for_each(<[u8]>::reverse);
        }
        ItemType::Scalar(_) | ItemType::Time(_) => bytes.reverse(),
        ItemType::Text(..) => bytes.chunks_mut(4).for_each(<[u8]>::reverse),
        ItemType::Array(inner) => {
            let size = inner.item.group_bytes() as usize;
            bytes.chunks_mut(size.max(1)).for_each(|bytes| swap(&inner.item, bytes));
        }
        ItemType::Record(record) => {
            for field in &record.fields {
                if let Some(bytes) = bytes.get_mut(field.place()) {
                    swap(&field.item, bytes);
                }
            }
        }
        ItemType::Bytes(_)
        | ItemType::Void(_)
        | ItemType::Pascal(_)
        | ItemType::Packed(_)
        | ItemType::Quant(_) => {}
    }
}
