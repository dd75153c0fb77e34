//! What a step has to know of the moment: clocks, policy, people, other windows. Everything is a value.

use super::request::{ClosedBy, RequestId};
use super::settings::SwitchSettings;
use crate::activity::NodeFacts;
use crate::model::{Audience, Moment, OverlayEffect, OverlayId, Policy, Principal, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What a user may do with requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duty {
    /// Ask for windows and open them.
    Request,
    /// Approve them.
    Approve,
    /// Close those of others.
    Close,
    /// Sign reports off.
    Review,
}

/// Who stands behind an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identity {
    /// A person, by everything that tells them from others: staff number, mail address, the id at
    /// the sign-in provider. Accounts that share one of these are one person. Letter case and
    /// surrounding white space do not count.
    Person(BTreeSet<String>),
    /// A program.
    Program,
    /// Not known.
    Unknown,
}

/// An account as far as requests need it, at this moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Who stands behind it.
    pub identity: Identity,
    /// Whether it may be used at all: not locked, not switched off.
    pub active: bool,
    /// What it may do.
    pub duties: BTreeSet<Duty>,
    /// Those principals named by the approval policies that it belongs to, through nested groups too.
    pub principals: BTreeSet<Principal>,
    /// Who gave it its password, its power to approve or the attributes that tell who it is, less than a day ago.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub made_by: BTreeSet<UserId>,
    /// When its holder last proved themselves with a second factor or anew.
    pub stepped_up: Option<Moment>,
}

/// Whether a window is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It acts.
    Open,
    /// It is over.
    Over(ClosedBy),
}

/// Another window of the organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its overlay.
    pub overlay: OverlayId,
    /// What it does.
    pub effect: OverlayEffect,
    /// Whom it concerns.
    pub audience: Audience,
    /// First instant.
    pub starts: Moment,
    /// From when it does not count: its closing if it is over, its end otherwise.
    pub ends: Moment,
    /// Whether it is open.
    pub standing: Standing,
}

/// Something that lets no window open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// The installation was restored or found changed, and nobody has acknowledged it.
    SafeMode,
    /// The disk has no room for the records of a window.
    NoReserve,
    /// The ledger cannot be written.
    LedgerBehind,
    /// A migration runs, or the program is older than the database.
    Migration,
    /// The key that seals overlays has expired or cannot be read.
    NoKey,
    /// A receiver of notices was not reached for so long that nobody may hear of the window.
    NoticesBehind,
}

impl Hindrance {
    /// Whether an emergency opens in spite of it. What makes a window unsafe stops everybody; what only keeps others from
    /// hearing of it may be broken by the very thing that the emergency is there to mend.
    pub const fn yields_to_emergency(self) -> bool {
        match self {
            Self::NoticesBehind => true,
            Self::SafeMode
            | Self::NoReserve
            | Self::LedgerBehind
            | Self::Migration
            | Self::NoKey => false,
        }
    }
    /// The name used in files and output.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SafeMode => "safe_mode",
            Self::NoReserve => "no_reserve",
            Self::LedgerBehind => "ledger_behind",
            Self::Migration => "migration",
            Self::NoKey => "no_key",
            Self::NoticesBehind => "notices_behind",
        }
    }
}

/// Everything that a step asks.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Clocks, incarnation and journal of this node.
    pub node: &'a NodeFacts,
    /// The policy in force.
    pub policy: &'a Policy,
    /// Its digest.
    pub policy_digest: &'a str,
    /// The settings of the switch.
    pub settings: &'a SwitchSettings,
    /// The authors of the request, everybody who approved it, whoever acts, and every account that
    /// shares an identity with one of them. Who is not here is unknown, and counts for nothing.
    pub accounts: &'a BTreeMap<UserId, Account>,
    /// Every open window of the organization and those that ended in the last 24 hours.
    pub windows: &'a [Window],
    /// An emergency that nobody has reviewed yet, this request aside.
    pub unreviewed_emergency: Option<&'a RequestId>,
    /// What stands in the way.
    pub hindrances: &'a BTreeSet<Hindrance>,
}
