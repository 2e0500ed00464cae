//! Typed values, edited in their cells and in the inspector.

use super::notation::{Script, press};
use super::rig::Rig;
use pagelens::bytes::Span;
use pagelens::decode::{Order, inspect};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Column, Hit};
use pagelens::session::{Action, Command, EditAction, InspectorAction, PaneAction, PaneKey, PaneKind};

fn u2() -> Script {
    Script::in_values("<u2")
}

#[test]
fn a_typed_value_takes_the_place_of_the_old_one() {
    u2().check("^00 00 11 11", "300 Take", "^2c 01 11 11");
    u2().check("00 00 ^11 11", "300 Take", "00 00 ^2c 01");
    u2().check("^00 00 11 11", "300 TakeRight", "2c 01 ^11 11");
    Script::in_values(">i4").check("^00 00 00 00", "-2 Take", "^ff ff ff fe");
    Script::in_values("<f4").check("^00 00 00 00", "1.5 Take", "^00 00 c0 3f");
    u2().check("[00 00 11 11^]", "7 Take", "^07 00 11 11");
    let mut rig = Rig::on(&[0; 40]);
    rig.run(Command::ShowValues);
    let columns = u64::from(rig.tab().values().columns());
    press(&mut rig, "7 TakeDown");
    assert_eq!(rig.tab().caret(), columns.min(40), "a row below, of bytes");
}

#[test]
fn the_old_value_is_there_to_be_typed_over_or_kept() {
    let mut rig = u2().start("^2c 01 11 11");
    press(&mut rig, "Enter");
    let edit = rig.tab().edit.clone().expect("a field");
    assert_eq!((edit.offset, edit.text.as_str(), edit.is_old), (0, "300", true));
    u2().check("^2c 01 11 11", "Enter Take", "^2c 01 11 11");
    u2().check("^2c 01 11 11", "Enter TakeRight", "2c 01 ^11 11");
    // What is typed before the field has the keys is its text, in the place of the old one.
    u2().check("^2c 01 11 11", "Enter 4 2 Take", "^2a 00 11 11");
    u2().check("^2c 01 11 11", "4 2 Take", "^2a 00 11 11");
}

#[test]
fn a_value_that_is_none_is_refused_with_a_reason() {
    let mut rig = u2().check("^01 00", "70000 Take", "^01 00");
    let edit = rig.tab().edit.clone().expect("the field stays open");
    assert_eq!(edit.text, "70000");
    assert!(edit.error.is_some_and(|reason| reason.contains("65535")), "{:?}", rig.tab().edit);
    assert!(!rig.tab().is_modified() && rig.tab().document().can_undo().is_none());
    rig.apply(Action::Edit(EditAction::Text(String::from("7000"))));
    assert_eq!(rig.tab().edit.as_ref().and_then(|edit| edit.error.clone()), None, "typing takes it back");
    press(&mut rig, "Take");
    assert_eq!((rig.bytes(), rig.tab().edit.is_none()), (7000u16.to_le_bytes().to_vec(), true));
}

#[test]
fn escape_keeps_the_old_value() {
    let rig = u2().check("^2c 01", "7 Escape", "^2c 01");
    assert!(rig.tab().edit.is_none() && !rig.tab().is_modified());
    let mut rig = u2().check("^2c 01", "x Take", "^2c 01");
    rig.apply(Action::Edit(EditAction::Cancel));
    assert!(rig.tab().edit.is_none() && !rig.tab().is_modified());
}

#[test]
fn behind_the_last_value_one_is_appended() {
    u2().check("01 00 ^", "5 Take", "01 00 ^05 00");
    u2().check("^", "5 TakeRight", "05 00 ^");
    u2().check("01 00 ^", "Enter Take", "01 00 ^");
}

#[test]
fn a_value_that_is_not_wholly_in_the_file_is_refused() {
    u2().check_refused("00 00 ^11", "5", "00 00 ^11", "Only 1 of the 2 bytes");
    u2().check_refused("00 00 ^11", "Enter", "00 00 ^11", "Only 1 of the 2 bytes");
}

#[test]
fn the_same_value_is_no_change() {
    let rig = u2().check("^2c 01", "300 Take", "^2c 01");
    assert!(!rig.tab().is_modified());
    let rig = Script::in_values("<f4").check("^00 00 c0 7f", "nan Take", "^00 00 c0 7f");
    assert!(!rig.tab().is_modified());
}

#[test]
fn bytes_alone_have_no_field() {
    Script::default().check_refused("^00 00", "Enter", "^00 00", "values pane");
    Script::default().check_refused("^00 00", "F2", "^00 00", "values pane");
}

/// A click on a byte, in the pane of values or the other.
fn click(rig: &mut Rig, pane: PaneKey, offset: u64, clicks: u32) {
    rig.show();
    let hit = Hit { offset, column: Column::Cells };
    rig.apply(Action::Pane(PaneAction::Press { pane, hit, extend: false, clicks }));
}

#[test]
fn a_click_elsewhere_takes_what_is_typed() {
    let mut rig = u2().start("^00 00 11 11");
    press(&mut rig, "300");
    click(&mut rig, PaneKey::TYPED, 2, 1);
    assert_eq!(u2().picture(&rig), "2c 01 ^11 11");
    assert!(rig.tab().edit.is_none());
}

#[test]
fn a_click_elsewhere_does_not_leave_a_refused_value() {
    let mut rig = u2().start("^00 00 11 11");
    rig.run(Command::ShowBoth);
    press(&mut rig, "x");
    for pane in [PaneKey::TYPED, PaneKey::BYTES] {
        click(&mut rig, pane, 3, 1);
        assert_eq!(
            (rig.tab().focus_kind(), rig.tab().caret()),
            (PaneKind::Values, 0),
            "the keys stay with the field"
        );
        assert!(rig.tab().edit.as_ref().is_some_and(|edit| edit.error.is_some()));
    }
    for command in [Command::ShowBytes, Command::OtherPane, Command::SelectAll, Command::ToggleInsert] {
        rig.run(command);
        assert!(rig.tab().edit.is_some() && rig.tab().focus_kind() == PaneKind::Values, "{command:?}");
    }
    rig.apply(Action::Escape);
    click(&mut rig, PaneKey::BYTES, 3, 1);
    assert_eq!((rig.tab().focus_kind(), rig.tab().caret()), (PaneKind::Bytes, 3));
}

#[test]
fn two_clicks_open_a_value() {
    let mut rig = u2().start("^00 00 2c 01");
    click(&mut rig, PaneKey::TYPED, 2, 1);
    assert!(rig.tab().edit.is_none());
    click(&mut rig, PaneKey::TYPED, 2, 2);
    assert_eq!(rig.tab().edit.as_ref().map(|edit| edit.text.as_str()), Some("300"));
}

#[test]
fn a_command_takes_what_is_typed_first() {
    for command in [Command::ShowBytes, Command::SelectAll, Command::ToggleInsert, Command::Save] {
        let mut rig = u2().start("^00 00 11 11");
        press(&mut rig, "300");
        rig.finish(command);
        assert_eq!(rig.bytes(), [0x2c, 1, 0x11, 0x11], "{command:?}");
        assert!(rig.tab().edit.is_none(), "{command:?}");
        if command == Command::Save {
            assert_eq!(rig.disk("a.bin"), rig.bytes());
        }
    }
    for command in [Command::CloseTab, Command::Quit] {
        let mut rig = u2().start("^00 00 11 11");
        press(&mut rig, "300");
        rig.finish(command);
        assert!(rig.session.dialog().is_some(), "{command:?} asks for what is typed");
    }
}

#[test]
fn the_inspector_writes_at_the_caret() {
    let row = |name: &str| inspect::ROWS.iter().position(|row| row.name == name).expect("a row");
    let set = |rig: &mut Rig, name: &str, order, text: &str| {
        rig.show();
        rig.apply(Action::Inspect(InspectorAction::Set { row: row(name), order, text: text.to_owned() }));
    };
    let mut rig = Rig::on(&[0; 8]);
    rig.go("2");
    set(&mut rig, "uint16", Order::Little, "0x1234");
    assert_eq!(rig.bytes(), [0, 0, 0x34, 0x12, 0, 0, 0, 0]);
    set(&mut rig, "uint16", Order::Big, "0x1234");
    assert_eq!(rig.bytes(), [0, 0, 0x12, 0x34, 0, 0, 0, 0]);
    assert_eq!(rig.tab().caret(), 2);
    set(&mut rig, "float32", Order::Little, "1.5");
    assert_eq!(rig.bytes(), [0, 0, 0, 0, 0xc0, 0x3f, 0, 0]);
    for (name, text, reason) in
        [("uint16", "70000", "65535"), ("float64", "1", "do not fit"), ("uint8", "x", "x")]
    {
        set(&mut rig, name, Order::Little, text);
        assert_eq!(rig.bytes(), [0, 0, 0, 0, 0xc0, 0x3f, 0, 0], "{name} {text}");
        assert!(rig.hint().contains(reason), "{name} {text}: {:?}", rig.hint());
    }
    for _ in 0..3 {
        rig.run(Command::Undo);
    }
    assert_eq!(rig.bytes(), [0; 8]);
    set(&mut rig, "uint16", Order::Little, "0");
    assert!(!rig.tab().is_modified(), "the same value is no change");
}

#[test]
fn values_may_begin_anywhere() {
    let mut rig = u2().start("^00 11 11 22 22");
    let format = ValuesFormat { origin: 1, ..rig.tab().values().format };
    rig.apply(Action::Pane(PaneAction::ValuesFormat { pane: PaneKey::TYPED, format }));
    rig.apply(Action::Pane(PaneAction::Select(Span::between(2, 4))));
    assert_eq!(rig.selected(), (1, 5), "whole values");
    rig.go("3");
    press(&mut rig, "300 Take");
    assert_eq!(rig.bytes(), [0, 0x11, 0x11, 0x2c, 1]);
}
