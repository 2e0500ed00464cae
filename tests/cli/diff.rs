//! `pagelens diff`: its lines, its JSON, and how it ends; against `cmp -l` and NumPy.

use super::headers::run;
use crate::oracle::rig::ask;
use std::path::Path;
use std::process::Command;

fn diff(folder: &Path, arguments: &[&str]) -> (i32, String) {
    run(folder, &[&["diff"], arguments].concat())
}

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("written");
    }
    folder
}

#[test]
fn bytes_differ_as_cmp_has_it() {
    let folder = folder(&[
        ("a", b"abcdef"),
        ("b", b"aBcdEf"),
        ("long", b"abcdefgh"),
        ("same", b"abcdef"),
        ("none", b""),
    ]);
    let path = folder.path();
    assert_eq!(diff(path, &["a", "same"]), (0, String::new()));
    assert_eq!(diff(path, &["a", "b"]), (1, "0x1\t62\t42\n0x4\t65\t45\n".to_owned()));
    assert_eq!(diff(path, &["a", "b", "--limit", "1"]), (1, "0x1\t62\t42\n".to_owned()));
    assert_eq!(diff(path, &["a", "b", "--quiet"]), (1, String::new()));
    assert_eq!(
        diff(path, &["a", "long"]),
        (1, "a ends after 0x6 bytes; long has 2 bytes more.\n".to_owned())
    );
    assert_eq!(
        diff(path, &["long", "none"]),
        (1, "none ends after 0x0 bytes; long has 8 bytes more.\n".to_owned())
    );
    assert_eq!(diff(path, &["none", "none"]), (0, String::new()));
    let json = "{\"kind\": \"bytes\", \"a\": {\"file\": \"a\", \"offset\": 0, \"length\": 6}, \"b\": {\"file\": \"b\", \"offset\": 0, \"length\": 6}, \"runs\": [
  {\"offset\": 1, \"length\": 1, \"a\": \"62\", \"b\": \"42\"},
  {\"offset\": 4, \"length\": 1, \"a\": \"65\", \"b\": \"45\"}
], \"different_bytes\": 2, \"equal\": false, \"complete\": true}\n";
    assert_eq!(diff(path, &["a", "b", "--json"]), (1, json.to_owned()));
    let summary = "compared\t6\ndifferent\t2\nruns\t2\n";
    assert_eq!(diff(path, &["a", "b", "--summary"]), (1, summary.to_owned()));
    let summary = "changes\t1\nchanged in a\t0\nchanged in b\t2\n";
    assert_eq!(diff(path, &["a", "long", "--align", "--summary"]), (1, summary.to_owned()));
    let (code, text) = diff(path, &["a", "missing"]);
    assert!(code == 2 && text.contains("there is no such file"), "{text}");
    for (arguments, words) in [
        (&["a", "b", "--align", "--atol", "1"][..], "a tolerance is for elements"),
        (&["a", "b", "--rtol=-1"], "not negative"),
        (&["-", "-"], "only one of the two"),
    ] {
        let (code, text) = diff(path, arguments);
        assert!(code == 2 && text.contains(words), "{arguments:?}: {text}");
    }
}

#[test]
fn every_byte_of_random_files_is_the_one_that_cmp_lists() {
    let mut rng = fastrand::Rng::with_seed(6);
    for round in 0..6 {
        let len = rng.usize(1..400_000);
        let a: Vec<u8> = (0..len).map(|_| rng.u8(0..5)).collect();
        let mut b = a.clone();
        for _ in 0..rng.usize(0..2000) {
            b[rng.usize(0..len)] = rng.u8(0..5);
        }
        let folder = folder(&[("a", &a), ("b", &b)]);
        let Ok(theirs) = Command::new("cmp").args(["-l", "a", "b"]).current_dir(folder.path()).output()
        else {
            return;
        };
        let lines = String::from_utf8_lossy(&theirs.stdout);
        let wanted: String = lines
            .lines()
            .map(|line| {
                let fields: Vec<&str> = line.split_whitespace().collect();
                let offset = fields[0].parse::<u64>().expect("a number") - 1;
                let byte = |text: &str| u8::from_str_radix(text, 8).expect("a byte");
                format!("{offset:#x}\t{:02x}\t{:02x}\n", byte(fields[1]), byte(fields[2]))
            })
            .collect();
        let (code, text) = diff(folder.path(), &["a", "b"]);
        assert_eq!((code, text), (theirs.status.code().expect("ended"), wanted), "round {round}");
    }
}

#[test]
fn insertions_and_deletions_are_lines_of_their_own() {
    let a: Vec<u8> = (0..2000_u32).map(|n| (n * n / 7) as u8).collect();
    let mut b = a.clone();
    b.splice(500..500, *b"INSERTED");
    b.drain(1500..1510);
    let folder = folder(&[("a", &a), ("b", &b)]);
    let path = folder.path();
    let lines = "inserted\t0x1f4..0x1f4\t0x1f4..0x1fc\ndeleted\t0x5d4..0x5de\t0x5dc..0x5dc\n";
    assert_eq!(diff(path, &["a", "b", "--align"]), (1, lines.to_owned()));
    assert_eq!(diff(path, &["a", "a", "--align"]), (0, String::new()));
    let (code, text) = diff(path, &["a", "b", "--align", "--json", "--limit", "1"]);
    let change = "{\"kind\": \"inserted\", \"a\": {\"offset\": 500, \"length\": 0}, \"b\": {\"offset\": 500, \"length\": 8}}";
    assert!(
        code == 1 && text.contains(change) && text.ends_with("\"equal\": false, \"complete\": false}\n"),
        "{text}"
    );
}

#[test]
fn elements_are_compared_as_numpy_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().to_string_lossy().into_owned();
    let Some(answer) = ask("compare.py", &[&place], b"") else { return };
    let answer = String::from_utf8_lossy(&answer).replace('\r', "");
    let mut seen = 0;
    for case in answer.lines() {
        let fields: Vec<&str> = case.split('\t').collect();
        let [options, indices, max_abs] = fields[..] else { panic!("{case}") };
        let arguments: Vec<&str> = options.split(' ').collect();
        let (code, text) = diff(folder.path(), &[&arguments[..], &["--json"]].concat());
        assert_eq!(code, i32::from(!indices.is_empty()), "{options}: {text}");
        let elements =
            text.split_once("\"elements\": [").and_then(|(_, rest)| rest.split_once("], \"compared\""));
        let (elements, figures) = elements.unwrap_or_else(|| panic!("{options}: {text}"));
        let told: Vec<&str> = elements
            .split("{\"index\": ")
            .skip(1)
            .map(|element| element.split_once(", \"a\"").map_or("", |(index, _)| index))
            .collect();
        assert_eq!(told.join(";"), indices, "{options}");
        let told = figures.split_once("\"max_abs\": {\"value\": ").map(|(_, rest)| rest);
        let told = told
            .and_then(|rest| rest.split_once(", \"index\""))
            .map_or("none", |(value, _)| value.trim_matches('"'));
        let number = |text: &str| text.parse::<f64>().ok();
        assert_eq!(number(told), number(max_abs), "{options}: {told} {max_abs}");
        seen += 1;
    }
    assert!(seen >= 60, "{seen} cases");
}

fn npy(dtype: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}");
    let head = format!("{head:117}\n");
    [b"\x93NUMPY\x01\0", &(head.len() as u16).to_le_bytes()[..], head.as_bytes(), data].concat()
}

#[test]
fn elements_are_lines_with_index_and_difference() {
    let f4 = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let a = npy("<f4", "(2, 3)", &f4(&[1.0, 2.0, 3.0, 4.0, f32::NAN, 0.1]));
    let b = npy("<f4", "(2, 3)", &f4(&[1.0, 2.5, 3.0, 4.0, 1.0, 0.3]));
    let folder = folder(&[
        ("a.npy", &a),
        ("b.npy", &b),
        ("s.npy", &npy("<f4", "(3, 2)", &[0; 24])),
        ("raw", &a[128..]),
    ]);
    let path = folder.path();
    let lines = "[0, 1]\t2.0\t2.5\t0.5\n[1, 1]\tnan\t1.0\tnan\n[1, 2]\t0.1\t0.3\t0.20000002\n";
    assert_eq!(diff(path, &["a.npy", "b.npy"]), (1, lines.to_owned()));
    assert_eq!(diff(path, &["a.npy", "b.npy", "--atol", "0.5"]), (1, "[1, 1]\tnan\t1.0\tnan\n".to_owned()));
    assert_eq!(diff(path, &["a.npy", "b.npy", "[0, ::2]"]), (0, String::new()));
    assert_eq!(
        diff(path, &["a.npy", "b.npy", "[:, 1]", "--limit", "1"]),
        (1, "[0, 1]\t2.0\t2.5\t0.5\n".to_owned())
    );
    assert_eq!(diff(path, &["a.npy", "raw", "--dtype", "<f4"]).0, 2, "the shapes differ");
    assert_eq!(diff(path, &["a.npy", "raw", "--dtype", "<f4", "--shape", "2,3"]), (0, String::new()));
    let (code, text) = diff(path, &["a.npy", "s.npy"]);
    assert!(code == 2 && text.contains("The shapes differ: (2, 3) and (3, 2)."), "{text}");
    let (code, text) = diff(path, &["a.npy", "b.npy", "--summary"]);
    let summary = "compared\t6
different\t3
NaN\t1 only in a, 0 only in b, 0 in both
max |a - b|\t0.5\t[0, 1]
max |a - b| / |b|\t0.6666667\t[1, 2]
max ULP\t13421773\t[1, 2]
worst\t[0, 1]\t2.0\t2.5\t0.5
worst\t[1, 2]\t0.1\t0.3\t0.20000002
|a - b| = 0\t3
|a - b| from 2^-3\t1
|a - b| from 2^-1\t1\n";
    assert_eq!((code, text.as_str()), (1, summary));
    let (code, text) = diff(path, &["a.npy", "b.npy", "--bytes", "--limit", "1"]);
    assert_eq!((code, text.as_str()), (1, "0x86\t00\t20\n"));
}

fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

#[test]
fn containers_are_compared_array_by_array() {
    let a = safetensors(
        r#"{"same":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"moved":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},"changed":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"wide":{"dtype":"U8","shape":[1],"data_offsets":[12,13]},"flat":{"dtype":"U8","shape":[4],"data_offsets":[13,17]},"gone":{"dtype":"U8","shape":[1],"data_offsets":[17,18]}}"#,
        &[1, 2, 3, 4, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40, 7, 1, 2, 3, 4, 9],
    );
    let b = safetensors(
        r#"{"same":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"changed":{"dtype":"F32","shape":[2],"data_offsets":[2,10]},"moved":{"dtype":"U8","shape":[2],"data_offsets":[10,12]},"wide":{"dtype":"I16","shape":[1],"data_offsets":[12,14]},"flat":{"dtype":"U8","shape":[2,2],"data_offsets":[14,18]},"new":{"dtype":"U8","shape":[1],"data_offsets":[18,19]}}"#,
        &[1, 2, 0, 0, 0x80, 0x3f, 0, 0, 0x20, 0x40, 3, 4, 7, 0, 1, 2, 3, 5, 9],
    );
    // Both headers are as long, so that the offsets tell.
    let folder = folder(&[("a.safetensors", &a), ("b.safetensors", &b)]);
    let path = folder.path();
    let (code, text) = diff(path, &["a.safetensors", "b.safetensors"]);
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(code, 1, "{text}");
    assert_eq!(rows.len(), 7, "{text}");
    for row in [
        "changed\tchanged\t1 of 2 elements differ, at most by 0.5 at [1]",
        "retyped\twide\t|u1 became <i2; the values are equal",
        "reshaped\tflat\t(4,) became (2, 2); 1 of 4 elements differ, at most by 1.0 at [3]",
        "removed\tgone\t|u1 (1,)",
        "added\tnew\t|u1 (1,)",
    ] {
        assert!(rows.contains(&row), "{row} in {text}");
    }
    assert!(rows.iter().any(|row| row.starts_with("moved\tmoved\t")), "{text}");
    let (code, text) = diff(path, &["a.safetensors", "b.safetensors", "--atol", "0.5", "--json"]);
    assert!(code == 1 && text.contains("{\"name\": \"changed\", \"status\": \"moved\", \"compared\": 2, \"different\": 0, \"max_abs\": 0.5}"), "{text}");
    assert_eq!(diff(path, &["a.safetensors", "a.safetensors", "--quiet"]), (0, String::new()));
    assert_eq!(diff(path, &["a.safetensors", "b.safetensors", "--quiet"]), (1, String::new()));
    assert_eq!(diff(path, &["a.safetensors::same", "b.safetensors::same"]), (0, String::new()));
    let (code, text) = diff(path, &["a.safetensors::wide", "b.safetensors::wide", "--ulp", "1"]);
    assert_eq!((code, text), (0, String::new()));
}
