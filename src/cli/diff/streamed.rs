//! A comparison on threads of its own, and what it finds in order on the caller's.

use crate::job::Progress;
use std::ops::ControlFlow;
use std::sync::mpsc::sync_channel;

/// Parts of what is found that may wait to be written.
const WAITING: usize = 4;

/// Takes what is found on the comparing threads; breaks when no more is wanted.
pub(super) type TakeFound<'t, T> = &'t mut (dyn FnMut(T) -> ControlFlow<()> + Send);

/// Runs `compare` and gives `take` what it finds; what `compare` answers at its end.
pub(super) fn streamed<T: Send, R: Send>(
    compare: impl FnOnce(&Progress, TakeFound<'_, T>) -> R + Send,
    take: &mut dyn FnMut(T) -> ControlFlow<()>,
) -> R {
    let progress = Progress::default();
    let (sender, found) = sync_channel::<T>(WAITING);
    std::thread::scope(|scope| {
        let progress = &progress;
        let comparing = scope.spawn(move || {
            // Who listens no more has enough.
            compare(progress, &mut |part| match sender.send(part) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        });
        for part in &found {
            if take(part).is_break() {
                progress.cancel();
                break;
            }
        }
        drop(found);
        comparing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
