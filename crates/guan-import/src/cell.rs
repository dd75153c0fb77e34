//! Cells of a table into typed values, as people write them.

use guan_engine::model::{FieldType, Moment, Number, Value};
use std::borrow::Cow;

/// The value that a cell stands for; `None` when the cell is blank.
///
/// Numbers may have commas between thousands; yes and no are also written 是 and 否; a day may be
/// written `2026/1/31`; an instant without zone is read `utc_offset_minutes` east of UTC; several
/// choices are parted by semicolons.
///
/// # Errors
///
/// What is wrong with the cell and how it is written.
pub fn value(
    cell: &str,
    field_type: FieldType,
    utc_offset_minutes: i32,
) -> Result<Option<Value>, String> {
    let cell = unguarded(cell.trim());
    if cell.is_empty() {
        return Ok(None);
    }
    let misfit = || format!("`{}` is not {}", shortened(cell), field_type.description());
    let value = match field_type {
        FieldType::Text | FieldType::Choice | FieldType::Reference => Value::Text(cell.to_owned()),
        FieldType::Number => Value::Number(number(cell).ok_or_else(misfit)?),
        FieldType::Boolean => Value::Bool(boolean(cell).ok_or_else(misfit)?),
        FieldType::Date => Value::Text(day(cell).ok_or_else(misfit)?.to_string()),
        FieldType::DateTime => {
            Value::Text(instant(cell, utc_offset_minutes).ok_or_else(misfit)?.to_string())
        }
        FieldType::MultiChoice => {
            let parts = cell.split([';', '；']).map(str::trim);
            Value::List(parts.filter(|part| !part.is_empty()).map(str::to_owned).collect())
        }
    };
    Ok(Some(value))
}

/// A text that no spreadsheet takes for a formula: with an apostrophe before it where one would. [`value`] and
/// [`unguarded`] take it off again.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if is_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// A text without the apostrophe of [`guarded`].
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_formula(rest) => rest,
        _ => text,
    }
}

/// Whether a spreadsheet could read a text as a formula, with or without apostrophes that are its own.
fn is_formula(text: &str) -> bool {
    let text = text.trim_start_matches('\'');
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

fn shortened(cell: &str) -> String {
    let mut shortened: String = cell.chars().take(40).filter(|c| !c.is_control()).collect();
    if cell.chars().count() > 40 {
        shortened.push('…');
    }
    shortened
}

fn number(cell: &str) -> Option<Number> {
    if let Ok(number) = cell.parse() {
        return Some(number);
    }
    let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?.trim_start_matches(['-', '+']);
    let is_grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    if !is_grouped || part.contains(',') {
        return None;
    }
    cell.replace(',', "").parse().ok()
}

fn boolean(cell: &str) -> Option<bool> {
    match cell.to_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "是" | "对" | "真" => Some(true),
        "false" | "no" | "n" | "0" | "否" | "错" | "假" => Some(false),
        _ => None,
    }
}

fn day(cell: &str) -> Option<jiff::civil::Date> {
    let mut parts = cell.split(['-', '/', '.']);
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    let day = parts.next()?.parse().ok()?;
    if parts.next().is_some() || year < 1000 {
        return None;
    }
    jiff::civil::Date::new(year, month, day).ok()
}

fn instant(cell: &str, utc_offset_minutes: i32) -> Option<Moment> {
    if let Ok(moment) = cell.parse::<Moment>() {
        return Some(moment);
    }
    let (date, time) = match cell.split_once([' ', 'T']) {
        Some((date, time)) => (date, time.trim()),
        None => (cell, "00:00:00"),
    };
    let time = match time.matches(':').count() {
        1 => format!("{time}:00"),
        _ => time.to_owned(),
    };
    let time = time.parse::<jiff::civil::Time>().ok()?;
    let offset = jiff::tz::Offset::from_seconds(utc_offset_minutes.checked_mul(60)?).ok()?;
    let timestamp = offset.to_timestamp(day(date)?.to_datetime(time)).ok()?;
    Some(Moment(timestamp.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::{guarded, unguarded, value};
    use guan_engine::model::{FieldType, Number, Value};

    #[test]
    fn cells_are_read_as_people_write_them() {
        let read = |cell: &str, field_type| value(cell, field_type, 480).unwrap();
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        assert_eq!(read("  ", FieldType::Number), None);
        assert_eq!(read("1,234.50", FieldType::Number), Some(Value::Number(Number(12_345_000))));
        assert_eq!(read("-3", FieldType::Number), Some(Value::Number(Number::whole(-3))));
        assert_eq!(read("是", FieldType::Boolean), Some(Value::Bool(true)));
        assert_eq!(read("2026/1/31", FieldType::Date), text("2026-01-31"));
        assert_eq!(read("2026-01-31 08:00", FieldType::DateTime), text("2026-01-31T00:00:00Z"));
        assert_eq!(read("2026-01-31T08:00:00Z", FieldType::DateTime), text("2026-01-31T08:00:00Z"));
        let list = Some(Value::List(vec!["vip".into(), "老客户".into()]));
        assert_eq!(read("vip; 老客户；", FieldType::MultiChoice), list);
        assert_eq!(read("'=1+1", FieldType::Text), text("=1+1"));
        assert_eq!(read("'s-Gravenhage", FieldType::Text), text("'s-Gravenhage"));
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_guarded_and_comes_back_as_it_was() {
        for text in
            ["=1+1", "+86 138", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", " =1", "'=1", "''+1"]
        {
            let guarded = guarded(text);
            assert_eq!(guarded, format!("'{text}"));
            assert_eq!(unguarded(&guarded), text);
        }
        for text in ["1-1", "'s-Gravenhage", "", "'", "客户"] {
            assert_eq!(guarded(text), text);
            assert_eq!(unguarded(text), text);
        }
    }

    #[test]
    fn what_is_no_value_of_the_type_is_told() {
        for (cell, field_type) in [
            ("1,23", FieldType::Number),
            ("1.2,3", FieldType::Number),
            ("abc", FieldType::Number),
            ("maybe", FieldType::Boolean),
            ("31.01.2026", FieldType::Date),
            ("2026-02-30", FieldType::Date),
            ("2026-01-31 25:00", FieldType::DateTime),
        ] {
            let error = value(cell, field_type, 0).unwrap_err();
            assert!(error.starts_with(&format!("`{cell}` is not")), "{error}");
        }
    }
}
