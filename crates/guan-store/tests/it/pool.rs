//! Public pools: claimed within limits, given out, given back, back by themselves.

use guan_engine::model::{Action, Pool, Principal, Span};
use guan_store::{PoolFault, RecordFault};

use crate::shop::{Shop, key, patch, policy, shop, shop_with};
use crate::world::{caller, org};

#[test]
fn a_pool_gives_within_its_limits_and_takes_back() {
    let mut shop = shop();
    let mei = shop.asking("mei");
    for id in ["a-1", "a-3", "a-5", "a-7"] {
        shop.gate.return_record(&mei, &key(id), Some("sea".into())).unwrap();
    }
    let bo = shop.asking("bo");
    shop.gate.claim_record(&bo, &key("a-1")).unwrap();
    let error = shop.gate.claim_record(&shop.asking("anna"), &key("a-1")).unwrap_err();
    assert!(matches!(error, RecordFault::NotFound { .. } | RecordFault::Refused { .. }), "{error}");
    shop.gate.claim_record(&bo, &key("a-3")).unwrap();
    let error = shop.gate.claim_record(&bo, &key("a-5")).unwrap_err();
    assert!(matches!(error, RecordFault::Pool(PoolFault::HeldMax { most: 2, .. })), "{error}");
    shop.gate.return_record(&bo, &key("a-1"), None).unwrap();
    let error = shop.gate.claim_record(&bo, &key("a-1")).unwrap_err();
    assert!(matches!(error, RecordFault::Pool(PoolFault::Pause { .. })), "{error}");
    shop.gate.claim_record(&bo, &key("a-5")).unwrap();
    shop.gate.return_record(&bo, &key("a-5"), None).unwrap();
    let error = shop.gate.claim_record(&bo, &key("a-7")).unwrap_err();
    assert!(matches!(error, RecordFault::Pool(PoolFault::DayMax { most: 3, .. })), "{error}");
    shop.gate.give_out_record(&mei, &key("a-7"), &"bo".into()).unwrap();
    let returned =
        |shop: &Shop| shop.gate.return_by_rule(&caller(), &shop.world.clock, &org()).unwrap();
    assert_eq!(returned(&shop), 0);
    let due = |shop: &Shop, who: &str, minutes: i64| {
        let until = shop.world.clock.wall.plus(Span::minutes(minutes));
        let due = shop.gate.due_returns(&shop.asking(who), &"sea".into(), until).unwrap();
        due.iter().map(|due| due.found.record.id().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(due(&shop, "mei", 24 * 60 - 1), Vec::<String>::new());
    assert_eq!(due(&shop, "mei", 24 * 60), ["a-3", "a-7"]);
    assert_eq!(due(&shop, "bo", 24 * 60), ["a-3", "a-7"]);
    assert_eq!(due(&shop, "anna", 24 * 60), Vec::<String>::new(), "Bo holds them, not Anna");
    shop.world.later(Span::minutes(60));
    shop.gate
        .edit_record(&shop.asking("bo"), &key("a-3"), None, patch("Name", "x".into()))
        .unwrap();
    assert_eq!(due(&shop, "mei", 24 * 60), ["a-7", "a-3"], "the soonest first");
    assert_eq!(due(&shop, "mei", 23 * 60), ["a-7"], "a change puts it off");
    shop.world.later(Span::minutes(24 * 60));
    let before = shop.rows();
    assert_eq!((returned(&shop), returned(&shop)), (2, 0));
    assert_eq!(shop.rows(), before + 1);
    shop.gate.claim_record(&shop.asking("bo"), &key("a-1")).unwrap();
}

#[test]
fn of_many_that_are_claimed_those_named_first_are_taken_as_far_as_the_limits_let() {
    let shop = shop();
    let mei = shop.asking("mei");
    for id in ["a-1", "a-3", "a-5"] {
        shop.gate.return_record(&mei, &key(id), Some("sea".into())).unwrap();
    }
    let ids: Vec<_> = ["a-5", "a-5", "a-1", "a-7", "a-3"].map(Into::into).to_vec();
    let before = shop.rows();
    let outcome = shop.gate.claim_records(&shop.asking("bo"), &"Account".into(), &ids).unwrap();
    // Two are as many as one may hold. a-7 waits in no pool, which Bo may not know: it is refused, with a row of its own.
    assert_eq!((outcome.done, shop.rows()), (2, before + 2));
    let left = |id: &str| outcome.refused.iter().find(|left| left.id == id.into()).unwrap();
    assert!(matches!(left("a-3").pool, Some(PoolFault::HeldMax { most: 2, .. })), "{outcome:?}");
    assert_eq!((&left("a-7").pool, &left("a-7").refusal), (&None, &None));
    assert!(left("a-7").reference.is_some());
    let held = |id: &str| {
        let found = shop.gate.read_record(&mei, &key(id)).unwrap();
        found.record.owners().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!((held("a-5"), held("a-1"), held("a-3")), (bo(), bo(), Vec::new()));
}

fn bo() -> Vec<String> {
    vec!["user:bo".to_owned()]
}

#[test]
fn an_owner_gives_back_to_where_it_came_from_and_nothing_that_is_locked() {
    let mut policy = policy();
    let members = [Principal::User("anna".into())].into();
    policy.pools.insert("lake".into(), Pool { members, ..policy.pools["sea"].clone() });
    // Without the right to assign.
    policy
        .sets
        .get_mut("sales")
        .unwrap()
        .objects
        .get_mut("Account")
        .unwrap()
        .actions
        .remove(&Action::Assign);
    let mut shop = shop_with(&policy, 4);
    let (mei, bo) = (shop.asking("mei"), shop.asking("bo"));
    for id in ["a-1", "a-3"] {
        shop.gate.return_record(&mei, &key(id), Some("sea".into())).unwrap();
        shop.gate.claim_record(&bo, &key(id)).unwrap();
    }
    let elsewhere = shop.gate.return_record(&bo, &key("a-1"), Some("lake".into())).unwrap_err();
    assert!(matches!(elsewhere, RecordFault::Refused { .. }), "{elsewhere}");
    let not_theirs = shop.gate.return_record(&bo, &key("a-2"), Some("lake".into())).unwrap_err();
    assert!(matches!(not_theirs, RecordFault::Refused { .. }), "{not_theirs}");
    shop.gate.return_record(&bo, &key("a-2"), Some("sea".into())).unwrap();
    shop.gate.lock_record(&mei, &key("a-1"), None).unwrap();
    let locked = shop.gate.return_record(&bo, &key("a-1"), None).unwrap_err();
    assert!(matches!(locked, RecordFault::Refused { .. }), "{locked}");
    shop.gate.return_record(&bo, &key("a-3"), None).unwrap();
    shop.gate.claim_record(&shop.asking("anna"), &key("a-3")).unwrap();
    // By itself only what is not locked goes back.
    shop.world.later(Span::minutes(24 * 60));
    assert_eq!(shop.gate.return_by_rule(&caller(), &shop.world.clock, &org()).unwrap(), 1);
    let until = shop.world.clock.wall;
    assert!(shop.gate.due_returns(&shop.asking("mei"), &"sea".into(), until).unwrap().is_empty());
}

#[test]
fn locked_records_take_no_place_among_those_that_come_back() {
    let mut policy = policy();
    policy.pools.get_mut("sea").unwrap().rules.held_max = None;
    let mut shop = shop_with(&policy, 201);
    for at in 1..=201 {
        let (mei, key) = (shop.asking("mei"), key(&format!("a-{at}")));
        shop.gate.return_record(&mei, &key, Some("sea".into())).unwrap();
        shop.gate.give_out_record(&mei, &key, &"bo".into()).unwrap();
        // Before the last one there are as many locked ones as are told at once.
        if at < 201 {
            shop.gate.lock_record(&mei, &key, None).unwrap();
        }
        shop.world.later(Span::seconds(1));
    }
    let (mei, until) = (shop.asking("mei"), shop.world.clock.wall.plus(Span::minutes(24 * 60)));
    let due = shop.gate.due_returns(&mei, &"sea".into(), until).unwrap();
    let ids: Vec<&str> = due.iter().map(|due| due.found.record.id().as_str()).collect();
    assert_eq!(ids, ["a-201"]);
}
