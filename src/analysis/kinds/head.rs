//! The first bytes of what may be a file, read by fixed places; what is not there is `None`.

/// Bytes from where a file may begin on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head<'a> {
    /// As many as are at hand, at most those of [`super::embedded::HEAD_BYTES`].
    pub bytes: &'a [u8],
    /// From its start to the end of the source, in bytes.
    pub rest: u64,
}

impl<'a> Head<'a> {
    fn chunk<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at..)?.first_chunk().copied()
    }

    /// The byte at `at`.
    pub fn u8(self, at: usize) -> Option<u64> {
        self.chunk(at).map(|[byte]| byte.into())
    }

    /// The number in two bytes at `at`, least significant byte first.
    pub fn le16(self, at: usize) -> Option<u64> {
        self.chunk(at).map(|bytes| u16::from_le_bytes(bytes).into())
    }

    /// The number in four bytes at `at`, least significant byte first.
    pub fn le32(self, at: usize) -> Option<u64> {
        self.chunk(at).map(|bytes| u32::from_le_bytes(bytes).into())
    }

    /// The number in eight bytes at `at`, least significant byte first.
    pub fn le64(self, at: usize) -> Option<u64> {
        self.chunk(at).map(u64::from_le_bytes)
    }

    /// The number in two bytes at `at`, most significant byte first.
    pub fn be16(self, at: usize) -> Option<u64> {
        self.chunk(at).map(|bytes| u16::from_be_bytes(bytes).into())
    }

    /// The number in four bytes at `at`, most significant byte first.
    pub fn be32(self, at: usize) -> Option<u64> {
        self.chunk(at).map(|bytes| u32::from_be_bytes(bytes).into())
    }

    /// The number in eight bytes at `at`, most significant byte first.
    pub fn be64(self, at: usize) -> Option<u64> {
        self.chunk(at).map(u64::from_be_bytes)
    }

    /// So many bytes from `at` on.
    pub fn part(self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.bytes.get(at..)?.get(..len)
    }

    /// Whether `expected` stands at `at`.
    pub fn has(self, at: usize, expected: &[u8]) -> bool {
        self.part(at, expected.len()) == Some(expected)
    }

    /// A length that the source has room for.
    pub fn fitting(self, len: u64) -> Option<u64> {
        Some(len).filter(|len| *len > 0 && *len <= self.rest)
    }

    /// The number of octal digits at `at`, which blanks or zeros may end, as in tar.
    pub fn octal(self, at: usize, len: usize) -> Option<u64> {
        let text = self.part(at, len)?;
        let digits =
            text.iter().skip_while(|byte| **byte == b' ').take_while(|byte| !matches!(byte, 0 | b' '));
        digits.copied().try_fold(0_u64, |value, digit| match digit {
            b'0'..=b'7' => value.checked_mul(8)?.checked_add(u64::from(digit - b'0')),
            _ => None,
        })
    }

    /// The number of hex digits at `at`, as in cpio.
    pub fn hex(self, at: usize, len: usize) -> Option<u64> {
        let text = std::str::from_utf8(self.part(at, len)?).ok()?;
        u64::from_str_radix(text, 16).ok().filter(|_| !text.starts_with('+'))
    }

    /// The CRC-32 of zip and PNG over so many bytes from `at` on.
    pub fn crc32(self, at: usize, len: usize) -> Option<u64> {
        self.part(at, len).map(|bytes| crc32fast::hash(bytes).into())
    }
}
