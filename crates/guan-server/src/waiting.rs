//! Who waits for the answer to a request, and what is known of it when the wait is over.

use std::sync::atomic::{AtomicBool, Ordering};

use guan_store::Patience;

use crate::context::Context;
use crate::problem::{Code, Problem};

/// The wait for an answer.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    patience: Patience,
    is_arriving: AtomicBool,
    is_long: AtomicBool,
    changes: AtomicBool,
}

impl Waiting {
    /// What the work for the request asks whether it is still waited for.
    pub(crate) fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// The request may change something from here on.
    pub(crate) fn may_change(&self) {
        self.changes.store(true, Ordering::Release);
    }

    /// The request may take longer than others from here on.
    pub(crate) fn may_take_long(&self) {
        self.is_long.store(true, Ordering::Release);
    }

    /// Whether it may, and its body has come.
    pub(crate) fn is_long(&self) -> bool {
        self.is_long.load(Ordering::Acquire) && !self.is_arriving.load(Ordering::Acquire)
    }

    /// Nobody waits any more. What the request was to change is not committed from here on; what was committed a
    /// moment before, nobody knows.
    pub(crate) fn give_up(&self) -> Problem {
        let is_arriving = self.is_arriving.load(Ordering::Acquire);
        self.patience.give_up();
        if is_arriving {
            Problem::new(Code::RequestTooSlow).detail("the body did not arrive in time")
        } else if self.changes.load(Ordering::Acquire) {
            Problem::new(Code::OutcomeUnknown).detail("the operation took too long")
        } else {
            Problem::new(Code::TookTooLong)
        }
    }
}

/// A body on its way.
#[derive(Debug)]
pub(crate) struct Arriving(Context);

impl Arriving {
    /// The body of a request is awaited until this is dropped.
    pub(crate) fn begin(context: Context) -> Self {
        context.waiting.is_arriving.store(true, Ordering::Release);
        Self(context)
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        self.0.waiting.is_arriving.store(false, Ordering::Release);
    }
}
