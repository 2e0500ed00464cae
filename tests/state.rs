//! Settings, recent files and open tabs: read back as written, never in the way of a start, never lost.

mod damage;
mod edits;
#[cfg(target_os = "linux")]
mod hostile;
mod life;
mod power;
#[cfg(unix)]
mod strange;

use pagelens::state::recent::MAX_FILES;
use pagelens::state::{
    Folders, OpenArray, OpenTab, OpenTabs, Panel, RecentFiles, Settings, ThemeChoice, WindowPlace,
};
use std::fs;
use std::path::{Path, PathBuf};

struct Home {
    folder: tempfile::TempDir,
    folders: Folders,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Not there yet: the first write makes it.
        let folders = Folders::all_in(folder.path().join("state"));
        Self { folder, folders }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join("state").join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.folders.state()).expect("made");
        fs::write(self.file(name), bytes).expect("written");
    }
}

#[test]
fn a_start_without_files_has_defaults_and_writes_nothing() {
    let home = Home::new();
    let settings = Settings::load(&home.folders);
    assert_eq!((settings.value, settings.message), (Settings::default(), None));
    assert!(RecentFiles::load(&home.folders).value.files().is_empty());
    assert_eq!(OpenTabs::load(&home.folders).value, OpenTabs::default());
    assert!(!home.folders.state().exists());
}

#[test]
fn settings_are_read_back_as_written_with_keys_of_other_versions() {
    let home = Home::new();
    home.put("settings.toml", "theme = \"dark\"\nfuture = [1, 2]\n[other-table]\nkey = 1.5\n");
    let mut settings = Settings::load(&home.folders).value;
    assert_eq!((settings.theme, settings.grouping), (ThemeChoice::Dark, Settings::default().grouping));
    settings.zoom = 1.25;
    settings.panels.insert("inspector".to_owned(), Panel { shown: false, width: 240.0 });
    settings.save(&home.folders).expect("saved");
    let text = fs::read_to_string(home.file("settings.toml")).expect("readable");
    assert!(text.contains("future") && text.contains("other-table"), "{text}");
    assert_eq!(Settings::load(&home.folders).value, settings);
}

#[test]
fn values_out_of_range_are_brought_into_it() {
    let home = Home::new();
    home.put("settings.toml", "zoom = nan\ncolumns = 4000000000\n[panels.search]\nwidth = -inf\n");
    let loaded = Settings::load(&home.folders);
    assert_eq!(loaded.message, None);
    assert_eq!((loaded.value.zoom, loaded.value.columns), (1.0, 4096));
    assert_eq!(loaded.value.panels["search"].width, 0.0);
}

#[test]
fn a_broken_file_is_set_aside_with_a_message_and_never_lost() {
    let home = Home::new();
    let broken: [&[u8]; 3] = [b"theme = [", b"zoom = \"large\"", b"\xff\xfe"];
    for (n, bytes) in broken.into_iter().enumerate() {
        home.put("settings.toml", bytes);
        let loaded = Settings::load(&home.folders);
        assert_eq!(loaded.value, Settings::default());
        let message = loaded.message.expect("a message");
        assert!(message.contains("settings.toml.broken"), "{message}");
        let aside = if n == 0 {
            "settings.toml.broken".to_owned()
        } else {
            format!("settings.toml.broken-{}", n + 1)
        };
        assert_eq!(fs::read(home.file(&aside)).expect("kept"), bytes);
        loaded.value.save(&home.folders).expect("saved");
    }
}

#[test]
fn recent_files_are_newest_first_once_each_and_not_too_many() {
    let mut recent = RecentFiles::default();
    for n in 0..MAX_FILES as u64 + 5 {
        recent.touch(&*format!("/file-{n}"), n, n);
    }
    recent.touch(Path::new("/file-20"), 99, 20_000);
    let files = recent.files();
    assert_eq!(files.len(), MAX_FILES);
    assert_eq!((files[0].path(), files[0].offset), (Path::new("/file-20"), 99));
    assert_eq!(files[1].path(), Path::new("/file-34"));
    assert_eq!(files.iter().filter(|file| file.path() == Path::new("/file-20")).count(), 1);
}

#[test]
fn of_two_uses_in_one_second_the_later_counts() {
    let mut recent = RecentFiles::default();
    recent.touch(Path::new("/a"), 1, 5);
    recent.touch(Path::new("/b"), 2, 5);
    recent.touch(Path::new("/a"), 3, 5);
    let files: Vec<_> = recent.files().iter().map(|file| (file.path().to_str(), file.offset)).collect();
    assert_eq!(files, [(Some("/a"), 3), (Some("/b"), 2)]);
}

#[test]
fn two_instances_keep_each_other_s_recent_files() {
    let home = Home::new();
    let (mut first, mut second) = (RecentFiles::default(), RecentFiles::default());
    first.touch(Path::new("/of-first"), 1, 10);
    first.touch(Path::new("/of-both"), 1, 11);
    second.touch(Path::new("/of-both"), 2, 12);
    second.touch(Path::new("/of-second"), 2, 13);
    first = first.save(&home.folders).expect("saved");
    second = second.save(&home.folders).expect("saved");
    let paths =
        |recent: &RecentFiles| recent.files().iter().map(|file| file.path().to_owned()).collect::<Vec<_>>();
    assert_eq!(paths(&second), ["/of-second", "/of-both", "/of-first"].map(PathBuf::from));
    assert_eq!(second.files()[1].offset, 2);
    // What one has taken out does not come back from the other's list on the disk.
    first.remove(Path::new("/of-both"), 20);
    first = first.save(&home.folders).expect("saved");
    assert_eq!(paths(&first), ["/of-second", "/of-first"].map(PathBuf::from));
    assert_eq!(paths(&RecentFiles::load(&home.folders).value), paths(&first));
}

#[test]
fn instances_that_write_at_the_same_time_lose_nothing() {
    let home = Home::new();
    std::thread::scope(|scope| {
        for n in 0..8_u64 {
            let folders = &home.folders;
            scope.spawn(move || {
                let mut recent = RecentFiles::default();
                recent.touch(&*format!("/file-{n}"), n, n);
                recent.save(folders).expect("saved");
            });
        }
    });
    let loaded = RecentFiles::load(&home.folders);
    assert_eq!((loaded.message, loaded.value.files().len()), (None, 8));
}

#[test]
fn a_missing_file_stays_in_the_list_and_is_flagged_when_looked_for() {
    let home = Home::new();
    home.put("here", b"");
    let mut recent = RecentFiles::default();
    recent.touch(home.file("here"), 0, 1);
    recent.touch(home.file("gone"), 0, 2);
    assert!(recent.files().iter().all(|file| file.missing.is_none()));
    recent.look_for_missing();
    let flags: Vec<_> = recent.files().iter().map(|file| file.missing).collect();
    assert_eq!(flags, [Some(true), Some(false)]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_and_an_offset_beyond_the_format_are_kept_as_well_as_can_be() {
    use std::os::unix::ffi::OsStrExt;
    let home = Home::new();
    let odd = Path::new(std::ffi::OsStr::from_bytes(b"/odd-\xff\"\n-name"));
    let mut recent = RecentFiles::default();
    recent.touch(odd, u64::MAX, 1);
    recent.save(&home.folders).expect("saved");
    let loaded = RecentFiles::load(&home.folders);
    assert_eq!(loaded.message, None);
    assert_eq!(loaded.value.files()[0].path(), odd);
    assert_eq!(loaded.value.files()[0].offset, i64::MAX as u64);
}

#[test]
fn tabs_are_read_back_as_written_and_the_front_one_exists() {
    let home = Home::new();
    let tab = OpenTab { location: "/a".into(), caret: 7, columns: Some(16), ..OpenTab::default() };
    let tabs = OpenTabs { active: 1, tabs: vec![OpenTab::default(), tab], ..OpenTabs::default() };
    tabs.save(&home.folders).expect("saved");
    assert_eq!(OpenTabs::load(&home.folders).value, tabs);
    home.put("tabs.toml", "active = 7\n[[tabs]]\npath = \"/a\"\n");
    assert_eq!(OpenTabs::load(&home.folders).value.active, 0);
}

/// What the versions up to 0.1 wrote; and what is written now, they read as well.
#[test]
fn recent_files_of_an_earlier_version_are_all_there() {
    let home = Home::new();
    let old = "[[files]]\npath = \"/a/b.bin\"\noffset = 7\nused = 9\n\n[[files]]\npath = \"/c\"\noffset = 0\nused = 8\n";
    home.put("recent.toml", old);
    let loaded = RecentFiles::load(&home.folders);
    assert_eq!(loaded.message, None);
    let of = |files: &RecentFiles| -> Vec<_> {
        files.files().iter().map(|file| (file.location.clone(), file.offset, file.used)).collect()
    };
    assert_eq!(of(&loaded.value), [("/a/b.bin".into(), 7, 9), ("/c".into(), 0, 8)]);
    loaded.value.save(&home.folders).expect("saved");
    let text = std::fs::read_to_string(home.file("recent.toml")).expect("written");
    assert!(text.contains("path = \"/a/b.bin\"") && text.contains("path = \"/c\""), "{text}");
    assert_eq!(of(&RecentFiles::load(&home.folders).value), of(&loaded.value));
}

/// What an earlier version wrote, and what a later one may.
#[test]
fn tabs_of_other_versions_are_read_as_far_as_they_are_understood() {
    let home = Home::new();
    let old = "active = 1\n[[tabs]]\npath = \"/a\"\ncaret = 5\ntop = 0\nread-only = false\n[[tabs]]\npath = \"/b\"\ndtype = \"<f4\"\nencoding = \"utf-8\"\nread-only = true\n";
    home.put("tabs.toml", old);
    let loaded = OpenTabs::load(&home.folders);
    assert_eq!((loaded.message, loaded.value.active, loaded.value.tabs.len()), (None, 1, 2));
    assert_eq!((loaded.value.tabs[0].caret, loaded.value.tabs[0].panes.as_deref()), (5, None));
    assert_eq!((loaded.value.tabs[1].dtype.as_deref(), loaded.value.tabs[1].read_only), (Some("<f4"), true));
    let new = "active = \"b\"\n[window]\nwidth = nan\nheight = -3\n[[tabs]]\npath = \"/a\"\npanes = 7\ncolumns = -1\nin-values = \"yes\"\nanchor = \"far\"\narray = { name = 5 }\nlater = 1\n";
    home.put("tabs.toml", new);
    let loaded = OpenTabs::load(&home.folders);
    assert_eq!((loaded.message, loaded.value.window), (None, None));
    assert_eq!(loaded.value.tabs, [OpenTab { location: "/a".into(), ..OpenTab::default() }]);
}

#[test]
fn a_tab_with_an_array_and_a_window_are_read_back_as_written() {
    let home = Home::new();
    let array = OpenArray {
        name: Some("w".into()),
        slice: Some("[::2]".into()),
        rows: Some(0),
        columns: Some(2),
        caret: vec![1, 2, 3],
        top: vec![1, 0, 0],
        left: 4,
        ..OpenArray::default()
    };
    let tab = OpenTab {
        location: "/a".into(),
        panes: Some("both".into()),
        in_values: true,
        array: Some(array),
        ..OpenTab::default()
    };
    let window = WindowPlace { width: 900.0, height: 600.0, x: Some(10.0), y: Some(20.0), maximized: true };
    let tabs = OpenTabs { active: 0, window: Some(window), tabs: vec![tab.clone(), tab] };
    tabs.save(&home.folders).expect("saved");
    assert_eq!(OpenTabs::load(&home.folders).value, tabs);
}

#[test]
fn a_folder_that_can_t_be_made_is_said() {
    let home = Home::new();
    fs::write(home.folder.path().join("state"), b"a file in the way").expect("written");
    let error = Settings::default().save(&home.folders).expect_err("refused");
    assert!(error.to_string().contains("PAGELENS_STATE_DIR"), "{error}");
}
