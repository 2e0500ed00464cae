//! The edit layer: a million edits in 100 GiB, in time and bytes.

use crate::alloc;
use fastrand::Rng;
use pagelens::bytes::{Availability, Source, Span};
use pagelens::document::{CoalesceKey, Content, Document, Edit, RepeatSource, Snapshot};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

const LEN: u64 = 100 << 30;
const EDITS: u64 = 1_000_000;

fn document() -> Document {
    Document::new(Arc::new(RepeatSource::new(*b"0123456789abcdef", LEN).expect("a pattern")))
}

/// Time and bytes of `count` calls of `edit` on a new document, with their undo steps; then what stays when only a
/// snapshot is kept: the tree and the typed bytes.
fn edits(name: &str, count: u64, mut edit: impl FnMut(&mut Document, u64)) {
    let before = alloc::live();
    let mut document = document();
    let start = Instant::now();
    (0..count).for_each(|n| edit(&mut document, n));
    let ns = start.elapsed().as_nanos() as u64 / count;
    let each = || (alloc::live() - before) as f64 / count as f64;
    let with_undo = each();
    let snapshot = document.snapshot();
    drop(document);
    let pieces = snapshot.pieces();
    println!("{name}: {ns} ns, {:.1} B, {with_undo:.1} B with undo, each; {pieces} pieces", each());
}

fn overwrite(document: &mut Document, at: u64) {
    let edit = Edit::one("Overwrite", Span::at(at, 1).expect("inside"), Content::Bytes(vec![at as u8]));
    document.apply(edit).expect("inside");
}

fn insert(document: &mut Document, at: u64) {
    document.apply(Edit::one("Insert", Span::empty_at(at), Content::Bytes(vec![at as u8]))).expect("inside");
}

/// What the machine does today: a look-up waits for memory a few times, and neighbours wait for it too.
fn yardstick() {
    let mut random = Rng::with_seed(6);
    // Each word says where the next one is: a random walk over 80 MB in one circle.
    let mut order: Vec<u32> = (0..10_000_000).collect();
    random.shuffle(&mut order);
    let mut next = vec![0_u64; order.len()];
    (0..order.len()).for_each(|at| next[order[at] as usize] = u64::from(order[(at + 1) % order.len()]));
    let start = Instant::now();
    let mut at = 0;
    (0..EDITS).for_each(|_| at = next[at as usize]);
    black_box(at);
    println!("one read somewhere in 80 MB: {} ns", start.elapsed().as_nanos() as u64 / EDITS);
    let mut overlay = BTreeMap::new();
    let start = Instant::now();
    (0..EDITS).for_each(|n| _ = overlay.insert(random.u64(..LEN), n as u8));
    println!("overwrite in a BTreeMap of bytes: {} ns", start.elapsed().as_nanos() as u64 / EDITS);
    let start = Instant::now();
    (0..EDITS).for_each(|_| _ = black_box(overlay.range(random.u64(..LEN)..).next()));
    println!("look-up in it: {} ns", start.elapsed().as_nanos() as u64 / EDITS);
}

fn scattered() -> Document {
    let mut random = Rng::with_seed(1);
    let mut document = document();
    (0..EDITS).for_each(|_| overwrite(&mut document, random.u64(..LEN)));
    document
}

fn look_ups(snapshot: &Snapshot) {
    let mut random = Rng::with_seed(2);
    let offsets: Vec<u64> = (0..EDITS).map(|_| random.u64(..LEN)).collect();
    let (mut byte, mut state) = ([0], [Availability::Missing]);
    let start = Instant::now();
    for &offset in &offsets {
        snapshot.peek(offset, &mut byte, &mut state);
        black_box(&byte);
    }
    println!("look-up: {} ns", start.elapsed().as_nanos() as u64 / EDITS);
    let start = Instant::now();
    for &offset in &offsets {
        black_box(snapshot.change_after(offset));
    }
    println!("next change: {} ns", start.elapsed().as_nanos() as u64 / EDITS);
}

fn screen_of_pieces() {
    let mut document = document();
    let at = |n: u64| LEN / 2 + n * 9;
    (0..1000).for_each(|n| overwrite(&mut document, at(n)));
    let snapshot = document.snapshot();
    let (mut bytes, mut states) = (vec![0; 9000], vec![Availability::Missing; 9000]);
    let start = Instant::now();
    for _ in 0..1000 {
        snapshot.peek(LEN / 2, &mut bytes, &mut states);
        black_box(&bytes);
    }
    println!("screen of 9,000 bytes in 2,000 pieces: {} us", start.elapsed().as_micros() as f64 / 1000.0);
}

fn snapshots(document: &mut Document) {
    let mut random = Rng::with_seed(3);
    let before = alloc::live();
    let mut kept = Vec::with_capacity(1000);
    let start = Instant::now();
    for _ in 0..1000 {
        kept.push(document.snapshot());
        overwrite(document, random.u64(..LEN));
    }
    let us = start.elapsed().as_micros() as f64 / 1000.0;
    println!("snapshot kept over an edit: {} B, {us} us with the edit", (alloc::live() - before) / 1000);
}

fn undo_all(document: &mut Document) {
    let start = Instant::now();
    while document.undo().is_some() {}
    println!("undo: {} ns each", start.elapsed().as_nanos() as u64 / EDITS);
    let start = Instant::now();
    while document.redo().is_some() {}
    println!("redo: {} ns each", start.elapsed().as_nanos() as u64 / EDITS);
}

fn bulk() {
    let mut random = Rng::with_seed(4);
    let mut starts: Vec<u64> = (0..EDITS).map(|_| random.u64(..LEN / 8) * 8).collect();
    starts.sort_unstable();
    starts.dedup();
    for (name, bytes) in [("same length", &b"wxyz"[..]), ("longer", b"vwxyz")] {
        let before = alloc::live();
        let mut document = document();
        let spans: Vec<Span> = starts.iter().filter_map(|&at| Span::at(at, 4)).collect();
        alloc::reset_peak();
        let mib = |bytes: usize| (bytes - before) as f64 / 1e6;
        let start = Instant::now();
        document.apply(Edit::same("Replace All", spans, Content::Bytes(bytes.to_vec()))).expect("inside");
        let seconds = start.elapsed().as_secs_f64();
        let (kept, peak) = (mib(alloc::live()), mib(alloc::peak()));
        println!("replace all, {name}, 1e6 places: {seconds:.3} s, {kept:.1} MB kept, {peak:.1} MB at most");
        let start = Instant::now();
        document.undo();
        let undo = start.elapsed().as_secs_f64();
        document.redo();
        let redo = start.elapsed().as_secs_f64() - undo;
        println!("  undo {undo:.3} s, redo {redo:.3} s");
        println!("  overwrites {:?}", document.snapshot().overwrites().spans.len());
    }
}

pub fn run() {
    yardstick();
    let mut random = Rng::with_seed(1);
    edits("overwrite", EDITS, |document, _| overwrite(document, random.u64(..LEN)));
    edits("insert", EDITS, |document, _| insert(document, random.u64(..LEN)));
    edits("overwrite in order", EDITS, |document, n| overwrite(document, n * 1000));
    edits("overwrite in reverse order", EDITS, |document, n| overwrite(document, (EDITS - n) * 1000));
    edits("typing", EDITS, |document, n| {
        let edit = Edit::one("Typing", Span::empty_at(n), Content::Bytes(vec![1])).coalescing(CoalesceKey(1));
        document.apply(edit).expect("inside");
    });
    let mut random = Rng::with_seed(5);
    let before = alloc::live();
    let mut steps = document();
    (0..100_000).for_each(|_| overwrite(&mut steps, random.u64(..LEN)));
    println!("1e5 undo steps with their tree: {:.1} MB", (alloc::live() - before) as f64 / 1e6);
    drop(steps);
    let mut document = scattered();
    look_ups(&document.snapshot());
    snapshots(&mut document);
    undo_all(&mut document);
    drop(document);
    screen_of_pieces();
    bulk();
}
