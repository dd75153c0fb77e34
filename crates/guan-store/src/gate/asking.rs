//! Who asks the gate for records, from where and when.

use std::net::IpAddr;

use guan_engine::ask::Session;
use guan_engine::model::{OrganizationId, UserId};

use crate::caller::{Caller, ClockReading};

/// Who asks the gate for records: the caller, for whom it is decided, and the clocks of the question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Who calls Guan.
    pub caller: Caller,
    /// The organization.
    pub organization: OrganizationId,
    /// Who is asked about.
    pub subject: UserId,
    /// Where the session comes from; `None` when it is not known.
    pub address: Option<IpAddr>,
    /// Who sees as the subject sees, if somebody does: suspensions do not count then, and nothing is shown that the
    /// viewer may not see themself.
    pub viewer: Option<UserId>,
    /// What the clocks said when the question came.
    pub clock: ClockReading,
}

impl Asking {
    /// The session of who sees as the subject sees, by the policy alone.
    pub(super) fn viewing(&self) -> Option<Session<'static>> {
        let viewer = self.viewer.clone()?;
        let mut session = Session::new(self.organization.clone(), viewer, self.clock.wall);
        session.address = self.caller.address;
        Some(session)
    }

    /// The session for the engine, by the policy alone.
    pub fn session(&self) -> Session<'static> {
        let organization = self.organization.clone();
        let mut session = Session::new(organization, self.subject.clone(), self.clock.wall);
        session.address = self.address;
        session
    }
}
