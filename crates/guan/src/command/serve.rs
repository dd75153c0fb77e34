//! `guan serve`: the HTTP interface, over an installation that is made when there is none.

use crate::arguments::{Format, ServeArguments};
use crate::exit::Exit;
use crate::installation::caller;
use crate::serving::{self, Configuration};
use crate::shell::Call;
use crate::starter::{self, FirstAdministrator, ORGANIZATION};
use guan_engine::model::{Organization, OrganizationId};
use guan_store::{Access, Change, DatabasePlace, SIDE_FILE, Store};
use std::net::SocketAddr;

pub(crate) fn run(call: &mut Call<'_>, arguments: &ServeArguments) -> anyhow::Result<Exit> {
    let folder = call.folder();
    let configuration = Configuration::gather(&folder, arguments, &call.shell.environment)?;
    if !folder.join(SIDE_FILE).exists() {
        let place = DatabasePlace::from(configuration.database.clone());
        let (caller, clock) = (caller(), call.shell.clock.read());
        drop(Store::create_in(&folder, &place, &caller, &clock)?);
    }
    let mut store = call.open_store()?;
    let first = first_administrator(call, &mut store)?;
    serving::run(call, store, configuration, |call, address| say(call, address, first.as_ref()))?;
    Ok(Exit::Done)
}

/// An installation that holds nothing gets an organization, and somebody who can sign in.
fn first_administrator(
    call: &Call<'_>,
    store: &mut Store,
) -> anyhow::Result<Option<FirstAdministrator>> {
    if store.access() == Access::ReadOnly {
        return Ok(None);
    }
    let (caller, clock) = (caller(), call.shell.clock.read());
    let organization = match store.organizations()?.as_slice() {
        [] => {
            let id = OrganizationId::new(call.global.org.as_deref().unwrap_or(ORGANIZATION));
            let organization = Organization { id, ..Organization::default() };
            let reason = "serve".to_owned();
            let change = Change::CreateOrganization { organization: organization.clone(), reason };
            store.write(&caller, &clock, &change)?;
            organization
        }
        // It was made by a start that did not come to its end.
        [only] if store.current_revision(only)? == 1 => store.policy(only)?.1.organization,
        _ => return Ok(None),
    };
    starter::fill(store, (&caller, &clock), organization).map(Some)
}

/// Where it is reached, and once how to sign in.
fn say(
    call: &mut Call<'_>,
    address: SocketAddr,
    first: Option<&FirstAdministrator>,
) -> anyhow::Result<()> {
    let url = format!("http://{address}");
    match call.format {
        Format::Json => {
            let administrator = first.map(|first| {
                serde_json::json!({
                    "organization": first.organization, "user": first.user, "password": first.password,
                })
            });
            let value = serde_json::json!({ "address": url, "administrator": administrator });
            call.printer().json(&value)?;
        }
        Format::Text | Format::Csv => {
            if let Some(first) = first {
                let lines = first.lines(call.language);
                call.printer().lines(lines)?;
            }
            let lines = [
                format!("{} {url}", call.say("listening on", "监听地址")),
                format!("{} {url}/docs", call.say("every operation:", "全部操作：")),
                call.say("Ctrl-C stops it", "按 Ctrl-C 停止").to_owned(),
            ];
            call.printer().lines(lines)?;
        }
    }
    Ok(call.printer().flush()?)
}
