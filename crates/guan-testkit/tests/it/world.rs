//! Random worlds are valid, the same for the same seed, and reach everything that they must.

use guan_testkit::coverage::of_reference;
use guan_testkit::world::World;

#[test]
fn random_worlds_are_valid() {
    for seed in 0..300 {
        let world = World::random(seed);
        let problems = world.policy.validate();
        assert!(problems.is_empty(), "seed {seed}: {problems:?}");
        for record in &world.records {
            let problems = world.policy.validate_record(record);
            assert!(problems.is_empty(), "seed {seed}, record {}: {problems:?}", record.key());
        }
        for row in &world.overlays {
            let mut overlay = row.overlay.clone();
            // Rows of other organizations are met too; everything else in them is valid.
            overlay.organization = world.policy.organization.id.clone();
            let problems = overlay.validate(&world.policy);
            assert!(problems.is_empty(), "seed {seed}, overlay {}: {problems:?}", row.id);
        }
    }
}

#[test]
fn the_same_seed_makes_the_same_world_and_the_same_questions() {
    let (one, other) = (World::random(7), World::random(7));
    assert_eq!(one.policy, other.policy);
    assert_eq!(one.records, other.records);
    assert_eq!(one.overlays, other.overlays);
    let text = |world: &World| format!("{:?}", world.requests(3, 50));
    assert_eq!(text(&one), text(&other));
    assert_ne!(one.policy, World::random(8).policy);
}

#[test]
fn a_normal_run_reaches_everything() {
    let coverage = of_reference(0..200, 100);
    for (what, count) in coverage.iter() {
        println!("{count:>8} {what}");
    }
    let missing = coverage.missing();
    assert!(missing.is_empty(), "not reached: {missing:#?}");
}
