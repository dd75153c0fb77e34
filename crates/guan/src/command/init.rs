//! `guan init`: an installation, or one more organization in it.

use crate::arguments::{Format, InitArguments};
use crate::exit::{Exit, usage};
use crate::installation::caller;
use crate::shell::Call;
use crate::starter::{self, ORGANIZATION};
use guan_engine::model::{Organization, OrganizationId};
use guan_store::{Change, DatabasePlace, SIDE_FILE, Store};

pub(crate) fn run(call: &mut Call<'_>, arguments: &InitArguments) -> anyhow::Result<Exit> {
    let folder = call.folder();
    let (caller, clock) = (caller(), call.shell.clock.read());
    let place = DatabasePlace::from(arguments.database.clone());
    let is_there = folder.join(SIDE_FILE).exists();
    if is_there && call.global.org.is_none() {
        return Err(usage(format!(
            "there is an installation in `{}` already: name a further organization with --org, or choose another folder with --data",
            folder.display()
        )));
    }
    let id = OrganizationId::new(call.global.org.as_deref().unwrap_or(ORGANIZATION));
    let mut store = if is_there {
        call.open_store()?
    } else {
        Store::create_in(&folder, &place, &caller, &clock)?
    };
    let organization =
        Organization { id: id.clone(), name: arguments.name.clone(), ..Organization::default() };
    let reason = "init".to_owned();
    let change = Change::CreateOrganization { organization: organization.clone(), reason };
    store.write(&caller, &clock, &change)?;
    let first = starter::fill(&mut store, (&caller, &clock), organization)?;
    match call.format {
        Format::Json => call.printer().json(&serde_json::json!({
            "folder": folder, "organization": id, "instance": store.instance()?,
            "administrator": { "user": first.user, "password": first.password },
        }))?,
        Format::Csv => call.printer().csv([
            vec!["folder", "organization", "administrator", "password"],
            vec![&folder.to_string_lossy(), id.as_str(), first.user.as_str(), &first.password],
        ])?,
        Format::Text => {
            let head = call.say("installation", "安装");
            let organization = call.say("organization", "组织");
            let next = call.say("next:", "下一步");
            let [administrator, once] = first.lines(call.language);
            let lines = [
                format!("{head} {} · {organization} {id}", folder.display()),
                administrator,
                once,
                format!("{next} guan serve · guan import salesforce PROJECT --rows ROWS"),
            ];
            call.printer().lines(lines)?;
        }
    }
    Ok(Exit::Done)
}
