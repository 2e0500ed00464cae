//! `.npy`: versions, encodings, shapes, what is refused, and how the header is changed.

use super::rig::{findings, read, reason, set};
use pagelens::decode::array::MemoryOrder;
use pagelens::formats::Home;

/// A file of this version and dict, padded as NumPy does, and so many bytes of data.
fn file(version: u8, dict: &str, data: usize) -> Vec<u8> {
    let mut text: Vec<u8> = match version {
        3 => dict.into(),
        _ => dict.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect(),
    };
    let start = if version == 1 { 10 } else { 12 };
    text.resize((start + text.len() + 1).next_multiple_of(64) - start - 1, b' ');
    text.push(b'\n');
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    bytes.extend(&(text.len() as u32).to_le_bytes()[..start - 8]);
    bytes.extend(text);
    bytes.extend((0..data).map(|index| index as u8));
    bytes
}

const PLAIN: &str = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

#[test]
fn all_versions_are_read_with_shape_order_and_place() {
    for version in 1..=3 {
        let bytes = file(version, PLAIN, 24);
        let container = read(&bytes, "a.npy").expect("read");
        let entry = &container.entries[0];
        assert_eq!((&*entry.name, &*entry.shape, entry.order), ("a", &[2, 3][..], MemoryOrder::C));
        assert_eq!(entry.item.to_string(), "<f4");
        assert_eq!(entry.home, Home::Here(bytes.len() as u64 - 24));
        assert_eq!(container.findings, []);
    }
    let fortran = "{'descr': '>i2', 'fortran_order': True, 'shape': (), 'x': 1}";
    let container = read(&file(1, fortran, 2), "a.npy").expect("read");
    assert_eq!((container.entries[0].order, container.entries[0].shape.len()), (MemoryOrder::F, 0));
    assert!(findings(&container).contains("a key x that NumPy does not know"));
}

#[test]
fn what_can_not_be_shown_says_why() {
    let with = |descr: &str, shape: &str, data| {
        let dict = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}");
        read(&file(1, &dict, data), "a.npy")
    };
    let why = |descr: &str, shape: &str| {
        let container = with(descr, shape, 8).expect("a header");
        reason(&container.entries[0]).to_owned()
    };
    assert_eq!(why("'|O'", "(1,)"), "pickled objects, not loaded");
    assert_eq!(why("[('a', '<i4'), ('b', 'O')]", "(1,)"), "pickled objects, not loaded");
    assert_eq!(why("'<q9'", "(1,)"), "type '<q9' is not known");
    assert_eq!(why("'<f4'", "(3,)"), "beyond the file's end");
    assert_eq!(why("'<f4'", "(4294967296, 4294967296)"), "impossible shape");
    assert_eq!(why("'<f4'", "(18446744073709551615, 1)"), "impossible shape");
    assert!(matches!(with("'<f4'", "(0, 18446744073709551615)", 8), Ok(found) if found.findings.len() == 1));
    for bad in ["(-1,)", "(1.0,)", "2", "'a'"] {
        assert!(with("'<f4'", bad, 8).is_err(), "{bad}");
    }
}

#[test]
fn lengths_and_versions_are_held_against_the_file() {
    let mut bytes = file(2, PLAIN, 24);
    bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
    let error = read(&bytes, "a.npy").expect_err("no such header");
    assert!(error.text.contains("4294967307") && error.text.contains("only"), "{error}");
    let mut other = file(1, PLAIN, 24);
    other[6] = 9;
    assert!(read(&other, "a.npy").expect_err("unknown").text.contains("Version 9.0"));
    assert!(read(b"hello", "a.npy").expect_err("no magic").text.contains("does not begin"));
}

#[test]
fn names_of_fields_are_read_in_the_encoding_of_the_version() {
    let missing = "{'fortran_order': False, 'shape': (1,), 'descré': '<f4'}";
    for version in [1, 3] {
        let error = read(&file(version, missing, 4), "a.npy").expect_err("no descr");
        assert_eq!(error.text, "The header has no 'descr'.");
    }
    let mut broken = file(3, missing, 4);
    let at = broken.iter().position(|byte| *byte == 0xc3).expect("é");
    broken[at + 1] = b'x';
    assert!(read(&broken, "a.npy").expect_err("no UTF-8").text.contains("not UTF-8"));
}

#[test]
fn a_key_is_changed_within_the_padding_when_it_fits_the_bytes() {
    let bytes = file(1, PLAIN, 24);
    let shape_of = |bytes: &[u8]| {
        let container = read(bytes, "a.npy").expect("read");
        assert_eq!(container.findings, []);
        (
            container.entries[0].item.to_string(),
            container.entries[0].shape.to_vec(),
            container.entries[0].order,
        )
    };
    let c = MemoryOrder::C;
    assert_eq!(shape_of(&set(&bytes, "a.npy", "shape", "6").expect("fits")), ("<f4".to_owned(), vec![6], c));
    let many = set(&bytes, "a.npy", "shape", "(1, 2, 1, 3, 1, 1)").expect("fits");
    assert_eq!(shape_of(&many).1, [1, 2, 1, 3, 1, 1]);
    assert_eq!(shape_of(&set(&bytes, "a.npy", "descr", ">i4").expect("fits")).0, ">i4");
    assert_eq!(shape_of(&set(&bytes, "a.npy", "fortran_order", "True").expect("fits")).2, MemoryOrder::F);
    assert!(many.len() == bytes.len() && many.ends_with(&bytes[bytes.len() - 25..]));
    let refused = |key: &str, value: &str| set(&bytes, "a.npy", key, value).expect_err("refused");
    assert_eq!(refused("shape", "(7,)"), "Such an array takes 28 bytes, but the file has 24.");
    assert_eq!(refused("descr", "<f8"), "Such an array takes 48 bytes, but the file has 24.");
    assert!(refused("shape", "x").contains("is not a shape"));
    assert!(refused("fortran_order", "yes").contains("True"));
    assert!(refused("other", "1").contains("no key 'other'"));
    let long = format!("({}6,)", "1, ".repeat(60));
    assert!(refused("shape", &long).contains("bytes too long"), "{}", refused("shape", &long));
}
