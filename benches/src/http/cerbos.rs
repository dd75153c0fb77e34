//! The same questions asked of the Cerbos server, a program of its own on this machine, with answers compared.
//!
//! It keeps no records, so each request brings what the policy reads: of the user, everything they belong to; of the
//! record, all whom it reaches. Both are worked out beforehand and so is each request.

use super::Pace;
use super::check::{Asked, CONNECTIONS};
use super::client::{Connection, Load, Pressure, alone, load, request};
use crate::house;
use crate::random::Random;
use crate::society::{Over, Rules, Society, Tie};
use crate::table::{Bound, Table, per_second, time};
use crate::timing;
use crate::world::World;
use guan_engine::model::Action;
use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Says where the program is.
const PROGRAM: &str = "GUAN_CERBOS";
/// Where `npm install cerbos` puts it.
const PLACES: [&str; 2] = ["node_modules", "benches/node_modules"];
const PACKAGED: &str = "@cerbos/cerbos-linux-x64/cerbos-linux-x64";
/// Records in one request: as many as the program takes by default.
const BATCH: usize = 50;

const POLICY: &str = r#"apiVersion: api.cerbos.dev/v1
resourcePolicy:
  version: default
  resource: account
  rules:
    - actions: [read]
      effect: EFFECT_ALLOW
      roles: ["*"]
      condition:
        match:
          expr: P.attr.reads && (P.attr.viewsAll || hasIntersection(P.attr.ties, R.attr.readers))
"#;

fn program() -> Option<PathBuf> {
    let named = std::env::var_os(PROGRAM).map(PathBuf::from);
    let installed = PLACES.iter().map(|place| Path::new(place).join(PACKAGED));
    named.into_iter().chain(installed).find(|path| path.is_file())
}

/// The running program; it ends with this.
struct Peer {
    process: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _killed = self.process.kill();
        let _ended = self.process.wait();
    }
}

impl Peer {
    fn start(program: &Path) -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(house::told)?;
        let policies = folder.path().join("policies");
        std::fs::create_dir(&policies).map_err(house::told)?;
        std::fs::write(policies.join("account.yaml"), POLICY).map_err(house::told)?;
        let free = || -> std::io::Result<SocketAddr> {
            TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
        };
        let (address, other) = (free().map_err(house::told)?, free().map_err(house::told)?);
        let config = format!(
            "server:\n  httpListenAddr: \"{address}\"\n  grpcListenAddr: \"{other}\"\n\
             storage:\n  driver: disk\n  disk:\n    directory: {}\n    watchForChanges: false\n\
             audit:\n  enabled: false\ntelemetry:\n  disabled: true\n",
            policies.display()
        );
        let file = folder.path().join("cerbos.yaml");
        std::fs::write(&file, config).map_err(house::told)?;
        let mut command = Command::new(program);
        command.args(["server", "--log-level=error"]);
        command.arg(format!("--config={}", file.display()));
        command.env("CERBOS_NO_TELEMETRY", "1");
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        let peer = Self { process: process.map_err(house::told)?, address, _folder: folder };
        let begun = Instant::now();
        let hello = request("GET", "/_cerbos/health", None, None);
        while begun.elapsed() < Duration::from_secs(30) {
            let answer = alone(async { Connection::open(address).await?.call(&hello).await });
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(peer);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("the Cerbos server does not start".to_owned())
    }

    /// The time that it ran on processors, in nanoseconds.
    fn busy(&self) -> f64 {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", self.process.id()));
        let ran = tasks.into_iter().flatten().flatten().filter_map(|task| {
            let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
            text.split(' ').next()?.parse::<f64>().ok()
        });
        ran.sum()
    }
}

/// Requests as the program takes them.
struct Writer<'w> {
    society: Society<'w>,
    over: Over,
    ties: BTreeMap<usize, String>,
}

fn list(ties: impl IntoIterator<Item = Tie>) -> String {
    let ties: Vec<String> =
        ties.into_iter().map(|(kind, number)| format!("\"{kind}:{number}\"")).collect();
    format!("[{}]", ties.join(","))
}

impl<'w> Writer<'w> {
    fn of(world: &'w World) -> Self {
        let society = Society::of(world);
        let over = Over::of(&society);
        Self { society, over, ties: BTreeMap::new() }
    }

    fn request(&mut self, user: usize, records: &[usize]) -> Vec<u8> {
        let (society, over) = (&self.society, &self.over);
        let ties = self.ties.entry(user).or_insert_with(|| {
            let mut ties = society.ties(user, over);
            ties.insert(("User", user));
            list(ties.into_iter().filter(|(kind, _)| !["At", "Within", "Member"].contains(kind)))
        });
        let held = society.permissions(user);
        let (reads, all) =
            (held.actions.contains(&Action::Read) || held.modify, held.view || held.modify);
        let resources: Vec<String> = records
            .iter()
            .map(|record| {
                let readers = list(society.reached(Rules::WorkedOut, *record).readers);
                format!(
                    r#"{{"actions":["read"],"resource":{{"kind":"account","id":"{record}","attr":{{"readers":{readers}}}}}}}"#
                )
            })
            .collect();
        let body = format!(
            r#"{{"requestId":"1","principal":{{"id":"{user}","roles":["user"],"attr":{{"reads":{reads},"viewsAll":{all},"ties":{ties}}}}},"resources":[{}]}}"#,
            resources.join(",")
        );
        request("POST", "/api/check/resources", None, Some(&body))
    }
}

/// Asks it what Guan was asked.
pub fn beside(
    world: &World,
    (asked, wanted, own): (&[Asked], &[bool], f64),
    pace: Pace,
    table: &mut Table,
) -> Result<(), String> {
    let name = "Cerbos 0.51 over HTTP";
    let Some(program) = program() else {
        let why = format!("no program: `npm install cerbos`, or name it in {PROGRAM}");
        table.skipped(name, &why);
        return Ok(());
    };
    let peer = Peer::start(&program)?;
    let mut writer = Writer::of(world);
    let single: Vec<Vec<u8>> =
        asked.iter().map(|asked| writer.request(asked.user, &[asked.record])).collect();
    let equal = compare(peer.address, &single, wanted)?;
    let peak = (CONNECTIONS, Pressure::Peak, pace.length * 2);
    let measured = |requests: &[Vec<u8>]| -> Result<(Load, f64), String> {
        let before = peer.busy();
        let load = load(peer.address, requests, peak)?;
        let busy = (peer.busy() - before) / load.taken.len().max(1) as f64;
        Ok((load, busy))
    };
    let bytes = single.iter().map(Vec::len).sum::<usize>() / single.len().max(1);
    let (load, busy) = measured(&single)?;
    let rate = load.rate();
    let notes = format!(
        "{equal} of {} answers equal; {} of the processors for each request of {bytes} bytes; Guan's peak is ×{:.1}",
        wanted.len(),
        time(busy),
        own / rate
    );
    table.rate(&format!("{name}, check, peak"), rate, None, &notes);
    let way = (CONNECTIONS * 4, Pressure::Rate(rate * 0.8), pace.length * 2);
    let under = self::load(peer.address, &single, way)?;
    let notes = format!("{} offered", per_second(rate * 0.8));
    table.times(
        &format!("{name}, check at 80 % of its peak"),
        timing::of(under.taken),
        Bound::None,
        &notes,
    );
    let random = &mut Random::new(33);
    let batches: Vec<Vec<u8>> = asked
        .iter()
        .take(200)
        .map(|asked| {
            let records: Vec<usize> =
                (0..BATCH).map(|_| random.below(world.scale.records)).collect();
            writer.request(asked.user, &records)
        })
        .collect();
    let (load, busy) = measured(&batches)?;
    let decisions = (load.taken.len() * BATCH) as f64;
    let notes = format!(
        "decisions for each second on a processor; {} by the clock; {} refused",
        per_second(decisions / load.seconds),
        load.refused
    );
    table.rate(&format!("{name}, {BATCH} of one user"), BATCH as f64 / busy * 1e9, None, &notes);
    Ok(())
}

/// How many answers are those wanted.
fn compare(address: SocketAddr, requests: &[Vec<u8>], wanted: &[bool]) -> Result<usize, String> {
    let answers = alone(async {
        let mut connection = Connection::open(address).await?;
        let mut answers = Vec::new();
        for request in requests {
            answers.push(connection.call(request).await?);
        }
        Ok(answers)
    })?;
    let mut equal = 0;
    for (answer, wanted) in answers.iter().zip(wanted) {
        let said = String::from_utf8_lossy(&answer.body);
        if answer.status != 200 {
            return Err(format!("Cerbos answers {}: {said}", answer.status));
        }
        equal += usize::from(said.contains("EFFECT_ALLOW") == *wanted);
    }
    Ok(equal)
}
