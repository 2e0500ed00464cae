//! Starts the Python of the virtual environment with a script of this folder.
//!
//! The environment is `PAGELENS_ORACLE`, or `target/oracle` when that is not set. Without one a test says so and
//! passes, save where `PAGELENS_ORACLE` promises it: then it fails.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The Python to ask; `None` (said loudly) when there is none.
pub fn python() -> Option<PathBuf> {
    let promised = std::env::var_os("PAGELENS_ORACLE").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = promised.clone().unwrap_or_else(|| root.join("target/oracle"));
    let python =
        [home.join("bin/python3"), home.join("Scripts/python.exe")].into_iter().find(|path| path.exists());
    if python.is_none() {
        assert!(promised.is_none(), "PAGELENS_ORACLE: there is no Python in {}", home.display());
        eprintln!("SKIPPED: there is no Python to compare with; scripts/test sets one up in target/oracle");
    }
    python
}

/// What the script answers to `input`, given on its standard input. The script gets `args` too.
///
/// # Panics
/// When the script fails; what it said is in the message.
pub fn ask(script: &str, args: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let python = python()?;
    let folder = tempfile::tempdir().expect("a folder");
    // A file rather than a pipe: the script may answer before it has read everything.
    let questions = folder.path().join("questions");
    std::fs::write(&questions, input).expect("the questions are written");
    let output = Command::new(python)
        .arg("-B")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle").join(script))
        .args(args)
        .env("PYTHONIOENCODING", "utf-8")
        .stdin(std::fs::File::open(&questions).expect("the questions"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .expect("Python starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} {args:?} failed: {said}");
    Some(output.stdout)
}

#[test]
fn the_python_answers_and_its_failures_are_seen() {
    let Some(answer) = ask("hello.py", &["a"], b"b\n") else { return };
    assert_eq!(String::from_utf8_lossy(&answer).replace('\r', ""), "a b numpy\n");
    assert!(std::panic::catch_unwind(|| ask("hello.py", &["fail"], b"")).is_err());
}
