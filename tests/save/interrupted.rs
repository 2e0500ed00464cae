//! Saves in place that end in the middle, as when the program is killed: for whoever tests what comes after.

use super::faulty::FaultyDisk;
use super::rig::{Opened, open};
use pagelens::bytes::{SharedSource, Span};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::{Generation, SaveRequest, save};
use std::path::Path;
use std::sync::Arc;

/// Where a save ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The journal is there but not confirmed.
    Journal,
    /// The bytes are written, and not confirmed.
    Written,
    /// The journal is marked as done, and the end of the file is not cut off yet.
    Done,
}

/// Begins to save the file at `path` with `edits`, and ends at that moment.
pub fn interrupt(path: &Path, edits: &[(Span, &[u8])], moment: Moment) {
    let file = open(path);
    let identity = file.identity().clone();
    let generation = Arc::new(Generation::new(file));
    let mut document = Document::new(generation.clone() as SharedSource);
    for (span, bytes) in edits {
        let edit = Edit::one("Edit", *span, Content::Bytes(bytes.to_vec()));
        document.apply(edit).expect("inside the file");
    }
    let snapshot = document.snapshot();
    let request = SaveRequest::save(Arc::new(snapshot.clone()), path, identity);
    let overwrites = Some(snapshot.overwrites());
    let request = SaveRequest { overwrites, generation: Some(generation), ..request };
    // Not a panic, which would be printed.
    let end = || std::panic::resume_unwind(Box::new("killed"));
    let disk = match moment {
        Moment::Journal => FaultyDisk::interfering("sync", 0, end),
        Moment::Written => FaultyDisk::interfering("sync", 1, end),
        Moment::Done => FaultyDisk::interfering("set_len", 0, end),
    };
    let saved =
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| save(&disk, request, &Progress::default())));
    assert!(saved.is_err(), "the save was to end at {moment:?}");
}

#[test]
fn each_moment_leaves_a_journal() {
    for moment in [Moment::Journal, Moment::Written, Moment::Done] {
        let opened = Opened::with(&[1; 3000]);
        let tail = Span::between(2000, 3000);
        interrupt(&opened.path, &[(Span::first(4), b"abcd"), (tail, b"")], moment);
        assert_eq!(opened.names(), [".data.bin.pagelens-journal", "data.bin"]);
        let written = opened.bytes()[0] == b'a';
        assert_eq!((opened.bytes().len(), written), (3000, moment != Moment::Journal));
    }
}
