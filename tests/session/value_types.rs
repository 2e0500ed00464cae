//! A value that is looked for as several types at once: in both byte orders, at every offset or at multiples of the size.

use super::arrays_of_tests::npy;
use super::rig::Rig;
use pagelens::decode::Element;
use pagelens::session::find::{OrderKey, Query, QueryKind, ValueOrders, ValueTypes};
use pagelens::session::view::Motion;
use pagelens::session::{Action, Command, FindAction, PaneAction};

/// 1000 as little-endian int16 at 2, as big-endian int16 at 5, as little-endian float32 at 9, and as big-endian float32 at
/// 16.
fn bytes() -> Vec<u8> {
    let mut bytes = vec![0xaa; 24];
    bytes[2..4].copy_from_slice(&1000_i16.to_le_bytes());
    bytes[5..7].copy_from_slice(&1000_i16.to_be_bytes());
    bytes[9..13].copy_from_slice(&1000_f32.to_le_bytes());
    bytes[16..20].copy_from_slice(&1000_f32.to_be_bytes());
    bytes
}

fn types(elements: &[Element], orders: ValueOrders, aligned: bool) -> ValueTypes {
    let mut types = ValueTypes::default();
    (types.orders, types.aligned) = (orders, aligned);
    elements.iter().for_each(|element| types.set(*element, true));
    types
}

fn ask(rig: &mut Rig, text: &str, types: ValueTypes) {
    rig.run(Command::Find);
    let query = Query { kind: QueryKind::Value, text: text.to_owned(), types, ..Query::default() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    assert_eq!(rig.session.finding().error, None);
}

/// Offset, type and value of every row of the list.
fn rows(rig: &mut Rig) -> Vec<(u64, String, String)> {
    rig.show();
    let list = &rig.session.finding().matches;
    let hits = list.hits().expect("a list");
    let line = |row| hits.line(list.number_of_row(row).expect("a match"), rig.tab()).expect("a row");
    let row = |row| {
        let line = line(row);
        (line.span.expect("it is as it was").start(), line.element, line.value)
    };
    (0..list.len()).map(row).collect()
}

fn found(rig: &mut Rig) -> Vec<(u64, String)> {
    rows(rig).into_iter().map(|(offset, dtype, _)| (offset, dtype)).collect()
}

const SHORT: &str = "int16, little-endian";
const SHORT_BIG: &str = "int16, big-endian";
const FLOAT: &str = "float32, little-endian";
const FLOAT_BIG: &str = "float32, big-endian";

fn owned(rows: &[(u64, &str)]) -> Vec<(u64, String)> {
    rows.iter().map(|(offset, dtype)| (*offset, (*dtype).to_owned())).collect()
}

#[test]
fn several_types_are_found_by_offset_each_with_its_type() {
    let mut rig = Rig::on(&bytes());
    let both = [Element::F32, Element::I16];
    ask(&mut rig, "1000", types(&both, ValueOrders::Both, false));
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "4 matches.");
    assert_eq!(found(&mut rig), owned(&[(2, SHORT), (5, SHORT_BIG), (9, FLOAT), (16, FLOAT_BIG)]));
    assert_eq!(rig.session.finding().matches.hits().expect("a list").element_title(), "Type");
    assert!(rows(&mut rig).iter().all(|(.., value)| value.trim_end_matches(".0") == "1000"));
    ask(&mut rig, "1000", types(&both, ValueOrders::Both, true));
    rig.finish(Command::FindAll);
    assert_eq!(found(&mut rig), owned(&[(2, SHORT), (16, FLOAT_BIG)]), "at multiples of the size");
    ask(&mut rig, "1000", types(&both, ValueOrders::Big, false));
    rig.finish(Command::FindAll);
    assert_eq!(found(&mut rig), owned(&[(5, SHORT_BIG), (16, FLOAT_BIG)]));
    // A range and a tolerance, of types together and of one alone.
    for text in ["999..1001", "1000±0.5", "1001±0.1%"] {
        ask(&mut rig, text, types(&both, ValueOrders::Both, false));
        rig.finish(Command::FindAll);
        let offsets: Vec<u64> = found(&mut rig).into_iter().map(|(offset, _)| offset).collect();
        assert_eq!(offsets, [2, 5, 9, 16], "{text}");
    }
    ask(&mut rig, "999.5..1001", types(&[Element::F32], ValueOrders::Little, false));
    rig.finish(Command::FindAll);
    assert_eq!(found(&mut rig), owned(&[(9, FLOAT)]));
}

#[test]
fn one_place_may_be_a_value_of_several_types() {
    let mut rig = Rig::on(&[7, 0, 0, 0, 0, 0, 0, 0]);
    ask(&mut rig, "7", types(&[Element::U8, Element::U32, Element::I64], ValueOrders::Little, false));
    rig.finish(Command::FindAll);
    let expected = [(0, "uint8"), (0, "uint32, little-endian"), (0, "int64, little-endian")];
    assert_eq!(found(&mut rig), owned(&expected));
    rig.apply(Action::Find(FindAction::ShowMatch(2)));
    assert_eq!(rig.selected(), (0, 8));
    // They are sorted by value too, and the other way round.
    rig.apply(Action::Find(FindAction::SortMatches(OrderKey::Value)));
    rig.settle();
    assert_eq!(found(&mut rig).len(), 3);
    rig.apply(Action::Find(FindAction::SortMatches(OrderKey::Offset)));
    rig.apply(Action::Find(FindAction::SortMatches(OrderKey::Offset)));
    rig.settle();
    let turned: Vec<(u64, &str)> = expected.into_iter().rev().collect();
    assert_eq!(found(&mut rig), owned(&turned));
    // A new value would be written over the same bytes twice.
    rig.run(Command::Replace);
    let query = Query { replacement: String::from("9"), ..rig.session.finding().query.clone() };
    rig.apply(Action::Find(FindAction::SetQuery(query)));
    rig.finish(Command::ReplaceAllMatches);
    assert!(rig.hint().contains("the bytes at 0x0 are in several rows"), "{}", rig.hint());
    assert!(!rig.tab().is_modified());
    rig.apply(Action::Find(FindAction::ShowMatch(2)));
    rig.finish(Command::ReplaceMatches);
    assert_eq!(rig.bytes(), [9, 0, 0, 0, 0, 0, 0, 0]);
}

#[test]
fn next_and_previous_go_through_the_types_by_their_places() {
    let mut rig = Rig::on(&bytes());
    ask(&mut rig, "1000", types(&[Element::I16, Element::F32], ValueOrders::Both, false));
    for expected in [(2, 4), (5, 7), (9, 13), (16, 20), (2, 4)] {
        rig.finish(Command::FindNext);
        assert_eq!(rig.selected(), expected);
    }
    assert_eq!(rig.answer(), "Wrapped to the start.");
    for expected in [(16, 20), (9, 13), (5, 7), (2, 4), (16, 20)] {
        rig.finish(Command::FindPrevious);
        assert_eq!(rig.selected(), expected);
    }
    // At one place the types come one after the other, and the search goes on behind them.
    let mut rig = Rig::on(&[7, 0, 0, 0, 7, 0, 1, 1]);
    ask(&mut rig, "7", types(&[Element::U16, Element::U32], ValueOrders::Little, false));
    for expected in [(0, 2), (0, 4), (4, 6), (0, 2)] {
        rig.finish(Command::FindNext);
        assert_eq!(rig.selected(), expected);
    }
    for expected in [(4, 6), (0, 4), (0, 2), (4, 6)] {
        rig.finish(Command::FindPrevious);
        assert_eq!(rig.selected(), expected);
    }
    ask(&mut rig, "1234", types(&[Element::U16, Element::U32], ValueOrders::Both, false));
    rig.finish(Command::FindNext);
    assert_eq!(rig.answer(), "Not found.");
}

#[test]
fn the_mark_of_the_list_follows_next_and_previous() {
    let chosen = |rig: &Rig| rig.session.finding().matches.chosen();
    let mut rig = Rig::on(&bytes());
    ask(&mut rig, "1000", types(&[Element::I16, Element::F32], ValueOrders::Both, false));
    rig.finish(Command::FindAll);
    rig.apply(Action::Find(FindAction::ShowMatch(1)));
    for (command, place, row) in [
        (Command::FindNext, (9, 13), 2),
        (Command::FindNext, (16, 20), 3),
        (Command::FindNext, (2, 4), 0),
        (Command::FindPrevious, (16, 20), 3),
    ] {
        rig.finish(command);
        assert_eq!((rig.selected(), chosen(&rig)), (place, Some(row)));
    }
    // Of one type the matches are bytes.
    let mut rig = Rig::on(&[7, 0, 7, 0, 1, 7, 0]);
    ask(&mut rig, "7", types(&[Element::I16], ValueOrders::Little, false));
    rig.finish(Command::FindAll);
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    for (place, row) in [((2, 4), 1), ((5, 7), 2), ((0, 2), 0)] {
        rig.finish(Command::FindNext);
        assert_eq!((rig.selected(), chosen(&rig)), (place, Some(row)));
    }
    // Another question leaves the list as it is.
    ask(&mut rig, "1", types(&[Element::U8], ValueOrders::Little, false));
    rig.finish(Command::FindNext);
    assert_eq!((rig.selected(), chosen(&rig)), ((4, 5), Some(0)));
}

#[test]
fn types_that_can_not_have_the_value_are_told() {
    let mut rig = Rig::on(&bytes());
    ask(&mut rig, "1000", types(&[Element::I8, Element::I16], ValueOrders::Little, false));
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "1 match.");
    assert_eq!(found(&mut rig), owned(&[(2, SHORT)]));
    let finding = rig.session.finding();
    let told = (&*finding.passed_over, &*finding.left_out);
    assert_eq!(told, ("", "Left out: int8, which can't hold 1000."), "a note, and no fault");
    // It stays, with the count, while one goes through the list.
    rig.apply(Action::Find(FindAction::ShowMatch(0)));
    assert_eq!(rig.answer(), "1 match.");
    assert_eq!(rig.session.finding().left_out, "Left out: int8, which can't hold 1000.");
    let mut all = ValueTypes::default();
    ValueTypes::numbers().for_each(|element| all.set(element, true));
    all.orders = ValueOrders::Both;
    ask(&mut rig, "3.5", all);
    rig.finish(Command::FindNext);
    assert_eq!(rig.session.finding().left_out, "Left out: 10 integer types, which can't hold 3.5.");
    ask(&mut rig, "1000.5", types(&[Element::I8, Element::I16], ValueOrders::Little, false));
    rig.finish(Command::FindAll);
    let error = rig.session.finding().error.clone().expect("no type has it");
    assert!(error.ends_with('.'), "{error}");
}

#[test]
fn a_selection_and_the_elements_of_a_table_are_read_as_types() {
    let mut rig = Rig::on(&bytes());
    rig.select(5, 20);
    ask(&mut rig, "1000", types(&[Element::I16, Element::F32], ValueOrders::Both, false));
    rig.finish(Command::FindAllSelected);
    assert_eq!(found(&mut rig), owned(&[(5, SHORT_BIG), (9, FLOAT), (16, FLOAT_BIG)]));
    ask(&mut rig, "1000", types(&[Element::I16, Element::F32], ValueOrders::Both, true));
    rig.finish(Command::FindAllSelected);
    assert_eq!(found(&mut rig), owned(&[(5, SHORT_BIG), (9, FLOAT)]), "counted from the selection");

    let data: Vec<u8> = (0..12_i16).flat_map(i16::to_le_bytes).collect();
    let mut rig = Rig::new();
    rig.write("a.npy", &npy("'<i2'", false, "(3, 4)", &data));
    rig.open("a.npy");
    rig.wait_until("the array is shown", |session| session.tab().is_some_and(|tab| tab.is_in_array()));
    ask(&mut rig, "5", types(&[Element::U8, Element::I16], ValueOrders::Little, false));
    let step = |motion, extend| Action::Pane(PaneAction::Move { motion, extend });
    rig.apply(step(Motion::Right, true));
    rig.apply(step(Motion::Down, true));
    rig.finish(Command::FindAllSelected);
    let error = rig.session.finding().error.clone().expect("two rows in part are not one run");
    assert!(error.contains("have other bytes between them"), "{error}");
    rig.run(Command::SelectAll);
    rig.finish(Command::FindAllSelected);
    let start = rig.bytes().len() as u64 - 24;
    let expected = [(start + 10, "uint8"), (start + 10, SHORT)];
    assert_eq!(found(&mut rig), owned(&expected));
    // With no type chosen the array is asked.
    ask(&mut rig, "5", ValueTypes::default());
    rig.finish(Command::FindAll);
    assert_eq!(found(&mut rig), [(start + 10, String::from("a[1, 1]"))]);
}

#[test]
fn rows_are_exported_with_their_types() {
    let mut rig = Rig::on(&bytes());
    ask(&mut rig, "1000", types(&[Element::I16, Element::F32], ValueOrders::Both, false));
    rig.finish(Command::FindAll);
    for (command, name, expected) in [
        (
            Command::ExportMatchesCsv,
            "a.csv",
            "offset,length,array,index,value,type\n2,2,,,1000,<i2\n5,2,,,1000,>i2\n9,4,,,1000.0,<f4\n16,4,,,1000.0,>f4\n",
        ),
        (
            Command::ExportMatchesJson,
            "a.json",
            "{\"count\": 4, \"hits\": [\n  \
             {\"offset\": 2, \"length\": 2, \"type\": \"<i2\", \"value\": 1000},\n  \
             {\"offset\": 5, \"length\": 2, \"type\": \">i2\", \"value\": 1000},\n  \
             {\"offset\": 9, \"length\": 4, \"type\": \"<f4\", \"value\": 1000.0},\n  \
             {\"offset\": 16, \"length\": 4, \"type\": \">f4\", \"value\": 1000.0}\n]}\n",
        ),
    ] {
        rig.run(command);
        let path = rig.path(name);
        rig.name(path);
        rig.settle();
        assert_eq!(String::from_utf8(rig.disk(name)).expect("text"), expected);
    }
}

#[test]
fn what_is_found_is_what_a_loop_over_all_offsets_finds() {
    let mut random = fastrand::Rng::with_seed(3);
    let bytes: Vec<u8> = (0..3000).map(|_| random.u8(0..3)).collect();
    let mut rig = Rig::on(&bytes);
    for (text, aligned) in [("1", false), ("1", true), ("0..2", false), ("256±1", true)] {
        let elements = [Element::U8, Element::I16, Element::F32, Element::I64];
        ask(&mut rig, text, types(&elements, ValueOrders::Both, aligned));
        rig.finish(Command::FindAll);
        let mut expected = Vec::new();
        let value = |text: &str| text.parse::<f64>().expect("a number");
        let (low, high) = match text {
            "1" => (1.0, 1.0),
            "0..2" => (value("0"), value("2")),
            _ => (255.0, 257.0),
        };
        for (at, _) in bytes.iter().enumerate() {
            let eight = |len: usize| bytes.get(at..at + len).filter(|_| !aligned || at % len == 0);
            let mut add = |value: Option<f64>, name: &str| {
                if value.is_some_and(|value| (low..=high).contains(&value)) {
                    expected.push((at as u64, name.to_owned()));
                }
            };
            let two = eight(2).and_then(|two| two.first_chunk().copied());
            let four = eight(4).and_then(|four| four.first_chunk().copied());
            let long = eight(8).and_then(|long| long.first_chunk().copied());
            add(Some(f64::from(bytes[at])), "uint8");
            add(two.map(|two| f64::from(i16::from_le_bytes(two))), SHORT);
            add(two.map(|two| f64::from(i16::from_be_bytes(two))), SHORT_BIG);
            add(long.map(|long| i64::from_le_bytes(long) as f64), "int64, little-endian");
            add(long.map(|long| i64::from_be_bytes(long) as f64), "int64, big-endian");
            add(four.map(|four| f64::from(f32::from_le_bytes(four))), FLOAT);
            add(four.map(|four| f64::from(f32::from_be_bytes(four))), FLOAT_BIG);
        }
        assert_eq!(found(&mut rig), expected, "{text} {aligned}");
    }
}
