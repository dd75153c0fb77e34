//! Principals as packed numbers, and the standpoint from which they name somebody or not.

use super::{Directory, Placed, Trees};
use crate::model::{Population, Principal, UserKind};

/// A principal in 32 bits: kind in the upper 3, number in the lower 29.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Who(pub(crate) u32);

const SHIFT: u32 = 29;
const MASK: u32 = (1 << SHIFT) - 1;

impl Who {
    pub(crate) const USER: u32 = 0;
    pub(crate) const GROUP: u32 = 1;
    pub(crate) const NODE: u32 = 2;
    pub(crate) const BELOW: u32 = 3;
    pub(crate) const ABOVE: u32 = 4;
    pub(crate) const PLACED: u32 = 5;
    pub(crate) const POPULATION: u32 = 6;
    /// A user as a member of a record's team.
    pub(crate) const TEAM: u32 = 7;

    pub(crate) const fn new(kind: u32, number: u32) -> Self {
        Self(kind << SHIFT | number & MASK)
    }
    pub(crate) const fn kind(self) -> u32 {
        self.0 >> SHIFT
    }
    pub(crate) const fn number(self) -> u32 {
        self.0 & MASK
    }

    pub(crate) fn of(principal: &Principal, directory: &Directory, trees: &Trees) -> Option<Self> {
        Some(match principal {
            Principal::User(id) => Self::new(Self::USER, directory.users.find(id)?),
            Principal::Group(id) => Self::new(Self::GROUP, directory.groups.find(id)?),
            Principal::Node(id) => Self::new(Self::NODE, trees.nodes.find(id)?),
            Principal::NodeAndBelow(id) => Self::new(Self::BELOW, trees.nodes.find(id)?),
            Principal::Above(id) => Self::new(Self::ABOVE, trees.nodes.find(id)?),
            Principal::Placed(id) => Self::new(Self::PLACED, trees.names.find(id)?),
            Principal::Population(population) => {
                Self::new(Self::POPULATION, population_number(*population))
            }
        })
    }

    pub(crate) fn all<'p>(
        principals: impl IntoIterator<Item = &'p Principal>,
        directory: &Directory,
        trees: &Trees,
    ) -> Vec<Self> {
        principals
            .into_iter()
            .filter_map(|principal| Self::of(principal, directory, trees))
            .collect()
    }

    /// The name of the principal; a team member is named as the user.
    pub(crate) fn principal(self, directory: &Directory, trees: &Trees) -> Principal {
        let number = self.number();
        match self.kind() {
            Self::GROUP => Principal::Group(directory.groups.name(number).clone()),
            Self::NODE => Principal::Node(trees.nodes.name(number).clone()),
            Self::BELOW => Principal::NodeAndBelow(trees.nodes.name(number).clone()),
            Self::ABOVE => Principal::Above(trees.nodes.name(number).clone()),
            Self::PLACED => Principal::Placed(trees.names.name(number).clone()),
            Self::POPULATION => Principal::Population(match number {
                0 => Population::Everyone,
                1 => Population::Internal,
                2 => Population::External,
                _ => Population::Guests,
            }),
            _ => Principal::User(directory.users.name(number).clone()),
        }
    }
}

const fn population_number(population: Population) -> u32 {
    match population {
        Population::Everyone => 0,
        Population::Internal => 1,
        Population::External => 2,
        Population::Guests => 3,
    }
}

/// Where a user stands: all that decides whether a principal names them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standpoint<'a> {
    pub(crate) user: u32,
    pub(crate) kind: UserKind,
    pub(crate) placed: &'a [Placed],
    /// Groups that they belong to, sorted.
    pub(crate) groups: &'a [u32],
}

impl Standpoint<'_> {
    /// Whether `who` names this user.
    #[inline]
    pub(crate) fn is_named_by(&self, who: Who, trees: &Trees) -> bool {
        let number = who.number();
        match who.kind() {
            Who::USER | Who::TEAM => number == self.user,
            Who::GROUP => self.is_in(number),
            Who::NODE => self.placed.iter().any(|placed| placed.node == number),
            Who::BELOW => {
                self.placed.iter().any(|placed| trees.is_at_or_below(placed.node, number))
            }
            Who::ABOVE => {
                self.placed.iter().any(|placed| placed.node < number && number < placed.end)
            }
            Who::PLACED => self.placed.iter().any(|placed| u32::from(placed.tree) == number),
            _ => match number {
                0 => self.kind != UserKind::Guest,
                1 => matches!(self.kind, UserKind::Internal | UserKind::Integration),
                2 => self.kind == UserKind::External,
                _ => self.kind == UserKind::Guest,
            },
        }
    }
    /// Whether some of `whos` names this user.
    pub(crate) fn is_named_by_any(&self, whos: &[Who], trees: &Trees) -> bool {
        whos.iter().any(|who| self.is_named_by(*who, trees))
    }
    /// Whether this user belongs to the group.
    #[inline]
    pub(crate) fn is_in(&self, group: u32) -> bool {
        if self.groups.len() <= 16 {
            return self.groups.contains(&group);
        }
        self.groups.binary_search(&group).is_ok()
    }
}
