//! Who administers Guan stays in office when the policy of a CRM takes the place of the current one.

use guan_engine::model::{Assigned, Assignment, PermissionSet, Policy, Power, Principal};

/// Takes over the users who hold powers of Guan by a permission set of their own, with those powers and nothing else;
/// a CRM knows no such powers, so an import would leave nobody who may administer.
pub(crate) fn keep(current: &Policy, imported: &mut Policy) {
    imported.organization.separate_posts = current.organization.separate_posts;
    for (id, assignment) in &current.assignments {
        let (Assigned::Set(of), Principal::User(user)) = (&assignment.what, &assignment.to) else {
            continue;
        };
        let (Some(set), Some(holder)) = (current.sets.get(of), current.users.get(user)) else {
            continue;
        };
        let powers = Power::ALL.iter().map(|power| power.name());
        let powers = powers.filter(|name| set.system.contains(*name)).map(str::to_owned).collect();
        let kept = PermissionSet { name: set.name.clone(), system: powers, ..Default::default() };
        let is_another = imported.sets.get(of).is_some_and(|imported| *imported != kept);
        if kept.system.is_empty() || is_another || imported.assignments.contains_key(id) {
            continue;
        }
        imported.sets.insert(of.clone(), kept);
        // Trees of the imported policy are other ones.
        let given = Assignment { unit: None, ..assignment.clone() };
        imported.assignments.insert(id.clone(), given);
        let mut holder = holder.clone();
        holder.placements.retain(|placement| imported.nodes.contains_key(&placement.node));
        imported.users.entry(user.clone()).or_insert(holder);
    }
}

#[cfg(test)]
mod tests {
    use super::keep;
    use guan_engine::Engine;
    use guan_engine::administration::Act;
    use guan_engine::ask::Session;
    use guan_engine::model::{Moment, Organization, Policy, Power};
    use guan_store::starter_policy;

    #[test]
    fn the_administrator_is_in_office_after_an_import_and_holds_nothing_of_the_customers() {
        let current = starter_policy(Organization::default(), &"admin".into());
        let mut imported = Policy::default();
        keep(&current, &mut imported);
        assert_eq!(imported.users.len(), 1);
        assert!(imported.sets.values().all(|set| set.objects.is_empty()));
        let engine = Engine::load(imported, []).unwrap();
        let session = Session::new("main", "admin", Moment(0));
        for power in Power::ALL {
            engine.may_administer(&session, Act::Use(*power)).unwrap();
        }
    }

    #[test]
    fn an_import_into_nothing_stays_as_it_is() {
        let mut imported = starter_policy(Organization::default(), &"admin".into());
        let before = imported.clone();
        keep(&Policy::default(), &mut imported);
        assert_eq!(imported, before);
    }
}
