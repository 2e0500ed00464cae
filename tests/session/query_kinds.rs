//! The kinds of questions about bytes: each finds what it is to find, and says where it can't be read.

use super::arrays_of_tests::npy;
use super::rig::Rig;
use pagelens::decode::Encoding;
use pagelens::session::find::{Query, QueryKind};
use pagelens::session::{Action, Command, FindAction};

fn ask(rig: &mut Rig, query: Query) {
    rig.run(Command::Find);
    rig.apply(Action::Find(FindAction::SetQuery(query)));
}

/// All matches of a query, with their values as the list shows them.
fn all(rig: &mut Rig, query: Query) -> Vec<(u64, u64, String)> {
    ask(rig, query);
    rig.finish(Command::FindAll);
    rig.show();
    let hits = rig.session.finding().matches.hits().expect("a list");
    let line = |number| hits.line(number, rig.tab()).expect("a line");
    (0..hits.found.len())
        .map(line)
        .map(|line| {
            let span = line.span.expect("it was not edited");
            (span.start(), span.end(), line.value)
        })
        .collect()
}

fn query(kind: QueryKind, text: &str) -> Query {
    Query { kind, text: text.to_owned(), ..Query::default() }
}

#[test]
fn hex_with_unknown_digits() {
    let mut rig = Rig::on(b"MZ\x50..M.\x5f..M\x00\x51");
    let found = all(&mut rig, query(QueryKind::Hex, "4D ?? 5?"));
    assert_eq!(
        found,
        [(0, 3, "4d 5a 50".into()), (5, 8, "4d 2e 5f".into()), (10, 13, "4d 00 51".into())],
        "the last one ends with the file"
    );
    ask(&mut rig, query(QueryKind::Hex, "??"));
    let error = rig.session.finding().error.clone().expect("anything fits");
    assert!(error.ends_with('.'), "{error}");
    ask(&mut rig, query(QueryKind::Hex, "4D ?x"));
    assert_eq!(rig.session.finding().error_at, Some(4));
}

#[test]
fn text_in_all_usual_encodings_and_as_whole_words() {
    let mut bytes = b"cat concat cat_ ".to_vec();
    bytes.extend("cat".encode_utf16().flat_map(u16::to_le_bytes));
    bytes.extend(b"\0\0");
    bytes.extend("cat".encode_utf16().flat_map(u16::to_be_bytes));
    let mut rig = Rig::on(&bytes);
    let usual = Query { usual_encodings: true, ..query(QueryKind::Text, "cat") };
    let found = all(&mut rig, usual.clone());
    let spans: Vec<(u64, u64)> = found.iter().map(|(start, end, _)| (*start, *end)).collect();
    assert_eq!(spans, [(0, 3), (7, 10), (11, 14), (16, 22), (24, 30)]);
    assert!(found.iter().all(|(.., text)| text == "cat"), "{found:?}");
    let words = all(&mut rig, Query { whole_words: true, ..usual.clone() });
    let starts: Vec<u64> = words.iter().map(|(start, ..)| *start).collect();
    assert_eq!(starts, [0, 16, 24]);
    // What is in several encodings is not replaced in one.
    rig.run(Command::Replace);
    ask(&mut rig, Query { replacement: String::from("dog"), ..usual });
    rig.run(Command::Replace);
    rig.run(Command::ReplaceAllMatches);
    assert!(rig.hint().contains("Choose one encoding") && !rig.tab().is_modified(), "{}", rig.hint());
}

#[test]
fn text_in_arrays_of_text_is_one_of_the_usual_encodings() {
    let characters = "Ada\0Zoë\0".chars().map(u32::from);
    let (little, big): (Vec<_>, Vec<_>) = characters.map(|c| (c.to_le_bytes(), c.to_be_bytes())).unzip();
    let mut rig = Rig::new();
    for (name, dtype, data) in [("l.npy", "'<U4'", little.concat()), ("b.npy", "'>U4'", big.concat())] {
        rig.write(name, &npy(dtype, false, "(2,)", &data));
        rig.open(name);
        rig.wait_until("the header is read", |session| session.has_read_headers());
        let at = rig.bytes().len() as u64 - 16;
        let usual = Query { usual_encodings: true, ..query(QueryKind::Text, "Zoë") };
        let found: Vec<(u64, u64)> =
            all(&mut rig, usual).iter().map(|(start, end, _)| (*start, *end)).collect();
        assert_eq!(found, [(at, at + 12)], "{name}");
    }
}

#[test]
fn regular_expressions_over_bytes() {
    let mut rig = Rig::on(b"id=7;id=\xff;ID=123");
    let found = all(&mut rig, query(QueryKind::Regex, r"id=\d+"));
    assert_eq!(found, [(0, 4, "id=7".into())]);
    let found = all(&mut rig, Query { any_case: true, ..query(QueryKind::Regex, r"id=\d+") });
    assert_eq!(found, [(0, 4, "id=7".into()), (10, 16, "ID=123".into())]);
    let found = all(&mut rig, query(QueryKind::Regex, r"\xff"));
    assert_eq!((found[0].0, found.len()), (8, 1));
    ask(&mut rig, query(QueryKind::Regex, "id=(\\d+"));
    let finding = rig.session.finding();
    assert!(
        finding.error.is_some() && finding.error_at == Some(3),
        "{:?} {:?}",
        finding.error,
        finding.error_at
    );
    // Next goes round.
    ask(&mut rig, query(QueryKind::Regex, "[0-9]+"));
    for expected in [(3, 4), (13, 16), (3, 4)] {
        rig.finish(Command::FindNext);
        assert_eq!(rig.selected(), expected);
    }
    rig.run(Command::Replace);
    ask(
        &mut rig,
        Query {
            replacement: String::from("N"),
            encoding: Encoding::Ascii,
            ..query(QueryKind::Regex, "[0-9]+")
        },
    );
    rig.run(Command::Replace);
    rig.finish(Command::FindAll);
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.bytes(), b"id=N;id=\xff;ID=N");
}

#[test]
fn the_next_byte_that_is_different_or_not_zero() {
    let mut bytes = vec![0; 2 << 20];
    bytes[100..104].fill(7);
    bytes[(2 << 20) - 1] = 9;
    let mut rig = Rig::on(&bytes);
    rig.show();
    let mut go = |command, expected: u64| {
        rig.finish(command);
        assert_eq!(rig.selected(), (expected, expected + 1), "{command:?}");
        rig.show();
    };
    go(Command::NextDifferent, 100);
    go(Command::NextNonZero, 101);
    go(Command::NextDifferent, 104);
    go(Command::NextNonZero, (2 << 20) - 1);
    go(Command::NextNonZero, 100);
}

#[test]
fn a_different_byte_is_no_match_that_could_be_replaced() {
    let mut rig = Rig::on(b"xxAxxB");
    rig.show();
    ask(&mut rig, Query { replacement: String::from("42"), ..query(QueryKind::Hex, "41") });
    rig.run(Command::Replace);
    rig.finish(Command::NextDifferent);
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    assert_eq!(rig.bytes(), b"xxAxxB", "the byte that differs was only gone to");
}
