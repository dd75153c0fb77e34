//! The server over HTTP: `-- http [S|M|L] [--sqlite|--postgres] [--smoke]` prints one table, on both databases.

mod cerbos;
mod change;
mod check;
mod client;
mod served;
mod tax;
mod tokens;

use crate::house::{self, Cast};
use crate::measure::Bench;
use crate::scale::{self, Scale};
use crate::table::Table;
use crate::world::World;
use guan_store::DatabasePlace;
use guan_testkit::postgres;
use served::Served;
use std::time::Duration;
use tempfile::TempDir;
use tokens::Tokens;

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The world.
    pub scale: Scale,
    /// The databases.
    pub databases: &'static [Kind],
}

/// Where the records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// In a file.
    Sqlite,
    /// On a private server, where one is installed.
    Postgres,
}

/// How long each measurement lasts.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Of a load.
    pub length: Duration,
    /// Turns of a question at most.
    pub rounds_max: usize,
}

/// An installation on one database.
pub struct Site {
    /// For the table.
    pub name: &'static str,
    /// Where its database is.
    pub place: DatabasePlace,
    /// Its folder.
    pub folder: TempDir,
    tokens: Tokens,
}

impl Site {
    /// What is to be known about how durable its writes are.
    pub fn durability(&self) -> &'static str {
        match self.place {
            DatabasePlace::File => "; synced",
            DatabasePlace::Postgres(_) => "; the private server does not sync",
        }
    }
}

impl Wanted {
    /// Reads the arguments behind `http`.
    ///
    /// # Errors
    ///
    /// The argument that is none.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut wanted = Self { scale: scale::M, databases: &[Kind::Sqlite, Kind::Postgres] };
        for argument in arguments {
            match argument.as_str() {
                "--sqlite" => wanted.databases = &[Kind::Sqlite],
                "--postgres" => wanted.databases = &[Kind::Postgres],
                other => wanted.scale = scale::named(other)?,
            }
        }
        Ok(wanted)
    }
}

/// Measures everything and prints the table.
///
/// # Errors
///
/// When something does not work, or an answer is wrong.
pub fn run(wanted: Wanted) -> Result<(), String> {
    log();
    let scale = wanted.scale;
    let is_smoke = scale.name == scale::SMOKE.name;
    let pace = Pace {
        length: if is_smoke { check::SHORT } else { Duration::from_secs(3) },
        rounds_max: if is_smoke { 10 } else { 200 },
    };
    let world = World::of(scale);
    let mut table = Table::default();
    let (cast, asked) = {
        let bench = Bench::of(&world)?;
        let cast = Cast::of(&bench)?;
        let without = [cast.administrator, cast.much, cast.little].map(|person| person.user);
        let asked = check::questions(&bench, &without);
        (cast, asked)
    };
    let all = (&world, &cast, asked.as_slice());
    let mut is_first = true;
    for kind in wanted.databases {
        if let Some(site) = site(*kind, (&world, &cast), &mut table)? {
            one(&site, all, (pace, is_first), &mut table)?;
            is_first = false;
        }
    }
    println!("\nWorld {}: {} records, {} users.\n", scale.name, scale.records, scale.users);
    table.print();
    Ok(())
}

/// Everything on one database; what does not touch it only on the first.
fn one(
    site: &Site,
    (world, cast, asked): (&World, &Cast, &[check::Asked]),
    (pace, is_first): (Pace, bool),
    table: &mut Table,
) -> Result<(), String> {
    let (records, tokens) = (world.scale.records, &site.tokens);
    change::starts(site, records, table)?;
    let gate = house::start(site.folder.path())?;
    let served = Served::guan(&gate)?;
    tax::measure(site, served.address, (cast, tokens, pace), table)?;
    if is_first {
        let about = (served.address, tokens.administrator.as_str());
        let peak = check::measure(&gate, about, (asked, pace), table)?;
        let view = gate.view(&house::organization()).map_err(house::told)?;
        let wanted = check::wanted(&view, asked);
        drop(view);
        cerbos::beside(world, (asked, &wanted, peak), pace, table)?;
    }
    let about = (served.address, tokens.administrator.as_str());
    change::writes(site, about, (records, pace), table)?;
    let stranger = stranger(&gate, cast)?;
    change::visible((site, &gate), (world, stranger), pace, table)
}

/// Somebody who may read objects of the kind, and none of the records that are about to be shared.
fn stranger(gate: &guan_store::Gate, cast: &Cast) -> Result<usize, String> {
    let view = gate.view(&house::organization()).map_err(house::told)?;
    let sees = |number: usize| {
        let asked = check::Asked { user: cast.little.user, record: number };
        view.engine().check(&asked.request()).is_allowed()
    };
    if (100..120).any(sees) {
        return Err("who sees little sees the records that are to be shared".to_owned());
    }
    Ok(cast.little.user)
}

/// Makes an installation with all records; none where there is no server.
fn site(kind: Kind, about: (&World, &Cast), table: &mut Table) -> Result<Option<Site>, String> {
    let folder = tempfile::tempdir().map_err(house::told)?;
    let (name, place) = match kind {
        Kind::Sqlite => ("SQLite", DatabasePlace::File),
        Kind::Postgres => match postgres::fresh_database() {
            Some(address) => ("PostgreSQL", DatabasePlace::Postgres(address)),
            None => {
                table.skipped("everything on PostgreSQL", "no server is installed");
                return Ok(None);
            }
        },
    };
    let (mut store, seconds) = house::build(folder.path(), &place, about)?;
    let tokens = tokens::tokens(&mut store, about.1)?;
    drop(store);
    if let (Some(server), Some(address)) = (postgres::server(), place.address()) {
        server.run(address, "ANALYZE");
    }
    let records = about.0.scale.records as f64;
    let notes = "through the store, 20 000 in a change";
    table.rate(&format!("records put in bulk, {name}"), records / seconds, None, notes);
    Ok(Some(Site { name, place, folder, tokens }))
}

/// Log lines are made as a server makes them, and go nowhere.
fn log() {
    let made = tracing_subscriber::fmt().json().with_env_filter("info");
    // Set once, at the start.
    let _set = made.with_writer(std::io::sink).try_init();
}
