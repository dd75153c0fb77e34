//! `guan simulate`: who would gain and lose what if the policy were changed so. Nothing is changed.

use super::compare::{first, records};
use super::difference::{extract, tell};
use crate::arguments::SimulateArguments;
use crate::exit::{Exit, usage};
use crate::names::Names;
use crate::shell::Call;
use guan_engine::model::{
    Assignment, AssignmentId, Placement, Policy, RestrictionId, RuleId, SetGroupId, SetId,
};
use std::collections::BTreeSet;

pub(crate) fn run(call: &mut Call<'_>, arguments: &SimulateArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let engine = call.engine(&installation)?;
    let names = Names::new(engine.policy(), call.language);
    let draft = draft(&names, arguments)?;
    let objects = names.find_objects(&arguments.objects)?;
    let extract = extract(call, BTreeSet::new(), objects);
    let records = records(&installation)?;
    let comparison = match engine.simulate(draft, records, &extract) {
        Ok(comparison) => comparison,
        Err(problems) => {
            return Err(usage(format!("the draft cannot be used: {}", first(&problems))));
        }
    };
    tell(call, &names, &comparison)?;
    let text = call.say("simulated: nothing was changed", "仅为模拟：未做任何更改");
    call.printer().note(text)?;
    Ok(Exit::Done)
}

fn draft(names: &Names<'_>, arguments: &SimulateArguments) -> anyhow::Result<Policy> {
    let mut draft = match &arguments.policy {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|error| usage(format!("cannot read `{}`: {error}", path.display())))?;
            serde_json::from_str(&text)
                .map_err(|error| usage(format!("`{}`: {error}", path.display())))?
        }
        None => names.policy.clone(),
    };
    let is_empty = arguments.assign.is_none()
        && arguments.remove.is_empty()
        && arguments.r#move.is_empty()
        && arguments.policy.is_none();
    if is_empty {
        return Err(usage("say what is to be tried: --assign, --remove, --move or --policy"));
    }
    if let (Some(set), Some(to)) = (&arguments.assign, &arguments.to) {
        let assignment = Assignment::new(names.find_assigned(set)?, names.find_principal(to)?);
        draft.assignments.insert(AssignmentId::new("simulated"), assignment);
    }
    for text in &arguments.remove {
        remove(&mut draft, text)?;
    }
    for text in &arguments.r#move {
        place(names, &mut draft, text)?;
    }
    Ok(draft)
}

fn remove(draft: &mut Policy, text: &str) -> anyhow::Result<()> {
    let (kind, id) = text.split_once(':').unwrap_or((text, ""));
    let found = match kind {
        "assignment" => draft.assignments.remove(&AssignmentId::new(id)).is_some(),
        "rule" => draft.rules.remove(&RuleId::new(id)).is_some(),
        "restriction" => draft.restrictions.remove(&RestrictionId::new(id)).is_some(),
        "set" => {
            let id = SetId::new(id);
            draft.set_groups.values_mut().for_each(|group| {
                group.sets.remove(&id);
                group.muting.remove(&id);
            });
            unassign(draft, &guan_engine::model::Assigned::Set(id))
        }
        "set_group" => {
            unassign(draft, &guan_engine::model::Assigned::SetGroup(SetGroupId::new(id)))
        }
        _ => {
            return Err(usage(format!(
                "`{text}` cannot be removed; write assignment:ID, rule:ID, restriction:ID, set:ID or set_group:ID"
            )));
        }
    };
    if found { Ok(()) } else { Err(usage(format!("there is no {kind} `{id}` to take away"))) }
}

/// Takes every assignment of a set away; whether there was such a set.
fn unassign(draft: &mut Policy, what: &guan_engine::model::Assigned) -> bool {
    let before = draft.assignments.len();
    draft.assignments.retain(|_, assignment| assignment.what != *what);
    let is_known = match what {
        guan_engine::model::Assigned::Set(id) => draft.sets.contains_key(id),
        guan_engine::model::Assigned::SetGroup(id) => draft.set_groups.contains_key(id),
    };
    is_known || draft.assignments.len() < before
}

/// Moves a user within the tree of the node.
fn place(names: &Names<'_>, draft: &mut Policy, text: &str) -> anyhow::Result<()> {
    let Some((user, node)) = text.rsplit_once('@') else {
        return Err(usage(format!("`{text}` is not a move; write USER@NODE")));
    };
    let (user, node) = (names.find_user(user)?, names.find_node(node)?);
    let tree = names.policy.nodes.get(&node).map(|node| &node.tree);
    let is_elsewhere = |placement: &Placement| {
        names.policy.nodes.get(&placement.node).map(|node| &node.tree) != tree
    };
    if let Some(user) = draft.users.get_mut(&user) {
        user.placements.retain(is_elsewhere);
        user.placements.push(Placement::member(node));
    }
    Ok(())
}
