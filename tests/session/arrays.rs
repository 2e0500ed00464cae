//! Arrays of a file: found in its header, shown as a table, edited in their cells, saved.

use super::arrays_of_tests::{f4, npy, safetensors};
use super::rig::Rig;
use pagelens::bytes::{Source, Span};
use pagelens::decode::style::NumberStyle;
use pagelens::session::arrays::screen::{ArrayScreen, ArrayScreenInput};
use pagelens::session::arrays::{ArrayAction, ArrayPart, ArrayView, Axes, BarField, TableAction, Wrap};
use pagelens::session::view::Motion;
use pagelens::session::view::rows::Flags;
use pagelens::session::{
    Action, Answer, ClipboardAction, Command, EditAction, PaneAction, PaneKey, PasteWay, Pasted,
};

/// A file is open and its header, if it has one, is read.
fn open(name: &str, bytes: &[u8]) -> Rig {
    let mut rig = Rig::new();
    rig.write(name, bytes);
    rig.open(name);
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig
}

fn view(rig: &Rig) -> &ArrayView {
    rig.tab().array().expect("an array is shown")
}

fn act(rig: &mut Rig, action: impl Into<ArrayAction>) {
    rig.apply(Action::Array(action.into()));
}

fn press(rig: &mut Rig, place: (u64, u64), extend: bool) {
    act(rig, TableAction::Press { place, extend, clicks: 1 });
}

fn type_value(rig: &mut Rig, text: &str, then: Option<Motion>) {
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(text.to_owned())));
    rig.apply(Action::Edit(EditAction::Commit { then }));
}

/// The cells as text, a line a row.
fn drawn(rig: &Rig) -> String {
    let view = view(rig);
    let mut screen = ArrayScreen::default();
    let input = ArrayScreenInput {
        source: rig.tab().shown(),
        settle: &|| {},
        changed: None,
        found: None,
        found_current: None,
        strings: None,
        selected: None,
        signs: 1,
        table: &view.table,
        style: view.style,
    };
    let (rows, columns) = (view.table.rows().min(100), view.table.columns().min(100));
    for _ in 0..200 {
        rig.session.cache().begin_frame();
        screen.build(&input, 0..rows, 0..columns);
        rig.session.cache().end_frame();
        if screen.all_ready() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let cell = |row, column| screen.cell(row, column).map_or("", |(_, text)| text);
    let line = |row| (0..columns).map(|column| cell(row, column)).collect::<Vec<_>>().join(" ");
    (0..rows).map(line).collect::<Vec<_>>().join("\n")
}

fn bar(rig: &mut Rig, field: BarField, text: &str) -> Option<String> {
    act(rig, TableAction::Bar(field, text.to_owned()));
    view(rig).bar.error(field).map(str::to_owned)
}

#[test]
fn the_array_of_a_file_with_one_is_shown_at_once() {
    let rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    assert_eq!(drawn(&rig), "0.0 1.0 2.0\n3.0 4.0 5.0");
    assert!(rig.tab().shown_array().is_some() && rig.tab().is_in_array());
    let rig = open("f.npy", &npy("'<f4'", true, "(2, 3)", &f4(0..6)));
    assert_eq!(drawn(&rig), "0.0 2.0 4.0\n1.0 3.0 5.0");
    let rig = open("a.bin", &f4(0..6));
    assert!(rig.tab().array().is_none() && rig.tab().arrays.found.is_none());
}

#[test]
fn a_broken_header_is_told_and_the_bytes_are_there() {
    let rig = open("a.safetensors", b"\xff\xff\xff\xff\xff\0\0\0{}");
    let error = rig.tab().arrays.error.as_ref().expect("a reason");
    assert!(error.text.contains("bytes"), "{}", error.text);
    assert!(rig.tab().arrays.found.is_none() && rig.tab().is_shown(PaneKey::BYTES));
    assert_eq!(rig.bytes(), b"\xff\xff\xff\xff\xff\0\0\0{}");
}

#[test]
fn a_value_is_typed_saved_and_nothing_else_changes() {
    let file = safetensors(&[("a", &[3]), ("b", &[2, 2])]);
    let mut rig = open("m.safetensors", &file);
    assert!(rig.tab().array().is_none(), "which of two to show is the user's to say");
    let found = rig.tab().arrays.found.as_ref().expect("a container");
    let b = found.container.find("b").expect("an array") as u32;
    act(&mut rig, ArrayAction::Open(b));
    assert_eq!(drawn(&rig), "0.0 1.0\n2.0 3.0");
    press(&mut rig, (1, 0), false);
    type_value(&mut rig, "-8.5", Some(Motion::Right));
    assert_eq!((drawn(&rig), view(&rig).block.caret), (String::from("0.0 1.0\n-8.5 3.0"), (1, 1)));
    rig.run(Command::Undo);
    assert_eq!(drawn(&rig), "0.0 1.0\n2.0 3.0");
    rig.run(Command::Redo);
    rig.run(Command::Save);
    rig.settle();
    let mut expected = file.clone();
    let at = file.len() - 8;
    expected[at..at + 4].copy_from_slice(&(-8.5_f32).to_le_bytes());
    assert_eq!(rig.disk("m.safetensors"), expected);
}

#[test]
fn a_value_that_does_not_fit_stays_in_its_field_with_the_reason() {
    let mut rig = open("a.npy", &npy("'|i1'", false, "(4,)", &[1, 2, 3, 4]));
    press(&mut rig, (0, 2), false);
    type_value(&mut rig, "300", None);
    let edit = rig.tab().edit.clone().expect("the field stays open");
    assert!(edit.error.is_some_and(|reason| reason.contains("127")), "{:?}", rig.tab().edit);
    assert!(!rig.tab().is_modified());
    rig.apply(Action::Edit(EditAction::Cancel));
    assert_eq!(drawn(&rig), "1 2 3 4");
}

#[test]
fn the_bar_is_taken_as_it_is_typed_and_says_what_does_not_fit() {
    let mut rig = open("raw.bin", &f4(0..24));
    rig.run(Command::ArrayFromHere);
    assert_eq!(view(&rig).base.items() * view(&rig).base.item_bytes(), 96, "the whole file");
    assert_eq!(bar(&mut rig, BarField::Shape, "-1"), None);
    assert_eq!(bar(&mut rig, BarField::Dtype, "<f4"), None);
    assert_eq!(view(&rig).base.shape, [24]);
    assert_eq!(bar(&mut rig, BarField::Shape, "2, 3, 4"), None);
    assert_eq!(bar(&mut rig, BarField::Slice, "[-1, ::2, 1:3]"), None);
    assert_eq!(drawn(&rig), "13.0 14.0\n21.0 22.0");
    assert_eq!(view(&rig).table.index_words(1, 1), "[1, 2, 2]", "indices are those of the whole array");
    assert!(bar(&mut rig, BarField::Slice, "[7]").is_some_and(|reason| reason.contains("range")));
    assert_eq!(drawn(&rig), "13.0 14.0\n21.0 22.0", "what was shown last stays");
    assert_eq!(bar(&mut rig, BarField::Slice, ""), None);
    assert!(bar(&mut rig, BarField::Shape, "5, 5").is_some_and(|reason| reason.contains("96")));
    assert!(bar(&mut rig, BarField::Dtype, "<f3").is_some());
    assert_eq!(bar(&mut rig, BarField::Dtype, "<f4"), None);
    assert_eq!(bar(&mut rig, BarField::Shape, "4, -1"), None);
    assert_eq!(view(&rig).base.shape, [4, 6]);
    assert_eq!(bar(&mut rig, BarField::Order, "F"), None);
    assert!(drawn(&rig).starts_with("0.0 4.0 8.0"));
    assert_eq!(bar(&mut rig, BarField::Order, "4, 16"), None);
    assert_eq!(bar(&mut rig, BarField::Offset, "4 * 2"), None);
    assert_eq!(
        (view(&rig).bar.first_error(), &*view(&rig).base.shape),
        (None, &[4, 5][..]),
        "as many as fit"
    );
    assert_eq!(bar(&mut rig, BarField::Order, "C"), None);
    assert_eq!(view(&rig).bar.note(BarField::Shape), Some("8 bytes are left over at the end."));
    assert_eq!(bar(&mut rig, BarField::Dtype, "u8"), None);
    let said = view(&rig).bar.note(BarField::Dtype);
    assert_eq!(said, Some("'u8' is read as uint64, as in NumPy; for 8 bits write uint8."));
    assert_eq!(view(&rig).base.item.to_string(), "<u8");
    assert!(bar(&mut rig, BarField::Dtype, "S").is_some_and(|reason| reason.contains("no size")));
}

#[test]
fn any_two_axes_are_rows_and_columns() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3, 4)", &f4(0..24)));
    assert_eq!(drawn(&rig).lines().next(), Some("0.0 1.0 2.0 3.0"));
    act(&mut rig, TableAction::Axes(Axes { rows: Some(2), columns: Some(0), at: vec![0, 1, 0] }));
    assert_eq!(drawn(&rig), "4.0 16.0\n5.0 17.0\n6.0 18.0\n7.0 19.0");
    press(&mut rig, (3, 1), false);
    assert_eq!(view(&rig).table.index_words(3, 1), "[1, 1, 3]");
    assert_eq!(rig.tab().selected().start() % 4, 0);
    act(&mut rig, TableAction::Axes(Axes { rows: Some(0), columns: Some(1), at: vec![0, 0, 3] }));
    assert_eq!(drawn(&rig), "3.0 7.0 11.0\n15.0 19.0 23.0");
}

#[test]
fn cells_and_bytes_are_selected_together() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(3, 4)", &f4(0..12)));
    let data = view(&rig).base.offset;
    press(&mut rig, (1, 1), false);
    press(&mut rig, (2, 2), true);
    let mut spans = Vec::new();
    rig.tab().add_selected(Span::first(rig.tab().len()), &mut spans);
    let cells = |from: u64, to: u64| Span::between(data + from * 4, data + to * 4);
    assert_eq!(spans, [cells(5, 7), cells(9, 11)]);
    act(&mut rig, TableAction::PressRow { row: 1, extend: false });
    assert_eq!(rig.tab().selected(), cells(4, 8), "a run of bytes is the tab's selection");
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::JumpTo(data + 4 * 11 + 2)));
    assert_eq!(view(&rig).block.caret, (2, 3), "the caret among the bytes leads to its item");
}

#[test]
fn changed_cells_are_marked_and_a_row_is_asked_about_once() {
    let rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    let data = view(&rig).base.offset;
    let mark = |rig: &Rig, most: u64| {
        let asked = std::cell::Cell::new(0);
        let changes = [Span::at(data + 5, 1), Span::at(data + 16, 4)].map(|span| span.expect("a span"));
        let changed = |within: Span, out: &mut Vec<Span>| {
            asked.set(asked.get() + 1);
            let touches = |span: &Span| span.start() < within.end() && within.start() < span.end();
            out.extend(changes.into_iter().filter(touches));
        };
        let mut screen = ArrayScreen::default();
        let input = ArrayScreenInput {
            source: rig.tab().shown(),
            settle: &|| {},
            changed: Some(&changed),
            found: None,
            found_current: None,
            strings: None,
            selected: None,
            signs: 1,
            table: &view(rig).table,
            style: view(rig).style,
        };
        let (rows, columns) = (view(rig).table.rows(), view(rig).table.columns());
        screen.build(&input, 0..rows, 0..columns);
        let is_marked =
            |row, column| screen.cell(row, column).is_some_and(|(cell, _)| cell.flags.any(Flags::CHANGED));
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        let marked: Vec<_> = places.filter(|(row, column)| is_marked(*row, *column)).collect();
        assert!(asked.get() <= most, "asked {} times", asked.get());
        marked
    };
    assert_eq!(mark(&rig, 2), [(0, 1), (1, 1)]);
    let mut rig = rig;
    act(&mut rig, TableAction::Axes(Axes { rows: Some(1), columns: Some(0), at: vec![0, 0] }));
    assert_eq!(mark(&rig, 3), [(1, 0), (1, 1)], "a row from the last byte to the first is one as well");
}

#[test]
fn go_to_takes_items_slices_and_fields() {
    let descr = "[('id', '<i2'), ('pos', [('x', '<f4'), ('y', '<f4')])]";
    let mut rig = open("r.npy", &npy(descr, false, "(5,)", &[0; 50]));
    let data = view(&rig).base.offset;
    rig.apply(Action::Answer(Answer::GoTo(String::from("a[3]['pos']['y']"))));
    assert_eq!((view(&rig).block.caret, rig.tab().selected()), ((3, 2), Span::between(data + 36, data + 40)));
    rig.apply(Action::Answer(Answer::GoTo(String::from("[1:3]"))));
    assert_eq!((view(&rig).block.rows(), view(&rig).block.columns()), ((1, 2), (0, 2)));
    assert_eq!(rig.tab().selected(), Span::between(data + 10, data + 30));
    rig.run(Command::GoTo);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[9]"))));
    assert!(rig.session.dialog_error().is_some_and(|reason| reason.contains("out of range")));
    rig.apply(Action::Answer(Answer::GoTo(String::from("0x4"))));
    assert_eq!(rig.tab().caret(), 4);
}

#[test]
fn fields_are_columns_that_can_be_hidden_and_moved() {
    let descr = "[('a', '|u1'), ('m', '|u1', (2,)), ('s', 'S2')]";
    let mut rig = open("r.npy", &npy(descr, false, "(2,)", &[1, 2, 3, b'x', 0, 4, 5, 6, b'y', b'z']));
    assert_eq!(drawn(&rig), "1 2 3 b'x'\n4 5 6 b'yz'");
    act(&mut rig, TableAction::Hide(1));
    act(&mut rig, TableAction::MoveColumn { from: 2, to: 0 });
    assert_eq!(drawn(&rig), "b'x' 1 3\nb'yz' 4 6");
    press(&mut rig, (1, 0), false);
    type_value(&mut rig, "b'q'", None);
    assert_eq!(rig.bytes()[rig.bytes().len() - 2..], [b'q', 0]);
    act(&mut rig, TableAction::ShowAllFields);
    assert_eq!(drawn(&rig).lines().next(), Some("1 2 3 b'x'"));
}

#[test]
fn values_are_computed_and_undone_as_one_step() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    act(&mut rig, TableAction::PressColumn { column: 1, extend: false });
    rig.run(Command::SetValues);
    act(&mut rig, ArrayAction::SetValues(String::from("x * 2 + 1")));
    rig.wait_until("computed", |session| session.dialog().is_none() && !session.is_busy());
    assert_eq!(drawn(&rig), "0.0 3.0 2.0\n3.0 9.0 5.0");
    rig.run(Command::Undo);
    assert_eq!(drawn(&rig), "0.0 1.0 2.0\n3.0 4.0 5.0");
    rig.run(Command::SetValues);
    act(&mut rig, ArrayAction::SetValues(String::from("x *")));
    assert!(rig.session.dialog_error().is_some() && !rig.tab().is_modified());
}

#[test]
fn a_table_is_pasted_over_the_items_from_the_caret_on() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(3, 3)", &f4(0..9)));
    press(&mut rig, (1, 1), false);
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text(String::from("10\t20\n30\t40\n")),
        way: PasteWay::Usual,
    }));
    rig.wait_until("computed", |session| !session.is_busy());
    assert_eq!(drawn(&rig), "0.0 1.0 2.0\n3.0 10.0 20.0\n6.0 30.0 40.0");
    press(&mut rig, (2, 2), false);
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text(String::from("1\t2\n")),
        way: PasteWay::Usual,
    }));
    rig.wait_until("refused", |session| !session.is_busy());
    assert_eq!(drawn(&rig), "0.0 1.0 2.0\n3.0 10.0 20.0\n6.0 30.0 40.0");
    assert!(rig.messages().iter().any(|text| text.contains("Paste")), "{:?}", rig.messages());
}

#[test]
fn rows_are_appended_and_the_header_tells_of_them() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    rig.run(Command::AppendRows);
    act(&mut rig, ArrayAction::AppendRows(String::from("2")));
    rig.wait_until("appended", |session| {
        !session.is_busy()
            && session.tab().and_then(|tab| tab.array()).is_some_and(|view| view.base.shape == [4, 3])
    });
    assert_eq!(drawn(&rig), "0.0 1.0 2.0\n3.0 4.0 5.0\n0.0 0.0 0.0\n0.0 0.0 0.0");
    assert_eq!(rig.tab().len() as usize, npy("'<f4'", false, "(4, 3)", &f4([0; 12])).len());
    rig.run(Command::Undo);
    rig.wait_until("the header is read again", |session| {
        session.tab().and_then(|tab| tab.array()).is_some_and(|view| view.base.shape == [2, 3])
    });
    assert_eq!(rig.bytes(), npy("'<f4'", false, "(2, 3)", &f4(0..6)));
}

#[test]
fn one_axis_runs_on_from_row_to_row() {
    let mut rig = open("a.npy", &npy("'|u1'", false, "(10,)", &(0..10).collect::<Vec<u8>>()));
    act(&mut rig, TableAction::Wrap(Wrap::Fixed(4)));
    assert_eq!(drawn(&rig), "0 1 2 3\n4 5 6 7\n8 9  ");
    press(&mut rig, (0, 2), false);
    press(&mut rig, (1, 1), true);
    let data = view(&rig).base.offset;
    assert_eq!(rig.tab().selected(), Span::between(data + 2, data + 6));
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::End, extend: false }));
    assert_eq!(view(&rig).block.caret, (2, 1));
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Right, extend: false }));
    assert_eq!(view(&rig).block.caret, (2, 1), "nothing is behind the last item");
}

#[test]
fn numbers_are_written_in_the_chosen_style() {
    let mut rig =
        open("a.npy", &npy("'<f8'", false, "(2,)", &[1234.5_f64, 0.0625].map(f64::to_le_bytes).concat()));
    for (style, expected) in [
        (NumberStyle::Fixed(2), "1234.50 0.06"),
        (NumberStyle::Scientific(3), "1.234e+03 6.250e-02"),
        (NumberStyle::Engineering(1), "1.2e+03 62.5e-03"),
        (NumberStyle::Shortest, "1234.5 0.0625"),
    ] {
        act(&mut rig, TableAction::Style(style));
        assert_eq!(drawn(&rig), expected, "{style}");
    }
}

#[test]
fn an_array_of_a_vast_file_reads_only_what_is_shown() {
    let mut rig = Rig::on_sparse(1 << 43);
    rig.run(Command::ArrayFromHere);
    assert_eq!(bar(&mut rig, BarField::Dtype, "<f4"), None);
    assert_eq!(bar(&mut rig, BarField::Shape, "8192, 4096, 65536"), None);
    assert_eq!(view(&rig).table.rows(), 4096);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[-1, -1, -1]"))));
    assert_eq!(rig.tab().selected(), Span::between((1 << 43) - 4, 1 << 43));
    assert_eq!(view(&rig).table.index_words(4095, 65535), "[8191, 4095, 65535]");
    type_value(&mut rig, "1", None);
    assert_eq!((rig.tab().shown().len(), rig.tab().shown().changed_bytes()), (1 << 43, 4));
}

#[test]
fn metadata_is_edited_where_the_header_has_room() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(6,)", &f4(0..6)));
    act(&mut rig, ArrayAction::SetMetadata { key: String::from("shape"), value: String::from("(2, 3)") });
    rig.wait_until("the header is read again", |session| {
        session.tab().and_then(|tab| tab.array()).is_some_and(|view| view.base.shape == [2, 3])
    });
    assert_eq!(rig.bytes(), npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    act(&mut rig, ArrayAction::SetMetadata { key: String::from("shape"), value: String::from("(2, 30)") });
    rig.wait_until("refused", |session| !session.is_busy());
    assert_eq!(rig.bytes(), npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    assert!(!rig.messages().is_empty());
}

#[test]
fn an_array_is_copied_and_exported() {
    let mut rig = open("a.npy", &npy("'<f4'", false, "(2, 3)", &f4(0..6)));
    rig.run(Command::SelectAll);
    assert_eq!(rig.copied(), "0.0\t1.0\t2.0\n3.0\t4.0\t5.0\n");
    let format = |name: &str| pagelens::export::number_of(name).expect("a format");
    let path = rig.path("out.npy");
    act(
        &mut rig,
        ArrayAction::Export {
            format: format("npy"),
            part: ArrayPart::Selection,
            path: path.clone(),
            replace: false,
        },
    );
    rig.wait_until("exported", |session| !session.is_busy());
    assert!(rig.disk("out.npy").ends_with(&f4(0..6)));
    act(
        &mut rig,
        ArrayAction::Export { format: format("raw"), part: ArrayPart::Whole, path, replace: false },
    );
    rig.wait_until("refused", |session| !session.is_busy());
    assert!(rig.disk("out.npy").starts_with(b"\x93NUMPY"), "a file that is there stays");
    assert!(
        rig.messages().iter().any(|text| text.contains("Replace an existing file")),
        "{:?}",
        rig.messages()
    );
}

#[test]
fn a_raw_file_is_read_like_another() {
    let mut rig = open("raw.bin", &f4(0..6));
    rig.write("golden.npy", &npy("'<f4'", true, "(2, 3)", &f4([9; 6])));
    let golden = rig.path("golden.npy");
    act(&mut rig, ArrayAction::Like(golden));
    rig.wait_until("read", |session| session.tab().is_some_and(|tab| tab.array().is_some()));
    assert_eq!(drawn(&rig), "0.0 2.0 4.0\n1.0 3.0 5.0");
}
