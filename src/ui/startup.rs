//! Opening the window, and what to say when that fails.
//!
//! What draws the window (X11, Wayland, xkbcommon, OpenGL) is looked up while the program runs, so a missing part shows
//! only here: as an error, or as a panic inside the crate that looks it up. Both become one plain message that names
//! the part and the package that has it. A panic after the window has opened is passed on. Deliberately absent:
//! printing, and looking for libraries beforehand, as only the system's loader knows its paths.

use crate::session::Session;
use std::any::Any;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use libraries::{LIBRARIES, Library, User};

mod console;
mod libraries;
mod place;

pub use place::place;

/// From one look at what workers do to the next, before there is a window.
const STEP: Duration = Duration::from_micros(500);

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A message for the terminal, of one or more whole sentences, when no window could be opened.
pub fn open_window(
    name: &str,
    options: eframe::NativeOptions,
    create: eframe::AppCreator<'_>,
) -> Result<(), String> {
    check_desktop()?;
    console::close_own();
    explain(|opened| {
        let opened = Arc::clone(opened);
        let create: eframe::AppCreator<'_> = Box::new(move |context| {
            opened.store(true, Ordering::Relaxed);
            create(context)
        });
        eframe::run_native(name, options, create)
    })
}

/// Whether there is a desktop to open a window on.
///
/// # Errors
/// A message for the terminal when there is none.
pub fn check_desktop() -> Result<(), String> {
    if cfg!(target_os = "linux") { check_display(|name| std::env::var_os(name)) } else { Ok(()) }
}

/// Takes what workers finish until all that was asked for is there, but no longer than `most`: the first frame that is
/// drawn is to be the one that stays. There is no window yet that could wait.
pub fn wait_for_contents(session: &mut Session, most: Duration) {
    let until = Instant::now() + most;
    loop {
        session.tick();
        if session.is_at_rest() || Instant::now() >= until {
            return;
        }
        std::thread::sleep(STEP);
    }
}

fn check_display<V: AsRef<OsStr>>(variable: impl Fn(&str) -> Option<V>) -> Result<(), String> {
    let known = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"];
    if known.iter().any(|name| variable(name).is_some_and(|value| !value.as_ref().is_empty())) {
        return Ok(());
    }
    Err("pagelens needs a desktop to open its window, but neither WAYLAND_DISPLAY nor DISPLAY is set. Start it in a terminal on the desktop, or over ssh with `ssh -X`."
        .to_owned())
}

/// Runs `run`, which sets its flag once the window is open, and turns a failure before that into a message.
fn explain(run: impl FnOnce(&Arc<AtomicBool>) -> eframe::Result) -> Result<(), String> {
    let opened = Arc::new(AtomicBool::new(false));
    hush_panics_until(&opened);
    match catch_unwind(AssertUnwindSafe(|| run(&opened))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(message(&error_text(&error), desktop(), libraries::is_there)),
        Err(payload) if opened.load(Ordering::Relaxed) => resume_unwind(payload),
        Err(payload) => Err(message(&panic_text(payload.as_ref()), desktop(), libraries::is_there)),
    }
}

/// Keeps panics of this thread off the terminal until `opened` is set.
fn hush_panics_until(opened: &Arc<AtomicBool>) {
    let opened = Arc::clone(opened);
    let thread = std::thread::current().id();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if opened.load(Ordering::Relaxed) || std::thread::current().id() != thread {
            usual(info);
        }
    }));
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "an unknown failure".to_owned())
}

fn error_text(error: &eframe::Error) -> String {
    match error {
        // Its own text is the whole list of what was asked for.
        eframe::Error::NoGlutinConfigs(..) => format!("{NO_OPENGL}: no driver provides it"),
        eframe::Error::Glutin(_) | eframe::Error::OpenGL(_) => format!("{NO_OPENGL}: {error}"),
        _ => error.to_string(),
    }
}

const NO_OPENGL: &str = "OpenGL is not available";

/// What the window is opened on.
fn desktop() -> User {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set("WAYLAND_DISPLAY") || is_set("WAYLAND_SOCKET") { User::Wayland } else { User::X11 }
}

/// The libraries to blame for `cause`: those that it names, and if it is about libraries at all, every other one that
/// is missing as well, so that one installation is enough.
fn culprits(cause: &str, desktop: User, is_there: impl Fn(&str) -> bool) -> Vec<&'static Library> {
    let is_named = |library: &Library| library.is_named_in(cause);
    let named: Vec<User> = LIBRARIES.iter().filter(|l| is_named(l)).map(|l| l.user).collect();
    // Winit says that one of X11's is missing, not which. OpenGL that does not work may be OpenGL that is not there.
    if named.is_empty() && !cause.contains("shared libraries") && !cause.starts_with(NO_OPENGL) {
        return Vec::new();
    }
    let needs = |user| user == User::Both || user == desktop || named.contains(&user);
    LIBRARIES.iter().filter(|l| is_named(l) || needs(l.user) && !is_there(l.file)).collect()
}

/// What to tell the user of `cause`, the text of an error or a panic. `is_there` tells whether a library's file
/// (`libXi.so.6`) is found.
fn message(cause: &str, desktop: User, is_there: impl Fn(&str) -> bool) -> String {
    let missing = culprits(cause, desktop, is_there);
    if !missing.is_empty() {
        let list = |part: fn(&Library) -> &'static str, driver: &'static str| {
            let gl =
                missing.iter().any(|library| library.file == "libGL.so.1" || library.file == "libEGL.so.1");
            // A driver is no library by name: it comes with what looks for it.
            let names = missing.iter().map(|library| part(library)).chain(gl.then_some(driver));
            names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" ")
        };
        return format!(
            "pagelens can't open its window, because these libraries are missing or damaged: {}\n\
             On Debian and Ubuntu: sudo apt-get install {}\n\
             On Fedora: sudo dnf install {}",
            list(|library| library.file, ""),
            list(|library| library.debian_package, "libgl1-mesa-dri"),
            list(|library| library.fedora_package, "mesa-dri-drivers"),
        );
    }
    let hint = if cause.starts_with(NO_OPENGL) {
        "On Debian and Ubuntu: sudo apt-get install libgl1 libegl1 libgl1-mesa-dri\n\
         On Fedora: sudo dnf install mesa-libGL mesa-libEGL mesa-dri-drivers"
    } else {
        "Check that the desktop that DISPLAY or WAYLAND_DISPLAY names is running and accepts your connection."
    };
    format!("pagelens can't open its window: {}.\n{hint}", without_source_place(cause))
}

/// Winit's errors carry the place in its source (`os error at /…/mod.rs:788: why`), which helps no user.
fn without_source_place(cause: &str) -> &str {
    let why = cause.rsplit_once(".rs:").and_then(|(_, rest)| rest.split_once(": "));
    why.map_or(cause, |(_, why)| why).trim().trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_display_it_says_so() {
        let unset = check_display(|_| None::<&str>).unwrap_err();
        assert!(unset.contains("DISPLAY"), "{unset}");
        assert!(check_display(|_| Some("")).is_err(), "an empty variable is as good as none");
        assert!(check_display(|name| (name == "DISPLAY").then_some(":0")).is_ok());
        assert!(check_display(|name| (name == "WAYLAND_DISPLAY").then_some("wayland-0")).is_ok());
    }

    #[test]
    fn a_panic_before_the_window_is_a_message() {
        let text = explain(|_| panic!("Library libxkbcommon-x11.so could not be loaded.")).unwrap_err();
        assert!(text.contains("libxkbcommon-x11-0"), "{text}");
    }

    #[test]
    fn a_panic_after_the_window_goes_on() {
        let result = catch_unwind(|| {
            explain(|opened| {
                opened.store(true, Ordering::Relaxed);
                panic!("a bug in the program")
            })
        });
        assert_eq!(panic_text(result.unwrap_err().as_ref()), "a bug in the program");
    }

    #[test]
    fn an_error_is_a_message() {
        let text =
            explain(|_| Err(eframe::Error::AppCreation("libXi.so.6: no such file".into()))).unwrap_err();
        assert!(text.contains("libxi6"), "{text}");
    }

    #[test]
    fn all_that_is_missing_is_named_at_once() {
        let cause = "os error at /x/mod.rs:788: Failed to load one of xlib's shared libraries.";
        let gone = ["libXcursor.so.1", "libXi.so.6", "libGL.so.1", "libwayland-client.so.0"];
        let text = message(cause, User::X11, |file| !gone.contains(&file));
        assert!(text.contains("damaged: libXcursor.so.1 libXi.so.6 libGL.so.1\n"), "{text}");
        assert!(text.contains("apt-get install libxcursor1 libxi6 libgl1 libgl1-mesa-dri\n"), "{text}");
        let text = message(cause, User::X11, |_| true);
        assert!(text.contains("window: Failed to load one of xlib's shared libraries.\n"), "{text}");

        // One that is named is damaged, whatever lies there.
        let cause = "Library libxkbcommon-x11.so could not be loaded.";
        let text = message(cause, User::X11, |file| file != "libEGL.so.1");
        assert!(text.contains("install libxkbcommon-x11-0 libegl1 libgl1-mesa-dri\n"), "{text}");
        let text = message("libwayland-egl.so: no such file", User::Wayland, |file| !gone.contains(&file));
        assert!(text.contains("damaged: libGL.so.1 libwayland-client.so.0 libwayland-egl.so.1\n"), "{text}");
        let text = message(&format!("{NO_OPENGL}: no driver"), User::X11, |file| file != "libEGL.so.1");
        assert!(text.contains("install libegl1 libgl1-mesa-dri\n"), "{text}");
    }

    #[test]
    fn an_unknown_cause_is_told_as_it_is() {
        let text = message("the moon is full.", User::X11, |_| false);
        assert!(text.contains("window: the moon is full.\n"), "{text}");
        let text = message(&format!("{NO_OPENGL}: no driver"), User::X11, |_| true);
        assert!(text.contains("libgl1-mesa-dri"), "{text}");
    }
}
