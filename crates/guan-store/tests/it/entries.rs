//! Every way into the gate by which somebody acts on records, past the end of a window that nobody wrote the end of.

use std::collections::BTreeSet;

use guan_engine::model::{Action, Owner, Principal, Rights, Share, Span, TeamMember};
use guan_store::{
    AccessChange, AccessRequest, AccessWanted, Aggregation, BulkAssignment, Caller, Change, Doing,
    ImportBatch, ImportOutcome, ImportRow, JobMark, LongRead, Measure, NewRecord, Placing,
    RecordFault, RecordPatch,
};

use crate::shop::{Shop, accounts, key, shop, values};
use crate::undoing::{open, set};

/// What came of an entry: enough to tell a relaxed answer from a refusal.
type Came = Result<String, String>;

fn came<T: std::fmt::Debug>(result: Result<T, RecordFault>) -> Came {
    result.map(|value| format!("{value:?}")).map_err(|fault| fault.to_string())
}

fn count<T>(result: Result<Vec<T>, RecordFault>) -> Came {
    came(result.map(|all| all.len()))
}

fn patch() -> RecordPatch {
    set("Name", "broken")
}

fn batch() -> ImportBatch {
    let row = ImportRow {
        id: Some("a-1".into()),
        fields: values(&[("Name", "broken".into())]),
        ..ImportRow::at(1)
    };
    ImportBatch { object: "Account".into(), rows: vec![row], dry_run: false }
}

fn share() -> Share {
    Share::manual(Principal::User("bo".into()), Rights::READ)
}

/// Bo, who may do this with his own records alone, does it with Anna's.
type Entry = (&'static str, fn(&Shop) -> Came);

const ENTRIES: &[Entry] = &[
    ("aggregate_records", |shop| {
        let aggregation = Aggregation {
            object: "Account".into(),
            filter: None,
            search: None,
            group_by: vec!["Name".into()],
            measures: vec![Measure::Count],
        };
        count(shop.gate.aggregate_records(&shop.asking("bo"), &aggregation))
    }),
    ("delete_record", |shop| came(shop.gate.delete_record(&shop.asking("bo"), &key("a-1"), None))),
    ("bin", |shop| {
        let page = shop.gate.bin(&shop.asking("bo"), &"Account".into(), None, 10);
        came(page.map(|page| format!("{page:?}").len()))
    }),
    ("restore_record", |shop| came(shop.gate.restore_record(&shop.asking("bo"), &key("a-1")))),
    ("purge_record", |shop| came(shop.gate.purge_record(&shop.asking("bo"), &key("a-1"), "why"))),
    ("edit_records", |shop| {
        let ids = ["a-1".into(), "a-3".into()];
        let done = shop.gate.edit_records(&shop.asking("bo"), &"Account".into(), &ids, &patch());
        came(done.map(|done| format!("{done:?}").matches("refusal").count()))
    }),
    ("delete_records", |shop| {
        let ids = ["a-1".into(), "a-3".into()];
        let done = shop.gate.delete_records(&shop.asking("bo"), &"Account".into(), &ids);
        came(done.map(|done| format!("{done:?}").matches("refusal").count()))
    }),
    ("edit_record", |shop| {
        came(shop.gate.edit_record(&shop.asking("bo"), &key("a-1"), None, patch()))
    }),
    ("assign_record", |shop| {
        let owners: Owner = "user:bo".parse().unwrap();
        let placing = Placing { owners: Some([owners].into()), ..Placing::default() };
        came(shop.gate.assign_record(&shop.asking("bo"), &key("a-1"), None, placing))
    }),
    ("assign_records", |shop| {
        let owners: Owner = "user:bo".parse().unwrap();
        let assignment = BulkAssignment {
            object: "Account".into(),
            ids: ["a-1".into(), "a-2".into()].into(),
            owners: [owners].into(),
            instead_of: None,
            doing: Doing::Act,
        };
        came(shop.gate.assign_records(&shop.asking("bo"), &assignment).map(|done| done.done))
    }),
    ("lock_record", |shop| came(shop.gate.lock_record(&shop.asking("bo"), &key("a-1"), None))),
    ("unlock_record", |shop| came(shop.gate.unlock_record(&shop.asking("bo"), &key("a-1"), None))),
    ("due_returns", |shop| {
        let until = shop.world.clock.wall.plus(Span::minutes(60 * 24 * 365));
        count(shop.gate.due_returns(&shop.asking("bo"), &"sea".into(), until))
    }),
    ("received", |shop| {
        came(shop.gate.received(&shop.asking("bo"), &"bo".into(), (None, 10)).map(drop))
    }),
    ("describe_objects", |shop| count(shop.gate.describe_objects(&shop.asking("bo")))),
    ("export_on", |shop| {
        let mut read = LongRead::default();
        came(
            shop.gate
                .export_on(&shop.asking("bo"), &accounts(100), &mut read)
                .map(|page| page.records.len()),
        )
    }),
    ("export_records", |shop| {
        let page = shop.gate.export_records(&shop.asking("bo"), &accounts(100));
        came(page.map(|page| page.records.len()))
    }),
    ("read_record", |shop| {
        came(shop.gate.read_record(&shop.asking("bo"), &key("a-1")).map(|_| ()))
    }),
    ("record_actions", |shop| came(shop.gate.record_actions(&shop.asking("bo"), &key("a-1")))),
    ("record_shares", |shop| came(shop.gate.record_shares(&shop.asking("bo"), &key("a-1")))),
    ("record_readers", |shop| count(shop.gate.record_readers(&shop.asking("bo"), &key("a-1")))),
    ("reveal_value", |shop| {
        let field = "Phone".into();
        came(shop.gate.reveal_value(&shop.asking("bo"), &key("a-1"), &field, "why"))
    }),
    ("record_history", |shop| {
        let page = shop.gate.record_history(&shop.asking("bo"), &key("a-1"), None, 10);
        came(page.map(|_| ()))
    }),
    ("import_records", |shop| came(shop.gate.import_records(&shop.asking("bo"), &batch()))),
    ("import_job_records", |shop| {
        // There is no such job: what is refused before is refused without looking for it.
        let mark = |_: &ImportOutcome| JobMark {
            id: "j-1".to_owned(),
            before: "{}".to_owned(),
            found: "{}".to_owned(),
        };
        came(shop.gate.import_job_records(&shop.asking("bo"), &batch(), &mark))
    }),
    ("list_records", |shop| {
        let page = shop.gate.list_records(&shop.asking("bo"), &accounts(100));
        came(page.map(|page| page.records.len()))
    }),
    ("count_records", |shop| came(shop.gate.count_records(&shop.asking("bo"), &accounts(100)))),
    ("pick_records", |shop| {
        let (object, relation) = ("Contact".into(), "account".into());
        let page = shop.gate.pick_records(&shop.asking("bo"), (&object, &relation), None, 100);
        came(page.map(|page| page.records.len()))
    }),
    ("create_record", |shop| {
        let new = NewRecord::new("Account", values(&[("Secret", "x".into())]));
        came(shop.gate.create_record(&shop.asking("bo"), new).map(|_| ()))
    }),
    ("claim_record", |shop| came(shop.gate.claim_record(&shop.asking("bo"), &key("a-1")))),
    ("claim_records", |shop| {
        let ids = ["a-1".into(), "a-3".into()];
        let done = shop.gate.claim_records(&shop.asking("bo"), &"Account".into(), &ids);
        came(done.map(|done| format!("{done:?}").matches("refusal").count()))
    }),
    ("reveals_so_far", |shop| came(shop.gate.reveals_so_far(&shop.asking("bo")))),
    ("give_out_record", |shop| {
        came(shop.gate.give_out_record(&shop.asking("bo"), &key("a-1"), &"bo".into()))
    }),
    ("return_record", |shop| {
        came(shop.gate.return_record(&shop.asking("bo"), &key("a-1"), Some("sea".into())))
    }),
    ("share_record", |shop| {
        came(shop.gate.share_record(&shop.asking("bo"), &key("a-1"), None, share()))
    }),
    ("grant_access_by_share", |shop| {
        let wanted = AccessWanted {
            action: Action::Read,
            object: "Account".into(),
            record: Some("a-1".into()),
            length: Span::minutes(60),
            reason: "the offer is due".to_owned(),
            reference: None,
        };
        let id = AccessRequest::new_id().unwrap();
        let change = AccessChange::Ask { id: id.clone(), wanted };
        let change = Change::ChangeAccess { organization: "acme".into(), change };
        let clock = &shop.world.clock;
        shop.gate.write(&Caller::local("mei"), clock, change).unwrap();
        let given = (Rights::READ, clock.wall.plus(Span::minutes(60)));
        came(shop.gate.grant_access_by_share(&shop.asking("bo"), &id, given, "for the offer"))
    }),
    ("unshare_record", |shop| {
        let with = Principal::User("mei".into());
        came(shop.gate.unshare_record(&shop.asking("bo"), &key("a-1"), None, &with))
    }),
    ("add_team_member", |shop| {
        let member = TeamMember {
            user: "bo".into(),
            rights: Rights::READ,
            role: String::new(),
            ends: None,
            by: None,
            child_levels: [].into(),
        };
        came(shop.gate.add_team_member(&shop.asking("bo"), &key("a-1"), None, member))
    }),
    ("remove_team_member", |shop| {
        came(shop.gate.remove_team_member(&shop.asking("bo"), &key("a-1"), None, &"mei".into()))
    }),
];

/// What a window opens up: for the others it makes no difference, by the floor or since there is nothing of the kind.
const OPENED: &[&str] = &[
    "aggregate_records",
    "delete_record",
    "edit_record",
    "assign_record",
    "lock_record",
    "read_record",
    "record_actions",
    "list_records",
    "count_records",
    "pick_records",
    "create_record",
    "return_record",
    "share_record",
    "grant_access_by_share",
    "add_team_member",
];

#[test]
fn every_entry_enforces_past_the_end() {
    for (name, enter) in ENTRIES {
        let never = enter(&shop());
        let mut under = shop();
        open(&under);
        let relaxed = enter(&under);
        if OPENED.contains(name) {
            assert_ne!(relaxed, never, "{name}: the window makes no difference");
        }
        under = shop();
        open(&under);
        // The deadline is over. Nobody wrote the end, and the gate has not looked again.
        under.world.later(Span::minutes(30));
        assert_eq!(enter(&under), never, "{name}, past the end");
        under.gate.refresh(&under.world.clock).unwrap();
        assert_eq!(enter(&under), never, "{name}, past the end, after a look");
    }
}

#[test]
fn every_entry_of_the_gate_for_somebody_is_in_the_list() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/gate/records");
    let mut found = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        if file.path().extension().is_none_or(|extension| extension != "rs") {
            continue;
        }
        let text = std::fs::read_to_string(file.path()).unwrap();
        for rest in text.split("pub fn ").skip(1) {
            let head = rest.split('{').next().unwrap();
            if head.contains("asking: &Asking") {
                found.insert(head.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
    let listed = ENTRIES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, listed);
}
