//! The engine and the reference say the same of random organizations.

use crate::run::{QUESTIONS, ask, decisions, load, worlds};
use guan_engine::answer::{Decision, Explanation};
use guan_engine::ask::{Request, Target};
use guan_engine::model::Action;
use guan_testkit::coverage::Coverage;

/// Which sufficient path is named is left to the evaluator, as long as it is one of those found.
fn assert_same(decision: &Decision, explained: &Explanation, asked: impl Fn() -> String) {
    match (decision, &explained.decision) {
        (Decision::Allow { evidence }, Decision::Allow { .. }) => {
            let is_found = match evidence {
                Some(path) => explained.evidence.contains(path),
                None => explained.evidence.is_empty(),
            };
            assert!(is_found, "{}\n{evidence:?}\nis none of {:?}", asked(), explained.evidence);
        }
        (decision, explained) => assert_eq!(decision, explained, "{}", asked()),
    }
}

#[test]
fn the_engine_decides_and_explains_as_the_reference_does() {
    let mut coverage = Coverage::default();
    for world in worlds(1) {
        let (engine, reference) = (load(&world), world.reference());
        for request in world.requests(world.seed, QUESTIONS) {
            let asked = || ask(&world, &request);
            let mut expected = reference.explain(&request);
            let found = engine.explain(&request);
            coverage.count(&request, &expected);
            if matches!(request.on, Target::New { .. }) {
                // The engine names no paths to records that are still to be made.
                expected.evidence.clear();
            }
            assert_same(&engine.check(&request), &expected, asked);
            assert_same(&found.decision, &expected, asked);
            assert_eq!(found.evidence, expected.evidence, "{}", asked());
        }
    }
    assert!(coverage.times("decision: allow") > decisions() / 10);
}

#[test]
fn fields_are_what_checks_with_fields_allow() {
    for world in worlds(10) {
        let (engine, reference) = (load(&world), world.reference());
        for (session, record) in world.sessions(world.seed, 24).iter().zip(&world.records) {
            for on in [Target::Record(record.key()), Target::Object(record.object.clone())] {
                let of = format!("world {}: {} on {on:?}", world.seed, session.subject);
                let found = engine.fields(session, &on);
                assert_eq!(found, reference.fields(session, &on), "{of}");
                let may = |action: &Action, fields| {
                    let mut request = Request::new(session.clone(), action.clone(), on.clone());
                    request.fields = fields;
                    engine.check(&request).is_allowed()
                };
                let reads = may(&Action::Read, Vec::new());
                for (field, access) in found.iter().flatten() {
                    let sees = may(&Action::Read, vec![field.clone()]);
                    let edits = may(&Action::Edit, vec![field.clone()]);
                    assert_eq!(access.is_visible(), reads && sees, "{of}, {field}");
                    assert_eq!(access.is_editable(), reads && edits, "{of}, {field}");
                }
            }
        }
    }
}
