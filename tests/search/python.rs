//! Regular expressions against Python's `re`: random ones over random bytes, cut into tiny chunks.

use super::naive::{find_all, next, random_bytes, tiny};
use crate::oracle::rig::ask;
use pagelens::analysis::Direction;
use pagelens::analysis::regex::Regex;
use pagelens::bytes::{MemorySource, Source, Span};

/// An expression that matches nothing empty, because it ends with a byte.
fn expression(rng: &mut fastrand::Rng) -> String {
    let begin = ["", "", "", "^", r"\b", r"\B", "(?s)", "(?i)", "(?m)^"][rng.usize(..9)];
    let end = ["", "", r"\b", r"\B"][rng.usize(..4)];
    let body: String = (0..rng.usize(0..4)).map(|_| part(rng, 2)).collect();
    let flags = if begin.starts_with("(?") { begin } else { "" };
    format!("{flags}{}{body}{}{end}", begin.trim_start_matches(flags), atom(rng))
}

fn part(rng: &mut fastrand::Rng, depth: u32) -> String {
    let inner = match rng.u8(..4) {
        0 if depth > 0 => format!("(?:{}|{})", part(rng, depth - 1), part(rng, depth - 1)),
        1 if depth > 0 => format!("({}{})", part(rng, depth - 1), part(rng, depth - 1)),
        _ => return atom(rng).to_owned() + repeated(rng),
    };
    inner + ["", "", "?", "{1,2}"][rng.usize(..4)]
}

fn atom(rng: &mut fastrand::Rng) -> &'static str {
    ["a", "b", "c", "[ab]", "[^a]", ".", r"\w", r"\s", r"\x00", r"[a-c\x00]", r"\d", " "][rng.usize(..12)]
}

fn repeated(rng: &mut fastrand::Rng) -> &'static str {
    ["", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{0,2}?"][rng.usize(..12)]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

struct RegexCase {
    text: String,
    bytes: Vec<u8>,
    start: u64,
    seed: u64,
}

fn cases() -> Vec<RegexCase> {
    let of_seed = |seed| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let bytes = random_bytes(&mut rng, b"aabbcAB 1\n\0\xff");
        let start = if rng.bool() { 0 } else { rng.u64(0..=bytes.len() as u64) };
        RegexCase { text: expression(&mut rng), bytes, start, seed }
    };
    (0..2500).map(of_seed).collect()
}

#[test]
fn expressions_are_found_where_python_finds_them() {
    let cases = cases();
    let line =
        |case: &RegexCase| format!("{} {} {}\n", hex(case.text.as_bytes()), hex(&case.bytes), case.start);
    let questions: String = cases.iter().map(line).collect();
    let Some(answer) = ask("regexes.py", &[], questions.as_bytes()) else { return };
    let answer = String::from_utf8(answer).expect("text");
    assert_eq!(answer.lines().count(), cases.len());
    let mut matches = 0;
    for (case, line) in cases.iter().zip(answer.lines()) {
        let RegexCase { text, bytes, start, seed } = case;
        let span = |pair: &str| {
            let (start, end) = pair.split_once(':').expect("two numbers");
            Span::between(start.parse().expect("a number"), end.parse().expect("a number"))
        };
        let expected: Vec<Span> = line.split_whitespace().filter(|word| *word != "-").map(span).collect();
        let pattern = Regex::new(text, false).unwrap_or_else(|error| panic!("{text}: {error}"));
        let source = MemorySource::new(bytes.clone());
        let mut rng = fastrand::Rng::with_seed(*seed);
        let tuning = tiny(&mut rng);
        let within = Span::between(*start, source.len());
        let found = find_all(&source, &pattern, tuning, within).0;
        assert_eq!(found, expected, "seed {seed}: {text} from {start}, {tuning:?}");
        if let Some(first) = expected.first() {
            let next = next(&source, &pattern, tuning, *start, Direction::Forward);
            assert_eq!(next.span.as_ref(), Some(first), "seed {seed}: {text} from {start}");
        }
        matches += expected.len();
    }
    assert!(matches > 10_000, "only {matches} matches were compared");
}
