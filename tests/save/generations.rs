//! Who reads an old generation sees its bytes for good, whatever is saved over them, at any moment.

use super::rig::{FaultyDisk, Opened, all, open, pattern};
use pagelens::bytes::pages::{DEFAULT_BUDGET, PageCache};
use pagelens::bytes::{Availability, MemorySource, ReadError, SharedSource, Source, Span};
use pagelens::job::{Progress, no_waker};
use pagelens::save::{Cacher, Generation, Overlay, RealDisk, SaveError, SaveRequest, save};
use std::sync::Arc;
use std::time::Duration;

fn memory(bytes: &[u8]) -> SharedSource {
    Arc::new(MemorySource::new(bytes.to_vec()))
}

fn overlay(spans: &[(u64, u64)], bytes: &[u8]) -> Option<Overlay> {
    let spans = spans.iter().map(|(start, end)| Span::between(*start, *end)).collect();
    Overlay::new(spans, memory(bytes))
}

fn peeked(source: &dyn Source) -> (Vec<u8>, Vec<Availability>) {
    let len = source.len() as usize;
    let (mut bytes, mut states) = (vec![0; len], vec![Availability::Missing; len]);
    source.peek(0, &mut bytes, &mut states);
    (bytes, states)
}

#[test]
fn overlays_are_sorted_and_apart_and_have_their_bytes() {
    assert!(overlay(&[(0, 2), (2, 3)], b"abc").is_some());
    assert!(overlay(&[(0, 2), (1, 3)], b"abcd").is_none());
    assert!(overlay(&[(4, 5), (0, 1)], b"ab").is_none());
    assert!(overlay(&[(0, 2)], b"abc").is_none());
    assert!(overlay(&[(1, 1)], b"").is_none());
}

#[test]
fn the_oldest_overlay_is_on_top() {
    // The file holds what the second save wrote; each overlay holds what was there before its save.
    let first = Generation::new(memory(b"..CCC..."));
    first.publish(Arc::new(overlay(&[(1, 4)], b"abc").expect("sound")));
    let second = first.successor(memory(b"..CCC..."));
    second.publish(Arc::new(overlay(&[(2, 5)], b"BBd").expect("sound")));
    assert_eq!(all(&first), b".abcd...");
    assert_eq!(all(&second), b"..BBd...");
    assert_eq!(peeked(&first).0, b".abcd...");
    let third = second.successor(memory(b"..CCC..."));
    assert_eq!(all(&third), b"..CCC...");
    let mut middle = [0; 2];
    first.read_at(3, &mut middle).expect("readable");
    assert_eq!(&middle, b"cd");
}

#[test]
fn what_no_overlay_covers_is_what_is_left_between_all_of_them() {
    let generation = Generation::new(memory(&[0; 20]));
    assert_eq!(generation.uncovered(Span::between(2, 9)), [Span::between(2, 9)]);
    generation.publish(Arc::new(overlay(&[(3, 5), (8, 12)], b"abcdef").expect("sound")));
    generation.publish(Arc::new(overlay(&[(4, 6), (14, 15)], b"abc").expect("sound")));
    let left = [(0, 3), (6, 8), (12, 14), (15, 20)].map(|(start, end)| Span::between(start, end));
    assert_eq!(generation.uncovered(Span::first(20)), left);
    assert_eq!(generation.uncovered(Span::between(4, 7)), [Span::between(6, 7)]);
    assert_eq!(generation.uncovered(Span::between(9, 11)), []);
}

#[test]
fn a_read_beyond_the_end_stays_an_error_and_a_peek_says_so() {
    let generation = Generation::new(memory(b"abcd"));
    generation.publish(Arc::new(overlay(&[(3, 4)], b"x").expect("sound")));
    assert!(generation.read_at(3, &mut [0; 2]).is_err());
    let (mut bytes, mut states) = ([0; 3], [Availability::Missing; 3]);
    generation.peek(3, &mut bytes, &mut states);
    assert_eq!(bytes, *b"x\0\0");
    assert_eq!(states, [Availability::Ready, Availability::Failed, Availability::Failed]);
}

#[test]
fn a_chain_of_very_many_saves_is_dropped_without_recursion() {
    let first = Generation::new(memory(b"ab"));
    let mut last = first.successor(memory(b"ab"));
    for _ in 0..200_000 {
        last.publish(Arc::new(overlay(&[(0, 1)], b"a").expect("sound")));
        last = last.successor(memory(b"ab"));
    }
    drop(last);
    drop(first);
}

/// Peeks until everything is there, as the frames of the window do.
fn shown(cache: &PageCache, source: &dyn Source) -> Vec<u8> {
    loop {
        cache.begin_frame();
        let (_, states) = peeked(source);
        cache.settle(Duration::from_millis(2));
        let (bytes, again) = peeked(source);
        cache.end_frame();
        if again.iter().all(|state| *state == Availability::Ready) {
            return bytes;
        }
        assert!(!states.contains(&Availability::Failed), "a byte could not be read");
    }
}

#[test]
fn the_screen_shows_old_bytes_of_the_old_and_new_bytes_of_the_new_generation() {
    let cache = PageCache::new(DEFAULT_BUDGET, no_waker());
    let mut opened = Opened::with(&pattern(200_000));
    let old = opened.bytes();
    opened.generation = Arc::new(Generation::new(cache.attach(open(&opened.path)).expect("a thread")));
    // Half of it is cached before the save, half is read after it.
    let (mut bytes, mut states) = (vec![0; 100_000], vec![Availability::Missing; 100_000]);
    cache.begin_frame();
    opened.generation.peek(0, &mut bytes, &mut states);
    cache.settle(Duration::from_millis(2));
    cache.end_frame();
    let request = opened.overwrite(&[(10, b"early"), (150_000, b"late")]);
    let new = all(&*request.snapshot);
    save(&RealDisk, request, &Progress::default()).expect("saved");
    let successor = opened.generation.successor(cache.attach(open(&opened.path)).expect("a thread"));
    assert_eq!(shown(&cache, &*opened.generation), old);
    assert_eq!(shown(&cache, &successor), new);
}

#[test]
fn old_bytes_too_many_for_memory_are_read_and_shown_from_a_file() {
    const LEN: usize = 70 << 20;
    let cache = PageCache::new(DEFAULT_BUDGET, no_waker());
    let behind = cache.clone();
    let cacher: Cacher = Arc::new(move |source| behind.attach(source).expect("a thread"));
    let mut opened = Opened::with(&pattern(LEN / 1024).repeat(1024));
    let cached = cache.attach(open(&opened.path)).expect("a thread");
    opened.generation = Arc::new(Generation::new(cached).with_cacher(cacher));
    let old = opened.bytes();
    let new: Vec<u8> = old.iter().map(|byte| !byte).collect();
    let request = SaveRequest::save(memory(&new), &opened.path, opened.identity.clone())
        .with_overwrites(opened.generation.clone(), Some(vec![Span::first(LEN as u64)]));
    save(&RealDisk, request, &Progress::default()).expect("saved");
    assert!(opened.bytes() == new);
    assert!(all(&*opened.generation) == old);
    assert_eq!(opened.names(), ["data.bin"]);
    let (at, mut states) = (LEN as u64 / 2, vec![Availability::Missing; 5000]);
    let mut bytes = vec![0; states.len()];
    while states.iter().any(|state| *state != Availability::Ready) {
        cache.begin_frame();
        opened.generation.peek(at, &mut bytes, &mut states);
        cache.settle(Duration::from_millis(2));
        cache.end_frame();
    }
    assert!(bytes == old[at as usize..][..bytes.len()]);
}

#[test]
fn bytes_that_swap_places_do_not_overwrite_each_other_before_they_are_read() {
    let mut opened = Opened::with(&pattern(20_000));
    let old = opened.bytes();
    // The snapshot's new bytes are the base's own, from places that the save has overwritten by then.
    #[derive(Debug)]
    struct Swapped(Arc<Generation>);
    impl Source for Swapped {
        fn len(&self) -> u64 {
            self.0.len()
        }
        fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
            for (n, byte) in buf.iter_mut().enumerate() {
                let mirrored = self.len() - 1 - (offset + n as u64);
                self.0.read_at(mirrored, std::slice::from_mut(byte))?;
            }
            Ok(())
        }
        fn peek(&self, _: u64, _: &mut [u8], states: &mut [Availability]) {
            states.fill(Availability::Missing);
        }
    }
    let spans = Some(vec![Span::first(20_000)]);
    let request = SaveRequest::save(
        Arc::new(Swapped(opened.generation.clone())),
        &opened.path,
        opened.identity.clone(),
    )
    .with_overwrites(opened.generation.clone(), spans);
    let saved = save(&RealDisk, request, &Progress::default()).expect("saved");
    opened.identity = saved.version;
    assert!(opened.bytes().into_iter().eq(old.into_iter().rev()));
}

/// What one reader gets by reading, and the screen by peeking.
#[derive(Debug)]
struct TwoFaced {
    read: SharedSource,
    shown: SharedSource,
}

impl Source for TwoFaced {
    fn len(&self) -> u64 {
        self.read.len()
    }
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.read.read_at(offset, buf)
    }
    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.shown.peek(offset, buf, states);
    }
}

#[test]
fn a_byte_that_another_program_changed_under_an_edit_is_found_though_the_times_are_equal() {
    const OPENED: &[u8] = b"what was there when it was opened";
    const CHANGED: &[u8] = b"what was THERE when it was opened";
    let opened = Opened::with(CHANGED);
    let file: SharedSource = open(&opened.path);
    // The document remembers the old bytes either by reading or, in a cache, by what it has shown.
    let by_reading = TwoFaced { read: memory(OPENED), shown: file.clone() };
    let by_showing = TwoFaced { read: file, shown: memory(OPENED) };
    for remembered in [by_reading, by_showing] {
        std::fs::write(&opened.path, CHANGED).expect("written");
        let identity = open(&opened.path).identity().clone();
        let generation = Arc::new(Generation::new(Arc::new(remembered)));
        let snapshot = Arc::new(super::rig::Edited::new(generation.clone()).overwrite(9, b"thence"));
        let request = SaveRequest::save(snapshot, &opened.path, identity)
            .with_overwrites(generation, Some(vec![Span::between(9, 15)]));
        let error = save(&FaultyDisk::sound(), request.clone(), &Progress::default()).expect_err("changed");
        assert!(matches!(&error, SaveError::ChangedOnDisk { what, .. } if what.contains("0x9")), "{error}");
        assert_eq!(opened.bytes(), CHANGED);
        let forced = SaveRequest { allow_changed: true, ..request };
        save(&RealDisk, forced, &Progress::default()).expect("saved");
        assert_eq!(opened.bytes(), b"what was thencewhen it was opened");
    }
}
