//! The record index of one object: what decisions need of its records, dense and changed in place.
//!
//! Records stand in blocks by owner, owners in the order of the main tree, so that what somebody's
//! subordinates own is a few ranges. Inside a block, and in every list of positions, they stand in
//! the object's main order: by the first indexed field, then by number. A record has a *number*, which never changes, and a *position*,
//! which a new load may change.

#![expect(clippy::indexing_slicing, reason = "positions and numbers are given out by this index")]

mod change;
mod load;
mod order;
mod posting;
mod target;

pub(crate) use load::{DenseRow, Loading};
pub(crate) use order::{Column, Key};
pub(crate) use posting::Posting;
pub(crate) use target::Targets;

use crate::compile::Who;
use crate::dense::{Bits, FastMap, Interned, NONE, TextMap, to_u32};
use crate::model::{FieldId, RecordId, Rights, Value};
use std::collections::{BTreeMap, BTreeSet};

/// An owner in 32 bits: a user's number, or a group's with the upper bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct OwnerCode(pub(crate) u32);

impl OwnerCode {
    const GROUP: u32 = 1 << 31;
    /// Nobody.
    pub(crate) const NOBODY: Self = Self(NONE);
    /// Several; see [`RecordIndex::several`].
    pub(crate) const SEVERAL: Self = Self(NONE - 1);

    pub(crate) const fn user(number: u32) -> Self {
        Self(number)
    }
    pub(crate) const fn group(number: u32) -> Self {
        Self(number | Self::GROUP)
    }
    pub(crate) const fn is_user(self) -> bool {
        self.0 & Self::GROUP == 0
    }
    pub(crate) const fn number(self) -> u32 {
        self.0 & !Self::GROUP
    }
    /// The owner as a principal.
    pub(crate) const fn who(self) -> Who {
        if self.is_user() {
            Who::new(Who::USER, self.0)
        } else {
            Who::new(Who::GROUP, self.number())
        }
    }
}

/// What most decisions need of a record: 16 bytes, one cache line together with its neighbours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header {
    pub(crate) owner: OwnerCode,
    pub(crate) shares_at: u32,
    /// Number of its attributes.
    pub(crate) attributes: u32,
    pub(crate) shares: u16,
    pub(crate) flags: u16,
}

pub(crate) const LOCKED: u16 = 1;
pub(crate) const GONE: u16 = 2;
/// Its shares are in `RecordIndex::many_shares`, too many for the arena.
pub(crate) const MANY_SHARES: u16 = 4;

/// What many records have in common, interned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Attributes {
    pub(crate) unit: u32,
    pub(crate) tags: Box<[u32]>,
    pub(crate) pool: u32,
    /// Rules whose units, tags and settled condition hold; live conditions are left open.
    pub(crate) rules: Bits,
    /// Restrictions whose settled condition holds.
    pub(crate) passes: Bits,
}

/// One share or team membership.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ShareEntry {
    pub(crate) who: Who,
    /// Number of what it gives.
    pub(crate) given: u32,
}

/// What shares give, interned.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Given {
    pub(crate) rights: Rights,
    pub(crate) ends: i64,
    /// Levels on children by object number.
    pub(crate) levels: Box<[(u32, Rights)]>,
}

/// The records of one object.
#[derive(Clone, Debug)]
pub(crate) struct RecordIndex {
    pub(crate) headers: Vec<Header>,
    pub(crate) number_at: Vec<u32>,
    position_of: Vec<u32>,
    ids: Ids,
    pub(crate) attributes: Interned<Attributes>,
    /// Positions by attributes.
    pub(crate) by_attributes: Vec<Posting>,
    shares: Vec<ShareEntry>,
    many_shares: FastMap<u32, Vec<ShareEntry>>,
    pub(crate) given: Interned<Given>,
    /// Positions of records shared with each principal.
    by_who: Targets,
    several: FastMap<u32, Box<[OwnerCode]>>,
    /// Start of the block of each user, and the end of the last.
    user_blocks: Vec<u32>,
    group_blocks: BTreeMap<u32, (u32, u32)>,
    unowned_block: (u32, u32),
    /// Positions whose owner is not the one of their block any more.
    holes: BTreeSet<u32>,
    /// Positions outside their owner's block.
    loose: BTreeMap<OwnerCode, Vec<u32>>,
    /// By relation and number: the parent's number.
    pub(crate) parents: Vec<Vec<u32>>,
    /// By relation and parent's number: numbers of the children.
    children: FastMap<(u32, u32), Vec<u32>>,
    /// Values that live conditions read, by position.
    values: FastMap<u32, BTreeMap<FieldId, Value>>,
    pub(crate) columns: BTreeMap<u32, Column>,
    alive: u32,
    /// Rights that every share gives without end.
    plain: Rights,
}

/// Names of records, unless the caller keeps them.
#[derive(Clone, Debug)]
enum Ids {
    Named { ids: Vec<RecordId>, numbers: TextMap<RecordId, u32> },
    Outside,
}

impl RecordIndex {
    /// One behind the greatest number.
    pub(crate) fn numbers_end(&self) -> u32 {
        to_u32(self.position_of.len())
    }
    /// Whether every share gives the right, without end.
    pub(crate) fn shares_are_plain(&self, right: crate::model::Right) -> bool {
        self.plain.has(right)
    }
    /// The main order.
    #[inline]
    pub(crate) fn order(&self, a: u32, b: u32) -> std::cmp::Ordering {
        match self.columns.first_key_value() {
            Some((_, column)) => column.compare(a, b, &self.number_at),
            None => self.number_at[a as usize].cmp(&self.number_at[b as usize]),
        }
    }
    /// The field of the main order; none for the order of numbers.
    pub(crate) fn main_field(&self) -> Option<u32> {
        self.columns.first_key_value().map(|(field, _)| *field)
    }
    /// How many records there are.
    pub(crate) const fn len(&self) -> u32 {
        self.alive
    }
    /// One behind the greatest position.
    pub(crate) fn positions(&self) -> u32 {
        to_u32(self.headers.len())
    }
    #[inline]
    pub(crate) fn header(&self, position: u32) -> &Header {
        &self.headers[position as usize]
    }
    pub(crate) fn is_alive(&self, position: u32) -> bool {
        self.headers[position as usize].flags & GONE == 0
    }
    #[inline]
    pub(crate) fn position(&self, number: u32) -> Option<u32> {
        match self.position_of.get(number as usize) {
            Some(&position) if position != NONE => Some(position),
            _ => None,
        }
    }
    /// The position of a record by its id.
    pub(crate) fn find(&self, id: &RecordId) -> Option<u32> {
        match &self.ids {
            Ids::Named { numbers, .. } => self.position(*numbers.get(id)?),
            Ids::Outside => self.position(plain_number(id)?),
        }
    }
    /// The number of a record by its id, whether or not it is there.
    pub(crate) fn number(&self, id: &RecordId) -> Option<u32> {
        match &self.ids {
            Ids::Named { numbers, .. } => numbers.get(id).copied(),
            Ids::Outside => None,
        }
    }
    /// The number behind an id in a cursor; where ids are kept outside they are numbers in text.
    pub(crate) fn cursor_number(&self, id: &RecordId) -> Option<u32> {
        match &self.ids {
            Ids::Named { numbers, .. } => numbers.get(id).copied(),
            Ids::Outside => id.as_str().parse().ok().filter(|number| *number < self.numbers_end()),
        }
    }
    /// The id behind a number; the number itself as text where names are kept outside.
    pub(crate) fn id(&self, number: u32) -> RecordId {
        match &self.ids {
            Ids::Named { ids, .. } => ids[number as usize].clone(),
            Ids::Outside => RecordId::new(number.to_string()),
        }
    }
    pub(crate) fn id_at(&self, position: u32) -> RecordId {
        self.id(self.number_at[position as usize])
    }
    #[inline]
    pub(crate) fn attributes_of(&self, header: &Header) -> &Attributes {
        self.attributes.row(header.attributes)
    }
    #[inline]
    pub(crate) fn shares_of(&self, position: u32, header: &Header) -> &[ShareEntry] {
        if header.shares == 0 {
            return &[];
        }
        if header.flags & MANY_SHARES != 0 {
            return self.many_shares.get(&position).map_or(&[], Vec::as_slice);
        }
        let from = header.shares_at as usize;
        &self.shares[from..from + usize::from(header.shares)]
    }
    /// Something of the first share, to have it near when it is read again.
    #[inline]
    pub(crate) fn touch_shares(&self, header: &Header) -> u32 {
        let has_any = header.shares > 0 && header.flags & MANY_SHARES == 0;
        let entry = if has_any { self.shares.get(header.shares_at as usize) } else { None };
        entry.map_or(0, |entry| entry.given)
    }
    /// The owners of a record.
    #[inline]
    pub(crate) fn owners<'i>(&'i self, position: u32, header: &'i Header) -> &'i [OwnerCode] {
        match header.owner {
            OwnerCode::NOBODY => &[],
            OwnerCode::SEVERAL => self.several.get(&position).map_or(&[], AsRef::as_ref),
            _ => std::slice::from_ref(&header.owner),
        }
    }
    /// Records of an owner: the run of positions of its block, without the [`RecordIndex::holes`] in
    /// it, and single positions elsewhere. Records with several owners are among the singles.
    pub(crate) fn owned_by(&self, owner: OwnerCode) -> ((u32, u32), &[u32]) {
        let block = if owner == OwnerCode::NOBODY {
            self.unowned_block
        } else if owner.is_user() {
            match self.user_blocks.get(owner.0 as usize..owner.0 as usize + 2) {
                Some([from, to]) => (*from, *to),
                _ => (0, 0),
            }
        } else {
            self.group_blocks.get(&owner.number()).copied().unwrap_or((0, 0))
        };
        (block, self.loose.get(&owner).map_or(&[], Vec::as_slice))
    }
    pub(crate) const fn holes(&self) -> &BTreeSet<u32> {
        &self.holes
    }
    /// Records by the principals with whom they are shared.
    pub(crate) const fn shared(&self) -> &Targets {
        &self.by_who
    }
    /// Positions of locked records.
    ///
    /// Cost: a look at every record.
    pub(crate) fn locked(&self) -> Bits {
        let mut locked = Bits::default();
        for (position, header) in (0u32..).zip(&self.headers) {
            if header.flags & LOCKED != 0 {
                locked.set(position);
            }
        }
        locked
    }
    /// The parent's number by a relation.
    pub(crate) fn parent(&self, relation: u32, position: u32) -> Option<u32> {
        let number = self.number_at[position as usize];
        crate::compile::some(*self.parents.get(relation as usize)?.get(number as usize)?)
    }
    /// Numbers of the children of a parent, sorted.
    pub(crate) fn children(&self, relation: u32, parent: u32) -> &[u32] {
        self.children.get(&(relation, parent)).map_or(&[], Vec::as_slice)
    }
    /// The values that live conditions read.
    pub(crate) fn values(&self, position: u32) -> Option<&BTreeMap<FieldId, Value>> {
        self.values.get(&position)
    }
    /// Bytes of the index, for the benchmark's table.
    pub(crate) fn bytes(&self) -> usize {
        let lists = self.by_who.bytes();
        let postings: usize = self.by_attributes.iter().map(Posting::bytes).sum();
        let columns: usize = self.columns.values().map(Column::bytes).sum();
        self.headers.capacity() * size_of::<Header>()
            + (self.number_at.capacity() + self.position_of.capacity()) * 4
            + self.shares.capacity() * size_of::<ShareEntry>()
            + lists
            + postings
            + columns
            + self.user_blocks.capacity() * 4
            + self.parents.iter().map(|parents| parents.capacity() * 4).sum::<usize>()
    }
}

/// The number that an id is where names are kept outside: its decimal digits, without leading zeros.
fn plain_number(id: &RecordId) -> Option<u32> {
    let digits = id.as_str().as_bytes();
    let plain = digits.iter().all(u8::is_ascii_digit)
        && (digits.len() == 1 || digits.first() != Some(&b'0'));
    if plain { id.as_str().parse().ok() } else { None }
}
