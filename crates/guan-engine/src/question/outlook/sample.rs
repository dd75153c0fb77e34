//! An estimate from pairs of a person and a record that are drawn alike from all of them, with the error that it states.

#![expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]

use super::person::{Sight, relaxations, sights};
use super::{Outlook, Prospect};
use crate::index::RecordIndex;
use crate::model::{Action, NodeId, ObjectId, UserId};
use crate::subject::Subject;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// So often a position is drawn anew that no record stands at.
const DRAWS_MAX: u64 = 64;
/// The normal quantile of a 95 % interval.
const QUANTILE: f64 = 1.96;
/// ln(3 / 0.05), of the empirical Bernstein bound at 95 %.
const BERNSTEIN: f64 = 4.094_344_562_222_1;

/// A number that was estimated: in 95 of 100 cases the truth is no further away than the error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
pub struct Estimate {
    /// The estimate.
    pub about: f64,
    /// Half of the 95 % interval.
    pub error: f64,
}

impl Estimate {
    /// Of a share that was seen `hits` times in `looked` (Wilson's interval), out of `all`.
    fn of_share(hits: u64, looked: u64, all: f64) -> Self {
        if looked == 0 {
            return Self { about: 0.0, error: all };
        }
        let (n, share) = (looked as f64, hits as f64 / looked as f64);
        let square = QUANTILE * QUANTILE;
        let middle = (share + square / (2.0 * n)) / (1.0 + square / n);
        let half = QUANTILE * (share * (1.0 - share) / n + square / (4.0 * n * n)).sqrt()
            / (1.0 + square / n);
        let error = (middle + half - share).max(share - (middle - half));
        Self { about: share * all, error: error * all }
    }

    /// Of a mean of numbers from 0 to `most` (the empirical Bernstein bound), out of `all`.
    fn of_mean((sum, squares): (f64, f64), looked: u64, most: f64, all: f64) -> Self {
        if looked == 0 {
            return Self { about: 0.0, error: all * most };
        }
        let n = looked as f64;
        let mean = sum / n;
        let variance = (squares / n - mean * mean).max(0.0);
        let error = (2.0 * variance * BERNSTEIN / n).sqrt() + 3.0 * most * BERNSTEIN / n;
        Self { about: mean * all, error: error.min(most) * all }
    }
}

/// What was estimated of one object.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectEstimate {
    /// The object.
    pub object: ObjectId,
    /// How many pairs of a person and a record there are.
    pub pairs: u64,
    /// How many were looked at.
    pub looked_at: u64,
    /// By action: pairs gained and lost.
    pub actions: Vec<(Action, Estimate, Estimate)>,
    /// Readable fields of records gained and lost.
    pub readable: (Estimate, Estimate),
    /// Changeable fields of records gained and lost.
    pub changeable: (Estimate, Estimate),
    /// Pairs that can be read, gained and lost, by the nodes at which people stand.
    pub nodes: BTreeMap<NodeId, (Estimate, Estimate)>,
}

/// Numbers that look drawn and are the same every time (`SplitMix64`).
struct Drawn(u64);

impl Drawn {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
    const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.next() % end }
    }
    #[expect(clippy::cast_possible_truncation, reason = "below a number of 32 bits")]
    fn position(&mut self, index: &RecordIndex) -> Option<u32> {
        (0..DRAWS_MAX)
            .map(|_| self.below(index.positions().into()) as u32)
            .find(|position| index.is_alive(*position))
    }
}

/// Sums over the pairs of one object.
#[derive(Default)]
struct Tally {
    looked: u64,
    hits: Vec<(u64, u64)>,
    /// Sums and sums of squares: readable gained and lost, changeable gained and lost.
    cells: [(f64, f64); 4],
    /// Gained and lost for reading, by node.
    nodes: BTreeMap<u32, (u64, u64)>,
}

impl Outlook<'_> {
    /// Estimates what the window would change from `pairs` drawn pairs, shared out to the objects by their records.
    ///
    /// The same seed draws the same pairs.
    ///
    /// # Cost
    ///
    /// In proportion to the pairs and the actions, whatever the number of users and records.
    pub fn estimate(&self, pairs: u32, seed: u64) -> Vec<ObjectEstimate> {
        let everybody = 0..self.users.len();
        self.estimate_of(&everybody, pairs, seed)
    }

    /// The same for the person at one place alone, with whether the audience takes them in.
    pub fn estimate_one(
        &self,
        at: usize,
        pairs: u32,
        seed: u64,
    ) -> Option<(UserId, bool, Vec<ObjectEstimate>)> {
        let user = *self.users.get(at)?;
        let session = self.session(user, self.address(user), self.prospect.after);
        let concerned = self.engine.concerns(&self.prospect.overlay.overlay.audience, &session);
        Some((session.subject, concerned, self.estimate_of(&(at..at + 1), pairs, seed)))
    }

    fn estimate_of(
        &self,
        among: &std::ops::Range<usize>,
        pairs: u32,
        seed: u64,
    ) -> Vec<ObjectEstimate> {
        let all: u64 = self.objects().map(|(_, records)| records).sum();
        let mut drawn = Drawn(seed);
        let mut estimates = Vec::new();
        for number in &self.objects {
            let index = self.engine.index(*number);
            let records = u64::from(index.len());
            // Every object gets its share, and none so few that nothing could be said.
            let share = (u64::from(pairs) * records).div_ceil(all.max(1));
            let wanted = share.max(u64::from(pairs.min(MINIMUM)));
            let mut tally = Tally { hits: vec![(0, 0); self.actions.len()], ..Tally::default() };
            if records > 0 && !among.is_empty() {
                for _ in 0..wanted {
                    let span = among.end.saturating_sub(among.start) as u64;
                    let at = usize::try_from(drawn.below(span)).unwrap_or(0) + among.start;
                    let (Some(user), Some(position)) = (self.users.get(at), drawn.position(index))
                    else {
                        continue;
                    };
                    self.look(*user, (*number, position), &mut tally);
                }
            }
            let pairs = records.saturating_mul(among.len() as u64);
            estimates.push(self.told(*number, pairs, &tally));
        }
        estimates
    }

    /// Looks at one pair on both sides.
    fn look(&self, user: u32, (object, position): (u32, u32), tally: &mut Tally) {
        tally.looked += 1;
        let name = self.engine.compiled.directory.objects.name(object);
        let address = self.address(user);
        let fields =
            crate::dense::to_u32(self.engine.compiled.object(object).fields.iter().count());
        let Prospect { before, after, .. } = self.prospect;
        let seen = [before, after].map(|standing| {
            let session = self.session(user, address, standing);
            let Ok(subject) = Subject::enter_as(self.engine, user, &session) else {
                return Vec::new();
            };
            let one = |action: &Action| {
                let names = (name, action);
                let relaxed = relaxations(&subject, names);
                let ways = sights(&subject, names, &relaxed);
                let passing: Vec<&Sight<'_>> =
                    ways.iter().filter(|way| way.lens.passes(position)).collect();
                let counts_fields = matches!(action, Action::Read | Action::Edit);
                let fields = 0..if counts_fields { fields } else { 0 };
                let touched =
                    |field: &u32| passing.iter().any(|way| way.touches(action, *field, position));
                (!passing.is_empty(), fields.map(|field| touched(&field)).collect::<Vec<bool>>())
            };
            self.actions.iter().map(one).collect::<Vec<_>>()
        });
        let nothing = (false, Vec::new());
        for (at, action) in self.actions.iter().enumerate() {
            let [was, is] = [0, 1].map(|side: usize| {
                seen.get(side).and_then(|seen| seen.get(at)).unwrap_or(&nothing)
            });
            let (gained, lost) = (is.0 && !was.0, was.0 && !is.0);
            if let Some(hits) = tally.hits.get_mut(at) {
                hits.0 += u64::from(gained);
                hits.1 += u64::from(lost);
            }
            if *action == Action::Read && (gained || lost) {
                let placed = &self.engine.compiled.people.placed[user as usize];
                for node in placed.iter().map(|place| place.node).collect::<BTreeSet<u32>>() {
                    let hits = tally.nodes.entry(node).or_default();
                    hits.0 += u64::from(gained);
                    hits.1 += u64::from(lost);
                }
            }
            if !matches!(action, Action::Read | Action::Edit) {
                continue;
            }
            let first = if *action == Action::Read { 0 } else { 2 };
            let held = |side: &[bool], field: usize| side.get(field).copied().unwrap_or(false);
            let (mut gained, mut lost) = (0.0, 0.0);
            for field in 0..fields as usize {
                let (before, after) = (held(&was.1, field), held(&is.1, field));
                gained += f64::from(u8::from(after && !before));
                lost += f64::from(u8::from(before && !after));
            }
            for (cell, many) in tally.cells.iter_mut().skip(first).zip([gained, lost]) {
                cell.0 += many;
                cell.1 += many * many;
            }
        }
    }

    fn told(&self, number: u32, pairs: u64, tally: &Tally) -> ObjectEstimate {
        let all = pairs as f64;
        let share = |hits| {
            if pairs == 0 {
                Estimate::default()
            } else {
                Estimate::of_share(hits, tally.looked, all)
            }
        };
        let most = self.engine.compiled.object(number).fields.iter().count() as f64;
        let [a, b, c, d] = tally.cells.map(|sums| {
            if pairs == 0 {
                Estimate::default()
            } else {
                Estimate::of_mean(sums, tally.looked, most, all)
            }
        });
        let actions = self.actions.iter().zip(&tally.hits);
        ObjectEstimate {
            object: self.engine.compiled.directory.objects.name(number).clone(),
            pairs,
            looked_at: tally.looked,
            actions: actions
                .map(|(action, hits)| (action.clone(), share(hits.0), share(hits.1)))
                .collect(),
            readable: (a, b),
            changeable: (c, d),
            nodes: tally
                .nodes
                .iter()
                .map(|(node, hits)| {
                    let name = self.engine.compiled.trees.nodes.name(*node).clone();
                    (name, (share(hits.0), share(hits.1)))
                })
                .collect(),
        }
    }
}

/// So many pairs are looked at of every object at least, where so many are wanted.
const MINIMUM: u32 = 64;
