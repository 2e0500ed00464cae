//! Files that are opened, browsed, searched, edited and closed without a save: not a byte, not a time of them changes.
#![cfg(unix)]

use super::notation::press;
use super::rig::Rig;
use pagelens::session::find::Reach;
use pagelens::session::{Action, Answer, Command, ExternalAction, FindAction, TabAction};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Stdio};

/// All that a write, or an open that creates or truncates, would change.
#[derive(Debug, PartialEq)]
struct State {
    bytes: Vec<u8>,
    inode: u64,
    mode: u32,
    modified: (i64, i64),
    changed: (i64, i64),
}

fn state(path: &Path) -> State {
    let metadata = std::fs::metadata(path).expect("the file is there");
    State {
        bytes: std::fs::read(path).expect("readable"),
        inode: metadata.ino(),
        mode: metadata.mode(),
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        changed: (metadata.ctime(), metadata.ctime_nsec()),
    }
}

fn names(rig: &Rig) -> Vec<std::ffi::OsString> {
    let folder = rig.path("a.bin").parent().expect("a folder").to_owned();
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name())
        .collect();
    names.sort();
    names
}

/// Looks at all there is to see.
fn browse(rig: &mut Rig) {
    rig.show();
    for command in [Command::ShowBoth, Command::GoEnd, Command::UpperCase, Command::DecimalOffsets] {
        rig.finish(command);
        rig.show();
    }
    rig.go("0x10");
    rig.show();
    rig.look_for("00 00");
    rig.finish(Command::FindAll);
    rig.finish(Command::FindNext);
    rig.finish(Command::Follow);
    rig.finish(Command::ReadAgain);
    rig.apply(Action::External(ExternalAction::CameBack));
    rig.settle();
    rig.select(0, 16);
    rig.copied();
    rig.finish(Command::Reload);
}

fn edit(rig: &mut Rig) {
    press(rig, "aa bb Insert cc Ctrl+End dd");
    rig.select(3, 9);
    rig.apply(Action::Answer(Answer::Fill(String::from("77"))));
    rig.look_for("00");
    rig.apply(Action::Find(FindAction::ReplaceAll(Reach::File)));
    rig.settle();
    rig.run(Command::Undo);
    rig.take_notes();
}

#[test]
fn a_file_that_is_opened_browsed_and_closed_is_not_touched() {
    for mode in [0o644, 0o444, 0o600] {
        let mut rig = Rig::new();
        rig.write("a.bin", &(0..50_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        std::fs::set_permissions(rig.path("a.bin"), PermissionsExt::from_mode(mode)).expect("a mode");
        let (before, names_before) = (state(&rig.path("a.bin")), names(&rig));
        rig.open("a.bin");
        browse(&mut rig);
        rig.finish(Command::CloseTab);
        assert!(state(&rig.path("a.bin")) == before, "mode {mode:o}");
        assert_eq!(names(&rig), names_before, "nothing was put beside it");
    }
}

#[test]
fn not_a_byte_reaches_the_file_before_a_save() {
    let mut rig = Rig::new();
    rig.write("a.bin", &(0..50_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    let (before, names_before) = (state(&rig.path("a.bin")), names(&rig));
    rig.open("a.bin");
    browse(&mut rig);
    edit(&mut rig);
    browse_edited(&mut rig);
    assert!(rig.tab().is_modified());
    assert!(state(&rig.path("a.bin")) == before, "while it is open");
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    assert!(state(&rig.path("a.bin")) == before, "and closed");
    assert_eq!(names(&rig), names_before, "nothing was put beside it");
}

/// Once more over what was edited; a reload would ask.
fn browse_edited(rig: &mut Rig) {
    for command in [Command::GoStart, Command::NextChange, Command::PreviousChange, Command::GoEnd] {
        rig.finish(command);
        rig.show();
    }
    rig.finish(Command::ShowSavePlan);
    rig.apply(Action::Escape);
    rig.settle();
}

/// A program that runs from its file, so that the system refuses to open the file for writing, to anybody.
struct Running(Child);

impl Running {
    fn start(path: &Path) -> Option<Self> {
        let sleep = ["/bin/sleep", "/usr/bin/sleep"].into_iter().find(|path| Path::new(path).exists())?;
        std::fs::copy(sleep, path).ok()?;
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).ok()?;
        let child = std::process::Command::new(path).arg("600").stdin(Stdio::null()).spawn().ok()?;
        Some(Self(child))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_file_that_may_not_be_opened_for_writing_is_not_touched() {
    let mut rig = Rig::new();
    let Some(_running) = Running::start(&rig.path("a.bin")) else {
        println!("SKIPPED: no program can be run from the temporary folder");
        return;
    };
    let refused = std::fs::File::options().read(true).write(true).open(rig.path("a.bin"));
    if refused.is_ok() {
        println!("SKIPPED: this system lets programs be written to that run");
        return;
    }
    let before = state(&rig.path("a.bin"));
    rig.open("a.bin");
    browse(&mut rig);
    edit(&mut rig);
    let id = rig.tab().id;
    rig.apply(Action::Tab(TabAction::DiscardAndClose(id)));
    assert!(state(&rig.path("a.bin")) == before);
    rig.open("a.bin");
    rig.show();
    press(&mut rig, "aa");
    rig.finish(Command::Save);
    assert!(state(&rig.path("a.bin")) == before, "also when a save is refused: {:?}", rig.messages());
    assert!(rig.tab().is_modified() && !rig.messages().is_empty());
}
