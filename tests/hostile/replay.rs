//! The corpus as it is, cut short, and changed at random; and what the fuzz targets have kept.

use super::bounds::{alone, hold};
use super::checks;
use std::path::{Path, PathBuf};

/// Changed files that are read.
const MUTATIONS: usize = 24_000;

/// Files up to this size are cut at every byte, longer ones at so many places.
const CUTS: usize = 600;

fn folder(name: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

/// The files of the corpus, by name.
pub fn corpus() -> Vec<(String, Vec<u8>)> {
    let files = folder("tests/fixtures/formats").into_iter().map(|path| {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(&path).expect("the file"))
    });
    files.collect()
}

#[test]
fn every_file_of_the_corpus_is_read_within_its_bounds() {
    let _alone = alone();
    let files = corpus();
    assert!(files.len() > 80, "{} files", files.len());
    for (name, bytes) in files {
        hold(&bytes, &name);
    }
}

#[test]
fn files_that_are_cut_short_are_read_within_their_bounds() {
    let _alone = alone();
    for (name, bytes) in corpus() {
        let step = bytes.len().div_ceil(CUTS).max(1);
        for len in (0..bytes.len()).step_by(step) {
            hold(&bytes[..len], &name);
        }
    }
}

#[test]
fn files_that_are_changed_at_random_are_read_within_their_bounds() {
    let _alone = alone();
    let files = corpus();
    for seed in 0..MUTATIONS {
        let mut rng = fastrand::Rng::with_seed(seed as u64);
        let (name, bytes) = &files[seed % files.len()];
        let changed = mutated(bytes, &mut rng);
        let outcome = std::panic::catch_unwind(|| hold(&changed, name));
        assert!(outcome.is_ok(), "seed {seed}, {name}");
    }
}

/// One to four changes: bits, bytes, numbers at the edges, parts that are removed, doubled or moved.
pub fn mutated(bytes: &[u8], rng: &mut fastrand::Rng) -> Vec<u8> {
    const EDGES: [u64; 8] = [0, 1, 0x7f, 0xff, 0xffff, 1 << 31, u64::MAX, u64::MAX >> 1];
    let mut bytes = bytes.to_vec();
    for _ in 0..rng.usize(1..5) {
        if bytes.is_empty() {
            break;
        }
        let at = rng.usize(..bytes.len());
        let len = rng.usize(1..=16).min(bytes.len() - at);
        match rng.u8(..7) {
            0 => bytes[at] ^= 1 << rng.u8(..8),
            1 => bytes[at] = rng.u8(..),
            2 => bytes[at..at + len]
                .copy_from_slice(&vec![*rng.choice(b"\0\xff 9\"'{[(,:").expect("one"); len]),
            3 => {
                let edge = rng.choice(EDGES).expect("one").to_le_bytes();
                let len = len.min(8);
                bytes[at..at + len].copy_from_slice(&edge[..len]);
            }
            4 => drop(bytes.drain(at..at + len)),
            5 => {
                let part = bytes[at..at + len].to_vec();
                let to = rng.usize(..=bytes.len());
                bytes.splice(to..to, part);
            }
            _ => bytes.truncate(at),
        }
    }
    bytes
}

/// A check of a text.
type Check = fn(&str);

/// Which check each fuzz target makes; of headers the name that makes the format.
const HEADERS: [(&str, &str); 5] = [
    ("header_npy", "x.npy"),
    ("header_safetensors", "x.safetensors"),
    ("header_index", "x.safetensors.index.json"),
    ("header_gguf", "x.gguf"),
    ("zip_dir", "x.npz"),
];
const TEXTS: [(&str, Check); 5] = [
    ("dtype", checks::dtype),
    ("slice", checks::slice),
    ("number", checks::number),
    ("literal", checks::literal),
    ("operation", checks::operation),
];

#[test]
fn what_the_fuzz_targets_have_kept_still_holds() {
    let _alone = alone();
    let mut targets = 0;
    for target in folder("fuzz/corpus") {
        let name = target.file_name().expect("a name").to_string_lossy().into_owned();
        let header = HEADERS.iter().find(|(target, _)| *target == name).map(|(_, file)| *file);
        let text = TEXTS.iter().find(|(target, _)| *target == name).map(|(_, check)| *check);
        assert!(header.is_some() || text.is_some(), "{name} has no check");
        targets += 1;
        for path in folder(&format!("fuzz/corpus/{name}")) {
            let bytes = std::fs::read(&path).expect("the input");
            let held = std::panic::catch_unwind(|| {
                if let Some(file) = header {
                    hold(&bytes, file);
                }
                if let Some(check) = text {
                    checks::text(check, &bytes);
                }
            });
            assert!(held.is_ok(), "{}", path.display());
        }
    }
    assert_eq!(targets, HEADERS.len() + TEXTS.len());
}

#[test]
fn texts_that_are_changed_at_random_hold_too() {
    let _alone = alone();
    for (target, check) in TEXTS {
        let seeds: Vec<Vec<u8>> = folder(&format!("fuzz/corpus/{target}"))
            .iter()
            .map(|path| std::fs::read(path).expect("the input"))
            .collect();
        for seed in 0..MUTATIONS / 4 {
            let mut rng = fastrand::Rng::with_seed(seed as u64);
            let text = mutated(&seeds[seed % seeds.len()], &mut rng);
            let held = std::panic::catch_unwind(|| checks::text(check, &text));
            assert!(held.is_ok(), "{target}, seed {seed}: {:?}", String::from_utf8_lossy(&text));
        }
    }
}
