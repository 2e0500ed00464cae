//! An operation with all that it needs: numbers of all elements are worked out, other arrays are found.

use super::ComputeError;
use super::aligned::AxisOrder;
use super::beside::{Beside, names_others};
use super::operation::Operation;
use super::other_array::{OtherArray, by_name};
use super::predicate::{bound_to_x, with_numbers};
use super::reductions::Ground;
use super::scene::Scene;
use crate::bytes::Source;
use crate::decode::array::Array;
use crate::job::Progress;

/// What is to be done to each element of an array.
#[derive(Clone, Debug)]
pub(super) struct Prepared {
    pub operation: Operation,
    /// With its axes in the order of memory where there are other arrays beside it.
    pub array: Array,
    pub beside: Option<Beside>,
    order: Option<AxisOrder>,
}

impl Prepared {
    /// Works out what the operation wants to know; `others` are the arrays that it names. Blocks.
    ///
    /// # Errors
    /// [`ComputeError`] when there is no such number, or another array has another shape.
    pub fn new(
        source: &dyn Source,
        array: &Array,
        operation: &Operation,
        others: &[OtherArray],
        progress: &Progress,
    ) -> Result<Self, ComputeError> {
        let as_it_is = |operation| Self { operation, array: array.clone(), beside: None, order: None };
        let Some(expr) = operation.expr(&array.item) else { return Ok(as_it_is(operation.clone())) };
        let wanted = operation.wanted(&array.item);
        if wanted.is_empty() && !names_others(expr) {
            return Ok(as_it_is(operation.clone()));
        }
        array.check_fits(source.len()).map_err(|error| ComputeError::refused(error.to_string()))?;
        for name in expr.others() {
            let other = by_name(others, name)
                .ok_or_else(|| ComputeError::refused(format!("There is no other array '{name}' here.")))?;
            other.check(array)?;
        }
        progress.set_total(wanted_bytes(array, wanted.len()).saturating_add(array.items()));
        let known = Ground { source, array, others }.numbers(&wanted, progress)?;
        let expr = with_numbers(expr, &array.item, &known)?;
        if !names_others(&expr) {
            return Ok(as_it_is(operation.with_expr(expr)));
        }
        Self::beside(array, (operation, &expr), others)
    }

    /// Of an expression that names other arrays.
    fn beside(
        array: &Array,
        (operation, expr): (&Operation, &super::expr::Expr),
        others: &[OtherArray],
    ) -> Result<Self, ComputeError> {
        let order = AxisOrder::of_memory(array);
        let named: Vec<OtherArray> =
            expr.others().iter().filter_map(|name| by_name(others, name)).cloned().collect();
        let scene = Scene::beside(&array.item, &named);
        let bound = bound_to_x(expr, &scene, &[])?;
        let offsets: Vec<u64> = scene.others.iter().map(|(_, offset, _)| *offset).collect();
        let aligned = |other: &OtherArray| {
            let is_single = other.array.items() == 1;
            let array = if is_single { other.array.clone() } else { order.applied(&other.array) };
            OtherArray { array, ..other.clone() }
        };
        let named = named.iter().map(aligned).collect();
        let (beside, expr) = Beside::new(named, bound, &offsets);
        Ok(Self {
            operation: operation.with_expr(expr),
            array: order.applied(array),
            beside: Some(beside),
            order: Some(order),
        })
    }

    /// An error with the index that the element had at first.
    pub fn told(&self, error: ComputeError) -> ComputeError {
        match (error, &self.order) {
            (ComputeError::At { index, reason }, Some(order)) => {
                ComputeError::At { index: order.before(&index), reason }
            }
            (error, _) => error,
        }
    }
}

/// The bytes that are read for so many numbers, at least.
fn wanted_bytes(array: &Array, numbers: usize) -> u64 {
    let bytes =
        array.items().saturating_mul(array.item.group_bytes()) / u64::from(array.item.group_items().max(1));
    if numbers == 0 { 0 } else { bytes }
}
