//! Nothing outlives its window: what was made under one ends with it, and what goes on under one asks again.

use guan_engine::model::{
    Action, Audience, Grant, ObjectPermission, OverlayEffect, OverlayId, PermissionSet, Principal,
    Rights, Share, Span, TeamMember,
};
use guan_ledger::Digest;
use guan_store::{
    Change, CredentialChange, ImportBatch, ImportRow, JobChange, JobState, LongRead, NewToken,
    OverlayRequest, RecordFault, RecordPatch,
};

use crate::shop::{Shop, accounts, after, key, policy, shop, shop_with, values};
use crate::undoing::{close, open};
use crate::world::{caller, org};

/// Bo holds what Mei holds, for a while.
fn elevate(shop: &Shop, set: &str) -> OverlayId {
    let effect = OverlayEffect::Elevation { set: format!("set:{set}").parse().unwrap() };
    let users = [Principal::User("bo".into())].into();
    let audience = Audience { users, networks: vec![] };
    let request = OverlayRequest::new("acme", effect, audience, "month end");
    shop.gate.open_overlay(&caller(), &shop.world.clock, &request).unwrap().id
}

fn to(user: &str) -> Share {
    Share::manual(Principal::User(user.into()), Rights::READ)
}

fn member(user: &str) -> TeamMember {
    TeamMember {
        user: user.into(),
        role: String::new(),
        rights: Rights::READ,
        ends: None,
        by: None,
        child_levels: [].into(),
    }
}

/// What Anna may read.
fn of_anna(shop: &Shop) -> Vec<String> {
    shop.all("anna", &accounts(100))
}

#[test]
fn shares_and_team_members_of_a_window_end_when_it_is_closed_before_its_time() {
    let mut shop = shop();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    // Bo reads and shares a-1 of Anna by the window alone; a-2 is his own.
    shop.gate.share_record(&bo, &key("a-1"), None, to("bo")).unwrap();
    shop.gate.add_team_member(&bo, &key("a-3"), None, member("bo")).unwrap();
    shop.gate.share_record(&bo, &key("a-2"), None, to("anna")).unwrap();
    let other = shop.world.another_gate();
    let before = other.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    close(&mut shop, &overlay);
    let after = other.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    assert_eq!(after, before + 1, "the closing and its ends are one row");
    other.refresh(&shop.world.clock).unwrap();
    for gate in [&shop.gate, &other] {
        let page = gate.list_records(&shop.asking("bo"), &accounts(100)).unwrap();
        let ids: Vec<_> = page.records.iter().map(|found| found.record.id().as_str()).collect();
        assert_eq!(ids, ["a-2", "a-4", "a-6", "a-8"]);
    }
    assert_eq!(of_anna(&shop), ["a-1", "a-2", "a-3", "a-5", "a-7"], "what is lawful stays");
}

#[test]
fn a_share_that_a_window_replaced_comes_back() {
    let mut shop = shop();
    let anna = shop.asking("anna");
    shop.gate.share_record(&anna, &key("a-1"), None, to("bo")).unwrap();
    let overlay = open(&shop);
    let more = Share::manual(Principal::User("bo".into()), Rights::EDIT);
    shop.gate.share_record(&shop.asking("bo"), &key("a-1"), None, more).unwrap();
    close(&mut shop, &overlay);
    let record = crate::undoing::record(&shop, &key("a-1")).unwrap();
    assert_eq!(record.shares, [Share { by: Some("anna".into()), ..to("bo") }]);
}

#[test]
fn a_share_that_was_given_anew_by_right_stays() {
    let mut shop = shop();
    let overlay = open(&shop);
    shop.gate.share_record(&shop.asking("bo"), &key("a-1"), None, to("bo")).unwrap();
    shop.gate.share_record(&shop.asking("anna"), &key("a-1"), None, to("bo")).unwrap();
    close(&mut shop, &overlay);
    assert!(shop.all("bo", &accounts(100)).contains(&"a-1".to_owned()));
}

#[test]
fn what_an_elevation_alone_allows_to_share_ends_with_it() {
    for is_closed_by_hand in [true, false] {
        let mut shop = shop();
        let overlay = elevate(&shop, "boss");
        let bo = shop.asking("bo");
        shop.gate.share_record(&bo, &key("a-1"), None, to("bo")).unwrap();
        shop.gate.add_team_member(&bo, &key("a-3"), None, member("bo")).unwrap();
        shop.gate.share_record(&bo, &key("a-2"), None, to("anna")).unwrap();
        if is_closed_by_hand {
            close(&mut shop, &overlay);
        } else {
            // Nobody comes by, and nothing is written.
            shop.world.later(Span::minutes(31));
        }
        assert_eq!(shop.all("bo", &accounts(100)), ["a-2", "a-4", "a-6", "a-8"]);
        assert_eq!(of_anna(&shop).len(), 5, "what Bo may share by right stays");
    }
}

fn token(id: &str, under: &OverlayId) -> Change {
    let change = CredentialChange::CreateToken(NewToken {
        id: id.into(),
        user: "anna".into(),
        name: "nightly".into(),
        secret: Digest::of(b"secret"),
        scopes: vec!["read".into()],
        networks: vec![],
        ends: guan_engine::model::Moment(i64::MAX),
        under: [under.clone()].into(),
        powers: None,
    });
    Change::ChangeCredentials { organization: org(), change }
}

fn job(change: JobChange) -> Change {
    Change::ChangeJob { organization: org(), change }
}

fn begin(id: &str, under: &OverlayId) -> Change {
    job(JobChange::Begin {
        id: id.into(),
        kind: "import".into(),
        options: "{}".into(),
        input: vec![1],
        under: [under.clone()].into(),
    })
}

#[test]
fn tokens_and_jobs_of_a_window_end_with_it_and_the_job_says_so() {
    let mut shop = shop();
    let overlay = elevate(&shop, "boss");
    let write = |shop: &Shop, change| shop.gate.write(&caller(), &shop.world.clock, change);
    write(&shop, token("t-1", &overlay)).unwrap();
    write(&shop, begin("j-1", &overlay)).unwrap();
    let kept = shop.gate.read(|reader| reader.token(&org(), "t-1")).unwrap().unwrap();
    let opened = shop.gate.read(|reader| reader.overlay(&org(), &overlay)).unwrap();
    assert_eq!(kept.ends, opened.sealed.overlay.ends, "it ends by itself with the window");
    close(&mut shop, &overlay);
    assert!(shop.gate.read(|reader| reader.token(&org(), "t-1")).unwrap().is_none());
    let stopped = shop.gate.read(|reader| reader.job(&org(), "j-1")).unwrap().unwrap();
    assert_eq!(stopped.state, JobState::Failed);
    assert!(stopped.found.contains(overlay.as_str()), "{}", stopped.found);
    // Nothing is born under a window that is over.
    assert!(write(&shop, token("t-2", &overlay)).is_err());
    assert!(write(&shop, begin("j-2", &overlay)).is_err());
}

#[test]
fn a_job_whose_window_reached_its_end_stops_though_nobody_wrote_the_end() {
    let mut shop = shop();
    let overlay = elevate(&shop, "boss");
    shop.gate.write(&caller(), &shop.world.clock, begin("j-1", &overlay)).unwrap();
    shop.world.later(Span::minutes(31));
    let find = JobChange::Find { id: "j-1".into(), state: JobState::Ready, found: "{}".into() };
    shop.gate.write(&caller(), &shop.world.clock, job(find)).unwrap();
    let stopped = shop.gate.read(|reader| reader.job(&org(), "j-1")).unwrap().unwrap();
    assert_eq!(stopped.state, JobState::Failed);
}

#[test]
fn an_export_stops_at_the_page_after_the_end_of_what_it_rests_on() {
    let mut shop = shop();
    let overlay = elevate(&shop, "boss");
    let (query, mut read) = (accounts(2), LongRead::default());
    let first = shop.gate.export_on(&shop.asking("bo"), &query, &mut read).unwrap();
    let query = after(&query, first.next);
    let second = shop.gate.export_on(&shop.asking("bo"), &query, &mut read.clone()).unwrap();
    assert_eq!((first.records.len(), second.records.len()), (2, 2));
    close(&mut shop, &overlay);
    let fault = shop.gate.export_on(&shop.asking("bo"), &query, &mut read).unwrap_err();
    assert!(matches!(&fault, RecordFault::OverlayEnded { overlay: found } if *found == overlay));
    assert!(fault.to_string().contains("not whole"));
}

#[test]
fn a_cursor_of_a_page_under_a_window_shows_nothing_relaxed_after_its_end() {
    let mut shop = shop();
    open(&shop);
    let query = accounts(2);
    let first = shop.list("bo", &query);
    assert_eq!(first.relaxed_by().len(), 1);
    shop.world.later(Span::minutes(31));
    let next = shop.list("bo", &after(&query, first.next));
    let ids: Vec<_> = next.records.iter().map(|found| found.record.id().to_string()).collect();
    assert_eq!(ids, ["a-4", "a-6"]);
    assert!(next.relaxed_by().is_empty());
}

fn rows(from: u64) -> ImportBatch {
    let row = |line| ImportRow {
        fields: values(&[("Name", format!("row {line}").as_str().into())]),
        ..ImportRow::at(line)
    };
    ImportBatch {
        object: "Account".into(),
        rows: (from..from + 3).map(row).collect(),
        dry_run: false,
    }
}

#[test]
fn the_batches_of_an_import_and_of_bulk_edits_ask_again() {
    let mut policy = policy();
    let mut importer = PermissionSet::default();
    let actions = [Action::Import, Action::Create, Action::Read, Action::Edit];
    let actions = actions.into_iter().map(|action| (action, Grant::ALL)).collect();
    let all = guan_engine::model::FieldAccess::EDIT;
    let permission = ObjectPermission { actions, all_fields: all, ..ObjectPermission::default() };
    importer.objects.insert("Account".into(), permission);
    policy.sets.insert("importer".into(), importer);
    let mut shop = shop_with(&policy, 8);
    let overlay = elevate(&shop, "importer");
    let first = shop.gate.import_records(&shop.asking("bo"), &rows(2)).unwrap();
    assert_eq!(first.created, 3, "{:?}", first.errors);
    let patch = RecordPatch {
        fields: [("Name".into(), Some("x".into()))].into(),
        ..RecordPatch::default()
    };
    let edit = |shop: &Shop| {
        let bo = shop.asking("bo");
        shop.gate.edit_records(&bo, &"Account".into(), &["a-1".into()], &patch).unwrap().done
    };
    assert_eq!(edit(&shop), 1);
    close(&mut shop, &overlay);
    assert!(shop.gate.import_records(&shop.asking("bo"), &rows(5)).is_err());
    assert_eq!(edit(&shop), 0);
}

#[test]
fn after_a_restore_nothing_that_was_born_under_a_window_is_left() {
    let shop = shop();
    let overlay = open(&shop);
    shop.gate.share_record(&shop.asking("bo"), &key("a-1"), None, to("bo")).unwrap();
    let clock = shop.world.clock.clone();
    let backup = shop.gate.backup(&caller(), &clock, "weekly").unwrap().0;
    shop.gate.close_overlay(&caller(), &clock, (&org(), &overlay), "").unwrap();
    let Shop { mut world, gate } = shop;
    drop(gate);
    let faults = guan_store::Faults::default();
    guan_store::restore(&world.path(), &backup.folder, &caller(), &clock, "try", &faults).unwrap();
    world.restart();
    let gate = world.gate();
    let shop = Shop { world, gate };
    assert_eq!(shop.all("bo", &accounts(100)), ["a-2", "a-4", "a-6", "a-8"]);
}
