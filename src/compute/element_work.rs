//! Applies an operation to one element.

use super::ComputeError;
use super::beside::{Beside, BesideReader, Neighbours};
use super::broadcast::Spread;
use super::calc::Calc;
use super::codec::{Codec, is_infinite};
use super::constant::constant;
use super::expr::Expr;
use super::kernels::{InputForm, Kernel, KernelTarget};
use super::literal_value::typed;
use super::operation::OperationKind;
use super::plan::Way;
use super::prepared::Prepared;
use super::sentence::sentence;
use super::sequence::{Sequence, Values};
use super::value::{Calculated, Value};
use crate::decode::DType;
use crate::decode::array::Array;
use crate::decode::dtype::ItemType;
use std::sync::Arc;

/// Values of a random sequence that are made before they are put in another order than that of memory.
const MOST_REORDERED: u64 = 64 << 20;

/// How the items get their new values.
#[derive(Clone)]
pub(super) struct Work<'a> {
    pub(super) way: Way<'a>,
    calc: Calc<'a>,
    /// The element's own type, which new values are rounded to.
    own: Calc<'a>,
    codec: Codec,
    /// What is calculated with besides the element.
    beside: Option<BesideReader<'a>>,
    /// Whether one value for all became infinite on the way.
    pub(super) is_overflow: bool,
    /// Items that became infinite so far.
    pub(super) infinite: u64,
}

impl<'a> Work<'a> {
    pub(super) fn new(prepared: &'a Prepared) -> Result<Self, ComputeError> {
        let Prepared { array, operation, .. } = prepared;
        let item = &array.item;
        let beside = prepared.beside.as_ref();
        let calc = Calc::new(beside.map_or(item, |beside| &beside.calculated_as));
        let codec = Codec::new(item);
        let refused = |reason: String| ComputeError::Refused(sentence(&reason));
        let mut is_overflow = false;
        let way = match &operation.kind {
            OperationKind::Constant(expr) => {
                let way;
                (way, is_overflow) =
                    constant(item, operation.text(), expr.as_ref(), &calc).map_err(refused)?;
                way
            }
            OperationKind::List => Way::Spread(Arc::new(Spread::new(operation.text(), array)?)),
            OperationKind::Each(_) | OperationKind::Cast(..) | OperationKind::Sequence(_)
                if !codec.is_number() =>
            {
                return Err(refused(format!(
                    "{item} can't be used in calculations; you can only set it to a value"
                )));
            }
            OperationKind::Each(_) | OperationKind::Cast(..) if is_wide(item) => {
                return Err(refused(format!(
                    "{item} has a higher precision than calculations support; you can only set it to a value"
                )));
            }
            OperationKind::Each(expr) => Way::Each(expr),
            OperationKind::ByteSwap if item.shares_bytes() => {
                return Err(refused("packed values, which share bytes, have no byte order".to_owned()));
            }
            OperationKind::ByteSwap => Way::Swap,
            OperationKind::Cast(_, expr) => {
                let target = operation.result_type(item);
                if target.shares_bytes() || item.shares_bytes() || target.group_bytes() != item.group_bytes()
                {
                    return Err(refused(format!(
                        "{item} has {} bytes, but {target} has {}. Only a type of the same size can be written in place; export the array with the other type",
                        item.group_bytes(),
                        target.group_bytes()
                    )));
                }
                Way::Cast(Codec::new(&target), expr)
            }
            OperationKind::Sequence(sequence) => sequence_way(array, sequence, &calc)?,
        };
        let wide = beside.and_then(|beside| beside.inputs.iter().find(|input| is_wide(&input.item)));
        if let Some(wide) = wide {
            return Err(refused(format!("{} has a higher precision than calculations support", wide.item)));
        }
        let beside = beside.map(BesideReader::new);
        Ok(Self { way, calc, own: Calc::new(item), codec, beside, is_overflow, infinite: 0 })
    }

    /// Whether each value follows from the one before, so that one worker has to make them all.
    pub(super) fn is_drawn(&self) -> bool {
        matches!(&self.way, Way::Sequence(values, None) if values.is_drawn())
    }

    /// The program for the new values, and what they are put into; `None` when they are made one by one.
    pub(super) fn kernel(&self) -> Option<(Kernel, KernelTarget)> {
        let item = self.codec.item();
        let (expr, target, cuts) = match &self.way {
            Way::Each(expr) => (expr, item, false),
            Way::Cast(target, expr) => (expr, target.item(), true),
            _ => return None,
        };
        let ItemType::Scalar(dtype) = target else { return None };
        InputForm::of_item(target)?;
        let mut forms = vec![InputForm::of_item(item)?];
        if let Some(reader) = &self.beside {
            let others = reader.beside().inputs.iter().skip(1);
            let others: Option<Vec<_>> =
                others.map(|input| form_of(&input.item).map(|(form, _)| form)).collect();
            forms.extend(others?);
        }
        let kernel = Kernel::of_values(expr, &self.calc, forms)?;
        Some((kernel, KernelTarget { dtype: *dtype, cuts }))
    }

    /// The type of the items.
    pub(super) fn item(&self) -> &ItemType {
        self.codec.item()
    }

    /// Whether the new value of an item follows from its old one, and from what is beside it.
    pub(super) fn is_of_element(&self) -> bool {
        matches!(self.way, Way::Each(_) | Way::Cast(..) | Way::Swap)
    }

    /// What is calculated with besides the elements.
    pub(super) fn beside(&self) -> Option<&'a Beside> {
        self.beside.as_ref().map(BesideReader::beside)
    }

    /// The value of an element, as far as the expression uses it.
    fn x(&self, group: &[u8], item: u32) -> Calculated<Value> {
        let is_used = self.beside().is_none_or(|beside| beside.uses_x);
        if is_used {
            self.codec.read(group, item)
        } else {
            Ok(self.codec.read(group, item).unwrap_or(Value::Int(0)))
        }
    }

    /// The value of the expression for an element.
    fn calculated(&mut self, expr: &Expr, x: Value, neighbours: Neighbours<'_>) -> Calculated<Value> {
        match &mut self.beside {
            None => self.calc.value(expr, x),
            Some(reader) => self.calc.of_all(expr, reader.values(x, neighbours)?),
        }
    }

    /// The bytes of the group once its item `item`, number `number` in C order, has its new value; the first of
    /// `neighbours` is beside it.
    pub(super) fn make(
        &mut self,
        group: &mut [u8],
        item: u32,
        number: u64,
        neighbours: Neighbours<'_>,
    ) -> Calculated<()> {
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
                let expr = *expr;
                let x = self.x(group, item)?;
                (self.calculated(expr, x, neighbours)?, is_infinite(x))
            }
            Way::Cast(target, expr) => {
                let (expr, target) = (*expr, target.clone());
                let x = self.x(group, item)?;
                let value = target.cut(self.calculated(expr, x, neighbours)?)?;
                let infinite = target.put(&Calc::new(target.item()), value, group, item)?;
                self.infinite += u64::from(infinite && !is_infinite(x));
                return Ok(());
            }
            Way::Sequence(_, Some(values)) => {
                (values.get(number as usize).copied().unwrap_or(Value::Int(0)), false)
            }
            Way::Sequence(values, None) => (values.value(number, &self.calc)?, false),
        };
        let infinite = self.codec.put(&self.own, value, group, item)?;
        self.infinite += u64::from(infinite && !was_infinite);
        Ok(())
    }
}

/// How elements of another array are loaded; `None` of types that are not calculated with in tiles. NaT is no number.
pub(super) fn form_of(item: &ItemType) -> Option<(InputForm, DType)> {
    if matches!(item, ItemType::Time(_)) { None } else { InputForm::of_field(item) }
}

/// Whether 64 bits are too few for a value.
fn is_wide(item: &ItemType) -> bool {
    let ItemType::Scalar(dtype) = item else { return false };
    let parts = if dtype.element.is_complex() { 2 } else { 1 };
    (dtype.element.is_float() || dtype.element.is_complex()) && dtype.size() > 8 * parts
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
            "for elements that are not in C order, at most {MOST_REORDERED} random numbers can be drawn at once"
        )));
    }
    let made: Calculated<Vec<Value>> = (0..array.items()).map(|number| values.value(number, calc)).collect();
    Ok(Way::Sequence(values, Some(Arc::new(made.map_err(refused)?))))
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
