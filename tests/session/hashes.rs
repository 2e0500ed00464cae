//! The panel of the hashes: values of the file and of the selection, what edits make of them, the comparison, and values
//! that are written at the caret.

use super::rig::Rig;
use super::unread::BadDisk;
use pagelens::analysis::hashes::algorithm;
use pagelens::session::hashes::HashedPart;
use pagelens::session::{
    Action, CHANGES, Command, EMBEDDED, HASHES, HashAction, PaneAction, Request, STRINGS,
};
use std::sync::Arc;

const MD5_OF_ABC: &str = "900150983cd24fb0d6963f7d28e17f72";
const SHA256_OF_ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

/// The panel is shown over a file of these bytes, and its values are there.
fn shown(bytes: &[u8]) -> Rig {
    let mut rig = Rig::on(bytes);
    rig.run(Command::ToggleHashes);
    wait(&mut rig);
    rig
}

fn wait(rig: &mut Rig) {
    rig.session.tick();
    rig.wait_until("the hashes are calculated", |session| !session.features().hashes.is_computing());
}

/// The value of an algorithm, if it is of the bytes that are meant.
fn value(rig: &Rig, name: &str) -> Option<String> {
    let known = rig.session.features().hashes.of(rig.tab().id)?;
    let value = known.value(algorithm(name).expect("a name"))?.hex();
    known.is_current().then_some(value)
}

fn hash(rig: &mut Rig, action: HashAction) {
    rig.apply(Action::Hash(action));
    wait(rig);
}

/// Chooses the row of an algorithm.
fn choose(rig: &mut Rig, name: &str) {
    let row = rig.session.chosen_hashes().iter().position(|algorithm| algorithm.name == name);
    hash(rig, HashAction::Choose(row.expect("a row") as u64));
}

fn verdict(rig: &mut Rig, text: &str) -> (String, Option<&'static str>) {
    hash(rig, HashAction::Compare(text.to_owned()));
    let hashes = &rig.session.features().hashes;
    let verdict = hashes.verdict(rig.tab(), rig.session.settings()).expect("values to compare with");
    (verdict.words, verdict.matches.map(|algorithm| algorithm.name))
}

#[test]
fn the_usual_hashes_of_a_file_are_those_that_are_published() {
    let rig = shown(b"abc");
    for (name, expected) in [
        ("MD5", MD5_OF_ABC),
        ("SHA-1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("SHA-256", SHA256_OF_ABC),
        ("BLAKE3", "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"),
        ("XXH64", "44bc2cf5ad770999"),
        ("CRC-32", "352441c2"),
    ] {
        assert_eq!(value(&rig, name).as_deref(), Some(expected), "{name}");
    }
    assert_eq!(value(&rig, "SHA-512"), None);
    assert_eq!(rig.session.chosen_hashes().len(), 6);
}

#[test]
fn an_empty_file_has_hashes_and_no_file_has_none() {
    let rig = shown(b"");
    assert_eq!(value(&rig, "MD5").as_deref(), Some("d41d8cd98f00b204e9800998ecf8427e"));
    let mut rig = Rig::new();
    rig.run(Command::ToggleHashes);
    wait(&mut rig);
    assert!(!Command::WriteHash.spec().enabled(&rig.session));
}

#[test]
fn values_follow_the_selection_and_stay_without_one() {
    let mut rig = shown(b"..abc..");
    hash(&mut rig, HashAction::Part(HashedPart::Selection));
    assert_eq!(value(&rig, "MD5"), None, "nothing was selected yet");
    rig.select(2, 5);
    wait(&mut rig);
    assert_eq!(value(&rig, "MD5").as_deref(), Some(MD5_OF_ABC));
    // Who goes to where the value belongs has it still.
    rig.go("0");
    wait(&mut rig);
    assert_eq!(value(&rig, "MD5").as_deref(), Some(MD5_OF_ABC));
    // An edit of other bytes moves them and leaves the value.
    rig.run(Command::ToggleInsert);
    rig.type_text("000000");
    rig.run(Command::ToggleInsert);
    assert_eq!(rig.bytes(), b"\0\0\0..abc..");
    rig.session.tick();
    assert!(!rig.session.features().hashes.is_computing(), "nothing is to be calculated");
    let known = rig.session.features().hashes.of(rig.tab().id).expect("values");
    assert_eq!((known.span().expect("bytes").start(), known.is_current()), (5, true));
    // One of the bytes themselves does not.
    rig.go("5");
    rig.type_text("62");
    wait(&mut rig);
    let b = crate::hashes::value_of("MD5", b"bbc");
    assert_eq!(value(&rig, "MD5"), Some(b));
    rig.run(Command::SelectAll);
    wait(&mut rig);
    assert_eq!(value(&rig, "MD5"), Some(crate::hashes::value_of("MD5", b"\0\0\0..bbc..")));
}

#[test]
fn an_edit_makes_the_values_old_until_they_are_calculated_again() {
    let mut rig = shown(b"abd");
    rig.go("2");
    rig.type_text("63");
    // Before any worker was asked.
    let known = rig.session.features().hashes.of(rig.tab().id).expect("values");
    assert!(known.is_current(), "the panel has not looked yet");
    wait(&mut rig);
    assert_eq!(value(&rig, "SHA-256").as_deref(), Some(SHA256_OF_ABC));
    rig.run(Command::Undo);
    wait(&mut rig);
    assert_eq!(value(&rig, "SHA-256"), Some(crate::hashes::value_of("SHA-256", b"abd")));
}

#[test]
fn only_what_is_missing_is_calculated_and_the_choice_is_remembered() {
    let mut rig = Rig::with_state();
    rig.write("a.bin", b"abc");
    rig.open("a.bin");
    rig.run(Command::ToggleHashes);
    wait(&mut rig);
    let number = |name: &str| {
        pagelens::analysis::hashes::ALGORITHMS.iter().position(|own| own.name == name).expect("a name")
    };
    hash(&mut rig, HashAction::Algorithm { number: number("CRC-16/MODBUS"), is_on: true });
    hash(&mut rig, HashAction::Algorithm { number: number("MD5"), is_on: false });
    assert_eq!(value(&rig, "CRC-16/MODBUS"), Some(crate::hashes::value_of("CRC-16/MODBUS", b"abc")));
    assert_eq!(value(&rig, "SHA-256").as_deref(), Some(SHA256_OF_ABC));
    rig.wait_until("the choice is kept", pagelens::session::Session::has_kept_state);
    rig.look_again();
    rig.settle();
    let names: Vec<&str> = rig.session.chosen_hashes().iter().map(|algorithm| algorithm.name).collect();
    assert_eq!(names, ["SHA-1", "SHA-256", "BLAKE3", "XXH64", "CRC-32", "CRC-16/MODBUS"]);
    wait(&mut rig);
    assert_eq!(value(&rig, "CRC-32").as_deref(), Some("352441c2"), "the panel is shown again");
    hash(&mut rig, HashAction::UsualAlgorithms);
    assert_eq!(value(&rig, "MD5").as_deref(), Some(MD5_OF_ABC));
}

#[test]
fn a_value_in_any_form_finds_its_algorithm() {
    let mut rig = shown(b"abc");
    for text in [
        SHA256_OF_ABC.to_owned(),
        SHA256_OF_ABC.to_uppercase(),
        format!("  0x{SHA256_OF_ABC}\n"),
        format!("{SHA256_OF_ABC}  abc.bin"),
        format!("SHA256 (abc.bin) = {SHA256_OF_ABC}"),
    ] {
        let expected = (String::from("Matches SHA-256."), Some("SHA-256"));
        assert_eq!(verdict(&mut rig, &text), expected, "{text}");
    }
    assert_eq!(verdict(&mut rig, "35 24 41 c2").1, Some("CRC-32"));
    let (words, algorithm) = verdict(&mut rig, "c2412435");
    assert_eq!(
        (words.as_str(), algorithm),
        ("Matches CRC-32, with its bytes in the other order.", Some("CRC-32"))
    );
    assert_eq!(verdict(&mut rig, &"0".repeat(64)), (String::from("Matches none of the values shown."), None));
    let (words, algorithm) = verdict(&mut rig, "123");
    assert_eq!(
        (words.as_str(), algorithm),
        ("No algorithm has values of 3 hex digits. Check whether a part is missing.", None)
    );
    assert_eq!(verdict(&mut rig, "?").0, "This is not a hex value.");
    // Of an algorithm that is not shown.
    let sha512 = crate::hashes::value_of("SHA-512", b"abc");
    assert_eq!(
        verdict(&mut rig, &sha512),
        (String::from("None of the values shown has 128 hex digits."), None)
    );
    hash(&mut rig, HashAction::AddAsLong);
    assert_eq!(verdict(&mut rig, &sha512).1, Some("SHA-512"));
    rig.apply(Action::Hash(HashAction::SayVerdict));
    assert_eq!(rig.hint(), "Matches SHA-512.");
}

#[test]
fn a_value_is_written_at_the_caret_as_one_step() {
    let mut rig = shown(b"abc_____________");
    hash(&mut rig, HashAction::Part(HashedPart::Selection));
    rig.select(0, 3);
    wait(&mut rig);
    choose(&mut rig, "CRC-32");
    // The caret is behind what was selected, which is not replaced.
    rig.run(Command::WriteHash);
    assert_eq!(rig.bytes(), b"abc\x35\x24\x41\xc2_________");
    assert_eq!(rig.hint(), "The CRC-32 is written at 0x3.");
    assert_eq!((rig.selected(), rig.tab().caret()), ((7, 7), 7));
    rig.session.tick();
    assert_eq!(value(&rig, "CRC-32").as_deref(), Some("352441c2"), "the bytes are as they were");
    rig.run(Command::WriteHashReversed);
    assert_eq!(rig.bytes(), b"abc\x35\x24\x41\xc2\xc2\x41\x24\x35_____");
    rig.run(Command::Undo);
    rig.run(Command::Undo);
    assert_eq!((rig.bytes(), rig.tab().is_modified()), (b"abc_____________".to_vec(), false));
    rig.run(Command::ToggleInsert);
    rig.go("3");
    rig.session.tick();
    rig.run(Command::WriteHashText);
    assert_eq!(rig.bytes(), b"abc352441c2_____________");
    rig.run(Command::Undo);
    assert!(!rig.tab().is_modified());
}

#[test]
fn a_value_that_does_not_fit_makes_the_file_longer_as_typing_does() {
    let mut rig = shown(b"abc");
    choose(&mut rig, "MD5");
    rig.go("2");
    rig.session.tick();
    rig.run(Command::WriteHash);
    assert_eq!((rig.bytes().len(), rig.bytes()[..3].to_vec()), (18, b"ab\x90".to_vec()));
}

#[test]
fn one_list_under_the_file_is_shown_at_a_time() {
    let mut rig = shown(b"abc");
    let shows = |rig: &Rig| {
        let names = [HASHES, STRINGS, EMBEDDED, CHANGES];
        names.map(|name| rig.session.shows_panel(name))
    };
    rig.run(Command::ToggleChanges);
    rig.run(Command::ToggleStrings);
    assert_eq!(shows(&rig), [false, true, false, true]);
    rig.run(Command::ToggleEmbedded);
    assert_eq!(shows(&rig), [false, false, true, true]);
    rig.run(Command::ToggleEmbedded);
    assert_eq!(shows(&rig), [false, false, false, true], "what was hidden does not come back");
}

#[test]
fn a_locked_file_and_old_values_are_refused() {
    let mut rig = shown(b"abc");
    rig.run(Command::ToggleLock);
    assert!(!Command::WriteHash.spec().enabled(&rig.session));
    assert!(Command::WriteHash.why_not(&rig.session).contains("is locked"));
    rig.run(Command::WriteHash);
    assert_eq!(rig.bytes(), b"abc");
    rig.run(Command::ToggleLock);
    hash(&mut rig, HashAction::Part(HashedPart::Selection));
    rig.run(Command::WriteHash);
    assert!(rig.hint().starts_with("There is no value yet."), "{}", rig.hint());
    assert_eq!(rig.bytes(), b"abc");
}

#[test]
fn values_are_copied_alone_and_together() {
    let mut rig = shown(b"abc");
    choose(&mut rig, "SHA-256");
    let copied = |rig: &mut Rig| {
        let texts = rig.requests().into_iter().filter_map(|request| match request {
            Request::Copy(offer) => offer.text,
            _ => None,
        });
        texts.last().expect("something was copied")
    };
    rig.run(Command::CopyHash);
    assert_eq!((copied(&mut rig).as_str(), rig.hint()), (SHA256_OF_ABC, "Copied the SHA-256."));
    rig.run(Command::CopyHashes);
    let text = copied(&mut rig);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (6, format!("MD5 (a.bin) = {MD5_OF_ABC}").as_str()));
    assert_eq!(lines[2], format!("SHA256 (a.bin) = {SHA256_OF_ABC}"));
}

#[test]
fn much_data_is_hashed_only_when_asked_and_what_is_stopped_stays_stopped() {
    let mut rig = Rig::on_sparse(300 << 20);
    rig.session.tick();
    // Who opens the panel has asked.
    rig.run(Command::ToggleHashes);
    rig.session.tick();
    assert!(rig.session.features().hashes.is_computing());
    assert_eq!(rig.session.activities()[0].label, "Calculating hashes");
    rig.apply(Action::CancelJob);
    rig.session.tick();
    assert!(!rig.session.features().hashes.is_computing(), "it is not started again");
    rig.run(Command::ComputeHashes);
    assert!(rig.session.features().hashes.is_computing());
    wait(&mut rig);
    let crc = value(&rig, "CRC-32");
    assert!(crc.is_some());
    rig.type_text("41");
    rig.session.tick();
    assert!(!rig.session.features().hashes.is_computing(), "that is too much to do at each key");
    assert_eq!(value(&rig, "CRC-32"), None, "the values are old");
    rig.run(Command::WriteHash);
    assert!(rig.hint().starts_with("The values are old"), "{}", rig.hint());
    rig.run(Command::ComputeHashes);
    wait(&mut rig);
    assert!(value(&rig, "CRC-32").is_some_and(|new| Some(new) != crc));
}

#[test]
fn another_selection_ends_the_work_for_the_one_before() {
    let mut rig = Rig::on(&vec![7; 12 << 20]);
    rig.run(Command::ToggleHashes);
    hash(&mut rig, HashAction::Part(HashedPart::Selection));
    for end in [6 << 20, 7 << 20, 8 << 20] {
        rig.select(0, end);
        rig.session.tick();
        assert_eq!(rig.session.activities().len(), 1);
    }
    wait(&mut rig);
    let known = rig.session.features().hashes.of(rig.tab().id).expect("values");
    assert_eq!(known.span().map(|span| span.len()), Some(8 << 20));
    assert_eq!(value(&rig, "MD5"), Some(crate::hashes::value_of("MD5", &vec![7; 8 << 20])));
    rig.apply(Action::Pane(PaneAction::JumpTo(3)));
    rig.run(Command::ToggleHashes);
    assert!(!rig.session.shows_panel(pagelens::session::HASHES));
}

#[test]
fn bytes_that_cannot_be_read_have_no_hash_and_the_panel_says_why() {
    let disk = Arc::new(BadDisk::default());
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(disk.clone()).expect("threads");
    rig.session.open_source(String::from("disk"), cached);
    rig.run(Command::ToggleHashes);
    wait(&mut rig);
    let known = rig.session.features().hashes.of(rig.tab().id).expect("a reason");
    let reason = known.failure().expect("a reason").to_owned();
    assert!(
        reason.starts_with("There is no hash of bytes that can't be read.") && reason.contains("0x10 2000")
    );
    rig.session.tick();
    assert!(!rig.session.features().hashes.is_computing(), "it is not tried again by itself");
    rig.run(Command::CopyHash);
    assert_eq!(rig.hint(), reason);
    disk.mend();
    rig.run(Command::ComputeHashes);
    wait(&mut rig);
    assert!(value(&rig, "MD5").is_some());
}
