//! Who proves to be whom, by what is kept in the store: looked up at most ten times a second for each secret.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use guan_engine::administration::stated_powers;
use guan_engine::model::{AddressRange, Moment, OrganizationId, Span};
use guan_store::{
    Caller, Change, ClockReading, CredentialChange, Gate, ReadError, StoredSession, StoredToken,
};
use parking_lot::Mutex;

use crate::caller::{Identity, Proof};
use crate::guard::is_same;
use crate::identity::{Credential, Identities};
use crate::problem::{Code, Problem};
use crate::scope::Scopes;
use crate::secret::Brought;

/// How long what was read of a secret counts; what another node revokes is noticed after that.
const FRESH: Span = Span(100);
/// How long what was read of a secret counts while the database is away: nobody can revoke it there meanwhile.
const KEPT_WHILE_AWAY: Span = Span::minutes(2);
/// Secrets that are remembered.
const REMEMBERED_MAX: usize = 10_000;
/// After which time in use a token is noted as used once more.
const TOKEN_NOTED: Span = Span::minutes(24 * 60);

/// Sessions and tokens of the store.
#[derive(Debug)]
pub struct StoredIdentities {
    gate: Arc<Gate>,
    session_idle: Span,
    remembered: Mutex<BTreeMap<(OrganizationId, String), Arc<Remembered>>>,
}

#[derive(Debug, Clone)]
struct Remembered {
    kept: Kept,
    /// What it proves, for as long as it is good.
    identity: Arc<Identity>,
    incarnation: u64,
    read_at: Option<Span>,
    is_current: bool,
}

/// A secret that is good, and what has to be noted of its use before it counts.
type Judged = (Arc<Identity>, Option<CredentialChange>);

impl Remembered {
    /// Whether it was read less than so long ago; never where the clocks do not say.
    fn is_within(&self, span: Span, clock: &ClockReading) -> bool {
        let (Some(then), Some(now)) = (self.read_at, clock.boot_clock) else { return false };
        let age = now.0.saturating_sub(then.0);
        (0..span.0).contains(&age)
    }
}

#[derive(Debug, Clone)]
enum Kept {
    Session(StoredSession),
    Token(StoredToken),
}

impl StoredIdentities {
    /// Over a gate.
    pub fn new(gate: Arc<Gate>, session_idle: Span) -> Self {
        Self { gate, session_idle, remembered: Mutex::default() }
    }

    fn look_up(
        &self,
        brought: &Brought,
        credential: &Credential,
        clock: &ClockReading,
    ) -> Result<Option<Arc<Remembered>>, Problem> {
        let key = brought.key();
        let known = self.remembered.lock().get(&key).cloned();
        if let Some(known) = &known
            && known.is_within(FRESH, clock)
        {
            return Ok(Some(Arc::clone(known)));
        }
        let org = &brought.organization;
        let found = self.gate.read(|reader| {
            let kept = match credential {
                Credential::Session(_) => reader.session(org, &brought.id)?.map(Kept::Session),
                Credential::Token(_) => reader.token(org, &brought.id)?.map(Kept::Token),
            };
            let Some(kept) = kept else { return Ok::<_, ReadError>(None) };
            let user = match &kept {
                Kept::Session(session) => &session.user,
                Kept::Token(token) => &token.user,
            };
            let must_change = reader.account(org, user)?.is_some_and(|account| account.must_change);
            let Some(identity) = identity_of(org, &kept, must_change) else { return Ok(None) };
            let incarnation = reader.incarnation()?;
            let (identity, read_at) = (Arc::new(identity), clock.boot_clock);
            Ok(Some(Arc::new(Remembered {
                kept,
                identity,
                incarnation,
                read_at,
                is_current: true,
            })))
        });
        let found = match found {
            Err(error) => return Ok(Some(while_away(error, known.as_deref(), clock)?)),
            Ok(found) => found,
        };
        let found = match found {
            Some(found) if self.is_outgrown(org, &found.kept)? => None,
            found => found,
        };
        let mut remembered = self.remembered.lock();
        if remembered.len() >= REMEMBERED_MAX {
            remembered.clear();
        }
        match &found {
            Some(found) => remembered.insert(key, found.clone()),
            None => remembered.remove(&key),
        };
        Ok(found)
    }

    /// Whether it is a token that somebody else made for a user who holds more now than then: what it opens is not its
    /// maker's to use.
    fn is_outgrown(&self, organization: &OrganizationId, kept: &Kept) -> Result<bool, Problem> {
        let Kept::Token(StoredToken { user, powers: Some(powers), .. }) = kept else {
            return Ok(false);
        };
        let view = self.gate.view(organization)?;
        Ok(!stated_powers(view.engine().policy(), user).is_subset(powers))
    }

    /// Notes that a secret is in use, now and then. What cannot be noted is noted later or ends.
    fn note(
        &self,
        organization: &OrganizationId,
        user: &str,
        change: CredentialChange,
        clock: &ClockReading,
    ) {
        let caller = Caller { id: user.to_owned(), ..Caller::system() };
        let change = Change::ChangeCredentials { organization: organization.clone(), change };
        match self.gate.write(&caller, clock, change) {
            Ok(_) => self.forget_all(),
            Err(error) => {
                tracing::warn!(name: "session.unnoted", error = %error, "use of a secret could not be noted");
            }
        }
    }
}

impl StoredIdentities {
    /// Whether a secret is the one that is kept, and good now.
    fn judge(
        &self,
        (brought, credential): (&Brought, &Credential),
        known: &Remembered,
        address: Option<IpAddr>,
        now: Moment,
    ) -> Result<Judged, Problem> {
        let (secret, incarnation, ends) = match &known.kept {
            Kept::Session(kept) => (kept.secret, kept.incarnation, kept.ends),
            Kept::Token(kept) => (kept.secret, kept.incarnation, kept.ends),
        };
        let is_its_kind = matches!(
            (&known.kept, credential),
            (Kept::Session(_), Credential::Session(_)) | (Kept::Token(_), Credential::Token(_))
        );
        if !is_its_kind
            || !is_same(secret.as_bytes(), brought.hash.as_bytes())
            || incarnation != known.incarnation
            || ends <= now
        {
            return Err(refused(credential));
        }
        let note = match &known.kept {
            Kept::Session(kept) => {
                let unused = now.since(kept.used);
                if unused.0 >= self.session_idle.0 {
                    return Err(refused(credential));
                }
                (unused.0 >= self.session_idle.0 / 3)
                    .then(|| CredentialChange::RenewSession { id: kept.id.clone() })
            }
            Kept::Token(kept) => {
                admits(kept, address)?;
                let is_noted = kept.used.is_some_and(|used| now.since(used).0 < TOKEN_NOTED.0);
                (!is_noted).then(|| CredentialChange::RenewToken { id: kept.id.clone() })
            }
        };
        Ok((Arc::clone(&known.identity), note.filter(|_| known.is_current)))
    }
}

impl Identities for StoredIdentities {
    fn recall(
        &self,
        credential: &Credential,
        address: Option<IpAddr>,
        clock: &ClockReading,
    ) -> Option<Result<Arc<Identity>, Problem>> {
        let Some(brought) = Brought::read(credential.text()) else {
            return Some(Err(refused(credential)));
        };
        let known = self.remembered.lock().get(&brought.key()).cloned()?;
        if !known.is_within(FRESH, clock) {
            return None;
        }
        match self.judge((&brought, credential), &known, address, clock.wall) {
            Ok((_, Some(_))) => None,
            Ok((identity, None)) => Some(Ok(identity)),
            Err(problem) => Some(Err(problem)),
        }
    }

    fn identify(
        &self,
        credential: &Credential,
        address: Option<IpAddr>,
        clock: &ClockReading,
    ) -> Result<Arc<Identity>, Problem> {
        let brought = Brought::read(credential.text()).ok_or_else(|| refused(credential))?;
        let known = self.look_up(&brought, credential, clock)?;
        let known = known.ok_or_else(|| refused(credential))?;
        let (identity, note) = self.judge((&brought, credential), &known, address, clock.wall)?;
        if let Some(change) = note {
            self.note(&brought.organization, identity.user.as_str(), change, clock);
        }
        Ok(identity)
    }

    fn forget_all(&self) {
        self.remembered.lock().clear();
    }
}

fn refused(credential: &Credential) -> Problem {
    Problem::new(match credential {
        Credential::Session(_) => Code::SessionEnded,
        Credential::Token(_) => Code::TokenRefused,
    })
}

/// What a kept secret proves; nothing when its scopes cannot be read.
fn identity_of(organization: &OrganizationId, kept: &Kept, must_change: bool) -> Option<Identity> {
    let (user, proof, must_change_password) = match kept {
        Kept::Session(kept) => {
            let (id, csrf, ends) = (kept.id.clone(), kept.csrf.clone(), kept.ends);
            (&kept.user, Proof::Session { id, csrf, ends }, must_change)
        }
        Kept::Token(kept) => {
            let scopes = Scopes::parse(&kept.scopes).ok()?;
            (&kept.user, Proof::Token { id: kept.id.clone(), scopes }, false)
        }
    };
    let (organization, user) = (organization.clone(), user.clone());
    Some(Identity { organization, user, proof, must_change_password })
}

/// What was read before counts a while longer, when it cannot be read now.
fn while_away(
    error: ReadError,
    known: Option<&Remembered>,
    clock: &ClockReading,
) -> Result<Arc<Remembered>, ReadError> {
    match known {
        Some(known) if error.is_away() && known.is_within(KEPT_WHILE_AWAY, clock) => {
            Ok(Arc::new(Remembered { is_current: false, ..known.clone() }))
        }
        _ => Err(error),
    }
}

/// A token with networks is for them alone; an address that is not known is in none.
fn admits(token: &StoredToken, address: Option<IpAddr>) -> Result<(), Problem> {
    if token.networks.is_empty() {
        return Ok(());
    }
    let is_inside = |address: IpAddr| {
        token.networks.iter().any(|network| {
            network.parse::<AddressRange>().is_ok_and(|network| network.contains(address))
        })
    };
    if address.is_some_and(is_inside) { Ok(()) } else { Err(Problem::new(Code::AddressRefused)) }
}

#[cfg(test)]
mod tests {
    use guan_engine::model::{Moment, Span};
    use guan_ledger::Digest;
    use guan_store::{ClockReading, ReadError, StorageError, StoredSession};

    use super::{Arc, Kept, Remembered, identity_of, while_away};

    fn remembered() -> Remembered {
        let session = StoredSession {
            id: "s-1".into(),
            user: "ada".into(),
            secret: Digest::of(b"secret"),
            csrf: "csrf".into(),
            incarnation: 1,
            opened: Moment(0),
            used: Moment(0),
            ends: Moment(1_000_000),
            address: None,
            agent: None,
        };
        let (kept, read_at) = (Kept::Session(session), Some(Span(0)));
        let identity = Arc::new(identity_of(&"acme".into(), &kept, false).unwrap());
        Remembered { kept, identity, incarnation: 1, read_at, is_current: true }
    }

    #[test]
    fn while_the_database_is_away_what_was_read_counts_for_two_minutes() {
        let away = || ReadError::Storage(StorageError::Busy);
        let at = |boot_ms| ClockReading::new(Moment(boot_ms), Span(boot_ms), "boot-1");
        let kept = while_away(away(), Some(&remembered()), &at(119_999)).unwrap();
        assert!(!kept.is_current, "nothing is noted of it meanwhile");
        assert!(while_away(away(), Some(&remembered()), &at(120_000)).is_err());
        assert!(while_away(away(), None, &at(1)).is_err());
        let damaged = ReadError::Storage(StorageError::Damaged);
        assert!(while_away(damaged, Some(&remembered()), &at(1)).is_err());
    }
}
