//! A file read through memory maps, with a guard against the signal that a file cut short sends to its readers.
//!
//! Bytes are copied out of the map by raw pointer, or looked at as [`RawBytes`], and never referred to: other programs
//! may change them at any time. Only a window of the file is mapped at a time, so that a scan of a terabyte keeps neither page tables nor
//! resident memory for all of it. What the map can't give is read by position, which also finds the reason:
//! so it is wherever nothing can be mapped, and everywhere but on Linux, where the guard was not tried.
//! `guard.rs` holds the signal handler.

#![cfg_attr(
    target_os = "linux",
    expect(unsafe_code, reason = "copies out of maps; the guard's signal handler")
)]

#[cfg(target_os = "linux")]
mod guard;

use super::positioned::read_positioned;
use crate::bytes::error::{ReadError, check_bounds};
use crate::bytes::raw::RawBytes;
use crate::bytes::source::{Availability, Source, peek_nothing};
use crate::bytes::span::Span;
use std::fs::File;
use std::io;
use std::sync::Arc;

/// A file read through memory maps: for scans.
#[derive(Debug)]
pub struct MappedSource {
    file: Arc<File>,
    len: u64,
    #[cfg(target_os = "linux")]
    windows: windows::Windows,
}

impl MappedSource {
    /// `file` is open for reading; `len` is the length that the source is to have.
    ///
    /// # Errors
    /// When the system refuses to say how long a memory page is or to let the guard in.
    pub fn new(file: File, len: u64) -> io::Result<Self> {
        #[cfg(target_os = "linux")]
        guard::install()?;
        Ok(Self {
            file: Arc::new(file),
            len,
            #[cfg(target_os = "linux")]
            windows: windows::Windows::default(),
        })
    }

    /// Whether all of `buf` could be copied out of the map, and was the file's at that time.
    #[cfg(target_os = "linux")]
    fn copy_mapped(&self, offset: u64, buf: &mut [u8]) -> bool {
        self.windows.copy(&self.file, self.len, offset, buf)
            // A map gives zeros for what lies behind a cut in its last page, without a signal.
            && super::positioned::length_of(&self.file).is_ok_and(|len_now| offset + buf.len() as u64 <= len_now)
    }

    /// Maps `span` for the time of one look, so that no more than what threads look at right now is resident.
    #[cfg(target_os = "linux")]
    fn look_guarded(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        // Whole large pages at both ends, as far as the file has them, or the last one is mapped by small ones.
        let start = span.start() - span.start() % windows::ALIGNED;
        let end = span.end().next_multiple_of(windows::ALIGNED).min(self.len).max(span.end());
        let looked = windows::Window::new(&self.file, start, end);
        looked.is_some_and(|window| window.look(span, look))
            && super::positioned::length_of(&self.file).is_ok_and(|len_now| span.end() <= len_now)
    }

    #[cfg(not(target_os = "linux"))]
    fn look_guarded(&self, _: Span, _: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        false
    }

    #[cfg(not(target_os = "linux"))]
    fn copy_mapped(&self, _offset: u64, _buf: &mut [u8]) -> bool {
        false
    }
}

impl Source for MappedSource {
    fn len(&self) -> u64 {
        self.len
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<(), ReadError> {
        let span = check_bounds(offset, buf.len(), self.len)?;
        if self.copy_mapped(offset, buf) {
            return Ok(());
        }
        read_positioned(&self.file, span, buf)
    }

    fn look_mapped(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
        span.end() <= self.len && !span.is_empty() && self.look_guarded(span, look)
    }

    fn peek(&self, offset: u64, buf: &mut [u8], states: &mut [Availability]) {
        peek_nothing(self.len, offset, buf, states);
    }
}

/// The parts of a file that are mapped.
#[cfg(target_os = "linux")]
mod windows {
    use super::guard::Guarded;
    use crate::bytes::raw::RawBytes;
    use crate::bytes::span::Span;
    use memmap2::{Advice, MmapOptions, MmapRaw};
    use std::fs::File;
    use std::sync::{Arc, Mutex, PoisonError};

    /// Mapped at once, in bytes; a multiple of every page size.
    const WINDOW_BYTES: u64 = 256 << 20;

    /// Where a map for one look begins: at a multiple of the largest page that the system may have cached the file in,
    /// which it then maps by one entry.
    pub(super) const ALIGNED: u64 = 2 << 20;

    /// Copied at once, in bytes. The C library copies much larger pieces in several parallel streams. The system takes
    /// that for random access and waits for each page separately, which takes 25 times as long if the file is not
    /// cached.
    const PIECE_BYTES: usize = 256 << 10;

    /// Two, for the threads of one scan that stand on both sides of a border.
    #[derive(Debug, Default)]
    pub(super) struct Windows {
        latest: Mutex<[Option<Arc<Window>>; 2]>,
    }

    impl Windows {
        /// Whether all of `buf` was copied from `offset` of `file`, of which `len` bytes may be mapped.
        pub(super) fn copy(&self, file: &Arc<File>, len: u64, offset: u64, buf: &mut [u8]) -> bool {
            let mut done = 0;
            while done < buf.len() {
                let at = offset + done as u64;
                let Some(window) = self.window(file, len, at) else {
                    return false;
                };
                let bytes = (window.end() - at).min((buf.len() - done).min(PIECE_BYTES) as u64) as usize;
                if !window.copy(at, &mut buf[done..done + bytes]) {
                    return false;
                }
                done += bytes;
            }
            true
        }

        /// The window that holds `offset`, mapped now if it is not.
        fn window(&self, file: &Arc<File>, len: u64, offset: u64) -> Option<Arc<Window>> {
            let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
            let start = offset - offset % WINDOW_BYTES;
            if let Some(place) =
                latest.iter().position(|window| window.as_ref().is_some_and(|window| window.start == start))
            {
                return latest[place].clone();
            }
            let end = start.saturating_add(WINDOW_BYTES).min(len);
            let window = Arc::new(Window::new(file, start, end)?);
            latest.swap(0, 1);
            // Readers of the window that goes hold it until they are through.
            latest[0] = Some(Arc::clone(&window));
            Some(window)
        }
    }

    /// One mapped part, under guard for as long as it is mapped.
    #[derive(Debug)]
    pub(super) struct Window {
        /// Declared before the map: the guard ends first.
        guarded: Guarded,
        map: MmapRaw,
        start: u64,
    }

    impl Window {
        /// `None` where this can't be mapped, or no more maps can be guarded.
        pub(super) fn new(file: &Arc<File>, start: u64, end: u64) -> Option<Self> {
            let len = usize::try_from(end - start).ok()?;
            let map = MmapOptions::new().offset(start).len(len).map_raw_read_only(&**file).ok()?;
            let _ = map.advise(Advice::Sequential);
            // SAFETY: the range is exactly `map`'s, which begins on a page border, since windows do, and stays
            // mapped until `guarded` is dropped, as the order of the fields has it. The only readers are in `copy` and
            // `look`.
            let guarded = unsafe { Guarded::new(map.as_ptr() as usize, len, start, Arc::clone(file)) }?;
            Some(Self { guarded, map, start })
        }

        fn end(&self) -> u64 {
            self.start + self.map.len() as u64
        }

        /// Whether `buf` holds the bytes at `offset` now, a place inside the window.
        fn copy(&self, offset: u64, buf: &mut [u8]) -> bool {
            let skip = (offset - self.start) as usize;
            if self.guarded.was_hit() || skip + buf.len() > self.map.len() {
                return false;
            }
            // SAFETY: `skip + buf.len()` lies inside the map, by the check above, and `buf` is memory of our own, so
            // the two do not overlap. The bytes may change or vanish meanwhile: then what is copied is any bytes,
            // for which u8 has no bad value, and the guard gives the copy zeros to read and notes it.
            unsafe {
                std::ptr::copy_nonoverlapping(self.map.as_ptr().add(skip), buf.as_mut_ptr(), buf.len())
            };
            !self.guarded.was_hit()
        }

        /// Whether `look` saw the bytes of `span`, which lies inside the window.
        pub(super) fn look(&self, span: Span, look: &mut dyn FnMut(&RawBytes<'_>)) -> bool {
            let (skip, len) = ((span.start() - self.start) as usize, span.len() as usize);
            if skip + len > self.map.len() {
                return false;
            }
            // SAFETY: the bytes lie inside the map, by the check above, which lives as long as `self`, longer than the
            // look; the guard mends faults; nobody refers into the map.
            look(&unsafe { RawBytes::new(self.map.as_ptr().add(skip), len) });
            !self.guarded.was_hit()
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_read_of_a_file_that_was_cut_short_is_an_error_and_not_a_signal() {
        let file = tempfile::tempfile().expect("a temporary file");
        let len = 64 << 10;
        std::io::Write::write_all(&mut &file, &vec![7; len]).expect("written");
        let source =
            MappedSource::new(file.try_clone().expect("a second handle"), len as u64).expect("a source");
        let mut buf = vec![0; len];
        assert_eq!(source.read_at(0, &mut buf), Ok(()));
        assert!(buf.iter().all(|&byte| byte == 7));
        assert!(source.copy_mapped(0, &mut buf), "the bytes came through a map");

        file.set_len(5000).expect("cut short");
        assert!(!source.copy_mapped(0, &mut buf));
        let cut = source.read_at(0, &mut buf);
        assert!(matches!(cut, Err(ReadError::CutShort { len_now: 5000, .. })), "{cut:?}");
        assert_eq!(source.read_at(4096, &mut buf[..904]), Ok(()));
        assert!(buf[..904].iter().all(|&byte| byte == 7));
        let in_the_last_page = source.read_at(4096, &mut buf[..905]);
        assert!(matches!(in_the_last_page, Err(ReadError::CutShort { .. })), "{in_the_last_page:?}");
    }
}
