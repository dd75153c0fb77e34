//! Who waits for the answer to a request, and what is known of it when the wait is over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use guan_store::Patience;

use crate::problem::{Code, Problem};

/// Stands in the extensions of a request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Waiting {
    patience: Patience,
    known: Arc<Known>,
}

#[derive(Debug, Default)]
struct Known {
    is_arriving: AtomicBool,
    is_long: AtomicBool,
    changes: AtomicBool,
}

impl Waiting {
    /// That of a request; one of its own for what came past the layers.
    pub(crate) fn of(request: &Request) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }

    /// What the work for the request asks whether it is still waited for.
    pub(crate) fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// The request may change something from here on.
    pub(crate) fn may_change(&self) {
        self.known.changes.store(true, Ordering::Release);
    }

    /// The request may take longer than others from here on.
    pub(crate) fn may_take_long(&self) {
        self.known.is_long.store(true, Ordering::Release);
    }

    /// Whether it may, and its body has come.
    pub(crate) fn is_long(&self) -> bool {
        let known = &self.known;
        known.is_long.load(Ordering::Acquire) && !known.is_arriving.load(Ordering::Acquire)
    }

    /// The body is awaited until what this returns is dropped.
    pub(crate) fn arriving(&self) -> Arriving {
        self.known.is_arriving.store(true, Ordering::Release);
        Arriving(Arc::clone(&self.known))
    }

    /// Nobody waits any more. What the request was to change is not committed from here on; what was committed a
    /// moment before, nobody knows.
    pub(crate) fn give_up(&self) -> Problem {
        let is_arriving = self.known.is_arriving.load(Ordering::Acquire);
        self.patience.give_up();
        if is_arriving {
            Problem::new(Code::RequestTooSlow).detail("the body did not arrive in time")
        } else if self.known.changes.load(Ordering::Acquire) {
            Problem::new(Code::OutcomeUnknown).detail("the operation took too long")
        } else {
            Problem::new(Code::TookTooLong)
        }
    }
}

/// A body on its way.
#[derive(Debug)]
pub(crate) struct Arriving(Arc<Known>);

impl Drop for Arriving {
    fn drop(&mut self) {
        self.0.is_arriving.store(false, Ordering::Release);
    }
}
