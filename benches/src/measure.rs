//! Each operation of the engine on one world.

mod change;
mod check;
mod lists;

use crate::load::{self, Loaded};
use crate::random::Random;
use crate::table::{Bound, Table};
use crate::timing;
use crate::world::{OBJECT, World};
use guan_engine::ask::Session;
use guan_engine::model::{Action, Moment};
use guan_engine::view::{Aim, RecordNumber, UserNumber};

/// The instant of every question.
pub const AT: Moment = Moment(1_790_000_000_000);

/// A loaded world with what the questions need.
pub struct Bench<'w> {
    /// The world.
    pub world: &'w World,
    /// Its engine, and how it came about.
    pub loaded: Loaded,
    /// Reading of the object that has records.
    pub read: Aim,
    /// A session; its subject is not looked at where users are given by number.
    pub session: Session<'static>,
}

impl<'w> Bench<'w> {
    /// Loads a world.
    ///
    /// # Errors
    ///
    /// What is wrong with the generated world.
    pub fn of(world: &'w World) -> Result<Self, String> {
        let loaded = load::load(world)?;
        let read =
            loaded.engine.aim(&OBJECT.into(), &Action::Read).ok_or("there is no such action")?;
        let session = Session::new("main", "", AT);
        Ok(Self { world, loaded, read, session })
    }
    /// Users, by the generator's number, who may read some record; `count` of them out of `from`.
    pub fn readers(&self, random: &mut Random, from: &[usize], count: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for _ in 0..count * 20 {
            let user = *random.one(from);
            let seat = self.loaded.engine.enter_number(self.number(user), &self.session);
            if seat.is_ok_and(|seat| seat.view(self.read).is_ok()) {
                found.push(user);
            }
            if found.len() == count {
                break;
            }
        }
        found
    }
    /// The engine's number of a user.
    pub fn number(&self, user: usize) -> UserNumber {
        self.loaded.users[user]
    }
    /// Some record.
    pub fn record(&self, random: &mut Random) -> RecordNumber {
        RecordNumber(random.below(self.world.scale.records) as u32)
    }
}

/// Measures everything.
///
/// # Errors
///
/// When an operation refuses what it must do.
pub fn all(mut bench: Bench<'_>, table: &mut Table) -> Result<(), String> {
    making(&bench, table);
    check::checks(&bench, table);
    lists::lists(&bench, table)?;
    change::changes(&mut bench, table)?;
    lists::impact(&bench, table)
}

fn making(bench: &Bench<'_>, table: &mut Table) {
    let (loaded, rows) = (&bench.loaded, &bench.world.rows);
    let records = rows.owner.len() as f64;
    let large = bench.world.scale.name == "L";
    let (grants, rules) = loaded.engine.class_counts();
    let policy = format!(
        "{} users, {} sets, {} rules; {grants} classes of grants, {rules} of rules",
        bench.world.policy.users.len(),
        bench.world.policy.sets.len(),
        bench.world.policy.rules.len()
    );
    table.figure("compile the policy", loaded.compiled, None, &policy);
    let load = format!("{records} records, {} shares and team rows", rows.shares.len());
    let taken = loaded.loaded;
    table.figure("load", taken, large.then_some(6e9), &load);
    let bytes = loaded.engine.index_bytes() as f64 / records;
    table.number("index", bytes, "bytes/record", large.then_some(64.0), "as the engine counts");
    let resident = loaded.resident as f64 / records;
    let notes = "grown while compiling and loading, what the allocator keeps included";
    table.number("resident memory", resident, "bytes/record", None, notes);
    let timer = timing::of(vec![timing::timer()]);
    table.times("the timer itself", timer, Bound::None, "already taken off single calls");
}
