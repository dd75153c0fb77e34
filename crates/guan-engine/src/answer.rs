//! Answers: decisions with stage and reason, and the evidence behind them.

use crate::model::{
    AssignmentId, Cover, FieldId, NodeId, OverlayId, Owner, PoolId, Principal, RecordId, RecordKey,
    RelationId, RestrictionId, Rights, RollUpId, RuleId, Scope, UserId,
};
use serde::Serialize;

/// The stages of a decision, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 1: is this session admitted at all?
    Session,
    /// 2: does a set in force grant the action on the object?
    Verb,
    /// 3: does its scope, or reach, cover the record?
    Reach,
    /// 4: does a restriction or lock take the record away?
    Restriction,
    /// 5: may these fields be seen or changed?
    Field,
}

/// Why something is refused. Where several refuse at one stage, the one named is the first in the
/// order of this list, then the smallest id, then the order of the request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Refusal {
    /// The organization of the session is another.
    WrongOrganization,
    /// The organization has no such user.
    UnknownSubject,
    /// The user is not active.
    Inactive,
    /// A disablement takes the user's access.
    AccessDisabled {
        /// By this overlay.
        overlay: OverlayId,
    },
    /// An assignment in force states networks, and the session is not from one of them.
    Network {
        /// The assignment with the smallest id that refuses.
        assignment: AssignmentId,
    },
    /// An assignment in force states hours, and it is another time.
    Hours {
        /// The assignment with the smallest id that refuses.
        assignment: AssignmentId,
    },
    /// A suspension locks out everybody outside its audience.
    LockedOut {
        /// By this overlay.
        overlay: OverlayId,
    },
    /// The organization has no such object.
    UnknownObject,
    /// The organization has no such action, or it cannot be asked of this target.
    UnknownAction,
    /// No set in force grants the action on the object.
    NoGrant,
    /// There is no such record.
    UnknownRecord,
    /// A set grants the action, but neither its scope nor any evidence covers the record.
    OutOfReach,
    /// The record is locked.
    Locked,
    /// The record waits in a pool and must be claimed before it is assigned.
    ClaimFirst {
        /// The pool.
        pool: PoolId,
    },
    /// A restriction takes the record away.
    Restricted {
        /// The restriction with the smallest id that refuses.
        restriction: RestrictionId,
    },
    /// The object has no such field.
    UnknownField {
        /// The field.
        field: FieldId,
    },
    /// The subject may not see the field.
    FieldHidden {
        /// The field.
        field: FieldId,
    },
    /// The subject may see the field and not change it.
    FieldReadOnly {
        /// The field.
        field: FieldId,
    },
}

impl Refusal {
    /// The stage that refused.
    pub const fn stage(&self) -> Stage {
        match self {
            Self::WrongOrganization
            | Self::UnknownSubject
            | Self::Inactive
            | Self::AccessDisabled { .. }
            | Self::Network { .. }
            | Self::Hours { .. }
            | Self::LockedOut { .. } => Stage::Session,
            Self::UnknownObject | Self::UnknownAction | Self::NoGrant => Stage::Verb,
            Self::UnknownRecord | Self::OutOfReach => Stage::Reach,
            Self::Locked | Self::ClaimFirst { .. } | Self::Restricted { .. } => Stage::Restriction,
            Self::UnknownField { .. } | Self::FieldHidden { .. } | Self::FieldReadOnly { .. } => {
                Stage::Field
            }
        }
    }

    /// Whether a suspension could ever relax it: never stage 1, never something unknown.
    pub const fn may_be_relaxed(&self) -> bool {
        match self {
            Self::NoGrant
            | Self::OutOfReach
            | Self::Locked
            | Self::ClaimFirst { .. }
            | Self::Restricted { .. }
            | Self::FieldHidden { .. }
            | Self::FieldReadOnly { .. } => true,
            Self::WrongOrganization
            | Self::UnknownSubject
            | Self::Inactive
            | Self::AccessDisabled { .. }
            | Self::Network { .. }
            | Self::Hours { .. }
            | Self::LockedOut { .. }
            | Self::UnknownObject
            | Self::UnknownAction
            | Self::UnknownRecord
            | Self::UnknownField { .. } => false,
        }
    }
}

/// A decision. A denial is a value, never an error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum Decision {
    /// Allowed by the policy. `evidence` is one path that is enough; [`Explanation`] has them all.
    /// It is `None` for questions on the object as such.
    Allow {
        /// One sufficient path.
        evidence: Option<Evidence>,
    },
    /// Refused by the policy, and relaxed by a suspension. The answer may leave only after this
    /// would-deny has been recorded durably.
    Relaxed {
        /// By this overlay.
        overlay: OverlayId,
        /// What the policy says.
        refusal: Refusal,
    },
    /// Refused.
    Deny {
        /// Why.
        #[serde(flatten)]
        refusal: Refusal,
    },
}

impl Decision {
    /// Whether the subject may go on.
    pub const fn is_allowed(&self) -> bool {
        matches!(self, Self::Allow { .. } | Self::Relaxed { .. })
    }
    /// What the policy alone says: the refusal of a denial or of a relaxed decision.
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Allow { .. } => None,
            Self::Relaxed { refusal, .. } | Self::Deny { refusal } => Some(refusal),
        }
    }
}

/// What a roll-up or an implicit child starts from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// An owner.
    Owner(Owner),
    /// The target of shares.
    Share(Principal),
    /// A team member.
    Team(UserId),
    /// A sharing rule.
    Rule(RuleId),
    /// The record's unit.
    Unit(NodeId),
    /// A dimension node that the record is tagged with.
    Dimension(NodeId),
}

/// One path by which a subject reaches a record, and what it yields. There is one entry for each
/// distinct path; its rights are the union over everything that shares the path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "path")]
pub enum Evidence {
    /// The scope of a grant covers the record, whoever owns it. Only scopes above `reachable`;
    /// the greatest that covers it.
    Scope {
        /// The scope.
        scope: Scope,
    },
    /// A grant covers records without owner.
    Unassigned,
    /// The subject is the owner, or belongs to the group that is.
    Owner {
        /// The owner.
        owner: Owner,
    },
    /// The object's default access.
    Baseline {
        /// What it yields.
        rights: Rights,
    },
    /// Default access controlled by parent: the level on the parent.
    Parent {
        /// The relation.
        relation: RelationId,
        /// The parent.
        parent: RecordId,
        /// What it yields.
        rights: Rights,
    },
    /// A roll-up along a tree.
    RollUp {
        /// The roll-up.
        roll_up: RollUpId,
        /// What it carries.
        cover: Cover,
        /// From where.
        source: Source,
        /// What it yields.
        rights: Rights,
    },
    /// A sharing rule whose target names the subject.
    Rule {
        /// The rule.
        rule: RuleId,
        /// What it yields.
        rights: Rights,
    },
    /// Shares with a principal that names the subject.
    Share {
        /// The target.
        to: Principal,
        /// What they yield together.
        rights: Rights,
    },
    /// The subject is in the record's team.
    Team {
        /// What the memberships yield together.
        rights: Rights,
    },
    /// The record is tagged with a node at or below one of the subject's.
    Dimension {
        /// The tagged node.
        node: NodeId,
        /// What it yields.
        rights: Rights,
    },
    /// A child record that the subject reaches by sharing gives read on this parent.
    ImplicitParent {
        /// The relation of the child.
        relation: RelationId,
        /// The child with the smallest id that does.
        child: RecordKey,
    },
    /// Reach on a parent gives a level on this child.
    ImplicitChild {
        /// The relation.
        relation: RelationId,
        /// The parent.
        parent: RecordId,
        /// How the parent is reached.
        source: Source,
        /// What it yields.
        rights: Rights,
    },
    /// The pool that the record waits in.
    Pool {
        /// The pool.
        pool: PoolId,
        /// What it yields.
        rights: Rights,
    },
}

impl Evidence {
    /// What the path yields. Scopes yield the action itself, shown as every right.
    pub const fn rights(&self) -> Rights {
        match self {
            Self::Scope { .. } | Self::Unassigned => Rights::from_bits(u8::MAX),
            Self::Owner { .. } => Rights::FULL,
            Self::ImplicitParent { .. } => Rights::READ,
            Self::Baseline { rights }
            | Self::Parent { rights, .. }
            | Self::RollUp { rights, .. }
            | Self::Rule { rights, .. }
            | Self::Share { rights, .. }
            | Self::Team { rights }
            | Self::Dimension { rights, .. }
            | Self::ImplicitChild { rights, .. }
            | Self::Pool { rights, .. } => *rights,
        }
    }
}

/// Everything that speaks for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Explanation {
    /// The decision, as `check` gives it.
    #[serde(flatten)]
    pub decision: Decision,
    /// Every path that yields the right which the action needs, in order, also when a later stage
    /// refused. Empty when stage 1 or 2 refused and for questions on the object as such. In JSON it is
    /// `paths`: the decision beside it has the one that decided as `evidence`.
    #[serde(rename = "paths")]
    pub evidence: Vec<Evidence>,
    /// For a denial: changes each of which would be enough to pass the stage that refused, the
    /// smallest first.
    pub remedies: Vec<Remedy>,
}

/// A change that would turn a refusal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "remedy")]
pub enum Remedy {
    /// Share the record with the subject.
    ShareRecord {
        /// The rights that the share needs.
        rights: Rights,
    },
    /// Assign this set to the subject: it grants what is missing.
    AssignSet {
        /// What to assign.
        set: crate::model::Assigned,
    },
    /// Assign a set that reaches every record.
    WiderScope {
        /// What to assign.
        set: crate::model::Assigned,
    },
    /// Put the subject into a group that reaches the record.
    JoinGroup {
        /// The group.
        group: crate::model::GroupId,
    },
    /// Place the subject at a node that reaches the record.
    PlaceAt {
        /// The node.
        node: NodeId,
    },
    /// Make the subject active.
    Activate,
    /// Come from a network, or at an hour, that the assignment allows, or change it.
    MeetAssignment {
        /// The assignment.
        assignment: AssignmentId,
    },
    /// Wait for the overlay to end, or close it.
    EndOverlay {
        /// The overlay.
        overlay: OverlayId,
    },
    /// Unlock the record.
    Unlock,
    /// Claim the record first.
    Claim,
    /// Change the restriction, or the record so that it passes.
    LiftRestriction {
        /// The restriction.
        restriction: RestrictionId,
    },
    /// Grant the field in a set that the subject holds, or assign one that grants it.
    GrantField {
        /// The field.
        field: FieldId,
    },
}
