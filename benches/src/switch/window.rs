//! An installation with a window, and writes inside and outside of it.

use super::Sizes;
use super::overlays::suspension;
use crate::clock::now;
use crate::house::{self, Cast, start};
use crate::table::{Side, Table, time};
use crate::timing::{Times, busy, of};
use crate::world::{OBJECT, World, user};
use guan_engine::model::{Audience, OverlayId, Principal, RecordKey, Value};
use guan_store::{Asking, Gate, OverlayRequest, RecordPatch, Tail};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A write in a window may take so many times one outside.
const TIMES_MAX: f64 = 2.5;
/// How often a server follows the others.
const TAIL: Duration = Duration::from_millis(500);

/// An installation that is open.
pub struct House<'w> {
    /// The world that is stored.
    pub world: &'w World,
    /// Its gate.
    pub gate: Arc<Gate>,
    /// Who may do everything.
    pub administrator: usize,
    /// Who sees few records, and may do more in the window alone.
    pub little: usize,
    tail: Option<Tail>,
}

impl<'w> House<'w> {
    /// Opens it.
    pub fn open(folder: &Path, (world, cast): (&'w World, &Cast)) -> Result<Self, String> {
        let gate = start(folder)?;
        let (administrator, little) = (cast.administrator.user, cast.little.user);
        Ok(Self { world, gate, administrator, little, tail: None })
    }

    /// Opens a window for who sees little, and follows as a server does from here on.
    pub fn window(&mut self) -> Result<OverlayId, String> {
        self.tail = Some(self.gate.tail(TAIL, now).map_err(house::told)?);
        let users = [Principal::User(user(self.little))].into();
        let audience = Audience { users, networks: Vec::new() };
        let request =
            OverlayRequest::new(house::organization(), suspension(OBJECT), audience, "benchmark");
        let opened = self.gate.open_overlay(&house::caller(), &now(), &request);
        Ok(opened.map_err(house::told)?.id)
    }

    /// Somebody asks now.
    pub fn asking(&self, person: usize) -> Asking {
        Asking {
            caller: house::caller(),
            organization: house::organization(),
            subject: user(person),
            viewer: None,
            address: None,
            clock: now(),
        }
    }

    /// Records that who sees little may not even read.
    pub fn closed(&self, count: usize) -> Result<Vec<RecordKey>, String> {
        let view = self.gate.view(&house::organization()).map_err(house::told)?;
        let session = house::session(self.little);
        let keys = (0..self.world.scale.records)
            .map(|number| RecordKey::new(OBJECT, number.to_string()))
            .filter(|key| {
                let on = guan_engine::ask::Target::Record(key.clone());
                let action = guan_engine::model::Action::Read;
                let request = guan_engine::ask::Request::new(session.clone(), action, on);
                !view.engine().check(&request).is_allowed()
            });
        Ok(keys.take(count).collect())
    }
}

/// Edits of one field, inside the window and outside in turn. Leaves so many records written under the window.
pub fn writes(house: &House<'_>, sizes: Sizes, table: &mut Table) -> Result<(), String> {
    let keys = house.closed(sizes.writes)?;
    let mut taken = [Vec::new(), Vec::new()];
    let mut spent = [0.0, 0.0];
    for (at, key) in keys.iter().enumerate() {
        for (way, person) in [house.administrator, house.little].into_iter().enumerate() {
            // Outside, every fourth is enough.
            if way == 0 && at % 4 != 0 {
                continue;
            }
            let value = Some(Value::Text(format!("{way}-{at}")));
            let fields = [("f00".into(), value)].into();
            let patch = RecordPatch { fields, ..RecordPatch::default() };
            let (asking, before, begun) = (house.asking(person), busy(), Instant::now());
            let changed = house.gate.edit_record(&asking, key, None, patch).map_err(house::told)?;
            taken[way].push(begun.elapsed().as_nanos() as f64);
            spent[way] += busy() - before;
            drop(changed);
        }
    }
    let [outside, inside] = taken;
    let each = [spent[0] / outside.len().max(1) as f64, spent[1] / inside.len().max(1) as f64];
    let (outside, inside) = (of(outside), of(inside));
    let told = |times: Times, busy: f64| {
        format!(
            "{}, p99 {}, {} of it on the processor",
            time(times.p50),
            time(times.p99),
            time(busy)
        )
    };
    let notes = format!(
        "one after the other, synced each: {} beside {}",
        told(inside, each[1]),
        told(outside, each[0])
    );
    let side = Some(Side::AtMost(TIMES_MAX));
    table.ratio("a write in a window, median", inside.p50 / outside.p50, side, &notes);
    table.ratio("the same by time on the processor", each[1] / each[0], side, "");
    Ok(())
}
