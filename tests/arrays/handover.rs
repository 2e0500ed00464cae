//! Arrays handed over and taken back: each text pastes to the same bytes, each file is read by its format.

use super::places::scalar;
use pagelens::bytes::{Availability, MemorySource, ReadError, Source, Span};
use pagelens::compute::{block, bytes_block, with_sources};
use pagelens::decode::array::{Array, MemoryOrder};
use pagelens::decode::dtype::{ItemType, Packed, Quant};
use pagelens::decode::{DType, Element, Order, paste_formats};
use pagelens::document::{Content, Document, Edit};
use pagelens::export::arrays::Export;
use pagelens::export::{FORMATS, array_formats, number_of};
use pagelens::formats::{Format, npy::Npy, safetensors::Safetensors};
use pagelens::job::Progress;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub fn exported(name: &str, source: &dyn Source, array: &Array) -> Result<Vec<u8>, String> {
    let format = &FORMATS[number_of(name).expect("a format of that name")];
    let mut out = Vec::new();
    let progress = Progress::default();
    let path = Some(Path::new("file.bin"));
    let export = Export { source, array, path, name: "w", progress: &progress };
    format.of_array.expect("a form of arrays")(&export, &mut out).map_err(|error| error.to_string())?;
    Ok(out)
}

fn random_array(random: &mut fastrand::Rng, element: Element) -> (MemorySource, Array) {
    let order = if random.bool() { Order::Big } else { Order::Little };
    let item = ItemType::Scalar(DType::new(element, order));
    let shape: Vec<u64> = (0..random.usize(1..4)).map(|_| random.u64(1..5)).collect();
    let memory = if random.bool() { MemoryOrder::F } else { MemoryOrder::C };
    let array = Array::new(item.clone(), 3, shape, memory).expect("an array");
    let mut bytes: Vec<u8> =
        (0..3 + array.items() as usize * element.size()).map(|_| random.u8(..)).collect();
    if element == Element::Bool {
        bytes.iter_mut().for_each(|byte| *byte &= 1);
    }
    (MemorySource::new(bytes), array)
}

/// The bytes of the items in C order, one after another.
fn items(source: &dyn Source, array: &Array) -> Vec<u8> {
    let mut all = Vec::new();
    for number in 0..array.items() {
        let span = array.place(&array.index_at(number)).span;
        let mut bytes = vec![0; span.len() as usize];
        source.read_at(span.start(), &mut bytes).expect("read");
        all.extend(bytes);
    }
    all
}

const ELEMENTS: [Element; 8] = [
    Element::U8,
    Element::I16,
    Element::U64,
    Element::I64,
    Element::F16,
    Element::F32,
    Element::F64,
    Element::Bool,
];

/// A NaN is a NaN: most texts have no payloads.
fn without_payloads(item: &ItemType, bytes: &[u8]) -> Vec<String> {
    let size = item.group_bytes() as usize;
    let text = |group: &[u8]| {
        let mut text = String::new();
        item.format(group, 0, &Default::default(), &mut text);
        if text.contains("nan") { "nan".to_owned() } else { text }
    };
    bytes.chunks(size).map(text).collect()
}

#[test]
fn texts_paste_back_to_the_same_values() {
    let seed = 0x7e47;
    let mut random = fastrand::Rng::with_seed(seed);
    for round in 0..400 {
        let element = ELEMENTS[round % ELEMENTS.len()];
        let (source, array) = random_array(&mut random, element);
        let bytes = items(&source, &array);
        for (_, format) in array_formats().filter(|(_, format)| format.is_text) {
            let what = format!("{} {array:?} seed {seed} round {round}", format.name);
            let text = match exported(format.name, &source, &array) {
                Ok(text) => String::from_utf8(text).expect("text"),
                Err(refusal) => {
                    assert!(refusal.contains("no ") && element != Element::F32, "{what}: {refusal}");
                    continue;
                }
            };
            match format.name {
                // Python reads these: the oracle's part.
                "memmap" => continue,
                "hex" | "base64" | "bytes" => {
                    let readings = paste_formats::fits(text.trim_end());
                    assert!(readings.iter().any(|reading| reading.bytes == bytes), "{what}\n{text}");
                    // Decimal numbers and words look like this too.
                    let is_word = |word: &str| {
                        let bare = word.trim_end_matches(|last: char| last.is_ascii_digit());
                        bare.bytes().all(|letter| letter.is_ascii_alphabetic())
                            || word
                                .bytes()
                                .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
                    };
                    let is_number = |word: &str| word.parse::<f64>().is_ok();
                    let hex = format.name == "hex" && !text.split_whitespace().all(is_number);
                    if text.split_whitespace().all(is_number)
                        || (!hex && text.split_whitespace().all(is_word))
                    {
                        continue;
                    }
                }
                _ => {}
            }
            let flat = matches!(format.name, "csv" | "tsv" | "markdown" | "array.array");
            let shape = match array.shape[..] {
                [_, _, .., last] if flat => vec![array.items() / last, last],
                _ => array.shape.clone(),
            };
            let shape = if format.name == "array.array" { vec![array.items()] } else { shape };
            let target = Array::new(array.item.clone(), 0, shape, MemoryOrder::C).expect("an array");
            let zeros = Arc::new(MemorySource::new(vec![0; bytes.len()]));
            let splices = block(&*zeros, &target, &text, &Progress::default());
            let splices = splices.unwrap_or_else(|error| panic!("{what}: {error}\n{text}"));
            let mut document = Document::new(zeros);
            if !splices.is_empty() {
                document.apply(Edit::each("Paste", splices)).expect("applied");
            }
            let pasted = items(&document.snapshot(), &target);
            let (own, other) =
                (without_payloads(&array.item, &bytes), without_payloads(&array.item, &pasted));
            assert_eq!(own, other, "{what}\n{text}");
        }
    }
}

/// Types of more than one number, and those that share bytes.
#[test]
fn texts_of_other_types_paste_back_too() {
    for (dtype, bytes) in [
        ("S3", &b"a|b\0\0\0x \"A=="[..]),
        ("<U2", &[65, 0, 0, 0, 0xe4, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0]),
        ("|V4", b"\x00\x01'\\abcd"),
        ("<M8[s]", &[1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80]),
        ("<c8", &[0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 128, 191]),
        ("bfloat16", &[0x80, 0x3f, 0, 0x40]),
        ("[('a', '<i2'), ('b', '<f4')]", &[1, 0, 0, 0, 128, 63, 2, 0, 0, 0, 0, 64]),
        ("int24", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x80]),
        (">u3", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x5c]),
        ("int128", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x22, 0, 1, 0, 0, 0, 0, 0, 0, 0xfe, 0xff]),
        ("uint128", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x22, 0, 1, 0, 0, 0, 0, 0, 0, 0xfe, 0xff]),
        ("guid", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x22, 0, 1, 0, 0, 0, 0, 0, 0, 0xfe, 0xff]),
        ("rgba", &[0xfa, 0xff, 0x7f, 0x0b, 0x27, 0x22, 0xfb, 1]),
        ("int4x2", &[0x21, 0xf8]),
        ("q8_0", &[0, 0x3c].into_iter().chain(0..32).collect::<Vec<u8>>()),
    ] {
        let item: ItemType = dtype.parse().expect(dtype);
        let groups = bytes.len() as u64 / item.group_bytes();
        let count = groups * u64::from(item.group_items());
        let array = Array::new(item.clone(), 0, vec![count], MemoryOrder::C).expect("an array");
        let source = MemorySource::new(bytes.to_vec());
        for (_, format) in array_formats().filter(|(_, format)| format.is_text && format.name != "memmap") {
            let Ok(text) = exported(format.name, &source, &array) else { continue };
            let text = String::from_utf8(text).expect("text");
            let what = format!("{dtype} as {}: {text}", format.name);
            let is_string = matches!(item, ItemType::Bytes(_) | ItemType::Text(..) | ItemType::Void(_));
            if is_string && matches!(format.name, "hex" | "base64" | "bytes") {
                // Any word is a value of these.
                continue;
            }
            // What a scale is can't be typed: it stays.
            let mut old = vec![0; bytes.len()];
            if dtype == "q8_0" {
                old[..2].copy_from_slice(&bytes[..2]);
            }
            let old = Arc::new(MemorySource::new(old));
            let splices = block(&*old, &array, &text, &Progress::default());
            let splices = splices.unwrap_or_else(|error| panic!("{what}: {error}"));
            let mut document = Document::new(old);
            document.apply(Edit::each("Paste", splices)).expect("applied");
            let mut pasted = vec![0; bytes.len()];
            document.snapshot().read_at(0, &mut pasted).expect("read");
            assert_eq!(pasted, bytes, "{what}");
        }
    }
}

/// The bytes after `splices`.
fn after(bytes: &[u8], splices: Vec<pagelens::document::Splice>) -> Vec<u8> {
    let mut document = Document::new(Arc::new(MemorySource::new(bytes.to_vec())));
    if !splices.is_empty() {
        document.apply(Edit::each("Paste", splices)).expect("applied");
    }
    let mut after = vec![0; bytes.len()];
    document.snapshot().read_at(0, &mut after).expect("read");
    after
}

/// Bytes that no value is written as stay what they are, however the items lie.
#[test]
fn bytes_are_pasted_as_they_are() {
    let many: Vec<u8> = (0..20_002_u32).map(|byte| (byte % 251) as u8).collect();
    for (dtype, shape, bytes) in [
        ("|b1", vec![4], &[2, 0, 1, 0x80][..]),
        ("pascal4", vec![2], &[1, b'a', 0xff, 0xfe, 9, 0, 0, 1]),
        ("<f4", vec![2], &[1, 0, 0xa0, 0x7f, 0, 0, 0, 0]),
        ("<f16", vec![1], &[0xee; 16]),
        (
            "{'names': ['a'], 'formats': ['|u1'], 'offsets': [1], 'itemsize': 3}",
            vec![2],
            &[7, 8, 9, 10, 11, 12],
        ),
        ("[('a', '|u1', (10001,))]", vec![2], &many),
        ("<i2", vec![2, 2], &[1, 2, 3, 4, 5, 6, 7, 8]),
    ] {
        for order in [MemoryOrder::C, MemoryOrder::F] {
            let item: ItemType = dtype.parse().expect(dtype);
            let array = Array::new(item, 1, shape.clone(), order).expect("an array");
            let old = vec![0; bytes.len() + 2];
            let source = MemorySource::new(old.clone());
            let splices = bytes_block(&source, &array, bytes, &Progress::default());
            let splices = splices.unwrap_or_else(|error| panic!("{dtype}: {error}"));
            let pasted = after(&old, splices);
            assert_eq!([pasted[0], pasted[pasted.len() - 1]], [0, 0], "{dtype} {order:?}");
            assert!(items(&MemorySource::new(pasted), &array) == bytes, "{dtype} {order:?}");
        }
    }
    // Also where a text says so, and never more than there is room for.
    let array = Array::new(scalar(Element::Bool), 0, vec![3], MemoryOrder::C).expect("an array");
    let source = MemorySource::new(vec![0; 3]);
    for text in ["b'\\x02\\x80'", "np.frombuffer(b'\\x02\\x80', dtype=bool).reshape((2,))"] {
        let splices = block(&source, &array, text, &Progress::default()).expect(text);
        assert_eq!(after(&[0; 3], splices), [2, 0x80, 0], "{text}");
    }
    assert!(bytes_block(&source, &array, &[1; 4], &Progress::default()).is_err());
    assert!(bytes_block(&source, &array, &[], &Progress::default()).is_err());
}

/// Pasted where there is no array: what says its type is read as its own bytes or asked about, and a list that says none
/// may be bytes.
#[test]
fn copied_arrays_are_read_as_no_other_bytes() {
    let mut certain = 0;
    for dtype in [
        "|u1",
        "|i1",
        "<i2",
        ">i2",
        "<u4",
        "<i8",
        "<f2",
        "<f4",
        ">f8",
        "bfloat16",
        "|b1",
        "<c8",
        "int24",
        "uint128",
        "float8_e4m3fn",
        "<M8[s]",
        "S2",
        "<U1",
        "|V3",
        "guid",
        "[('a', '<i2')]",
        "[('a', '|u1'), ('b', '|u1')]",
    ] {
        let item: ItemType = dtype.parse().expect(dtype);
        let size = item.group_bytes() as usize;
        let array = Array::new(item.clone(), 0, vec![3], MemoryOrder::C).expect("an array");
        let mut bytes = vec![0; 3 * size];
        for (number, group) in bytes.chunks_exact_mut(size).enumerate() {
            match item.encode(&(number + 1).to_string(), &vec![0; size], 0) {
                Ok(new) => group.copy_from_slice(&new),
                Err(_) => group.fill(number as u8 + 1),
            }
        }
        let source = MemorySource::new(bytes.clone());
        for (_, format) in array_formats().filter(|(_, format)| format.is_text) {
            let Ok(text) = exported(format.name, &source, &array) else { continue };
            let text = String::from_utf8(text).expect("text");
            let found = paste_formats::fits(&text);
            let Some(sure) = paste_formats::certain(&found) else { continue };
            certain += 1;
            let says_no_type = matches!(format.name, "print" | "csv" | "tsv" | "list" | "json" | "markdown");
            assert!(
                sure.bytes == bytes
                    || (says_no_type && [&[1, 2, 3][..], b"123"].contains(&sure.bytes.as_slice())),
                "{dtype} as {}: {text} is read as {:?}",
                format.name,
                sure.bytes
            );
        }
    }
    assert!(certain > 20, "only {certain} texts are read without a question");
}

/// A heading is no Base64, though it has four letters.
#[test]
fn a_word_is_no_value_of_a_number() {
    let array = Array::new(scalar(Element::U8), 0, vec![64], MemoryOrder::C).expect("an array");
    let source = MemorySource::new(vec![0; 64]);
    let paste = |text: &str| block(&source, &array, text, &Progress::default());
    for text in ["Time", "Name", "Pressure", "Sensor12", "TIME", "True Name"] {
        assert!(paste(text).is_err(), "{text}");
    }
    for (text, bytes) in [("AQI=", &[1, 2][..]), ("AQ+D", &[1, 15, 131]), ("A1B2", &[3, 80, 118])] {
        assert_eq!(after(&[0; 64], paste(text).expect(text))[..bytes.len()], *bytes, "{text}");
    }
}

#[test]
fn an_expression_that_holds_no_values_is_refused() {
    let source = MemorySource::new(vec![0; 8]);
    let array = Array::new(scalar(Element::F32), 0, vec![2], MemoryOrder::C).expect("an array");
    let text = exported("memmap", &source, &array).expect("an expression");
    let text = String::from_utf8(text).expect("text");
    let error = block(&source, &array, &text, &Progress::default()).expect_err("no values");
    assert!(error.to_string().contains("has no values"), "{error}");
    let text = "{\"dtype\": \"<f4\", \"values\": [1.5, 2.5], \"shape\": [2]}";
    assert!(block(&source, &array, text, &Progress::default()).is_ok_and(|splices| !splices.is_empty()));
}

#[test]
fn files_are_read_back_by_their_formats() {
    let seed = 0xf11e;
    let mut random = fastrand::Rng::with_seed(seed);
    let formats: [(&str, &dyn Format); 2] = [("npy", &Npy), ("safetensors", &Safetensors)];
    for round in 0..400 {
        let element = ELEMENTS[round % ELEMENTS.len()];
        let (source, array) = random_array(&mut random, element);
        let part = array.slice(&"[::-1]".parse().expect("a slice")).expect("a part").array;
        for array in [array, part] {
            let bytes = items(&source, &array);
            assert_eq!(exported("raw", &source, &array), Ok(bytes.clone()), "{array:?} seed {seed}");
            for (name, format) in formats {
                let file = exported(name, &source, &array).expect("written");
                let file = MemorySource::new(file);
                let path = Path::new("w.file");
                let container = format.read(&file, path, &Progress::default()).expect("a container");
                assert!(container.findings.is_empty(), "{:?}", container.findings);
                let entry = &container.entries[0];
                let pagelens::formats::Home::Here(offset) = entry.home else { panic!("{entry:?}") };
                let read = Array::new(entry.item.clone(), offset, entry.shape.to_vec(), entry.order);
                let read = read.expect("an array");
                assert_eq!(read.shape, array.shape, "{array:?} seed {seed}");
                let own = without_payloads(&array.item, &bytes);
                assert_eq!(
                    without_payloads(&read.item, &items(&file, &read)),
                    own,
                    "{name} {array:?} seed {seed}"
                );
            }
        }
    }
}

/// Counts the bytes that are read.
#[derive(Debug)]
struct Counted(MemorySource, AtomicU64);

impl Source for Counted {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        self.1.fetch_add(buf.len() as u64, Ordering::Relaxed);
        self.0.read_at(offset, buf)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        self.0.peek(offset, buf, states);
    }
}

#[test]
fn only_what_is_asked_for_is_read_and_a_page_but_once_a_block() {
    let item = ItemType::Void(64);
    let (rows, columns) = (1000, 600);
    let mut random = fastrand::Rng::with_seed(1);
    let bytes: Vec<u8> = (0..rows * columns * 64).map(|_| random.u8(..)).collect();
    let source = Counted(MemorySource::new(bytes), AtomicU64::new(0));
    let array = Array::new(item, 0, vec![rows, columns], MemoryOrder::F).expect("an array");
    let read_of = |text: &str| {
        let part = array.slice(&text.parse().expect("a slice")).expect("a part").array;
        source.1.store(0, Ordering::Relaxed);
        let raw = exported("raw", &source, &part).expect("written");
        let read = source.1.load(Ordering::Relaxed);
        assert!(raw == items(&source.0, &part), "{text}");
        read
    };
    let all = rows * columns * 64;
    // In two tiles, of each column a part.
    assert_eq!(read_of("[:]"), all);
    assert_eq!(read_of("[7]"), columns * 64);
    assert_eq!(read_of("[:, 7]"), rows * 64);
    assert_eq!(read_of("[-1, -1]"), 64);
    // Close together: the values between are read along, in a few large reads.
    assert!(read_of("[::10, 5]") <= rows * 64);
    assert_eq!(read_of("[::-1, ::-1]"), all);
}

#[test]
fn values_that_share_bytes_become_values_of_their_own() {
    let bits = ItemType::Packed(Packed { element: Element::U8, bits: 1, low_first: true });
    let source = MemorySource::new([0b1010_0110_u8, 0xff]);
    let array = Array::new(bits, 0, vec![2, 5], MemoryOrder::C).expect("an array");
    let file = MemorySource::new(exported("npy", &source, &array).expect("written"));
    assert_eq!(file.len(), 128 + 10);
    let mut values = [0; 10];
    file.read_at(128, &mut values).expect("read");
    assert_eq!(values, [0, 1, 1, 0, 0, 1, 0, 1, 1, 1]);
    assert!(exported("raw", &source, &array).is_err_and(|refusal| refusal.contains("share")));
    let whole = Array { shape: vec![16], strides: vec![1], ..array };
    assert_eq!(exported("raw", &source, &whole), Ok(vec![0b1010_0110, 0xff]));
    let bits = whole.item.clone();
    let turned = Array::new(bits, 0, vec![4, 4], MemoryOrder::F).expect("an array");
    for name in ["raw", "hex", "base64"] {
        let refusal = exported(name, &source, &turned).expect_err("bits in Fortran order");
        assert!(refusal.contains("share"), "{name}: {refusal}");
    }
    let quant = Array::new(ItemType::Quant(Quant::Q8_0), 0, vec![32], MemoryOrder::C).expect("an array");
    let mut block = 0.5_f32.to_bits().to_le_bytes().to_vec();
    block[..2].copy_from_slice(&[0x00, 0x38]);
    block.truncate(2);
    block.extend((0..32).map(|value| value as u8));
    let text = exported("list", &MemorySource::new(block), &quant).expect("written");
    assert!(String::from_utf8_lossy(&text).starts_with("[0.0, 0.5, 1.0, 1.5, "));
}

#[test]
fn large_results_lie_in_one_source_that_can_be_exchanged() {
    let items = 1 << 19;
    let source = Arc::new(MemorySource::new(vec![0; items * 4]));
    let array = Array::new(scalar(Element::F32), 0, vec![items as u64], MemoryOrder::C).expect("an array");
    let operation = "x + 1".parse().expect("an operation");
    let made = pagelens::compute::apply(&*source, &array, &operation, &Progress::default()).expect("made");
    let mut exchanged = 0;
    let splices = with_sources(made.splices, |source| {
        exchanged += 1;
        source
    });
    assert_eq!((exchanged, splices.len()), (1, 1));
    assert!(
        matches!(&splices[0].content, Content::Source(_, span) if *span == Span::first(items as u64 * 4))
    );
}
