//! Readers of old states while the file is saved in place again and again, cut and grown as well: they never see a byte
//! of a later state.

use super::rig::{FaultyDisk, Opened, all, open, pattern};
use pagelens::bytes::{SharedSource, Source, Span};
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use pagelens::save::{Generation, SaveRequest, SaveWay, save};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const SAVES: u64 = 200;
const READERS: u64 = 4;

/// A state of the file, and what it holds for good.
type State = (Arc<Generation>, Arc<Vec<u8>>);

/// Overwrites some places, and cuts or grows the end.
fn edit(document: &mut Document, random: &mut fastrand::Rng, round: u64) {
    for _ in 0..12 {
        let start = random.u64(0..document.len() - 400);
        let span = Span::between(start, start + random.u64(1..400));
        let bytes = Content::Bytes(vec![round as u8; span.len() as usize]);
        document.apply(Edit::one("Overwrite", span, bytes)).expect("inside");
    }
    let end = document.len();
    let (span, bytes) = match round % 3 {
        0 => (Span::between(end - random.u64(1..9000), end), Vec::new()),
        1 => (Span::empty_at(end), vec![!round as u8; random.usize(1..9000)]),
        _ => return,
    };
    document.apply(Edit::one("End", span, Content::Bytes(bytes))).expect("inside");
}

fn save_many(states: &Mutex<Vec<State>>, random: &mut fastrand::Rng) {
    let mut opened = Opened::with(&pattern(100_000));
    for round in 0..SAVES {
        let generation = opened.generation.clone();
        states.lock().expect("no panic").push((generation.clone(), Arc::new(opened.bytes())));
        let mut document = Document::new(generation.clone() as SharedSource);
        edit(&mut document, random, round);
        let snapshot = document.snapshot();
        let wanted = all(&snapshot);
        let request = SaveRequest::save(Arc::new(snapshot.clone()), &opened.path, opened.identity.clone());
        let overwrites = Some(snapshot.overwrites());
        let request = SaveRequest { overwrites, generation: Some(generation.clone()), ..request };
        let saved = save(&FaultyDisk::sound(), request, &Progress::default()).expect("saved");
        assert_eq!(saved.way, SaveWay::InPlace);
        assert!(opened.bytes() == wanted, "save {round}");
        opened.identity = saved.version;
        opened.generation = Arc::new(generation.successor(open(&opened.path)));
    }
}

#[test]
fn four_readers_never_see_a_later_byte_through_two_hundred_saves() {
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let states: Mutex<Vec<State>> = Mutex::default();
    let (stop, reads, wrong) = (AtomicBool::new(false), AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for reader in 0..READERS {
            let (states, stop, reads, wrong) = (&states, &stop, &reads, &wrong);
            scope.spawn(move || {
                let mut random = fastrand::Rng::with_seed(seed ^ (reader + 1));
                while !stop.load(Ordering::Relaxed) {
                    let Some((generation, bytes)) =
                        random.choice(&*states.lock().expect("no panic")).cloned()
                    else {
                        continue;
                    };
                    // Often the end, which later saves cut.
                    let len = random.usize(1..20_000).min(bytes.len());
                    let most = bytes.len() - len;
                    let start = if random.bool() { most } else { random.usize(0..=most) };
                    let mut buf = vec![0; len];
                    let read = generation.read_at(start as u64, &mut buf);
                    let right = read.is_ok() && buf == bytes[start..start + len];
                    wrong.fetch_add(usize::from(!right), Ordering::Relaxed);
                    reads.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let saving = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            save_many(&states, &mut fastrand::Rng::with_seed(seed));
        }));
        stop.store(true, Ordering::Relaxed);
        saving.unwrap_or_else(|reason| std::panic::resume_unwind(reason));
    });
    let (reads, wrong) = (reads.into_inner(), wrong.into_inner());
    println!("figure: {reads} reads of old states during {SAVES} saves, {wrong} saw a later byte");
    assert!(wrong == 0 && reads > 1000, "seed {seed}: {wrong} of {reads} reads were wrong");
}
