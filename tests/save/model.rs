//! Random edits, saved and compared with a plain vector of bytes.

use super::faulty::replaces_open_files;
use super::rig::{Edited, FaultyDisk, Opened, all, open, pattern};
use pagelens::bytes::{Source, Span};
use pagelens::job::Progress;
use pagelens::save::{Generation, SaveRequest, SaveWay, save};
use std::sync::Arc;

fn random_bytes(random: &mut fastrand::Rng, most: usize) -> Vec<u8> {
    let len = random.usize(0..=most);
    std::iter::repeat_with(|| random.u8(..)).take(len).collect()
}

/// Applies random edits to both; answers the overwritten spans while nothing else was done.
fn edit(random: &mut fastrand::Rng, edited: &mut Edited, model: &mut Vec<u8>) -> Option<Vec<Span>> {
    let mut overwrites = Some(Vec::new());
    let only_overwrites = random.bool();
    for _ in 0..random.usize(1..12) {
        let start = random.usize(0..=model.len());
        let mut bytes = random_bytes(random, 200);
        let end = if only_overwrites {
            bytes.truncate(model.len() - start);
            start + bytes.len()
        } else {
            overwrites = None;
            (start + random.usize(0..200)).min(model.len())
        };
        let span = Span::between(start as u64, end as u64);
        *edited = std::mem::replace(edited, Edited::new(Arc::new(pagelens::bytes::MemorySource::new(*b""))))
            .splice(span, &bytes);
        model.splice(start..end, bytes);
        if let Some(spans) = &mut overwrites {
            spans.push(span);
        }
    }
    overwrites
}

#[test]
fn a_thousand_random_edit_sets() {
    if !replaces_open_files() {
        return;
    }
    let seed = fastrand::u64(..);
    println!("seed {seed}");
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut in_place, mut rewrites) = (0, 0);
    let mut model = pattern(3000);
    let mut opened = Opened::with(&model);
    let mut watched: Vec<(Arc<Generation>, Vec<u8>)> = Vec::new();
    for round in 0..1000 {
        if random.u8(..) < 10 && watched.len() < 20 {
            watched.push((opened.generation.clone(), model.clone()));
        }
        let mut edited = opened.edited();
        let spans = edit(&mut random, &mut edited, &mut model);
        assert_eq!(all(&edited), model, "the test's own edits; seed {seed}");
        let request = SaveRequest::save(Arc::new(edited), &opened.path, opened.identity.clone())
            .with_overwrites(opened.generation.clone(), spans);
        let saved = save(&FaultyDisk::sound(), request, &Progress::default())
            .unwrap_or_else(|error| panic!("seed {seed}, round {round}: {error}"));
        assert_eq!(opened.bytes(), model, "seed {seed}, round {round}, {:?}", saved.way);
        assert!(saved.warnings.is_empty(), "seed {seed}, round {round}: {:?}", saved.warnings);
        opened.identity = saved.version;
        let file = open(&opened.path);
        opened.generation = Arc::new(match saved.way {
            SaveWay::InPlace => opened.generation.successor(file),
            SaveWay::Rewrite | SaveWay::Fresh => Generation::new(file),
        });
        match saved.way {
            SaveWay::InPlace => in_place += 1,
            _ => rewrites += 1,
        }
        for (generation, bytes) in &watched {
            assert!(all(&**generation) == *bytes, "an old generation changed; seed {seed}, round {round}");
        }
    }
    assert!(in_place > 300 && rewrites > 300, "{in_place} in place, {rewrites} rewrites; seed {seed}");
    assert_eq!(opened.names(), ["data.bin"]);
}

#[test]
fn a_byte_edited_twice_gets_the_later_value() {
    let opened = Opened::with(&pattern(100));
    let request = opened.overwrite(&[(40, b"first"), (42, b"second"), (40, b"F")]);
    save(&FaultyDisk::sound(), request, &Progress::default()).expect("saved");
    assert_eq!(&opened.bytes()[40..48], b"Fisecond");
}

#[test]
fn nothing_changed_is_saved_without_a_write() {
    let opened = Opened::with(&pattern(100));
    let disk = FaultyDisk::sound();
    let saved = save(&disk, opened.overwrite(&[]), &Progress::default()).expect("saved");
    assert_eq!((saved.bytes_written, saved.version), (0, opened.identity.clone()));
    assert!(!disk.calls().contains(&"write_at"));
}

#[test]
fn an_empty_file_grows_and_a_file_becomes_empty() {
    if !replaces_open_files() {
        return;
    }
    let mut opened = Opened::with(b"");
    let saved = save(&FaultyDisk::sound(), opened.splice(Span::first(0), b"new"), &Progress::default());
    opened.identity = saved.expect("saved").version;
    assert_eq!(opened.bytes(), b"new");
    opened.generation = Arc::new(Generation::new(open(&opened.path)));
    assert_eq!(opened.generation.len(), 3);
    save(&FaultyDisk::sound(), opened.splice(Span::first(3), b""), &Progress::default()).expect("saved");
    assert_eq!(opened.bytes(), b"");
}
