//! Repeats reads whose failure may pass by itself, as on a network.
//!
//! No other code repeats a failed read unless the user asks for it: a bad sector stays bad. Blocks; workers only.

use super::{ReadError, ReadErrorKind, Source};
use crate::job::Cancel;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How long is waited before each further attempt.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(30), Duration::from_millis(100), Duration::from_millis(300)];

/// How often the cancel flag is looked at during a pause.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// The patience of one reader with one source. After attempts that were all in vain it has none until a read succeeds:
/// a server that is gone is not waited for at every chunk.
#[derive(Debug, Default)]
pub struct Retries {
    is_spent: AtomicBool,
}

impl Retries {
    /// As [`Source::read_cancellable`], with a few attempts where the failure is [`ReadErrorKind::Retryable`].
    ///
    /// # Errors
    /// The failure of the last attempt.
    pub fn read(
        &self,
        source: &dyn Source,
        offset: u64,
        buf: &mut [u8],
        cancel: &Cancel,
    ) -> Result<(), ReadError> {
        let mut pauses = PAUSES.iter();
        loop {
            let error = match source.read_cancellable(offset, buf, cancel) {
                Ok(()) => {
                    self.is_spent.store(false, Ordering::Relaxed);
                    return Ok(());
                }
                Err(error) if error.kind() == ReadErrorKind::Retryable => error,
                Err(error) => return Err(error),
            };
            let pause = pauses.next().filter(|_| !self.is_spent.load(Ordering::Relaxed));
            let Some(pause) = pause else {
                self.is_spent.store(true, Ordering::Relaxed);
                return Err(error);
            };
            if !wait(*pause, cancel) {
                return Err(ReadError::Cancelled { span: error.span() });
            }
        }
    }
}

/// Whether `pause` has passed without a cancel.
fn wait(pause: Duration, cancel: &Cancel) -> bool {
    let begun = Instant::now();
    while !cancel.is_cancelled() {
        let left = pause.saturating_sub(begun.elapsed());
        if left.is_zero() {
            return true;
        }
        sleep(left.min(LOOK_EVERY));
    }
    false
}
