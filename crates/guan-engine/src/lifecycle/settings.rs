//! What an organization decides about windows: who approves, and how long everything may take.

use crate::model::{Principal, Problem, Span};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Approvers that protected classes and bulk actions need at least, whatever the settings say.
pub(super) const PROTECTED_APPROVERS_MIN: usize = 2;

/// How many people have to agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum ApprovalPolicy {
    /// Nobody: an installation with a single administrator.
    None,
    /// One person who is not the requester.
    #[default]
    OneOther,
    /// So many of those named.
    SomeOf {
        /// How many.
        count: usize,
        /// Of whom; empty for everybody who may approve.
        #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
        among: BTreeSet<Principal>,
    },
}

impl ApprovalPolicy {
    /// How many approvals it asks for.
    pub fn needed(&self) -> usize {
        match self {
            Self::None => 0,
            Self::OneOther => 1,
            Self::SomeOf { count, .. } => *count,
        }
    }
}

/// Who approves what. A request has to satisfy every part that concerns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Approvals {
    /// Every request.
    pub usual: ApprovalPolicy,
    /// Requests that relax everything.
    pub everything: ApprovalPolicy,
    /// Requests that open protected classes or bulk actions; two at least, whatever is said here.
    pub protected: ApprovalPolicy,
}

impl Default for Approvals {
    fn default() -> Self {
        let two = || ApprovalPolicy::SomeOf { count: 2, among: BTreeSet::new() };
        Self { usual: ApprovalPolicy::OneOther, everything: two(), protected: two() }
    }
}

/// How long a draft waits for somebody to go on with it.
pub const DRAFT_VALID: Span = Span::minutes(7 * 24 * 60);

/// The settings of the switch. What is longer than the bound of [`SwitchSettings::validate`] counts
/// as the bound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct SwitchSettings {
    /// Who approves.
    pub approvals: Approvals,
    /// How long a preview may wait for approval, and how long an approval counts.
    pub approval_valid: Span,
    /// How long an approved request may wait to be opened.
    pub execution_valid: Span,
    /// The length of a window when nothing is said.
    pub length_default: Span,
    /// The longest window.
    pub length_max: Span,
    /// How long a scope may be off in any 24 hours.
    pub daily_max: Span,
    /// The longest emergency.
    pub emergency_max: Span,
    /// How long ago the requester of an emergency may have proved themselves again.
    pub step_up_valid: Span,
    /// A suspension that nobody used for so long is closed; absent for never.
    pub idle: Option<Span>,
}

impl Default for SwitchSettings {
    fn default() -> Self {
        Self {
            approvals: Approvals::default(),
            approval_valid: BOUNDS.approval_valid,
            execution_valid: BOUNDS.execution_valid,
            length_default: Span::minutes(30),
            length_max: BOUNDS.length_max,
            daily_max: Span::minutes(4 * 60),
            emergency_max: BOUNDS.emergency_max,
            step_up_valid: Span::minutes(5),
            idle: Some(Span::minutes(20)),
        }
    }
}

struct Bounds {
    approval_valid: Span,
    execution_valid: Span,
    length_max: Span,
    daily_max: Span,
    emergency_max: Span,
    step_up_valid: Span,
}

/// What no organization may exceed.
const BOUNDS: Bounds = Bounds {
    approval_valid: Span::minutes(24 * 60),
    execution_valid: Span::minutes(60),
    length_max: Span::minutes(4 * 60),
    daily_max: Span::minutes(12 * 60),
    emergency_max: Span::minutes(15),
    step_up_valid: Span::minutes(15),
};

impl SwitchSettings {
    /// The settings with every span held at its bound: what [`super::step`] goes by.
    #[must_use]
    pub(super) fn bounded(&self) -> Self {
        let mut bounded = self.clone();
        bounded.approval_valid = self.approval_valid.min(BOUNDS.approval_valid);
        bounded.execution_valid = self.execution_valid.min(BOUNDS.execution_valid);
        bounded.length_max = self.length_max.min(BOUNDS.length_max);
        bounded.length_default = self.length_default.min(bounded.length_max);
        bounded.daily_max = self.daily_max.min(BOUNDS.daily_max);
        bounded.emergency_max = self.emergency_max.min(BOUNDS.emergency_max);
        bounded.step_up_valid = self.step_up_valid.min(BOUNDS.step_up_valid);
        bounded
    }

    /// Every problem of the settings; none when they are good.
    pub fn validate(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut add = |place: &str, what: String| {
            problems.push(Problem { place: place.to_owned(), what });
        };
        for (place, span, bound) in [
            ("approval_valid", self.approval_valid, BOUNDS.approval_valid),
            ("execution_valid", self.execution_valid, BOUNDS.execution_valid),
            ("length_max", self.length_max, BOUNDS.length_max),
            ("length_default", self.length_default, self.length_max.min(BOUNDS.length_max)),
            ("daily_max", self.daily_max, BOUNDS.daily_max),
            ("emergency_max", self.emergency_max, BOUNDS.emergency_max),
            ("step_up_valid", self.step_up_valid, BOUNDS.step_up_valid),
            ("idle", self.idle.unwrap_or(Span::minutes(1)), BOUNDS.length_max),
        ] {
            let least = if place == "idle" { Span::minutes(1) } else { Span::seconds(1) };
            if span < least || span > bound {
                add(
                    place,
                    format!(
                        "{} s is out of bounds; use {} to {} s",
                        span.0 / 1_000,
                        least.0 / 1_000,
                        bound.0 / 1_000
                    ),
                );
            }
        }
        let approvals = &self.approvals;
        for (place, policy) in [
            ("usual", &approvals.usual),
            ("everything", &approvals.everything),
            ("protected", &approvals.protected),
        ] {
            if let ApprovalPolicy::SomeOf { count, .. } = policy
                && *count == 0
            {
                add(
                    &format!("approvals.{place}.count"),
                    "nobody would have to agree; use 1 or more, or the kind `none`".to_owned(),
                );
            }
        }
        if approvals.protected.needed() < PROTECTED_APPROVERS_MIN {
            add(
                "approvals.protected",
                "protected classes and bulk actions need two approvers at least; use `some_of` with a count of 2 or more".to_owned(),
            );
        }
        problems
    }
}
