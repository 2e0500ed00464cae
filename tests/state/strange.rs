//! What others may put in the place of the state folder's files: pipes, locks that are kept, rights that are too wide.

use super::Home;
use pagelens::bytes::{FileIdentity, Origin};
use pagelens::save::RealDisk;
use pagelens::state::edit_log::find;
use pagelens::state::{OpenFile, OpenTabs, Presence, RecentFiles, Settings};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

fn make_pipe(path: &Path) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo is part of every Unix").success());
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).expect("it is there").permissions().mode() & 0o777
}

fn file() -> OpenFile {
    OpenFile::new(&Origin::new("/a", Some(FileIdentity::default())))
}

/// Opened as a file is, each of these would wait for ever for somebody at the other end.
#[test]
fn a_pipe_in_the_place_of_a_file_is_never_waited_for() {
    let home = Home::new();
    for name in ["settings.toml", "recent.toml", "tabs.toml"] {
        make_pipe(&home.file(name));
    }
    for message in [
        Settings::load(&home.folders).message,
        RecentFiles::load(&home.folders).message,
        OpenTabs::load(&home.folders).message,
    ] {
        let message = message.expect("it is said");
        assert!(message.contains("it is not a regular file"), "{message}");
    }
    Settings::default().save(&home.folders).expect("the pipe was set aside");
    make_pipe(&home.file("open/0123456789abcdef.77"));
    let asked = file();
    assert_eq!(Presence::others(&home.folders, &[&asked], &[]), [[0_u32; 0]]);
    make_pipe(&home.file("edits/0123456789abcdef.log"));
    let disk: Arc<dyn pagelens::save::Disk> = Arc::new(RealDisk);
    let found = find(&disk, &home.folders.edits(), &[]);
    assert_eq!(found.offers.len(), 0, "{:?}", found.messages);
}

#[test]
fn a_pipe_in_the_place_of_the_lock_is_said() {
    let home = Home::new();
    make_pipe(&home.file("pagelens.lock"));
    make_pipe(&home.file("open/pagelens.lock"));
    let error = Settings::default().save(&home.folders).expect_err("no lock").to_string();
    assert!(error.contains("pagelens.lock") && error.contains("not a regular file"), "{error}");
    assert!(Presence::announce(&home.folders, &[file()]).is_err());
}

#[test]
fn which_files_were_open_is_for_the_user_alone() {
    let home = Home::new();
    let mut recent = RecentFiles::default();
    recent.touch(Path::new("/secret"), 0, 1);
    recent.save(&home.folders).expect("saved");
    OpenTabs::default().save(&home.folders).expect("saved");
    let told = Presence::announce(&home.folders, &[file()]).expect("told");
    assert_eq!([home.folders.state(), &home.file("open")].map(mode), [0o700; 2]);
    assert_eq!(["recent.toml", "tabs.toml", "pagelens.lock"].map(|name| mode(&home.file(name))), [0o600; 3]);
    let entries = fs::read_dir(home.file("open")).expect("a folder");
    assert!(entries.map(|entry| mode(&entry.expect("an entry").path())).all(|mode| mode == 0o600));
    drop(told);
    // An earlier version let others read them.
    for (name, mode) in [("recent.toml", 0o644), ("tabs.toml", 0o664), ("open", 0o755)] {
        fs::set_permissions(home.file(name), Permissions::from_mode(mode)).expect("set");
    }
    home.folders.keep_to_the_user();
    assert_eq!(
        ["recent.toml", "tabs.toml", "open"].map(|name| mode(&home.file(name))),
        [0o600, 0o600, 0o700]
    );
    recent.save(&home.folders).expect("saved");
    assert_eq!(mode(&home.file("recent.toml")), 0o600);
}
