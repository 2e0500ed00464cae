//! Going to places: expressions, Back and Forward, the base address; the view goes where the caret goes.

use super::rig::Rig;
use pagelens::session::view::Viewport;
use pagelens::session::{Action, Answer, Command, Dialog, DialogAction, PaneAction, PaneKey};

#[test]
fn places_are_expressions() {
    let mut rig = Rig::on(&[0; 1000]);
    for (from, text, expected) in [
        (0, "0x10", 16),
        (0, "16", 16),
        (0, "10h", 16),
        (100, "+0x10", 116),
        (100, "-16", 984),
        (100, "here-16", 84),
        (0, "end/2", 500),
        (0, "end", 1000),
        (0, "(end - 200) / 4 + 3", 203),
        (7, ".", 7),
        (0, " 2 * 0x10 ", 32),
    ] {
        rig.apply(Action::Pane(PaneAction::JumpTo(from)));
        rig.run(Command::GoTo);
        rig.go(text);
        assert_eq!((rig.tab().caret(), rig.session.dialog()), (expected, None), "{text} from {from}");
    }
}

#[test]
fn no_place_is_said_under_the_field_and_nothing_moves() {
    let mut rig = Rig::on(&[0; 1000]);
    rig.go("5");
    rig.run(Command::GoTo);
    for (text, reason) in [
        ("1001", "beyond the end"),
        ("-1001", "before the first byte"),
        ("", "column 1"),
        ("0xg", "'0xg'"),
        ("1 +", "column 4"),
        ("4/0", "0"),
        ("99999999999999999999999999999999999999999", "too large"),
    ] {
        rig.go(text);
        let error = rig.session.dialog_error().unwrap_or_default();
        assert!(error.contains(reason), "{text}: {error:?}");
        assert_eq!((rig.tab().caret(), rig.session.dialog()), (5, Some(&Dialog::GoTo)), "{text}");
    }
}

#[test]
fn back_and_forward_lead_through_the_jumps() {
    let mut rig = Rig::on(&[0; 1000]);
    rig.go("100");
    rig.go("200");
    rig.select(300, 310);
    let mut walked = Vec::new();
    for command in
        [Command::Back, Command::Back, Command::Back, Command::Back, Command::Forward, Command::Forward]
    {
        rig.run(command);
        walked.push(rig.tab().caret());
    }
    assert_eq!(walked, [200, 100, 0, 0, 100, 200]);
    assert!(rig.tab().can_go_forward());
    rig.go("7");
    assert!(!rig.tab().can_go_forward(), "a jump from here makes another way");
    rig.run(Command::Back);
    assert_eq!(rig.tab().caret(), 200);
}

#[test]
fn back_after_the_file_became_shorter_stays_inside() {
    let mut rig = Rig::on(&[0; 1000]);
    rig.go("900");
    rig.go("10");
    rig.run(Command::Truncate);
    rig.run(Command::Back);
    assert_eq!((rig.tab().len(), rig.tab().caret()), (10, 10));
}

#[test]
fn addresses_begin_at_the_base() {
    let mut rig = Rig::on(&[0; 1000]);
    rig.run(Command::BaseAddress);
    rig.apply(Action::Answer(Answer::SetBase(String::from("0x1000"))));
    assert_eq!((rig.tab().hex().format.base, rig.tab().values().format.base), (0x1000, 0x1000));
    rig.go("0x1010");
    assert_eq!(rig.tab().caret(), 16);
    rig.go("+4");
    assert_eq!(rig.tab().caret(), 20);
    rig.go("-1");
    assert_eq!(rig.tab().caret(), 999);
    rig.run(Command::GoTo);
    rig.go("5");
    assert!(rig.session.dialog_error().is_some_and(|error| error.contains("before the first byte")));
    rig.apply(Action::Answer(Answer::SelectRange(String::from("0x1000:+8"))));
    assert_eq!(rig.selected(), (0, 8));
    rig.apply(Action::Answer(Answer::SetBase(String::new())));
    assert_eq!(rig.tab().hex().format.base, 0);
    rig.run(Command::BaseAddress);
    rig.apply(Action::Answer(Answer::SetBase(String::from("zz"))));
    assert!(rig.session.dialog_error().is_some());
}

#[test]
fn a_jump_shows_where_it_leads_and_a_near_one_moves_nothing() {
    let mut rig = Rig::on(&[0; 100_000]);
    rig.go("80000");
    let view = rig.tab().hex().viewport;
    let room = rig.tab().hex().room(rig.tab().len());
    let row = rig.tab().map().row_of(80_000);
    assert!(view.top < row && row < view.top + room.whole_rows());
    rig.go("+16");
    assert_eq!(rig.tab().hex().viewport, view);
    rig.apply(Action::Pane(PaneAction::Scroll { pane: PaneKey::BYTES, viewport: Viewport::default() }));
    assert_eq!(rig.tab().caret(), 80_016, "scrolling leaves the caret");
    rig.run(Command::GoStart);
    rig.run(Command::GoEnd);
    assert_eq!(rig.tab().hex().viewport.top, room.last().top);
}

#[test]
fn the_base_address_may_be_any_of_64_bits() {
    let mut rig = Rig::on(&[0; 1000]);
    for (base, typed, caret) in [
        ("0xffffffff80000000", "0xffffffff80000010", 16),
        ("18446744073709551615", "18446744073709551615", 0),
        ("0x8000000000000000", "here + 4", 4),
        // Addresses go on at 0 behind the last one.
        ("0xfffffffffffffff0", "0x8", 24),
        ("0xfffffffffffffff0", "0xfffffffffffffff8", 8),
        ("0xfffffffffffffff0", "end - 1", 999),
    ] {
        rig.apply(Action::Pane(PaneAction::JumpTo(0)));
        rig.run(Command::BaseAddress);
        rig.apply(Action::Answer(Answer::SetBase(base.into())));
        assert_eq!((rig.session.dialog(), rig.session.dialog_error()), (None, None), "{base}");
        assert_eq!(rig.tab().hex().format.base, base_of(base), "{base}");
        rig.run(Command::GoTo);
        rig.go(typed);
        assert_eq!((rig.tab().caret(), rig.session.dialog()), (caret, None), "{typed} from {base}");
    }
    rig.run(Command::GoTo);
    rig.go("0x1000");
    assert!(rig.session.dialog_error().is_some_and(|error| error.contains("before the first byte")));
    rig.apply(Action::Answer(Answer::SetBase("0x10000000000000000".into())));
    assert!(rig.session.dialog_error().is_some_and(|error| error.contains("beyond the end")));
    // The fields of the bars count from the start of the file.
    assert_eq!(rig.tab().evaluate_offset("0x10"), Ok(16));
    rig.apply(Action::Dialog(DialogAction::Close));
    rig.apply(Action::Pane(PaneAction::JumpTo(0)));
    rig.run(Command::ArrayFromHere);
    assert_eq!(rig.tab().array().map(|view| view.base.items()), Some(1000));
}

fn base_of(text: &str) -> u64 {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).expect("hex"),
        None => text.parse().expect("a number"),
    }
}
