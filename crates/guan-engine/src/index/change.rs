//! Changes of an index in place: one record put or removed, one share added or revoked.

use super::posting::{insert, remove};
use super::{
    Attributes, DenseRow, GONE, Given, Header, Key, LOCKED, MANY_SHARES, OwnerCode, Posting,
    RecordIndex, ShareEntry,
};
use crate::compile::Who;
use crate::dense::{NONE, to_u32};
use crate::model::RecordId;

impl Given {
    /// The rights that it gives without end.
    pub(super) const fn plain(&self) -> crate::model::Rights {
        if self.ends == i64::MAX { self.rights } else { crate::model::Rights::NONE }
    }
}

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
        self.plain = self.plain & given.plain();
        self.given.add(given)
    }

    /// Puts a record, new or in place of the one with its number.
    pub(crate) fn put(&mut self, row: DenseRow<'_>) {
        let (position, before) = match self.position(row.number) {
            Some(position) => {
                let before = self.main_key(position);
                self.clear(position);
                (position, before)
            }
            None => (self.append(row.number), None),
        };
        self.fill(position, row, before.as_ref());
    }

    /// Removes a record. Its number stays with its id: children still point at it, and it may come
    /// back.
    pub(crate) fn remove(&mut self, position: u32) {
        self.clear(position);
        let header = &mut self.headers[position as usize];
        header.flags = GONE;
        header.shares = 0;
        header.owner = OwnerCode::NOBODY;
        let number = self.number_at[position as usize];
        self.position_of[number as usize] = NONE;
        self.holes.insert(position);
        self.alive -= 1;
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

    /// Takes a record out of every list, while its key still says where it stands in them.
    fn clear(&mut self, position: u32) {
        let header = self.headers[position as usize];
        let mut posting = std::mem::take(&mut self.by_attributes[header.attributes as usize]);
        posting.remove(position, &|a, b| self.order(a, b));
        self.by_attributes[header.attributes as usize] = posting;
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
                remove(children, number, &|a, b| a.cmp(&b));
            }
            self.parents[relation as usize][number as usize] = NONE;
        }
    }

    /// Fills a cleared or new position; `before` is the main key that it had.
    fn fill(&mut self, position: u32, row: DenseRow<'_>, before: Option<&Key>) {
        self.write_keys(position, &row.keys);
        let in_order = self.main_field().is_none() || before == self.main_key(position).as_ref();
        let owner = match row.owners {
            [] => OwnerCode::NOBODY,
            [only] => *only,
            several => {
                self.several.insert(position, several.into());
                OwnerCode::SEVERAL
            }
        };
        if owner == OwnerCode::SEVERAL {
            self.holes.insert(position);
            for owner in row.owners {
                self.own_loosely(*owner, position);
            }
        } else {
            self.own(owner, position, in_order);
        }
        let header = &mut self.headers[position as usize];
        header.owner = owner;
        header.attributes = row.attributes;
        header.flags = if row.locked { LOCKED } else { 0 };
        let room = self.positions();
        let mut posting = std::mem::take(&mut self.by_attributes[row.attributes as usize]);
        posting.add(position, room, &|a, b| self.order(a, b));
        self.by_attributes[row.attributes as usize] = posting;
        self.write_shares(position, row.shares);
        for entry in row.shares {
            self.enlist(entry.who, position);
        }
        for (relation, parent) in row.parents {
            super::load::put(&mut self.parents[*relation as usize], row.number, *parent);
            let children = self.children.entry((*relation, *parent)).or_default();
            insert(children, row.number, &|a, b| a.cmp(&b));
        }
        if !row.values.is_empty() {
            self.values.insert(position, row.values);
        }
    }

    fn write_keys(&mut self, position: u32, keys: &[(u32, Key)]) {
        for (field, column) in &mut self.columns {
            let key = keys.iter().find(|(of, _)| of == field);
            let key = key.map_or(&Key::Absent, |(_, key)| key);
            column.insert(position, key, &self.number_at);
        }
    }

    /// Writes the share list of a record at the end of the arena, or in place if it fits.
    fn write_shares(&mut self, position: u32, entries: &[ShareEntry]) {
        let header = self.headers[position as usize];
        self.many_shares.remove(&position);
        let mut flags = header.flags & !MANY_SHARES;
        let mut at = header.shares_at;
        let mut length = u16::try_from(entries.len()).unwrap_or(u16::MAX);
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
        self.enlist(entry.who, position);
    }

    /// Takes every share, or membership, of a principal off a record; whether there was one.
    pub(crate) fn revoke(&mut self, position: u32, who: Who) -> bool {
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

    fn enlist(&mut self, who: Who, position: u32) {
        let mut list = std::mem::take(self.by_who.list_mut(who));
        insert(&mut list, position, &|a, b| self.order(a, b));
        *self.by_who.list_mut(who) = list;
    }

    fn unlist(&mut self, who: Who, position: u32) {
        let mut list = std::mem::take(self.by_who.list_mut(who));
        remove(&mut list, position, &|a, b| self.order(a, b));
        *self.by_who.list_mut(who) = list;
    }

    /// The key of a position in the main order.
    fn main_key(&self, position: u32) -> Option<Key> {
        self.columns.first_key_value().map(|(_, column)| column.key(position))
    }

    fn is_in_block(&self, owner: OwnerCode, position: u32) -> bool {
        let ((from, to), _) = self.owned_by(owner);
        from <= position && position < to
    }

    /// Gives a position to an owner; `in_order` when it still stands right inside its block.
    fn own(&mut self, owner: OwnerCode, position: u32, in_order: bool) {
        if in_order && self.is_in_block(owner, position) {
            self.holes.remove(&position);
            return;
        }
        self.holes.insert(position);
        self.own_loosely(owner, position);
    }

    fn own_loosely(&mut self, owner: OwnerCode, position: u32) {
        let mut list = self.loose.remove(&owner).unwrap_or_default();
        insert(&mut list, position, &|a, b| self.order(a, b));
        self.loose.insert(owner, list);
    }

    fn disown(&mut self, owner: OwnerCode, position: u32) {
        let mut list = self.loose.remove(&owner).unwrap_or_default();
        let was_loose = remove(&mut list, position, &|a, b| self.order(a, b));
        if !list.is_empty() {
            self.loose.insert(owner, list);
        }
        if !was_loose && self.is_in_block(owner, position) {
            self.holes.insert(position);
        }
    }
}
