//! Random bits of every type: their text read by NumPy, ml_dtypes and Python, and typed back here, is the same bits.
//!
//! Types of one and two bytes are gone through whole. Of the others `PAGELENS_VALUES` random values are taken, 1,000,000
//! of them by `scripts/values`.

use super::rig::ask;
use pagelens::decode::dtype::ItemType;
use pagelens::decode::{DType, Element, NumberStyle, Order};
use std::io::Write;

/// Bytes that the script is asked about at once.
const AT_ONCE: usize = 32 << 20;

fn values() -> usize {
    std::env::var("PAGELENS_VALUES").ok().and_then(|text| text.parse().ok()).unwrap_or(50_000)
}

/// Shows every value of `raw`, types it back, and appends a section for the script.
fn section(item: &ItemType, raw: &[u8], out: &mut Vec<u8>) {
    let size = usize::try_from(item.group_bytes()).expect("small");
    let (mut text, mut one) = (String::new(), String::new());
    let width = item.width(&NumberStyle::Shortest);
    for value in raw.chunks_exact(size) {
        one.clear();
        item.format(value, 0, &NumberStyle::Shortest, &mut one);
        assert_eq!(item.encode(&one, value, 0).as_deref(), Ok(value), "{item} {one}");
        assert!(one.chars().count() <= width, "{item} {one} is wider than {width}");
        assert!(!one.contains('\n'), "{item} {one}");
        text.push_str(&one);
        text.push('\n');
    }
    writeln!(out, "{item} {} {} {}", raw.len() / size, raw.len(), text.len()).expect("memory");
    out.extend_from_slice(raw);
    out.extend_from_slice(text.as_bytes());
}

fn random_bytes(random: &mut fastrand::Rng, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    random.fill(&mut bytes);
    bytes
}

/// Exponents of random bits are nearly all extreme; every other value gets one near that of 1.
fn near_one(dtype: DType, value: &mut [u8], random: &mut fastrand::Rng) {
    let size = match dtype.element {
        Element::F64 | Element::Complex128 => 8,
        Element::LongDouble | Element::Complex256 => 16,
        _ => return,
    };
    for part in value.chunks_exact_mut(size) {
        let near = if size == 8 { 0x3ff0 } else { 0x3fff };
        let step = if size == 8 { 16 } else { 1 };
        let top: u16 = near + step * random.u16(0..120) - 60 * step;
        let (at, bytes) = match (dtype.order, size) {
            (Order::Little, 8) => (6, top.to_le_bytes()),
            (Order::Little, _) => (8, top.to_le_bytes()),
            (Order::Big, 8) => (0, top.to_be_bytes()),
            (Order::Big, _) => (6, top.to_be_bytes()),
        };
        if size == 16 {
            // The first bit of the significand is written out.
            part[if dtype.order == Order::Little { 7 } else { 8 }] |= 0x80;
        }
        part[at..at + 2].copy_from_slice(&bytes);
    }
}

fn scalar(dtype: DType, random: &mut fastrand::Rng) -> Vec<u8> {
    let size = dtype.size();
    if size <= 2 {
        return (0..1u32 << (8 * size)).flat_map(|bits| bits.to_le_bytes()[..size].to_vec()).collect();
    }
    let mut raw = random_bytes(random, size * values() / 2);
    raw.truncate(raw.len() / size * size);
    for (at, value) in raw.chunks_exact_mut(size).enumerate() {
        if at % 2 == 0 {
            near_one(dtype, value, random);
        }
        // The padding of a long double is nothing that a text could tell.
        if matches!(dtype.element, Element::LongDouble | Element::Complex256) {
            let padding = if dtype.order == Order::Little { 10..16 } else { 0..6 };
            value.chunks_exact_mut(16).for_each(|part| part[padding.clone()].fill(0));
        }
    }
    raw
}

fn check(sections: &[u8]) {
    let Some(complaints) = ask("values.py", &[], sections) else { return };
    assert_eq!(String::from_utf8_lossy(&complaints), "");
}

#[test]
fn numbers_mean_the_same_bits_to_numpy() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut sections = Vec::new();
    for element in Element::ALL {
        let of_peers = element.is_float() || element.is_integer() || element.is_complex();
        for order in Order::ALL {
            let dtype = DType::new(*element, order);
            if of_peers && (element.size() > 1 || order == Order::Little) {
                section(&dtype.into(), &scalar(dtype, &mut random), &mut sections);
            }
        }
        if sections.len() > AT_ONCE {
            check(&sections);
            sections.clear();
        }
    }
    check(&sections);
}

#[test]
fn strings_and_times_mean_the_same_to_numpy() {
    let mut random = fastrand::Rng::with_seed(6);
    let mut sections = Vec::new();
    for text in ["|S1", "|S7", "|V5", "<U3", ">U3"] {
        let item: ItemType = text.parse().expect("a type");
        let size = item.group_bytes() as usize;
        let mut raw = random_bytes(&mut random, size * 20_000);
        let mut letters = "aé€😀'\"\\\n\0\u{301}\u{ad}".chars().cycle();
        for value in raw.chunks_exact_mut(if text.contains('U') { 4 } else { size }) {
            if text.contains('U') {
                letters.nth(random.usize(..11));
                let code = u32::from(letters.next().expect("endless"));
                value.copy_from_slice(&if text.starts_with('>') {
                    code.to_be_bytes()
                } else {
                    code.to_le_bytes()
                });
            } else if random.bool() {
                value[size / 2..].fill(0);
            }
        }
        section(&item, &raw, &mut sections);
    }
    for unit in ["Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as", "25s", "7D", "3M"] {
        for kind in ["<M8", ">M8", "<m8"] {
            let item: ItemType = format!("{kind}[{unit}]").parse().expect("a type");
            let mut raw = Vec::new();
            for at in 0..4000 {
                // NumPy's own arithmetic overflows beyond these.
                let bits = if unit.starts_with(|c: char| c.is_ascii_digit()) { 56 } else { 59 - at % 50 };
                let value = random.i64(..) >> (63 - bits);
                let value = if at == 0 { i64::MIN } else { value };
                raw.extend(if kind.starts_with('>') { value.to_be_bytes() } else { value.to_le_bytes() });
            }
            section(&item, &raw, &mut sections);
        }
    }
    check(&sections);
}

#[test]
fn what_no_peer_knows_reads_back_to_the_same_bits() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut nowhere = Vec::new();
    for element in Element::ALL {
        for order in Order::ALL {
            let dtype = DType::new(*element, order);
            section(&dtype.into(), &scalar(dtype, &mut random), &mut nowhere);
        }
        nowhere.clear();
    }
}
