//! A request for a window as it is kept: what is wanted, how far it came, and the evidence of every step.

use super::facts::Hindrance;
use crate::model::{
    Audience, Floor, Moment, OrganizationId, OverlayEffect, OverlayId, Span, UserId,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The id of a request; never used again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct RequestId(String);

impl RequestId {
    /// Takes any text; it has no meaning here.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }
    /// The text as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Written down.
    Draft,
    /// What it would change was worked out.
    Previewed,
    /// A backup was taken and verified; approvals are asked for.
    BackedUp,
    /// Enough people approved.
    Approved,
    /// Everything was checked again; it may open.
    Armed,
    /// Its overlay exists. Whether it acts is the affair of the activity rule alone.
    Open,
    /// Its overlay does not count any more.
    Closed,
    /// What happened was put together.
    Reported,
    /// Somebody signed the report off.
    Reviewed,
    /// An approver said no, or it was withdrawn; it never opened.
    Refused,
    /// A timer ran out before it opened.
    Expired,
}

impl State {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 11] = [
        Self::Draft,
        Self::Previewed,
        Self::BackedUp,
        Self::Approved,
        Self::Armed,
        Self::Open,
        Self::Closed,
        Self::Reported,
        Self::Reviewed,
        Self::Refused,
        Self::Expired,
    ];
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Previewed => "previewed",
            Self::BackedUp => "backed_up",
            Self::Approved => "approved",
            Self::Armed => "armed",
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Reported => "reported",
            Self::Reviewed => "reviewed",
            Self::Refused => "refused",
            Self::Expired => "expired",
        }
    }
    /// Whether its overlay has not been opened and still may be.
    pub const fn may_still_open(self) -> bool {
        matches!(
            self,
            Self::Draft | Self::Previewed | Self::BackedUp | Self::Approved | Self::Armed
        )
    }
    /// Whether nothing can follow.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Reviewed | Self::Refused | Self::Expired)
    }
}
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which way a request goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// Through approval.
    #[default]
    Usual,
    /// By one person, short, narrow and loud, and reviewed afterwards.
    Emergency,
}

impl Urgency {
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Emergency => "emergency",
        }
    }
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// What the overlay does.
    pub effect: OverlayEffect,
    /// Whom it concerns.
    #[serde(default)]
    pub audience: Audience,
    /// How long, in milliseconds; absent for the organization's usual length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Span>,
    /// From when; absent for as soon as it is opened. The end is counted from here, so opening late
    /// only shortens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Moment>,
    /// Why.
    pub reason: String,
    /// Ticket, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Legal basis, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Whether it goes on after the machine was started anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub survives_reboot: bool,
    /// What stays closed beside the built-in floor.
    #[serde(default)]
    pub floor: Floor,
    /// Which way it goes.
    #[serde(default)]
    pub urgency: Urgency,
    /// The open overlay that this one is to carry on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extends: Option<OverlayId>,
}

impl Wanted {
    /// A request of the usual kind, as soon as possible, with the usual length.
    pub fn new(effect: OverlayEffect, audience: Audience, reason: impl Into<String>) -> Self {
        Self {
            effect,
            audience,
            length: None,
            starts: None,
            reason: reason.into(),
            ticket: None,
            legal_basis: None,
            survives_reboot: false,
            floor: Floor::default(),
            urgency: Urgency::Usual,
            extends: None,
        }
    }
}

/// What was shown before anybody approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PreviewEvidence {
    /// When it was worked out.
    pub at: Moment,
    /// The policy revision that it was worked out on.
    pub revision: u64,
    /// The digest of that revision.
    pub policy: String,
    /// The digest of the preview as it was shown.
    pub document: String,
    /// The open windows with an overlapping scope that it showed.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub overlapping: BTreeSet<OverlayId>,
}

/// A backup that was verified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BackupEvidence {
    /// Its name.
    pub name: String,
    /// The digest of its manifest.
    pub manifest: String,
    /// The digest of the policy inside.
    pub policy: String,
    /// When it was last read again and found whole.
    pub verified: Moment,
}

/// One person's yes. It is kept for ever; whether it counts is worked out anew each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// The edition of the request that they saw.
    pub edition: u32,
    /// A text that is used once: the same approval sent twice is refused.
    pub key: String,
    /// When they took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_back: Option<Moment>,
}

/// That it opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// The overlay.
    pub overlay: OverlayId,
    /// Who opened it.
    pub by: UserId,
    /// First instant.
    pub starts: Moment,
    /// End, exclusive.
    pub ends: Moment,
    /// Whose approvals counted at that moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<UserId>,
    /// What would have kept any window but an emergency from opening.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub in_spite_of: BTreeSet<Hindrance>,
}

/// What ended a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ClosedBy {
    /// Its end came.
    Deadline,
    /// Somebody closed it.
    Hand,
    /// Something was not as it has to be.
    Safety,
    /// Nobody used it.
    Idle,
}

impl ClosedBy {
    /// What ended a window and in which words, as its closing record says; what is not understood was for safety.
    pub fn read(why: &str) -> (Self, &str) {
        let (cause, words) = why.split_once(": ").unwrap_or((why, ""));
        let all = [Self::Deadline, Self::Hand, Self::Safety, Self::Idle];
        let known = all.into_iter().find(|known| known.name() == cause);
        known.map_or((Self::Safety, why), |known| (known, words))
    }
    /// The word that begins the reason in a closing record.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Hand => "by_hand",
            Self::Safety => "safety",
            Self::Idle => "idle",
        }
    }
}

/// That it closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// From when it does not count.
    pub at: Moment,
    /// When that was written.
    pub recorded: Moment,
    /// What ended it.
    pub cause: ClosedBy,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
    /// Who closed it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<UserId>,
}

/// Would-denies that were asked again after the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// How many were asked.
    pub asked: u64,
    /// How many were refused, as all must be.
    pub refused: u64,
}

/// What the report rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportEvidence {
    /// When it was made.
    pub at: Moment,
    /// The digest of the report.
    pub document: String,
    /// The digest of the policy when it closed.
    pub policy: String,
    /// The self-test.
    pub self_test: SelfTest,
}

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to follow up.
    InOrder,
    /// Something has to be followed up; the words say what.
    Findings,
}

/// The sign-off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// What they say.
    pub verdict: Verdict,
    /// In words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A no, or a withdrawal when it comes from an author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Refused {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Moment,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub words: String,
}

/// A request with its whole life so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WindowRequest {
    /// Its id.
    pub id: RequestId,
    /// The organization.
    pub organization: OrganizationId,
    /// Rises by one with every step; an act names the version that its author saw.
    pub version: u64,
    /// Rises with every edit and preview; an approval names the edition that it is for.
    pub edition: u32,
    /// The incarnation of the installation in which it was written.
    pub incarnation: u64,
    /// Who asked.
    pub requested_by: UserId,
    /// Everybody who had a hand in what is asked, the requester included. None of them approves.
    pub authors: BTreeSet<UserId>,
    /// When it was written down.
    pub drafted: Moment,
    /// The latest wall clock that any step saw.
    pub touched: Moment,
    /// What is asked for.
    pub wanted: Wanted,
    /// How far it came.
    pub state: State,
    /// What was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preview: Option<PreviewEvidence>,
    /// The backup.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<BackupEvidence>,
    /// Every approval that was ever given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<Approval>,
    /// When enough people had approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Moment>,
    /// That it opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Opened>,
    /// That it closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// The report.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<ReportEvidence>,
    /// The sign-off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Review>,
    /// The no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}

impl WindowRequest {
    /// The id of its overlay: the request's own, so that a window has one name all its life.
    pub fn overlay(&self) -> OverlayId {
        OverlayId::new(self.id.as_str())
    }
    /// The end of its overlay is written.
    pub(super) fn close(&mut self, closed: Closed) {
        self.closed = Some(closed);
        self.state = State::Closed;
    }
}
