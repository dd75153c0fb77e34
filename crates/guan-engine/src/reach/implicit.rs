//! Implicit evidence: a parent opened by its children, and children by their parent.

use super::{Detail, Enough, Origin, Path, Reach};
use crate::compile::Who;
use crate::dense::NONE;
use crate::index::{OwnerCode, ShareEntry};
use crate::model::{Cover, Right, Rights};

impl Reach<'_> {
    pub(super) fn implicit_parent(
        &self,
        position: u32,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        if !self.wants(Rights::READ) {
            return false;
        }
        let number = self.index.number_at[position as usize];
        self.plan.opened_by.iter().any(|(child_object, relation)| {
            let below = Reach::new(self.subject, *child_object, Rights::READ, Detail::Fact);
            let mut best: Option<u32> = None;
            for child in below.index.children(*relation, number) {
                let Some(at) = below.index.position(*child) else { continue };
                if !below.direct(at, below.index.header(at), &mut |_, _| true) {
                    continue;
                }
                if self.detail == Detail::Fact {
                    return see(
                        Path::ImplicitParent(*child_object, *relation, *child),
                        Rights::READ,
                    );
                }
                if best.is_none_or(|best| below.index.id(*child) < below.index.id(best)) {
                    best = Some(*child);
                }
            }
            best.is_some_and(|child| {
                see(Path::ImplicitParent(*child_object, *relation, child), Rights::READ)
            })
        })
    }

    pub(super) fn implicit_child(
        &self,
        position: u32,
        see: &mut impl FnMut(Path, Rights) -> Enough,
    ) -> Enough {
        for (relation, link) in (0u32..).zip(&self.plan.relations) {
            if !link.implicit_child || link.parent == NONE {
                continue;
            }
            let Some(parent) = self.index.parent(relation, position) else { continue };
            let above = Reach::new(self.subject, link.parent, Rights::READ, Detail::Paths);
            let Some(at) = above.index.position(parent) else { continue };
            for (origin, rights) in above.child_levels(at, self.object) {
                if self.wants(rights) && see(Path::ImplicitChild(relation, parent, origin), rights)
                {
                    return true;
                }
            }
        }
        false
    }

    /// The levels that reaching this record gives on its children of another object, by origin.
    fn child_levels(&self, position: u32, child: u32) -> Vec<(Origin, Rights)> {
        let header = self.index.header(position);
        let owners = self.index.owners(position, header);
        let attributes = self.index.attributes_of(header);
        let mut levels: Vec<(Origin, Rights)> = Vec::new();
        let mut add = |origin: Origin, rights: Rights| {
            if !rights.is_none() && !levels.iter().any(|(known, _)| *known == origin) {
                levels.push((origin, rights));
            }
        };
        self.owned(owners, &mut |path, _| {
            if let Path::Owner(owner) | Path::RollUp(_, _, Origin::Owner(owner)) = path {
                add(Origin::Owner(owner), self.owner_level(owner, child));
            }
            false
        });
        let compiled = &self.subject.engine.compiled;
        self.each_rule(position, attributes, owners, &mut |rule| {
            let level = compiled.rules[rule as usize].child_levels.get(&child);
            add(Origin::Rule(rule), level.copied().unwrap_or(Rights::NONE));
            false
        });
        for tag in &attributes.tags {
            if self.tag_rights(*tag).is_some_and(|rights| rights.has(Right::Read)) {
                let level = compiled.trees.level(*tag, &compiled.object(child).id);
                add(Origin::Dimension(*tag), level.unwrap_or(Rights::NONE));
            }
        }
        let entries = self.index.shares_of(position, header);
        for (at, entry) in entries.iter().enumerate() {
            if entries[..at].iter().any(|before| before.who == entry.who) {
                continue;
            }
            let level = self.share_level(&entries[at..], entry.who, child);
            let origin = match entry.who.kind() {
                Who::TEAM => Origin::Team(entry.who.number()),
                _ => Origin::Share(entry.who),
            };
            add(origin, level);
        }
        levels
    }

    fn owner_level(&self, owner: OwnerCode, child: u32) -> Rights {
        if !owner.is_user() {
            return Rights::NONE;
        }
        let compiled = &self.subject.engine.compiled;
        let child = &compiled.object(child).id;
        compiled.people.placed[owner.0 as usize]
            .iter()
            .filter_map(|placed| compiled.trees.level(placed.node, child))
            .fold(Rights::NONE, |all, level| all | level)
    }

    /// What all entries of one principal together give on children, if they give read here.
    fn share_level(&self, entries: &[ShareEntry], who: Who, child: u32) -> Rights {
        let (mut rights, mut level) = (Rights::NONE, Rights::NONE);
        for entry in entries.iter().filter(|entry| entry.who == who) {
            let given = self.index.given.row(entry.given);
            if given.ends <= self.subject.at.0 {
                continue;
            }
            rights |= given.rights;
            for (object, stated) in &given.levels {
                if *object == child {
                    level |= *stated;
                }
            }
        }
        let compiled = &self.subject.engine.compiled;
        let mut reached = Rights::NONE;
        if self.standpoint.is_named_by(who, &compiled.trees) {
            reached |= rights;
        }
        let cover = if who.kind() == Who::TEAM { Cover::Team } else { Cover::Shared };
        for roll_up in &self.plan.roll_ups {
            if compiled.roll_ups[*roll_up as usize].covers(cover) {
                reached |= compiled.gain_from(*roll_up, who, &self.standpoint) & rights;
            }
        }
        if reached.has(Right::Read) { level } else { Rights::NONE }
    }
}
