//! A process that is stopped at any step of an opening leaves it enforced, or properly open.

use crate::world::World;
use guan::Exit;
use guan_engine::model::Span;
use guan_store::{Faults, Happening, POINTS};
use std::io::Read as _;
use std::process::{Command, Stdio};

const OFF: &str = "guan off --objects Account --layers record --for li.wei --length 10m --reason \"merge duplicates\" --yes";
const ASK: &str = "guan check --as li.wei read Account 0015g000000CaSIAA0";

/// Either nothing is open and the policy decides, or a whole window is, and ends when it has to.
fn is_sound(world: &mut World, point: &str) {
    let out = world.run("guan status --format json").expect(Exit::Done);
    let status: serde_json::Value = serde_json::from_str(&out).unwrap();
    let is_open = !status["effective_end"].is_null();
    let asked = world.run(ASK).exit;
    assert_eq!(asked == Exit::Done, is_open, "stopped at {point}");
    world.run("guan ledger verify").expect(Exit::Done);
    if is_open {
        let out = world.run("guan report --format json").expect(Exit::Done);
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(report["backup"]["holds"], true, "stopped at {point}");
        assert_eq!(report["would_denies"]["total"], 1, "stopped at {point}");
    }
    world.wait(Span::minutes(10));
    world.run(ASK).expect(Exit::Denied);
    world.run("guan doctor").expect(Exit::Done);
}

#[test]
fn stopped_at_any_point_of_an_opening_it_is_enforced_or_properly_open() {
    let mut opened = 0;
    for point in POINTS.iter().filter(|point| !point.starts_with("restore")) {
        let mut world = World::sample();
        world.faults = Faults::at(*point, Happening::Stop);
        let ran = world.run(OFF);
        opened += usize::from(ran.exit == Exit::Done);
        world.faults = Faults::default();
        is_sound(&mut world, point);
    }
    assert!(opened < POINTS.len() / 2, "most points lie on the way of an opening");
}

#[test]
fn stopped_while_a_would_deny_is_recorded_the_answer_is_no() {
    for point in ["write.1", "write.2"] {
        let mut world = World::sample();
        world.run(OFF).expect(Exit::Done);
        world.faults = Faults::at(point, Happening::Stop);
        let ran = world.run(ASK);
        assert_eq!(ran.exit, Exit::Denied, "{point}: {}", ran.out);
    }
}

#[test]
fn killed_in_the_middle_of_an_opening_it_is_enforced_or_properly_open() {
    let world = World::sample();
    let program = env!("CARGO_BIN_EXE_guan");
    let data = world.data();
    let run = |line: &str| {
        let mut command = Command::new(program);
        command.args(crate::world::words(line).into_iter().skip(1)).arg("--data").arg(&data);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        command
    };
    // The real clocks are later than those of the template, which is all that matters here.
    let mut child = run(OFF).spawn().unwrap();
    let mut first = [0];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let status = run("guan status --format json").output().unwrap();
    assert!(status.status.success());
    let status: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    let asked = run(ASK).output().unwrap();
    let is_open = !status["effective_end"].is_null();
    assert_eq!(asked.status.code(), Some(if is_open { 0 } else { 3 }));
    assert!(run("guan ledger verify").status().unwrap().success());
}
