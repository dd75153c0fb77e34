//! The same questions asked of the crate `cedar-policy`, in the same run and with answers compared.
//!
//! Both ways give it as much as can be worked out beforehand: the closure of roles and groups as
//! parents of users, object permissions as attributes of users, requests and entities outside the
//! timer. *Flattened*: whom a sharing rule reaches stands on the record, three policies. *Natural*: one
//! policy for each sharing rule and action.

mod entities;
mod policies;

use crate::measure::Bench;
use crate::random::Random;
use crate::scale::{S, Scale};
use crate::society::Society;
use crate::table::{Bound, Table};
use crate::timing;
use crate::world::{OBJECT, World};
use cedar_policy::{Authorizer, Context, Decision, Entities, PolicySet, Request};
use entities::Modeling;
use guan_engine::model::Action;
use guan_engine::view::{Aim, RecordNumber};
use std::hint::black_box;
use std::str::FromStr;

/// How many records become entities; the others are not asked about.
const RECORDS: usize = 20_000;

/// Measures the peer on a world of at most the scale S, and the engine on the same questions.
///
/// # Errors
///
/// When something cannot be built. Answers that differ are told in the notes.
pub fn beside(chosen: Scale, table: &mut Table) -> Result<(), String> {
    let scale = if chosen.records > S.records { S } else { chosen };
    let world = World::of(scale);
    let bench = Bench::of(&world)?;
    let society = Society::of(&world);
    let records = scale.records.min(RECORDS);
    let actions = [Action::Read, Action::Edit, Action::Delete];
    let aims: Vec<Aim> = actions
        .iter()
        .map(|action| bench.loaded.engine.aim(&OBJECT.into(), action))
        .collect::<Option<_>>()
        .ok_or("there is no such action")?;
    let random = &mut Random::new(8);
    let asked: Vec<Asked> = (0..4_000)
        .map(|_| Asked {
            user: random.below(scale.users),
            record: random.below(records),
            action: random.below(3),
        })
        .collect();
    let ask = |asked: &Asked| {
        let seat = bench.loaded.engine.enter_number(bench.number(asked.user), &bench.session);
        seat.is_ok_and(|seat| {
            let record = RecordNumber(asked.record as u32);
            seat.view(aims[asked.action]).is_ok_and(|view| view.may(record))
        })
    };
    let wanted: Vec<bool> = asked.iter().map(ask).collect();
    let own = timing::mean(asked.len(), |at| {
        black_box(ask(&asked[at]));
    });
    let allowed = wanted.iter().filter(|allowed| **allowed).count();
    let notes =
        format!("world {}, read, edit and delete mixed; {allowed} of 4000 allowed", scale.name);
    table.figure("Guan, the peer's questions, loop", own, None, &notes);
    for modeling in [Modeling::Flattened, Modeling::Natural] {
        let entities = entities::entities(&society, modeling, records)?;
        let policies = PolicySet::from_str(&policies::text(&world, modeling))
            .map_err(|problem| problem.to_string())?;
        one(modeling, (&entities, &policies), (&asked, &wanted), own, table)?;
    }
    Ok(())
}

/// One question.
struct Asked {
    user: usize,
    record: usize,
    action: usize,
}

fn one(
    modeling: Modeling,
    (entities, policies): (&Entities, &PolicySet),
    (asked, wanted): (&[Asked], &[bool]),
    own: f64,
    table: &mut Table,
) -> Result<(), String> {
    let authorizer = Authorizer::new();
    let requests: Vec<Request> = asked
        .iter()
        .map(|asked| {
            let action = ["read", "edit", "delete"][asked.action];
            let request = Request::new(
                entities::uid("User", &asked.user.to_string())?,
                entities::uid("Action", action)?,
                entities::uid("Record", &asked.record.to_string())?,
                Context::empty(),
                None,
            );
            request.map_err(|problem| problem.to_string())
        })
        .collect::<Result<_, String>>()?;
    let mut answers = Vec::new();
    let times = timing::each(&requests, |request| {
        let answer = authorizer.is_authorized(request, policies, entities);
        answers.push(answer.decision() == Decision::Allow);
    });
    let different = answers.iter().zip(wanted).filter(|(got, wanted)| got != wanted).count();
    let count = policies.policies().count();
    let notes = format!(
        "{count} policies; {} of {} answers equal; mean ×{:.0} of Guan's",
        wanted.len() - different,
        wanted.len(),
        times.mean / own
    );
    table.times(&format!("cedar-policy, {}", modeling.name()), times, Bound::None, &notes);
    Ok(())
}
