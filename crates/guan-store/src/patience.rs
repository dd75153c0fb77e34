//! Whether somebody still waits for a change: what was given up is not made any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::StorageError;

/// Shared by who waits for an answer and by the work for it. Asked between the parts of long work and before a commit.
#[derive(Debug, Clone, Default)]
pub struct Patience(Arc<AtomicBool>);

impl Patience {
    /// Nobody waits any more: nothing more is committed.
    pub fn give_up(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Refuses to go on where nobody waits.
    ///
    /// Errors: [`StorageError::GivenUp`].
    pub fn goes_on(&self) -> Result<(), StorageError> {
        if self.0.load(Ordering::Acquire) { Err(StorageError::GivenUp) } else { Ok(()) }
    }
}

/// Who waits makes no difference to what is asked.
impl PartialEq for Patience {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Patience {}
