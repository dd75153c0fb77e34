//! `compare`, `simulate` and the preview of a suspension: who gains and loses what.

use super::list::Gather;
use super::matrix::Cell;
use super::source::{Bounded, sources};
use crate::activity::Standing;
use crate::answer::Refusal;
use crate::ask::{Extent, Session};
use crate::dense::{Bits, NONE, to_u32};
use crate::engine::Engine;
use crate::lens::Lens;
use crate::model::{Action, Moment, ObjectId, Policy, Problem, Record, RecordId, UserId};
use crate::subject::Subject;
use serde::Serialize;
use std::collections::BTreeSet;

/// One side of a comparison.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The engine.
    pub engine: &'a Engine,
    /// Overlays, if they are to count.
    pub standing: Option<Standing<'a>>,
}

/// What is compared.
#[derive(Clone, Debug)]
pub struct Extract {
    /// These users; empty for everybody on either side.
    pub users: BTreeSet<UserId>,
    /// These objects; empty for every object on either side.
    pub objects: BTreeSet<ObjectId>,
    /// These actions.
    pub actions: Vec<Action>,
    /// The instant.
    pub at: Moment,
    /// So many records are named for each gain and each loss.
    pub samples: usize,
}

/// What one user gains and loses of one object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Gain {
    /// The user.
    pub user: UserId,
    /// The object.
    pub object: ObjectId,
    /// The action.
    pub action: Action,
    /// Records on the second side only.
    pub gained: u64,
    /// Records on the first side only.
    pub lost: u64,
    /// Some of the gained ones.
    pub gained_samples: Vec<RecordId>,
    /// Some of the lost ones.
    pub lost_samples: Vec<RecordId>,
}

/// The difference of two sides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Comparison {
    /// Users, objects and actions with a difference, in order.
    pub gains: Vec<Gain>,
    /// Cells of users' matrices that differ: the first side's and the second's.
    pub cells: Vec<(Option<Cell>, Option<Cell>)>,
    /// Decisions gained altogether.
    pub gained: u64,
    /// Decisions lost altogether.
    pub lost: u64,
}

/// What switching permission management off for one object would open, for reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Impact {
    /// Active users in the audience.
    pub users: u64,
    /// Records of the object.
    pub records: u64,
    /// Pairs of user and record that are open now; an estimate where `error` is stated.
    pub open_now: f64,
    /// Pairs that would open.
    pub gained: f64,
    /// Half of the 95 % interval, as a share of `open_now`; absent when the counts are exact.
    pub error: Option<f64>,
}

impl Engine {
    /// Compares two sides: for every user, object and action the records that only one of them
    /// allows, and the cells of every user's matrix that differ: scopes of actions, fields, system
    /// permissions. Two policies (the second loaded with the same records), or one engine with and
    /// without overlays.
    ///
    /// # Cost
    ///
    /// One full list for each user, object, action and side, and one matrix for each user and side.
    pub fn compare(before: Side<'_>, after: Side<'_>, extract: &Extract) -> Comparison {
        let mut comparison = Comparison::default();
        let policies = [&before.engine.policy, &after.engine.policy];
        let all_users = policies.iter().flat_map(|policy| policy.users.keys());
        let users: BTreeSet<&UserId> = all_users
            .filter(|user| extract.users.is_empty() || extract.users.contains(*user))
            .collect();
        let all_objects = policies.iter().flat_map(|policy| policy.objects.keys());
        let objects: BTreeSet<&ObjectId> = all_objects
            .filter(|object| extract.objects.is_empty() || extract.objects.contains(*object))
            .collect();
        for user in users {
            let cells = |side: Side<'_>| cells_of(side, user, extract);
            comparison.cells.extend(differing(cells(before), cells(after)));
            for object in &objects {
                for action in &extract.actions {
                    comparison.take(before, after, (user, object, action), extract);
                }
            }
        }
        comparison
    }

    /// What a draft policy would change: the draft loaded with `records`, compared with this engine.
    ///
    /// # Errors
    ///
    /// What is wrong with the draft, or with the records under it.
    pub fn simulate(
        &self,
        draft: Policy,
        records: impl IntoIterator<Item = Record>,
        extract: &Extract,
    ) -> Result<Comparison, Vec<Problem>> {
        let after = Self::load(draft, records)?;
        let side = |engine| Side { engine, standing: None };
        Ok(Self::compare(side(self), side(&after), extract))
    }

    /// Compares two subjects: the cells of their matrices that differ, and the records that only
    /// one of them reaches, told as gains of the second and losses.
    ///
    /// # Errors
    ///
    /// The refusal of the session gate for either.
    pub fn compare_subjects(
        &self,
        first: &Session<'_>,
        second: &Session<'_>,
        extract: &Extract,
    ) -> Result<Comparison, Refusal> {
        let mut comparison = Comparison::default();
        let (left, right) = (self.matrix_of_subject(first)?, self.matrix_of_subject(second)?);
        comparison.cells = differing(left, right);
        for object in self.policy.objects.keys() {
            if !extract.objects.is_empty() && !extract.objects.contains(object) {
                continue;
            }
            for action in &extract.actions {
                let before = self.allowed(first, object, action);
                let after = self.allowed(second, object, action);
                let names = (&second.subject, object, action);
                comparison.add(self, names, before.as_ref(), after.as_ref(), extract.samples);
            }
        }
        Ok(comparison)
    }

    /// The numbers of all records of an object on which an action is allowed.
    fn allowed(&self, session: &Session<'_>, object: &ObjectId, action: &Action) -> Option<Bits> {
        let subject = Subject::enter(self, session).ok()?;
        let relaxations = Self::relaxations(&subject, object, action, Extent::Single);
        let views = self.views(&subject, (object, action), &relaxations).ok()?;
        let index = self.index(self.compiled.directory.objects.known(object));
        let mut gather = Gather::new(index);
        let mut bounded = true;
        for lens in views.each() {
            bounded &= sources(lens, &mut gather) == Bounded::Yes;
        }
        let positions: Vec<u32> = if bounded {
            gather.everything().iter().collect()
        } else {
            (0..index.positions()).filter(|position| index.is_alive(*position)).collect()
        };
        let mut numbers = Bits::new(index.numbers_end() as usize);
        for position in positions.into_iter().filter(|position| views.shows(*position)) {
            numbers.set(index.number_at[position as usize]);
        }
        Some(numbers)
    }

    /// What switching an object off would open for reading to everybody in `session`'s situation,
    /// exactly: one count for each active user.
    ///
    /// # Errors
    ///
    /// When the object is not known.
    pub fn impact(&self, session: &Session<'_>, object: &ObjectId) -> Result<Impact, Refusal> {
        let number = self.compiled.directory.objects.find(object).ok_or(Refusal::UnknownObject)?;
        let records = u64::from(self.index(number).len());
        let (mut users, mut open) = (0u64, 0u64);
        for user in 0..to_u32(self.compiled.directory.users.len()) {
            let Ok(subject) = Subject::enter_as(self, user, session) else { continue };
            users += 1;
            open += self.count_as(&subject, object, &Action::Read).unwrap_or(0);
        }
        let open_now = to_float(open);
        let gained = to_float(users) * to_float(records) - open_now;
        Ok(Impact { users, records, open_now, gained, error: None })
    }

    /// As [`Engine::impact`], from `sample` records spread evenly over the object.
    ///
    /// # Errors
    ///
    /// When the object is not known.
    pub fn estimate_impact(
        &self,
        session: &Session<'_>,
        object: &ObjectId,
        sample: u32,
    ) -> Result<Impact, Refusal> {
        let number = self.compiled.directory.objects.find(object).ok_or(Refusal::UnknownObject)?;
        let index = self.index(number);
        let records = index.len();
        let active = self.compiled.people.active.iter().filter(|active| **active).count();
        let step = (index.positions() / sample.max(1)).max(1);
        let (mut looked, mut sum, mut squares) = (0.0f64, 0.0f64, 0.0f64);
        let mut position = step / 2;
        while position < index.positions() {
            if index.is_alive(position) {
                let seen = to_float(self.readers(session, number, position));
                looked += 1.0;
                sum += seen;
                squares += seen * seen;
            }
            position += step;
        }
        let looked = looked.max(1.0);
        let mean = sum / looked;
        let variance = (squares / looked - mean * mean).max(0.0);
        let half = 1.96 * (variance / looked).sqrt();
        let open_now = mean * f64::from(records);
        let users = active as u64;
        Ok(Impact {
            users,
            records: u64::from(records),
            open_now,
            gained: to_float(users) * f64::from(records) - open_now,
            error: Some(if mean > 0.0 { half / mean } else { 0.0 }),
        })
    }

    /// How many users may read a record.
    pub(crate) fn readers(&self, session: &Session<'_>, object: u32, position: u32) -> u64 {
        let read = crate::compile::number::READ;
        let overlays = session.standing.is_some_and(|standing| !standing.rows.is_empty());
        let near = if overlays {
            None
        } else {
            self.near(session.at, (object, position), read, crate::model::Right::Read)
        };
        let passes = |user: &u32| Lens::passes_for(self, *user, session, (object, read, position));
        let Some(near) = near else {
            return (0..to_u32(self.compiled.directory.users.len())).filter(passes).count() as u64;
        };
        let people = &self.compiled.people;
        // Where no restriction takes records away, grants alone decide on those who surely reach the record.
        let is_plain = self.compiled.object(object).restrictions.is_empty();
        let asks_for_evidence = |user: u32| {
            let class = people.grants[user as usize];
            let grants = (class != NONE).then(|| self.compiled.grants.grants(class))?;
            let row = self.compiled.grants.row(grants.objects[object as usize]);
            Some(row.reach & 1 << read != 0)
        };
        let may = |user: &u32| {
            if is_plain && asks_for_evidence(*user) == Some(true) && near.reaches(*user, people) {
                return people.active[*user as usize];
            }
            passes(user)
        };
        near.all.iter().filter(may).count() as u64
    }
}

/// A count as a float; counts stay far below 2^52.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
const fn to_float(count: u64) -> f64 {
    count as f64
}

fn session_of<'a>(side: Side<'a>, user: &UserId, extract: &Extract) -> Session<'a> {
    Session {
        organization: side.engine.policy.organization.id.clone(),
        subject: user.clone(),
        address: None,
        at: extract.at,
        standing: side.standing,
    }
}

/// What a user's matrix says of the objects that are compared, and of system permissions; nothing
/// where the session gate refuses them.
fn cells_of(side: Side<'_>, user: &UserId, extract: &Extract) -> Vec<Cell> {
    let session = session_of(side, user, extract);
    let mut cells = side.engine.matrix_of_subject(&session).unwrap_or_default();
    if !extract.objects.is_empty() {
        cells.retain(|cell| {
            cell.object.is_empty() || extract.objects.contains(cell.object.as_str())
        });
    }
    cells
}

fn differing(left: Vec<Cell>, right: Vec<Cell>) -> Vec<(Option<Cell>, Option<Cell>)> {
    let key =
        |cell: &Cell| (cell.kind, cell.object.clone(), cell.field.clone(), cell.action.clone());
    let mut left: std::collections::BTreeMap<_, _> =
        left.into_iter().map(|cell| (key(&cell), cell)).collect();
    let mut cells = Vec::new();
    for cell in right {
        match left.remove(&key(&cell)) {
            Some(mine) if mine.value == cell.value => {}
            mine => cells.push((mine, Some(cell))),
        }
    }
    cells.extend(left.into_values().map(|cell| (Some(cell), None)));
    cells
}

impl Comparison {
    fn take(
        &mut self,
        before: Side<'_>,
        after: Side<'_>,
        names: (&UserId, &ObjectId, &Action),
        extract: &Extract,
    ) {
        let allowed = |side: Side<'_>| {
            let session = session_of(side, names.0, extract);
            side.engine.allowed(&session, names.1, names.2)
        };
        let (first, mut second) = (allowed(before), allowed(after));
        if !std::ptr::eq(before.engine, after.engine) {
            second = second.map(|bits| translated(&bits, after.engine, before.engine, names.1));
        }
        self.add(before.engine, names, first.as_ref(), second.as_ref(), extract.samples);
    }

    fn add(
        &mut self,
        engine: &Engine,
        (user, object, action): (&UserId, &ObjectId, &Action),
        before: Option<&Bits>,
        after: Option<&Bits>,
        samples: usize,
    ) {
        let none = Bits::default();
        let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
        let (mut gained, mut lost) = (after.clone(), before.clone());
        gained.and_not(before);
        lost.and_not(after);
        if gained.count() + lost.count() == 0 {
            return;
        }
        let name = |bits: &Bits| {
            let object = engine.compiled.directory.objects.find(object);
            let index = object.map(|object| engine.index(object));
            bits.iter().take(samples).filter_map(|number| Some(index?.id(number))).collect()
        };
        self.gained += gained.count();
        self.lost += lost.count();
        self.gains.push(Gain {
            user: user.clone(),
            object: object.clone(),
            action: action.clone(),
            gained: gained.count(),
            lost: lost.count(),
            gained_samples: name(&gained),
            lost_samples: name(&lost),
        });
    }
}

/// Numbers of one engine's records as numbers of another's; records that the other does not have
/// are left out.
fn translated(bits: &Bits, from: &Engine, to: &Engine, object: &ObjectId) -> Bits {
    let (Some(here), Some(there)) =
        (from.compiled.directory.objects.find(object), to.compiled.directory.objects.find(object))
    else {
        return Bits::default();
    };
    let (from, to) = (from.index(here), to.index(there));
    let mut numbers = Bits::new(to.numbers_end() as usize);
    for number in bits.iter() {
        if let Some(number) = to.number(&from.id(number)) {
            numbers.set(number);
        }
    }
    numbers
}
