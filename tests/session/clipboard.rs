//! Copy, and paste as text with other programs.

use super::notation::{Script, press};
use super::rig::Rig;
use pagelens::export;
use pagelens::session::{
    Action, ClipboardAction, ClipboardOffer, Command, PasteWay, Pasted, Request, TabAction,
};

#[test]
fn the_selection_is_copied_as_the_column_shows_it() {
    let mut rig = Rig::on(b"Hello, world");
    rig.select(0, 5);
    assert_eq!(rig.copied(), "48 65 6c 6c 6f");
    press(&mut rig, "Tab");
    assert_eq!(rig.copied(), "Hello");
    let mut rig = Script::in_values("<u2").start("^2c 01 05 00 07 00");
    rig.select(0, 4);
    assert_eq!(rig.copied(), "[300, 5]");
}

#[test]
fn nothing_selected_is_nothing_copied() {
    let mut rig = Rig::on(&[1, 2]);
    rig.finish(Command::Copy);
    rig.finish(Command::Cut);
    assert!(!rig.requests().iter().any(|request| matches!(request, Request::Copy(_))));
    assert_eq!(rig.bytes(), [1, 2]);
}

#[test]
fn every_format_is_copied_as_its_table_says() {
    let mut rig = Rig::on(b"A'\\\0\xff");
    for (index, format) in export::byte_formats() {
        rig.run(Command::SelectAll);
        rig.apply(Action::Clipboard(ClipboardAction::CopyAs(index)));
        rig.settle();
        let mut texts = rig.requests().into_iter().filter(|request| matches!(request, Request::Copy(_)));
        let Some(Request::Copy(ClipboardOffer { text: Some(text), bytes, mark: Some(mark), .. })) =
            texts.next_back()
        else {
            panic!("{} copies nothing", format.name)
        };
        assert!(!text.is_empty());
        assert_eq!((bytes.as_deref(), mark.is_text), (Some(&b"A'\\\0\xff"[..]), true));
        if format.name == "base64" {
            assert_eq!(text, "QSdcAP8=");
        }
    }
}

#[test]
fn what_was_copied_here_goes_in_as_its_bytes() {
    for (keys, expected) in [("", vec![1, 1, 2, 4, 5]), ("Insert", vec![1, 1, 2, 2, 3, 4, 5])] {
        let mut rig = Rig::on(&[1, 2, 3, 4, 5]);
        press(&mut rig, keys);
        rig.select(0, 2);
        let text = rig.copied();
        rig.go("1");
        rig.paste(&text);
        assert_eq!(rig.bytes(), expected);
        assert_eq!(rig.selected(), (1, 3), "what was put in is selected");
        rig.run(Command::Undo);
        assert_eq!((rig.bytes(), rig.tab().caret()), (vec![1, 2, 3, 4, 5], 1));
    }
}

#[test]
fn bytes_that_are_no_text_survive_the_text_column() {
    let mut rig = Rig::on(&[0xff, 0, 0x80, 0x41, 0, 0, 0, 0]);
    press(&mut rig, "Tab");
    rig.select(0, 4);
    let text = rig.copied();
    rig.go("4");
    rig.paste(&text);
    assert_eq!(rig.bytes()[4..], [0xff, 0, 0x80, 0x41]);
}

#[test]
fn a_paste_beyond_the_end_makes_the_file_longer() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.run(Command::SelectAll);
    let text = rig.copied();
    rig.go("2");
    rig.paste(&text);
    assert_eq!(rig.bytes(), [1, 2, 1, 2, 3]);
}

#[test]
fn cut_keeps_the_bytes_to_be_pasted() {
    let mut rig = Rig::on(&[1, 2, 3, 4]);
    rig.select(1, 3);
    rig.finish(Command::Cut);
    assert_eq!(rig.bytes(), [1, 4]);
    let last = rig.requests().pop();
    assert!(matches!(last, Some(Request::Copy(offer)) if offer.text.as_deref() == Some("02 03")));
    press(&mut rig, "Insert End");
    rig.paste("02 03");
    assert_eq!(rig.bytes(), [1, 4, 2, 3]);
}

#[test]
fn bytes_go_from_file_to_file() {
    let mut rig = Rig::on(&[0xde, 0xad, 0xbe, 0xef]);
    press(&mut rig, "Right 00");
    rig.select(0, 3);
    let text = rig.copied();
    rig.write("b.bin", &[1, 2, 3]);
    rig.open("b.bin");
    press(&mut rig, "Insert Right");
    rig.paste(&text);
    assert_eq!(rig.bytes(), [1, 0xde, 0, 0xbe, 2, 3]);
    // The other file may go; what was pasted is kept.
    let first = rig.session.tabs()[0].id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(first)));
    std::fs::remove_file(rig.path("a.bin")).expect("removed");
    rig.paste(&text);
    assert_eq!(rig.bytes(), [1, 0xde, 0, 0xbe, 2, 3], "pasted over what it is itself");
    rig.finish(Command::Save);
    assert_eq!(rig.disk("b.bin"), [1, 0xde, 0, 0xbe, 2, 3]);
}

#[test]
fn our_own_text_as_text_is_text() {
    let mut rig = Rig::on(&[1, 2]);
    rig.run(Command::SelectAll);
    let text = rig.copied();
    rig.run(Command::GoEnd);
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text(text),
        way: PasteWay::Text,
    }));
    assert_eq!(rig.bytes(), b"\x01\x0201 02");
}

#[test]
fn a_list_of_values_goes_into_a_view_of_values() {
    for text in ["[1, 2, 300]", "1 2 300", "1\n2\n300\n", "1;2;300", "(1, 2, 300,)"] {
        let mut rig = Script::in_values("<u2").start("^00 00");
        rig.paste(text);
        assert_eq!(rig.bytes(), [1, 0, 2, 0, 0x2c, 1], "{text}");
    }
    let mut rig = Script::in_values("<u2").start("^00 00");
    rig.paste("1, 70000");
    assert_eq!(rig.bytes(), [0, 0]);
    let choice = rig.session.paste_choice().expect("a question");
    assert!(choice.explanation.contains("65535"), "{}", choice.explanation);
}

#[test]
fn a_list_of_floats_as_python_writes_it_is_read_again() {
    let mut rig = Script::in_values("<f4").start("^00 00 80 3f 00 00 80 7f 00 00 80 ff 00 00 c0 7f");
    rig.run(Command::SelectAll);
    let text = rig.copied();
    assert_eq!(text, "[1.0, float('inf'), float('-inf'), float('nan')]");
    let mut other = Script::in_values("<f4").start("^");
    other.paste(&text);
    assert_eq!(other.bytes(), rig.bytes(), "{:?}", other.messages());
}

#[test]
fn what_can_not_be_pasted_is_said() {
    let mut rig = Rig::on(&[1, 2]);
    rig.paste("");
    assert_eq!(rig.hint(), "There is nothing to paste.");
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text(String::from("é")),
        way: PasteWay::Text,
    }));
    assert!(rig.messages()[0].starts_with("Nothing was pasted: ASCII has no 'é'"), "{:?}", rig.messages());
    assert_eq!(rig.bytes(), [1, 2]);
}

#[test]
fn a_copy_that_can_not_be_read_is_said_and_later_texts_are_pasted() {
    let mut rig = Rig::on(&vec![7; 1 << 20]);
    rig.run(Command::SelectAll);
    std::fs::write(rig.path("a.bin"), [7; 10]).expect("cut short");
    rig.finish(Command::Copy);
    assert!(rig.messages().iter().any(|text| text.contains("Nothing was copied")), "{:?}", rig.messages());
    rig.run(Command::NewFile);
    rig.paste("41");
    assert_eq!(rig.bytes(), b"A");
}

/// A copy that another one has ended has put nothing on the clipboard, so what lies there is another program's.
#[test]
fn a_copy_that_was_ended_is_not_pasted_for_another_program_s_text() {
    let text_of_a_name = |rig: &mut Rig| {
        rig.run(Command::CopyName);
    };
    let too_much_as_text = |rig: &mut Rig| {
        rig.apply(Action::Clipboard(ClipboardAction::CopyAs(export::number_of("hex").expect("hex"))))
    };
    for end in [&text_of_a_name as &dyn Fn(&mut Rig), &too_much_as_text] {
        let mut rig = Rig::on_sparse(17 << 20);
        rig.select(0, 1000);
        rig.run(Command::Copy);
        rig.run(Command::SelectAll);
        end(&mut rig);
        rig.settle();
        rig.run(Command::NewFile);
        rig.paste("41");
        assert_eq!(rig.bytes(), b"A");
    }
}

#[test]
fn more_than_other_programs_can_take_is_not_copied_as_text() {
    let mut rig = Rig::on_sparse(17 << 20);
    rig.run(Command::SelectAll);
    rig.requests();
    rig.apply(Action::Clipboard(ClipboardAction::CopyAs(export::number_of("hex").expect("hex"))));
    rig.settle();
    assert!(rig.requests().iter().all(|request| !matches!(request, Request::Copy(_))));
    assert!(rig.messages()[0].contains("16 MiB"));
}
