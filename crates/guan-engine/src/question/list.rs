//! `list`: the records that a subject may do something to, exact, sorted and resumable.

use super::filter::{self, FilterUse, Uses};
use super::relax::{self, Relaxation, Touched};
use super::source::{Bounded, Sink, sources};
use crate::answer::Refusal;
use crate::ask::{Extent, Session};
use crate::dense::Bits;
use crate::engine::Engine;
use crate::index::{Key, Posting, RecordIndex};
use crate::lens::{Lens, Relax};
use crate::model::{Action, FieldId, ObjectId, OverlayId, RecordId};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// In which order a list comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sort {
    /// The field; absent for the order in which records were first loaded. The field must be
    /// `indexed`, and the subject must see its clear value.
    pub by: Option<FieldId>,
    /// From the greatest down.
    pub descending: bool,
}

/// Where a page ended. Opaque; it stays good when records change meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The same place beside another record: for when the one that the page ended with is gone.
    pub fn beside(&self, record: &RecordId) -> Option<Self> {
        let (kind, rest) = self.0.split_once(':')?;
        let text = match kind {
            "a" => format!("a:{record}"),
            "n" => format!("n:{}:{record}", rest.split_once(':')?.0),
            "t" => {
                let (length, rest) = rest.split_once(':')?;
                let (key, _) = rest.split_at_checked(length.parse().ok()?)?;
                format!("t:{length}:{key}{record}")
            }
            _ => return None,
        };
        Some(Self(text))
    }
    /// Whether the list is in the order in which records came.
    pub fn is_by_number(&self) -> bool {
        self.0.starts_with("a:")
    }
}

/// Which page of which list.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// The object.
    pub object: ObjectId,
    /// The order.
    pub sort: Sort,
    /// Fields that a filter, search or order outside the engine uses on the list. What may not be used
    /// so is refused, and a record that is only there through a suspension for which one of them is
    /// closed is left out.
    pub uses: Uses,
    /// Behind this cursor; absent for the first page.
    pub after: Option<Cursor>,
    /// At most so many records.
    pub limit: usize,
}

impl ListQuery {
    /// The first page of at most `limit` records in the order of loading.
    pub fn first(object: impl Into<ObjectId>, limit: usize) -> Self {
        let (sort, uses) = (Sort::default(), Uses::new());
        Self { object: object.into(), sort, uses, after: None, limit }
    }
}

/// A record that is on a page only because a suspension relaxes its refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct RelaxedRecord {
    /// The record.
    pub record: RecordId,
    /// The suspension.
    pub overlay: OverlayId,
}

/// A page of a list. Never cut short silently: `next` is there whenever records follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "schema", schema(as = ListPage))]
pub struct Page {
    /// The records, in order.
    pub records: Vec<RecordId>,
    /// Where to go on; absent on the last page.
    pub next: Option<Cursor>,
    /// Those among them that the policy alone would not show. They must be recorded durably before
    /// the page leaves.
    pub relaxed: Vec<RelaxedRecord>,
}

/// Why there is no list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum ListFault {
    /// The subject may not list.
    #[error("refused")]
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// The engine keeps no order of the field.
    #[error("records cannot be sorted by `{field}`; set `indexed = true` on the field")]
    NoOrder {
        /// The field.
        field: FieldId,
    },
    /// The cursor belongs to another list.
    #[error("the cursor does not belong to this list; start from the first page")]
    UnknownCursor,
}

impl From<Refusal> for ListFault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}

/// The policy's lens, if it passes stage 2, and those of suspensions.
pub(super) struct Views<'s> {
    policy: Option<Lens<'s>>,
    relaxed: Vec<(&'s OverlayId, Lens<'s>)>,
}

impl Views<'_> {
    #[inline]
    pub(super) fn shows(&self, position: u32) -> bool {
        self.policy.as_ref().is_some_and(|lens| lens.passes(position))
            || self.relaxed.iter().any(|(_, lens)| lens.passes(position))
    }
    pub(super) fn shows_all(&self) -> bool {
        self.policy.as_ref().is_some_and(Lens::covers_all)
            || self.relaxed.iter().any(|(_, lens)| lens.covers_all())
    }
    /// At most how many records they show.
    pub(super) fn at_most(&self, index: &RecordIndex) -> u64 {
        let all = u64::from(index.len());
        let mut estimate = Estimate::default();
        let bounded = self.each().all(|lens| sources(lens, &mut estimate) == Bounded::Yes);
        if self.shows_all() || !bounded { all } else { estimate.records.min(all) }
    }
    /// The overlay without which the record would not be shown.
    pub(super) fn relaxed_by(&self, position: u32) -> Option<&OverlayId> {
        if self.policy.as_ref().is_some_and(|lens| lens.passes(position)) {
            return None;
        }
        self.relaxed.iter().find(|(_, lens)| lens.passes(position)).map(|(overlay, _)| *overlay)
    }
    /// Whether nothing is asked of a record beyond stage 3, so that what is sure there is sure.
    pub(super) fn end_at_reach(&self) -> bool {
        self.each().all(|lens| !lens.has_restriction_gate() && !lens.asks_more())
    }
    /// Whether a suspension could show more.
    pub(super) fn are_relaxed(&self) -> bool {
        !self.relaxed.is_empty()
    }
    pub(super) fn each(&self) -> impl Iterator<Item = &Lens<'_>> {
        self.policy.iter().chain(self.relaxed.iter().map(|(_, lens)| lens))
    }
}

/// What suspensions relax for lists of one object; kept beside the views that borrow it.
pub(super) struct Relaxations<'s>(Vec<(&'s OverlayId, Relaxation<'s>)>);

impl Relaxations<'_> {
    /// In the order in which they are tried.
    pub(super) fn each(&self) -> impl Iterator<Item = (&OverlayId, &Relaxation<'_>)> {
        self.0.iter().map(|(overlay, relaxation)| (*overlay, relaxation))
    }
    pub(super) fn retain(&mut self, keep: impl Fn(&Relaxation<'_>) -> bool) {
        self.0.retain(|(_, relaxation)| keep(relaxation));
    }
}

impl Engine {
    pub(super) fn relaxations<'s>(
        subject: &Subject<'s>,
        object: &ObjectId,
        action: &Action,
        extent: Extent,
    ) -> Relaxations<'s> {
        let touched = Touched { object, action, extent };
        let Some(object) = subject.engine.compiled.directory.objects.find(object) else {
            return Relaxations(Vec::new());
        };
        let found = subject.relaxing().filter_map(|row| {
            let relaxation = relax::relaxation(row, subject, touched, object)?;
            Some((&row.id, relaxation))
        });
        Relaxations(found.collect())
    }

    pub(super) fn views<'s>(
        &self,
        subject: &'s Subject<'s>,
        (object, action): (&ObjectId, &Action),
        relaxations: &'s Relaxations<'s>,
    ) -> Result<Views<'s>, Refusal> {
        let directory = &self.compiled.directory;
        let touched = Touched { object, action, extent: Extent::Single };
        if let Some(refusal) = subject.locked_out(touched) {
            return Err(refusal);
        }
        let number = directory.objects.find(object).ok_or(Refusal::UnknownObject)?;
        let action = directory.action(action).ok_or(Refusal::UnknownAction)?;
        let policy = Lens::new(subject, number, action, Relax::default());
        let relaxed: Vec<_> = relaxations
            .0
            .iter()
            .filter_map(|(overlay, relaxation)| {
                let lens = Lens::new(subject, number, action, relaxation.relax()).ok()?;
                Some((*overlay, lens))
            })
            .collect();
        match policy {
            Ok(lens) => Ok(Views { policy: Some(lens), relaxed }),
            Err(refusal) if relaxed.is_empty() || !refusal.may_be_relaxed() => Err(refusal),
            Err(_) => Ok(Views { policy: None, relaxed }),
        }
    }

    /// One page of the records of an object on which the subject may do an action.
    ///
    /// # Cost
    ///
    /// Where the order is the main one (the first indexed field of the object), microseconds; in
    /// other orders in proportion to the records that have to be looked at.
    ///
    /// # Errors
    ///
    /// When the subject may not list at all, or may not sort by the field.
    pub fn list(
        &self,
        session: &Session<'_>,
        action: &Action,
        query: &ListQuery,
    ) -> Result<Page, ListFault> {
        self.list_by(session, action, query, page)
    }

    /// [`Engine::list`] with the records that `find` finds, at most as many as it is asked for.
    pub(super) fn list_by(
        &self,
        session: &Session<'_>,
        action: &Action,
        query: &ListQuery,
        find: impl FnOnce(&Views<'_>, &Order<'_>, usize) -> Vec<u32>,
    ) -> Result<Page, ListFault> {
        let subject = Subject::enter(self, session)?;
        let mut relaxations = Self::relaxations(&subject, &query.object, action, Extent::Single);
        let object = self.compiled.directory.objects.find(&query.object);
        let object = object.ok_or(Refusal::UnknownObject)?;
        let mut uses = query.uses.clone();
        uses.extend(query.sort.by.iter().map(|by| (by.clone(), FilterUse::Any)));
        relaxations.close_for(&subject, &query.object, &uses);
        let views = self.views(&subject, (&query.object, action), &relaxations)?;
        filter::admit(&subject, object, &uses)?;
        let index = self.index(object);
        let column = self.sort_column(object, &query.sort)?;
        let after = match &query.after {
            Some(cursor) => Some(Place::read(cursor, index).ok_or(ListFault::UnknownCursor)?),
            None => None,
        };
        let order = Order { index, column, descending: query.sort.descending, after };
        let mut found = find(&views, &order, query.limit.saturating_add(1));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = match found.last() {
            Some(last) if more => Some(Place::of(*last, &order).write(index)),
            _ => None,
        };
        let relaxed = found
            .iter()
            .filter_map(|position| {
                let overlay = views.relaxed_by(*position)?.clone();
                Some(RelaxedRecord { record: index.id_at(*position), overlay })
            })
            .collect();
        Ok(Page {
            records: found.iter().map(|position| index.id_at(*position)).collect(),
            next,
            relaxed,
        })
    }

    /// The column of a sort: the field must exist and be indexed.
    fn sort_column(&self, object: u32, sort: &Sort) -> Result<Option<u32>, ListFault> {
        let Some(field) = &sort.by else { return Ok(None) };
        let Some(number) = self.compiled.object(object).field(field) else {
            return Err(Refusal::UnknownField { field: field.clone() }.into());
        };
        if !self.index(object).columns.contains_key(&number) {
            return Err(ListFault::NoOrder { field: field.clone() });
        }
        Ok(Some(number))
    }
}

/// The order of a page and where it starts.
pub(super) struct Order<'i> {
    pub(super) index: &'i RecordIndex,
    pub(super) column: Option<u32>,
    pub(super) descending: bool,
    pub(super) after: Option<Place>,
}

/// A place in an order: key and number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    key: Key,
    number: u32,
}

impl Place {
    fn of(position: u32, order: &Order<'_>) -> Self {
        let column = order.column.and_then(|field| order.index.columns.get(&field));
        Self {
            key: column.map_or(Key::Absent, |column| column.key(position)),
            number: order.index.number_at[position as usize],
        }
    }
    fn write(&self, index: &RecordIndex) -> Cursor {
        let id = index.id(self.number);
        Cursor(match &self.key {
            Key::Absent => format!("a:{id}"),
            Key::Number(number) => format!("n:{number}:{id}"),
            Key::Text(text) => format!("t:{}:{text}{id}", text.len()),
        })
    }
    fn read(cursor: &Cursor, index: &RecordIndex) -> Option<Self> {
        let (kind, rest) = cursor.0.split_once(':')?;
        let number = |id: &str| index.cursor_number(&id.into());
        match kind {
            "a" => Some(Self { key: Key::Absent, number: number(rest)? }),
            "n" => {
                let (key, id) = rest.split_once(':')?;
                Some(Self { key: Key::Number(key.parse().ok()?), number: number(id)? })
            }
            "t" => {
                let (length, rest) = rest.split_once(':')?;
                let (key, id) = rest.split_at_checked(length.parse().ok()?)?;
                Some(Self { key: Key::Text(key.into()), number: number(id)? })
            }
            _ => None,
        }
    }
}

impl Order<'_> {
    /// The order of two positions, as the list goes.
    #[inline]
    pub(super) fn compare(&self, a: u32, b: u32) -> Ordering {
        let order = match self.column.and_then(|field| self.index.columns.get(&field)) {
            Some(column) => column.compare(a, b, &self.index.number_at),
            None => self.index.number_at[a as usize].cmp(&self.index.number_at[b as usize]),
        };
        if self.descending { order.reverse() } else { order }
    }
    /// Whether a position comes behind the cursor.
    #[inline]
    pub(super) fn is_behind(&self, position: u32) -> bool {
        let Some(after) = &self.after else { return true };
        let column = self.column.and_then(|field| self.index.columns.get(&field));
        let key = column.map_or(Ordering::Equal, |column| column.key(position).cmp(&after.key));
        let order = key.then_with(|| self.index.number_at[position as usize].cmp(&after.number));
        if self.descending { order.is_lt() } else { order.is_gt() }
    }
    /// Whether every list of the index is in this order.
    fn is_main(&self) -> bool {
        self.column == self.index.main_field()
    }
    /// All positions behind the cursor, in order.
    fn each(&self) -> Box<dyn Iterator<Item = u32> + '_> {
        let column = self.column.and_then(|field| self.index.columns.get(&field));
        let Some(column) = column else {
            let end = self.index.numbers_end();
            let position = |number: u32| self.index.position(number);
            return match (&self.after, self.descending) {
                (None, false) => Box::new((0..end).filter_map(position)),
                (None, true) => Box::new((0..end).rev().filter_map(position)),
                (Some(after), false) => {
                    Box::new((after.number.saturating_add(1)..end).filter_map(position))
                }
                (Some(after), true) => {
                    Box::new((0..after.number.min(end)).rev().filter_map(position))
                }
            };
        };
        let all = &column.order;
        let (from, to) = match &self.after {
            None => (0, all.len()),
            Some(after) => {
                let at = column.place(&after.key, after.number, &self.index.number_at);
                let here = all.get(at).is_some_and(|position| {
                    self.index.number_at[*position as usize] == after.number
                });
                if self.descending { (0, at) } else { (at + usize::from(here), all.len()) }
            }
        };
        let part = all[from..to].iter().copied();
        if self.descending { Box::new(part.rev()) } else { Box::new(part) }
    }
}

/// Counts what sources hold at most.
#[derive(Default)]
pub(super) struct Estimate {
    pub(super) records: u64,
    sources: u64,
}

impl Sink<'_> for Estimate {
    fn block(&mut self, from: u32, to: u32, _: bool) {
        if from < to {
            self.records += u64::from(to - from);
            self.sources += 1;
        }
    }
    fn list(&mut self, positions: &[u32], _: bool) {
        if !positions.is_empty() {
            self.records += positions.len() as u64;
            self.sources += 1;
        }
    }
    fn posting(&mut self, posting: &Posting, _: bool) {
        if posting.len() > 0 {
            self.records += u64::from(posting.len());
            self.sources += 1;
        }
    }
}

/// Gathers sources as bits.
pub(super) struct Gather<'i> {
    index: &'i RecordIndex,
    pub(super) sure: Bits,
    pub(super) unsure: Bits,
    with_holes: bool,
    pub(super) any_unsure: bool,
}

impl<'i> Gather<'i> {
    pub(super) fn new(index: &'i RecordIndex) -> Self {
        let length = index.positions() as usize;
        Self {
            index,
            sure: Bits::new(length),
            unsure: Bits::new(length),
            with_holes: !index.holes().is_empty(),
            any_unsure: false,
        }
    }
    /// Everything that was gathered.
    pub(super) fn everything(mut self) -> Bits {
        self.unsure.or(&self.sure);
        self.unsure
    }
    fn to(&mut self, sure: bool) -> &mut Bits {
        self.any_unsure |= !sure;
        if sure { &mut self.sure } else { &mut self.unsure }
    }
}

impl Sink<'_> for Gather<'_> {
    fn block(&mut self, from: u32, to: u32, sure: bool) {
        if from == to {
            return;
        }
        if !self.with_holes {
            return self.to(sure).set_range(from, to);
        }
        let holes = self.index.holes();
        let mut start = from;
        let inside: Vec<u32> = holes.range(from..to).copied().collect();
        for hole in inside {
            self.to(sure).set_range(start, hole);
            start = hole + 1;
        }
        self.to(sure).set_range(start, to);
    }
    fn list(&mut self, positions: &[u32], sure: bool) {
        if !positions.is_empty() {
            self.to(sure).set_all(positions);
        }
    }
    fn posting(&mut self, posting: &Posting, sure: bool) {
        posting.mark(self.to(sure));
    }
}

fn page(views: &Views<'_>, order: &Order<'_>, limit: usize) -> Vec<u32> {
    if views.shows_all() {
        return order.each().take(limit).collect();
    }
    let mut estimate = Estimate::default();
    let mut bounded = true;
    for lens in views.each() {
        bounded &= sources(lens, &mut estimate) == Bounded::Yes;
    }
    let all = u64::from(order.index.len()).max(1);
    let records = estimate.records.min(all).max(1);
    // Records to look at: in order until enough are found, or one by one from the sources.
    let wanted = u64::try_from(limit).unwrap_or(u64::MAX);
    let by_order = (all / records).saturating_mul(wanted);
    let by_sources = if order.is_main() {
        estimate.sources.saturating_mul(2).saturating_add(wanted)
    } else {
        estimate.records
    };
    if !bounded || by_order <= by_sources {
        return order.each().filter(|position| views.shows(*position)).take(limit).collect();
    }
    if order.is_main() {
        return super::merge::merged(views, order, limit);
    }
    let mut gather = Gather::new(order.index);
    for lens in views.each() {
        sources(lens, &mut gather);
    }
    gather.unsure.or(&gather.sure);
    let mut found: Vec<u32> = gather
        .unsure
        .iter()
        .filter(|position| order.is_behind(*position) && views.shows(*position))
        .collect();
    found.sort_unstable_by(|a, b| order.compare(*a, *b));
    found.truncate(limit);
    found
}
