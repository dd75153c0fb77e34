//! Assignments: which set is given to whom, when, where from, and in which unit.

use super::{AddressRange, Moment, NodeId, Principal, SetGroupId, SetId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// What is assigned. In text `set:ID` or `set_group:ID`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Assigned {
    /// A permission set.
    Set(SetId),
    /// A group of permission sets.
    SetGroup(SetGroupId),
}

impl fmt::Display for Assigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(id) => write!(f, "set:{id}"),
            Self::SetGroup(id) => write!(f, "set_group:{id}"),
        }
    }
}
impl FromStr for Assigned {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("set", id)) if !id.is_empty() => Ok(Self::Set(id.into())),
            Some(("set_group", id)) if !id.is_empty() => Ok(Self::SetGroup(id.into())),
            _ => Err(format!("`{text}` names no set; write set:ID or set_group:ID")),
        }
    }
}
impl TryFrom<String> for Assigned {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}
impl From<Assigned> for String {
    fn from(assigned: Assigned) -> Self {
        assigned.to_string()
    }
}

/// A time of the week, from `from` up to but not including `to`, in minutes of the day (0–1440).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct HoursWindow {
    /// Day of the week, 0 = Monday.
    pub weekday: u8,
    /// First minute.
    pub from: u16,
    /// End, exclusive.
    pub to: u16,
}

/// Hours of the week in a fixed zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Minutes east of UTC.
    #[serde(default)]
    pub utc_offset_minutes: i32,
    /// The allowed windows; none allows nothing.
    pub windows: Vec<HoursWindow>,
}

impl Hours {
    /// Whether `at` lies in a window.
    pub fn allow(&self, at: Moment) -> bool {
        let (weekday, minute) = at.weekday_and_minute(self.utc_offset_minutes);
        self.windows
            .iter()
            .any(|window| window.weekday == weekday && window.from <= minute && minute < window.to)
    }
}

/// A set or group of sets given to users.
///
/// It is in force while `starts <= at < ends`. Its networks and hours limit the *session*: where an
/// assignment in force states them, a session from elsewhere or at another hour is refused whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// What is given.
    pub what: Assigned,
    /// To whom.
    pub to: Principal,
    /// First instant; absent for always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Moment>,
    /// End, exclusive; absent for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Moment>,
    /// Where sessions must come from; empty for anywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<AddressRange>,
    /// When sessions may be; absent for any hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Hours>,
    /// The context unit; absent for the holder's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<NodeId>,
}

impl Assignment {
    /// An assignment without limits.
    pub const fn new(what: Assigned, to: Principal) -> Self {
        Self { what, to, starts: None, ends: None, networks: Vec::new(), hours: None, unit: None }
    }
    /// Whether it is in force at `at`.
    pub fn is_in_force(&self, at: Moment) -> bool {
        self.starts.is_none_or(|starts| starts <= at) && self.ends.is_none_or(|ends| at < ends)
    }
    /// Whether the session passes the limits stated here; an unknown address fails a stated network.
    pub fn admits(&self, address: Option<IpAddr>, at: Moment) -> bool {
        let from_here = self.networks.is_empty()
            || address
                .is_some_and(|address| self.networks.iter().any(|range| range.contains(address)));
        from_here && self.hours.as_ref().is_none_or(|hours| hours.allow(at))
    }
}
