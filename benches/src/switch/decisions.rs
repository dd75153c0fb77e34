//! Decisions with 0, 1 and 100 overlays in force beside decisions by the policy alone.

use super::Sizes;
use super::overlays::{branch, facts, rows};
use super::window::House;
use crate::measure::{AT, Bench};
use crate::random::Random;
use crate::table::{Side, Table, time};
use crate::timing::busy;
use crate::world::{OBJECT, SORTED_BY, user};
use crate::{clock, house};
use guan_engine::activity::{NodeFacts, OverlayRow, Standing};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, RecordKey};
use guan_engine::question::{ListQuery, Sort};
use guan_engine::{Engine, Lineup};
use guan_store::{ClockReading, Recording, View};
use std::hint::black_box;

/// More than this of a decision without overlays is too much.
const TIMES_MAX: f64 = 1.3;
/// Rounds, each way in turn; the best of each counts.
const ROUNDS: usize = 5;
/// Records that are asked about at once.
const BATCH: usize = 64;

/// Overlays that stand while the same is asked.
struct Way {
    name: String,
    rows: Vec<OverlayRow>,
    lineup: Option<Lineup>,
}

impl Way {
    /// The overlays that a gate would hand over for somebody's question.
    fn rows_for(&self, engine: &Engine, person: usize) -> &[OverlayRow] {
        let some = self.lineup.as_ref().and_then(|lineup| lineup.rows_for(engine, &user(person)));
        some.unwrap_or(&self.rows)
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
            let lineup = (count > 1).then(|| Lineup::of(&bench.loaded.engine, &rows)).flatten();
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
    let pairs = pairs(bench, &whose.people, sizes.decisions / 10);
    let engine = &bench.loaded.engine;
    let alone: Vec<Request<'_>> = pairs.iter().map(|pair| request(pair, None)).collect();
    let under = ways.iter().map(|way| {
        let standing =
            |pair: &(usize, usize)| Standing { rows: way.rows_for(engine, pair.0), node: facts };
        pairs.iter().map(|pair| request(pair, Some(standing(pair)))).collect()
    });
    let asked: Vec<Vec<Request<'_>>> = std::iter::once(alone).chain(under).collect();
    let costs = in_turn(asked.len(), sizes.decisions, |way, at| {
        let requests = &asked[way];
        black_box(engine.check(&requests[at % requests.len()]));
    });
    tell("check by names", whose.name, ways, &costs, table);
}

fn batches(bench: &Bench<'_>, (whose, ways, facts): Under<'_>, sizes: Sizes, table: &mut Table) {
    let random = &mut Random::new(43);
    let batches: Vec<Vec<RecordKey>> = (0..64)
        .map(|_| (0..BATCH).map(|_| key(bench.record(random).0 as usize)).collect())
        .collect();
    let sessions = sessions(&bench.loaded.engine, whose, ways, facts);
    let costs = in_turn(sessions.len(), sizes.decisions / BATCH, |way, at| {
        let session = &sessions[way][at % whose.people.len()];
        let keys = &batches[at % batches.len()];
        black_box(bench.loaded.engine.check_many(session, &Action::Read, keys));
    });
    let costs: Vec<f64> = costs.iter().map(|cost| cost / BATCH as f64).collect();
    tell("check, batches of 64", whose.name, ways, &costs, table);
}

fn pages(bench: &Bench<'_>, (whose, ways, facts): Under<'_>, sizes: Sizes, table: &mut Table) {
    let mut query = ListQuery::first(OBJECT, 50);
    query.sort = Sort { by: Some(SORTED_BY.into()), descending: true };
    let sessions = sessions(&bench.loaded.engine, whose, ways, facts);
    let costs = in_turn(sessions.len(), sizes.pages, |way, at| {
        let session = &sessions[way][at % whose.people.len()];
        black_box(bench.loaded.engine.list(session, &Action::Read, &query)).ok();
    });
    tell("first page of 50, newest first", whose.name, ways, &costs, table);
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
        let asked = allowed(house, people, (whose == "inside", sizes.decisions / 20))?;
        let (mut costs, mut ways) = (Vec::new(), Vec::new());
        for count in [0, 1, sizes.overlays] {
            let mut rows = rows(world, count.max(1), inside);
            rows.truncate(count);
            gate.stand(&organization, rows, &facts).map_err(house::told)?;
            let mut failed = None;
            let cost = in_turn(1, sizes.decisions, |_, at| {
                let request = &asked[at % asked.len()];
                let ask = |view: &View, asked: &Request<'_>| view.engine().check(asked);
                let recording = Recording::WouldDenies;
                match gate.decide(&house::caller(), &clock, request, recording, ask) {
                    Ok(answer) => drop(black_box(answer)),
                    Err(error) => failed = Some(house::told(error)),
                }
            });
            if let Some(failed) = failed {
                return Err(failed);
            }
            costs.extend(cost);
            let name = format!("{count} in force");
            ways.push(Way { name, rows: Vec::new(), lineup: None });
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
        let request = request(&(*random.one(people), random.below(records)), None);
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

fn session(person: usize, standing: Option<Standing<'_>>) -> Session<'_> {
    Session { standing, ..Session::new(house::organization(), user(person), AT) }
}

fn request<'s>(pair: &(usize, usize), standing: Option<Standing<'s>>) -> Request<'s> {
    Request::new(session(pair.0, standing), Action::Read, Target::Record(key(pair.1)))
}

/// Sessions by the policy alone, and under each of the ways.
fn sessions<'w>(
    engine: &Engine,
    whose: &Whose,
    ways: &'w [Way],
    node: &'w NodeFacts,
) -> Vec<Vec<Session<'w>>> {
    let alone = whose.people.iter().map(|person| session(*person, None)).collect();
    let under = ways.iter().map(|way| {
        let standing = |person| Standing { rows: way.rows_for(engine, person), node };
        whose.people.iter().map(|person| session(*person, Some(standing(*person)))).collect()
    });
    std::iter::once(alone).chain(under).collect()
}

/// The cost of one call of each way in time on the processor: every way in turn, the best round of each.
fn in_turn(ways: usize, times: usize, mut call: impl FnMut(usize, usize)) -> Vec<f64> {
    let mut best = vec![f64::INFINITY; ways];
    for _ in 0..ROUNDS {
        for (way, best) in best.iter_mut().enumerate() {
            let begun = busy();
            (0..times).for_each(|at| call(way, at));
            *best = best.min((busy() - begun) / times.max(1) as f64);
        }
    }
    best
}

fn tell(what: &str, whose: &str, ways: &[Way], costs: &[f64], table: &mut Table) {
    let Some((base, costs)) = costs.split_first() else { return };
    for (way, cost) in ways.iter().zip(costs) {
        let notes = format!("{} beside {} without", time(*cost), time(*base));
        let name = format!("{what}, {whose} the audience, {}", way.name);
        // Nothing where the clock did not go on for one of the two.
        let times = if *cost > 0.0 && *base > 0.0 { cost / base } else { 0.0 };
        table.ratio(&name, times, Some(Side::AtMost(TIMES_MAX)), &notes);
    }
}
