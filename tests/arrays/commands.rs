//! `arrays`, `get` and `set` as they are typed: what they print, what they change, how they end.

use crate::oracle::rig::{ask, python};
use pagelens::cli;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_pagelens"))
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let state = folder.join("state");
    let mut command = program();
    command.current_dir(folder).env("PAGELENS_STATE_DIR", state).args(arguments);
    command.stdin(Stdio::null()).output().expect("run")
}

fn said(output: &Output) -> (i32, String) {
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    (output.status.code().unwrap_or(-1), text)
}

/// A folder with 24 floats as `a.bin`, and as the array of `a.npy`, which was made by the program itself.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let floats: Vec<u8> = (0..24).flat_map(|n| (n as f32 / 2.0).to_le_bytes()).collect();
    std::fs::write(folder.path().join("a.bin"), floats).expect("written");
    let made = run(folder.path(), &["get", "a.bin", "--dtype", "<f4", "--shape", "2,3,-1", "--npy", "a.npy"]);
    assert_eq!(said(&made), (0, String::new()));
    folder
}

#[test]
fn values_are_printed_in_the_form_that_is_asked_for() {
    let folder = folder();
    let get = |arguments: &[&str]| said(&run(folder.path(), &[&["get"], arguments].concat()));
    let table = "[[ 0.0  2.0  4.0]\n [ 6.0  8.0 10.0]]\n";
    assert_eq!(get(&["a.npy", "[:, :, 0]"]), (0, table.to_owned()));
    let tables = "[[[ 0.5]\n  [ 2.5]]\n\n [[ 6.5]\n  [ 8.5]]]\n";
    assert_eq!(get(&["a.npy", "[:, :2, 1:2]"]).1, tables.replace("[ ", "["));
    assert_eq!(get(&["a.npy", "[0, 1, 2]"]), (0, "3.0\n".to_owned()));
    assert_eq!(get(&["a.npy", "-1, -1"]).1, "[10.0 10.5 11.0 11.5]\n");
    let json = r#"{"file": "a.npy", "array": "a", "dtype": "<f4", "shape": [1, 2], "values": [[0.0, 6.0]]}"#;
    assert_eq!(get(&["a.npy", "[None, :, 0, 0]", "--json"]).1, format!("{json}\n"));
    assert_eq!(
        get(&["a.bin", "--dtype", "<f4", "--offset", "0x10", "--shape", "2, 2", "--order", "F", "--csv"]).1,
        "2.0,3.0\n2.5,3.5\n"
    );
    assert_eq!(get(&["a.bin", "[:4]"]).1, "[0 0 0 0]\n");
    assert_eq!(get(&["a.bin", "--dtype", "<f4", "--shape", "3", "--strides=8"]).1, "[0.0 1.0 2.0]\n");
    assert_eq!(get(&["a.npy", "[0, 0, 1]", "--as", "list"]).1, "0.5\n");
    let raw = run(folder.path(), &["get", "a.npy", "[1, 2, 3]", "--raw"]);
    assert_eq!(raw.stdout, 11.5_f32.to_le_bytes());
    let listed = said(&run(folder.path(), &["arrays", "a.npy"]));
    assert_eq!(listed, (0, "a  <f4  (2, 3, 4)  96\n".to_owned()));
}

#[test]
fn each_failure_has_its_code_and_names_its_place() {
    let folder = folder();
    std::fs::write(folder.path().join("bad.npy"), b"\x93NUMPY\x01\x00\xff\xff").expect("written");
    for (arguments, code, words) in [
        (&["get", "none.npy"][..], 3, "none.npy"),
        (&["get", "none.npy::a"], 3, "none.npy: there is no such file"),
        (&["get", "a.npy::b"], 3, "'b'"),
        (&["get", "a.npy", "[2]"], 3, "axis 0 has length 2"),
        (&["get", "a.npy", "['x']"], 3, "a.npy"),
        (&["get", "a.npy", "[0"], 2, "character 3"),
        (&["get", "a.npy", "[0,0,0,0]"], 2, "(2, 3, 4)"),
        (&["get", "a.bin", "--dtype", "nonsense"], 2, "--dtype nonsense"),
        (&["get", "a.bin", "--dtype", "<f4", "--shape", "0,-1"], 2, "axis has length 0"),
        (
            &["get", "a.bin", "--dtype", "S"],
            2,
            "--dtype S: S has no size. Add the length of an element, for example S16.",
        ),
        (&["get", "a.bin", "--offset", "-97"], 2, "--offset -97: -1 is before"),
        (&["get", "a.bin", "--offset", "end/"], 2, "column 5"),
        (&["get", "a.bin", "--dtype", "<f4", "--shape", "25"], 2, "100"),
        (&["get", "a.bin", "--order", "X"], 2, "C or F"),
        (&["get", "a.npy::a", "--dtype", "<f4", "--offset", "0"], 2, "::a: the header determines the offset"),
        (&["get", "a.npy", "--json", "--csv"], 2, "--csv"),
        (&["get", "a.npy", "--as", "poem"], 2, "poem"),
        (&["get", "bad.npy"], 1, "bad.npy"),
        (&["get", "."], 1, "folder"),
        (&["arrays", "a.bin"], 3, "--dtype"),
        (&["set", "a.npy", "[0, 0, 0]", "red"], 1, "red"),
        (&["set", "a.npy", "[0]", "[1, 2]"], 2, "(2,)"),
        (&["set", "a.npy", "[0]", "1e39"], 1, "1e39 is outside the range of float32"),
        (
            &["set", "a.npy", "[0]", "[1e39, 1, 1, 1]"],
            1,
            "At (0, 0, 0): 1e39 is outside the range of float32",
        ),
        (&["set", "a.npy", "[0]", "x +"], 2, "too early"),
        (&["set", "a.npy", "[0]", "int32(x)"], 2, "cast"),
        (&["set", "a.npy"], 2, "SLICE"),
    ] {
        let output = run(folder.path(), arguments);
        let (ended, text) = said(&output);
        assert!(
            ended == code && text.contains(words) && output.stdout.is_empty(),
            "{arguments:?}: {ended} {text}"
        );
    }
}

#[test]
fn numbers_that_there_are_not_and_calls_out_of_place_are_told_by_the_right_reason() {
    let folder = folder();
    std::fs::write(folder.path().join("empty.bin"), b"").expect("written");
    let floats = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    std::fs::write(folder.path().join("complex.bin"), floats(&[1.0, f32::INFINITY, 2.0, 0.0]))
        .expect("written");
    std::fs::write(folder.path().join("nan.bin"), floats(&[f32::NAN, 1.0])).expect("written");
    for (arguments, code, words) in [
        (
            &["set", "a.npy", "[0]", "linspace(0,1)+1"][..],
            2,
            "at character 1: A call of linspace can't be a part of an expression, only the whole, as in linspace(0, 1)",
        ),
        (
            &["set", "a.npy", "[0]", "x * np.random(0, 1)"],
            2,
            "at character 8: A call of random can't be a part",
        ),
        (
            &["set", "a.npy", "[0]", "float32(arange(3))"],
            2,
            "at character 9: A call of arange can't be a part",
        ),
        (
            &["set", "empty.bin", "[...]", "x - mean(x)", "--dtype", "<f4"],
            1,
            "no mean: there are no elements",
        ),
        (
            &["set", "complex.bin", "[...]", "max(x)", "--dtype", "<c8"],
            1,
            "no max: complex numbers have no order",
        ),
        (
            &["set", "complex.bin", "[...]", "mean(x)", "--dtype", "<c8"],
            1,
            "no mean: some of the complex numbers are infinite",
        ),
        (&["set", "nan.bin", "[...]", "sum(x)", "--dtype", "<c8"], 1, "no sum: all elements are NaN"),
    ] {
        let output = run(folder.path(), arguments);
        let (ended, text) = said(&output);
        assert!(
            ended == code && text.contains(words) && output.stdout.is_empty(),
            "{arguments:?}: {ended} {text}"
        );
    }
}

#[test]
fn an_element_whose_value_stays_keeps_its_bits() {
    let folder = folder();
    let path = folder.path().join("bits.bin");
    // What NumPy's clip leaves as it is: each NaN with its sign and payload.
    for (dtype, expression, before, after) in [
        ("<f2", "clip(x, -1, 1)", "fffd017c00fe003c0042", "fffd017c00fe003c003c"),
        ("bfloat16", "clip(x, -1, 1)", "81ffc37f803f4040", "81ffc37f803f803f"),
        ("float8_e4m3fn", "x", "ff7f3800", "ff7f3800"),
        ("<c8", "x", "0100807f0100c0ff", "0100807f0100c0ff"),
        ("bool", "x", "000102ff", "000102ff"),
    ] {
        std::fs::write(&path, hex(before)).expect("written");
        let outcome = said(&run(folder.path(), &["set", "bits.bin", "[...]", expression, "--dtype", dtype]));
        assert_eq!(
            (outcome.0, std::fs::read(&path).expect("there")),
            (0, hex(after)),
            "{dtype}: {}",
            outcome.1
        );
    }
}

fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).expect("digits"))
        .collect()
}

#[test]
fn values_are_set_saved_and_read_back_and_nothing_else_changes() {
    let folder = folder();
    let set = |slice: &str, value: &str| said(&run(folder.path(), &["set", "a.npy", slice, value]));
    let bytes = || std::fs::read(folder.path().join("a.npy")).expect("there");
    let before = bytes();
    let dry = said(&run(folder.path(), &["set", "a.npy", "...", "x * 2", "--dry-run"]));
    assert!(
        dry.0 == 0 && dry.1.contains("92 bytes would be written, in 1 place.") && bytes() == before,
        "{dry:?}"
    );
    assert_eq!(set("[1, 2, 3]", "-1.5"), (0, "a.npy::a: 4 bytes written and read back.\n".to_owned()));
    let mut expected = before.clone();
    let end = expected.len() - 4;
    expected[end..].copy_from_slice(&(-1.5_f32).to_le_bytes());
    assert_eq!(bytes(), expected);
    assert_eq!(set("[0, 0]", "[5, 6, nan, 8]").0, 0);
    expected[128..144].copy_from_slice(&[5_f32, 6.0, f32::NAN, 8.0].map(f32::to_le_bytes).concat());
    assert_eq!(bytes(), expected);
    assert_eq!(set("[0, 0, ::3]", "x * 2 + 1").0, 0);
    expected[128..132].copy_from_slice(&11_f32.to_le_bytes());
    expected[140..144].copy_from_slice(&17_f32.to_le_bytes());
    assert_eq!(bytes(), expected);
    assert!(set("[0, 0, 0]", "11").1.contains("nothing to change"));
    let raw =
        said(&run(folder.path(), &["set", "a.bin", "[1, ::2]", "7", "--dtype", ">u2", "--shape", "-1,4"]));
    assert_eq!(raw.0, 0, "{raw:?}");
    let raw = std::fs::read(folder.path().join("a.bin")).expect("there");
    assert_eq!(raw[8..16], [0, 7, 128, 63, 0, 7, 192, 63]);
    let left: Vec<PathBuf> =
        folder.path().read_dir().expect("read").map(|entry| entry.expect("entry").path()).collect();
    assert!(left.iter().all(|path| !path.to_string_lossy().contains("pagelens-")), "{left:?}");
}

/// Large results are kept nowhere: they are calculated once more for the file.
#[test]
fn a_large_array_is_set_in_the_file_and_beside_other_bytes() {
    let folder = folder();
    let path = folder.path().join("large.bin");
    let old: Vec<f32> = (0..3 << 20).map(|n| (n % 1000) as f32 / 8.0).collect();
    let bytes = |values: &[f32]| values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
    let set = |slice: &str, value: &str| {
        said(&run(folder.path(), &["set", "large.bin", slice, value, "--dtype", "<f4"]))
    };
    std::fs::write(&path, bytes(&old)).expect("written");
    let (code, text) = set("[...]", "x * 2 + 1");
    assert!(code == 0 && text.contains("12582912 bytes written and read back."), "{text}");
    let mut expected: Vec<f32> = old.iter().map(|value| value * 2.0 + 1.0).collect();
    assert!(std::fs::read(&path).expect("there") == bytes(&expected));
    // In the file itself: what is before and behind stays.
    let (code, text) = set("[100:2200000]", "-x");
    assert_eq!(code, 0, "{text}");
    expected[100..2_200_000].iter_mut().for_each(|value| *value = -*value);
    assert!(std::fs::read(&path).expect("there") == bytes(&expected));
    let refused = said(&run(folder.path(), &["set", "large.bin", "[...]", "x * 2", "--dtype", "|u1"]));
    assert!(
        refused.0 == 1 && refused.1.contains("does not fit uint8 (0 to 255). Nothing was changed"),
        "{refused:?}"
    );
    assert!(std::fs::read(&path).expect("there") == bytes(&expected));
}

/// The values begin and end beside the pages that go to the disk past the cache.
#[test]
fn a_very_large_array_is_set_and_what_was_written_is_read_back() {
    let folder = folder();
    let path = folder.path().join("large.bin");
    let old: Vec<u8> = (0..(66_u32 << 20) + 123).map(|n| (n.wrapping_mul(0x9e37_79b9) >> 24) as u8).collect();
    std::fs::write(&path, &old).expect("written");
    let (code, text) = said(&run(folder.path(), &["set", "large.bin", "[5:-5]", "x ^ 1", "--dtype", "u1"]));
    let known = ["written and read back.", "written; a page of each 2 MiB was read back from the disk."];
    let said = known.map(|words| format!("large.bin: {} bytes {words}\n", old.len() - 10));
    assert!(code == 0 && said.contains(&text), "{text}");
    let (end, mut expected) = (old.len() - 5, old);
    expected[5..end].iter_mut().for_each(|byte| *byte ^= 1);
    assert!(std::fs::read(&path).expect("there") == expected);
}

#[test]
fn raw_files_are_read_by_the_words_of_the_window() {
    let folder = folder();
    let get = |arguments: &[&str]| said(&run(folder.path(), &[&["get", "a.bin"], arguments].concat()));
    for (arguments, text) in [
        (&["--dtype", "<f4", "--offset", "-8"][..], "[11.0 11.5]\n"),
        (&["--dtype", "<f4", "--offset", "end/2", "[:2]"], "[6.0 6.5]\n"),
        (&["--dtype", "<f4", "--offset", "0x58 + 4"], "[11.5]\n"),
        (&["--dtype", ">u2", "--offset=-5"], "[16640    56]\na.bin: 1 byte is left over at the end.\n"),
        (
            &["--dtype", "<f4", "--shape", "-1,10", "[:, 0]"],
            "[0.0 5.0]\na.bin: 16 bytes are left over at the end.\n",
        ),
        (
            &["--dtype", "c", "--offset", "-1"],
            "[b'A']\n--dtype: 'c' is read as S1, as in NumPy; for a character as C writes it write char.\n",
        ),
        (
            &["--dtype", "u8", "--offset", "88"],
            "[4699506212254777344]\n--dtype: 'u8' is read as uint64, as in NumPy; for 8 bits write uint8.\n",
        ),
        (
            &["--dtype", "f16", "--offset", "96"],
            "[]\n--dtype: 'f16' is read as longdouble, as in NumPy; for 16 bits write float16.\n",
        ),
        (&["--dtype", ">int24", "--offset", "-6"], "[3162368   14401]\n"),
    ] {
        let own = get(arguments);
        assert_eq!(own, (0, text.to_owned()), "{arguments:?}");
    }
}

#[test]
fn lists_are_repeated_and_infinities_counted() {
    let folder = folder();
    let run = |arguments: &[&str]| said(&run(folder.path(), arguments));
    assert_eq!(run(&["set", "a.npy", "[0]", "[1, 2, 3, 4]"]).0, 0);
    assert_eq!(run(&["set", "a.npy", "[1]", "[[5], [6], [7]]"]).0, 0);
    let shown = "[[[1.0 2.0 3.0 4.0]\n  [1.0 2.0 3.0 4.0]\n  [1.0 2.0 3.0 4.0]]\n\n [[5.0 5.0 5.0 5.0]\n  \
                 [6.0 6.0 6.0 6.0]\n  [7.0 7.0 7.0 7.0]]]\n";
    assert_eq!(run(&["get", "a.npy"]).1, shown);
    let said = run(&["set", "a.npy", "[0, 0]", "x * 2e38"]);
    let wanted = "a.npy::a: 16 bytes written and read back.\na.npy::a: 3 elements became infinite.\n";
    assert_eq!(said, (0, wanted.to_owned()));
    let said = run(&["set", "a.npy", "[0, 0, 0]", "1e39 * 1", "--dry-run"]);
    assert!(said.1.ends_with("a.npy::a: 1 element became infinite.\n"), "{said:?}");
}

#[test]
#[cfg(unix)]
fn a_reader_who_leaves_is_no_failure() {
    let folder = folder();
    std::fs::write(folder.path().join("big"), vec![1; 8 << 20]).expect("written");
    let mut child = program()
        .current_dir(folder.path())
        .args(["get", "big"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("run");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("ended");
    assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()));
}

/// A short header can declare more elements without bytes than anybody can write.
#[test]
fn elements_of_size_0_cost_no_more_than_their_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, descr: &str, shape: &str| {
        let dict = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
        let len = (dict.len() as u16).to_le_bytes();
        std::fs::write(folder.path().join(name), [b"\x93NUMPY\x01\0", &len[..], dict.as_bytes()].concat())
            .expect("written");
    };
    let get = |arguments: &[&str]| said(&run(folder.path(), &[&["get"], arguments].concat()));
    let first_and_last = "[(b'',) (b'',) (b'',) ... (b'',) (b'',) (b'',)]\n";
    for shape in [i64::MAX as u64, 1_000_000_000_000, 1001] {
        write("z.npy", "[('a', 'S0')]", &format!("({shape},)"));
        assert_eq!(get(&["z.npy"]), (0, first_and_last.to_owned()));
        assert_eq!(get(&["z.npy", "[-2:]"]), (0, "[(b'',) (b'',)]\n".to_owned()));
        for form in ["json", "csv", "tsv", "markdown", "list"] {
            let (code, text) = get(&["z.npy", "--as", form]);
            let is_few = shape == 1001;
            assert_eq!(code, i32::from(!is_few), "{form}");
            assert!(is_few || text.contains("values of size 0, too many"), "{form}: {text}");
        }
    }
    write("z.npy", "'S0'", "(1000,)");
    assert_eq!(get(&["z.npy"]).1.matches("b''").count(), 1000);
    write("z.npy", "'S0'", "(2, 7, 1000)");
    let row = "[b'' b'' b'' ... b'' b'' b'']";
    let table = format!("[{row}\n  {row}\n  {row}\n  ...\n  {row}\n  {row}\n  {row}]");
    assert_eq!(get(&["z.npy"]).1, format!("[{table}\n\n {table}]\n"));
    write("z.npy", "'S0'", &format!("({})", vec!["2"; 40].join(", ")));
    assert!(get(&["z.npy"]).1.contains("too many to write"));
    write("z.npy", "[('a', 'S0', (100000,))]", "(1000000,)");
    assert!(get(&["z.npy", "--json"]).1.contains("100000000000 values of size 0"));
    assert_eq!(get(&["z.npy"]).0, 0);
}

/// The list goes to a writer that is given; nothing of the process is named.
#[test]
fn commands_write_where_they_are_told() {
    let folder = folder();
    let mut out = Vec::new();
    let file = folder.path().join("a.npy");
    let outcome = cli::arrays::run(&cli::arrays::ArraysOptions { file, json: true }, &mut out);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let text = String::from_utf8_lossy(&out);
    assert!(
        text.contains(r#""name": "a", "dtype": "<f4", "shape": [2, 3, 4], "order": "C", "bytes": 96"#),
        "{text}"
    );
}

/// NumPy makes files, the program is asked about them and changes them, and NumPy looks again.
#[test]
fn numpy_agrees_with_what_is_read_and_set() {
    if python().is_none() {
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_string_lossy().into_owned();
    let program = env!("CARGO_BIN_EXE_pagelens");
    let answer = ask("commands.py", &[program, &path], b"").expect("a Python");
    let answer = String::from_utf8_lossy(&answer);
    let checks: usize = answer.trim().parse().unwrap_or_else(|_| panic!("{answer}"));
    assert!(checks > 150, "{checks} checks only");
}

/// The words of a command as a shell splits them.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for letter in line.chars() {
        match quote {
            Some(end) if letter == end => quote = None,
            Some(_) => word.get_or_insert_default().push(letter),
            None if matches!(letter, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            None if letter == ' ' => words.extend(word.take()),
            None => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// Each example of the documentation is run, in its order, and gives what stands below it.
#[test]
fn the_examples_of_the_documentation_are_true() {
    let folder = tempfile::tempdir().expect("a folder");
    let floats: Vec<u8> = (0..12).flat_map(|n| (n as f32 / 4.0).to_le_bytes()).collect();
    std::fs::write(folder.path().join("dump.bin"), floats).expect("written");
    let tensors = r#"{"bias":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]},"weight":{"dtype":"F32","shape":[2,3],"data_offsets":[6,30]}} "#;
    let mut model = (tensors.len() as u64).to_le_bytes().to_vec();
    model.extend(tensors.bytes());
    model.extend([0x80, 0x3f, 0, 0x40, 0, 0xc0]);
    model.extend([0.5_f32, -1.0, 2.0, f32::NAN, 3.0, 0.1].map(f32::to_le_bytes).concat());
    std::fs::write(folder.path().join("model.safetensors"), model).expect("written");
    assert!(examples_of("docs/command-line.md", folder.path()) >= 12);
}

#[test]
fn the_examples_of_expressions_are_true() {
    let folder = tempfile::tempdir().expect("a folder");
    let floats: Vec<u8> = (0..12).flat_map(|n| (n as f32 / 4.0).to_le_bytes()).collect();
    std::fs::write(folder.path().join("dump.bin"), floats).expect("written");
    let made = ["get", "dump.bin", "--dtype", "<f4", "--shape", "3,4", "--npy", "data.npy"];
    assert!(run(folder.path(), &made).status.success());
    let tensors = r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"b":{"dtype":"I16","shape":[2,2],"data_offsets":[16,24]}}"#;
    let tensors = format!("{tensors:144}");
    let mut pair = (tensors.len() as u64).to_le_bytes().to_vec();
    pair.extend(tensors.bytes());
    pair.extend([0.0_f32, 1.0, 2.0, 3.0].map(f32::to_le_bytes).concat());
    pair.extend([1_i16, 2, 3, 4].map(i16::to_le_bytes).concat());
    std::fs::write(folder.path().join("pair.safetensors"), pair).expect("written");
    assert!(examples_of("docs/expressions.md", folder.path()) >= 9);
}

#[test]
fn the_examples_of_comparisons_are_true() {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    let old: Vec<u8> = (0..16).map(|n| n * 4).map(|n| if n == 36 { 0x20 } else { n }).collect();
    let mut new = old.clone();
    (new[4], new[9]) = (0x11, 0xff);
    let mut longer = old.clone();
    longer.splice(8..8, *b"new");
    put("old.bin", &old);
    put("new.bin", &new);
    put("longer.bin", &longer);
    for (name, values) in [("a", [1.0_f32, 2.0, 3.0, 4.0, 5.0, 0.1]), ("b", [1.0, 2.5, 3.0, 4.0, 5.0, 0.3])] {
        put("floats", &values.map(f32::to_le_bytes).concat());
        let npy = format!("{name}.npy");
        let made = ["get", "floats", "--dtype", "<f4", "--shape", "2,3", "--npy", &npy];
        assert!(run(folder.path(), &made).status.success());
    }
    let model = |header: &str, data: &[u8]| {
        let header = format!("{header:192}");
        [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
    };
    let floats = |last: f32| [[1, 2, 3, 4], 1.0_f32.to_le_bytes(), last.to_le_bytes()].concat();
    let bias = r#""bias":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}"#;
    let weight = r#""weight":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}"#;
    let scale = r#""scale":{"dtype":"U8","shape":[1],"data_offsets":[12,13]}"#;
    put("a.safetensors", &model(&format!("{{{bias},{weight}}}"), &floats(2.0)));
    put("b.safetensors", &model(&format!("{{{bias},{weight},{scale}}}"), &[&floats(2.5)[..], &[7]].concat()));
    assert!(examples_of("docs/compare.md", folder.path()) >= 9);
}

/// Runs each example of a page, in its order; how many there are.
fn examples_of(page: &str, folder: &Path) -> usize {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
    let guide = std::fs::read_to_string(guide).expect("the page");
    let mut seen = 0;
    for block in guide.split("```console\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for example in block.split("$ pagelens ").skip(1) {
            let (command, expected) = example.split_once('\n').unwrap_or((example, ""));
            let command = words(command);
            let output = run(folder, &command.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(said(&output).1, expected, "{command:?}");
            seen += 1;
        }
    }
    seen
}
