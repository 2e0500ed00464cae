//! Documents saved again and again while they are edited, undone and redone: what the whole is for.

use super::rig::{FaultyDisk, Opened, all, open, pattern};
use pagelens::bytes::Version;
use pagelens::bytes::{SharedSource, Span};
use pagelens::document::{Content, Document, Edit, Snapshot};
use pagelens::job::Progress;
use pagelens::save::{Generation, SaveRequest, SaveWay, Saved, save};
use std::sync::Arc;

/// A document with the file that it came from, and what it should hold after each step.
struct Edited {
    opened: Opened,
    document: Document,
    identity: Version,
    generation: Arc<Generation>,
    states: Vec<Vec<u8>>,
    at: usize,
}

impl Edited {
    fn new(bytes: &[u8]) -> Self {
        let opened = Opened::with(bytes);
        let document = Document::new(opened.generation.clone());
        let (identity, generation) = (opened.identity.clone(), opened.generation.clone());
        Self { opened, document, identity, generation, states: vec![bytes.to_vec()], at: 0 }
    }

    fn model(&self) -> &Vec<u8> {
        &self.states[self.at]
    }

    /// Replaces `span` by `content`, whose bytes are `bytes`.
    fn replace(&mut self, span: Span, content: Content, bytes: &[u8]) {
        if span.is_empty() && bytes.is_empty() {
            return;
        }
        self.document.apply(Edit::one("Test", span, content)).expect("applied");
        let mut next = self.model().clone();
        next.splice(span.start() as usize..span.end() as usize, bytes.iter().copied());
        self.states.truncate(self.at + 1);
        self.states.push(next);
        self.at += 1;
    }

    fn request(&self, snapshot: &Snapshot) -> SaveRequest {
        let request = SaveRequest::save(Arc::new(snapshot.clone()), &self.opened.path, self.identity.clone())
            .with_overwrites(self.generation.clone(), None);
        SaveRequest { overwrites: Some(snapshot.overwrites()), kept: snapshot.kept(1), ..request }
    }

    fn save(&mut self) -> Saved {
        let point = self.document.begin_save();
        let saved = save(&FaultyDisk::sound(), self.request(&point.snapshot), &Progress::default());
        let saved = saved.expect("saved");
        let file = open(&self.opened.path);
        self.generation = Arc::new(match saved.way {
            SaveWay::InPlace => self.generation.successor(file),
            SaveWay::Rewrite | SaveWay::Fresh => Generation::new(file),
        });
        self.identity = saved.version.clone();
        self.document.finish_save(point, self.generation.clone() as SharedSource).expect("re-based");
        assert!(!self.document.is_modified());
        saved
    }
}

fn random_edit(random: &mut fastrand::Rng, edited: &mut Edited, same_length: bool) {
    let len = edited.model().len();
    let start = random.usize(0..=len);
    let end = (start + random.usize(0..300)).min(len);
    let span = Span::between(start as u64, end as u64);
    let count = if same_length { end - start } else { random.usize(0..300) };
    if random.bool() && count < len {
        // Bytes of the document itself, which the save may overwrite before it has copied them.
        let from = random.usize(0..len - count);
        let bytes = edited.model()[from..from + count].to_vec();
        let clip = Span::between(from as u64, (from + count) as u64);
        let snapshot = edited.document.snapshot();
        edited.replace(span, Content::Clip(snapshot, clip), &bytes);
    } else {
        let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..)).take(count).collect();
        edited.replace(span, Content::Bytes(bytes.clone()), &bytes);
    }
}

#[test]
fn edits_undo_redo_and_saves_in_any_order() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut in_place, mut rewrites) = (0, 0);
    for _ in 0..12 {
        let mut edited = Edited::new(&pattern(4000));
        // A document that is only overwritten is saved in place all the time.
        let same_length = random.bool();
        for round in 0..150 {
            match random.u8(0..10) {
                0..5 => random_edit(&mut random, &mut edited, same_length),
                5 | 6 => edited.at -= usize::from(edited.document.undo().is_some()),
                7 => edited.at += usize::from(edited.document.redo().is_some()),
                _ => match edited.save().way {
                    SaveWay::InPlace => in_place += 1,
                    _ => rewrites += 1,
                },
            }
            let now = all(&edited.document.snapshot());
            assert!(now == *edited.model(), "seed {seed}, round {round}");
            if !edited.document.is_modified() {
                assert!(edited.opened.bytes() == *edited.model(), "seed {seed}, round {round}");
            }
        }
        while edited.document.undo().is_some() {
            edited.at -= 1;
            assert!(all(&edited.document.snapshot()) == *edited.model(), "undo to the start; seed {seed}");
        }
        assert_eq!(edited.at, 0, "seed {seed}");
    }
    let both = rewrites > 20 || !super::faulty::replaces_open_files();
    assert!(in_place > 20 && both, "{in_place} in place, {rewrites} rewrites; seed {seed}");
}

#[test]
fn a_thousand_steps_of_undo_survive_a_save() {
    let mut edited = Edited::new(&pattern(20_000));
    for n in 0..1000_u64 {
        let bytes = [n as u8; 16];
        edited.replace(Span::between(n * 17, n * 17 + 16), Content::Bytes(bytes.to_vec()), &bytes);
    }
    assert_eq!(edited.save().way, SaveWay::InPlace);
    for _ in 0..1000 {
        edited.document.undo().expect("a step");
        edited.at -= 1;
    }
    assert!(all(&edited.document.snapshot()) == *edited.model());
    assert!(edited.document.is_modified());
    assert_eq!(edited.save().way, SaveWay::InPlace);
    assert!(edited.opened.bytes() == pattern(20_000));
}

#[test]
fn edits_made_while_a_save_runs_are_no_part_of_it_and_are_kept() {
    let mut edited = Edited::new(&pattern(1000));
    edited.replace(Span::first(3), Content::Bytes(b"one".to_vec()), b"one");
    let point = edited.document.begin_save();
    edited.replace(Span::between(500, 503), Content::Bytes(b"two".to_vec()), b"two");
    let saved = save(&FaultyDisk::sound(), edited.request(&point.snapshot), &Progress::default());
    saved.expect("saved");
    let successor = Arc::new(edited.generation.successor(open(&edited.opened.path)));
    edited.document.finish_save(point, successor).expect("re-based");
    assert!(edited.opened.bytes() == edited.states[1]);
    assert!(all(&edited.document.snapshot()) == edited.states[2]);
    assert!(edited.document.is_modified());
}
