//! Headers on the command line: long ones, odd ones, types the file has no name for, archives that inflate to much.

use crate::oracle::rig::ask;
use flate2::{Compress, Compression, FlushCompress};
use std::path::Path;
use std::process::Command;

pub fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
    command.current_dir(folder).env("PAGELENS_STATE_DIR", folder.join("state")).args(arguments);
    let output = command.output().expect("run");
    let text = [&*output.stdout, &*output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

fn npy(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x02\0".to_vec();
    bytes.extend((dict.len() as u32 + 1).to_le_bytes());
    bytes.extend(dict.bytes());
    bytes.push(b'\n');
    bytes.extend(data);
    bytes
}

fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), data].concat()
}

/// A zip archive of members: name, what is stored, method, length and checksum of what it holds.
pub fn zip(members: &[(&str, &[u8], u16, u32, u32)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, packed, method, len, crc) in members {
        let at = bytes.len() as u32;
        let mut fields = [0, *method, 0, 0].map(u16::to_le_bytes).concat();
        fields.extend([*crc, packed.len() as u32, *len].map(u32::to_le_bytes).concat());
        fields.extend([name.len() as u16, 0].map(u16::to_le_bytes).concat());
        bytes.extend([b"PK\x03\x04\x14\0", &*fields, name.as_bytes(), packed].concat());
        directory.extend(
            [b"PK\x01\x02\x14\0\x14\0", &*fields, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat(),
        );
    }
    let (at, size, count) = (bytes.len() as u32, directory.len() as u32, members.len() as u16);
    bytes.extend(directory);
    bytes.extend([&b"PK\x05\x06\0\0\0\0"[..], &[count, count].map(u16::to_le_bytes).concat()].concat());
    bytes.extend([size, at].map(u32::to_le_bytes).concat());
    bytes.extend([0; 2]);
    bytes
}

pub fn stored<'a>(name: &'a str, data: &'a [u8]) -> (&'a str, &'a [u8], u16, u32, u32) {
    (name, data, 0, data.len() as u32, crc32fast::hash(data))
}

fn deflate(compress: &mut Compress, data: &[u8], flush: FlushCompress) -> Vec<u8> {
    let mut out = Vec::with_capacity(data.len() + 64);
    compress.compress_vec(data, &mut out, flush).expect("deflated");
    out
}

#[test]
fn names_and_types_of_any_length_are_listed() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = format!("{}end", "n".repeat(70_000));
    let header = format!("{{\"{name}\":{{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}}}}");
    std::fs::write(folder.path().join("long.safetensors"), safetensors(&header, b"ab")).expect("written");
    let (code, table) = run(folder.path(), &["arrays", "long.safetensors"]);
    assert_eq!(code, 0, "{table:.200}");
    assert!(
        table.contains("nnn…nnn") && table.contains("nend  |u1  (2,)  2\n") && table.len() < 200,
        "{table:.300}"
    );
    let (_, json) = run(folder.path(), &["arrays", "long.safetensors", "--json"]);
    assert!(json.contains(&format!("\"name\": \"{name}\"")));
    // Windows takes no command line of this length.
    if cfg!(unix) {
        assert_eq!(
            run(folder.path(), &["get", &format!("long.safetensors::{name}")]),
            (0, "[97 98]\n".to_owned())
        );
    }
    // NumPy reads it with max_header_size; so long a type is cut in the table.
    let fields: Vec<String> = (0..12_000).map(|at| format!("('field{at}', '<f4')")).collect();
    let dict = format!("{{'descr': [{}], 'fortran_order': False, 'shape': (1,)}}", fields.join(", "));
    std::fs::write(folder.path().join("wide.npy"), npy(&dict, &[0; 48_000])).expect("written");
    let (code, table) = run(folder.path(), &["arrays", "wide.npy"]);
    assert!(code == 0 && table.contains("[('field0', '<f4'), ") && table.len() < 250, "{table:.300}");
    assert!(table.ends_with("…  (1,)  48000\n"), "{table:.300}");
    let (_, json) = run(folder.path(), &["arrays", "wide.npy", "--json"]);
    assert!(json.contains("('field11999', '<f4')"), "{json:.100}");
    assert_eq!(run(folder.path(), &["get", "wide.npy", "['field11999'][0]"]), (0, "0.0\n".to_owned()));
}

#[test]
fn a_header_of_sixteen_mebibytes_is_read_and_a_longer_one_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    for (len, is_read) in [(16 << 20, true), ((16 << 20) + 1, false)] {
        let dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}";
        let padded = format!("{dict}{}", " ".repeat(len - 13 - dict.len()));
        std::fs::write(folder.path().join("a.npy"), npy(&padded, &[0; 8])).expect("written");
        let (code, table) = run(folder.path(), &["arrays", "a.npy"]);
        assert_eq!(code == 0 && table == "a  <f4  (2,)  8\n", is_read, "{table}");
        assert_eq!(table.contains("headers above 16 MiB are not read"), !is_read, "{table}");
    }
}

/// Headers that no program writes and Python reads: NumPy says what they mean.
#[test]
fn odd_headers_mean_what_python_takes_them_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = [
        ("{u'descr': u'<f4', u'fortran_order': False, u'shape': (2, 3)}", "<f4", "(2, 3)"),
        (
            "{'descr': '<f4', # floats, }\n 'fortran_order': False, 'shape': (0x2, 0b11), }  # end",
            "<f4",
            "(2, 3)",
        ),
        ("{'d\\x65scr': '<\\x664', 'fortran_' 'order': False, 'shape': (2, 0o3,)}", "<f4", "(2, 3)"),
        ("{'descr': r'<f4', \"fortran_order\": (False), '''shape''': ((1_0)\n,), }", "<f4", "(10,)"),
        (
            "{'descr': [('\\u00e9', '<i2'), (u'b', '|u1', (2,))], 'fortran_order': True, 'shape': (+2,)}",
            "[('é', '<i2'), ('b', '|u1', (2,))]",
            "(2,)",
        ),
        ("{'descr': '<f4', 'fortran_order': \\\nFalse, 'shape': (True, 3)}", "<f4", "(1, 3)"),
        ("({'descr': '<f4', 'fortran_order': False, 'shape': (2L, 3L)})", "<f4", "(2, 3)"),
        ("{'shape': (9,), 'descr': '<f4', 'fortran_order': False, 'shape': ()}", "<f4", "()"),
    ];
    for (at, (dict, dtype, shape)) in odd.iter().enumerate() {
        std::fs::write(folder.path().join(format!("{at}.npy")), npy(dict, &[0; 64])).expect("written");
        let (code, table) = run(folder.path(), &["arrays", &format!("{at}.npy")]);
        let row = table.lines().next().unwrap_or_default();
        assert!(code == 0 && row.starts_with(&format!("{at}  {dtype}  {shape}  ")), "{dict}: {table}");
    }
    let files = folder.path().to_string_lossy().into_owned();
    let Some(told) = ask("headers.py", &["odd", &files], b"") else { return };
    let told = String::from_utf8(told).expect("text");
    let shapes: Vec<&str> = told.lines().collect();
    // Python reads no line break within an indented dictionary differently, and no 2L.
    for (at, (dict, _, shape)) in odd.iter().enumerate() {
        assert_eq!(shapes[at], *shape, "{dict}");
    }
}

#[test]
fn every_type_of_safetensors_is_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let types = [
        ("BOOL", "|b1", 8),
        ("U8", "|u1", 8),
        ("I8", "|i1", 8),
        ("U16", "<u2", 16),
        ("I16", "<i2", 16),
        ("U32", "<u4", 32),
        ("I32", "<i4", 32),
        ("U64", "<u8", 64),
        ("I64", "<i8", 64),
        ("F16", "<f2", 16),
        ("BF16", "<bf16", 16),
        ("F32", "<f4", 32),
        ("F64", "<f8", 64),
        ("C64", "<c8", 64),
        ("F8_E4M3", "float8_e4m3fn", 8),
        ("F8_E5M2", "float8_e5m2", 8),
        ("F8_E8M0", "float8_e8m0fnu", 8),
        ("F8_E4M3FNUZ", "float8_e4m3fnuz", 8),
        ("F8_E5M2FNUZ", "float8_e5m2fnuz", 8),
        ("F6_E2M3", "f6e2m3x4", 6),
        ("F6_E3M2", "f6e3m2x4", 6),
        ("F4", "f4e2m1x2", 4),
    ];
    let (mut parts, mut end) = (Vec::new(), 0);
    for (name, _, bits) in types {
        let start = end;
        end += bits;
        parts.push(format!(
            "\"{name}\":{{\"dtype\":\"{name}\",\"shape\":[2,4],\"data_offsets\":[{start},{end}]}}"
        ));
    }
    let header = format!("{{{}}}", parts.join(","));
    let data: Vec<u8> = (0..end).map(|at| 0x38 + at as u8 % 8).collect();
    std::fs::write(folder.path().join("all.safetensors"), safetensors(&header, &data)).expect("written");
    let (code, table) = run(folder.path(), &["arrays", "all.safetensors"]);
    assert_eq!((code, table.lines().count()), (0, types.len()), "{table}");
    for (line, (name, ours, bits)) in table.lines().zip(types) {
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words, [name, ours, "(2,", "4)", &bits.to_string()], "{line}");
    }
    // As ml_dtypes has them: of the biases 8 and 16.
    std::fs::write(folder.path().join("two.safetensors"), safetensors(
        r#"{"a":{"dtype":"F8_E4M3FNUZ","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"F8_E5M2FNUZ","shape":[4],"data_offsets":[4,8]}}"#,
        &[0x40, 0x7f, 0x80, 0xc1, 0x40, 0x7f, 0x80, 0xc1],
    )).expect("written");
    let get = |name: &str| run(folder.path(), &["get", &format!("two.safetensors::{name}"), "--json"]).1;
    assert!(get("a").contains(r#""values": [1.0, 240.0, "nan", -1.125]}"#), "{}", get("a"));
    assert!(get("b").contains(r#""values": [1.0, 57344.0, "nan", -1.25]}"#), "{}", get("b"));
    let path = folder.path().join("all.safetensors").to_string_lossy().into_owned();
    let Some(told) = ask("headers.py", &["safetensors", &path], b"") else { return };
    let mut told: Vec<&str> = std::str::from_utf8(&told).expect("text").lines().collect();
    let mut expected: Vec<String> = types.map(|(name, _, bits)| format!("{name} [2, 4] {bits}")).to_vec();
    told.sort_unstable();
    expected.sort_unstable();
    assert_eq!(told, expected);
}

#[test]
fn an_index_lists_what_its_files_say() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    let first = r#"{"a.w":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]},"x":{"dtype":"Q7","shape":[5],"data_offsets":[12,15]}}"#;
    let index = r#"{"weight_map":{"a.w":"m-1.safetensors","x":"m-1.safetensors","gone":"m-1.safetensors","b":"m-2.safetensors"}}"#;
    write("m-1.safetensors", &safetensors(first, &[0; 15]));
    write("m.safetensors.index.json", index.as_bytes());
    let (code, table) = run(folder.path(), &["arrays", "m.safetensors.index.json"]);
    assert_eq!(code, 0, "{table}");
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(
        lines[..4],
        [
            "a.w   <bf16  (2, 3)  12  in m-1.safetensors",
            "x     Q7     (5,)     3  in m-1.safetensors",
            "gone  ?      ?        -  in m-1.safetensors",
            "b     ?      ?        -  in m-2.safetensors",
        ]
    );
    assert_eq!(lines[4], "note: 'gone' is not in 'm-1.safetensors'.");
    assert_eq!(lines[5], "note: 'm-2.safetensors': there is no such file in the folder of the index.");
    let (_, json) = run(folder.path(), &["arrays", "m.safetensors.index.json", "--json"]);
    for part in [
        r#"{"name": "a.w", "dtype": "<bf16", "shape": [2, 3], "order": "C", "bytes": 12, "in": "m-1.safetensors"}"#,
        r#"{"name": "x", "dtype": "Q7", "shape": [5], "order": "C", "bytes": 3, "in": "m-1.safetensors"}"#,
        r#"{"name": "b", "dtype": null, "shape": null, "order": "C", "bytes": null, "in": "m-2.safetensors"}"#,
    ] {
        assert!(json.contains(part), "{json}");
    }
    assert_eq!(run(folder.path(), &["get", "m.safetensors.index.json::a.w", "[0]"]).1, "[0.0 0.0 0.0]\n");
}

#[test]
fn what_can_not_be_shown_has_its_own_type_and_size() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
    let list =
        |name: &str| run(folder.path(), &["arrays", name]).1.lines().next().unwrap_or_default().to_owned();
    write("o.npy", &npy("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3)}", &[0; 9]));
    assert_eq!(list("o.npy"), "o  |O  (2, 3)  9  pickled objects, not loaded");
    let mut gguf = b"GGUF\x03\0\0\0".to_vec();
    gguf.extend([1_u64, 0, 2].map(u64::to_le_bytes).concat());
    gguf.extend(b"iq\x02\0\0\0");
    gguf.extend([256_u64, 3].map(u64::to_le_bytes).concat());
    gguf.extend(16_u32.to_le_bytes());
    gguf.extend(0_u64.to_le_bytes());
    gguf.resize(gguf.len().next_multiple_of(32) + 198, 0);
    write("q.gguf", &gguf);
    assert_eq!(list("q.gguf"), "iq  IQ2_XXS  (3, 256)  198  type IQ2_XXS is not shown");
    write("z.npz", &zip(&[("a.npy", b"abcde", 14, 70, 0)]));
    assert_eq!(list("z.npz"), "a  ?  ?  70  compressed by LZMA");
}

#[test]
fn a_type_on_a_file_with_a_header_is_of_its_array() {
    let folder = tempfile::tempdir().expect("a folder");
    let values = [0x80, 0x3f, 0, 0x40, 0x40, 0x40];
    let file = npy("{'descr': '|V2', 'fortran_order': False, 'shape': (3,)}", &values);
    std::fs::write(folder.path().join("bf.npy"), &file).expect("written");
    let run = |arguments: &[&str]| run(folder.path(), arguments);
    assert_eq!(run(&["get", "bf.npy", "--dtype", "bfloat16"]), (0, "[1.0 2.0 3.0]\n".to_owned()));
    assert_eq!(run(&["set", "bf.npy", "[0]", "5", "--dtype", "bfloat16"]).0, 0);
    let mut expected = file.clone();
    let data = file.len() - 6;
    expected[data..data + 2].copy_from_slice(&[0xa0, 0x40]);
    let bytes = || std::fs::read(folder.path().join("bf.npy")).expect("there");
    assert_eq!(bytes(), expected);
    assert_eq!(
        run(&["get", "bf.npy", "--dtype", "u1", "--shape", "2,3"]).1,
        "[[160  64   0]\n [ 64  64  64]]\n"
    );
    for refused in [
        &["set", "bf.npy", "[0]", "5", "--dtype", "bfloat16", "--offset", "0"][..],
        &["set", "bf.npy", "[0]", "5", "--dtype", "<f4"],
        &["get", "bf.npy", "--dtype", "<f4"],
        &["get", "bf.npy", "--offset", "0"],
        &["get", "bf.npy", "--dtype", "<i2", "--strides", "1", "--shape", "2"],
    ] {
        let (code, text) = run(refused);
        assert!(code == 2 && text.starts_with("bf.npy::bf: "), "{refused:?}: {text}");
        assert_eq!(bytes(), expected);
    }
    // What has no header that can be read is seen as it is typed.
    std::fs::write(folder.path().join("broken.npy"), b"\x93NUMPY\x09\x09ab").expect("written");
    assert_eq!(run(&["get", "broken.npy", "--dtype", "u1", "--offset", "8"]).1, "[97 98]\n");
}

#[test]
fn members_are_called_as_numpy_calls_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let array = |value: u8| npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1,)}", &[value]);
    let (a, w) = (array(7), array(9));
    let bytes = zip(&[stored("a", b"raw"), stored("a.npy", &a), stored("w.npy", &w), stored("plain", b"xy")]);
    std::fs::write(folder.path().join("x.npz"), bytes).expect("written");
    let get = |name: &str| run(folder.path(), &["get", &format!("x.npz::{name}")]);
    assert_eq!(get("w.npy"), (0, "[9]\n".to_owned()));
    assert_eq!(get("w"), get("w.npy"));
    assert_eq!(get("a").1, "[114  97 119]\n");
    assert_eq!(get("a.npy").1, "[7]\n");
    assert_eq!(get("plain.npy").0, 3);
    assert_eq!(get("w.npy.npy").0, 3);
    let (_, table) = run(folder.path(), &["arrays", "x.npz"]);
    let names: Vec<&str> = table.lines().filter_map(|line| line.split_whitespace().next()).collect();
    assert_eq!(names, ["a", "a.npy", "w", "plain"]);
    let path = folder.path().join("x.npz").to_string_lossy().into_owned();
    let Some(told) = ask("headers.py", &["npz", &path], b"") else { return };
    let told = String::from_utf8(told).expect("text");
    assert_eq!(told, "w.npy [9]\nw [9]\na b'raw'\na.npy [7]\nplain.npy missing\n");
}

/// A raw edit inside a stored member of an archive, whatever it is called; of a compressed one it is said what it does.
#[test]
fn checksums_of_an_archive_of_any_name_follow_a_raw_edit() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = [1, 2, 3, 4];
    let packed = deflate(&mut Compress::new(Compression::best(), false), &data, FlushCompress::Finish);
    let deflated = ("model/packed", &*packed, 8, 4, crc32fast::hash(&data));
    let members = [stored("model/data.pkl", b"pickle"), stored("model/data/0", &data), deflated];
    let path = folder.path().join("model.pt");
    std::fs::write(&path, [b"#!stub\n", &*zip(&members)].concat()).expect("written");
    let set = |at: usize, more: &[&str]| {
        let at = at.to_string();
        run(
            folder.path(),
            &[&["set", "model.pt", "[0]", "9", "--dtype", "u1", "--offset", &at], more].concat(),
        )
    };
    let bytes = std::fs::read(&path).expect("there");
    let at = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part).expect("there");
    let stored_at = at(&data);
    let (code, text) = set(stored_at, &[]);
    assert!(code == 0 && !text.contains("damaged"), "{text}");
    let changed = [stored("model/data.pkl", b"pickle"), stored("model/data/0", &[9, 2, 3, 4]), deflated];
    assert_eq!(std::fs::read(&path).expect("there"), [b"#!stub\n", &*zip(&changed)].concat());
    let (code, text) = set(at(&packed), &["--dry-run"]);
    let warning = "The edits change bytes of compressed or encrypted members of the archive ('model/packed')";
    assert!(code == 0 && text.contains(warning), "{text}");
    let (code, text) = set(at(&packed), &[]);
    assert!(code == 0 && text.contains(warning), "{text}");
}

/// A new checksum hides that the bytes were damaged.
#[test]
fn damage_that_a_new_checksum_covers_up_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (good, bad) = (stored("good", &[1, 2, 3, 4]), ("bad", &[5_u8, 6, 7, 8][..], 0, 4, 0x1234_5678));
    let path = folder.path().join("x.zip");
    std::fs::write(&path, zip(&[good, bad])).expect("written");
    let bytes = std::fs::read(&path).expect("there");
    let at = |part: &[u8]| bytes.windows(part.len()).position(|window| window == part).expect("there");
    let set = |at: usize, more: &[&str]| {
        let at = at.to_string();
        let words = ["set", "x.zip", "[0]", "9", "--dtype", "u1", "--offset", &at];
        run(folder.path(), &[&words, more].concat())
    };
    let warning = "Members of the archive were damaged before these edits ('bad')";
    let (code, text) = set(at(&[1, 2, 3, 4]), &[]);
    assert!(code == 0 && !text.contains("damaged"), "{text}");
    for more in [&["--dry-run"][..], &[]] {
        let (code, text) = set(at(&[5, 6, 7, 8]), more);
        assert!(code == 0 && text.contains(warning), "{text}");
    }
    let mended = zip(&[stored("good", &[9, 2, 3, 4]), stored("bad", &[9, 6, 7, 8])]);
    assert_eq!(std::fs::read(&path).expect("there"), mended);
    let (code, text) = set(at(&[5, 6, 7, 8]) + 1, &[]);
    assert!(code == 0 && !text.contains("damaged"), "{text}");
    // Bytes that match their old checksum again are repaired.
    let torn = ("torn", &[5_u8, 0, 7, 8][..], 0, 4, crc32fast::hash(&[9, 0, 7, 8]));
    std::fs::write(&path, zip(&[torn])).expect("written");
    let (code, text) =
        set(zip(&[torn]).windows(4).position(|part| part == [5, 0, 7, 8]).expect("there"), &[]);
    assert!(code == 0 && !text.contains("damaged"), "{text}");
}

/// Eight gibibytes in eight megabytes: the first value costs a few of them, and no room.
#[test]
fn a_bomb_inflates_no_further_than_is_asked() {
    const MEBIBYTES: usize = 8 << 10;
    let folder = tempfile::tempdir().expect("a folder");
    let dict = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({},)}}", MEBIBYTES << 20);
    let header = npy(&dict, &[]);
    let mut compress = Compress::new(Compression::best(), false);
    let mut packed = deflate(&mut compress, &header, FlushCompress::Full);
    let zeros = deflate(&mut compress, &vec![0; 1 << 20], FlushCompress::Full);
    packed.extend(zeros.repeat(MEBIBYTES));
    packed.extend(deflate(&mut compress, &[], FlushCompress::Finish));
    let len = (MEBIBYTES << 20) as u64 + header.len() as u64;
    let mut bytes = zip(&[("a.npy", &packed, 8, u32::MAX, 0)]);
    // Its length needs 64 bits: an extra field in the directory has it.
    let end = bytes.split_off(bytes.len() - 22);
    let directory = bytes.len() - 46 - "a.npy".len();
    bytes[directory + 30..directory + 32].copy_from_slice(&12_u16.to_le_bytes());
    bytes.extend([&[1, 0, 8, 0][..], &len.to_le_bytes()].concat());
    let size = (bytes.len() - directory) as u32;
    bytes.extend([&end[..12], &size.to_le_bytes(), &end[16..]].concat());
    std::fs::write(folder.path().join("bomb.npz"), bytes).expect("written");
    // What is kept lies in no file: half a byte of room would be too little.
    let get = |slice: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pagelens"));
        command.current_dir(folder.path()).env("TMPDIR", folder.path().join("missing"));
        // Windows calls it so.
        command.env("TMP", folder.path().join("missing")).env("TEMP", folder.path().join("missing"));
        command.args(["get", "bomb.npz", slice]).output().expect("run")
    };
    for (slice, shown) in [("[0]", "0\n"), ("[5:0:-2]", "[0 0 0]\n"), ("[4096:4098]", "[0 0]\n")] {
        let output = get(slice);
        assert_eq!(String::from_utf8_lossy(&output.stdout), shown, "{output:?}");
    }
    assert!(!get("[:2000000]").status.success(), "two megabytes need a file");
}
