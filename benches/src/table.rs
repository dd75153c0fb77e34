//! The table that is printed: one row for each operation, with its bound.

use crate::timing::Times;

/// The table.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<[String; 6]>,
}

/// A bound in nanoseconds (or bytes), and on what it is set.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    /// On the median.
    Median(f64),
    /// On the 99th percentile.
    Tail(f64),
    /// None: for information.
    None,
}

/// A bound on a figure that is no time.
#[derive(Clone, Copy, Debug)]
pub enum Side {
    /// More is too much.
    AtMost(f64),
    /// Less is too little.
    AtLeast(f64),
}

impl Table {
    /// How many times something is something else.
    pub fn ratio(&mut self, operation: &str, value: f64, bound: Option<Side>, notes: &str) {
        self.sided(operation, (value, format!("×{value:.2}")), bound, notes);
    }
    /// How often something happens in a second.
    pub fn rate(&mut self, operation: &str, value: f64, bound: Option<Side>, notes: &str) {
        self.sided(operation, (value, per_second(value)), bound, notes);
    }
    fn sided(
        &mut self,
        operation: &str,
        (value, shown): (f64, String),
        bound: Option<Side>,
        notes: &str,
    ) {
        let of_value = |limit: f64| {
            if shown.starts_with('×') { format!("×{limit:.2}") } else { per_second(limit) }
        };
        let (bounded, verdict) = match bound {
            Some(Side::AtMost(limit)) => {
                (format!("≤ {}", of_value(limit)), verdict(value, Some(limit)))
            }
            Some(Side::AtLeast(limit)) => {
                (format!("≥ {}", of_value(limit)), verdict(limit, Some(value)))
            }
            None => (String::new(), String::new()),
        };
        let tail = String::new();
        self.row([operation.to_owned(), shown, tail, bounded, verdict, notes.to_owned()]);
    }
    /// What was left out, and why.
    #[cfg(feature = "http")]
    pub fn skipped(&mut self, operation: &str, why: &str) {
        let (verdict, none) = ("skipped".to_owned(), String::new());
        self.row([operation.to_owned(), none.clone(), none.clone(), none, verdict, why.to_owned()]);
    }
    /// An operation whose single calls were timed.
    pub fn times(&mut self, operation: &str, times: Times, bound: Bound, notes: &str) {
        let (limit, got) = match bound {
            Bound::Median(limit) => (Some(limit), times.p50),
            Bound::Tail(limit) => (Some(limit), times.p99),
            Bound::None => (None, 0.0),
        };
        let bounded = match bound {
            Bound::Median(limit) => format!("p50 {}", time(limit)),
            Bound::Tail(limit) => format!("p99 {}", time(limit)),
            Bound::None => String::new(),
        };
        self.row([
            operation.to_owned(),
            time(times.p50),
            time(times.p99),
            bounded,
            verdict(got, limit),
            notes.to_owned(),
        ]);
    }
    /// An operation of which one figure is known, in nanoseconds.
    pub fn figure(&mut self, operation: &str, taken: f64, limit: Option<f64>, notes: &str) {
        self.row([
            operation.to_owned(),
            time(taken),
            String::new(),
            limit.map_or(String::new(), time),
            verdict(taken, limit),
            notes.to_owned(),
        ]);
    }
    /// A figure that is no time.
    pub fn number(
        &mut self,
        operation: &str,
        value: f64,
        unit: &str,
        limit: Option<f64>,
        notes: &str,
    ) {
        self.row([
            operation.to_owned(),
            format!("{value:.1} {unit}"),
            String::new(),
            limit.map_or(String::new(), |limit| format!("{limit:.1} {unit}")),
            verdict(value, limit),
            notes.to_owned(),
        ]);
    }
    fn row(&mut self, row: [String; 6]) {
        eprintln!("  {}: {} {}", row[0], row[1], row[4]);
        self.rows.push(row);
    }
    /// Prints the table.
    pub fn print(&self) {
        let head =
            ["operation", "p50 or mean", "p99", "bound", "verdict", "notes"].map(str::to_owned);
        let mut widths = [0; 6];
        for row in std::iter::once(&head).chain(&self.rows) {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
        }
        let line = |row: &[String; 6]| {
            let cells: Vec<String> =
                row.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            println!("| {} |", cells.join(" | "));
        };
        line(&head);
        line(&widths.map(|width| "-".repeat(width)));
        self.rows.iter().for_each(line);
    }
}

fn verdict(got: f64, limit: Option<f64>) -> String {
    match limit {
        // The clock of the processor goes on in steps of some milliseconds.
        Some(_) if got <= 0.0 => "too short to tell".to_owned(),
        Some(limit) if got <= limit => "met".to_owned(),
        Some(limit) => format!("missed ×{:.1}", got / limit),
        None => String::new(),
    }
}

/// A rate for people.
pub fn per_second(rate: f64) -> String {
    match rate {
        below if below < 1_000.0 => format!("{below:.1} /s"),
        below if below < 1e6 => format!("{:.1} k/s", below / 1e3),
        above => format!("{:.2} M/s", above / 1e6),
    }
}

/// Nanoseconds for people.
pub fn time(nanoseconds: f64) -> String {
    match nanoseconds {
        below if below < 1_000.0 => format!("{below:.0} ns"),
        below if below < 1e6 => format!("{:.1} µs", below / 1e3),
        below if below < 1e9 => format!("{:.2} ms", below / 1e6),
        above => format!("{:.2} s", above / 1e9),
    }
}
