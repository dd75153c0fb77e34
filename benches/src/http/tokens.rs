//! Tokens of those who ask.

use crate::clock::now;
use crate::house::{Cast, Person, caller, organization, told};
use crate::world::user;
use guan_engine::model::Moment;
use guan_server::secret::NewSecret;
use guan_store::{Change, CredentialChange, NewToken, Store};
use std::collections::BTreeSet;

/// When tokens end: in the year 2100.
const LATE: Moment = Moment(4_102_444_800_000);

/// Tokens of the three, in their order.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Of the administrator; it may also ask about anybody.
    pub administrator: String,
    /// Of who sees much.
    pub much: String,
    /// Of who sees little.
    pub little: String,
}

/// Makes them.
pub fn tokens(store: &mut Store, cast: &Cast) -> Result<Tokens, String> {
    let mut token = |person: Person| -> Result<String, String> {
        let secret = NewSecret::new(&organization()).map_err(|_| "no random bytes")?;
        let change = CredentialChange::CreateToken(NewToken {
            id: secret.id,
            user: user(person.user),
            name: "benchmark".to_owned(),
            secret: secret.hash,
            scopes: vec!["all".to_owned(), "decide".to_owned()],
            networks: Vec::new(),
            ends: LATE,
            under: BTreeSet::new(),
            powers: None,
        });
        let change = Change::ChangeCredentials { organization: organization(), change };
        store.write(&caller(), &now(), &change).map_err(told)?;
        Ok(secret.text)
    };
    Ok(Tokens {
        administrator: token(cast.administrator)?,
        much: token(cast.much)?,
        little: token(cast.little)?,
    })
}
