//! Writing back: every way by which bytes reach a file, and the order of system calls that makes each safe.
//!
//! | step | file |
//! |---|---|
//! | which way, and what it costs, before anything is touched | `plan` |
//! | overwrites in the file itself, and a moved end | `in_place`, `extents` |
//! | what protects them, and what a crash has left | `journal`, `recover` |
//! | everything else: a temporary file that takes the old one's place | `rewrite` |
//! | what the file held before, for those who still read it | `generation`, `window` |
//! | what the user edited over, which the file must still hold | `edited_over`, `edited_units` |
//! | owner, permissions, attributes; a copy of the old file | `keep`, `backup` |
//! | the system calls, behind a trait so that a test can fail each | `disk` |
//!
//! The promise: at every moment the file is wholly old or wholly new, or is made so by its journal; 'saved' is never
//! said before the disk has confirmed it. Everything here blocks, so only workers call it.
//! It edits no document: whoever asked keeps the edits until a save has answered.

mod backup;
pub mod disk;
pub mod edited_over;
mod edited_units;
pub mod error;
mod extents;
pub mod generation;
mod in_place;
mod journal;
mod keep;
pub mod plan;
pub mod recover;
mod rewrite;
pub mod whole;
mod window;

pub use disk::{Disk, RealDisk};
pub use edited_over::EditedOver;
pub use error::{Aftermath, Cause, FileState, SaveError};
pub use generation::{Cacher, Generation, Overlay};
pub use plan::{SavePlan, Way, plan};

use crate::bytes::file::FileIdentity;
use crate::bytes::{SharedSource, Source, Span};
use crate::document::{KeptRun, Overwrites};
use crate::job::Progress;
use std::path::PathBuf;
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
    pub target: PathBuf,
    /// The file as it was opened or last saved; `None` for a document that was never a file.
    pub identity: Option<FileIdentity>,
    /// Where that file was; a new file may be read and run by whom it may.
    pub opened_from: Option<PathBuf>,
    /// The base of the snapshot, which an in-place save must keep readable; `None` rules that way out.
    pub generation: Option<Arc<Generation>>,
    pub purpose: Purpose,
    /// The user has seen that another program changed the file and wants it overwritten all the same.
    pub allow_changed: bool,
    /// What the file must still hold where it was edited, unless `allow_changed`.
    pub edited_over: Option<Arc<dyn EditedOver>>,
    /// Where a journal goes when it can't lie beside the file: a folder that outlasts the program.
    pub fallback: Option<PathBuf>,
    /// Keep what the file held under its name with `.bak` at the end.
    pub backup: bool,
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
    pub fn save(snapshot: SharedSource, target: impl Into<PathBuf>, identity: FileIdentity) -> Self {
        Self { identity: Some(identity), purpose: Purpose::Save, ..Self::save_as(snapshot, target, false) }
    }

    /// To a path that the user chose; also the first save of a new document, and a copy of any bytes.
    pub fn save_as(snapshot: SharedSource, target: impl Into<PathBuf>, replace: bool) -> Self {
        Self {
            snapshot,
            overwrites: None,
            kept: Vec::new(),
            target: target.into(),
            identity: None,
            opened_from: None,
            generation: None,
            purpose: Purpose::SaveAs { replace },
            allow_changed: false,
            edited_over: None,
            fallback: None,
            backup: false,
        }
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
/// save may be shown as the new content. After [`Way::InPlace`] the new base is
/// `generation.successor(fresh_source)`; after the other ways it is `Generation::new(fresh_source)`.
#[derive(Debug)]
pub struct Saved {
    /// The file that was written, links resolved.
    pub path: PathBuf,
    /// What the file is now; the next [`SaveRequest`] starts from it.
    pub identity: FileIdentity,
    pub way: Way,
    pub bytes_written: u64,
    /// Plain sentences about what could not be kept or is not certain; empty when all is well.
    pub warnings: Vec<String>,
}

/// What the system is known to allow; each is found out by trying, whatever the system says.
#[derive(Clone, Copy, Debug)]
struct Means {
    /// Files share blocks.
    sharing: bool,
    /// A file that is there is replaced by renaming another one.
    replacing: bool,
}

const ALL_MEANS: Means = Means { sharing: true, replacing: true };

/// Plans and carries out a save. Blocks until the disk has confirmed it; progress is counted in bytes.
///
/// # Errors
/// [`SaveError`] says what state the file is in. After any error the edits are still the caller's, and
/// [`SaveError::identity_now`] is what the next attempt must start from when it is `Some`.
pub fn save(disk: &dyn Disk, mut request: SaveRequest, progress: &Progress) -> Result<Saved, SaveError> {
    recover::put_back_own(disk, &mut request)?;
    let mut means = ALL_MEANS;
    let mut prepared = plan::prepare(disk, &request, means)?;
    loop {
        match prepared.plan.way {
            Way::InPlace => return in_place::save(disk, &request, prepared, progress),
            Way::Rewrite | Way::Fresh => match rewrite::save(disk, &request, prepared, progress) {
                Err(rewrite::Refused::CantShare) => {
                    means.sharing = false;
                    prepared = plan::prepare(disk, &request, means)?;
                }
                Err(rewrite::Refused::CantReplace(error)) => {
                    means.replacing = false;
                    match plan::prepare(disk, &request, means) {
                        Ok(again) if again.plan.way == Way::InPlace => prepared = again,
                        _ => return Err(error),
                    }
                }
                Err(rewrite::Refused::Because(error)) => return Err(error),
                Ok(saved) => return Ok(saved),
            },
        }
    }
}
