//! The words of the permission model as plain data: what is stored, imported, compared and compiled.

mod action;
mod address;
mod assignment;
mod delegation;
mod group;
mod id;
mod mask;
mod moment;
mod object;
mod overlay;
mod policy;
mod pool;
mod power;
mod principal;
mod record;
mod restriction;
mod rights;
mod rule;
mod set;
mod tree;
mod user;
mod validate;
mod value;

pub use action::{Action, CustomAction, RightName, STANDARD_ACTIONS};
pub use address::{AddressError, AddressRange};
pub use assignment::{Assigned, Assignment, Hours, HoursWindow};
pub use delegation::Delegation;
pub use group::{Group, GroupKind};
pub use id::{
    ActionName, AssignmentId, DelegationId, FieldId, GroupId, NodeId, ObjectId, OrganizationId,
    OverlayId, PoolId, RecordId, RelationId, RestrictionId, RollUpId, RuleId, SetGroupId, SetId,
    TreeId, UserId,
};
pub use mask::Mask;
pub use moment::{Moment, MomentError, Span};
pub use object::{
    Baseline, Baselines, Dimension, Field, FieldClass, FieldMode, FieldType, Object, OwnerChange,
    Relation, UnitSource,
};
pub use overlay::{
    Audience, Closing, Disabled, Floor, Layer, Opening, Others, Overlay, OverlayEffect,
    SuspensionScope,
};
pub use policy::{LIMITS, Limits, Organization, Policy, RevealLimits};
pub use pool::{Pool, PoolRules};
pub use power::{Post, Power};
pub use principal::{Population, Principal};
pub use record::{Owner, Record, RecordKey, Share, TeamMember};
pub use restriction::Restriction;
pub use rights::{Right, Rights};
pub use rule::SharingRule;
pub use set::{
    FieldAccess, Grant, GroupReach, ObjectPermission, PermissionSet, PermissionSetGroup, Scope,
    SetKind,
};
pub use tree::{Cover, Node, PlacedAs, RollUp, RollUpSpan, RollUpWho, Tree, TreeKind};
pub use user::{Placement, User, UserKind};
pub use validate::{Problem, ValidRecord};
pub use value::{Number, Value, ValueError};
