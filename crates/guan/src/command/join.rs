//! `guan join`: this folder as a further node of an installation whose database is on a server.

use crate::arguments::{Format, JoinArguments};
use crate::exit::Exit;
use crate::installation::caller;
use crate::shell::Call;
use guan_store::{DatabasePlace, Store};

pub(crate) fn run(call: &mut Call<'_>, arguments: &JoinArguments) -> anyhow::Result<Exit> {
    let folder = call.folder();
    let (caller, clock) = (caller(), call.shell.clock.read());
    let place = DatabasePlace::from(arguments.database.clone());
    let store = Store::join(&folder, &arguments.copied, &place, &caller, &clock)?;
    let instance = store.instance()?;
    match call.format {
        Format::Json => {
            let joined = serde_json::json!({ "folder": folder, "instance": instance });
            call.printer().json(&joined)?;
        }
        Format::Csv => call
            .printer()
            .csv([vec!["folder", "instance"], vec![&folder.to_string_lossy(), &instance]])?,
        Format::Text => {
            let head = call.say("a node of installation", "已加入安装");
            call.printer().lines([format!("{head} {instance} · {}", folder.display())])?;
        }
    }
    Ok(Exit::Done)
}
