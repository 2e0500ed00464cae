//! The list of matches: its order, its chosen rows, and what is done with them.

use super::rig::Rig;
use pagelens::session::dialog::RunOfBytes;
use pagelens::session::find::{OrderKey, Query, QueryKind, ValueTypes};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::{Action, Answer, Command, FindAction, PaneAction, PaneKey, Request};

fn set(rig: &mut Rig, change: impl FnOnce(&mut Query)) {
    let mut query = rig.session.finding().query.clone();
    change(&mut query);
    rig.apply(Action::Find(FindAction::SetQuery(query)));
}

/// The values of the rows, in the order of the list.
fn values(rig: &mut Rig) -> Vec<String> {
    rig.show();
    let list = &rig.session.finding().matches;
    let hits = list.shown(rig.tab()).expect("a list");
    let number = |row| list.number_of_row(row).expect("a row");
    (0..list.len()).map(|row| hits.line(number(row), rig.tab()).expect("a line").value).collect()
}

fn sort(rig: &mut Rig, by: OrderKey) {
    rig.apply(Action::Find(FindAction::SortMatches(by)));
    rig.settle();
}

fn choose(rig: &mut Rig, first: u64, last: u64) {
    rig.apply(Action::Find(FindAction::ShowMatch(first)));
    rig.apply(Action::Find(FindAction::ExtendMatches(last)));
}

/// `a?` at four places: a3, a1, a2, a1.
fn letters() -> Rig {
    let mut rig = Rig::on(b"xxA3..a1..A2a1..");
    rig.run(Command::ShowBytes);
    rig.look_for(":a");
    set(&mut rig, |query| query.any_case = true);
    rig.finish(Command::FindAll);
    rig
}

#[test]
fn rows_are_sorted_by_offset_and_by_value() {
    let mut rig = letters();
    assert_eq!(values(&mut rig), ["A", "a", "A", "a"]);
    sort(&mut rig, OrderKey::Value);
    assert_eq!(values(&mut rig), ["A", "A", "a", "a"]);
    rig.apply(Action::Find(FindAction::ShowMatch(2)));
    assert_eq!(rig.selected(), (6, 7), "the first of the small letters");
    sort(&mut rig, OrderKey::Value);
    assert_eq!(values(&mut rig), ["a", "a", "A", "A"]);
    assert_eq!(rig.session.finding().matches.chosen(), Some(1), "the match stays chosen");
    sort(&mut rig, OrderKey::Offset);
    assert_eq!(rig.session.finding().matches.chosen(), Some(1));
    sort(&mut rig, OrderKey::Offset);
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    assert_eq!(rig.selected(), (12, 13), "the last one comes first");
    // The next search keeps the order.
    rig.finish(Command::FindAll);
    rig.apply(Action::Find(FindAction::ShowMatch(3)));
    assert_eq!(rig.selected(), (2, 3));
}

#[test]
fn rows_are_copied_as_lines() {
    let mut rig = letters();
    let copied = |rig: &mut Rig| {
        rig.finish(Command::CopyMatches);
        let texts = rig.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => offer.text,
            _ => None,
        });
        texts.last().expect("something was copied")
    };
    assert_eq!(copied(&mut rig), "0x2\t\tA\n0x6\t\ta\n0xa\t\tA\n0xc\t\ta\n");
    choose(&mut rig, 1, 2);
    assert_eq!(copied(&mut rig), "0x6\t\ta\n0xa\t\tA\n");
    rig.apply(Action::Find(FindAction::ChooseAllMatches));
    sort(&mut rig, OrderKey::Value);
    assert_eq!(copied(&mut rig), "0x2\t\tA\n0xa\t\tA\n0x6\t\ta\n0xc\t\ta\n");
}

#[test]
fn rows_are_exported_as_csv_and_json() {
    let mut rig = Rig::on(&[1, 0, 9, 9, 0, 1, 1, 0]);
    let dtype = "<u2".parse().expect("a dtype");
    let format = ValuesFormat { dtype, ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.run(Command::ShowBoth);
    rig.look_for("1");
    set(&mut rig, |query| (query.kind, query.types) = (QueryKind::Value, ValueTypes::one(dtype)));
    rig.finish(Command::FindAll);
    for (command, name, expected) in [
        (Command::ExportMatchesCsv, "a.csv", "offset,length,array,index,value\n0,2,,[0],1\n6,2,,[3],1\n"),
        (
            Command::ExportMatchesJson,
            "a.json",
            "{\"count\": 2, \"hits\": [\n  {\"offset\": 0, \"length\": 2, \"index\": [0], \"value\": 1},\n  \
             {\"offset\": 6, \"length\": 2, \"index\": [3], \"value\": 1}\n]}\n",
        ),
    ] {
        rig.run(command);
        let path = rig.path(name);
        rig.name(path.clone());
        rig.settle();
        assert_eq!(String::from_utf8(rig.disk(name)).expect("text"), expected);
        assert!(rig.hint().starts_with("2 matches written to "), "{}", rig.hint());
        // A file that is there is not lost without a question, and the open one never.
        choose(&mut rig, 1, 1);
        rig.run(command);
        rig.name(path.clone());
        rig.settle();
        rig.replace(&path);
        rig.settle();
        assert!(rig.disk(name).len() < expected.len());
        rig.run(command);
        let own = rig.path("a.bin");
        rig.name(own);
        rig.settle();
        assert!(rig.messages().concat().contains("open in pagelens"), "{:?}", rig.messages());
        rig.apply(Action::Find(FindAction::ChooseAllMatches));
    }
}

#[test]
fn matches_without_a_gap_are_a_selection() {
    let mut rig = Rig::on(b"..ABAB..AB..");
    rig.look_for(":AB");
    rig.finish(Command::FindAll);
    choose(&mut rig, 1, 0);
    rig.finish(Command::SelectMatches);
    assert_eq!(rig.selected(), (2, 6));
    rig.apply(Action::Find(FindAction::ChooseAllMatches));
    rig.finish(Command::SelectMatches);
    assert_eq!(rig.selected(), (2, 6));
    assert!(rig.hint().contains("have other bytes between them, the first at 0x6"), "{}", rig.hint());
}

#[test]
fn chosen_rows_are_replaced_as_one_step() {
    let mut rig = Rig::on(b"AB..AB....AB");
    rig.look_for(":AB");
    rig.run(Command::Replace);
    set(&mut rig, |query| query.replacement = String::from("xyz"));
    rig.finish(Command::FindAll);
    let hits = rig.session.finding().matches.hits().expect("a list");
    assert_eq!(rig.session.finding().preview(hits, 0), Ok(String::from("xyz")));
    rig.finish(Command::ReplaceMatches);
    assert!(rig.hint().contains("Choose rows") && !rig.tab().is_modified());
    choose(&mut rig, 1, 2);
    rig.finish(Command::ReplaceMatches);
    assert_eq!(rig.bytes(), b"AB..xyz....xyz");
    assert_eq!(rig.hint(), "Replaced 2 matches; the file is 2 bytes longer. One Undo reverts all.");
    // What was replaced is not replaced again.
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.bytes(), b"xyz..xyz....xyz");
    assert!(rig.hint().ends_with("2 matches were edited since and left alone."), "{}", rig.hint());
    rig.finish(Command::ReplaceAllMatches);
    assert!(rig.hint().contains("edited since"), "{}", rig.hint());
    rig.run(Command::Undo);
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (b"AB..AB....AB".to_vec(), false));
}

#[test]
fn a_replacement_of_the_list_is_read_as_the_list_was() {
    let mut rig = Rig::on(b"AB..AB");
    rig.look_for("41 42");
    rig.finish(Command::FindAll);
    rig.run(Command::Replace);
    set(&mut rig, |query| (query.kind, query.replacement) = (QueryKind::Text, String::from("4x")));
    let hits = rig.session.finding().matches.hits().expect("the list stays while a query is typed");
    assert!(rig.session.finding().preview(hits, 0).is_err(), "the list is of hex bytes");
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.bytes(), b"AB..AB");
    set(&mut rig, |query| query.replacement = String::from("43 44"));
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.bytes(), b"CD..CD");
}

#[test]
fn too_many_matches_are_not_sorted_by_value() {
    let mut rig = Rig::on(&vec![0; 4_000_001]);
    rig.look_for("00");
    rig.finish(Command::FindAll);
    sort(&mut rig, OrderKey::Value);
    assert!(rig.hint().contains("the limit is 4,000,000"), "{}", rig.hint());
    assert_eq!(rig.session.finding().matches.order().0.by, OrderKey::Offset);
    rig.finish(Command::CopyMatches);
    assert!(rig.hint().contains("the limit of the clipboard"), "{}", rig.hint());
}

#[test]
fn the_next_match_is_found_while_all_are_listed() {
    let mut rig = Rig::on(&vec![0x41; 8 << 20]);
    rig.look_for("41");
    rig.run(Command::FindAll);
    rig.finish(Command::FindNext);
    assert_eq!(rig.selected(), (0, 1));
    let hits = rig.session.finding().matches.hits().expect("a list");
    assert_eq!((hits.found.len(), hits.end.is_some()), (8 << 20, true));
}

#[test]
fn a_stopped_search_keeps_what_it_found() {
    let mut rig = Rig::on_sparse(1 << 40);
    rig.look_for("00");
    rig.run(Command::FindAll);
    rig.wait_until("something is found", |session| !session.finding().matches.is_empty());
    rig.apply(Action::CancelJob);
    rig.settle();
    let hits = rig.session.finding().matches.hits().expect("a list");
    assert!(hits.end.is_some() && !hits.found.is_empty());
}

/// `bytes` with each `from` replaced, as a plain loop does it.
fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        if bytes[at..].starts_with(from) {
            out.extend_from_slice(to);
            at += from.len();
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    out
}

#[test]
fn very_many_matches_are_replaced_by_few_splices_and_reverted_by_one_undo() {
    let mut random = fastrand::Rng::with_seed(8);
    let mut bytes = Vec::new();
    for number in 0..100_000 {
        bytes.extend_from_slice(b"ab");
        bytes.extend((0..random.usize(0..9)).map(|_| random.u8(b'c'..b'z')));
        // A few are far from the next.
        if number % 10_000 == 0 {
            bytes.resize(bytes.len() + 5000, b'.');
        }
    }
    for (to, typed) in [("xyz", ":xyz"), ("", ":"), ("AB", ":AB")] {
        let mut rig = Rig::on(&bytes);
        rig.run(Command::ShowBytes);
        rig.look_for(":ab");
        rig.run(Command::Replace);
        set(&mut rig, |query| query.replacement = typed[1..].to_owned());
        rig.finish(Command::FindAll);
        rig.finish(Command::ReplaceAllMatches);
        assert!(rig.hint().contains("100,000 matches"), "{}", rig.hint());
        assert!(rig.bytes() == replaced(&bytes, b"ab", to.as_bytes()), "{to}");
        let pieces = rig.tab().shown().pieces();
        assert!(pieces < 50, "{pieces} pieces for {to:?}");
        rig.run(Command::Undo);
        assert!(rig.bytes() == bytes && !rig.tab().is_modified());
    }
}

#[test]
fn matches_side_by_side_are_replaced_by_one_fill() {
    let bytes = [&b"head"[..], &vec![b'x'; 1 << 20], b"tail"].concat();
    let mut rig = Rig::on(&bytes);
    rig.look_for(":x");
    rig.run(Command::Replace);
    set(&mut rig, |query| query.replacement = String::from("yz"));
    rig.finish(Command::FindAll);
    rig.finish(Command::ReplaceAllMatches);
    let expected = [&b"head"[..], &b"yz".repeat(1 << 20), b"tail"].concat();
    assert!(rig.bytes() == expected);
    let pieces = rig.tab().shown().pieces();
    assert!(pieces <= 4, "{pieces} pieces");
    assert!(rig.hint().contains("1,048,576 matches"), "{}", rig.hint());
}

#[test]
fn very_many_matches_that_moved_are_replaced_where_they_are_now() {
    let bytes = b"ab....".repeat(70_000);
    let mut rig = Rig::on(&bytes);
    rig.run(Command::ShowBytes);
    rig.look_for(":ab");
    rig.run(Command::Replace);
    set(&mut rig, |query| query.replacement = String::from("cd"));
    rig.finish(Command::FindAll);
    // One match is edited, and all behind it are pushed on.
    rig.select(601, 602);
    rig.type_text("5");
    rig.type_text("5");
    rig.select(1203, 1203);
    rig.run(Command::InsertBytes);
    let run = RunOfBytes { count: String::from("2"), pattern: String::from("23") };
    rig.apply(Action::Answer(Answer::InsertRun(run)));
    let mut expected = rig.bytes();
    let before = expected.clone();
    for at in (0..70_000).filter(|n| *n != 100) {
        let at = 6 * at;
        let at = if at > 1203 { at + expected.len() - bytes.len() } else { at };
        assert_eq!(&before[at..at + 2], b"ab");
        expected[at..at + 2].copy_from_slice(b"cd");
    }
    assert_ne!(before.len(), bytes.len());
    rig.finish(Command::ReplaceAllMatches);
    assert!(rig.bytes() == expected, "{}", rig.hint());
    assert!(rig.hint().contains("1 match was edited since"), "{}", rig.hint());
}

#[test]
fn an_edit_while_matches_are_replaced_replaces_nothing() {
    let mut rig = Rig::on(&b"ab....".repeat(70_000));
    rig.run(Command::ShowBytes);
    rig.look_for(":ab");
    rig.run(Command::Replace);
    set(&mut rig, |query| query.replacement = String::from("cd"));
    rig.finish(Command::FindAll);
    rig.select(3, 3);
    rig.run(Command::ReplaceAllMatches);
    rig.type_text("5");
    let edited = rig.bytes();
    rig.settle();
    assert!(rig.bytes() == edited && rig.hint().contains("edited in the meantime"), "{}", rig.hint());
}

#[test]
fn the_preview_of_a_long_replacement_is_cut() {
    let mut rig = Rig::on(b"..ab..");
    rig.look_for(":ab");
    rig.run(Command::Replace);
    set(&mut rig, |query| query.replacement = "long ".repeat(100_000));
    rig.finish(Command::FindAll);
    let hits = rig.session.finding().matches.hits().expect("a list");
    let preview = rig.session.finding().preview(hits, 0).expect("a text");
    assert!(preview.starts_with("long long") && preview.ends_with(" …") && preview.len() < 200, "{preview}");
}
