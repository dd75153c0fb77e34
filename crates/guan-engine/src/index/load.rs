//! Building a record index from rows in any order.

use super::{
    Attributes, Column, GONE, Given, Header, Ids, Key, LOCKED, MANY_SHARES, OwnerCode, Posting,
    RecordIndex, ShareEntry,
};
use crate::dense::{FastMap, Interned, NONE, TextMap, to_u32};
use crate::model::{FieldId, RecordId, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A record in dense form.
#[derive(Clone, Debug)]
pub(crate) struct DenseRow<'r> {
    pub(crate) number: u32,
    pub(crate) owners: &'r [OwnerCode],
    pub(crate) attributes: u32,
    pub(crate) locked: bool,
    pub(crate) shares: &'r [ShareEntry],
    /// Relation and parent's number.
    pub(crate) parents: &'r [(u32, u32)],
    /// Keys of indexed fields by field number.
    pub(crate) keys: Vec<(u32, Key)>,
    pub(crate) values: BTreeMap<FieldId, Value>,
}

#[derive(Debug)]
struct Row {
    number: u32,
    owner: OwnerCode,
    attributes: u32,
    shares_at: u32,
    shares: u32,
    locked: bool,
}

/// An index that is being filled.
#[derive(Debug)]
pub(crate) struct Loading {
    ids: Ids,
    rows: Vec<Row>,
    shares: Vec<ShareEntry>,
    several: FastMap<u32, Box<[OwnerCode]>>,
    pub(crate) attributes: Interned<Attributes>,
    pub(crate) given: Interned<Given>,
    parents: Vec<Vec<u32>>,
    keys: BTreeMap<u32, Vec<(u32, Key)>>,
    /// Plain numeric keys by row, for bulk loads.
    numbers: BTreeMap<u32, Vec<i64>>,
    values: FastMap<u32, BTreeMap<FieldId, Value>>,
    with_values: Vec<u32>,
    taken: crate::dense::Bits,
}

impl Loading {
    pub(crate) fn named(relations: usize) -> Self {
        Self::new(Ids::Named { ids: Vec::new(), numbers: TextMap::default() }, relations)
    }
    /// Record ids are kept by the caller, who gives numbers.
    pub(crate) fn outside(relations: usize) -> Self {
        Self::new(Ids::Outside, relations)
    }
    fn new(ids: Ids, relations: usize) -> Self {
        Self {
            ids,
            rows: Vec::new(),
            shares: Vec::new(),
            several: FastMap::default(),
            attributes: Interned::new(),
            given: Interned::new(),
            parents: vec![Vec::new(); relations],
            keys: BTreeMap::new(),
            numbers: BTreeMap::new(),
            values: FastMap::default(),
            with_values: Vec::new(),
            taken: crate::dense::Bits::default(),
        }
    }

    /// The number of a record by its id, given out at first mention.
    pub(crate) fn number(&mut self, id: &RecordId) -> u32 {
        self.ids.number(id)
    }
    /// Takes a number for a row; whether it was free.
    pub(crate) fn take(&mut self, number: u32) -> bool {
        let free = !self.taken.has(number);
        self.taken.set(number);
        free
    }
    /// Adds a row.
    pub(crate) fn add(&mut self, row: DenseRow<'_>) {
        let at = to_u32(self.rows.len());
        let owner = match row.owners {
            [] => OwnerCode::NOBODY,
            [only] => *only,
            several => {
                self.several.insert(at, several.into());
                OwnerCode::SEVERAL
            }
        };
        self.rows.push(Row {
            number: row.number,
            owner,
            attributes: row.attributes,
            shares_at: to_u32(self.shares.len()),
            shares: to_u32(row.shares.len()),
            locked: row.locked,
        });
        self.shares.extend_from_slice(row.shares);
        for (relation, parent) in row.parents {
            put(&mut self.parents[*relation as usize], row.number, *parent);
        }
        for (field, key) in row.keys {
            self.keys.entry(field).or_default().push((at, key));
        }
        if !row.values.is_empty() {
            self.values.insert(at, row.values);
            self.with_values.push(at);
        }
    }
    /// Gives the row just added a numeric key; every row must get one.
    pub(crate) fn add_number_key(&mut self, field: u32, key: i64) {
        self.numbers.entry(field).or_default().push(key);
    }

    /// Orders the rows by owner and builds every list.
    pub(crate) fn finish(mut self, users: usize, groups: usize, indexed: &[u32]) -> RecordIndex {
        let slot = |owner: OwnerCode| match owner {
            OwnerCode::NOBODY => users + groups + 1,
            OwnerCode::SEVERAL => users + groups,
            owner if owner.is_user() => owner.0 as usize,
            owner => users + owner.number() as usize,
        };
        let mut starts = vec![0u32; users + groups + 3];
        for row in &self.rows {
            starts[slot(row.owner) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let length = self.rows.len();
        let mut row_at = vec![0u32; length];
        let mut next = starts.clone();
        let numbers: Vec<u32> = self.rows.iter().map(|row| row.number).collect();
        let by_row: BTreeMap<u32, Column> =
            indexed.iter().map(|field| (*field, self.column(*field, &numbers))).collect();
        // Rows in the main order, dealt out to their owners: every block is in order then.
        let in_order: Cow<'_, [u32]> = if let Some((_, column)) = by_row.first_key_value() {
            Cow::Borrowed(&column.order)
        } else {
            let mut rows: Vec<u32> = (0..to_u32(length)).collect();
            rows.sort_unstable_by_key(|row| numbers[*row as usize]);
            Cow::Owned(rows)
        };
        for at in in_order.iter() {
            let next = &mut next[slot(self.rows[*at as usize].owner)];
            row_at[*next as usize] = *at;
            *next += 1;
        }
        let mut position_of_row = vec![0u32; length];
        for (position, row) in (0u32..).zip(&row_at) {
            position_of_row[*row as usize] = position;
        }
        let mut index = RecordIndex {
            headers: Vec::with_capacity(length),
            number_at: Vec::with_capacity(length),
            position_of: Vec::new(),
            ids: std::mem::replace(&mut self.ids, Ids::Outside),
            by_attributes: vec![Posting::default(); self.attributes.len()],
            attributes: std::mem::replace(&mut self.attributes, Interned::new()),
            shares: Vec::with_capacity(self.shares.len()),
            many_shares: FastMap::default(),
            plain: self
                .given
                .rows()
                .iter()
                .fold(crate::model::Rights::from_bits(u8::MAX), |all, given| all & given.plain()),
            given: std::mem::replace(&mut self.given, Interned::new()),
            by_who: super::Targets::default(),
            several: FastMap::default(),
            user_blocks: starts[..=users].to_vec(),
            group_blocks: BTreeMap::new(),
            unowned_block: (starts[users + groups + 1], starts[users + groups + 2]),
            holes: BTreeSet::new(),
            loose: BTreeMap::new(),
            parents: std::mem::take(&mut self.parents),
            children: FastMap::default(),
            values: FastMap::default(),
            columns: BTreeMap::new(),
            alive: to_u32(length),
        };
        for group in 0..groups {
            let (from, to) = (starts[users + group], starts[users + group + 1]);
            if from < to {
                index.group_blocks.insert(to_u32(group), (from, to));
            }
        }
        index.columns = by_row
            .into_iter()
            .map(|(field, column)| (field, column.moved(&row_at, &position_of_row)))
            .collect();
        self.place_rows(&mut index, &row_at);
        self.place_lists(&mut index, &position_of_row);
        index
    }

    /// The values of an indexed field by row.
    fn column(&mut self, field: u32, numbers: &[u32]) -> Column {
        if let Some(keys) = self.numbers.remove(&field) {
            return Column::of_numbers(keys, numbers);
        }
        let mut keys = vec![Key::Absent; numbers.len()];
        for (row, key) in self.keys.remove(&field).unwrap_or_default() {
            keys[row as usize] = key;
        }
        Column::sorted(keys, numbers)
    }

    fn place_rows(&mut self, index: &mut RecordIndex, row_at: &[u32]) {
        let greatest = self.rows.iter().map(|row| row.number as usize + 1).max().unwrap_or(0);
        let known = match &index.ids {
            Ids::Named { ids, .. } => ids.len(),
            Ids::Outside => 0,
        };
        index.position_of = vec![NONE; greatest.max(known)];
        for (position, row) in (0u32..).zip(row_at) {
            let at = *row;
            let row = &self.rows[at as usize];
            let entries =
                &self.shares[row.shares_at as usize..(row.shares_at + row.shares) as usize];
            let mut flags = if row.locked { LOCKED } else { 0 };
            let mut shares = u16::try_from(row.shares).unwrap_or(0);
            if row.shares > u32::from(u16::MAX) {
                flags |= MANY_SHARES;
                shares = 1;
                index.many_shares.insert(position, entries.to_vec());
            }
            index.headers.push(Header {
                owner: row.owner,
                shares_at: to_u32(index.shares.len()),
                attributes: row.attributes,
                shares,
                flags,
            });
            if flags & MANY_SHARES == 0 {
                index.shares.extend_from_slice(entries);
            }
            index.number_at.push(row.number);
            index.position_of[row.number as usize] = position;
            for entry in entries {
                let list = index.by_who.list_mut(entry.who);
                if list.last() != Some(&position) {
                    list.push(position);
                }
            }
        }
    }

    fn place_lists(mut self, index: &mut RecordIndex, position_of_row: &[u32]) {
        let mut by_who = std::mem::take(&mut index.by_who);
        let rank = ranks(index);
        for list in by_who.each_mut() {
            list.sort_unstable_by_key(|position| rank[*position as usize]);
            list.shrink_to_fit();
        }
        index.by_who = by_who;
        let mut postings = vec![Vec::new(); index.attributes.len()];
        for (position, header) in (0u32..).zip(&index.headers) {
            postings[header.attributes as usize].push(position);
        }
        let room = to_u32(index.headers.len());
        index.by_attributes = postings
            .into_iter()
            .map(|list: Vec<u32>| {
                Posting::of(list, room, |a, b| rank[a as usize].cmp(&rank[b as usize]))
            })
            .collect();
        for (row, owners) in std::mem::take(&mut self.several) {
            let position = position_of_row[row as usize];
            for owner in &owners {
                index.loose.entry(*owner).or_default().push(position);
            }
            index.several.insert(position, owners);
        }
        let mut loose = std::mem::take(&mut index.loose);
        for list in loose.values_mut() {
            list.sort_unstable_by(|a, b| index.order(*a, *b));
        }
        index.loose = loose;
        for row in &self.with_values {
            if let Some(values) = self.values.remove(row) {
                index.values.insert(position_of_row[*row as usize], values);
            }
        }
        for relation in 0..to_u32(index.parents.len()) {
            for number in 0..to_u32(index.parents[relation as usize].len()) {
                let parent = index.parents[relation as usize][number as usize];
                if parent != NONE {
                    index.children.entry((relation, parent)).or_default().push(number);
                }
            }
        }
        debug_assert!(index.headers.iter().all(|header| header.flags & GONE == 0));
    }
}

impl Ids {
    pub(super) fn number(&mut self, id: &RecordId) -> u32 {
        match self {
            Self::Named { ids, numbers } => {
                if let Some(number) = numbers.get(id) {
                    return *number;
                }
                let number = to_u32(ids.len());
                ids.push(id.clone());
                numbers.insert(id.clone(), number);
                number
            }
            Self::Outside => NONE,
        }
    }
}

/// Where each position stands in the main order.
fn ranks(index: &RecordIndex) -> Vec<u32> {
    let order: &[u32] = match index.columns.first_key_value() {
        Some((_, column)) => &column.order,
        None => return index.number_at.clone(),
    };
    let mut ranks = vec![0u32; order.len()];
    for (rank, position) in (0u32..).zip(order) {
        ranks[*position as usize] = rank;
    }
    ranks
}

/// Puts a value at a place of a list that grows with [`NONE`]s.
pub(super) fn put(list: &mut Vec<u32>, at: u32, value: u32) {
    let at = at as usize;
    if list.len() <= at {
        list.resize(at + 1, NONE);
    }
    list[at] = value;
}
