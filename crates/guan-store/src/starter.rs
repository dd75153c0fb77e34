//! What a new organization starts with: the objects of a sales team, sets for its people and for those who administer it.

mod objects;

use std::collections::BTreeSet;

use guan_engine::model::{
    Action, Assigned, Assignment, FieldAccess, Grant, ObjectId, ObjectPermission, Organization,
    PermissionSet, Policy, Pool, PoolRules, Population, Post, Power, Principal, Span, User, UserId,
};

/// The sets of a new organization, with the name that people see.
const SETS: [(&str, &str); 6] = [
    ("administrator", "管理员"),
    ("system_administrator", "系统管理员"),
    ("security_administrator", "安全管理员"),
    ("auditor", "审计员"),
    ("manager", "销售经理"),
    ("sales", "销售"),
];

/// The policy of a new organization: Account, Contact, Lead, Opportunity and Activity with their fields, sets for
/// managers and sales people, one set with every power and one for each post, a pool of leads, and one user who
/// holds the set `administrator`.
pub fn starter_policy(organization: Organization, administrator: &UserId) -> Policy {
    let mut policy = Policy { organization, ..Policy::default() };
    policy.objects = objects::all();
    for object in policy.objects.values_mut() {
        // Whoever may edit a record locks it when it is settled; its manager opens it again.
        object.lock_exempt.insert("manager".into());
    }
    for (id, name) in SETS {
        let set = PermissionSet { name: name.to_owned(), ..set(id, &policy) };
        policy.sets.insert(id.into(), set);
    }
    let user = User { name: administrator.to_string(), active: true, ..User::default() };
    policy.users.insert(administrator.clone(), user);
    let given = Assigned::Set("administrator".into());
    let assignment = Assignment::new(given, Principal::User(administrator.clone()));
    policy.assignments.insert("administrator".into(), assignment);
    policy.pools.insert("leads".into(), pool());
    policy
}

/// Leads that nobody works on: everybody sees them and takes some.
fn pool() -> Pool {
    Pool {
        object: "Lead".into(),
        name: "线索公海".to_owned(),
        admins: BTreeSet::new(),
        members: [Principal::Population(Population::Internal)].into(),
        members_view: true,
        members_claim: true,
        claim_before_assign: false,
        rules: PoolRules {
            held_max: Some(200),
            claims_a_day_max: Some(20),
            previous_owner_pause: Some(Span::minutes(24 * 60)),
            returns_after: Some(Span::minutes(30 * 24 * 60)),
        },
    }
}

fn set(id: &str, policy: &Policy) -> PermissionSet {
    let mut set = PermissionSet::default();
    match id {
        "administrator" => set.system = powers(|_| true),
        "system_administrator" => set.system = powers(|post| post == Some(Post::System)),
        "security_administrator" => set.system = powers(|post| post == Some(Post::Security)),
        "auditor" => set.system = powers(|post| post == Some(Post::Audit)),
        "manager" => {
            for object in policy.objects.keys() {
                set.objects.insert(object.clone(), manages());
            }
        }
        _ => {
            for object in policy.objects.keys() {
                set.objects.insert(object.clone(), works_on(object));
            }
            set.fields = objects::seen_by_sales();
        }
    }
    set
}

fn powers(wanted: impl Fn(Option<Post>) -> bool) -> BTreeSet<String> {
    let held = Power::ALL.iter().filter(|power| wanted(power.post()));
    held.map(|power| power.name().to_owned()).collect()
}

/// Everything, on every record, with every field.
fn manages() -> ObjectPermission {
    let actions = [Action::Create, Action::Export, Action::Import];
    ObjectPermission {
        actions: actions.into_iter().map(|action| (action, Grant::ALL)).collect(),
        view_all: true,
        modify_all: true,
        all_fields: FieldAccess::EDIT,
    }
}

/// One's own records and what is shared; of leads also those in the pool.
fn works_on(object: &ObjectId) -> ObjectPermission {
    let mut actions = vec![
        Action::Read,
        Action::Create,
        Action::Edit,
        Action::Delete,
        Action::Assign,
        Action::Share,
    ];
    if object.as_str() == "Lead" {
        actions.push(Action::Claim);
    }
    ObjectPermission {
        actions: actions.into_iter().map(|action| (action, Grant::REACHABLE)).collect(),
        ..ObjectPermission::default()
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::Engine;
    use guan_engine::administration::Act;
    use guan_engine::ask::Session;
    use guan_engine::model::{Moment, Organization, Power};

    use super::starter_policy;

    #[test]
    fn a_new_organization_is_whole_and_its_administrator_holds_every_power() {
        let organization = Organization::default();
        let policy = starter_policy(organization, &"admin".into());
        assert_eq!(policy.validate(), Vec::new());
        assert_eq!(policy.objects.len(), 5);
        for object in policy.objects.values() {
            assert!(object.lock_exempt.contains("manager"));
        }
        let engine = Engine::load(policy, []).unwrap();
        let session = Session::new("main", "admin", Moment(0));
        for power in Power::ALL {
            engine.may_administer(&session, Act::Use(*power)).unwrap();
        }
    }
}
