//! Tables of statistics: all arrays of a container, and lines along an axis; their order, what is read again, exports.

use super::arrays_of_tests::{npy, npz, safetensors};
use super::rig::Rig;
use super::statistics::{act, array, floats};
use pagelens::session::statistics::{RowState, StatisticsAction, StatisticsColumn};
use pagelens::session::{Action, Command, Request, Session};

/// A checkpoint of `a` (4 elements), `b.w` (2, 3) and `c` (1), with NaN at `b.w[0, 1]`, `b.w[1, 2]` and `c[0]`.
fn checkpoint() -> Vec<u8> {
    let mut bytes = safetensors(&[("a", &[4]), ("b.w", &[2, 3]), ("c", &[1])]);
    let data = bytes.len() - 4 * 11;
    for number in [4 + 1, 4 + 5, 4 + 6] {
        bytes[data + 4 * number..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    }
    bytes
}

fn open_container(name: &str, bytes: &[u8]) -> Rig {
    let mut rig = Rig::new();
    rig.write(name, bytes);
    rig.open(name);
    rig.wait_until("the header is read", Session::has_read_headers);
    rig
}

/// `b.w 2` for each row, in the order in which they are shown: name and NaN.
fn rows(rig: &Rig) -> Vec<String> {
    let arrays = &rig.session.features().statistics.arrays;
    let table = &arrays.of(rig.tab().id).expect("a table").table;
    let row = |place| {
        let row = table.row_at(place).expect("a row");
        match &row.known {
            RowState::Known(known) => format!("{} {}", row.name, known.nan),
            RowState::Waiting => format!("{} …", row.name),
            RowState::Failed(reason) => format!("{}: {reason}", row.name),
        }
    };
    (0..table.len()).map(row).collect()
}

#[test]
fn the_array_with_the_nan_is_the_first_row_and_opens_at_its_first_nan() {
    let mut rig = open_container("m.safetensors", &checkpoint());
    rig.finish(Command::ArraysStatistics);
    assert_eq!(rows(&rig), ["b.w 2", "c 1", "a 0"]);
    assert!(rig.requests().contains(&Request::FocusList(pagelens::session::STATISTICS)));
    let arrays = &rig.session.features().statistics.arrays;
    let id = rig.tab().id;
    assert_eq!((arrays.nan_of(id, 0), arrays.nan_of(id, 1), arrays.nan_under(id, "b.")), (0, 2, 2));
    act(&mut rig, StatisticsAction::Open(0));
    let view = rig.tab().array().expect("an array");
    assert_eq!(
        (view.name.as_deref(), view.table.index(view.block.caret.0, view.block.caret.1)),
        (Some("b.w"), vec![0, 1])
    );
    // What is mended is seen in the table, and nothing else is read again.
    rig.type_text("7");
    rig.apply(Action::Edit(pagelens::session::EditAction::Commit { then: None }));
    rig.settle();
    assert_eq!(rows(&rig), ["b.w 1", "c 1", "a 0"]);
    rig.finish(Command::Undo);
    rig.settle();
    assert_eq!(rows(&rig), ["b.w 2", "c 1", "a 0"]);
    act(&mut rig, StatisticsAction::Open(2));
    assert_eq!(rig.tab().array().and_then(|view| view.name.as_deref()), Some("a"));
}

#[test]
fn rows_are_sorted_and_exported_in_their_order() {
    let mut rig = open_container("m.safetensors", &checkpoint());
    rig.finish(Command::ArraysStatistics);
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Greatest));
    assert_eq!(rows(&rig), ["b.w 2", "a 0", "c 1"], "4, 3, none");
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Greatest));
    assert_eq!(rows(&rig), ["a 0", "b.w 2", "c 1"]);
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Name));
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Name));
    rig.run(Command::ExportStatisticsCsv);
    rig.name(rig.path("t.csv"));
    rig.settle();
    let csv = String::from_utf8(rig.disk("t.csv")).expect("text");
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("array,dtype,shape,count,min,"), "{csv}");
    assert!(lines[1].starts_with("c,<f4,1,1,,") && lines[2].starts_with("b.w,<f4,2x3,6,0.0,0,4.0,"), "{csv}");
    assert!(lines[3].starts_with("a,<f4,4,4,0.0,0,3.0,3,1.5,"), "{csv}");
    rig.finish(Command::CopyStatistics);
    let copied = rig.requests().into_iter().any(
        |request| matches!(request, Request::Copy(offer) if offer.text.as_ref().is_some_and(|text| text.contains("b.w\t<f4\t2x3\t6"))),
    );
    assert!(copied);
}

#[test]
fn compressed_arrays_and_arrays_that_can_not_be_read_have_rows_too() {
    let good = npy("'<f4'", false, "(2,)", &floats(&[f32::NAN, 2.0]));
    let odd = npy("'|O'", false, "(1,)", &[1]);
    let mut rig = open_container("a.npz", &npz(&[("good", good, true), ("odd", odd, false)]));
    rig.finish(Command::ArraysStatistics);
    let rows = rows(&rig);
    assert_eq!(rows[0], "good 1");
    assert!(rows[1].starts_with("odd: ") && rows[1].len() > 8, "{rows:?}");
}

#[test]
fn along_an_axis_there_is_a_row_for_each_index_of_the_others() {
    let data: Vec<u8> = (0..24_i16).flat_map(i16::to_le_bytes).collect();
    let mut rig = array(&data, "<i2", "(2, 3, 4)");
    rig.finish(Command::AxisStatistics);
    let shown = |rig: &Rig| {
        let shown = rig.session.features().statistics.axis.shown().expect("rows");
        let row = |place| {
            let row = shown.table.row_at(place).expect("a row");
            let known = row.known.statistics().expect("known");
            format!("{} {} {:?}", row.name, known.count, known.sum.expect("a sum"))
        };
        (0..shown.table.len()).map(row).collect::<Vec<_>>()
    };
    let rows = shown(&rig);
    assert_eq!((rows.len(), &*rows[0], &*rows[11]), (12, "[:, 0, 0] 2 Int(12)", "[:, 2, 3] 2 Int(34)"));
    act(&mut rig, StatisticsAction::Along(2));
    rig.settle();
    let rows = shown(&rig);
    assert_eq!((rows.len(), &*rows[0], &*rows[5]), (6, "[0, 0, :] 4 Int(6)", "[1, 2, :] 4 Int(86)"));
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Mean));
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Mean));
    assert_eq!(shown(&rig)[0], "[1, 2, :] 4 Int(86)");
    act(&mut rig, StatisticsAction::Open(0));
    let view = rig.tab().array().expect("an array");
    assert_eq!(view.table.index(view.block.caret.0, view.block.caret.1), [1, 2, 0]);
    // The slice is followed, and rows have the indices of the whole array.
    rig.apply(Action::Array(pagelens::session::ArrayAction::Table(pagelens::session::TableAction::Bar(
        pagelens::session::arrays::BarField::Slice,
        String::from("[1, ::2]"),
    ))));
    act(&mut rig, StatisticsAction::Along(1));
    rig.settle();
    act(&mut rig, StatisticsAction::Sort(StatisticsColumn::Name));
    assert_eq!(shown(&rig), ["[1, 0, :] 4 Int(54)", "[1, 2, :] 4 Int(86)"]);
    rig.run(Command::ExportStatisticsCsv);
    rig.name(rig.path("rows.csv"));
    rig.settle();
    let csv = String::from_utf8(rig.disk("rows.csv")).expect("text");
    assert!(
        csv.lines().nth(1).is_some_and(|line| line.starts_with("\"[1, 0, :]\",<i2,4,4,12,0,15,3,13.5,")),
        "{csv}"
    );
}

#[test]
fn along_an_axis_of_bytes_there_is_a_sentence() {
    let mut rig = array(&[0; 4], "<i4", "()");
    rig.finish(Command::AxisStatistics);
    let refusal = |rig: &Rig| rig.session.features().statistics.axis.refusal().map(str::to_owned);
    assert_eq!(refusal(&rig).as_deref(), Some("A single element has no axis."));
    let mut rig = array(&vec![0; 600_000], "|u1", "(200000, 3)");
    rig.finish(Command::AxisStatistics);
    act(&mut rig, StatisticsAction::Along(1));
    rig.settle();
    let words = refusal(&rig).expect("too many");
    assert!(words.contains("200,000 rows; at most 100,000 are listed"), "{words}");
    act(&mut rig, StatisticsAction::Along(0));
    rig.settle();
    assert_eq!(refusal(&rig), None);
}
