//! Expressions of Python that make the array: from its file, or from its values.

use super::nest::{Nest, empty};
use super::values::{for_each, own_bytes_of};
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::array::{MemoryOrder, tuple};
use crate::decode::item::ItemType;
use crate::decode::{DType, Element, NumberStyle};
use crate::escape::PathText;
use std::io::Write;

/// A view of the file itself; whatever its strides.
pub(super) fn memmap(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    let Some(path) = export.path else {
        return refused("The bytes lie in no file that Python could open. Save them first.");
    };
    if array.item.shares_bytes() {
        return refused(format!("NumPy has no type for {}, whose values share their bytes.", array.item));
    }
    let path = crate::decode::slice::quoted(&path.typed());
    let (dtype, shape, offset) = (array.item.python(), tuple(&array.shape), array.offset);
    let text = match array.order() {
        Some(order) if array.items() > 0 => {
            let order = if order == MemoryOrder::F { ", order='F'" } else { "" };
            format!("np.memmap({path}, dtype={dtype}, mode='r', offset={offset}, shape={shape}{order})")
        }
        _ if array.items() == 0 => format!("np.empty({shape}, dtype={dtype})"),
        _ => format!(
            "np.ndarray({shape}, dtype={dtype}, buffer=np.memmap({path}, mode='r'), offset={offset}, strides={})",
            tuple(&array.strides)
        ),
    };
    Ok(writeln!(out, "{text}")?)
}

pub(super) fn array(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    write!(out, "np.array(")?;
    nested(export, "np.nan", "np.inf", out)?;
    Ok(writeln!(out, ", dtype={})", own_bytes(&export.array.item).python())?)
}

pub(super) fn list(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    nested(export, "float('nan')", "float('inf')", out)?;
    Ok(writeln!(out)?)
}

/// The values in lists, with these words for what Python has no literal for.
fn nested(export: &Export<'_>, nan: &str, inf: &str, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    if array.items() == 0 {
        return Ok(write!(out, "{}", empty(&array.shape, "[", "]"))?);
    }
    let mut nest = Nest::new(&array.shape);
    let (mut text, mut line) = (String::new(), String::new());
    for_each(export, &mut |group, item| {
        line.clear();
        line.extend(std::iter::repeat_n('[', nest.opening().0));
        text.clear();
        array.item.format(group, item, &NumberStyle::Shortest, &mut text);
        match text.as_str() {
            "inf" => line.push_str(inf),
            "-inf" => line.extend(["-", inf]),
            // Python has no way to write a payload.
            nan_text if nan_text.trim_start_matches('-').starts_with("nan") => line.push_str(nan),
            "NaT" => line.push_str("'NaT'"),
            text if matches!(array.item, ItemType::Time(_)) && !text.starts_with('\'') => {
                line.extend(["'", text, "'"]);
            }
            text => line.push_str(text),
        }
        line.extend(std::iter::repeat_n(']', nest.closing()));
        if !nest.is_ended() {
            line.push_str(", ");
        }
        Ok(out.write_all(line.as_bytes())?)
    })
}

/// The code of `struct` and of `array.array` for a type.
fn code(dtype: DType) -> Option<char> {
    Some(match dtype.element {
        Element::U8 => 'B',
        Element::U16 => 'H',
        Element::U32 => 'I',
        Element::U64 => 'Q',
        Element::I8 => 'b',
        Element::I16 => 'h',
        Element::I32 => 'i',
        Element::I64 => 'q',
        Element::F16 => 'e',
        Element::F32 => 'f',
        Element::F64 => 'd',
        Element::Bool => '?',
        _ => return None,
    })
}

fn scalar(export: &Export<'_>) -> Result<(DType, char), ExportError> {
    let item = own_bytes(&export.array.item);
    if let ItemType::Scalar(dtype) = item
        && let Some(code) = code(dtype)
    {
        return Ok((dtype, code));
    }
    refused(format!("Python's struct has no code for {item}. Copy it as np.array or as a list."))
}

pub(super) fn unpack(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let (dtype, code) = scalar(export)?;
    let bytes = all_bytes(export)?;
    let literal = crate::export::python::literal(&bytes);
    Ok(writeln!(out, "struct.unpack('{}{}{code}', {literal})", dtype.order.mark(), export.array.items())?)
}

pub(super) fn array_array(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let (dtype, code) = scalar(export)?;
    if matches!(code, 'e' | '?') {
        return refused(format!(
            "array.array has no type code for {}. Copy it as np.array.",
            dtype.element.name()
        ));
    }
    let flat = crate::decode::array::Array { shape: vec![export.array.items()], ..export.array.clone() };
    write!(out, "array.array('{code}', ")?;
    if export.array.shape.len() == 1 {
        nested(export, "float('nan')", "float('inf')", out)?;
    } else {
        // Its values have one side, whatever the array's shape.
        let bytes = all_bytes(export)?;
        let source = crate::bytes::MemorySource::new(bytes);
        let item = ItemType::Scalar(dtype);
        let flat = crate::decode::array::Array::new(item, 0, flat.shape, MemoryOrder::C);
        let flat = flat.map_err(|error| ExportError::Refused(error.to_string()))?;
        nested(&Export { source: &source, array: &flat, ..*export }, "float('nan')", "float('inf')", out)?;
    }
    Ok(writeln!(out, ")")?)
}

pub(super) fn bytes(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let literal = crate::export::python::literal(&all_bytes(export)?);
    Ok(writeln!(out, "{literal}")?)
}

/// All bytes at once, which is for what is copied only.
fn all_bytes(export: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    own_bytes_of(export, &mut |part| {
        if bytes.len() as u64 + part.len() as u64 > super::MAX_TEXT_BYTES {
            return refused("This is too much for one line of Python. Export it as .npy.");
        }
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    Ok(bytes)
}
