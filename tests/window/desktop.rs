//! A double-click on a file of an array, as a desktop understands it, starts the installed program with that file.

use super::display::{Display, wait_for};
use std::path::Path;
use std::process::{Command, Stdio};

/// The name under which windows of the program are known to the desktop: that of its entry in the menu.
const CLASS: &str = "org.pagelens.pagelens";

#[test]
fn a_double_click_on_an_array_opens_it() {
    let display = Display::start();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let on_the_desktop = |program: &str| {
        let mut command = display.command(program);
        command.current_dir(root).env("XDG_CURRENT_DESKTOP", "GNOME").env("LIBGL_ALWAYS_SOFTWARE", "1");
        command
    };
    // Not by pipes: what is started here may outlive the command, and would keep them open.
    let run = |command: &mut Command| {
        let words = std::fs::File::create(display.path("words")).unwrap();
        let status = command.stdout(Stdio::null()).stderr(words).status();
        let words = std::fs::read_to_string(display.path("words")).unwrap();
        assert!(status.is_ok_and(|status| status.success()), "{command:?}: {words}");
    };
    let program = env!("CARGO_BIN_EXE_pagelens");
    run(on_the_desktop("scripts/install").args(["--program", program]));
    let path = display.path("of two values.npy");
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    let bytes = [b"\x93NUMPY\x01\x00\x76\x00", format!("{header:<117}\n").as_bytes(), &[0; 8]].concat();
    std::fs::write(&path, bytes).unwrap();

    // What file managers do.
    run(on_the_desktop("xdg-open").arg(&path));
    let title = wait_for("a window with the file", || {
        let window = display.try_xdotool(&["search", "--onlyvisible", "--class", CLASS])?;
        let title = display.try_xdotool(&["getwindowname", window.lines().next()?])?;
        title.contains(".npy").then_some(title)
    });
    assert!(title.contains("of two values.npy"), "{title}");
    wait_for("the window's end", || {
        display.try_xdotool(&["key", "--clearmodifiers", "alt+F4"]);
        display.try_xdotool(&["search", "--onlyvisible", "--class", CLASS]).is_none().then_some(())
    });
    run(on_the_desktop("scripts/install").arg("--uninstall"));
}
