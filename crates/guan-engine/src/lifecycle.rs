//! The life of a window from draft to review: one transition function over values, and what it asks.
//!
//! A [`WindowRequest`] is one value that is kept as it is. [`step`] takes it, an [`Act`] and the
//! [`Facts`] of this moment, and gives the next value or the named [`Rule`] that refuses. Nothing is
//! remembered beside the value and nothing runs in the background: every timer is a comparison with
//! the clock in the facts, asked anew at every act. Closing is never held up by anything else.

mod act;
mod closing;
mod facts;
mod notice;
mod opening;
mod overlap;
mod request;
mod rule;
mod settings;
mod step;
mod tally;
mod total;
mod weight;

pub use act::{Act, Actor, Event, Outcome};
pub use closing::{End, closed_together, ending};
pub use facts::{Account, Duty, Facts, Hindrance, Identity, Standing, Window};
pub use notice::{Notice, NoticeKind, reminders};
pub use opening::planned;
pub use overlap::overlap;
pub use request::{
    Approval, BackupEvidence, Closed, ClosedBy, Opened, PreviewEvidence, Refused, ReportEvidence,
    RequestId, Review, SelfTest, State, Urgency, Verdict, Wanted, WindowRequest,
};
pub use rule::{Discount, Rule, Timer};
pub use settings::{ApprovalPolicy, Approvals, DRAFT_VALID, SwitchSettings};
pub use step::{closed, draft, expired, step};
pub use tally::{Cause, DemandTally, Discounted, Tally, tally};
pub use total::off_time;
pub use weight::{Weight, weights};
