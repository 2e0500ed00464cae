//! The start: the first frame is the one that stays, the window fits the screen, and tabs outlive a kill.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::app::{App, kept_folder};
use super::display::{Display, SCREEN, end, wait_for};
use super::picture::Picture;

/// So long after the last change the screen counts as still.
const STILL: Duration = Duration::from_secs(2);
/// Longer than any start takes.
const MOST: Duration = Duration::from_secs(60);

/// Every picture that the screen shows from the start of the program until it has been still for a while.
fn pictures(display: &Display, arguments: &[&Path]) -> Vec<Picture> {
    let mut seen = vec![display.picture()];
    let mut process = display
        .command(env!("CARGO_BIN_EXE_pagelens"))
        .args(arguments)
        .env("LIBGL_ALWAYS_SOFTWARE", "1")
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(display.path("stderr")).unwrap())
        .spawn()
        .unwrap();
    // The clock only decides when to stop looking: the screen stands still by then, or never.
    let (begun, mut last, mut is_up) = (Instant::now(), Instant::now(), false);
    while (!is_up || last.elapsed() < STILL) && begun.elapsed() < MOST {
        assert!(process.try_wait().unwrap().is_none(), "the program ended");
        let now = display.picture();
        if seen.last() != Some(&now) {
            last = Instant::now();
            is_up |= seen[0].difference(&now) > SCREEN.0 * SCREEN.1 / 2;
            seen.push(now);
        }
    }
    assert!(is_up, "no window came up");
    end(&mut process);
    seen
}

/// A picture may be taken while the server draws; then each of its pixels is as before or as it stays.
fn assert_first_is_last(name: &str, seen: &[Picture]) {
    let last = seen.last().unwrap();
    let pixels = last.pixels.len();
    let first = seen.iter().position(|picture| picture.difference(last) < pixels / 2).unwrap();
    let before = &seen[first - 1];
    for (number, picture) in seen.iter().enumerate().skip(first) {
        let colors = picture.pixels.iter().zip(&before.pixels).zip(&last.pixels);
        let strange = colors.filter(|((now, before), last)| now != last && now != before).count();
        if strange > 0 {
            for (number, picture) in seen.iter().enumerate() {
                picture.save(&kept_folder().join(format!("first-frame-{name}-{number}.png")));
            }
            panic!("{name}: {strange} pixels of picture {number} of {} change again", seen.len());
        }
    }
}

#[test]
fn the_first_frame_is_the_one_that_stays() {
    let display = Display::with_windows_as_they_like();
    // The pointer rests over the bytes.
    display.xdotool(&["mousemove", "400", "400"]);
    let bytes = display.path("dump.bin");
    std::fs::write(&bytes, (0..60_000_u32).flat_map(|n| (n * n).to_le_bytes()).collect::<Vec<u8>>()).unwrap();
    assert_first_is_last("bytes", &pictures(&display, &[&bytes]));

    let mut header = String::from("{'descr': '<f8', 'fortran_order': False, 'shape': (300, 40), }");
    header.push_str(&" ".repeat(128 - 10 - header.len() - 1));
    header.push('\n');
    let mut array = b"\x93NUMPY\x01\x00".to_vec();
    array.extend((header.len() as u16).to_le_bytes());
    array.extend(header.bytes());
    array.extend((0..12_000).flat_map(|n| (f64::from(n) / 7.0).to_le_bytes()));
    let path = display.path("array.npy");
    std::fs::write(&path, array).unwrap();
    assert_first_is_last("array", &pictures(&display, &[&path]));
    // With the tabs of last time, a caret far down and both panes.
    assert_first_is_last("restart", &pictures(&display, &[]));
}

/// The window is on the screen with its frame, and comes back in the size and at the place that it was given.
#[test]
fn the_window_fits_the_screen_and_comes_back_where_it_was() {
    let display = Display::with_windows_as_they_like();
    let app = App::start(&display, [""; 0]);
    let (x, y, width, height) = app.geometry();
    assert!(x >= 0 && y >= 0 && x + width <= SCREEN.0 as i32 && y + height <= SCREEN.1 as i32);
    app.reshape(120, 90, 700, 500);
    app.see();
    let before = app.geometry();
    assert!(app.close().success());
    let app = App::start(&display, [""; 0]);
    assert_eq!(app.geometry(), before);
    assert!(app.close().success());
}

/// As at the end of a desktop's session: nobody asks the window to close.
/// Whether this process ignores SIGHUP, which its children inherit.
fn ignores_hangups() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap();
    u64::from_str_radix(mask.trim(), 16).unwrap() & 1 != 0
}

#[test]
fn tabs_outlive_a_signal() {
    let display = Display::start();
    for name in ["first.bin", "second.bin"] {
        std::fs::write(display.path(name), name).unwrap();
    }
    for signal in ["-TERM", "-HUP"] {
        if signal == "-HUP" && ignores_hangups() {
            eprintln!(
                "NOT TESTED: SIGHUP is ignored here, as under nohup, and so by every program that is started"
            );
            continue;
        }
        let app = App::start(&display, [display.path("first.bin"), display.path("second.bin")]);
        wait_for("the tabs on the disk", || {
            let tabs = std::fs::read_to_string(display.path("state/tabs.toml")).ok()?;
            (tabs.contains("first.bin") && tabs.contains("second.bin")).then_some(())
        });
        let pid = app.id().to_string();
        // The shell has it built in.
        let sent = Command::new("sh").args(["-c", &format!("kill {signal} {pid}")]).status().unwrap();
        assert!(sent.success());
        app.wait();
        let app = App::start(&display, [""; 0]);
        assert!(app.title().contains("first.bin"), "{}", app.title());
        app.key("ctrl+Tab");
        app.see();
        assert!(app.title().contains("second.bin"), "{}", app.title());
        app.kill();
    }
}
