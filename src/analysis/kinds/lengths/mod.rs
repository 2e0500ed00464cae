//! How long compressed files are: their headers don't tell it, so their ends are looked for.
//!
//! Each end is proved by a checksum. The memory is bounded, and so is the effort: bytes that are read and decompressed.
//!
//! | file | how the end is found |
//! |---|---|
//! | `gzip` | the data is decompressed, and length and CRC-32 are compared |
//! | `bzip2` | the marks of the blocks are looked for at every bit; the checksum of the whole is made of those of the blocks |
//! | `xz` | a footer is looked for whose index has blocks that add up to the distance from the start |
//! | `feed` | reads on from the start of a file, as far as the effort goes |

mod bzip2;
mod feed;
mod gzip;
mod xz;

use crate::bytes::{ReadError, ReadErrorKind, Source};
use crate::job::Cancel;
use feed::Feed;

/// Bytes that are read and decompressed for one file at most.
const MOST_EACH: u64 = 4 << 30;
/// The same for all files of a search.
const MOST_IN_ALL: u64 = 32 << 30;

/// Data whose end is found in another way than by its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenEnd {
    Gzip,
    Bzip2,
    Xz,
}

/// Why a length is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoLength {
    #[error("the header does not tell it")]
    NotTold,
    #[error("the data is damaged, or its end is missing")]
    Damaged,
    #[error("the data is too long to look for its end")]
    TooLong,
    #[error("the ends of the files before it took all the effort there is, 32 GiB")]
    UsedUp,
    #[error("{0}")]
    Unread(ReadError),
    #[error("the search was stopped")]
    Cancelled,
}

impl From<ReadError> for NoLength {
    fn from(error: ReadError) -> Self {
        match error.kind() {
            ReadErrorKind::Cancelled => Self::Cancelled,
            _ => Self::Unread(error),
        }
    }
}

/// Looks for the ends of the files that a search has found.
#[derive(Debug)]
pub struct EndFinder {
    /// The effort that is left for all files.
    left: u64,
    most: u64,
}

impl Default for EndFinder {
    fn default() -> Self {
        Self { left: MOST_IN_ALL, most: MOST_EACH }
    }
}

impl EndFinder {
    /// The length of the data that begins at `offset`. Blocks.
    ///
    /// # Errors
    /// [`NoLength`], as half a sentence for the user.
    pub fn length(
        &mut self,
        source: &dyn Source,
        offset: u64,
        kind: OpenEnd,
        cancel: &Cancel,
    ) -> Result<u64, NoLength> {
        let most = self.most.min(self.left);
        let mut feed = Feed::new(source, offset, most, cancel);
        let end = match kind {
            OpenEnd::Gzip => gzip::end(&mut feed),
            OpenEnd::Bzip2 => bzip2::end(&mut feed),
            OpenEnd::Xz => xz::end(&mut feed),
        };
        self.left = self.left.saturating_sub(most - feed.left());
        match end {
            // Alone it might have been found.
            Err(NoLength::TooLong) if most < self.most => Err(NoLength::UsedUp),
            end => Ok(end? - offset),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bytes::{Availability, MemorySource};
    use flate2::write::GzEncoder;
    use std::io::Write;
    use std::sync::atomic::{AtomicU64, Ordering};

    /// `name` is in the header.
    fn gzip(data: &[u8], name: Option<&str>) -> Vec<u8> {
        let mut builder = flate2::GzBuilder::new();
        if let Some(name) = name {
            builder = builder.filename(name).comment("a comment").extra(vec![1, 2, 3]);
        }
        let mut encoder: GzEncoder<Vec<u8>> = builder.write(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).expect("written");
        encoder.finish().expect("finished")
    }

    fn length(bytes: &[u8], kind: OpenEnd) -> Result<u64, NoLength> {
        let source = MemorySource::new([&[9; 77], bytes, &[1, 2, 3, 4, 5]].concat());
        EndFinder::default().length(&source, 77, kind, Cancel::never())
    }

    /// Zeros and noise, so that it has blocks of several kinds.
    fn data(len: usize) -> Vec<u8> {
        let mut random = fastrand::Rng::with_seed(len as u64);
        (0..len).map(|at| if at / 1000 % 2 == 0 { 0 } else { random.u8(..) }).collect()
    }

    #[test]
    fn gzip_data_ends_where_its_checksum_is_right() {
        for len in [0, 1, 100, 100_000, 3 << 20] {
            for name in [None, Some("a.bin")] {
                let packed = gzip(&data(len), name);
                assert_eq!(length(&packed, OpenEnd::Gzip), Ok(packed.len() as u64), "{len} {name:?}");
            }
        }
        let packed = gzip(&data(5000), None);
        for at in [packed.len() - 1, packed.len() - 5, packed.len() / 2] {
            let mut broken = packed.clone();
            broken[at] ^= 0x10;
            assert_eq!(length(&broken, OpenEnd::Gzip), Err(NoLength::Damaged), "{at}");
        }
        let source = MemorySource::new(packed[..packed.len() - 3].to_vec());
        let cut = EndFinder::default().length(&source, 0, OpenEnd::Gzip, Cancel::never());
        assert_eq!(cut, Err(NoLength::Damaged));
    }

    #[test]
    fn the_effort_has_a_bound_and_a_cancel_ends_it() {
        let packed = gzip(&vec![0; 40 << 20], None);
        assert!(packed.len() < 1 << 20, "a bomb");
        let source = MemorySource::new(packed.clone());
        let mut finder = EndFinder { left: 60 << 20, most: 30 << 20 };
        let mut find = || finder.length(&source, 0, OpenEnd::Gzip, Cancel::never());
        assert_eq!(find(), Err(NoLength::TooLong));
        assert_eq!(find(), Err(NoLength::TooLong));
        assert_eq!(find(), Err(NoLength::UsedUp));
        assert!(finder.left < 1 << 20, "{}", finder.left);
        let mut finder = EndFinder::default();
        assert_eq!(finder.length(&source, 0, OpenEnd::Gzip, Cancel::never()), Ok(packed.len() as u64));
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(finder.length(&source, 0, OpenEnd::Gzip, &cancel), Err(NoLength::Cancelled));
    }

    /// Counts what is read.
    #[derive(Debug)]
    struct Counted {
        bytes: MemorySource,
        reads: AtomicU64,
    }

    impl Source for Counted {
        fn len(&self) -> u64 {
            self.bytes.len()
        }

        fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            self.bytes.read_at(offset, buf)
        }

        fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
            self.bytes.peek(offset, buf, states);
        }
    }

    #[test]
    fn what_looks_like_many_ends_takes_few_reads_or_much_effort() {
        let start = b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46";
        let sized = [1, 0, 0, 0, 0, 4];
        let footer = [&crc32fast::hash(&sized).to_le_bytes()[..], &sized, b"YZ"].concat();
        // Only what the flags end, and footers that are right up to the index.
        for (part, most_reads) in [(&b"\0\x04YZ"[..], 30), (&footer, 300)] {
            let bytes = [&start[..], &part.repeat((1 << 20) / part.len())].concat();
            let source = Counted { bytes: MemorySource::new(bytes), reads: AtomicU64::new(0) };
            let mut finder = EndFinder { left: 1 << 30, most: 1 << 20 };
            let end = finder.length(&source, 0, OpenEnd::Xz, Cancel::never());
            assert!(matches!(end, Err(NoLength::Damaged | NoLength::TooLong)), "{end:?}");
            let reads = source.reads.load(Ordering::Relaxed);
            assert!((1..most_reads * 2).contains(&reads), "{reads} reads");
        }
    }

    #[test]
    fn bytes_at_random_have_no_end() {
        let mut random = fastrand::Rng::with_seed(5);
        let mut bytes: Vec<u8> = (0..4 << 20).map(|_| random.u8(..)).collect();
        for (kind, start) in [
            (OpenEnd::Gzip, &b"\x1f\x8b\x08\0\0\0\0\0\0\xff"[..]),
            (OpenEnd::Bzip2, b"BZh9\x31\x41\x59\x26\x53\x59"),
            (OpenEnd::Xz, b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4\x46"),
        ] {
            bytes[..start.len()].copy_from_slice(start);
            assert_eq!(length(&bytes, kind), Err(NoLength::Damaged), "{kind:?}");
        }
    }

    fn bytes(digits: &str) -> Vec<u8> {
        crate::decode::hex::parse(digits).expect("digits")
    }

    /// What Python's bz2 makes of 'hello ' thirty times, and of nothing.
    #[test]
    fn bzip2_data_ends_at_any_bit() {
        let hello = bytes(
            "425a68393141592653592e14453900002c910040000244a00030cd009aa8c6c321f86436870bb9229c2848170a229c80",
        );
        assert_eq!(length(&hello, OpenEnd::Bzip2), Ok(48));
        assert_eq!(length(&bytes("425a6839177245385090 00000000"), OpenEnd::Bzip2), Ok(14));
        for at in [12, hello.len() - 2] {
            let mut broken = hello.clone();
            broken[at] ^= 4;
            assert_eq!(length(&broken, OpenEnd::Bzip2), Err(NoLength::Damaged), "{at}");
        }
    }

    /// What Python's lzma makes of 'hello ' thirty times.
    #[test]
    fn xz_data_ends_where_its_index_fits() {
        let hello = bytes(
            "fd377a585a000004e6d6b4460200210116000000742fe5a3e000b3000c5d00341949ee8de95c615f2f000000ff20e7ebfa081263000128b401000000379a5175b1c467fb020000000004595a",
        );
        assert_eq!(length(&hello, OpenEnd::Xz), Ok(hello.len() as u64));
        // A footer that belongs to another start leads to no index that fits.
        let later = [&hello[..12], &[0; 4], &hello[12..]].concat();
        assert_eq!(length(&later, OpenEnd::Xz), Err(NoLength::Damaged));
        for at in [hello.len() - 3, hello.len() - 8, hello.len() - 20] {
            let mut broken = hello.clone();
            broken[at] ^= 1;
            assert_eq!(length(&broken, OpenEnd::Xz), Err(NoLength::Damaged), "{at}");
        }
    }
}
