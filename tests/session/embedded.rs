//! The panel of the embedded files: what it lists, where a row leads, and files that are saved from it.

use super::rig::Rig;
use super::unread::BadDisk;
use pagelens::session::embedded::EmbeddedLine;
use pagelens::session::{Action, Command, EmbeddedAction, Request};
use std::sync::Arc;

/// A picture.
fn png() -> Vec<u8> {
    include_bytes!("../../assets/icon/pagelens-128.png").to_vec()
}

/// Padding, a picture, padding, the header of a gzip file, padding.
fn bytes() -> Vec<u8> {
    [&[1; 100][..], &png(), &[2; 50], b"\x1f\x8b\x08\0\0\0\0\0\0\x03", &[3; 30]].concat()
}

fn shown(bytes: &[u8]) -> Rig {
    let mut rig = Rig::on(bytes);
    rig.run(Command::ToggleEmbedded);
    wait(&mut rig);
    rig
}

fn wait(rig: &mut Rig) {
    rig.session.tick();
    rig.wait_until("the files are listed", |session| !session.features().embedded.is_searching());
}

fn lines(rig: &Rig) -> Vec<EmbeddedLine> {
    let listed = rig.session.features().embedded.listed(rig.tab()).expect("a list");
    (0..listed.len()).map(|row| listed.line(row, rig.tab()).expect("a row")).collect()
}

fn show(rig: &mut Rig, row: u64) {
    rig.apply(Action::Embedded(EmbeddedAction::Show(row)));
}

#[test]
fn files_are_listed_with_offset_length_and_kind() {
    let rig = shown(&bytes());
    let len = png().len() as u64;
    let expected = [
        EmbeddedLine {
            offset: String::from("0x64"),
            kind: "PNG picture",
            length: Some(len),
            why: String::new(),
            is_there: true,
        },
        EmbeddedLine {
            offset: pagelens::session::describe::hex(100 + len + 50),
            kind: "gzip data",
            length: None,
            why: String::from("the data is damaged, or its end is missing"),
            is_there: true,
        },
    ];
    assert_eq!(lines(&rig), expected);
}

#[test]
fn a_row_selects_its_file_or_goes_to_its_start() {
    let mut rig = shown(&bytes());
    let len = png().len() as u64;
    show(&mut rig, 0);
    assert_eq!(rig.selected(), (100, 100 + len));
    show(&mut rig, 1);
    assert_eq!((rig.selected(), rig.tab().caret()), ((150 + len, 150 + len), 150 + len));
    rig.run(Command::Back);
    assert_eq!(rig.tab().caret(), 100 + len, "both are jumps");
}

#[test]
fn a_file_of_known_length_is_saved_and_others_say_why_not() {
    let mut rig = shown(&bytes());
    rig.run(Command::SaveEmbedded);
    assert_eq!(rig.hint(), "Choose a file of the list first.");
    show(&mut rig, 0);
    rig.run(Command::SaveEmbedded);
    let suggested = rig.requests().into_iter().find_map(|request| match request {
        Request::ChooseSaveName { suggested, .. } => Some(suggested),
        _ => None,
    });
    assert!(suggested.is_some_and(|name| name.ends_with("a.bin.0x64.png")));
    let path = rig.path("out.png");
    rig.name(path);
    rig.settle();
    assert_eq!(rig.disk("out.png"), png());
    show(&mut rig, 1);
    rig.run(Command::SaveEmbedded);
    assert!(
        rig.hint().starts_with("The length of this file is not known: the data is damaged"),
        "{}",
        rig.hint()
    );
}

#[test]
fn edits_move_files_and_mark_those_that_they_change() {
    let mut rig = shown(&bytes());
    rig.run(Command::ToggleInsert);
    rig.type_text("0000");
    rig.run(Command::ToggleInsert);
    assert_eq!((lines(&rig)[0].offset.as_str(), lines(&rig)[0].is_there), ("0x66", true));
    rig.go("0x70");
    rig.type_text("00");
    assert!(!lines(&rig)[0].is_there);
    show(&mut rig, 0);
    assert!(rig.hint().contains("edited since"), "{}", rig.hint());
    rig.run(Command::SaveEmbedded);
    assert!(rig.hint().contains("edited since"), "{}", rig.hint());
    rig.session.tick();
    assert!(rig.session.features().embedded.listed(rig.tab()).is_some_and(|listed| listed.is_old(rig.tab())));
    rig.run(Command::SearchEmbedded);
    wait(&mut rig);
    let listed = rig.session.features().embedded.listed(rig.tab()).expect("a list");
    assert!(!listed.is_old(rig.tab()));
}

#[test]
fn the_list_is_copied() {
    let mut rig = shown(&bytes());
    let copied = |rig: &mut Rig| {
        rig.run(Command::CopyEmbedded);
        let texts = rig.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => offer.text,
            _ => None,
        });
        texts.last().expect("something was copied")
    };
    let len = png().len();
    let (first, second) = (format!("0x64\tPNG picture\t{len}\n"), format!("{:#x}\tgzip data\n", 150 + len));
    assert_eq!(copied(&mut rig), format!("{first}{second}"));
    show(&mut rig, 1);
    assert_eq!(copied(&mut rig), second);
}

#[test]
fn a_file_without_any_and_one_that_cannot_be_read_say_so() {
    let rig = shown(&[7; 5000]);
    assert!(lines(&rig).is_empty());
    assert!(!Command::CopyEmbedded.spec().enabled(&rig.session));
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(Arc::new(BadDisk::default())).expect("threads");
    rig.session.open_source(String::from("disk"), cached);
    rig.run(Command::ToggleEmbedded);
    wait(&mut rig);
    let listed = rig.session.features().embedded.listed(rig.tab()).expect("a list");
    assert_eq!((listed.len(), listed.unread().bytes(), listed.failure()), (0, 4096, None));
}

#[test]
fn a_large_file_is_searched_when_asked_and_the_search_can_be_stopped() {
    let mut rig = Rig::on_sparse(300 << 20);
    rig.session.tick();
    rig.run(Command::ToggleEmbedded);
    rig.session.tick();
    assert!(rig.session.features().embedded.is_searching());
    rig.apply(Action::CancelJob);
    rig.session.tick();
    assert!(!rig.session.features().embedded.is_searching(), "it is not started again");
    rig.run(Command::SearchEmbedded);
    assert!(rig.session.features().embedded.is_searching());
    wait(&mut rig);
    assert!(lines(&rig).is_empty());
}
