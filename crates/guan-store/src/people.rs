//! Users who come and go: an id is one person's for ever, who goes leaves nothing to sign in with, and where mail reaches who stays.

use guan_engine::model::{OrganizationId, Problem, User, UserId, Value};

use crate::database::values;
use crate::entity::{Entities, EntityKind};
use crate::sql;
use crate::write::{WriteError, Writing};

impl Writing<'_> {
    /// Refuses an edit that gives the id of somebody who was removed to somebody new. Records in the bin, the ledger and
    /// histories go on speaking of the one who had it; an earlier revision brings that one back.
    pub(crate) fn are_new_people(
        &self,
        organization: &OrganizationId,
        before: &Entities,
        after: &Entities,
    ) -> Result<(), WriteError> {
        let mut problems = Vec::new();
        for id in users_only_in(after, before) {
            let key = values![organization.as_str(), EntityKind::User.name(), id];
            let last: Option<u64> = self.tx.only(sql::ENTITY_LAST, key, |row| row.get(0))?;
            if let Some(last) = last {
                let what = format!(
                    "the id was another user's until revision {last}: give a new user another id, or make an earlier revision current to bring that user back"
                );
                problems.push(Problem { place: format!("users.{id}"), what });
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(WriteError::Problems(problems)) }
    }

    /// Whoever is removed loses password, sessions and tokens with it, so that nobody finds them if the user comes back.
    pub(crate) fn end_credentials(
        &self,
        organization: &OrganizationId,
        before: &Entities,
        after: &Entities,
    ) -> Result<(), WriteError> {
        for id in users_only_in(before, after) {
            let (org, no_session) = (organization.as_str(), "");
            self.tx.run(sql::SESSIONS_END, values![org, id, no_session])?;
            self.tx.run(sql::TOKENS_REVOKE, values![org, id])?;
            self.tx.run(sql::ACCOUNT_DELETE, values![org, id])?;
        }
        Ok(())
    }
}

fn users_only_in<'e>(these: &'e Entities, those: &'e Entities) -> impl Iterator<Item = &'e str> {
    let users = these.keys().filter(|(kind, _)| *kind == EntityKind::User);
    users.filter(|key| !those.contains_key(*key)).map(|(_, id)| id.as_str())
}

/// The mail address of a user: an attribute that is one, or the id itself.
pub fn mail_of<'a>(id: &'a UserId, user: &'a User) -> Option<&'a str> {
    let named = |name: &str| ["email", "mail"].contains(&name.to_lowercase().as_str());
    let attributes = user.attributes.iter().filter_map(|(name, value)| match value {
        Value::Text(text) if named(name.as_str()) => Some(text.as_str()),
        _ => None,
    });
    attributes.chain([id.as_str()]).find(|text| text.contains('@'))
}
