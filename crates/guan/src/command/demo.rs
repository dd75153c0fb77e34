//! `guan demo`: a server on the sample organization with accounts to try it with, or the story told by the commands themselves.

mod sample;
mod story;
mod tell;

use crate::arguments::{DemoArguments, Log, ServeArguments};
use crate::exit::{Exit, usage};
use crate::serving::{self, Configuration};
use crate::shell::Call;
use guan_store::SIDE_FILE;
use sample::Ready;
use std::net::SocketAddr;

pub(crate) fn run(call: &mut Call<'_>, arguments: &DemoArguments) -> anyhow::Result<Exit> {
    // Dropped at the end, with everything in it, unless somebody named a folder.
    let temporary = if call.global.data.is_none() { Some(tempfile::tempdir()?) } else { None };
    let folder = match &temporary {
        Some(folder) => folder.path().join("guan-data"),
        None => call.folder(),
    };
    call.global.data = Some(folder);
    if arguments.story {
        tell::run(call, arguments, temporary.is_none())
    } else {
        serve(call, arguments)
    }
}

fn serve(call: &mut Call<'_>, arguments: &DemoArguments) -> anyhow::Result<Exit> {
    let folder = call.folder();
    if folder.join(SIDE_FILE).exists() {
        return Err(usage(format!(
            "there is an installation in `{}` already: `guan serve` serves it, or choose another folder with --data",
            folder.display()
        )));
    }
    let asked = ServeArguments {
        listen: arguments.listen,
        log: Some(arguments.log.unwrap_or(Log::Off)),
        seconds: arguments.seconds,
        ..ServeArguments::default()
    };
    let configuration = Configuration::gather(&folder, &asked, &call.shell.environment)?;
    let words = call.say("importing the sample organization", "正在导入示例组织");
    let bar = call.shell.printer.working(words);
    let made = sample::make(call);
    bar.finish_and_clear();
    let (store, ready) = made?;
    serving::run(call, store, configuration, |call, address| say(call, address, &ready))?;
    Ok(Exit::Done)
}

/// Where it is reached, who can sign in, and what to try first.
fn say(call: &mut Call<'_>, address: SocketAddr, ready: &[Ready]) -> anyhow::Result<()> {
    let url = format!("http://{address}");
    if call.format == crate::arguments::Format::Json {
        let accounts: Vec<_> = ready.iter().map(Ready::to_json).collect();
        let value = serde_json::json!({ "address": url, "accounts": accounts });
        call.printer().json(&value)?;
        return Ok(call.printer().flush()?);
    }
    let text = call.say(
        "Guan 关 serves Lanhai Instruments, a made-up company: sixty users, two thousand customers.",
        "Guan 关正在为虚构公司「岚海仪器」提供服务：六十名用户、两千个客户。",
    );
    let mut lines = vec![
        text.to_owned(),
        String::new(),
        format!("  {} {url}", call.say("address:   ", "地址：")),
        format!("  {} {url}/docs", call.say("operations:", "接口：")),
        String::new(),
    ];
    for account in ready {
        let role = call.say(account.role.0, account.role.1);
        lines.push(format!("  {role}  {}  {}", account.user, account.password));
    }
    let (head, other, off, end) = (
        call.say("Sign in and list customers:", "登录并列出客户："),
        call.say(
            "Then as the administrator: other customers, other fields.",
            "再以管理员登录：看到的客户与字段不同。",
        ),
        call.say(
            "In a browser: the administrator asks under “Permission management” to turn it off for a while, the manager approves.",
            "在浏览器中：管理员在“权限管理”中申请暂停管控，由经理批准。",
        ),
        call.say(
            "Ctrl-C stops it; `guan demo --story` tells how permissions are switched off and on.",
            "按 Ctrl-C 停止；`guan demo --story` 讲述如何安全地关闭与恢复权限。",
        ),
    );
    lines.extend([String::new(), head.to_owned()]);
    if let Some(sales) = ready.last() {
        lines.extend(first_steps(&url, sales));
    }
    lines.extend([other.to_owned(), String::new(), off.to_owned(), end.to_owned()]);
    call.printer().lines(lines)?;
    Ok(call.printer().flush()?)
}

fn first_steps(url: &str, account: &Ready) -> [String; 2] {
    let Ready { user, password, .. } = account;
    [
        format!(
            "  curl -sc jar {url}/api/v1/sessions --json '{{\"user\":\"{user}\",\"password\":\"{password}\"}}'"
        ),
        format!("  curl -sb jar {url}/api/v1/records/Account"),
    ]
}
