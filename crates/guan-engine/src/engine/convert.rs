//! Records as they are written into rows of the index.

use crate::compile::{Compiled, ObjectPlan, Who};
use crate::condition::{Facts, Truth};
use crate::dense::{Bits, NONE};
use crate::index::{Attributes, DenseRow, Given, Key, Loading, OwnerCode, RecordIndex, ShareEntry};
use crate::model::{
    FieldId, FieldType, LIMITS, Moment, Owner, Principal, Problem, Record, Rights, Share,
    TeamMember, Value,
};
use std::collections::BTreeMap;

/// What a settled condition sees of a record.
struct RecordFacts<'r> {
    record: &'r Record,
    plan: &'r ObjectPlan,
}

impl Facts for RecordFacts<'_> {
    fn field(&self, field: &FieldId) -> Option<&Value> {
        self.record.fields.get(field)
    }
    fn field_type(&self, field: &FieldId) -> Option<FieldType> {
        self.plan
            .field(field)
            .and_then(|number| self.plan.field_types.get(number as usize))
            .copied()
    }
    fn owners(&self) -> Vec<String> {
        self.record
            .owners
            .iter()
            .map(|owner| match owner {
                Owner::User(id) => id.to_string(),
                Owner::Group(id) => id.to_string(),
            })
            .collect()
    }
    fn attribute(&self, _: &str) -> Option<Value> {
        None
    }
    fn now(&self) -> Moment {
        Moment(0)
    }
    fn utc_offset_minutes(&self) -> i32 {
        0
    }
}

/// Where a row's numbers come from: an index that is filled, or one that is changed.
pub(super) trait Numbers {
    fn number(&mut self, id: &crate::model::RecordId) -> u32;
    fn attributes(&mut self, attributes: Attributes) -> u32;
    fn given(&mut self, given: Given) -> u32;
}

impl Numbers for Loading {
    fn number(&mut self, id: &crate::model::RecordId) -> u32 {
        Self::number(self, id)
    }
    fn attributes(&mut self, attributes: Attributes) -> u32 {
        self.attributes.add(attributes)
    }
    fn given(&mut self, given: Given) -> u32 {
        self.given.add(given)
    }
}
impl Numbers for RecordIndex {
    fn number(&mut self, id: &crate::model::RecordId) -> u32 {
        self.number_for(id)
    }
    fn attributes(&mut self, attributes: Attributes) -> u32 {
        self.intern_attributes(attributes)
    }
    fn given(&mut self, given: Given) -> u32 {
        self.intern_given(given)
    }
}

/// A row with its lists owned.
pub(super) struct OwnedRow {
    number: u32,
    owners: Vec<OwnerCode>,
    attributes: u32,
    locked: bool,
    shares: Vec<ShareEntry>,
    parents: Vec<(u32, u32)>,
    keys: Vec<(u32, Key)>,
    values: BTreeMap<FieldId, Value>,
}

impl OwnedRow {
    pub(super) fn borrowed(self, add: impl FnOnce(DenseRow<'_>)) {
        add(DenseRow {
            number: self.number,
            owners: &self.owners,
            attributes: self.attributes,
            locked: self.locked,
            shares: &self.shares,
            parents: &self.parents,
            keys: self.keys,
            values: self.values,
        });
    }
}

/// Adds a record to the index that is being filled.
pub(super) fn add(
    compiled: &Compiled,
    loading: &mut [Loading],
    record: &Record,
) -> Result<(), Vec<Problem>> {
    let Some(object) = compiled.directory.objects.find(&record.object) else { return Ok(()) };
    let parents = parents(compiled, object, record, |parent, id| {
        loading.get_mut(parent as usize).map_or(NONE, |loading| loading.number(id))
    });
    let Some(mine) = loading.get_mut(object as usize) else { return Ok(()) };
    let number = mine.number(&record.id);
    if number >= LIMITS.records_max {
        return Err(vec![Problem {
            place: format!("records of {}", record.object),
            what: format!("there are more than {} of them", LIMITS.records_max),
        }]);
    }
    if !mine.take(number) {
        return Err(vec![Problem {
            place: format!("records.{}", record.key()),
            what: "this id stands twice; every record needs its own".to_owned(),
        }]);
    }
    row(compiled, object, mine, record, parents).borrowed(|row| mine.add(row));
    Ok(())
}

/// Parents by relation number and the parent's number.
pub(super) fn parents(
    compiled: &Compiled,
    object: u32,
    record: &Record,
    mut number: impl FnMut(u32, &crate::model::RecordId) -> u32,
) -> Vec<(u32, u32)> {
    let plan = compiled.object(object);
    (0u32..)
        .zip(&plan.relations)
        .filter(|(_, relation)| relation.parent != NONE)
        .filter_map(|(at, relation)| {
            Some((at, number(relation.parent, record.parents.get(&relation.id)?)))
        })
        .collect()
}

pub(super) fn row(
    compiled: &Compiled,
    object: u32,
    numbers: &mut impl Numbers,
    record: &Record,
    parents: Vec<(u32, u32)>,
) -> OwnedRow {
    let plan = compiled.object(object);
    let number = numbers.number(&record.id);
    let attributes = numbers.attributes(attributes(compiled, object, record));
    let mut shares = Vec::new();
    for share in &record.shares {
        shares.extend(share_entry(compiled, numbers, share));
    }
    for member in &record.team {
        shares.extend(team_entry(compiled, numbers, member));
    }
    let indexed = plan.indexed.iter();
    let keys = indexed
        .map(|(number, id, field_type)| (*number, Key::of(record.fields.get(id), *field_type)))
        .collect();
    let values = plan
        .kept_fields
        .iter()
        .filter_map(|field| Some((field.clone(), record.fields.get(field)?.clone())))
        .collect();
    OwnedRow {
        number,
        owners: record.owners.iter().filter_map(|owner| owner_code(compiled, owner)).collect(),
        attributes,
        locked: record.locked,
        shares,
        parents,
        keys,
        values,
    }
}

pub(super) fn owner_code(compiled: &Compiled, owner: &Owner) -> Option<OwnerCode> {
    match owner {
        Owner::User(id) => compiled.directory.users.find(id).map(OwnerCode::user),
        Owner::Group(id) => compiled.directory.groups.find(id).map(OwnerCode::group),
    }
}

fn levels(
    compiled: &Compiled,
    levels: &BTreeMap<crate::model::ObjectId, Rights>,
) -> Box<[(u32, Rights)]> {
    levels
        .iter()
        .filter_map(|(object, rights)| Some((compiled.directory.objects.find(object)?, *rights)))
        .collect()
}

/// The entry of a share; none when its target is not known.
pub(super) fn share_entry(
    compiled: &Compiled,
    numbers: &mut impl Numbers,
    share: &Share,
) -> Option<ShareEntry> {
    let who = compiled.who(&share.to)?;
    let given = numbers.given(Given {
        rights: share.rights,
        ends: share.ends.map_or(i64::MAX, |ends| ends.0),
        levels: levels(compiled, &share.child_levels),
    });
    Some(ShareEntry { who, given })
}

pub(super) fn team_entry(
    compiled: &Compiled,
    numbers: &mut impl Numbers,
    member: &TeamMember,
) -> Option<ShareEntry> {
    let user = compiled.who(&Principal::User(member.user.clone()))?;
    let given = numbers.given(Given {
        rights: member.rights,
        ends: member.ends.map_or(i64::MAX, |ends| ends.0),
        levels: levels(compiled, &member.child_levels),
    });
    Some(ShareEntry { who: Who::new(Who::TEAM, user.number()), given })
}

pub(crate) fn attributes(compiled: &Compiled, object: u32, record: &Record) -> Attributes {
    let plan = compiled.object(object);
    let trees = &compiled.trees;
    let unit = record.unit.as_ref().map_or(NONE, |unit| trees.nodes.known(unit));
    let mut tags: Vec<u32> = record.tags.iter().filter_map(|tag| trees.nodes.find(tag)).collect();
    tags.sort_unstable();
    let facts = RecordFacts { record, plan };
    let filled = plan.sheet.fill(record);
    let mut rules = Bits::new(compiled.rules.len());
    plan.likely_rules.each(&filled, |at| {
        let number = plan.rules[at as usize];
        let (rule, ready) = (&compiled.rules[number as usize], &plan.ready_rules[at as usize]);
        let in_unit = plan.owner_units
            || !rule.states_units()
            || unit != NONE && rule.holds_unit(unit, trees);
        let settled = || match (ready, &rule.when) {
            (Some(ready), _) => ready.evaluate(&filled) == Truth::True,
            (None, Some(when)) => rule.is_live() || when.evaluate(&facts) == Truth::True,
            (None, None) => true,
        };
        if in_unit && rule.holds_tags(&tags, trees) && settled() {
            rules.set(number);
        }
    });
    let mut passes = Bits::new(compiled.restrictions.len());
    let restrictions = plan.restrictions.iter().chain(&plan.field_restrictions);
    for (number, ready) in restrictions.zip(&plan.ready_restrictions) {
        let Some(restriction) = compiled.restrictions.get(*number as usize) else { continue };
        let passes_it = || match ready {
            Some(ready) => ready.evaluate(&filled) == Truth::True,
            None => restriction.only.evaluate(&facts) == Truth::True,
        };
        if restriction.is_static && passes_it() {
            passes.set(*number);
        }
    }
    Attributes {
        unit,
        tags: tags.into_boxed_slice(),
        pool: record.pool.as_ref().map_or(NONE, |pool| compiled.directory.pools.known(pool)),
        rules,
        passes,
    }
}
