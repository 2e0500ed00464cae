//! Several panes of one file: split, closed, moved, linked, and as they were at the next start.

use super::arrays_of_tests::{f4, npy, npz};
use super::remembered::start;
use super::rig::Rig;
use pagelens::session::arrays::{ArrayAction, BarField, TableAction};
use pagelens::session::tab::layout::PaneSide;
use pagelens::session::view::{Columns, RowsArea, ViewFormat, Viewport};
use pagelens::session::{Action, Command, EditAction, LayoutAction, PaneAction, PaneKey, PaneKind, Session};
use pagelens::state::{Folders, OpenTabs};

const ROOM: RowsArea = RowsArea { rows: 1, row_height: 20.0, height: 200.0 };

fn panes(rig: &Rig) -> Vec<PaneKey> {
    rig.tab().layout().panes()
}

fn kinds(rig: &Rig) -> Vec<PaneKind> {
    panes(rig).into_iter().map(|pane| rig.tab().kind(pane)).collect()
}

fn act(rig: &mut Rig, pane: PaneKey, action: LayoutAction) {
    rig.apply(Action::Layout(pane, action));
}

/// All panes of rows have told their room.
fn measure(rig: &mut Rig) {
    for pane in panes(rig) {
        rig.apply(Action::Pane(PaneAction::Measured { pane, room: ROOM, columns: 16 }));
    }
}

fn top(rig: &Rig, pane: PaneKey) -> u64 {
    rig.tab().view(pane).top_byte(rig.tab().len())
}

#[test]
fn a_split_shows_the_same_at_the_same_place_and_has_a_format_of_its_own() {
    let mut rig = Rig::on(&[7; 100_000]);
    measure(&mut rig);
    rig.apply(Action::Pane(PaneAction::Scroll {
        pane: PaneKey::BYTES,
        viewport: Viewport { top: 300, ..Viewport::default() },
    }));
    rig.run(Command::SplitRight);
    let new = rig.tab().focus();
    assert_eq!((panes(&rig), kinds(&rig)), (vec![PaneKey::BYTES, new], vec![PaneKind::Bytes; 2]));
    assert_eq!((top(&rig, new), top(&rig, PaneKey::BYTES)), (4800, 4800));
    let format = ViewFormat { columns: Columns::Fixed(4), text: None, ..rig.tab().hex().format.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: new, format }));
    let columns = [PaneKey::BYTES, new].map(|pane| rig.tab().view(pane).columns());
    let bytes = rig.tab().panes().get(PaneKey::BYTES).content.hex().expect("bytes");
    assert_eq!((columns, bytes.format.text.is_some()), ([16, 4], true));
    rig.run(Command::SplitDown);
    assert_eq!(panes(&rig).len(), 3);
    assert!(
        rig.tab().layout().to_string().starts_with("row(0.5000 0, 0.5000 column("),
        "{}",
        rig.tab().layout()
    );
    rig.apply(Action::Pane(PaneAction::JumpTo(90_000)));
    assert_eq!(rig.tab().caret(), 90_000, "one caret for all");
}

#[test]
fn the_last_pane_stays_and_the_keys_go_to_a_neighbour() {
    let mut rig = Rig::on(&[7; 1000]);
    act(&mut rig, PaneKey::BYTES, LayoutAction::Close);
    assert_eq!((panes(&rig), rig.hint().contains("only pane")), (vec![PaneKey::BYTES], true));
    rig.run(Command::SplitRight);
    rig.run(Command::SplitDown);
    let below = rig.tab().focus();
    let above = rig.tab().layout().neighbour(below, PaneSide::Up).expect("it was split");
    rig.run(Command::ClosePane);
    assert_eq!((rig.tab().focus(), panes(&rig)), (above, vec![PaneKey::BYTES, above]));
    act(&mut rig, PaneKey::BYTES, LayoutAction::Close);
    assert_eq!((rig.tab().focus(), panes(&rig)), (above, vec![above]));
    assert!(rig.tab().hex_key() == above && !rig.tab().shows(true, false));
    rig.run(Command::ShowBoth);
    assert_eq!(panes(&rig), [PaneKey::BYTES, PaneKey::TYPED], "the presets are as ever");
}

#[test]
fn a_preset_keeps_what_had_the_keys() {
    let mut rig = Rig::on(&[7; 10_000]);
    rig.run(Command::SplitRight);
    let new = rig.tab().focus();
    let format = ViewFormat { columns: Columns::Fixed(5), ..rig.tab().hex().format.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: new, format }));
    rig.run(Command::ShowBytes);
    assert_eq!((panes(&rig), rig.tab().hex().columns()), (vec![PaneKey::BYTES], 5));
    assert!(!rig.tab().panes().has(new));
}

#[test]
fn the_keys_go_round_the_panes_and_to_the_side() {
    let mut rig = Rig::on(&[7; 1000]);
    rig.run(Command::ShowBoth);
    rig.run(Command::SplitDown);
    let below = rig.tab().focus();
    let order: Vec<PaneKey> = (0..4)
        .map(|_| {
            rig.run(Command::OtherPane);
            rig.tab().focus()
        })
        .collect();
    let all = panes(&rig);
    assert_eq!(order, [all[2], all[0], all[1], all[2]]);
    assert_eq!((all[0], all[1], all[2]), (PaneKey::BYTES, below, PaneKey::TYPED));
    rig.run(Command::PreviousPane);
    assert_eq!(rig.tab().focus(), below);
    for (command, to) in [
        (Command::PaneAbove, PaneKey::BYTES),
        (Command::PaneRight, PaneKey::TYPED),
        (Command::PaneRight, PaneKey::TYPED),
        (Command::PaneLeft, PaneKey::BYTES),
        (Command::PaneBelow, below),
    ] {
        rig.run(command);
        assert_eq!(rig.tab().focus(), to, "{command:?}");
    }
}

#[test]
fn a_pane_that_is_not_linked_scrolls_alone() {
    let mut rig = Rig::on(&[7; 100_000]);
    rig.run(Command::SplitRight);
    let new = rig.tab().focus();
    measure(&mut rig);
    let scroll = |rig: &mut Rig, pane, top| {
        rig.apply(Action::Pane(PaneAction::Scroll {
            pane,
            viewport: Viewport { top, ..Viewport::default() },
        }));
    };
    scroll(&mut rig, new, 100);
    assert_eq!([top(&rig, PaneKey::BYTES), top(&rig, new)], [1600, 1600]);
    rig.run(Command::LinkPane);
    scroll(&mut rig, new, 200);
    assert_eq!([top(&rig, PaneKey::BYTES), top(&rig, new)], [1600, 3200]);
    scroll(&mut rig, PaneKey::BYTES, 300);
    assert_eq!([top(&rig, PaneKey::BYTES), top(&rig, new)], [4800, 3200]);
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.apply(Action::Pane(PaneAction::JumpTo(90_000)));
    assert_eq!(top(&rig, new), 3200, "a jump does not move it either");
    assert!(rig.tab().view(PaneKey::BYTES).shows(90_000, 100_000));
    act(&mut rig, new, LayoutAction::Link(true));
    scroll(&mut rig, PaneKey::BYTES, 10);
    assert_eq!(top(&rig, new), 160);
}

#[test]
fn a_split_without_room_is_refused_in_words() {
    let mut rig = Rig::on(&[7; 1000]);
    rig.apply(Action::Pane(PaneAction::CentreRoom { width: 300.0, height: 300.0 }));
    rig.run(Command::SplitRight);
    assert_eq!(panes(&rig), [PaneKey::BYTES]);
    assert!(rig.hint().contains("no room"), "{}", rig.hint());
    rig.run(Command::SplitDown);
    assert_eq!(panes(&rig).len(), 2, "below there is room: {}", rig.hint());
    rig.run(Command::SplitDown);
    assert_eq!((panes(&rig).len(), rig.hint().contains("no room")), (2, true));
}

#[test]
fn what_is_told_of_a_pane_that_is_closed_changes_nothing() {
    let mut rig = three_arrays();
    measure(&mut rig);
    rig.run(Command::SplitRight);
    let gone = rig.tab().focus();
    rig.run(Command::ClosePane);
    let before = rig.tab().hex().clone();
    let room = RowsArea { height: 77.0, ..ROOM };
    rig.apply(Action::Pane(PaneAction::Measured { pane: gone, room, columns: 3 }));
    let viewport = Viewport { top: 20, ..Viewport::default() };
    rig.apply(Action::Pane(PaneAction::Scroll { pane: gone, viewport }));
    rig.apply(Action::ArrayIn(gone, ArrayAction::Open(0)));
    let view = rig.tab().hex();
    let len = rig.tab().len();
    assert_eq!(
        (view.columns(), view.viewport, view.room(len)),
        (before.columns(), before.viewport, before.room(len))
    );
    assert_eq!((names(&rig), rig.tab().hex_key()), (vec![String::new()], PaneKey::BYTES));
}

#[test]
fn lines_move_and_are_at_the_same_place_in_all_files() {
    let mut rig = Rig::on(&[7; 1000]);
    rig.write("b.bin", &[1; 50]);
    rig.open("b.bin");
    rig.run(Command::ShowBoth);
    let pair = |rig: &Rig| {
        let share = rig.tab().layout().as_pair(PaneKey::BYTES, PaneKey::TYPED);
        share.map(|share| (share * 1000.0).round() / 1000.0)
    };
    assert_eq!(pair(&rig), Some(0.6));
    let resize = LayoutAction::Resize { path: vec![], at: 0, place: 0.3, len: 1000.0 };
    act(&mut rig, PaneKey::BYTES, resize);
    assert_eq!(pair(&rig), Some(0.3));
    rig.run(Command::ShowBytes);
    rig.run(Command::ShowBoth);
    assert_eq!(pair(&rig), Some(0.3), "it is remembered");
    rig.run(Command::PreviousTab);
    rig.run(Command::ShowBoth);
    assert_eq!(pair(&rig), Some(0.3));
    rig.write("c.bin", &[2; 50]);
    rig.open("c.bin");
    rig.run(Command::ShowBoth);
    assert_eq!(pair(&rig), Some(0.3), "in a new file too");
    rig.run(Command::ArrayFromHere);
    assert_eq!(pair(&rig), Some(0.45), "an array has more to show");
    let resize = LayoutAction::Resize { path: vec![], at: 0, place: 0.0, len: 1000.0 };
    act(&mut rig, PaneKey::BYTES, resize);
    assert_eq!(pair(&rig), Some(0.208), "the least width");
    rig.run(Command::EqualPanes);
    assert_eq!(pair(&rig), Some(0.5));
}

#[test]
fn a_pane_moves_to_a_side_of_another() {
    let mut rig = Rig::on(&[7; 1000]);
    rig.run(Command::ShowBoth);
    act(&mut rig, PaneKey::BYTES, LayoutAction::MoveTo(PaneKey::TYPED, PaneSide::Down));
    assert_eq!(rig.tab().layout().to_string(), "column(0.5000 1, 0.5000 0)");
    assert!(!rig.tab().shows(true, true));
    act(&mut rig, PaneKey::BYTES, LayoutAction::MoveTo(PaneKey::of_number(99), PaneSide::Down));
    assert_eq!(panes(&rig), [PaneKey::TYPED, PaneKey::BYTES]);
}

/// A file with three arrays, which are shown in panes of their own.
fn three_arrays() -> Rig {
    let array = |from: i32| npy("'<f4'", false, "(6,)", &f4(from..from + 6));
    let mut rig = Rig::new();
    rig.write("a.npz", &npz(&[("a", array(0), false), ("b", array(10), false), ("c", array(20), true)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig
}

fn names(rig: &Rig) -> Vec<String> {
    let name = |pane| {
        rig.tab().panes().get(pane).content.array().and_then(|view| view.name.as_deref()).map(str::to_owned)
    };
    panes(rig).into_iter().map(|pane| name(pane).unwrap_or_default()).collect()
}

#[test]
fn arrays_open_in_the_pane_with_the_keys_or_beside_it() {
    let mut rig = three_arrays();
    let open = |rig: &mut Rig, action| {
        rig.apply(Action::Array(action));
        rig.settle();
    };
    open(&mut rig, ArrayAction::Open(0));
    assert_eq!(names(&rig), ["a"]);
    open(&mut rig, ArrayAction::OpenBeside(1));
    assert_eq!(names(&rig), ["a", "b"]);
    open(&mut rig, ArrayAction::OpenBeside(2));
    assert_eq!(names(&rig), ["a", "b", "c"], "a packed one too: {:?}", rig.messages());
    let all = panes(&rig);
    rig.apply(Action::Pane(PaneAction::Focus(all[1])));
    assert_eq!(rig.tab().shown_entry(), Some(1));
    open(&mut rig, ArrayAction::Open(0));
    assert_eq!(names(&rig), ["a", "a", "c"]);
    rig.apply(Action::ArrayIn(all[0], TableAction::Bar(BarField::Slice, String::from("[2:]")).into()));
    let items = |rig: &Rig, at: usize| {
        rig.tab().panes().get(panes(rig)[at]).content.array().map(|view| view.sliced.array.items())
    };
    assert_eq!((items(&rig, 0), items(&rig, 1)), (Some(4), Some(6)), "each has a slice of its own");
    rig.run(Command::CloseArray);
    assert_eq!(names(&rig), ["", "a", "c"], "the one that was worked on last");
}

#[test]
fn a_value_typed_in_one_array_is_seen_in_all_and_the_caret_is_shared() {
    let mut rig = three_arrays();
    rig.apply(Action::Array(ArrayAction::Open(0)));
    rig.run(Command::SplitRight);
    let (left, right) = (panes(&rig)[0], panes(&rig)[1]);
    let press = TableAction::Press { place: (0, 3), extend: false, clicks: 1 };
    rig.apply(Action::ArrayIn(right, press.into()));
    let caret = |rig: &Rig, pane| {
        rig.tab().panes().get(pane).content.array().and_then(|view| view.caret_span()).expect("an array")
    };
    assert_eq!((rig.tab().focus(), caret(&rig, left)), (right, caret(&rig, right)));
    act(&mut rig, left, LayoutAction::Link(false));
    let press = TableAction::Press { place: (0, 1), extend: false, clicks: 1 };
    rig.apply(Action::ArrayIn(right, press.into()));
    assert_ne!(caret(&rig, left), caret(&rig, right));
    rig.show();
    rig.apply(Action::Edit(EditAction::Type(String::from("7.5"))));
    rig.apply(Action::Pane(PaneAction::Focus(left)));
    assert_eq!((rig.tab().edit.is_none(), rig.tab().focus()), (true, left), "the value is taken first");
    let at = usize::try_from(caret(&rig, right).start()).expect("a small file");
    assert_eq!(rig.bytes()[at..at + 4], 7.5_f32.to_le_bytes());
}

#[test]
fn a_jump_out_of_an_array_goes_to_a_pane_that_shows_the_place() {
    let mut rig = three_arrays();
    rig.apply(Action::Array(ArrayAction::Open(0)));
    rig.apply(Action::Array(ArrayAction::OpenBeside(1)));
    let (a, b) = (panes(&rig)[0], panes(&rig)[1]);
    let start = |rig: &Rig, pane| {
        rig.tab().panes().get(pane).content.array().map(|view| view.base.offset).expect("an array")
    };
    let (in_a, in_b) = (start(&rig, a), start(&rig, b));
    rig.apply(Action::Pane(PaneAction::JumpTo(in_a + 4)));
    assert_eq!((rig.tab().focus(), panes(&rig)), (a, vec![a, b]), "no pane of bytes is needed");
    rig.apply(Action::Pane(PaneAction::JumpTo(in_b + 4)));
    assert_eq!(rig.tab().focus(), b);
    rig.apply(Action::Pane(PaneAction::JumpTo(0)));
    assert_eq!((rig.tab().focus_kind(), rig.tab().caret()), (PaneKind::Bytes, 0), "which no array has");
}

#[test]
fn the_selection_gets_a_table_of_its_own() {
    let mut rig = Rig::on(&[1; 1000]);
    rig.select(16, 32);
    rig.run(Command::NewTablePane);
    assert_eq!(kinds(&rig), [PaneKind::Bytes, PaneKind::Array], "{}", rig.hint());
    let view = rig.tab().array().expect("an array");
    assert_eq!(
        (view.base.offset, view.base.extent().map(|span| span.len()), rig.tab().is_in_array()),
        (16, Some(16), true)
    );
    rig.apply(Action::Pane(PaneAction::Focus(PaneKey::BYTES)));
    rig.select(64, 80);
    rig.run(Command::NewTablePane);
    assert_eq!(kinds(&rig), [PaneKind::Bytes, PaneKind::Array, PaneKind::Array], "{}", rig.hint());
    let mut offsets: Vec<u64> =
        rig.tab().panes().iter().filter_map(|pane| Some(pane.content.array()?.base.offset)).collect();
    offsets.sort_unstable();
    assert_eq!(offsets, [16, 64]);
}

#[test]
fn panes_come_back_as_they_were_left() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    let array = |from: i32| npy("'<f4'", false, "(6,)", &f4(from..from + 6));
    rig.write("a.npz", &npz(&[("a", array(0), false), ("b", array(10), true), ("c", array(20), false)]));
    rig.open("a.npz");
    rig.wait_until("the header is read", Session::has_read_headers);
    rig.apply(Action::Pane(PaneAction::CentreRoom { width: 3000.0, height: 1500.0 }));
    rig.run(Command::SplitDown);
    let below = rig.tab().focus();
    let format = ViewFormat { columns: Columns::Fixed(4), text: None, ..rig.tab().hex().format.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: below, format }));
    act(&mut rig, below, LayoutAction::Link(false));
    for (at, action) in
        [ArrayAction::Open(0), ArrayAction::OpenBeside(1), ArrayAction::OpenBeside(2)].into_iter().enumerate()
    {
        rig.apply(Action::Array(action));
        rig.settle();
        assert_eq!(names(&rig).iter().filter(|name| !name.is_empty()).count(), at + 1, "{:?}", rig.hint());
    }
    let middle = panes(&rig)[3];
    rig.apply(Action::ArrayIn(middle, TableAction::Bar(BarField::Slice, String::from("[1:3]")).into()));
    rig.apply(Action::Pane(PaneAction::Focus(panes(&rig)[0])));
    rig.apply(Action::Pane(PaneAction::JumpTo(40)));
    let before = (rig.tab().layout().to_string(), names(&rig), kinds(&rig), rig.tab().focus());
    rig.session.keep_at_end().expect("kept");

    let next = start(state.path());
    let after = (next.tab().layout().to_string(), names(&next), kinds(&next), next.tab().focus());
    assert_eq!(after, before, "{:?}", next.messages());
    let pane = next.tab().panes().get(below);
    assert_eq!((pane.linked, next.tab().view(below).columns(), next.tab().caret()), (false, 4, 40));
    let sliced = next.tab().panes().get(middle).content.array().map(|view| view.sliced.array.items());
    assert_eq!(sliced, Some(2));
}

#[test]
fn a_layout_that_is_nonsense_leaves_the_usual_panes() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.bin", &[0; 1000]);
    rig.open("a.bin");
    rig.run(Command::SplitRight);
    rig.session.keep_at_end().expect("kept");
    let folders = Folders::all_in(state.path());
    let kept = OpenTabs::load(&folders).value;
    assert_eq!((kept.tabs[0].views.len(), kept.tabs[0].panes.as_deref()), (2, Some("bytes")));
    let change = |change: &dyn Fn(&mut pagelens::state::OpenTab)| {
        let mut tabs = kept.clone();
        change(&mut tabs.tabs[0]);
        tabs.save(&folders).expect("written");
        panes(&start(state.path()))
    };
    assert_eq!(change(&|_| {}).len(), 2);
    assert_eq!(change(&|tab| tab.layout = Some("row(1 0".into())), [PaneKey::BYTES]);
    assert_eq!(change(&|tab| tab.layout = Some("row(1 0, 1 77)".into())), [PaneKey::BYTES], "no such pane");
    assert_eq!(change(&|tab| tab.views.clear()), [PaneKey::BYTES]);
    assert_eq!(change(&|tab| tab.views[1].kind = "dream".into()), [PaneKey::BYTES]);
    assert_eq!(change(&|tab| tab.layout = None), [PaneKey::BYTES], "as an earlier version wrote it");
    let odd = change(&|tab| {
        tab.views[1].pane = u32::MAX;
        tab.views[1].columns = u32::MAX;
        tab.layout = Some(format!("row(1 0, 1 {})", u32::MAX));
    });
    assert_eq!(odd, [PaneKey::BYTES]);
}

#[test]
fn huge_and_empty_files_have_as_many_panes() {
    for len in [0, 1, 100 << 30] {
        let mut rig = Rig::on_sparse(len);
        for command in [Command::SplitRight, Command::SplitDown, Command::ShowBoth, Command::SplitRight] {
            rig.run(command);
            measure(&mut rig);
            rig.run(Command::GoEnd);
            assert_eq!(rig.tab().caret(), len, "{command:?} of {len}");
            for pane in panes(&rig) {
                let view = rig.tab().view(pane);
                assert!(view.shows(len, len), "{command:?} of {len}: {:?}", view.viewport);
            }
        }
    }
}
