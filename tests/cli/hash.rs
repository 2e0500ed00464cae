//! `pagelens hash`: its forms, its parts of files, what it says of a published value, and how it ends.

use super::headers::run;
use std::path::Path;
use std::process::Command;

const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("abc"), b"abc").expect("written");
    std::fs::write(folder.path().join("check"), b"123456789").expect("written");
    folder
}

fn hash(folder: &Path, arguments: &[&str]) -> (i32, String) {
    run(folder, &[&["hash"], arguments].concat())
}

#[test]
fn one_algorithm_is_written_as_sha256sum_does_and_several_as_bsd_does() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(hash(path, &["abc"]), (0, format!("{ABC}  abc\n")));
    let md5 = "MD5 (abc) = 900150983cd24fb0d6963f7d28e17f72\n";
    let sha = format!("SHA256 (abc) = {ABC}\n");
    assert_eq!(hash(path, &["abc", "--algorithm", "md5,SHA-256"]), (0, format!("{md5}{sha}")));
    assert_eq!(hash(path, &["abc", "-a", "sha256", "--algorithm", "md5"]).1, format!("{sha}{md5}"));
    assert_eq!(hash(path, &["check", "-a", "crc-16/ccitt-false"]).1, "29b1  check\n");
    assert_eq!(hash(path, &["abc", "-a", "sha256,SHA-256", "-a", "sha-256"]), (0, format!("{ABC}  abc\n")));
    assert_eq!(hash(path, &["abc", "-a", "md5,sha256,md5"]).1, format!("{md5}{sha}"));
    let all = hash(path, &["abc", "-a", "all"]).1;
    assert!(all.contains("SHA3-256 (abc) = ") && all.contains("CRC-16/MODBUS (abc) = "), "{all}");
    if let Ok(theirs) = Command::new("sha256sum").args(["abc", "check"]).current_dir(path).output() {
        assert_eq!(hash(path, &["abc", "check"]).1, String::from_utf8_lossy(&theirs.stdout));
    }
}

#[test]
fn a_part_of_a_file_and_an_array_in_it() {
    let folder = folder();
    let path = folder.path();
    for range in ["0:3", "[:3]", "0x0:+3", "-9:-6", ":end-6"] {
        let crc = "884863d2  check\n";
        assert_eq!(hash(path, &["check", "-a", "crc32", "--range", range]), (0, crc.to_owned()), "{range}");
    }
    let (code, text) = hash(path, &["check", "--range", "5:20"]);
    assert!(code == 2 && text.starts_with("check: --range 5:20: 20 is beyond the end"), "{text}");
    let header = r#"{"w":{"dtype":"U8","shape":[3],"data_offsets":[2,5]},"v":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), b"..abc"].concat();
    std::fs::write(path.join("m.safetensors"), bytes).expect("written");
    assert_eq!(hash(path, &["m.safetensors::w"]), (0, format!("{ABC}  m.safetensors::w\n")));
    assert_eq!(hash(path, &["m.safetensors::v", "-a", "crc32", "--range", "1:"]).0, 0);
    let (code, text) = hash(path, &["m.safetensors::u"]);
    assert!(code == 3 && text.contains("there is no array 'u'"), "{text}");
}

#[test]
fn a_published_value_is_compared() {
    let folder = folder();
    let path = folder.path();
    let is = |arguments: &[&str], code: i32, text: &str| {
        assert_eq!(hash(path, arguments), (code, format!("{text}\n")), "{arguments:?}");
    };
    is(&["abc", "--check", &ABC.to_uppercase()], 0, "abc: OK (SHA-256)");
    is(&["abc", "--check", &format!("{ABC}  abc")], 0, "abc: OK (SHA-256)");
    is(&["check", "--check", "cb f4 39 26"], 0, "check: OK (CRC-32)");
    is(&["check", "--check", "2639f4cb"], 0, "check: OK (CRC-32, bytes in the other order)");
    is(&["check", "--check", ABC], 1, "check: FAILED");
    is(&["abc", "check", "--check", ABC], 1, "abc: OK (SHA-256)\ncheck: FAILED");
    is(
        &["abc", "-a", "md5", "--check", ABC],
        1,
        "abc: FAILED: no chosen algorithm has values of 64 hex digits",
    );
    for (value, words) in
        [("123", "no algorithm has values of 3 hex digits"), ("xyz", "it has no hex digits")]
    {
        let (code, text) = hash(path, &["abc", "--check", value]);
        assert!(code == 2 && text.contains(words), "{text}");
    }
}

#[test]
fn json_has_all_of_it_and_a_failure_stops_only_its_file() {
    let folder = folder();
    let path = folder.path();
    let (code, text) = hash(path, &["abc", "-a", "crc32,sha1", "--range", "1:", "--json"]);
    let hashes = r#"{"CRC-32": "c2a92b38", "SHA-1": "5b2505039ac5af9e197f5dad04113906a9cf9a2a"}"#;
    let line = format!("{{\"file\": \"abc\", \"offset\": 1, \"length\": 2, \"hashes\": {hashes}}}");
    assert_eq!((code, text), (0, format!("{{\"files\": [\n  {line}\n]}}\n")));
    let (code, text) = hash(path, &["none", "abc"]);
    assert!(code == 3 && text.starts_with(ABC) && text.contains("none: there is no such file"), "{text}");
    let (code, text) = hash(path, &["none", "--json"]);
    assert!(
        code == 3 && text.contains(r#"{"file": "none", "error": "none: there is no such file."}"#),
        "{text}"
    );
    let (code, text) = hash(path, &["abc", "-a", "sha257"]);
    assert!(code == 2 && text.contains("--algorithm sha257: there is no such algorithm"), "{text}");
    assert_eq!(hash(path, &[]).0, 2);
}
