//! Users who go and come: nobody gets what was somebody else's.

use guan_engine::model::{OrganizationId, Pool, Span, User, UserId};
use guan_ledger::Digest;
use guan_store::{
    Change, CredentialChange, Entity, EntityKind, NewSession, NewToken, RecordsChange, WriteError,
};

use crate::shop::{Shop, policy, shop};
use crate::world::{START, caller, org};

fn edit(shop: &Shop, put: Vec<Entity>, remove: &[(EntityKind, &str)]) -> Result<(), WriteError> {
    let remove = remove.iter().map(|(kind, id)| (*kind, (*id).to_owned())).collect();
    let expected = shop.gate.read(|reader| reader.current_revision(&org())).unwrap();
    let reason = "people".to_owned();
    let change = Change::EditPolicy { organization: org(), expected, put, remove, reason };
    shop.gate.write(&caller(), &shop.world.clock, change).map(|_| ())
}

fn remove_bo(shop: &Shop) {
    let mut pool: Pool = policy().pools["sea"].clone();
    pool.members.retain(|one| one.to_string() != "user:bo");
    let put = vec![Entity::new(EntityKind::Pool, "sea", &pool).unwrap()];
    let gone = [(EntityKind::Assignment, "as-2"), (EntityKind::User, "bo")];
    edit(shop, put, &gone).unwrap();
}

fn bo() -> Vec<Entity> {
    let user = User { name: "another Bo".to_owned(), active: true, ..User::default() };
    vec![Entity::new(EntityKind::User, "bo", &user).unwrap()]
}

fn credential(shop: &Shop, change: CredentialChange) {
    let change = Change::ChangeCredentials { organization: org(), change };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
}

fn session(user: &UserId) -> NewSession {
    NewSession {
        id: format!("s-{user}"),
        user: user.clone(),
        secret: Digest::of(b"secret"),
        csrf: "csrf".into(),
        ends: START.plus(Span::minutes(60)),
        agent: None,
    }
}

fn token(user: &UserId) -> NewToken {
    NewToken {
        id: format!("t-{user}"),
        user: user.clone(),
        name: "nightly import".into(),
        secret: Digest::of(b"secret"),
        scopes: vec!["read".into()],
        networks: vec![],
        ends: START.plus(Span::minutes(60)),
        under: [].into(),
        powers: None,
    }
}

/// Bo with a password, a session and a token; another has the same.
fn signed_in(shop: &Shop) {
    for user in ["bo", "anna"] {
        let user = UserId::from(user);
        credential(
            shop,
            CredentialChange::SetPassword {
                user: user.clone(),
                hash: "hash".into(),
                must_change: false,
                keep: None,
            },
        );
        credential(shop, CredentialChange::OpenSession(session(&user)));
        credential(shop, CredentialChange::CreateToken(token(&user)));
    }
}

fn held(shop: &Shop, user: &str) -> (bool, usize, usize) {
    let (organization, user): (OrganizationId, UserId) = (org(), user.into());
    shop.gate
        .read(|reader| {
            let account = reader.account(&organization, &user)?.is_some();
            let sessions = reader.sessions(&organization, &user)?.len();
            let tokens = reader.tokens(&organization)?;
            let tokens = tokens.iter().filter(|token| token.user == user).count();
            Ok::<_, guan_store::ReadError>((account, sessions, tokens))
        })
        .unwrap()
}

#[test]
fn who_is_removed_leaves_nothing_to_sign_in_with() {
    let shop = shop();
    signed_in(&shop);
    assert_eq!((held(&shop, "bo"), held(&shop, "anna")), ((true, 1, 1), (true, 1, 1)));
    let rows = shop.rows();
    remove_bo(&shop);
    assert_eq!((held(&shop, "bo"), held(&shop, "anna")), ((false, 0, 0), (true, 1, 1)));
    assert_eq!(shop.rows(), rows + 1, "it is one change");
}

#[test]
fn the_id_of_who_was_removed_is_nobody_elses() {
    let shop = shop();
    remove_bo(&shop);
    let revision = shop.gate.read(|reader| reader.current_revision(&org())).unwrap();
    let Err(WriteError::Problems(problems)) = edit(&shop, bo(), &[]) else { panic!("is refused") };
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].place, "users.bo");
    assert!(problems[0].what.contains("revision 3"), "{}", problems[0].what);
    assert_eq!(shop.gate.read(|reader| reader.current_revision(&org())).unwrap(), revision);
    // A user who is there can be changed, and an id that was nobody's be given.
    let mut others = bo();
    others[0].id = "bo-2".into();
    edit(&shop, others, &[]).unwrap();
}

#[test]
fn an_earlier_revision_brings_back_the_one_who_was_there_without_what_they_signed_in_with() {
    let shop = shop();
    signed_in(&shop);
    remove_bo(&shop);
    let change = Change::MakeCurrent {
        organization: org(),
        expected: 3,
        revision: 2,
        reason: "back".into(),
    };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
    assert_eq!(shop.all("bo", &crate::shop::accounts(9)), ["a-2", "a-4", "a-6", "a-8"]);
    assert_eq!(held(&shop, "bo"), (false, 0, 0));
}

#[test]
fn a_whole_policy_that_leaves_somebody_out_ends_what_they_signed_in_with_too() {
    let shop = shop();
    signed_in(&shop);
    let mut without = policy();
    without.assignments.remove("as-2");
    without.users.remove("bo");
    without.pools.clear();
    let change = Change::ReplacePolicy {
        policy: Box::new(without),
        expected: 2,
        records: RecordsChange::Replace(Vec::new()),
        reason: "imported".into(),
    };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
    assert_eq!(held(&shop, "bo"), (false, 0, 0));
    // Whoever is in the next import is who was in the one before: ids there are the other system's.
    let change = Change::ReplacePolicy {
        policy: Box::new(policy()),
        expected: 3,
        records: RecordsChange::Keep,
        reason: "imported".into(),
    };
    shop.gate.write(&caller(), &shop.world.clock, change).unwrap();
    assert_eq!(held(&shop, "bo"), (false, 0, 0));
}
