//! The smallest changes that would turn a refusal.

use crate::answer::{Refusal, Remedy};
use crate::ask::{Request, Target};
use crate::compile::Bundle;
use crate::model::{Action, Assigned, GroupId, NodeId, Rights, Scope, SetId};
use crate::subject::Subject;

/// How many changes of one kind are named.
pub(super) const NAMED_MAX: usize = 3;

/// Remedies of a refusal by the session gate before anybody is known.
pub(super) fn of_session(refusal: &Refusal) -> Vec<Remedy> {
    match refusal {
        Refusal::Inactive => vec![Remedy::Activate],
        Refusal::AccessDisabled { overlay } | Refusal::LockedOut { overlay } => {
            vec![Remedy::EndOverlay { overlay: overlay.clone() }]
        }
        Refusal::Network { assignment } | Refusal::Hours { assignment } => {
            vec![Remedy::MeetAssignment { assignment: assignment.clone() }]
        }
        // What is unknown has no remedy, and the rest is answered where the subject is known.
        Refusal::WrongOrganization
        | Refusal::UnknownSubject
        | Refusal::UnknownObject
        | Refusal::UnknownAction
        | Refusal::NoGrant
        | Refusal::UnknownRecord
        | Refusal::OutOfReach
        | Refusal::Locked
        | Refusal::ClaimFirst { .. }
        | Refusal::Restricted { .. }
        | Refusal::UnknownField { .. }
        | Refusal::FieldHidden { .. }
        | Refusal::FieldReadOnly { .. } => Vec::new(),
    }
}

/// Changes each of which would be enough to pass the stage that refused, the smallest first.
pub(super) fn of(subject: &Subject<'_>, request: &Request<'_>, refusal: &Refusal) -> Vec<Remedy> {
    match refusal {
        Refusal::NoGrant => granting_sets(subject, request, Scope::Reachable)
            .into_iter()
            .map(|set| Remedy::AssignSet { set: Assigned::Set(set) })
            .collect(),
        Refusal::OutOfReach => out_of_reach(subject, request),
        Refusal::Locked => vec![Remedy::Unlock],
        Refusal::ClaimFirst { .. } => vec![Remedy::Claim],
        Refusal::Restricted { restriction } => {
            vec![Remedy::LiftRestriction { restriction: restriction.clone() }]
        }
        Refusal::FieldHidden { field } | Refusal::FieldReadOnly { field } => {
            let object = subject.engine.policy.objects.get(request.on.object());
            let model = object.and_then(|object| object.fields.get(field));
            let sees = matches!(request.action, Action::Read | Action::Export);
            // No grant lets anybody set a field that is read only.
            if !sees && model.is_some_and(|model| model.read_only) {
                return Vec::new();
            }
            vec![Remedy::GrantField { field: field.clone() }]
        }
        Refusal::WrongOrganization
        | Refusal::UnknownSubject
        | Refusal::Inactive
        | Refusal::AccessDisabled { .. }
        | Refusal::Network { .. }
        | Refusal::Hours { .. }
        | Refusal::LockedOut { .. }
        | Refusal::UnknownObject
        | Refusal::UnknownAction
        | Refusal::UnknownRecord
        | Refusal::UnknownField { .. } => of_session(refusal),
    }
}

/// Sets that would grant the action on the object at least at `scope`, the narrowest first.
fn granting_sets(subject: &Subject<'_>, request: &Request<'_>, scope: Scope) -> Vec<SetId> {
    let compiled = &subject.engine.compiled;
    let directory = &compiled.directory;
    let (Some(object), Some(action)) =
        (directory.objects.find(request.on.object()), directory.action(&request.action))
    else {
        return Vec::new();
    };
    let breadth = |bundle: &Bundle| {
        let any = bundle.any_object.as_ref().map_or(0, |any| any.grants.len() * 100);
        any + bundle.objects.len()
    };
    let mut found: Vec<(Scope, usize, u32)> = (0u32..)
        .zip(&compiled.set_bundles)
        .filter(|(_, bundle)| !bundle.muting && !bundle.needs_activation)
        .filter_map(|(number, bundle)| {
            let granted = bundle.on(object)?.grants.get(usize::from(action))?.scope;
            (granted >= scope).then(|| (granted, breadth(bundle), number))
        })
        .collect();
    found.sort_unstable();
    found.truncate(NAMED_MAX);
    found.into_iter().map(|(_, _, number)| directory.sets.name(number).clone()).collect()
}

fn out_of_reach(subject: &Subject<'_>, request: &Request<'_>) -> Vec<Remedy> {
    let engine = subject.engine;
    let Target::Record(key) = &request.on else { return Vec::new() };
    let Some((object, position)) = engine.find(key) else { return Vec::new() };
    let Some(action) = engine.compiled.directory.action(&request.action) else { return Vec::new() };
    let mut remedies = Vec::new();
    let by_reach = subject.row(object).reach & 1 << action != 0;
    if let Some(right) = engine.compiled.action(action).right.filter(|_| by_reach) {
        remedies.push(Remedy::ShareRecord { rights: Rights::READ.with(right) });
        let (groups, nodes) = holders(subject, object, position, right);
        remedies.extend(groups.into_iter().map(|group| Remedy::JoinGroup { group }));
        remedies.extend(nodes.into_iter().map(|node| Remedy::PlaceAt { node }));
    }
    remedies.extend(
        granting_sets(subject, request, Scope::All)
            .into_iter()
            .map(|set| Remedy::WiderScope { set: Assigned::Set(set) }),
    );
    remedies
}

/// Groups and nodes that already reach the record with the right, by ownership, share or rule.
fn holders(
    subject: &Subject<'_>,
    object: u32,
    position: u32,
    right: crate::model::Right,
) -> (Vec<GroupId>, Vec<NodeId>) {
    use crate::compile::Who;
    let engine = subject.engine;
    let compiled = &engine.compiled;
    let index = engine.index(object);
    let header = index.header(position);
    let mut whos: Vec<Who> =
        index.owners(position, header).iter().map(|owner| owner.who()).collect();
    for entry in index.shares_of(position, header) {
        let given = index.given.row(entry.given);
        if given.rights.has(right) && given.ends > subject.at.0 {
            whos.push(entry.who);
        }
    }
    let attributes = index.attributes_of(header);
    for rule in attributes.rules.iter() {
        let plan = &compiled.rules[rule as usize];
        if plan.any_owner
            && plan.rights.has(right)
            && plan.is_in_force(subject.at.0)
            && !plan.is_live()
        {
            whos.extend_from_slice(&plan.to);
        }
    }
    let (mut groups, mut nodes) = (Vec::new(), Vec::new());
    for who in whos {
        match who.kind() {
            Who::GROUP => groups.push(compiled.directory.groups.name(who.number()).clone()),
            Who::NODE | Who::BELOW => nodes.push(compiled.trees.nodes.name(who.number()).clone()),
            _ => {}
        }
    }
    groups.sort_unstable();
    groups.dedup();
    groups.truncate(NAMED_MAX);
    nodes.sort_unstable();
    nodes.dedup();
    nodes.truncate(NAMED_MAX);
    (groups, nodes)
}
