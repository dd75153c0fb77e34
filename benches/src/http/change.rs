//! Changes: how soon the next question sees them, on this node and on another; how many a second; how long a start takes.

use super::check::CONNECTIONS;
use super::client::{Pressure, load, request};
use super::{Pace, Site};
use crate::clock::now;
use crate::house::{self, organization, start};
use crate::table::{Bound, Side, Table};
use crate::timing;
use crate::world::{OBJECT, World, user};
use guan_engine::ask::{Request, Target};
use guan_engine::model::{Action, Principal, RecordKey, Rights, Share};
use guan_store::{Change, DatabasePlace, Gate, SIDE_FILE, Store};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a node waits for at most.
const PATIENCE: Duration = Duration::from_secs(20);
/// Records that are edited before the first comes round again.
const EDITS: usize = 50_000;
/// How often a server follows the others.
const TAIL: Duration = Duration::from_millis(20);

/// The start of a node with all records.
pub fn starts(site: &Site, records: usize, table: &mut Table) -> Result<(), String> {
    let taken = timing::each(0..2, |_| start(site.folder.path()).map(drop));
    let notes = format!("{records} records; until the first decision can be made, best of two");
    let bound = (records >= 1_000_000).then_some(3e9);
    table.figure(&format!("start, {}", site.name), taken.p50.min(taken.mean), bound, &notes);
    Ok(())
}

/// Gives and takes a share of one record, and looks when it counts here and on another node.
pub fn visible(
    (site, gate): (&Site, &Arc<Gate>),
    (world, stranger): (&World, usize),
    pace: Pace,
    table: &mut Table,
) -> Result<(), String> {
    let (_folder, other) = another(site)?;
    let _tail = other.tail(TAIL, now).map_err(house::told)?;
    let (mut written, mut here, mut there) = (Vec::new(), Vec::new(), Vec::new());
    let rounds = if pace.length < Duration::from_secs(1) { 4 } else { 40 };
    for round in 0..rounds {
        let number = 100 + round / 2;
        let mut record = world.rows.record(number);
        let given = round % 2 == 0;
        if given {
            let to = Principal::User(user(stranger));
            record.shares.push(Share::manual(to, Rights::READ));
        }
        let change =
            Change::PutRecords { organization: organization(), records: vec![record], under: None };
        let begun = Instant::now();
        gate.write(&house::caller(), &now(), change).map_err(house::told)?;
        written.push(begun.elapsed().as_nanos() as f64);
        let committed = Instant::now();
        here.push(seen(gate, (stranger, number, given), committed)?);
        there.push(seen(&other, (stranger, number, given), committed)?);
    }
    let name = |what: &str| format!("{what}, {}", site.name);
    let notes = "a share given or taken, with its ledger row, until it is committed and followed";
    table.times(&name("one change"), timing::of(written), Bound::None, notes);
    let notes = "from when the write returns until a check sees it";
    table.times(&name("visible on the node"), timing::of(here), Bound::Tail(1e6), notes);
    let notes = "from when the write returns; the other one follows every 20 ms";
    table.times(&name("visible on another node"), timing::of(there), Bound::Tail(100e6), notes);
    Ok(())
}

/// Nanoseconds until a check answers as wanted.
fn seen(
    gate: &Gate,
    (person, number, wanted): (usize, usize, bool),
    since: Instant,
) -> Result<f64, String> {
    let key = RecordKey::new(OBJECT, number.to_string());
    let request = Request::new(house::session(person), Action::Read, Target::Record(key));
    loop {
        let view = gate.view(&organization()).map_err(house::told)?;
        if view.engine().check(&request).is_allowed() == wanted {
            return Ok(since.elapsed().as_nanos() as f64);
        }
        drop(view);
        if since.elapsed() > PATIENCE {
            return Err("a change does not come to be seen".to_owned());
        }
        std::thread::sleep(Duration::from_micros(100));
    }
}

/// Another node: a second opening of the file, or a folder that joins the server.
fn another(site: &Site) -> Result<(tempfile::TempDir, Arc<Gate>), String> {
    let folder = tempfile::tempdir().map_err(house::told)?;
    if site.place == DatabasePlace::File {
        return Ok((folder, start(site.folder.path())?));
    }
    let from = site.folder.path().join(SIDE_FILE);
    let joined = Store::join(folder.path(), &from, &DatabasePlace::File, &house::caller(), &now());
    drop(joined.map_err(house::told)?);
    let gate = start(folder.path())?;
    Ok((folder, gate))
}

/// Edits over HTTP, as many as go.
pub fn writes(
    site: &Site,
    (address, token): (SocketAddr, &str),
    (records, pace): (usize, Pace),
    table: &mut Table,
) -> Result<(), String> {
    for (name, connections) in [("one connection", 1), ("16 connections", CONNECTIONS)] {
        // Each edit brings another value, so that each changes something.
        let requests: Vec<Vec<u8>> = (0..EDITS.min(records))
            .map(|number| {
                let path = format!("/api/v1/records/{OBJECT}/{number}");
                let body = format!(r#"{{"fields":{{"f00":"{connections}-{number}"}}}}"#);
                request("PATCH", &path, Some(token), Some(&body))
            })
            .collect();
        let load = load(address, &requests, (connections, Pressure::Peak, pace.length))?;
        let done = load.taken.len() - load.refused;
        let times = timing::of(load.taken.clone());
        let notes = format!(
            "edits over HTTP, each with history and ledger row; p50 {}, p99 {}; {} refused{}",
            crate::table::time(times.p50),
            crate::table::time(times.p99),
            load.refused,
            site.durability()
        );
        let name = format!("writes, {name}, {}", site.name);
        table.rate(&name, done as f64 / load.seconds, None::<Side>, &notes);
    }
    Ok(())
}
