//! Shows whether a job works on something. The job holds a guard, and the work ends when the guard is dropped.

use std::sync::{Arc, Weak};

/// Asked of a tab what is being done to it.
#[derive(Debug, Default)]
pub struct WorkState(Weak<()>);

/// Held by the job. The work has ended when it is dropped.
#[derive(Clone, Debug)]
pub struct WorkGuard {
    _held: Arc<()>,
}

impl WorkState {
    /// Whether the work is under way.
    pub fn is_under_way(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// The work begins, and lasts as long as the guard.
    pub fn begin(&mut self) -> WorkGuard {
        let held = Arc::new(());
        self.0 = Arc::downgrade(&held);
        WorkGuard { _held: held }
    }
}
