//! An installation with all records of a world on one database, and the people who ask.

use crate::clock::now;
use crate::measure::Bench;
use crate::random::Random;
use crate::world::{OBJECT, World, user};
use guan_engine::ask::Session;
use guan_engine::model::{
    Action, Assigned, Assignment, FieldAccess, Grant, ObjectPermission, Organization,
    OrganizationId, PermissionSet, Policy, Power, Principal, Record, SetId,
};
use guan_store::{Caller, Change, DatabasePlace, Gate, Options, RecordsChange, Store};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

/// Records that are put at once.
const BATCH: usize = 20_000;

/// The three whose questions are compared, by the generator's numbers, and how many records each sees.
#[derive(Debug)]
pub struct Cast {
    /// Sees everything.
    pub administrator: Person,
    /// Sees as much as anybody does by sharing alone.
    pub much: Person,
    /// Sees some hundred.
    pub little: Person,
}

/// Somebody who asks.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// The generator's number.
    pub user: usize,
    /// Records that they see.
    pub sees: u64,
}

impl Cast {
    /// Chosen among the people of a world.
    ///
    /// # Errors
    ///
    /// When nobody there sees a part alone.
    pub fn of(bench: &Bench<'_>) -> Result<Self, String> {
        let all = bench.world.scale.records as u64;
        let random = &mut Random::new(11);
        let mut everybody: Vec<usize> = (0..bench.world.scale.users).collect();
        everybody.extend(bench.world.superiors());
        let readers = bench.readers(random, &everybody, 600);
        let mut people: Vec<Person> = Vec::new();
        for reader in readers {
            let session = bench.session.of_subject(user(reader));
            let counted = bench.loaded.engine.count(&session, &Action::Read, &OBJECT.into());
            let sees = counted.map_err(|refusal| format!("{refusal:?}"))?;
            people.push(Person { user: reader, sees });
        }
        people.retain(|person| person.sees < all / 2);
        people.sort_by_key(|person| person.sees);
        let much = *people.last().ok_or("nobody sees a part of the records alone")?;
        // More than a page, so that a page is as long as that of the others.
        let little = people.iter().find(|person| person.sees >= 60 || person.sees * 20 >= all);
        let little = *little.ok_or("nobody sees few records")?;
        let others = [much.user, little.user];
        let free = (0..bench.world.scale.users).find(|user| !others.contains(user));
        let administrator = Person { user: free.ok_or("there are too few people")?, sees: all };
        Ok(Self { administrator, much, little })
    }

    /// The world's policy, in which the three see every field and the administrator every record.
    pub fn policy(&self, world: &World) -> Policy {
        let mut policy = world.policy.clone();
        let object = policy.objects.get(OBJECT);
        let fields = object.map(|object| object.fields.keys().cloned().collect::<Vec<_>>());
        let fields = fields.unwrap_or_default();
        for (set, view_all) in [("clear", false), ("everything", true)] {
            let access = if view_all { FieldAccess::EDIT } else { FieldAccess::READ };
            let actions = [Action::Read, Action::Edit].map(|action| (action, Grant::REACHABLE));
            let permission = ObjectPermission {
                actions: actions.into_iter().take(1 + usize::from(view_all)).collect(),
                view_all,
                modify_all: view_all,
                ..ObjectPermission::default()
            };
            let mut made = PermissionSet::default();
            // The application that asks about everybody asks as the administrator.
            made.system.extend(view_all.then(|| Power::AskAboutOthers.name().to_owned()));
            made.objects.insert(OBJECT.into(), permission);
            let seen = fields.iter().map(|field| (field.clone(), access)).collect();
            made.fields.insert(OBJECT.into(), seen);
            policy.sets.insert(set.into(), made);
        }
        let all = [self.administrator, self.much, self.little];
        for (person, set) in all.into_iter().zip(["everything", "clear", "clear"]) {
            let what = Assigned::Set(SetId::from(set));
            let assignment = Assignment::new(what, Principal::User(user(person.user)));
            policy.assignments.insert(format!("bench-{}", user(person.user)).into(), assignment);
        }
        policy
    }
}

/// The organization of every world.
pub fn organization() -> OrganizationId {
    Organization::default().id
}

/// Who loads.
pub fn caller() -> Caller {
    Caller::local("bench")
}

/// Makes an installation in a folder and loads the world. Gives the store, and the seconds that the records took.
pub fn build(
    folder: &Path,
    place: &DatabasePlace,
    (world, cast): (&World, &Cast),
) -> Result<(Store, f64), String> {
    let clock = now();
    let mut store = Store::create_in(folder, place, &caller(), &clock).map_err(told)?;
    let mut write =
        |change: &Change| store.write(&caller(), &now(), change).map(drop).map_err(told);
    let (organization, reason) = (Organization::default(), "benchmark".to_owned());
    write(&Change::CreateOrganization { organization, reason: reason.clone() })?;
    write(&Change::ReplacePolicy {
        policy: Box::new(cast.policy(world)),
        expected: 1,
        records: RecordsChange::Keep,
        reason,
    })?;
    let begun = Instant::now();
    let numbers: Vec<usize> = (0..world.scale.records).collect();
    for batch in numbers.chunks(BATCH) {
        let records: Vec<Record> = batch.iter().map(|number| world.rows.record(*number)).collect();
        write(&Change::PutRecords { organization: self::organization(), records, under: None })?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    Ok((store, seconds))
}

/// Opens an installation and loads its organization.
pub fn start(folder: &Path) -> Result<Arc<Gate>, String> {
    let gate = Gate::open(folder, Options::default(), &caller(), &now());
    let gate = gate.map_err(told)?;
    gate.view(&organization()).map_err(told)?;
    Ok(gate)
}

/// A session of somebody now.
pub fn session(person: usize) -> Session<'static> {
    Session::new(organization(), user(person), now().wall)
}

/// An error with everything that caused it.
pub fn told(error: impl std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(&format!(": {inner}"));
        source = inner.source();
    }
    text
}
