//! Killed at every numbered step of the life of a window and of its undo: what the next process finds is whole.
//!
//! The steps are taken in a process of its own, which is this program again with [`STEP`] set.

use std::path::Path;
use std::process::Command;

use guan_engine::lifecycle::{State, WindowRequest};
use guan_engine::model::{Action, OverlayEffect, RecordKey, Span, Value};
use guan_ledger::{Entry, Kind};
use guan_store::{
    Asking, Caller, Faults, Gate, Happening, Options, POINTS, RecordPatch, Selection, Soundness,
    UndoOrder, UndoPlace,
};

use crate::life::{Life, wanted};
use crate::world::{World, caller, org};

/// What the process has to do, where, and where it dies.
const STEP: &str = "GUAN_TEST_STEP";
const FOLDER: &str = "GUAN_TEST_FOLDER";
const POINT: &str = "GUAN_TEST_POINT";

/// The steps, in the order of a life.
const STEPS: &[&str] =
    &["draft", "preview", "back_up", "approve", "open", "use", "write", "close", "settle", "undo"];

/// Whether a point lies on the way of some step. A restore is no step of a life, and `open.*` is the way without a request.
fn is_tried(point: &str) -> bool {
    !point.starts_with("restore.") && !point.starts_with("open.")
}

/// Takes one step; the request is found as it stands.
fn take(life: &mut Life, step: &str) {
    let found = life.gate.read(|reader| reader.window_requests(&org(), None, 10)).unwrap();
    let mut request = found.into_iter().next().map(|stored| stored.request);
    let request = request.as_mut();
    match (step, request) {
        ("draft", _) => drop(life.draft("ann", to_write()).unwrap()),
        ("preview", Some(request)) => life.preview("ann", request).unwrap(),
        ("back_up", Some(request)) => life.back_up("ann", request).unwrap(),
        ("approve", Some(request)) => life.approve("bob", request).unwrap(),
        ("open", Some(request)) => life.open("ann", request).unwrap(),
        ("use", _) => drop(life.bo()),
        ("write", _) => {
            let patch = RecordPatch {
                fields: [("Name".into(), Some(Value::from("broken")))].into(),
                ..RecordPatch::default()
            };
            life.gate.edit_record(&asking(life), &key(), None, patch).unwrap();
        }
        ("close", Some(request)) => life.close("bob", request).unwrap(),
        ("settle", _) => drop(life.settle()),
        ("undo", Some(request)) => {
            let place = UndoPlace { organization: org(), overlay: request.overlay(), run: None };
            let order = UndoOrder { selection: Selection::Window, choices: Vec::new() };
            let who = (&Caller::local("ann"), &life.world.clock);
            life.gate.undo(who, &place, &order, "a mistake").unwrap();
        }
        (step, _) => panic!("no request to {step}"),
    }
}

fn key() -> RecordKey {
    RecordKey::new("Account", "a-1")
}

fn asking(life: &Life) -> Asking {
    Asking {
        viewer: None,
        caller: caller(),
        organization: org(),
        subject: "bo".into(),
        address: None,
        clock: life.world.clock.clone(),
    }
}

/// Off for Bo's reading and changing of accounts.
fn to_write() -> guan_engine::lifecycle::Wanted {
    let mut wanted = wanted();
    let OverlayEffect::Suspension { scope, .. } = &mut wanted.effect else { panic!() };
    scope.actions = [Action::Read, Action::Edit].into();
    wanted
}

/// The installation of a folder, in this process.
fn life_in(folder: &Path, faults: Faults) -> Life {
    let clock = crate::world::start();
    let options = Options { faults, ..Options::default() };
    let gate = Gate::open(folder, options, &caller(), &clock).unwrap();
    Life::over(gate, clock)
}

/// The process that dies; nothing where nobody asked for one.
#[test]
fn a_step_in_a_process_of_its_own() {
    let told = |name| std::env::var_os(name).map(|told| told.into_string().unwrap());
    let Some(step) = told(STEP) else { return };
    let folder = told(FOLDER).unwrap();
    let faults = Faults::at(told(POINT).unwrap(), Happening::Abort);
    take(&mut life_in(Path::new(&folder), faults), &step);
}

/// Whether the step was killed, at this point.
fn is_killed(folder: &Path, step: &str, point: &str) -> bool {
    let ran = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::a_step_in_a_process_of_its_own", "--nocapture"])
        .envs([(STEP, step), (POINT, point)])
        .env(FOLDER, folder)
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.code() != Some(101), "{step} at {point}: {said}");
    !ran.status.success()
}

/// What a new process finds: nothing half open, a ledger that verifies, one row for each change and no more.
fn is_whole(life: &Life, what: &str) -> Option<WindowRequest> {
    life.gate.read(|reader| reader.ledger_verify("acme").map(drop)).unwrap();
    let found = life.gate.read(|reader| reader.window_requests(&org(), None, 10)).unwrap();
    let stored = found.into_iter().next()?;
    assert_eq!(stored.soundness, Soundness::Whole, "{what}");
    let request = stored.request;
    let rows = life.gate.read(|reader| reader.overlay_rows(&org())).unwrap();
    let is_open = request.state == State::Open;
    assert_eq!(rows.len(), usize::from(is_open), "{what}");
    let tip = life.gate.read(|reader| reader.ledger_tip("acme")).unwrap().unwrap().size;
    let ledger = life.gate.read(|reader| reader.ledger_rows("acme", 0..tip)).unwrap();
    let count = |kind| {
        let kinds = ledger.iter().map(|row| Entry::from_bytes(&row.bytes).unwrap().kind);
        kinds.filter(|found| *found == kind).count()
    };
    for (kind, done) in [
        (Kind::OverlayApproved, !request.approvals.is_empty()),
        (Kind::OverlayOpened, request.opened.is_some()),
        (Kind::OverlayClosed, request.closed.is_some()),
        (Kind::SelfTestDone, request.report.is_some()),
    ] {
        assert_eq!(count(kind), usize::from(done), "{what}: {kind:?}");
    }
    let record = life.gate.read(|reader| reader.record(&org(), &key())).unwrap().unwrap();
    let is_broken = record.fields["Name"] == Value::from("broken");
    let (written, undone) = (count(Kind::RecordWritten), count(Kind::UndoDone));
    assert_eq!(usize::from(is_broken), written - undone, "{what}");
    assert_eq!(life.is_relaxed(), is_open, "{what}");
    Some(request)
}

#[test]
fn killed_at_any_numbered_step_of_opening_use_closing_and_undo_the_next_process_finds_a_whole_state()
 {
    let life = Life::new();
    // The processes have the database in the folder.
    if life.world.is_on_server() {
        return;
    }
    let mut kills = 0;
    let mut tried = std::collections::BTreeSet::new();
    let World { folder, .. } = life.world;
    drop(life.gate);
    let mut begun = folder;
    for step in STEPS {
        for point in POINTS.iter().filter(|point| is_tried(point)) {
            let copy = tempfile::TempDir::new().unwrap();
            copy_folder(begun.path(), copy.path());
            if !is_killed(copy.path(), step, point) {
                continue;
            }
            let what = format!("{step}, killed at {point}");
            kills += 1;
            tried.insert(*point);
            let mut life = life_in(copy.path(), Faults::default());
            let request = is_whole(&life, &what);
            // Whatever it is, it ends at its end, and can be gone on with.
            if request.is_some_and(|request| request.state == State::Open) {
                life.world.later(Span::minutes(31));
                assert!(!life.is_relaxed(), "{what}");
            }
        }
        let next = tempfile::TempDir::new().unwrap();
        copy_folder(begun.path(), next.path());
        take(&mut life_in(next.path(), Faults::default()), step);
        is_whole(&life_in(next.path(), Faults::default()), step);
        begun = next;
    }
    let all: std::collections::BTreeSet<&str> =
        POINTS.iter().copied().filter(|point| is_tried(point)).collect();
    assert_eq!(tried, all, "every point lies on the way of some step");
    assert!(kills > 50, "{kills}");
    println!("killed {kills} times");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
