//! `guan token`: secrets for programs, which are shown once and kept as hashes.

use crate::arguments::{Format, TokenArguments, TokenCommand};
use crate::exit::{Exit, usage};
use crate::names::Names;
use crate::shell::Call;
use crate::starter::told;
use crate::table::Table;
use guan_engine::model::{AddressRange, Span};
use guan_server::scope::Scopes;
use guan_server::secret::NewSecret;
use guan_store::{Change, CredentialChange, NewToken, StoredToken};

pub(crate) fn run(call: &mut Call<'_>, command: &TokenCommand) -> anyhow::Result<Exit> {
    match command {
        TokenCommand::Create(arguments) => create(call, arguments),
        TokenCommand::List => list(call),
        TokenCommand::Revoke(arguments) => revoke(call, &arguments.token),
    }
}

fn create(call: &mut Call<'_>, arguments: &TokenArguments) -> anyhow::Result<Exit> {
    let scopes = Scopes::parse(&arguments.scopes).map_err(|error| usage(error.to_string()))?;
    for network in &arguments.networks {
        let wrong = |_| usage(format!("`{network}` is no network: write 192.0.2.0/24"));
        network.parse::<AddressRange>().map_err(wrong)?;
    }
    let mut installation = call.open()?;
    let organization = installation.organization.clone();
    let (_, policy) = installation.store.policy(&organization)?;
    let user = Names::new(&policy, call.language).find_user(&arguments.user)?;
    let clock = call.shell.clock.read();
    let secret = NewSecret::new(&organization).map_err(|problem| told(&problem))?;
    let token = NewToken {
        id: secret.id.clone(),
        user: user.clone(),
        name: arguments.name.clone(),
        secret: secret.hash,
        scopes: scopes.names(),
        networks: arguments.networks.clone(),
        under: [].into(),
        powers: None,
        ends: clock.wall.plus(Span::minutes(i64::from(arguments.days) * 24 * 60)),
    };
    let ends = token.ends;
    let change = CredentialChange::CreateToken(token);
    let change = Change::ChangeCredentials { organization, change };
    installation.store.write(&installation.caller, &clock, &change)?;
    if call.format == Format::Json {
        call.printer().json(&serde_json::json!({
            "id": secret.id, "user": user, "secret": secret.text, "ends": ends,
        }))?;
        return Ok(Exit::Done);
    }
    let once = call.say(
        "the secret is shown only now; send it as `Authorization: Bearer SECRET`",
        "密钥仅显示这一次；请求时用 `Authorization: Bearer 密钥`",
    );
    call.printer().line(&secret.text)?;
    call.printer().note(format!("{} · {user} · {ends}", secret.id))?;
    call.printer().note(once)?;
    Ok(Exit::Done)
}

fn list(call: &mut Call<'_>) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let tokens = installation.store.tokens(&installation.organization)?;
    let row = |token: &StoredToken| {
        vec![
            token.id.clone(),
            token.user.to_string(),
            token.name.clone(),
            token.scopes.join(" "),
            token.networks.join(" "),
            token.ends.to_string(),
            token.used.map(|used| used.to_string()).unwrap_or_default(),
        ]
    };
    let head = ["id", "user", "name", "scopes", "networks", "ends", "used"];
    match call.format {
        Format::Json => {
            let object = |token: &StoredToken| {
                let cells = head.iter().map(|name| (*name).to_owned()).zip(row(token));
                cells.collect::<std::collections::BTreeMap<String, String>>()
            };
            call.printer().json(&tokens.iter().map(object).collect::<Vec<_>>())?;
        }
        Format::Csv => {
            let head = head.map(str::to_owned).to_vec();
            call.printer().csv(std::iter::once(head).chain(tokens.iter().map(row)))?;
        }
        Format::Text => {
            let mut table = Table::new([
                "id",
                call.say("user", "用户"),
                call.say("name", "名称"),
                call.say("scopes", "范围"),
                call.say("networks", "网段"),
                call.say("ends", "到期"),
                call.say("used", "最近使用"),
            ]);
            table.extend(tokens.iter().map(row));
            call.printer().lines(table.lines())?;
        }
    }
    Ok(Exit::Done)
}

fn revoke(call: &mut Call<'_>, id: &str) -> anyhow::Result<Exit> {
    let mut installation = call.open()?;
    let organization = installation.organization.clone();
    if installation.store.token(&organization, id)?.is_none() {
        return Err(usage(format!("there is no token `{id}`; `guan token list` shows them")));
    }
    let clock = call.shell.clock.read();
    let change = CredentialChange::RevokeToken { id: id.to_owned() };
    let change = Change::ChangeCredentials { organization, change };
    installation.store.write(&installation.caller, &clock, &change)?;
    let text = call.say("ended", "已失效");
    call.printer().note(format!("{id} {text}"))?;
    Ok(Exit::Done)
}
