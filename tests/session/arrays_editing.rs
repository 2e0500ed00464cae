//! Editing among the cells of an array: what a key does there, and that cells and bytes stay together.

use super::arrays_of_tests::{f4, npy};
use super::rig::Rig;
use pagelens::bytes::{Availability, Source, Span};
use pagelens::decode::style::NumberStyle;
use pagelens::session::arrays::block::Block;
use pagelens::session::arrays::{ArrayAction, ArrayPart, ArrayView, BarField, Room, TableAction, Wrap};
use pagelens::session::dialog::RunOfBytes;
use pagelens::session::view::{Column, Hit, Motion, Viewport};
use pagelens::session::{
    Action, Answer, Command, Dialog, DialogAction, EditAction, PaneAction, PaneKey, PaneKind, Request,
};

const RECORD: &str = "[('id', '|u1'), ('x', '|u1'), ('y', '|u1')]";

fn open(name: &str, bytes: &[u8]) -> Rig {
    let mut rig = Rig::new();
    rig.write(name, bytes);
    rig.open(name);
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig
}

/// Numbers 0, 1, 2, … as bytes in this shape.
fn bytes_of(shape: &str, count: u8) -> Rig {
    open("a.npy", &npy("'|u1'", false, shape, &(0..count).collect::<Vec<u8>>()))
}

/// Four records of three bytes, which count up.
fn records() -> Rig {
    open("r.npy", &npy(RECORD, false, "(4,)", &(0..12).collect::<Vec<u8>>()))
}

fn view(rig: &Rig) -> &ArrayView {
    rig.tab().array().expect("an array is shown")
}

fn data(rig: &Rig) -> u64 {
    view(rig).base.offset
}

fn act(rig: &mut Rig, action: impl Into<ArrayAction>) {
    rig.apply(Action::Array(action.into()));
}

fn press(rig: &mut Rig, place: (u64, u64), extend: bool) {
    act(rig, TableAction::Press { place, extend, clicks: 1 });
}

fn block(anchor: (u64, u64), caret: (u64, u64)) -> Block {
    Block { anchor, caret }
}

fn paste(rig: &mut Rig, text: &str) {
    rig.paste(text);
    rig.wait_until("computed", |session| !session.is_busy());
}

/// The bytes behind the header.
fn values(rig: &Rig) -> Vec<u8> {
    rig.bytes()[data(rig) as usize..].to_vec()
}

#[test]
fn bytes_are_not_removed_or_put_in_among_cells() {
    let mut rig = bytes_of("(2, 3)", 6);
    let before = rig.bytes();
    press(&mut rig, (0, 1), false);
    for command in
        [Command::Cut, Command::Delete, Command::Truncate, Command::InsertBytes, Command::AppendBytes]
    {
        assert!(!command.spec().enabled(&rig.session), "{command:?}");
        rig.run(command);
        assert!(
            rig.hint().contains("Elements of an array can't be inserted or deleted"),
            "{command:?}: {}",
            rig.hint()
        );
        assert!(rig.session.dialog().is_none(), "{command:?}");
    }
    let run = || RunOfBytes { count: String::from("1"), pattern: String::from("FF") };
    for action in [
        Action::Answer(Answer::InsertRun(run())),
        Action::Answer(Answer::AppendRun(run())),
        Action::Answer(Answer::Fill(String::from("FF"))),
    ] {
        rig.apply(action);
    }
    assert_eq!(rig.bytes(), before);
    rig.run(Command::Fill);
    assert_eq!(rig.session.dialog(), Some(&Dialog::SetValues));
    rig.apply(Action::Dialog(DialogAction::Close));
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    assert!(Command::Delete.spec().enabled(&rig.session), "among the bytes they are deleted");
}

#[test]
fn what_lies_between_the_steps_of_a_slice_is_not_selected() {
    let mut rig = bytes_of("(8,)", 8);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[::2]"))));
    assert!(rig.session.dialog_error().is_none_or(|reason| reason.contains("slice field")));
    rig.run(Command::GoTo);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[::2]"))));
    assert!(rig.session.dialog_error().is_some_and(|reason| reason.contains("slice field")));
    assert!(view(&rig).block.is_one());
    act(&mut rig, TableAction::Bar(BarField::Slice, String::from("[::2]")));
    rig.apply(Action::Answer(Answer::GoTo(String::from("[2:8:2]"))));
    assert_eq!(view(&rig).block.count(&view(&rig).table), 3, "the view's own step");
}

#[test]
fn named_fields_are_selected_where_they_stand_side_by_side() {
    let mut rig = records();
    rig.apply(Action::Answer(Answer::GoTo(String::from("[1:3][['x', 'y']]"))));
    assert_eq!((view(&rig).block.rows(), view(&rig).block.columns()), ((1, 2), (1, 2)));
    rig.run(Command::GoTo);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[1][['id', 'y']]"))));
    assert!(rig.session.dialog_error().is_some_and(|reason| reason.contains("next to each other")));
    act(&mut rig, TableAction::Hide(1));
    rig.apply(Action::Answer(Answer::GoTo(String::from("[1]['x']"))));
    assert!(rig.session.dialog_error().is_some_and(|reason| reason.contains("hidden")));
}

#[test]
fn the_selection_is_that_of_the_block_when_the_array_lies_otherwise() {
    let mut rig = open("raw.bin", &(0..64).collect::<Vec<u8>>());
    rig.run(Command::ArrayFromHere);
    act(&mut rig, TableAction::Bar(BarField::Dtype, String::from("<f4")));
    press(&mut rig, (0, 0), false);
    assert_eq!(rig.selected(), (0, 4));
    act(&mut rig, TableAction::Bar(BarField::Offset, String::from("16")));
    act(&mut rig, TableAction::Bar(BarField::Shape, String::from("-1")));
    assert_eq!(rig.selected(), (16, 20));
    let mut rig = records();
    act(&mut rig, TableAction::Hide(0));
    press(&mut rig, (1, 0), false);
    act(&mut rig, TableAction::ShowAllFields);
    let at = data(&rig) + 3;
    assert_eq!((view(&rig).block.caret, rig.selected()), ((1, 0), (at, at + 1)));
}

#[test]
fn a_typed_value_goes_into_the_cell_it_was_typed_into_or_nowhere() {
    let mut rig = bytes_of("(2, 3)", 6);
    press(&mut rig, (1, 1), false);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("9"))));
    act(&mut rig, TableAction::Style(NumberStyle::Hex));
    assert_eq!((values(&rig), rig.tab().edit.is_none()), (vec![0, 1, 2, 3, 9, 5], true), "taken before");
    rig.apply(Action::Edit(EditAction::Type(String::from("7"))));
    act(&mut rig, TableAction::Bar(BarField::Slice, String::from("[::-1]")));
    assert_eq!((values(&rig), rig.tab().edit.is_none()), (vec![0, 1, 2, 3, 7, 5], true));
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("300"))));
    act(&mut rig, TableAction::Bar(BarField::Slice, String::new()));
    assert!(rig.tab().edit.is_none() && view(&rig).bar.text(BarField::Slice).is_empty());
    assert!(rig.hint().contains("300"), "{}", rig.hint());
    assert_eq!(values(&rig), [0, 1, 2, 3, 7, 5]);
}

#[test]
fn a_typed_value_goes_nowhere_when_the_array_has_moved_under_it() {
    let mut rig = bytes_of("(2, 3)", 6);
    act(&mut rig, ArrayAction::SetMetadata { key: String::from("shape"), value: String::from("(3, 2)") });
    press(&mut rig, (1, 0), false);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("9"))));
    rig.wait_until("the header is read again", |session| {
        session.tab().and_then(|tab| tab.array()).is_some_and(|view| view.base.shape == [3, 2])
    });
    let at = data(&rig);
    assert_eq!(rig.selected(), (at + 2, at + 3), "the block is on another item now");
    rig.apply(Action::Edit(EditAction::Commit { then: None }));
    assert_eq!((values(&rig), rig.tab().edit.is_none()), ((0..6).collect(), true));
}

#[test]
fn an_item_that_is_shown_though_not_all_can_be_is_selected() {
    let mut rig = bytes_of("(2, 2, 2)", 8);
    rig.run(Command::GoTo);
    rig.apply(Action::Answer(Answer::GoTo(String::from("[:, 1, 1]"))));
    assert!(rig.session.dialog_error().is_some_and(|reason| reason.contains("axes")));
    let at = data(&rig) + 3;
    assert_eq!((view(&rig).block, rig.selected()), (Block::at((1, 1)), (at, at + 1)));
}

#[test]
fn cells_follow_the_bytes_where_these_are_items() {
    let mut rig = bytes_of("(2, 3)", 6);
    rig.run(Command::ShowBoth);
    let at = data(&rig);
    press(&mut rig, (1, 2), false);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("9"))));
    rig.apply(Action::Edit(EditAction::Commit { then: None }));
    press(&mut rig, (0, 0), false);
    rig.run(Command::Undo);
    assert_eq!(view(&rig).block, Block::at((1, 2)), "the item that is as before is shown");
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.select(at + 3, at + 5);
    assert_eq!(view(&rig).block, block((1, 0), (1, 1)), "whole items of a run are the block");
    rig.apply(Action::Pane(PaneAction::JumpTo(at + 2)));
    rig.type_text("00");
    assert_eq!(view(&rig).block.caret, (1, 0), "typing moves on");
    let hit = |offset| Hit { offset, column: Column::Cells };
    rig.apply(Action::Pane(PaneAction::Press {
        pane: PaneKey::BYTES,
        hit: hit(at),
        extend: false,
        clicks: 1,
    }));
    rig.apply(Action::Pane(PaneAction::Drag { pane: PaneKey::BYTES, hit: hit(at + 2) }));
    assert_eq!(view(&rig).block, block((0, 0), (0, 2)), "dragging selects items");
    rig.apply(Action::Pane(PaneAction::JumpTo(at + 3)));
    rig.apply(Action::Pane(PaneAction::JumpTo(2)));
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    assert!(rig.hint().contains("No element of the slice that is shown"), "{}", rig.hint());
    assert_eq!((view(&rig).block.caret, rig.selected()), ((1, 0), (at + 3, at + 4)));
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::JumpTo(2)));
    rig.run(Command::OtherPane);
    assert!(rig.hint().contains("No element of the slice that is shown"), "{}", rig.hint());
}

#[test]
fn a_byte_of_a_hidden_field_moves_no_caret() {
    let mut rig = records();
    rig.run(Command::ShowBoth);
    let at = data(&rig);
    act(&mut rig, TableAction::Hide(1));
    press(&mut rig, (0, 1), false);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::JumpTo(at + 7)));
    assert_eq!(view(&rig).block, Block::at((0, 1)));
    rig.apply(Action::Pane(PaneAction::JumpTo(at + 8)));
    assert_eq!(view(&rig).block, Block::at((2, 1)));
}

#[test]
fn an_offset_outside_the_array_is_gone_to_among_the_bytes() {
    let mut rig = bytes_of("(2, 3)", 6);
    assert!(rig.tab().is_in_array());
    rig.apply(Action::Answer(Answer::GoTo(String::from("0x4"))));
    assert_eq!((rig.tab().focus_kind(), rig.tab().caret()), (PaneKind::Bytes, 4));
}

#[test]
fn an_export_does_not_take_the_place_of_an_open_file() {
    let mut rig = bytes_of("(2, 3)", 6);
    let before = rig.disk("a.npy");
    std::fs::create_dir(rig.path("sub")).expect("a folder");
    std::fs::hard_link(rig.path("a.npy"), rig.path("hard.npy")).expect("a link");
    let ways = [
        rig.path("sub").join("..").join("a.npy"),
        rig.path("hard.npy"),
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(rig.path("a.npy"), rig.path("soft.npy")).expect("a link");
            rig.path("soft.npy")
        },
    ];
    rig.write("b.bin", &[1; 8]);
    rig.open("b.bin");
    rig.run(Command::ArrayFromHere);
    for path in ways {
        act(
            &mut rig,
            ArrayAction::Export { format: raw(), part: ArrayPart::Whole, path: path.clone(), replace: true },
        );
        rig.wait_until("refused", |session| !session.is_busy());
        assert_eq!(rig.disk("a.npy"), before, "{}", path.display());
        assert!(rig.messages().iter().any(|text| text.contains("open")), "{:?}", rig.messages());
    }
}

fn raw() -> usize {
    pagelens::export::number_of("raw").expect("a format")
}

#[test]
fn items_that_are_gone_are_not_edited() {
    let mut rig = open("raw.bin", &(0..16).collect::<Vec<u8>>());
    rig.run(Command::ArrayFromHere);
    act(&mut rig, TableAction::Bar(BarField::Dtype, String::from("|u1")));
    act(&mut rig, TableAction::Bar(BarField::Shape, String::from("16")));
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.select(8, 16);
    rig.run(Command::Delete);
    let reason = view(&rig).misfit.clone().expect("the array does not fit");
    assert!(view(&rig).bar.first_error().is_some());
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    press(&mut rig, (0, 1), false);
    rig.apply(Action::Edit(EditAction::Type(String::from("1"))));
    assert!(rig.tab().edit.is_none() && rig.hint().contains(&reason), "{}", rig.hint());
    act(&mut rig, ArrayAction::SetValues(String::from("1")));
    assert_eq!(rig.session.dialog_error(), Some(reason.as_str()));
    let (mut bytes, mut states) = ([0; 2], [Availability::Missing; 2]);
    rig.tab().shown().peek(12, &mut bytes, &mut states);
    assert_eq!(states, [Availability::Failed; 2], "nobody waits for what is gone");
    rig.run(Command::Undo);
    assert_eq!(view(&rig).misfit, None);
}

#[test]
fn what_the_window_measures_leaves_messages_alone() {
    let mut rig = bytes_of("(2, 3)", 6);
    rig.apply(Action::Dialog(DialogAction::Say(String::from("read me"))));
    let room = Room { row_height: 20.0, height: 400.0, width: 300.0, pitch: 8.0 };
    act(&mut rig, TableAction::Measured { room, seen: vec![(0, 9)] });
    act(&mut rig, TableAction::Scroll { down: Viewport::default(), across: Viewport::default() });
    assert_eq!(rig.hint(), "read me");
    act(&mut rig, ArrayAction::SetValues(String::from("x *")));
    assert_eq!(rig.session.last_expression(), "x *", "it is offered again");
}

#[test]
fn escape_leaves_the_block_for_its_caret() {
    let mut rig = bytes_of("(2, 3)", 6);
    press(&mut rig, (0, 0), false);
    press(&mut rig, (1, 1), true);
    rig.apply(Action::Escape);
    assert_eq!(view(&rig).block, Block::at((1, 1)));
    let at = data(&rig) + 4;
    assert_eq!(rig.selected(), (at, at + 1));
    assert!(Command::Copy.spec().enabled(&rig.session));
    rig.apply(Action::Escape);
    assert!(Command::Copy.spec().enabled(&rig.session), "an array always has a cell to copy");
    assert_eq!(rig.copied(), "4\n");
}

#[test]
fn an_index_has_every_bracket() {
    let descr = "[('id', '|u1'), ('m', '|u1', (2, 2)), ('p', [('x', '|u1')])]";
    let mut rig = open("r.npy", &npy(descr, false, "(3,)", &(0..18).collect::<Vec<u8>>()));
    for (slice, (row, column), words) in [
        ("", (2, 2), "[2]['m'][0, 1]"),
        ("['m']", (1, 0), "[0]['m'][1, 0]"),
        ("[2]['m'][:, 1]", (0, 1), "[2]['m'][1, 1]"),
        ("['m'][::-1, 1]", (0, 1), "[2]['m'][1, 1]"),
        ("['p']['x']", (0, 1), "[1]['p']['x']"),
        ("['p']", (1, 0), "[1]['p']['x']"),
        ("[1]['id']", (0, 0), "[1]['id']"),
        ("[0:0]['id']", (0, 0), ""),
    ] {
        act(&mut rig, TableAction::Bar(BarField::Slice, slice.to_owned()));
        assert_eq!(view(&rig).bar.error(BarField::Slice), None, "{slice}");
        assert_eq!(view(&rig).table.index_words(row, column), words, "{slice}");
    }
    let rig = open("z.npy", &npy("'|u1'", false, "()", &[7]));
    assert_eq!(view(&rig).table.index_words(0, 0), "[()]");
}

#[test]
fn a_table_is_pasted_over_the_fields_from_the_caret_on() {
    let mut rig = records();
    press(&mut rig, (1, 1), false);
    paste(&mut rig, "90\t91\n92\t93\n");
    assert_eq!(values(&rig), [0, 1, 2, 3, 90, 91, 6, 92, 93, 9, 10, 11]);
    rig.run(Command::Undo);
    assert_eq!(values(&rig), (0..12).collect::<Vec<u8>>(), "one step");
    act(&mut rig, TableAction::PressRow { row: 0, extend: false });
    let copied = rig.copied();
    press(&mut rig, (3, 0), false);
    paste(&mut rig, &copied);
    assert_eq!(values(&rig)[9..], [0, 1, 2], "{copied}");
    press(&mut rig, (2, 2), false);
    paste(&mut rig, "[70, 71]");
    assert_eq!((values(&rig)[8], values(&rig)[11]), (70, 71), "a list over one field");
    press(&mut rig, (0, 2), false);
    paste(&mut rig, "1\t2\n");
    assert_eq!(values(&rig)[..3], [0, 1, 2], "there is one field from there on");
    assert!(rig.messages().iter().any(|text| text.contains("Paste")), "{:?}", rig.messages());
}

#[test]
fn what_is_shown_of_records_is_copied() {
    let mut rig = records();
    act(&mut rig, TableAction::MoveColumn { from: 2, to: 0 });
    act(&mut rig, TableAction::Hide(1));
    rig.run(Command::SelectAll);
    let copied = rig.copied();
    assert!(copied.ends_with("2\t1\n5\t4\n8\t7\n11\t10\n"), "{copied}");
    press(&mut rig, (0, 0), false);
    paste(&mut rig, "20\t10\n");
    assert_eq!(values(&rig)[..3], [0, 10, 20], "y stands before x");
}

#[test]
fn an_array_from_here_keeps_the_one_that_is_shown() {
    let mut rig = bytes_of("(2, 3)", 6);
    rig.run(Command::ArrayFromHere);
    assert_eq!(view(&rig).base.shape, [2, 3]);
    assert!(rig.hint().contains("bar"), "{}", rig.hint());
    let mut rig = open("raw.bin", &f4(0..6));
    rig.run(Command::ArrayFromHere);
    assert_eq!(view(&rig).bar.text(BarField::Shape), "-1");
    act(&mut rig, TableAction::Bar(BarField::Dtype, String::from("<f8")));
    assert_eq!((view(&rig).bar.first_error(), &view(&rig).base.shape[..]), (None, &[3][..]));
}

#[test]
fn one_axis_is_selected_as_it_runs_on() {
    let mut rig = bytes_of("(10,)", 10);
    act(&mut rig, TableAction::Wrap(Wrap::Fixed(4)));
    act(&mut rig, TableAction::PressRow { row: 2, extend: false });
    act(&mut rig, TableAction::PressRow { row: 1, extend: true });
    assert_eq!(view(&rig).block, block((2, 1), (1, 0)));
    press(&mut rig, (0, 3), false);
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Right, extend: true }));
    assert_eq!(view(&rig).block, block((0, 3), (1, 0)), "past the row's end");
    rig.apply(Action::Pane(PaneAction::Move { motion: Motion::Left, extend: true }));
    assert_eq!(view(&rig).block, Block::at((0, 3)));
    press(&mut rig, (1, 0), false);
    act(&mut rig, TableAction::PressColumn { column: 2, extend: false });
    assert_eq!(view(&rig).block, Block::at((1, 2)), "the row stays");
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("9"))));
    rig.apply(Action::Edit(EditAction::Commit { then: Some(Motion::Down) }));
    assert_eq!(view(&rig).block, Block::at((2, 1)), "down, as far as there are items");
}

#[test]
fn the_clipboard_has_what_was_copied_last() {
    let mut rig = bytes_of("(2, 3)", 6);
    rig.run(Command::ShowBoth);
    press(&mut rig, (0, 1), false);
    rig.run(Command::Copy);
    press(&mut rig, (1, 1), false);
    rig.run(Command::Copy);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::Select(Span::at(data(&rig) + 5, 1).expect("a span"))));
    rig.run(Command::Copy);
    assert_eq!(rig.session.activities().len(), 1, "one copy is made: {:?}", rig.session.activities());
    rig.settle();
    let texts: Vec<Request> = rig.requests();
    let copied = texts.iter().filter(|request| matches!(request, Request::Copy(_))).count();
    assert_eq!(copied, 1, "{texts:?}");
    let is_five = |request: &Request| matches!(request, Request::Copy(offer) if offer.text.as_deref() == Some("05") && offer.bytes.as_deref() == Some(&[5]));
    assert!(texts.iter().any(is_five), "{texts:?}");
}

#[test]
fn room_for_more_columns_leaves_the_caret_of_a_record() {
    let mut rig = records();
    press(&mut rig, (2, 1), false);
    let room = Room { row_height: 20.0, height: 400.0, width: 30.0, pitch: 8.0 };
    act(&mut rig, TableAction::Measured { room, seen: Vec::new() });
    assert_eq!(view(&rig).block, Block::at((2, 1)));
}
