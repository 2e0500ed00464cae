//! A line of the table of signatures.

use super::head::Head;
use super::lengths::OpenEnd;

/// What a check says of a header that can be one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Claim {
    /// Bytes of the file, where its header tells them and the source has them.
    pub len: Option<u64>,
}

/// A kind of file and how to tell it.
#[derive(Debug)]
pub(super) struct Signature {
    pub name: &'static str,
    pub extension: &'static str,
    /// Bytes that all such files have.
    pub magic: &'static [u8],
    /// Where the magic stands, from the start of the file.
    pub at: usize,
    /// How what follows directly is told.
    pub series: Series,
    /// How its end is found that the header does not tell.
    pub open_end: Option<OpenEnd>,
    /// `None` where the header around the magic can't be one.
    pub check: fn(Head<'_>) -> Option<Claim>,
}

/// Whether such a header begins a file, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Series {
    /// Each is a file.
    Single,
    /// A member of an archive: one that begins where the last one ends belongs to the same archive.
    Member,
    /// A member of a zip archive, which ends with its directory.
    ZipMember,
    /// The end of a zip archive.
    ZipEnd,
}

impl Signature {
    /// A kind of which each header is a file.
    pub const fn new(
        name: &'static str,
        extension: &'static str,
        magic: &'static [u8],
        at: usize,
        check: fn(Head<'_>) -> Option<Claim>,
    ) -> Self {
        Self { name, extension, magic, at, series: Series::Single, open_end: None, check }
    }

    /// The same, as a part of something longer.
    pub const fn series(self, series: Series) -> Self {
        Self { series, ..self }
    }

    /// The same, whose end is looked for in this way.
    pub const fn ends_as(self, open_end: OpenEnd) -> Self {
        Self { open_end: Some(open_end), ..self }
    }
}

/// A header that is right, of a file whose length it does not tell.
pub(super) fn open_ended(is_right: bool) -> Option<Claim> {
    is_right.then_some(Claim::default())
}

/// A header that is right, of a file of this length; a length that the source has no room for is wrong.
pub(super) fn of_length(head: Head<'_>, len: u64) -> Option<Claim> {
    head.fitting(len).map(|len| Claim { len: Some(len) })
}

/// The same; a file that is cut short is one too.
pub(super) fn of_length_or_cut(head: Head<'_>, len: u64) -> Option<Claim> {
    Some(Claim { len: head.fitting(len) })
}
