//! `pagelens strings` against GNU strings, and what it says by itself.

use super::headers::run;
use std::path::Path;
use std::process::Command;

fn strings(folder: &Path, arguments: &[&str]) -> (i32, String) {
    run(folder, &[&["strings"], arguments].concat())
}

/// What GNU strings prints; `None` where it is not installed.
fn gnu(folder: &Path, arguments: &[&str]) -> Option<String> {
    let version = Command::new("strings").arg("--version").output().ok()?;
    if !String::from_utf8_lossy(&version.stdout).starts_with("GNU strings") {
        return None;
    }
    let mut command = Command::new("strings");
    let output = command.args(["-a", "-t", "x"]).args(arguments).current_dir(folder).output().ok()?;
    // Bytes of Latin-1 are written as they are.
    Some(output.stdout.iter().map(|byte| char::from(*byte)).collect())
}

/// Bytes of a few letters, so that runs have all lengths and stand at all places of a chunk.
fn random(seed: u64, len: usize, letters: &[u8]) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..len).map(|_| letters[rng.usize(..letters.len())]).collect()
}

#[test]
fn ascii_and_wide_ascii_are_those_of_gnu_strings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    // Of the wide ones no two of these bytes are a character that GNU strings does not take.
    let narrow: Vec<u8> = (0..=255).collect();
    let latin: Vec<u8> = (0..0x80).chain(0xa1..=0xff).filter(|byte| *byte != 0xad).collect();
    let wide = [0, 0, 0, b'*', b'+', b'-', 0x08, 0x12];
    for seed in 0..4 {
        for (encoding, option, letters) in [
            ("ascii", "s", &narrow[..]),
            ("utf-16le", "l", &wide),
            ("utf-16be", "b", &wide),
            ("latin-1", "S", &latin),
        ] {
            // More than a chunk, with a run over its end.
            let mut bytes = random(seed, 700_000, letters);
            let unit = if encoding.starts_with("utf-16") { 2 } else { 1 };
            for (at, byte) in bytes[(512 << 10) - 40..(512 << 10) + 40].iter_mut().enumerate() {
                let is_last = if encoding == "utf-16be" { at % 2 == 1 } else { at % unit == 0 };
                *byte = if is_last { b'x' } else { 0 };
            }
            std::fs::write(path.join("bytes"), bytes).expect("written");
            for min in ["1", "4", "9"] {
                let Some(theirs) = gnu(path, &["-n", min, "-e", option, "bytes"]) else { return };
                let (_, ours) = strings(path, &["bytes", "--min", min, "--encoding", encoding]);
                let differs = ours.lines().zip(theirs.lines()).find(|(ours, theirs)| ours != theirs);
                assert_eq!(differs, None, "seed {seed}, {encoding}, {min}");
                assert_eq!(ours.lines().count(), theirs.lines().count(), "seed {seed}, {encoding}, {min}");
            }
        }
    }
}

#[test]
fn options_say_what_is_found_and_the_exit_code_whether() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let bytes =
        [b"\x01\x02hello \"w\"\0".as_slice(), "größer\0".as_bytes(), b"\xffP\0o\0s\0t\0\0\0\nab"].concat();
    std::fs::write(path.join("f"), bytes).expect("written");
    let is = |arguments: &[&str], code: i32, text: &str| {
        assert_eq!(strings(path, arguments), (code, text.to_owned()), "{arguments:?}");
    };
    is(&["f"], 0, "      2 hello \"w\"\n      c größer\n");
    is(&["f", "-n", "7"], 0, "      2 hello \"w\"\n");
    is(&["f", "--encoding", "ascii,utf-16le"], 0, "      2 hello \"w\"\n     16 Post\n");
    is(&["f", "-e", "utf-8,UTF-16LE", "--count"], 0, "3\n");
    is(&["f", "--limit", "1"], 0, "      2 hello \"w\"\n");
    is(&["f", "--containing", "ÖSS"], 1, "");
    is(&["f", "--containing", "RÖ"], 0, "      c größer\n");
    is(&["f", "--range", "4:9"], 0, "      4 llo \"\n");
    is(&["f", "--range", "-2:"], 1, "");
    is(&["f", "--range", "-2:", "--min", "2"], 0, "     21 ab\n");
    let json = "{\"file\": \"f\", \"strings\": [\n  {\"offset\": 2, \"length\": 9, \"encoding\": \"utf-8\", \"text\": \"hello \\\"w\\\"\"},\n  {\"offset\": 22, \"length\": 8, \"encoding\": \"utf-16le\", \"text\": \"Post\"}\n], \"count\": 2}\n";
    is(&["f", "-e", "utf-8,utf-16le", "--json", "--containing", "o"], 0, json);
    is(&["f", "--json", "--min", "99"], 1, "{\"file\": \"f\", \"strings\": [\n], \"count\": 0}\n");
    for (arguments, code, words) in [
        (
            &["f", "--encoding", "utf-9"][..],
            2,
            "--encoding utf-9: there is no such encoding. Use one of: ascii",
        ),
        (&["f", "--min", "0"], 2, "--min 0"),
        (&["none"], 2, "none: there is no such file"),
        (&["f", "--range", "1"], 2, "--range 1"),
    ] {
        let (ended, text) = strings(path, arguments);
        assert!(ended == code && text.contains(words), "{arguments:?}: {text}");
    }
}

/// It is neither kept in memory nor cut.
#[test]
fn a_string_longer_than_what_is_kept_is_written_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let text = "größer als gedacht ".repeat(100_000);
    std::fs::write(path.join("f"), [b"\0", text.as_bytes(), b"\0four"].concat()).expect("written");
    let (code, found) = strings(path, &["f"]);
    assert_eq!((code, found.len()), (0, text.len() + 8 + 1 + 13));
    assert!(found.starts_with("      1 größer") && found.contains(&text));
    let (_, json) = strings(path, &["f", "--json", "--limit", "1"]);
    assert!(json.contains(&text) && json.ends_with("\"}\n], \"count\": 1}\n"));
}
