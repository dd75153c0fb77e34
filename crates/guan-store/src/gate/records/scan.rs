//! The records that a filter and a search choose, from where they are cheapest to get, judged by the engine in blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::Target;
use guan_engine::model::{
    Action, Field, FieldId, FieldType, Object, ObjectId, OverlayId, RecordId,
};
use guan_engine::question::{FilterUse, ListQuery, Selection, Uses};

use super::RecordFault;
use super::find::{Question, relaxed_list};
use super::pointer::Pointers;
use crate::change::RelaxedList;
use crate::database::Dialect;
use crate::error::StorageError;
use crate::gate::Gate;
use crate::query::filter::{Filter, FilterFault, Usable};
use crate::query::row::{Picked, RowFacts, Wanted};
use crate::query::words::{self, Asked};
use crate::record::reads::{self, Passing};

/// Records asked of the database at once.
pub(super) const BLOCK: usize = 1_000;
/// One record by its id costs about as much as so many in a row.
const ID_COST: u64 = 4;

/// Which records are chosen, and which fields have to be read of them.
pub(super) struct Scan {
    pub(super) object: ObjectId,
    pub(super) action: Action,
    pub(super) uses: Uses,
    pub(super) wanted: Wanted,
    filter: Option<Filter>,
    /// Relations that are asked for like fields.
    pointers: Pointers,
    /// The words of the search and the fields to find them in.
    search: Option<(BTreeSet<Asked>, Vec<FieldId>)>,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) struct Choice<'q> {
    pub(super) object: &'q ObjectId,
    pub(super) action: &'q Action,
    pub(super) filter: Option<&'q Filter>,
    pub(super) search: Option<&'q str>,
}

/// A chosen record, not judged yet.
pub(super) struct Chosen {
    pub(super) number: i64,
    pub(super) id: RecordId,
    pub(super) picked: Picked,
}

impl Scan {
    /// Checks the filter, the search and the fields in `clear`, which are used for order, groups or sums.
    pub(super) fn new(
        question: &Question<'_>,
        choice: Choice<'_>,
        clear: &BTreeSet<FieldId>,
    ) -> Result<Self, RecordFault> {
        let Choice { object, action, filter, search } = choice;
        let (engine, session) = (question.engine(), question.session());
        if let Decision::Deny { refusal } =
            question.check(action, Target::Object(object.clone()), Vec::new())
        {
            return Err(refusal.into());
        }
        let model = engine.policy().objects.get(object).ok_or(Refusal::UnknownObject)?;
        let mut uses = Uses::new();
        let asked = clear.iter().chain(filter.iter().flat_map(|filter| filter.fields()));
        let mut pointers = Pointers::new(question, model, asked);
        for field in clear.iter().filter(|field| !pointers.is_bare(field)) {
            if engine.may_filter(&session, object, field) != FilterUse::Any {
                return Err(Refusal::FieldHidden { field: field.clone() }.into());
            }
            uses.insert(field.clone(), FilterUse::Any);
        }
        if let Some(filter) = filter {
            admit(question, (object, model), (filter, &pointers), &mut uses)?;
            pointers.narrow(model, filter);
        }
        let search = search.map(|text| {
            let fields: Vec<FieldId> = model
                .fields
                .iter()
                .filter(|(_, field)| words::is_searched(field.field_type))
                .map(|(id, _)| id)
                .filter(|id| engine.may_filter(&session, object, id) == FilterUse::Any)
                .cloned()
                .collect();
            (words::asked(text), fields)
        });
        if let Some((_, fields)) = &search {
            uses.extend(fields.iter().map(|field| (field.clone(), FilterUse::Any)));
        }
        let mut read: BTreeSet<FieldId> = clear.clone();
        read.extend(filter.iter().flat_map(|filter| filter.fields()).cloned());
        read.retain(|name| !pointers.is_bare(name));
        let owners = filter.is_some_and(Filter::reads_owners);
        let wanted = Wanted::new(read, pointers.relations(), model, owners);
        let (object, action) = (object.clone(), action.clone());
        Ok(Self { object, action, uses, wanted, filter: filter.cloned(), pointers, search })
    }

    /// Whether a name is that of a relation and not of a field.
    pub(super) fn is_relation(&self, name: &FieldId) -> bool {
        self.pointers.is_bare(name)
    }
    /// Whether the filter names the parent of every chosen record.
    pub(super) const fn has_parent(&self) -> bool {
        self.pointers.has_parent()
    }

    /// Whether every record of the object is chosen.
    pub(super) const fn is_everything(&self) -> bool {
        self.filter.is_none() && self.search.is_none()
    }
    pub(super) const fn has_search(&self) -> bool {
        self.search.is_some()
    }
    pub(super) const fn has_filter(&self) -> bool {
        self.filter.is_some()
    }

    /// Which of the records the subject may see, chosen by these fields.
    pub(super) fn judge(
        &self,
        question: &Question<'_>,
        ids: &[RecordId],
    ) -> Result<Selection, RecordFault> {
        let session = question.session();
        Ok(question.engine().visible_many(&session, &self.action, &self.object, &self.uses, ids)?)
    }

    /// The record, if the filter matches it.
    pub(super) fn chosen(
        &self,
        question: &Question<'_>,
        passing: Passing,
    ) -> Result<Option<Chosen>, StorageError> {
        let mut picked = self.wanted.read(&passing.body, &passing.access)?;
        self.pointers.hide(question, (&self.object, &self.wanted), &mut picked);
        let facts = RowFacts {
            wanted: &self.wanted,
            picked: &picked,
            subject: &question.asking.subject,
            now: question.asking.clock.wall,
            utc_offset_minutes: question.engine().policy().organization.utc_offset_minutes,
        };
        let matches = self.filter.as_ref().is_none_or(|filter| filter.matches(&facts));
        let Passing { number, id, .. } = passing;
        Ok(matches.then_some(Chosen { number, id, picked }))
    }
}

/// Checks the filter against the fields and relations that it may use; which fields they are goes into `uses`.
fn admit(
    question: &Question<'_>,
    (object, model): (&ObjectId, &Object),
    (filter, pointers): (&Filter, &Pointers),
    uses: &mut Uses,
) -> Result<(), FilterFault> {
    let (engine, session) = (question.engine(), question.session());
    let mut seen = Object { fields: BTreeMap::new(), ..model.clone() };
    let mut usable = BTreeMap::new();
    for field in filter.fields() {
        if pointers.is_bare(field) {
            let id = Field { field_type: FieldType::Text, ..Field::default() };
            seen.fields.insert(field.clone(), id);
            usable.insert(field.clone(), Usable::Freely);
            continue;
        }
        let used = engine.may_filter(&session, object, field);
        let (Some(model), true) = (model.fields.get(field), used > FilterUse::No) else { continue };
        seen.fields.insert(field.clone(), model.clone());
        let way = if used == FilterUse::Any { Usable::Freely } else { Usable::ForEquality };
        usable.insert(field.clone(), way);
        let entry = uses.entry(field.clone()).or_default();
        *entry = (*entry).max(used);
    }
    filter.check(&seen, &usable)
}

impl Gate {
    /// Hands every chosen record to `take`, not judged yet and in no order that means anything.
    pub(super) fn scan(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        mut take: impl FnMut(Chosen) -> ControlFlow<()>,
    ) -> Result<(), RecordFault> {
        let organization = &question.asking.organization;
        let mut pass = |passing: Passing| -> Result<ControlFlow<()>, StorageError> {
            Ok(match scan.chosen(question, passing)? {
                Some(chosen) => take(chosen),
                None => ControlFlow::Continue(()),
            })
        };
        let Some(ids) = self.few(question, scan)? else {
            return self.read(|reader| {
                Ok(reads::each(&reader.database, organization, &scan.object, &mut pass)?)
            });
        };
        for block in ids.chunks(BLOCK) {
            self.read(|reader| {
                let database = &reader.database;
                let found =
                    reads::each_of_ids(database, organization, &scan.object, block, &mut pass);
                Ok::<_, RecordFault>(found?)
            })?;
        }
        Ok(())
    }

    /// The ids to look at, where that is cheaper than to go through all records.
    fn few(
        &self,
        question: &Question<'_>,
        scan: &Scan,
    ) -> Result<Option<Vec<RecordId>>, RecordFault> {
        if scan.has_search() {
            return self.found(question, scan).map(Some);
        }
        let (engine, session) = (question.engine(), question.session());
        if let Some(children) = scan.pointers.children(question, &scan.object) {
            return Ok(Some(children));
        }
        let most = engine.estimate(&session, &scan.action, &scan.object)?;
        if most.saturating_mul(ID_COST) >= engine.record_count_of(&scan.object) {
            return Ok(None);
        }
        let query = ListQuery::first(scan.object.clone(), usize::MAX);
        Ok(Some(engine.list(&session, &scan.action, &query)?.records))
    }

    /// The records in which the words of the search are found, in the order in which they came.
    pub(super) fn found(
        &self,
        question: &Question<'_>,
        scan: &Scan,
    ) -> Result<Vec<RecordId>, RecordFault> {
        let Some((asked, fields)) = &scan.search else { return Ok(Vec::new()) };
        if asked.is_empty() || fields.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|reader| {
            let database = &reader.database;
            let query = match database.dialect() {
                Dialect::Sqlite => words::match_of_sqlite(asked, fields),
                Dialect::Postgres => words::match_of_postgres(asked, fields),
            };
            let organization = &question.asking.organization;
            Ok(reads::with_words(database, organization, &scan.object, &query)?)
        })
    }

    /// The ids of all chosen records.
    pub(super) fn chosen_ids(
        &self,
        question: &Question<'_>,
        scan: &Scan,
    ) -> Result<Vec<RecordId>, RecordFault> {
        if scan.wanted.is_nothing() && scan.has_search() && !scan.has_filter() {
            return self.found(question, scan);
        }
        let mut ids = Vec::new();
        self.scan(question, scan, |chosen| {
            ids.push(chosen.id);
            ControlFlow::Continue(())
        })?;
        Ok(ids)
    }
}

/// What suspensions added to an answer on so many records, by overlay.
#[derive(Default)]
pub(super) struct Added(BTreeMap<OverlayId, BTreeSet<RecordId>>);

impl Added {
    pub(super) fn take(&mut self, selection: &Selection) {
        for relaxed in &selection.relaxed {
            self.0.entry(relaxed.overlay.clone()).or_default().insert(relaxed.record.clone());
        }
    }
    pub(super) fn lists(&self, question: &Question<'_>, scan: &Scan) -> Vec<RelaxedList> {
        let of = |(overlay, ids): (&OverlayId, &BTreeSet<RecordId>)| {
            relaxed_list(question.asking, &scan.action, &scan.object, overlay, ids.iter())
        };
        self.0.iter().map(of).collect()
    }
}
