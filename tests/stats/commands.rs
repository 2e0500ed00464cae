//! `pagelens stats` as it is typed.

use std::path::Path;
use std::process::{Command, Output, Stdio};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state"));
    command.arg("stats").args(arguments).stdin(Stdio::null()).output().expect("run")
}

fn text(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert_eq!((output.status.code(), &*output.stderr), (Some(0), &b""[..]), "{arguments:?}");
    String::from_utf8(output.stdout).expect("text")
}

fn code(folder: &Path, arguments: &[&str]) -> Option<i32> {
    run(folder, arguments).status.code()
}

/// Six floats, one of them NaN; and two arrays in a container.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let values = [1.0_f32, -2.5, f32::NAN, 4.0, 0.0, 4.0];
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    std::fs::write(folder.path().join("a.bin"), &bytes).expect("written");
    let header = r#"{"b":{"dtype":"I16","shape":[2],"data_offsets":[24,28]},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#;
    let whole =
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &bytes, &[5, 0, 255, 255]].concat();
    std::fs::write(folder.path().join("m.safetensors"), whole).expect("written");
    folder
}

#[test]
fn an_array_has_all_keys() {
    let folder = folder();
    let found =
        text(folder.path(), &["a.bin", "--dtype", "<f4", "--percentiles", "0,50", "--bins", "2", "--json"]);
    for part in [
        r#""count": 6, "min": -2.5, "argmin": 1, "max": 4.0, "argmax": 3, "mean": 1.3, "#,
        r#""sum": 6.5, "#,
        r#""nan": 1, "first_nan": 2, "posinf": 0, "neginf": 0, "zeros": 1, "negatives": 1, "distinct": 5, "#,
        r#""percentiles": {"0": -2.5, "50": 1.0}, "histogram": {"edges": [-2.5, 0.75, 4.0], "counts": [2, 3]}"#,
    ] {
        assert!(found.contains(part), "{part} is not in {found}");
    }
    let plain = text(folder.path(), &["m.safetensors::w", "[1]"]);
    assert!(plain.contains("max        4.0  at (0,)\n") && plain.contains("nan        0\n"), "{plain}");
}

#[test]
fn records_and_a_wrong_name_of_the_command_have_a_hint() {
    let folder = folder();
    let records = run(folder.path(), &["a.bin", "--dtype", "[('id', '<i4'), ('t', '<f4')]"]);
    assert_eq!(records.status.code(), Some(0));
    let told = String::from_utf8(records.stderr).expect("text");
    assert_eq!(told, "a.bin: the elements are records. Name a field for more statistics: \"['id']\".\n");
    let field = text(folder.path(), &["a.bin", "--dtype", "[('id', '<i4'), ('t', '<f4')]", "['t']"]);
    assert!(field.contains("max        4.0  at (1,)\n"), "{field}");
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder.path()).env("PAGELENS_STATE_DIR", folder.path().join("state"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").args(["stat", "a.bin"]);
    let typed = command.stdin(Stdio::null()).output().expect("run");
    assert_eq!(typed.status.code(), Some(1));
    let told = String::from_utf8(typed.stderr).expect("text");
    assert_eq!(told, "There is no file stat. Did you mean the command stats?\n");
}

#[test]
fn a_container_and_an_axis_have_rows() {
    let folder = folder();
    let rows = text(folder.path(), &["m.safetensors"]);
    let lines: Vec<Vec<&str>> = rows.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines[0][..5], ["array", "dtype", "shape", "count", "min"]);
    assert_eq!(lines[1], ["b", "<i2", "(2,)", "2", "-1", "5", "2.0", "3.0", "0", "0", "0"]);
    assert_eq!(lines[2][..6], ["w", "<f4", "(2,", "3)", "6", "-2.5"]);
    let columns = text(folder.path(), &["m.safetensors::w", "--axis", "0", "--json"]);
    assert_eq!(columns.lines().count(), 3);
    assert!(
        columns.contains(r#""array": "(2,)", "dtype": "<f4", "shape": [2], "count": 2, "min": 4.0"#),
        "{columns}"
    );
    assert!(text(folder.path(), &["m.safetensors::w", "--axis=-1"]).lines().count() == 3);
}

/// Arrays are measured side by side; the rows and the notes are in the order of the header all the same.
#[test]
fn many_arrays_have_their_rows_in_order() {
    const ARRAYS: usize = 60;
    let folder = tempfile::tempdir().expect("a folder");
    let len = |number: usize| 1 + (number * 7919) % 50_000;
    let (mut entries, mut data) = (Vec::new(), Vec::new());
    for number in 0..ARRAYS {
        let start = data.len();
        data.extend((0..len(number)).flat_map(|_| (number as i32).to_le_bytes()));
        entries.push(format!(
            r#""t{number}":{{"dtype":"I32","shape":[{}],"data_offsets":[{start},{}]}}"#,
            len(number),
            data.len()
        ));
    }
    let header = format!("{{{}}}", entries.join(","));
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &data].concat();
    std::fs::write(folder.path().join("many.safetensors"), bytes).expect("written");
    let rows = text(folder.path(), &["many.safetensors"]);
    let found: Vec<Vec<&str>> = rows.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(found.len(), ARRAYS);
    for (number, row) in found.iter().enumerate() {
        let (name, count, value) = (format!("t{number}"), len(number).to_string(), number.to_string());
        assert_eq!([row[0], row[3], row[4], row[5]], [&*name, &count, &value, &value]);
    }
}

#[test]
fn what_can_t_be_answered_is_said() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(code(path, &["a.bin", "--percentiles", "101"]), Some(2));
    assert_eq!(code(path, &["a.bin", "--axis", "1"]), Some(2));
    assert_eq!(code(path, &["m.safetensors", "[0]"]), Some(2));
    assert_eq!(code(path, &["m.safetensors::q"]), Some(3));
    assert_eq!(code(path, &["none.bin"]), Some(3));
    std::fs::write(path.join("empty.bin"), b"").expect("written");
    for dtype in ["<f8", "<f4", "bf16", "<f2", "|u1", "<i2", "<i8", "<M8[s]"] {
        let found = text(path, &["empty.bin", "--dtype", dtype, "--percentiles", "50", "--json"]);
        assert!(found.contains(r#""count": 0, "min": null"#), "{dtype}: {found}");
        let none = r#""distinct": 0, "distinct_exact": true, "percentiles": {}, "histogram": null"#;
        assert!(found.contains(none), "{dtype}: {found}");
    }
}

/// A program that reads the JSON of a container gets a list, however many arrays there are.
#[test]
fn json_of_a_container_is_a_list_also_with_one_array() {
    let folder = folder();
    let path = folder.path();
    let header = r#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let one = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &1.5_f32.to_le_bytes()].concat();
    std::fs::write(path.join("one.safetensors"), one).expect("written");
    let whole = text(path, &["one.safetensors", "--json"]);
    assert!(whole.starts_with(r#"[{"array": "w", "dtype": "<f4", "shape": [1], "count": 1, "#), "{whole}");
    assert!(whole.ends_with("}]\n") && whole.contains(r#""percentiles": {}"#), "{whole}");
    for one in [&["one.safetensors::w", "--json"][..], &["one.safetensors", "[:]", "--json"]] {
        assert!(text(path, one).starts_with(r#"{"array": "w""#), "{one:?}");
    }
    assert!(text(path, &["one.safetensors"]).starts_with("dtype"), "for people it is one array");
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,), }";
    let npy = [&b"\x93NUMPY\x01\0\x76\0"[..], format!("{header:117}\n").as_bytes(), &[7]].concat();
    std::fs::write(path.join("one.npy"), npy).expect("written");
    assert!(text(path, &["one.npy", "--json"]).starts_with(r#"{"array": "#), "the file is the array");
}

/// The rows that `x.sum(axis=N)` of NumPy has, each without elements.
#[test]
fn an_axis_without_elements_has_empty_rows() {
    let folder = folder();
    let path = folder.path();
    std::fs::write(path.join("empty.bin"), b"").expect("written");
    let rows = |shape: &str, axis: &str| {
        let found = text(path, &["empty.bin", "--dtype", "<f4", "--shape", shape, "--axis", axis, "--json"]);
        assert_eq!(
            found.matches(r#""shape": [0], "count": 0, "min": null"#).count(),
            found.matches("array").count()
        );
        found.matches("array").count()
    };
    assert_eq!([rows("3,0", "1"), rows("3,0", "0"), rows("2,0,3", "1"), rows("2,0,3", "0")], [3, 0, 6, 0]);
    let many = run(path, &["empty.bin", "--dtype", "<f4", "--shape", "1000000000000,0", "--axis", "1"]);
    let said = String::from_utf8_lossy(&many.stderr).into_owned();
    assert!(many.status.code() == Some(1) && said.contains("1000000000000 empty rows"), "{said}");
}

/// Whoever gets values of a damaged member is told so, and the command fails.
#[test]
fn a_member_with_another_checksum_is_told_by_every_command() {
    let folder = folder();
    let path = folder.path();
    let values: Vec<u8> = [1.0_f32, 2.0, 3.0].iter().flat_map(|value| value.to_le_bytes()).collect();
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }";
    let header = format!("{header:117}\n");
    let npy = [&b"\x93NUMPY\x01\0"[..], &118_u16.to_le_bytes(), header.as_bytes(), &values].concat();
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &npy).expect("deflated");
    let packed = encoder.finish().expect("deflated");
    let (len, crc) = (npy.len() as u32, crc32fast::hash(&npy));
    let zip = crate::cli::headers::zip;
    std::fs::write(path.join("good.npz"), zip(&[("a.npy", &packed, 8, len, crc)])).expect("written");
    std::fs::write(path.join("bad.npz"), zip(&[("a.npy", &packed, 8, len, crc ^ 1)])).expect("written");
    let sha = hex_of_sha(&values);
    for (arguments, wanted, code) in [
        (&["stats", "FILE"][..], "max        3.0  at (2,)\n", 1),
        (&["stats", "FILE::a", "[1:]"], "max        3.0  at (1,)\n", 1),
        (&["stats", "FILE", "--json"], r#""sum": 6.0"#, 1),
        (&["get", "FILE"], "[1.0 2.0 3.0]", 1),
        (&["hash", "FILE::a"], &sha, 1),
        (&["find", "FILE", "--value", "2"], "[1]\t2.0\n", 2),
        (&["find", "FILE", "--hex", "00 00 40 40"], "[2]\t3.0\n", 2),
    ] {
        for (name, code, words) in
            [("good.npz", 0, ""), ("bad.npz", code, "bad.npz::a: The decompressed bytes")]
        {
            let arguments: Vec<String> = arguments.iter().map(|text| text.replace("FILE", name)).collect();
            let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
            command.current_dir(path).env("PAGELENS_STATE_DIR", path.join("state"));
            let output = command.args(&arguments).stdin(Stdio::null()).output().expect("run");
            let (out, err) =
                (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            assert!(out.contains(wanted), "{arguments:?}: {out} {err}");
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {err}");
            assert!(err.starts_with(words) && err.is_empty() == words.is_empty(), "{arguments:?}: {err}");
        }
    }
    // Of a part that ends earlier the end is not decompressed, so nothing is known.
    let part = text(path, &["bad.npz", "[:2]"]);
    assert!(part.contains("max        2.0"), "{part}");
}

fn hex_of_sha(bytes: &[u8]) -> String {
    crate::hashes::value_of("SHA-256", bytes)
}
