//! The window over AT-SPI, as Orca reads it: the tree of nodes and what is told when keys are pressed.
//!
//! `spoken.py` is the reader. It runs with the window on a session bus of its own, so that no screen reader of the
//! desktop is disturbed.

use super::display::Display;
use std::path::Path;
use std::process::{Command, Stdio};

/// Python with the bindings of AT-SPI: the system's, as they are no package of a virtual environment.
const PYTHON: &str = "/usr/bin/python3";

/// A session bus whose socket lies in the folder of the test; by itself the bus would leave it in the temporary folder.
const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=FOLDER</listen>
  <standard_session_servicedirs/>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

/// Why the test can't run here.
fn missing() -> Option<String> {
    let works = |command: &mut Command| {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|status| status.success())
    };
    let bindings = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi";
    if !works(Command::new("dbus-run-session").arg("--help")) {
        Some(String::from("dbus-run-session"))
    } else if !Path::new("/usr/share/dbus-1/services/org.a11y.Bus.service").exists() {
        Some(String::from("at-spi2-core"))
    } else if !works(Command::new(PYTHON).args(["-c", bindings])) {
        Some(String::from("python3-gi and gir1.2-atspi-2.0"))
    } else {
        None
    }
}

/// Runs a script that uses the program, on a session bus of its own. Says so loudly where that can't be.
fn run(script: &str, files: &[(&str, &[u8])]) {
    if let Some(missing) = missing() {
        eprintln!(
            "NOT TESTED: what a screen reader and the desktop's file dialog are told, for {missing} is not here. \
             scripts/test installs dbus-daemon, at-spi2-core, gir1.2-atspi-2.0 and python3-gi on Debian."
        );
        return;
    }
    let display = Display::start();
    let paths = files.iter().map(|(name, bytes)| {
        let path = display.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/window").join(script);
    let bus = display.path("bus.xml");
    std::fs::write(&bus, BUS.replace("FOLDER", &display.path("run").display().to_string())).unwrap();
    let output = display
        .command("dbus-run-session")
        .arg("--config-file")
        .arg(&bus)
        .args(["--", PYTHON, "-B"])
        .args([&script, Path::new(env!("CARGO_BIN_EXE_pagelens"))])
        .args(paths)
        .output()
        .unwrap();
    let (said, words) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("\"ok\""), "{said}\n{words}");
}

#[test]
fn a_screen_reader_is_told_cells_selection_typed_bytes_messages_menus_and_questions() {
    run("spoken.py", &[("words.bin", &b"Hello, world! ".repeat(40))]);
}

#[test]
fn the_desktops_file_dialog_that_fails_late_is_replaced_and_read_only_is_kept() {
    run("chooser.py", &[("words.bin", &[0; 64]), ("other.bin", &[1; 64])]);
}
