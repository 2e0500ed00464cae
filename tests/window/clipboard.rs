//! The clipboards of a real desktop, with another program at their other end.

use super::app::App;
use super::display::{Display, wait_for};
use std::io::Write;
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::Duration;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ChangeWindowAttributesAux, ConnectionExt, CreateWindowAux, EventMask, PropMode, Property,
    SELECTION_NOTIFY_EVENT, SelectionNotifyEvent, WindowClass,
};
use x11rb::wrapper::ConnectionExt as _;

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

/// Another program that owns the clipboard and hands over its bytes one by one, with a pause before each; it ends when
/// it has handed over all.
fn give_slowly(display: &Display, bytes: &'static [u8], pause: Duration) -> JoinHandle<()> {
    let (name, (is_owner, owns)) = (display.name(), channel());
    let program = std::thread::spawn(move || {
        let (link, screen) = x11rb::connect(Some(&name)).unwrap();
        let window = link.generate_id().unwrap();
        let (root, plain) = (link.setup().roots[screen].root, CreateWindowAux::new());
        link.create_window(0, window, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &plain).unwrap();
        let atom = |name: &str| link.intern_atom(false, name.as_bytes()).unwrap().reply().unwrap().atom;
        let [board, targets, in_pieces, kind] =
            ["CLIPBOARD", "TARGETS", "INCR", "application/octet-stream"].map(atom);
        link.set_selection_owner(window, board, x11rb::CURRENT_TIME).unwrap().check().unwrap();
        is_owner.send(()).unwrap();
        let mut rest = bytes.chunks(1);
        loop {
            match link.wait_for_event().unwrap() {
                Event::SelectionRequest(ask) => {
                    let (to, place) = (ask.requestor, ask.property);
                    if ask.target == targets {
                        link.change_property32(PropMode::REPLACE, to, place, AtomEnum::ATOM, &[kind])
                            .unwrap();
                    } else {
                        let watch = ChangeWindowAttributesAux::new().event_mask(EventMask::PROPERTY_CHANGE);
                        link.change_window_attributes(to, &watch).unwrap();
                        link.change_property32(PropMode::REPLACE, to, place, in_pieces, &[1]).unwrap();
                    }
                    let notice = SelectionNotifyEvent {
                        response_type: SELECTION_NOTIFY_EVENT,
                        sequence: 0,
                        time: ask.time,
                        requestor: to,
                        selection: board,
                        target: ask.target,
                        property: place,
                    };
                    link.send_event(false, to, EventMask::NO_EVENT, notice).unwrap().check().unwrap();
                }
                Event::PropertyNotify(event) if event.state == Property::DELETE => {
                    std::thread::sleep(pause);
                    let piece = rest.next().unwrap_or_default();
                    let (mode, to) = (PropMode::REPLACE, event.window);
                    // The window may have gone with its program.
                    let _ = link.change_property8(mode, to, event.atom, kind, piece).unwrap().check();
                    if piece.is_empty() {
                        return;
                    }
                }
                _ => {}
            }
        }
    });
    owns.recv().unwrap();
    program
}

#[test]
fn a_slow_program_is_waited_for_and_what_is_typed_goes_over_what_it_gave() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, b"").unwrap();
    let app = App::start(&display, [&path]);
    app.see();
    // Longer in all than a program may be silent.
    let program = give_slowly(&display, b"abcdef", Duration::from_millis(900));
    app.keys(&["ctrl+v", "3", "4", "ctrl+s"]);
    app.wait_for_file(&path, b"\x34bcdef");
    program.join().unwrap();
    assert!(app.close().success());
}

#[test]
fn the_middle_button_pastes_the_selection_of_another_program() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, [0; 4096]).unwrap();
    let app = App::start(&display, [&path]);
    app.see();
    give(&display, "primary", "application/octet-stream", b"\xde\xad\r\n");
    display.xdotool(&["mousemove", "400", "300", "click", "2"]);
    app.key("ctrl+s");
    wait_for("the bytes in the file", || {
        let bytes = std::fs::read(&path).ok()?;
        (bytes.windows(4).any(|part| part == b"\xde\xad\r\n") && bytes.len() == 4096).then_some(())
    });
    assert!(app.close().success());
}
