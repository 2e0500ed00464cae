//! Names that attack: what a terminal, a message and the window show of them.

use crate::session::rig::Rig;
use std::path::Path;
use std::process::{Command, Output};

/// A title for a terminal, a bell, C1, a line of its own, and text that turns round.
const EVIL: &str = "a\x1b]0;t\x07\u{9b}2J\nnote: ok\u{202e}\u{200b}z";
const SHOWN: &str = "a\\x1b]0;t\\x07\\x9b2J\\nnote: ok\\u{202e}\\u{200b}z";

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state")).args(arguments);
    command.env("PAGELENS_LOG", "debug").output().expect("run")
}

/// What was said, if a terminal can show it as it is.
fn said(output: &Output) -> String {
    said_with(output, '\n')
}

/// The same, where this control stands between what is said.
fn said_with(output: &Output, between: char) -> String {
    let text = [&*output.stdout, &*output.stderr].concat();
    let text = String::from_utf8(text).expect("text");
    let bad = |c: char| (c.is_control() && c != '\n' && c != between) || matches!(c, '\u{200b}' | '\u{202e}');
    assert!(!text.contains(bad), "{text:?}");
    text
}

fn safetensors() -> Vec<u8> {
    let name = EVIL.replace('\n', "\\n").replace('\x1b', "\\u001b").replace('\x07', "\\u0007");
    let header = format!(
        "{{\"__metadata__\":{{\"{name}\":\"{name}\"}},\
         \"{name}\":{{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}},\
         \"{name}2\":{{\"dtype\":\"{name}\",\"shape\":[9],\"data_offsets\":[0,2]}}}}"
    );
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend([1, 2, 3]);
    bytes
}

#[test]
fn no_name_reaches_the_terminal_raw() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = format!("{EVIL}.safetensors");
    std::fs::write(folder.path().join(&file), safetensors()).expect("written");
    std::fs::write(folder.path().join(EVIL), b"raw").expect("written");
    let run = |arguments: &[&str]| said(&run(folder.path(), arguments));
    let listed = run(&["arrays", &file]);
    let rows: Vec<&str> = listed.lines().filter(|line| line.contains("(3,)")).collect();
    assert_eq!(rows.len(), 1, "{listed}");
    assert!(rows[0].starts_with(&format!("{SHOWN} ")), "{listed}");
    assert!(!listed.lines().any(|line| line.starts_with("note: ok")), "{listed}");
    let json = run(&["arrays", &file, "--json"]);
    let name = "a\\u001b]0;t\\u0007\\u009b2J\\nnote: ok\\u202e\\u200bz";
    assert!(json.contains(&format!("{{\"name\": \"{name}\", \"dtype\": \"|u1\"")), "{json}");
    assert!(json.contains(&format!("{{\"file\": \"{name}.safetensors\"")), "{json}");
    for arguments in [
        &["get", &file][..],
        &["get", &format!("{file}::{EVIL}x")],
        &["get", &format!("{file}::{EVIL}2")],
        &["get", &format!("{file}::{EVIL}"), "[9]"],
        &["get", &format!("{EVIL}missing")],
        &["set", &format!("{file}::{EVIL}"), "[0]", "999"],
        &["set", &format!("{file}::{EVIL}"), "[0]", "7"],
        &["set", EVIL, "[0]", "7", "--dry-run"],
        &["recover", &format!("{EVIL}missing")],
        &["arrays", EVIL],
        &["get", &format!("--{EVIL}")],
        &["arrays", &file, EVIL],
    ] {
        let text = run(arguments);
        assert!(text.contains("\\x1b") && !text.contains("\nnote: ok"), "{arguments:?}: {text}");
    }
    let shown = said(&self::run(folder.path(), &["get", &format!("{file}::{EVIL}"), "--json"]));
    assert!(shown.contains(&format!("\"array\": \"{name}\"")), "{shown}");
}

/// A `.npy` file of one item, whose type is this text.
fn npy(descr: &str, item: &[u8]) -> Vec<u8> {
    let dict = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((dict.len() as u16).to_le_bytes());
    bytes.extend(dict.bytes());
    bytes.extend(item);
    bytes
}

#[test]
fn no_field_and_no_string_reaches_the_terminal_raw() {
    let folder = tempfile::tempdir().expect("a folder");
    let typed: String = EVIL.chars().map(|letter| format!("\\U{:08x}", u32::from(letter))).collect();
    let fields = npy(&format!("[('{typed}', '|u1'), ('b', '|u1')]"), &[3, 4]);
    std::fs::write(folder.path().join("fields.npy"), fields).expect("written");
    let codes: Vec<u8> =
        "a\u{202e}\u{200b}".chars().flat_map(|letter| u32::from(letter).to_le_bytes()).collect();
    std::fs::write(folder.path().join("hidden.npy"), npy("'<U3'", &codes)).expect("written");
    for form in ["--csv", "tsv", "markdown"] {
        let arguments = |file: &'static str| match form {
            "--csv" => vec!["get", file, form],
            _ => vec!["get", file, "--as", form],
        };
        let said =
            |file| said_with(&run(folder.path(), &arguments(file)), if form == "tsv" { '\t' } else { '\n' });
        let table = said("fields.npy");
        assert!(table.contains(SHOWN) && table.contains('4'), "{form}: {table}");
        assert!(table.lines().all(|line| !line.starts_with("note: ok")), "{form}: {table}");
        let hidden = said("hidden.npy");
        assert!(hidden.contains("a\\x00\\x00\\x00.\\x20\\x00\\x00"), "{form}: {hidden}");
    }
}

#[test]
fn places_in_what_was_typed_are_counted_in_characters() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.bin"), [1, 2, 3]).expect("written");
    let run = |arguments: &[&str]| said(&run(folder.path(), arguments));
    for (value, place) in [("x\u{3000}x", 3), ("  x\u{3000}x", 5), ("x x", 3)] {
        let text = run(&["set", "a.bin", "[0]", value]);
        assert!(text.contains(&format!("at character {place}:")), "{text}");
    }
    let text = run(&["get", "a.bin", "é[0]]"]);
    assert!(text.contains("at character 5:"), "{text}");
}

#[test]
fn the_window_shows_names_escaped() {
    let mut rig = Rig::new();
    let file = format!("{EVIL}.safetensors");
    rig.write(&file, &safetensors());
    rig.open(&file);
    rig.wait_until("the header is read", |session| session.has_read_headers());
    assert_eq!(rig.tab().title, format!("{SHOWN}.safetensors"));
    let second = rig.tab().arrays.found.as_ref().and_then(|found| found.container.find(&format!("{EVIL}2")));
    let second = u32::try_from(second.expect("listed")).expect("few");
    rig.apply(pagelens::session::Action::Array(pagelens::session::arrays::ArrayAction::Open(second)));
    let notices: Vec<&str> = rig
        .session
        .notices()
        .shown(None)
        .chain(rig.session.notices().shown(Some(rig.tab().id)))
        .map(|notice| notice.text.as_str())
        .collect();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].starts_with(&format!("{SHOWN}2 can't be shown: ")), "{notices:?}");
}
