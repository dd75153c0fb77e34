//! The permission tax: the same list asked by who sees everything, by who sees much and by who sees little.

use super::client::{Connection, alone, encoded, request};
use super::tokens::Tokens;
use super::{Pace, Site};
use crate::house::Cast;
use crate::table::{Side, Table, time};
use crate::timing;
use crate::world::{OBJECT, SORTED_BY};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// More than this of the administrator's time is a tax.
const TAX_MAX: f64 = 1.2;
/// What lists are filtered by: one record in twenty.
const FILTER: &str = "region = \"r7\"";

/// One question, asked by all three in turn.
struct Question {
    name: &'static str,
    path: String,
}

fn questions() -> Vec<Question> {
    let filter = encoded(FILTER);
    let path = |what: &str, query: &str| format!("/api/v1/{what}/{OBJECT}{query}");
    let page = format!("?sort=-{SORTED_BY}&limit=50");
    vec![
        Question { name: "first page of 50, newest first", path: path("records", &page) },
        Question {
            name: "first page of 50, filtered, newest first",
            path: path("records", &format!("{page}&filter={filter}")),
        },
        Question { name: "count", path: path("record-counts", "") },
        Question {
            name: "count, filtered",
            path: path("record-counts", &format!("?filter={filter}")),
        },
    ]
}

/// Measures every question on one site.
pub fn measure(
    site: &Site,
    address: SocketAddr,
    (cast, tokens, pace): (&Cast, &Tokens, Pace),
    table: &mut Table,
) -> Result<(), String> {
    for question in questions() {
        let tokens = [&tokens.administrator, &tokens.much, &tokens.little];
        let requests =
            tokens.map(|token| request("GET", &question.path, Some(token.as_str()), None));
        let [all, much, little] = alone(rounds(address, &requests, pace))?;
        let name = format!("{}, {}", question.name, site.name);
        table.times(
            &format!("{name}: sees all"),
            timing::of(all.clone()),
            crate::table::Bound::None,
            "administrator",
        );
        let base = timing::of(all).p50;
        for (taken, person, whose) in
            [(much, cast.much, "sees much"), (little, cast.little, "sees little")]
        {
            let own = timing::of(taken).p50;
            let notes = format!(
                "{} at the median; sees {} of {} records",
                time(own),
                person.sees,
                cast.administrator.sees
            );
            let side = Side::AtMost(TAX_MAX);
            table.ratio(&format!("{name}: {whose}, tax"), own / base, Some(side), &notes);
        }
    }
    Ok(())
}

/// All three in turn, so that whatever else the machine does meets all of them alike.
async fn rounds(
    address: SocketAddr,
    requests: &[Vec<u8>; 3],
    pace: Pace,
) -> io::Result<[Vec<f64>; 3]> {
    let mut connection = Connection::open(address).await?;
    let mut taken = [const { Vec::new() }; 3];
    let begun = Instant::now();
    for round in 0..pace.rounds_max + 1 {
        for (request, taken) in requests.iter().zip(&mut taken) {
            let from = Instant::now();
            let reply = connection.call(request).await?;
            let elapsed = from.elapsed().as_nanos() as f64;
            if reply.status != 200 {
                let said = String::from_utf8_lossy(&reply.body);
                return Err(io::Error::other(format!("status {}: {said}", reply.status)));
            }
            // The first round fills caches and the pools of connections.
            if round > 0 {
                taken.push(elapsed);
            }
        }
        if round > 4 && begun.elapsed() > pace.length * 3 {
            break;
        }
    }
    Ok(taken)
}
