//! What a read of a file in the page cache costs that does nothing else, the limit of what depends on memory; and the time
//! of a thread on the processor.

use memmap2::Mmap;
use std::fs::File;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::Instant;

/// Seconds that it takes to add up all words of a file that is mapped already, over all cores; the lowest of so many.
#[allow(unsafe_code, reason = "a map of a file that nobody else has")]
pub fn plain_read(path: &Path, rounds: usize) -> io::Result<f64> {
    // SAFETY: the file is one of this program's own, in a temporary folder; nobody changes it.
    let map = unsafe { Mmap::map(&File::open(path)?)? };
    let cores = std::thread::available_parallelism()?.get();
    let part = map.len().div_ceil(cores).next_multiple_of(4096);
    let mut best = f64::MAX;
    for _ in 0..rounds {
        let begin = Instant::now();
        std::thread::scope(|scope| {
            for bytes in map.chunks(part) {
                scope.spawn(|| black_box(sum(bytes)));
            }
        });
        best = best.min(begin.elapsed().as_secs_f64());
    }
    Ok(best)
}

/// In several sums, so that no addition waits for the one before.
fn sum(bytes: &[u8]) -> u64 {
    let mut sums = [0_u64; 32];
    for words in bytes.as_chunks::<8>().0.as_chunks::<32>().0 {
        for (sum, word) in sums.iter_mut().zip(words) {
            *sum = sum.wrapping_add(u64::from_le_bytes(*word));
        }
    }
    sums.iter().fold(0, |all, sum| all.wrapping_add(*sum))
}

/// Seconds that this thread has had the processor.
#[allow(unsafe_code, reason = "std has no clock of a thread")]
pub fn thread_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` has room for the answer.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 * 1e-9
}
