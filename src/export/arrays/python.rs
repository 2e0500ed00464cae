//! Expressions of Python that make the array: from its file, or from its values.

use super::nest::{Nest, empty};
use super::npy::has_swapped_bfloat16;
use super::values::{bound_empty, own_bytes_of};
use super::{Export, ExportError, own_bytes, refused};
use crate::decode::array::{MemoryOrder, tuple};
use crate::decode::dtype::{Evaluated, ItemType, PythonForm, TimeUnit};
use crate::decode::{DType, Dialect, Element};
use crate::escape::PathText;
use std::io::Write;

const SWAPPED: &str =
    "ml_dtypes has no big-endian bfloat16. Export the array as .npy, which swaps the bytes.";

/// A view of the file itself; whatever its strides.
pub(in crate::export) fn memmap(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let array = export.array;
    let Some(path) = export.path else {
        return refused("The bytes are not in a file that Python can open. Save them first.");
    };
    if array.item.shares_bytes() {
        return refused(format!("NumPy has no type for {}, whose values share bytes.", array.item));
    }
    if has_swapped_bfloat16(&array.item) {
        return refused(SWAPPED);
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

/// `np.array(…, dtype=…)`, which makes the same type, shape and bits.
pub(in crate::export) fn array(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let item = own_bytes(&export.array.item);
    let (dtype, shape) = (item.python(), tuple(&export.array.shape));
    if export.array.items() == 0 || item.group_bytes() == 0 {
        let function = if export.array.items() == 0 { "empty" } else { "zeros" };
        return Ok(writeln!(out, "np.{function}({shape}, dtype={dtype})")?);
    }
    if needs_bytes(&item) {
        // Their bytes would be read as those of the little-endian one.
        if has_swapped_bfloat16(&item) {
            return refused(SWAPPED);
        }
        let literal = crate::export::python::literal(&all_bytes(export)?);
        return Ok(writeln!(out, "np.frombuffer({literal}, dtype={dtype}).reshape({shape})")?);
    }
    write!(out, "np.array(")?;
    let lost = nested(export, PythonForm::Array, out)?;
    write!(out, ", dtype={dtype})")?;
    note(lost, out)
}

/// Lists of lists, which `np.array` makes the same array of when it is given the type.
pub(in crate::export) fn list(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let lost = nested(export, PythonForm::List, out)?;
    note(lost, out)
}

/// Whether Python has no literals for all values of the type: NumPy reads long complex numbers no more exactly than
/// short ones, and no datetime64 without a unit.
fn needs_bytes(item: &ItemType) -> bool {
    match item {
        ItemType::Scalar(dtype) => dtype.element == Element::Complex256,
        ItemType::Time(time) => !time.delta && time.unit == TimeUnit::Generic,
        ItemType::Text(..) => false,
        ItemType::Array(array) => needs_bytes(&array.item),
        ItemType::Record(record) => record.fields.iter().any(|field| needs_bytes(&field.item)),
        ItemType::Bytes(_) | ItemType::Void(_) | ItemType::Pascal(_) => false,
        ItemType::Packed(_) | ItemType::Quant(_) => false,
    }
}

/// Ends the line; says how many values could not be written to the bit.
fn note(lost: u64, out: &mut dyn Write) -> Result<(), ExportError> {
    match lost {
        0 => writeln!(out)?,
        1 => writeln!(out, "  # the bits of 1 value differ: {LOST}")?,
        _ => writeln!(out, "  # the bits of {lost} values differ: {LOST}")?,
    }
    Ok(())
}

/// What Python can't write.
const LOST: &str = "Python has no literal for them (a NaN with a payload, or unused bits)";

/// The values in lists; how many of them lost bits.
fn nested(export: &Export<'_>, form: PythonForm, out: &mut dyn Write) -> Result<u64, ExportError> {
    let array = export.array;
    if array.items() == 0 {
        write!(out, "{}", empty(&array.shape, "[", "]")?)?;
        return Ok(0);
    }
    let item = own_bytes(&array.item);
    let size = usize::try_from(item.group_bytes()).unwrap_or(usize::MAX);
    let mut nest = Nest::new(&array.shape);
    let (mut line, mut lost) = (String::new(), 0);
    let mut push = |bytes: &[u8]| {
        line.clear();
        line.extend(std::iter::repeat_n('[', nest.opening().0));
        let evaluated = item.format_python(bytes, form, &mut line);
        let evaluated = evaluated.map_err(|error| {
            ExportError::Refused(format!(
                "The values can't be written as a list: {error}. Export the array as .npy."
            ))
        })?;
        lost += u64::from(evaluated == Evaluated::Nearest);
        line.extend(std::iter::repeat_n(']', nest.closing()));
        if !nest.is_ended() {
            line.push_str(", ");
        }
        Ok(out.write_all(line.as_bytes())?)
    };
    if size == 0 {
        bound_empty(array)?;
        (0..array.items()).try_for_each(|_| push(&[]))?;
    } else {
        own_bytes_of(export, &mut |bytes| bytes.chunks_exact(size).try_for_each(&mut push))?;
    }
    Ok(lost)
}

/// The type, and its code of `struct` and of `array.array`. Complex codes are too new for most Pythons.
fn scalar(export: &Export<'_>) -> Result<(DType, &'static str), ExportError> {
    let item = own_bytes(&export.array.item);
    if let ItemType::Scalar(dtype) = item
        && let Some(code) = dtype.element.name_in(Dialect::Struct).filter(|_| !dtype.element.is_complex())
    {
        return Ok((dtype, code));
    }
    refused(format!("Python's struct has no code for {item}. Copy it as np.array or as a list."))
}

pub(in crate::export) fn unpack(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let (dtype, code) = scalar(export)?;
    let bytes = all_bytes(export)?;
    let literal = crate::export::python::literal(&bytes);
    Ok(writeln!(out, "struct.unpack('{}{}{code}', {literal})", dtype.order.mark(), export.array.items())?)
}

pub(in crate::export) fn array_array(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let (dtype, code) = scalar(export)?;
    if matches!(code, "e" | "?") {
        return refused(format!(
            "array.array has no type code for {}. Copy it as np.array.",
            dtype.element.name()
        ));
    }
    let flat = crate::decode::array::Array { shape: vec![export.array.items()], ..export.array.clone() };
    write!(out, "array.array('{code}', ")?;
    let lost = if export.array.shape.len() == 1 {
        nested(export, PythonForm::List, out)?
    } else {
        // Its values have one side, whatever the array's shape.
        let bytes = all_bytes(export)?;
        let source = crate::bytes::MemorySource::new(bytes);
        let item = ItemType::Scalar(dtype);
        let flat = crate::decode::array::Array::new(item, 0, flat.shape, MemoryOrder::C);
        let flat = flat.map_err(|error| ExportError::Refused(error.to_string()))?;
        nested(&Export { source: &source, array: &flat, ..*export }, PythonForm::List, out)?
    };
    write!(out, ")")?;
    note(lost, out)
}

pub(in crate::export) fn bytes(export: &Export<'_>, out: &mut dyn Write) -> Result<(), ExportError> {
    let literal = crate::export::python::literal(&all_bytes(export)?);
    Ok(writeln!(out, "{literal}")?)
}

/// All bytes at once, which is for what is copied only.
fn all_bytes(export: &Export<'_>) -> Result<Vec<u8>, ExportError> {
    let mut bytes = Vec::new();
    own_bytes_of(export, &mut |part| {
        if bytes.len() as u64 + part.len() as u64 > super::MAX_TEXT_BYTES {
            return refused("The values are too many for one line of Python. Export the array as .npy.");
        }
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    Ok(bytes)
}
