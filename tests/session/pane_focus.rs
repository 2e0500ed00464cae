//! Which pane is meant: by typed digits, by links, by what is remembered, and by panes made for an array.

use super::arrays_of_tests::{f4, npy, npz};
use super::remembered::start;
use super::rig::Rig;
use pagelens::job::no_waker;
use pagelens::session::arrays::{ArrayAction, TableAction};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Column, Columns, Hit, RowsArea, ViewFormat};
use pagelens::session::{
    Action, Command, EditAction, LayoutAction, PaneAction, PaneKey, PaneKind, Remembered, Session,
};
use pagelens::state::Folders;

const ROOM: RowsArea = RowsArea { rows: 1, row_height: 20.0, height: 200.0 };

fn panes(rig: &Rig) -> Vec<PaneKey> {
    rig.tab().layout().panes()
}

/// Two panes of bytes; the second one has no text column.
fn with_and_without_text() -> (Rig, PaneKey) {
    let mut rig = Rig::on(&[7; 1000]);
    rig.run(Command::SplitRight);
    let new = rig.tab().focus();
    let format = ViewFormat { text: None, ..rig.tab().hex().format.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: new, format }));
    (rig, new)
}

#[test]
fn digits_are_digits_in_a_pane_without_text_whatever_column_the_keys_came_from() {
    let (mut rig, without) = with_and_without_text();
    let hit = Hit { offset: 3, column: Column::Text };
    rig.apply(Action::Pane(PaneAction::Press { pane: PaneKey::BYTES, hit, extend: false, clicks: 1 }));
    assert_eq!(rig.tab().selection.column, Column::Text);
    rig.apply(Action::Pane(PaneAction::Focus(without)));
    rig.type_text("41");
    assert_eq!(rig.bytes()[3..6], [0x41, 7, 7]);
}

#[test]
fn a_half_typed_digit_is_not_taken_for_one_of_another_pane() {
    let (mut rig, other) = with_and_without_text();
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.type_text("4");
    rig.apply(Action::Pane(PaneAction::Focus(other)));
    rig.type_text("5");
    assert_eq!(rig.bytes()[0], 0x57, "the first digit again, in the other pane");
}

#[test]
fn the_caret_of_a_pane_without_a_link_moves_no_other() {
    let mut rig = Rig::on(&[7; 100_000]);
    rig.run(Command::SplitRight);
    let alone = rig.tab().focus();
    for pane in panes(&rig) {
        rig.apply(Action::Pane(PaneAction::Measured { pane, room: ROOM, columns: 16 }));
    }
    rig.run(Command::ArrayFromHere);
    let table = rig.tab().focus();
    rig.apply(Action::Layout(table, LayoutAction::Link(false)));
    let tops = |rig: &Rig| [PaneKey::BYTES, alone].map(|pane| rig.tab().view(pane).viewport.top);
    assert_eq!(tops(&rig), [0, 0]);
    let press = TableAction::Press { place: (900, 0), extend: false, clicks: 1 };
    rig.apply(Action::ArrayIn(table, press.into()));
    assert_eq!(tops(&rig), [0, 0], "it has no link");
    rig.apply(Action::Layout(table, LayoutAction::Link(true)));
    let press = TableAction::Press { place: (901, 0), extend: false, clicks: 1 };
    rig.apply(Action::ArrayIn(table, press.into()));
    assert!(tops(&rig).iter().all(|top| *top > 0), "{:?}", tops(&rig));
}

#[test]
fn a_byte_of_the_header_is_shown_and_all_panes_stay() {
    let mut rig = Rig::on(&[7; 100_000]);
    rig.run(Command::ShowBoth);
    rig.run(Command::SplitDown);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    let before = rig.tab().layout().to_string();
    rig.apply(Action::Pane(PaneAction::ShowByte(5000)));
    assert_eq!(rig.tab().layout().to_string(), before);
    let shown = rig.tab().view(rig.tab().focus());
    assert!(shown.shows(5000, 100_000));
    assert_eq!(rig.tab().focus_kind(), PaneKind::Bytes);
    assert_eq!(rig.tab().caret(), 5000);
    rig.run(Command::ShowValues);
    rig.apply(Action::Pane(PaneAction::ShowByte(7)));
    assert_eq!((panes(&rig), rig.tab().caret()), (vec![PaneKey::BYTES, PaneKey::TYPED], 7));
}

#[test]
fn the_format_of_the_pane_that_was_changed_is_that_of_the_next_file() {
    let (mut rig, new) = with_and_without_text();
    assert_eq!(rig.tab().focus(), new);
    let bytes = rig.tab().panes().get(PaneKey::BYTES).content.hex().map(|view| &view.format).expect("bytes");
    let format = ViewFormat { columns: Columns::Fixed(9), ..bytes.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: PaneKey::BYTES, format }));
    rig.write("next.bin", &[1; 100]);
    rig.open("next.bin");
    assert_eq!((rig.tab().hex().columns(), rig.tab().hex().format.text.is_some()), (9, true));
}

/// An archive with an array, and one whose compressed bytes are damaged from `at` on.
fn damaged(at: usize) -> Rig {
    let array = |from: i32| npy("'<f4'", false, "(600,)", &f4(from..from + 600));
    let mut bytes = npz(&[("a", array(0), false), ("b", array(10), true)]);
    let packed = array(0).len() + 30 + 5 + 30 + 5;
    bytes[packed + at..packed + at + 40].fill(0xff);
    let mut rig = Rig::new();
    rig.write("a.npz", &bytes);
    rig.open("a.npz");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.apply(Action::Pane(PaneAction::CentreRoom { width: 3000.0, height: 1500.0 }));
    rig
}

#[test]
fn an_array_that_does_not_come_leaves_no_pane() {
    for (at, reason) in [(0, "can't be shown"), (400, "was not decompressed")] {
        let mut rig = damaged(at);
        rig.apply(Action::Array(ArrayAction::Open(0)));
        let before = (panes(&rig), rig.tab().focus());
        rig.apply(Action::Array(ArrayAction::OpenBeside(1)));
        rig.settle();
        assert!(rig.messages().iter().any(|text| text.contains(reason)), "{:?}", rig.messages());
        assert_eq!((panes(&rig), rig.tab().focus()), before, "{reason}");
        rig.run(Command::SelectAll);
        let all = rig.tab().array().map(|view| view.block.is_one());
        assert_eq!(all, Some(false), "the keys still reach the array");
    }
}

#[test]
fn what_is_decompressed_for_a_closed_pane_is_ended() {
    let big = npy("'<f4'", false, "(4000000,)", &f4(0..4_000_000));
    let small = npy("'<f4'", false, "(6,)", &f4(0..6));
    let mut rig = Rig::new();
    rig.write("a.npz", &npz(&[("a", small, false), ("b", big, true)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.apply(Action::Pane(PaneAction::CentreRoom { width: 3000.0, height: 1500.0 }));
    rig.apply(Action::Array(ArrayAction::Open(0)));
    rig.apply(Action::Array(ArrayAction::OpenBeside(1)));
    let made = panes(&rig)[1];
    assert_eq!(rig.session.activities().len(), 1, "it is decompressed");
    rig.apply(Action::Layout(made, LayoutAction::Close));
    rig.session.tick();
    assert!(rig.session.activities().is_empty(), "nobody waits for it");
}

#[test]
fn a_hidden_array_is_remembered_beside_an_arrangement() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.npy", &npy("'<f4'", false, "(6,)", &f4(0..6)));
    rig.open("a.npy");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.apply(Action::Array(TableAction::Press { place: (0, 4), extend: false, clicks: 1 }.into()));
    rig.run(Command::ShowBytes);
    rig.run(Command::SplitRight);
    let before = (rig.tab().layout().to_string(), rig.tab().array().map(|view| view.block.caret));
    rig.session.keep_at_end().expect("kept");
    let next = start(state.path());
    let after = (next.tab().layout().to_string(), next.tab().array().map(|view| view.block.caret));
    assert_eq!((after, next.tab().shown_array().is_none()), (before, true), "{:?}", next.messages());
}

#[test]
fn an_array_that_comes_late_leaves_the_panes_as_they_were_arranged_meanwhile() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    let big = npy("'<f4'", false, "(4000000,)", &f4(0..4_000_000));
    rig.write("a.npz", &npz(&[("b", big, true)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.run(Command::ShowBoth);
    rig.apply(Action::Array(ArrayAction::Open(0)));
    rig.settle();
    let caret = |rig: &Rig| rig.tab().array().map(|view| view.block.caret);
    rig.apply(Action::Array(TableAction::Press { place: (70_000, 0), extend: false, clicks: 1 }.into()));
    let place = caret(&rig);
    rig.session.keep_at_end().expect("kept");

    let remembered = Remembered::load(Some(Folders::all_in(state.path())));
    let mut next = Rig::with_session(Session::new(remembered, no_waker()));
    next.wait_until("it is being decompressed", |session| {
        session.tab().is_some() && session.has_read_headers() && !session.activities().is_empty()
    });
    next.run(Command::SplitDown);
    let arranged = panes(&next);
    assert_eq!(arranged.len(), 3);
    next.settle();
    assert_eq!((panes(&next), caret(&next), place.is_some()), (arranged, place, true));
}

/// A file with one array, its bytes, and the same bytes once more below.
fn three_panes() -> Rig {
    let mut rig = Rig::new();
    rig.write("a.npy", &npy("'<f4'", false, "(6,)", &f4(0..6)));
    rig.open("a.npy");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.run(Command::ShowBoth);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.run(Command::SplitDown);
    assert_eq!(panes(&rig).len(), 3);
    rig
}

#[test]
fn an_array_that_is_closed_while_it_is_alone_leaves_the_other_panes() {
    let mut rig = three_panes();
    let before = panes(&rig);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::TYPED)));
    rig.run(Command::MaximisePane);
    rig.run(Command::CloseArray);
    assert_eq!((panes(&rig), rig.tab().array().is_none()), (before, true));
}

#[test]
fn a_split_that_is_refused_leaves_a_pane_alone() {
    let mut rig = three_panes();
    rig.run(Command::MaximisePane);
    rig.apply(Action::Pane(PaneAction::CentreRoom { width: 300.0, height: 200.0 }));
    rig.run(Command::SplitRight);
    assert!(rig.hint().contains("no room"), "{}", rig.hint());
    assert!(rig.tab().is_maximised());
}

#[test]
fn an_array_of_the_previous_layout_follows_a_header_that_was_edited_since() {
    let mut rig = three_panes();
    rig.run(Command::ShowBytes);
    let bytes = rig.bytes();
    let at = bytes.windows(3).position(|bytes| bytes == b"<f4").expect("the description") + 1;
    rig.apply(Action::Pane(PaneAction::JumpTo(at as u64)));
    rig.type_text("69");
    rig.settle();
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.run(Command::PreviousLayout);
    assert_eq!(panes(&rig).len(), 3);
    rig.session.tick();
    rig.wait_until("the header is read again", |session| {
        let dtype = session.tab().and_then(|tab| Some(tab.array()?.base.item.to_string()));
        session.has_read_headers() && dtype.as_deref() == Some("<i4")
    });
}

#[test]
fn presets_and_saves_keep_the_panes_that_were_arranged() {
    let mut rig = three_panes();
    let before = panes(&rig);
    rig.run(Command::ShowBytes);
    rig.run(Command::ShowValues);
    rig.go("200");
    rig.run(Command::ShowBytes);
    rig.apply(Action::Pane(PaneAction::JumpTo(bytes_end(&rig))));
    rig.type_text("01");
    rig.finish(Command::Save);
    assert!(!rig.tab().is_modified(), "{:?}", rig.messages());
    rig.run(Command::PreviousLayout);
    assert_eq!(panes(&rig), before);
}

fn bytes_end(rig: &Rig) -> u64 {
    rig.tab().len() - 1
}

#[test]
fn a_pane_that_was_alone_comes_back_with_the_others() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.bin", &[7; 1000]);
    rig.open("a.bin");
    rig.run(Command::ShowBoth);
    rig.run(Command::MaximisePane);
    assert_eq!(panes(&rig), [PaneKey::BYTES]);
    rig.session.keep_at_end().expect("kept");
    let next = start(state.path());
    assert_eq!(panes(&next), [PaneKey::BYTES, PaneKey::TYPED]);
}

#[test]
fn no_value_is_appended_behind_a_part_of_one() {
    let mut rig = Rig::on(&[7; 20]);
    let format = ValuesFormat { dtype: "<f8".parse().expect("a type"), ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.run(Command::ShowValues);
    rig.run(Command::GoEnd);
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("7.25"))));
    assert!(rig.hint().contains("Only 4 of the 8 bytes"), "{}", rig.hint());
    assert!(rig.tab().edit.is_none() && !rig.tab().is_modified());
}
