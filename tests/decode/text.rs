//! Encodings against Python's codecs, and rows of cells that are cut anywhere.

use super::fixture;
use pagelens::decode::{Encoding, TextCell, hex, paste_formats};
use pagelens::export::{ExportOptions, byte_formats};

#[test]
fn every_byte_of_every_code_page_is_what_python_says() {
    for line in fixture("encodings.txt").lines() {
        let mut fields = line.split(' ');
        let name = fields.next().expect("a name");
        let encoding = Encoding::from_name(name).expect("an encoding");
        for (byte, point) in (0..=255u8).zip(fields) {
            let text = encoding.decode_lossy(&[byte]);
            let character = text.chars().next().expect("a character");
            if point == "-" {
                // The web's tables give some bytes without a character the control code of the same number.
                let is_control = byte >= 0x80 && u32::from(character) == u32::from(byte);
                let is_newer = (name, byte, character) == ("windows-1255", 0xca, '\u{5ba}');
                let is_none = character == '\u{fffd}';
                assert!(is_none || is_control || is_newer, "{name} {byte:#04x} {character:?}");
            } else {
                let expected = u32::from_str_radix(point, 16).expect("a code point");
                assert_eq!(u32::from(character), expected, "{name} {byte:#04x}");
                assert_eq!(encoding.encode(&text), Ok(vec![byte]), "{name} {byte:#04x}");
            }
        }
    }
}

/// Python's table and the web's differ in these look-alikes.
const LOOK_ALIKES: [(&str, &str, char); 2] = [("big5", "a1f2", '⊕'), ("big5", "a244", '￥')];

#[test]
fn east_asian_pairs_are_what_python_says() {
    for line in fixture("east-asian.txt").lines() {
        let mut fields = line.split(' ');
        let mut field = || fields.next().expect("three fields");
        let (name, digits, point) = (field(), field(), field());
        let encoding = Encoding::from_name(name).expect("an encoding");
        let bytes = hex::parse(digits).expect("hex");
        let expected = u32::from_str_radix(point, 16).ok().and_then(char::from_u32).expect("a character");
        let mut cells = Vec::new();
        encoding.cells(&bytes, 0, 2, &mut cells);
        let look_alike = LOOK_ALIKES.iter().find(|(encoding, pair, _)| (*encoding, *pair) == (name, digits));
        let expected = look_alike.map_or(expected, |(_, _, character)| *character);
        assert_eq!(encoding.decode_lossy(&bytes), expected.to_string(), "{name} {digits}");
        assert_eq!(cells[1], TextCell::Continuation, "{name} {digits}");
    }
}

#[test]
fn random_bytes_make_one_cell_each_however_they_are_cut() {
    let seed = 0xce11;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..200 {
        let mut bytes = vec![0; random.usize(0..120) * 4];
        random.fill(&mut bytes);
        for &encoding in Encoding::ALL {
            let mut whole = Vec::new();
            encoding.cells(&bytes, 0, bytes.len(), &mut whole);
            assert_eq!(whole.len(), bytes.len());
            let cut = random.usize(0..=bytes.len());
            let mut parts = Vec::new();
            encoding.cells(&bytes, 0, cut, &mut parts);
            encoding.cells(&bytes, cut, bytes.len() - cut, &mut parts);
            let is_settled = cut <= encoding.context() || encoding.context() < 256;
            assert!(whole == parts || !is_settled, "{encoding:?} cut at {cut}, round {round} of seed {seed}");
            // What is decoded without loss encodes to the same bytes or is refused.
            let text = encoding.decode_lossy(&bytes);
            if let Ok(encoded) = encoding.encode(&text) {
                assert_eq!(
                    encoding.decode_lossy(&encoded),
                    text,
                    "{encoding:?}, round {round} of seed {seed}"
                );
            }
        }
    }
}

#[test]
fn bytes_are_copied_as_python_spells_them() {
    let python = byte_formats().find(|(_, format)| format.name == "python").expect("a format").1;
    for line in fixture("char.txt").lines() {
        let (digits, text) = line[3..].split_once(' ').expect("three fields");
        let bytes = hex::parse(digits).expect("hex");
        assert_eq!(python.of_bytes.expect("a form of bytes")(&bytes, &ExportOptions::default()), text);
        assert!(
            paste_formats::certain(&paste_formats::fits(text)).is_some_and(|fit| fit.bytes == bytes),
            "{text}"
        );
    }
}
