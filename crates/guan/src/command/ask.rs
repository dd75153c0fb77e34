//! `guan check` and `guan explain`: one decision, recorded before it is told where a window makes it.

use crate::arguments::{AskArguments, Format};
use crate::exit::{Exit, usage};
use crate::installation::Installation;
use crate::names::Names;
use crate::nearest::nearest;
use crate::resolve::Unknown;
use crate::shell::Call;
use guan_engine::Engine;
use guan_engine::answer::{Decision, Evidence, Explanation, Stage};
use guan_engine::ask::{Extent, Request, Target};
use guan_engine::model::{Action, FieldId, Moment, ObjectId, Owner, Policy, RecordKey, UserId};
use guan_store::{Gate, Recording, refusal_code};
use serde::Serialize;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// The decision with one reason.
    Check,
    /// Every path, or what would be enough.
    Explain,
}

/// An answer as programs get it.
#[derive(Serialize)]
struct Told<'a> {
    subject: &'a UserId,
    action: &'a Action,
    object: &'a ObjectId,
    record: Option<&'a str>,
    fields: &'a [FieldId],
    at: Moment,
    revision: u64,
    /// The ledger row of a would-deny.
    recorded: Option<u64>,
    stage: Option<Stage>,
    /// Names near to the ones that are not known.
    hints: &'a [String],
    #[serde(flatten)]
    explanation: &'a Explanation,
}

/// A decision with what was found on the way to it.
struct Found {
    explanation: Explanation,
    recorded: Option<u64>,
    hints: Vec<String>,
}

pub(crate) fn run(
    call: &mut Call<'_>,
    arguments: &AskArguments,
    depth: Depth,
) -> anyhow::Result<Exit> {
    let installation = call.open()?;
    let gate = call.gate(&installation)?;
    let view = call.view(&gate, &installation)?;
    let engine = view.engine();
    let mut hints = Vec::new();
    let request = request(call, &installation, (engine.policy(), arguments), &mut hints)?;
    if let Target::Record(key) = &request.on
        && engine.policy().objects.contains_key(&key.object)
        && !engine.has_record(key)
    {
        hints.push(unknown_record(call, &installation, key)?);
    }
    let (explanation, recorded) = decide(call, (&gate, &installation), engine, &request)?;
    let found = Found { explanation, recorded, hints };
    tell(call, &installation, (engine, &request), &found, depth)?;
    let is_allowed = found.explanation.decision.is_allowed();
    Ok(if is_allowed { Exit::Done } else { Exit::Denied })
}

/// The question. What is not known stays as it was typed, so that it is refused, and leaves a hint.
fn request(
    call: &Call<'_>,
    installation: &Installation,
    (policy, arguments): (&Policy, &AskArguments),
    hints: &mut Vec<String>,
) -> anyhow::Result<Request<'static>> {
    let names = Names::new(policy, call.language);
    let subject = call.subject_text()?;
    let subject = known(names.find_user(subject), subject, hints);
    let object = known(names.find_object(&arguments.object), &arguments.object, hints);
    let action = match names.find_action(&arguments.action) {
        Ok(action) => action,
        Err(unknown) => {
            hints.push(unknown.words().to_owned());
            Action::from(arguments.action.clone())
        }
    };
    let is_object_known = policy.objects.contains_key(&object);
    let fields = arguments.fields.iter().map(|field| {
        if is_object_known {
            known(names.find_field(&object, field), field, hints)
        } else {
            FieldId::new(field.as_str())
        }
    });
    let fields = fields.collect();
    let on = target(arguments, object)?;
    let mut request = Request::new(call.session(installation, subject), action, on);
    request.fields = fields;
    request.extent = if arguments.bulk { Extent::Bulk } else { Extent::Single };
    Ok(request)
}

fn known<T: for<'t> From<&'t str>>(
    found: Result<T, Unknown>,
    typed: &str,
    hints: &mut Vec<String>,
) -> T {
    match found {
        Ok(id) => id,
        Err(unknown) => {
            hints.push(unknown.words().to_owned());
            T::from(typed)
        }
    }
}

fn target(arguments: &AskArguments, object: ObjectId) -> anyhow::Result<Target> {
    let is_new = !arguments.owner.is_empty() || arguments.unit.is_some();
    match &arguments.record {
        Some(_) if is_new => Err(usage(
            "--owner and --unit are for records that do not exist yet: leave out the record",
        )),
        Some(record) => Ok(Target::Record(RecordKey { object, id: record.as_str().into() })),
        None if is_new => {
            let owners = arguments.owner.iter().map(|owner| owner.parse::<Owner>().map_err(usage));
            let owners = owners.collect::<anyhow::Result<_>>()?;
            Ok(Target::New { object, owners, unit: arguments.unit.as_deref().map(Into::into) })
        }
        None => Ok(Target::Object(object)),
    }
}

/// What is near to a record that does not exist.
fn unknown_record(
    call: &Call<'_>,
    installation: &Installation,
    key: &RecordKey,
) -> anyhow::Result<String> {
    let object = &key.object;
    let candidates = installation.store.load_records(&installation.organization, |records| {
        let of_object = records.filter_map(Result::ok).filter(|record| record.object == *object);
        let titled = of_object.map(|record| {
            let title = crate::installation::title_of(&record).unwrap_or_default().to_owned();
            (record.id.to_string(), title)
        });
        titled.collect::<Vec<_>>()
    })?;
    let named = || candidates.iter().map(|(id, title)| (id.as_str(), title.as_str()));
    let near: Vec<String> = nearest(key.id.as_str(), named())
        .into_iter()
        .filter_map(|id| named().find(|(known, _)| *known == id))
        .map(|(id, title)| crate::names::both(title, id))
        .collect();
    let head = format!("{} `{key}`", call.say("there is no record", "没有记录"));
    if near.is_empty() {
        return Ok(head);
    }
    Ok(format!("{head}{} {}?", call.say("; did you mean", "；是否指"), near.join(", ")))
}

/// Decides; what only a window allows is durable in the ledger when this returns.
fn decide(
    call: &mut Call<'_>,
    (gate, installation): (&Gate, &Installation),
    engine: &Engine,
    request: &Request<'_>,
) -> anyhow::Result<(Explanation, Option<u64>)> {
    if call.global.at.is_some() {
        return Ok((engine.explain(request), None));
    }
    let clock = call.shell.clock.read();
    let mut explained = None;
    gate.refresh(&clock)?;
    let answer = gate.decide(
        &installation.caller,
        &clock,
        request,
        Recording::WouldDenies,
        |view, asked| {
            let explanation = view.engine().explain(asked);
            let decision = explanation.decision.clone();
            explained = Some(explanation);
            decision
        },
    )?;
    if let Some(error) = &answer.unrecorded {
        let text = call.say(
            "what the window allows could not be recorded, so it is refused",
            "窗口放行的操作无法记录，因此拒绝",
        );
        let text = format!("{text}: {error}");
        call.printer().warn(text)?;
    }
    let evidence_and_remedies = explained.filter(|found| found.decision == answer.decision);
    let explanation = evidence_and_remedies.unwrap_or_else(|| Explanation {
        decision: answer.decision,
        evidence: Vec::new(),
        remedies: Vec::new(),
    });
    Ok((explanation, answer.sequence))
}

fn tell(
    call: &mut Call<'_>,
    installation: &Installation,
    (engine, request): (&Engine, &Request<'_>),
    found: &Found,
    depth: Depth,
) -> anyhow::Result<()> {
    let decision = &found.explanation.decision;
    let refusal = decision.refusal();
    match call.format {
        Format::Json => {
            let record = match &request.on {
                Target::Record(key) => Some(key.id.as_str()),
                Target::Object(_) | Target::New { .. } => None,
            };
            call.printer().json(&Told {
                subject: &request.session.subject,
                action: &request.action,
                object: request.on.object(),
                record,
                fields: &request.fields,
                at: request.session.at,
                revision: installation.store.current_revision(&installation.organization)?,
                recorded: found.recorded,
                stage: refusal.map(guan_engine::answer::Refusal::stage),
                hints: &found.hints,
                explanation: &found.explanation,
            })
        }
        Format::Csv => {
            let verdict = if decision.is_allowed() { "allow" } else { "deny" };
            let key = match &request.on {
                Target::Record(key) => key.id.as_str(),
                Target::Object(_) | Target::New { .. } => "",
            };
            let row = vec![
                request.session.subject.as_str(),
                request.action.name(),
                request.on.object().as_str(),
                key,
                verdict,
                refusal.map_or("", refusal_code),
            ];
            let head = vec!["subject", "action", "object", "record", "decision", "why"];
            call.printer().csv([head, row])
        }
        Format::Text => {
            let lines = lines(call, installation, (engine, request), found, depth)?;
            Ok(call.printer().lines(lines)?)
        }
    }
}

fn lines(
    call: &Call<'_>,
    installation: &Installation,
    (engine, request): (&Engine, &Request<'_>),
    found: &Found,
    depth: Depth,
) -> anyhow::Result<Vec<String>> {
    let language = call.language;
    let names = Names::new(engine.policy(), language);
    let Explanation { decision, evidence, remedies } = &found.explanation;
    let object = request.on.object();
    let target = match &request.on {
        Target::Record(key) => format!("{} {}", names.object(object), installation.title(key)?),
        Target::Object(_) => names.object(object),
        Target::New { .. } => format!("{} {}", call.say("a new", "新建"), names.object(object)),
    };
    let fields: Vec<String> =
        request.fields.iter().map(|field| names.field(object, field)).collect();
    let mut question = format!(
        "{} · {} · {target}",
        names.user(&request.session.subject),
        language.action(&request.action)
    );
    if !fields.is_empty() {
        question = format!("{question} · {} {}", call.say("fields", "字段"), fields.join(", "));
    }
    let mut lines = vec![format!("{}  {question}", language.verdict(decision))];
    if let Decision::Relaxed { overlay, .. } = decision {
        let recorded = found.recorded.map_or_else(String::new, |row| row.to_string());
        lines.push(match language {
            crate::language::Language::English => {
                format!("  window {overlay} relaxes the refusal; would-deny recorded as ledger row {recorded}")
            }
            crate::language::Language::Chinese => {
                format!("  窗口 {overlay} 放行；「本应拒绝」已记入账本第 {recorded} 行")
            }
        });
    }
    if let Some(refusal) = decision.refusal() {
        let is_relaxed = decision.is_allowed();
        let stage = if is_relaxed {
            call.say("the policy refuses at stage", "策略在此关拒绝")
        } else {
            call.say("refused at stage", "拒绝于")
        };
        lines.push(format!("  {stage} {}", language.stage(refusal.stage())));
        let because = call.say("because", "原因");
        if found.hints.is_empty() {
            lines.push(format!("  {because} {}", names.refusal(refusal, object)));
        }
        lines.extend(found.hints.iter().map(|hint| format!("  {because} {hint}")));
    }
    lines.extend(paths(&names, decision, evidence, depth));
    if depth == Depth::Explain && !remedies.is_empty() {
        lines
            .push(format!("  {}", call.say("any of these would be enough:", "以下任一改动即可：")));
        lines.extend(
            remedies.iter().map(|remedy| format!("    - {}", names.remedy(remedy, object))),
        );
    }
    Ok(lines)
}

fn paths(
    names: &Names<'_>,
    decision: &Decision,
    evidence: &[Evidence],
    depth: Depth,
) -> Vec<String> {
    let word = match decision {
        Decision::Allow { .. } => names.say("by", "依据"),
        Decision::Relaxed { .. } | Decision::Deny { .. } => {
            names.say("it is reached by", "数据权限依据")
        }
    };
    let shown = if depth == Depth::Check { 1 } else { evidence.len() };
    let is_told = depth == Depth::Explain || matches!(decision, Decision::Allow { .. });
    let told = evidence.iter().take(if is_told { shown } else { 0 });
    told.map(|path| format!("  {word} {}", names.evidence(path))).collect()
}
