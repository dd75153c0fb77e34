//! Who approves windows and how long everything may take.

use axum::extract::State;
use guan_engine::administration::Power;
use guan_engine::lifecycle::SwitchSettings;
use guan_engine::model::Moment;
use guan_store::{Change, SettingsInForce, SwitchChange};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ENTITLED;
use crate::caller::Caller;
use crate::etag::{ETag, IfMatch, Tagged};
use crate::extract::Json;
use crate::guarded;
use crate::operation::{Operation, Routes};
use crate::problem::Problem;
use crate::state::Server;

const SHOW_SWITCH_SETTINGS: Operation = Operation::needs_one_of("show_switch_settings", ENTITLED);
const CHANGE_SWITCH_SETTINGS: Operation =
    Operation::needs("change_switch_settings", Power::ManageSettings).changing();

pub(super) fn routes() -> Routes {
    Routes::new()
        .with(guarded!(SHOW_SWITCH_SETTINGS, show_switch_settings))
        .with(guarded!(CHANGE_SWITCH_SETTINGS, change_switch_settings))
}

/// The settings of the switch.
#[derive(Debug, Serialize, ToSchema)]
struct SettingsShown {
    /// Those that hold.
    settings: SwitchSettings,
    /// Those that will hold, where the latest ask for less than the ones before.
    #[serde(skip_serializing_if = "Option::is_none")]
    coming: Option<SwitchSettings>,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    coming_from: Option<Moment>,
    /// Who changed them last; absent while nothing was ever said.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_by: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_at: Option<Moment>,
}

/// Other settings of the switch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SettingsBody {
    /// The settings, whole.
    settings: SwitchSettings,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
}

fn shown(found: SettingsInForce) -> Tagged<SettingsShown> {
    let (coming_from, coming) = found.coming.unzip();
    let (changed_by, changed_at) = found.changed.unzip();
    let settings = found.settings;
    Tagged(
        ETag::of_number(found.version),
        SettingsShown { settings, coming, coming_from, changed_by, changed_at },
    )
}

/// Who approves windows and how long everything may take.
#[utoipa::path(get, path = "/api/v1/switch/settings", tag = "switch", responses((status = 200, body = SettingsShown)))]
async fn show_switch_settings(
    caller: Caller,
    State(server): State<Server>,
) -> Result<Tagged<SettingsShown>, Problem> {
    let now = server.now().wall;
    let found = server
        .blocking(move |gate| {
            gate.read(|reader| reader.switch_settings(caller.organization(), now))
        })
        .await?;
    Ok(shown(found))
}

/// Changes the settings. What asks for less than before, fewer approvers or longer windows, holds a day later.
#[utoipa::path(put, path = "/api/v1/switch/settings", tag = "switch", request_body = SettingsBody, responses((status = 200, body = SettingsShown)))]
async fn change_switch_settings(
    caller: Caller,
    State(server): State<Server>,
    seen: IfMatch,
    Json(body): Json<SettingsBody>,
) -> Result<Tagged<SettingsShown>, Problem> {
    let clock = server.now();
    let expected = seen.number()?;
    let found = server
        .blocking(move |gate| {
            let organization = caller.organization().clone();
            let read = || gate.read(|reader| reader.switch_settings(&organization, clock.wall));
            let expected = match expected {
                Some(expected) => expected,
                None => read()?.version,
            };
            let change = SwitchChange {
                organization: organization.clone(),
                settings: body.settings,
                expected,
                at_once: false,
                reason: body.reason,
            };
            gate.write(&caller.who(), &clock, Change::ChangeSwitch(Box::new(change)))?;
            Ok::<_, Problem>(read()?)
        })
        .await?;
    Ok(shown(found))
}
