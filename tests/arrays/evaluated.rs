//! Exports in every form, evaluated by Python: the same dtype, shape and bits come back.
//!
//! 2,000 random exports here; `PAGELENS_EXPORTS` sets another count.

use crate::oracle::rig::ask;
use pagelens::bytes::{MemorySource, Source};
use pagelens::decode::array::{Array, MemoryOrder, tuple};
use pagelens::decode::dtype::ItemType;
use pagelens::decode::{Element, Order, hex};
use pagelens::export::array_formats;
use pagelens::export::arrays::{Export, ExportError, own_bytes};
use pagelens::job::Progress;
use std::fmt::Write;
use std::path::Path;

const COUNT: usize = 2000;

const OTHERS: &[&str] = &[
    "S3", "S1", "<U2", ">U3", "|V5", "<M8[s]", ">M8[D]", "<M8[ns]", "<M8[25s]", "<M8[Y]", "<M8", "<m8[s]",
    ">m8[25m]", "<m8", "bits", "int4x2", "uint4x2", "f6e3m2x4", "q8_0", "q4_0", "pascal4",
];

fn scalar_name(random: &mut fastrand::Rng) -> String {
    let element = Element::ALL[random.usize(..Element::ALL.len())];
    let order = if random.bool() { Order::Little } else { Order::Big };
    pagelens::decode::DType::new(element, order).name()
}

/// A type, and one time in four a record of some.
fn dtype_name(random: &mut fastrand::Rng, depth: usize) -> String {
    match random.u8(..8) {
        0..=3 => scalar_name(random),
        4..=5 => (*random.choice(if depth == 0 { OTHERS } else { &OTHERS[..14] }).expect("one")).to_owned(),
        _ if depth == 2 => scalar_name(random),
        _ => {
            let fields: Vec<String> = (0..random.usize(1..4))
                .map(|number| {
                    let inner = dtype_name(random, depth + 1);
                    let inner = if inner.starts_with(['[', '(']) { inner } else { format!("'{inner}'") };
                    let shape = if random.u8(..4) == 0 { ", (2,)" } else { "" };
                    format!("('f {number}', {inner}{shape})")
                })
                .collect();
            format!("[{}]", fields.join(", "))
        }
    }
}

/// Bytes, some of which are special values: zeros, NaNs, infinities, negative zeros, letters.
fn bytes(random: &mut fastrand::Rng, count: usize) -> Vec<u8> {
    let kind = random.u8(..6);
    (0..count)
        .map(|_| match kind {
            0 => random.u8(..),
            1 => *random.choice(&[0, 0x80, 0x7f, 0xff, 0xf0, 0x3f]).expect("one"),
            2 => *random.choice(b"aB ,;\"'\\\n\t()[]|0-9").expect("one"),
            3 => *random.choice(&[0, 0, 0, 1, 2, 0x80]).expect("one"),
            4 => random.u8(0x20..0x7f),
            _ => {
                if random.bool() {
                    0
                } else {
                    random.u8(..)
                }
            }
        })
        .collect()
}

fn random_array(random: &mut fastrand::Rng) -> (Vec<u8>, Array) {
    let item: ItemType = loop {
        let name = dtype_name(random, 0);
        if let Ok(item) = name.parse() {
            break item;
        }
    };
    let length = |random: &mut fastrand::Rng| {
        if random.u8(..8) == 0 { random.u64(..3) } else { random.u64(1..4) }
    };
    let shape: Vec<u64> = (0..random.usize(..4)).map(|_| length(random)).collect();
    let order = if random.u8(..3) == 0 { MemoryOrder::F } else { MemoryOrder::C };
    let array = Array::new(item, 5, shape, order).expect("an array");
    let groups = array.items().div_ceil(u64::from(array.item.group_items())) + 1;
    let mut bytes = bytes(random, 5 + (groups * array.item.group_bytes()) as usize);
    if let ItemType::Text(_, order) = &array.item {
        // Code points: letters, the largest, and few that are none.
        for chunk in bytes[5..].chunks_exact_mut(4) {
            let code = match random.u8(..20) {
                0 => 0x10ffff,
                1 => 0xd800,
                2 => 0x20ac,
                _ => u32::from(chunk[0]),
            };
            chunk.copy_from_slice(&if *order == Order::Little {
                code.to_le_bytes()
            } else {
                code.to_be_bytes()
            });
        }
    }
    (bytes, array)
}

fn export(name: &str, source: &dyn Source, array: &Array, path: &Path) -> Result<Vec<u8>, ExportError> {
    let (_, format) = array_formats().find(|(_, format)| format.name == name).expect("a format");
    let mut out = Vec::new();
    let export = Export { source, array, path: Some(path), name: "w", progress: &Progress::default() };
    format.of_array.expect("a form of arrays")(&export, &mut out).map(|()| out)
}

/// The bytes of the items in C order, each with bytes of its own.
fn wanted(form: &str, source: &dyn Source, array: &Array, path: &Path) -> Vec<u8> {
    if array.item.shares_bytes() && matches!(form, "raw" | "hex" | "base64") {
        // Whole groups as they lie.
        let groups = array.items().div_ceil(u64::from(array.item.group_items()));
        let mut bytes = vec![0; (groups * array.item.group_bytes()) as usize];
        source.read_at(5, &mut bytes).expect("read");
        return bytes;
    }
    if array.item.shares_bytes() {
        let file = export("npy", source, array, path).expect("a file");
        let header = 10 + usize::from(u16::from_le_bytes([file[8], file[9]]));
        return file[header..].to_vec();
    }
    let mut all = Vec::new();
    for number in 0..array.items() {
        let span = array.place(&array.index_at(number)).span;
        let mut bytes = vec![0; span.len() as usize];
        source.read_at(span.start(), &mut bytes).expect("read");
        all.extend(bytes);
    }
    all
}

#[test]
fn exports_in_every_form_make_the_same_array_in_python() {
    let count = std::env::var("PAGELENS_EXPORTS").map_or(COUNT, |count| count.parse().expect("a count"));
    let folder = tempfile::tempdir().expect("a folder");
    let seed = 0xe7a1;
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut questions, mut asked, mut refused) = (String::new(), 0, 0);
    for number in 0..count {
        let (bytes, array) = random_array(&mut random);
        let (_, format) = array_formats().nth(number % array_formats().count()).expect("a format");
        let format = format.name;
        let path = folder.path().join(format!("{number}.bin"));
        if format == "memmap" {
            std::fs::write(&path, &bytes).expect("a file");
        }
        let source = MemorySource::new(bytes);
        let out = match export(format, &source, &array, &path) {
            Ok(out) => out,
            Err(ExportError::Refused(_)) => {
                refused += 1;
                continue;
            }
            Err(error) => panic!("{format} of {array:?}: {error}"),
        };
        let item = own_bytes(&array.item);
        let kind = match &array.item {
            ItemType::Scalar(dtype) => dtype.element.name(),
            _ => "",
        };
        let fields: [&str; 7] = [
            format,
            &item.python(),
            &tuple(&array.shape),
            &hex::format(&wanted(format, &source, &array, &path), false, ""),
            &hex::format(&out, false, ""),
            kind,
            &format!("{} seed {seed} number {number}", array.item).replace('\t', " "),
        ];
        let _ = writeln!(questions, "{}", fields.join("\t"));
        asked += 1;
    }
    assert!(asked > count / 2, "{asked} of {count} were evaluated, {refused} refused");
    let Some(complaints) = ask("exports.py", &[], questions.as_bytes()) else { return };
    let complaints = String::from_utf8_lossy(&complaints);
    let told = complaints.strip_prefix(&format!("{asked} evaluated, "));
    let left_out = told.and_then(|rest| rest.trim_end().strip_suffix(" of them not compared"));
    let left_out: usize =
        left_out.and_then(|count| count.parse().ok()).unwrap_or_else(|| panic!("{complaints}"));
    println!("{asked} exports, {left_out} of them not compared, {refused} refused");
    assert!(left_out * 6 < asked, "{left_out} of {asked} were not compared");
}
