//! What a comparison of two policies tells beside records: verbs, fields and system permissions.

use guan_engine::Engine;
use guan_engine::model::{
    Action, Assignment, Field, FieldAccess, Grant, Moment, Object, ObjectPermission, PermissionSet,
    Policy, Principal, User,
};
use guan_engine::question::{CellKind, Extract, Side};

fn policy() -> Policy {
    let mut policy = Policy::default();
    policy.users.insert("ann".into(), User { active: true, ..User::default() });
    let mut account = Object::default();
    account.fields.insert("Name".into(), Field::default());
    policy.objects.insert("Account".into(), account);
    let mut permission = ObjectPermission::default();
    permission.actions.insert(Action::Read, Grant::ALL);
    let mut set = PermissionSet::default();
    set.objects.insert("Account".into(), permission);
    set.system.insert("guan.manage_users".to_owned());
    policy.sets.insert("work".into(), set);
    let given = Assignment::new("set:work".parse().unwrap(), Principal::User("ann".into()));
    policy.assignments.insert("a".into(), given);
    policy
}

fn told(after: Policy) -> Vec<(CellKind, String, String)> {
    let (before, after) = (Engine::load(policy(), []).unwrap(), Engine::load(after, []).unwrap());
    let extract = Extract {
        users: [].into(),
        objects: [].into(),
        actions: vec![Action::Read],
        at: Moment(0),
        samples: 3,
    };
    let side = |engine| Side { engine, standing: None };
    let comparison = Engine::compare(side(&before), side(&after), &extract);
    let cells = comparison.cells.into_iter().filter_map(|(before, after)| {
        let value = after.as_ref().map(|cell| cell.value.clone()).unwrap_or_default();
        let cell = before.or(after)?;
        assert_eq!(cell.subject, "ann");
        let what = if cell.field.is_empty() { cell.action } else { cell.field };
        Some((cell.kind, what, value))
    });
    cells.collect()
}

#[test]
fn a_verb_a_field_and_a_power_are_told_where_no_record_makes_the_difference() {
    assert_eq!(told(policy()), []);
    let mut more = policy();
    let set = more.sets.get_mut("work").unwrap();
    let permission = set.objects.get_mut("Account").unwrap();
    permission.actions.insert(Action::Create, Grant::ALL);
    permission.actions.insert(Action::Edit, Grant::ALL);
    let listed = [("Name".into(), FieldAccess::EDIT)].into();
    set.fields.insert("Account".into(), listed);
    set.system.clear();
    let told = told(more);
    let has = |kind, what: &str| told.iter().any(|cell| (cell.0, cell.1.as_str()) == (kind, what));
    assert!(has(CellKind::Object, "create") && has(CellKind::Object, "edit"), "{told:?}");
    assert!(has(CellKind::Field, "Name"), "{told:?}");
    assert!(has(CellKind::System, "guan.manage_users"), "{told:?}");
}

#[test]
fn somebody_who_may_not_enter_any_more_loses_everything() {
    let mut gone = policy();
    gone.users.get_mut("ann").unwrap().active = false;
    let told = told(gone);
    assert!(told.iter().any(|cell| cell.1 == "read" && cell.2.is_empty()), "{told:?}");
}
