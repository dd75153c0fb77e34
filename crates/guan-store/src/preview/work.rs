//! Working a preview out: person by person, with sums by object, node and person that stay small.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::{self, available_parallelism};

use guan_engine::Engine;
use guan_engine::activity::{Dormant, Journal, NodeFacts, OverlayRow, Seal, Standing, is_acting};
use guan_engine::lifecycle::{Wanted, overlap};
use guan_engine::model::{
    Action, NodeId, ObjectId, Opening, Overlay, OverlayId, Problem, Span, UserId,
};
use guan_engine::question::{ObjectEstimate, ObjectShift, Outlook, Prospect, Shift, UserShift};

use super::denials::Denials;
use super::{
    ActionPreview, Amount, LargestGain, ObjectPreview, OverlappingWindow, PersonAction,
    PersonObject, PersonPreview, PreviewMode, Progress, UnitPreview, WindowPreview,
};
use crate::caller::ClockReading;
use crate::error::ReadError;
use crate::off::LENGTH_DEFAULT;
use crate::store::Store;

/// People who are told one by one.
const PEOPLE: usize = 50;
/// Nodes that are told.
const UNITS: usize = 100;
/// Records that are named for each person, object and action.
const SAMPLES: usize = 3;
/// Pairs that an estimate draws.
const PAIRS: u32 = 2_048;
/// People who are told in an estimate, and pairs drawn for each.
const PEOPLE_DRAWN: (usize, u32) = (8, 64);
/// Where drawing begins; a preview that is worked out twice says the same.
const SEED: u64 = 0x6775_616E;
/// People that are counted between two words about the progress.
const STEP: usize = 256;
/// Threads that count beside the one that asks.
const HELPERS_MAX: usize = 3;
/// Denials that are asked again.
const DENIALS_EXACT: usize = 20_000;
/// The same for an estimate, which is to be there at once.
const DENIALS_ESTIMATE: usize = 500;

/// What is read for a preview, of one moment.
#[derive(Debug, Clone)]
pub(crate) struct Material {
    policy: String,
    denials: Denials,
}

impl Material {
    /// The digest of a revision, and the denials of the last days.
    pub(crate) fn read(
        store: &Store,
        engine: (&Engine, u64),
        clock: &ClockReading,
        (mode, days): (PreviewMode, u32),
    ) -> Result<Self, ReadError> {
        let organization = &engine.0.policy().organization.id;
        let most = match mode {
            PreviewMode::Exact => DENIALS_EXACT,
            PreviewMode::Estimate => DENIALS_ESTIMATE,
        };
        Ok(Self {
            policy: store.revision(organization, engine.1)?.after.to_string(),
            denials: Denials::read(store, organization.as_str(), (clock.wall, days), most)?,
        })
    }
}

/// On what a preview is worked out.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Counting<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) revision: u64,
    /// Overlays whose end is not written.
    pub(crate) rows: &'a [OverlayRow],
    pub(crate) facts: &'a NodeFacts,
}

/// The facts of a node at which everything that has not ended acts: what hinders windows now is told when they open.
fn well(facts: &NodeFacts, at: guan_engine::model::Moment) -> NodeFacts {
    let later = at.since(facts.wall);
    let boot_clock = facts.boot_clock.unwrap_or(Span(0));
    NodeFacts {
        wall: at,
        boot_clock: Some(Span(boot_clock.0.saturating_add(later.0))),
        boot_id: Some(facts.boot_id.clone().unwrap_or_else(|| "unknown".to_owned())),
        high_water: facts.high_water.min(at),
        view_age: Span(0),
        journal: Journal::Durable,
        ..facts.clone()
    }
}

/// Works a preview out.
///
/// Errors: what is wrong with the window under this policy.
pub(crate) fn work_out(
    counting: &Counting<'_>,
    material: &Material,
    wanted: &Wanted,
    (mode, progress): (PreviewMode, &dyn Fn(Progress)),
) -> Result<WindowPreview, Vec<Problem>> {
    let Counting { engine, revision, rows, facts } = *counting;
    let now = facts.wall;
    let starts = wanted.starts.map_or(now, |starts| starts.max(now));
    let node = well(facts, starts);
    let overlay = overlay(engine, wanted, &node);
    let problems = overlay.validate(engine.policy());
    if !problems.is_empty() {
        return Err(problems);
    }
    let id = OverlayId::new("preview");
    let row = OverlayRow { id, overlay, seal: Seal::Verified, closing: None, superseded: false };
    let mut after = rows.to_vec();
    after.push(row.clone());
    let (first, second) = (Standing::of(rows, &node), Standing::of(&after, &node));
    let prospect = Prospect { before: first, after: second, overlay: &row, at: starts };
    let outlook = engine.outlook(prospect);
    let mut preview = WindowPreview {
        organization: engine.policy().organization.id.clone(),
        at: now,
        starts,
        ends: row.overlay.ends,
        revision,
        policy: material.policy.clone(),
        mode,
        wanted: wanted.clone(),
        concerned: outlook.concerned(),
        looked_at: 0,
        gaining: None,
        losing: None,
        objects: Vec::new(),
        units: Vec::new(),
        units_left_off: 0,
        people: Vec::new(),
        people_left_off: None,
        largest: None,
        closed_fields: engine.closed_fields(&row.overlay),
        overlapping: overlapping(rows, facts, &row.overlay),
        denials: material.denials.replay(engine, starts, (first, second)),
    };
    match mode {
        PreviewMode::Exact => exact(engine, &outlook, &mut preview, progress),
        PreviewMode::Estimate => estimate(&outlook, &mut preview),
    }
    Ok(preview)
}

fn overlay(engine: &Engine, wanted: &Wanted, node: &NodeFacts) -> Overlay {
    Overlay {
        organization: engine.policy().organization.id.clone(),
        effect: wanted.effect.clone(),
        audience: wanted.audience.clone(),
        starts: node.wall,
        ends: node.wall.plus(wanted.length.unwrap_or(LENGTH_DEFAULT)),
        reason: wanted.reason.clone(),
        ticket: wanted.ticket.clone(),
        legal_basis: wanted.legal_basis.clone(),
        survives_reboot: wanted.survives_reboot,
        floor: wanted.floor.clone(),
        opened: Opening {
            wall: node.wall,
            boot_clock: node.boot_clock.unwrap_or(Span(0)),
            boot_id: node.boot_id.clone().unwrap_or_default(),
            incarnation: node.incarnation,
        },
    }
}

/// Windows that act now, or will, in what may be the same scope.
fn overlapping(rows: &[OverlayRow], facts: &NodeFacts, wanted: &Overlay) -> Vec<OverlappingWindow> {
    let is_over = |row: &OverlayRow| {
        matches!(
            is_acting(row, facts),
            Err(Dormant::BrokenSeal
                | Dormant::OtherOrganization
                | Dormant::OtherIncarnation
                | Dormant::Closed
                | Dormant::Superseded
                | Dormant::Ended
                | Dormant::Rebooted
                | Dormant::LengthUsedUp)
        )
    };
    let meets = |row: &&OverlayRow| {
        let other = &row.overlay;
        overlap((&other.effect, &other.audience), (&wanted.effect, &wanted.audience))
    };
    let standing = rows.iter().filter(|row| !is_over(row)).filter(meets);
    standing
        .map(|row| OverlappingWindow {
            id: row.id.clone(),
            ends: row.overlay.ends,
            reason: row.overlay.reason.clone(),
        })
        .collect()
}

/// Sums over people.
#[derive(Debug, Default)]
struct Sums {
    actions: BTreeMap<(ObjectId, Action), Shift>,
    readable: BTreeMap<ObjectId, Shift>,
    changeable: BTreeMap<ObjectId, Shift>,
    creators: BTreeMap<ObjectId, Shift>,
    /// People, records read, readable and changeable fields.
    units: BTreeMap<NodeId, (u64, Shift, Shift, Shift)>,
    people: Vec<(u64, PersonPreview)>,
    people_all: u64,
    gaining: u64,
    losing: u64,
    /// With the place of the person, for of equal gains that of the first counts.
    largest: Option<(usize, LargestGain)>,
}

fn exact(
    engine: &Engine,
    outlook: &Outlook<'_>,
    preview: &mut WindowPreview,
    progress: &dyn Fn(Progress),
) {
    let order = outlook.order();
    let total = order.len() as u64;
    let (next, done) = (AtomicUsize::new(0), AtomicU64::new(0));
    // People who stand alike follow each other, so a thread takes many of them at once.
    let count = |told: &dyn Fn(u64)| {
        let (mut counter, mut sums) = (outlook.counter(), Sums::default());
        loop {
            let from = next.fetch_add(STEP, Ordering::Relaxed);
            let Some(people) = order.get(from..).filter(|people| !people.is_empty()) else { break };
            let people = people.get(..STEP).unwrap_or(people);
            told(done.load(Ordering::Relaxed));
            for at in people {
                sums.count(engine, *at, counter.of(*at, SAMPLES));
            }
            done.fetch_add(people.len() as u64, Ordering::Relaxed);
        }
        sums
    };
    let helpers = available_parallelism().map_or(0, |all| all.get() - 1).min(HELPERS_MAX);
    let sums = thread::scope(|scope| {
        // Where the system gives no more threads, fewer do it.
        let helper = |_| thread::Builder::new().spawn_scoped(scope, || count(&|_| ())).ok();
        let helpers: Vec<_> = (0..helpers).filter_map(helper).collect();
        let mut sums = count(&|done| progress(Progress { done, total }));
        for helper in helpers {
            match helper.join() {
                Ok(more) => sums.add(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        sums
    });
    progress(Progress { done: total, total });
    preview.looked_at = total;
    (preview.gaining, preview.losing) = (Some(sums.gaining), Some(sums.losing));
    sums.tell(outlook, preview);
}

fn gains(object: &ObjectShift) -> bool {
    object.actions.iter().any(|action| action.records.gained > 0)
        || object.may_create == Some(true)
        || object.readable.gained > 0
        || object.changeable.gained > 0
}

fn loses(object: &ObjectShift) -> bool {
    object.actions.iter().any(|action| action.records.lost > 0)
        || object.may_create == Some(false)
        || object.readable.lost > 0
        || object.changeable.lost > 0
}

impl Sums {
    fn count(&mut self, engine: &Engine, at: usize, shift: Option<UserShift>) {
        let Some(shift) = shift.filter(|shift| !shift.objects.is_empty()) else { return };
        self.gaining += u64::from(shift.objects.iter().any(gains));
        self.losing += u64::from(shift.objects.iter().any(loses));
        self.take(engine, at, shift);
    }

    /// The sums of other people beside these.
    fn add(&mut self, other: Self) {
        for (key, shift) in other.actions {
            *self.actions.entry(key).or_default() += shift;
        }
        for (mine, more) in [
            (&mut self.readable, other.readable),
            (&mut self.changeable, other.changeable),
            (&mut self.creators, other.creators),
        ] {
            for (object, shift) in more {
                *mine.entry(object).or_default() += shift;
            }
        }
        for (node, more) in other.units {
            let unit = self.units.entry(node).or_default();
            unit.0 += more.0;
            unit.1 += more.1;
            unit.2 += more.2;
            unit.3 += more.3;
        }
        self.people.extend(other.people);
        self.people_all += other.people_all;
        self.gaining += other.gaining;
        self.losing += other.losing;
        if let Some((at, largest)) = other.largest
            && self.is_larger(at, largest.records)
        {
            self.largest = Some((at, largest));
        }
    }

    fn take(&mut self, engine: &Engine, at: usize, shift: UserShift) {
        let (mut read, mut readable, mut changeable) = (Shift::NONE, Shift::NONE, Shift::NONE);
        let mut weight = 0u64;
        for object in &shift.objects {
            let name = &object.object;
            for action in &object.actions {
                let key = (name.clone(), action.action.clone());
                *self.actions.entry(key).or_default() += action.records;
                if action.action == Action::Read {
                    read += action.records;
                }
                weight = weight.saturating_add(action.records.gained.max(action.records.lost));
                let gained = (&action.action, action.records.gained, None);
                self.larger_of(at, &shift.user, name, gained);
            }
            *self.readable.entry(name.clone()).or_default() += object.readable;
            *self.changeable.entry(name.clone()).or_default() += object.changeable;
            readable += object.readable;
            changeable += object.changeable;
            if let Some(may) = object.may_create {
                *self.creators.entry(name.clone()).or_default() +=
                    Shift { gained: may.into(), lost: (!may).into() };
            }
        }
        weight = weight.saturating_add(readable.gained.max(readable.lost));
        let places = engine.policy().users.get(&shift.user).map(|user| &user.placements);
        let mut nodes: Vec<&NodeId> =
            places.into_iter().flatten().map(|place| &place.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        for node in nodes {
            let unit = self.units.entry(node.clone()).or_default();
            unit.0 += 1;
            unit.1 += read;
            unit.2 += readable;
            unit.3 += changeable;
        }
        self.people_all += 1;
        self.people.push((weight, person(shift)));
        if self.people.len() > PEOPLE * 4 {
            self.thin();
        }
    }

    fn larger_of(
        &mut self,
        at: usize,
        user: &UserId,
        object: &ObjectId,
        (action, records, error): (&Action, u64, Option<u64>),
    ) {
        if records > 0 && self.is_larger(at, records) {
            let (user, object, action) = (user.clone(), object.clone(), action.clone());
            self.largest = Some((at, LargestGain { user, object, action, records, error }));
        }
    }

    /// Whether a gain of somebody is larger than the largest so far; of equal ones the first counts.
    fn is_larger(&self, at: usize, records: u64) -> bool {
        let known = self.largest.as_ref().map(|(at, known)| (known.records, Reverse(*at)));
        known.is_none_or(|known| (records, Reverse(at)) > known)
    }

    /// Leaves the people with the greatest differences.
    fn thin(&mut self) {
        self.people.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.user.cmp(&b.1.user)));
        self.people.truncate(PEOPLE);
    }

    fn tell(mut self, outlook: &Outlook<'_>, preview: &mut WindowPreview) {
        self.thin();
        for (object, records) in outlook.objects() {
            let amount = |sums: &BTreeMap<ObjectId, Shift>| {
                Amount::from(sums.get(object).copied().unwrap_or_default())
            };
            let actions: Vec<ActionPreview> = outlook
                .actions()
                .iter()
                .filter_map(|action| {
                    let shift = self.actions.get(&(object.clone(), action.clone()))?;
                    Some(ActionPreview { action: action.clone(), records: (*shift).into() })
                })
                .collect();
            let (readable, changeable) = (amount(&self.readable), amount(&self.changeable));
            let creators = amount(&self.creators);
            let all = [readable, changeable, creators];
            if actions.is_empty() && all == [Amount::default(); 3] {
                continue;
            }
            let (object, creators) = (object.clone(), Some(creators));
            preview.objects.push(ObjectPreview {
                object,
                records,
                actions,
                readable,
                changeable,
                creators,
            });
        }
        let units = std::mem::take(&mut self.units).into_iter();
        let units = units.map(|(node, (people, records, readable, changeable))| UnitPreview {
            node,
            people: Some(people),
            records: records.into(),
            readable: Some(readable.into()),
            changeable: Some(changeable.into()),
        });
        tell_units(units.collect(), preview);
        let people = std::mem::take(&mut self.people);
        preview.people = people.into_iter().map(|(_, person)| person).collect();
        preview.people_left_off = Some(self.people_all.saturating_sub(preview.people.len() as u64));
        preview.largest = self.largest.map(|(_, largest)| largest);
    }
}

fn tell_units(mut units: Vec<UnitPreview>, preview: &mut WindowPreview) {
    let weight = |unit: &UnitPreview| {
        let fields = unit.readable.map_or(0, |readable| readable.gained.max(readable.lost));
        unit.records.gained.max(unit.records.lost).saturating_add(fields)
    };
    units.sort_by(|a, b| weight(b).cmp(&weight(a)).then_with(|| a.node.cmp(&b.node)));
    preview.units_left_off = units.len().saturating_sub(UNITS) as u64;
    units.truncate(UNITS);
    preview.units = units;
}

fn person(shift: UserShift) -> PersonPreview {
    let object = |object: ObjectShift| PersonObject {
        object: object.object,
        actions: object
            .actions
            .into_iter()
            .map(|action| PersonAction {
                action: action.action,
                records: action.records.into(),
                gained_samples: action.gained_samples,
                lost_samples: action.lost_samples,
            })
            .collect(),
        readable: object.readable.into(),
        changeable: object.changeable.into(),
        may_create: object.may_create,
    };
    let UserShift { user, concerned, objects, .. } = shift;
    PersonPreview { user, concerned, objects: objects.into_iter().map(object).collect() }
}

fn estimate(outlook: &Outlook<'_>, preview: &mut WindowPreview) {
    let records: BTreeMap<ObjectId, u64> =
        outlook.objects().map(|(object, records)| (object.clone(), records)).collect();
    let mut units: BTreeMap<NodeId, Amount> = BTreeMap::new();
    for one in outlook.estimate(PAIRS, SEED) {
        preview.looked_at += one.looked_at;
        for (node, estimate) in &one.nodes {
            let sum = units.entry(node.clone()).or_default();
            *sum = together(*sum, (*estimate).into());
        }
        preview.objects.push(ObjectPreview {
            records: records.get(&one.object).copied().unwrap_or(0),
            actions: actions_of(&one)
                .map(|(action, records)| ActionPreview { action, records })
                .collect(),
            readable: one.readable.into(),
            changeable: one.changeable.into(),
            creators: None,
            object: one.object,
        });
    }
    let units = units.into_iter().map(|(node, records)| UnitPreview {
        node,
        people: None,
        records,
        readable: None,
        changeable: None,
    });
    tell_units(units.collect(), preview);
    let mut sums = Sums::default();
    let (people, pairs) = PEOPLE_DRAWN;
    let step = outlook.users().div_ceil(people).max(1);
    for at in (step / 2..outlook.users()).step_by(step) {
        let Some((user, concerned, objects)) = outlook.estimate_one(at, pairs, SEED) else {
            continue;
        };
        let objects: Vec<PersonObject> = objects
            .into_iter()
            .filter(|one| one.pairs > 0)
            .map(|one| PersonObject {
                actions: actions_of(&one)
                    .map(|(action, records)| PersonAction {
                        action,
                        records,
                        gained_samples: Vec::new(),
                        lost_samples: Vec::new(),
                    })
                    .collect(),
                readable: one.readable.into(),
                changeable: one.changeable.into(),
                may_create: None,
                object: one.object,
            })
            .collect();
        for object in &objects {
            for action in &object.actions {
                let gained = (&action.action, action.records.gained, action.records.gained_error);
                sums.larger_of(at, &user, &object.object, gained);
            }
        }
        preview.people.push(PersonPreview { user, concerned, objects });
    }
    preview.largest = sums.largest.map(|(_, largest)| largest);
}

fn actions_of(one: &ObjectEstimate) -> impl Iterator<Item = (Action, Amount)> + '_ {
    one.actions.iter().map(|(action, gained, lost)| (action.clone(), (*gained, *lost).into()))
}

/// Two estimates as one; the errors add up, which is more than they come to together.
fn together(one: Amount, other: Amount) -> Amount {
    let sum = |a: Option<u64>, b: Option<u64>| Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0)));
    Amount {
        gained: one.gained.saturating_add(other.gained),
        lost: one.lost.saturating_add(other.lost),
        gained_error: sum(one.gained_error, other.gained_error),
        lost_error: sum(one.lost_error, other.lost_error),
    }
}
