//! One person, exactly: both sides as sets of positions, and what only one of them holds.

use super::held::Held;
use super::marks::{Marking, Marks};
use super::{ActionShift, ObjectShift, Outlook, Shift, UserShift};
use crate::ask::{Extent, Request, Session, Target};
use crate::compile::Placed;
use crate::index::RecordIndex;
use crate::lens::Lens;
use crate::model::{Action, ObjectId, OverlayEffect, RecordId};
use crate::question::fields;
use crate::question::relax::{self, Relaxation, Touched};
use crate::question::source::{Bounded, sources};
use crate::subject::Subject;
use std::collections::BTreeMap;

/// Counts what people gain and lose, one after the other. What it keeps from one to the next spares most of the work
/// where those who stand alike follow each other, as in [`Outlook::order`].
#[derive(Debug)]
pub struct Counter<'o, 'e> {
    outlook: &'o Outlook<'e>,
    /// What the policy shows, by object and action.
    held: BTreeMap<(u32, u8), [Held; 2]>,
    /// Room for what suspensions show of parts.
    rest: [Marks; 2],
    maybe: Marks,
}

/// One way in which a side shows records: by the policy, or by one suspension.
pub(super) struct Sight<'s> {
    pub(super) lens: Lens<'s>,
    pub(super) relaxation: Option<&'s Relaxation<'s>>,
}

/// More ways than this are not told apart field by field.
const SIGHTS_MAX: usize = 60;

/// What suspensions relax for one object and action, in order.
pub(super) fn relaxations<'e>(
    subject: &Subject<'e>,
    (object, action): (&ObjectId, &Action),
) -> Vec<Relaxation<'e>> {
    let touched = Touched { object, action, extent: Extent::Single };
    if subject.locked_out(touched).is_some() {
        return Vec::new();
    }
    let Some(object) = subject.engine.compiled.directory.objects.find(object) else {
        return Vec::new();
    };
    let relaxing = subject.relaxing();
    relaxing.filter_map(|row| relax::relaxation(row, subject, touched, object)).collect()
}

/// Every way in which a subject passes stage 2.
pub(super) fn sights<'s>(
    subject: &'s Subject<'s>,
    (object, action): (&ObjectId, &Action),
    relaxations: &'s [Relaxation<'s>],
) -> Vec<Sight<'s>> {
    let touched = Touched { object, action, extent: Extent::Single };
    let directory = &subject.engine.compiled.directory;
    let (Some(number), Some(action), None) =
        (directory.objects.find(object), directory.action(action), subject.locked_out(touched))
    else {
        return Vec::new();
    };
    let by_policy = Lens::new(subject, number, action, crate::lens::Relax::default()).ok();
    let policy = by_policy.map(|lens| Sight { lens, relaxation: None });
    let relaxed = relaxations.iter().filter_map(|relaxation| {
        let lens = Lens::new(subject, number, action, relaxation.relax()).ok()?;
        Some(Sight { lens, relaxation: Some(relaxation) })
    });
    policy.into_iter().chain(relaxed).collect()
}

impl Sight<'_> {
    /// The access to a field of a record that this way shows.
    pub(super) fn touches(&self, action: &Action, field: u32, position: u32) -> bool {
        let Lens { subject, object, .. } = &self.lens;
        allows(action, fields::access(subject, *object, Some(position), field, self.relaxation))
    }
    /// The same for every record alike; none where it depends on the record.
    fn steady(&self, action: &Action, field: u32) -> Option<bool> {
        let Lens { subject, object, .. } = &self.lens;
        let access = fields::steady(subject, *object, field, self.relaxation)?;
        Some(allows(action, access))
    }
}

const fn allows(action: &Action, access: crate::model::FieldAccess) -> bool {
    if matches!(action, Action::Read) { access.is_visible() } else { access.is_editable() }
}

/// The records that some of the ways show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Everything,
    /// Those in the marks.
    Marked,
}

/// Some of the ways, by their places in the list.
type Mask = u64;

/// Both sides of one object and action.
struct Pair<'p, 's> {
    index: &'p RecordIndex,
    before: &'p [Sight<'s>],
    after: &'p [Sight<'s>],
}

/// Room for both sides.
struct Room<'r, 'e> {
    outlook: &'r Outlook<'e>,
    held: &'r mut [Held; 2],
    rest: &'r mut [Marks; 2],
    maybe: &'r mut Marks,
}

fn shows(sights: &[Sight<'_>], mask: Mask, position: u32) -> bool {
    each(sights, mask).any(|sight| sight.lens.passes(position))
}

fn each<'a, 's>(sights: &'a [Sight<'s>], mask: Mask) -> impl Iterator<Item = &'a Sight<'s>> {
    (0u32..)
        .zip(sights)
        .filter(move |(at, _)| mask >> (*at).min(63) & 1 != 0)
        .map(|(_, sight)| sight)
}

/// What the ways of one side show, in the marks beside it.
fn gather<'m>(
    index: &RecordIndex,
    (sights, mask): (&[Sight<'_>], Mask),
    outlook: &Outlook<'_>,
    (held, rest, maybe): (&'m mut Held, &'m mut Marks, &mut Marks),
) -> (Shown, &'m Marks) {
    if each(sights, mask).next().is_none() || index.len() == 0 {
        return (Shown::Nothing, rest);
    }
    let shows_all = |lens: &Lens<'_>| {
        lens.covers_all()
            || lens.covers_all_at_reach()
                && lens.minds_locks_alone().is_some()
                && outlook.locked(lens.object).count() == 0
    };
    if each(sights, mask).any(|sight| shows_all(&sight.lens)) {
        return (Shown::Everything, rest);
    }
    let is_of_policy = each(sights, mask).all(|sight| sight.lens.is_of_policy());
    match each(sights, mask).next() {
        Some(sight) if is_of_policy => (Shown::Marked, held.gather(&sight.lens, outlook)),
        _ => {
            gather_parts(index, (sights, mask), (rest, maybe));
            (Shown::Marked, rest)
        }
    }
}

/// Fills `marks` with what ways show of which some are a suspension's.
fn gather_parts(
    index: &RecordIndex,
    (sights, mask): (&[Sight<'_>], Mask),
    (marks, maybe): (&mut Marks, &mut Marks),
) {
    marks.start(index);
    maybe.start(index);
    for sight in each(sights, mask) {
        let settled = !sight.lens.has_restriction_gate() && !sight.lens.asks_more();
        let mut marking = Marking { index, sure: &mut *marks, maybe: &mut *maybe, settled };
        if sources(&sight.lens, &mut marking) == Bounded::No {
            marks.start(index);
            let all = 0..index.positions();
            let shown =
                all.filter(|position| index.is_alive(*position) && shows(sights, mask, *position));
            shown.for_each(|position| marks.mark(position));
            return;
        }
    }
    for position in maybe.each() {
        if !marks.has(position) && shows(sights, mask, position) {
            marks.mark(position);
        }
    }
}

impl Pair<'_, '_> {
    /// Gained and lost, with some of each when samples are wanted.
    fn weigh(
        &self,
        (before, after): (Mask, Mask),
        room: &mut Room<'_, '_>,
        samples: usize,
    ) -> (Shift, Vec<RecordId>, Vec<RecordId>) {
        let Room { outlook, held: [held_left, held_right], rest: [rest_left, rest_right], maybe } =
            room;
        let sights = (self.before, before);
        let left = gather(self.index, sights, outlook, (held_left, rest_left, maybe));
        let sights = (self.after, after);
        let right = gather(self.index, sights, outlook, (held_right, rest_right, maybe));
        let gained = self.only(right, left, samples);
        let lost = self.only(left, right, samples);
        (Shift { gained: gained.0, lost: lost.0 }, gained.1, lost.1)
    }

    /// What one set holds and the other does not.
    fn only(
        &self,
        (one, marks): (Shown, &Marks),
        (other, others): (Shown, &Marks),
        samples: usize,
    ) -> (u64, Vec<RecordId>) {
        let all = u64::from(self.index.len());
        let count = match (one, other) {
            (Shown::Nothing, _) | (_, Shown::Everything) => 0,
            (Shown::Everything, Shown::Nothing) => all,
            (Shown::Everything, Shown::Marked) => all.saturating_sub(others.count()),
            (Shown::Marked, Shown::Nothing) => marks.count(),
            (Shown::Marked, Shown::Marked) => marks.beyond(others),
        };
        if count == 0 || samples == 0 {
            return (count, Vec::new());
        }
        let lacks = |position: &u32| other == Shown::Nothing || !others.has(*position);
        let name = |position: u32| self.index.id_at(position);
        let some = if one == Shown::Everything {
            let alive = (0..self.index.positions()).filter(|at| self.index.is_alive(*at));
            alive.filter(lacks).take(samples).map(name).collect()
        } else {
            marks.each().filter(lacks).take(samples).map(name).collect()
        };
        (count, some)
    }

    /// Gained and lost fields of records.
    fn cells(&self, action: &Action, fields: u32, room: &mut Room<'_, '_>) -> Shift {
        let mut groups: Vec<((Mask, Mask), u64)> = Vec::new();
        let mut varying = Vec::new();
        for field in 0..fields {
            match (mask(self.before, action, field), mask(self.after, action, field)) {
                (Some(before), Some(after)) => {
                    let masks = (before, after);
                    match groups.iter_mut().find(|(known, _)| *known == masks) {
                        Some((_, many)) => *many += 1,
                        None => groups.push((masks, 1)),
                    }
                }
                _ => varying.push(field),
            }
        }
        let mut shift = Shift::NONE;
        for (masks, many) in groups {
            let (records, _, _) = self.weigh(masks, room, 0);
            shift += Shift {
                gained: records.gained.saturating_mul(many),
                lost: records.lost.saturating_mul(many),
            };
        }
        if !varying.is_empty() {
            shift += self.cells_one_by_one(action, &varying);
        }
        shift
    }

    /// Where the access to a field depends on the record.
    fn cells_one_by_one(&self, action: &Action, fields: &[u32]) -> Shift {
        let mut shift = Shift::NONE;
        for position in (0..self.index.positions()).filter(|at| self.index.is_alive(*at)) {
            let passing = |sights: &'_ [Sight<'_>]| -> Vec<usize> {
                let all = sights.iter().enumerate();
                all.filter(|(_, sight)| sight.lens.passes(position)).map(|(at, _)| at).collect()
            };
            let (before, after) = (passing(self.before), passing(self.after));
            if before.is_empty() && after.is_empty() {
                continue;
            }
            for field in fields {
                let touches = |sights: &[Sight<'_>], passing: &[usize]| {
                    passing
                        .iter()
                        .filter_map(|at| sights.get(*at))
                        .any(|sight| sight.touches(action, *field, position))
                };
                let (was, is) = (touches(self.before, &before), touches(self.after, &after));
                shift += Shift { gained: u64::from(is && !was), lost: u64::from(was && !is) };
            }
        }
        shift
    }
}

/// The ways by which a field is touched; none where that depends on the record, or there are too many ways.
fn mask(sights: &[Sight<'_>], action: &Action, field: u32) -> Option<Mask> {
    if sights.len() > SIGHTS_MAX {
        return None;
    }
    let mut mask = 0;
    for (at, sight) in (0u32..).zip(sights) {
        if sight.steady(action, field)? {
            mask |= 1 << at;
        }
    }
    Some(mask)
}

impl<'e> Outlook<'e> {
    /// Counts what people gain and lose.
    pub fn counter(&self) -> Counter<'_, 'e> {
        let (held, rest) = (BTreeMap::new(), Default::default());
        Counter { outlook: self, held, rest, maybe: Marks::default() }
    }

    /// The places of all users, those who see alike after each other: in this order a [`Counter`] is fastest.
    pub fn order(&self) -> Vec<usize> {
        let people = &self.engine.compiled.people;
        let mut order: Vec<(&[Placed], u32, usize)> = (0..)
            .zip(&self.users)
            .map(|(at, user)| {
                let user = *user as usize;
                (people.placed[user].as_ref(), people.rule_row[user], at)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, _, at)| at).collect()
    }

    /// Whether an elevation or disablement leaves everything of a person as it was.
    fn is_left_alone(&self, before: Option<&Subject<'e>>, after: Option<&Subject<'e>>) -> bool {
        let (Some(before), Some(after)) = (before, after) else {
            return before.is_none() && after.is_none();
        };
        let is_suspension =
            matches!(self.prospect.overlay.overlay.effect, OverlayEffect::Suspension { .. });
        if is_suspension || before.relaxing().next().is_some() {
            return false;
        }
        let objects = 0..crate::dense::to_u32(self.engine.policy.objects.len());
        let rules = |subject: &Subject<'_>| -> Vec<bool> {
            let disabled = subject.disabled_rules.as_ref();
            disabled.map_or_else(Vec::new, |disabled| {
                let held = |rule| subject.rules.iter().any(|row| row.has(rule));
                disabled.iter().map(held).collect()
            })
        };
        before.placed == after.placed
            && before.groups == after.groups
            && before.rules == after.rules
            && !rules(after).contains(&true)
            && objects.into_iter().all(|object| before.row(object) == after.row(object))
    }

    fn may_create(&self, (session, subject): Side<'_, 'e>, object: &ObjectId) -> bool {
        let on = Target::Object(object.clone());
        subject.is_some_and(|subject| {
            let request = Request::new(session.clone(), Action::Create, on);
            self.engine.check_as(subject, &request).is_allowed()
        })
    }
}

impl<'e> Counter<'_, 'e> {
    /// What the person at a place below [`Outlook::users`] gains and loses.
    ///
    /// # Cost
    ///
    /// For each object and action in proportion to what the person sees on either side, less what who came before saw
    /// alike. Where restrictions or paths over other records decide, every record of the object is looked at.
    pub fn of(&mut self, at: usize, samples: usize) -> Option<UserShift> {
        let outlook = self.outlook;
        let user = *outlook.users.get(at)?;
        let address = outlook.address(user);
        let (first, second) = (
            outlook.session(user, address, outlook.prospect.before),
            outlook.session(user, address, outlook.prospect.after),
        );
        let before = Subject::enter_as(outlook.engine, user, &first).ok();
        let after = Subject::enter_as(outlook.engine, user, &second).ok();
        let audience = &outlook.prospect.overlay.overlay.audience;
        let concerned = outlook.engine.concerns(audience, &second);
        let user = first.subject.clone();
        let mut shift = UserShift { user, concerned, address, objects: Vec::new() };
        if outlook.is_left_alone(before.as_ref(), after.as_ref()) {
            return Some(shift);
        }
        for object in &outlook.objects {
            let sides = ((&first, before.as_ref()), (&second, after.as_ref()));
            shift.objects.extend(self.of_object(*object, sides, samples));
        }
        Some(shift)
    }

    fn of_object(
        &mut self,
        number: u32,
        (first, second): (Side<'_, 'e>, Side<'_, 'e>),
        samples: usize,
    ) -> Option<ObjectShift> {
        let outlook = self.outlook;
        let compiled = &outlook.engine.compiled;
        let object = compiled.directory.objects.name(number);
        let index = outlook.engine.index(number);
        let (may_before, may_after) =
            (outlook.may_create(first, object), outlook.may_create(second, object));
        let mut shift = ObjectShift {
            object: object.clone(),
            actions: Vec::new(),
            may_create: (may_before != may_after).then_some(may_after),
            readable: Shift::NONE,
            changeable: Shift::NONE,
        };
        let nothing = Vec::new();
        for (code, action) in (0u8..).zip(&outlook.actions) {
            let names = (object, action);
            let relaxed = |side: Side<'_, 'e>| side.1.map(|subject| relaxations(subject, names));
            let (left, right) = (relaxed(first), relaxed(second));
            let before =
                first.1.map(|subject| sights(subject, names, left.as_ref().unwrap_or(&nothing)));
            let after =
                second.1.map(|subject| sights(subject, names, right.as_ref().unwrap_or(&nothing)));
            let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
            let pair = Pair { index, before: &before, after: &after };
            let room = &mut Room {
                outlook,
                held: self.held.entry((number, code)).or_default(),
                rest: &mut self.rest,
                maybe: &mut self.maybe,
            };
            let (records, gained_samples, lost_samples) =
                pair.weigh((Mask::MAX, Mask::MAX), room, samples);
            let fields = crate::dense::to_u32(compiled.object(number).fields.iter().count());
            if *action == Action::Read {
                shift.readable = pair.cells(action, fields, room);
            } else if *action == Action::Edit {
                shift.changeable = pair.cells(action, fields, room);
            }
            if !records.is_none() {
                let action = action.clone();
                shift.actions.push(ActionShift { action, records, gained_samples, lost_samples });
            }
        }
        let is_none = shift.actions.is_empty()
            && shift.may_create.is_none()
            && shift.readable.is_none()
            && shift.changeable.is_none();
        (!is_none).then_some(shift)
    }
}

/// A session with its subject, where the session gate lets it in.
type Side<'a, 'e> = (&'a Session<'e>, Option<&'a Subject<'e>>);
