//! What can be done to a request, by whom, and in which states.

use super::closing::End;
use super::notice::NoticeKind;
use super::request::{
    BackupEvidence, PreviewEvidence, ReportEvidence, State, Verdict, Wanted, WindowRequest,
};
use crate::model::{Overlay, OverlayId, UserId};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user, signed in.
    User(UserId),
    /// The program itself: whoever comes by and finds something to write.
    System,
}

/// What is done to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Something else is wanted. Preview, backup and approvals count no more.
    Edit(Box<Wanted>),
    /// What it would change was worked out and shown.
    Preview(PreviewEvidence),
    /// A backup was taken and verified.
    BackUp(BackupEvidence),
    /// A yes.
    Approve {
        /// The edition that was seen.
        edition: u32,
        /// A text that is used once.
        key: String,
    },
    /// The own yes is taken back.
    TakeBack,
    /// A no: the request is over.
    Refuse {
        /// Why.
        words: String,
    },
    /// The request is not wanted any more.
    Withdraw {
        /// Why.
        words: String,
    },
    /// Everything is checked again, and the backup was read again.
    Arm(BackupEvidence),
    /// The overlay is made. The id must never have been used.
    Open {
        /// Its id.
        overlay: OverlayId,
    },
    /// Somebody closes it.
    Close {
        /// Why.
        words: String,
    },
    /// Its end was found; see [`super::ending`].
    End(End),
    /// The report was made.
    Report(ReportEvidence),
    /// The report is signed off.
    Review {
        /// What the reviewer says.
        verdict: Verdict,
        /// In words.
        words: String,
    },
    /// A timer ran out; writes down what holds anyway.
    Expire,
}

impl Event {
    /// What is done, as a participle.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Edit(_) => "edited",
            Self::Preview(_) => "previewed",
            Self::BackUp(_) => "backed up",
            Self::Approve { .. } => "approved",
            Self::TakeBack => "un-approved",
            Self::Refuse { .. } => "refused",
            Self::Withdraw { .. } => "withdrawn",
            Self::Arm(_) => "armed",
            Self::Open { .. } => "opened",
            Self::Close { .. } | Self::End(_) => "closed",
            Self::Report(_) => "reported",
            Self::Review { .. } => "reviewed",
            Self::Expire => "expired",
        }
    }
    /// Whether it brings a request nearer to being open. Only such an act needs clocks in order,
    /// running timers and the same incarnation; everything else is always safe to write.
    pub(super) const fn leads_to_opening(&self) -> bool {
        matches!(
            self,
            Self::Edit(_)
                | Self::Preview(_)
                | Self::BackUp(_)
                | Self::Approve { .. }
                | Self::Arm(_)
                | Self::Open { .. }
        )
    }
    /// Whether it follows in this state.
    pub(super) const fn follows(&self, state: State) -> bool {
        match self {
            Self::Edit(_) | Self::Preview(_) | Self::Withdraw { .. } | Self::Expire => {
                state.may_still_open()
            }
            Self::BackUp(_) => matches!(state, State::Previewed),
            Self::Approve { .. } | Self::TakeBack => {
                matches!(state, State::BackedUp | State::Approved | State::Armed)
            }
            Self::Refuse { .. } => {
                matches!(state, State::Previewed | State::BackedUp | State::Approved | State::Armed)
            }
            Self::Arm(_) => matches!(state, State::Approved),
            Self::Open { .. } => matches!(state, State::Armed),
            Self::Close { .. } | Self::End(_) => matches!(state, State::Open),
            Self::Report(_) => matches!(state, State::Closed),
            Self::Review { .. } => matches!(state, State::Reported),
        }
    }
}

/// An act: who does what to which version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who.
    pub by: Actor,
    /// The version that they saw. Closing does not ask: it always wins.
    pub expected: u64,
    /// What.
    pub event: Event,
}

/// What a step gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The request as it is now.
    pub request: WindowRequest,
    /// The overlay to be sealed and kept in the same transaction, when it opened.
    pub overlay: Option<Overlay>,
    /// What is to be said at once.
    pub notices: Vec<NoticeKind>,
}
