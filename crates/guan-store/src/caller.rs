//! Who calls Guan, and what the clocks said: both arrive as values with every call that writes.

use std::net::IpAddr;

use guan_engine::model::{Moment, Span};
use guan_ledger::ClockState;
use serde::{Deserialize, Serialize};

use crate::patience::Patience;

/// Who calls Guan; not to be confused with the subject that a decision is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The stable id of the caller; never a display name.
    pub id: String,
    /// The session, if there is one.
    pub session: Option<String>,
    /// How they proved who they are, as in [`guan_ledger::Who::auth_method`].
    pub auth_method: Option<String>,
    /// Where the call came from.
    pub address: Option<IpAddr>,
    /// The request, for finding its other rows and log lines.
    pub request: Option<String>,
    /// Whether somebody still waits for what they asked.
    pub patience: Patience,
}

impl Caller {
    /// Somebody at the command line of the machine itself.
    pub fn local(id: impl Into<String>) -> Self {
        Self::of(id.into(), "local")
    }

    /// Guan itself, for what it finds and records on its own.
    pub fn system() -> Self {
        Self::of("guan".to_owned(), "system")
    }

    fn of(id: String, auth_method: &str) -> Self {
        Self {
            id,
            session: None,
            auth_method: Some(auth_method.to_owned()),
            address: None,
            request: None,
            patience: Patience::default(),
        }
    }
}

/// What the clocks of the machine said at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReading {
    /// Wall clock.
    pub wall: Moment,
    /// Boot-time clock (`CLOCK_BOOTTIME`: it counts in sleep too), in milliseconds since boot; `None` when it cannot be read.
    pub boot_clock: Option<Span>,
    /// The kernel's boot id; `None` when it cannot be read.
    pub boot_id: Option<String>,
    /// What is known about the wall clock.
    pub state: ClockState,
}

impl ClockReading {
    /// A reading of all clocks, with nothing known about how the wall clock is held.
    pub fn new(wall: Moment, boot_clock: Span, boot_id: impl Into<String>) -> Self {
        Self {
            wall,
            boot_clock: Some(boot_clock),
            boot_id: Some(boot_id.into()),
            state: ClockState::Unknown,
        }
    }
}
