//! An operation over all items of an array, block by block in the order of memory.

use super::ComputeError;
use super::calc::{Calc, Calculated, Value};
use super::codec::Codec;
use super::operation::{Kind, Operation};
use super::put::{MOST_PLACES, Put};
use super::sequence::{Sequence, Values};
use crate::bytes::ahead::{Ahead, WINDOW};
use crate::bytes::{Source, Span};
use crate::decode::DType;
use crate::decode::array::Array;
use crate::decode::item::ItemType;
use crate::decode::walk::Run;
use crate::document::Splice;
use crate::job::Progress;

/// Values of a random sequence that are made before they are put in another order than that of memory.
const MOST_REORDERED: u64 = 64 << 20;

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
) -> Result<Vec<Splice>, ComputeError> {
    array.check_fits(source.len()).map_err(|error| ComputeError::Refused(error.to_string()))?;
    let walk = array.walk_in_memory().ok_or_else(overlapping)?;
    progress.set_total(array.items());
    let apart = if unit_stride(array, walk.clone().next()) { 1 } else { array.items() / walk.runs().max(1) };
    if walk.runs().saturating_mul(apart) > MOST_PLACES as u64 {
        return Err(ComputeError::refused(format!(
            "The items lie in {} places apart, and one step changes at most {MOST_PLACES}. Change them in parts; \
             nothing was changed.",
            walk.runs().saturating_mul(apart)
        )));
    }
    let mut put = Put::new();
    let work = Work::new(array, operation)?;
    if let Way::Bytes(pattern) = &work.way {
        for run in walk {
            fill(array, run, pattern, &mut put, progress)?;
        }
        return put.finish();
    }
    let mut each =
        Each { source, array, work, progress, put: &mut put, held: None, ahead: Ahead::new(source) };
    let until = array.extent().map_or(0, Span::end);
    for run in walk {
        each.run(run, until)?;
    }
    each.flush()?;
    put.finish()
}

pub(super) fn overlapping() -> ComputeError {
    ComputeError::refused(
        "The items overlap or lie between each other, so one value would change another. Choose other strides.",
    )
}

fn unit_stride(array: &Array, run: Option<Run>) -> bool {
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
        return put.fill(array.run_span(run), pattern);
    }
    for item in 0..run.items {
        let at = run.at + i128::from(item) * i128::from(run.stride);
        put.fill(array.place_at(at).span, pattern)?;
    }
    Ok(())
}

/// How new values are made.
enum Way<'a> {
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
}

struct Work<'a> {
    way: Way<'a>,
    calc: Calc<'a>,
    codec: Codec,
}

impl<'a> Work<'a> {
    fn new(array: &'a Array, operation: &'a Operation) -> Result<Self, ComputeError> {
        let item = &array.item;
        let (calc, codec) = (Calc::new(item), Codec::new(item));
        let refused = |reason: String| ComputeError::Refused(sentence(&reason));
        let way = match &operation.kind {
            Kind::Constant(expr) => {
                constant(item, operation.text(), expr.as_ref(), &calc).map_err(refused)?
            }
            Kind::Each(_) | Kind::Cast(..) | Kind::Sequence(_) if !codec.is_number() => {
                return Err(refused(format!(
                    "{item} is no number to calculate with; a value can be put in place of it"
                )));
            }
            Kind::Each(_) | Kind::Cast(..) if is_wide(item) => {
                return Err(refused(format!(
                    "{item} has more digits than are calculated with here; a value can be put in place of it"
                )));
            }
            Kind::Each(expr) => Way::Each(expr),
            Kind::ByteSwap if item.shares_bytes() => {
                return Err(refused("values that share their bytes have no order of bytes".to_owned()));
            }
            Kind::ByteSwap => Way::Swap,
            Kind::Cast(_, expr) => {
                let target = operation.result_type(item);
                if target.shares_bytes() || item.shares_bytes() || target.group_bytes() != item.group_bytes()
                {
                    return Err(refused(format!(
                        "{item} takes {} bytes and {target} {}: in place only a type of the same size fits. Export the \
                         array with the type that you want",
                        item.group_bytes(),
                        target.group_bytes()
                    )));
                }
                Way::Cast(Codec::new(&target), expr)
            }
            Kind::Sequence(sequence) => sequence_way(array, sequence, &calc)?,
        };
        Ok(Self { way, calc, codec })
    }

    /// The bytes of the group once its item `item`, number `number` in C order, has its new value.
    fn make(&mut self, group: &mut [u8], item: u32, number: u64) -> Calculated<()> {
        let value = match &mut self.way {
            Way::Bytes(bytes) => {
                group.copy_from_slice(bytes);
                return Ok(());
            }
            Way::Text(text) => {
                let new = self.codec.item().encode(text, group, item).map_err(|error| error.to_string())?;
                return replace(group, &new);
            }
            Way::Swap => {
                swap(self.codec.item(), group);
                return Ok(());
            }
            Way::Value(value) => *value,
            Way::Each(expr) => self.calc.value(expr, self.codec.read(group, item)?)?,
            Way::Cast(target, expr) => {
                let value = self.calc.value(expr, self.codec.read(group, item)?)?;
                return target.write(target.cut(value)?, group, item);
            }
            Way::Sequence(_, Some(values)) => values.get(number as usize).copied().unwrap_or(Value::Int(0)),
            Way::Sequence(values, None) => values.value(number, &self.calc)?,
        };
        self.codec.write(value, group, item)
    }
}

/// Whether 64 bits are too few for a value.
fn is_wide(item: &ItemType) -> bool {
    matches!(item, ItemType::Scalar(dtype) if dtype.element.is_float() && dtype.size() > 8)
}

fn replace(group: &mut [u8], new: &[u8]) -> Calculated<()> {
    if group.len() != new.len() {
        return Err("the value has another size than the item".to_owned());
    }
    group.copy_from_slice(new);
    Ok(())
}

pub(super) fn sentence(reason: &str) -> String {
    let mut letters = reason.chars();
    let capital =
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect());
    if capital.ends_with('.') { capital } else { capital + "." }
}

/// A value typed as such first, for it is then the nearest to its text; else what it comes to.
fn constant<'a>(
    item: &ItemType,
    text: &str,
    expr: Option<&super::parse::Expr>,
    calc: &Calc<'_>,
) -> Calculated<Way<'a>> {
    let zero = vec![0; item.group_bytes() as usize];
    match (item.encode(text, &zero, 0), expr) {
        (Ok(_), _) if item.shares_bytes() || matches!(item, ItemType::Record(_)) => {
            Ok(Way::Text(text.to_owned()))
        }
        (Ok(bytes), _) => Ok(Way::Bytes(bytes)),
        (Err(error), None) => Err(error.to_string()),
        // Of a block's values not all may fit; each tells for itself.
        (Err(_), Some(_)) if matches!(item, ItemType::Quant(_)) => Ok(Way::Text(text.to_owned())),
        (Err(error), Some(expr)) => {
            let value = calc.value(expr, Value::Int(0))?;
            let codec = Codec::new(item);
            let mut bytes = zero;
            let plain = !text.contains(['+', '*', '/', '(', '<', '>', '|', '&', '^', '%']);
            match codec.write(value, &mut bytes, 0) {
                Ok(()) if !item.shares_bytes() => Ok(Way::Bytes(bytes)),
                Ok(()) => Ok(Way::Value(value)),
                Err(_) if plain => Err(error.to_string()),
                Err(reason) => Err(reason),
            }
        }
    }
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
            "random numbers in C order for items that lie in another order are made for at most {MOST_REORDERED} at once"
        )));
    }
    let made: Calculated<Vec<Value>> = (0..array.items()).map(|number| values.value(number, calc)).collect();
    Ok(Way::Sequence(values, Some(made.map_err(refused)?)))
}

/// Each value with its bytes the other way round: both parts of complex ones, each field of a record.
fn swap(item: &ItemType, bytes: &mut [u8]) {
    match item {
        ItemType::Scalar(DType { element, .. }) if element.name().starts_with("complex") => {
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
                let start = field.offset as usize;
                if let Some(bytes) = bytes.get_mut(start..start + field.item.group_bytes() as usize) {
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

/// A group of items that share bytes, or a block of items: as it was and as it will be.
struct Held {
    at: u64,
    old: Vec<u8>,
    new: Vec<u8>,
}

struct Each<'a> {
    source: &'a dyn Source,
    array: &'a Array,
    work: Work<'a>,
    progress: &'a Progress,
    put: &'a mut Put,
    held: Option<Held>,
    ahead: Ahead<'a>,
}

impl Each<'_> {
    fn run(&mut self, run: Run, until: u64) -> Result<(), ComputeError> {
        let size = self.array.item.group_bytes();
        if !self.array.item.shares_bytes() && size > 0 && unit_stride(self.array, Some(run)) {
            return self.block(run, size);
        }
        for item in 0..run.items {
            if item % 1024 == 0 && self.progress.is_cancelled() {
                return Err(ComputeError::Cancelled);
            }
            let number = number_of(run, item);
            let place = self.array.place_at(run.at + i128::from(item) * i128::from(run.stride));
            if self.held.as_ref().is_none_or(|held| held.at != place.span.start()) {
                self.flush()?;
                let old = self.ahead.get(place.span, until)?.to_vec();
                self.held = Some(Held { at: place.span.start(), new: old.clone(), old });
            }
            let Some(held) = &mut self.held else { continue };
            let made = self.work.make(&mut held.new, place.item, number);
            made.map_err(|reason| self.fault(number, reason))?;
        }
        self.progress.advance(run.items);
        Ok(())
    }

    /// A run without gaps of items that have bytes of their own.
    fn block(&mut self, run: Run, size: u64) -> Result<(), ComputeError> {
        self.flush()?;
        let mut done = 0;
        for span in self.array.run_span(run).chunks((WINDOW / size).max(1) * size) {
            if self.progress.is_cancelled() {
                return Err(ComputeError::Cancelled);
            }
            let mut old = vec![0; span.len() as usize];
            self.source.read_at(span.start(), &mut old)?;
            let mut new = old.clone();
            for item in new.chunks_exact_mut(size as usize) {
                let number = number_of(run, done);
                let made = self.work.make(item, 0, number);
                made.map_err(|reason| self.fault(number, reason))?;
                done += 1;
            }
            self.put.push(span.start(), &old, &new)?;
            self.progress.advance(span.len() / size);
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ComputeError> {
        match self.held.take() {
            Some(held) => self.put.push(held.at, &held.old, &held.new),
            None => Ok(()),
        }
    }

    fn fault(&self, number: u64, reason: String) -> ComputeError {
        ComputeError::At { index: self.array.index_at(number), reason }
    }
}

fn number_of(run: Run, item: u64) -> u64 {
    let number = i128::from(run.number) + i128::from(item) * i128::from(run.weight);
    u64::try_from(number).unwrap_or(0)
}
