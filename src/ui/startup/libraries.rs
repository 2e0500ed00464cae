//! The libraries that the window looks up while it runs, and the packages that have them.
//!
//! A table, and a search of the folders where Linux keeps libraries. The search only names the missing library after a
//! failure: the system's loader also uses caches and paths that are not searched here.

use std::env::{consts::ARCH, split_paths, var_os};
use std::path::PathBuf;

/// A library that the window needs, and where to get it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Library {
    pub(super) file: &'static str,
    pub(super) debian_package: &'static str,
    pub(super) fedora_package: &'static str,
    pub(super) user: User,
}

/// What needs a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum User {
    X11,
    Wayland,
    /// Whatever the window is on.
    Both,
}

const fn x11(file: &'static str, debian_package: &'static str, fedora_package: &'static str) -> Library {
    Library { file, debian_package, fedora_package, user: User::X11 }
}

const fn wayland(file: &'static str, debian_package: &'static str, fedora_package: &'static str) -> Library {
    Library { file, debian_package, fedora_package, user: User::Wayland }
}

const fn both(file: &'static str, debian_package: &'static str, fedora_package: &'static str) -> Library {
    Library { file, debian_package, fedora_package, user: User::Both }
}

pub(super) static LIBRARIES: [Library; 13] = [
    x11("libX11.so.6", "libx11-6", "libX11"),
    x11("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb"),
    x11("libXcursor.so.1", "libxcursor1", "libXcursor"),
    x11("libXi.so.6", "libxi6", "libXi"),
    x11("libXrender.so.1", "libxrender1", "libXrender"),
    x11("libxcb.so.1", "libxcb1", "libxcb"),
    x11("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    both("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    both("libEGL.so.1", "libegl1", "libglvnd-egl"),
    both("libGL.so.1", "libgl1", "libglvnd-glx"),
    wayland("libwayland-client.so.0", "libwayland-client0", "libwayland-client"),
    wayland("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor"),
    wayland("libwayland-egl.so.1", "libwayland-egl1", "libwayland-egl"),
];

impl Library {
    /// Whether `text`, a message of a loader, names this library, with or without its version.
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        let name = self.file.split_inclusive(".so").next().unwrap_or(self.file);
        text.contains(name)
    }
}

/// Whether the first file of that name where libraries are kept has anything in it.
pub(super) fn is_there(file: &str) -> bool {
    let searched = var_os("LD_LIBRARY_PATH").unwrap_or_default();
    let folders = split_paths(&searched).chain(system_folders());
    let found = folders.map(|folder| folder.join(file)).find(|path| path.exists());
    found.is_some_and(|path| path.metadata().is_ok_and(|metadata| metadata.len() > 0))
}

fn system_folders() -> impl Iterator<Item = PathBuf> {
    let roots = ["/lib", "/usr/lib", "/usr/local/lib"];
    let ends = ["64".to_owned(), format!("/{ARCH}-linux-gnu"), String::new()];
    roots.into_iter().flat_map(move |root| ends.clone().map(|end| PathBuf::from(format!("{root}{end}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_library_is_recognised_and_none_is_taken_for_another() {
        for library in &LIBRARIES {
            let base = library.file.split(".so").next().unwrap();
            for ending in [".so", ".so.0", ".so.6: cannot open shared object file"] {
                let text = format!("opening {base}{ending}");
                let named: Vec<&Library> = LIBRARIES.iter().filter(|l| l.is_named_in(&text)).collect();
                assert_eq!(named, [library]);
            }
        }
        assert!(!LIBRARIES.iter().any(|library| library.is_named_in("libXtst.so.6")));
    }

    /// The scripts install what the window needs before it is started.
    #[test]
    fn the_scripts_know_the_same_libraries() {
        let script = include_str!("../../../scripts/packages").lines().map(str::trim);
        let known = script.filter(|line| line.starts_with("lib") && line.contains(".so."));
        let mut known: Vec<String> = known.map(str::to_owned).collect();
        let mut own: Vec<String> =
            LIBRARIES.iter().map(|library| format!("{}:{}", library.file, library.debian_package)).collect();
        known.sort();
        own.sort();
        assert_eq!(own, known);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_there_is_found() {
        assert!(is_there("libc.so.6") || is_there("libc.musl-x86_64.so.1"));
        assert!(!is_there("libpagelens-has-no-such.so.1"));
    }
}
