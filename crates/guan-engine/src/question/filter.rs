//! Filters that run elsewhere: which fields they may use, which of many ids pass, and how many there
//! may be.

use super::fields;
use super::list::{ListFault, ListQuery, Order, Page, Relaxations, RelaxedRecord};
use crate::answer::Refusal;
use crate::ask::{Extent, Session};
use crate::compile::number;
use crate::dense::NONE;
use crate::engine::Engine;
use crate::lens::{Lens, Relax};
use crate::model::{Action, FieldId, ObjectId, RecordId, RelationId};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a field may be used to choose, order or sum up records; each includes the ones before it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FilterUse {
    /// Not at all.
    #[default]
    No,
    /// Records may be found by the exact value: the field is shown masked and is `searchable`.
    EqualityOnly,
    /// For any comparison, for search, order, groups and sums: the field is shown clear.
    Any,
}

/// The fields that a filter, search, order or grouping uses, and how.
pub type Uses = BTreeMap<FieldId, FilterUse>;

/// Which of many records may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Bit `i % 64` of word `i / 64` for the record at `i`.
    bits: Vec<u64>,
    /// How many.
    pub count: u64,
    /// Those among them that the policy alone would not show. They must be recorded durably before
    /// anything of them leaves.
    pub relaxed: Vec<RelaxedRecord>,
}

impl Selection {
    /// Whether the record at this place of the question may be shown.
    pub fn has(&self, at: usize) -> bool {
        self.bits.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 != 0)
    }
    /// The places of those that may be shown, in order.
    pub fn places(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.bits.len() * 64).filter(|at| self.has(*at))
    }
    fn set(&mut self, at: usize) {
        if let Some(word) = self.bits.get_mut(at / 64) {
            *word |= 1 << (at % 64);
            self.count += 1;
        }
    }
}

impl Engine {
    /// How the subject may use a field of the records it may read. A field that is not clear on every
    /// one of them may not be used as if it were; what suspensions open does not count.
    pub fn may_filter(
        &self,
        session: &Session<'_>,
        object: &ObjectId,
        field: &FieldId,
    ) -> FilterUse {
        let Ok(subject) = Subject::enter(self, session) else { return FilterUse::No };
        let relaxations = Self::relaxations(&subject, object, &Action::Read, Extent::Single);
        let may_list = self.views(&subject, (object, &Action::Read), &relaxations).is_ok();
        match self.compiled.directory.objects.find(object) {
            Some(object) if may_list => use_of(&subject, object, field).unwrap_or_default(),
            Some(_) | None => FilterUse::No,
        }
    }

    /// Which of the records `ids` of an object an action is allowed on; ids that do not exist are not.
    /// For streams that a database sorts and filters by the fields in `uses`.
    ///
    /// # Errors
    ///
    /// When the subject may not list at all, or may not use the fields so.
    ///
    /// # Cost
    ///
    /// The session once; then one check a record, with their cache misses overlapping in blocks of 64.
    pub fn visible_many(
        &self,
        session: &Session<'_>,
        action: &Action,
        object: &ObjectId,
        uses: &Uses,
        ids: &[RecordId],
    ) -> Result<Selection, Refusal> {
        let subject = Subject::enter(self, session)?;
        let mut relaxations = Self::relaxations(&subject, object, action, Extent::Single);
        relaxations.close_for(&subject, object, uses);
        let views = self.views(&subject, (object, action), &relaxations)?;
        let number = self.compiled.directory.objects.known(object);
        admit(&subject, number, uses)?;
        let index = self.index(number);
        let mut selection =
            Selection { bits: vec![0; ids.len().div_ceil(64)], ..Selection::default() };
        for (block, ids) in ids.chunks(64).enumerate() {
            let mut positions = [NONE; 64];
            let mut touched = 0u32;
            for (position, id) in positions.iter_mut().zip(ids) {
                *position = index.find(id).unwrap_or(NONE);
                if *position != NONE {
                    touched ^= index.touch_shares(index.header(*position));
                }
            }
            std::hint::black_box(touched);
            for (at, (position, id)) in positions.into_iter().zip(ids).enumerate() {
                if position != NONE && views.shows(position) {
                    selection.set(block * 64 + at);
                    if let Some(overlay) = views.relaxed_by(position) {
                        let (record, overlay) = (id.clone(), overlay.clone());
                        selection.relaxed.push(RelaxedRecord { record, overlay });
                    }
                }
            }
        }
        Ok(selection)
    }

    /// A page of [`Engine::list`] with those records alone that are among `ids`.
    ///
    /// # Errors
    ///
    /// As [`Engine::list`].
    ///
    /// # Cost
    ///
    /// One check for each of `ids`, and their sorting.
    pub fn list_among(
        &self,
        session: &Session<'_>,
        action: &Action,
        query: &ListQuery,
        ids: &[RecordId],
    ) -> Result<Page, ListFault> {
        self.list_by(session, action, query, |views, order, limit| {
            let mut found: Vec<u32> = ids
                .iter()
                .filter_map(|id| order.index.find(id))
                .filter(|position| order.is_behind(*position) && views.shows(*position))
                .collect();
            found.sort_unstable_by(|a, b| Order::compare(order, *a, *b));
            found.dedup();
            found.truncate(limit);
            found
        })
    }

    /// The children that a record has by a relation of `object`, whoever may see them: for choosing between ways of
    /// reading them, never for an answer.
    ///
    /// # Cost
    ///
    /// In proportion to the children.
    pub fn children_by(
        &self,
        object: &ObjectId,
        relation: &RelationId,
        parent: &RecordId,
    ) -> Vec<RecordId> {
        let Some(object) = self.compiled.directory.objects.find(object) else { return Vec::new() };
        let mut links = (0_u32..).zip(&self.compiled.object(object).relations);
        let Some((relation, link)) = links.find(|(_, link)| link.id == *relation) else {
            return Vec::new();
        };
        if link.parent == NONE {
            return Vec::new();
        }
        let Some(parent) = self.index(link.parent).cursor_number(parent) else { return Vec::new() };
        let index = self.index(object);
        let children = index.children(relation, parent).iter();
        children
            .filter(|child| index.position(**child).is_some())
            .map(|child| index.id(*child))
            .collect()
    }

    /// At most how many records of an object the action is allowed on, without looking at any: for
    /// choosing between ways of reading them.
    ///
    /// # Errors
    ///
    /// When the subject may not list at all.
    pub fn estimate(
        &self,
        session: &Session<'_>,
        action: &Action,
        object: &ObjectId,
    ) -> Result<u64, Refusal> {
        let subject = Subject::enter(self, session)?;
        let relaxations = Self::relaxations(&subject, object, action, Extent::Single);
        let views = self.views(&subject, (object, action), &relaxations)?;
        let index = self.index(self.compiled.directory.objects.known(object));
        Ok(views.at_most(index))
    }
}

impl Relaxations<'_> {
    /// Leaves out what may not touch the fields: choice and order tell of values, so nothing that is
    /// relaxed may be chosen or ordered by a field of the floor.
    pub(super) fn close_for(&mut self, subject: &Subject<'_>, object: &ObjectId, uses: &Uses) {
        let compiled = &subject.engine.compiled;
        let Some(object) = compiled.directory.objects.find(object) else { return };
        for (field, used) in uses {
            if *used == FilterUse::No {
                continue;
            }
            if let Some(field) = compiled.object(object).field(field) {
                self.retain(|relaxation| !relaxation.closes(field));
            }
        }
    }
}

/// Refuses uses that go further than the subject sees.
pub(super) fn admit(subject: &Subject<'_>, object: u32, uses: &Uses) -> Result<(), Refusal> {
    for (field, used) in uses {
        match use_of(subject, object, field) {
            None => return Err(Refusal::UnknownField { field: field.clone() }),
            Some(allowed) if allowed < *used => {
                return Err(Refusal::FieldHidden { field: field.clone() });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// The object that a field points to, where the field is a relation at the same time.
fn parent_of(engine: &Engine, object: u32, field: &FieldId) -> Option<u32> {
    let relations = &engine.compiled.object(object).relations;
    let relation = relations.iter().find(|relation| relation.id.as_str() == field.as_str())?;
    Some(relation.parent)
}

/// Whether the policy lets every record of an object be read.
fn reads_all(subject: &Subject<'_>, object: u32) -> bool {
    object != NONE
        && Lens::new(subject, object, number::READ, Relax::default())
            .is_ok_and(|lens| lens.covers_all())
}

/// How the policy lets a field be used; none when there is no such field.
fn use_of(subject: &Subject<'_>, object: u32, id: &FieldId) -> Option<FilterUse> {
    let engine = subject.engine;
    let number = engine.compiled.object(object).field(id)?;
    let access = fields::access(subject, object, None, number, None);
    let model = engine.policy.objects.get(engine.compiled.directory.objects.name(object))?;
    let searchable = model.fields.get(id).is_some_and(|field| field.searchable);
    let is_partly_hidden =
        parent_of(engine, object, id).is_some_and(|parent| !reads_all(subject, parent));
    Some(if access.is_readable() && is_partly_hidden {
        // Not clear on every record: whoever filters leaves out what points to parents that may not be read.
        FilterUse::EqualityOnly
    } else if access.is_readable() {
        FilterUse::Any
    } else if access.is_masked() && searchable {
        FilterUse::EqualityOnly
    } else {
        FilterUse::No
    })
}
