//! The peer's entities: users with everything they belong to as parents, records with attributes.

use crate::society::{Over, Rules, Society, Tie};
use crate::world::Kinds;
use cedar_policy::{Entities, Entity, EntityUid, RestrictedExpression};
use guan_engine::model::Action;
use std::collections::{HashMap, HashSet};
use std::str::FromStr;

/// How the organization is put into the peer's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modeling {
    /// Whom rules reach stands on the record.
    Flattened,
    /// One policy for each rule and action.
    Natural,
}

impl Modeling {
    /// For the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flattened => "flattened",
            Self::Natural => "natural",
        }
    }
    const fn rules(self) -> Rules {
        match self {
            Self::Flattened => Rules::WorkedOut,
            Self::Natural => Rules::Apart,
        }
    }
}

/// The name of an entity.
pub fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    EntityUid::from_str(&format!("{kind}::\"{id}\"")).map_err(|problem| problem.to_string())
}

fn tie((kind, number): Tie) -> Result<EntityUid, String> {
    uid(kind, &number.to_string())
}

/// All entities: users and the first `records` records.
pub fn entities(
    society: &Society<'_>,
    modeling: Modeling,
    records: usize,
) -> Result<Entities, String> {
    let over = Over::of(society);
    let mut all = Vec::new();
    for user in 0..society.world.scale.users {
        let parents: HashSet<EntityUid> =
            society.ties(user, &over).into_iter().map(tie).collect::<Result<_, _>>()?;
        let attributes = permissions(society, user);
        all.push(entity(uid("User", &user.to_string())?, attributes, parents)?);
    }
    for number in 0..records {
        let attributes = record(society, modeling, number)?;
        all.push(entity(uid("Record", &number.to_string())?, attributes, HashSet::new())?);
    }
    Entities::from_entities(all, None).map_err(|problem| problem.to_string())
}

/// What the sets of a user give on the object.
fn permissions(society: &Society<'_>, holder: usize) -> HashMap<String, RestrictedExpression> {
    let held = society.permissions(holder);
    let has =
        |action| RestrictedExpression::new_bool(held.actions.contains(&action) || held.modify);
    [
        ("reads".to_owned(), has(Action::Read)),
        ("edits".to_owned(), has(Action::Edit)),
        ("deletes".to_owned(), has(Action::Delete)),
        ("views_all".to_owned(), RestrictedExpression::new_bool(held.view || held.modify)),
        ("modifies_all".to_owned(), RestrictedExpression::new_bool(held.modify)),
    ]
    .into()
}

fn record(
    society: &Society<'_>,
    modeling: Modeling,
    number: usize,
) -> Result<HashMap<String, RestrictedExpression>, String> {
    let reached = society.reached(modeling.rules(), number);
    let mut attributes = HashMap::new();
    if modeling == Modeling::Natural {
        let rows = &society.world.rows;
        let (region, industry, stage, great) = Kinds::parts(usize::from(rows.kind[number]));
        for (name, value) in [("region", region), ("industry", industry), ("stage", stage)] {
            attributes.insert(name.to_owned(), RestrictedExpression::new_long(value as i64));
        }
        let amount = if great { 200_000 } else { 40_000 };
        attributes.insert("amount".to_owned(), RestrictedExpression::new_long(amount));
        let owner = uid("User", &rows.owner[number].to_string())?;
        attributes.insert("owner".to_owned(), RestrictedExpression::new_entity_uid(owner));
    }
    for (name, list) in
        [("owners", reached.owners), ("readers", reached.readers), ("editors", reached.editors)]
    {
        let list: Vec<EntityUid> = list.into_iter().map(tie).collect::<Result<_, _>>()?;
        let list = list.into_iter().map(RestrictedExpression::new_entity_uid);
        attributes.insert(name.to_owned(), RestrictedExpression::new_set(list));
    }
    Ok(attributes)
}

fn entity(
    uid: EntityUid,
    attributes: HashMap<String, RestrictedExpression>,
    parents: HashSet<EntityUid>,
) -> Result<Entity, String> {
    Entity::new(uid, attributes, parents).map_err(|problem| problem.to_string())
}
