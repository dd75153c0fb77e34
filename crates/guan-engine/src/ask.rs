//! Questions: what is asked, by whom, in which situation.

use crate::activity::Standing;
use crate::model::{
    Action, FieldId, Moment, NodeId, ObjectId, OrganizationId, Owner, RecordKey, UserId,
};
use std::collections::BTreeSet;
use std::net::IpAddr;

/// The subject of a question with the context of its session.
#[derive(Clone, Debug)]
pub struct Session<'a> {
    /// The organization that the session belongs to.
    pub organization: OrganizationId,
    /// Who is asked about.
    pub subject: UserId,
    /// Where the session comes from; `None` when it is not known.
    pub address: Option<IpAddr>,
    /// The instant.
    pub at: Moment,
    /// Overlays and the facts that decide whether they act; `None` decides by the policy alone.
    pub standing: Option<Standing<'a>>,
}

impl<'a> Session<'a> {
    /// A session of `subject` at `at` in the organization `organization`, from an unknown address,
    /// by the policy alone.
    pub fn new(
        organization: impl Into<OrganizationId>,
        subject: impl Into<UserId>,
        at: Moment,
    ) -> Self {
        Self {
            organization: organization.into(),
            subject: subject.into(),
            address: None,
            at,
            standing: None,
        }
    }
    /// The same session from `address`.
    #[must_use]
    pub const fn from_address(mut self, address: IpAddr) -> Self {
        self.address = Some(address);
        self
    }
    /// The same session of another subject.
    #[must_use]
    pub fn of_subject(&self, subject: UserId) -> Self {
        Self { subject, ..self.clone() }
    }
    /// The same session under overlays.
    #[must_use]
    pub const fn under(mut self, standing: Standing<'a>) -> Self {
        self.standing = Some(standing);
        self
    }
}

/// What an action is asked on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The object as such: may the subject do this to some record of it?
    Object(ObjectId),
    /// One record.
    Record(RecordKey),
    /// A record to be made, for `create`. Other actions on it are refused.
    New {
        /// Its object.
        object: ObjectId,
        /// Its intended owners.
        owners: BTreeSet<Owner>,
        /// Its intended unit.
        unit: Option<NodeId>,
    },
}

impl Target {
    /// The object in question.
    pub const fn object(&self) -> &ObjectId {
        match self {
            Self::Object(object) | Self::New { object, .. } => object,
            Self::Record(key) => &key.object,
        }
    }
}

/// Whether an action is done to one record or to many at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// One record.
    #[default]
    Single,
    /// Many at once; `export` always is. A suspension leaves bulk export and bulk delete closed
    /// unless it says otherwise.
    Bulk,
}

/// A question of the form "may the subject do this?".
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Who, from where, when.
    pub session: Session<'a>,
    /// What.
    pub action: Action,
    /// To what.
    pub on: Target,
    /// Fields that it touches: for `read` and `export` they must be visible, for every other action
    /// editable.
    pub fields: Vec<FieldId>,
    /// One or many.
    pub extent: Extent,
}

impl<'a> Request<'a> {
    /// May the subject do `action` to `on`, no fields named?
    pub const fn new(session: Session<'a>, action: Action, on: Target) -> Self {
        Self { session, action, on, fields: Vec::new(), extent: Extent::Single }
    }
}
