//! Arrays and other data of science. Sources: NumPy's format page; ggml's GGUF page; the HDF5 file format specification;
//! the FITS standard; NIfTI-1; the NetCDF classic format; MATLAB's MAT-file format; Apache's Arrow and Parquet.

use super::signature::{Signature, open_ended};

pub(super) const TABLE: &[Signature] = &[
    Signature::new("NumPy array", "npy", b"\x93NUMPY", 0, |head| {
        let start = if head.u8(6)? == 1 { 10 } else { 12 };
        open_ended(matches!(head.u8(6)?, 1..=3) && head.u8(7)? == 0 && head.has(start, b"{"))
    }),
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
