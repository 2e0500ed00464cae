//! The program in its real window, used as a person does: by keys, mouse and eyes.
//!
//! Input goes through the X server to whatever has the focus. When a test fails, what was on the screen and what the
//! program said are kept in `target/window`. Deliberately absent: any door into the program.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};

use super::display::{Display, end, wait_for};
use super::picture::Picture;

/// The program, with its window open.
pub struct App<'a> {
    display: &'a Display,
    process: Child,
    window: String,
}

impl<'a> App<'a> {
    /// Starts the program and waits until its window is there, has the focus and stands still.
    pub fn start<A: AsRef<OsStr>>(display: &'a Display, arguments: impl IntoIterator<Item = A>) -> Self {
        let words = std::fs::File::create(display.path("stderr")).unwrap();
        let process = display
            .command(env!("CARGO_BIN_EXE_pagelens"))
            .args(arguments)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .stdout(Stdio::null())
            .stderr(words)
            .spawn()
            .unwrap();
        let mut app = Self { display, process, window: String::new() };
        let pid = app.process.id().to_string();
        app.window = wait_for("the window", || {
            let ended = app.process.try_wait().unwrap();
            assert!(ended.is_none(), "the program ended without a window: {}", app.words());
            let found = display.try_xdotool(&["search", "--onlyvisible", "--pid", &pid])?;
            found.lines().next().map(str::to_owned)
        });
        wait_for("the focus", || (display.try_xdotool(&["getwindowfocus"])? == app.window).then_some(()));
        app.see();
        app
    }

    /// Presses keys together, named as xdotool does: `ctrl+g`, `Return`, `F3`.
    pub fn key(&self, keys: &str) {
        self.display.xdotool(&["key", "--clearmodifiers", keys]);
    }

    /// Presses one key after the other, as fast as the server takes them.
    pub fn keys(&self, keys: &[&str]) {
        let mut arguments = vec!["key", "--clearmodifiers", "--delay", "0"];
        arguments.extend(keys);
        self.display.xdotool(&arguments);
    }

    /// Types a text, character by character.
    pub fn type_text(&self, text: &str) {
        self.display.xdotool(&["type", "--clearmodifiers", "--delay", "15", "--", text]);
    }

    /// Clicks the left button at a place of the window, in pixels.
    pub fn click(&self, x: usize, y: usize) {
        self.button(x, y, "1", 1);
    }

    /// Turns the wheel there, downwards when `notches` is positive.
    pub fn scroll(&self, x: usize, y: usize, notches: i32) {
        let button = if notches > 0 { "5" } else { "4" };
        self.button(x, y, button, notches.unsigned_abs());
    }

    fn button(&self, x: usize, y: usize, button: &str, times: u32) {
        let (x, y, times) = (x.to_string(), y.to_string(), times.to_string());
        self.display.xdotool(&["mousemove", &x, &y]);
        self.display.xdotool(&["click", "--repeat", &times, "--delay", "20", button]);
    }

    /// What the window shows once it stands still.
    pub fn see(&self) -> Picture {
        self.display.still_picture()
    }

    /// The window's title.
    pub fn title(&self) -> String {
        self.display.try_xdotool(&["getwindowname", &self.window]).unwrap_or_default()
    }

    /// Waits until the file holds exactly these bytes.
    pub fn wait_for_file(&self, path: &Path, want: &[u8]) {
        wait_for(&format!("{} to be as expected", path.display()), || {
            (std::fs::read(path).ok()? == want).then_some(())
        });
    }

    /// What the program printed so far.
    pub fn words(&self) -> String {
        std::fs::read_to_string(self.display.path("stderr")).unwrap_or_default()
    }

    /// Left, top, width and height of the window without its frame, in pixels.
    pub fn geometry(&self) -> (i32, i32, i32, i32) {
        let words = self.display.xdotool(&["getwindowgeometry", "--shell", &self.window]);
        let number = |name: &str| {
            let line = words.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            line.unwrap().parse().unwrap()
        };
        (number("X"), number("Y"), number("WIDTH"), number("HEIGHT"))
    }

    /// Gives the window another place and size.
    pub fn reshape(&self, x: usize, y: usize, width: usize, height: usize) {
        let [x, y, width, height] = [x, y, width, height].map(|number| number.to_string());
        self.display.xdotool(&["windowsize", "--sync", &self.window, &width, &height]);
        self.display.xdotool(&["windowmove", "--sync", &self.window, &x, &y]);
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Waits for the program to end, whatever ended it.
    pub fn wait(mut self) {
        wait_for("the program's end", || self.process.try_wait().unwrap());
    }

    /// Ends the program as the system does when it has to: at once, without a word.
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Asks the window to close, as its frame's button does, and waits for the program to end.
    pub fn close(mut self) -> ExitStatus {
        self.key("alt+F4");
        wait_for("the program's end", || self.process.try_wait().unwrap())
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let folder = kept_folder();
            let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
            self.display.picture().save(&folder.join(format!("{name}.png")));
            eprintln!("the program said: {}\nthe screen is in {}", self.words(), folder.display());
        }
        end(&mut self.process);
    }
}

/// The folder for pictures that outlive a test.
pub fn kept_folder() -> PathBuf {
    let binary = Path::new(env!("CARGO_BIN_EXE_pagelens"));
    let folder = binary.ancestors().nth(2).unwrap().join("window");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
