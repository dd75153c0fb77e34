//! What a step in the life of a window asks of the moment: clocks, people, other windows and what stands in the way.

use std::collections::{BTreeMap, BTreeSet};

use guan_engine::Engine;
use guan_engine::activity::{NodeFacts, is_acting};
use guan_engine::administration::{Act, Power};
use guan_engine::ask::Session;
use guan_engine::lifecycle::{
    Account, ApprovalPolicy, ClosedBy, Duty, Facts, Hindrance, Identity, RequestId, Standing,
    SwitchSettings, Window, WindowRequest,
};
use guan_engine::model::{
    Audience, Moment, OrganizationId, Policy, Principal, Span, User, UserId, UserKind, Value,
};

use super::makers;
use crate::error::ReadError;
use crate::overlay;
use crate::reserve;
use crate::store::Store;
use crate::{migration, side};

/// Windows that ended within this time count towards what a scope may be off in a day; so long an author's gifts make
/// nobody an approver.
pub(super) const DAY: Span = Span::minutes(24 * 60);

/// Where a receiver of notices failed for so long, no window but an emergency opens of which it would not hear.
const RECEIVER_SILENT: Span = Span::minutes(24 * 60);

/// Attributes of a user by which accounts of one person are known, in small letters.
const MARKS: &[&str] = &[
    "email",
    "mail",
    "username",
    "upn",
    "employeenumber",
    "employee_number",
    "employee_id",
    "staff_number",
    "federationidentifier",
    "federation_id",
];

/// What each duty takes.
const DUTIES: &[(Duty, &[Power])] = &[
    (Duty::Request, &[Power::ManageOverlays]),
    (Duty::Approve, &[Power::ApproveOverlays]),
    (Duty::Close, &[Power::ManageOverlays, Power::ApproveOverlays, Power::ReviewOverlays]),
    (Duty::Review, &[Power::ReviewOverlays]),
];

/// Everything that a step asks, read at one moment.
#[derive(Debug)]
pub(super) struct Gathered {
    node: NodeFacts,
    digest: String,
    settings: SwitchSettings,
    accounts: BTreeMap<UserId, Account>,
    windows: Vec<Window>,
    emergency: Option<RequestId>,
    hindrances: BTreeSet<Hindrance>,
}

/// Who acts, and whether they have just proved who they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Acts<'a> {
    pub(super) user: Option<&'a UserId>,
    pub(super) stepped_up: Option<Moment>,
}

impl Gathered {
    /// Reads everything; `request` is the one that is stepped, if there is one already.
    pub(super) fn of(
        store: &Store,
        engine: &Engine,
        node: NodeFacts,
        acts: Acts<'_>,
        request: Option<&WindowRequest>,
    ) -> Result<Self, ReadError> {
        Self::with(store, engine, node, (acts, &BTreeSet::new()), request)
    }

    /// As [`Gathered::of`], with the accounts of others too.
    pub(super) fn with(
        store: &Store,
        engine: &Engine,
        node: NodeFacts,
        (acts, others): (Acts<'_>, &BTreeSet<UserId>),
        request: Option<&WindowRequest>,
    ) -> Result<Self, ReadError> {
        let organization = &node.organization;
        let side = store.side()?;
        let now = node.wall;
        let settings = store.switch_settings(organization, now)?.settings;
        let stored = overlay::since(&store.database, organization, &side, now.plus(Span(-DAY.0)))?;
        let windows = stored.iter().map(|stored| {
            let over = stored.closing.as_ref().map(|stored| &stored.closing);
            let standing = match (over, is_acting(&stored.row(), &node)) {
                (Some(closing), _) => Standing::Over(ClosedBy::read(&closing.why).0),
                (None, Ok(())) => Standing::Open,
                (None, Err(_)) => Standing::Over(ClosedBy::Deadline),
            };
            let overlay = &stored.sealed.overlay;
            Window {
                overlay: stored.id.clone(),
                effect: overlay.effect.clone(),
                audience: overlay.audience.clone(),
                starts: overlay.starts,
                ends: over.map_or(overlay.ends, |closing| closing.at.min(overlay.ends)),
                standing,
            }
        });
        let people = request.into_iter().flat_map(|request| {
            let approvers = request.approvals.iter().map(|approval| &approval.by);
            let opener = request.opened.iter().map(|opened| &opened.by);
            request.authors.iter().chain([&request.requested_by]).chain(approvers).chain(opener)
        });
        let people: BTreeSet<&UserId> = people.chain(acts.user).chain(others).collect();
        Ok(Self {
            digest: store
                .revision(organization, store.current_revision(organization)?)?
                .after
                .to_string(),
            accounts: accounts(store, engine, (&node, &settings), (&people, acts), request)?,
            windows: windows.collect(),
            emergency: store.unreviewed_emergency(organization)?,
            hindrances: hindrances(store, organization, &side, now)?,
            settings,
            node,
        })
    }

    /// As the rule takes it.
    pub(super) fn facts<'a>(&'a self, policy: &'a Policy) -> Facts<'a> {
        Facts {
            node: &self.node,
            policy,
            policy_digest: &self.digest,
            settings: &self.settings,
            accounts: &self.accounts,
            windows: &self.windows,
            unreviewed_emergency: self.emergency.as_ref(),
            hindrances: &self.hindrances,
        }
    }
}

fn hindrances(
    store: &Store,
    organization: &OrganizationId,
    side: &side::Side,
    now: Moment,
) -> Result<BTreeSet<Hindrance>, ReadError> {
    let mut found = BTreeSet::new();
    if side.safe_mode.is_some() {
        found.insert(Hindrance::SafeMode);
    }
    if !reserve::is_whole(store.folder()) && reserve::fill(store.folder()).is_err() {
        found.insert(Hindrance::NoReserve);
    }
    let silent = now.plus(Span(-RECEIVER_SILENT.0));
    let receivers = store.notice_lag(organization)?;
    let is_silent = receivers
        .iter()
        .any(|lag| lag.failures > 0 && lag.oldest.is_some_and(|oldest| oldest <= silent));
    if is_silent {
        found.insert(Hindrance::NoticesBehind);
    }
    if store.side_is_behind {
        found.insert(Hindrance::LedgerBehind);
    }
    if migration::is_newer(&store.database)? {
        found.insert(Hindrance::Migration);
    }
    if !side.key_serves(now) {
        found.insert(Hindrance::NoKey);
    }
    Ok(found)
}

/// The accounts of these people and all others that belong to the same persons.
fn accounts(
    store: &Store,
    engine: &Engine,
    (node, settings): (&NodeFacts, &SwitchSettings),
    (people, acts): (&BTreeSet<&UserId>, Acts<'_>),
    request: Option<&WindowRequest>,
) -> Result<BTreeMap<UserId, Account>, ReadError> {
    let policy = engine.policy();
    let named = named(settings);
    let persons = same_persons(policy, people);
    let authors = request
        .into_iter()
        .flat_map(|request| request.authors.iter().chain([&request.requested_by]));
    let authors = same_persons(policy, &authors.collect());
    let mut makers = makers::of(store, engine, node, (&persons, &authors))?;
    let accounts = persons
        .into_iter()
        .filter_map(|id| {
            let user = policy.users.get(id)?;
            let session = Session::new(node.organization.clone(), id.clone(), node.wall);
            let holds = |power: &Power| engine.may_administer(&session, Act::Use(*power)).is_ok();
            let duties = DUTIES.iter().filter(|(_, powers)| powers.iter().any(holds));
            let belongs = |principal: &&Principal| {
                let users = BTreeSet::from([(*principal).clone()]);
                engine.concerns(&Audience { users, networks: Vec::new() }, &session)
            };
            let account = Account {
                identity: identity(id, user),
                active: user.active,
                duties: duties.map(|(duty, _)| *duty).collect(),
                principals: named.iter().filter(belongs).cloned().collect(),
                made_by: makers.remove(id).unwrap_or_default(),
                stepped_up: acts.stepped_up.filter(|_| acts.user == Some(id)),
            };
            Some((id.clone(), account))
        })
        .collect();
    Ok(accounts)
}

/// Everybody and everything that the approval policies name.
fn named(settings: &SwitchSettings) -> BTreeSet<Principal> {
    let approvals = &settings.approvals;
    let policies = [&approvals.usual, &approvals.everything, &approvals.protected];
    let among = policies.into_iter().filter_map(|policy| match policy {
        ApprovalPolicy::SomeOf { among, .. } => Some(among),
        ApprovalPolicy::None | ApprovalPolicy::OneOther => None,
    });
    among.flatten().cloned().collect()
}

/// These users and everybody who shares a mark with one of them, through accounts in between too.
///
/// Cost: the users of the policy.
fn same_persons<'a>(policy: &'a Policy, people: &BTreeSet<&UserId>) -> BTreeSet<&'a UserId> {
    let mut by_mark: BTreeMap<String, Vec<&UserId>> = BTreeMap::new();
    for (id, user) in &policy.users {
        for mark in marks(id, user) {
            by_mark.entry(mark).or_default().push(id);
        }
    }
    let mut found = BTreeSet::new();
    let known = policy.users.keys().filter(|id| people.contains(id));
    let mut open: Vec<&UserId> = known.collect();
    while let Some(id) = open.pop() {
        if !found.insert(id) {
            continue;
        }
        let Some(user) = policy.users.get(id) else { continue };
        for mark in marks(id, user) {
            open.extend(by_mark.get(&mark).into_iter().flatten().copied());
        }
    }
    found
}

/// Everybody who is active and may approve windows.
///
/// Cost: the users of the policy.
pub(super) fn approvers(engine: &Engine, node: &NodeFacts) -> BTreeSet<UserId> {
    let may = |id: &UserId| {
        let session = Session::new(node.organization.clone(), id.clone(), node.wall);
        engine.may_administer(&session, Act::Use(Power::ApproveOverlays)).is_ok()
    };
    let users = engine.policy().users.iter();
    users.filter(|(id, user)| user.active && may(id)).map(|(id, _)| id.clone()).collect()
}

fn identity(id: &UserId, user: &User) -> Identity {
    match user.kind {
        UserKind::Internal | UserKind::External => Identity::Person(marks(id, user).collect()),
        UserKind::Integration => Identity::Program,
        UserKind::Guest => Identity::Unknown,
    }
}

/// What tells a person, in one spelling: the id, and the attributes that are known for it.
pub(super) fn marks<'a>(id: &'a UserId, user: &'a User) -> impl Iterator<Item = String> + 'a {
    let attributes = user.attributes.iter().filter_map(|(name, value)| match value {
        Value::Text(text) if MARKS.contains(&name.to_lowercase().as_str()) => Some(text.as_str()),
        _ => None,
    });
    let texts = [id.as_str()].into_iter().chain(attributes);
    texts.map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty())
}
