//! `.npz`: where members are found, what is not read of them, and what deflated ones may cost.

use super::rig::{entry, findings, inflated, read, reason};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use pagelens::bytes::{MemorySource, Span};
use pagelens::formats::npz::Npz;
use pagelens::formats::{Format, Home, damaged_before};
use pagelens::job::Progress;
use std::io::Write;

/// A member that is to be archived.
struct Member<'a> {
    name: &'a str,
    data: &'a [u8],
    method: u16,
    flags: u16,
    /// The size that the directory says it has when inflated.
    len: u32,
    /// The checksum that the directory says what it holds has.
    crc: u32,
    /// Whether sizes and places stand in the 64-bit field.
    wide: bool,
}

fn member<'a>(name: &'a str, data: &'a [u8]) -> Member<'a> {
    Member { name, data, method: 0, flags: 0, len: data.len() as u32, crc: 0, wide: false }
}

fn deflated<'a>(name: &'a str, data: &'a [u8], len: usize) -> Member<'a> {
    Member { method: 8, len: len as u32, ..member(name, data) }
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).expect("deflated");
    encoder.finish().expect("deflated")
}

fn archive(members: &[Member<'_>]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let at = bytes.len() as u32;
        let packed = member.data.len() as u32;
        let mut fields = Vec::new();
        fields.extend([member.flags, member.method, 0, 0].map(u16::to_le_bytes).concat());
        fields.extend(member.crc.to_le_bytes());
        let sizes = if member.wide { [u32::MAX; 2] } else { [packed, member.len] };
        fields.extend(sizes.map(u32::to_le_bytes).concat());
        fields.extend((member.name.len() as u16).to_le_bytes());
        let mut extra = Vec::new();
        if member.wide {
            extra.extend([1_u16, 24].map(u16::to_le_bytes).concat());
            extra.extend([member.len, packed, at].map(|value| u64::from(value).to_le_bytes()).concat());
        }
        bytes.extend(b"PK\x03\x04\x14\0");
        bytes.extend(&fields);
        // The local header's extra field is longer than the directory's.
        bytes.extend(8_u16.to_le_bytes());
        bytes.extend(member.name.bytes());
        bytes.extend(b"\xaa\xaa\x04\0abcd");
        bytes.extend(member.data);
        directory.extend(b"PK\x01\x02\x14\0\x14\0");
        directory.extend(&fields);
        directory.extend((extra.len() as u16).to_le_bytes());
        directory.extend([0; 10]);
        directory.extend(if member.wide { u32::MAX } else { at }.to_le_bytes());
        directory.extend(member.name.bytes());
        directory.extend(extra);
    }
    let (at, size) = (bytes.len() as u32, directory.len() as u32);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0");
    bytes.extend([size, at].map(u32::to_le_bytes).concat());
    bytes.extend([2, 0, b'h', b'i']);
    bytes
}

/// A `.npy` file of so many bytes `7`.
fn npy(items: usize) -> Vec<u8> {
    let mut text = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({items},), }}").into_bytes();
    text.resize(117, b' ');
    text.push(b'\n');
    let mut bytes = b"\x93NUMPY\x01\0\x76\0".to_vec();
    bytes.extend(text);
    bytes.resize(bytes.len() + items, 7);
    bytes
}

#[test]
fn stored_members_are_in_place_whatever_stands_before_them() {
    let (a, text) = (npy(5), b"plain text");
    let members =
        [member("a.npy", &a), Member { wide: true, ..member("deep/b.npy", &a) }, member("read.me", text)];
    let plain = archive(&members);
    let mut shifted = b"#!/usr/bin/env python\n".to_vec();
    shifted.extend(&plain);
    for bytes in [plain, shifted] {
        let container = read(&bytes, "x.npz").expect("read");
        assert_eq!(findings(&container), "");
        for (name, content) in [("a", &[7; 5][..]), ("deep/b", &[7; 5]), ("read.me", text)] {
            let entry = entry(&container, name);
            let Home::Here(at) = entry.home else { panic!("{name} is at {:?}", entry.home) };
            assert_eq!(&bytes[at as usize..][..content.len()], content, "{name}");
            assert_eq!(*entry.shape, [content.len() as u64]);
        }
    }
}

#[test]
fn deflated_members_inflate_within_their_limits() {
    let content = npy(100_000);
    let packed = deflate(&content);
    let bytes =
        archive(&[deflated("a.npy", &packed, content.len()), deflated("b.npy", &packed, content.len() - 9)]);
    let container = read(&bytes, "x.npz").expect("read");
    let home = &entry(&container, "a").home;
    assert!(matches!(home, Home::Deflated { offset: 128, .. }), "{home:?}");
    assert_eq!(inflated(&bytes, home), content);
    let source = MemorySource::new(&*bytes);
    let error = Npz.open_entry(&source, home, None, 1000, &Progress::default()).expect_err("too long");
    assert!(error.text.contains("the limit is 1000"), "{error}");
    let Home::Deflated { span, offset, crc, .. } = home.clone() else { panic!("{home:?}") };
    for len in [content.len() as u64 - 1, content.len() as u64 + 1] {
        let lie = Home::Deflated { span, len, offset, crc };
        assert!(Npz.open_entry(&source, &lie, None, u64::MAX, &Progress::default()).is_err(), "{len}");
    }
    let stopped = Progress::default();
    stopped.cancel();
    assert!(Npz.open_entry(&source, home, None, u64::MAX, &stopped).is_err());
    let mut broken = bytes.clone();
    broken[span.start() as usize + 2..][..40].fill(0xff);
    let broken = MemorySource::new(broken);
    assert!(Npz.open_entry(&broken, home, None, u64::MAX, &Progress::default()).is_err());
    assert!(Npz.open_entry(&source, &Home::Here(0), None, u64::MAX, &Progress::default()).is_err());
    assert_eq!(reason(entry(&container, "b")), "beyond the file's end");
}

#[test]
fn a_checksum_tells_of_damage_as_soon_as_all_is_decompressed() {
    let content = npy(1000);
    let packed = deflate(&content);
    let good = Member { crc: crc32fast::hash(&content), ..deflated("a.npy", &packed, content.len()) };
    let bad = Member { crc: !good.crc, ..deflated("b.npy", &packed, content.len()) };
    let crc = good.crc;
    let bytes = archive(&[good, bad]);
    let container = read(&bytes, "x.npz").expect("read");
    let source = MemorySource::new(&*bytes);
    let damage = |name: &str, part: Option<Span>| {
        let home = &entry(&container, name).home;
        let opened = Npz.open_entry(&source, home, part, u64::MAX, &Progress::default()).expect("opened");
        let span = part.unwrap_or(Span::first(content.len() as u64));
        let mut found = vec![0; span.len() as usize];
        opened.source.read_at(0, &mut found).expect("read");
        assert_eq!(found, content[span.start() as usize..span.end() as usize], "{name}");
        opened.damage
    };
    let len = content.len() as u64;
    for part in [None, Some(Span::between(130, len)), Some(Span::between(130, len - 1))] {
        assert_eq!(damage("a", part), None);
    }
    let wanted = format!("({crc:08x} instead of {:08x})", !crc);
    for part in [None, Some(Span::between(130, len))] {
        assert!(damage("b", part).is_some_and(|text| text.contains(&wanted)), "{part:?}");
    }
    assert_eq!(damage("b", Some(Span::between(0, len - 1))), None, "the last byte is not known");
}

#[test]
fn what_is_not_read_says_why() {
    let content = npy(5);
    let packed = deflate(&content);
    let members = [
        Member { flags: 1, ..member("locked.npy", &content) },
        Member { method: 14, ..member("lzma.npy", &content) },
        deflated("bomb.npy", &packed, 1 << 30),
        Member { len: 9, ..member("two.npy", &content) },
        member("text.npy", b"no array"),
    ];
    let container = read(&archive(&members), "x.npz").expect("read");
    for (name, why) in [
        ("locked", "encrypted"),
        ("lzma", "compressed by LZMA"),
        ("bomb", "declares an impossible size"),
        ("two", "stored with two different sizes"),
        ("text", "broken .npy header"),
    ] {
        assert_eq!(reason(entry(&container, name)), why);
        assert!(findings(&container).contains(&format!("'{name}'")), "{}", findings(&container));
    }
}

#[test]
fn members_that_share_bytes_are_not_read_twice() {
    let content = npy(5);
    let mut bytes = archive(&[member("a.npy", &content), member("b.npy", &content)]);
    // The second member of the directory is moved onto the first one.
    let second = bytes.windows(4).rposition(|window| window == b"PK\x01\x02").expect("a member");
    bytes[second + 42..][..4].copy_from_slice(&0_u32.to_le_bytes());
    let container = read(&bytes, "x.npz").expect("read");
    assert!(matches!(entry(&container, "a").home, Home::Here(_)));
    assert_eq!(reason(entry(&container, "b")), "shares bytes with another member");
    let end = bytes.len() - 24;
    bytes[end + 12..][..4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(read(&bytes, "x.npz").expect_err("no room").text.contains("the file is too short"));
    assert!(read(b"PK\x03\x04", "x.npz").expect_err("cut short").text.contains("no directory"));
}

/// Where the directory has its members.
fn records(bytes: &[u8]) -> Vec<usize> {
    let found = bytes.windows(4).enumerate().filter(|(_, window)| window == b"PK\x01\x02");
    found.map(|(at, _)| at).collect()
}

/// What is said of earlier damage if these members get another checksum, and how many bytes are read for that.
fn damaged(bytes: &[u8], renewed: &[usize]) -> (String, u64) {
    let change = |at: &usize| (Span::between(*at as u64 + 16, *at as u64 + 20), vec![1, 2, 3, 4]);
    let changes: Vec<_> = renewed.iter().map(change).collect();
    let (source, progress) = (MemorySource::new(bytes), Progress::default());
    (damaged_before(&source, &source, &changes, &progress).concat(), progress.done())
}

#[test]
fn earlier_damage_of_members_that_share_bytes_is_looked_for_once() {
    let content = npy(5);
    let names: Vec<String> = (0..100).map(|n| format!("{n}.npy")).collect();
    let members: Vec<_> = names.iter().map(|name| member(name, &content)).collect();
    let mut bytes = archive(&members);
    let records = records(&bytes);
    for at in &records {
        bytes[at + 42..][..4].copy_from_slice(&0_u32.to_le_bytes());
    }
    let (text, read) = damaged(&bytes, &records);
    assert!(text.contains("('0.npy')"), "{text}");
    assert_eq!(read, content.len() as u64);
}

/// The member that is damaged has the name of one that is whole and gets another checksum.
#[test]
fn a_member_whose_checksum_stays_is_not_named_for_another_of_its_name() {
    let content = npy(5);
    let mut bytes = archive(&[member("a.npy", &content), member("a.npy", &content)]);
    let [first, second] = records(&bytes)[..] else { panic!("two members") };
    bytes[second + 16..][..4].copy_from_slice(&crc32fast::hash(&content).to_le_bytes());
    assert_eq!(damaged(&bytes, &[second]).0, "");
    assert!(damaged(&bytes, &[first]).0.contains("('a.npy')"));
}
