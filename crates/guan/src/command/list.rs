//! `guan list` and `guan count`: what a window adds to them is recorded before it is told.

use crate::arguments::{Format, ListArguments, RecordsArguments};
use crate::exit::{Exit, usage};
use crate::installation::{Installation, title_field, title_of};
use crate::language::Language;
use crate::names::Names;
use crate::shell::Call;
use crate::table::Table;
use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Session, Target};
use guan_engine::model::{
    Action, FieldAccess, FieldId, ObjectId, OrganizationId, Policy, RecordKey,
};
use guan_engine::question::{Cursor, ListFault, ListQuery, Page, Sort};
use guan_store::{Caller, Gate, WriteError};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Records on one page of `--all`.
const PAGE: usize = 1_000;

/// What is listed, and where.
struct Listing {
    gate: Arc<Gate>,
    organization: OrganizationId,
    caller: Caller,
    policy: Policy,
    session: Session<'static>,
    action: Action,
    object: ObjectId,
}

pub(crate) fn run(call: &mut Call<'_>, arguments: &ListArguments) -> anyhow::Result<Exit> {
    let listing = listing(call, &arguments.records)?;
    let mut query = query(call, &listing, arguments)?;
    let mut all = Page { records: Vec::new(), next: None, relaxed: Vec::new() };
    loop {
        let page = match page(call, &listing, &query)? {
            Ok(page) => page,
            Err(ListFault::Refused { refusal }) => return refused(call, &listing, &refusal),
            Err(fault) => return Err(usage(fault.to_string())),
        };
        all.records.extend(page.records);
        all.relaxed.extend(page.relaxed);
        all.next = page.next;
        if !arguments.all || all.next.is_none() {
            break;
        }
        query.after.clone_from(&all.next);
    }
    tell(call, &listing, &all)?;
    Ok(Exit::Done)
}

fn query(
    call: &Call<'_>,
    listing: &Listing,
    arguments: &ListArguments,
) -> anyhow::Result<ListQuery> {
    let names = Names::new(&listing.policy, call.language);
    let sort = match arguments.sort.as_deref() {
        None => Sort::default(),
        Some(text) => {
            let (field, descending) = match text.strip_prefix('-') {
                Some(field) => (field, true),
                None => (text, false),
            };
            Sort { by: Some(names.find_field(&listing.object, field)?), descending }
        }
    };
    let after = match &arguments.after {
        Some(text) => Some(serde_json::from_value::<Cursor>(text.as_str().into())?),
        None => None,
    };
    let limit = if arguments.all { PAGE } else { arguments.limit };
    Ok(ListQuery { sort, after, ..ListQuery::first(listing.object.clone(), limit) })
}

fn listing(call: &mut Call<'_>, arguments: &RecordsArguments) -> anyhow::Result<Listing> {
    let installation = call.open()?;
    let (_, policy) = installation.store.policy(&installation.organization)?;
    let names = Names::new(&policy, call.language);
    let action = names.find_action(&arguments.action)?;
    let object = names.find_object(&arguments.object)?;
    let session = call.session(&installation, call.subject(&policy)?);
    let Installation { store, organization, caller } = installation;
    let gate = Gate::over(store, &call.shell.clock.read());
    Ok(Listing { gate, organization, caller, policy, session, action, object })
}

/// A page; what a window adds is durable in the ledger when this returns, or is not on the page.
fn page(
    call: &mut Call<'_>,
    listing: &Listing,
    query: &ListQuery,
) -> anyhow::Result<Result<Page, ListFault>> {
    let Listing { gate, organization, caller, session, action, .. } = listing;
    if call.global.at.is_some() {
        return Ok(gate.view(organization)?.engine().list(session, action, query));
    }
    let clock = call.shell.clock.read();
    gate.refresh(&clock)?;
    let listed = gate.list(caller, &clock, session, action, query)?;
    warn(call, listed.unrecorded.as_ref())?;
    Ok(listed.page)
}

fn warn(call: &mut Call<'_>, unrecorded: Option<&WriteError>) -> anyhow::Result<()> {
    if let Some(error) = unrecorded {
        let text = call.say(
            "what the window adds could not be recorded, so it is left out",
            "窗口放行的部分无法记录，因此不列出",
        );
        let text = format!("{text}: {error}");
        call.printer().warn(text)?;
    }
    Ok(())
}

fn refused(call: &mut Call<'_>, listing: &Listing, refusal: &Refusal) -> anyhow::Result<Exit> {
    let decision = Decision::Deny { refusal: refusal.clone() };
    match call.format {
        Format::Json => call.printer().json(&decision)?,
        Format::Text | Format::Csv => {
            let words =
                Names::new(&listing.policy, call.language).refusal(refusal, &listing.object);
            let text = format!("{}  {words}", call.language.verdict(&decision));
            call.printer().warn(text)?;
        }
    }
    Ok(Exit::Denied)
}

fn tell(call: &mut Call<'_>, listing: &Listing, page: &Page) -> anyhow::Result<()> {
    if call.format == Format::Json {
        return call.printer().json(page);
    }
    let Listing { gate, organization, session, action, object, .. } = listing;
    let view = gate.view(organization)?;
    let engine = view.engine();
    let fields = engine.fields(session, &Target::Object(object.clone())).unwrap_or_default();
    let total = engine.count(session, action, object).unwrap_or(0);
    let mut rows = Vec::new();
    for id in &page.records {
        let key = RecordKey { object: object.clone(), id: id.clone() };
        let title = title(gate, organization, &key, &fields)?;
        let window = page.relaxed.iter().find(|relaxed| relaxed.record == *id);
        let window = window.map_or_else(String::new, |relaxed| relaxed.overlay.to_string());
        rows.push(vec![id.to_string(), title, window]);
    }
    if call.format == Format::Csv {
        let head = ["id", "name", "window"].map(str::to_owned).to_vec();
        return call.printer().csv(std::iter::once(head).chain(rows));
    }
    let mut table =
        Table::new([call.say("id", "编号"), call.say("name", "名称"), call.say("window", "窗口")]);
    let shown = rows.len();
    table.extend(rows);
    call.printer().lines(table.lines())?;
    let relaxed = page.relaxed.len();
    let summary = match call.language {
        Language::English if relaxed > 0 => {
            format!(
                "{shown} shown, {relaxed} of them only by a window; the policy alone shows {total} in all"
            )
        }
        Language::English => format!("{shown} shown of {total} that this user may {action}"),
        Language::Chinese if relaxed > 0 => {
            format!("显示 {shown} 条，其中 {relaxed} 条仅因窗口放行；按策略共 {total} 条")
        }
        Language::Chinese => {
            format!("显示 {shown} 条，该用户可{}共 {total} 条", call.language.action(action))
        }
    };
    call.printer().line(summary)?;
    let cursor = page.next.as_ref().map(serde_json::to_value).transpose()?;
    if let Some(serde_json::Value::String(cursor)) = cursor {
        let more = format!("{} --after '{cursor}'", call.say("more with", "继续"));
        call.printer().line(more)?;
    }
    Ok(())
}

/// What people call a record, where the subject may see that field in clear.
fn title(
    gate: &Gate,
    organization: &OrganizationId,
    key: &RecordKey,
    fields: &BTreeMap<FieldId, FieldAccess>,
) -> anyhow::Result<String> {
    let record = gate.read(|reader| reader.record(organization, key))?;
    let Some(record) = record else { return Ok(String::new()) };
    let is_readable = title_field(&record)
        .and_then(|field| fields.get(field))
        .is_some_and(|access| access.is_readable());
    Ok(if is_readable { title_of(&record).unwrap_or_default().to_owned() } else { String::new() })
}

pub(crate) fn count(call: &mut Call<'_>, arguments: &RecordsArguments) -> anyhow::Result<Exit> {
    let listing = listing(call, arguments)?;
    let Listing { gate, organization, caller, session, action, object, .. } = &listing;
    let alone = gate.view(organization)?.engine().count(session, action, object);
    let counted = if call.global.at.is_some() {
        alone.clone()
    } else {
        let clock = call.shell.clock.read();
        gate.refresh(&clock)?;
        let counted = gate.count(caller, &clock, session, action, object)?;
        warn(call, counted.unrecorded.as_ref())?;
        counted.count
    };
    let counted = match counted {
        Ok(counted) => counted,
        Err(refusal) => return refused(call, &listing, &refusal),
    };
    let by_window = counted.saturating_sub(alone.unwrap_or(0));
    match call.format {
        Format::Json => {
            let value = serde_json::json!({ "count": counted, "by_window": by_window });
            call.printer().json(&value)?;
        }
        Format::Csv => {
            let head = vec!["count".to_owned(), "by_window".to_owned()];
            call.printer().csv([head, vec![counted.to_string(), by_window.to_string()]])?;
        }
        Format::Text if by_window > 0 => {
            let words = call.say("of them only by a window:", "其中仅因窗口放行");
            let text = format!("{counted} ({words} {by_window})");
            call.printer().line(text)?;
        }
        Format::Text => call.printer().line(counted.to_string())?,
    }
    Ok(Exit::Done)
}
