//! An ordered parallel map: pieces of work on several threads, answers in the order of the pieces.
//!
//! Workers take pieces as they come, each with a scratch of its own, which it keeps from piece to piece. Answers go to
//! the sink in the order in which the pieces were given out, one at a time, by whichever worker completes the row; the
//! other workers go on meanwhile. A worker that is far ahead waits, so only few answers are kept at a time. A piece may
//! have its answer in several parts, each of which is handed in when it is there; what waits is bounded in bytes then.
//! It does not depend on what the work is.

use crate::job::Cancel;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How a pass ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassEnd {
    Complete,
    /// The sink had enough.
    Stopped,
    Cancelled,
}

/// Who works, and who may call it off.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'a> {
    /// How many threads work, the caller's among them; at least 1.
    pub threads: usize,
    /// Asked between two pieces; work that takes long asks by itself too.
    pub cancel: &'a Cancel,
}

/// Gives out the next piece, `None` for no more. Called by one worker at a time, and not again after `None`.
pub type Pieces<'p, P> = &'p mut (dyn FnMut() -> Option<P> + Send);

/// Bytes of answers that may wait for those of earlier pieces.
const MOST_WAITING: usize = 4 << 20;

/// Does a piece of work and hands in its answer, in any number of parts; ends early when that breaks.
pub type PieceWork<'w, P, S, R> = &'w (dyn Fn(P, &mut S, HandIn<'_, R>) + Sync);

/// Takes a part of an answer; breaks when no more is wanted.
pub type HandIn<'h, R> = &'h mut dyn FnMut(R) -> ControlFlow<()>;

/// Takes an answer; breaks when it has enough.
pub type Answers<'s, R> = &'s mut (dyn FnMut(R) -> ControlFlow<()> + Send);

impl Pool<'_> {
    /// Has `work` done for all `pieces`, and gives what it answers to `answers` in the order of the pieces, on any
    /// thread, one at a time. What is worked on when the pass is cancelled is not delivered. A panic of any of the three
    /// is one of this function.
    pub fn run<P, S, R>(
        &self,
        pieces: Pieces<'_, P>,
        work: &(dyn Fn(P, &mut S) -> R + Sync),
        answers: Answers<'_, R>,
    ) -> PassEnd
    where
        P: Send,
        S: Default,
        R: Send,
    {
        let whole = |piece: P, scratch: &mut S, hand_in: HandIn<'_, R>| {
            let _ = hand_in(work(piece, scratch));
        };
        self.run_in_parts(pieces, &whole, &|_| 0, answers)
    }

    /// The same for work whose answers come in parts. `weigh` tells the bytes of a part. Whoever would have too many of
    /// them wait waits itself until its piece is the first.
    pub fn run_in_parts<P, S, R>(
        &self,
        pieces: Pieces<'_, P>,
        work: PieceWork<'_, P, S, R>,
        weigh: &(dyn Fn(&R) -> usize + Sync),
        answers: Answers<'_, R>,
    ) -> PassEnd
    where
        P: Send,
        S: Default,
        R: Send,
    {
        let threads = self.threads.max(1);
        let floor = Floor {
            work,
            weigh,
            cancel: self.cancel,
            lead: 2 * threads,
            desk: Mutex::new(Desk {
                pieces: Some(pieces),
                row: VecDeque::new(),
                gone: 0,
                waiting: 0,
                is_delivering: false,
                is_stopped: false,
            }),
            answers: Mutex::new(answers),
            moved: Condvar::new(),
        };
        std::thread::scope(|scope| {
            for _ in 1..threads {
                let worker = std::thread::Builder::new().name("scan".to_owned());
                // Without a further thread the work is done by those that there are.
                if worker.spawn_scoped(scope, || floor.work_on()).is_err() {
                    break;
                }
            }
            floor.work_on();
        });
        if floor.desk().is_stopped {
            PassEnd::Stopped
        } else if self.cancel.is_cancelled() {
            PassEnd::Cancelled
        } else {
            PassEnd::Complete
        }
    }
}

/// What the workers of a pass share.
struct Floor<'a, P, S, R> {
    work: PieceWork<'a, P, S, R>,
    weigh: &'a (dyn Fn(&R) -> usize + Sync),
    cancel: &'a Cancel,
    /// Pieces that may be under way or waiting for an earlier one.
    lead: usize,
    desk: Mutex<Desk<'a, P, R>>,
    /// Locked by who delivers, never for the desk's lock.
    answers: Mutex<Answers<'a, R>>,
    moved: Condvar,
}

/// Where pieces are given out and answers handed in.
struct Desk<'a, P, R> {
    /// `None` when all are given out.
    pieces: Option<Pieces<'a, P>>,
    /// The pieces given out whose answers have not all gone to the sink, in order.
    row: VecDeque<InRow<R>>,
    /// How many have left the row.
    gone: u64,
    /// Bytes of the parts in the row.
    waiting: usize,
    /// Whether a worker hands the front of the row to the sink.
    is_delivering: bool,
    is_stopped: bool,
}

/// A piece that was given out.
struct InRow<R> {
    /// Parts of its answer that wait, each with its weight.
    parts: VecDeque<(R, usize)>,
    /// Whether no more parts come.
    is_done: bool,
}

impl<'a, P: Send, S: Default, R: Send> Floor<'a, P, S, R> {
    fn desk(&self) -> MutexGuard<'_, Desk<'a, P, R>> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'d>(&self, desk: MutexGuard<'d, Desk<'a, P, R>>) -> MutexGuard<'d, Desk<'a, P, R>> {
        self.moved.wait(desk).unwrap_or_else(PoisonError::into_inner)
    }

    /// A worker's life.
    fn work_on(&self) {
        let _stop = StopOnPanic(self);
        let mut scratch = S::default();
        while let Some((number, piece)) = self.take() {
            (self.work)(piece, &mut scratch, &mut |part| self.hand_in(number, part));
            if self.cancel.is_cancelled() {
                self.wake_all();
                return;
            }
            let mut desk = self.desk();
            let place = (number - desk.gone) as usize;
            desk.row[place].is_done = true;
            self.deliver(desk);
        }
    }

    /// The next piece and its number; `None` when there is nothing more to do.
    fn take(&self) -> Option<(u64, P)> {
        let mut desk = self.desk();
        loop {
            if desk.is_stopped || self.cancel.is_cancelled() {
                return None;
            }
            if desk.row.len() < self.lead {
                break;
            }
            desk = self.wait(desk);
        }
        let Some(piece) = desk.pieces.as_mut()?() else {
            desk.pieces = None;
            return None;
        };
        let number = desk.gone + desk.row.len() as u64;
        desk.row.push_back(InRow { parts: VecDeque::new(), is_done: false });
        Some((number, piece))
    }

    /// Puts a part of an answer into the row, and delivers the front of the row unless another worker does.
    fn hand_in(&self, number: u64, part: R) -> ControlFlow<()> {
        let weight = (self.weigh)(&part);
        let mut desk = self.desk();
        loop {
            if self.cancel.is_cancelled() {
                drop(desk);
                self.wake_all();
                return ControlFlow::Break(());
            }
            if desk.is_stopped {
                return ControlFlow::Break(());
            }
            // The first piece has to go on, or nobody would; unless what it has is being delivered.
            let goes_on = number == desk.gone && !desk.is_delivering;
            if goes_on || weight == 0 || desk.waiting + weight <= MOST_WAITING {
                break;
            }
            desk = self.wait(desk);
        }
        let place = (number - desk.gone) as usize;
        desk.waiting += weight;
        desk.row[place].parts.push_back((part, weight));
        self.deliver(desk);
        if self.desk().is_stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Hands the front of the row to the sink, unless another worker does.
    fn deliver<'d>(&'d self, mut desk: MutexGuard<'d, Desk<'a, P, R>>) {
        if std::mem::replace(&mut desk.is_delivering, true) {
            return;
        }
        while let Some(front) = desk.row.front_mut() {
            if let Some((part, weight)) = front.parts.pop_front() {
                if !desk.is_stopped {
                    drop(desk);
                    let flow = self.answers.lock().unwrap_or_else(PoisonError::into_inner)(part);
                    desk = self.desk();
                    desk.is_stopped |= flow.is_break();
                }
                desk.waiting -= weight;
            } else if front.is_done {
                desk.row.pop_front();
                desk.gone += 1;
            } else {
                break;
            }
            self.moved.notify_all();
        }
        desk.is_delivering = false;
        drop(desk);
        self.moved.notify_all();
    }

    /// Makes those that wait look again whether they are still wanted.
    fn wake_all(&self) {
        drop(self.desk());
        self.moved.notify_all();
    }
}

/// A worker that panics would leave the others waiting for its piece for ever.
struct StopOnPanic<'f, 'a, P: Send, S: Default, R: Send>(&'f Floor<'a, P, S, R>);

impl<P: Send, S: Default, R: Send> Drop for StopOnPanic<'_, '_, P, S, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.desk().is_stopped = true;
            self.0.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn count_to(end: u32) -> impl FnMut() -> Option<u32> + Send {
        let mut next = 0..end;
        move || next.next()
    }

    #[test]
    fn answers_come_in_order_and_each_worker_keeps_its_scratch() {
        for threads in [1, 2, 5] {
            let workers = AtomicUsize::new(0);
            let mut seen = Vec::new();
            let pool = Pool { threads, cancel: Cancel::never() };
            let work = |piece: u32, known: &mut bool| {
                workers.fetch_add(usize::from(!std::mem::replace(known, true)), Ordering::Relaxed);
                // The first of each few takes the longest.
                (0..(7 - piece % 7) * 500).for_each(|_| std::hint::spin_loop());
                piece * 2
            };
            let end = pool.run(&mut count_to(1000), &work, &mut |answer| {
                seen.push(answer);
                ControlFlow::Continue(())
            });
            assert_eq!(end, PassEnd::Complete);
            assert_eq!(seen, (0..1000).map(|piece| piece * 2).collect::<Vec<_>>());
            assert!((1..=threads).contains(&workers.into_inner()));
        }
    }

    #[test]
    fn nothing_is_delivered_after_the_sink_has_enough_and_few_pieces_were_taken_ahead() {
        let mut taken = count_to(u32::MAX);
        let given = AtomicUsize::new(0);
        let mut seen = Vec::new();
        let pool = Pool { threads: 3, cancel: Cancel::never() };
        let mut pieces = || {
            given.fetch_add(1, Ordering::Relaxed);
            taken()
        };
        let end = pool.run(&mut pieces, &|piece, (): &mut ()| piece, &mut |answer| {
            seen.push(answer);
            if answer == 9 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((end, seen), (PassEnd::Stopped, (0..10).collect()));
        assert!(given.into_inner() <= 10 + 2 * 3);
    }

    #[test]
    fn a_cancel_ends_the_pass_and_delivers_no_more() {
        let cancel = Cancel::default();
        let mut seen = 0;
        let pool = Pool { threads: 3, cancel: &cancel };
        let work = |piece: u32, (): &mut ()| {
            if piece == 50 {
                cancel.cancel();
            }
            piece
        };
        let end = pool.run(&mut count_to(u32::MAX), &work, &mut |answer| {
            assert_eq!(answer, seen);
            seen += 1;
            ControlFlow::Continue(())
        });
        assert_eq!(end, PassEnd::Cancelled);
        assert!(seen <= 50);
    }

    #[test]
    fn a_panic_of_a_worker_or_of_the_sink_ends_the_pass() {
        for (bad_piece, bad_answer) in [(Some(30), None), (None, Some(30)), (Some(0), None)] {
            let pass = || {
                let pool = Pool { threads: 4, cancel: Cancel::never() };
                let work = |piece: u32, (): &mut ()| {
                    assert_ne!(Some(piece), bad_piece, "as the test wants it");
                    piece
                };
                pool.run(&mut count_to(u32::MAX), &work, &mut |answer| {
                    assert_ne!(Some(answer), bad_answer, "as the test wants it");
                    ControlFlow::Continue(())
                })
            };
            assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(pass)).is_err());
        }
    }

    #[test]
    fn answers_in_parts_come_in_order_and_few_bytes_wait() {
        const PART: usize = 1 << 20;
        for threads in [1, 2, 5] {
            let waiting = AtomicUsize::new(0);
            let most = AtomicUsize::new(0);
            let mut seen = Vec::new();
            let pool = Pool { threads, cancel: Cancel::never() };
            let work = |piece: u32, (): &mut (), hand_in: HandIn<'_, (u32, u32)>| {
                for part in 0..20 {
                    most.fetch_max(waiting.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                    assert!(hand_in((piece, part)).is_continue());
                }
            };
            let end = pool.run_in_parts(&mut count_to(40), &work, &|_| PART, &mut |answer| {
                waiting.fetch_sub(1, Ordering::Relaxed);
                // Whoever takes is slower than those who make.
                (0..2000).for_each(|_| std::hint::spin_loop());
                seen.push(answer);
                ControlFlow::Continue(())
            });
            assert_eq!(end, PassEnd::Complete);
            let expected: Vec<_> = (0..40).flat_map(|piece| (0..20).map(move |part| (piece, part))).collect();
            assert_eq!(seen, expected, "{threads} threads");
            // What waits, and one part in the hands of each.
            let most = most.into_inner();
            assert!(most <= MOST_WAITING / PART + threads + 1, "{most} parts of {threads} threads");
        }
    }

    #[test]
    fn a_sink_that_has_enough_ends_those_that_wait_with_their_parts() {
        let pool = Pool { threads: 4, cancel: Cancel::never() };
        let (made, mut seen) = (AtomicUsize::new(0), 0);
        let work = |_: u32, (): &mut (), hand_in: HandIn<'_, ()>| {
            while hand_in(()).is_continue() {
                made.fetch_add(1, Ordering::Relaxed);
            }
        };
        // The parts of the first piece never end.
        let end = pool.run_in_parts(&mut count_to(u32::MAX), &work, &|()| MOST_WAITING, &mut |()| {
            seen += 1;
            if seen == 100 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert_eq!((end, seen), (PassEnd::Stopped, 100));
        assert!(made.into_inner() <= 110);
    }

    #[test]
    fn no_pieces_are_a_complete_pass() {
        let pool = Pool { threads: 2, cancel: Cancel::never() };
        let end = pool.run(&mut || None::<u32>, &|piece, (): &mut ()| piece, &mut |_| ControlFlow::Break(()));
        assert_eq!(end, PassEnd::Complete);
    }
}
