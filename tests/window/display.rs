//! A desktop of its own for a test: an X server without a screen, a window manager, an empty home folder.
//!
//! Every window fills the screen and has no frame, so a place in the window is a place on the screen. Whatever a test
//! starts here ends with the [`Display`], by its own process id. Deliberately absent: the program under test.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::picture::Picture;

/// Width and height of the screen in pixels.
pub const SCREEN: (usize, usize) = (1280, 800);

/// How long to wait for what must come. Only a hang takes so long: nothing is measured by it.
const PATIENCE: Duration = Duration::from_secs(60);

const OPENBOX: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew></focus>
  <keyboard><keybind key="A-F4"><action name="Close"/></keybind></keyboard>
  <applications><application class="*" type="normal">
    <decor>no</decor><maximized>yes</maximized><focus>yes</focus>
  </application></applications>
</openbox_config>
"#;

/// One desktop at a time: drawing without a graphics card takes every core.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// Held while a desktop is there.
pub fn turn() -> MutexGuard<'static, ()> {
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A desktop with nothing on it.
pub struct Display {
    number: String,
    folder: TempDir,
    processes: Vec<Child>,
    _turn: MutexGuard<'static, ()>,
}

impl Display {
    /// Starts the server and the window manager, and waits for both.
    pub fn start() -> Self {
        Self::with(OPENBOX)
    }

    /// The same, but windows come up in the size that they ask for.
    pub fn with_windows_as_they_like() -> Self {
        Self::with(&OPENBOX.replace("<maximized>yes</maximized>", ""))
    }

    fn with(openbox: &str) -> Self {
        let turn = turn();
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "state", "screen", "run"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("openbox.xml"), openbox).unwrap();

        let (server, number) = start_server(&folder.path().join("screen"));
        let mut display = Self { number, folder, processes: vec![server], _turn: turn };
        let manager = display
            .command("openbox")
            .args(["--sm-disable", "--config-file"])
            .arg(display.path("openbox.xml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        display.processes.push(manager.unwrap_or_else(|error| need("openbox", &error)));
        // A window manager that manages answers this.
        wait_for("the window manager", || display.try_xdotool(&["get_desktop"]));
        display
    }

    /// What programs on it are told by `DISPLAY`.
    pub fn name(&self) -> String {
        self.number.clone()
    }

    /// The folder for a test's files.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that knows only this desktop.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).env("DISPLAY", &self.number);
        for (name, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_RUNTIME_DIR", "run"),
            ("PAGELENS_STATE_DIR", "state"),
        ] {
            command.env(name, self.path(folder));
        }
        for name in ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs xdotool, which must succeed, and returns what it printed.
    pub fn xdotool(&self, arguments: &[&str]) -> String {
        self.try_xdotool(arguments).unwrap_or_else(|| panic!("xdotool {} failed", arguments.join(" ")))
    }

    /// Runs xdotool; `None` when it fails.
    pub fn try_xdotool(&self, arguments: &[&str]) -> Option<String> {
        let output = self.command("xdotool").args(arguments).output();
        let output = output.unwrap_or_else(|error| need("xdotool", &error));
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// What is on the screen now.
    pub fn picture(&self) -> Picture {
        // The server keeps its screen in this file.
        wait_for("a whole picture of the screen", || {
            Picture::from_xwd(&std::fs::read(self.path("screen/Xvfb_screen0")).ok()?)
        })
    }

    /// What is on the screen once it no longer changes.
    pub fn still_picture(&self) -> Picture {
        let mut last = self.picture();
        wait_for("a screen that stays the same", || {
            std::thread::sleep(Duration::from_millis(150));
            let now = self.picture();
            let still = (now == last).then(|| now.clone());
            last = now;
            still
        })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            end(process);
        }
        // The services of a session bus end only after their screen, and write into these folders until then.
        let start = Instant::now();
        while self.folder.path().exists() && std::fs::remove_dir_all(self.folder.path()).is_err() {
            if start.elapsed() > PATIENCE {
                eprintln!("{} can't be removed", self.folder.path().display());
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

/// Ends a process that this test started, and only that.
pub fn end(process: &mut Child) {
    // It may have ended by itself; then there is nothing to end.
    drop(process.kill());
    drop(process.wait());
}

/// Asks until there is an answer.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Starts an X server on a number that is free, and returns it with its name.
fn start_server(screen_folder: &Path) -> (Child, String) {
    let (width, height) = SCREEN;
    let mut server = Command::new("Xvfb")
        // Without a pointer: the server removes it from the screen while it draws there, and a picture may be taken
        // then.
        .args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-nocursor", "-screen", "0"])
        .arg(format!("{width}x{height}x24"))
        .arg("-fbdir")
        .arg(screen_folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| need("Xvfb", &error));
    let mut number = String::new();
    let output = server.stdout.take().unwrap();
    BufReader::new(output).read_line(&mut number).unwrap();
    assert!(!number.trim().is_empty(), "Xvfb ended without a display");
    (server, format!(":{}", number.trim()))
}

fn need(tool: &str, error: &std::io::Error) -> ! {
    panic!(
        "the tests of the real window need {tool} ({error}); scripts/test installs xvfb, openbox and xdotool"
    )
}
