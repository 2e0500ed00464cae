//! A block of the disk that can't be read: the rest is found, replaced and edited, and what was passed over is said.

use super::rig::Rig;
use pagelens::bytes::{Availability, ReadError, Source, Span};
use pagelens::session::find::Reach;
use pagelens::session::{Action, Answer, Command, FindAction};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const LEN: u64 = 3 << 20;
pub const BAD: Span = Span::between(0x10_2000, 0x10_3000);

/// A disk of zeros with `de ad` at the start of every 64 KiB, and one bad block.
#[derive(Debug, Default)]
pub struct BadDisk {
    is_mended: AtomicBool,
}

impl BadDisk {
    pub fn mend(&self) {
        self.is_mended.store(true, Ordering::SeqCst);
    }
}

impl Source for BadDisk {
    fn len(&self) -> u64 {
        LEN
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let wanted = Span::between(offset, offset + buf.len() as u64);
        if let Some(span) = wanted.intersect(BAD).filter(|_| !self.is_mended.load(Ordering::SeqCst)) {
            return Err(ReadError::other(span, "Input/output error (os error 5)"));
        }
        for (at, byte) in (offset..).zip(buf) {
            *byte = match at % 0x1_0000 {
                0 => 0xde,
                1 => 0xad,
                _ => 0,
            };
        }
        Ok(())
    }

    fn peek(&self, _: u64, _: &mut [u8], _: &mut [Availability]) {
        unreachable!("the cache stands between");
    }
}

/// The disk is open behind the screen's cache.
fn rig() -> (Rig, Arc<BadDisk>) {
    let disk = Arc::new(BadDisk::default());
    let mut rig = Rig::new();
    let cached = rig.session.cache().attach(disk.clone()).expect("threads");
    rig.session.open_source(String::from("disk"), cached);
    (rig, disk)
}

fn passed_over(rig: &Rig) -> &str {
    &rig.session.finding().passed_over
}

#[test]
fn a_search_passes_over_what_it_cannot_read_and_says_so() {
    let (mut rig, _disk) = rig();
    rig.look_for("de ad");
    rig.finish(Command::FindAll);
    assert_eq!(rig.answer(), "48 matches.");
    let unread = passed_over(&rig);
    assert!(unread.starts_with("4,096 bytes could not be read and were skipped"), "{unread}");
    assert!(unread.contains("Input/output error"), "{unread}");
    rig.go("0x100001");
    rig.finish(Command::FindNext);
    assert_eq!(rig.selected().0, 0x11_0000, "beyond the bad block");
    assert!(passed_over(&rig).contains("4,096 bytes could not be read"));
    rig.finish(Command::FindNext);
    assert_eq!((rig.selected().0, passed_over(&rig)), (0x12_0000, ""), "nothing was in the way");
}

#[test]
fn replace_all_replaces_the_rest_and_says_what_it_passed_over() {
    let (mut rig, _disk) = rig();
    rig.look_for("de ad");
    let query = rig.session.finding().query.clone();
    rig.apply(Action::Find(FindAction::SetQuery(pagelens::session::find::Query {
        replacement: String::from("be ef"),
        ..query
    })));
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    assert!(rig.answer().starts_with("Replaced 48 matches"), "{}", rig.answer());
    assert!(passed_over(&rig).starts_with("4,096 bytes could not be read and were skipped"));
    assert_eq!(rig.tab().shown().changed_bytes(), 96);
}

#[test]
fn the_bytes_around_a_bad_block_can_be_seen_and_edited_and_those_in_it_typed_over() {
    let (mut rig, _disk) = rig();
    for at in [BAD.start() - 2, BAD.end()] {
        rig.go(&at.to_string());
        rig.type_text("aa");
    }
    rig.go(&(BAD.start() + 5).to_string());
    rig.show();
    let fault = rig.tab().fault().expect("it can't be read");
    assert!(BAD.contains(fault.span().start()) && fault.to_string().contains("Input/output error"));
    // A digit needs the other half of its byte; a whole byte does not.
    rig.type_text("a");
    assert_eq!(rig.tab().shown().changed_bytes(), 2);
    rig.select(BAD.start() + 5, BAD.start() + 9);
    rig.apply(Action::Answer(Answer::Fill(String::from("11 22"))));
    let mut bytes = [0; 4];
    assert_eq!(rig.tab().shown().read_at(BAD.start() + 5, &mut bytes), Ok(()));
    assert_eq!((bytes, rig.tab().shown().changed_bytes()), ([0x11, 0x22, 0x11, 0x22], 6));
}

#[test]
fn read_again_shows_what_can_be_read_by_now() {
    let (mut rig, disk) = rig();
    rig.go(&BAD.start().to_string());
    rig.show();
    assert!(rig.tab().fault().is_some());
    disk.mend();
    rig.show();
    assert!(rig.tab().fault().is_some(), "not before it is asked for");
    rig.run(Command::ReadAgain);
    rig.show();
    assert_eq!(rig.tab().fault(), None);
    rig.type_text("aa");
    assert_eq!(rig.tab().shown().changed_bytes(), 1);
}
