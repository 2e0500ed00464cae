//! Paste: the own clip as its exact bytes, what other programs copy as what it is, a question where that is not clear.

use super::notation::{Script, press};
use super::rig::Rig;
use pagelens::bytes::Source;
use pagelens::decode::Encoding;
use pagelens::export::{byte_formats, number_of};
use pagelens::session::view::Column;
use pagelens::session::{
    Action, ClipMark, ClipboardAction, Command, Dialog, DialogAction, PasteWay, Pasted, Request,
};

/// What a clipboard without marks and bytes gives back, as the toolkit has it.
fn by_toolkit(text: &str) -> Pasted {
    Pasted::of_text(text.replace("\r\n", "\n"))
}

#[test]
fn the_own_clip_is_its_exact_bytes_in_every_column() {
    let bytes = b"\x12\r\n4\r\x80A\xff\r\n";
    let columns = [("bytes", ""), ("text", "Tab"), ("values", "Ctrl+3")];
    for (from, go_from) in columns {
        for (to, go_to) in columns {
            for survives in [true, false] {
                let mut rig = Rig::on(bytes);
                press(&mut rig, go_from);
                rig.run(Command::SelectAll);
                let offer = rig.copied_all();
                assert_eq!(offer.bytes.as_deref(), Some(&bytes[..]));
                rig.run(Command::NewFile);
                press(&mut rig, go_to);
                let text = offer.text.expect("a text");
                let mark = offer.mark.filter(|_| survives);
                rig.paste_all(Pasted { mark, ..by_toolkit(&text) });
                assert_eq!(rig.bytes(), bytes, "{from} to {to}, the mark survives: {survives}");
            }
        }
    }
}

#[test]
fn cut_and_pasted_in_the_text_column_nothing_is_lost() {
    let mut rig = Rig::on(b"\x12\x0d\x0a\x34");
    press(&mut rig, "Tab");
    rig.run(Command::SelectAll);
    rig.finish(Command::Cut);
    let Some(Request::Copy(offer)) = rig.requests().pop() else { panic!("nothing was cut") };
    assert_eq!(rig.tab().selection.column, Column::Text);
    rig.paste_all(by_toolkit(&offer.text.expect("text")));
    assert_eq!(rig.bytes(), b"\x12\x0d\x0a\x34");
    assert_eq!(rig.messages(), [""; 0]);
}

#[test]
fn another_window_gets_the_bytes_and_the_text() {
    let mut first = Rig::on(b"41 42\r\n\x80");
    press(&mut first, "Tab");
    first.run(Command::SelectAll);
    let offer = first.copied_all();
    let all = || Pasted {
        text: offer.text.clone(),
        bytes: offer.bytes.as_ref().map(|bytes| bytes.to_vec()),
        mark: offer.mark.clone(),
    };
    for keys in ["", "Tab"] {
        let mut second = Rig::on(b"");
        press(&mut second, keys);
        second.paste_all(all());
        assert_eq!(second.bytes(), b"41 42\r\n\x80", "{keys}");
    }
    // Copied as text of a form: the text column wants the text, the others the bytes.
    first.select(0, 2);
    first.apply(Action::Clipboard(ClipboardAction::CopyAs(number_of("base64").expect("a format"))));
    first.settle();
    let Some(Request::Copy(offer)) = first.requests().pop() else { panic!("nothing was copied") };
    let all = || Pasted {
        text: offer.text.clone(),
        bytes: offer.bytes.as_ref().map(|bytes| bytes.to_vec()),
        mark: offer.mark.clone(),
    };
    for (keys, expected) in [("", &b"41"[..]), ("Tab", b"NDE=")] {
        let mut second = Rig::on(b"");
        press(&mut second, keys);
        second.paste_all(all());
        assert_eq!(second.bytes(), expected, "{keys}");
    }
}

#[test]
fn every_own_export_pastes_back_in_this_window() {
    let bytes: Vec<u8> = (0..=255).collect();
    for (at, format) in byte_formats() {
        let mut rig = Rig::on(&bytes);
        rig.run(Command::SelectAll);
        rig.apply(Action::Clipboard(ClipboardAction::CopyAs(at)));
        rig.settle();
        let Some(Request::Copy(offer)) = rig.requests().pop() else { panic!("nothing was copied") };
        rig.run(Command::NewFile);
        rig.paste_all(by_toolkit(&offer.text.expect("text")));
        assert_eq!(rig.bytes(), bytes, "{}", format.name);
    }
}

#[test]
fn bytes_of_another_program_go_in_as_they_are() {
    for keys in ["", "Ctrl+3"] {
        let mut rig = Rig::on(b"");
        press(&mut rig, keys);
        rig.paste_all(Pasted { text: None, bytes: Some(b"\r\n\0\xff".to_vec()), mark: None });
        assert_eq!(rig.bytes(), b"\r\n\0\xff", "{keys}");
    }
}

#[test]
fn what_is_too_long_for_the_clipboard_is_pasted_here_and_refused_elsewhere() {
    let mut rig = Rig::on_sparse(1 << 40);
    rig.run(Command::SelectAll);
    let offer = rig.copied_all();
    assert_eq!((&offer.text, &offer.bytes, offer.mark.as_ref().unwrap().len), (&None, &None, 1 << 40));
    assert!(rig.messages()[0].contains("Selection to a file…"), "{:?}", rig.messages());
    for mark in [offer.mark.clone(), None] {
        rig.run(Command::NewFile);
        rig.paste_all(Pasted { mark, ..Pasted::default() });
        assert_eq!(rig.tab().len(), 1 << 40);
        let mut end = [9; 2];
        rig.tab().shown().read_at((1 << 40) - 2, &mut end).expect("readable");
        assert_eq!(end, [0, 0]);
    }
    let mut other = Rig::on(b"ab");
    let survives = ClipMark::of_text(&offer.mark.as_ref().unwrap().to_text());
    other.paste_all(Pasted { mark: survives, ..Pasted::default() });
    assert_eq!(other.bytes(), b"ab");
    let told = &other.messages()[0];
    assert!(told.contains("1,099,511,627,776 bytes of sparse.bin"), "{told}");
    assert!(told.contains("Selection to a file…"), "{told}");
    // Another text takes its place.
    rig.run(Command::NewFile);
    rig.paste("41");
    assert_eq!(rig.bytes(), [0x41]);
}

#[test]
fn the_selection_goes_to_a_file() {
    let mut rig = Rig::on(b"0123456789");
    rig.select(2, 5);
    rig.run(Command::SelectionToFile);
    let asked = rig.requests();
    assert!(
        matches!(&asked[..], [.., Request::ChooseSaveName { suggested, .. }] if suggested.ends_with("a.bin.selection")),
        "{asked:?}"
    );
    let path = rig.path("part");
    rig.name(path.clone());
    rig.settle();
    assert_eq!(rig.disk("part"), b"234", "{}", rig.hint());
    assert_eq!((rig.tab().title.as_str(), rig.tab().is_modified()), ("a.bin", false));
    // One that is there is replaced after a question only.
    rig.select(5, 7);
    rig.run(Command::SelectionToFile);
    rig.name(path.clone());
    rig.settle();
    assert_eq!(rig.disk("part"), b"234");
    rig.replace(&path);
    rig.settle();
    assert_eq!((rig.disk("part"), rig.disk("a.bin")), (b"56".to_vec(), b"0123456789".to_vec()));
    // The open file itself is not written over.
    rig.run(Command::SelectionToFile);
    let own = rig.path("a.bin");
    rig.name(own);
    rig.settle();
    assert_eq!(rig.disk("a.bin"), b"0123456789");
    assert!(rig.messages()[0].contains("open"), "{:?}", rig.messages());
}

#[test]
fn what_is_recognised_is_pasted_and_the_rest_is_asked() {
    for (text, expected) in [
        ("cafe babe", &b"\xca\xfe\xba\xbe"[..]),
        ("00000000  41 42 43 44  |ABCD|\n", b"ABCD"),
        ("{0x41, 0x42}", b"AB"),
        ("41h 42h", b"AB"),
    ] {
        let mut rig = Rig::on(b"");
        rig.paste(text);
        assert_eq!((rig.bytes().as_slice(), rig.session.dialog()), (expected, None), "{text}");
    }
    let mut rig = Rig::on(b"");
    rig.paste("41 42 4");
    assert_eq!((rig.bytes().as_slice(), rig.session.dialog()), (&b""[..], Some(&Dialog::PasteAs)));
    let choice = rig.session.paste_choice().expect("a question");
    assert!(choice.explanation.contains("column 7"), "{}", choice.explanation);
    let ways: Vec<String> = rig.paste_ways().into_iter().map(|(label, _)| label).collect();
    assert_eq!(ways, ["Numbers, one byte each", "Text (ASCII)", "Text (UTF-16 little-endian)"]);
    rig.paste_as("Numbers, one byte each");
    assert_eq!((rig.bytes().as_slice(), rig.session.dialog()), (&[41, 42, 4][..], None));
    rig.run(Command::Undo);
    rig.paste("Hello");
    rig.paste_as("Text (ASCII)");
    assert_eq!(rig.bytes(), b"Hello");
    rig.paste("Hello");
    rig.apply(Action::Escape);
    rig.apply(Action::Clipboard(ClipboardAction::PasteChosen));
    assert_eq!(rig.bytes(), b"Hello", "who leaves the question pastes nothing");
}

#[test]
fn text_that_the_encoding_lacks_is_asked() {
    let mut rig = Script::in_text(Encoding::Latin1).start("^00");
    rig.paste("日");
    assert_eq!(rig.session.dialog(), Some(&Dialog::PasteAs));
    rig.paste_as("Text (UTF-8)");
    assert_eq!(rig.bytes(), "日".as_bytes());
}

#[test]
fn as_text_a_text_is_itself() {
    let mut rig = Rig::on(b"");
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text("41"),
        way: PasteWay::Text,
    }));
    assert_eq!(rig.bytes(), b"41");
    let mut rig = Script::in_text(Encoding::Utf16Le).start("^00");
    rig.paste("é1");
    assert_eq!(rig.bytes(), [0xe9, 0, 0x31, 0]);
}

#[test]
fn paste_as_shows_every_reading() {
    let mut rig = Rig::on(b"");
    rig.apply(Action::Clipboard(ClipboardAction::Paste {
        pasted: Pasted::of_text("4142"),
        way: PasteWay::Choose,
    }));
    let ways = rig.paste_ways();
    assert_eq!(ways[0], (String::from("Hex digits"), b"AB".to_vec()));
    assert!(ways.iter().any(|(label, bytes)| label == "Text (ASCII)" && bytes == b"4142"), "{ways:?}");
    assert!(ways.iter().any(|(label, _)| label == "Base64"), "{ways:?}");
    rig.paste_as("Text (ASCII)");
    assert_eq!(rig.bytes(), b"4142");
    rig.run(Command::PasteAs);
    assert!(rig.requests().contains(&Request::Paste(PasteWay::Choose)));
}

#[test]
fn a_long_text_is_read_by_a_worker() {
    let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at * 7) as u8).collect();
    let text: String = bytes.iter().map(|byte| format!("{byte:02x} ")).collect();
    let mut rig = Rig::on(b"");
    rig.paste(&text);
    assert!(rig.tab().is_empty(), "the window's thread does not read it");
    rig.settle();
    assert_eq!(rig.bytes(), bytes);
    rig.run(Command::Undo);
    rig.paste(&text);
    rig.type_text("41");
    rig.settle();
    assert_eq!(rig.bytes(), b"A", "what was typed meanwhile is not pasted over");
    assert!(rig.hint().contains("Paste again"), "{}", rig.hint());
}

/// Also when it is asked what it is, or is to be text.
#[test]
fn a_long_text_is_read_by_a_worker_whatever_it_is_pasted_as() {
    let text = "41 ".repeat(100_000);
    for way in [PasteWay::Choose, PasteWay::Text] {
        let mut rig = Rig::on(b"");
        rig.apply(Action::Clipboard(ClipboardAction::Paste { pasted: Pasted::of_text(text.clone()), way }));
        assert_eq!((rig.session.dialog(), rig.tab().is_empty()), (None, true), "{way:?}");
        assert_eq!(rig.session.activities().len(), 1, "{way:?}");
        rig.settle();
        if way == PasteWay::Choose {
            assert_eq!(rig.paste_ways()[0].0, "Hex digits");
            rig.paste_as("Text (ASCII)");
        }
        assert_eq!(rig.bytes(), text.as_bytes(), "{way:?}");
    }
}

#[test]
fn a_paste_over_a_selection_is_as_long_as_it_or_asked() {
    let mut rig = Rig::on(b"0123456789");
    rig.select(2, 4);
    rig.paste("41 42");
    assert_eq!((rig.bytes().as_slice(), rig.session.dialog()), (&b"01AB456789"[..], None));
    rig.select(2, 4);
    rig.paste("61 62 63");
    assert_eq!(rig.bytes(), b"01AB456789");
    let ways: Vec<String> = rig.paste_ways().into_iter().map(|(label, _)| label).collect();
    assert_eq!(
        ways,
        [
            "Only the first 2 bytes, over the selection",
            "All 3 bytes, also over the 1 byte after the selection",
            "All 3 bytes in place of the selection; the bytes after it move",
        ]
    );
    for (way, expected) in ways.iter().zip([&b"01ab456789"[..], b"01abc56789", b"01abc456789"]) {
        rig.paste_as(way);
        assert_eq!(rig.bytes(), expected, "{way}");
        rig.run(Command::Undo);
        rig.select(2, 4);
        rig.paste("61 62 63");
    }
    rig.apply(Action::Dialog(DialogAction::Close));
    // A long own clip is asked about as well.
    rig.run(Command::SelectAll);
    let offer = rig.copied_all();
    rig.select(0, 1);
    rig.paste_all(Pasted { mark: offer.mark, ..Pasted::default() });
    rig.paste_as("Only the first 1 byte, over the selection");
    assert_eq!(rig.bytes(), b"01AB456789");
    // In insert mode the selection is what is replaced.
    press(&mut rig, "Insert");
    rig.select(2, 4);
    rig.paste("61 62 63");
    assert_eq!(rig.bytes(), b"01abc456789");
}

#[test]
fn escape_takes_back_a_byte_that_is_half_typed() {
    let mut rig = Rig::on(&[1, 2, 3]);
    rig.type_text("f");
    assert_eq!(rig.bytes(), [0xf1, 2, 3]);
    rig.apply(Action::Escape);
    assert_eq!((rig.bytes(), rig.tab().caret(), rig.tab().selection.digit), (vec![1, 2, 3], 0, 0));
    assert!(!rig.tab().is_modified());
    // In insert mode the byte itself goes; a whole one before it stays.
    press(&mut rig, "Insert");
    rig.type_text("aab");
    assert_eq!(rig.bytes(), [0xaa, 0xb0, 1, 2, 3]);
    rig.apply(Action::Escape);
    assert_eq!((rig.bytes(), rig.tab().caret()), (vec![0xaa, 1, 2, 3], 1));
}

#[test]
fn the_selection_is_offered_to_a_click_of_the_middle_button() {
    let mut rig = Rig::on(b"Hello, world");
    rig.select(0, 5);
    rig.apply(Action::Clipboard(ClipboardAction::SelectionSettled));
    rig.wait_until("the selection is offered", |_| true);
    let mut offered = None;
    for _ in 0..2_000 {
        rig.session.tick();
        offered = rig.requests().into_iter().find_map(|request| match request {
            Request::Select(offer) => Some(offer),
            _ => None,
        });
        if offered.is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let offer = offered.expect("the selection is offered");
    assert_eq!(
        (offer.text.as_deref(), offer.bytes.as_deref()),
        (Some("48 65 6c 6c 6f"), Some(&b"Hello"[..]))
    );
    rig.apply(Action::Clipboard(ClipboardAction::PasteSelection));
    assert!(rig.requests().contains(&Request::PasteSelection));
    rig.run(Command::GoEnd);
    rig.paste_all(Pasted { mark: offer.mark, ..by_toolkit("48 65 6c 6c 6f") });
    assert_eq!(rig.bytes(), b"Hello, worldHello");
    // The same selection is not offered again, nor one that is long.
    rig.select(0, 5);
    rig.apply(Action::Clipboard(ClipboardAction::SelectionSettled));
    let mut long = Rig::on_sparse(1 << 30);
    long.run(Command::SelectAll);
    long.apply(Action::Clipboard(ClipboardAction::SelectionSettled));
    long.settle();
    assert!(long.requests().iter().all(|request| !matches!(request, Request::Select(_))));
}
