//! `guan bench`: how long questions take on this machine, on the records that are there.

use crate::arguments::{BenchArguments, Format};
use crate::clock::Stopwatch;
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::language::Language;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::Engine;
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, ObjectId, RecordKey, UserId};
use guan_engine::question::ListQuery;
use serde::Serialize;
use std::hint::black_box;
use std::time::Duration;

/// Records that are asked about, at most.
const RECORDS_MAX: usize = 5_000;
/// Questions between two looks at the watch.
const BATCH: usize = 64;

/// One line of the result.
#[derive(Serialize)]
struct Line {
    question: &'static str,
    repeated: u64,
    nanoseconds: u64,
}

/// What is asked about.
struct World {
    engine: Engine,
    sessions: Vec<Session<'static>>,
    object: ObjectId,
    keys: Vec<RecordKey>,
}

pub(crate) fn run(call: &mut Call<'_>, arguments: &BenchArguments) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let watch = Stopwatch::start();
    let engine = call.engine(&installation)?;
    let loading = watch.elapsed();
    let records = engine.record_count();
    let world = world(call, &installation, engine)?;
    let lines = measure(&world, Duration::from_secs(arguments.seconds));
    if call.format == Format::Json {
        call.printer().json(&lines)?;
        return Ok(Exit::Done);
    }
    let rows = lines.iter().map(|line| {
        vec![line.question.to_owned(), line.nanoseconds.to_string(), line.repeated.to_string()]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    if call.format == Format::Csv {
        let head = ["question", "nanoseconds", "repeated"].map(str::to_owned).to_vec();
        call.printer().csv(std::iter::once(head).chain(rows))?;
        return Ok(Exit::Done);
    }
    let mut table = Table::new([
        call.say("question", "问题"),
        call.say("ns each", "每次纳秒"),
        call.say("repeated", "次数"),
    ]);
    table.extend(rows);
    let milliseconds = loading.as_millis();
    let head = match call.language {
        Language::English => format!(
            "{records} records, {} users, loaded in {milliseconds} ms; one thread, names resolved in every question",
            world.sessions.len()
        ),
        Language::Chinese => format!(
            "{records} 条记录，{} 名用户，载入用时 {milliseconds} 毫秒；单线程，每次都解析名称",
            world.sessions.len()
        ),
    };
    call.printer().line(head)?;
    call.printer().lines(table.lines())?;
    let honest = call.say(
        "a small world says little about a large one: `cargo bench` in the sources measures ten million records",
        "小数据量说明不了大数据量：源码中的 `cargo bench` 测量一千万条记录",
    );
    call.printer().note(honest)?;
    Ok(Exit::Done)
}

fn world(call: &Call<'_>, installation: &Installation, engine: Engine) -> anyhow::Result<World> {
    let policy = engine.policy();
    let largest =
        policy.objects.keys().max_by_key(|object| engine.record_count_of(object)).cloned();
    let object =
        largest.ok_or_else(|| usage("there is nothing to measure: import something first"))?;
    let keys = installation.store.load_records(&installation.organization, |records| {
        let of_object = records.filter_map(Result::ok).filter(|record| record.object == object);
        of_object.take(RECORDS_MAX).map(|record| record.key()).collect::<Vec<_>>()
    })?;
    let users: Vec<UserId> =
        policy.users.iter().filter(|(_, user)| user.active).map(|(id, _)| id.clone()).collect();
    if users.is_empty() || keys.is_empty() {
        return Err(usage("there is nothing to measure: import users and records first"));
    }
    let sessions = users.into_iter().map(|user| call.session(installation, user)).collect();
    Ok(World { engine, sessions, object, keys })
}

fn measure(world: &World, length: Duration) -> Vec<Line> {
    let World { engine, sessions, object, keys } = world;
    let requests: Vec<Request<'_>> = keys
        .iter()
        .zip(sessions.iter().cycle())
        .map(|(key, session)| {
            Request::new(session.clone(), Action::Read, Target::Record(key.clone()))
        })
        .collect();
    let first = ListQuery::first(object.clone(), 50);
    vec![
        repeat("check", &requests, length, |request| {
            black_box(engine.check(request));
        }),
        repeat("explain", &requests, length, |request| {
            black_box(engine.explain(request));
        }),
        repeat("list, first page of 50", sessions, length, |session| {
            let _page = black_box(engine.list(session, &Action::Read, &first));
        }),
        repeat("count", sessions, length, |session| {
            let _count = black_box(engine.count(session, &Action::Read, object));
        }),
        repeat("who", &requests, length, |request| {
            if let Target::Record(key) = &request.on {
                let _who = black_box(engine.who(&request.session, &Action::Read, key));
            }
        }),
    ]
}

/// Asks over and over; at least one batch.
fn repeat<T>(question: &'static str, over: &[T], length: Duration, ask: impl Fn(&T)) -> Line {
    let watch = Stopwatch::start();
    let mut repeated = 0u64;
    let mut all = over.iter().cycle();
    loop {
        for one in all.by_ref().take(BATCH) {
            ask(one);
            repeated += 1;
        }
        let elapsed = watch.elapsed();
        if elapsed >= length {
            let each = elapsed.as_nanos() / u128::from(repeated.max(1));
            return Line {
                question,
                repeated,
                nanoseconds: u64::try_from(each).unwrap_or(u64::MAX),
            };
        }
    }
}
