//! Who has to hear what and when, as values; sending is somebody else's.

use super::request::Opened;
use crate::model::{Moment, Span};
use serde::{Deserialize, Serialize};

/// What there is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// Approvers are asked.
    ApprovalWanted,
    /// Enough people approved; it may be opened.
    Approved,
    /// Somebody said no, or it was withdrawn.
    Refused,
    /// A timer ran out.
    Expired,
    /// It opened.
    Opened,
    /// It opened as an emergency: every administrator hears it at once.
    EmergencyOpened,
    /// Half of its time is over.
    HalfTime,
    /// It ends in five minutes.
    FiveMinutesLeft,
    /// It closed.
    Closed,
    /// The report waits for a reviewer.
    ReviewWanted,
    /// Something that the window relaxed is not refused again after its end.
    SelfTestFailed,
    /// An edit that waited for the end meets what somebody else changed meanwhile: a person decides.
    ConflictWaits,
}

impl NoticeKind {
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ApprovalWanted => "approval_wanted",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Opened => "opened",
            Self::EmergencyOpened => "emergency_opened",
            Self::HalfTime => "half_time",
            Self::FiveMinutesLeft => "five_minutes_left",
            Self::Closed => "closed",
            Self::ReviewWanted => "review_wanted",
            Self::SelfTestFailed => "self_test_failed",
            Self::ConflictWaits => "conflict_waits",
        }
    }
}

/// Something to say at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Notice {
    /// When.
    pub at: Moment,
    /// What.
    pub kind: NoticeKind,
}

/// What is to be said while a window is open, in the order of time. A window of ten minutes or less
/// has no reminder five minutes before its end, since half of it is over then.
pub fn reminders(opened: &Opened) -> Vec<Notice> {
    let length = opened.ends.since(opened.starts);
    let half = Notice { at: opened.starts.plus(Span(length.0 / 2)), kind: NoticeKind::HalfTime };
    if length <= Span::minutes(10) {
        return vec![half];
    }
    let five = opened.ends.plus(Span::minutes(-5));
    vec![half, Notice { at: five, kind: NoticeKind::FiveMinutesLeft }]
}
