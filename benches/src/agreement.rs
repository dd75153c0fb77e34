//! Answers held against each other and against the reference evaluator, inside the same run.

use crate::measure::{AT, Bench};
use crate::random::Random;
use crate::world::{OBJECT, SORTED_BY, World, user};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, Record};
use guan_engine::question::{ListQuery, Sort};
use guan_engine::view::RecordNumber;
use guan_testkit::reference::Reference;

/// Compares a small world with the reference. Returns how many answers were compared.
///
/// # Errors
///
/// The first answer that differs.
pub fn with_reference(bench: &Bench<'_>) -> Result<usize, String> {
    let world = bench.world;
    let records: Vec<Record> =
        (0..world.scale.records).map(|number| world.rows.record(number)).collect();
    let reference = Reference::new(&world.policy, &records);
    let random = &mut Random::new(6);
    let mut compared = 0;
    for _ in 0..2_000 {
        let (who, number) = (random.below(world.scale.users), random.below(world.scale.records));
        for action in [Action::Read, Action::Edit, Action::Delete] {
            let session = Session::new("main", user(who), AT);
            let on = Target::Record(records[number].key());
            let request = Request::new(session, action.clone(), on);
            let wanted = reference.explain(&request);
            let seat = bench.loaded.engine.enter_number(bench.number(who), &bench.session);
            let aim = bench.loaded.engine.aim(&OBJECT.into(), &action).ok_or("no such action")?;
            let got = seat.ok().map(|seat| {
                let view = seat.view(aim);
                view.map_or((false, 0), |view| {
                    let record = RecordNumber(number as u32);
                    (view.may(record), view.evidence_count(record).0)
                })
            });
            let wanted = (wanted.decision.is_allowed(), wanted.evidence.len());
            if got != Some(wanted) {
                return Err(format!(
                    "{} {action:?} record {number}: engine {got:?}, reference {wanted:?}",
                    user(who)
                ));
            }
            compared += 1;
        }
    }
    Ok(compared)
}

/// Compares lists, counts, who and checks of one engine with each other. Returns how many answers
/// were compared.
///
/// # Errors
///
/// The first that differ.
pub fn with_itself(bench: &Bench<'_>) -> Result<usize, String> {
    let world = bench.world;
    let random = &mut Random::new(7);
    let everybody: Vec<usize> = (0..world.scale.users).collect();
    let few = (2_000_000 / world.scale.records).clamp(2, 40);
    let mut compared = 0;
    let all: Vec<RecordNumber> = (0..world.scale.records as u32).map(RecordNumber).collect();
    for reader in bench.readers(random, &everybody, few) {
        compared += one_reader(bench, world, reader, &all)?;
    }
    let engine = &bench.loaded.engine;
    for _ in 0..few {
        let record = bench.record(random);
        let counted = engine.reader_count(&bench.session, bench.read, record);
        let checked = bench.loaded.users.iter().filter(|user| {
            let seat = engine.enter_number(**user, &bench.session);
            seat.is_ok_and(|seat| seat.view(bench.read).is_ok_and(|view| view.may(record)))
        });
        let checked = checked.count() as u64;
        if counted != checked {
            return Err(format!("{record:?}: who counts {counted}, checks {checked}"));
        }
        compared += bench.loaded.users.len();
    }
    Ok(compared)
}

fn one_reader(
    bench: &Bench<'_>,
    world: &World,
    reader: usize,
    all: &[RecordNumber],
) -> Result<usize, String> {
    let engine = &bench.loaded.engine;
    let session = bench.session.of_subject(user(reader));
    let seat = engine.enter_number(bench.number(reader), &bench.session);
    let seat = seat.map_err(|refusal| format!("{refusal:?}"))?;
    let view = seat.view(bench.read).map_err(|refusal| format!("{refusal:?}"))?;
    let mut bits = Vec::new();
    let checked = view.may_many(all, &mut bits);
    let counted = engine.count(&session, &Action::Read, &OBJECT.into());
    if counted != Ok(checked as u64) {
        return Err(format!("{}: count {counted:?}, checks {checked}", user(reader)));
    }
    let mut sorted: Vec<u32> = (0..world.scale.records as u32)
        .filter(|number| bits[*number as usize / 64] >> (number % 64) & 1 != 0)
        .collect();
    sorted.sort_by_key(|number| (world.rows.key[*number as usize], *number));
    for descending in [false, true] {
        let mut query = ListQuery::first(OBJECT, 50);
        query.sort = Sort { by: Some(SORTED_BY.into()), descending };
        for page in 0..3 {
            let got =
                engine.list(&session, &Action::Read, &query).map_err(|fault| fault.to_string())?;
            let ids = sorted.iter().map(u32::to_string);
            let wanted: Vec<String> = if descending {
                ids.rev().skip(page * 50).take(50).collect()
            } else {
                ids.skip(page * 50).take(50).collect()
            };
            let got_ids: Vec<&str> = got.records.iter().map(|id| id.as_str()).collect();
            if got_ids != wanted {
                return Err(format!("{}: page {page} differs from the checks", user(reader)));
            }
            query.after = got.next;
            if query.after.is_none() {
                break;
            }
        }
    }
    Ok(all.len())
}
