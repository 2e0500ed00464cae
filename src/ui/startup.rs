//! Opening the window, and what to say when that fails.
//!
//! What draws the window (X11, Wayland, xkbcommon, OpenGL) is looked up while the program runs, so a missing part
//! shows only here: as an error, or as a panic inside the crate that looks it up. Both become one plain message that
//! names the part and the package that has it. A panic after the window is there is nobody's business here and goes on.
//! Deliberately absent: printing, and looking for libraries beforehand, as only the system's loader knows its paths.

use std::any::Any;
use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Opens the window and returns when it is closed.
///
/// # Errors
/// A message for the terminal, of one or more whole sentences, when no window could be opened.
pub fn open_window(
    name: &str,
    options: eframe::NativeOptions,
    create: eframe::AppCreator<'_>,
) -> Result<(), String> {
    if cfg!(target_os = "linux") {
        check_display(|name| std::env::var_os(name))?;
    }
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
fn check_display<V: AsRef<OsStr>>(variable: impl Fn(&str) -> Option<V>) -> Result<(), String> {
    let known = ["WAYLAND_DISPLAY", "WAYLAND_SOCKET", "DISPLAY"];
    if known.iter().any(|name| variable(name).is_some_and(|value| !value.as_ref().is_empty())) {
        return Ok(());
    }
    Err("pagelens needs a desktop to open its window, and there is none here: neither WAYLAND_DISPLAY nor DISPLAY is \
         set. Start it in a terminal of the desktop, or over ssh with `ssh -X`."
        .to_owned())
}

/// Runs `run`, which sets its flag once the window is open, and turns a failure before that into a message.
fn explain(run: impl FnOnce(&Arc<AtomicBool>) -> eframe::Result) -> Result<(), String> {
    let opened = Arc::new(AtomicBool::new(false));
    hush_panics_until(&opened);
    match catch_unwind(AssertUnwindSafe(|| run(&opened))) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(message(&error.to_string(), is_graphics(&error))),
        Err(payload) if opened.load(Ordering::Relaxed) => resume_unwind(payload),
        Err(payload) => Err(message(&panic_text(payload.as_ref()), false)),
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

fn is_graphics(error: &eframe::Error) -> bool {
    matches!(error, eframe::Error::Glutin(_) | eframe::Error::NoGlutinConfigs(..) | eframe::Error::OpenGL(_))
}

/// A library that the window needs, and where to get it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Library {
    /// The name up to `.so`, as it stands in the loader's messages.
    name: &'static str,
    debian_package: &'static str,
    fedora_package: &'static str,
}

const fn library(name: &'static str, debian_package: &'static str, fedora_package: &'static str) -> Library {
    Library { name, debian_package, fedora_package }
}

static LIBRARIES: [Library; 14] = [
    library("libEGL", "libegl1", "libglvnd-egl"),
    library("libGL", "libgl1", "libglvnd-glx"),
    library("libX11", "libx11-6", "libX11"),
    library("libX11-xcb", "libx11-xcb1", "libX11-xcb"),
    library("libXcursor", "libxcursor1", "libXcursor"),
    library("libXi", "libxi6", "libXi"),
    library("libXrandr", "libxrandr2", "libXrandr"),
    library("libXrender", "libxrender1", "libXrender"),
    library("libwayland-client", "libwayland-client0", "libwayland-client"),
    library("libwayland-cursor", "libwayland-cursor0", "libwayland-cursor"),
    library("libwayland-egl", "libwayland-egl1", "libwayland-egl"),
    library("libxcb", "libxcb1", "libxcb"),
    library("libxkbcommon", "libxkbcommon0", "libxkbcommon"),
    library("libxkbcommon-x11", "libxkbcommon-x11-0", "libxkbcommon-x11"),
];

/// The library that `text`, a message of a loader, names.
fn named_library(text: &str) -> Option<Library> {
    LIBRARIES.into_iter().find(|library| {
        let mut found = text.match_indices(library.name);
        found.any(|(at, _)| text[at + library.name.len()..].starts_with(".so"))
    })
}

fn message(cause: &str, graphics: bool) -> String {
    if let Some(Library { name, debian_package, fedora_package }) = named_library(cause) {
        return format!(
            "pagelens can't open its window: the library {name} is missing or can't be loaded.\n\
             On Debian and Ubuntu: sudo apt-get install {debian_package}\n\
             On Fedora: sudo dnf install {fedora_package}"
        );
    }
    let cause = cause.trim().trim_end_matches('.');
    if graphics {
        return format!(
            "pagelens can't open its window: OpenGL does not work here ({cause}).\n\
             Without a graphics card: sudo apt-get install libgl1 libgl1-mesa-dri (Debian, Ubuntu), or sudo dnf \
             install mesa-dri-drivers (Fedora)."
        );
    }
    format!(
        "pagelens can't open its window: {cause}.\nCheck that the desktop in DISPLAY or WAYLAND_DISPLAY runs and lets you in."
    )
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
    fn each_library_is_recognised_and_none_is_taken_for_another() {
        for library in LIBRARIES {
            for ending in [".so", ".so.0", ".so.6: cannot open shared object file"] {
                assert_eq!(named_library(&format!("opening {}{ending}", library.name)), Some(library));
            }
        }
        assert_eq!(named_library("libXtst.so.6"), None);
        assert_eq!(named_library("no library at all"), None);
    }

    #[test]
    fn an_unknown_cause_is_told_as_it_is() {
        assert!(message("the moon is full.", false).contains("the moon is full.\n"));
        assert!(message("no config found", true).contains("OpenGL"));
    }
}
