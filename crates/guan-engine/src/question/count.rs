//! `count`: how many records a subject may do something to.

use super::list::{Estimate, Gather, Views};
use super::source::{Bounded, Sink, sources};
use crate::answer::Refusal;
use crate::ask::{Extent, Session};
use crate::engine::{Engine, List};
use crate::index::{Posting, RecordIndex};
use crate::model::{Action, ObjectId};
use crate::subject::Subject;

/// How a list was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    /// By what the index has of owners, shares and rules alone, whatever the moment.
    BySources,
    /// Records were asked one by one.
    ByRecords,
}

impl Engine {
    /// How many records of an object the subject may do an action on: the length of the whole list.
    ///
    /// # Cost
    ///
    /// In proportion to the records that are seen, unless all are; the same number told again before anything changes,
    /// a microsecond.
    ///
    /// # Errors
    ///
    /// When the subject may not list at all.
    pub fn count(
        &self,
        session: &Session<'_>,
        action: &Action,
        object: &ObjectId,
    ) -> Result<u64, Refusal> {
        let subject = Subject::enter(self, session)?;
        self.count_as(&subject, object, action)
    }

    pub(crate) fn count_as(
        &self,
        subject: &Subject<'_>,
        object: &ObjectId,
        action: &Action,
    ) -> Result<u64, Refusal> {
        let relaxations = Self::relaxations(subject, object, action, Extent::Single);
        let views = self.views(subject, (object, action), &relaxations)?;
        let index = self.index(self.compiled.directory.objects.known(object));
        if views.shows_all() {
            return Ok(u64::from(index.len()));
        }
        let kept = self.list_of(subject, &views, (object, action));
        if let Some(length) = kept.and_then(|list| self.kept.length(list)) {
            return Ok(length);
        }
        let (length, how) = length(&views, index);
        if let (Some(list), How::BySources) = (kept, how) {
            self.kept.keep(list, length);
        }
        Ok(length)
    }

    /// The list of a subject of whom nothing but the engine says what they see; none where overlays have a say, or the
    /// moment has.
    fn list_of(
        &self,
        subject: &Subject<'_>,
        views: &Views<'_>,
        (object, action): (&ObjectId, &Action),
    ) -> Option<List> {
        if views.are_relaxed() || !subject.is_of_engine() || !views.end_at_reach() {
            return None;
        }
        let directory = &self.compiled.directory;
        Some((subject.user, directory.objects.find(object)?, directory.action(action)?))
    }
}

/// Gathers the positions of few records.
struct FewPositions<'i> {
    index: &'i RecordIndex,
    positions: Vec<u32>,
    any_unsure: bool,
}

impl FewPositions<'_> {
    fn take(&mut self, positions: impl Iterator<Item = u32>, sure: bool) {
        let before = self.positions.len();
        self.positions.extend(positions);
        self.any_unsure |= !sure && self.positions.len() > before;
    }
}

impl Sink<'_> for FewPositions<'_> {
    fn block(&mut self, from: u32, to: u32, sure: bool) {
        // A record that another owns now is still where its former owner's are.
        let holes = self.index.holes();
        self.take((from..to).filter(|position| !holes.contains(position)), sure);
    }
    fn list(&mut self, positions: &[u32], sure: bool) {
        self.take(positions.iter().copied(), sure);
    }
    fn posting(&mut self, posting: &Posting, sure: bool) {
        match posting {
            Posting::Sparse(positions) => self.list(positions, sure),
            Posting::Dense(bits, _) => self.take(bits.iter(), sure),
        }
    }
}

fn length(views: &Views<'_>, index: &RecordIndex) -> (u64, How) {
    let mut most = Estimate::default();
    for lens in views.each() {
        if sources(lens, &mut most) == Bounded::No {
            let all = 0..index.positions();
            let shown = all.filter(|position| index.is_alive(*position) && views.shows(*position));
            return (shown.count() as u64, How::ByRecords);
        }
    }
    // Fewer than there are words of bits.
    if most.records < u64::from(index.positions() / 64) {
        return length_of_few(views, index);
    }
    let mut gather = Gather::new(index);
    for lens in views.each() {
        sources(lens, &mut gather);
    }
    if !views.end_at_reach() {
        gather.unsure.or(&gather.sure);
        gather.sure.reset(0);
        gather.any_unsure = true;
    }
    let count = gather.sure.count();
    if !gather.any_unsure {
        return (count, How::BySources);
    }
    gather.unsure.and_not(&gather.sure);
    let unsure = gather.unsure.iter().filter(|position| views.shows(*position)).count() as u64;
    (count + unsure, How::ByRecords)
}

/// Of few records each is asked, unless all of them are sure.
fn length_of_few(views: &Views<'_>, index: &RecordIndex) -> (u64, How) {
    let mut few = FewPositions { index, positions: Vec::new(), any_unsure: false };
    for lens in views.each() {
        sources(lens, &mut few);
    }
    few.positions.sort_unstable();
    few.positions.dedup();
    few.positions.retain(|position| index.is_alive(*position));
    if views.end_at_reach() && !few.any_unsure {
        return (few.positions.len() as u64, How::BySources);
    }
    let shown = few.positions.iter().filter(|position| views.shows(**position));
    (shown.count() as u64, How::ByRecords)
}
