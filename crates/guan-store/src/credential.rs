//! By what people and programs prove who they are: passwords, sessions, tokens; kept as hashes, changed through the one write method.

mod apply;

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::model::{Moment, OrganizationId, OverlayId, Power, UserId};
use guan_ledger::Digest;

use crate::database::{Row, values};
use crate::error::{ReadError, StorageError};
use crate::store::Store;
use crate::{log, sql};

/// A change of credentials. Each leaves one row in the ledger, under the name of its operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CredentialChange {
    /// `set_password`: another password; every session of the user ends but the one to be kept.
    SetPassword {
        /// The user, who must be in the policy.
        user: UserId,
        /// Hash of the password with its salt and parameters, as a PHC string.
        hash: String,
        /// Whether the user must change it before anything else.
        must_change: bool,
        /// The session that does not end.
        keep: Option<String>,
    },
    /// `open_session`: somebody proved who they are; failures before are forgotten.
    OpenSession(NewSession),
    /// `refuse_session`: somebody did not.
    RefuseSession {
        /// The account, if there is one.
        user: Option<UserId>,
        /// Until when the account takes no further attempt.
        paused_until: Moment,
    },
    /// `renew_session`: a session is in use.
    RenewSession {
        /// Its id.
        id: String,
    },
    /// `end_session`: a session ends before its time.
    EndSession {
        /// Its id.
        id: String,
    },
    /// `end_sessions`: all sessions of a user end before their time.
    EndSessions {
        /// Whose.
        user: UserId,
        /// The session that does not end.
        keep: Option<String>,
    },
    /// `create_token`: a secret for a program.
    CreateToken(NewToken),
    /// `renew_token`: a token is in use.
    RenewToken {
        /// Its id.
        id: String,
    },
    /// `revoke_token`: a token ends before its time.
    RevokeToken {
        /// Its id.
        id: String,
    },
}

/// A session that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    /// Its public id.
    pub id: String,
    /// Whose it is.
    pub user: UserId,
    /// Hash of its secret.
    pub secret: Digest,
    /// What changing requests of a browser bring with it.
    pub csrf: String,
    /// When it ends at the latest.
    pub ends: Moment,
    /// What the browser calls itself.
    pub agent: Option<String>,
}

/// A token that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// Its public id.
    pub id: String,
    /// Who is called by it.
    pub user: UserId,
    /// What people call it.
    pub name: String,
    /// Hash of its secret.
    pub secret: Digest,
    /// What it may be used for, as the server reads it.
    pub scopes: Vec<String>,
    /// From where, as `192.0.2.0/24`; none for everywhere.
    pub networks: Vec<String>,
    /// When it ends.
    pub ends: Moment,
    /// Overlays without which its maker could not have made it: it ends with the first of them.
    pub under: BTreeSet<OverlayId>,
    /// Where somebody else made it: what the user was stated to hold then. With more it is over.
    pub powers: Option<BTreeSet<Power>>,
}

/// What is kept of a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Hash of the password, as a PHC string.
    pub hash: String,
    /// Whether it must be changed before anything else.
    pub must_change: bool,
    /// When it was set.
    pub changed: Moment,
    /// Failed attempts since the last success.
    pub failed: u64,
    /// Until when no further attempt is taken.
    pub paused_until: Moment,
    /// Who gave it, and when, where it was not its holder; what the holder made of it since does not matter.
    pub given: Option<(String, Moment)>,
}

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its public id.
    pub id: String,
    /// Whose it is.
    pub user: UserId,
    /// Hash of its secret.
    pub secret: Digest,
    /// What changing requests of a browser bring with it.
    pub csrf: String,
    /// The incarnation of the installation that it counts under.
    pub incarnation: u64,
    /// When it was opened.
    pub opened: Moment,
    /// When it was last found in use.
    pub used: Moment,
    /// When it ends at the latest.
    pub ends: Moment,
    /// Where it was opened from.
    pub address: Option<String>,
    /// What the browser called itself.
    pub agent: Option<String>,
}

/// A token as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    /// Its public id.
    pub id: String,
    /// Who is called by it.
    pub user: UserId,
    /// What people call it.
    pub name: String,
    /// Hash of its secret.
    pub secret: Digest,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// From where; none for everywhere.
    pub networks: Vec<String>,
    /// The incarnation of the installation that it counts under.
    pub incarnation: u64,
    /// Who made it.
    pub made_by: String,
    /// When it was made.
    pub made: Moment,
    /// When it was last found in use.
    pub used: Option<Moment>,
    /// When it ends.
    pub ends: Moment,
    /// Where somebody else made it: what the user was stated to hold then. With more it is over.
    pub powers: Option<BTreeSet<Power>>,
}

impl Store {
    /// What is kept of a user's password; `None` while there is none.
    pub fn account(
        &self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Option<Account>, ReadError> {
        let key = values![organization.as_str(), user.as_str()];
        Ok(self.database.one(sql::ACCOUNT, key, |row| {
            Ok(Account {
                hash: row.get(0)?,
                must_change: row.get(1)?,
                changed: Moment(row.get(2)?),
                failed: row.get(3)?,
                paused_until: Moment(row.get(4)?),
                given: row.get::<Option<String>>(5)?.zip(row.get::<Option<i64>>(6)?.map(Moment)),
            })
        })?)
    }

    /// The users who have a password, in the order of their ids.
    pub fn accounts(&self, organization: &OrganizationId) -> Result<Vec<UserId>, ReadError> {
        let org = values![organization.as_str()];
        let subject = |row: &Row<'_>| row.get::<String>(0).map(UserId::from);
        Ok(self.database.rows(sql::ACCOUNT_SUBJECTS, org, subject)?)
    }

    /// When the users between two ids, both included, last signed in; without those who never did.
    ///
    /// Cost: one statement; those of them who have a password.
    pub fn signed_in(
        &self,
        organization: &OrganizationId,
        (first, last): (&str, &str),
    ) -> Result<BTreeMap<UserId, Moment>, ReadError> {
        let key = values![organization.as_str(), first, last];
        let rows = self.database.rows(sql::ACCOUNTS_SIGNED_IN, key, |row| {
            Ok((row.get::<String>(0)?.into(), Moment(row.get(1)?)))
        })?;
        Ok(rows.into_iter().collect())
    }

    /// A session; whether it still counts is for the caller to judge.
    pub fn session(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<StoredSession>, ReadError> {
        let key = values![organization.as_str(), id];
        Ok(self.database.one(sql::SESSION, key, StoredSession::of)?)
    }

    /// The sessions of a user, in the order of their ids.
    pub fn sessions(
        &self,
        organization: &OrganizationId,
        user: &UserId,
    ) -> Result<Vec<StoredSession>, ReadError> {
        let key = values![organization.as_str(), user.as_str()];
        Ok(self.database.rows(sql::SESSIONS, key, StoredSession::of)?)
    }

    /// A token; whether it still counts is for the caller to judge.
    pub fn token(
        &self,
        organization: &OrganizationId,
        id: &str,
    ) -> Result<Option<StoredToken>, ReadError> {
        let key = values![organization.as_str(), id];
        Ok(self.database.one(sql::TOKEN, key, StoredToken::of)?)
    }

    /// The tokens of an organization, in the order of their ids.
    pub fn tokens(&self, organization: &OrganizationId) -> Result<Vec<StoredToken>, ReadError> {
        Ok(self.database.rows(sql::TOKENS, values![organization.as_str()], StoredToken::of)?)
    }
}

impl StoredSession {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            user: row.get::<String>(1)?.into(),
            secret: log::digest(&row.get::<Vec<u8>>(2)?)?,
            csrf: row.get(3)?,
            incarnation: row.get(4)?,
            opened: Moment(row.get(5)?),
            used: Moment(row.get(6)?),
            ends: Moment(row.get(7)?),
            address: row.get(8)?,
            agent: row.get(9)?,
        })
    }
}

impl StoredToken {
    fn of(row: &Row<'_>) -> Result<Self, StorageError> {
        Ok(Self {
            id: row.get(0)?,
            user: row.get::<String>(1)?.into(),
            name: row.get(2)?,
            secret: log::digest(&row.get::<Vec<u8>>(3)?)?,
            scopes: list(&row.get::<String>(4)?)?,
            networks: list(&row.get::<String>(5)?)?,
            incarnation: row.get(6)?,
            made_by: row.get(7)?,
            made: Moment(row.get(8)?),
            used: row.get::<Option<i64>>(9)?.map(Moment),
            ends: Moment(row.get(10)?),
            powers: row
                .get::<Option<String>>(11)?
                .map(|text| serde_json::from_str(&text).map_err(StorageError::unreadable))
                .transpose()?,
        })
    }
}

fn list(text: &str) -> Result<Vec<String>, StorageError> {
    serde_json::from_str(text).map_err(StorageError::unreadable)
}
