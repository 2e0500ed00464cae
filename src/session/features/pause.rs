//! How much is worked through without a request, and the moment that is waited before.

use crate::job::Progress;
use std::time::{Duration, Instant};

/// Bytes that are worked through without a request, at most.
pub(super) const UNASKED: u64 = 256 << 20;
/// Bytes that are worked through at once and unseen, at most.
pub(super) const QUICK: u64 = 4 << 20;
/// With more bytes, what is asked must stay as it is for so long.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is checked meanwhile whether the answer is still wanted.
const STEP: Duration = Duration::from_millis(10);

/// Waits for a moment, as more may be typed or selected; `false` when nobody wants the answer any more.
pub(super) fn is_still_wanted(progress: &Progress) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < PAUSE && !progress.is_cancelled() {
        std::thread::sleep(STEP);
    }
    !progress.is_cancelled()
}
