//! Snapshots read by other threads while the owner edits.

use super::bytes::{Availability, MemorySource, Source, Span};
use super::document::{Content, Document, Edit, Snapshot, Splice};
use fastrand::Rng;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

const READERS: u64 = 4;
const ROUNDS: usize = 400;

/// Reads the whole and some parts, both ways, and compares with what the owner saw.
fn read_as_told(snapshot: &Snapshot, told: &[u8], random: &mut Rng) {
    let mut bytes = vec![0; told.len()];
    snapshot.read_at(0, &mut bytes).expect("inside");
    assert!(bytes == told, "another state than the one handed over");
    let start = random.usize(0..=told.len());
    let part = &mut bytes[start..];
    let mut states = vec![Availability::Missing; part.len()];
    snapshot.peek(start as u64, part, &mut states);
    assert!(part == &told[start..] && states.iter().all(|&state| state == Availability::Ready));
    snapshot.check().expect("a sound tree");
}

#[test]
fn readers_see_their_state_while_the_owner_goes_on() {
    let base: Vec<u8> = (0..3000_u32).map(|at| at as u8).collect();
    let mut document = Document::new(Arc::new(MemorySource::new(base.clone())));
    let mut model = base;
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..READERS)
            .map(|seed| {
                let (sender, receiver) = sync_channel::<(Snapshot, Vec<u8>)>(2);
                scope.spawn(move || {
                    let mut random = Rng::with_seed(seed);
                    let mut kept = Vec::new();
                    for state in receiver {
                        kept.push(state);
                        let (snapshot, told) = &kept[random.usize(..kept.len())];
                        read_as_told(snapshot, told, &mut random);
                    }
                    kept.iter().for_each(|(snapshot, told)| read_as_told(snapshot, told, &mut random));
                });
                sender
            })
            .collect();
        let mut random = Rng::with_seed(99);
        for round in 0..ROUNDS {
            for _ in 0..20 {
                edit(&mut document, &mut model, &mut random);
            }
            let state = (document.snapshot(), model.clone());
            senders[round % senders.len()].send(state).expect("the reader lives");
        }
    });
}

/// Two places at once, with typed bytes, so that the buffer grows under the readers.
fn edit(document: &mut Document, model: &mut Vec<u8>, random: &mut Rng) {
    let middle = random.usize(0..model.len());
    let first = random.usize(0..=middle);
    let mut splices = Vec::new();
    for start in [middle, first] {
        let end = if start == first { first } else { (start + 3).min(model.len()) };
        let bytes = vec![random.u8(..); random.usize(1..5)];
        if start == first && first == middle && !splices.is_empty() {
            continue;
        }
        model.splice(start..end, bytes.iter().copied());
        splices
            .push(Splice { span: Span::between(start as u64, end as u64), content: Content::Bytes(bytes) });
    }
    splices.reverse();
    document.apply(Edit::each("Edit", splices)).expect("sorted");
}
