//! Random edits on a document and on a plain list, compared all along.
//!
//! This file is also a unit test of `document`, where the nodes of the tree are tiny and small trees deep.

use super::bytes::{Availability, MemorySource, Source, Span};
use super::document::{
    Applied, Change, ChangeKind, CoalesceKey, Content, Document, Edit, EditError, Mapped, Places, Revision,
    SavePoint, Snapshot, Splice,
};
use fastrand::Rng;
use std::sync::Arc;

/// One byte of the plain list.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Item {
    byte: u8,
    /// Where it is in the base, if it is the base's.
    base: Option<u64>,
    /// No two bytes that were ever put in have the same.
    id: u64,
}

/// A plain replacement: `len` items at `at` stand where `old` was.
#[derive(Debug)]
struct Replaced {
    at: usize,
    len: usize,
    old: Vec<Item>,
}

struct Model {
    items: Vec<Item>,
    undo: Vec<Vec<Replaced>>,
    redo: Vec<Vec<Replaced>>,
    base: Vec<u8>,
    next_id: u64,
}

impl Model {
    fn new(base: &[u8]) -> Self {
        let items = (0..).zip(base).map(|(at, &byte)| Item { byte, base: Some(at), id: at }).collect();
        let next_id = base.len() as u64;
        Self { items, undo: Vec::new(), redo: Vec::new(), base: base.to_vec(), next_id }
    }

    fn bytes(&self) -> Vec<u8> {
        self.items.iter().map(|item| item.byte).collect()
    }

    fn ids(&self) -> Vec<u64> {
        self.items.iter().map(|item| item.id).collect()
    }

    /// Does `places`, which are sorted and in coordinates before, from the last to the first.
    fn apply(&mut self, places: &[(Span, Vec<u8>)], applied: Applied) {
        let mut step = Vec::new();
        for (span, bytes) in places.iter().rev() {
            let new: Vec<Item> = bytes
                .iter()
                .map(|&byte| {
                    self.next_id += 1;
                    Item { byte, base: None, id: self.next_id - 1 }
                })
                .collect();
            let (at, len) = (span.start() as usize, new.len());
            let old = self.items.splice(at..span.end() as usize, new).collect();
            step.push(Replaced { at, len, old });
        }
        self.redo.clear();
        match self.undo.last_mut().filter(|_| applied.coalesced) {
            Some(last) => last.extend(step),
            None => self.undo.push(step),
        }
    }

    /// Puts the base's own bytes in the place of all.
    fn revert(&mut self) {
        let mut items = Self::new(&self.base).items;
        items.iter_mut().for_each(|item| item.id += self.next_id);
        self.next_id += self.base.len() as u64;
        let len = items.len();
        let old = std::mem::replace(&mut self.items, items);
        self.redo.clear();
        self.undo.push(vec![Replaced { at: 0, len, old }]);
    }

    fn undo(&mut self) {
        if let Some(step) = self.undo.pop() {
            let opposite = self.take_back(step);
            self.redo.push(opposite);
        }
    }

    fn redo(&mut self) {
        if let Some(step) = self.redo.pop() {
            let opposite = self.take_back(step);
            self.undo.push(opposite);
        }
    }

    fn take_back(&mut self, step: Vec<Replaced>) -> Vec<Replaced> {
        step.into_iter()
            .rev()
            .map(|Replaced { at, len, old }| {
                let put = old.len();
                let out = self.items.splice(at..at + len, old).collect();
                Replaced { at, len: put, old: out }
            })
            .collect()
    }

    /// The changes as the items tell them: right as long as no save has moved the base.
    fn changes(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let (mut base_at, mut run) = (0, 0);
        let end = Item { byte: 0, base: Some(self.base.len() as u64), id: 0 };
        for (at, item) in self.items.iter().chain([&end]).enumerate() {
            match item.base {
                None => run += 1,
                Some(offset) => {
                    if run > 0 || offset != base_at {
                        let span = Span::between((at - run) as u64, at as u64);
                        changes.push(Change { span, replaced: Span::between(base_at, offset) });
                    }
                    (base_at, run) = (offset + 1, 0);
                }
            }
        }
        changes
    }
}

fn read(source: &dyn Source, span: Span) -> Vec<u8> {
    let mut bytes = vec![0; span.len() as usize];
    source.read_at(span.start(), &mut bytes).expect("inside");
    bytes
}

/// A document, its plain twin, and what was kept of older states.
struct Twins {
    random: Rng,
    document: Document,
    model: Model,
    other: Snapshot,
    kept: Vec<(Snapshot, Vec<u8>)>,
    revisions: Vec<(Revision, Vec<u64>)>,
    saving: Option<(SavePoint, Vec<u8>)>,
    saves: bool,
    saved: u64,
}

impl Twins {
    fn new(seed: u64, saves: bool) -> Self {
        let mut random = Rng::with_seed(seed);
        let base: Vec<u8> = (0..random.usize(0..3000)).map(|_| random.u8(..)).collect();
        let mut other = Document::new(Arc::new(MemorySource::new(&b"another document"[..])));
        other
            .apply(Edit::one("Typing", Span::empty_at(7), Content::Bytes(b" <typed> ".to_vec())))
            .expect("fits");
        Self {
            random,
            document: Document::new(Arc::new(MemorySource::new(base.clone()))),
            model: Model::new(&base),
            other: other.snapshot(),
            kept: Vec::new(),
            revisions: Vec::new(),
            saving: None,
            saves,
            saved: 0,
        }
    }

    fn span(&mut self, max: u64) -> Span {
        let len = self.document.len();
        let start = self.random.u64(0..=len);
        Span::between(start, (start + self.random.u64(0..=max)).min(len))
    }

    fn some_bytes(&mut self, max: usize) -> Vec<u8> {
        (0..self.random.usize(0..=max)).map(|_| self.random.u8(..)).collect()
    }

    /// Some content, and the bytes that it stands for.
    fn content(&mut self) -> (Content, Vec<u8>) {
        match self.random.u32(0..10) {
            0 => {
                let (pattern, len) = (self.some_bytes(5), self.random.u64(0..100));
                let len = if pattern.is_empty() { 0 } else { len };
                let bytes = pattern.iter().copied().cycle().take(len as usize).collect();
                (Content::Repeat { pattern, len }, bytes)
            }
            1 => {
                let span = self.span(60);
                (Content::Clip(self.document.snapshot(), span), read(&self.document.snapshot(), span))
            }
            2 if !self.kept.is_empty() => {
                let (snapshot, bytes) = &self.kept[self.random.usize(..self.kept.len())];
                let span =
                    Span::between(self.random.u64(0..100), self.random.u64(0..100)).clamp_to(snapshot.len());
                let bytes = bytes[span.start() as usize..span.end() as usize].to_vec();
                (Content::Clip(snapshot.clone(), span), bytes)
            }
            3 => {
                let span = Span::between(self.random.u64(0..=self.other.len()), self.other.len());
                (Content::Clip(self.other.clone(), span), read(&self.other, span))
            }
            4 => {
                let bytes = self.some_bytes(60);
                let start = self.random.usize(0..=bytes.len());
                let span = Span::between(start as u64, bytes.len() as u64);
                let part = bytes[start..].to_vec();
                (Content::Source(Arc::new(MemorySource::new(bytes)), span), part)
            }
            _ => {
                let bytes = self.some_bytes(8);
                (Content::Bytes(bytes.clone()), bytes)
            }
        }
    }

    fn spans(&mut self) -> Vec<Span> {
        let (len, count) = (self.document.len(), self.random.usize(1..120));
        let mut ends: Vec<u64> = (0..count * 2).map(|_| self.random.u64(0..=len)).collect();
        ends.sort_unstable();
        let mut spans: Vec<Span> = ends.chunks(2).map(|pair| Span::between(pair[0], pair[1])).collect();
        spans.dedup();
        // Long ones would leave little of the document.
        spans
            .iter_mut()
            .for_each(|span| *span = Span::between(span.start(), span.end().min(span.start() + 9)));
        spans
    }

    fn edit(&mut self) {
        let grows = self.document.len() < 4000;
        let (places, bytes): (Places, Vec<(Span, Vec<u8>)>) = match self.random.u32(0..20) {
            0 => {
                let spans = self.spans();
                let (content, bytes) = self.content();
                let all = spans.iter().map(|&span| (span, bytes.clone())).collect();
                (Places::Same(spans, content), all)
            }
            1 => {
                let (mut splices, mut all) = (Vec::new(), Vec::new());
                for span in self.spans() {
                    let (content, bytes) = self.content();
                    splices.push(Splice { span, content });
                    all.push((span, bytes));
                }
                (Places::Each(splices), all)
            }
            2..5 => {
                let span = self.span(if grows { 20 } else { 1500 });
                (Places::Each(vec![Splice { span, content: Content::none() }]), vec![(span, vec![])])
            }
            5..10 => {
                let span = self.span(1);
                let bytes = vec![self.random.u8(..); span.len() as usize];
                let content = Content::Bytes(bytes.clone());
                (Places::Each(vec![Splice { span, content }]), vec![(span, bytes)])
            }
            _ => {
                let span = self.span(3);
                let (content, bytes) = self.content();
                (Places::Each(vec![Splice { span, content }]), vec![(span, bytes)])
            }
        };
        self.apply(places, &bytes, None);
    }

    fn apply(&mut self, places: Places, bytes: &[(Span, Vec<u8>)], coalesce: Option<CoalesceKey>) {
        let caret = (self.random.u64(..), self.random.u64(..));
        let edit = Edit { places, label: "Edit", coalesce, caret_before: (1, 2), caret_after: caret };
        match self.document.apply(edit) {
            Ok(applied) => {
                assert_eq!(applied.caret, caret);
                self.model.apply(bytes, applied);
            }
            Err(error) => {
                assert_eq!(error, EditError::Nothing);
                assert!(bytes.iter().all(|(span, bytes)| span.is_empty() && bytes.is_empty()));
            }
        }
    }

    /// A run of keys at one place, some of which take back what was typed.
    fn type_run(&mut self) {
        let mut at = self.random.u64(0..=self.document.len());
        let key = Some(CoalesceKey(self.random.u32(0..3)));
        for _ in 0..self.random.u32(1..8) {
            let back = at > 0 && self.random.u32(0..4) == 0;
            let overwrite = u64::from(self.random.bool()).min(self.document.len() - at);
            let span = if back { Span::between(at - 1, at) } else { Span::between(at, at + overwrite) };
            let bytes = if back { vec![] } else { vec![self.random.u8(..)] };
            at = span.start() + bytes.len() as u64;
            let splice = Splice { span, content: Content::Bytes(bytes.clone()) };
            self.apply(Places::Each(vec![splice]), &[(span, bytes)], key);
        }
        if self.random.bool() {
            self.document.seal();
        }
    }

    fn step(&mut self) {
        match self.random.u32(0..100) {
            0..4 => {
                for _ in 0..self.random.u32(1..30) {
                    assert_eq!(self.document.undo().is_some(), !self.model.undo.is_empty());
                    self.model.undo();
                }
            }
            4..8 => {
                for _ in 0..self.random.u32(1..30) {
                    assert_eq!(self.document.redo().is_some(), !self.model.redo.is_empty());
                    self.model.redo();
                }
            }
            8..14 => self.type_run(),
            14 if self.saves => self.save(),
            15 => {
                let state = (self.document.snapshot(), self.model.bytes());
                self.kept.push(state);
                if self.kept.len() > 40 {
                    self.kept.swap_remove(self.random.usize(..40));
                }
            }
            16 => {
                self.revisions.push((self.document.revision(), self.model.ids()));
                if self.revisions.len() > 20 {
                    self.revisions.remove(0);
                }
            }
            17 if self.random.u32(0..4) == 0 => {
                let changed = self.document.snapshot().changes() > 0;
                assert_eq!(self.document.revert("Revert", ((0, 0), (0, 0))).is_some(), changed);
                if changed {
                    self.model.revert();
                }
            }
            _ => self.edit(),
        }
        assert_eq!(self.document.len(), self.model.items.len() as u64);
    }

    fn save(&mut self) {
        match self.saving.take() {
            None => self.saving = Some((self.document.begin_save(), self.model.bytes())),
            Some((point, _)) if self.random.u32(0..5) == 0 => self.document.cancel_save(point),
            Some((point, bytes)) => {
                assert!(read(&point.snapshot, Span::first(point.snapshot.len())) == bytes);
                let base = Arc::new(MemorySource::new(bytes.clone()));
                self.document.finish_save(point, base).expect("the save under way");
                self.model.base = bytes;
                self.saved += 1;
            }
        }
    }

    fn check(&mut self) {
        let snapshot = self.document.snapshot();
        snapshot.check().expect("a sound tree");
        let bytes = self.model.bytes();
        assert!(read(&snapshot, Span::first(snapshot.len())) == bytes, "the bytes are others");
        self.check_part(&snapshot, &bytes);
        let changes: Vec<Change> = (0..).map_while(|n| snapshot.nth_change(n)).collect();
        assert_eq!(snapshot.changes(), changes.len() as u64);
        if self.saved == 0 {
            assert_eq!(changes, self.model.changes());
        }
        check_changes(&snapshot, &changes, &self.model.base, &bytes);
        if !self.document.is_modified() {
            assert_eq!((snapshot.changes(), snapshot.changed_bytes()), (0, 0), "the saved state has changes");
            assert!(bytes == self.model.base);
        }
        self.check_kept();
    }

    /// A part, read both ways.
    fn check_part(&mut self, snapshot: &Snapshot, bytes: &[u8]) {
        let span = self.span(700);
        let part = &bytes[span.start() as usize..span.end() as usize];
        assert!(read(snapshot, span) == part);
        let (mut peeked, mut states) = (vec![9; part.len() + 1], vec![Availability::Missing; part.len() + 1]);
        snapshot.peek(span.start(), &mut peeked, &mut states);
        assert!(&peeked[..part.len()] == part);
        assert!(states[..part.len()].iter().all(|&state| state == Availability::Ready));
        let beyond = span.end() == snapshot.len();
        assert_eq!(states[part.len()] == Availability::Failed, beyond);
    }

    fn check_kept(&mut self) {
        if !self.kept.is_empty() {
            let (snapshot, bytes) = &self.kept[self.random.usize(..self.kept.len())];
            assert!(read(snapshot, Span::first(snapshot.len())) == *bytes, "a snapshot has changed");
        }
        if !self.revisions.is_empty() {
            let (revision, old) = &self.revisions[self.random.usize(..self.revisions.len())];
            let new = self.model.ids();
            let start = self.random.usize(0..=old.len());
            let span = Span::between(start as u64, (start + 5).min(old.len()) as u64);
            let ids = |ids: &[u64], span: Span| ids[span.start() as usize..span.end() as usize].to_vec();
            match self.document.map_span(span, *revision) {
                Mapped::Intact(now) => assert_eq!(ids(old, span), ids(&new, now)),
                Mapped::Touched(now) => assert!(now.end() <= new.len() as u64),
                Mapped::Gone => assert!(!span.is_empty()),
                Mapped::Unknown => panic!("the log holds more revisions than this"),
            }
        }
    }
}

/// The changes lead from the base to the state, and every other way to ask for them agrees.
fn check_changes(snapshot: &Snapshot, changes: &[Change], base: &[u8], bytes: &[u8]) {
    let (mut at, mut base_at) = (0, 0);
    let end = (Span::empty_at(bytes.len() as u64), Span::empty_at(base.len() as u64));
    for (span, replaced) in changes.iter().map(|change| (change.span, change.replaced)).chain([end]) {
        let (now, then) = (at as usize..span.start() as usize, base_at as usize..replaced.start() as usize);
        assert!(bytes[now] == base[then], "what is not changed is other than in the base");
        (at, base_at) = (span.end(), replaced.end());
    }
    let runs: Vec<Span> = changes.iter().map(|change| change.span).filter(|span| !span.is_empty()).collect();
    assert_eq!(snapshot.changed_spans(Span::first(snapshot.len())), runs);
    assert_eq!(snapshot.changed_bytes(), runs.iter().map(|run| run.len()).sum::<u64>());
    let window = Span::between(snapshot.len() / 3, snapshot.len() / 2);
    let cut: Vec<Span> = runs.iter().filter_map(|run| run.intersect(window)).collect();
    assert_eq!(snapshot.changed_spans(window), cut);
    for offset in [0, 1, snapshot.len() / 2, snapshot.len(), snapshot.len() + 1] {
        let after = changes.iter().find(|change| change.span.start() >= offset);
        assert_eq!(snapshot.change_after(offset), after.copied(), "after {offset}");
        let before = changes.iter().rfind(|change| change.span.start() < offset);
        assert_eq!(snapshot.change_before(offset), before.copied(), "before {offset}");
    }
    let moved = |change: &&Change| change.span.len() != change.replaced.len();
    let first_moved = changes.iter().find(moved);
    let in_place = first_moved.is_none_or(|change| {
        change.replaced.end() == base.len() as u64 && change == changes.last().unwrap_or(change)
    });
    let overwrites = snapshot.overwrites();
    assert_eq!((overwrites.base_len, overwrites.len), (base.len() as u64, bytes.len() as u64));
    if in_place {
        assert_eq!((&overwrites.spans, overwrites.moved), (&runs, 0));
    }
    // Writing them over the base makes the bytes, and no more is written than from the first moved byte on.
    let mut written = base.to_vec();
    written.resize(bytes.len(), 0);
    for span in &overwrites.spans {
        let range = span.start() as usize..span.end() as usize;
        written[range.clone()].copy_from_slice(&bytes[range]);
    }
    assert_eq!(written, bytes);
    for kept in snapshot.kept(1) {
        let (from, to) = (kept.from as usize, kept.to.start() as usize);
        assert_eq!(base[from..from + kept.to.len() as usize], bytes[to..kept.to.end() as usize]);
    }
    let deletions = changes.iter().filter(|change| change.kind() == ChangeKind::Deletion).count();
    assert_eq!(deletions, changes.len() - runs.len());
}

/// `steps` random steps from `seed`, which is in the message of every failure.
fn run(seed: u64, steps: u32, saves: bool) {
    let failed = std::panic::catch_unwind(|| {
        let mut twins = Twins::new(seed, saves);
        for step in 0..steps {
            twins.step();
            if step % 16 == 0 {
                twins.check();
            }
        }
        while twins.document.undo().is_some() {
            twins.model.undo();
        }
        twins.check();
        if twins.saved == 0 {
            assert_eq!(twins.document.snapshot().pieces(), u64::from(!twins.model.base.is_empty()));
        }
    });
    assert!(failed.is_ok(), "failed with seed {seed}, {steps} steps, saves: {saves}");
}

#[test]
fn random_edits_agree_with_a_plain_list() {
    for seed in 0..20 {
        run(seed, 2_500, false);
    }
}

#[test]
fn random_edits_and_saves_agree_with_a_plain_list() {
    for seed in 100..120 {
        run(seed, 2_500, true);
    }
}
