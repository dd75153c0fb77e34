//! Where from and when users of a profile may sign in.

use super::draft::{Draft, SessionLimits, Site};
use super::layout::Part;
use crate::report::Rating;
use guan_engine::model::{AddressRange, Hours, HoursWindow, SetId};

/// `loginIpRanges`
pub(super) fn take_range(
    draft: &mut Draft<'_>,
    limits: &mut SessionLimits,
    part: &Part,
    profile: &str,
) {
    let ends = (part.element.value("startAddress"), part.element.value("endAddress"));
    let range = match (ends.0.parse(), ends.1.parse()) {
        (Ok(from), Ok(to)) => AddressRange::between(from, to).map_err(|error| error.to_string()),
        _ => Err(format!("`{}-{}` is not a range of addresses", ends.0, ends.1)),
    };
    match range {
        Ok(range) => {
            limits.networks.push(range);
            let file = part.file.to_string();
            limits.sites.push(("loginIpRanges", file, part.element.line, Rating::Exact));
        }
        Err(why) => {
            // Other ranges of the profile still hold; a profile without any would be open.
            draft.rate_widening(part.site(), "loginIpRanges", profile, Rating::not_supported(why));
        }
    }
}

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MINUTES_OF_DAY: u16 = 1_440;

/// `loginHours`; an empty element limits nothing, and neither does a day that is not named.
pub(super) fn take_hours(
    draft: &mut Draft<'_>,
    limits: &mut SessionLimits,
    part: &Part,
    profile: &str,
) {
    if part.element.children.is_empty() {
        draft.report.count_no_op("loginHours");
        return draft.rate(part.site(), "loginHours", profile, Rating::Exact);
    }
    let mut windows = Vec::new();
    let mut wrong = None;
    for (weekday, day) in (0_u8..).zip(DAYS) {
        let (start, end) =
            (part.element.value(&format!("{day}Start")), part.element.value(&format!("{day}End")));
        if start.is_empty() && end.is_empty() {
            windows.push(HoursWindow { weekday, from: 0, to: MINUTES_OF_DAY });
            continue;
        }
        match (start.parse::<u16>(), end.parse::<u16>()) {
            (Ok(from), Ok(to)) if from <= to && to <= MINUTES_OF_DAY => {
                if from < to {
                    windows.push(HoursWindow { weekday, from, to });
                }
            }
            _ => wrong = Some(format!("`{start}-{end}` on {day}: that day is closed")),
        }
    }
    if windows.len() < DAYS.len() || windows.iter().any(|window| window.to < MINUTES_OF_DAY) {
        draft.assume("login hours are in the zone of the organization");
    }
    let utc_offset_minutes = draft.options.utc_offset_minutes;
    limits.hours = Some(Hours { utc_offset_minutes, windows });
    let rating = wrong.map_or(Rating::Exact, Rating::approximated);
    limits.sites.push(("loginHours", part.file.to_string(), part.element.line, rating));
}

/// Rates the limits once it is known whether they have somewhere to stand.
pub(super) fn rate(draft: &mut Draft<'_>, has_users: impl Fn(&SetId) -> bool) {
    for (set, limits) in std::mem::take(&mut draft.limits) {
        for (element, file, line, rating) in limits.sites {
            let site = Site { file: &file, line };
            if has_users(&set) {
                draft.rate(site, element, set.as_str(), rating);
            } else {
                let why = "it acts on the assignments of users; none of the users has this profile";
                draft.rate(site, element, set.as_str(), Rating::approximated(why));
            }
        }
    }
}
