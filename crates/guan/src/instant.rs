//! Instants for people: UTC, and the zone of this machine.

use guan_engine::model::Moment;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-01-31 16:00:00 +08:00 (2026-01-31T08:00:00Z)`.
pub(crate) fn local_and_utc(moment: Moment) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(moment.0 / 1_000 * 1_000) else {
        return moment.to_string();
    };
    let local = timestamp.to_zoned(TimeZone::system());
    format!("{} ({timestamp})", local.strftime("%Y-%m-%d %H:%M:%S %:z"))
}

/// The instant of so many microseconds since 1970, in UTC.
pub(crate) fn of_microseconds(microseconds: i64) -> String {
    Moment(microseconds / 1_000_000 * 1_000).to_string()
}

#[cfg(test)]
mod tests {
    use super::{local_and_utc, of_microseconds};
    use guan_engine::model::Moment;

    #[test]
    fn an_instant_is_told_in_utc_too_without_fractions() {
        assert!(local_and_utc(Moment(1_769_846_400_123)).ends_with("(2026-01-31T08:00:00Z)"));
        assert_eq!(of_microseconds(1_769_846_400_123_456), "2026-01-31T08:00:00Z");
    }
}
