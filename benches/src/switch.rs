//! The off switch: `-- switch [S|M|L] [--smoke]` prints one table of decisions under overlays, previews, recording,
//! writes in a window, and undo.

mod decisions;
mod overlays;
mod preview;
mod undo;
mod window;
mod would_deny;

use crate::house::{self, Cast};
use crate::measure::Bench;
use crate::scale::{self, Scale};
use crate::table::Table;
use crate::world::World;
use guan_store::DatabasePlace;

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The world whose decisions and previews are measured.
    pub scale: Scale,
    /// The world that is stored for what goes through the gate.
    pub stored: Scale,
    /// How much of everything.
    pub sizes: Sizes,
}

/// How much of everything.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Overlays in force at the same time.
    pub overlays: usize,
    /// People whose decisions are measured, inside and outside the audience each.
    pub people: usize,
    /// Decisions of one way in one round.
    pub decisions: usize,
    /// First pages of one way in one round.
    pub pages: usize,
    /// Threads that wait for a recorded decision at the same time.
    pub threads: usize,
    /// Recorded decisions of each of them.
    pub would_denies: usize,
    /// Records that are written under a window, and taken back.
    pub writes: usize,
}

/// What the bounds are stated for.
const FULL: Sizes = Sizes {
    overlays: 100,
    people: 64,
    decisions: 10_000,
    pages: 100,
    threads: 256,
    would_denies: 200,
    writes: 10_000,
};
/// Enough to see that everything runs.
const SMOKE: Sizes = Sizes {
    overlays: 100,
    people: 8,
    decisions: 200,
    pages: 5,
    // What is committed together has to gather.
    threads: 256,
    would_denies: 40,
    writes: 100,
};

impl Wanted {
    /// Reads the arguments behind `switch`.
    ///
    /// # Errors
    ///
    /// The argument that is none.
    pub fn read(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut chosen = scale::S;
        for argument in arguments {
            chosen = scale::named(&argument)?;
        }
        let is_smoke = chosen.name == scale::SMOKE.name;
        // What is stored is read record by record: ten million of them would only take longer to write.
        let stored = if chosen.records > scale::M.records { scale::M } else { chosen };
        Ok(Self { scale: chosen, stored, sizes: if is_smoke { SMOKE } else { FULL } })
    }
}

/// Measures everything and prints the table.
///
/// # Errors
///
/// When something does not work, or an answer is wrong.
pub fn run(wanted: Wanted) -> Result<(), String> {
    let Wanted { scale, stored, sizes } = wanted;
    let mut table = Table::default();
    let mut kept = None;
    {
        let world = World::of(scale);
        let bench = Bench::of(&world)?;
        decisions::measure(&bench, sizes, &mut table)?;
        preview::measure(&bench, &mut table)?;
        if stored.name == scale.name {
            kept = Some(Cast::of(&bench)?);
        }
    }
    let world = World::of(stored);
    let cast = match kept {
        Some(cast) => cast,
        None => Cast::of(&Bench::of(&world)?)?,
    };
    let folder = tempfile::tempdir().map_err(house::told)?;
    house::build(folder.path(), &DatabasePlace::File, (&world, &cast))?;
    let mut house = window::House::open(folder.path(), (&world, &cast))?;
    decisions::through_the_gate(&house, sizes, &mut table)?;
    let window = house.window()?;
    would_deny::measure(&house, sizes, &mut table)?;
    window::writes(&house, sizes, &mut table)?;
    undo::measure(&house, (&window, sizes), &mut table)?;
    println!(
        "\nWorld {}: {} records, {} users; through the gate world {} on SQLite; the machine was shared.\n",
        scale.name, scale.records, scale.users, stored.name
    );
    table.print();
    Ok(())
}
