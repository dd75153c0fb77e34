//! What every run over random organizations shares: how long it is, and how it tells what it asked.

use guan_engine::Engine;
use guan_engine::ask::Request;
use guan_testkit::world::World;

/// Questions asked of each world.
pub(crate) const QUESTIONS: usize = 100;

/// How many decisions a run makes: ten thousand, or what `GUAN_DECISIONS` says.
#[expect(clippy::disallowed_methods, reason = "the long mode is switched on from outside")]
pub(crate) fn decisions() -> u64 {
    std::env::var("GUAN_DECISIONS").map_or(10_000, |text| text.parse().unwrap())
}

/// The worlds of a run, of which a test that asks `share` times as much looks at one in `share`.
pub(crate) fn worlds(share: u64) -> impl Iterator<Item = World> {
    (0..decisions() / 100 / share).map(World::random)
}

pub(crate) fn load(world: &World) -> Engine {
    Engine::load(world.policy.clone(), world.records.clone()).unwrap()
}

pub(crate) fn ask(world: &World, request: &Request<'_>) -> String {
    let Request { session, action, on, fields, extent } = request;
    let place = session.address.map_or("somewhere".to_owned(), |address| address.to_string());
    let under = if session.standing.is_some() { "under overlays" } else { "by the policy alone" };
    format!(
        "world {}: may {} {action} {on:?} fields {fields:?} {extent:?} from {place} at {} {under}",
        world.seed, session.subject, session.at
    )
}
