//! The program is killed while somebody types, and started again.

use super::app::App;
use super::display::Display;
use super::picture::Picture;

/// Pixels between two buttons, at least.
const GAP: usize = 5;

#[test]
fn edits_survive_a_kill_and_come_back_by_the_button_with_their_undo() {
    let display = Display::start();
    let path = display.path("dump.bin");
    std::fs::write(&path, [0; 4096]).unwrap();
    let app = App::start(&display, [&path]);
    app.key("ctrl+g");
    app.type_text("0x100");
    app.key("Return");
    app.see();
    app.type_text("c0ffee");
    app.see();
    app.kill();
    assert_eq!(std::fs::read(&path).unwrap(), [0; 4096], "nothing reaches the file before a save");

    let app = App::start(&display, [&path]);
    let (x, y) = button(&app.see(), 4);
    app.click(x, y);
    let restored = app.see();
    app.key("ctrl+s");
    let mut want = [0; 4096];
    want[0x100..0x103].copy_from_slice(&[0xc0, 0xff, 0xee]);
    app.wait_for_file(&path, &want);
    app.key("ctrl+z");
    assert!(app.see().difference(&restored) > 0);
    app.key("ctrl+s");
    app.wait_for_file(&path, &[0; 4096]);
    assert!(app.close().success());
    let logs = std::fs::read_dir(display.path("state/edits")).unwrap();
    assert_eq!(logs.count(), 0, "what ends in order leaves no logs");
}

/// The middle of the button of the first banner that is `nth` from its right edge, 0 being the last one.
fn button(picture: &Picture, nth: usize) -> (usize, usize) {
    // A warning has an amber edge at its left.
    let is_edge = |y: &usize| matches!(picture.at(1, *y), [200..=255, 120..=255, 0..=120]);
    let band: Vec<usize> = (0..picture.height).skip_while(|y| !is_edge(y)).take_while(is_edge).collect();
    let y = *band.get(band.len() / 2).expect("a banner");
    let ground = picture.at(8, y);
    let mut buttons: Vec<(usize, usize)> = Vec::new();
    for x in (0..picture.width).rev().filter(|x| picture.at(*x, y) != ground) {
        match buttons.last_mut().filter(|(start, _)| start - x < GAP) {
            Some((start, _)) => *start = x,
            None => buttons.push((x, x)),
        }
    }
    let (start, end) = buttons[nth];
    (start.midpoint(end), y)
}
