//! Small files that a hole makes 31 GiB long: what a header claims fits in the file then, and costs its maker nothing.
//! Reading takes no more than a fixed amount of memory all the same.

use super::bounds::alone;
use super::{alloc, checks};
use pagelens::bytes::Source;
use pagelens::bytes::file::FileSource;
use pagelens::cli;
use pagelens::formats::recognise_source;
use pagelens::job::Progress;
use std::path::Path;

/// What all that is kept of a header may take, whatever its file.
const MOST: usize = 320 << 20;

const LONG: u64 = 31 << 30;

/// A file of these bytes, a hole, and these at its end.
fn holed(folder: &Path, name: &str, start: &[u8], end: &[u8]) -> FileSource {
    use std::io::{Seek, SeekFrom, Write};
    let path = folder.join(name);
    let mut file = std::fs::File::create(&path).expect("made");
    file.write_all(start).expect("written");
    file.set_len(LONG).expect("a hole");
    file.seek(SeekFrom::End(-(end.len() as i64))).expect("there");
    file.write_all(end).expect("written");
    drop(file);
    FileSource::open(&path).expect("open")
}

fn words(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn gguf(tensors: u64, values: u64, rest: &[u8]) -> Vec<u8> {
    words(&[b"GGUF\x03\0\0\0", &tensors.to_le_bytes(), &values.to_le_bytes(), rest])
}

fn zip_end(size: u32) -> Vec<u8> {
    words(&[b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff", &size.to_le_bytes(), &[0; 6]])
}

/// Files by name: how they begin and how they end.
fn files() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let huge = (30_u64 << 30).to_le_bytes();
    let npy = |len: u32| words(&[b"\x93NUMPY\x02\0", &len.to_le_bytes()]);
    let list = words(&[
        &1_u64.to_le_bytes(),
        b"k",
        &9_u32.to_le_bytes(),
        &8_u32.to_le_bytes(),
        &(1_u64 << 60).to_le_bytes(),
    ]);
    let tensors = vec![0; 4096 - 24];
    let end64 = words(&[
        b"PK\x06\x06",
        &44_u64.to_le_bytes(),
        &[0; 12],
        &[0; 16],
        &huge,
        &0_u64.to_le_bytes(),
        b"PK\x06\x07",
        &[0; 16],
        b"PK\x05\x06",
        &[0xff; 16],
        &[0; 2],
    ]);
    vec![
        ("name.gguf", gguf(1, 0, &huge), vec![]),
        ("tensors.gguf", gguf(1 << 60, 0, &tensors), vec![]),
        ("values.gguf", gguf(0, 1 << 60, &[]), vec![]),
        ("key.gguf", gguf(0, 1, &huge), vec![]),
        ("list.gguf", gguf(0, 1, &list), vec![]),
        (
            "names.gguf",
            gguf(1 << 60, 0, &[(1_u64 << 20).to_le_bytes().to_vec(), vec![0; 9]].concat()),
            vec![],
        ),
        ("long.safetensors", huge.to_vec(), vec![]),
        ("most.safetensors", words(&[&99_999_999_u64.to_le_bytes(), b"{\""]), vec![]),
        ("long.npy", npy(u32::MAX), vec![]),
        ("most.npy", words(&[&npy((16 << 20) - 12), b"{'descr': [('a"]), vec![]),
        ("long.npz", b"PK\x03\x04".to_vec(), zip_end(u32::MAX - 1)),
        ("most.npz", b"PK\x03\x04".to_vec(), zip_end(99_999_999)),
        ("wide.npz", b"PK\x03\x04".to_vec(), end64),
        ("long.safetensors.index.json", b"{\"weight_map\": {\"a\": \"b\", \"c\":".to_vec(), vec![]),
    ]
}

#[test]
fn a_hole_buys_no_memory() {
    let _alone = alone();
    let folder = tempfile::tempdir().expect("a folder");
    for (name, start, end) in files() {
        let source = holed(folder.path(), name, &start, &end);
        let path = folder.path().join(name);
        let format = recognise_source(&source, &path).expect("the name is known");
        let before = alloc::live();
        alloc::reset_peak();
        let answer = format.read(&source, &path, &Progress::default());
        let memory = alloc::peak() - before;
        assert!(memory < MOST, "{name}: {} MiB", memory >> 20);
        checks::within(&source, name, &answer);
        drop(answer);
        assert_eq!(source.len(), LONG);
        // The command that is typed, over the same file.
        let mut out = Vec::new();
        let options = cli::arrays::ArraysOptions { file: path.clone(), json: true };
        let outcome = cli::arrays::run(&options, &mut out);
        assert!(outcome.code <= cli::FAILED, "{name}: {outcome:?}");
        std::fs::remove_file(path).expect("removed");
    }
}
