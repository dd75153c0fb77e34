//! Changes in place: shares revoked and added, users moved.

use super::Bench;
use crate::random::Random;
use crate::table::{Bound, Table};
use crate::timing;
use crate::world::{OBJECT, To, role, user};
use guan_engine::model::{Placement, RecordKey, Share};

/// Shares and moves.
///
/// # Errors
///
/// When a change is refused.
pub fn changes(bench: &mut Bench<'_>, table: &mut Table) -> Result<(), String> {
    shares(bench, table)?;
    moves(bench, table)
}

fn shares(bench: &mut Bench<'_>, table: &mut Table) -> Result<(), String> {
    let random = &mut Random::new(4);
    let rows = &bench.world.rows;
    let mut given = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    while given.len() < bench.world.scale.samples.min(rows.shares.len() / 20) {
        let number = random.below(bench.world.scale.records);
        let Some(share) = rows.shares_of(number).first() else { continue };
        if !matches!(share.to(), To::Team(_)) && seen.insert(number) {
            let key = RecordKey::new(OBJECT, number.to_string());
            given.push((key, Share::manual(share.principal(), share.rights())));
        }
    }
    let engine = &mut bench.loaded.engine;
    let mut done = 0;
    let times =
        timing::each(&given, |(key, share)| done += u32::from(engine.revoke_share(key, &share.to)));
    if done as usize != given.len() {
        return Err(format!("{done} of {} shares were revoked", given.len()));
    }
    let notes = "record and principal by name";
    table.times("revoke a share", times, Bound::Median(20_000.0), notes);
    let times = timing::each(&given, |(key, share)| engine.add_share(key, share));
    table.times("add a share", times, Bound::Median(20_000.0), notes);
    Ok(())
}

fn moves(bench: &mut Bench<'_>, table: &mut Table) -> Result<(), String> {
    let random = &mut Random::new(5);
    let world = bench.world;
    for (whose, level) in [("move a user", 5), ("move a manager", 3)] {
        let movers: Vec<_> = (0..world.scale.users)
            .filter(|user| world.people.level[world.people.role[*user]] == level)
            .collect();
        let moved: Vec<_> = (0..world.scale.samples.min(movers.len() / 2).min(500))
            .filter_map(|at| {
                let mover = movers[at * movers.len() / 500.max(movers.len()).max(1)];
                let to = world.people.some_role(random, level);
                let mut changed = world.policy.users.get(&user(mover))?.clone();
                changed.placements = vec![Placement::member(role(to))];
                Some((user(mover), changed))
            })
            .collect();
        let mut failed = None;
        let engine = &mut bench.loaded.engine;
        let times = timing::each(moved, |(id, changed)| {
            if let Err(problems) = engine.put_user(&id, changed) {
                failed = problems.into_iter().next();
            }
        });
        if let Some(problem) = failed {
            return Err(format!("{problem:?}"));
        }
        table.times(whose, times, Bound::Median(500_000.0), "to a random role of the same level");
    }
    Ok(())
}
