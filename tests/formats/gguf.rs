//! GGUF: versions, byte orders, metadata of all types, tensors, and how a value is changed.

use super::rig::{entry, findings, read, reason, set};
use pagelens::decode::dtype::{ItemType, Quant};
use pagelens::formats::Home;

/// A file that is being written.
struct Maker {
    bytes: Vec<u8>,
    big: bool,
    version: u32,
}

impl Maker {
    fn new(version: u32, big: bool, tensors: u64, values: u64) -> Self {
        let mut maker = Self { bytes: b"GGUF".to_vec(), big, version };
        maker.u32(version).len(tensors).len(values);
        maker
    }

    fn put(&mut self, little: &[u8]) -> &mut Self {
        let mut bytes = little.to_vec();
        if self.big {
            bytes.reverse();
        }
        self.bytes.extend(bytes);
        self
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.put(&value.to_le_bytes())
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.put(&value.to_le_bytes())
    }

    fn len(&mut self, value: u64) -> &mut Self {
        if self.version == 1 { self.u32(value as u32) } else { self.u64(value) }
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.len(text.len() as u64);
        self.bytes.extend(text.bytes());
        self
    }

    fn tensor(&mut self, name: &str, sides: &[u64], kind: u32, offset: u64) -> &mut Self {
        self.text(name).u32(sides.len() as u32);
        for side in sides {
            self.len(*side);
        }
        self.u32(kind).u64(offset)
    }

    /// Padding and so many bytes of data.
    fn data(&mut self, bytes: usize) -> Vec<u8> {
        let padded = self.bytes.len().next_multiple_of(32);
        self.bytes.resize(padded + bytes, 7);
        std::mem::take(&mut self.bytes)
    }
}

#[test]
fn versions_and_orders_are_read_alike_and_shapes_have_the_fastest_side_last() {
    for (version, big) in [(1, false), (2, false), (3, false), (3, true), (2, true)] {
        let mut maker = Maker::new(version, big, 2, 1);
        maker.text("general.name").u32(8).text("née");
        maker.tensor("a", &[3, 2], 0, 0).tensor("b", &[4], 25, 32);
        let bytes = maker.data(40);
        let container = read(&bytes, "x.gguf").expect("read");
        assert_eq!(container.findings, [], "version {version}, big-endian {big}");
        let (a, b) = (entry(&container, "a"), entry(&container, "b"));
        let mark = if big { ">" } else { "<" };
        assert_eq!((&*a.shape, a.item.to_string()), (&[2, 3][..], format!("{mark}f4")));
        assert_eq!(b.item.to_string(), format!("{mark}i2"));
        let data = bytes.len() as u64 - 40;
        assert_eq!((&a.home, &b.home), (&Home::Here(data), &Home::Here(data + 32)));
        let meta = &container.metadata[0];
        let span = meta.span.expect("a place");
        assert_eq!((&*meta.key, &*meta.value, meta.editable), ("general.name", "née", true));
        assert_eq!(&bytes[span.start() as usize..span.end() as usize], "née".as_bytes());
    }
}

#[test]
fn metadata_of_every_type_is_shown() {
    let mut maker = Maker::new(3, false, 0, 6);
    maker.text("f").u32(6).put(&1.5_f32.to_le_bytes());
    maker.text("b").u32(7).put(&[1]);
    maker.text("u").u32(10).u64(u64::MAX);
    maker.text("s").u32(9).u32(8).len(10);
    for index in 0..10 {
        maker.text(&format!("t{index}"));
    }
    maker.text("n").u32(9).u32(9).len(2).u32(0).len(2).put(&[1]).put(&[2]).u32(5).len(0);
    maker.text("many").u32(9).u32(4).len(9);
    for index in 0..9 {
        maker.u32(index);
    }
    let container = read(&maker.data(0), "x.gguf").expect("read");
    let shown: Vec<(&str, &str)> = container.metadata.iter().map(|meta| (&*meta.key, &*meta.value)).collect();
    let strings = r#"["t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", … 10 in all]"#;
    let many = "[0, 1, 2, 3, 4, 5, 6, 7, … 9 in all]";
    let wanted =
        [("f", "1.5"), ("b", "True"), ("u", "18446744073709551615"), ("s", strings), ("n", "[[1, 2], []]")];
    assert_eq!(shown[..5], wanted);
    assert_eq!(shown[5], ("many", many));
    let edited = Maker::new(3, false, 0, 0).data(0);
    assert!(set(&edited, "x.gguf", "f", "1").expect_err("none").contains("no key 'f'"));
}

#[test]
fn what_can_not_be_shown_says_why() {
    let mut maker = Maker::new(3, false, 8, 0);
    maker.tensor("blocks", &[256, 2], 12, 0).tensor("odd", &[255, 2], 12, 0).tensor("iq", &[256], 16, 288);
    maker.tensor("gone", &[1], 4, 0).tensor("far", &[8], 0, u64::MAX - 3);
    maker.tensor("big", &[u64::MAX, 2], 0, 0).tensor("skew", &[4], 24, 300).tensor("blocks", &[4], 24, 352);
    let container = read(&maker.data(500), "x.gguf").expect("read");
    assert_eq!(container.entries[0].item, ItemType::Quant(Quant::Q4K));
    assert!(matches!(container.entries[0].home, Home::Here(_)));
    for (name, why) in [
        ("odd", "impossible shape"),
        ("iq", "type IQ2_XXS is not shown"),
        ("gone", "type 4 is not known"),
        ("far", "beyond the file's end"),
        ("big", "impossible shape"),
    ] {
        assert_eq!(reason(entry(&container, name)), why, "{name}");
    }
    let found = findings(&container);
    for text in [
        "'skew' does not begin at a multiple",
        "'blocks' occurs more than once",
        "4 bytes belong to two tensors",
        "bytes follow the last tensor",
        "'odd': the length of its rows is not a multiple of the block size",
    ] {
        assert!(found.contains(text), "{text} is missing:\n{found}");
    }
    let mut maker = Maker::new(3, true, 1, 0);
    maker.tensor("q", &[32], 2, 0);
    let container = read(&maker.data(18), "x.gguf").expect("read");
    assert_eq!(reason(&container.entries[0]), "Q4_0 in big-endian order");
}

#[test]
fn lengths_are_held_against_the_bytes_that_are_left() {
    let mut maker = Maker::new(3, false, u64::MAX, 1);
    maker.text("k").u32(9).u32(0).len(u64::MAX);
    let error = read(&maker.data(9), "x.gguf").expect_err("nothing to show");
    assert!(error.text.contains("bytes should follow, but only 16 do"), "{error}");
    let mut maker = Maker::new(3, false, u64::MAX, 1);
    maker.text("k").u32(0).put(&[1]).tensor("a", &[1], 24, 0);
    let container = read(&maker.data(1), "x.gguf").expect("one value and one tensor");
    assert_eq!((container.metadata.len(), container.entries.len()), (1, 1));
    assert!(findings(&container).contains("What follows is not listed"));
    let mut maker = Maker::new(3, false, 0, 1);
    maker.text("deep").u32(9);
    for _ in 0..50 {
        maker.u32(9).len(1);
    }
    assert!(read(&maker.data(0), "x.gguf").expect_err("deep").text.contains("too deep"));
    for bad in [&b"GGUF"[..], b"GGUX\x03\0\0\0", b"GGUF\x09\0\0\0", b""] {
        assert!(read(bad, "x.gguf").is_err());
    }
}

#[test]
fn values_are_changed_in_their_own_bytes() {
    for big in [false, true] {
        let mut maker = Maker::new(3, big, 0, 4);
        maker.text("n").u32(4).u32(7).text("s").u32(8).text("abc");
        maker.text("a").u32(9).u32(0).len(1).put(&[1]).text("general.alignment").u32(4).u32(32);
        let bytes = maker.data(0);
        let value = |bytes: &[u8], index: usize| {
            read(bytes, "x.gguf").expect("read").metadata[index].value.to_string()
        };
        assert_eq!(value(&set(&bytes, "x.gguf", "n", "4294967295").expect("fits"), 0), "4294967295");
        assert_eq!(value(&set(&bytes, "x.gguf", "s", "xyz").expect("fits"), 1), "xyz");
        let refused = |key: &str, value: &str| set(&bytes, "x.gguf", key, value).expect_err("refused");
        assert!(refused("n", "4294967296").contains("4294967295"), "{}", refused("n", "4294967296"));
        assert_eq!(
            refused("s", "four"),
            "The value has 3 bytes, but the new one has 4. Both must have the same length."
        );
        assert!(refused("a", "[1]").contains("Lists"));
        assert!(refused("general.alignment", "64").contains("alignment"));
    }
}

#[test]
fn a_tensor_of_too_many_axes_has_no_shape_and_no_size() {
    let mut maker = Maker::new(3, false, 1, 0);
    maker.tensor("a", &[2; 65], 0, 0);
    let container = read(&maker.data(64), "x.gguf").expect("read");
    let entry = entry(&container, "a");
    assert_eq!(reason(entry), "more than 64 axes");
    let said = (entry.known_shape(), entry.bytes(), entry.type_name());
    assert_eq!(said, (None, None, Some("F32".into())));
}
