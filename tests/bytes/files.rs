//! Positioned reads: bounds, files cut short, holes, identity.

use super::{byte_at, bytes_at, file_with};
use pagelens::bytes::FileIdentity;
use pagelens::bytes::file::FileSource;
use pagelens::bytes::{Availability, ReadError, Source, Span};
use std::fs::File;

#[test]
fn small_and_large_reads_give_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = bytes_at(0, 700_001);
    let source = FileSource::open(&file_with(folder.path(), "f", &bytes)).expect("open");
    assert_eq!(source.len(), 700_001);
    let mut all = vec![0; bytes.len()];
    assert_eq!(source.read_at(0, &mut all), Ok(()));
    assert!(all == bytes, "a read of the size of a scan");
    for offset in [0_u64, 1, 4095, 65_535, 699_990] {
        let mut some = [0; 11];
        assert_eq!(source.read_at(offset, &mut some), Ok(()));
        assert_eq!(some[..], bytes[offset as usize..][..11]);
    }
    assert!(matches!(source.read_at(700_000, &mut [0; 2]), Err(ReadError::BeyondEnd { len: 700_001, .. })));
    assert!(matches!(source.read_at(u64::MAX, &mut [0; 2]), Err(ReadError::BeyondEnd { .. })));
    assert_eq!(source.read_at(700_001, &mut []), Ok(()));
}

#[test]
fn a_file_cut_short_says_what_is_gone_and_still_gives_the_rest() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &bytes_at(0, 600_000));
    let source = FileSource::open(&path).expect("open");
    File::options().write(true).open(&path).and_then(|file| file.set_len(500_000)).expect("cut short");
    assert_eq!(source.len(), 600_000, "the length is the one at the open");
    for len in [20, 400_000] {
        let mut buf = vec![0; len];
        let from = 500_010 - len as u64;
        let gone = Span::between(500_000, 500_010);
        assert_eq!(source.read_at(from, &mut buf), Err(ReadError::CutShort { span: gone, len_now: 500_000 }));
        assert_eq!(source.read_at(from - 10, &mut buf), Ok(()));
        assert!(buf == bytes_at(from - 10, len));
    }
    assert_eq!(source.identity_now().expect("fstat").len, 500_000);
}

#[test]
fn scans_stay_with_the_open_file_when_the_path_leads_to_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", &bytes_at(0, 300_000));
    let source = FileSource::open(&path).expect("open");
    let other = file_with(folder.path(), "g", &vec![0; 300_000]);
    std::fs::rename(other, &path).expect("replaced");
    let mut buf = vec![0; 300_000];
    assert_eq!(source.read_at(0, &mut buf), Ok(()));
    assert!(buf == bytes_at(0, 300_000));
}

#[test]
fn a_bare_file_has_nothing_at_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = FileSource::open(&file_with(folder.path(), "f", b"abc")).expect("open");
    let (mut buf, mut states) = ([9; 5], [Availability::Ready; 5]);
    source.peek(1, &mut buf, &mut states);
    assert_eq!(buf, [0; 5]);
    use Availability::{Failed, Missing};
    assert_eq!(states, [Missing, Missing, Failed, Failed, Failed]);
    source.peek(u64::MAX, &mut buf, &mut states);
    assert_eq!(states, [Failed; 5]);
}

/// Where the file system knows no holes the whole rest is the answer, which is right too, only slower.
#[test]
fn data_is_found_behind_a_hole_of_a_tebibyte() {
    use std::os::unix::fs::FileExt;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sparse");
    let file = File::create(&path).expect("create");
    let (len, island) = (1_u64 << 40, 3_u64 << 38);
    if let Err(error) = file.set_len(len) {
        println!("SKIPPED: this file system has no file of a tebibyte: {error}");
        return;
    }
    file.write_all_at(&bytes_at(island, 100), island).expect("an island");
    let source = FileSource::open(&path).expect("open");
    assert_eq!(source.len(), len);
    let found = source.data_after(0).expect("the island");
    assert!(found.covers(Span::at(island, 100).expect("in range")), "{found}");
    assert!(found.end() <= len);
    if found.start() > 0 {
        assert!(found.len() <= 2 << 20, "little more than the island: {found}");
        assert_eq!(source.data_after(found.end()), None, "only a hole follows");
    }
    assert_eq!(source.data_after(len), None);
    let mut byte = [0];
    assert_eq!(source.read_at(island + 99, &mut byte), Ok(()));
    assert_eq!(byte[0], byte_at(island + 99));
    assert_eq!(source.read_at(len - 1, &mut byte), Ok(()));
    file.set_len(1 << 20).expect("cut short");
    let rest = Span::between(1 << 30, len);
    assert_eq!(source.data_after(1 << 30), Some(rest), "what was cut off is not a hole: it has to be read");
}

#[test]
fn an_identity_tells_files_and_states_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = file_with(folder.path(), "f", b"abc");
    let other = FileIdentity::at(&file_with(folder.path(), "g", b"abc")).expect("stat");
    let before = FileIdentity::at(&path).expect("stat");
    std::fs::hard_link(&path, folder.path().join("second name")).expect("a link");
    let by_link = FileIdentity::at(&folder.path().join("second name")).expect("stat");
    assert!(before.same_file(&by_link) && !before.other_file(&by_link));
    assert!(!before.same_file(&other) && before.other_file(&other));
    assert_ne!(before, by_link, "a link changes the time of the attributes");
    let unknown = FileIdentity::default();
    assert!(!unknown.same_file(&unknown) && !unknown.other_file(&before));
}
