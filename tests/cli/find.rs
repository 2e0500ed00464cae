//! `pagelens find`: lines, JSON, and how it ends.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state"));
    command.arg("find").args(arguments).stdin(Stdio::null());
    command
}

/// The code, what it wrote, and what it said of errors.
fn find(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = command(folder, arguments).output().expect("run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

fn found(folder: &Path, arguments: &[&str]) -> String {
    let (code, out, err) = find(folder, arguments);
    assert_eq!((code, err.as_str()), (Some(0), ""), "{arguments:?}: {out}");
    out
}

/// A plain file, and a container with two arrays.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let mut text = b"MZ\x90\0 id=7 cat Cat concat id=42".to_vec();
    text.extend("cat".encode_utf16().flat_map(u16::to_le_bytes));
    std::fs::write(folder.path().join("a.bin"), &text).expect("written");
    let header = r#"{"w":{"dtype":"I16","shape":[2,3],"data_offsets":[0,12]},"x":{"dtype":"F32","shape":[2],"data_offsets":[12,20]}}"#;
    let mut bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    bytes.extend([1_i16, -2, 3, -2, 5, 6].iter().flat_map(|value| value.to_le_bytes()));
    bytes.extend([1.5_f32, f32::NAN].iter().flat_map(|value| value.to_le_bytes()));
    std::fs::write(folder.path().join("m.safetensors"), bytes).expect("written");
    folder
}

#[test]
fn a_line_a_hit_with_its_offset_in_hex() {
    let folder = folder();
    let path = folder.path();
    assert_eq!(found(path, &["a.bin", "--hex", "4D 5A ?? 00"]), "0x0\n");
    assert_eq!(found(path, &["a.bin", "--text", "cat", "--encoding", "utf8"]), "0xa\n0x15\n");
    assert_eq!(found(path, &["a.bin", "--text", "cat"]), "0xa\n0x15\n0x1e\n");
    assert_eq!(found(path, &["a.bin", "--text", "CAT", "-i", "-w"]), "0xa\n0xe\n0x1e\n");
    assert_eq!(found(path, &["a.bin", "--regex", "id=[0-9]+"]), "0x5\n0x19\n");
    assert_eq!(found(path, &["a.bin", "--regex", "ID=[0-9]+", "--ignore-case", "--count"]), "2\n");
    assert_eq!(found(path, &["a.bin", "--regex", "id=[0-9]+", "--limit", "1"]), "0x5\n");
    assert_eq!(found(path, &["a.bin", "--text", "cat", "--in", "11:0x1d"]), "0x15\n");
    assert_eq!(find(path, &["a.bin", "--text", "dog"]), (Some(1), String::new(), String::new()));
    assert_eq!(find(path, &["a.bin", "--text", "dog", "--count"]).1, "0\n");
}

#[test]
fn hits_in_arrays_have_index_and_value() {
    let folder = folder();
    let path = folder.path();
    let minus_two = ["--hex", "FE FF"];
    let of = |file: &str, more: &[&str]| found(path, &[&[file][..], &minus_two, more].concat());
    let start = std::fs::read(path.join("m.safetensors")).expect("there").len() - 20;
    let line = |at: usize, words: &str| format!("{:#x}\t{words}\t-2\n", start + at);
    assert_eq!(of("m.safetensors", &[]), line(2, "w[0, 1]") + &line(6, "w[1, 0]"));
    assert_eq!(of("m.safetensors::w", &[]), line(2, "[0, 1]") + &line(6, "[1, 0]"));
    assert_eq!(of("m.safetensors::w", &["--in", "[1]"]), line(6, "[1, 0]"));
    assert_eq!(of("m.safetensors::w", &["--in", "[:, 1]"]), line(2, "[0, 1]"));
    assert_eq!(of("m.safetensors::w", &["--in", "[:, 0]", "--count"]), "1\n");
    let raw = find(path, &["a.bin", "--text", "id=7", "--dtype", "<u4", "--offset", "1"]);
    assert_eq!((raw.0, raw.1.as_str()), (Some(0), "0x5\t[1]\t926770281\n"));
    assert!(raw.2.contains("3 bytes are left over"), "{}", raw.2);
    // The header belongs to no array.
    assert_eq!(found(path, &["m.safetensors", "--text", "I16"]).matches('\t').count(), 0);
}

#[test]
fn values_and_questions_are_about_elements() {
    let folder = folder();
    let path = folder.path();
    let start = std::fs::read(path.join("m.safetensors")).expect("there").len() - 20;
    let line = |at: usize, words: &str, value: &str| format!("{:#x}\t{words}\t{value}\n", start + at);
    let minus = line(2, "[0, 1]", "-2") + &line(6, "[1, 0]", "-2");
    assert_eq!(found(path, &["m.safetensors::w", "--value", "-2"]), minus);
    assert_eq!(found(path, &["m.safetensors::w", "--where", "x < 0"]), minus);
    assert_eq!(
        found(path, &["m.safetensors::w", "--where", "x < 0", "--in", "[1:]"]),
        line(6, "[1, 0]", "-2")
    );
    assert_eq!(found(path, &["m.safetensors::w", "--value", "5..", "--count"]), "2\n");
    assert_eq!(found(path, &["m.safetensors::w", "--value", "4", "--tolerance", "1", "--count"]), "2\n");
    let all = found(path, &["m.safetensors", "--value", "nan"]);
    assert_eq!(all, line(16, "x[1]", "nan"), "what has no NaN is passed over");
    assert_eq!(found(path, &["m.safetensors", "--where", "x > 1", "--count"]), "4\n");
    let json = found(path, &["m.safetensors", "--where", "isnan(x)", "--json"]);
    assert!(json.contains("\"length\": 4, \"array\": \"x\", \"index\": [1], \"value\": \"nan\""), "{json}");
    assert_eq!(find(path, &["m.safetensors", "--value", "77"]).0, Some(1));

    // In a plain file: of a type, or of several, at any offset, in both byte orders.
    let mut bytes = vec![0x11; 40];
    bytes[7..11].copy_from_slice(&1.5_f32.to_le_bytes());
    bytes[16..24].copy_from_slice(&1.5_f64.to_be_bytes());
    std::fs::write(path.join("v"), &bytes).expect("written");
    assert_eq!(find(path, &["v", "--value", "1.5", "--dtype", "<f4"]).0, Some(1));
    let found_at = |more: &[&str]| found(path, &[&["v", "--value", "1.5"][..], more].concat());
    let largest = ["v", "--where", "x == max and x > 2 * median", "--dtype", ">f8"];
    assert_eq!(found(path, &largest), "0x10\t[2]\t1.5\n");
    assert_eq!(
        found_at(&["--dtype", "<f4", "--unaligned"]),
        "0x7\t<f4\t1.5\n",
        "it lies between two elements"
    );
    assert_eq!(found_at(&["--dtype", "f4,f8", "--both-orders"]), "0x10\t>f8[2]\t1.5\n");
    assert_eq!(found_at(&["--dtype", "f4,f8", "--both-orders", "--unaligned", "--count"]), "2\n");
    let json = found_at(&["--dtype", "f4,>f8", "--unaligned", "--json"]);
    assert!(json.contains("{\"offset\": 7, \"length\": 4, \"type\": \"<f4\", \"value\": 1.5}"), "{json}");
    assert!(
        json.contains("{\"offset\": 16, \"length\": 8, \"index\": [2], \"type\": \">f8\", \"value\": 1.5}"),
        "{json}"
    );
    let within = ["--dtype", "f4,>f8", "--unaligned", "--in"];
    let in_part = |range: &str| find(path, &[&["v", "--value", "1.5"], &within[..], &[range]].concat()).1;
    assert_eq!(in_part("7:11"), "0x7\t<f4[0]\t1.5\n");
    assert_eq!(in_part("6:+18"), "0x7\t<f4\t1.5\n0x10\t>f8\t1.5\n");
    assert_eq!(in_part("8:23"), "", "neither lies wholly in it");
    for (arguments, words) in [
        (&["m.safetensors::x", "--value", "1", "--dtype", "f4,f8"][..], "are for plain files"),
        (&["m.safetensors", "--value", "1", "--dtype", "f4", "--unaligned"], "are for plain files"),
        (&["v", "--value", "1", "--dtype", "f4,f8", "--in", "0:8", "--offset", "1"], "leave out --offset"),
        (&["v", "--value", "1", "--dtype", "f4,f8", "--in", "0:99"], "--in 0:99"),
        (&["v", "--value", "1"], "say with --dtype"),
        (&["v", "--value", "one", "--dtype", "<f4"], "one"),
        (&["v", "--where", "x >", "--dtype", "<f4"], "at character"),
        (&["v", "--where", "x > 1", "--tolerance", "1"], "--tolerance goes with --value"),
        (&["v", "--hex", "00", "--unaligned"], "--unaligned goes with"),
        (&["v", "--where", "x > other('b')", "--dtype", "<f4"], "There is no array 'b'"),
        (&["m.safetensors", "--where", "x > other('b')"], "There is no array 'b'. There are: "),
        (&["m.safetensors", "--where", "name == 3"], "name"),
    ] {
        let (code, out, err) = find(path, arguments);
        assert!(code == Some(2) && out.is_empty() && err.contains(words), "{arguments:?}: {code:?} {err}");
    }
}

#[test]
fn json_has_all_of_it() {
    let folder = folder();
    let path = folder.path();
    let text = found(path, &["m.safetensors", "--hex", "FE FF", "--json"]);
    let start = std::fs::read(path.join("m.safetensors")).expect("there").len() - 20;
    let hit = |at: usize, index: &str| {
        format!(
            "  {{\"offset\": {}, \"length\": 2, \"array\": \"w\", \"index\": [{index}], \"value\": -2}}",
            start + at
        )
    };
    let expected = format!(
        "{{\"hits\": [\n{},\n{}\n], \"count\": 2, \"complete\": true}}\n",
        hit(2, "0, 1"),
        hit(6, "1, 0")
    );
    assert_eq!(text, expected);
    let none = find(path, &["a.bin", "--text", "dog", "--json"]);
    assert_eq!((none.0, none.1.as_str()), (Some(1), "{\"hits\": [], \"count\": 0, \"complete\": true}\n"));
    let some = found(path, &["a.bin", "--text", "cat", "--json", "--count", "--limit", "2"]);
    assert_eq!(some, "{\"count\": 2, \"complete\": false}\n");
    let nan = found(path, &["m.safetensors::x", "--hex", "c0 7f", "--json"]);
    assert!(nan.contains("\"index\": [1], \"value\": \"nan\""), "{nan}");
}

#[test]
fn a_limit_that_is_met_exactly_is_the_whole_answer() {
    let folder = folder();
    let path = folder.path();
    let end = |count: u64, complete: bool| format!("\"count\": {count}, \"complete\": {complete}}}\n");
    // 'cat' is there twice in UTF-8 and once in UTF-16; -2 is in one array twice, and NaN in the other once.
    for (arguments, count) in [
        (&["a.bin", "--text", "cat"][..], 3),
        (&["a.bin", "--hex", "63 61 74"], 2),
        (&["a.bin", "--regex", "id=[0-9]+"], 2),
        (&["m.safetensors", "--value", "-2"], 2),
        (&["m.safetensors::w", "--where", "x == -2"], 2),
        (&["m.safetensors", "--hex", "c0 7f"], 1),
    ] {
        for limit in [count - 1, count, count + 1].into_iter().filter(|limit| *limit > 0) {
            let limit_text = limit.to_string();
            for more in
                [&["--json", "--limit", &limit_text][..], &["--json", "--count", "--limit", &limit_text]]
            {
                let text = found(path, &[arguments, more].concat());
                assert!(
                    text.ends_with(&end(limit.min(count), limit >= count)),
                    "{arguments:?} {more:?}: {text}"
                );
                let hits = text.matches("\"offset\"").count() as u64;
                assert!(more.contains(&"--count") || hits == limit.min(count), "{text}");
            }
            let lines = found(path, &[arguments, &["--limit", &limit_text]].concat());
            assert_eq!(lines.lines().count() as u64, limit.min(count), "{arguments:?} {limit}");
            let counted = found(path, &[arguments, &["--count", "--limit", &limit_text]].concat());
            assert_eq!(counted, format!("{}\n", limit.min(count)));
        }
    }
}

/// As [`found`], with so many KiB of memory at most that no file is mapped in.
#[cfg(target_os = "linux")]
fn found_in(kibibytes: u32, folder: &Path, arguments: &[&str]) -> String {
    let mut shell = Command::new("sh");
    shell.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state")).stdin(Stdio::null());
    let limited = format!("ulimit -d {kibibytes} && exec \"$0\" \"$@\"");
    shell.args(["-c", &limited, env!("CARGO_BIN_EXE_pagelens"), "find"]).args(arguments);
    let output = shell.output().expect("run");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()), "{arguments:?}");
    text(&output.stdout)
}

#[test]
#[cfg(target_os = "linux")]
fn dense_hits_need_little_memory() {
    // Above what the program itself, its threads and their buffers take. One list of all hits would take 256 MiB or more.
    const KIBIBYTES: u32 = 80 << 10;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let len = 16 << 20;
    std::fs::write(path.join("same"), vec![b'x'; len]).expect("written");
    let mut random = fastrand::Rng::with_seed(2);
    let mixed: Vec<u8> = (0..len).map(|_| if random.bool() { b'x' } else { b'y' }).collect();
    std::fs::write(path.join("mixed"), &mixed).expect("written");
    let all = |byte: u8| mixed.iter().filter(|own| **own == byte).count();
    let pairs = mixed.windows(2).filter(|pair| *pair == b"xy").count();
    let runs = mixed.chunk_by(|a, b| a == b).filter(|run| run[0] == b'x').count();
    for (arguments, count) in [
        (&["same", "--hex", "78"][..], len),
        (&["same", "--hex", "78 78 78"], len / 3),
        (&["mixed", "--hex", "78"], all(b'x')),
        (&["mixed", "--hex", "?8"], all(b'x')),
        (&["mixed", "--text", "xy"], pairs),
        (&["mixed", "--regex", "x+"], runs),
        (&["mixed", "--dtype", "u1", "--value", "121"], all(b'y')),
        (&["mixed", "--dtype", "u1", "--where", "x < 121"], all(b'x')),
    ] {
        let counted = found_in(KIBIBYTES, path, &[arguments, &["--count"]].concat());
        assert_eq!(counted, format!("{count}\n"), "{arguments:?}");
        let one = found_in(KIBIBYTES, path, &[arguments, &["--limit", "1"]].concat());
        assert_eq!(one.lines().count(), 1, "{arguments:?}");
    }
    // Hits that are written, and not only counted.
    let limit = (1 << 20).to_string();
    let lines = found_in(KIBIBYTES, path, &["mixed", "--hex", "78", "--json", "--limit", &limit]);
    assert!(lines.ends_with("\"count\": 1048576, \"complete\": false}\n"));
}

/// An empty array among them answers no question, so a misspelt name is told all the same.
#[test]
fn a_name_that_no_array_has_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let header = r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}"#;
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 4]].concat();
    std::fs::write(path.join("s.safetensors"), bytes).expect("written");
    for question in ["nope > 1", "x < other('nope')"] {
        let (code, out, err) = find(path, &["s.safetensors", "--where", question]);
        assert_eq!((code, out.as_str()), (Some(2), ""), "{question}: {err}");
        assert!(err.contains("nope"), "{question}: {err}");
    }
    assert_eq!(find(path, &["s.safetensors", "--where", "x > 1"]), (Some(1), String::new(), String::new()));
}

/// Without elements there is no mean; in other arrays of the file there is.
#[test]
fn a_number_of_all_elements_needs_elements() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let header = r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"e":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#;
    let values = [1.0_f32, 3.0].iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &values].concat();
    std::fs::write(path.join("s.safetensors"), bytes).expect("written");
    let (code, out, err) = find(path, &["s.safetensors::e", "--where", "x > mean"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(err.contains("There is no mean: there are no elements."), "{err}");
    assert_eq!(find(path, &["s.safetensors::e", "--where", "x > 1"]).0, Some(1));
    assert!(found(path, &["s.safetensors", "--where", "x > mean"]).ends_with("\ta[1]\t3.0\n"));
}

/// NumPy's `U` is UTF-32, so a text is looked for in it where an array has it.
#[test]
fn a_text_is_found_in_arrays_of_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    for (name, descr, order) in [("little.npy", "<U4", true), ("big.npy", ">U4", false)] {
        let text = ["Ada", "Zoë"].iter().flat_map(|text| {
            let characters = text.chars().chain(std::iter::repeat('\0')).take(4);
            characters.flat_map(
                move |c| if order { u32::from(c).to_le_bytes() } else { u32::from(c).to_be_bytes() },
            )
        });
        let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2,), }}");
        let mut bytes = b"\x93NUMPY\x01\0\x76\0".to_vec();
        bytes.extend(format!("{header:117}\n").bytes());
        bytes.extend(text);
        std::fs::write(path.join(name), &bytes).expect("written");
        let plain = path.join(name).with_extension("bin");
        std::fs::write(plain, &bytes[128..]).expect("written");
        assert_eq!(
            found(path, &[name, "--text", "Zoë"]),
            format!("0x90\t{}[1]\t'Zoë'\n", &name[..name.len() - 4])
        );
        assert_eq!(found(path, &[name, "--text", "ZOË", "-i", "-w", "--count"]), "1\n", "{name}");
        let part: &[&str] = &[name, "--text", "da", "--in", "[:1]", "--json"];
        assert!(found(path, part).contains("\"length\": 8, \"index\": [0]"), "{name}");
        let bin = name.replace("npy", "bin");
        assert_eq!(find(path, &[&bin, "--text", "Zoë"]).0, Some(1), "an array tells that it is there");
        assert_eq!(find(path, &[name, "--text", "Zoë", "--encoding", "utf8"]).0, Some(1));
    }
}

/// A hole is not read to know what is in it.
#[test]
#[cfg(target_os = "linux")]
fn zeros_in_a_hole_are_counted_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let file = std::fs::File::create(path.join("hole")).expect("created");
    // A file system without holes would have to write all of it.
    if file.set_len(1 << 40).is_err() {
        return;
    }
    assert_eq!(found(path, &["hole", "--hex", "00", "--count"]), format!("{}\n", 1_u64 << 40));
    assert_eq!(found(path, &["hole", "--hex", "00 00 00", "--count"]), format!("{}\n", (1_u64 << 40) / 3));
    assert_eq!(found(path, &["hole", "--hex", "0000", "--limit", "2"]), "0x0\n0x2\n");
}

/// An index from the end is another one in an array of another length.
#[test]
fn another_array_needs_the_same_whole_shape() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let header = r#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"e":{"dtype":"F32","shape":[5],"data_offsets":[16,36]}}"#;
    let mut bytes = [&(header.len() as u64).to_le_bytes()[..], header.as_bytes()].concat();
    bytes.extend(
        [1.0_f32, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0, 5.0].iter().flat_map(|value| value.to_le_bytes()),
    );
    std::fs::write(path.join("s.safetensors"), bytes).expect("written");
    let (code, out, err) = find(path, &["s.safetensors::a", "--where", "x < other('e')", "--in", "[-2:]"]);
    assert_eq!((code, out.as_str()), (Some(2), ""), "{err}");
    assert!(
        err.contains("'e' can't be used here: its shape is (5,), but the shape of this array is (4,)"),
        "{err}"
    );
}

/// A value that is calculated from a field takes no more memory because its record is large.
#[test]
#[cfg(target_os = "linux")]
fn numbers_of_large_records_need_little_memory() {
    const RECORD: u64 = 1_000_004;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    let file = std::fs::File::create(path.join("big")).expect("created");
    file.set_len(400 * RECORD).expect("a sparse file");
    for (number, value) in [(3, 2.0_f32), (250, 1.0)] {
        use std::os::unix::fs::FileExt;
        file.write_all_at(&value.to_le_bytes(), number * RECORD + 1_000_000).expect("written");
    }
    let dtype = "[('pad', 'V1000000'), ('t', '<f4')]";
    let asked = ["big", "--dtype", dtype, "--where", "t > 100 * mean(t * t)", "--count"];
    // The mean of the squares is 5 / 400: 2 is greater than 1.25, and 1 is not.
    assert_eq!(found_in(120 << 10, path, &asked), "1\n");
}

#[test]
fn what_can_not_be_searched_ends_with_2_and_a_sentence() {
    let folder = folder();
    let path = folder.path();
    for (arguments, words) in [
        (&["none.bin", "--hex", "00"][..], "there is no such file"),
        (&["a.bin", "--hex", "4"], "the second digit is missing"),
        (&["a.bin", "--hex", "??"], "give at least one digit"),
        (&["a.bin", "--regex", "a("], "unclosed group"),
        (&["a.bin", "--text", "€", "--encoding", "latin-1"], "does not exist in this encoding"),
        (&["a.bin", "--text", "a", "--encoding", "utf-9"], "no such encoding"),
        (&["a.bin", "--hex", "00", "--words"], "--words goes with --text"),
        (&["m.safetensors::none", "--hex", "00"], "no array 'none'"),
        (&["m.safetensors::w", "--hex", "00", "--in", "[9]"], "valid indices"),
        (&["a.bin"], "--hex"),
        (&["a.bin", "--hex", "00", "--text", "a"], "cannot be used with"),
        (&["a.bin", "--hex", "00", "--wrods"], "--wrods"),
    ] {
        let (code, out, err) = find(path, arguments);
        assert!(code == Some(2) && out.is_empty() && err.contains(words), "{arguments:?}: {code:?} {err}");
    }
}

#[test]
fn a_reader_who_wants_no_more_is_no_error() {
    let folder = folder();
    std::fs::write(folder.path().join("many"), vec![b'x'; 4 << 20]).expect("written");
    let mut child = command(folder.path(), &["many", "--hex", "78"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("run");
    let mut first = [0; 8];
    child.stdout.take().expect("piped").read_exact(&mut first).expect("lines");
    assert_eq!(&first, b"0x0\n0x1\n");
    let ended = child.wait_with_output().expect("ends");
    assert_eq!((ended.status.code(), ended.stderr.len()), (Some(0), 0), "{ended:?}");
}

#[test]
fn a_match_in_a_slice_with_gaps_lies_in_its_elements() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("t.bin"), [1_u8, 2, 0, 9, 1, 1, 2, 2, 0, 0, 1, 9]).expect("written");
    let of = |more: &[&str]| {
        let array = ["t.bin", "--dtype", "u1", "--shape", "4,3"];
        found(path, &[&array[..], more].concat())
    };
    // The match of the whole array goes over the elements of the first column.
    assert_eq!(of(&["--regex", r"[\x01\x02]+"]), "0x0\t[0, 0]\t1\n0x4\t[1, 1]\t1\n0xa\t[3, 1]\t1\n");
    assert_eq!(of(&["--regex", r"[\x01\x02]+", "--in", "[:, 0]"]), "0x0\t[0, 0]\t1\n0x6\t[2, 0]\t2\n");
    assert_eq!(of(&["--hex", "02", "--in", "[:, ::-2]"]), "0x6\t[2, 0]\t2\n");
    assert_eq!(of(&["--hex", "01 01", "--in", "[:, 1:]"]), "0x4\t[1, 1]\t1\n");
    let none = find(path, &["t.bin", "--dtype", "u1", "--shape", "4,3", "--hex", "0102", "--in", "[:, 0]"]);
    assert_eq!(none, (Some(1), String::new(), String::new()), "the second byte is not in the slice");
}

#[test]
fn matches_that_are_too_long_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("a.bin"), vec![b'a'; 70_000]).expect("written");
    let (code, out, err) = find(path, &["a.bin", "--regex", "a+", "--json"]);
    assert_eq!(code, Some(0), "{out} {err}");
    assert!(out.contains("\"count\": 2, \"complete\": false"), "{out}");
    assert!(err.contains("at most 64 KiB long"), "{err}");
}
