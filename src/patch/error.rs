//! Why a patch can't be read, applied or written.

use crate::bytes::ReadError;
use std::io;

/// `Display` is a sentence for the user.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    #[error("This is no patch in a format that pagelens reads: JSON, text, IPS, BPS or bsdiff.")]
    NoPatch,
    /// What is wrong, and at which byte of the patch.
    #[error("The patch is damaged at byte {at:#x}: {what}.")]
    Damaged { what: &'static str, at: usize },
    #[error("The checksum of the patch is wrong: the patch is damaged.")]
    PatchSum,
    /// The file is as the patch would make it.
    #[error("The patch was applied already.")]
    AppliedAlready,
    #[error("The patch is about another file: at {at:#x} it expects {expected}, and the file has {found}.")]
    OtherBytes { at: u64, expected: String, found: String },
    #[error("The patch is about another file: it expects {expected} bytes, and the file has {found}.")]
    OtherLength { expected: u64, found: u64 },
    #[error("The patch is about another file: the checksum of the file is {found:08x}, not {expected:08x}.")]
    OtherSum { expected: u32, found: u32 },
    #[error("The result has the checksum {found:08x}, not {expected:08x}: the patch is damaged.")]
    ResultSum { expected: u32, found: u32 },
    #[error("The patch would make a file of {0} bytes, which is more than patches are applied for.")]
    TooLarge(u64),
    #[error("A patch in the format {0} does not keep the old bytes and can't be taken back.")]
    NoWayBack(&'static str),
    #[error(
        "IPS patches reach only the first 16 MiB of a file, and there is a change at {0:#x}. Use --format bps or json."
    )]
    BeyondIps(u64),
    #[error("bsdiff patches can be applied, but not written. Use --format bps or json.")]
    NotWritten,
    #[error("{0}.")]
    Read(#[from] ReadError),
    #[error("The patch could not be written: {0}.")]
    Write(#[from] io::Error),
    #[error("The result could not be stored in a temporary file: {0}.")]
    Store(io::Error),
    #[error("It was cancelled.")]
    Cancelled,
}
