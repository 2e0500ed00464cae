//! The real window: the program is started on a desktop of its own and used by keys and mouse.
//!
//! Here stands only what no test below the window can show: that it opens, gets the keys, and that a saved byte is on
//! the disk; and what the program says when it can open no window.
#![cfg(target_os = "linux")]

mod app;
mod checkpoint;
mod clipboard;
mod desktop;
mod display;
mod picture;
mod spoken;
mod start;
mod unsaved;
mod wayland;

use std::process::{Command, Output};

use app::App;
use display::{Display, SCREEN};
use pagelens::bytes::Source;
use pagelens::bytes::file::FileSource;

#[test]
fn it_opens_fills_the_screen_and_closes() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, (0..=255).collect::<Vec<u8>>()).unwrap();
    let empty = display.picture();
    let app = App::start(&display, [&path]);
    let shown = app.see();
    assert_eq!((shown.width, shown.height), SCREEN);
    assert!(shown.difference(&empty) > SCREEN.0 * SCREEN.1 / 2, "the window does not fill the screen");
    assert!(app.title().contains("dump.bin"), "the title is {:?}", app.title());
    assert!(!app.words().contains("panicked"), "{}", app.words());
    assert!(app.close().success());
    assert_eq!(std::fs::read(&path).unwrap(), (0..=255).collect::<Vec<u8>>());
}

#[test]
fn bytes_typed_at_a_place_are_on_the_disk_after_save() {
    let display = Display::start();
    let path = display.path("dump.bin");
    let mut bytes = vec![0; 4096];
    std::fs::write(&path, &bytes).unwrap();
    let app = App::start(&display, [&path]);
    let before = app.see();

    app.key("ctrl+g");
    app.type_text("0x123");
    app.key("Return");
    app.type_text("c0ffee");
    let typed = app.see();
    assert!(typed.difference(&before) > 0, "typing shows nothing");
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file changed before it was saved");

    app.key("ctrl+s");
    bytes[0x123..0x126].copy_from_slice(&[0xc0, 0xff, 0xee]);
    app.wait_for_file(&path, &bytes);
    assert!(app.close().success(), "{}", app_words(&display));
}

/// What a user of a large file of numbers does: find a value, type another one, save.
#[test]
fn a_value_typed_into_a_cell_of_a_large_file_changes_just_its_bytes() {
    let display = Display::start();
    let path = display.path("large.f32");
    let len = 10_000_000_000;
    std::fs::File::create(&path).and_then(|file| file.set_len(len)).unwrap();
    let app = App::start(&display, ["--dtype".as_ref(), "<f4".as_ref(), path.as_os_str()]);
    app.see();
    app.key("ctrl+g");
    app.type_text("0x12345678");
    app.key("Return");
    app.type_text("-2.5e-3");
    app.key("Return");
    app.see();
    assert_eq!(changed_bytes(&path), [], "the file changed before it was saved");
    app.key("ctrl+s");
    let bytes = (-2.5e-3_f32).to_le_bytes();
    let want: Vec<(u64, u8)> = (0x1234_5678..).zip(bytes).collect();
    display::wait_for("the value on the disk", || (changed_bytes(&path) == want).then_some(()));
    assert_eq!(std::fs::metadata(&path).unwrap().len(), len);
    assert!(app.close().success(), "{}", app_words(&display));
}

/// The bytes of a sparse file that are not zero, with their offsets.
fn changed_bytes(path: &std::path::Path) -> Vec<(u64, u8)> {
    let source = FileSource::open(path).unwrap();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(span) = source.data_after(at) {
        for chunk in span.chunks(1 << 20) {
            let mut bytes = vec![0; chunk.len() as usize];
            source.read_at(chunk.start(), &mut bytes).unwrap();
            found.extend((chunk.start()..).zip(bytes).filter(|(_, byte)| *byte != 0));
        }
        if found.len() > 64 || span.end() == source.len() {
            break;
        }
        at = span.end();
    }
    found
}

/// Letters that are pressed with another key are commands of the window or of the desktop.
#[test]
fn letters_with_alt_or_super_write_nothing_and_alt_opens_a_menu() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, [0; 4096]).unwrap();
    let app = App::start(&display, [&path]);
    let before = app.see();
    app.key("alt+f");
    let menu = app.see();
    assert!(menu.difference(&before) > 5000, "Alt+F shows no menu");
    app.keys(&["Escape", "alt+e", "Escape", "super+a", "super+b", "ctrl+alt+c"]);
    app.see();
    assert!(app.title().starts_with("dump.bin"), "something was written: {:?}", app.title());
    app.keys(&["f", "e"]);
    display::wait_for("typed bytes", || app.title().starts_with('●').then_some(()));
}

/// Keys are taken in the order in which they were pressed, however fast.
#[test]
fn what_is_typed_right_before_save_is_saved_and_right_before_close_is_asked_for() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, [0; 64]).unwrap();
    let app = App::start(&display, [&path]);
    app.see();
    // One call, so that nothing waits between the keys.
    app.keys(&["1", "2", "3", "4", "5", "6", "ctrl+s"]);
    let mut want = vec![0x12, 0x34, 0x56];
    want.resize(64, 0);
    app.wait_for_file(&path, &want);
    app.keys(&["7", "8", "ctrl+w"]);
    app.see();
    app.key("Return");
    want[3] = 0x78;
    app.wait_for_file(&path, &want);
    assert!(app.close().success(), "{}", app_words(&display));
}

#[test]
fn mouse_and_wheel_reach_the_grid() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, (0..65536_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>()).unwrap();
    let app = App::start(&display, [&path]);
    let top = app.see();
    let (x, y) = (SCREEN.0 / 2, SCREEN.1 / 2);
    app.scroll(x, y, 5);
    let below = app.see();
    assert!(below.difference(&top) > 1000, "the wheel does not scroll");
    app.scroll(x, y, -10);
    app.click(x, y);
    let clicked = app.see();
    assert!(clicked.difference(&below) > 1000, "the wheel does not scroll back");
    app.key("Down");
    assert!(app.see().difference(&clicked) > 0, "the arrow keys do not move the caret");
    assert!(app.close().success(), "{}", app_words(&display));
}

fn app_words(display: &Display) -> String {
    std::fs::read_to_string(display.path("stderr")).unwrap_or_default()
}

/// Runs the program with no desktop, or with a library that can't be loaded.
fn run_without(prepare: impl FnOnce(&mut Command)) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    let state = tempfile::tempdir().unwrap();
    command.env("PAGELENS_STATE_DIR", state.path());
    prepare(&mut command);
    command.output().unwrap()
}

fn assert_says(output: &Output, wanted: &str) {
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "it ended as if all were well: {words}");
    assert!(output.status.code().is_some(), "a signal ended it: {words}");
    assert!(words.contains(wanted), "it says {words:?}, not {wanted:?}");
    assert!(!words.contains("panicked"), "{words}");
}

#[test]
fn without_a_desktop_it_says_so_and_ends() {
    assert_says(&run_without(|_| ()), "neither WAYLAND_DISPLAY nor DISPLAY is set");
}

#[test]
fn a_desktop_that_does_not_answer_is_named() {
    let output = run_without(|command| {
        command.env("DISPLAY", ":987654");
    });
    assert_says(&output, "can't open its window");
}

#[test]
fn a_missing_library_is_named_with_its_package() {
    let display = Display::start();
    for (file, package) in [("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"), ("libXi.so.6", "libxi6")] {
        // A file that is no library stands before the real one.
        let folder = tempfile::tempdir().unwrap();
        for name in [file, file.trim_end_matches(char::is_numeric).trim_end_matches('.')] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let mut command = display.command(env!("CARGO_BIN_EXE_pagelens"));
        let output = command.env("LD_LIBRARY_PATH", folder.path()).output().unwrap();
        assert_says(&output, package);
    }
}
