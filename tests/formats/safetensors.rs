//! safetensors: what is read, what is found odd, and how metadata is changed.

use super::rig::{entry, findings, read, reason, set};
use pagelens::formats::Home;

/// A file of this header, padded with so many spaces, and so many bytes of data.
fn file(header: &str, padding: usize, data: usize) -> Vec<u8> {
    let mut bytes = ((header.len() + padding) as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(vec![b' '; padding]);
    bytes.extend((0..data).map(|index| index as u8));
    bytes
}

#[test]
fn tensors_are_listed_in_the_order_of_the_header_and_placed_behind_it() {
    let header = r#"{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[2,3],"data_offsets":[8,32]},
        "a":{"data_offsets":[0,8],"shape":[],"dtype":"I64"},"e":{"dtype":"U8","shape":[0,5],"data_offsets":[32,32]}}"#;
    let bytes = file(header, 3, 32);
    let container = read(&bytes, "x.safetensors").expect("read");
    let data = bytes.len() as u64 - 32;
    let names: Vec<&str> = container.entries.iter().map(|entry| &*entry.name).collect();
    assert_eq!(names, ["b", "a", "e"]);
    let homes: Vec<&Home> = container.entries.iter().map(|entry| &entry.home).collect();
    assert_eq!(homes, [&Home::Here(data + 8), &Home::Here(data), &Home::Here(data + 32)]);
    assert_eq!(*entry(&container, "b").shape, [2, 3]);
    assert_eq!(container.findings, []);
    assert_eq!(container.header.end(), data);
    assert_eq!((&*container.metadata[0].key, &*container.metadata[0].value), ("format", "pt"));
    let span = container.metadata[0].span.expect("a place");
    assert_eq!(&bytes[span.start() as usize..span.end() as usize], b"\"pt\"");
}

#[test]
fn odd_places_are_findings_and_what_can_be_shown_is() {
    let header = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
        "a":{"dtype":"U8","shape":[2],"data_offsets":[2,4]},
        "gap":{"dtype":"U8","shape":[2],"data_offsets":[6,8]},
        "more":{"dtype":"U8","shape":[3],"data_offsets":[6,8]},
        "less":{"dtype":"U8","shape":[1],"data_offsets":[6,8]},
        "out":{"dtype":"U8","shape":[99],"data_offsets":[0,99]},
        "back":{"dtype":"U8","shape":[2],"data_offsets":[8,6]},
        "huge":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]},
        "wrap":{"dtype":"U8","shape":[0],"data_offsets":[18446744073709551615,18446744073709551615]},
        "what":{"dtype":"Q9","shape":[2],"data_offsets":[6,8]},
        "none":{"dtype":"U8","shape":[-1],"data_offsets":[6,8]}, "text": "x",
        "f":{"dtype":"F32","shape":[1.5],"data_offsets":[6,8]}}"#;
    let container = read(&file(header, 0, 10), "x.safetensors").expect("read");
    let found = findings(&container);
    assert_eq!(*container.entries[container.find("a").expect("there")].shape, [2], "the last one counts");
    for (name, why) in [
        ("more", "shape and data_offsets differ"),
        ("out", "beyond the file's end"),
        ("back", "its end is before its start"),
        ("huge", "impossible shape"),
        ("wrap", "beyond the file's end"),
        ("what", "unknown type Q9"),
    ] {
        assert_eq!(reason(entry(&container, name)), why, "{name}");
        assert!(name == "what" || found.contains(&format!("'{name}'")), "{name}: {found}");
    }
    assert!(matches!(entry(&container, "less").home, Home::Here(_)));
    assert_eq!((container.find("none"), container.find("f"), container.find("text")), (None, None, None));
    for text in [
        "'a' occurs more than once",
        "2 bytes belong to no tensor",
        "2 bytes belong to two tensors",
        "2 bytes follow the last tensor",
        "'none' has no shape",
        "'text' is not a tensor",
        "'less': its shape takes 1 bytes, but its data_offsets give 2",
    ] {
        assert!(found.contains(text), "{text} is missing:\n{found}");
    }
}

#[test]
fn a_single_byte_that_two_tensors_share_or_none_has_is_found() {
    let header = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},
        "b":{"dtype":"U8","shape":[2],"data_offsets":[3,5]},"c":{"dtype":"U8","shape":[1],"data_offsets":[6,7]}}"#;
    let container = read(&file(header, 0, 8), "x.safetensors").expect("read");
    let texts =
        "1 bytes belong to two tensors.\n1 bytes belong to no tensor.\n1 bytes follow the last tensor.\n";
    assert_eq!(findings(&container), texts);
}

#[test]
fn a_header_that_breaks_off_shows_what_came_before() {
    let whole = r#"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dty"#;
    let container = read(&file(whole, 0, 4), "x.safetensors").expect("read");
    assert_eq!(container.entries.len(), 1);
    assert!(findings(&container).contains("is broken at byte"), "{}", findings(&container));
    let error = read(&file(r#"{"a":["#, 0, 4), "x.safetensors").expect_err("nothing to show");
    assert!(error.text.contains("not closed") || error.text.contains("expected"), "{error}");
    let mut claims = u64::MAX.to_le_bytes().to_vec();
    claims.extend(b"{}");
    let error = read(&claims, "x.safetensors").expect_err("no such header");
    assert!(error.text.contains("18446744073709551615 bytes, but only 2 follow"), "{error}");
    assert!(read(b"", "x.safetensors").is_err());
}

#[test]
fn metadata_is_changed_within_the_padding_and_nothing_else_is() {
    let header =
        r#"{"__metadata__":{"k":"old","other":"é\n"},"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#;
    let bytes = file(header, 3, 4);
    for value in ["new", "x", "longer", "\"q\"", ""] {
        let edited = set(&bytes, "x.safetensors", "k", value).expect("fits");
        let container = read(&edited, "x.safetensors").expect("read");
        assert_eq!(&*container.metadata[0].value, value);
        assert_eq!(&*container.metadata[1].value, "é\n");
        assert_eq!(edited[edited.len() - 4..], bytes[bytes.len() - 4..]);
        let was = String::from_utf8_lossy(&bytes).replace("\"old\"", "").replace(' ', "");
        let quoted = format!("{value:?}");
        let is = String::from_utf8_lossy(&edited).replacen(&quoted, "", 1).replace(' ', "");
        assert_eq!(is, was, "every other byte is as it was");
    }
    let refused = set(&bytes, "x.safetensors", "k", "far too long").expect_err("no room");
    assert!(refused.contains("6 bytes too long"), "{refused}");
    assert!(set(&bytes, "x.safetensors", "nope", "").expect_err("no key").contains("'nope'"));
}

#[test]
fn an_index_names_the_shards_of_its_own_folder_only() {
    let index = br#"{"metadata":{"total_size":12},"weight_map":{"a":"m-1.safetensors","b":"m-2.safetensors",
        "c":"m-1.safetensors","up":"../m-1.safetensors","abs":"/etc/x","n":7}}"#;
    let container = read(index, "m.safetensors.index.json").expect("read");
    assert_eq!(entry(&container, "c").home, Home::File("m-1.safetensors".into()));
    assert_eq!(entry(&container, "b").home, Home::File("m-2.safetensors".into()));
    for name in ["up", "abs"] {
        assert!(reason(entry(&container, name)).contains("is not a file in this folder"), "{name}");
    }
    assert_eq!(reason(entry(&container, "n")), "no file name");
    assert_eq!(container.findings.len(), 3);
    assert_eq!(&*container.metadata[0].value, "12");
    assert!(read(b"{}", "m.safetensors.index.json").is_err());
}

#[test]
fn a_tensor_of_too_many_axes_has_no_shape_but_its_bytes() {
    let sides = vec!["1"; 65].join(",");
    let more = r#""b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#;
    let header = format!(r#"{{"a":{{"dtype":"F32","shape":[{sides}],"data_offsets":[0,4]}},{more}}}"#);
    let container = read(&file(&header, 0, 8), "x.safetensors").expect("read");
    let entry = entry(&container, "a");
    assert_eq!(reason(entry), "more than 64 axes");
    let said = (entry.known_shape(), entry.bytes(), entry.type_name());
    assert_eq!(said, (None, Some(4), Some("F32".into())));
}
