//! What others write where the user has edited is found before a save overwrites it, whatever the times say.
#![cfg(unix)]

use super::rig::Rig;
use crate::bytes::stores::DirtyMap;
use pagelens::session::{Action, Answer, Command, Dialog, ExternalAction, SaveAction, TabAction};
use std::fs::File;
use std::os::unix::fs::FileExt;

fn random_edit(random: &mut fastrand::Rng, rig: &mut Rig) {
    let len = rig.tab().len();
    let from = random.u64(0..len);
    let longest = if random.u8(0..8) == 0 { 6000 } else { 20 };
    let to = (from + random.u64(1..longest)).min(len);
    rig.select(from, to);
    if random.bool() {
        rig.show();
    }
    match random.u8(0..8) {
        0 => rig.run(Command::Delete),
        1 => rig.run(Command::Undo),
        2 => rig.run(Command::ToggleInsert),
        3 => {
            rig.select(from, from);
            rig.paste("c0 ff ee");
        }
        _ => rig.apply(Action::Answer(Answer::Fill(format!("{:02x}", random.u8(..))))),
    }
}

/// Who writes to the file, and what can be seen of that.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Writer {
    /// Nothing at all.
    ThroughAMap,
    /// The time of the attributes only.
    SetsTheTimeBack,
    /// All.
    Plain,
}

/// Writes other bytes at `places`.
fn write(writer: Writer, rig: &Rig, map: &mut DirtyMap, places: &[u64], theirs: &mut [u8]) {
    let path = rig.path("a.bin");
    let before = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("a time");
    let file = File::options().write(true).open(&path).expect("open to write");
    for &at in places {
        let byte = !theirs[at as usize];
        theirs[at as usize] = byte;
        match writer {
            Writer::ThroughAMap => map.store(at as usize, byte),
            Writer::SetsTheTimeBack | Writer::Plain => file.write_all_at(&[byte], at).expect("written"),
        }
    }
    if writer == Writer::SetsTheTimeBack {
        file.set_modified(before).expect("set back");
    }
}

#[test]
fn a_change_of_what_was_edited_over_is_found_by_every_save() {
    let seed = 16;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut rig = Rig::new();
    let (mut touched, mut spared) = (0, 0);
    for case in 0..1000 {
        let mut theirs: Vec<u8> = (0..random.usize(1..20_000)).map(|_| random.u8(..)).collect();
        rig.write("a.bin", &theirs);
        let mut map = DirtyMap::of(&rig.path("a.bin"));
        rig.open("a.bin");
        (0..random.usize(1..5)).for_each(|_| random_edit(&mut random, &mut rig));
        rig.take_notes();
        let edited_over = rig.tab().shown().replaced_spans();
        let writer = [Writer::ThroughAMap, Writer::SetsTheTimeBack, Writer::Plain][random.usize(0..3)];
        let places: Vec<u64> = (0..random.usize(1..4))
            .map(|_| match edited_over.get(random.usize(0..edited_over.len() + 1)) {
                Some(span) => random.u64(span.start()..span.end()),
                None => random.u64(0..theirs.len() as u64),
            })
            .collect();
        let before = theirs.clone();
        write(writer, &rig, &mut map, &places, &mut theirs);
        let differs = |at: &u64| theirs[*at as usize] != before[*at as usize];
        let touches =
            places.iter().any(|at| differs(at) && edited_over.iter().any(|span| span.contains(*at)));
        let what = format!("case {case}, seed {seed}, {writer:?} at {places:?} over {edited_over:?}");
        if rig.tab().is_modified() {
            rig.finish(Command::Save);
            if touches {
                assert!(rig.disk("a.bin") == theirs, "theirs was overwritten: {what}");
                assert!(rig.tab().is_modified() && !rig.messages().is_empty(), "{what}");
                touched += 1;
            } else if writer == Writer::ThroughAMap {
                assert!(
                    !rig.tab().is_modified(),
                    "{what}: {:?} {:?} {:?}",
                    rig.messages(),
                    rig.hint(),
                    rig.session.dialog()
                );
                assert!(rig.disk("a.bin") == rig.bytes(), "{what}");
                spared += 1;
            }
        }
        let id = rig.tab().id;
        rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    }
    println!("figure: edited places touched: {touched}, all found; others touched only: {spared}, all saved");
    assert!(touched > 300 && spared > 30, "{touched} {spared}");
}

#[test]
fn the_bytes_on_the_screen_are_what_was_edited_over() {
    let mut rig = Rig::new();
    rig.write("a.bin", &[7; 9000]);
    let mut map = DirtyMap::of(&rig.path("a.bin"));
    rig.open("a.bin");
    rig.show();
    map.store(3, 8);
    rig.select(3, 4);
    rig.apply(Action::Answer(Answer::Fill(String::from("aa"))));
    rig.take_notes();
    rig.finish(Command::Save);
    assert_eq!(rig.disk("a.bin")[..5], [7, 7, 7, 8, 7], "the user saw 7 and not 8: {:?}", rig.messages());
    assert!(rig.messages()[0].contains("1 byte in 1 place"), "{:?}", rig.messages());
}

#[test]
fn a_save_right_after_an_edit_finds_it_too() {
    let mut rig = Rig::new();
    rig.write("a.bin", &[7; 9000]);
    let mut map = DirtyMap::of(&rig.path("a.bin"));
    rig.open("a.bin");
    rig.show();
    map.store(3, 8);
    rig.select(3, 4);
    rig.apply(Action::Answer(Answer::Fill(String::from("aa"))));
    rig.run(Command::Save);
    rig.settle();
    assert_eq!(rig.disk("a.bin")[3], 8, "{:?}", rig.messages());
}

/// Saves, agreeing to a large save.
fn save_all(rig: &mut Rig) {
    rig.finish(Command::Save);
    let id = rig.tab().id;
    if rig.session.dialog() == Some(&Dialog::ConfirmSave(id)) {
        rig.apply(Action::Save(SaveAction::AsPlanned(id)));
        rig.settle();
    }
}

#[test]
fn edits_over_more_than_is_held_are_known_by_their_hashes() {
    const LEN: u64 = 40 << 20;
    let mut rig = Rig::new();
    File::create(rig.path("a.bin")).and_then(|file| file.set_len(LEN)).expect("a sparse file");
    // With two names it is written in place.
    std::fs::hard_link(rig.path("a.bin"), rig.path("b.bin")).expect("another name");
    let mut map = DirtyMap::of(&rig.path("a.bin"));
    rig.open("a.bin");
    rig.select(1000, LEN - 1);
    rig.apply(Action::Answer(Answer::Fill(String::from("55"))));
    rig.take_notes();
    // In what is held, in a run, in a run that lies over the border of two reads of a save, in the last run.
    for at in [1000, (30 << 20) + 5000, (20 << 20) + 1, LEN - 2] {
        map.store(at as usize, b'!');
        save_all(&mut rig);
        let mut byte = [0];
        File::open(rig.path("a.bin")).and_then(|file| file.read_exact_at(&mut byte, at)).expect("readable");
        assert!(byte == *b"!" && rig.tab().is_modified(), "{at:#x} was overwritten");
        assert!(rig.messages()[0].contains("in 1 place under them ha"), "{:?}", rig.messages());
        let id = rig.tab().id;
        rig.apply(Action::External(ExternalAction::KeepMine(id)));
    }
    save_all(&mut rig);
    assert!(!rig.tab().is_modified(), "{:?}", rig.messages());
}
