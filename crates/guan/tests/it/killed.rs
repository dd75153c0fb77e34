//! A server that is killed from outside, again and again, at moments that nobody chose: what was answered is there, nothing is half done.

use std::collections::BTreeSet;
use std::io;
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use guan::Clock;
use guan_engine::lifecycle::{RequestId, State};
use guan_engine::model::{OrganizationId, OverlayId, RecordKey};
use guan_ledger::{Entry, Kind};
use guan_store::{Caller, Soundness, Store, Which};
use serde_json::{Value, json};

use crate::survival::{Moved, RECORD, Real, Served, ask};
use crate::world::{World, copy};

const KILLS: u64 = 20;
/// A server is killed after so many answers at most, and so long after the last of them at most.
const ANSWERS_MAX: u64 = 6;
const LATER_MAX_US: u64 = 60_000;

/// Chance that can be had again by its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// What was answered so far, and what was asked last without an answer.
#[derive(Debug, Default)]
struct Told {
    opened: BTreeSet<String>,
    closed: BTreeSet<String>,
    undone: BTreeSet<String>,
    /// Relaxed answers.
    relaxed: usize,
    /// Writes that were answered.
    written: usize,
    /// Names that the record may have now.
    names: BTreeSet<String>,
}

/// An administrator and Li Wei, who go through the lives of windows until the server is gone.
struct People<'a> {
    address: String,
    admin: &'a str,
    li_wei: &'a str,
    answered: Sender<()>,
}

impl People<'_> {
    /// One question; an error when the server was gone before it had answered.
    fn ask(&self, token: &str, head: &str, body: &Value) -> io::Result<(u16, Value)> {
        let answer = ask((&self.address, token), head, body)?;
        // Nobody listens any more when the server is to be killed.
        let _told = self.answered.send(());
        Ok(answer)
    }

    fn admin(&self, head: &str, body: &Value) -> io::Result<(u16, Value)> {
        self.ask(self.admin, head, body)
    }

    /// The next step of the latest window; what is refused is looked at again.
    fn step(&self, told: &mut Told) -> io::Result<()> {
        let (_, found) = self.admin("GET /api/v1/switch/requests?limit=1", &Value::Null)?;
        let request = &found["items"][0]["request"];
        let id = request["id"].as_str().unwrap_or_default().to_owned();
        let step = |act: &str| format!("POST /api/v1/switch/requests/{id}/{act}");
        let seen = json!({ "version": request["version"] });
        match request["state"].as_str() {
            Some("draft") => drop(self.admin(&step("preview"), &seen)?),
            Some("previewed") => drop(self.admin(&step("backup"), &seen)?),
            Some("approved" | "armed") => {
                if self.admin(&step("opening"), &seen)?.0 == 200 {
                    told.opened.insert(id);
                }
            }
            Some("open") => self.use_and_close(told, &id)?,
            Some(_) if told.opened.contains(&id) && !told.undone.contains(&id) => {
                // The name from before the window may come back, whether it is answered or not.
                told.names.insert(String::new());
                let head = format!("POST /api/v1/switch/windows/{id}/undo");
                self.admin(&head, &json!({ "reason": "a mistake" }))?;
                told.undone.insert(id);
            }
            _ => {
                let wanted = json!({
                    "effect": { "kind": "suspension", "others": "enforced",
                        "scope": { "objects": ["Account"], "layers": ["record"] } },
                    "audience": { "users": ["user:li.wei@lanhai.example"] },
                    "reason": "merge duplicates", "length": 60_000 });
                self.admin("POST /api/v1/switch/requests", &wanted)?;
            }
        }
        Ok(())
    }

    fn use_and_close(&self, told: &mut Told, id: &str) -> io::Result<()> {
        let record = format!("/api/v1/records/Account/{RECORD}");
        if self.ask(self.li_wei, &format!("GET {record}"), &Value::Null)?.0 == 200 {
            told.relaxed += 1;
        }
        let name = format!("name {}", told.written);
        told.names.insert(name.clone());
        let patch = json!({ "fields": { "Name": name } });
        if self.ask(self.li_wei, &format!("PATCH {record}"), &patch)?.0 == 200 {
            told.written += 1;
            told.names = BTreeSet::from([name]);
        }
        if told.written.is_multiple_of(3) {
            let head = format!("POST /api/v1/switch/requests/{id}/closing");
            if self.admin(&head, &json!({ "words": "done" }))?.0 == 200 {
                told.closed.insert(id.to_owned());
            }
        }
        Ok(())
    }
}

/// What the next process finds is whole, and everything that was answered is in it.
fn is_whole(real: &Real, told: &mut Told, first_name: &str, what: &str) {
    let clock = Clock::Machine.read();
    let store = Store::open(real.folder.clone(), &Caller::local("test"), &clock).unwrap();
    let organization = store.organizations().unwrap().remove(0);
    store.ledger_verify("").unwrap();
    store.ledger_verify(organization.as_str()).unwrap();
    let requests = store.window_requests(&organization, None, 200).unwrap();
    assert!(requests.iter().all(|stored| stored.soundness == Soundness::Whole), "{what}");
    let unclosed = store.overlays(&organization, Which::Unclosed).unwrap();
    let unclosed: BTreeSet<OverlayId> = unclosed.into_iter().map(|stored| stored.id).collect();
    let requests: Vec<_> = requests.into_iter().map(|stored| stored.request).collect();
    let open = requests.iter().filter(|request| request.state == State::Open);
    let open: BTreeSet<OverlayId> =
        open.map(guan_engine::lifecycle::WindowRequest::overlay).collect();
    assert_eq!(open, unclosed, "{what}: no window is half open or half closed");
    let find = |id: &String| requests.iter().find(|one| one.id == RequestId::new(id.as_str()));
    for id in &told.opened {
        assert!(find(id).unwrap().opened.is_some(), "{what}: {id} was answered as open");
    }
    for id in &told.closed {
        assert!(find(id).unwrap().closed.is_some(), "{what}: {id} was answered as closed");
    }
    let (relaxed, written) = counted(&store, &organization);
    assert!(relaxed >= told.relaxed, "{what}: {relaxed} of {} relaxed", told.relaxed);
    assert!(written >= told.written, "{what}: {written} of {} written", told.written);
    let name = name_now(&store, &organization);
    let may = |one: &String| {
        name == *one || (one.is_empty() && (name == first_name || name.starts_with("name ")))
    };
    assert!(told.names.iter().any(may), "{what}: `{name}` is none of {:?}", told.names);
    told.names = BTreeSet::from([name]);
}

fn name_now(store: &Store, organization: &OrganizationId) -> String {
    let key = RecordKey::new("Account", RECORD);
    let record = store.record(organization, &key).unwrap().unwrap();
    record.fields["Name"].to_string()
}

/// Relaxed reads and edits of records in the ledger.
fn counted(store: &Store, organization: &OrganizationId) -> (usize, usize) {
    let org = organization.as_str();
    let size = store.ledger_tip(org).unwrap().unwrap().size;
    let rows = store.ledger_rows(org, 0..size).unwrap();
    let entries: Vec<Entry> =
        rows.iter().map(|row| Entry::from_bytes(&row.bytes).unwrap()).collect();
    let is_read = |entry: &&Entry| matches!(entry.kind, Kind::WouldDeny | Kind::ListRelaxed);
    let relaxed = entries.iter().filter(is_read).count();
    let edits = entries.iter().filter(|entry| entry.what.operation == "edit_record").count();
    (relaxed, edits)
}

#[test]
fn killed_from_outside_at_moments_that_nobody_chose_what_was_answered_is_there_and_nothing_is_half_done()
 {
    let folder = tempfile::tempdir().unwrap();
    let mut world = World::sample();
    world.clock = Clock::Machine.read();
    copy(&world.data(), folder.path());
    let real = Real { folder: folder.path().to_owned() };
    let (admin, li_wei) = (real.token_of("admin"), real.token_of("li.wei"));
    let clock = Clock::Machine.read();
    let store = Store::open(real.folder.clone(), &Caller::local("test"), &clock).unwrap();
    let organization = store.organizations().unwrap().remove(0);
    let first_name = name_now(&store, &organization);
    drop(store);
    let seed = u64::try_from(clock.wall.0).unwrap();
    let mut chance = Chance(seed);
    let mut told = Told { names: BTreeSet::from([first_name.clone()]), ..Told::default() };
    for kill in 0..KILLS {
        let served = Served::start(&real, Moved::default());
        let (answered, answers) = mpsc::channel();
        let (after, later) = (1 + chance.below(ANSWERS_MAX), chance.below(LATER_MAX_US));
        std::thread::scope(|scope| {
            let people = People {
                address: served.address.clone(),
                admin: &admin,
                li_wei: &li_wei,
                answered,
            };
            let told = &mut told;
            scope.spawn(move || while people.step(told).is_ok() {});
            for _ in 0..after {
                answers.recv().unwrap();
            }
            let _an_answer_more = answers.recv_timeout(Duration::from_micros(later));
            // As by kill -9.
            served.kill();
        });
        is_whole(&real, &mut told, &first_name, &format!("seed {seed}, kill {kill}"));
    }
    let was_all_tried = told.relaxed > 0 && told.written > 0 && !told.opened.is_empty();
    assert!(was_all_tried, "seed {seed}: {told:?}");
}
