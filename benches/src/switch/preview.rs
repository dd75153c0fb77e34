//! The preview of a window on a store that knows the policy, with the engine of the world.

use super::overlays::{branch, suspension};
use crate::clock::now;
use crate::house;
use crate::measure::Bench;
use crate::table::{Table, time};
use crate::timing::{busy, busy_process, of};
use crate::world::{OBJECT, role_principal};
use guan_engine::lifecycle::Wanted;
use guan_engine::model::{Audience, Organization, Population, Principal};
use guan_store::{Change, PreviewMode, RecordsChange, Store, WindowPreview};
use std::cell::Cell;
use std::time::Instant;

/// For an estimate, in nanoseconds.
const ESTIMATE_MAX: f64 = 20e6;
/// For an exact preview.
const EXACT_MAX: f64 = 10e9;
/// So many estimates are made.
const TURNS: usize = 5;

/// Windows for everybody and for one branch, estimated and exact.
pub fn measure(bench: &Bench<'_>, table: &mut Table) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(house::told)?;
    let store = store(folder.path(), bench)?;
    let everybody = Principal::Population(Population::Everyone);
    for (name, audience) in
        [("everybody", everybody), ("one branch", role_principal(branch(bench.world), true))]
    {
        let audience = Audience { users: [audience].into(), networks: Vec::new() };
        let wanted = Wanted::new(suspension(OBJECT), audience, "benchmark");
        let steps = Cell::new(0u32);
        let look = |mode| -> Result<(WindowPreview, f64, f64), String> {
            let (begun, all, since) = (busy(), busy_process(), Instant::now());
            let told = |_| steps.set(steps.get() + 1);
            let seen =
                store.preview_window(&bench.loaded.engine, &now(), &wanted, (mode, 30), &told);
            let seen = seen.map_err(house::told)?;
            Ok(match mode {
                // Several threads count.
                PreviewMode::Exact => {
                    (seen, since.elapsed().as_nanos() as f64, busy_process() - all)
                }
                PreviewMode::Estimate => (seen, busy() - begun, 0.0),
            })
        };
        let mut taken = Vec::new();
        let mut near = None;
        for _ in 0..TURNS {
            let (seen, cost, _) = look(PreviewMode::Estimate)?;
            taken.push(cost);
            near = Some(seen);
        }
        let near = near.and_then(|seen| gained(&seen)).unwrap_or((0, 0));
        steps.set(0);
        let (seen, cost, all) = look(PreviewMode::Exact)?;
        let exact = gained(&seen).unwrap_or((0, 0)).0;
        let off = near.0.abs_diff(exact);
        let notes = format!(
            "median of {TURNS}, best {}; {} ± {} pairs gained to read, off by {off}",
            time(taken.iter().copied().fold(f64::INFINITY, f64::min)),
            near.0,
            near.1,
        );
        let name = format!("preview of a window for {name}");
        table.figure(&format!("{name}, estimate"), of(taken).p50, Some(ESTIMATE_MAX), &notes);
        let notes = format!(
            "by the clock, {} on processors; {} people counted, {} words about the progress, {exact} pairs gained to read",
            time(all),
            seen.looked_at,
            steps.get()
        );
        table.figure(&format!("{name}, exact"), cost, Some(EXACT_MAX), &notes);
    }
    Ok(())
}

/// Pairs that can be read only with the window, with their error.
fn gained(seen: &WindowPreview) -> Option<(u64, u64)> {
    let amount = seen.objects.first()?.actions.first()?.records;
    Some((amount.gained, amount.gained_error.unwrap_or(0)))
}

fn store(folder: &std::path::Path, bench: &Bench<'_>) -> Result<Store, String> {
    let place = guan_store::DatabasePlace::File;
    let mut store =
        Store::create_in(folder, &place, &house::caller(), &now()).map_err(house::told)?;
    let reason = "benchmark".to_owned();
    let organization = Organization::default();
    let policy = Box::new(bench.world.policy.clone());
    let records = RecordsChange::Keep;
    for change in [
        Change::CreateOrganization { organization, reason: reason.clone() },
        Change::ReplacePolicy { policy, expected: 1, records, reason },
    ] {
        store.write(&house::caller(), &now(), &change).map_err(house::told)?;
    }
    Ok(store)
}
