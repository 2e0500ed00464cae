//! Memory of the workers of a pass that is too large to be made for each piece: tables.

use std::sync::{Mutex, PoisonError};

/// What workers use by turns: as many as work at the same time.
#[derive(Debug)]
pub(super) struct Spare<T>(Mutex<Vec<T>>);

impl<T> Default for Spare<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Spare<T> {
    /// Does something with one that nobody uses, which `make` makes if there is none.
    pub fn with<R>(&self, make: impl FnOnce() -> T, work: impl FnOnce(&mut T) -> R) -> R {
        let spare = self.lock().pop();
        let mut own = spare.unwrap_or_else(make);
        let answer = work(&mut own);
        self.lock().push(own);
        answer
    }

    /// Looks at all that nobody uses at the moment; after a pass at all there are.
    pub fn each(&self, mut look: impl FnMut(&mut T)) {
        self.lock().iter_mut().for_each(&mut look);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
