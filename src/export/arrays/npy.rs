//! A `.npy` file, version 1.0 or, for long headers, 2.0.
//!
//! What NumPy has no type for keeps its size: bfloat16 is written as `V2`, as the ml_dtypes package does it, to be
//! viewed as such when loaded. Quantised values are written as float32, packed ones a byte each.

use super::copy::copy;
use super::values::own_bytes_of;
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::array::{MemoryOrder, tuple};
use std::io::Write;

/// The data begins at a multiple of this, as NumPy has it.
const ALIGNED: usize = 64;

pub(super) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    array.check_fits(export.source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    let item = own_bytes(&array.item);
    let Some(descr) = item.descr() else {
        return refused(format!(
            "NumPy has no type for {item}, so a .npy file can't hold it. Export it as raw bytes."
        ));
    };
    let order = if array.item.shares_bytes() { None } else { array.order() };
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
        _ => own_bytes_of(export, &mut |bytes| Ok(out.write_all(bytes)?)),
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
