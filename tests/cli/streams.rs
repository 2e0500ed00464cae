//! Arguments and streams of the commands: where a command may write, and which words are not slices.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state"));
    command.args(arguments).stdin(Stdio::null()).output().expect("run")
}

fn said(output: &Output) -> (Option<i32>, String) {
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Eight bytes, also as an array of floats with a header, and as the shard of an index.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("a.bin"), [0, 0, 128, 63, 0, 0, 0, 64]).expect("written");
    let made = run(path, &["get", "a.bin", "--dtype", "<f4", "--npy", "a.npy"]);
    assert!(made.status.success());
    let header = r#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 8]].concat();
    std::fs::write(path.join("m.safetensors"), bytes).expect("written");
    let index = r#"{"weight_map":{"w":"m.safetensors"}}"#;
    std::fs::write(path.join("m.safetensors.index.json"), index).expect("written");
    folder
}

/// If the input was named as the output by mistake, a model would be lost, and only one of its arrays kept.
#[test]
fn the_file_that_is_read_is_not_replaced_by_what_is_read_of_it() {
    let folder = folder();
    let path = folder.path();
    std::fs::hard_link(path.join("a.npy"), path.join("twin.npy")).expect("linked");
    let cases = [
        ("a.npy", "a.npy"),
        ("a.npy", "./a.npy"),
        ("a.npy", "twin.npy"),
        ("twin.npy", "a.npy"),
        ("a.bin", "a.bin"),
        ("m.safetensors::w", "m.safetensors"),
        ("m.safetensors.index.json::w", "m.safetensors"),
        ("m.safetensors.index.json::w", "m.safetensors.index.json"),
    ];
    #[cfg(unix)]
    let linked = {
        std::os::unix::fs::symlink("a.npy", path.join("link.npy")).expect("linked");
        [("a.npy", "link.npy"), ("link.npy", "a.npy")]
    };
    #[cfg(not(unix))]
    let linked = [];
    for (input, output) in cases.into_iter().chain(linked) {
        let files = ["a.npy", "a.bin", "m.safetensors", "m.safetensors.index.json"];
        let bytes = || files.map(|name| std::fs::read(path.join(name)).expect("there"));
        let before = bytes();
        let (code, text) = said(&run(path, &["get", input, "--npy", output]));
        assert!(code == Some(2) && text.contains("is an input file"), "{input} {output}: {text}");
        assert_eq!(bytes(), before, "{input} {output}");
    }
    assert!(run(path, &["get", "a.npy", "--npy", "b.npy"]).status.success());
    assert!(run(path, &["get", "a.bin", "--npy", "b.npy"]).status.success(), "another file may be replaced");
    let (code, text) = said(&run(path, &["get", "a.npy", "--npy", "none/b.npy"]));
    assert!(code == Some(1) && text.contains("the folder none does not exist"), "{text}");
}

#[test]
fn an_option_that_is_not_known_is_no_slice() {
    let folder = folder();
    for (arguments, unknown, tip) in [
        (&["get", "a.npy", "--jsn"][..], "'--jsn'", "'--json'"),
        (&["get", "--jsn", "a.npy"], "'--jsn'", "'--json'"),
        (&["get", "a.npy", "[0]", "--jsn"], "'--jsn'", "'--json'"),
        (&["get", "a.npy", "--ofset=8"], "'--ofset'", "'--offset'"),
        (&["get", "a.npy", "--version"], "'--version'", ""),
        (&["set", "a.npy", "--dry", "[0]", "1"], "'--dry'", "'--dry-run'"),
        (&["set", "a.npy", "[0]", "--dry", "1"], "'--dry'", "'--dry-run'"),
        (&["set", "a.npy", "[0]", "1", "--dry"], "'--dry'", "'--dry-run'"),
    ] {
        let (code, text) = said(&run(folder.path(), arguments));
        let first = text.lines().next().unwrap_or_default();
        assert!(code == Some(2) && first == format!("error: unexpected argument {unknown} found"), "{text}");
        assert!(text.contains(tip), "{arguments:?}: {text}");
    }
    let get = |arguments: &[&str]| run(folder.path(), &[&["get"], arguments].concat());
    assert_eq!(get(&["a.npy", "-1"]).stdout, b"2.0\n");
    assert_eq!(get(&["a.npy", "--1"]).stdout, b"2.0\n");
    assert!(said(&get(&["a.npy", "--", "--jsn"])).1.contains("The slice --jsn"));
    assert!(run(folder.path(), &["set", "a.npy", "[0]", "-1"]).status.success());
    assert_eq!(get(&["a.npy"]).stdout, b"[-1.0  2.0]\n");
}

#[test]
#[cfg(unix)]
fn an_output_that_takes_nothing_is_a_failure_that_is_said_once() {
    let folder = folder();
    for words in ["get a.npy", "get a.npy --raw", "arrays a.npy", "recover a.npy", "--help", "get --help"] {
        for (stream, code) in [(">/dev/full", 1), (">/dev/null", 0), ("1<>/dev/null", 0)] {
            if stream == ">/dev/full" && !Path::new("/dev/full").exists() {
                continue;
            }
            let mut shell = Command::new("sh");
            shell.current_dir(folder.path()).env("PAGELENS_STATE_DIR", folder.path().join("state"));
            let line = format!("\"$0\" {words} {stream}");
            let output = shell.args(["-c", &line, env!("CARGO_BIN_EXE_pagelens")]).output().expect("run");
            let (ended, text) = said(&output);
            assert_eq!(ended, Some(code), "{words} {stream}: {text}");
            let lines = text.matches("could not be written").count();
            assert_eq!(lines, usize::try_from(code).unwrap_or(0), "{words} {stream}: {text}");
        }
    }
}
