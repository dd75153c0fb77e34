//! After the end: what was relaxed is asked again and must be refused, the report is made, and timers that ran out are written down.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::answer::Decision;
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::lifecycle::{
    Actor, Event, ReportEvidence, RequestId, SelfTest, State, WindowRequest, expired,
};
use guan_engine::model::{
    Action, Moment, OrganizationId, Overlay, OverlayEffect, OverlayId, Policy, Principal,
    RecordKey, Span,
};
use guan_ledger::{Digest, Entry, Kind};
use serde::{Deserialize, Serialize};

use super::{Gate, WindowCall, WindowFault, With, overlay_of};
use crate::caller::{Caller, ClockReading};
use crate::decision::refusal_code;
use crate::error::{ReadError, StorageError};
use crate::report::{Report, WriteUnder};
use crate::store::Store;
use crate::window::{Soundness, WindowDocument};
use crate::{canonical, log};

/// So many would-denies are asked again; of more, evenly chosen ones.
const ASKED_MAX: usize = 500;
/// A refusal that came so often is worth a permanent rule.
const OFTEN: u64 = 3;
/// So many suggestions are made, the most frequent first.
const SUGGESTIONS_MAX: usize = 20;

/// A would-deny that was asked again and is not refused any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StillAllowed {
    /// The ledger row of the would-deny.
    pub sequence: u64,
    /// Who.
    pub user: String,
    /// What.
    pub action: String,
    /// On which object.
    pub object: String,
    /// On which record, if it was one.
    pub record: Option<String>,
    /// The other window that allows it now; absent where the policy does, for instance since they own it meanwhile.
    pub overlay: Option<OverlayId>,
}

/// What the self-test found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfTested {
    /// How many would-denies there are.
    pub of: u64,
    /// How many were asked again.
    pub asked: u64,
    /// How many are refused.
    pub refused: u64,
    /// The others.
    pub still_allowed: Vec<StillAllowed>,
}

/// That nothing of the floor was relaxed, shown on every row of the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FloorProof {
    /// How many rows were looked at.
    pub rows: u64,
    /// Rows that touch a protected field, a bulk action or what the window itself kept closed.
    pub touched: Vec<u64>,
    /// Rows of somebody, or of a moment, that the window was not for.
    pub outside: Vec<u64>,
}

/// What of the scope nobody used.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Unused {
    /// Objects that it named.
    pub objects: BTreeSet<String>,
    /// Actions that it named.
    pub actions: BTreeSet<String>,
    /// Users that its audience named.
    pub users: BTreeSet<String>,
    /// How long it was still open after it was used last.
    pub idle: Option<Span>,
}

/// The same refusal again and again: worth a permanent rule, if somebody agrees. Nothing follows by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Who was refused.
    pub user: String,
    /// What.
    pub action: String,
    /// On which object.
    pub object: String,
    /// By what: `out_of_reach`.
    pub refusal: String,
    /// Which rules refused, if any.
    pub rules: BTreeSet<String>,
    /// How often.
    pub times: u64,
    /// On how many records.
    pub records: u64,
    /// What would be enough: `grant` in a set, `reach` by a share or a sharing rule, `restriction` or `field` to look at.
    pub kind: &'static str,
}

/// Everything about a window from its request to its review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WindowReport {
    /// The request with approvals, opening, end and review.
    pub request: WindowRequest,
    /// Whether the request can be relied on.
    pub soundness: Soundness,
    /// What was recorded while it was open, and how it ended; absent where it never opened.
    pub window: Option<Report>,
    /// What was foreseen, as it was shown before anybody approved.
    pub preview: Option<serde_json::Value>,
    /// How many different users, records and kinds of act there really were.
    pub reality: Reality,
    /// That the floor held.
    pub floor: FloorProof,
    /// What was asked again after the end; absent until then.
    pub self_test: Option<SelfTested>,
    /// What could be narrower the next time.
    pub unused: Unused,
    /// What keeps coming back.
    pub suggestions: Vec<Suggestion>,
}

/// What was really used, to be compared with what was foreseen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reality {
    /// Users who were relaxed.
    pub users: u64,
    /// Records that were reached by them alone.
    pub records: u64,
    /// Rows that lists and counts held more.
    pub listed: u64,
    /// Records that were written.
    pub written: u64,
}

impl Gate {
    /// Everything about a window, from rows that can be verified.
    ///
    /// Cost: reads its ledger rows and its backup.
    ///
    /// Errors: there is no such request.
    pub fn window_report(
        &self,
        organization: &OrganizationId,
        clock: &ClockReading,
        id: &RequestId,
    ) -> Result<WindowReport, WindowFault> {
        let view = self.view(organization)?;
        let facts = view.facts(clock);
        let policy = view.engine().policy();
        self.read(|reader| {
            let stored = reader.window_request(organization, id)?;
            let window = match reader.report_by(&overlay_of(id), &facts) {
                Ok(report) => Some(report),
                Err(ReadError::UnknownOverlay { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            let document = |kind| -> Result<_, WindowFault> {
                let text = reader.window_document(organization, id, kind)?;
                Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
            };
            let entries = entries(reader, organization, id)?;
            let overlay = window.as_ref().map(|window| &window.overlay);
            Ok(WindowReport {
                preview: document(WindowDocument::Preview)?,
                self_test: document(WindowDocument::Report)?.and_then(
                    |report: serde_json::Value| {
                        serde_json::from_value(report.get("self_test")?.clone()).ok()
                    },
                ),
                reality: reality(window.as_ref()),
                floor: overlay.map(|overlay| floor(overlay, policy, &entries)).unwrap_or_default(),
                unused: unused(&stored.request, &entries),
                suggestions: suggestions(&entries),
                request: stored.request,
                soundness: stored.soundness,
                window,
            })
        })
    }

    /// Brings requests forward that need nobody: those whose window ended get their self-test and report, those whose timer
    /// ran out are written down as expired. Gives how many. What cannot be done now is left to who comes next.
    pub fn settle_windows(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        organization: &OrganizationId,
    ) -> Result<u64, WindowFault> {
        let call = WindowCall {
            caller: caller.clone(),
            clock: clock.clone(),
            organization: organization.clone(),
            by: Actor::System,
            stepped_up: None,
        };
        let mut settled = 0;
        let whole = |state| -> Result<Vec<WindowRequest>, WindowFault> {
            let found = self.read(|reader| reader.window_requests_in(organization, state))?;
            let whole = found.into_iter().filter(|one| one.soundness == Soundness::Whole);
            Ok(whole.map(|one| one.request).collect())
        };
        for request in whole(State::Closed)? {
            self.report_window(&call, &request)?;
            settled += 1;
        }
        let settings =
            self.read(|reader| reader.switch_settings(organization, clock.wall))?.settings;
        let before_opening =
            [State::Draft, State::Previewed, State::BackedUp, State::Approved, State::Armed];
        for state in before_opening {
            for request in whole(state)? {
                if expired(&request, &settings, clock.wall).is_some() {
                    self.step_window(&call, (&request.id, request.version), Event::Expire)?;
                    settled += 1;
                }
            }
        }
        Ok(settled)
    }

    /// Asks again what a closed window relaxed, makes its report and keeps both.
    fn report_window(
        &self,
        call: &WindowCall,
        request: &WindowRequest,
    ) -> Result<WindowRequest, WindowFault> {
        let (organization, id) = (&call.organization, &request.id);
        let self_test = self.ask_again(call, request)?;
        let mut report = self.window_report(organization, &call.clock, id)?;
        let (asked, refused) = (self_test.asked, self_test.refused);
        report.self_test = Some(self_test);
        let text = canonical::text(&report).map_err(StorageError::unreadable)?;
        let after = report.window.as_ref().map(|window| window.policy.after.to_string());
        let evidence = ReportEvidence {
            at: call.clock.wall,
            document: Digest::of(text.as_bytes()).to_string(),
            policy: after.unwrap_or_default(),
            self_test: SelfTest { asked, refused },
        };
        let with = With { document: Some((WindowDocument::Report, text)), ..With::default() };
        self.step_with(call, (id, request.version), Event::Report(evidence), with)
    }

    fn ask_again(
        &self,
        call: &WindowCall,
        request: &WindowRequest,
    ) -> Result<SelfTested, WindowFault> {
        let organization = &call.organization;
        let entries = self.read(|reader| entries(reader, organization, &request.id))?;
        let view = self.view(organization)?;
        let facts = view.facts(&call.clock);
        let relaxed: Vec<&Relaxed> = entries.iter().filter(|entry| entry.can_be_asked()).collect();
        let every = relaxed.len().div_ceil(ASKED_MAX).max(1);
        let mut tested = SelfTested { of: entries.len() as u64, ..SelfTested::default() };
        for entry in relaxed.into_iter().step_by(every) {
            let session = Session::new(organization.clone(), entry.user.as_str(), call.clock.wall);
            let session = Session { address: entry.address, ..session };
            let again = Request {
                session: session.under(view.standing(&facts)),
                action: entry.action.clone(),
                on: entry.target(),
                fields: entry.fields.iter().map(|field| field.as_str().into()).collect(),
                extent: Extent::Single,
            };
            tested.asked += 1;
            let overlay = match view.engine().check(&again) {
                Decision::Deny { .. } => {
                    tested.refused += 1;
                    continue;
                }
                Decision::Relaxed { overlay, .. } => Some(overlay),
                Decision::Allow { .. } => None,
            };
            tested.still_allowed.push(StillAllowed {
                sequence: entry.sequence,
                user: entry.user.clone(),
                action: entry.action.to_string(),
                object: entry.object.clone(),
                record: entry.record.clone(),
                overlay,
            });
        }
        Ok(tested)
    }
}

/// A row that a window relaxed, as far as it is asked again and counted.
struct Relaxed {
    sequence: u64,
    at: Moment,
    user: String,
    address: Option<std::net::IpAddr>,
    action: Action,
    object: String,
    record: Option<String>,
    fields: BTreeSet<String>,
    refusal: String,
    rules: BTreeSet<String>,
    sort: Sort,
}

/// How something was relaxed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    /// A single question.
    Question,
    /// A list or a count.
    List,
    /// A record was written.
    Write,
}

impl Relaxed {
    /// A write that was journalled: whoever made it is asked again whether they may edit that record.
    fn of_write(write: WriteUnder, address: Option<std::net::IpAddr>, at: Moment) -> Self {
        let action = match write.what.as_str() {
            "created" => Action::Create,
            "deleted" => Action::Delete,
            _ => Action::Edit,
        };
        Self {
            sequence: write.sequence,
            at,
            user: write.by,
            address,
            action,
            object: write.object,
            record: Some(write.record),
            fields: BTreeSet::new(),
            refusal: String::new(),
            rules: BTreeSet::new(),
            sort: Sort::Write,
        }
    }

    fn of(sequence: u64, entry: Entry) -> Option<Self> {
        let sort = match entry.kind {
            Kind::WouldDeny => Sort::Question,
            Kind::ListRelaxed => Sort::List,
            _ => return None,
        };
        let refusal = entry.result.and_then(|result| result.error_class).unwrap_or_default();
        Some(Self {
            sequence,
            at: Moment(entry.time.wall_us.div_euclid(1_000)),
            user: entry.who.on_behalf_of.unwrap_or(entry.who.caller),
            address: entry.who.source_address,
            action: Action::from(entry.what.operation),
            object: entry.what.object.unwrap_or_default(),
            record: entry.what.record,
            fields: entry.what.fields,
            refusal,
            rules: entry
                .decision
                .map(|decision| decision.rules.into_iter().collect())
                .unwrap_or_default(),
            sort,
        })
    }

    fn target(&self) -> Target {
        let object = self.object.as_str();
        match &self.record {
            Some(record) => Target::Record(RecordKey::new(object, record.as_str())),
            None => Target::Object(object.into()),
        }
    }

    /// A list of several is no single question, who the owner of a new record was to be is not kept, and what was deleted is gone.
    fn can_be_asked(&self) -> bool {
        match self.sort {
            Sort::Question => self.record.is_some() || self.action != Action::Create,
            Sort::List => self.record.is_some(),
            Sort::Write => self.action == Action::Edit,
        }
    }
}

fn entries(
    reader: &Store,
    organization: &OrganizationId,
    id: &RequestId,
) -> Result<Vec<Relaxed>, WindowFault> {
    let rows = log::rows_of_overlay(&reader.database, organization.as_str(), id.as_str())?;
    let (mut found, mut from) = (Vec::new(), BTreeMap::new());
    for row in rows {
        let entry = Entry::from_bytes(&row.bytes).map_err(|error| {
            StorageError::unreadable(format!("ledger row {}: {error}", row.sequence))
        })?;
        let at = Moment(entry.time.wall_us.div_euclid(1_000));
        from.insert(row.sequence, (entry.who.source_address, at));
        found.extend(Relaxed::of(row.sequence, entry));
    }
    for write in reader.writes_under(organization, &overlay_of(id))? {
        let (address, at) = from.get(&write.sequence).copied().unwrap_or((None, Moment(0)));
        found.push(Relaxed::of_write(write, address, at));
    }
    Ok(found)
}

fn reality(window: Option<&Report>) -> Reality {
    let Some(window) = window else { return Reality::default() };
    let rows = &window.would_denies.rows;
    let read = rows.iter().filter_map(|row| Some((&row.object, row.record.as_ref()?)));
    let seen = window.lists.iter().filter_map(|list| Some((&list.object, list.record.as_ref()?)));
    let written = window.writes.iter().map(|write| (&write.object, &write.record));
    let records: BTreeSet<_> = read.chain(seen).chain(written).collect();
    let users: BTreeSet<&String> = rows
        .iter()
        .map(|row| &row.user)
        .chain(window.lists.iter().map(|list| &list.user))
        .chain(window.writes.iter().map(|write| &write.by))
        .collect();
    Reality {
        users: users.len() as u64,
        records: records.len() as u64,
        listed: window.lists.iter().map(|list| list.rows).sum(),
        written: window.writes.len() as u64,
    }
}

/// Every row of a window is held against its floor, its time and its audience by name.
fn floor(overlay: &Overlay, policy: &Policy, entries: &[Relaxed]) -> FloorProof {
    let OverlayEffect::Suspension { scope, .. } = &overlay.effect else {
        return FloorProof { rows: entries.len() as u64, ..FloorProof::default() };
    };
    let mut proof = FloorProof { rows: entries.len() as u64, ..FloorProof::default() };
    let names = named_users(&overlay.audience.users);
    for entry in entries {
        let object = policy.objects.get(entry.object.as_str());
        let is_bulk = matches!(entry.action, Action::Export | Action::Import);
        let protected = entry.fields.iter().any(|field| {
            let class = object
                .and_then(|object| object.fields.get(field.as_str()))
                .and_then(|field| field.class);
            class.is_some_and(|class| {
                class.is_protected() && !scope.protected_classes.contains(&class)
            })
        });
        let own = &overlay.floor;
        let kept = own.objects.contains(entry.object.as_str())
            || own.actions.contains(&entry.action)
            || own.fields.get(entry.object.as_str()).is_some_and(|fields| {
                entry.fields.iter().any(|field| fields.contains(field.as_str()))
            });
        if protected || kept || (is_bulk && !scope.bulk) {
            proof.touched.push(entry.sequence);
        }
        let in_time = overlay.starts <= entry.at && entry.at < overlay.ends;
        let in_audience = names.as_ref().is_none_or(|names| names.contains(entry.user.as_str()));
        let from_there = overlay.audience.networks.is_empty()
            || entry.address.is_some_and(|address| {
                overlay.audience.networks.iter().any(|range| range.contains(address))
            });
        if !in_time || !in_audience || !from_there {
            proof.outside.push(entry.sequence);
        }
    }
    proof
}

/// The users that principals name one by one; `None` where a group, a node or a population is among them.
fn named_users(users: &BTreeSet<Principal>) -> Option<BTreeSet<&str>> {
    if users.is_empty() {
        return None;
    }
    users
        .iter()
        .map(|principal| match principal {
            Principal::User(user) => Some(user.as_str()),
            _ => None,
        })
        .collect()
}

fn unused(request: &WindowRequest, entries: &[Relaxed]) -> Unused {
    let used = |of: fn(&Relaxed) -> String| entries.iter().map(of).collect::<BTreeSet<String>>();
    let (objects, actions, users) = (
        used(|one| one.object.clone()),
        used(|one| one.action.to_string()),
        used(|one| one.user.clone()),
    );
    let mut found = Unused::default();
    let Some(opened) = &request.opened else { return found };
    if let OverlayEffect::Suspension { scope, .. } = &request.wanted.effect {
        let named = scope.objects.iter().chain(scope.fields.keys()).map(ToString::to_string);
        found.objects = named.filter(|object| !objects.contains(object)).collect();
        let named = scope.actions.iter().map(ToString::to_string);
        found.actions = named.filter(|action| !actions.contains(action)).collect();
        let named = named_users(&request.wanted.audience.users).unwrap_or_default();
        found.users =
            named.into_iter().filter(|user| !users.contains(*user)).map(str::to_owned).collect();
        let last = entries.iter().map(|entry| entry.at).max().unwrap_or(opened.starts);
        let ended = request.closed.as_ref().map_or(opened.ends, |closed| closed.at);
        found.idle = Some(Span(ended.since(last).0.max(0)));
    }
    found
}

fn suggestions(entries: &[Relaxed]) -> Vec<Suggestion> {
    let mut groups: BTreeMap<(&str, String, &str, &str), Vec<&Relaxed>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.sort == Sort::Question) {
        let key = (
            entry.user.as_str(),
            entry.action.to_string(),
            entry.object.as_str(),
            entry.refusal.as_str(),
        );
        groups.entry(key).or_default().push(entry);
    }
    let often = groups.into_iter().filter(|(_, rows)| rows.len() as u64 >= OFTEN);
    let mut made: Vec<Suggestion> = often
        .map(|((user, action, object, refusal), rows)| {
            let records: BTreeSet<_> = rows.iter().filter_map(|row| row.record.as_ref()).collect();
            Suggestion {
                user: user.to_owned(),
                action,
                object: object.to_owned(),
                refusal: refusal.to_owned(),
                rules: rows.iter().flat_map(|row| row.rules.iter().cloned()).collect(),
                times: rows.len() as u64,
                records: records.len() as u64,
                kind: kind_of(refusal),
            }
        })
        .collect();
    made.sort_by(|one, other| other.times.cmp(&one.times).then_with(|| one.user.cmp(&other.user)));
    made.truncate(SUGGESTIONS_MAX);
    made
}

/// Where a permanent rule would have to be made, by the code of the refusal.
fn kind_of(refusal: &str) -> &'static str {
    use guan_engine::answer::Refusal;
    match refusal {
        code if code == refusal_code(&Refusal::NoGrant) => "grant",
        code if code == refusal_code(&Refusal::OutOfReach) => "reach",
        code if code.starts_with("field_") => "field",
        _ => "restriction",
    }
}
