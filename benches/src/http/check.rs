//! Checks over HTTP: one at a time beside a handler of nothing but axum, a thousand at a time, and under load.

use super::Pace;
use super::client::{Connection, Load, Pressure, alone, load, request};
use super::served::{Served, busy};
use crate::house;
use crate::measure::Bench;
use crate::random::Random;
use crate::table::{Bound, Side, Table, per_second, time};
use crate::timing;
use crate::world::{OBJECT, user};
use axum::{Json, Router, routing};
use guan_engine::ask::{Request, Target};
use guan_engine::model::{Action, RecordKey};
use guan_store::{Gate, View};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::time::Duration;

/// Connections that are open at the same time.
pub const CONNECTIONS: usize = 16;
/// Different questions.
const QUESTIONS: usize = 4_096;
/// Questions in one body.
const MANY: usize = 1_000;

/// One question: may the user read the record?
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// The user, by the generator's number.
    pub user: usize,
    /// The record.
    pub record: usize,
}

impl Asked {
    /// As the engine is asked.
    pub fn request(self) -> Request<'static> {
        let key = RecordKey::new(OBJECT, self.record.to_string());
        Request::new(house::session(self.user), Action::Read, Target::Record(key))
    }
    fn body(self) -> String {
        let (user, record) = (user(self.user), self.record);
        format!(
            r#"{{"session":{{"subject":"{user}"}},"action":"read","object":"{OBJECT}","record":"{record}"}}"#
        )
    }
}

/// Random users and random records.
pub fn questions(bench: &Bench<'_>, without: &[usize]) -> Vec<Asked> {
    let random = &mut Random::new(21);
    let (users, records) = (bench.world.scale.users, bench.world.scale.records);
    let any = std::iter::repeat_with(|| Asked {
        user: random.below(users),
        record: random.below(records),
    });
    any.filter(|asked| !without.contains(&asked.user)).take(QUESTIONS).collect()
}

/// What a server must answer to each.
pub fn wanted(view: &View, asked: &[Asked]) -> Vec<bool> {
    asked.iter().map(|asked| view.engine().check(&asked.request()).is_allowed()).collect()
}

/// Rates and times of checks.
pub fn measure(
    gate: &Gate,
    (address, token): (SocketAddr, &str),
    (asked, pace): (&[Asked], Pace),
    table: &mut Table,
) -> Result<f64, String> {
    let path = "/api/v1/check";
    let requests: Vec<Vec<u8>> =
        asked.iter().map(|asked| request("POST", path, Some(token), Some(&asked.body()))).collect();
    let view = gate.view(&house::organization()).map_err(house::told)?;
    let wanted = wanted(&view, asked);
    drop(view);
    let answers = alone(async {
        let mut connection = Connection::open(address).await?;
        let mut answers = Vec::new();
        for request in &requests {
            answers.push(connection.call(request).await?);
        }
        Ok(answers)
    })?;
    for ((answer, wanted), asked) in answers.iter().zip(wanted).zip(asked) {
        let said = String::from_utf8_lossy(&answer.body);
        let allows = said.contains(r#""decision":"allow""#);
        if answer.status != 200 || allows != wanted {
            return Err(format!("{asked:?} must be {wanted}, and the server says {said}"));
        }
    }
    let body = answers.last().map(|answer| answer.body.clone()).unwrap_or_default();
    println!("check answers, for example: {}", String::from_utf8_lossy(&body));
    let bare = Served::bare(bare(&body)?)?;
    let (mut own, mut others) = (Best::default(), Best::default());
    for _ in 0..3 {
        own.take(|| load(address, &requests, (CONNECTIONS, Pressure::Peak, pace.length)))?;
        others
            .take(|| load(bare.address, &requests, (CONNECTIONS, Pressure::Peak, pace.length)))?;
    }
    let notes = format!("{} of the processor for each request", time(own.busy));
    table.rate("check over HTTP, peak", own.rate, None, &notes);
    let notes = format!("{} of the processor for each request", time(others.busy));
    table.rate("the same JSON by bare axum, peak", others.rate, None, &notes);
    let notes = "requests per second, best of three rounds each, in turn";
    let share = own.rate / others.rate;
    table.ratio("check, share of bare axum's rate", share, Some(Side::AtLeast(0.8)), notes);
    let share = others.busy / own.busy;
    let notes = "the same by time on the processor, which other programs do not change";
    table.ratio("check, share of bare axum by processor", share, Some(Side::AtLeast(0.8)), notes);
    for part in [0.5, 0.8] {
        let rate = own.rate * part;
        let way = (CONNECTIONS * 4, Pressure::Rate(rate), pace.length * 2);
        let under = load(address, &requests, way)?;
        let notes = format!("{} offered, {} refused", per_second(rate), under.refused);
        let name = format!("check at {:.0} % of the peak", part * 100.0);
        table.times(&name, timing::of(under.taken), Bound::None, &notes);
    }
    many((address, token), (asked, pace), table)?;
    Ok(own.rate)
}

/// The best round.
#[derive(Default)]
struct Best {
    rate: f64,
    busy: f64,
}

impl Best {
    fn take(&mut self, round: impl FnOnce() -> Result<Load, String>) -> Result<(), String> {
        let before = busy();
        let load = round()?;
        let busy = (busy() - before) / load.taken.len().max(1) as f64;
        if load.refused > 0 {
            return Err(format!("{} requests were refused", load.refused));
        }
        self.rate = self.rate.max(load.rate());
        self.busy = if self.busy == 0.0 { busy } else { self.busy.min(busy) };
        Ok(())
    }
}

fn many(
    (address, token): (SocketAddr, &str),
    (asked, pace): (&[Asked], Pace),
    table: &mut Table,
) -> Result<(), String> {
    let (own, mixed) = ("check-many, 1 000 of one user", "check-many, 1 000 of 1 000 users");
    for (name, one) in [(own, true), (mixed, false)] {
        let bodies = asked.chunks(MANY).filter(|chunk| chunk.len() == MANY).map(|chunk| {
            let items: Vec<String> = chunk
                .iter()
                .map(|asked| {
                    let whose = if one { chunk[0].user } else { asked.user };
                    let (user, record) = (user(whose), asked.record);
                    let subject =
                        if one { String::new() } else { format!(r#""subject":"{user}","#) };
                    format!(
                        r#"{{{subject}"action":"read","object":"{OBJECT}","record":"{record}"}}"#
                    )
                })
                .collect();
            let whose = user(chunk[0].user);
            format!(r#"{{"session":{{"subject":"{whose}"}},"items":[{}]}}"#, items.join(","))
        });
        let requests: Vec<Vec<u8>> = bodies
            .map(|body| request("POST", "/api/v1/check-many", Some(token), Some(&body)))
            .collect();
        let before = busy();
        let load = load(address, &requests, (2, Pressure::Peak, pace.length))?;
        let spent = (busy() - before) / 1e9;
        if load.refused > 0 {
            return Err(format!("{} of {} were refused", load.refused, load.taken.len()));
        }
        let decisions = (load.taken.len() * MANY) as f64;
        let notes = format!(
            "decisions for each second on a processor; {} by the clock",
            per_second(decisions / load.seconds)
        );
        let bound = Some(Side::AtLeast(500_000.0));
        table.rate(name, decisions / spent, bound, &notes);
    }
    Ok(())
}

/// The question as the server takes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    session: Option<Situation>,
    action: String,
    object: String,
    record: Option<String>,
}

/// Whom it is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Situation {
    subject: Option<String>,
}

/// Parses the question and answers what Guan answered to one of them, written anew each time.
fn bare(answer: &[u8]) -> Result<Router, String> {
    let answer: Answer = serde_json::from_slice(answer).map_err(house::told)?;
    let handler = move |Json(question): Json<Question>| {
        let subject = question.session.and_then(|session| session.subject);
        let length = subject.map_or(0, |subject| subject.len())
            + question.action.len()
            + question.object.len()
            + question.record.map_or(0, |record| record.len());
        std::hint::black_box(length);
        let answer = answer.clone();
        async move { Json(answer) }
    };
    Ok(Router::new().route("/api/v1/check", routing::post(handler)))
}

/// The members of an answer, whatever they are.
#[derive(Clone, Deserialize, Serialize)]
struct Answer(std::collections::BTreeMap<String, serde_json::Value>);

/// How long a load lasts that only has to show that it works.
pub const SHORT: Duration = Duration::from_millis(150);
