//! Edits inside the scope of an open window wait, and are applied, refused or decided on at its end.

use guan_engine::model::{Assignment, Field, Object, OverlayId, Principal, Span, User};
use guan_ledger::Kind;
use guan_store::{
    Change, EditState, EditToKeep, Entity, EntityKind, KeptEdit, MergeDecision, Merged,
    WaitingChange, WriteError, decided, merge,
};

use crate::world::{World, caller, org, policy, world};

/// Accounts under another name.
pub(crate) fn rename_object(name: &str) -> Entity {
    let mut object = Object { name: name.into(), ..Object::default() };
    object.fields.insert("Name".into(), Field::default());
    Entity::new(EntityKind::Object, "Account", &object).unwrap()
}

fn user(active: bool) -> Entity {
    let user = User { name: "bo".into(), active, ..User::default() };
    Entity::new(EntityKind::User, "bo", &user).unwrap()
}

pub(crate) fn keep(id: &str, put: Entity) -> Change {
    let edit = EditToKeep {
        id: id.into(),
        expected: 2,
        put: vec![put],
        remove: vec![],
        reason: "tidying".into(),
        authority: None,
    };
    waiting(WaitingChange::Keep(Box::new(edit)))
}

fn waiting(change: WaitingChange) -> Change {
    Change::ChangeWaiting { organization: org(), change }
}

fn edit(expected: u64, put: Entity) -> Change {
    let (organization, put, remove, reason) = (org(), vec![put], vec![], "tidying".to_owned());
    Change::EditPolicy { organization, expected, put, remove, reason }
}

fn write(world: &mut World, change: &Change) -> Result<guan_store::Written, WriteError> {
    let clock = world.clock.clone();
    world.store().write(&caller(), &clock, change)
}

fn kept(world: &mut World, id: &str) -> KeptEdit {
    world.store().waiting_edit(&org(), id).unwrap().unwrap()
}

fn close(world: &mut World, overlay: &OverlayId) {
    let clock = world.clock.clone();
    world.store().close_overlay(&caller(), &clock, &org(), overlay, "done").unwrap();
}

fn name(world: &mut World) -> String {
    world.store().policy(&org()).unwrap().1.objects["Account"].name.clone()
}

#[test]
fn an_edit_outside_of_the_scope_goes_through_and_the_report_says_so() {
    let mut world = world();
    let overlay = world.open_window().id;
    write(&mut world, &edit(2, user(false))).unwrap();
    let error = write(&mut world, &edit(3, rename_object("Firm"))).unwrap_err();
    assert!(matches!(error, WriteError::WindowOpen { .. }), "{error}");
    world.later(Span::seconds(1));
    close(&mut world, &overlay);
    let clock = world.clock.clone();
    let proof = world.store().report(&org(), &overlay, &clock).unwrap().policy;
    assert_eq!((proof.revision, proof.end_revision, proof.unchanged), (2, 3, false));
    assert_eq!((proof.made_meanwhile, proof.scope_unchanged), (vec![3], true));
    assert!(proof.before != proof.after);
}

#[test]
fn an_edit_inside_the_scope_waits_and_is_applied_at_the_end_with_its_own_row() {
    for is_closed_by_hand in [true, false] {
        let mut world = world();
        let overlay = world.open_window().id;
        let before = world.rows_of("acme");
        write(&mut world, &keep("e-1", rename_object("Firm"))).unwrap();
        assert_eq!(world.rows_of("acme"), before + 1);
        // Meanwhile somebody else is deactivated.
        write(&mut world, &edit(2, user(false))).unwrap();
        assert_eq!(name(&mut world), "");
        let clock = world.clock.clone();
        world.store().sweep(&caller(), &clock).unwrap();
        assert_eq!(kept(&mut world, "e-1").state, EditState::Waiting);
        if is_closed_by_hand {
            close(&mut world, &overlay);
        } else {
            world.later(Span::minutes(31));
            world.restart();
            let clock = world.clock.clone();
            world.store().sweep(&guan_store::Caller::system(), &clock).unwrap();
        }
        let applied = kept(&mut world, "e-1");
        assert_eq!((applied.state, applied.made), (EditState::Applied, Some(4)));
        assert_eq!(name(&mut world), "Firm");
        let made = world.store().revision(&org(), 4).unwrap();
        assert_eq!((made.author, made.reason.as_str()), (caller().id, "tidying"));
        assert!(!world.store().policy(&org()).unwrap().1.users["bo"].active);
        // Its keeping, the other edit, the closing, its own.
        assert_eq!(world.rows_of("acme"), before + 4);
        let rows = world.store().ledger_rows("acme", before + 3..before + 4).unwrap();
        let entry = guan_ledger::Entry::from_bytes(&rows[0].bytes).unwrap();
        assert_eq!(entry.kind, Kind::RevisionCreated);
        assert_eq!(entry.what.operation, "apply_waiting_edit");
        assert_eq!(entry.what.record.as_deref(), Some("e-1"));
        let clock = world.clock.clone();
        let proof = world.store().report(&org(), &overlay, &clock).unwrap().policy;
        assert!(proof.scope_unchanged, "what waited was made after the end");
        world.verify_all();
    }
}

#[test]
fn an_edit_waits_for_the_last_window_that_it_touches() {
    let mut world = world();
    let (one, other) = (world.open_window().id, world.open_window().id);
    write(&mut world, &keep("e-1", rename_object("Firm"))).unwrap();
    close(&mut world, &one);
    assert_eq!(kept(&mut world, "e-1").state, EditState::Waiting);
    let later = world.open_window().id;
    close(&mut world, &other);
    assert_eq!(kept(&mut world, "e-1").state, EditState::Waiting, "a later window holds it too");
    close(&mut world, &later);
    assert_eq!(kept(&mut world, "e-1").state, EditState::Applied);
}

#[test]
fn edits_are_applied_in_the_order_in_which_they_were_made_and_a_conflict_waits_for_a_person() {
    for (wins, wanted) in [(false, "Firm"), (true, "Company")] {
        let mut world = world();
        let overlay = world.open_window().id;
        write(&mut world, &keep("e-2", rename_object("Firm"))).unwrap();
        write(&mut world, &keep("e-1", rename_object("Company"))).unwrap();
        close(&mut world, &overlay);
        assert_eq!(kept(&mut world, "e-2").state, EditState::Applied);
        let conflicted = kept(&mut world, "e-1");
        assert_eq!(conflicted.state, EditState::Conflicted);
        let conflict = conflicted.findings.conflicts[0].clone();
        assert_eq!(conflict.member, ["name"]);
        assert_eq!(conflict.waiting, Some("Company".into()));
        assert_eq!(conflict.current, Some("Firm".into()));
        let current = world.store().entities(&org(), 3).unwrap();
        let decision = MergeDecision {
            kind: conflict.kind,
            id: conflict.id.clone(),
            member: conflict.member.clone(),
            wins,
        };
        let edit = decided(&current, &conflicted.edit, &[decision]).unwrap();
        let (put, remove) = match merge(&current, &edit).unwrap() {
            Merged::Applies { put, remove } => (put, remove),
            Merged::Nothing => (vec![], vec![]),
            Merged::Conflicts(open) => panic!("{open:?}"),
        };
        assert_eq!(put.is_empty(), !wins);
        let id = "e-1".to_owned();
        let resolve = WaitingChange::Resolve { id, expected: 3, put, remove };
        write(&mut world, &waiting(resolve)).unwrap();
        assert_eq!(name(&mut world), wanted);
        assert_eq!(kept(&mut world, "e-1").state, EditState::Applied);
        let again = write(&mut world, &waiting(WaitingChange::Withdraw { id: "e-1".into() }));
        assert!(matches!(again, Err(WriteError::EditElsewhere { .. })));
    }
}

#[test]
fn an_edit_that_is_withdrawn_or_not_held_is_not_applied() {
    let mut world = world();
    let error = write(&mut world, &keep("e-1", rename_object("Firm"))).unwrap_err();
    assert!(matches!(error, WriteError::NotHeld), "{error}");
    let overlay = world.open_window().id;
    let error = write(&mut world, &keep("e-1", user(false))).unwrap_err();
    assert!(matches!(error, WriteError::NotHeld), "{error}");
    write(&mut world, &keep("e-1", rename_object("Firm"))).unwrap();
    write(&mut world, &waiting(WaitingChange::Withdraw { id: "e-1".into() })).unwrap();
    close(&mut world, &overlay);
    assert_eq!(
        (kept(&mut world, "e-1").state, name(&mut world)),
        (EditState::Withdrawn, String::new())
    );
}

#[test]
fn an_edit_of_somebody_who_may_not_make_it_any_more_is_refused() {
    let mut world = world();
    let (organization, mut put, remove, reason) = (org(), vec![], vec![], "start".to_owned());
    let mut admin = guan_engine::model::PermissionSet::default();
    admin.system.insert("guan.manage_objects".into());
    put.push(Entity::new(EntityKind::Set, "admin", &admin).unwrap());
    for (id, user) in [("as-8", "anna"), ("as-9", "bo")] {
        let given = Assignment::new("set:admin".parse().unwrap(), Principal::User(user.into()));
        put.push(Entity::new(EntityKind::Assignment, id, &given).unwrap());
    }
    write(&mut world, &Change::EditPolicy { organization, expected: 2, put, remove, reason })
        .unwrap();
    let overlay = world.open_window().id;
    for (id, name, user) in [("e-1", "Firm", "bo"), ("e-2", "Company", "anna")] {
        let Change::ChangeWaiting { change: WaitingChange::Keep(mut edit), .. } =
            keep(id, rename_object(name))
        else {
            panic!()
        };
        (edit.expected, edit.authority) = (3, Some(user.into()));
        write(&mut world, &waiting(WaitingChange::Keep(edit))).unwrap();
    }
    let given = vec![(EntityKind::Assignment, "as-9".to_owned())];
    let (organization, put, reason) = (org(), vec![], "left".to_owned());
    let change = Change::EditPolicy { organization, expected: 3, put, remove: given, reason };
    // Taking a power of Guan's own away touches no window.
    write(&mut world, &change).unwrap();
    close(&mut world, &overlay);
    let refused = kept(&mut world, "e-1");
    assert_eq!(refused.state, EditState::Refused);
    assert!(refused.findings.problems[0].contains("bo"), "{:?}", refused.findings);
    assert_eq!(kept(&mut world, "e-2").state, EditState::Applied);
    assert_eq!(name(&mut world), "Company");
}

#[test]
fn an_edit_that_was_tampered_with_is_not_applied() {
    let mut world = world();
    let overlay = world.open_window().id;
    write(&mut world, &keep("e-1", rename_object("Firm"))).unwrap();
    world.store = None;
    world.tamper("UPDATE waiting_edit SET sealed = replace(sealed, 'Firm', 'Evil')");
    world.restart();
    close(&mut world, &overlay);
    assert_eq!(
        (kept(&mut world, "e-1").state, name(&mut world)),
        (EditState::Refused, String::new())
    );
}

#[test]
fn a_whole_policy_waits_only_where_it_touches_a_window() {
    let mut world = world();
    let overlay = world.open_window().id;
    let replace = |name: &str, expected| {
        let mut policy = policy();
        policy.organization.name = "Acme".into();
        policy.objects.get_mut("Account").unwrap().name = name.into();
        Change::ReplacePolicy {
            policy: Box::new(policy),
            expected,
            records: guan_store::RecordsChange::Keep,
            reason: "import".into(),
        }
    };
    assert!(matches!(write(&mut world, &replace("Firm", 2)), Err(WriteError::WindowOpen { .. })));
    write(&mut world, &replace("", 2)).unwrap();
    let back =
        Change::MakeCurrent { organization: org(), expected: 3, revision: 2, reason: "x".into() };
    write(&mut world, &back).unwrap();
    close(&mut world, &overlay);
    write(&mut world, &replace("Firm", 4)).unwrap();
}

#[test]
fn a_gate_follows_what_waited_and_is_applied() {
    let mut world = world();
    let overlay = world.open_window().id;
    let (gate, other) = (world.gate(), world.another_gate());
    let seen = |gate: &guan_store::Gate| {
        gate.view(&org()).unwrap().engine().policy().objects["Account"].name.clone()
    };
    assert_eq!((seen(&gate), seen(&other)), (String::new(), String::new()));
    gate.write(&caller(), &world.clock, keep("e-1", rename_object("Firm"))).unwrap();
    assert_eq!(seen(&gate), "");
    gate.close_overlay(&caller(), &world.clock, (&org(), &overlay), "done").unwrap();
    other.refresh(&world.clock).unwrap();
    assert_eq!((seen(&gate), seen(&other)), ("Firm".to_owned(), "Firm".to_owned()));
}
