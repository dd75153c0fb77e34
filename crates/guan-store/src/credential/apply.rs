//! What a change of credentials does to the rows, inside the transaction of the write method.

use guan_engine::model::{OrganizationId, UserId};
use guan_ledger::{ChangeKind, Kind, Status};

use super::{CredentialChange, NewSession, NewToken};
use crate::database::values;
use crate::entity::EntityKind;
use crate::error::StorageError;
use crate::log::{Draft, completion};
use crate::write::{Effect, WriteError, Writing};
use crate::{revision, sql};

impl CredentialChange {
    /// Its name in the ledger.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::SetPassword { .. } => "set_password",
            Self::OpenSession(_) => "open_session",
            Self::RefuseSession { .. } => "refuse_session",
            Self::RenewSession { .. } => "renew_session",
            Self::EndSession { .. } => "end_session",
            Self::EndSessions { .. } => "end_sessions",
            Self::CreateToken(_) => "create_token",
            Self::RenewToken { .. } => "renew_token",
            Self::RevokeToken { .. } => "revoke_token",
        }
    }
}

impl Writing<'_> {
    pub(crate) fn change_credentials(
        &self,
        organization: &OrganizationId,
        change: &CredentialChange,
    ) -> Result<Effect, WriteError> {
        // Also that there is such an organization.
        revision::current(self.tx, organization)?;
        let org = organization.as_str();
        let draft = |kind| Draft::new(kind, change.name());
        let draft = match change {
            CredentialChange::SetPassword { user, hash, must_change, keep } => {
                self.is_user(organization, user)?;
                let now = self.clock.wall.0;
                let row = values![org, user.as_str(), hash, *must_change, now];
                self.tx.run(sql::ACCOUNT_PUT, row)?;
                let keep = keep.as_deref().unwrap_or_default();
                self.tx.run(sql::SESSIONS_END, values![org, user.as_str(), keep])?;
                if self.caller.id != user.as_str() {
                    // It may be because somebody else knows the one before: nothing older opens anything.
                    self.tx.run(sql::TOKENS_OF_DELETE, values![org, user.as_str()])?;
                    let given = values![org, user.as_str(), &self.caller.id, now];
                    self.tx.run(sql::ACCOUNT_GIVEN, given)?;
                }
                about(draft(Kind::CredentialChanged), ChangeKind::Updated, user.as_str())
            }
            CredentialChange::OpenSession(session) => {
                self.open_session(organization, session)?;
                about(draft(Kind::SessionOpened), ChangeKind::Opened, &session.id)
            }
            CredentialChange::RefuseSession { user, paused_until } => {
                let mut draft = draft(Kind::SessionRefused);
                draft.result = Some(completion(Status::Refused, Some("sign_in_refused".into())));
                if let Some(user) = user {
                    let row = values![org, user.as_str(), paused_until.0];
                    self.tx.run(sql::ACCOUNT_FAILED, row)?;
                    draft.what.record = Some(user.to_string());
                }
                draft
            }
            CredentialChange::RenewSession { id } => {
                let row = values![org, id, self.clock.wall.0];
                one_of("session", id, self.tx.run(sql::SESSION_USED, row)?)?;
                about(draft(Kind::SessionOpened), ChangeKind::Updated, id)
            }
            CredentialChange::EndSession { id } => {
                one_of("session", id, self.tx.run(sql::SESSION_END, values![org, id])?)?;
                about(draft(Kind::CredentialChanged), ChangeKind::Closed, id)
            }
            CredentialChange::EndSessions { user, keep } => {
                self.is_user(organization, user)?;
                let keep = keep.as_deref().unwrap_or_default();
                self.tx.run(sql::SESSIONS_END, values![org, user.as_str(), keep])?;
                about(draft(Kind::CredentialChanged), ChangeKind::Closed, user.as_str())
            }
            CredentialChange::CreateToken(token) => {
                self.create_token(organization, token)?;
                about(draft(Kind::CredentialChanged), ChangeKind::Created, &token.id)
            }
            CredentialChange::RenewToken { id } => {
                let row = values![org, id, self.clock.wall.0];
                one_of("token", id, self.tx.run(sql::TOKEN_USED, row)?)?;
                about(draft(Kind::CredentialChanged), ChangeKind::Updated, id)
            }
            CredentialChange::RevokeToken { id } => {
                one_of("token", id, self.tx.run(sql::TOKEN_REVOKE, values![org, id])?)?;
                about(draft(Kind::CredentialChanged), ChangeKind::Deleted, id)
            }
        };
        Ok(Effect::one(org, draft))
    }

    fn open_session(
        &self,
        organization: &OrganizationId,
        session: &NewSession,
    ) -> Result<(), WriteError> {
        self.is_user(organization, &session.user)?;
        let (org, user) = (organization.as_str(), session.user.as_str());
        let (now, incarnation) = (self.clock.wall.0, self.side.incarnation);
        // What ended by itself is forgotten when somebody comes.
        self.tx.run(sql::SESSIONS_FORGET, values![org, now, incarnation])?;
        self.tx.run(sql::ACCOUNT_SIGNED_IN, values![org, user, now])?;
        let address = self.caller.address.map(|address| address.to_string());
        let row = values![
            org,
            &session.id,
            user,
            session.secret.as_bytes(),
            &session.csrf,
            incarnation,
            now,
            session.ends.0,
            address,
            session.agent.as_deref(),
        ];
        self.tx.run(sql::SESSION_CREATE, row)?;
        Ok(())
    }

    fn create_token(
        &self,
        organization: &OrganizationId,
        token: &NewToken,
    ) -> Result<(), WriteError> {
        self.is_user(organization, &token.user)?;
        let first = self.note_token(organization, &token.id, &token.under)?;
        let ends = first.map_or(token.ends, |first| token.ends.min(first));
        let text = |list: &[String]| serde_json::to_string(list).map_err(StorageError::unreadable);
        let powers = token.powers.as_ref().map(serde_json::to_string).transpose();
        let row = values![
            organization.as_str(),
            &token.id,
            token.user.as_str(),
            &token.name,
            token.secret.as_bytes(),
            text(&token.scopes)?,
            text(&token.networks)?,
            self.side.incarnation,
            &self.caller.id,
            self.clock.wall.0,
            ends.0,
            powers.map_err(StorageError::unreadable)?,
        ];
        self.tx.run(sql::TOKEN_CREATE, row)?;
        Ok(())
    }

    fn is_user(&self, organization: &OrganizationId, user: &UserId) -> Result<(), WriteError> {
        let key = values![organization.as_str(), user.as_str()];
        let is_there: bool = self.tx.only(sql::USER_IS_THERE, key, |row| row.get(0))?;
        if is_there {
            return Ok(());
        }
        Err(WriteError::UnknownEntity { kind: EntityKind::User, id: user.to_string() })
    }
}

fn one_of(what: &'static str, id: &str, changed: u64) -> Result<(), WriteError> {
    match changed {
        1 => Ok(()),
        _ => Err(WriteError::UnknownCredential { what, id: id.to_owned() }),
    }
}

/// What the row is about, by id.
fn about(mut draft: Draft, kind: ChangeKind, id: &str) -> Draft {
    draft.what.record = Some(id.to_owned());
    draft.changed(kind, 1)
}
