//! A small firm with two sales people and a boss, for tests of records behind the gate.

use std::collections::BTreeMap;
use std::sync::Arc;

use guan_engine::model::{
    Action, Assignment, Field, FieldAccess, FieldId, FieldType, Grant, Mask, Object,
    ObjectPermission, Organization, PermissionSet, Policy, Pool, PoolRules, Principal, Record,
    RecordKey, Relation, Span, User, Value,
};
use guan_engine::question::Sort;
use guan_store::{
    Asking, Caller, Change, Filter, Gate, PageCursor, RecordPage, RecordPatch, RecordQuery,
    RecordsChange,
};

use crate::world::{World, empty, org};

pub(crate) struct Shop {
    pub(crate) world: World,
    pub(crate) gate: Arc<Gate>,
}

pub(crate) fn field(field_type: FieldType) -> Field {
    Field { field_type, ..Field::default() }
}

fn permission(actions: &[Action], grant: Grant) -> ObjectPermission {
    let actions = actions.iter().map(|action| (action.clone(), grant)).collect();
    ObjectPermission { actions, ..ObjectPermission::default() }
}

fn account_object() -> Object {
    let lock_exempt = ["boss".into()].into();
    let mut account = Object { name: "客户".into(), lock_exempt, ..Object::default() };
    let keep = Mask::Keep { first: 3, last: 4 };
    let phone = Field { mask: Some(keep), searchable: true, ..Field::default() };
    let email = Field { mask: Some(Mask::Mail), ..Field::default() };
    for (id, field) in [
        ("Name", field(FieldType::Text)),
        ("Industry", field(FieldType::Choice)),
        ("Revenue", Field { indexed: true, ..field(FieldType::Number) }),
        ("Opened", field(FieldType::Date)),
        ("Phone", phone),
        ("Email", email),
        ("Secret", field(FieldType::Text)),
    ] {
        account.fields.insert(id.into(), field);
    }
    account
}

fn contact_object() -> Object {
    let mut contact = Object { name: "联系人".into(), ..Object::default() };
    for id in ["Name", "Title"] {
        contact.fields.insert(id.into(), field(FieldType::Text));
    }
    let to_account =
        Relation { parent: "Account".into(), implicit_parent: false, implicit_child: false };
    contact.relations.insert("account".into(), to_account);
    contact
}

fn sales() -> PermissionSet {
    let mut set = PermissionSet::default();
    let actions = [
        Action::Read,
        Action::Create,
        Action::Edit,
        Action::Delete,
        Action::Assign,
        Action::Share,
        Action::Claim,
    ];
    for object in ["Account", "Contact"] {
        set.objects.insert(object.into(), permission(&actions, Grant::REACHABLE));
    }
    let fields = [
        ("Name", FieldAccess::EDIT),
        ("Industry", FieldAccess::EDIT),
        ("Opened", FieldAccess::EDIT),
        ("Revenue", FieldAccess::READ),
        ("Phone", FieldAccess::MASKED),
        ("Email", FieldAccess::MASKED),
    ];
    let fields = fields.map(|(id, access)| (id.into(), access));
    set.fields.insert("Account".into(), fields.into());
    set.fields.insert("Contact".into(), [("Name".into(), FieldAccess::EDIT)].into());
    set
}

fn boss() -> PermissionSet {
    let mut set = PermissionSet::default();
    for object in ["Account", "Contact", "Payroll"] {
        let actions = [Action::Create, Action::Export, Action::Import];
        let permission = ObjectPermission {
            modify_all: true,
            all_fields: FieldAccess::EDIT,
            ..permission(&actions, Grant::ALL)
        };
        set.objects.insert(object.into(), permission);
    }
    set.system.insert("guan.manage_recycle_bin".into());
    set
}

pub(crate) fn policy() -> Policy {
    let organization = Organization { id: org(), ..Organization::default() };
    let mut policy = Policy { organization, ..Policy::default() };
    for id in ["anna", "bo", "mei"] {
        let user = User { name: id.to_owned(), active: true, ..User::default() };
        policy.users.insert(id.into(), user);
    }
    policy.objects.insert("Account".into(), account_object());
    policy.objects.insert("Contact".into(), contact_object());
    policy.objects.insert("Payroll".into(), Object::default());
    policy.sets.insert("sales".into(), sales());
    policy.sets.insert("boss".into(), boss());
    for (id, set, user) in
        [("as-1", "set:sales", "anna"), ("as-2", "set:sales", "bo"), ("as-3", "set:boss", "mei")]
    {
        let assignment = Assignment::new(set.parse().unwrap(), Principal::User(user.into()));
        policy.assignments.insert(id.into(), assignment);
    }
    let pool = Pool {
        object: "Account".into(),
        name: "公海".into(),
        admins: [].into(),
        members: [Principal::User("anna".into()), Principal::User("bo".into())].into(),
        members_view: true,
        members_claim: true,
        claim_before_assign: false,
        rules: PoolRules {
            held_max: Some(2),
            claims_a_day_max: Some(3),
            previous_owner_pause: Some(Span::minutes(60)),
            returns_after: Some(Span::minutes(24 * 60)),
        },
    };
    policy.pools.insert("sea".into(), pool);
    policy
}

/// Account `a-N`: of Anna when N is odd, of Bo when it is even.
pub(crate) fn account(at: i64) -> Record {
    let owner = if at % 2 == 1 { "user:anna" } else { "user:bo" };
    let mut record = Record::new("Account", format!("a-{at}"));
    record.owners = [owner.parse().unwrap()].into();
    record.fields = values(&[
        ("Name", Value::Text(format!("蓝海科技 {at}"))),
        ("Industry", Value::from(if at % 3 == 0 { "Retail" } else { "Steel" })),
        ("Revenue", Value::Number(guan_engine::model::Number::whole(at * 100))),
        ("Opened", Value::Text(format!("2026-01-{:02}", at % 28 + 1))),
        ("Phone", Value::Text(format!("1380000{at:04}"))),
        ("Email", Value::Text(format!("boss{at}@example.com"))),
        ("Secret", Value::Text(format!("takeover{at}"))),
    ]);
    record
}

/// The account of this id as it was at first.
pub(crate) fn account_of(id: &str) -> Record {
    account(id.strip_prefix("a-").unwrap().parse().unwrap())
}

pub(crate) fn contact(id: &str, account: &str, owner: &str) -> Record {
    let mut record = Record::new("Contact", id);
    record.owners = [owner.parse().unwrap()].into();
    record.parents.insert("account".into(), account.into());
    record.fields = values(&[("Name", Value::from(id)), ("Title", Value::from("CEO"))]);
    record
}

pub(crate) fn values(fields: &[(&str, Value)]) -> BTreeMap<FieldId, Value> {
    fields.iter().map(|(id, value)| ((*id).into(), value.clone())).collect()
}

/// Eight accounts, two contacts.
pub(crate) fn shop() -> Shop {
    shop_with(&policy(), 8)
}

pub(crate) fn shop_with(policy: &Policy, accounts: i64) -> Shop {
    let mut world = empty();
    let organization = Organization { id: org(), ..Organization::default() };
    world.write(&Change::CreateOrganization { organization, reason: "start".into() });
    let mut records: Vec<Record> = (1..=accounts).map(account).collect();
    records.push(contact("c-1", "a-1", "user:bo"));
    records.push(contact("c-2", "a-2", "user:bo"));
    world.write(&Change::ReplacePolicy {
        policy: Box::new(policy.clone()),
        expected: 1,
        records: RecordsChange::Replace(records),
        reason: "opening".into(),
    });
    let gate = world.gate();
    Shop { world, gate }
}

pub(crate) fn key(id: &str) -> RecordKey {
    RecordKey::new("Account", id)
}

impl Shop {
    pub(crate) fn asking(&self, subject: &str) -> Asking {
        Asking {
            viewer: None,
            caller: Caller::local(subject),
            organization: org(),
            subject: subject.into(),
            address: None,
            clock: self.world.clock.clone(),
        }
    }

    pub(crate) fn rows(&self) -> u64 {
        self.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size
    }

    pub(crate) fn list(&self, subject: &str, query: &RecordQuery) -> RecordPage {
        self.gate.list_records(&self.asking(subject), query).unwrap()
    }

    /// The whole list, page by page.
    pub(crate) fn all(&self, subject: &str, query: &RecordQuery) -> Vec<String> {
        let mut query = query.clone();
        let mut ids = Vec::new();
        loop {
            let page = self.list(subject, &query);
            assert!(page.records.len() <= query.limit);
            ids.extend(page.records.iter().map(|found| found.record.id().to_string()));
            match page.next {
                Some(next) => query.after = Some(next),
                None => return ids,
            }
        }
    }
}

pub(crate) fn accounts(limit: usize) -> RecordQuery {
    RecordQuery::first("Account", limit)
}

pub(crate) fn filtered(text: &str) -> RecordQuery {
    RecordQuery { filter: Some(Filter::parse(text).unwrap()), ..accounts(3) }
}

pub(crate) fn searched(text: &str) -> RecordQuery {
    RecordQuery { search: Some(text.to_owned()), ..accounts(3) }
}

pub(crate) fn sorted(by: &str, descending: bool) -> RecordQuery {
    RecordQuery { sort: Sort { by: Some(by.into()), descending }, ..accounts(3) }
}

pub(crate) fn after(query: &RecordQuery, next: Option<PageCursor>) -> RecordQuery {
    RecordQuery { after: next, ..query.clone() }
}

pub(crate) fn patch(field: &str, value: Value) -> RecordPatch {
    RecordPatch { fields: [(field.into(), Some(value))].into(), ..RecordPatch::default() }
}
