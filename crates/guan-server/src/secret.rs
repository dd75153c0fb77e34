//! Secrets as text: `guan_ORGANIZATION_ID_SECRET` in hexadecimal, so that a leaked one is found and its owner known.

use guan_engine::model::OrganizationId;
use guan_ledger::Digest;

use crate::page;
use crate::problem::Problem;

const PREFIX: &str = "guan";

/// A secret that was made just now.
#[derive(Clone)]
pub struct NewSecret {
    /// The public id under which its hash is kept.
    pub id: String,
    /// The hash that is kept.
    pub hash: Digest,
    /// The whole text, to be shown once.
    pub text: String,
}

impl std::fmt::Debug for NewSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("NewSecret").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A secret as a request brought it.
pub(crate) struct Brought {
    pub(crate) organization: OrganizationId,
    pub(crate) id: String,
    pub(crate) hash: Digest,
}

impl NewSecret {
    /// Makes one: 256 random bits.
    ///
    /// Errors: the system gives no random bytes.
    pub fn new(organization: &OrganizationId) -> Result<Self, Problem> {
        let (id, secret) = (random_hex::<8>()?, random_hex::<32>()?);
        let text = format!("{PREFIX}_{}_{id}_{secret}", page::seal(organization.as_str()));
        Ok(Self { id, hash: Digest::of(secret.as_bytes()), text })
    }
}

impl Brought {
    /// Under what it is kept.
    pub(crate) fn key(&self) -> (OrganizationId, String) {
        (self.organization.clone(), self.id.clone())
    }

    /// Takes a text apart; `None` when it is not one of ours.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('_');
        let (prefix, organization, id, secret) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        if prefix != PREFIX || parts.next().is_some() {
            return None;
        }
        let organization = page::open(organization).ok()?.into();
        Some(Self { organization, id: id.to_owned(), hash: Digest::of(secret.as_bytes()) })
    }
}

/// So many random bytes in hexadecimal.
pub(crate) fn random_hex<const N: usize>() -> Result<String, Problem> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| Problem::bug("the system gives no random bytes"))?;
    Ok(page::hex(&bytes))
}
