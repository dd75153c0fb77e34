//! Rows in memory to a ready engine, with what it takes in time and memory.

use crate::timing::busy;
use crate::world::{Kinds, OBJECT, Rows, To, World, group, role_principal, user};
use guan_engine::Engine;
use guan_engine::bulk::{Bulk, BulkRow, Gift, Kind, Target};
use guan_engine::model::{Principal, Rights};
use guan_engine::view::{RecordNumber, UserNumber};

/// An engine with what its making cost.
pub struct Loaded {
    /// The engine.
    pub engine: Engine,
    /// The engine's numbers of users, by the generator's.
    pub users: Vec<UserNumber>,
    /// Time of compiling the policy.
    pub compiled: f64,
    /// Time from rows to a ready engine.
    pub loaded: f64,
    /// Resident memory that the engine added over the rows and the policy, in bytes.
    pub resident: usize,
}

/// The engine's numbers for everything that rows name.
struct Numbers {
    users: Vec<UserNumber>,
    shared: Vec<Target>,
    team: Vec<Target>,
    groups: Vec<Target>,
    roles: Vec<Target>,
    below: Vec<Target>,
    kinds: Vec<Kind>,
    gifts: [Gift; 2],
}

/// Compiles the policy and loads every row.
///
/// # Errors
///
/// What is wrong with the generated world.
pub fn load(world: &World) -> Result<Loaded, String> {
    let policy = world.policy.clone();
    let before = resident();
    let begun = busy();
    let mut bulk = Bulk::new(policy).map_err(|problems| format!("{:?}", problems.first()))?;
    let compiled = busy() - begun;
    let object = bulk.object(&OBJECT.into()).ok_or("the object is missing")?;
    let numbers = numbers(&mut bulk, world, object).ok_or("a name is missing")?;
    let begun = busy();
    push(&mut bulk, object, &world.rows, &numbers);
    let engine = bulk.finish();
    let loaded = busy() - begun;
    let resident = resident().saturating_sub(before);
    Ok(Loaded { engine, users: numbers.users, compiled, loaded, resident })
}

fn numbers(bulk: &mut Bulk, world: &World, object: usize) -> Option<Numbers> {
    let users = 0..world.scale.users;
    let roles = 0..world.people.parent.len();
    let all: Vec<UserNumber> =
        users.clone().map(|at| bulk.user(&user(at))).collect::<Option<_>>()?;
    Some(Numbers {
        shared: users.map(|at| bulk.target(&Principal::User(user(at)))).collect::<Option<_>>()?,
        team: all.iter().map(|number| Bulk::team_member(*number)).collect(),
        groups: (0..world.scale.groups)
            .map(|at| bulk.target(&Principal::Group(group(at))))
            .collect::<Option<_>>()?,
        roles: roles
            .clone()
            .map(|at| bulk.target(&role_principal(at, false)))
            .collect::<Option<_>>()?,
        below: roles.map(|at| bulk.target(&role_principal(at, true))).collect::<Option<_>>()?,
        kinds: (0..Kinds::COUNT)
            .map(|kind| bulk.kind_of(&Kinds::record(kind, "")))
            .collect::<Option<_>>()?,
        gifts: [bulk.gift(object, Rights::READ)?, bulk.gift(object, Rights::EDIT)?],
        users: all,
    })
}

fn push(bulk: &mut Bulk, object: usize, rows: &Rows, numbers: &Numbers) {
    let mut shares: Vec<(Target, Gift)> = Vec::new();
    for number in 0..rows.owner.len() {
        shares.clear();
        for share in rows.shares_of(number) {
            let target = match share.to() {
                To::User(at) => numbers.shared[at],
                To::Team(at) => numbers.team[at],
                To::Group(at) => numbers.groups[at],
                To::Role(at, false) => numbers.roles[at],
                To::Role(at, true) => numbers.below[at],
            };
            shares.push((target, numbers.gifts[usize::from(share.edits())]));
        }
        bulk.push(
            object,
            BulkRow {
                number: RecordNumber(number as u32),
                owner: Some(numbers.users[rows.owner[number] as usize]),
                kind: numbers.kinds[usize::from(rows.kind[number])],
                shares: &shares,
                key: rows.key[number],
            },
        );
    }
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
pub fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = text.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4_096
}
