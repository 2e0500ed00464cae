//! What outlives the program: settings, recent files, the open tabs.

use super::arrays_of_tests::{f4, npy, npz};
use super::notation::press;
use super::rig::Rig;
use super::unsaved::{on, wait_for_logs};
use pagelens::decode::Encoding;
use pagelens::job::no_waker;
use pagelens::session::arrays::{Axes, BarField, Room};
use pagelens::session::panes::ValuesFormat;
use pagelens::session::view::{Columns, RowsArea, ViewFormat, Viewport};
use pagelens::session::{
    Action, Arrangement, ArrayRequest, Command, OpenAction, OpenOptions, PaneAction, PaneKey, PaneKind,
    Remembered, Session, TableAction,
};
use pagelens::state::{Folders, OpenTab, OpenTabs, Settings, ThemeChoice};
use std::path::Path;

/// A session with what the state folder remembers, once all of it is there.
pub(super) fn start(state: &Path) -> Rig {
    let remembered = Remembered::load(Some(Folders::all_in(state)));
    let mut rig = Rig::with_session(Session::new(remembered, no_waker()));
    rig.settle();
    // Headers are read, and arrays come back, a little later.
    rig.wait_until("all that was open is there", Session::is_at_rest);
    rig
}

#[test]
fn the_tabs_are_as_they_were_left() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin", "c.bin"] {
        rig.write(name, &[0; 100_000]);
        rig.open(name);
    }
    rig.run(Command::NewFile);
    press(&mut rig, "41");
    rig.run(Command::PreviousTab);
    rig.run(Command::PreviousTab);
    assert_eq!(rig.tab().title, "b.bin");
    let dtype = ">u4".parse().expect("a type");
    rig.apply(Action::Pane(PaneAction::ValuesFormat {
        pane: PaneKey::TYPED,
        format: ValuesFormat { dtype, ..rig.tab().values().format },
    }));
    let text = Some(Encoding::Utf16Le);
    rig.apply(Action::Pane(PaneAction::Format {
        pane: PaneKey::BYTES,
        format: ViewFormat { text, ..rig.tab().hex().format.clone() },
    }));
    rig.run(Command::ShowBoth);
    rig.go("50000");
    rig.run(Command::ToggleLock);
    let top = rig.tab().hex().viewport.top;
    rig.session.keep_at_end().expect("kept");

    let next = start(state.path());
    assert_eq!(next.titles(), ["a.bin", "b.bin", "c.bin"], "what is in no file is not there");
    let tab = next.tab();
    assert_eq!((tab.title.as_str(), tab.caret(), tab.locked), ("b.bin", 50_000, true));
    assert_eq!(
        (Some(tab.values().format.dtype), tab.hex().format.text),
        (">u4".parse().ok(), Some(Encoding::Utf16Le))
    );
    assert!(tab.shows(true, true));
    assert_eq!(tab.hex().viewport.top, top);
    assert!(!next.session.tabs()[0].locked);
}

/// As after a kill: nobody asked for the end.
fn left_behind(state: &Path) -> Vec<String> {
    let tabs = OpenTabs::load(&Folders::all_in(state)).value.tabs;
    let name =
        |tab: &OpenTab| tab.location.as_path().file_name().map(|name| name.to_string_lossy().into_owned());
    tabs.iter().filter_map(name).collect()
}

#[test]
fn tabs_are_remembered_as_soon_as_they_change() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin", "c.bin"] {
        rig.write(name, &[0; 1000]);
        rig.open(name);
    }
    rig.wait_until("they are on the disk", |_| left_behind(state.path()) == ["a.bin", "b.bin", "c.bin"]);
    let first = rig.session.tabs()[0].id;
    rig.apply(Action::Arrange(Arrangement::MoveTab { tab: first, to: 2 }));
    rig.wait_until("their order is", |_| left_behind(state.path()) == ["b.bin", "c.bin", "a.bin"]);
    rig.run(Command::ShowBoth);
    let panes = |_: &Session| {
        let tabs = OpenTabs::load(&Folders::all_in(state.path())).value;
        tabs.tabs.get(tabs.active).and_then(|tab| tab.panes.clone()) == Some("both".into())
    };
    rig.wait_until("so are the panes", panes);
    rig.go("500");
    let caret = |_: &Session| {
        let tabs = OpenTabs::load(&Folders::all_in(state.path())).value;
        tabs.tabs.get(tabs.active).is_some_and(|tab| tab.caret == 500)
    };
    rig.wait_until("and the caret, later", caret);
    rig.run(Command::CloseTab);
    rig.wait_until("one is gone", |_| left_behind(state.path()).len() == 2);
    let next = start(state.path());
    assert_eq!(next.titles(), left_behind(state.path()));
}

/// A file that does not answer must not cost the tabs of the others, nor its own.
#[test]
fn a_tab_that_is_still_being_opened_stays_remembered() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin"] {
        rig.write(name, &[0; 10]);
        rig.open(name);
    }
    rig.session.keep_at_end().expect("kept");
    let remembered = Remembered::load(Some(Folders::all_in(state.path())));
    let mut session = Session::new(remembered, no_waker());
    // No tick: nothing has been opened yet.
    session.keep_at_end().expect("kept");
    assert_eq!(left_behind(state.path()), ["a.bin", "b.bin"]);
}

#[test]
fn a_lock_that_another_program_keeps_holds_up_nothing() {
    let state = tempfile::tempdir().expect("a folder");
    let lock = std::fs::File::create(state.path().join("pagelens.lock")).expect("a file");
    lock.lock().expect("a lock");
    let mut rig = start(state.path());
    rig.write("a.bin", &[0; 10]);
    rig.open("a.bin");
    rig.run(Command::ThemeDark);
    let told = |session: &Session| {
        session.notices().shown(None).any(|notice| notice.text.contains("locked by another program"))
    };
    rig.session.tick();
    assert!(!told(&rig.session), "the window has waited for the lock itself");
    rig.wait_until("it is told", told);
    // The end waits shortly, not until the wait for the lock is given up.
    let error = rig.session.keep_at_end().expect_err("it is locked");
    assert!(error.contains("took too long"), "{error}");
    // The writer still waits. Without this it would write into the folder after the test has removed it.
    drop(lock);
    rig.wait_until("it is written once the lock is free", |_| left_behind(state.path()) == ["a.bin"]);
}

#[test]
fn panes_array_and_positions_come_back() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.bin", &(0..60_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
    rig.open("a.bin");
    let measure = |rig: &mut Rig| {
        let room = Room { row_height: 20.0, height: 500.0, width: 640.0, pitch: 8.0 };
        rig.apply(Action::Array(TableAction::Measured { room, seen: vec![] }.into()));
        let room = RowsArea { rows: 1, row_height: 20.0, height: 300.0 };
        rig.apply(Action::Pane(PaneAction::Measured { pane: PaneKey::BYTES, room, columns: 16 }));
    };
    rig.run(Command::ShowBoth);
    rig.run(Command::ArrayFromHere);
    measure(&mut rig);
    let bar = |field, text: &str| Action::Array(TableAction::Bar(field, text.to_owned()).into());
    for (field, text) in [
        (BarField::Dtype, "<u4"),
        (BarField::Offset, "0x10"),
        (BarField::Shape, "[50, 40, 20]"),
        (BarField::Slice, "[:, ::2]"),
    ] {
        rig.apply(bar(field, text));
    }
    rig.apply(Action::Array(
        TableAction::Axes(Axes { rows: Some(0), columns: Some(1), at: vec![0, 0, 7] }).into(),
    ));
    rig.apply(Action::Array(TableAction::Style("hex".parse().expect("a style")).into()));
    rig.apply(Action::Array(TableAction::Press { place: (30, 3), extend: false, clicks: 1 }.into()));
    let view = rig.tab().array().expect("an array");
    let (down, across) = (Viewport { top: 20, ..view.down }, Viewport { top: 4, ..view.across });
    rig.apply(Action::Array(TableAction::Scroll { down, across }.into()));
    let bytes = Viewport { top: 700, ..rig.tab().hex().viewport };
    rig.apply(Action::Pane(PaneAction::Scroll { pane: PaneKey::BYTES, viewport: bytes }));
    let before = rig.tab().array().expect("an array").clone();
    rig.session.keep_at_end().expect("kept");

    let mut next = start(state.path());
    measure(&mut next);
    let tab = next.tab();
    assert!(tab.shows(true, true) && tab.focus_kind() == PaneKind::Array, "{:?}", next.messages());
    let view = tab.array().expect("the array is there again");
    assert_eq!(view.bar, before.bar);
    assert_eq!(
        (view.table.axes(), view.style, view.block),
        (before.table.axes(), before.style, before.block)
    );
    assert_eq!((view.down.top, view.across.top), (20, 4));
    assert_eq!(tab.hex().viewport.top, 700);
    assert_eq!(tab.selected(), rig.tab().selected());
}

/// The array of last time is not there any more: the tab is remembered as it is now, not as it was then for ever.
#[test]
fn a_tab_whose_array_does_not_come_back_is_remembered_as_it_is() {
    let member = || npy("'<f4'", false, "(2, 2)", &f4(0..4));
    let damaged = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        // In the middle of what is packed, behind the name and the size.
        bytes[60..70].fill(0xff);
        bytes
    };
    let whole = npz(&[("packed", member(), true), ("plain", member(), false)]);
    for other in [npz(&[("plain", member(), false)]), damaged(&whole)] {
        let state = tempfile::tempdir().expect("a folder");
        let mut rig = start(state.path());
        rig.write("a.npz", &whole);
        let request = ArrayRequest { name: Some(String::from("packed")), ..ArrayRequest::default() };
        rig.open_with("a.npz", OpenOptions { array: Some(request), ..OpenOptions::default() });
        rig.wait_until("it is unpacked", |session| session.tab().is_some_and(|tab| tab.array().is_some()));
        rig.session.keep_at_end().expect("kept");
        let array_left = || OpenTabs::load(&Folders::all_in(state.path())).value.tabs[0].array.clone();
        assert!(array_left().is_some_and(|array| array.name.as_deref() == Some("packed")));

        std::fs::write(rig.path("a.npz"), &other).expect("written");
        let mut next = start(state.path());
        next.settle();
        assert!(next.tab().array().is_none());
        assert!(next.messages().concat().contains("packed"), "{:?}", next.messages());
        next.run(Command::ShowBytes);
        next.select(3, 3);
        next.session.keep_at_end().expect("kept");
        let left = OpenTabs::load(&Folders::all_in(state.path())).value.tabs[0].clone();
        assert_eq!((left.caret, left.array), (3, None));
    }
}

/// The user closed the array of the file; it does not come back by itself.
#[test]
fn an_array_that_was_closed_stays_closed_and_one_of_a_container_is_found_by_its_name() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.npy", "b.npy"] {
        let fixture = std::fs::read("tests/fixtures/formats/plain.npy").expect("a fixture");
        rig.write(name, &fixture);
        rig.open(name);
        rig.wait_until("its header was read", Session::has_read_headers);
        assert!(rig.tab().array().is_some());
    }
    rig.run(Command::CloseArray);
    rig.session.keep_at_end().expect("kept");
    let mut next = start(state.path());
    next.wait_until("headers were read", Session::has_read_headers);
    let shown: Vec<bool> = next.session.tabs().iter().map(|tab| tab.array().is_some()).collect();
    assert_eq!(shown, [true, false]);
}

/// Several names on the command line, of which some were open in the last session.
#[test]
fn what_is_asked_for_now_comes_before_the_last_session() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin"] {
        rig.write(name, &[0; 10]);
        rig.open(name);
    }
    rig.write("new.bin", &[0; 10]);
    rig.session.keep_at_end().expect("kept");

    let remembered = Remembered::load(Some(Folders::all_in(state.path())));
    let mut session = Session::new(remembered, no_waker());
    for (name, in_front) in [("new.bin", true), ("b.bin", false)] {
        let options = OpenOptions { in_front, read_only: true, ..OpenOptions::default() };
        session.open(rig.path(name), options);
    }
    let mut next = Rig::with_session(session);
    next.settle();
    assert_eq!(next.tab().title, "new.bin", "the tab in front of last time does not take the front");
    let locked: Vec<_> = next.session.tabs().iter().map(|tab| (tab.title.as_str(), tab.locked)).collect();
    assert_eq!(locked, [("a.bin", false), ("b.bin", true), ("new.bin", true)]);
}

#[test]
fn a_file_that_is_gone_is_told_and_the_others_open() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin"] {
        rig.write(name, &[0; 10]);
        rig.open(name);
    }
    rig.session.keep_at_end().expect("kept");
    std::fs::remove_file(rig.path("b.bin")).expect("removed");
    let next = start(state.path());
    assert_eq!(next.titles(), ["a.bin"]);
    assert!(next.messages()[0].contains("b.bin"), "{:?}", next.messages());
}

#[test]
fn tabs_are_not_restored_against_the_users_will() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    rig.write("a.bin", &[0; 10]);
    rig.open("a.bin");
    rig.session.change_settings(|settings| settings.restore_tabs = false);
    rig.session.keep_at_end().expect("kept");
    let next = start(state.path());
    assert!(next.titles().is_empty());
    assert_eq!(next.session.recent().len(), 1, "but it is remembered");
}

#[test]
fn recent_files_are_the_newest_first_with_their_places() {
    let state = tempfile::tempdir().expect("a folder");
    let mut rig = start(state.path());
    for name in ["a.bin", "b.bin"] {
        rig.write(name, &[0; 100]);
        rig.open(name);
        rig.go("40");
        rig.run(Command::CloseTab);
    }
    let names = |rig: &Rig| -> Vec<_> {
        let recent = rig.session.recent().iter();
        recent.map(|file| (file.path().file_name().map(|name| name.to_owned()), file.offset)).collect()
    };
    let expected = [(Some("b.bin".into()), 40), (Some("a.bin".into()), 40)];
    assert_eq!(names(&rig), expected);
    rig.session.keep_at_end().expect("kept");
    assert_eq!(names(&start(state.path())), expected);
}

#[test]
fn a_recent_file_that_is_gone_leaves_the_list_when_it_is_chosen() {
    let mut rig = Rig::on(&[1]);
    let path = rig.session.recent()[0].path().to_owned();
    rig.run(Command::CloseTab);
    std::fs::remove_file(&path).expect("removed");
    assert_eq!(rig.session.recent().len(), 1);
    rig.apply(Action::Open(OpenAction::Files(vec![path])));
    rig.settle();
    assert!(rig.session.recent().is_empty());
}

#[test]
fn what_the_user_chose_is_written_soon_and_found_again() {
    let state = tempfile::tempdir().expect("a folder");
    let folders = Folders::all_in(state.path());
    let mut rig = start(state.path());
    rig.write("a.bin", &[0; 10]);
    rig.open("a.bin");
    for command in [Command::ThemeDark, Command::UpperCase, Command::ToggleChanges, Command::MoreColumns] {
        rig.run(command);
    }
    // Without the end of the program: it may be killed.
    rig.wait_until("the settings are on the disk", |_| {
        let settings = Settings::load(&folders).value;
        settings.theme == ThemeChoice::Dark && settings.columns == 17
    });
    let next = start(state.path());
    assert!(next.session.settings().upper_case && next.session.shows_panel(pagelens::session::CHANGES));
    let mut next = next;
    next.write("b.bin", &[0; 10]);
    next.open("b.bin");
    assert_eq!(next.tab().hex().format.columns, Columns::Fixed(17));
    assert!(next.tab().hex().format.upper);
}

#[test]
fn broken_settings_are_told_and_do_not_stop_the_start() {
    let state = tempfile::tempdir().expect("a folder");
    std::fs::write(state.path().join("settings.toml"), "theme = [").expect("written");
    let rig = start(state.path());
    assert!(rig.messages()[0].contains("settings.toml"), "{:?}", rig.messages());
    assert_eq!(*rig.session.settings(), Settings::default());
}

#[test]
fn a_state_folder_that_can_not_be_made_is_told_once() {
    let state = tempfile::tempdir().expect("a folder");
    std::fs::write(state.path().join("file"), "").expect("written");
    let mut rig = start(&state.path().join("file"));
    let told = |session: &Session| -> Vec<_> {
        let shown = session.notices().shown(None).filter(|notice| notice.text.contains("are not remembered"));
        shown.map(|notice| notice.id).collect()
    };
    rig.run(Command::ThemeDark);
    rig.wait_until("it is told", |session| !told(session).is_empty());
    let first = told(&rig.session);
    rig.run(Command::ThemeLight);
    rig.wait_until("it is told again", |session| told(session) != first);
    assert_eq!(told(&rig.session).len(), 1, "in the place of the first");
    assert!(rig.session.keep_at_end().is_err());
}

#[test]
fn a_lock_that_was_taken_back_does_not_return() {
    let mut rig = on(b"abc");
    rig.type_text("41");
    wait_for_logs(&mut rig, 1);
    rig.wait_until("the tabs are kept", Session::has_kept_state);
    let busy = std::fs::File::create(rig.path("state").join("pagelens.lock")).expect("a file");
    busy.lock().expect("a lock");
    rig.run(Command::ToggleLock);
    rig.session.tick();
    // The tabs with the lock are being written now, and the folder makes the writer wait.
    rig.run(Command::ToggleLock);
    rig.session.tick();
    drop(busy);
    rig.restart(1);
    rig.press_button("Restore");
    assert!(!rig.tab().locked);
    rig.run(Command::Undo);
    assert_eq!(rig.bytes(), b"abc");
}
