//! Kinds of files, and files inside files: what Python's modules write, headers made by hand, and bytes at random.

use crate::oracle::rig::ask;
use pagelens::analysis::Tuning;
use pagelens::analysis::kinds::{EmbeddedEnd, EmbeddedFile, EndFinder, KIND_BYTES, find_embedded, recognise};
use pagelens::bytes::{MemorySource, Source, Span};
use pagelens::decode::hex;
use pagelens::document::{Content, Document, Edit};
use pagelens::job::Progress;
use std::ops::ControlFlow;
use std::sync::Arc;

/// Offset, length and kind of every file in `source`.
fn inside(source: &dyn Source, tuning: Tuning) -> Vec<(u64, Option<u64>, &'static str)> {
    let mut found = Vec::new();
    let progress = Progress::default();
    let tally = find_embedded(source, Span::first(source.len()), tuning, &progress, &mut |file| {
        let EmbeddedFile { offset, len, name, .. } = file;
        found.push((offset, len, name));
        ControlFlow::Continue(())
    });
    let tally = tally.expect("the table fits into memory");
    assert_eq!((tally.end, tally.unread.bytes()), (EmbeddedEnd::Complete, 0));
    assert_eq!(progress.done(), source.len());
    found
}

fn tunings() -> [Tuning; 3] {
    let small = Tuning { chunk: 1000, threads: 3, grain: 64 };
    [Tuning::default(), small, Tuning { chunk: 77_777, threads: 1, grain: 4096 }]
}

#[test]
fn files_that_python_writes_are_found_where_they_are() {
    let Some(answer) = ask("kinds.py", &[], b"") else { return };
    let answer = String::from_utf8(answer).expect("text");
    let mut expected = Vec::new();
    let mut bytes = Vec::new();
    for line in answer.lines() {
        match &line.trim_end().split('\t').collect::<Vec<_>>()[..] {
            ["bytes", digits] => bytes = hex::parse(digits).expect("digits"),
            [offset, len, kind] => {
                expected.push((offset.parse().expect("a number"), len.parse().ok(), (*kind).to_owned()));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(expected.len(), 12);
    for (offset, _, kind) in &expected {
        let start = &bytes[*offset as usize..];
        let known = recognise(start, start.len() as u64).map(|known| known.name);
        assert_eq!(known.as_deref(), Some(&**kind));
    }
    let source = MemorySource::new(bytes);
    for tuning in tunings() {
        let found = inside(&source, tuning);
        let found: Vec<(u64, Option<u64>, String)> =
            found.into_iter().map(|(offset, len, kind)| (offset, len, kind.to_owned())).collect();
        assert_eq!(found, expected, "{tuning:?}");
    }
}

/// A device tree of `len` bytes, all but its header of ones.
fn device_tree(len: u32) -> Vec<u8> {
    let fields = [0xd00d_feed_u32, len, 56, 60, 40, 17, 16, 0, 4, 8];
    let mut bytes: Vec<u8> = fields.iter().flat_map(|field| field.to_be_bytes()).collect();
    bytes.resize(len as usize, 1);
    bytes
}

fn u_boot(data: &[u8]) -> Vec<u8> {
    let mut header = [1; 64];
    header[..4].copy_from_slice(&[0x27, 0x05, 0x19, 0x56]);
    header[4..8].fill(0);
    header[12..16].copy_from_slice(&(data.len() as u32).to_be_bytes());
    let sum = crc32fast::hash(&header);
    header[4..8].copy_from_slice(&sum.to_be_bytes());
    [&header[..], data].concat()
}

fn cpio(name: &str, data: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{name}\0",
        1,
        0o100_644,
        0,
        0,
        1,
        0,
        data.len(),
        0,
        0,
        0,
        0,
        name.len() + 1,
        0
    )
    .into_bytes();
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes.extend(data);
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

#[test]
fn headers_are_checked_and_members_joined() {
    let mut bytes = vec![2; 5000];
    let mut expected = Vec::new();
    let mut put = |file: Vec<u8>, len: Option<u64>, kind: &'static str, bytes: &mut Vec<u8>| {
        bytes.resize(bytes.len() + 1501, 2);
        expected.push((bytes.len() as u64, len, kind));
        bytes.extend(file);
    };
    put(device_tree(300), Some(300), "device tree", &mut bytes);
    put(u_boot(&[3; 100]), Some(164), "U-Boot image", &mut bytes);
    let members = [cpio("a", b"12345"), cpio("bc", &[7; 4000]), cpio("TRAILER!!!", b"")].concat();
    put(members.clone(), Some(members.len() as u64), "cpio archive", &mut bytes);
    let mut ext = vec![0; 2048];
    ext[1024..1032].copy_from_slice(&[0, 1, 0, 0, 2, 0, 0, 0]);
    ext[1056..1060].copy_from_slice(&8192_u32.to_le_bytes());
    ext[1080..1086].copy_from_slice(&[0x53, 0xef, 1, 0, 1, 0]);
    put(ext, Some(2048), "ext2, ext3 or ext4 file system", &mut bytes);
    // None of these is what its magic says.
    let mut wrong_sum = u_boot(&[3; 100]);
    wrong_sum[20] ^= 1;
    let mut wrong_version = device_tree(60);
    wrong_version[20] = 1;
    for wrong in [wrong_sum, wrong_version, b"PK\x03\x04\xff".to_vec(), b"BM".to_vec(), b"MZ".to_vec()] {
        bytes.resize(bytes.len() + 500, 2);
        bytes.extend(wrong);
    }
    bytes.resize(bytes.len() + 500, 2);
    let source = MemorySource::new(bytes);
    for tuning in tunings() {
        assert_eq!(inside(&source, tuning), expected, "{tuning:?}");
    }
}

#[test]
fn a_zip_archive_without_an_end_is_told_from_the_next_one() {
    let member = |name: u8| {
        let mut bytes = b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\x05\0\0\0\x05\0\0\0\x01\0\0\0".to_vec();
        bytes.push(name);
        bytes.extend([2; 5]);
        bytes
    };
    let tree = device_tree(64);
    // An end whose directory of 20 bytes lies behind two members.
    let directory = [&[2; 20][..], b"PK\x05\x06\0\0\0\0\x02\0\x02\0\x14\0\0\0\x48\0\0\0\0\0"].concat();
    let parts = [&[2; 10][..], &member(b'a'), &tree, &member(b'b'), &member(b'c'), &directory, &tree];
    let source = MemorySource::new(parts.concat());
    for tuning in tunings() {
        assert_eq!(
            inside(&source, tuning),
            [
                (10, None, "ZIP archive"),
                (46, Some(64), "device tree"),
                (110, Some(114), "ZIP archive"),
                (224, Some(64), "device tree")
            ]
        );
    }
}

#[test]
fn a_file_at_the_very_end_and_one_that_was_inserted_are_found() {
    let tree = device_tree(64);
    let source = MemorySource::new([vec![2; 999], tree.clone()].concat());
    let mut document = Document::new(Arc::new(source));
    let edit = Edit::one("insert", Span::empty_at(500), Content::Bytes(tree));
    document.apply(edit).expect("applied");
    let snapshot = document.snapshot();
    for tuning in tunings() {
        let found = inside(&snapshot, tuning);
        assert_eq!(found, [(500, Some(64), "device tree"), (1063, Some(64), "device tree")]);
    }
}

#[test]
fn bytes_at_random_hold_nothing_and_every_prefix_of_them_is_looked_at_without_harm() {
    let mut rng = fastrand::Rng::with_seed(11);
    let bytes: Vec<u8> = (0..4 << 20).map(|_| rng.u8(..)).collect();
    for len in (0..2000).chain([KIND_BYTES - 1, KIND_BYTES]) {
        let _ = recognise(&bytes[..len], rng.u64(len as u64..));
    }
    assert_eq!(inside(&MemorySource::new(bytes), Tuning::default()), []);
}

#[test]
fn headers_of_broken_files_do_no_harm() {
    let Some(answer) = ask("kinds.py", &[], b"") else { return };
    let answer = String::from_utf8(answer).expect("text");
    let digits = answer.lines().last().and_then(|line| line.split('\t').nth(1)).expect("the bytes");
    let whole = hex::parse(digits.trim()).expect("digits");
    for seed in 0..40 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut bytes = whole.clone();
        for _ in 0..rng.usize(1..2000) {
            let at = rng.usize(..bytes.len());
            bytes[at] = if rng.bool() { 0xff } else { rng.u8(..) };
        }
        bytes.truncate(rng.usize(1..=bytes.len()));
        let source = MemorySource::new(bytes);
        let found = inside(&source, Tuning { chunk: 5000, threads: 2, grain: 512 });
        assert!(found.is_sorted_by_key(|(offset, ..)| *offset), "seed {seed}: {found:?}");
        assert!(found.iter().all(|(offset, ..)| *offset < source.len()), "seed {seed}");
    }
}

#[test]
fn the_kind_of_a_whole_file() {
    let name = |bytes: &[u8]| recognise(bytes, bytes.len() as u64).map(|kind| kind.name);
    assert_eq!(name(b"").as_deref(), Some("empty file"));
    assert_eq!(name(b"plain words\n").as_deref(), Some("ASCII text"));
    assert_eq!(name("Grüße".as_bytes()).as_deref(), Some("UTF-8 text"));
    assert_eq!(name(b"\xff\xfeh\0i\0").as_deref(), Some("UTF-16 text"));
    assert_eq!(name(b"%PDF-1.7\n").as_deref(), Some("PDF document"));
    assert_eq!(name(&[1, 2, 3, 4]), None);
    // A character that the bytes at hand cut in two is no fault of the text.
    assert_eq!(
        recognise("Gr\u{fc}".as_bytes().split_at(3).0, 100).map(|kind| kind.name).as_deref(),
        Some("UTF-8 text")
    );
    assert_eq!(name(b"Gr\xc3"), None);
}

#[test]
fn it_ends_when_nobody_wants_more() {
    let bytes = [vec![2; 100], device_tree(64), vec![2; 100], device_tree(64), vec![2; 100], device_tree(64)]
        .concat();
    let source = MemorySource::new(bytes);
    let mut found = 0;
    let take = &mut |_| {
        found += 1;
        ControlFlow::Break(())
    };
    let tally =
        find_embedded(&source, Span::first(source.len()), Tuning::default(), &Progress::default(), take);
    assert_eq!((tally.expect("searched").end, found), (EmbeddedEnd::Cut, 1));
    let progress = Progress::default();
    progress.cancel();
    let none = &mut |_| ControlFlow::Continue(());
    let tally = find_embedded(&source, Span::first(source.len()), Tuning::default(), &progress, none);
    assert_eq!(tally.expect("cancelled").end, EmbeddedEnd::Cancelled);
}

/// What other programs write: where each compressed file begins, how long it is, and of which kind.
#[test]
fn the_ends_of_compressed_files_are_found() {
    let Some(answer) = ask("kinds.py", &["ends"], b"") else { return };
    let answer = String::from_utf8(answer).expect("text");
    let mut expected = Vec::new();
    let mut bytes = Vec::new();
    for line in answer.lines() {
        match &line.trim_end().split('\t').collect::<Vec<_>>()[..] {
            ["bytes", digits] => bytes = hex::parse(digits).expect("digits"),
            [offset, len, _] => {
                let number = |text: &str| text.parse::<u64>().expect("a number");
                expected.push((number(offset), number(len)));
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(expected.len(), 15);
    let source = MemorySource::new(bytes);
    let (mut found, progress) = (Vec::new(), Progress::default());
    let take = &mut |file: EmbeddedFile| {
        found.push(file);
        ControlFlow::Continue(())
    };
    let tally = find_embedded(&source, Span::first(source.len()), Tuning::default(), &progress, take);
    assert_eq!(tally.expect("searched").end, EmbeddedEnd::Complete);
    let mut ends = EndFinder::default();
    // Noise may have a magic too: what begins where a file was written counts.
    found.retain(|file| expected.iter().any(|(offset, _)| *offset == file.offset));
    let lengths: Vec<(u64, u64)> = found
        .iter()
        .map(|file| {
            let kind = file.open_end.expect("compressed data");
            let len = ends.length(&source, file.offset, kind, progress.as_cancel());
            (file.offset, len.unwrap_or_else(|error| panic!("{}: {error}", file.name)))
        })
        .collect();
    assert_eq!(lengths, expected);
}

/// A super block of btrfs; `kind` is that of its checksum.
fn btrfs(kind: u16) -> Vec<u8> {
    let mut bytes = vec![0; 0x1_1000];
    let mut put = |at: usize, field: &[u8]| bytes[0x1_0000 + at..][..field.len()].copy_from_slice(field);
    put(0x30, &0x1_0000_u64.to_le_bytes());
    put(0x40, b"_BHRfS_M");
    put(0x70, &0x1_1000_u64.to_le_bytes());
    put(0x90, &4096_u32.to_le_bytes());
    put(0x94, &16384_u32.to_le_bytes());
    put(0xc4, &kind.to_le_bytes());
    bytes
}

#[test]
fn btrfs_is_told_by_its_super_block_and_not_by_its_magic() {
    // The table of CRC-32C by its definition, not by the crate.
    let crc = |bytes: &[u8]| {
        !bytes.iter().fold(!0_u32, |sum, byte| {
            (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0x82f6_3b78 * (sum & 1)))
        })
    };
    let mut whole = btrfs(0);
    let sum = crc(&whole[0x1_0020..]);
    whole[0x1_0000..0x1_0004].copy_from_slice(&sum.to_le_bytes());
    let name = |bytes: &[u8]| recognise(bytes, bytes.len() as u64).map(|kind| kind.name);
    let is_btrfs = |bytes: &[u8]| name(bytes).is_some_and(|name| name.contains("btrfs"));
    assert_eq!(
        inside(&MemorySource::new(whole.clone()), Tuning::default()),
        [(0, Some(0x1_1000), "btrfs file system")]
    );
    assert!(is_btrfs(&whole) && is_btrfs(&btrfs(3)), "the sum of BLAKE2b is not checked");
    for (at, what) in
        [(0, "sum"), (0x30, "place"), (0x94, "size of nodes"), (0xc4, "kind of the sum"), (0xfff, "bytes")]
    {
        let mut wrong = whole.clone();
        wrong[0x1_0000 + at] ^= 5;
        let found = inside(&MemorySource::new(wrong), Tuning::default());
        assert_eq!(found, [], "{what}");
    }
    // A program that knows the file system has its magic as a constant.
    let constant = [&[2; 0x1_0040][..], b"_BHRfS_M", &[2; 0x1000]].concat();
    assert_eq!(inside(&MemorySource::new(constant), Tuning::default()), []);
}
