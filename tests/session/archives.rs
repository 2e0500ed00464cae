//! Archives that are not called .npz: their checksums follow a raw edit when it is saved.

use super::rig::Rig;
use crate::cli::headers::{stored, zip};
use pagelens::session::{Action, Command, Dialog, SaveAction};

fn place(bytes: &[u8], part: &[u8]) -> u64 {
    bytes.windows(part.len()).position(|window| window == part).expect("there") as u64
}

#[test]
fn a_stored_member_is_saved_with_its_checksum_whatever_the_file_is_called() {
    for name in ["model.pt", "model.jit", "letter.docx", "no suffix"] {
        let members = |data| [stored("a/data.pkl", b"pickle"), stored("a/data/0", data)];
        let before = zip(&members(b"0123456789"));
        let mut rig = Rig::new();
        rig.write(name, &before);
        rig.open(name);
        rig.wait_until("the header is read", |session| session.has_read_headers());
        rig.go(&place(&before, b"0123456789").to_string());
        rig.type_text("ff");
        rig.finish(Command::Save);
        assert_eq!(rig.disk(name), zip(&members(b"\xff123456789")), "{name}");
        rig.run(Command::Undo);
        rig.run(Command::Undo);
        rig.finish(Command::Save);
        assert_eq!(rig.disk(name), before, "{name}");
    }
}

#[test]
fn an_edit_of_a_compressed_member_is_told_before_it_is_saved() {
    let packed = [0x4b, 0x4c, 0x4a, 0x06, 0x00];
    let bytes = zip(&[stored("a", b"a"), ("packed", &packed, 8, 3, crc32fast::hash(b"abc"))]);
    let mut rig = Rig::new();
    rig.write("x.docx", &bytes);
    rig.open("x.docx");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.go(&place(&bytes, &packed).to_string());
    rig.type_text("00");
    let is_told = |rig: &Rig| {
        let messages = rig.messages();
        messages.iter().any(|text| text.contains("('packed')") && text.contains("Nothing was saved."))
    };
    rig.finish(Command::Save);
    assert!(is_told(&rig), "{:?}", rig.messages());
    assert_eq!(rig.disk("x.docx"), bytes);
    // Other edits are looked at anew, and asking again asks again.
    rig.type_text("01");
    let id = rig.tab().id;
    rig.apply(Action::Save(SaveAction::Damaged(id)));
    rig.settle();
    assert_eq!(rig.disk("x.docx"), bytes);
    rig.finish(Command::Save);
    assert!(is_told(&rig), "{:?}", rig.messages());
    rig.apply(Action::Save(SaveAction::Damaged(id)));
    rig.settle();
    let mut edited = bytes.clone();
    let at = place(&bytes, &packed) as usize;
    edited[at..at + 2].copy_from_slice(&[0, 1]);
    assert_eq!(rig.disk("x.docx"), edited);
    assert!(!rig.tab().is_modified() && rig.messages().is_empty(), "{:?}", rig.messages());
}

/// A new checksum would hide the only sign of damage.
#[test]
fn earlier_damage_is_told_before_a_save_covers_it_up() {
    let bytes = zip(&[stored("a", b"0123"), ("b", b"4567", 0, 4, 0x1234_5678)]);
    let mut rig = Rig::new();
    rig.write("x.zip", &bytes);
    rig.open("x.zip");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.go(&place(&bytes, b"0123").to_string());
    rig.type_text("ff");
    rig.finish(Command::Save);
    assert!(rig.messages().is_empty(), "{:?}", rig.messages());
    rig.go(&place(&bytes, b"4567").to_string());
    rig.type_text("ff");
    rig.finish(Command::Save);
    let messages = rig.messages();
    let is_told = |text: &String| {
        text.contains("Nothing was saved.") && text.contains("damaged before these edits ('b')")
    };
    assert!(messages.iter().any(is_told), "{messages:?}");
    let once = zip(&[stored("a", b"\xff123"), ("b", b"4567", 0, 4, 0x1234_5678)]);
    assert_eq!(rig.disk("x.zip"), once);
    let id = rig.tab().id;
    rig.apply(Action::Save(SaveAction::Damaged(id)));
    rig.settle();
    assert_eq!(rig.disk("x.zip"), zip(&[stored("a", b"\xff123"), stored("b", b"\xff567")]));
}

#[test]
fn a_wish_to_quit_is_answered_when_a_save_is_held_back() {
    let bytes = zip(&[("b", b"4567", 0, 4, 0x1234_5678)]);
    let mut rig = Rig::new();
    rig.write("x.zip", &bytes);
    rig.open("x.zip");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.go(&place(&bytes, b"4567").to_string());
    rig.type_text("ff");
    rig.run(Command::Save);
    rig.run(Command::Quit);
    rig.settle();
    assert_eq!(rig.session.dialog(), Some(&Dialog::ConfirmQuit), "{:?}", rig.messages());
    assert_eq!(rig.disk("x.zip"), bytes);
}

#[test]
fn a_file_that_only_ends_like_an_archive_is_saved_as_it_is() {
    let mut bytes = vec![0; 400];
    bytes[378..382].copy_from_slice(b"PK\x05\x06");
    let mut rig = Rig::new();
    rig.write("x.bin", &bytes);
    rig.open("x.bin");
    rig.wait_until("the header is read", |session| session.has_read_headers());
    rig.go("10");
    rig.type_text("ff");
    rig.finish(Command::Save);
    bytes[10] = 0xff;
    assert_eq!(rig.disk("x.bin"), bytes);
}
