//! Clipboard texts: those of real tools, of languages, and of this program, read right or asked about.
//!
//! `tests/fixtures/clipboard` is made by `scripts/make-clipboard-fixtures` with the tools themselves.

use super::tools::TOOLS;
use pagelens::decode::Encoding;
use pagelens::decode::paste_formats::{certain, fits, why_not_hex};
use pagelens::export::{ExportOptions, byte_formats};
use std::collections::BTreeMap;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/clipboard")
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read(text: &str) -> Option<Vec<u8>> {
    certain(&fits(text)).map(|fit| fit.bytes.clone())
}

#[test]
fn what_tools_print_is_read_or_asked_about() {
    let (whole, packet) = (bytes_of("bytes.bin"), bytes_of("packet.bin"));
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).expect("fixtures") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        let Some(tool) = name.strip_suffix(".txt") else { continue };
        let text = String::from_utf8(bytes_of(&name)).expect("text");
        let expected = match tool {
            _ if tool.starts_with("asked-") => None,
            _ if tool.starts_with("packet-") => Some(&packet),
            _ => Some(&whole),
        };
        assert_eq!(read(&text).as_ref(), expected, "{name}\n{text}\n{:?}", fits(&text));
        // As Windows has it.
        let text = text.replace('\n', "\r\n");
        assert_eq!(read(&text).as_ref(), expected, "{name} with CRLF");
        count += 1;
    }
    assert!(count >= 45, "only {count} texts");
}

#[test]
fn words_of_a_debugger_are_offered_in_both_orders() {
    let whole = bytes_of("bytes.bin");
    for (name, len) in [("asked-gdb-x-xh.txt", 112), ("asked-gdb-x-xw.txt", 112)] {
        let text = String::from_utf8(bytes_of(name)).expect("text");
        let offered = fits(&text);
        assert_eq!(offered[0].bytes, whole[..len], "{name}: the order of the machine comes first");
        assert!(offered.len() >= 2 && offered[1].bytes != offered[0].bytes, "{name}: {offered:?}");
    }
}

#[test]
fn the_generators_write_what_the_tools_write() {
    let whole = bytes_of("bytes.bin");
    for tool in TOOLS {
        let Some(fixture) = tool.fixture else { continue };
        let real = String::from_utf8(bytes_of(&format!("{fixture}.txt"))).expect("text");
        let normal = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>();
        assert_eq!(normal(&(tool.write)(&whole)), normal(&real), "{}", tool.name);
    }
}

#[test]
fn texts_that_are_certain() {
    let ab = b"AB".as_slice();
    for (text, expected) in [
        ("cafe babe", [0xca, 0xfe, 0xba, 0xbe].as_slice()),
        ("0000 4142", b"\0\0AB"),
        ("41 42", ab),
        ("4142", ab),
        ("41:42", ab),
        ("0x41, 0x42", ab),
        ("{0x41, 0x42}", ab),
        ("{ 0x41, 0x42, };", ab),
        ("\"\\x41\\x42\"", ab),
        ("'\\x41\\x42'", ab),
        ("\"\\101\\102\"", ab),
        ("\"\\x41\" \"\\x42\"", ab),
        ("\"\\x41\\x0a\" \\\n\"\\x42\"", b"A\nB"),
        ("char s[] = \"\\x41\\x42\";", ab),
        ("b'A\\x42'", ab),
        ("bytearray(b\"AB\")", ab),
        ("bytes.fromhex('41 42')", ab),
        ("\\x41\\x42", ab),
        ("41h 42h", ab),
        ("41h, 0FFh", b"A\xff"),
        ("$41 $42", ab),
        ("&H41, &H42", ab),
        ("%41%42", ab),
        ("[65, 66]", ab),
        ("[65, 66,]", ab),
        ("(65, 66)", ab),
        ("{65, 'B', '\\n', '\\''}", b"AB\n'"),
        ("unsigned char d[2] = { 65, /* B */ 66 }; // two", ab),
        ("const DATA: [u8; 2] = [0x41, 0x42];", ab),
        ("let d = vec![0x41u8, 0x42];", ab),
        ("d := []byte{0x41, 'B'}", ab),
        ("[2]uint8{0x41, 0x42}", ab),
        ("byte[] d = new byte[] { 65, -1, (byte)0xfe };", b"A\xff\xfe"),
        ("bytes([65, 66])", ab),
        ("np.array([65, 66], dtype=np.uint8)", ab),
        ("array('B', [65, 66])", ab),
        ("Buffer.from([0x41, 0x42])", ab),
        (".byte 0x41, 0x42", ab),
        ("db 41h\ndb 42h", ab),
        ("65, 66, 100", b"ABd"),
        ("0b01000001 0b01000010", ab),
        ("0b01000001, 0b01000010", ab),
        ("b'ab\\\ncd'", b"abcd"),
        ("b'ab' \\\n  b'cd'", b"abcd"),
        ("(b'ab'\n b'c d')", b"abc d"),
        ("b'''a\nb'''", b"a\nb"),
        ("b\"a\\0b\"", b"a\0b"),
        ("np.array([65, 66], dtype='|u1')", ab),
        ("np.array([65, 66], dtype=np.dtype('uint8'))", ab),
        ("array.array('B', [65, 66])", ab),
        ("std::vector<uint8_t> d = {65, 66};", ab),
        ("auto d = std::array<unsigned char, 2>{65, 66};", ab),
        ("new Uint8Array([65, 66])", ab),
        ("byteArrayOf(65, 66)", ab),
        ("x = bytes((65, 66))", ab),
        (
            " 402000 02000000 03000000  ........\n 402008 05000000  ....",
            &[2, 0, 0, 0, 3, 0, 0, 0, 5, 0, 0, 0],
        ),
        ("data:;base64,QUI=", ab),
        ("00000000: 4142  AB", ab),
        ("00000000  41 42  |AB|", ab),
        ("0x100:\t0x41\t0x42", ab),
        ("1000: 41 42", ab),
        ("0000  41 42 43 44   ABCD", b"ABCD"),
        ("00000000: 41 42 43 44\n00000004: 45", b"ABCDE"),
        ("00000000: 6162 0a  ab.", b"ab\n"),
        ("00000000  61 62  |ab|\n*\n00000006  63  |c|\n", b"abababc"),
    ] {
        assert_eq!(read(text).as_deref(), Some(expected), "{text}\n{:?}", fits(text));
    }
}

#[test]
fn texts_that_may_be_something_else_are_asked_about() {
    for (text, offered) in [
        ("41 42 4", &[41, 42, 4][..]),
        ("00000000 41 42", &[0, 0, 0, 0, 0x41, 0x42]),
        ("10, 20", &[0x10, 0x20]),
        ("10, 20", &[10, 20]),
        ("10\n20\n30", &[10, 20, 30]),
        ("10\t20", &[0x10, 0x20]),
        ("01000001 01000010", b"AB"),
        ("0x4142, 0x4344", b"BADC"),
        ("0x4142, 0x4344", b"ABCD"),
        ("uint16_t d[] = {1, 2};", &[1, 0, 2, 0]),
        ("{300, 5}", &[0x2c, 1, 5, 0]),
        ("unsigned char d[3] = {1, 2};", &[1, 2]),
        ("{010, 020}", &[10, 20]),
        ("2024-01-02", &[0x20, 0x24, 1, 2]),
        (
            "550e8400-e29b-41d4-a716-446655440000",
            b"\x00\x84\x0e\x55\x9b\xe2\xd4\x41\xa7\x16\x44\x66\x55\x44\x00\x00",
        ),
        ("Report (1).pdf", b""),
        ("see page (12)", b""),
        ("(12)", b""),
        ("x = y[3];", b""),
        ("exit(0)", b""),
        ("bytes(3)", b""),
        ("new byte[3]", b""),
        ("Item {0}", b""),
        ("f([65, 66])", b""),
        ("[65, 66] * 2", b""),
        ("((65, 66), (67, 68))", b""),
        ("size_t d[] = {1, 2};", &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
        ("Pixel d[] = {1, 2};", &[1, 2]),
        ("let d: &[usize] = &[1, 2];", &[1, 2]),
        ("let d: [u128; 1] = [258];", &[2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ("vec![1u16, 2u16]", &[1, 0, 2, 0]),
        ("np.array([1, 2, 3], dtype=np.dtype('<i2'))", &[1, 0, 2, 0, 3, 0]),
        ("np.array([1, 2], dtype='<u4')", &[1, 0, 0, 0, 2, 0, 0, 0]),
        ("np.array([1, 2], dtype=np.float16)", &[1, 2]),
        ("array([1, 2])", &[1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]),
        ("torch.tensor([1, 2])", &[1, 2]),
        ("1000, 2000, 3000", &[0x10, 0, 0x20, 0, 0x30, 0]),
        ("1000, 2000, 3000", &[0xe8, 3, 0xd0, 7, 0xb8, 0xb]),
        ("1000\t2000", &[0x10, 0, 0x20, 0]),
        ("1000\n2000", &[0x10, 0, 0x20, 0]),
        ("01000001,01000010", b"AB"),
        ("0x7f, 69, 76, 70", &[0x7f, 69, 76, 70]),
        ("0x7f, 69, 76, 70", &[0x7f, 0x69, 0x76, 0x70]),
        ("\\x00\\x01ab", &[0, 1, 0xab]),
        ("\\x00 \\x01", &[0, 1]),
        ("b\"a\\\n  b\"", b"a  b"),
        ("b\"\\012\"", b"\n"),
        ("b'a\nb'", b""),
        ("QUJD", b"ABC"),
        ("\"AB\"", b"AB"),
        ("\"\\x41B\"", b"AB"),
        ("a%20b", b"a b"),
        ("0x100: 0x00004241", b"AB\0\0"),
        ("0000 4142 4344\n0004 4546", b"ABCDEF"),
        ("00000010: 4142  AB\n\n00000020: 4344  CD", b""),
        ("Hello", b""),
        ("-1234", b""),
        ("{0x41}; {0x42}", b""),
        ("00000000: 41 42\n00000008: 43 44", b""),
        ("00000000  61 62\n*\n", b""),
        ("00000000: 00\n*\nffffffffffffffff: 00", b""),
        ("", b""),
    ] {
        let found = fits(text);
        assert_eq!(certain(&found), None, "{text}");
        assert!(offered.is_empty() || found.iter().any(|fit| fit.bytes == offered), "{text}\n{found:?}");
    }
    assert_eq!(
        why_not_hex("41 42 4").as_deref(),
        Some("column 7: incomplete byte: the second digit is missing")
    );
}

#[test]
fn hostile_texts_take_no_time_and_no_room() {
    for text in ["(", "[", "{", "'", "\"", "\\", "%", "0x", "/*", "*\n", "41 ", "0: 41\n", "b'"] {
        let long = text.repeat(20_000);
        fits(&long);
        fits(&format!("00000000: 41\n{long}"));
        fits(&format!("x = {long}"));
    }
}

#[test]
fn stars_of_a_dump_stand_for_few_bytes_in_all() {
    const MIB: usize = 1 << 20;
    let dump = |stars: usize| -> String {
        let star = |number: usize| format!("{:x}: 00\n*\n", number * 42 * MIB);
        (0..stars).map(star).chain([format!("{:x}: 00\n", stars * 42 * MIB)]).collect()
    };
    assert_eq!(read(&dump(1)).map(|bytes| bytes.len()), Some(42 * MIB + 1));
    // Each of them would do, and also each section.
    for text in [dump(2), format!("{}\npacket 2\n{}", dump(1), dump(1)), dump(100)] {
        let longest = fits(&text).iter().map(|fit| fit.bytes.len()).max();
        assert!(longest.is_none_or(|longest| longest <= 65 * MIB), "{longest:?} bytes");
        assert_eq!(read(&text), None);
    }
}

/// So many texts by default; the variable has a larger number.
const TEXTS: usize = 1_500;

#[test]
fn thousands_of_texts_are_read_right_or_asked_about() {
    let rounds = std::env::var("PAGELENS_TEXTS").ok().and_then(|count| count.parse().ok()).unwrap_or(TEXTS);
    let seed = 11;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let kinds = TOOLS.len() + byte_formats().count() - 1;
    for round in 0..rounds {
        let bytes = random_bytes(&mut random);
        let kind = round % kinds;
        let (name, text, is_dump) = match TOOLS.get(kind) {
            Some(tool) => (tool.name, (tool.write)(&bytes), true),
            None => {
                let own = byte_formats().filter(|(_, format)| format.name != "text").nth(kind - TOOLS.len());
                let (_, format) = own.expect("a format");
                let options = ExportOptions {
                    offset: random.u64(..1 << 33),
                    columns: random.usize(1..33),
                    upper: random.bool(),
                    encoding: random.choice(Encoding::ALL.iter().copied()).expect("some"),
                    ..ExportOptions::default()
                };
                (format.label, format.of_bytes.expect("a form of bytes")(&bytes, &options), false)
            }
        };
        let answer = read(&text);
        // A lone pair of digits, and Base64 of hex digits from end to end, are taken for what they look like.
        let is_hex = text.bytes().all(|letter| letter.is_ascii_hexdigit());
        if is_hex && (name == "Base64" || text.len() == 2) {
            continue;
        }
        let is_right = answer.as_ref() == Some(&bytes);
        let context = || format!("{name}, round {round} of seed {seed}: {bytes:02x?}\n{text}\n{answer:02x?}");
        assert!(is_right || answer.is_none(), "{}", context());
        // One line may leave a doubt.
        if bytes.len() > 16 {
            let count = counts.entry(name).or_default();
            *count = (count.0 + usize::from(is_right), count.1 + 1);
        }
        if is_dump {
            // Some lines of it, as one copies them off a terminal.
            let part = some_lines(&mut random, &text);
            // A lone offset is digits and no more.
            let is_offset = part.trim().bytes().all(|digit| digit.is_ascii_hexdigit());
            if let Some(read) = read(&part).filter(|_| !is_offset) {
                let is_part = read.is_empty() || bytes.windows(read.len()).any(|window| window == read);
                assert!(is_part, "{name}, round {round} of seed {seed}: {bytes:02x?}\n{part}\n{read:02x?}");
            }
        }
    }
    for tool in TOOLS.iter().filter(|tool| tool.is_sure) {
        let (right, all) = counts[tool.name];
        assert!(
            right * 20 >= all * 19,
            "{}: only {right} of {all} texts are read without a question",
            tool.name
        );
    }
}

fn random_bytes(random: &mut fastrand::Rng) -> Vec<u8> {
    let len = if random.u8(0..3) == 0 { random.usize(1..20) } else { random.usize(17..200) };
    let kind = random.u8(0..5);
    (0..len)
        .map(|at| match kind {
            0 => random.u8(..),
            1 => random.u8(0x20..0x7f),
            // Runs, which tools shorten.
            2 => {
                if at / 40 % 2 == 0 {
                    0
                } else {
                    0x41
                }
            }
            3 => *b"0123456789abcdef |><.\n".get(random.usize(0..22)).unwrap_or(&0),
            _ => random.u8(..10) * 11,
        })
        .collect()
}

fn some_lines(random: &mut fastrand::Rng, text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let from = random.usize(0..lines.len());
    let to = random.usize(from..lines.len()) + 1;
    lines[from..to].join("\n")
}
