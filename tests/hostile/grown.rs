//! The same trouble twice and eight times as large: memory stays within its bound where a mebibyte is little, and
//! work grows as the input does.

use super::bounds::{alone, hold};

/// A header of so many parts.
type Maker = fn(usize) -> Vec<u8>;

const CASES: [(&str, Maker); 13] = [
    ("many.safetensors", |n| json(&[r#"{"#, r#""":{"dtype":"","shape":[],"data_offsets":[0,0]},"#, "}"], n)),
    ("tensors.safetensors", |n| {
        json(&[r#"{"#, r#""ab":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"#, "}"], n)
    }),
    ("hollow.safetensors", |n| json(&[r#"{"#, r#""":{},"#, "}"], 4 * n)),
    ("values.safetensors", |n| json(&[r#"{"__metadata__":{"#, r#""":"","#, "}}"], 8 * n)),
    ("bad.safetensors", |n| json(&["{", r#""":{"shape":[-1],"data_offsets":[[],[]]},"#, "}"], n)),
    ("bytes.safetensors", |n| json(&["{\"", "\u{e9}\\u0000", "\":1}"], 4 * n)),
    ("names.safetensors.index.json", |n| index(r#""":"a","#, n)),
    ("numbers.safetensors.index.json", |n| index(r#""":0,"#, n)),
    ("tensors.gguf", |n| gguf(n, 0, &[&[0; 12][..], &[77], &[0; 11]].concat())),
    ("values.gguf", |n| gguf(0, n, &[0; 13])),
    ("lists.gguf", |n| {
        gguf(0, n, &[&[0; 8][..], &[9, 0, 0, 0], &[7, 0, 0, 0], &[8], &[0; 7], &[1; 8]].concat())
    }),
    ("shape.npy", |n| npy(&"1, ".repeat(n))),
    ("same.npz", npz),
];

/// The parts of a text: what comes before, again and again, and after. The last comma is left out.
fn json(parts: &[&str; 3], n: usize) -> Vec<u8> {
    let middle = parts[1].repeat(n);
    let text = format!("{}{}{}", parts[0], middle.trim_end_matches(','), parts[2]);
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.bytes());
    bytes
}

fn index(part: &str, n: usize) -> Vec<u8> {
    json(&[r#"{"weight_map":{"#, part, "}}"], 4 * n).split_off(8)
}

fn gguf(tensors: usize, values: usize, part: &[u8]) -> Vec<u8> {
    let mut bytes = b"GGUF\x03\0\0\0".to_vec();
    bytes.extend([tensors as u64, values as u64].map(u64::to_le_bytes).concat());
    bytes.extend(part.repeat(tensors + values));
    bytes
}

fn npy(sides: &str) -> Vec<u8> {
    let text = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({sides}), }}\n");
    let mut bytes = b"\x93NUMPY\x02\0".to_vec();
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.bytes());
    bytes
}

/// A directory whose members all are the first one.
fn npz(n: usize) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend([0; 26]);
    let at = bytes.len() as u32;
    let mut member = b"PK\x01\x02".to_vec();
    member.extend([0; 42]);
    bytes.extend(member.repeat(n));
    let size = bytes.len() as u32 - at;
    bytes.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0");
    bytes.extend([size, at].map(u32::to_le_bytes).concat());
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn memory_and_work_grow_no_faster_than_the_input() {
    let _alone = alone();
    for (name, make) in CASES {
        let (small, large) = (make(12_000), make(96_000));
        let growth = large.len() as f64 / small.len() as f64;
        let (small, cost) = (hold(&small, name), hold(&large, name));
        let worked = cost.work as f64 / small.work.max(1) as f64;
        assert!(worked <= growth * 1.1, "{name}: {growth:.2} times the input, {worked:.2} times the work");
    }
}

#[test]
fn a_read_costs_a_few_steps_a_byte() {
    let _alone = alone();
    for (name, make) in CASES {
        let bytes = make(50_000);
        let cost = hold(&bytes, name);
        let most = 6 * bytes.len() as u64 + (1 << 18);
        assert!(cost.work <= most, "{name}: {} steps for {} bytes", cost.work, bytes.len());
    }
}
