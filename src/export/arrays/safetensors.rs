//! A safetensors file of one tensor.
//!
//! The format knows little-endian numbers in C order only; other types are refused by name.

use super::copy::copy;
use super::json::quoted;
use super::values::own_bytes_of;
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::array::MemoryOrder;
use crate::decode::dtype::ItemType;
use crate::decode::{Dialect, Order};
use std::io::Write;

pub(in crate::export) fn write(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    array.check_fits(export.source.len()).map_err(|error| ExportError::Refused(error.to_string()))?;
    let item = own_bytes(&array.item);
    let known = match &item {
        ItemType::Scalar(dtype) => dtype.element.name_in(Dialect::Safetensors),
        _ => None,
    };
    let Some(dtype) = known else {
        return refused(format!("safetensors has no type for {item}. Export it as .npy or as raw bytes."));
    };
    let swaps = matches!(&item, ItemType::Scalar(dtype) if dtype.order == Order::Big && dtype.size() > 1);
    let name = if export.name.is_empty() { "array" } else { export.name };
    let size = item.group_bytes() as usize;
    let shape = array.shape.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
    let len = array.items().saturating_mul(size as u64);
    let mut json =
        format!(r#"{{{}:{{"dtype":"{dtype}","shape":[{shape}],"data_offsets":[0,{len}]}}}}"#, quoted(name));
    json.extend(std::iter::repeat_n(' ', json.len().next_multiple_of(8) - json.len()));
    out.write_all(&(json.len() as u64).to_le_bytes())?;
    out.write_all(json.as_bytes())?;
    let plain = !array.item.shares_bytes() && array.order() == Some(MemoryOrder::C) && !swaps;
    if let Some(span) = array.extent().filter(|_| plain) {
        return copy(export.source, span, export, out);
    }
    // A complex number is two floats, each swapped by itself.
    let is_complex = matches!(&item, ItemType::Scalar(dtype) if dtype.element.is_complex());
    let part = if is_complex { size / 2 } else { size };
    let mut swapped = Vec::new();
    own_bytes_of(export, &mut |bytes| {
        if !swaps {
            return Ok(out.write_all(bytes)?);
        }
        swapped.clear();
        bytes.chunks_exact(part).for_each(|value| swapped.extend(value.iter().rev()));
        Ok(out.write_all(&swapped)?)
    })
}
