//! The clipboards of a real desktop, with another program at their other end.

use super::app::App;
use super::display::{Display, wait_for};
use std::io::Write;
use std::process::Stdio;

/// What another program gets of this kind.
fn taken(display: &Display, selection: &str, kind: &str) -> Vec<u8> {
    let arguments = ["-selection", selection, "-t", kind, "-o"];
    display.command("xclip").args(arguments).output().expect("xclip is installed").stdout
}

/// Another program copies something.
fn give(display: &Display, selection: &str, kind: &str, bytes: &[u8]) {
    let arguments = ["-selection", selection, "-t", kind, "-i"];
    let mut xclip = display.command("xclip");
    xclip.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = xclip.spawn().expect("xclip is installed");
    child.stdin.take().expect("piped").write_all(bytes).expect("written");
    assert!(child.wait().expect("it goes to the background").success());
    wait_for("the other program to own the clipboard", || {
        (taken(display, selection, kind) == bytes).then_some(())
    });
}

fn wait_for_clip(display: &Display, selection: &str, kind: &str, bytes: &[u8]) {
    wait_for("the clip", || (taken(display, selection, kind) == bytes).then_some(()));
}

#[test]
fn bytes_and_text_go_both_ways() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, b"Hel\r\n\x80\xff\0 world").unwrap();
    let app = App::start(&display, [&path]);
    app.see();
    app.keys(&["shift+Right"; 8]);
    app.key("ctrl+c");
    wait_for_clip(&display, "clipboard", "application/octet-stream", b"Hel\r\n\x80\xff\0");
    wait_for_clip(&display, "clipboard", "UTF8_STRING", b"48 65 6c 0d 0a 80 ff 00");
    wait_for_clip(&display, "primary", "application/octet-stream", b"Hel\r\n\x80\xff\0");
    give(&display, "clipboard", "application/octet-stream", b"\xde\xad\r\n\xbe\xef");
    // What is typed right behind the paste comes after it.
    app.keys(&["ctrl+Home", "ctrl+v", "1", "2", "ctrl+s"]);
    app.wait_for_file(&path, b"\x12\xad\r\n\xbe\xef\xff\0 world");
    // Hex of another program, into a field and into the bytes.
    give(&display, "clipboard", "UTF8_STRING", b"0x2");
    app.keys(&["ctrl+g", "ctrl+v", "Return"]);
    app.see();
    give(&display, "clipboard", "UTF8_STRING", b"{0x41, 0x42}");
    app.keys(&["ctrl+v", "ctrl+s"]);
    app.wait_for_file(&path, b"\x12\xadAB\xbe\xef\xff\0 world");
    assert!(app.close().success());
}

#[test]
fn long_contents_go_in_pieces() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, b"").unwrap();
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let app = App::start(&display, [&path]);
    app.see();
    give(&display, "clipboard", "application/octet-stream", &bytes);
    app.keys(&["ctrl+v", "ctrl+s"]);
    app.wait_for_file(&path, &bytes);
    app.keys(&["ctrl+a", "ctrl+c"]);
    wait_for_clip(&display, "clipboard", "application/octet-stream", &bytes);
    assert!(app.close().success());
}
