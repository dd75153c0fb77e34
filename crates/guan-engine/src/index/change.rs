//! Changes of an index in place: one record put or removed, one share added or revoked.

use super::{
    Attributes, DenseRow, GONE, Given, Header, Key, LOCKED, MANY_SHARES, OwnerCode, Posting,
    RecordIndex, ShareEntry,
};
use crate::dense::{NONE, to_u32};
use crate::model::RecordId;

impl RecordIndex {
    /// The number of a record by its id, given out at first mention.
    pub(crate) fn number_for(&mut self, id: &RecordId) -> u32 {
        self.ids.number(id)
    }
    pub(crate) fn intern_attributes(&mut self, attributes: Attributes) -> u32 {
        let number = self.attributes.add(attributes);
        self.by_attributes.resize(self.attributes.len(), Posting::default());
        number
    }
    pub(crate) fn intern_given(&mut self, given: Given) -> u32 {
        self.given.add(given)
    }

    /// Puts a record, new or in place of the one with its number.
    pub(crate) fn put(&mut self, row: DenseRow<'_>) {
        let position = match self.position(row.number) {
            Some(position) => {
                self.clear(position);
                position
            }
            None => self.append(row.number),
        };
        self.fill(position, row);
    }

    /// Removes a record; its number is not used again.
    pub(crate) fn remove(&mut self, position: u32) {
        self.clear(position);
        let header = &mut self.headers[position as usize];
        header.flags = GONE;
        header.owner = OwnerCode::NOBODY;
        let number = self.number_at[position as usize];
        self.position_of[number as usize] = NONE;
        self.holes.insert(position);
        self.alive -= 1;
        // The id keeps its number: children still point at it, and it may come back.
    }

    fn append(&mut self, number: u32) -> u32 {
        let position = to_u32(self.headers.len());
        self.headers.push(Header {
            owner: OwnerCode::NOBODY,
            shares_at: 0,
            attributes: 0,
            shares: 0,
            flags: 0,
        });
        self.number_at.push(number);
        super::load::put(&mut self.position_of, number, position);
        self.alive += 1;
        position
    }

    /// Takes a record out of every list.
    fn clear(&mut self, position: u32) {
        let header = self.headers[position as usize];
        if let Some(posting) = self.by_attributes.get_mut(header.attributes as usize) {
            posting.remove(position);
        }
        for entry in self.shares_of(position, &header).to_vec() {
            self.unlist(entry.who, position);
        }
        self.many_shares.remove(&position);
        for owner in self.owners(position, &header).to_vec() {
            self.disown(owner, position);
        }
        if header.owner == OwnerCode::NOBODY {
            self.disown(OwnerCode::NOBODY, position);
        }
        self.several.remove(&position);
        self.values.remove(&position);
        for column in self.columns.values_mut() {
            column.remove(position, &self.number_at);
        }
        let number = self.number_at[position as usize];
        for relation in 0..to_u32(self.parents.len()) {
            let Some(parent) = self.parent(relation, position) else { continue };
            if let Some(children) = self.children.get_mut(&(relation, parent)) {
                children.retain(|child| *child != number);
            }
            self.parents[relation as usize][number as usize] = NONE;
        }
    }

    /// Fills a cleared or new position.
    fn fill(&mut self, position: u32, row: DenseRow<'_>) {
        let room = self.positions();
        let owner = match row.owners {
            [] => OwnerCode::NOBODY,
            [only] => *only,
            several => {
                self.several.insert(position, several.into());
                OwnerCode::SEVERAL
            }
        };
        match owner {
            OwnerCode::SEVERAL => {
                self.holes.insert(position);
                for owner in row.owners {
                    list(self.loose.entry(*owner).or_default(), position);
                }
            }
            owner => self.own(owner, position),
        }
        let header = &mut self.headers[position as usize];
        header.owner = owner;
        header.attributes = row.attributes;
        header.flags = if row.locked { LOCKED } else { 0 };
        self.by_attributes[row.attributes as usize].add(position, room);
        self.write_shares(position, row.shares);
        for entry in row.shares {
            list(self.by_who.entry(entry.who).or_default(), position);
            self.share_targets.insert(entry.who);
        }
        for (relation, parent) in row.parents {
            super::load::put(&mut self.parents[*relation as usize], row.number, *parent);
            list(self.children.entry((*relation, *parent)).or_default(), row.number);
        }
        if !row.values.is_empty() {
            self.values.insert(position, row.values);
        }
        let fields: Vec<u32> = self.columns.keys().copied().collect();
        for field in fields {
            let key = row
                .keys
                .iter()
                .find(|(of, _)| *of == field)
                .map_or(Key::Absent, |(_, key)| key.clone());
            if let Some(column) = self.columns.get_mut(&field) {
                column.insert(position, key, &self.number_at);
            }
        }
    }

    /// Writes the share list of a record at the end of the arena, or in place if it fits.
    fn write_shares(&mut self, position: u32, entries: &[ShareEntry]) {
        let header = self.headers[position as usize];
        self.many_shares.remove(&position);
        let mut flags = header.flags & !MANY_SHARES;
        let (mut at, mut length) =
            (header.shares_at, u16::try_from(entries.len()).unwrap_or(u16::MAX));
        if entries.len() > usize::from(u16::MAX) {
            flags |= MANY_SHARES;
            length = 1;
            self.many_shares.insert(position, entries.to_vec());
        } else if entries.len() <= usize::from(header.shares) && header.flags & MANY_SHARES == 0 {
            let from = header.shares_at as usize;
            self.shares[from..from + entries.len()].copy_from_slice(entries);
        } else {
            at = to_u32(self.shares.len());
            self.shares.extend_from_slice(entries);
        }
        let header = &mut self.headers[position as usize];
        header.shares_at = at;
        header.shares = length;
        header.flags = flags;
    }

    /// Adds a share or membership beside the present ones.
    pub(crate) fn add_share(&mut self, position: u32, entry: ShareEntry) {
        let header = self.headers[position as usize];
        let mut entries = self.shares_of(position, &header).to_vec();
        entries.push(entry);
        self.write_shares(position, &entries);
        list(self.by_who.entry(entry.who).or_default(), position);
        self.share_targets.insert(entry.who);
    }

    /// Takes every share, or membership, of a principal off a record; whether there was one.
    pub(crate) fn revoke(&mut self, position: u32, who: crate::compile::Who) -> bool {
        let header = self.headers[position as usize];
        let mut entries = self.shares_of(position, &header).to_vec();
        let before = entries.len();
        entries.retain(|entry| entry.who != who);
        if entries.len() == before {
            return false;
        }
        self.write_shares(position, &entries);
        self.unlist(who, position);
        true
    }

    fn unlist(&mut self, who: crate::compile::Who, position: u32) {
        if let Some(list) = self.by_who.get_mut(&who)
            && let Ok(at) = list.binary_search(&position)
        {
            list.remove(at);
        }
    }

    /// The block that a position lies in.
    fn is_in_block(&self, owner: OwnerCode, position: u32) -> bool {
        let ((from, to), _, _) = self.owned_by(owner);
        from <= position && position < to
    }

    fn own(&mut self, owner: OwnerCode, position: u32) {
        if self.is_in_block(owner, position) {
            self.holes.remove(&position);
            return;
        }
        self.holes.insert(position);
        list(self.loose.entry(owner).or_default(), position);
    }

    fn disown(&mut self, owner: OwnerCode, position: u32) {
        if let Some(list) = self.loose.get_mut(&owner)
            && let Ok(at) = list.binary_search(&position)
        {
            list.remove(at);
        } else if self.is_in_block(owner, position) {
            self.holes.insert(position);
        }
    }
}

/// Adds to a sorted list.
fn list(list: &mut Vec<u32>, position: u32) {
    if list.last().is_none_or(|last| *last < position) {
        list.push(position);
    } else if let Err(at) = list.binary_search(&position) {
        list.insert(at, position);
    }
}
