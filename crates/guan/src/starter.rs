//! The beginning of an organization: the starter policy, and an administrator whose password is shown once.

use crate::language::Language;
use guan_engine::lifecycle::{ApprovalPolicy, SwitchSettings};
use guan_engine::model::{Organization, OrganizationId, Policy, UserId};
use guan_server::password;
use guan_store::{
    Caller, Change, ClockReading, CredentialChange, RecordsChange, Store, SwitchChange,
    starter_policy,
};

/// The organization that is made when no id is given.
pub(crate) const ORGANIZATION: &str = "main";
/// Its first user.
const ADMINISTRATOR: &str = "admin";

/// Who can sign in from here on; the password is nowhere else.
pub(crate) struct FirstAdministrator {
    pub(crate) organization: OrganizationId,
    pub(crate) user: UserId,
    pub(crate) password: String,
}

/// Gives an organization, which holds nothing yet, the starter policy and its administrator.
///
/// Errors: it was changed meanwhile; the installation cannot write.
pub(crate) fn fill(
    store: &mut Store,
    (caller, clock): (&Caller, &ClockReading),
    organization: Organization,
) -> anyhow::Result<FirstAdministrator> {
    let (id, user) = (organization.id.clone(), UserId::from(ADMINISTRATOR));
    let change = Change::ReplacePolicy {
        policy: Box::new(starter_policy(organization, &user)),
        expected: store.current_revision(&id)?,
        records: RecordsChange::Keep,
        reason: "starter".to_owned(),
    };
    store.write(caller, clock, &change)?;
    approve_alone(store, (caller, clock), &id)?;
    let password = new_password(store, (caller, clock), (&id, &user))?;
    Ok(FirstAdministrator { organization: id, user, password })
}

/// Where there is one administrator, nobody else could agree to a window; protected fields and bulk still take two.
fn approve_alone(
    store: &mut Store,
    (caller, clock): (&Caller, &ClockReading),
    organization: &OrganizationId,
) -> anyhow::Result<()> {
    let mut settings = SwitchSettings::default();
    settings.approvals.usual = ApprovalPolicy::None;
    settings.approvals.everything = ApprovalPolicy::None;
    let change = SwitchChange {
        organization: organization.clone(),
        settings,
        expected: 0,
        at_once: true,
        reason: "one administrator".to_owned(),
    };
    store.write(caller, clock, &Change::ChangeSwitch(Box::new(change)))?;
    Ok(())
}

/// Gives a user a password for one time, which ends every session of theirs.
///
/// Errors: no such user; the installation cannot write.
pub(crate) fn new_password(
    store: &mut Store,
    (caller, clock): (&Caller, &ClockReading),
    (organization, user): (&OrganizationId, &UserId),
) -> anyhow::Result<String> {
    let password = password::one_time().map_err(|problem| told(&problem))?;
    let change = CredentialChange::SetPassword {
        user: user.clone(),
        hash: password::hash(&password).map_err(|problem| told(&problem))?,
        must_change: true,
        keep: None,
    };
    let change = Change::ChangeCredentials { organization: organization.clone(), change };
    store.write(caller, clock, &change)?;
    Ok(password)
}

/// What the server's parts refuse, as an error of a command.
pub(crate) fn told(problem: &guan_server::problem::Problem) -> anyhow::Error {
    anyhow::anyhow!("{}", problem.code().name())
}

/// Whether nobody has changed anything since the organization was made.
pub(crate) fn is_untouched(policy: &Policy) -> bool {
    let organization = &policy.organization;
    let bare = Policy { organization: organization.clone(), ..Policy::default() };
    *policy == bare || *policy == starter_policy(organization.clone(), &ADMINISTRATOR.into())
}

impl FirstAdministrator {
    /// The lines that say how to sign in.
    pub(crate) fn lines(&self, language: Language) -> [String; 2] {
        let Self { user, password, .. } = self;
        match language {
            Language::English => [
                format!("administrator {user} · one-time password {password}"),
                "this password is shown only now; the first thing to do with it is to choose another".to_owned(),
            ],
            Language::Chinese => [
                format!("管理员 {user} · 一次性密码 {password}"),
                "此密码仅显示这一次；首次登录后须先更换密码".to_owned(),
            ],
        }
    }
}
