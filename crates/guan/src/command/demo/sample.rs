//! The sample organization as an installation, with three people who can sign in.

use crate::installation::caller;
use crate::sample;
use crate::shell::Call;
use crate::starter::told;
use guan_engine::model::{
    Assigned, Assignment, Organization, OrganizationId, PermissionSet, Policy, Power, Principal,
    UserId,
};
use guan_import::salesforce::{Options, import};
use guan_server::password;
use guan_store::{
    Caller, Change, ClockReading, CredentialChange, DatabasePlace, RecordsChange, Store,
};
use std::collections::BTreeMap;

/// The id of the organization.
const ORGANIZATION: &str = "lanhai";
/// Minutes east of UTC of its offices in China.
const UTC_OFFSET_MINUTES: i32 = 480;
/// The set that gives Guan's own powers, which the files of a CRM do not know.
const ADMINISTRATION: &str = "guan_administration";

/// The set of who agrees to windows and reviews them: somebody else than the administrator.
const APPROVAL: &str = "guan_approval";

/// Who signs in, with their role in English and Chinese; the administrator first.
const PEOPLE: [((&str, &str), &str); 3] = [
    (("administrator", "管理员"), "shi.yu@lanhai.example"),
    (("manager      ", "经理　"), "wang.fang@lanhai.example"),
    (("sales        ", "销售　"), "li.wei@lanhai.example"),
];

/// An account that can be used at once.
pub(super) struct Ready {
    pub(super) role: (&'static str, &'static str),
    pub(super) user: UserId,
    pub(super) password: String,
}

impl Ready {
    /// As programs read it.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "role": self.role.0.trim(), "user": self.user, "password": self.password,
        })
    }
}

/// Makes the installation in the folder of the call.
///
/// Cost: about a second.
///
/// Errors: the folder cannot be written, or has one already.
pub(super) fn make(call: &Call<'_>) -> anyhow::Result<(Store, Vec<Ready>)> {
    let (caller, clock) = (caller(), call.shell.clock.read());
    let mut store = Store::create_in(call.folder(), &DatabasePlace::File, &caller, &clock)?;
    let files = sample::files();
    let options = Options {
        organization: ORGANIZATION.to_owned(),
        utc_offset_minutes: UTC_OFFSET_MINUTES,
        tokens: BTreeMap::new(),
    };
    let imported = import(&files, Some(&files.within("rows")), &options)?;
    let mut policy = imported.policy;
    "Lanhai Instruments 岚海仪器".clone_into(&mut policy.organization.name);
    give_powers(&mut policy);
    let organization: Organization = policy.organization.clone();
    let id = organization.id.clone();
    let reason = "demo".to_owned();
    store.write(&caller, &clock, &Change::CreateOrganization { organization, reason })?;
    let change = Change::ReplacePolicy {
        policy: Box::new(policy),
        expected: store.current_revision(&id)?,
        records: RecordsChange::Replace(imported.records),
        reason: "import salesforce examples/lanhai".to_owned(),
    };
    store.write(&caller, &clock, &change)?;
    let ready =
        PEOPLE.into_iter().map(|person| account(&mut store, (&caller, &clock), &id, person));
    let ready = ready.collect::<anyhow::Result<_>>()?;
    Ok((store, ready))
}

/// The administrator of the CRM administers Guan too, and the manager agrees to windows.
fn give_powers(policy: &mut Policy) {
    let system = Power::ALL.iter().map(|power| power.name().to_owned()).collect();
    let set = PermissionSet { name: "Guan 管理".to_owned(), system, ..PermissionSet::default() };
    policy.sets.insert(ADMINISTRATION.into(), set);
    let [(_, administrator), ..] = PEOPLE;
    let given = Assigned::Set(ADMINISTRATION.into());
    let assignment = Assignment::new(given, Principal::User(administrator.into()));
    policy.assignments.insert(ADMINISTRATION.into(), assignment);
    let system = [Power::ApproveOverlays, Power::ReviewOverlays];
    let system = system.map(|power| power.name().to_owned()).into();
    let set = PermissionSet { name: "批准窗口".to_owned(), system, ..PermissionSet::default() };
    policy.sets.insert(APPROVAL.into(), set);
    let [_, (_, manager), _] = PEOPLE;
    let given = Assigned::Set(APPROVAL.into());
    let assignment = Assignment::new(given, Principal::User(manager.into()));
    policy.assignments.insert(APPROVAL.into(), assignment);
}

fn account(
    store: &mut Store,
    (caller, clock): (&Caller, &ClockReading),
    organization: &OrganizationId,
    (role, user): ((&'static str, &'static str), &str),
) -> anyhow::Result<Ready> {
    let (user, password) =
        (UserId::from(user), password::one_time().map_err(|problem| told(&problem))?);
    let change = CredentialChange::SetPassword {
        user: user.clone(),
        hash: password::hash(&password).map_err(|problem| told(&problem))?,
        must_change: false,
        keep: None,
    };
    let organization = organization.clone();
    store.write(caller, clock, &Change::ChangeCredentials { organization, change })?;
    Ok(Ready { role, user, password })
}
