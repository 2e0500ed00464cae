//! Containers of arrays: which arrays a file holds, found in its header, never by reading the arrays.
//!
//! A format is a file here and a line in [`FORMATS`]. A header can't be trusted: every length is checked against the
//! bytes that are there and a fixed limit before anything is allocated (a hole makes a file long for nothing), and
//! anything unusual becomes a [`Finding`], not a refusal, as long as something can be shown. Nothing is ever unpickled
//! or run.

mod check;
pub mod gguf;
mod header;
pub(crate) mod json;
pub mod npy;
pub mod npz;
pub mod safetensors;

use crate::bytes::{SharedSource, Source, Span};
use crate::decode::Order;
use crate::decode::array::{Array, ArrayError, MemoryOrder};
use crate::decode::dtype::ItemType;
use crate::job::Progress;
use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

/// A file's arrays.
#[derive(Clone, Debug)]
pub struct Container {
    /// `NumPy array`, `safetensors`.
    pub format: &'static str,
    /// In the order of the file.
    pub entries: Vec<Entry>,
    pub metadata: Vec<Meta>,
    pub findings: Vec<Finding>,
    /// The bytes that describe the arrays.
    pub header: Span,
    /// Of an archive the numbers of the entries that are called just as their members, in ascending order: the others'
    /// members have `.npy` at the end.
    pub whole_names: Option<Vec<u32>>,
}

/// One array of a container.
#[derive(Clone, Debug)]
pub struct Entry {
    pub name: Box<str>,
    /// What its values are shown as; a byte where `unshown` says what it is.
    pub item: ItemType,
    pub shape: Box<[u64]>,
    pub order: MemoryOrder,
    pub home: Home,
    /// Of an array that can't be shown, as its type is none of ours or not known, or it has too many sides: what its file
    /// says of it.
    pub unshown: Option<Arc<Unshown>>,
}

/// What a file says of an array whose values can't be shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unshown {
    /// The type by the file's own name: `IQ2_XXS`, `|O`; `None` where nothing is known of it.
    pub type_name: Option<Box<str>>,
    /// Whether its shape is known.
    pub has_shape: bool,
    pub bytes: Option<u64>,
}

/// Where an array's bytes are.
#[derive(Clone, Debug, PartialEq)]
pub enum Home {
    /// In this file, from this byte on.
    Here(u64),
    /// In this file, deflated: these bytes make so many, with this checksum (CRC-32), and the array begins so many bytes
    /// into them.
    Deflated { span: Span, len: u64, offset: u64, crc: u32 },
    /// In another file of the same folder, under the same name.
    File(Arc<str>),
    /// Not to be shown, and why.
    Nowhere(Box<str>),
}

/// A fact of the header that is no array.
#[derive(Clone, Debug, PartialEq)]
pub struct Meta {
    pub key: Box<str>,
    /// Long values are cut, with an ellipsis.
    pub value: Box<str>,
    /// Its bytes in the file, where it stands there as such.
    pub span: Option<Span>,
    /// Whether [`Format::set_metadata`] takes another value.
    pub editable: bool,
}

/// Something odd about a header, as a sentence, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub text: String,
    pub span: Option<Span>,
}

/// Why a file that looks like a format can't be read as it. Its `Display` is a sentence that says what is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct FormatError {
    pub text: String,
    pub span: Option<Span>,
}

impl Container {
    /// Whether arrays have UTF-32 text in this byte order.
    pub fn has_text(&self, order: Order) -> bool {
        self.entries.iter().any(|entry| entry.item.has_text(order))
    }
}

/// The bytes of an array that does not lie in its file as it is.
#[derive(Clone, Debug)]
pub struct EntryBytes {
    pub source: SharedSource,
    /// Why the bytes are not to be trusted, as a sentence: they have another checksum than the file says.
    pub damage: Option<String>,
}

/// Bytes of a file's start that [`Format::recognises`] is given, fewer if it is shorter.
pub const HEAD: usize = 64;

/// One kind of container.
pub trait Format: Sync {
    /// `NumPy array`.
    fn label(&self) -> &'static str;

    /// Whether a file of this name that begins with `head` is to be read as this format.
    fn recognises(&self, head: &[u8], path: &Path) -> bool;

    /// Reads the header. Blocks; workers only.
    ///
    /// # Errors
    /// [`FormatError`] when nothing of it can be shown.
    fn read(&self, source: &dyn Source, path: &Path, progress: &Progress) -> Result<Container, FormatError>;

    /// Adds to a header that was read what other files beside it say: types and shapes of the tensors of an index.
    /// Blocks; workers only.
    fn complete(&self, container: &mut Container, path: &Path, progress: &Progress) {
        let _ = (container, path, progress);
    }

    /// The bytes of an array that does not lie in the file as it is: all of them, or those of `part`. Blocks; workers
    /// only. The progress counts bytes that are kept. A checksum is compared where the bytes are needed up to the end.
    ///
    /// # Errors
    /// [`FormatError`] when the array lies in the file as it is or is in none, more than `limit` bytes would be kept,
    /// or what is in the file is so damaged that no bytes come out.
    fn open_entry(
        &self,
        source: &dyn Source,
        home: &Home,
        part: Option<Span>,
        limit: u64,
        progress: &Progress,
    ) -> Result<EntryBytes, FormatError> {
        let _ = (source, home, part, limit, progress);
        Err(FormatError::new("The array is not compressed.", None))
    }

    /// The bytes that give the metadata `key` another value, in place of those of the span: as many.
    ///
    /// # Errors
    /// A sentence: no such key, a value that the header has no room for, a header that can't be changed.
    fn set_metadata(&self, source: &dyn Source, key: &str, value: &str) -> Result<(Span, Vec<u8>), String> {
        let _ = (source, key, value);
        Err(format!("The metadata of a {} can't be changed here.", self.label()))
    }

    /// Whether [`Self::follow_up`] ever has an answer.
    fn has_follow_up(&self) -> bool {
        false
    }

    /// Whether such a file is always one array, and not a container of any number of them.
    fn is_one_array(&self) -> bool {
        false
    }

    /// Whether the array of such a file can be made longer: its header may say so, and nothing comes behind.
    fn can_grow(&self) -> bool {
        false
    }

    /// What has to change with the bytes of `changed`, which already are as they shall be: checksums. Each span gets as
    /// many bytes as it has; to be part of the same edit, or of the save. Blocks; workers only.
    ///
    /// # Errors
    /// [`FormatError`] when the header can't be read, or on a read error; cancelled.
    fn follow_up(
        &self,
        source: &dyn Source,
        changed: &[Span],
        progress: &Progress,
    ) -> Result<Vec<(Span, Vec<u8>)>, FormatError> {
        let _ = (source, changed, progress);
        Ok(Vec::new())
    }
}

/// All formats, the most certain first.
pub const FORMATS: &[&dyn Format] =
    &[&npy::Npy, &npz::Npz, &gguf::Gguf, &safetensors::Shards, &safetensors::Safetensors];

/// The format that a file of this name is to be read as; `head` are its first bytes, [`HEAD`] are enough.
pub fn recognise(head: &[u8], path: &Path) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.recognises(head, path))
}

/// The same, of a source. Blocks; workers only. `None` as well when its first bytes can't be read.
pub fn recognise_source(source: &dyn Source, path: &Path) -> Option<&'static dyn Format> {
    let mut head = vec![0; HEAD.min(usize::try_from(source.len()).unwrap_or(HEAD))];
    source.read_at(0, &mut head).ok()?;
    recognise(&head, path)
}

/// Whether a file keeps checksums of its bytes: a zip archive does, whatever it is called (`.pt`, `.docx`), and is known
/// by its directory. Blocks; workers only.
pub fn keeps_checksums(source: &dyn Source, path: &Path) -> bool {
    recognise_source(source, path).is_some_and(Format::has_follow_up) || npz::is_zip(source)
}

/// Whether a file of this name is an archive, and so keeps checksums: a guess while its bytes have not been looked at.
pub fn is_named_archive(path: &Path) -> bool {
    let end = path.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    npz::ENDINGS.contains(&&*end)
}

/// As [`Format::follow_up`], of any file that [`keeps_checksums`].
///
/// # Errors
/// As of [`Format::follow_up`].
pub fn follow_up(
    source: &dyn Source,
    path: &Path,
    changed: &[Span],
    progress: &Progress,
) -> Result<Vec<(Span, Vec<u8>)>, FormatError> {
    match recognise_source(source, path).filter(|format| format.has_follow_up()) {
        Some(format) => format.follow_up(source, changed, progress),
        None if npz::is_zip(source) => npz::Npz.follow_up(source, changed, progress),
        None => Ok(Vec::new()),
    }
}

/// What the changes of [`follow_up`] hide, as sentences: they recalculate the checksums of zip members that were
/// already damaged in `old`, before the edits. Blocks; workers only.
pub fn damaged_before(
    old: &dyn Source,
    new: &dyn Source,
    changes: &[(Span, Vec<u8>)],
    progress: &Progress,
) -> Vec<String> {
    if changes.is_empty() { Vec::new() } else { npz::damaged_before(old, new, changes, progress) }
}

/// What edits break that no checksum can follow, as sentences: compressed and encrypted members of a zip archive.
/// Blocks; workers only.
pub fn broken_by(source: &dyn Source, changed: &[Span]) -> Vec<String> {
    if npz::is_zip(source) { npz::broken_by(source, changed) } else { Vec::new() }
}

impl Container {
    /// The index of the array of this name; of several, the last one, as a Python dict has it. In an archive, as in
    /// NumPy, `w.npy` is also `w`.
    pub fn find(&self, name: &str) -> Option<usize> {
        let last = |name: &str| self.entries.iter().rposition(|entry| &*entry.name == name);
        last(name).or_else(|| {
            let whole_names = self.whole_names.as_ref()?;
            let stripped =
                |at: &usize| u32::try_from(*at).is_ok_and(|at| whole_names.binary_search(&at).is_err());
            name.strip_suffix(".npy").and_then(last).filter(stripped)
        })
    }
}

impl Entry {
    /// Its elements as an array that begins at `offset`.
    ///
    /// # Errors
    /// When there is no such array.
    pub fn array_at(&self, offset: u64) -> Result<Array, ArrayError> {
        Array::new(self.item.clone(), offset, self.shape.to_vec(), self.order)
    }

    /// Its elements as an array of the file itself, which has `len` bytes; `None` where they are elsewhere or not whole.
    pub fn array_here(&self, len: u64) -> Option<Array> {
        let Home::Here(offset) = self.home else { return None };
        self.array_at(offset).ok().filter(|array| array.check_fits(len).is_ok())
    }

    /// Bytes of the array; `None` when they are not known, no whole number, or more than 64 bits can count.
    pub fn bytes(&self) -> Option<u64> {
        match &self.unshown {
            Some(unshown) => unshown.bytes,
            None => header::data_bytes(&self.item, &self.shape),
        }
    }

    /// The name of its type; `None` when it is not known.
    pub fn type_name(&self) -> Option<Cow<'_, str>> {
        match &self.unshown {
            Some(unshown) => unshown.type_name.as_deref().map(Cow::Borrowed),
            None => Some(Cow::Owned(self.item.to_string())),
        }
    }

    /// Its shape; `None` when it is not known.
    pub fn known_shape(&self) -> Option<&[u64]> {
        let is_known = self.unshown.as_ref().is_none_or(|unshown| unshown.has_shape);
        is_known.then_some(&*self.shape)
    }
}
