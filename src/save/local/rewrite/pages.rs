//! Memory that begins at a multiple of a page, as the system wants it of what goes past its cache.

use super::super::disk::PAGE;

/// Bytes of which the first lies at a multiple of [`PAGE`].
#[derive(Default)]
pub(super) struct PageBuffer(Vec<u8>);

impl PageBuffer {
    /// So many bytes; what is in them is unspecified.
    pub fn of_len(&mut self, len: usize) -> &mut [u8] {
        let needed = len + PAGE as usize;
        if self.0.len() < needed {
            self.0 = vec![0; needed];
        }
        let skip = self.0.as_ptr().align_offset(PAGE as usize).min(PAGE as usize);
        &mut self.0[skip..skip + len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_begins_at_a_page_and_is_as_long_as_wanted() {
        let mut buffer = PageBuffer::default();
        for len in [0, 1, 4096, 100_000, 5] {
            let bytes = buffer.of_len(len);
            assert_eq!((bytes.len(), bytes.as_ptr().addr() % PAGE as usize), (len, 0));
        }
    }
}
