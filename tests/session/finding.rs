//! Find and replace, from the typed needle to the selected match.

use super::notation::{Script, press};
use super::rig::Rig;
use pagelens::decode::Encoding;
use pagelens::session::find::{MatchContext, MatchLine, Query, QueryKind, Reach};
use pagelens::session::{Action, Answer, Command, FindAction, PaneAction, PaneKey, PaneKind, TabAction};

/// Looks for the next place and answers it.
fn next(rig: &mut Rig) -> (u64, u64) {
    rig.finish(Command::FindNext);
    rig.selected()
}

fn set(rig: &mut Rig, change: impl FnOnce(&mut Query)) {
    let mut query = rig.session.finding().query.clone();
    change(&mut query);
    rig.apply(Action::Find(FindAction::SetQuery(query)));
}

#[test]
fn next_and_previous_go_round_and_say_so() {
    let mut rig = Rig::on(b"..AB....AB..AB");
    rig.look_for("41 42");
    assert_eq!(next(&mut rig), (2, 4));
    assert_eq!(next(&mut rig), (8, 10));
    assert_eq!((next(&mut rig), rig.answer()), ((12, 14), ""));
    assert_eq!(next(&mut rig), (2, 4));
    assert_eq!(rig.answer(), "Wrapped to the start.");
    rig.finish(Command::FindPrevious);
    assert_eq!((rig.selected(), rig.answer()), ((12, 14), "Wrapped to the end."));
    rig.finish(Command::FindPrevious);
    assert_eq!((rig.selected(), rig.answer()), ((8, 10), ""));
}

#[test]
fn a_save_does_not_make_the_search_stand_still() {
    let mut rig = Rig::on(b"..AB....AB..AB");
    rig.look_for("41 42");
    assert_eq!(next(&mut rig), (2, 4));
    rig.apply(Action::Answer(Answer::GoTo(String::from("0"))));
    rig.type_text("2a");
    assert_eq!(next(&mut rig), (2, 4));
    rig.finish(Command::Save);
    assert_eq!(next(&mut rig), (8, 10), "the match before the save is not the next one");
}

#[test]
fn the_search_starts_at_the_caret() {
    let mut rig = Rig::on(b"..AB....AB..AB");
    rig.look_for("41 42");
    rig.go("8");
    assert_eq!(next(&mut rig), (8, 10), "a match at the caret counts");
    rig.go("9");
    assert_eq!(next(&mut rig), (12, 14));
    rig.go("9");
    rig.finish(Command::FindPrevious);
    assert_eq!(rig.selected(), (2, 4));
}

#[test]
fn matches_may_overlap() {
    let mut rig = Rig::on(b"aaaa");
    rig.look_for(":aa");
    let seen: Vec<_> = (0..3).map(|_| next(&mut rig)).collect();
    assert_eq!(seen, [(0, 2), (1, 3), (2, 4)]);
}

#[test]
fn what_is_not_there_is_said_and_nothing_moves() {
    let mut rig = Rig::on(b"..AB");
    rig.go("1");
    rig.look_for("cc");
    assert_eq!((next(&mut rig), rig.answer()), ((1, 1), "Not found."));
    rig.look_for("41 42 43");
    assert_eq!((next(&mut rig), rig.answer()), ((1, 1), "Not found."));
    let mut rig = Rig::on(b"");
    rig.look_for("41");
    assert_eq!((next(&mut rig), rig.answer()), ((0, 0), "Not found."));
}

#[test]
fn what_is_no_needle_is_said() {
    let mut rig = Rig::on(b"..AB");
    rig.look_for("4x");
    assert!(rig.session.finding().error.as_ref().is_some_and(|error| error.contains("column 1")));
    assert_eq!(next(&mut rig), (0, 0));
    set(&mut rig, |query| query.text.clear());
    assert_eq!(rig.session.finding().error, None, "an empty field is not yet a mistake");
    rig.look_for(":é");
    assert!(rig.session.finding().error.is_some(), "ASCII has no é");
    set(&mut rig, |query| query.encoding = Encoding::Utf8);
    assert_eq!(rig.session.finding().error, None);
}

#[test]
fn text_is_found_in_any_case_and_encoding() {
    let mut rig = Rig::on("..wörld WÖRLD Wörld".as_bytes());
    rig.look_for(":wörld");
    set(&mut rig, |query| query.encoding = Encoding::Utf8);
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "1 match.");
    set(&mut rig, |query| query.any_case = true);
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "3 matches.");
    let utf16: Vec<u8> = "..Hi hI".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut rig = Rig::on(&utf16);
    rig.look_for(":hi");
    set(&mut rig, |query| (query.encoding, query.any_case) = (Encoding::Utf16Le, true));
    assert_eq!(next(&mut rig), (4, 8));
    assert_eq!(next(&mut rig), (10, 14));
}

#[test]
fn the_find_bar_takes_the_encoding_of_the_text_column() {
    let mut rig = Script::in_text(Encoding::Utf8).start("^00");
    rig.run(Command::Find);
    assert!(rig.session.finding().open);
    assert_eq!(rig.session.finding().query.encoding, Encoding::Utf8);
    rig.apply(Action::Escape);
    assert!(!rig.session.finding().open);
}

#[test]
fn all_places_are_counted_and_listed() {
    let mut rig = Rig::on(&b"ab".repeat(1000));
    rig.look_for(":ab");
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "1,000 matches.");
    let hits = rig.session.finding().matches.hits().expect("hits");
    assert_eq!(
        (hits.found.len(), hits.found.peek(999).ready().flatten().map(|found| found.span.start())),
        (1000, Some(1998))
    );
}

#[test]
fn found_in_edits_that_no_file_has() {
    let mut rig = Rig::on(&[0; 64]);
    rig.go("40");
    press(&mut rig, "c0ffee Ctrl+Home");
    rig.look_for("c0 ff ee");
    assert_eq!(next(&mut rig), (40, 43));
    rig.run(Command::Undo);
    rig.run(Command::GoStart);
    next(&mut rig);
    assert_eq!(rig.answer(), "Not found.");
}

#[test]
fn replace_walks_through_all_places() {
    let mut rig = Rig::on(b"AB..AB....AB");
    rig.look_for("41 42");
    set(&mut rig, |query| query.replacement = String::from("43"));
    // The first goes to the first place; each other one replaces and goes on.
    for expected in ["AB..AB....AB", "C..AB....AB", "C..C....AB", "C..C....C"] {
        rig.apply(Action::Find(FindAction::ReplaceOne));
        rig.settle();
        assert_eq!(String::from_utf8(rig.bytes()).expect("text"), expected);
    }
    assert_eq!(rig.answer(), "Not found.");
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    assert_eq!(rig.bytes(), b"C..C....C");
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), b"C..C....AB", "each is a step");
}

#[test]
fn a_replacement_that_holds_the_needle_does_not_go_on_for_ever() {
    let mut rig = Rig::on(b"a.a.");
    rig.look_for(":a");
    set(&mut rig, |query| query.replacement = String::from("aa"));
    for expected in [(0, 1), (3, 4), (0, 1)] {
        rig.apply(Action::Find(FindAction::ReplaceOne));
        rig.settle();
        assert_eq!(rig.selected(), expected);
    }
    assert_eq!(rig.bytes(), b"aa.aa.");
}

#[test]
fn a_match_that_was_left_is_not_replaced() {
    let mut rig = Rig::on(b"AB..AB..");
    rig.look_for("41 42");
    set(&mut rig, |query| query.replacement = String::from("43"));
    assert_eq!(next(&mut rig), (0, 2));
    rig.go("3");
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    assert_eq!((rig.bytes(), rig.selected()), (b"AB..AB..".to_vec(), (4, 6)));
}

#[test]
fn replace_all_is_one_step() {
    let mut rig = Rig::on(b"AB..AB....AB");
    rig.look_for(":AB");
    set(&mut rig, |query| query.replacement = String::from("xyz"));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    assert_eq!(rig.bytes(), b"xyz..xyz....xyz");
    assert_eq!(rig.answer(), "Replaced 3 matches; the file is 3 bytes longer. One Undo reverts all.");
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (b"AB..AB....AB".to_vec(), false));
}

#[test]
fn replace_all_keeps_to_the_selection() {
    let mut rig = Rig::on(b"AB..AB....AB");
    rig.look_for(":AB");
    rig.select(1, 12);
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::Selection)));
    rig.settle();
    assert_eq!(rig.bytes(), b"AB......", "with nothing the places are deleted");
    rig.select(0, 1);
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::Selection)));
    rig.settle();
    assert_eq!((rig.bytes(), rig.answer()), (b"AB......".to_vec(), "0 matches."));
}

#[test]
fn an_edit_during_the_search_replaces_nothing() {
    let mut rig = Rig::on(&vec![0x41; 1 << 22]);
    rig.look_for("41");
    set(&mut rig, |query| query.replacement = String::from("42"));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.type_text("00");
    rig.settle();
    assert_eq!(rig.bytes()[..3], [0, 0x41, 0x41]);
    assert!(rig.answer().contains("Nothing was replaced"), "{:?}", rig.answer());
}

#[test]
fn a_replacement_that_can_not_be_read_is_said() {
    let mut rig = Rig::on(b"AB..AB");
    rig.look_for("41 42");
    set(&mut rig, |query| query.replacement = String::from("4x"));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    assert!(rig.session.finding().error.is_some() && rig.bytes() == b"AB..AB");
    next(&mut rig);
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    assert!(rig.session.finding().error.is_some() && rig.bytes() == b"AB..AB");
    set(&mut rig, |query| query.replacement = String::from("43"));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    assert_eq!((rig.session.finding().error.clone(), rig.bytes()), (None, b"C..C".to_vec()));
}

#[test]
fn a_match_of_half_a_value_is_shown_in_the_bytes() {
    let mut rig = Script::in_values("<u4").start("^00 00 00 00 00 41 00 00 00 00 00 00");
    rig.run(Command::ShowBoth);
    rig.run(Command::OtherPane);
    rig.run(Command::OtherPane);
    assert_eq!(rig.tab().focus_kind(), PaneKind::Values);
    rig.look_for("41");
    assert_eq!((next(&mut rig), rig.tab().focus_kind()), ((5, 6), PaneKind::Bytes));
    // A whole value is shown where the keys are.
    rig.run(Command::OtherPane);
    rig.look_for("00 41 00 00");
    rig.run(Command::GoStart);
    assert_eq!((next(&mut rig), rig.tab().focus_kind()), ((4, 8), PaneKind::Values));
}

#[test]
fn a_search_can_be_stopped() {
    let mut rig = Rig::on_sparse(1 << 40);
    rig.write("a.bin", &[0x41]);
    rig.look_for("41");
    rig.go("1");
    rig.run(Command::FindNext);
    if rig.session.is_busy() {
        rig.apply(Action::CancelJob);
        assert_eq!(rig.answer(), "Stopped.");
    }
    rig.settle();
    assert_eq!(rig.tab().caret(), 1);
}

#[test]
fn a_closed_file_takes_its_search_along() {
    let mut rig = Rig::on(&vec![0; 1 << 20]);
    rig.look_for("00");
    rig.run(Command::FindAll);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    assert!(!rig.session.is_busy() && rig.session.finding().matches.hits().is_none());
    assert!(rig.session.finding().query.kind == QueryKind::Hex);
    rig.finish(Command::FindNext);
}

#[test]
fn find_all_lists_each_match_with_its_element_and_what_stands_around_it() {
    let mut rig = Rig::on(b"..AB....AB..AB");
    rig.look_for("41 42");
    rig.finish(Command::FindAll);
    rig.show();
    let lines = |rig: &Rig| {
        let (hits, chosen) = rig.session.finding().listed(rig.tab()).expect("a list");
        let lines: Vec<_> = (0..hits.found.len()).filter_map(|n| hits.line(n, rig.tab())).collect();
        (lines, chosen)
    };
    let (found, chosen) = lines(&rig);
    let offsets: Vec<&str> = found.iter().map(|line| line.offset.as_str()).collect();
    assert_eq!((offsets, chosen), (vec!["0x2", "0x8", "0xC"], None));
    let around = |line: &MatchLine| match &line.context {
        MatchContext::Bytes(parts) => parts.clone(),
        MatchContext::Values(_) => panic!("bytes were looked for"),
    };
    let bytes = |part: &[Option<u8>]| part.iter().map(|byte| byte.expect("at hand")).collect::<Vec<u8>>();
    assert_eq!(
        around(&found[0]).map(|part| bytes(&part)),
        [&b".."[..], b"AB", b"....AB.."].map(<[u8]>::to_vec)
    );
    assert_eq!(bytes(&around(&found[2])[2]), b"", "nothing stands behind the last one");
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    assert_eq!((rig.selected(), lines(&rig).1), ((8, 10), Some(1)));
    assert_eq!(next(&mut rig), (12, 14), "Find next goes on from there");
    // Bytes that are inserted before a match move it; an edited one can't be gone to.
    rig.go("0");
    rig.run(Command::ToggleInsert);
    rig.type_text("00");
    rig.go("9");
    rig.run(Command::ToggleInsert);
    rig.type_text("43");
    let (moved, _) = lines(&rig);
    assert_eq!(moved[0].offset, "0x3");
    assert_eq!(moved[1].span, None);
    rig.go("0");
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    assert!(rig.session.hint().contains("edited since"), "{}", rig.session.hint());
    assert_eq!(rig.tab().caret(), 0);
    rig.apply(Action::Find(FindAction::ShowMatch(99)));
    assert_eq!(rig.selected(), (13, 15), "the last one");
    rig.apply(Action::Find(FindAction::CloseMatches));
    assert!(rig.session.finding().listed(rig.tab()).is_none());
}

#[test]
fn a_list_of_matches_names_the_elements_of_values() {
    let mut rig = Rig::on(&[0, 0, 1, 0, 0, 0, 1, 0]);
    rig.run(Command::ShowBoth);
    let dtype = "<u2".parse().expect("a dtype");
    let format = pagelens::session::panes::ValuesFormat { dtype, ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.look_for("01 00");
    rig.finish(Command::FindAll);
    let (hits, _) = rig.session.finding().listed(rig.tab()).expect("a list");
    let elements: Vec<String> =
        (0..2).filter_map(|n| hits.line(n, rig.tab())).map(|line| line.element).collect();
    assert_eq!(elements, ["[1]", "[3]"]);
}

#[test]
fn the_search_goes_on_when_its_bar_is_closed_and_says_how_it_went() {
    let mut rig = Rig::on(b"..AB....AB..AB");
    rig.look_for("41 42");
    assert_eq!(next(&mut rig), (2, 4));
    rig.apply(Action::Find(FindAction::Close));
    assert_eq!(next(&mut rig), (8, 10));
    assert_eq!((next(&mut rig), rig.hint()), ((12, 14), ""));
    assert_eq!((next(&mut rig), rig.hint()), ((2, 4), "Wrapped to the start."));
    rig.finish(Command::FindPrevious);
    assert_eq!((rig.selected(), rig.hint()), ((12, 14), "Wrapped to the end."));
    rig.look_for("ff");
    rig.apply(Action::Find(FindAction::Close));
    assert_eq!((next(&mut rig), rig.hint()), ((12, 14), "Not found."));
}

#[test]
fn replacing_all_says_what_became_of_the_length() {
    for (replacement, expected) in [
        ("58 59", "Replaced 2 matches. One Undo reverts all."),
        ("58", "Replaced 2 matches; the file is 2 bytes shorter. One Undo reverts all."),
        ("58 59 5a", "Replaced 2 matches; the file is 2 bytes longer. One Undo reverts all."),
        ("", "Deleted 2 matches; the file is 4 bytes shorter. One Undo reverts all."),
    ] {
        let mut rig = Rig::on(b"..AB....AB..");
        rig.look_for("41 42");
        let mut query = rig.session.finding().query.clone();
        query.replacement = replacement.to_owned();
        rig.apply(Action::Find(FindAction::SetQuery(query)));
        rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
        rig.settle();
        assert_eq!(rig.answer(), expected);
    }
}
