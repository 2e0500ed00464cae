//! The same program on Wayland: sway without a screen, keys by wtype, pictures by grim.
//!
//! Where one of these three is missing the tests say that they are skipped, and so does `scripts/test`. There is no
//! pointer here, as sway has none without a device; what the mouse does is tested on X11.

use super::display::{SCREEN, end, turn, wait_for};
use super::picture::Picture;
use std::ffi::OsStr;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::MutexGuard;
use tempfile::TempDir;

/// The name of the program's windows, which is that of its entry in the menu.
const APP_ID: &str = "org.pagelens.pagelens";

/// Sway does not run as root; nor does it have to.
const NOBODY: u32 = 65534;

struct Sway {
    folder: TempDir,
    /// Of the display, and of sway's own socket.
    names: (String, String),
    /// Sway, and who holds a keyboard: without one a new one gets no keys until the program has found it.
    processes: Vec<Child>,
    _turn: MutexGuard<'static, ()>,
}

impl Sway {
    /// `None`, said loudly, where a tool is missing.
    fn start() -> Option<Self> {
        for tool in ["sway", "wtype", "grim"] {
            if let Err(error) =
                Command::new(tool).arg("-h").stdout(Stdio::null()).stderr(Stdio::null()).status()
            {
                eprintln!("SKIPPED: Wayland is not tested, as {tool} is not here ({error})");
                return None;
            }
        }
        let turn = turn();
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "state", "run"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let (width, height) = SCREEN;
        let config = format!("output * resolution {width}x{height}\ndefault_border none\nxwayland disable\n");
        std::fs::write(folder.path().join("sway"), config).unwrap();
        let mut sway = Self { folder, names: Default::default(), processes: Vec::new(), _turn: turn };
        let server = sway.start_server();
        sway.processes.push(server);
        sway.names =
            wait_for("sway's sockets", || Some((sway.socket("wayland-")?, sway.socket("sway-ipc.")?)));
        let keyboard = sway.command("wtype").args(["-k", "F13", "-s", "1000000"]).spawn().unwrap();
        sway.processes.push(keyboard);
        Some(sway)
    }

    fn start_server(&self) -> Child {
        let mut server = self.command("sway");
        server.arg("-c").arg(self.path("sway")).stdout(Stdio::null()).stderr(Stdio::null());
        server
            .env("WLR_BACKENDS", "headless")
            .env("WLR_LIBINPUT_NO_DEVICES", "1")
            .env("WLR_RENDERER", "pixman");
        let is_root = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(self.path("run")).unwrap()) == 0;
        let mode = std::fs::Permissions::from_mode;
        std::fs::set_permissions(self.path("run"), mode(0o700)).unwrap();
        if is_root {
            std::os::unix::fs::chown(self.path("run"), Some(NOBODY), Some(NOBODY)).unwrap();
            std::fs::set_permissions(self.folder.path(), mode(0o755)).unwrap();
            server.uid(NOBODY).gid(NOBODY);
        }
        server.spawn().unwrap()
    }

    /// The name of a socket that begins so.
    fn socket(&self, start: &str) -> Option<String> {
        let entries = std::fs::read_dir(self.path("run")).ok()?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.into_iter().find(|name| name.starts_with(start) && !name.ends_with(".lock"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A command that knows only this desktop.
    fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.stdin(Stdio::null()).env("XDG_RUNTIME_DIR", self.path("run")).env("HOME", self.path("home"));
        command.env("PAGELENS_STATE_DIR", self.path("state")).env("LIBGL_ALWAYS_SOFTWARE", "1");
        for name in ["DISPLAY", "WAYLAND_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        for (name, value) in [("WAYLAND_DISPLAY", &self.names.0), ("SWAYSOCK", &self.names.1)] {
            match value.as_str() {
                "" => command.env_remove(name),
                // A path also for the display: whoever runs as another user has another folder.
                value => command.env(name, self.path("run").join(value)),
            };
        }
        command
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Vec<u8> {
        let output = self.command(program).args(arguments).output().unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {arguments:?} failed: {words}");
        output.stdout
    }

    /// What sway says of its windows.
    fn windows(&self) -> String {
        String::from_utf8_lossy(&self.run("swaymsg", &["-t", "get_tree", "-r"])).into_owned()
    }

    fn picture(&self) -> Picture {
        Picture::from_ppm(&self.run("grim", &["-t", "ppm", "-"])).expect("a picture of the screen")
    }

    /// What is on the screen once it no longer changes.
    fn see(&self) -> Picture {
        let mut last = self.picture();
        wait_for("a screen that stays the same", || {
            std::thread::sleep(std::time::Duration::from_millis(150));
            let now = self.picture();
            let still = (now == last).then(|| now.clone());
            last = now;
            still
        })
    }

    /// Presses keys with Ctrl.
    fn ctrl(&self, key: &str) {
        self.run("wtype", &["-M", "ctrl", "-k", key, "-m", "ctrl"]);
    }

    fn wait_for_file(&self, name: &str, want: &[u8]) {
        wait_for(&format!("{name} to be as expected"), || {
            (std::fs::read(self.path(name)).ok()? == want).then_some(())
        });
    }

    /// Starts the program on a file of these bytes and waits until its window stands still.
    fn open(&self, name: &str, bytes: &[u8]) -> App {
        if !self.path(name).exists() {
            std::fs::write(self.path(name), bytes).unwrap();
        }
        let words = std::fs::File::create(self.path("stderr")).unwrap();
        let mut command = self.command(env!("CARGO_BIN_EXE_pagelens"));
        let process = command.arg(self.path(name)).stdout(Stdio::null()).stderr(words).spawn().unwrap();
        let mut app = App(process);
        wait_for("the window", || {
            let words = std::fs::read_to_string(self.path("stderr")).unwrap_or_default();
            assert!(app.0.try_wait().unwrap().is_none(), "it ended without a window: {words}");
            self.windows().contains(APP_ID).then_some(())
        });
        self.see();
        app
    }

    /// Asks the window to close, and waits for the program to end.
    fn close(&self, mut app: App) {
        self.run("swaymsg", &[&format!("[app_id=\"{APP_ID}\"] kill")]);
        let ended = wait_for("the program's end", || app.0.try_wait().unwrap());
        let words = std::fs::read_to_string(self.path("stderr")).unwrap_or_default();
        assert!(ended.success() && !words.contains("panicked"), "{words}");
    }
}

impl Drop for Sway {
    fn drop(&mut self) {
        self.processes.iter_mut().rev().for_each(end);
    }
}

/// The program; it ends with this.
struct App(Child);

impl Drop for App {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

#[test]
fn it_opens_fills_the_screen_and_closes() {
    let Some(sway) = Sway::start() else { return };
    let empty = sway.picture();
    let bytes: Vec<u8> = (0..=255).collect();
    let app = sway.open("dump.bin", &bytes);
    let shown = sway.see();
    assert_eq!((shown.width, shown.height), SCREEN);
    assert!(shown.difference(&empty) > SCREEN.0 * SCREEN.1 / 2, "the window does not fill the screen");
    assert!(sway.windows().contains("dump.bin"), "{}", sway.windows());
    sway.close(app);
    assert_eq!(std::fs::read(sway.path("dump.bin")).unwrap(), bytes);
}

#[test]
fn bytes_typed_at_a_place_are_on_the_disk_after_save() {
    let Some(sway) = Sway::start() else { return };
    let mut bytes = vec![0; 4096];
    let app = sway.open("dump.bin", &bytes);
    let before = sway.see();
    sway.ctrl("g");
    sway.see();
    sway.run("wtype", &["0x123"]);
    sway.run("wtype", &["-k", "Return"]);
    sway.see();
    sway.run("wtype", &["c0ffee"]);
    assert!(sway.see().difference(&before) > 0, "typing shows nothing");
    assert_eq!(std::fs::read(sway.path("dump.bin")).unwrap(), bytes, "the file changed before it was saved");
    sway.ctrl("s");
    bytes[0x123..0x126].copy_from_slice(&[0xc0, 0xff, 0xee]);
    sway.wait_for_file("dump.bin", &bytes);
    sway.close(app);
}

/// Keys are taken in the order in which they were pressed, however fast.
#[test]
fn what_is_typed_right_before_save_is_saved() {
    let Some(sway) = Sway::start() else { return };
    let app = sway.open("dump.bin", &[0; 64]);
    sway.run("wtype", &["123456", "-M", "ctrl", "-k", "s", "-m", "ctrl"]);
    let mut want = vec![0x12, 0x34, 0x56];
    want.resize(64, 0);
    sway.wait_for_file("dump.bin", &want);
    sway.close(app);
}

#[test]
fn edits_survive_a_kill_and_are_offered() {
    let Some(sway) = Sway::start() else { return };
    let app = sway.open("dump.bin", &[0; 64]);
    sway.run("wtype", &["ab"]);
    sway.see();
    drop(app);
    let logs = || std::fs::read_dir(sway.path("state/edits")).map_or(0, Iterator::count);
    assert!(logs() > 0, "what was typed is in a log");
    let app = sway.open("dump.bin", &[0; 64]);
    sway.close(app);
    assert!(logs() > 0, "an offer that nobody has answered stays");
}

#[test]
fn a_missing_library_is_named_with_its_package() {
    let Some(sway) = Sway::start() else { return };
    // A file that is no library stands before the real one.
    let folder = tempfile::tempdir().unwrap();
    for name in ["libwayland-egl.so.1", "libwayland-egl.so"] {
        std::fs::write(folder.path().join(name), "").unwrap();
    }
    let mut command = sway.command(env!("CARGO_BIN_EXE_pagelens"));
    let output = command.env("LD_LIBRARY_PATH", folder.path()).output().unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && words.contains("libwayland-egl1"), "{words}");
    assert!(!words.contains("panicked"), "{words}");
}
