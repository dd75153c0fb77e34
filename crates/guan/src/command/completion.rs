//! `guan completion`: the script that makes a shell complete commands and options.

use crate::arguments::{CompletionArguments, definition};
use crate::exit::Exit;
use crate::shell::Call;

pub(crate) fn run(call: &mut Call<'_>, arguments: &CompletionArguments) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut definition(), "guan", &mut script);
    call.printer().bytes(&script)?;
    Ok(Exit::Done)
}
