//! Strings against a look at one character after another, on small data of many kinds, cut into chunks of every size.

use super::class::{COMMON, has_unit, is_common_beyond, is_text};
use super::overlap::Candidate;
use super::*;
use crate::bytes::MemorySource;
use std::sync::Arc;

/// Whether the first character of `bytes` is text in this encoding, and how many bytes it takes.
fn first(encoding: Encoding, bytes: &[u8]) -> (usize, bool) {
    let (len, characters) = encoding.first_character(bytes);
    let is_utf16 = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
    let counts = |character: char| match u16::try_from(u32::from(character)) {
        Ok(unit) if is_utf16 => has_unit(&COMMON, unit),
        Err(_) if is_utf16 => is_common_beyond(character),
        Ok(_) | Err(_) => is_text(character),
    };
    (len, characters[0].is_some() && characters.into_iter().flatten().all(counts))
}

/// The strings of all lanes, and of those that overlap the better ones.
fn naive(bytes: &[u8], query: &StringQuery) -> Vec<(Span, Encoding)> {
    let mut candidates = Vec::new();
    let mut lanes = Vec::new();
    for phase in 0..4 {
        let has_phase = |encoding: &&Encoding| phase < encoding.unit();
        lanes.extend(query.encodings.iter().filter(has_phase).map(|encoding| (*encoding, phase)));
    }
    for (lane, (encoding, phase)) in lanes.into_iter().enumerate() {
        let (mut at, mut start, mut count) = (phase, phase, 0);
        while at <= bytes.len() {
            let (len, is_text) = if at < bytes.len() { first(encoding, &bytes[at..]) } else { (1, false) };
            if is_text {
                (at, count) = (at + len, count + 1);
                continue;
            }
            if count >= query.least.max(1) {
                let span = Span::between(start as u64, at as u64);
                let is_narrow = encoding.unit() == 1;
                let candidate = Candidate { span, lane, is_narrow, matches: true, rendered: None };
                candidates.push((candidate, encoding));
            }
            at += len;
            (start, count) = (at, 0);
        }
    }
    candidates.sort_by(|a, b| a.0.order(&b.0));
    let mut told: Vec<(Candidate, Encoding)> = Vec::new();
    for next in candidates {
        match told.last_mut() {
            Some(last) if next.0.span.start() < last.0.span.end() => {
                if next.0.beats(&last.0) {
                    *last = next;
                }
            }
            _ => told.push(next),
        }
    }
    told.into_iter().map(|(candidate, encoding)| (candidate.span, encoding)).collect()
}

fn found(bytes: &[u8], query: &StringQuery, tuning: Tuning) -> Vec<(Span, Encoding, String)> {
    let source = MemorySource::new(bytes);
    let progress = Progress::default();
    let render = |found: &FoundString, bytes: &[u8], out: &mut Vec<u8>| {
        assert_eq!(found.span.len(), bytes.len() as u64);
        out.extend(found.encoding.decode_lossy(bytes).bytes());
    };
    let search = StringSearch { source: &source, query, render: Some(&render), progress: &progress, tuning };
    let mut all = Vec::new();
    let tally = search.find(Span::first(source.len()), &mut |strings, text| {
        let mut at = 0;
        for found in strings {
            let end = at + found.rendered as usize;
            all.push((found.span, found.encoding, String::from_utf8_lossy(&text[at..end]).into_owned()));
            at = end;
        }
        assert_eq!(at, text.len());
        ControlFlow::Continue(())
    });
    assert_eq!((tally.end, progress.done()), (End::Complete, progress.total()));
    all
}

/// Bytes with text in a few encodings, and what is not text in any.
fn mixed(rng: &mut fastrand::Rng) -> Vec<u8> {
    const TEXTS: [&str; 9] =
        ["hello", "a", "größer", "Привет", "文件夹設定", "日本語かな", "한국어", "👍🏽x", "tab\tand space "];
    let mut bytes = Vec::new();
    for _ in 0..rng.usize(0..30) {
        match rng.usize(0..6) {
            0 => bytes.extend((0..rng.usize(0..9)).map(|_| rng.u8(..))),
            1 => bytes.extend((0..rng.usize(0..90)).map(|_| 0)),
            2 => {
                bytes.extend((0..rng.usize(0..9)).map(|_| [0, b'a', 0x4e, 0xd8, 0xdc, 0x81][rng.usize(..6)]))
            }
            _ => {
                let encoding = Encoding::ALL[rng.usize(..Encoding::ALL.len())];
                bytes.extend(encoding.encode(TEXTS[rng.usize(..TEXTS.len())]).unwrap_or_default());
            }
        }
    }
    bytes
}

fn tiny(rng: &mut fastrand::Rng) -> Tuning {
    let most = [9, 300][rng.usize(..2)];
    Tuning { chunk: rng.usize(1..most), threads: rng.usize(1..4), grain: rng.usize(1..9) }
}

#[test]
fn each_encoding_alone_as_a_look_at_every_character() {
    for seed in 0..3000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = mixed(&mut rng);
        let encoding = Encoding::ALL[rng.usize(..Encoding::ALL.len())];
        let query =
            StringQuery { encodings: vec![encoding], least: rng.u64(0..8), containing: String::new() };
        let tuning = tiny(&mut rng);
        let expected: Vec<_> = naive(&bytes, &query)
            .into_iter()
            .map(|(span, encoding)| {
                let text = encoding.decode_lossy(&bytes[span.start() as usize..span.end() as usize]);
                (span, encoding, text)
            })
            .collect();
        assert_eq!(found(&bytes, &query, tuning), expected, "seed {seed}, {encoding:?}, {tuning:?}");
    }
}

#[test]
fn several_encodings_at_once_and_one_string_for_each_place() {
    for seed in 0..3000 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = mixed(&mut rng);
        let mut encodings = Encoding::ALL.to_vec();
        rng.shuffle(&mut encodings);
        encodings.truncate(rng.usize(1..6));
        let query = StringQuery { encodings, least: rng.u64(1..6), containing: String::new() };
        let tuning = tiny(&mut rng);
        let all = found(&bytes, &query, tuning);
        let places: Vec<_> = all.iter().map(|(span, encoding, _)| (*span, *encoding)).collect();
        assert_eq!(places, naive(&bytes, &query), "seed {seed}, {query:?}, {tuning:?}");
        for (span, encoding, text) in all {
            let own = &bytes[span.start() as usize..span.end() as usize];
            assert_eq!(text, encoding.decode_lossy(own), "seed {seed}");
        }
    }
}

#[test]
fn only_strings_with_a_text_in_them_in_any_case() {
    for seed in 0..1500 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = mixed(&mut rng);
        let encodings = vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::ShiftJis];
        let all = StringQuery { encodings, least: 3, containing: String::new() };
        let wanted = ["ELL", "ПРИ", "夹", "d", "größe"][rng.usize(..5)];
        let query = StringQuery { containing: wanted.to_owned(), ..all.clone() };
        let tuning = tiny(&mut rng);
        let mut expected = found(&bytes, &all, tuning);
        expected.retain(|(_, encoding, text)| {
            encoding.encode(wanted).is_ok() && text.to_lowercase().contains(&wanted.to_lowercase())
        });
        assert_eq!(found(&bytes, &query, tuning), expected, "seed {seed}, {wanted}, {tuning:?}");
    }
}

#[test]
fn text_in_wide_characters_is_told_in_its_own_encoding() {
    let encodings = vec![Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be];
    let query = StringQuery { encodings, least: 4, containing: String::new() };
    for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
        for before in ["", "\0", "\0\0", "x\0\0", "\u{7}"] {
            for text in ["hello world", "größer als", "Привет, мир", "文件夹设置选项"] {
                let start = before.len() as u64;
                let own = encoding.encode(text).expect("all characters");
                let bytes = [before.as_bytes(), &own, b"\0\0\xff\xff"].concat();
                let all = found(&bytes, &query, Tuning::default());
                let place = Span::at(start, own.len() as u64).expect("small");
                // Of text with a zero on either side nobody can tell which order is meant; at an even offset it is told.
                if start.is_multiple_of(2) {
                    assert_eq!(all, [(place, encoding, text.to_owned())], "{encoding:?} {before:?} {text}");
                }
            }
        }
    }
}

#[test]
fn a_list_keeps_places_and_encodings_and_ends_at_its_limit() {
    use crate::analysis::spans::Limit;
    let encodings = [Encoding::Ascii, Encoding::Utf16Le];
    let (mut recorder, list) =
        list::string_recorder(&encodings, Limit { spans: 100_000, ..Limit::default() });
    let string = |n: u64| FoundString {
        span: Span::at(10 * n, 5).expect("small"),
        encoding: encodings[usize::from(n % 3 == 1)],
        rendered: 0,
    };
    let reader = Arc::clone(&list);
    for batch in 0..10 {
        let strings: Vec<_> = (batch * 10_000..(batch + 1) * 10_000).map(string).collect();
        assert!(recorder.add(&strings).is_continue());
        assert_eq!(reader.len(), (batch + 1) * 10_000);
    }
    assert!(recorder.add(&[string(100_000)]).is_break());
    for n in [0, 1, 2, 65_535, 65_536, 70_000, 99_999] {
        assert_eq!(list.get(n), Ok(Some((string(n).span, string(n).encoding))), "{n}");
    }
    assert_eq!(list.get(100_000), Ok(None));
}
