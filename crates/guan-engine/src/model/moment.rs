//! Instants and lengths of time, as values.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An instant: milliseconds since the Unix epoch, UTC. In text RFC 3339, for instance
/// `2026-01-31T08:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Moment(pub i64);

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

/// Text that is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an instant; write it as 2026-01-31T08:00:00Z")]
pub struct MomentError(String);

impl Span {
    /// So many minutes.
    pub const fn minutes(minutes: i64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }
    /// So many seconds.
    pub const fn seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }
}

impl Moment {
    /// The instant `span` later, held at the ends of the range.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
    /// The length from `earlier` to this instant; negative when this one comes first.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
    /// Days since the Unix epoch in a zone `offset_minutes` east of UTC.
    pub const fn day(self, offset_minutes: i32) -> i64 {
        self.local(offset_minutes).div_euclid(86_400_000)
    }
    /// Day of the week (0 = Monday) and minute of the day in a zone `offset_minutes` east of UTC.
    pub const fn weekday_and_minute(self, offset_minutes: i32) -> (u8, u16) {
        let local = self.local(offset_minutes);
        // 1970-01-01 was a Thursday.
        let weekday = (local.div_euclid(86_400_000) + 3).rem_euclid(7);
        let minute = local.rem_euclid(86_400_000) / 60_000;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0..7 and 0..1440"
        )]
        (weekday as u8, minute as u16)
    }
    const fn local(self, offset_minutes: i32) -> i64 {
        self.0.saturating_add(offset_minutes as i64 * 60_000)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "@{}ms", self.0),
        }
    }
}
impl FromStr for Moment {
    type Err = MomentError;
    fn from_str(text: &str) -> Result<Self, MomentError> {
        if let Some(milliseconds) = text.strip_prefix('@').and_then(|rest| rest.strip_suffix("ms"))
        {
            return milliseconds.parse().map(Self).map_err(|_| MomentError(text.to_owned()));
        }
        text.parse::<jiff::Timestamp>()
            .map(|timestamp| Self(timestamp.as_millisecond()))
            .map_err(|_| MomentError(text.to_owned()))
    }
}
impl TryFrom<String> for Moment {
    type Error = MomentError;
    fn try_from(text: String) -> Result<Self, MomentError> {
        text.parse()
    }
}
impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        moment.to_string()
    }
}
