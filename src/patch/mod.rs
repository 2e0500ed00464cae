//! Patches: what became of one file in another, written, read, checked and applied, one file a format.
//!
//! A format is read and written in the same file, so that both sides of it stay together. What a patch says of the old
//! file (its bytes, its checksum, its length) is checked before anything is made of it. Nothing that stands in a patch is
//! believed: lengths are compared with what is there before room is made, and what is unpacked goes to a temporary file.
//! Applying answers edits, or the bytes of the new file; saving them is for others.
//!
//! | file | format | written | read | undone |
//! |---|---|---|---|---|
//! | `json` | our own, with old and new bytes | yes | yes | yes |
//! | `text` | our own, for people, with old and new bytes | yes | yes | yes |
//! | `ips` | IPS, up to 16 MiB | yes | yes | no |
//! | `bps` | BPS, with checksums | yes | yes | no |
//! | `bsdiff` | bsdiff 4 | no | yes | no |

mod bps;
mod bsdiff;
mod change;
mod cursor;
mod error;
mod ips;
mod json;
mod text;

use crate::bytes::{SharedSource, Source, Span};
use crate::document::Splice;
use crate::job::Progress;
pub use change::PatchChange;
pub use error::PatchError;
use std::io::Write;

/// A format of patches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchFormat {
    Json,
    Text,
    Ips,
    Bps,
    Bsdiff,
}

impl PatchFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Json, Self::Text, Self::Ips, Self::Bps, Self::Bsdiff];

    /// Its name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Text => "text",
            Self::Ips => "ips",
            Self::Bps => "bps",
            Self::Bsdiff => "bsdiff",
        }
    }

    /// The format with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// The format of a patch, by its first bytes.
    pub fn of(patch: &[u8]) -> Option<Self> {
        let first = patch.iter().find(|byte| !byte.is_ascii_whitespace());
        match patch {
            _ if patch.starts_with(ips::MAGIC) => Some(Self::Ips),
            _ if patch.starts_with(bps::MAGIC) => Some(Self::Bps),
            _ if patch.starts_with(bsdiff::MAGIC) => Some(Self::Bsdiff),
            _ if first == Some(&b'{') => Some(Self::Json),
            _ if matches!(first, Some(b'#' | b'@')) || patch.starts_with(b"file:") => Some(Self::Text),
            _ => None,
        }
    }

    /// Whether insertions and deletions are changes of their own in it; in the other format all after them are.
    pub const fn has_insertions(self) -> bool {
        match self {
            Self::Json | Self::Text | Self::Bps | Self::Bsdiff => true,
            Self::Ips => false,
        }
    }
}

/// A place where two files differ: a span of the old one and what it became in the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PatchPlace {
    pub old: Span,
    pub new: Span,
}

/// Two files of which a patch is made.
#[derive(Clone, Copy, Debug)]
pub struct PatchSides<'a> {
    pub old: &'a dyn Source,
    pub new: &'a dyn Source,
    /// What the old one is called.
    pub name: &'a str,
    pub progress: &'a Progress,
}

/// Writes a patch in a format. The places are sorted and apart; what is between them is equal.
///
/// # Errors
/// [`PatchError`] when the format can't hold the change, a file can't be read, or the patch can't be written.
pub fn write(
    format: PatchFormat,
    sides: &PatchSides<'_>,
    places: &[PatchPlace],
    out: &mut dyn Write,
) -> Result<(), PatchError> {
    match format {
        PatchFormat::Json => json::write(sides, places, out),
        PatchFormat::Text => text::write(sides, places, out),
        PatchFormat::Ips => ips::write(sides, places, out),
        PatchFormat::Bps => bps::write(sides, places, out),
        PatchFormat::Bsdiff => Err(PatchError::NotWritten),
    }
}

/// What a patch makes of a file.
#[derive(Debug)]
pub enum Patched {
    /// Edits of the file, sorted and apart.
    Edits(Vec<Splice>),
    /// The new file.
    Whole(SharedSource),
}

/// Whether a patch is applied or taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchWay {
    Apply,
    TakeBack,
}

/// Checks a patch against a file, and answers what it makes of it.
///
/// # Errors
/// [`PatchError`] when it is no patch, is damaged, or is not about this file.
pub fn apply(
    patch: &[u8],
    file: &dyn Source,
    way: PatchWay,
    progress: &Progress,
) -> Result<Patched, PatchError> {
    let format = PatchFormat::of(patch).ok_or(PatchError::NoPatch)?;
    if way == PatchWay::TakeBack && !matches!(format, PatchFormat::Json | PatchFormat::Text) {
        return Err(PatchError::NoWayBack(format.name()));
    }
    match format {
        PatchFormat::Json => change::edits(json::read(patch)?, file, way, progress).map(Patched::Edits),
        PatchFormat::Text => change::edits(text::read(patch)?, file, way, progress).map(Patched::Edits),
        PatchFormat::Ips => ips::edits(patch, file).map(Patched::Edits),
        PatchFormat::Bps => bps::apply(patch, file, progress).map(Patched::Whole),
        PatchFormat::Bsdiff => bsdiff::apply(patch, file, progress).map(Patched::Whole),
    }
}
