//! Work on a thread of its own: a name, progress, cancel on drop, and a call that wakes the window.
//!
//! A job owns what it works on (a snapshot, a path) and never touches what the window shows. Dropping it
//! asks the worker to stop and lets it go: nobody waits for it. It does not know what the work is.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::Instant;

/// Called from any thread when something is there to be shown.
pub type Waker = Arc<dyn Fn() + Send + Sync>;

/// A waker for whoever looks by itself: tests, the command line.
pub fn no_waker() -> Waker {
    Arc::new(|| {})
}

/// Whether something is no longer wanted. Any thread may ask and say so; once said, it stays so.
#[derive(Debug)]
pub struct Cancel(Option<AtomicBool>);

impl Cancel {
    /// The flag of what is always wanted.
    pub fn never() -> &'static Self {
        static NEVER: Cancel = Cancel(None);
        &NEVER
    }

    /// Says that it is no longer wanted.
    pub fn cancel(&self) {
        if let Some(flag) = &self.0 {
            flag.store(true, Ordering::Relaxed);
        }
    }

    /// Whether it is no longer wanted.
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self(Some(AtomicBool::default()))
    }
}

/// How far a job is, and whether it is still wanted. Shared by the worker and whoever shows it.
#[derive(Debug, Default)]
pub struct Progress {
    done: Arc<AtomicU64>,
    total: AtomicU64,
    cancel: Arc<Cancel>,
}

impl Progress {
    /// That of a part of the work: what the part has done counts here too, and it is cancelled with the whole. The total
    /// of each is its own.
    #[must_use]
    pub fn of_part(&self) -> Self {
        Self { done: Arc::clone(&self.done), total: AtomicU64::default(), cancel: Arc::clone(&self.cancel) }
    }

    /// That of work which is cancelled with this one, and counts for itself.
    #[must_use]
    pub fn apart(&self) -> Self {
        Self { cancel: Arc::clone(&self.cancel), ..Self::default() }
    }

    /// Says how much there is to do, in any unit; 0 means not known.
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Counts `by` more as done, in the unit of the total.
    pub fn advance(&self, by: u64) {
        self.done.fetch_add(by, Ordering::Relaxed);
    }

    /// How much is done, in the unit of the total.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// How much there is to do; 0 while it is not known.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// 0.0 to 1.0, `None` while the total is not known.
    pub fn fraction(&self) -> Option<f32> {
        let total = self.total();
        (total > 0).then(|| (self.done() as f64 / total as f64).min(1.0) as f32)
    }

    /// Asks the worker to stop; it does so at its next chunk.
    pub fn cancel(&self) {
        self.cancel.cancel();
    }

    /// The worker asks this once a chunk and stops when it is true.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// The flag behind [`Self::is_cancelled`], for a read that ends when the job is no longer wanted.
    pub fn as_cancel(&self) -> &Cancel {
        &self.cancel
    }
}

/// How a job stands when it is asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Poll<T> {
    Running,
    Done(T),
    /// The worker panicked, or its answer was taken before.
    Lost,
}

/// A running piece of work whose answer is a `T`.
#[derive(Debug)]
pub struct Job<T> {
    name: String,
    progress: Arc<Progress>,
    answer: Receiver<T>,
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread called `name`; `wake` is called when it has ended, whichever way.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub fn spawn(
        name: &str,
        wake: Waker,
        work: impl FnOnce(&Progress) -> T + Send + 'static,
    ) -> io::Result<Self> {
        let progress = Arc::new(Progress::default());
        let (sender, answer) = sync_channel(1);
        let shared = Arc::clone(&progress);
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Dropped in the reverse order: the channel is closed before the window is woken to look at it.
            let _wake = WakeOnDrop(wake);
            let sender = sender;
            let value = work(&shared);
            // Nobody listens any more when the job was dropped; its answer is not wanted then.
            let _ = sender.send(value);
        })?;
        Ok(Self { name: name.to_owned(), progress, answer })
    }

    /// The answer, once. Never blocks.
    pub fn poll(&mut self) -> Poll<T> {
        match self.answer.try_recv() {
            Ok(value) => Poll::Done(value),
            Err(TryRecvError::Empty) => Poll::Running,
            Err(TryRecvError::Disconnected) => Poll::Lost,
        }
    }

    /// Waits for the answer; for tests and the command line, never for the window.
    pub fn wait(self) -> Option<T> {
        self.answer.recv().ok()
    }

    /// Waits for the answer until `deadline`; `None` when it has not come by then.
    pub fn wait_until(self, deadline: Instant) -> Option<T> {
        self.answer.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
    }
}

impl<T> Job<T> {
    /// What the job is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How far it is.
    pub fn progress(&self) -> &Arc<Progress> {
        &self.progress
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.progress.cancel();
    }
}

/// Wakes also when the worker panics, so that the window learns of it.
struct WakeOnDrop(Waker);

impl Drop for WakeOnDrop {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn dropping_a_job_stops_its_worker() {
        let (ended, end) = channel();
        let job = Job::spawn("loop", no_waker(), move |progress| {
            while !progress.is_cancelled() {
                std::thread::yield_now();
            }
            let _ = ended.send(());
        });
        drop(job.expect("a thread"));
        assert!(end.recv_timeout(std::time::Duration::from_secs(20)).is_ok());
    }

    #[test]
    fn waiting_for_a_job_ends_with_its_answer_or_at_the_deadline() {
        let soon = || Instant::now() + std::time::Duration::from_millis(20);
        let (go, wait) = channel::<()>();
        let job = Job::spawn("waits", no_waker(), move |_| wait.recv().is_ok()).expect("a thread");
        assert_eq!(job.wait_until(soon()), None);
        let _ = go.send(());
        let job = Job::spawn("answers", no_waker(), |_| 7).expect("a thread");
        assert_eq!(job.wait_until(Instant::now() + std::time::Duration::from_secs(20)), Some(7));
    }

    #[test]
    fn a_panic_in_the_worker_is_a_lost_job_not_a_hang() {
        let (woken, wake) = channel();
        let waker: Waker = Arc::new(move || {
            let _ = woken.send(());
        });
        let mut job = Job::<()>::spawn("panics", waker, |_| panic!("on purpose")).expect("a thread");
        assert!(wake.recv_timeout(std::time::Duration::from_secs(20)).is_ok());
        while job.poll() == Poll::Running {
            std::thread::yield_now();
        }
        assert_eq!(job.poll(), Poll::Lost);
    }
}
