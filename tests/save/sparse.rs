//! Holes stay holes, and large files are streamed.
#![cfg(unix)]

use super::rig::{FaultyDisk, Opened, open};
use pagelens::bytes::{Source, Span};
use pagelens::job::Progress;
use pagelens::save::{RealDisk, SaveWay, plan, save};
use std::fs::File;
use std::os::unix::fs::{FileExt, MetadataExt};

const GIB: u64 = 1 << 30;

/// 1 GiB with a few bytes in it.
fn sparse() -> Opened {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sparse.bin");
    let file = File::create(&path).expect("created");
    file.set_len(GIB).expect("grown");
    file.write_all_at(b"head", 0).expect("written");
    file.write_all_at(b"middle", GIB / 2).expect("written");
    Opened::at(folder, path)
}

fn bytes_at(opened: &Opened, offset: u64) -> [u8; 6] {
    let mut bytes = [0; 6];
    open(&opened.path).read_at(offset, &mut bytes).expect("readable");
    bytes
}

#[test]
fn a_byte_inserted_into_a_sparse_file_leaves_it_sparse() {
    let opened = sparse();
    let before = std::fs::metadata(&opened.path).expect("there").blocks();
    assert!(before < 100, "the file system of the test has no holes: {before} blocks");
    let request = opened.splice(Span::empty_at(2), b"!");
    let planned = plan(&RealDisk, &request).expect("a plan");
    assert!(planned.room_needed < 1 << 20, "{planned:?}");
    let saved = save(&RealDisk, request, &Progress::default()).expect("saved");
    assert_eq!((saved.way, saved.version.len()), (SaveWay::Rewrite, GIB + 1));
    let after = std::fs::metadata(&opened.path).expect("there").blocks();
    assert!(after < before + 100, "{before} blocks became {after}");
    assert_eq!(bytes_at(&opened, 0), *b"he!ad\0");
    assert_eq!(bytes_at(&opened, GIB / 2 + 1), *b"middle");
    assert_eq!(bytes_at(&opened, GIB - 5), [0; 6]);
}

#[test]
fn an_overwrite_in_a_hole_takes_room_for_itself_alone() {
    let opened = sparse();
    let saved = save(&FaultyDisk::sound(), opened.overwrite(&[(GIB / 4, b"filled")]), &Progress::default());
    assert_eq!(saved.expect("saved").way, SaveWay::InPlace);
    assert_eq!(bytes_at(&opened, GIB / 4), *b"filled");
    let blocks = std::fs::metadata(&opened.path).expect("there").blocks();
    assert!(blocks < 200, "{blocks} blocks");
}
