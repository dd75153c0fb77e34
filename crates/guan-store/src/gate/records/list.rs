//! Lists, counts and choices of records: the engine first, the database for what it is good at.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use guan_engine::answer::Refusal;
use guan_engine::ask::{Request, Target};
use guan_engine::model::{
    Action, FieldId, FieldType, Moment, Number, ObjectId, RecordId, RecordKey, RelationId, Value,
};
use guan_engine::question::{Cursor, ListFault, ListQuery, Page, Sort};
use serde::Serialize;

use super::RecordFault;
use super::find::{Found, Question};
use super::scan::{Added, BLOCK, Choice, Chosen, Scan};
use crate::gate::{Asking, Gate};
use crate::query::cursor::{Place, Sealer};
use crate::query::{Filter, PageCursor};
use crate::record::reads;

/// Records of one page.
pub(super) const PAGE_MAX: usize = 200;
/// Records that are looked at in the order of the list before all of them are gone through.
const IN_ORDER_MAX: usize = 4_000;

/// Which records, in which order, and which page of them.
#[derive(Debug, Clone)]
pub struct RecordQuery {
    /// The object.
    pub object: ObjectId,
    /// Only those that match.
    pub filter: Option<Filter>,
    /// Only those in which all of these words are found, in fields that the subject sees clear.
    pub search: Option<String>,
    /// The order. A field that is not `indexed` costs a look at every record.
    pub sort: Sort,
    /// Behind this cursor; absent for the first page.
    pub after: Option<PageCursor>,
    /// At most so many records, from 1 to 200.
    pub limit: usize,
}

/// A page of records. Never cut short silently: `next` is there whenever records follow.
#[derive(Debug, Clone, Serialize)]
pub struct RecordPage {
    /// The records, in order.
    pub records: Vec<Found>,
    /// Where to go on; absent on the last page.
    pub next: Option<PageCursor>,
}

/// A value in comparable form, then the number.
type SortKey = (Option<Value>, i64);

impl RecordQuery {
    /// The first page of an object in the order in which its records came.
    pub fn first(object: impl Into<ObjectId>, limit: usize) -> Self {
        let object = object.into();
        Self { object, filter: None, search: None, sort: Sort::default(), after: None, limit }
    }
}

impl Gate {
    /// A page of the records that the subject may read.
    ///
    /// Cost: without filter and search the engine chooses the page and the database is asked for it alone. A filter
    /// is tried on the records in the order of the list; when too few match, all records are gone through once, or
    /// those alone that the subject may read where they are few.
    ///
    /// # Errors
    ///
    /// A refusal of the object, a filter or order that may not be asked, a cursor of another list.
    pub fn list_records(
        &self,
        asking: &Asking,
        query: &RecordQuery,
    ) -> Result<RecordPage, RecordFault> {
        let query = RecordQuery { limit: query.limit.clamp(1, PAGE_MAX), ..query.clone() };
        self.page_of(asking, &Action::Read, &query)
    }

    /// How many records the whole list has.
    ///
    /// # Errors
    ///
    /// As [`Gate::list_records`].
    pub fn count_records(&self, asking: &Asking, query: &RecordQuery) -> Result<u64, RecordFault> {
        let counted = self.counted_records(asking, query);
        self.traced(asking, (&Action::Read, &query.object), counted)
    }

    fn counted_records(&self, asking: &Asking, query: &RecordQuery) -> Result<u64, RecordFault> {
        plain_in_a_view(asking, query)?;
        let mut question = self.question(asking)?;
        // An order that may not be asked for is refused alike, whatever is asked of the list.
        let clear: BTreeSet<FieldId> = query.sort.by.iter().cloned().collect();
        loop {
            let scan = Self::scan_of(&question, &Action::Read, query, &clear)?;
            if scan.is_everything() && asking.viewer.is_none() {
                let (caller, clock) = (&asking.caller, &asking.clock);
                let session = asking.session();
                let counted = self.count(caller, clock, &session, &Action::Read, &query.object)?;
                return Ok(counted.count?);
            }
            let mut ids = self.chosen_ids(&question, &scan)?;
            if asking.viewer.is_some() {
                // As in the list: of what the viewer may read themself.
                let key =
                    |id: &RecordId| RecordKey { object: query.object.clone(), id: id.clone() };
                ids.retain(|id| question.may_read(&key(id)));
            }
            let selection = scan.judge(&question, &ids)?;
            let mut added = Added::default();
            added.take(&selection);
            let lists = added.lists(&question, &scan);
            if lists.is_empty() || self.record_relaxed(asking, lists).is_ok() {
                return Ok(selection.count);
            }
            question = question.enforced();
        }
    }

    /// The records that could become the parent through a relation of an object: those that the subject may read.
    ///
    /// # Errors
    ///
    /// As [`Gate::list_records`]; an unknown relation is told as a refusal of the object.
    pub fn pick_records(
        &self,
        asking: &Asking,
        (object, relation): (&ObjectId, &RelationId),
        search: Option<&str>,
        limit: usize,
    ) -> Result<RecordPage, RecordFault> {
        let question = self.question(asking)?;
        let objects = &question.engine().policy().objects;
        let model = objects.get(object).and_then(|object| object.relations.get(relation));
        let Some(parent) = model.map(|relation| relation.parent.clone()) else {
            let (on, refusal) = (Target::Object(object.clone()), Refusal::UnknownObject);
            return Err(self.refused(asking, &Action::Read, on, Vec::new(), refusal));
        };
        let search = search.filter(|text| !text.trim().is_empty()).map(str::to_owned);
        let query = RecordQuery { search, ..RecordQuery::first(parent, limit) };
        self.list_records(asking, &query)
    }

    pub(super) fn scan_of(
        question: &Question<'_>,
        action: &Action,
        query: &RecordQuery,
        clear: &BTreeSet<FieldId>,
    ) -> Result<Scan, RecordFault> {
        let choice = Choice {
            object: &query.object,
            action,
            filter: query.filter.as_ref(),
            search: query.search.as_deref().filter(|words| !words.trim().is_empty()),
        };
        let scan = Scan::new(question, choice, clear)?;
        match query.sort.by.clone().filter(|by| scan.is_relation(by)) {
            Some(field) => Err(ListFault::NoOrder { field }.into()),
            None => Ok(scan),
        }
    }

    /// A page for an action that shows records; a refusal has its ledger row.
    pub(super) fn page_of(
        &self,
        asking: &Asking,
        action: &Action,
        query: &RecordQuery,
    ) -> Result<RecordPage, RecordFault> {
        let page = self.page(asking, action, query);
        self.traced(asking, (action, &query.object), page)
    }

    fn page(
        &self,
        asking: &Asking,
        action: &Action,
        query: &RecordQuery,
    ) -> Result<RecordPage, RecordFault> {
        plain_in_a_view(asking, query)?;
        let question = self.question(asking)?;
        if asking.viewer.is_none() {
            let on = Target::Object(query.object.clone());
            self.observe(&Request::new(asking.session(), action.clone(), on), &asking.clock);
        }
        let clear: BTreeSet<FieldId> = query.sort.by.iter().cloned().collect();
        let scan = Self::scan_of(&question, action, query, &clear)?;
        let key = self.sealing_key()?;
        let sealer = sealer(&key, asking, action, query);
        let after = match &query.after {
            Some(cursor) => Some(sealer.open(cursor).ok_or(RecordFault::Cursor)?),
            None => None,
        };
        let (ids, place) = if Self::keeps_order(&question, query) {
            self.kept_page(&question, &scan, query, after)?
        } else {
            self.sorted_page(&question, &scan, query, after)?
        };
        // What a draft would add is known of plain first pages alone.
        let plain = scan.is_everything() && query.after.is_none();
        let first = ListQuery {
            sort: query.sort.clone(),
            uses: scan.uses,
            ..ListQuery::first(query.object.clone(), query.limit)
        };
        let page = (ids.iter().cloned(), plain.then_some(&first));
        let of = (action, &query.object);
        if asking.viewer.is_none() {
            self.shadows.observe_page(&asking.session(), of, page, &asking.clock);
        }
        let stored = self.stored(asking, &query.object, &ids)?;
        // The number finds the place again when the record is gone and the engine was loaded anew.
        let number = stored.last().map_or(0, |stored| stored.number);
        let place = place.map(|place| match place {
            Place::Kept(cursor, _) => Place::Kept(cursor, number),
            valued @ Place::Valued(..) => valued,
        });
        let next = place.and_then(|place| sealer.seal(place));
        let records = self.reveal(question, action, stored);
        Ok(RecordPage { records, next })
    }

    /// Whether the engine keeps the order that is asked for.
    fn keeps_order(question: &Question<'_>, query: &RecordQuery) -> bool {
        let Some(field) = &query.sort.by else { return true };
        let objects = &question.engine().policy().objects;
        let object = objects.get(&query.object);
        object.and_then(|object| object.fields.get(field)).is_some_and(|field| field.indexed)
    }

    /// A page in an order that the engine keeps.
    fn kept_page(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        query: &RecordQuery,
        after: Option<Place>,
    ) -> Result<(Vec<RecordId>, Option<Place>), RecordFault> {
        let after = match after {
            Some(Place::Kept(cursor, number)) => Some((cursor, number)),
            Some(Place::Valued(..)) => return Err(RecordFault::Cursor),
            None => None,
        };
        let (engine, session) = (question.engine(), question.session());
        let list = ListQuery {
            object: query.object.clone(),
            sort: query.sort.clone(),
            uses: scan.uses.clone(),
            after: after.as_ref().map(|(cursor, _)| cursor.clone()),
            limit: query.limit,
        };
        let turn = |list: &ListQuery| -> Result<Page, RecordFault> {
            if scan.is_everything() {
                return Ok(engine.list(&session, &scan.action, list)?);
            }
            let ids = self.enough(question, scan, list)?;
            Ok(engine.list_among(&session, &scan.action, list, &ids)?)
        };
        let page = match (turn(&list), after) {
            // The record that the page before ended with is gone, and the engine was loaded since.
            (Err(RecordFault::Cursor), Some((cursor, number))) => {
                let place = (number, query.sort.descending);
                let after = self.near(question, &query.object, &cursor, place)?;
                turn(&ListQuery { after, ..list })?
            }
            (page, _) => page?,
        };
        let place = page.next.map(|cursor| Place::Kept(cursor, 0));
        Ok((page.records, place))
    }

    /// The place of a cursor beside a record that is still there; none before the first.
    fn near(
        &self,
        question: &Question<'_>,
        object: &ObjectId,
        cursor: &Cursor,
        place: (i64, bool),
    ) -> Result<Option<Cursor>, RecordFault> {
        let organization = &question.asking.organization;
        let near = self.read(|reader| {
            Ok::<_, RecordFault>(reads::id_near(&reader.database, organization, object, place)?)
        })?;
        match near {
            Some(id) => cursor.beside(&id).map(Some).ok_or(RecordFault::Cursor),
            None if cursor.is_by_number() => Ok(None),
            None => Err(RecordFault::Cursor),
        }
    }

    /// Chosen records that the subject may see: more than a page of them behind the cursor, or all that there are.
    fn enough(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        list: &ListQuery,
    ) -> Result<Vec<RecordId>, RecordFault> {
        if scan.has_search() || scan.has_parent() {
            return self.chosen_ids(question, scan);
        }
        let (engine, session) = (question.engine(), question.session());
        let (mut chosen, mut looked_at) = (Vec::new(), 0);
        let mut walk = ListQuery { limit: BLOCK.min(list.limit.saturating_mul(4)), ..list.clone() };
        while looked_at < IN_ORDER_MAX {
            let page = engine.list(&session, &scan.action, &walk)?;
            looked_at += page.records.len();
            chosen.extend(self.matching(question, scan, &page.records)?);
            match page.next {
                Some(next) if chosen.len() <= list.limit => walk.after = Some(next),
                _ => return Ok(chosen),
            }
            // What holds as many as are missing, if it goes on as before, and a quarter more.
            let missing = list.limit + 1 - chosen.len();
            let likely = missing.saturating_mul(looked_at) / chosen.len().max(1);
            walk.limit = (likely + likely / 4).clamp(list.limit.min(BLOCK), BLOCK);
        }
        self.chosen_ids(question, scan)
    }

    /// Which of these records the filter matches.
    fn matching(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        ids: &[RecordId],
    ) -> Result<Vec<RecordId>, RecordFault> {
        let mut matching = Vec::new();
        self.read(|reader| {
            let organization = &question.asking.organization;
            let found =
                reads::each_of_ids(&reader.database, organization, &scan.object, ids, |row| {
                    matching.extend(scan.chosen(question, row)?.map(|chosen| chosen.id));
                    Ok(ControlFlow::Continue(()))
                });
            Ok::<_, RecordFault>(found?)
        })?;
        Ok(matching)
    }

    /// A page in the order of a field of which the engine keeps no order: every chosen record is looked at.
    fn sorted_page(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        query: &RecordQuery,
        after: Option<Place>,
    ) -> Result<(Vec<RecordId>, Option<Place>), RecordFault> {
        let after = match after {
            Some(Place::Valued(value, number)) => Some((value, number)),
            Some(Place::Kept(..)) => return Err(RecordFault::Cursor),
            None => None,
        };
        let (rows, ids) = self.keyed(question, scan, query)?;
        let selection = scan.judge(question, &ids)?;
        let descending = query.sort.descending;
        let is_behind = |row: &(Option<Value>, i64)| match &after {
            None => true,
            Some(after) if descending => row < after,
            Some(after) => row > after,
        };
        let mut places: Vec<usize> =
            selection.places().filter(|at| rows.get(*at).is_some_and(is_behind)).collect();
        if descending {
            places.sort_unstable_by_key(|at| Reverse(rows.get(*at)));
        } else {
            places.sort_unstable_by_key(|at| rows.get(*at));
        }
        let more = places.len() > query.limit;
        places.truncate(query.limit);
        let last = places.last().filter(|_| more).and_then(|at| rows.get(*at).cloned());
        let place = last.map(|(value, number)| Place::Valued(value, number));
        Ok((places.into_iter().filter_map(|at| ids.get(at).cloned()).collect(), place))
    }

    /// Every chosen record with the value that it is ordered by, then its number.
    fn keyed(
        &self,
        question: &Question<'_>,
        scan: &Scan,
        query: &RecordQuery,
    ) -> Result<(Vec<SortKey>, Vec<RecordId>), RecordFault> {
        let objects = &question.engine().policy().objects;
        let field = query.sort.by.as_ref().and_then(|by| {
            let model = objects.get(&query.object)?.fields.get(by)?;
            Some((scan.wanted.place(by)?, model.field_type))
        });
        let (mut rows, mut ids) = (Vec::new(), Vec::new());
        self.scan(question, scan, |Chosen { number, id, picked }| {
            let value = field.and_then(|(place, field_type)| {
                picked.value(place).map(|value| comparable(value, field_type))
            });
            rows.push((value, number));
            ids.push(id);
            ControlFlow::Continue(())
        })?;
        Ok((rows, ids))
    }
}

/// Search, order and filter tell of values that whoever sees as somebody else may not see themself. Ids are none.
fn plain_in_a_view(asking: &Asking, query: &RecordQuery) -> Result<(), RecordFault> {
    let is_plain = query.search.as_deref().is_none_or(|words| words.trim().is_empty())
        && query.sort.by.is_none()
        && query.filter.iter().flat_map(Filter::fields).all(|field| field.as_str() == "Id");
    if asking.viewer.is_none() || is_plain {
        return Ok(());
    }
    let what = "lists come in their own order there, without search and filter";
    Err(RecordFault::NotInAView { what })
}

/// A value in a form whose order is that of its type.
pub(super) fn comparable(value: &Value, field_type: FieldType) -> Value {
    match (field_type, value) {
        (FieldType::DateTime, Value::Text(text)) => match text.parse::<Moment>() {
            Ok(moment) => Value::Number(Number(moment.0)),
            Err(_) => value.clone(),
        },
        (FieldType::Number, Value::Text(text)) => {
            text.parse().map_or_else(|_| value.clone(), Value::Number)
        }
        (FieldType::Text | FieldType::Choice | FieldType::Reference, Value::Number(number)) => {
            Value::Text(number.to_string())
        }
        _ => value.clone(),
    }
}

fn sealer<'k>(key: &'k [u8], asking: &Asking, action: &Action, query: &RecordQuery) -> Sealer<'k> {
    let by = query.sort.by.as_ref().map_or("", FieldId::as_str);
    let filter = query.filter.as_ref().map_or("", Filter::as_str);
    let search = query.search.as_deref().unwrap_or_default();
    let way = if query.sort.descending { "down" } else { "up" };
    let (organization, subject) = (asking.organization.as_str(), asking.subject.as_str());
    let object = query.object.as_str();
    Sealer::new(key, &[organization, subject, action.name(), object, filter, search, by, way])
}
