//! Undo that goes on across saves, edits of the same byte, and what a save of one byte costs.

use super::faulty::FaultyDisk;
use super::rig::{Opened, all, open, pattern};
use pagelens::bytes::{SharedSource, Source, Span};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::{Generation, SaveRequest, SaveWay, Saved, save};
use std::fs::File;
use std::sync::Arc;

/// An open file and the document over it.
struct Open {
    opened: Opened,
    document: Document,
}

impl Open {
    fn new(opened: Opened) -> Self {
        let document = Document::new(opened.generation.clone() as SharedSource);
        Self { opened, document }
    }

    fn put(&mut self, at: u64, bytes: Vec<u8>) {
        let span = Span::at(at, bytes.len() as u64).expect("inside");
        self.document.apply(Edit::one("Edit", span, Content::Bytes(bytes))).expect("inside");
    }

    fn save(&mut self, disk: &FaultyDisk) -> Saved {
        let point = self.document.begin_save();
        let snapshot = point.snapshot.clone();
        let request =
            SaveRequest::save(Arc::new(snapshot.clone()), &self.opened.path, self.opened.identity.clone());
        let (overwrites, generation) = (Some(snapshot.overwrites()), Some(self.opened.generation.clone()));
        let request = SaveRequest { overwrites, generation, kept: snapshot.kept(1 << 16), ..request };
        let saved = save(disk, request, &Progress::default()).expect("saved");
        let file = open(&self.opened.path);
        self.opened.generation = Arc::new(match saved.way {
            SaveWay::InPlace => self.opened.generation.successor(file),
            SaveWay::Rewrite | SaveWay::Fresh => Generation::new(file),
        });
        self.opened.identity = saved.version.clone();
        self.document.finish_save(point, self.opened.generation.clone()).expect("re-based");
        saved
    }
}

#[test]
fn a_thousand_steps_over_a_hundred_mebibytes_are_undone_exactly() {
    const STEPS: u64 = 1000;
    const STEP: usize = 105 << 10;
    let old = pattern(120 << 20);
    let mut open = Open::new(Opened::with(&old));
    let mut random = fastrand::Rng::with_seed(11);
    let mut ways = (0, 0);
    for step in 1..=STEPS {
        let at = random.u64(0..(old.len() - STEP) as u64);
        open.put(at, vec![step as u8; STEP]);
        if step % 50 == 0 {
            match open.save(&FaultyDisk::sound()).way {
                SaveWay::InPlace => ways.0 += 1,
                _ => ways.1 += 1,
            }
        }
    }
    assert!(ways.0 > 0, "no save went in place: {ways:?}");
    let new = all(&open.document.snapshot());
    assert!(open.opened.bytes() == new && new != old);
    for _ in 0..STEPS {
        open.document.undo().expect("a step");
    }
    assert!(all(&open.document.snapshot()) == old);
    for _ in 0..STEPS {
        open.document.redo().expect("a step");
    }
    assert!(all(&open.document.snapshot()) == new);
}

#[test]
fn the_same_bytes_edited_again_and_again_get_the_last_value_in_twenty_thousand_saves() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let mut model = pattern(2000);
    let mut open = Open::new(Opened::with(&model));
    for round in 0..20_000 {
        let at = random.usize(0..1900);
        for _ in 0..2 {
            let at = at + random.usize(0..4);
            let bytes = vec![random.u8(..); random.usize(1..8)];
            model[at..at + bytes.len()].copy_from_slice(&bytes);
            open.put(at as u64, bytes);
        }
        open.save(&FaultyDisk::sound());
        assert!(open.opened.bytes() == model, "seed {seed}, round {round}");
        // Undo has its own test; here its history would only grow.
        open.document = Document::new(open.opened.generation.clone() as SharedSource);
        if round % 100 == 0 {
            open.opened = super::rig::reopened(open.opened);
            open.document = Document::new(open.opened.generation.clone() as SharedSource);
        }
    }
}

/// The calls of saving one byte in a file of `len` bytes, and how many bytes were written.
fn one_byte(len: u64) -> (Vec<&'static str>, u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("data.bin");
    File::create(&path).and_then(|file| file.set_len(len)).expect("a sparse file");
    let mut open = Open::new(Opened::at(folder, path));
    open.put(len / 3, vec![7]);
    let disk = FaultyDisk::sound();
    let saved = open.save(&disk);
    assert_eq!(saved.way, SaveWay::InPlace);
    assert_eq!(open.opened.generation.len(), len);
    (disk.calls(), disk.written())
}

#[test]
fn one_byte_costs_the_same_in_a_file_of_any_length() {
    let (calls, written) = one_byte(1 << 20);
    let (huge_calls, huge_written) = one_byte(100 << 30);
    println!("figure: {} calls, {written} bytes written, in 1 MiB as in 100 GiB", calls.len());
    assert_eq!((huge_calls, huge_written), (calls, written));
    assert!(written < 64 << 10, "{written}");
}
