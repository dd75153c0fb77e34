//! From the text of a case file to its cases; whatever is not understood is an error with its line.

use super::words::{StatedPath, StatedRefusal};
use super::{Ask, Case, CaseError, CaseFile, Expect, Outcome};
use guan_engine::activity::{Journal, NodeFacts, OverlayRow, Seal};
use guan_engine::ask::{Extent, Target};
use guan_engine::model::{
    Action, Audience, Closing, FieldAccess, FieldId, Floor, Moment, NodeId, ObjectId, Opening,
    OrganizationId, Overlay, OverlayEffect, OverlayId, Owner, Policy, Problem, Record, RecordKey,
    Span, UserId,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::path::Path;
use toml::Spanned;

/// A Monday morning, 10:00 in Beijing.
const AT: Moment = Moment(1_772_416_800_000);
/// How long the machine has been up at the instant of the file.
const UPTIME: Span = Span::minutes(6_000);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    title: String,
    source: String,
    at: Option<Moment>,
    from: Option<IpAddr>,
    #[serde(default)]
    grid: bool,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    records: Vec<Record>,
    #[serde(default)]
    owner_changes: Vec<RawOwnerChange>,
    #[serde(default)]
    overlays: Vec<RawOverlay>,
    #[serde(default)]
    node: RawNode,
    #[serde(default, rename = "case")]
    cases: Vec<RawCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOwnerChange {
    record: Spanned<String>,
    owners: BTreeSet<Owner>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOverlay {
    id: OverlayId,
    effect: OverlayEffect,
    #[serde(default)]
    audience: Audience,
    starts: Option<Moment>,
    ends: Option<Moment>,
    #[serde(default = "reason")]
    reason: String,
    #[serde(default)]
    survives_reboot: bool,
    #[serde(default)]
    floor: Floor,
    organization: Option<OrganizationId>,
    closed: Option<Closing>,
    #[serde(default)]
    superseded: bool,
    #[serde(default)]
    broken_seal: bool,
}

fn reason() -> String {
    "to show what it does".to_owned()
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNode {
    boot_id: Option<String>,
    boot_clock: Option<Moment>,
    #[serde(default)]
    boot_clock_unreadable: bool,
    high_water: Option<Moment>,
    view_age_seconds: Option<i64>,
    incarnation: Option<u64>,
    #[serde(default)]
    journal_unavailable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: Spanned<String>,
    organization: Option<OrganizationId>,
    subject: Option<UserId>,
    action: Option<Action>,
    on: Option<RawTarget>,
    #[serde(default)]
    fields: Vec<FieldId>,
    at: Option<Moment>,
    from: Option<IpAddr>,
    #[serde(default)]
    bulk: bool,
    under: Option<Vec<OverlayId>>,
    node: Option<RawNode>,
    expect: Option<RawExpect>,
    because: Option<Words>,
    stage: Option<String>,
    why: Option<String>,
    overlay: Option<OverlayId>,
    sees: Option<BTreeMap<FieldId, FieldAccess>>,
    list: Option<BTreeSet<String>>,
    count: Option<usize>,
    who: Option<BTreeSet<UserId>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RawExpect {
    Allow,
    Deny,
    Relaxed,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawTarget {
    Named(String),
    New(RawNew),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNew {
    new: ObjectId,
    #[serde(default)]
    owners: BTreeSet<Owner>,
    unit: Option<NodeId>,
}

/// Reads the text of a case file.
pub(super) fn file(path: &Path, text: &str) -> Result<CaseFile, CaseError> {
    let at_offset = |offset: usize, what: String| CaseError::Content {
        path: path.to_owned(),
        line: line_of(text, offset),
        what,
    };
    let mut raw: RawFile = toml::from_str(text).map_err(|error| {
        at_offset(error.span().map_or(0, |span| span.start), error.message().to_owned())
    })?;
    for change in std::mem::take(&mut raw.owner_changes) {
        let offset = change.record.span().start;
        apply_owner_change(&mut raw, change).map_err(|what| at_offset(offset, what))?;
    }
    let at = raw.at.unwrap_or(AT);
    let mut overlays: Vec<OverlayRow> = raw
        .overlays
        .into_iter()
        .map(|overlay| overlay_row(overlay, &raw.policy.organization.id, at))
        .collect();
    overlays.sort_by(|left, right| left.id.cmp(&right.id));
    let scene = Scene {
        file_at: at,
        organization: &raw.policy.organization.id,
        address: raw.from,
        node: &raw.node,
        overlays: &overlays,
    };
    let mut cases = Vec::new();
    for case in raw.cases {
        let offset = case.name.span().start;
        let line = line_of(text, offset);
        cases.push(scene.case(case, line).map_err(|what| at_offset(offset, what))?);
    }
    check_organization(path, &raw.policy, &raw.records, &overlays)?;
    Ok(CaseFile {
        path: path.to_owned(),
        title: raw.title,
        source: raw.source,
        node: scene.node_facts(&raw.node, at),
        address: raw.from,
        policy: raw.policy,
        records: raw.records,
        overlays,
        cases,
        has_grid: raw.grid,
    })
}

fn check_organization(
    path: &Path,
    policy: &Policy,
    records: &[Record],
    overlays: &[OverlayRow],
) -> Result<(), CaseError> {
    let wrong = |subject: String, problems: Vec<Problem>| match problems.into_iter().next() {
        Some(problem) => Err(CaseError::Organization { path: path.to_owned(), subject, problem }),
        None => Ok(()),
    };
    wrong("policy".to_owned(), policy.validate())?;
    for record in records {
        wrong(format!("record `{}`", record.key()), policy.validate_record(record))?;
    }
    // A row of another organization is stated on purpose: nobody could have opened it here.
    let own = overlays.iter().filter(|row| row.overlay.organization == policy.organization.id);
    for row in own {
        wrong(format!("overlay `{}`", row.id), row.overlay.validate(policy))?;
    }
    Ok(())
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn apply_owner_change(raw: &mut RawFile, change: RawOwnerChange) -> Result<(), String> {
    let key = record_key(change.record.get_ref())?;
    let record = raw.records.iter_mut().find(|record| record.key() == key);
    let object = raw.policy.objects.get(&key.object);
    let (Some(record), Some(object)) = (record, object) else {
        return Err(format!("there is no record `{key}`; add it to `[[records]]`"));
    };
    record.change_owners(change.owners, object.owner_change);
    Ok(())
}

fn record_key(text: &str) -> Result<RecordKey, String> {
    match text.split_once('/') {
        Some((object, id)) if !object.is_empty() && !id.is_empty() => {
            Ok(RecordKey::new(object, id))
        }
        Some(_) | None => Err(format!("`{text}` names no record; write Object/id")),
    }
}

fn overlay_row(raw: RawOverlay, organization: &OrganizationId, at: Moment) -> OverlayRow {
    let starts = raw.starts.unwrap_or_else(|| at.plus(Span::minutes(-10)));
    let ends = raw.ends.unwrap_or_else(|| at.plus(Span::minutes(20)));
    let overlay = Overlay {
        organization: raw.organization.unwrap_or_else(|| organization.clone()),
        effect: raw.effect,
        audience: raw.audience,
        starts,
        ends,
        reason: raw.reason,
        ticket: None,
        legal_basis: None,
        survives_reboot: raw.survives_reboot,
        floor: raw.floor,
        opened: Opening {
            wall: starts,
            boot_clock: boot_clock(starts, at),
            boot_id: "boot-1".to_owned(),
            incarnation: 1,
        },
    };
    OverlayRow {
        id: raw.id,
        overlay,
        seal: if raw.broken_seal { Seal::Broken } else { Seal::Verified },
        closing: raw.closed,
        superseded: raw.superseded,
    }
}

/// What the boot clock says at the true instant `at`.
fn boot_clock(at: Moment, file_at: Moment) -> Span {
    Span(UPTIME.0.saturating_add(at.since(file_at).0))
}

/// What all cases of a file share.
struct Scene<'f> {
    file_at: Moment,
    organization: &'f OrganizationId,
    address: Option<IpAddr>,
    node: &'f RawNode,
    overlays: &'f [OverlayRow],
}

impl Scene<'_> {
    fn node_facts(&self, node: &RawNode, at: Moment) -> NodeFacts {
        let true_instant = node.boot_clock.unwrap_or(at);
        NodeFacts {
            organization: self.organization.clone(),
            wall: at,
            boot_clock: (!node.boot_clock_unreadable)
                .then(|| boot_clock(true_instant, self.file_at)),
            boot_id: Some(node.boot_id.clone().unwrap_or_else(|| "boot-1".to_owned())),
            high_water: node.high_water.unwrap_or(at),
            view_age: Span::seconds(node.view_age_seconds.unwrap_or(0)),
            lease: Span::seconds(30),
            tolerance: Span::seconds(5),
            incarnation: node.incarnation.unwrap_or(1),
            journal: if node.journal_unavailable { Journal::Unavailable } else { Journal::Durable },
        }
    }

    fn standing_overlays(
        &self,
        under: Option<&[OverlayId]>,
    ) -> Result<Option<Vec<OverlayRow>>, String> {
        let Some(under) = under else {
            return Ok((!self.overlays.is_empty()).then(|| self.overlays.to_vec()));
        };
        let found = |id: &OverlayId| self.overlays.iter().any(|row| row.id == *id);
        if let Some(missing) = under.iter().find(|id| !found(id)) {
            return Err(format!("there is no overlay `{missing}`; add it to `[[overlays]]`"));
        }
        Ok(Some(self.overlays.iter().filter(|row| under.contains(&row.id)).cloned().collect()))
    }

    fn case(&self, raw: RawCase, line: usize) -> Result<Case, String> {
        Ok(Case {
            name: raw.name.get_ref().clone(),
            line,
            organization: raw.organization.clone().unwrap_or_else(|| self.organization.clone()),
            address: raw.from.or(self.address),
            overlays: self.standing_overlays(raw.under.as_deref())?,
            node: self
                .node_facts(raw.node.as_ref().unwrap_or(self.node), raw.at.unwrap_or(self.file_at)),
            expect: expect(raw)?,
        })
    }
}

fn expect(raw: RawCase) -> Result<Expect, String> {
    let kinds = usize::from(raw.expect.is_some())
        + usize::from(raw.sees.is_some())
        + usize::from(raw.list.is_some())
        + usize::from(raw.count.is_some())
        + usize::from(raw.who.is_some());
    if kinds != 1 {
        return Err("state one of `expect`, `sees`, `list`, `count` or `who`".to_owned());
    }
    if let Some(expected) = raw.expect {
        return decision(expected, raw);
    }
    let surplus = raw.because.is_some()
        || raw.stage.is_some()
        || raw.why.is_some()
        || raw.overlay.is_some()
        || raw.bulk
        || !raw.fields.is_empty();
    if surplus {
        return Err("`because`, `stage`, `why`, `overlay`, `bulk` and `fields` belong to `expect`"
            .to_owned());
    }
    let on = target(raw.on.ok_or("state `on`")?)?;
    if let Some(users) = raw.who {
        if raw.subject.is_some() {
            return Err("`who` has no `subject`".to_owned());
        }
        let Target::Record(record) = on else {
            return Err("`who` is asked of a record".to_owned());
        };
        return Ok(Expect::Who { action: raw.action.unwrap_or(Action::Read), record, users });
    }
    let subject = raw.subject.ok_or("state `subject`")?;
    if let Some(fields) = raw.sees {
        if raw.action.is_some() {
            return Err("`sees` has no `action`".to_owned());
        }
        return Ok(Expect::Sees { subject, on, fields });
    }
    let action = raw.action.unwrap_or(Action::Read);
    let Target::Object(object) = on else {
        return Err("`list` and `count` are asked of an object".to_owned());
    };
    Ok(match (raw.list, raw.count) {
        (Some(records), _) => Expect::List {
            subject,
            action,
            object,
            records: records.into_iter().map(Into::into).collect(),
        },
        (None, count) => {
            Expect::Count { subject, action, object, count: count.unwrap_or_default() }
        }
    })
}

fn decision(expected: RawExpect, raw: RawCase) -> Result<Expect, String> {
    let ask = Ask {
        subject: raw.subject.ok_or("state `subject`")?,
        action: raw.action.ok_or("state `action`")?,
        on: target(raw.on.ok_or("state `on`")?)?,
        fields: raw.fields,
        extent: if raw.bulk { Extent::Bulk } else { Extent::Single },
    };
    let because = match raw.because {
        None => None,
        Some(Words::One(path)) => Some(vec![StatedPath::parse(&path)?]),
        Some(Words::Several(paths)) => {
            Some(paths.iter().map(|path| StatedPath::parse(path)).collect::<Result<_, _>>()?)
        }
    };
    let refusal = match (raw.stage, raw.why) {
        (Some(stage), Some(why)) => Some(StatedRefusal::parse(&stage, &why)?),
        (None, None) => None,
        _ => return Err("`stage` and `why` go together".to_owned()),
    };
    if raw.overlay.is_some() && expected != RawExpect::Relaxed {
        return Err("`overlay` belongs to `expect = \"relaxed\"`".to_owned());
    }
    let outcome = match (expected, because, refusal) {
        (RawExpect::Allow, Some(paths), None) => Outcome::Allow(Some(paths)),
        (RawExpect::Allow, None, None) => match ask.on {
            Target::Record(_) => return Err("`allow` on a record needs `because`".to_owned()),
            Target::Object(_) => Outcome::Allow(Some(Vec::new())),
            Target::New { .. } => Outcome::Allow(None),
        },
        (RawExpect::Allow, _, _) => {
            return Err("`allow` has no `stage` or `why`".to_owned());
        }
        (RawExpect::Deny, paths, Some(refusal)) => Outcome::Deny(refusal, paths),
        (RawExpect::Relaxed, None, Some(refusal)) => {
            Outcome::Relaxed(raw.overlay.ok_or("`relaxed` needs `overlay`")?, refusal)
        }
        (RawExpect::Deny | RawExpect::Relaxed, _, _) => {
            return Err("`deny` and `relaxed` need `stage` and `why`".to_owned());
        }
    };
    Ok(Expect::Decision { ask, outcome })
}

fn target(raw: RawTarget) -> Result<Target, String> {
    Ok(match raw {
        RawTarget::Named(text) if text.contains('/') => Target::Record(record_key(&text)?),
        RawTarget::Named(text) => Target::Object(text.into()),
        RawTarget::New(new) => Target::New { object: new.new, owners: new.owners, unit: new.unit },
    })
}
