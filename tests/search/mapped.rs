//! Searches of files: candidates are looked for in the map, and only what is around them is copied.

use super::naive::{apart, compare, every_in, exactly, find_all, random_bytes};
use pagelens::analysis::texts::{TextQuery, usual_encodings};
use pagelens::analysis::{Case, Needle, Tuning};
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Source, Span};
use std::fs::File;
use std::io::Write;

fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("written");
    file
}

#[test]
fn a_file_gives_what_a_naive_look_finds() {
    for seed in 0..400 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = random_bytes(&mut rng, &[0, 1, 2, 3]);
        let file = file_of(&bytes);
        let source = FileSource::open(file.path()).expect("a source");
        let needle: Vec<u8> = (0..rng.usize(1..6)).map(|_| rng.u8(0..4)).collect();
        let pattern = Needle::exact(&needle).expect("a needle");
        let every = every_in(&bytes, exactly(&needle));
        compare(&source, &pattern, &every, &mut rng, &format!("seed {seed}"));
        // Two forms of each byte, at distances from the anchor that differ.
        let forms = needle.iter().map(|byte| vec![vec![*byte], vec![byte + 4, *byte]]).collect();
        let pattern = Needle::alternatives(forms).expect("forms that can be told apart");
        let every = every_in(&bytes, exactly(&needle));
        compare(&source, &pattern, &every, &mut rng, &format!("forms, seed {seed}"));
    }
}

#[test]
fn the_shorter_form_of_a_text_is_found_at_the_very_end() {
    for text in ["cat", "a", "Radius", "password"] {
        let query =
            TextQuery { text, case: Case::Exact, whole_words: false, encodings: &usual_encodings(text) };
        let (pattern, encodings) = query.pattern().expect("a text");
        assert!(encodings.len() >= 3, "{encodings:?}");
        for before in [0, 1, 100, 5000] {
            let bytes = [vec![b'.'; before], text.as_bytes().to_vec()].concat();
            let file = file_of(&bytes);
            let source = FileSource::open(file.path()).expect("a source");
            let whole = Span::first(source.len());
            let expected = vec![Span::between(before as u64, source.len())];
            assert_eq!(find_all(&source, &pattern, Tuning::default(), whole).0, expected, "{text} {before}");
        }
    }
}

#[test]
fn sparse_and_dense_matches_of_a_large_file_are_all_found() {
    let mut rng = fastrand::Rng::with_seed(3);
    // Not a multiple of anything, larger than what a worker takes at once.
    let mut bytes: Vec<u8> = (0..(20 << 20) + 4321).map(|_| rng.u8(1..200)).collect();
    let len = bytes.len();
    let mut put = |at: usize| bytes[at..at + 6].copy_from_slice(b"\xf1eed\xf2e");
    (0..2000).for_each(|n| put((3 << 20) + 7 * n));
    (0..300).for_each(|n| put((9 << 20) + 3001 * n));
    [0, (8 << 20) - 3, (8 << 20) + 500, len - 6].into_iter().for_each(&mut put);
    let file = file_of(&bytes);
    let source = FileSource::open(file.path()).expect("a source");
    let expected = every_in(&bytes, exactly(b"\xf1eed\xf2e"));
    assert_eq!(expected.len(), 2304);
    for threads in [1, 2, 3] {
        let tuning = Tuning { threads, ..Tuning::default() };
        let whole = Span::first(len as u64);
        let exact = Needle::exact(b"\xf1eed\xf2e").expect("a needle");
        assert_eq!(find_all(&source, &exact, tuning, whole).0, apart(&expected, whole));
        let latin = |c: char| u8::try_from(c).ok().map(|byte| vec![byte]);
        let any = Needle::text("ñEEdòE", Case::Unicode, latin).expect("a needle");
        assert_eq!(find_all(&source, &any, tuning, whole).0, apart(&expected, whole));
        let odd = Span::between(5, len as u64 - 5);
        assert_eq!(find_all(&source, &exact, tuning, odd).0, apart(&expected, odd));
    }
}

#[test]
fn a_file_that_is_cut_short_during_a_search_is_reported_and_never_read_as_zeros() {
    for round in 0..30 {
        let bytes = vec![7; 9 << 20];
        let file = file_of(&bytes);
        let source = FileSource::open(file.path()).expect("a source");
        let pattern = Needle::exact(&[0, 0, 0]).expect("a needle");
        let writer = File::options().write(true).open(file.path()).expect("open to cut");
        let (hits, tally) = std::thread::scope(|scope| {
            scope.spawn(|| {
                (0..round * 20_000).for_each(|_| std::hint::spin_loop());
                writer.set_len(5000).expect("cut short");
            });
            find_all(&source, &pattern, Tuning::default(), Span::first(source.len()))
        });
        assert_eq!(hits, [], "round {round}");
        assert!(tally.unread.ranges().iter().all(|range| range.end() > 5000), "round {round}: {tally:?}");
    }
}
