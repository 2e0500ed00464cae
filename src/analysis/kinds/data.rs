//! Arrays and other data of science. Sources: NumPy's format page; ggml's GGUF page; the HDF5 file format specification;
//! the FITS standard; NIfTI-1; the NetCDF classic format; MATLAB's MAT-file format; Apache's Arrow and Parquet.

use super::head::Head;
use super::signature::{Claim, Signature, open_ended};
use crate::decode::dtype::ItemType;
use crate::decode::literal::{Literal, header_pairs, header_value};

/// Keys of a header and axes of an array, at most.
const MOST_KEYS: usize = 64;
const MOST_AXES: usize = 64;

pub(super) const TABLE: &[Signature] = &[
    Signature::new("NumPy array", "npy", b"\x93NUMPY", 0, npy),
    Signature::new("GGUF model", "gguf", b"GGUF", 0, |head| {
        open_ended((1..=3).contains(&head.le32(4)?) && head.le64(8)? < 1 << 24 && head.le64(16)? < 1 << 24)
    }),
    Signature::new("HDF5 file", "h5", b"\x89HDF\r\n\x1a\n", 0, |head| open_ended(head.u8(8)? <= 3)),
    Signature::new("FITS file", "fits", b"SIMPLE  =                    T", 0, |_| open_ended(true)),
    Signature::new("NIfTI image", "nii", b"n+1\0", 344, |head| {
        open_ended(head.le32(0)? == 348 || head.be32(0)? == 348)
    }),
    Signature::new("NetCDF file", "nc", b"CDF", 0, |head| {
        let (version, records) = (head.u8(3)?, head.be32(4)?);
        // The tag of the list of dimensions, or none.
        let tag = if version == 5 { head.be32(12)? } else { head.be32(8)? };
        open_ended(matches!(version, 1 | 2 | 5) && records < 1 << 31 && matches!(tag, 0 | 10))
    }),
    Signature::new("MATLAB data", "mat", b"MATLAB 5.0 MAT-file", 0, |head| {
        open_ended(head.has(126, b"IM") || head.has(126, b"MI"))
    }),
    Signature::new("Arrow file", "arrow", b"ARROW1\0\0", 0, |_| open_ended(true)),
    Signature::new("Parquet file", "parquet", b"PAR1\x15", 0, |_| open_ended(true)),
];

/// A header and the elements that it tells of. Python objects have no known length.
fn npy(head: Head<'_>) -> Option<Claim> {
    let (version, minor) = (head.u8(6)?, head.u8(7)?);
    let (start, len) = if version == 1 { (10, head.le16(8)?) } else { (12, head.le32(8)?) };
    if !matches!(version, 1..=3) || minor != 0 || !head.has(start, b"{") {
        return None;
    }
    let elements = || {
        let header = head.part(start, usize::try_from(len).ok()?)?;
        elements_len(std::str::from_utf8(header).ok()?)
    };
    let whole = elements().and_then(|elements| elements.checked_add(start as u64 + len));
    Some(Claim { len: whole.and_then(|whole| head.fitting(whole)) })
}

/// Bytes of the elements that the dict of a header describes.
fn elements_len(dict: &str) -> Option<u64> {
    let (pairs, ..) = header_pairs(dict, MOST_KEYS).ok()?;
    let value = |wanted: &str| {
        let is_wanted = |key: &Literal| matches!(key, Literal::Str(name) if name == wanted);
        let pair = pairs.iter().rfind(|pair| is_wanted(&pair.key))?;
        dict.get(pair.value.clone())
    };
    let item = ItemType::from_descr(value("descr")?).ok()?;
    let Ok(Literal::Tuple(sides)) = header_value(value("shape")?, MOST_AXES + 1) else { return None };
    sides.into_iter().try_fold(item.group_bytes(), |bytes, side| match side {
        Literal::Int(side) => bytes.checked_mul(u64::try_from(side).ok()?),
        _ => None,
    })
}
