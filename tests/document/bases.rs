//! A base that grows, or is taken for another, under edits, undo and redo, against a plain list of edits.

use super::bytes::{Availability, MemorySource, ReadError, Source, Span};
use super::document::{Content, Document, Edit};
use std::sync::{Arc, Mutex};

/// Bytes that grow when a test says so.
#[derive(Debug, Default)]
struct Growing(Mutex<Vec<u8>>);

impl Source for Growing {
    fn len(&self) -> u64 {
        self.0.lock().expect("not poisoned").len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let bytes = self.0.lock().expect("not poisoned");
        buf.copy_from_slice(&bytes[offset as usize..offset as usize + buf.len()]);
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("nothing is shown here");
    }
}

fn bytes_of(document: &Document) -> Vec<u8> {
    let snapshot = document.snapshot();
    snapshot.check().expect("a sound tree");
    let mut bytes = vec![0; snapshot.len() as usize];
    snapshot.read_at(0, &mut bytes).expect("readable");
    bytes
}

/// A base and the edits over it, both plain. What a base grows by comes behind all that earlier edits know of, so
/// that the edits can be done anew over the longer base.
struct Model {
    base: Vec<u8>,
    edits: Vec<(Span, Vec<u8>)>,
    done: usize,
}

impl Model {
    fn new(base: Vec<u8>) -> Self {
        Self { base, edits: Vec::new(), done: 0 }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.base.clone();
        for (span, new) in &self.edits[..self.done] {
            bytes.splice(span.start() as usize..span.end() as usize, new.iter().copied());
        }
        bytes
    }
}

fn step(random: &mut fastrand::Rng, document: &mut Document, model: &mut Model) {
    let len = document.len();
    let start = random.u64(0..=len);
    let span = Span::between(start, (start + random.u64(0..6)).min(len));
    let new: Vec<u8> = (0..random.usize(0..5)).map(|_| random.alphabetic() as u8).collect();
    if span.is_empty() && new.is_empty() {
        return;
    }
    document.apply(Edit::one("Test", span, Content::Bytes(new.clone()))).expect("inside");
    model.edits.truncate(model.done);
    model.edits.push((span, new));
    model.done += 1;
}

#[test]
fn a_base_that_grows_under_edits_undo_and_redo_ends_all_that_there_is() {
    let seed = 20;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..300 {
        let source = Arc::new(Growing(Mutex::new((0..random.u8(0..60)).collect())));
        let base = source.0.lock().expect("not poisoned").clone();
        let mut document = Document::new(source.clone());
        let mut model = Model::new(base);
        for _ in 0..60 {
            match random.u8(0..10) {
                0..4 => step(&mut random, &mut document, &mut model),
                4..6 if document.undo().is_some() => model.done -= 1,
                6..8 if document.redo().is_some() => model.done += 1,
                8..10 => {
                    let tail: Vec<u8> = (0..random.usize(0..9)).map(|_| b'0' + random.u8(0..10)).collect();
                    let mut bytes = source.0.lock().expect("not poisoned");
                    bytes.extend(&tail);
                    let len = bytes.len() as u64;
                    drop(bytes);
                    document.grow_base(len);
                    model.base.extend(tail);
                }
                _ => {}
            }
            assert!(bytes_of(&document) == model.bytes(), "round {round}, seed {seed}");
            assert_eq!(document.snapshot().base_len(), source.len());
        }
        while document.undo().is_some() {}
        assert!(!document.is_modified() && document.snapshot().changes() == 0, "round {round}, seed {seed}");
        assert!(bytes_of(&document) == *source.0.lock().expect("not poisoned"));
    }
}

#[test]
fn another_base_of_the_same_length_lies_under_the_same_edits() {
    let seed = 21;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..300 {
        let len = random.u8(1..80);
        let old: Vec<u8> = (0..len).collect();
        let mut document = Document::new(Arc::new(MemorySource::new(old.clone())));
        let mut model = Model::new(old);
        for _ in 0..30 {
            match random.u8(0..5) {
                0..3 => step(&mut random, &mut document, &mut model),
                3 if document.undo().is_some() => model.done -= 1,
                4 if document.redo().is_some() => model.done += 1,
                _ => {}
            }
        }
        let before = document.snapshot();
        model.base = (0..len).map(|byte| byte + 100).collect();
        assert_eq!(document.rebase(Arc::new(MemorySource::new(model.base.clone()))), Ok(None));
        let after = document.snapshot();
        let changed = |snapshot: &super::document::Snapshot| -> Vec<_> {
            (0..snapshot.changes()).filter_map(|n| snapshot.nth_change(n)).collect()
        };
        assert_eq!(changed(&before), changed(&after), "round {round}, seed {seed}");
        loop {
            assert!(bytes_of(&document) == model.bytes(), "round {round}, seed {seed}");
            if document.undo().is_none() {
                break;
            }
            model.done -= 1;
        }
        assert!(!document.is_modified());
        while document.redo().is_some() {
            model.done += 1;
            assert!(bytes_of(&document) == model.bytes(), "round {round}, seed {seed}");
        }
    }
}

#[test]
fn a_shorter_base_says_where_bytes_are_gone_and_undo_still_has_them() {
    let old = b"0123456789".to_vec();
    let mut document = Document::new(Arc::new(MemorySource::new(old)));
    for (span, text) in [(Span::between(1, 2), "one"), (Span::between(10, 11), "E"), (Span::empty_at(2), "+")]
    {
        document.apply(Edit::one("Test", span, Content::Bytes(text.into()))).expect("inside");
    }
    assert_eq!(bytes_of(&document), b"0o+ne234567E9");
    let shorter = Arc::new(MemorySource::new(b"abcde".to_vec()));
    let gone = document.rebase(shorter).expect("no save is on").expect("bytes are gone");
    assert_eq!((bytes_of(&document), gone), (b"ao+necde567E9".to_vec(), 8), "the old ones until they go");
    assert_eq!(
        document.snapshot().changes(),
        2,
        "an edit with what it touches, and what is behind the new end"
    );
    let rest = Span::between(gone, document.len());
    document.apply(Edit::one("Cut", rest, Content::none())).expect("inside");
    assert_eq!((bytes_of(&document), document.snapshot().changes()), (b"ao+necde".to_vec(), 1));
    document.undo();
    assert!(document.is_modified());
    document.undo();
    document.undo();
    assert_eq!(bytes_of(&document), b"aonecde56789");
    document.undo();
    assert_eq!((bytes_of(&document), document.is_modified()), (b"abcde56789".to_vec(), true));
}

#[test]
fn a_longer_base_ends_all_that_there_is() {
    let mut document = Document::new(Arc::new(MemorySource::new(b"abc".to_vec())));
    document.apply(Edit::one("Test", Span::empty_at(3), Content::Bytes(b"!".to_vec()))).expect("inside");
    assert_eq!(document.rebase(Arc::new(MemorySource::new(b"abcde".to_vec()))), Ok(None));
    assert_eq!(bytes_of(&document), b"abc!de");
    assert!(document.is_modified());
    document.undo();
    assert_eq!((bytes_of(&document).as_slice(), document.is_modified()), (&b"abcde"[..], false));
    assert_eq!(document.snapshot().pieces(), 1);
}

#[test]
fn a_save_under_way_keeps_its_base() {
    let mut document = Document::new(Arc::new(MemorySource::new(b"abc".to_vec())));
    let point = document.begin_save();
    assert!(document.rebase(Arc::new(MemorySource::new(b"xyz".to_vec()))).is_err());
    assert_eq!(bytes_of(&document), b"abc");
    document.cancel_save(point);
    assert!(document.rebase(Arc::new(MemorySource::new(b"xyz".to_vec()))).is_ok());
    assert_eq!(bytes_of(&document), b"xyz");
}
