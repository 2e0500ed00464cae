//! `scripts/install`: what it puts where, what the system's own checks say of it, and that all of it goes again.
//!
//! That a double-click opens the program is tried with the real window, in `tests/window/desktop.rs`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ID: &str = "org.pagelens.pagelens";

/// Runs a script or a tool on a home folder and nothing else of this user.
fn run(program: &str, arguments: &[&str], home: &Path) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root).env("HOME", home).env("LC_ALL", "C");
    for name in ["XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_DATA_DIRS", "XDG_CURRENT_DESKTOP"] {
        command.env_remove(name);
    }
    // In the environment in which desktops ask, types are found by suffix and by content.
    command.env("XDG_CURRENT_DESKTOP", "GNOME");
    command.output().unwrap_or_else(|error| panic!("{program} ({error}); scripts/test installs it"))
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&both));
    String::from_utf8_lossy(&both).into_owned()
}

fn install(home: &Path, arguments: &[&str]) -> String {
    let program = ["--program", "/bin/true"];
    said(&run("scripts/install", &[&program[..], arguments].concat(), home))
}

/// The files below a folder, as paths from there.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn it_is_installed_for_this_user_and_leaves_nothing_when_it_goes() {
    let home = tempfile::tempdir().unwrap();
    let words = install(home.path(), &[]);
    assert!(words.contains(".local/bin/pagelens"), "{words}");
    let own: Vec<PathBuf> =
        files(home.path()).into_iter().filter(|path| path.to_string_lossy().contains("pagelens")).collect();
    let sizes = [16, 24, 32, 48, 64, 128, 256, 512];
    let icons = sizes.map(|size| format!("icons/hicolor/{size}x{size}/apps/{ID}.png"));
    let others = [
        "applications/ID.desktop",
        "icons/hicolor/scalable/apps/ID.svg",
        "metainfo/ID.metainfo.xml",
        "mime/packages/ID.xml",
    ];
    let others = others.map(|path| path.replace("ID", ID));
    let mut want: Vec<PathBuf> =
        icons.iter().chain(&others).map(|path| Path::new(".local/share").join(path)).collect();
    want.push(".local/bin/pagelens".into());
    want.sort();
    assert_eq!(own, want);
    let program = std::fs::metadata(home.path().join(".local/bin/pagelens")).unwrap();
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&program.permissions()) & 0o777, 0o755);

    // A second time is an update.
    install(home.path(), &[]);
    said(&run("scripts/install", &["--uninstall"], home.path()));
    assert_eq!(files(home.path()), BTreeSet::new());
    // What is not there is no error.
    said(&run("scripts/install", &["--uninstall"], home.path()));
}

#[test]
fn what_belongs_to_others_stays() {
    let home = tempfile::tempdir().unwrap();
    let others = ["bin/other", "share/applications/other.desktop", "share/mime/packages/other.xml"];
    for other in others {
        let path = home.path().join(".local").join(other);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let text = "<mime-info xmlns='http://www.freedesktop.org/standards/shared-mime-info'/>";
        std::fs::write(path, if other.ends_with("xml") { text } else { "[Desktop Entry]\n" }).unwrap();
    }
    install(home.path(), &[]);
    said(&run("scripts/install", &["--uninstall"], home.path()));
    for other in others {
        assert!(home.path().join(".local").join(other).exists(), "{other}");
    }
    let left = files(home.path());
    assert!(!left.iter().any(|path| path.to_string_lossy().contains("pagelens")), "{left:?}");
}

#[test]
fn a_prefix_may_have_any_name() {
    let home = tempfile::tempdir().unwrap();
    let prefix = home.path().join("my \"programs\" $a%b\\c");
    let prefix_text = prefix.to_str().unwrap();
    install(home.path(), &["--prefix", prefix_text]);
    let entry = prefix.join(format!("share/applications/{ID}.desktop"));
    assert_eq!(said(&run("desktop-file-validate", &[entry.to_str().unwrap()], home.path())), "");
    let text = std::fs::read_to_string(&entry).unwrap();
    assert!(text.contains("my \\\\\"programs\\\\\" \\\\$a%%b\\\\\\\\c/bin/pagelens\" %F\n"), "{text}");
    said(&run("scripts/install", &["--uninstall", "--prefix", prefix_text], home.path()));
    assert_eq!(files(&prefix), BTreeSet::new());
}

#[test]
fn what_is_asked_wrongly_is_said() {
    let home = tempfile::tempdir().unwrap();
    for (arguments, words) in
        [(&["--prefix"][..], "needs a path"), (&["--remove"], "--remove is not known"), (&["--help"], "")]
    {
        let output = run("scripts/install", arguments, home.path());
        assert_eq!(output.status.success(), words.is_empty(), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(words), "{arguments:?}");
    }
    assert_eq!(files(home.path()), BTreeSet::new());
}

#[test]
fn the_system_finds_nothing_wrong_with_what_describes_the_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    let at = |end: &str| root.join(format!("{ID}.{end}")).to_str().unwrap().to_owned();
    let home = tempfile::tempdir().unwrap();
    assert_eq!(said(&run("desktop-file-validate", &[&at("desktop")], home.path())), "");
    let newest = std::fs::read_to_string(at("metainfo.xml")).unwrap();
    let newest = newest.lines().find_map(|line| line.split_once("<release version=\"")).map(|(_, rest)| rest);
    assert!(
        newest.is_some_and(|rest| rest.starts_with(concat!(env!("CARGO_PKG_VERSION"), "\""))),
        "{newest:?}"
    );
    match Command::new("appstreamcli")
        .args(["validate", "--pedantic", "--no-net", &at("metainfo.xml")])
        .output()
    {
        Ok(output) => {
            // AppStream 1 asks for an element that AppStream 0.16 does not know.
            let words = said(&output);
            let is_fault = |line: &&str| line.contains(ID) && !line.ends_with("developer-info-missing");
            assert_eq!(words.lines().filter(is_fault).count(), 0, "{words}");
        }
        Err(error) => {
            eprintln!("SKIPPED: appstreamcli ({error}); scripts/test installs it where it can be had")
        }
    }
}

#[test]
fn files_of_arrays_are_known_by_name_and_by_content() {
    let home = tempfile::tempdir().unwrap();
    install(home.path(), &[]);
    let npz = [b"PK\x03\x04".as_slice(), &[0; 22], &[5, 0, 0, 0], b"x.npy", &[0; 64]].concat();
    let contents: [(&str, &[u8]); 4] = [
        ("npy", b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (0,), }\n"),
        ("npz", &npz),
        ("safetensors", b"\x06\x00\x00\x00\x00\x00\x00\x00{\"a\":"),
        ("gguf", b"GGUF\x03\x00\x00\x00"),
    ];
    let kind = |name: &str, bytes: &[u8]| {
        let path = home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        said(&run("xdg-mime", &["query", "filetype", path.to_str().unwrap()], home.path())).trim().to_owned()
    };
    for (suffix, bytes) in contents {
        let want = format!("application/x-{suffix}");
        assert_eq!(kind(&format!("by name.{suffix}"), b"\x07\x01\x02"), want);
        assert_eq!(kind(&format!("by content {suffix}"), bytes), want);
        assert_eq!(kind(&format!("both.{suffix}"), bytes), want);
        let asked = run("xdg-mime", &["query", "default", &want], home.path());
        assert_eq!(said(&asked).trim(), format!("{ID}.desktop"));
    }
    // Neither a zip of something else nor text in braces is taken for one of them.
    assert_eq!(
        kind(
            "other.zip",
            &npz.iter().map(|byte| if *byte == b'.' { b'_' } else { *byte }).collect::<Vec<u8>>()
        ),
        "application/zip"
    );
    assert!(!kind("text", b"{\"a\": 1, \"b\": {\"c\": 2}}").contains("safetensors"));
}
