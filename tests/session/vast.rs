//! Rows near 2^0, 2^24, 2^40 and 2^59: scrolling, hits, selections and edits are exact there, and the panes keep
//! together.

use super::rig::Rig;
use pagelens::bytes::{Availability, ReadError, Source};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Column, Columns, Hit, Motion, RowsArea, ViewFormat, Viewport};
use pagelens::session::{Action, Answer, Command, PaneAction, PaneKey, PaneKind};
use std::sync::Arc;

/// As many zeros as a document can have.
#[derive(Debug)]
struct Zeros(u64);

impl Source for Zeros {
    fn len(&self) -> u64 {
        self.0
    }

    fn read_at(&self, _offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        buf.fill(0);
        Ok(())
    }

    fn peek(&self, _offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        buf.fill(0);
        states.fill(Availability::Ready);
    }
}

const ROW: u64 = 8;
/// 29 and a half rows.
const ROOM: RowsArea = RowsArea { rows: 1, row_height: 20.0, height: 590.0 };
const ROWS: [u64; 4] = [1, 1 << 24, 1 << 40, 1 << 59];

/// 8 bytes per row, so that row 2^59 is in reach.
fn rig() -> Rig {
    let mut rig = Rig::new();
    rig.session.open_source(String::from("zeros"), Arc::new(Zeros(i64::MAX as u64)));
    let format = ViewFormat { columns: Columns::Fixed(8), ..rig.tab().hex().format.clone() };
    rig.apply(Action::Pane(PaneAction::Format { pane: PaneKey::BYTES, format }));
    rig.apply(Action::Pane(PaneAction::Measured { pane: PaneKey::BYTES, room: ROOM, columns: 8 }));
    rig
}

fn view(rig: &Rig) -> Viewport {
    rig.tab().hex().viewport
}

fn scroll(rig: &mut Rig, viewport: Viewport) {
    rig.apply(Action::Pane(PaneAction::Scroll { pane: PaneKey::BYTES, viewport }));
}

fn key(rig: &mut Rig, motion: Motion, extend: bool) {
    rig.apply(Action::Pane(PaneAction::Move { motion, extend }));
}

#[test]
fn the_caret_stays_in_sight_wherever_keys_lead() {
    for row in ROWS {
        let mut rig = rig();
        rig.apply(Action::Pane(PaneAction::JumpTo(row * ROW + 3)));
        let room = rig.tab().hex().room(rig.tab().len());
        for (motion, caret) in [
            (Motion::Right, row * ROW + 4),
            (Motion::Up, (row - 1) * ROW + 4),
            (Motion::Down, row * ROW + 4),
            (Motion::PageDown, (row + 29) * ROW + 4),
            (Motion::Down, (row + 30) * ROW + 4),
            (Motion::RowStart, (row + 30) * ROW),
            (Motion::Left, (row + 30) * ROW - 1),
            (Motion::PageUp, row * ROW + 7),
        ] {
            key(&mut rig, motion, false);
            assert_eq!(rig.tab().caret(), caret, "{motion:?} near row {row}");
            let top = view(&rig).y_of(rig.tab().map().row_of(caret), &room);
            assert!((0.0..=ROOM.height - ROOM.row_height).contains(&top), "{motion:?} near row {row}: {top}");
        }
    }
}

#[test]
fn what_is_scrolled_by_pixels_is_scrolled_by_just_these() {
    for row in ROWS {
        let mut rig = rig();
        let room = rig.tab().hex().room(rig.tab().len());
        scroll(&mut rig, Viewport { top: row, sub: 0.0, left: 0.0 });
        let mut pixels = 0;
        for step in [7, 13, 20, 400, -3, 1, -437] {
            let to = view(&rig).scrolled(step.into(), &room);
            scroll(&mut rig, to);
            pixels += step;
            let at = (view(&rig).top - row) as f32 * 20.0 + view(&rig).sub;
            assert_eq!(at, pixels as f32, "near row {row}");
        }
    }
}

#[test]
fn what_is_under_a_place_is_what_is_drawn_there() {
    for row in ROWS {
        let mut rig = rig();
        scroll(&mut rig, Viewport { top: row, sub: 7.0, left: 0.0 });
        let (map, room) = (rig.tab().map(), rig.tab().hex().room(rig.tab().len()));
        for line in 0..29 {
            let y = view(&rig).y_of(row + line, &room) + 19.0;
            let hit = view(&rig).row_at(y, &room);
            assert_eq!(hit, row + line);
            let hit = Hit { offset: map.row_start(hit) + 5, column: Column::Cells };
            rig.apply(Action::Pane(PaneAction::Press {
                pane: PaneKey::BYTES,
                hit,
                extend: false,
                clicks: 1,
            }));
            assert_eq!(rig.tab().caret(), (row + line) * ROW + 5);
        }
    }
}

#[test]
fn selections_are_exact() {
    for row in ROWS {
        let mut rig = rig();
        let at = row * ROW + 3;
        rig.apply(Action::Pane(PaneAction::JumpTo(at)));
        key(&mut rig, Motion::Down, true);
        key(&mut rig, Motion::Right, true);
        assert_eq!(rig.selected(), (at, at + ROW + 1));
        key(&mut rig, Motion::PageUp, true);
        assert_eq!(
            rig.selected(),
            ((at + ROW + 1).saturating_sub(29 * ROW).max(if row == 1 { 4 } else { 0 }), at)
        );
        rig.apply(Action::Pane(PaneAction::JumpTo(at)));
        for (offset, clicks, expected) in [(at, 1, (at, at)), (at, 3, (row * ROW, (row + 1) * ROW))] {
            let hit = Hit { offset, column: Column::Cells };
            rig.apply(Action::Pane(PaneAction::Press { pane: PaneKey::BYTES, hit, extend: false, clicks }));
            assert_eq!(rig.selected(), expected);
        }
        let hit = Hit { offset: at + 100, column: Column::Cells };
        rig.apply(Action::Pane(PaneAction::Press {
            pane: PaneKey::BYTES,
            hit: Hit { offset: at, ..hit },
            extend: false,
            clicks: 1,
        }));
        rig.apply(Action::Pane(PaneAction::Drag { pane: PaneKey::BYTES, hit }));
        assert_eq!(rig.selected(), (at, at + 101));
        rig.apply(Action::Answer(Answer::SelectRange(format!("{at}:+{}", 1u64 << 30))));
        assert_eq!(rig.selected(), (at, at + (1 << 30)));
    }
}

#[test]
fn bytes_are_typed_exactly_there() {
    for row in ROWS {
        let mut rig = rig();
        rig.apply(Action::Pane(PaneAction::JumpTo(row * ROW + 3)));
        rig.type_text("c0ffee");
        let shown = rig.tab().shown();
        let mut bytes = [9; 5];
        shown.read_at(row * ROW + 2, &mut bytes).expect("readable");
        assert_eq!(bytes, [0, 0xc0, 0xff, 0xee, 0]);
        let change = shown.nth_change(0).expect("a change").span;
        assert_eq!((change.start(), change.len(), shown.changes()), (row * ROW + 3, 3, 1));
    }
}

#[test]
fn the_end_is_reached_and_nothing_goes_beyond() {
    let mut rig = rig();
    let len = rig.tab().len();
    rig.run(Command::GoEnd);
    assert_eq!((rig.tab().caret(), len), (i64::MAX as u64, i64::MAX as u64));
    assert_eq!(view(&rig), rig.tab().hex().room(len).last());
    for motion in [Motion::Right, Motion::Down, Motion::PageDown, Motion::RowEnd, Motion::WordRight] {
        key(&mut rig, motion, false);
        assert_eq!(rig.tab().caret(), len, "{motion:?}");
    }
    rig.type_text("4");
    assert_eq!(rig.tab().len(), len);
    assert!(rig.hint().contains("largest"), "{:?}", rig.hint());
    scroll(&mut rig, Viewport { top: u64::MAX, sub: f32::NAN, left: 0.0 });
    assert_eq!(view(&rig), rig.tab().hex().room(len).last());
}

#[test]
fn a_file_of_a_terabyte_is_edited_as_any_other() {
    let mut rig = Rig::on_sparse(1 << 40);
    rig.go("end/2");
    rig.type_text("c0ffee");
    rig.go("-1");
    rig.type_text("ab");
    let mut bytes = [9; 4];
    rig.tab().shown().read_at((1 << 39) - 1, &mut bytes).expect("readable");
    assert_eq!(bytes, [0, 0xc0, 0xff, 0xee]);
    rig.finish(Command::Save);
    assert!(!rig.tab().is_modified(), "{:?}", rig.messages());
    let mut end = [9; 2];
    rig.tab().shown().read_at((1 << 40) - 2, &mut end).expect("readable");
    assert_eq!(end, [0, 0xab]);
}

fn both(dtype: &str) -> Rig {
    let mut rig = rig();
    rig.run(Command::ShowBoth);
    let dtype = dtype.parse().expect("a type");
    let format = ValuesFormat { dtype, columns: Columns::Fixed(3), ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    for (pane, columns) in [(PaneKey::BYTES, 8), (PaneKey::TYPED, 3)] {
        rig.apply(Action::Pane(PaneAction::Measured { pane, room: ROOM, columns }));
    }
    rig
}

/// The bytes of the first row that a pane shows.
fn first_row(rig: &Rig, pane: PaneKey) -> std::ops::Range<u64> {
    let view = rig.tab().view(pane);
    let span = view.map(rig.tab().len()).row_span(view.viewport.top);
    span.start()..span.end()
}

#[test]
fn the_panes_scroll_together() {
    for row in ROWS {
        for dtype in ["<u4", ">f8", "u1"] {
            let mut rig = both(dtype);
            for pane in [PaneKey::BYTES, PaneKey::TYPED] {
                let top = row * ROW / rig.tab().view(pane).map(u64::MAX).row_bytes() + 3;
                rig.apply(Action::Pane(PaneAction::Scroll {
                    pane,
                    viewport: Viewport { top, sub: 0.0, left: 0.0 },
                }));
                let (led, followed) =
                    (first_row(&rig, pane), first_row(&rig, rig.tab().layout().next(pane, false)));
                assert!(
                    followed.contains(&led.start),
                    "{dtype} {pane:?} row {row}: {led:?} and {followed:?}"
                );
                assert_eq!(rig.tab().view(pane).viewport.top, top, "who leads is not moved");
            }
        }
    }
}

#[test]
fn a_jump_in_one_pane_shows_the_place_in_both() {
    for row in ROWS {
        let mut rig = both("<u4");
        let at = row * ROW + 160;
        rig.apply(Action::Pane(PaneAction::JumpTo(at)));
        for pane in [PaneKey::BYTES, PaneKey::TYPED] {
            let view = rig.tab().view(pane);
            let room = view.room(rig.tab().len());
            let y = view.viewport.y_of(view.map(rig.tab().len()).row_of(at), &room);
            assert!((0.0..ROOM.height).contains(&y), "{pane:?} near row {row}: {y}");
        }
        rig.run(Command::OtherPane);
        assert_eq!((rig.tab().focus_kind(), rig.tab().caret()), (PaneKind::Values, at), "one caret for both");
    }
}

#[test]
fn a_pane_that_comes_into_sight_shows_what_the_other_one_shows() {
    let mut rig = both("<u4");
    rig.run(Command::ShowBytes);
    scroll(&mut rig, Viewport { top: 1 << 40, sub: 0.0, left: 0.0 });
    rig.run(Command::ShowValues);
    assert!(first_row(&rig, PaneKey::TYPED).contains(&((1 << 40) * ROW)));
    assert_eq!(rig.tab().focus_kind(), PaneKind::Values);
    rig.run(Command::ShowBoth);
    assert!(first_row(&rig, PaneKey::BYTES).contains(&first_row(&rig, PaneKey::TYPED).start));
}
