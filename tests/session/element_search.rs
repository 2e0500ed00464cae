//! Questions about the elements of arrays: the array that is shown, plain values, and all arrays of a container.

use super::arrays_of_tests::{npy, npz, safetensors};
use super::rig::Rig;
use pagelens::session::find::{MatchContext, MatchLine, OrderKey, Query, QueryKind, ValueTypes};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::Motion;
use pagelens::session::{Action, Command, FindAction, PaneAction, PaneKey, PaneKind, Request};

/// The file has `a` (4 elements), `b.w` (2, 3) and `c` (1) with NaN at `b.w[0, 1]`, `b.w[1, 2]` and `c[0]`.
fn checkpoint() -> Rig {
    let mut bytes = safetensors(&[("a", &[4]), ("b.w", &[2, 3]), ("c", &[1])]);
    let data = bytes.len() - 4 * 11;
    for number in [4 + 1, 4 + 5, 4 + 6] {
        bytes[data + 4 * number..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    }
    let mut rig = Rig::new();
    rig.write("m.safetensors", &bytes);
    rig.open("m.safetensors");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    rig
}

fn lines(rig: &mut Rig) -> Vec<MatchLine> {
    rig.show();
    let list = &rig.session.finding().matches;
    let hits = list.shown(rig.tab()).expect("a list");
    let number = |row| list.number_of_row(row).expect("a row");
    (0..list.len()).map(|row| hits.line(number(row), rig.tab()).expect("a line")).collect()
}

fn elements(rig: &mut Rig) -> Vec<String> {
    lines(rig).into_iter().map(|line| line.element).collect()
}

#[test]
fn the_nan_of_a_checkpoint_is_found_in_one_step_and_mended() {
    let mut rig = checkpoint();
    rig.finish(Command::FindNan);
    assert_eq!(rig.answer(), "3 matches.");
    assert_eq!(elements(&mut rig), ["b.w[0, 1]", "b.w[1, 2]", "c[0]"]);
    // A row shows its array, with the caret on the element.
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    assert_eq!(rig.tab().focus_kind(), PaneKind::Array);
    let view = rig.tab().array().expect("an array");
    assert_eq!(
        (view.name.as_deref(), view.table.index(view.block.caret.0, view.block.caret.1)),
        (Some("b.w"), vec![1, 2])
    );
    let rows = lines(&mut rig);
    assert_eq!(rows[1].value, "nan");
    assert_eq!(
        rows[1].context,
        MatchContext::Values([String::from("3.0  4.0"), String::from("nan"), String::new()])
    );
    rig.type_text("7");
    rig.apply(Action::Edit(pagelens::session::EditAction::Commit { then: None }));
    assert_eq!(lines(&mut rig)[1].span, None, "it was edited since");
    rig.apply(Action::Find(FindAction::ShowMatch(2)));
    assert_eq!(rig.tab().array().and_then(|view| view.name.as_deref()), Some("c"));
    // Now the array is shown that has no more.
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    rig.finish(Command::FindNan);
    assert_eq!(elements(&mut rig), ["b.w[0, 1]"]);
}

#[test]
fn next_goes_from_array_to_array_and_round() {
    let mut rig = checkpoint();
    rig.run(Command::ShowBytes);
    rig.finish(Command::FindNan);
    let words = |rig: &Rig| {
        let view = rig.tab().array().expect("an array");
        format!(
            "{}{}",
            view.name.as_deref().unwrap_or_default(),
            view.table.index_words(view.block.caret.0, view.block.caret.1)
        )
    };
    rig.run(Command::GoStart);
    rig.finish(Command::FindNext);
    assert_eq!((words(&rig), rig.answer()), (String::from("b.w[0, 1]"), ""));
    // The array is shown now, and only it is asked.
    rig.finish(Command::FindNext);
    assert_eq!(words(&rig), "b.w[1, 2]");
    rig.finish(Command::FindNext);
    assert_eq!((words(&rig), rig.answer()), (String::from("b.w[0, 1]"), "Wrapped to the start."));
    rig.finish(Command::FindPrevious);
    assert_eq!((words(&rig), rig.answer()), (String::from("b.w[1, 2]"), "Wrapped to the end."));
    rig.finish(Command::FindPrevious);
    assert_eq!((words(&rig), rig.answer()), (String::from("b.w[0, 1]"), ""));
}

#[test]
fn only_the_slice_that_is_shown_is_asked() {
    let mut rig = checkpoint();
    rig.finish(Command::FindNan);
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    let slice = pagelens::session::arrays::BarField::Slice;
    let typed = pagelens::session::TableAction::Bar(slice, String::from("[::-1, 2]"));
    rig.apply(Action::Array(typed.into()));
    rig.finish(Command::FindNan);
    assert_eq!(elements(&mut rig), ["b.w[1, 2]"]);
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    let view = rig.tab().array().expect("an array");
    assert_eq!(view.block.caret, (0, 0), "the first of the slice that is turned round");
}

#[test]
fn infinities_of_plain_values_are_found_to_the_last_one() {
    let values = [1.0, f32::INFINITY, f32::NAN, f32::NEG_INFINITY];
    let bytes: Vec<u8> = [vec![0; 2], values.iter().flat_map(|value| value.to_le_bytes()).collect()].concat();
    let mut rig = Rig::on(&bytes);
    rig.run(Command::ShowBoth);
    let dtype = "<f4".parse().expect("a dtype");
    let format = ValuesFormat { dtype, origin: 2, ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.finish(Command::FindInfinite);
    let rows = lines(&mut rig);
    let found: Vec<(&str, &str, &str)> =
        rows.iter().map(|line| (&*line.offset, &*line.element, &*line.value)).collect();
    assert_eq!(found, [("0x6", "[1]", "inf"), ("0xE", "[3]", "-inf")]);
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    assert_eq!(rig.selected(), (14, 18));
    // By value, and as they were found again.
    rig.apply(Action::Find(FindAction::SortMatches(OrderKey::Value)));
    rig.settle();
    assert_eq!(elements(&mut rig), ["[3]", "[1]"]);
    let marked = rig.session.finding().marked(rig.tab(), rig.tab().selected());
    assert_eq!(marked, [rig.tab().selected()]);
}

#[test]
fn what_was_compressed_is_asked_where_it_is_shown() {
    let data: Vec<u8> = [0.5, f64::NAN].iter().flat_map(|value| value.to_le_bytes()).collect();
    let plain = npy("'<f8'", false, "(2,)", &data);
    let mut rig = Rig::new();
    rig.write("a.npz", &npz(&[("p", plain.clone(), false), ("q", plain, true)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", pagelens::session::Session::has_read_headers);
    rig.finish(Command::FindNan);
    assert_eq!(elements(&mut rig), ["p[1]"]);
    assert!(rig.session.finding().passed_over.contains("1 compressed or unshown array was not searched."));
    rig.apply(Action::Array(pagelens::session::ArrayAction::Open(1)));
    rig.settle();
    rig.finish(Command::FindNan);
    let rows = lines(&mut rig);
    assert_eq!((rows[0].element.as_str(), rows[0].offset.as_str()), ("q[1]", ""));
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    assert_eq!(rig.tab().array().map(|view| view.block.caret), Some((0, 1)));
    rig.finish(Command::CopyMatches);
    let texts = rig.requests().into_iter().filter_map(|request| match request {
        Request::Copy(offer) => offer.text,
        _ => None,
    });
    assert_eq!(texts.last().expect("copied"), "\tq[1]\tnan\n");
}

#[test]
fn the_elements_of_a_list_get_a_new_value_as_one_step() {
    let mut rig = checkpoint();
    let before = rig.bytes();
    rig.finish(Command::FindNan);
    rig.run(Command::Replace);
    let mut query = rig.session.finding().query.clone();
    query.replacement = String::from("1/");
    rig.apply(Action::Find(FindAction::SetQuery(query.clone())));
    let preview = |rig: &Rig| {
        let hits = rig.session.finding().matches.hits().expect("a list");
        rig.session.finding().preview(hits, 1)
    };
    assert!(preview(&rig).is_err_and(|reason| reason.contains("Not a value")));
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.bytes(), before);
    query.replacement = String::from("0.25");
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    assert_eq!(preview(&rig).as_deref(), Ok("0.25"));
    // One after the other they are not replaced, and never deleted.
    rig.apply(Action::Find(FindAction::ReplaceOne));
    rig.settle();
    assert!(rig.session.finding().error.is_some() && rig.bytes() == before);
    rig.finish(Command::ReplaceAllMatches);
    assert_eq!(rig.hint(), "Replaced 3 matches. One Undo reverts all.");
    let value = |rig: &Rig, number: usize| {
        let bytes = rig.bytes();
        let at = bytes.len() - 4 * (11 - number);
        f32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
    };
    assert_eq!([5, 9, 10].map(|number| value(&rig, number)), [0.25; 3]);
    rig.finish(Command::FindNan);
    assert_eq!(rig.answer(), "0 matches.");
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (before, false));
}

fn ask(rig: &mut Rig, kind: QueryKind, text: &str) {
    rig.run(Command::Find);
    let types = ValueTypes::default();
    let query = Query { kind, text: text.to_owned(), types, ..rig.session.finding().query.clone() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.finish(Command::FindAll);
}

#[test]
fn questions_about_elements_of_a_whole_container() {
    let mut rig = checkpoint();
    for (kind, text, expected) in [
        (QueryKind::Where, "x >= 2 and x < 4", &["a[2]", "a[3]", "b.w[0, 2]", "b.w[1, 0]"][..]),
        (QueryKind::Where, "isnan(x)", &["b.w[0, 1]", "b.w[1, 2]", "c[0]"]),
        (QueryKind::Where, "not x == 1 and abs(x - 1) < 1.5", &["a[0]", "a[2]", "b.w[0, 0]", "b.w[0, 2]"]),
        (QueryKind::Value, "3", &["a[3]", "b.w[1, 0]"]),
        (QueryKind::Value, "3..", &["a[3]", "b.w[1, 0]", "b.w[1, 1]"]),
        (QueryKind::Value, "2.5±0.5", &["a[2]", "a[3]", "b.w[0, 2]", "b.w[1, 0]"]),
        (QueryKind::Value, "nan", &["b.w[0, 1]", "b.w[1, 2]", "c[0]"]),
        (QueryKind::Where, "x > 99", &[]),
    ] {
        ask(&mut rig, kind, text);
        assert_eq!(elements(&mut rig), expected, "{text}");
    }
}

#[test]
fn a_question_that_can_not_be_read_is_marked() {
    let mut rig = checkpoint();
    for (kind, text) in [(QueryKind::Where, "x >"), (QueryKind::Where, "3 > 2"), (QueryKind::Value, "1..2±3")]
    {
        ask(&mut rig, kind, text);
        let finding = rig.session.finding();
        let error = finding.error.clone().unwrap_or_default();
        assert!(error.ends_with('.') && finding.error_at.is_some(), "{text}: {error:?}");
    }
    // No array has such values: it is said why.
    ask(&mut rig, QueryKind::Value, "abc");
    assert!(rig.session.finding().error.is_some(), "{:?}", rig.answer());
}

#[test]
fn a_number_in_a_dump_is_found_without_choosing_a_type() {
    let mut bytes = vec![1; 41];
    for at in [6, 20, 39] {
        bytes[at..at + 2].copy_from_slice(&(-32768_i16).to_le_bytes());
    }
    let mut rig = Rig::on(&bytes);
    ask(&mut rig, QueryKind::Value, "-32768");
    assert_eq!(rig.answer(), "3 matches.");
    rig.apply(Action::Find(FindAction::ShowMatch(2)));
    assert_eq!(rig.selected(), (39, 41), "at any offset, to the last byte");
    assert_eq!(lines(&mut rig)[2].value, "-32768");
    // The same as elements of the values: only those that begin at an even offset.
    ask(&mut rig, QueryKind::Value, "-32768..-30000");
    let offsets: Vec<String> = lines(&mut rig).into_iter().map(|line| line.offset).collect();
    assert_eq!(offsets, ["0x6", "0x14"]);
}

#[test]
fn a_search_of_elements_sees_edits_and_can_be_stopped() {
    let mut rig = checkpoint();
    rig.run(Command::ShowBytes);
    let at = rig.tab().len() - 4;
    rig.go(&at.to_string());
    rig.type_text("0000803f");
    ask(&mut rig, QueryKind::Where, "isnan(x)");
    assert_eq!(elements(&mut rig), ["b.w[0, 1]", "b.w[1, 2]"]);
    let mut rig = Rig::on_sparse(1 << 40);
    rig.run(Command::Find);
    let query = Query { kind: QueryKind::Where, text: String::from("x == 0"), ..Query::default() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.run(Command::FindAll);
    rig.wait_until("something is found", |session| !session.finding().matches.is_empty());
    rig.apply(Action::CancelJob);
    rig.settle();
    let hits = rig.session.finding().matches.hits().expect("a list");
    assert!(hits.end.is_some() && !hits.found.is_empty());
}

#[test]
fn previous_from_the_end_of_the_file_finds_the_last_element_first() {
    let mut rig = checkpoint();
    rig.run(Command::ShowBytes);
    rig.finish(Command::FindNan);
    rig.run(Command::GoEnd);
    rig.finish(Command::FindPrevious);
    let view = rig.tab().array().expect("an array");
    assert_eq!((view.name.as_deref(), rig.answer()), (Some("c"), ""), "not b.w[1, 2], which comes before");
}

/// Asks without a search.
fn type_question(rig: &mut Rig, kind: QueryKind, text: &str) {
    rig.run(Command::Find);
    let types = ValueTypes::default();
    let query = Query { kind, text: text.to_owned(), types, ..rig.session.finding().query.clone() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
}

#[test]
fn the_selected_elements_or_bytes_alone_are_searched() {
    let mut rig = Rig::new();
    let data: Vec<u8> = (0..24_i16).flat_map(|value| (value % 6).to_le_bytes()).collect();
    rig.write("a.npy", &npy("'<i2'", false, "(6, 4)", &data));
    rig.open("a.npy");
    rig.wait_until("the array is shown", |session| session.tab().is_some_and(|tab| tab.is_in_array()));
    let is_ready = |rig: &Rig| Command::FindAllSelected.spec().enabled(&rig.session);
    assert!(!is_ready(&rig), "one cell is no selection");
    // Rows 1 to 3 of the columns 1 and 2: 5 0, 3 4, 1 2.
    for motion in [Motion::Right, Motion::Down] {
        rig.apply(Action::Pane(PaneAction::Move { motion, extend: false }));
    }
    for motion in [Motion::Right, Motion::Down, Motion::Down] {
        rig.apply(Action::Pane(PaneAction::Move { motion, extend: true }));
    }
    assert!(is_ready(&rig));
    type_question(&mut rig, QueryKind::Where, "x >= 3");
    rig.finish(Command::FindAllSelected);
    assert_eq!(elements(&mut rig), ["a[1, 1]", "a[2, 1]", "a[2, 2]"]);
    // Bytes: a match lies in the selected elements. The high byte of 3 and the low one of 0 are no match.
    type_question(&mut rig, QueryKind::Hex, "00");
    rig.finish(Command::FindAllSelected);
    assert_eq!(rig.answer(), "7 matches.");
    type_question(&mut rig, QueryKind::Hex, "02 00 03 00");
    rig.finish(Command::FindAllSelected);
    assert_eq!(rig.answer(), "0 matches.");
    type_question(&mut rig, QueryKind::Hex, "03 00 04 00");
    rig.finish(Command::FindAllSelected);
    assert_eq!(rig.answer(), "1 match.");

    let mut rig = Rig::on(&[1, 0, 2, 0, 3, 0, 4, 0]);
    type_question(&mut rig, QueryKind::Hex, "00");
    assert!(!is_ready(&rig));
    rig.select(2, 6);
    rig.finish(Command::FindAllSelected);
    assert_eq!(rig.answer(), "2 matches.");
    let query = Query {
        types: ValueTypes::one("<u2".parse().expect("a type")),
        ..rig.session.finding().query.clone()
    };
    rig.apply(Action::Find(FindAction::SetQuery(Query {
        kind: QueryKind::Value,
        text: "2..9".into(),
        ..query
    })));
    rig.finish(Command::FindAllSelected);
    assert_eq!(rig.answer(), "2 matches.", "2 and 3");
}
