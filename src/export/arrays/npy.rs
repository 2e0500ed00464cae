//! A `.npy` file, version 1.0 or, for long headers, 2.0.
//!
//! What NumPy has no type for keeps its size: bfloat16 is written as `V2`, as NumPy writes the types of ml_dtypes, to
//! be viewed as such when loaded. Since ml_dtypes has no big-endian bfloat16, its bytes are swapped. Quantised values
//! are written as float32, packed ones a byte each.

use super::copy::copy;
use super::values::own_bytes_of;
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::array::{MemoryOrder, tuple};
use crate::decode::dtype::ItemType;
use crate::decode::{DType, Element, Order};
use std::io::Write;

/// The data begins at a multiple of this, as NumPy has it.
const ALIGNED: usize = 64;

pub(in crate::export) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    array.check_fits(export.source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    let item = own_bytes(&array.item);
    let Some(descr) = item.descr() else {
        return refused(format!(
            "A .npy file can't hold {item}: its fields overlap. Export it as raw bytes."
        ));
    };
    let as_it_lies = !array.item.shares_bytes() && !has_swapped_bfloat16(&item);
    let order = if as_it_lies { array.order() } else { None };
    let fortran = if order == Some(MemoryOrder::F) { "True" } else { "False" };
    let dict =
        format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {}, }}", tuple(&array.shape));
    out.write_all(&header(&dict))?;
    match (order, array.extent()) {
        // Also what has Fortran's order, as it lies.
        (Some(_), Some(span)) => {
            export.progress.set_total(span.len());
            copy(export.source, span, export, out)
        }
        _ if !has_swapped_bfloat16(&item) => own_bytes_of(export, &mut |bytes| Ok(out.write_all(bytes)?)),
        _ => own_bytes_of(export, &mut |bytes| {
            let mut swapped = bytes.to_vec();
            let size = usize::try_from(item.group_bytes()).unwrap_or(usize::MAX).max(1);
            swapped.chunks_exact_mut(size).for_each(|group| swap_bfloat16(&item, group));
            Ok(out.write_all(&swapped)?)
        }),
    }
}

/// Whether there is a big-endian bfloat16, also as a field.
pub(super) fn has_swapped_bfloat16(item: &ItemType) -> bool {
    match item {
        ItemType::Scalar(dtype) => *dtype == SWAPPED_BFLOAT16,
        ItemType::Array(array) => has_swapped_bfloat16(&array.item),
        ItemType::Record(record) => record.fields.iter().any(|field| has_swapped_bfloat16(&field.item)),
        ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Void(_) | ItemType::Pascal(_) => false,
        ItemType::Time(_) | ItemType::Packed(_) | ItemType::Quant(_) => false,
    }
}

const SWAPPED_BFLOAT16: DType = DType::new(Element::Bf16, Order::Big);

/// Makes each big-endian bfloat16 of one item little-endian.
fn swap_bfloat16(item: &ItemType, group: &mut [u8]) {
    match item {
        ItemType::Scalar(dtype) if *dtype == SWAPPED_BFLOAT16 => group.reverse(),
        ItemType::Array(array) if has_swapped_bfloat16(&array.item) => {
            let size = usize::try_from(array.item.group_bytes()).unwrap_or(usize::MAX).max(1);
            group.chunks_exact_mut(size).for_each(|part| swap_bfloat16(&array.item, part));
        }
        ItemType::Record(record) => {
            for field in record.fields.iter().filter(|field| has_swapped_bfloat16(&field.item)) {
                group.get_mut(field.place()).into_iter().for_each(|part| swap_bfloat16(&field.item, part));
            }
        }
        _ => {}
    }
}

fn header(dict: &str) -> Vec<u8> {
    let version = match dict {
        dict if !dict.is_ascii() => 3,
        dict if dict.len() + ALIGNED > usize::from(u16::MAX) => 2,
        _ => 1,
    };
    let before = if version == 1 { 10 } else { 12 };
    let len = (before + dict.len() + 1).next_multiple_of(ALIGNED) - before;
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    match version {
        1 => bytes.extend((len as u16).to_le_bytes()),
        _ => bytes.extend((len as u32).to_le_bytes()),
    }
    bytes.extend(dict.bytes());
    bytes.resize(before + len - 1, b' ');
    bytes.push(b'\n');
    bytes
}
