//! Decisions with 0, 1 and 100 overlays in force beside decisions by the policy alone.

use super::Sizes;
use super::overlays::{branch, facts, rows};
use super::window::House;
use crate::measure::{AT, Bench};
use crate::random::Random;
use crate::table::{Side, Table, time};
use crate::timing::{Beside, beside};
use crate::world::{OBJECT, SORTED_BY, user};
use crate::{clock, house};
use guan_engine::Lineup;
use guan_engine::activity::{NodeFacts, OverlayRow, Standing};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, RecordKey};
use guan_engine::question::{ListQuery, Sort};
use guan_store::{ClockReading, Recording, View};
use std::cell::Cell;
use std::hint::black_box;

/// More than this of a decision without overlays is too much.
const TIMES_MAX: f64 = 1.3;
/// Records that are asked about at once.
const BATCH: usize = 64;

/// Overlays that stand while the same is asked.
struct Way {
    name: String,
    rows: Vec<OverlayRow>,
    lineup: Option<Lineup>,
}

impl Way {
    /// The overlays as a gate would hand them over.
    fn standing<'w>(&'w self, node: &'w NodeFacts) -> Standing<'w> {
        Standing::of(&self.rows, node).sorted_out(self.lineup.as_ref())
    }
}

/// Whose questions.
struct Whose {
    name: &'static str,
    people: Vec<usize>,
}

/// Everything on the engine alone.
pub fn measure(bench: &Bench<'_>, sizes: Sizes, table: &mut Table) -> Result<(), String> {
    let random = &mut Random::new(41);
    let world = bench.world;
    let inside = &world.people.branches[1][branch(world)];
    let everybody: Vec<usize> =
        (0..world.scale.users).filter(|number| !inside.contains(number)).collect();
    let whose = [
        Whose { name: "inside", people: bench.readers(random, inside, sizes.people) },
        Whose { name: "outside", people: bench.readers(random, &everybody, sizes.people) },
    ];
    let spared: Vec<usize> = whose.iter().flat_map(|whose| whose.people.clone()).collect();
    let ways: Vec<Way> = [0, 1, sizes.overlays]
        .into_iter()
        .map(|count| {
            let mut rows = rows(world, count.max(1), &spared);
            rows.truncate(count);
            let lineup = (count > 0).then(|| Lineup::of(&bench.loaded.engine, &rows)).flatten();
            Way { name: format!("{count} in force"), rows, lineup }
        })
        .collect();
    let facts = facts();
    for whose in &whose {
        if whose.people.is_empty() {
            return Err(format!("nobody {} the audience can read", whose.name));
        }
        checks(bench, (whose, &ways, &facts), sizes, table);
        batches(bench, (whose, &ways, &facts), sizes, table);
        pages(bench, (whose, &ways, &facts), sizes, table);
    }
    Ok(())
}

type Under<'u> = (&'u Whose, &'u [Way], &'u NodeFacts);

fn checks(bench: &Bench<'_>, (whose, ways, facts): Under<'_>, sizes: Sizes, table: &mut Table) {
    let pairs = pairs(bench, &whose.people, sizes.decisions);
    let engine = &bench.loaded.engine;
    let asked: Vec<Request<'_>> = pairs.iter().map(request).collect();
    let costs = beside(
        (ways.len() + 1, sizes.decisions),
        asked,
        |asked, way| {
            for request in asked {
                request.session.standing = standing((ways, way), facts);
            }
        },
        |asked, at| drop(black_box(engine.check(&asked[at % asked.len()]))),
    );
    tell("check by names", whose.name, ways, &costs, table);
}

fn batches(bench: &Bench<'_>, (whose, ways, facts): Under<'_>, sizes: Sizes, table: &mut Table) {
    let random = &mut Random::new(43);
    let batches: Vec<Vec<RecordKey>> = (0..64)
        .map(|_| (0..BATCH).map(|_| key(bench.record(random).0 as usize)).collect())
        .collect();
    let engine = &bench.loaded.engine;
    let sessions: Vec<Session<'_>> = whose.people.iter().map(|person| session(*person)).collect();
    let costs = beside(
        (ways.len() + 1, (sizes.decisions * 4 / BATCH).max(1)),
        sessions,
        |sessions, way| stand_all(sessions, (whose, ways, facts), way),
        |sessions, at| {
            let session = &sessions[at % sessions.len()];
            black_box(engine.check_many(session, &Action::Read, &batches[at % batches.len()]));
        },
    );
    let each = |cost: Beside| Beside { each: cost.each / BATCH as f64, ..cost };
    let costs: Vec<Beside> = costs.into_iter().map(each).collect();
    tell("check, batches of 64", whose.name, ways, &costs, table);
}

fn pages(bench: &Bench<'_>, (whose, ways, facts): Under<'_>, sizes: Sizes, table: &mut Table) {
    let mut query = ListQuery::first(OBJECT, 50);
    query.sort = Sort { by: Some(SORTED_BY.into()), descending: true };
    let engine = &bench.loaded.engine;
    let sessions: Vec<Session<'_>> = whose.people.iter().map(|person| session(*person)).collect();
    let costs = beside(
        (ways.len() + 1, sizes.pages),
        sessions,
        |sessions, way| stand_all(sessions, (whose, ways, facts), way),
        |sessions, at| {
            let session = &sessions[at % sessions.len()];
            black_box(engine.list(session, &Action::Read, &query)).ok();
        },
    );
    tell("first page of 50, newest first", whose.name, ways, &costs, table);
}

/// What stands in a way; the first, 0, is the policy alone.
fn standing<'w>((ways, way): (&'w [Way], usize), node: &'w NodeFacts) -> Option<Standing<'w>> {
    Some(ways.get(way.checked_sub(1)?)?.standing(node))
}

fn stand_all<'w>(sessions: &mut [Session<'w>], (_, ways, facts): Under<'w>, way: usize) {
    for session in sessions {
        session.standing = standing((ways, way), facts);
    }
}

/// Decisions as a server makes them. Inside the audience only what the policy allows is asked: the rest is recorded,
/// and that is another measurement.
pub fn through_the_gate(house: &House<'_>, sizes: Sizes, table: &mut Table) -> Result<(), String> {
    let (gate, world) = (&house.gate, house.world);
    let organization = house::organization();
    let inside = &world.people.branches[1][branch(world)];
    let outside: Vec<usize> =
        (sizes.overlays..world.scale.users).filter(|number| !inside.contains(number)).collect();
    let facts = facts();
    let (wall, boot_clock, boot_id) = (facts.wall, facts.boot_clock, facts.boot_id.clone());
    let clock = ClockReading { wall, boot_clock, boot_id, ..clock::now() };
    for (whose, people) in [("inside", inside), ("outside", &outside)] {
        let asked = allowed(house, people, (whose == "inside", sizes.decisions))?;
        let ways: Vec<Way> = [0, 1, sizes.overlays]
            .into_iter()
            .map(|count| {
                let mut rows = rows(world, count.max(1), inside);
                rows.truncate(count);
                Way { name: format!("{count} in force"), rows, lineup: None }
            })
            .collect();
        let failure = Cell::new(None);
        let ask = |view: &View, asked: &Request<'_>| view.engine().check(asked);
        let decide = |at: usize| {
            let request = &asked[at % asked.len()];
            let decided =
                gate.decide(&house::caller(), &clock, request, Recording::WouldDenies, ask);
            match decided {
                Ok(answer) => drop(black_box(answer)),
                Err(error) => failure.set(Some(house::told(error))),
            }
        };
        let stand = |(): &mut (), way: usize| {
            if let Err(error) = gate.stand(&organization, ways[way].rows.clone(), &facts) {
                failure.set(Some(house::told(error)));
            }
            // The first question after a change sorts the overlays out.
            decide(0);
        };
        let turns = (ways.len(), sizes.decisions / 2);
        let costs = beside(turns, (), stand, |(), at| decide(at));
        if let Some(failed) = failure.take() {
            return Err(failed);
        }
        // A gate always looks for overlays: with none of them is the measure.
        tell("decision through the gate", whose, &ways[1..], &costs, table);
    }
    gate.stand(&organization, Vec::new(), &facts).map_err(house::told)?;
    gate.refresh(&clock::now()).map_err(house::told)
}

/// Questions by some people; only those that the policy allows, or all.
fn allowed(
    house: &House<'_>,
    people: &[usize],
    (only_allowed, count): (bool, usize),
) -> Result<Vec<Request<'static>>, String> {
    let view = house.gate.view(&house::organization()).map_err(house::told)?;
    let random = &mut Random::new(44);
    let records = house.world.scale.records;
    let mut asked = Vec::new();
    for _ in 0..count * 400 {
        let request = request(&(*random.one(people), random.below(records)));
        if !only_allowed || view.engine().check(&request).is_allowed() {
            asked.push(request);
        }
        if asked.len() == count {
            break;
        }
    }
    if asked.is_empty() { Err("nobody may read anything".to_owned()) } else { Ok(asked) }
}

fn pairs(bench: &Bench<'_>, people: &[usize], count: usize) -> Vec<(usize, usize)> {
    let random = &mut Random::new(42);
    (0..count).map(|_| (*random.one(people), bench.record(random).0 as usize)).collect()
}

fn key(number: usize) -> RecordKey {
    RecordKey::new(OBJECT, number.to_string())
}

fn session<'s>(person: usize) -> Session<'s> {
    Session::new(house::organization(), user(person), AT)
}

fn request<'s>(pair: &(usize, usize)) -> Request<'s> {
    Request::new(session(pair.0), Action::Read, Target::Record(key(pair.1)))
}

fn tell(what: &str, whose: &str, ways: &[Way], costs: &[Beside], table: &mut Table) {
    let Some((base, costs)) = costs.split_first() else { return };
    for (way, cost) in ways.iter().zip(costs) {
        let (low, high) = cost.quarters;
        let notes = format!(
            "{} beside {} without; half of the rounds between ×{low:.2} and ×{high:.2}",
            time(cost.each),
            time(base.each)
        );
        let name = format!("{what}, {whose} the audience, {}", way.name);
        table.ratio(&name, cost.times, Some(Side::AtMost(TIMES_MAX)), &notes);
    }
}
