//! What a window itself brought about makes nothing lawful: it is journalled, undone, and not done in bulk.

use guan_engine::model::{Owner, Principal, Right, Rights, Share, Span, TeamMember, Value};
use guan_store::{NewRecord, Placing, RecordFault, Selection};

use crate::shop::{Shop, accounts, key, shop, values};
use crate::undoing::{close, open, place, selecting, set, undo};
use crate::world::{caller, org};

fn full(user: &str) -> Share {
    let rights = Right::ALL.into_iter().fold(Rights::READ, Rights::with);
    Share::manual(Principal::User(user.into()), rights)
}

fn member(user: &str) -> TeamMember {
    TeamMember {
        user: user.into(),
        role: String::new(),
        rights: Rights::EDIT,
        ends: None,
        child_levels: [].into(),
        by: None,
    }
}

fn placing(owner: &str) -> Placing {
    let owners = [Owner::User(owner.into())].into();
    Placing { owners: Some(owners), ..Placing::default() }
}

/// A field of an account as it is kept.
fn value(shop: &Shop, id: &str, field: &str) -> Value {
    let found = shop.gate.read(|reader| reader.record(&org(), &key(id))).unwrap().unwrap();
    found.fields[field].clone()
}

fn industry(shop: &Shop, id: &str) -> Value {
    value(shop, id, "Industry")
}

#[test]
fn who_came_in_by_a_window_goes_on_under_it() {
    let mut shop = shop();
    let before: Vec<_> = ["a-1", "a-3", "a-5"].map(|id| industry(&shop, id)).to_vec();
    let overlay = open(&shop);
    let bo = shop.asking("bo");
    // The three ways to be somebody in a record of Anna.
    shop.gate.add_team_member(&bo, &key("a-1"), None, member("bo")).unwrap();
    shop.gate.share_record(&bo, &key("a-3"), None, full("bo")).unwrap();
    shop.gate.assign_record(&bo, &key("a-5"), None, placing("bo")).unwrap();
    let ids: Vec<_> = ["a-1", "a-3", "a-5"].map(Into::into).to_vec();
    let many = shop.gate.edit_records(&bo, &"Account".into(), &ids, &set("Industry", "Bulk"));
    let many = many.unwrap();
    assert_eq!((many.done, many.refused.len()), (0, 3), "bulk is of the floor");
    for id in ["a-1", "a-3", "a-5"] {
        shop.gate.edit_record(&bo, &key(id), None, set("Industry", "Mining")).unwrap();
    }
    let mut contact = NewRecord::new("Contact", values(&[("Name", "c".into())]));
    contact.parents = [("account".into(), "a-1".into())].into();
    let made = shop.gate.create_record(&bo, contact).unwrap();
    shop.gate.share_record(&bo, &key("a-5"), None, full("bo")).unwrap();
    shop.gate.assign_record(&bo, &key("a-3"), None, placing("bo")).unwrap();
    close(&mut shop, &overlay);
    let done = undo(&shop, &place(&overlay, None), &selecting(Selection::Window));
    assert_eq!((done.waiting, done.unfit), (0, 0), "{done:?}");
    let after: Vec<_> = ["a-1", "a-3", "a-5"].map(|id| industry(&shop, id)).to_vec();
    assert_eq!(after, before);
    assert_eq!(shop.all("bo", &accounts(100)), ["a-2", "a-4", "a-6", "a-8"]);
    let gone = shop.gate.read_record(&shop.asking("mei"), &made.key);
    assert!(matches!(gone, Err(RecordFault::NotFound { .. })));
}

#[test]
fn a_window_brings_in_nobody_else() {
    let shop = shop();
    open(&shop);
    let bo = shop.asking("bo");
    for to in ["user:mei", "everyone"] {
        let share = Share { to: to.parse().unwrap(), ..full("mei") };
        let fault = shop.gate.share_record(&bo, &key("a-1"), None, share).unwrap_err();
        assert!(matches!(fault, RecordFault::Problems(_)), "{to}: {fault}");
    }
    let fault = shop.gate.add_team_member(&bo, &key("a-1"), None, member("mei")).unwrap_err();
    assert!(matches!(fault, RecordFault::Problems(_)), "{fault}");
    // What is his own he gives as always.
    let read = Share { rights: Rights::READ, ..full("mei") };
    shop.gate.share_record(&bo, &key("a-2"), None, read).unwrap();
}

#[test]
fn lawful_work_on_what_a_window_touched_stays_lawful() {
    let mut shop = shop();
    let overlay = open(&shop);
    let (bo, anna) = (shop.asking("bo"), shop.asking("anna"));
    shop.gate.share_record(&bo, &key("a-1"), None, full("bo")).unwrap();
    shop.gate.edit_record(&bo, &key("a-1"), None, set("Name", "by Bo")).unwrap();
    shop.world.later(Span::seconds(1));
    shop.gate.edit_record(&anna, &key("a-1"), None, set("Industry", "by Anna")).unwrap();
    // His own record stays his, also in bulk.
    let own = ["a-2".into(), "a-4".into()];
    let many = shop.gate.edit_records(&bo, &"Account".into(), &own, &set("Industry", "Bulk"));
    assert_eq!(many.unwrap().done, 2);
    close(&mut shop, &overlay);
    undo(&shop, &place(&overlay, None), &selecting(Selection::Window));
    assert_eq!(industry(&shop, "a-1"), Value::from("by Anna"));
    assert_eq!(industry(&shop, "a-2"), Value::from("Bulk"));
    assert_ne!(value(&shop, "a-1", "Name"), Value::from("by Bo"));
}

#[test]
fn an_owner_stays_one_beside_whom_a_window_brings_in() {
    let shop = shop();
    let mut request = crate::world::request();
    request.audience.users = ["anna", "bo"].map(|user| Principal::User(user.into())).into();
    shop.gate.open_overlay(&caller(), &shop.world.clock, &request).unwrap();
    let both = ["anna", "bo"].map(|user| Owner::User(user.into())).into();
    let both = Placing { owners: Some(both), ..Placing::default() };
    shop.gate.assign_record(&shop.asking("bo"), &key("a-1"), None, both).unwrap();
    let many = |who: &str| {
        let ids = ["a-1".into()];
        let edit = set("Industry", who);
        shop.gate.edit_records(&shop.asking(who), &"Account".into(), &ids, &edit).unwrap().done
    };
    assert_eq!((many("bo"), many("anna")), (0, 1));
}
