//! Overlays sorted out by the people to whom they can matter: the answers are those under all of them.

use guan_engine::activity::Standing;
use guan_engine::ask::{Request, Session};
use guan_engine::model::Action;
use guan_engine::question::ListQuery;
use guan_engine::{Engine, Lineup};
use guan_testkit::world::World;

/// The same session under those overlays alone that can matter to its subject; whether some were left out.
fn narrowed<'a>(engine: &Engine, lineup: &'a Lineup, session: &Session<'a>) -> (Session<'a>, bool) {
    let Some(standing) = session.standing else { return (session.clone(), false) };
    let rows = lineup.rows_for(engine, &session.subject).unwrap_or(standing.rows);
    let narrow = Standing::of(standing.rows, standing.node).sorted_out(Some(lineup));
    (session.clone().under(narrow), rows.len() < standing.rows.len())
}

/// Asks everything under all overlays and under some; how often some had been left out.
fn compare(world: &World, engine: &Engine, lineup: &Lineup) -> usize {
    let mut left_out = 0;
    for request in world.requests(71, 60) {
        let (session, is_less) = narrowed(engine, lineup, &request.session);
        left_out += usize::from(is_less);
        let narrow = Request { session, ..request.clone() };
        assert_eq!(
            engine.explain(&narrow),
            engine.explain(&request),
            "seed {}: {request:?}",
            world.seed
        );
        assert_eq!(engine.check(&narrow), engine.check(&request), "seed {}", world.seed);
    }
    for session in world.sessions(72, 20) {
        let (narrow, _) = narrowed(engine, lineup, &session);
        for object in world.policy.objects.keys() {
            let query = ListQuery::first(object.clone(), 5);
            for action in [Action::Read, Action::Edit] {
                let list = |session| engine.list(session, &action, &query);
                assert_eq!(list(&narrow), list(&session), "seed {}", world.seed);
                let count = |session| engine.count(session, &action, object);
                assert_eq!(count(&narrow), count(&session), "seed {}", world.seed);
            }
        }
    }
    left_out
}

#[test]
fn what_is_left_out_for_somebody_changes_no_answer() {
    let (mut left_out, mut moved) = (0, 0);
    for seed in 0..30 {
        let world = World::random(seed);
        let mut engine = Engine::load(world.policy.clone(), world.records.clone()).unwrap();
        let lineup = Lineup::of(&engine, &world.overlays).unwrap();
        left_out += compare(&world, &engine, &lineup);
        let Some((id, user)) = world.changes(seed).user else { continue };
        engine.put_user(&id, user).unwrap();
        moved += 1;
        assert!(!lineup.is_of(&engine), "seed {seed}");
        assert_eq!(lineup.rows_for(&engine, &id), None);
        let lineup = Lineup::of(&engine, &world.overlays).unwrap();
        left_out += compare(&world, &engine, &lineup);
    }
    assert!(left_out > 100 && moved > 10, "{left_out} {moved}");
}
