//! Which overlays can matter to whom, worked out once, so that a decision looks at those alone.

#![expect(clippy::indexing_slicing, reason = "indexes are numbers that are given out here")]

use crate::activity::{OverlayRow, Standing};
use crate::dense::{FastMap, to_u32};
use crate::engine::{Engine, People};
use crate::model::UserId;

/// More copies of rows than this are not kept.
const COPIES_MAX: usize = 10_000;

/// The overlays of one engine by the users to whom they can matter.
///
/// An overlay can matter to those whom its audience names, wherever they come from, and with a lock-out to everybody.
/// Left out is only what no decision about the user would have looked at twice, so answers are the same.
#[derive(Debug)]
pub struct Lineup {
    people: People,
    /// By user.
    class: Vec<u32>,
    rows: Vec<Box<[OverlayRow]>>,
}

impl Lineup {
    /// Sorts overlays out. `None` where users differ so much that it would take too much room.
    ///
    /// # Cost
    ///
    /// In proportion to the users whom the audiences name.
    pub fn of(engine: &Engine, rows: &[OverlayRow]) -> Option<Self> {
        let mut class = vec![0u32; engine.compiled.directory.users.len()];
        let mut lists: Vec<Vec<usize>> = vec![Vec::new()];
        let mut copies = 0usize;
        for (at, row) in rows.iter().enumerate() {
            let mut split: FastMap<u32, u32> = FastMap::default();
            for user in concerned(engine, row) {
                let before = class[user as usize];
                let after = *split.entry(before).or_insert_with(|| {
                    let mut list = lists[before as usize].clone();
                    list.push(at);
                    copies += list.len();
                    lists.push(list);
                    to_u32(lists.len() - 1)
                });
                class[user as usize] = after;
                if copies > COPIES_MAX {
                    return None;
                }
            }
        }
        let copied = |list: &Vec<usize>| list.iter().map(|at| rows[*at].clone()).collect();
        let rows = lists.iter().map(copied).collect();
        Some(Self { people: engine.people, class, rows })
    }

    /// Whether nobody has come, gone or moved in the engine since.
    pub fn is_of(&self, engine: &Engine) -> bool {
        self.people == engine.people
    }

    /// The overlays that can matter to a user, in their order; `None` for somebody unknown, and where people have moved
    /// since: then all of them have to be looked at.
    pub fn rows_for(&self, engine: &Engine, user: &UserId) -> Option<&[OverlayRow]> {
        self.rows_of(engine, engine.compiled.directory.users.find(user)?)
    }

    /// The same by number.
    pub(crate) fn rows_of(&self, engine: &Engine, user: u32) -> Option<&[OverlayRow]> {
        if !self.is_of(engine) {
            return None;
        }
        let class = *self.class.get(user as usize)?;
        self.rows.get(class as usize).map(AsRef::as_ref)
    }
}

/// Whether the audience of an overlay is known to name somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// It does; with a lock-out that is still to be looked at.
    Surely,
    /// That is to be looked at.
    Unknown,
}

impl<'a> Standing<'a> {
    /// The overlays that can matter to a user by number, and whether their audiences are known to name that user.
    pub(crate) fn rows_for(&self, engine: &Engine, user: u32) -> (&'a [OverlayRow], Named) {
        match self.lineup.and_then(|lineup| lineup.rows_of(engine, user)) {
            Some(rows) => (rows, Named::Surely),
            None => (self.rows, Named::Unknown),
        }
    }
}

/// Users to whom an overlay can matter.
fn concerned(engine: &Engine, row: &OverlayRow) -> Vec<u32> {
    let compiled = &engine.compiled;
    let audience = &row.overlay.audience;
    if audience.users.is_empty() || row.overlay.locks_out() {
        return (0..to_u32(compiled.directory.users.len())).collect();
    }
    let whos = audience.users.iter().filter_map(|principal| compiled.who(principal));
    let mut users: Vec<u32> =
        whos.flat_map(|who| compiled.users_of(who).iter().collect::<Vec<u32>>()).collect();
    users.sort_unstable();
    users.dedup();
    users
}
