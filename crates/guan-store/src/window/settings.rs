//! The settings of the switch as they are kept: each change a row of its own, and what makes opening easier waits a day.

use guan_engine::lifecycle::{ApprovalPolicy, Approvals, SwitchSettings};
use guan_engine::model::{Moment, OrganizationId, Span};
use guan_ledger::{ChangeKind, Digest, Kind};
use serde::{Deserialize, Serialize};

use crate::apply::stated;
use crate::database::{Database, values};
use crate::error::ReadError;
use crate::log::Draft;
use crate::side::Side;
use crate::store::Store;
use crate::write::{Effect, WriteError, Writing};
use crate::{revision, seal, sql};

/// How long settings wait that ask for less than those before them, so that nobody lowers the bar and steps over it at once.
const EASIER_AFTER: Span = Span::minutes(24 * 60);

/// New settings of the switch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchChange {
    /// The organization.
    pub organization: OrganizationId,
    /// The settings.
    pub settings: SwitchSettings,
    /// The version that they were made from; 0 while nothing was ever said.
    pub expected: u64,
    /// Whether they hold at once also where they ask for less: for whoever runs the machine itself.
    pub at_once: bool,
    /// Why.
    pub reason: String,
}

/// What the seal signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    instance: String,
    organization: OrganizationId,
    version: u64,
    from: Moment,
    at: Moment,
    by: String,
    settings: SwitchSettings,
}

/// The settings of the switch at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingsInForce {
    /// Those that hold.
    pub settings: SwitchSettings,
    /// The latest version, whether it holds or waits.
    pub version: u64,
    /// Those that will hold, and from when, where the latest ask for less than the ones before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coming: Option<(Moment, SwitchSettings)>,
    /// Who changed them last, and when; absent while nothing was ever said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<(String, Moment)>,
}

/// The settings at a moment. Rows that are not the program's own do not count; where none is left, the strict ones hold.
pub(crate) fn at(
    database: &Database,
    organization: &OrganizationId,
    side: &Side,
    now: Moment,
) -> Result<SettingsInForce, ReadError> {
    let rows: Vec<(u64, String, Vec<u8>)> =
        database.rows(sql::SWITCH_SETTINGS, values![organization.as_str()], |row| {
            Ok((row.get(0)?, row.get(2)?, row.get(3)?))
        })?;
    let version = rows.first().map_or(0, |(version, ..)| *version);
    let whole = rows.into_iter().filter_map(|(version, body, signed)| {
        let sealed: Sealed = serde_json::from_str(&body).ok()?;
        let ours = seal::holds(side, &body, &signed)
            && sealed.instance == side.instance
            && sealed.organization == *organization
            && sealed.version == version;
        ours.then_some(sealed)
    });
    let whole: Vec<Sealed> = whole.collect();
    let changed = whole.first().map(|latest| (latest.by.clone(), latest.at));
    // What asks for more never waited, and holds whatever the clock is set to afterwards.
    let has_come = |sealed: &Sealed| sealed.from <= sealed.at || sealed.from <= now;
    let coming = whole.first().filter(|latest| !has_come(latest));
    let coming = coming.map(|latest| (latest.from, latest.settings.clone()));
    let holds = whole.into_iter().find(has_come);
    let settings = holds.map(|sealed| sealed.settings).unwrap_or_default();
    Ok(SettingsInForce { settings, version, coming, changed })
}

/// Whether `after` lets through what `before` would not.
fn is_easier(before: &SwitchSettings, after: &SwitchSettings) -> bool {
    let asks_less = |before: &ApprovalPolicy, after: &ApprovalPolicy| {
        let other_people = match (before, after) {
            (
                ApprovalPolicy::SomeOf { among: before, .. },
                ApprovalPolicy::SomeOf { among: after, .. },
            ) => !before.is_empty() && (after.is_empty() || !after.is_subset(before)),
            (ApprovalPolicy::SomeOf { among, .. }, _) => !among.is_empty(),
            _ => false,
        };
        after.needed() < before.needed() || other_people
    };
    // Every setting is named here, so that a new one is not forgotten.
    let SwitchSettings {
        approvals: Approvals { usual, everything, protected },
        approval_valid,
        execution_valid,
        // Whoever asks may name any length, and who approves sees it: what is taken when nothing is said lets nothing through.
        length_default: _,
        length_max,
        daily_max,
        emergency_max,
        step_up_valid,
        idle,
    } = before;
    // Without an end for want of use, a forgotten window goes on for as long as it can.
    let until_idle = |idle: Option<Span>| idle.unwrap_or(Span(i64::MAX));
    asks_less(usual, &after.approvals.usual)
        || asks_less(everything, &after.approvals.everything)
        || asks_less(protected, &after.approvals.protected)
        // What was agreed to longer ago is still opened.
        || after.approval_valid > *approval_valid
        || after.execution_valid > *execution_valid
        || after.length_max > *length_max
        || after.daily_max > *daily_max
        || after.emergency_max > *emergency_max
        || after.step_up_valid > *step_up_valid
        || until_idle(after.idle) > until_idle(*idle)
}

impl Store {
    /// The settings of the switch that hold at a moment, and those that wait.
    pub fn switch_settings(
        &self,
        organization: &OrganizationId,
        now: Moment,
    ) -> Result<SettingsInForce, ReadError> {
        at(&self.database, organization, &self.side()?, now)
    }
}

impl Writing<'_> {
    pub(crate) fn change_switch(
        &self,
        operation: &str,
        change: &SwitchChange,
    ) -> Result<Effect, WriteError> {
        stated(&change.reason)?;
        let organization = &change.organization;
        revision::current(self.tx, organization)?;
        let problems = change.settings.validate();
        if !problems.is_empty() {
            return Err(WriteError::Problems(problems));
        }
        let now = self.clock.wall;
        let before = at(self.tx, organization, self.side, now)?;
        if before.version != change.expected {
            let (expected, found) = (change.expected, before.version);
            return Err(WriteError::Conflict { expected, found });
        }
        let latest = before.coming.as_ref().map_or(&before.settings, |(_, coming)| coming);
        if *latest == change.settings && before.changed.is_some() {
            return Err(WriteError::Nothing);
        }
        let waits = is_easier(&before.settings, &change.settings) && !change.at_once;
        let sealed = Sealed {
            instance: self.side.instance.clone(),
            organization: organization.clone(),
            version: before.version.saturating_add(1),
            from: if waits { now.plus(EASIER_AFTER) } else { now },
            at: now,
            by: self.caller.id.clone(),
            settings: change.settings.clone(),
        };
        let (text, signed) = seal::seal(self.side, &sealed)?;
        let digest = Digest::of(text.as_bytes());
        let row = values![organization.as_str(), sealed.from.0, text, signed];
        self.tx.run(sql::SWITCH_SETTINGS_CREATE, row)?;
        let draft = Draft::new(Kind::SettingChanged, operation)
            .because(&change.reason)
            .changed(ChangeKind::Updated, 1)
            .imprints(None, Some(digest));
        Ok(Effect::one(organization.as_str(), draft))
    }
}

#[cfg(test)]
mod tests {
    use guan_engine::lifecycle::{ApprovalPolicy, SwitchSettings};
    use guan_engine::model::{Principal, Span};

    use super::is_easier;

    #[test]
    fn fewer_approvers_other_approvers_and_longer_windows_are_easier() {
        let strict = SwitchSettings::default();
        assert!(!is_easier(&strict, &strict));
        let mut other = strict.clone();
        other.approvals.usual = ApprovalPolicy::None;
        assert!(is_easier(&strict, &other) && !is_easier(&other, &strict));
        let named = |user: &str| ApprovalPolicy::SomeOf {
            count: 1,
            among: [Principal::User(user.into())].into(),
        };
        let (mut one, mut two) = (strict.clone(), strict.clone());
        (one.approvals.usual, two.approvals.usual) = (named("ann"), named("bob"));
        assert!(is_easier(&one, &two) && is_easier(&one, &strict) && !is_easier(&strict, &one));
    }

    #[test]
    fn whatever_lasts_longer_is_easier_and_shorter_is_not() {
        let usual = SwitchSettings::default();
        // Every setting is named here, so that a new one has to be looked at.
        let SwitchSettings {
            approvals: _,
            approval_valid,
            execution_valid,
            length_default,
            length_max,
            daily_max,
            emergency_max,
            step_up_valid,
            idle,
        } = usual;
        let half = |span: Span| Span(span.0 / 2);
        for (name, shorter, is_easier_back) in [
            (
                "approval_valid",
                SwitchSettings { approval_valid: half(approval_valid), ..usual.clone() },
                true,
            ),
            (
                "execution_valid",
                SwitchSettings { execution_valid: half(execution_valid), ..usual.clone() },
                true,
            ),
            (
                "length_default",
                SwitchSettings { length_default: half(length_default), ..usual.clone() },
                false,
            ),
            ("length_max", SwitchSettings { length_max: half(length_max), ..usual.clone() }, true),
            ("daily_max", SwitchSettings { daily_max: half(daily_max), ..usual.clone() }, true),
            (
                "emergency_max",
                SwitchSettings { emergency_max: half(emergency_max), ..usual.clone() },
                true,
            ),
            (
                "step_up_valid",
                SwitchSettings { step_up_valid: half(step_up_valid), ..usual.clone() },
                true,
            ),
            ("idle", SwitchSettings { idle: idle.map(half), ..usual.clone() }, true),
        ] {
            assert!(!is_easier(&usual, &shorter), "{name} shorter");
            assert_eq!(is_easier(&shorter, &usual), is_easier_back, "{name} longer");
        }
        let never = SwitchSettings { idle: None, ..usual.clone() };
        assert!(is_easier(&usual, &never) && !is_easier(&never, &usual));
    }
}
