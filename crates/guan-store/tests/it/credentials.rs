//! Passwords, sessions and tokens: each change one row, and nothing but hashes is kept.

use guan_engine::model::{Moment, Span};
use guan_ledger::{Digest, Entry};
use guan_store::{Change, CredentialChange, NewSession, NewToken, WriteError, Written};

use crate::world::{START, World, caller, org, world};

fn session(id: &str, user: &str) -> CredentialChange {
    CredentialChange::OpenSession(NewSession {
        id: id.into(),
        user: user.into(),
        secret: Digest::of(b"secret"),
        csrf: "csrf".into(),
        ends: START.plus(Span::minutes(60)),
        agent: Some("curl".into()),
    })
}

fn token(id: &str) -> CredentialChange {
    CredentialChange::CreateToken(NewToken {
        id: id.into(),
        user: "anna".into(),
        name: "nightly import".into(),
        secret: Digest::of(b"secret"),
        scopes: vec!["read".into()],
        networks: vec!["192.0.2.0/24".into()],
        ends: START.plus(Span::minutes(60)),
        under: [].into(),
        powers: None,
    })
}

fn password(user: &str, keep: Option<&str>) -> CredentialChange {
    CredentialChange::SetPassword {
        user: user.into(),
        hash: "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".into(),
        must_change: true,
        keep: keep.map(str::to_owned),
    }
}

fn failure(user: Option<&str>) -> CredentialChange {
    CredentialChange::RefuseSession {
        user: user.map(Into::into),
        paused_until: START.plus(Span::seconds(4)),
    }
}

fn try_to(world: &mut World, change: CredentialChange) -> Result<Written, WriteError> {
    let clock = world.clock.clone();
    let change = Change::ChangeCredentials { organization: org(), change };
    world.store().write(&caller(), &clock, &change)
}

#[test]
fn every_change_leaves_one_row_under_its_own_name() {
    let mut world = world();
    let changes = [
        (password("anna", None), "set_password"),
        (failure(Some("anna")), "refuse_session"),
        (failure(None), "refuse_session"),
        (session("s-1", "anna"), "open_session"),
        (CredentialChange::RenewSession { id: "s-1".into() }, "renew_session"),
        (CredentialChange::EndSession { id: "s-1".into() }, "end_session"),
        (token("t-1"), "create_token"),
        (CredentialChange::RenewToken { id: "t-1".into() }, "renew_token"),
        (CredentialChange::RevokeToken { id: "t-1".into() }, "revoke_token"),
    ];
    for (change, name) in changes {
        let written = try_to(&mut world, change).unwrap();
        assert_eq!(written.rows, 1, "{name}");
        let rows = world.store().ledger_rows("acme", written.sequence..written.tip.size).unwrap();
        let entry = Entry::from_bytes(&rows[0].bytes).unwrap();
        assert_eq!(entry.what.operation, name);
        let text = String::from_utf8(rows[0].bytes.clone()).unwrap();
        assert!(!text.contains("argon2") && !text.contains("csrf"), "{text}");
    }
    world.verify_all();
}

#[test]
fn another_password_ends_every_session_but_the_one_it_was_changed_in() {
    let mut world = world();
    for id in ["s-1", "s-2"] {
        try_to(&mut world, session(id, "anna")).unwrap();
    }
    try_to(&mut world, session("s-3", "bo")).unwrap();
    try_to(&mut world, password("anna", Some("s-2"))).unwrap();
    let left = world.store().sessions(&org(), &"anna".into()).unwrap();
    assert_eq!(left.iter().map(|session| session.id.as_str()).collect::<Vec<_>>(), ["s-2"]);
    assert!(world.store().session(&org(), "s-3").unwrap().is_some());
}

#[test]
fn failures_are_counted_until_a_success() {
    let mut world = world();
    try_to(&mut world, password("anna", None)).unwrap();
    for _ in 0..2 {
        try_to(&mut world, failure(Some("anna"))).unwrap();
    }
    let account = world.store().account(&org(), &"anna".into()).unwrap().unwrap();
    assert_eq!((account.failed, account.paused_until), (2, START.plus(Span::seconds(4))));
    try_to(&mut world, session("s-1", "anna")).unwrap();
    let account = world.store().account(&org(), &"anna".into()).unwrap().unwrap();
    assert_eq!((account.failed, account.paused_until), (0, Moment(0)));
}

#[test]
fn nobody_but_users_of_the_organization_gets_a_credential() {
    let mut world = world();
    for change in [password("nobody", None), session("s-1", "nobody")] {
        let error = try_to(&mut world, change).unwrap_err();
        assert!(matches!(error, WriteError::UnknownEntity { .. }), "{error}");
    }
    let error = try_to(&mut world, CredentialChange::RevokeToken { id: "t-9".into() });
    assert_eq!(error.unwrap_err().to_string(), "there is no token `t-9`");
}

#[test]
fn a_token_comes_back_as_it_was_made() {
    let mut world = world();
    try_to(&mut world, token("t-1")).unwrap();
    let found = world.store().token(&org(), "t-1").unwrap().unwrap();
    assert_eq!(found.scopes, ["read"]);
    assert_eq!(found.networks, ["192.0.2.0/24"]);
    assert_eq!((found.made_by.as_str(), found.incarnation, found.used), ("admin", 1, None));
    assert_eq!(world.store().tokens(&org()).unwrap(), [found]);
    assert!(world.store().token(&"other".into(), "t-1").unwrap().is_none());
}
