//! The request of a save, and its result.

use super::edited_over::EditedOver;
use super::generation::Generation;
use super::local::disk::WriteWatch;
use super::plan::SaveWay;
use crate::bytes::{FileIdentity, Location, Origin, SharedSource, Source, Span, Version};
use crate::document::{KeptRun, Overwrites};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What to write, and where. Cheap to clone; it owns what it names.
#[derive(Clone, Debug)]
pub struct SaveRequest {
    /// All bytes of the file to be: a snapshot of the document.
    pub snapshot: SharedSource,
    /// What is to be written to make the snapshot of `generation`, each at its own offset.
    pub overwrites: Option<Overwrites>,
    /// Long runs of `generation` that the snapshot has, wherever they are now; those need not be read to be copied.
    pub kept: Vec<KeptRun>,
    /// Where to. The version is that of the document's file as it was opened or last saved, wherever it lies; none for
    /// a document that was never a file.
    pub target: Origin,
    /// Where that file was; a new file may be read and run by whom it may.
    pub opened_from: Option<Location>,
    /// The base of the snapshot, which an in-place save must keep readable; `None` rules that way out.
    pub generation: Option<Arc<Generation>>,
    pub purpose: Purpose,
    /// The user has seen that another program changed the file and wants it overwritten all the same.
    pub allow_changed: bool,
    /// What the file must still hold where it was edited, unless `allow_changed`.
    pub edited_over: Option<Arc<dyn EditedOver>>,
    /// A watch over the document's file that began before what `edited_over` knows was read.
    pub watch: Option<Arc<dyn WriteWatch>>,
    /// Where a journal goes when it can't lie beside the file: a folder that outlasts the program.
    pub fallback: Option<PathBuf>,
    /// Keep what the file held under its name with `.bak` at the end.
    pub backup: bool,
    /// Compare the bytes of a new file with what was written to it, before it takes the place of the old one.
    pub reads_back: bool,
}

/// Which file `target` is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The file that the document was opened from.
    Save,
    /// Another file, or the same by any of its names. With `replace` the user has agreed to lose what is there.
    SaveAs { replace: bool },
}

impl SaveRequest {
    /// Back to the file that the document was opened from.
    pub fn save(snapshot: SharedSource, target: impl Into<Location>, version: impl Into<Version>) -> Self {
        let target = Origin::new(target, Some(version));
        let path = target.location.clone();
        Self { target, purpose: Purpose::Save, ..Self::save_as(snapshot, path, false) }
    }

    /// To a path that the user chose; also the first save of a new document, and a copy of any bytes.
    pub fn save_as(snapshot: SharedSource, target: impl Into<Location>, replace: bool) -> Self {
        Self {
            snapshot,
            overwrites: None,
            kept: Vec::new(),
            target: Origin::unversioned(target),
            opened_from: None,
            generation: None,
            purpose: Purpose::SaveAs { replace },
            allow_changed: false,
            edited_over: None,
            watch: None,
            fallback: None,
            backup: false,
            reads_back: false,
        }
    }

    /// Where to, on this machine.
    pub(super) fn path(&self) -> &Path {
        self.target.location.as_path()
    }

    /// What the system says of the document's file as it was opened or last saved, if it lies on this machine.
    pub(super) fn known(&self) -> Option<&FileIdentity> {
        self.target.file_identity()
    }

    /// Allows the in-place way: the snapshot is `generation` with just these spans overwritten, and longer or shorter
    /// at its end.
    #[must_use]
    pub fn with_overwrites(mut self, generation: Arc<Generation>, spans: Option<Vec<Span>>) -> Self {
        let (base_len, len) = (generation.len(), self.snapshot.len());
        self.overwrites = spans.map(|spans| Overwrites { spans, moved: 0, base_len, len });
        self.generation = Some(generation);
        self
    }
}

/// A save that the disk has confirmed.
///
/// What the caller does next: open the file anew and attach a fresh cache to it, for no page cached before the
/// save may be shown as the new content. After [`SaveWay::InPlace`] the new base is
/// `generation.successor(fresh_source)`; after the other ways it is `Generation::new(fresh_source)`.
#[derive(Debug)]
pub struct Saved {
    /// The file that was written, links resolved.
    pub location: Location,
    /// What the file is now; the next [`SaveRequest`] starts from it.
    pub version: Version,
    pub way: SaveWay,
    pub bytes_written: u64,
    pub read_back: ReadBack,
    /// Plain sentences about what could not be kept or is not certain; empty when all is well.
    pub warnings: Vec<String>,
}

/// What a save has compared with what it had written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadBack {
    /// It was not asked to, or wrote in place.
    Nothing,
    All,
    /// What went to the disk past the system's cache, by a page of each so many bytes, which came from the disk; all else
    /// as a whole.
    Pages {
        of_each: u64,
    },
}

impl Saved {
    /// The file that was written, links resolved, in the form of a path.
    pub fn path(&self) -> &Path {
        self.location.as_path()
    }

    /// The file that was written, as it is now.
    pub fn origin(&self) -> Origin {
        Origin::new(self.location.clone(), Some(self.version.clone()))
    }
}
