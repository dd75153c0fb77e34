//! Replays a log row by row in constant memory and names the first place where it was tampered with.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use thiserror::Error;

use crate::chain::{Origin, Row, Tip, chain_hash, leaf_hash};
use crate::digest::Digest;
use crate::entry::{Entry, Unreadable};
use crate::kind::Kind;

/// The first place where a log does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("record {sequence}: {what}")]
pub struct Broken {
    /// The position that was expected there, from 0.
    pub sequence: u64,
    /// What is wrong with it.
    pub what: Fault,
}

/// What is wrong at a place.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Fault {
    /// Rows before this one are gone, or rows were swapped.
    #[error("missing, the next row is {found}: rows were removed or swapped")]
    Missing {
        /// The position found instead.
        found: u64,
    },
    /// A row of an earlier position comes again.
    #[error("row {found} comes again: rows were repeated or swapped")]
    Repeated {
        /// The position found instead.
        found: u64,
    },
    /// The bytes are not those that were hashed.
    #[error("the bytes do not give the leaf hash: the row was edited")]
    Leaf {
        /// What the bytes give.
        computed: Digest,
        /// What the row says.
        stored: Digest,
    },
    /// The row does not follow the one before it.
    #[error(
        "the previous hash is not that of the row before: a row was edited, removed, put in or swapped"
    )]
    Previous {
        /// What the row before gives.
        expected: Digest,
        /// What the row says.
        stored: Digest,
    },
    /// The chain hash is not that of its two parts.
    #[error(
        "the chain hash does not follow from the previous hash and the leaf hash: the row was edited"
    )]
    Chain {
        /// What the parts give.
        computed: Digest,
        /// What the row says.
        stored: Digest,
    },
    /// The bytes are not a record, or not in canonical form.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The record says another position than its row.
    #[error("the record itself says sequence {found}")]
    Sequence {
        /// The record's own sequence.
        found: u64,
    },
    /// The record belongs to another log.
    #[error("the record belongs to organization `{organization}` at instance `{instance}`")]
    Origin {
        /// The record's organization.
        organization: String,
        /// The record's instance.
        instance: String,
    },
    /// The incarnation fell: records of an older state were appended after a restore.
    #[error(
        "incarnation {found} comes after incarnation {before}: an older state was brought back"
    )]
    Incarnation {
        /// The incarnation of the record before.
        before: u64,
        /// The record's.
        found: u64,
    },
    /// The log is shorter than it once was.
    #[error("missing, the log once had {remembered} records: its tail was cut off")]
    Cut {
        /// The size remembered.
        remembered: u64,
    },
    /// The log is not the one that was remembered.
    #[error("the log up to here is not the one remembered: it was written anew")]
    Rewritten {
        /// The chain hash remembered.
        remembered: Digest,
        /// The chain hash found.
        found: Digest,
    },
    /// The remembered end lies before the first row given, so nothing can be said about it.
    #[error(
        "the log once had {remembered} records, but the rows given begin later: give earlier rows too"
    )]
    BeforeStart {
        /// The size remembered.
        remembered: u64,
    },
}

/// The wall clock went backwards between neighbouring records.
///
/// A note and no fault: clocks are set back in honest installations too. The records around it say what the clock state was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backwards {
    /// How many times.
    pub count: u64,
    /// The first record that is earlier than the one before it.
    pub first_sequence: u64,
    /// The largest step back.
    pub largest_us: u64,
}

/// What a log that holds looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Where the rows began; anything before it was not seen. The genesis for a whole log.
    pub from: Tip,
    /// The end of the log. Keep it somewhere else: it is what finds a cut tail next time.
    pub tip: Tip,
    /// How many rows were seen.
    pub rows: u64,
    /// Wall clock of the first row, in microseconds since 1970.
    pub first_us: Option<i64>,
    /// Wall clock of the last row, in microseconds since 1970.
    pub last_us: Option<i64>,
    /// The incarnation of the last row.
    pub incarnation: Option<u64>,
    /// How many rows of each kind; kinds without rows are absent.
    pub kinds: BTreeMap<Kind, u64>,
    /// Whether the wall clock went backwards.
    pub backwards: Option<Backwards>,
}

/// Verifies row by row, for callers whose rows arrive one at a time or with errors of their own.
///
/// Cost: constant memory; per row one parse, one serialisation and two hashes.
#[derive(Debug, Clone)]
pub struct Verifier {
    origin: Origin,
    remembered: Option<Tip>,
    seen: Verified,
}

impl Verifier {
    /// Begins at the first record of a log.
    ///
    /// `remembered` is the end of the log at any earlier time: the rows must contain it, at the end or before it.
    pub fn new(origin: Origin, remembered: Option<Tip>) -> Self {
        let genesis = Tip::genesis(&origin);
        Self::resume(origin, genesis, remembered)
    }

    /// Begins after `from`, which the caller knows to be good; a `from` of size 0 is the genesis, whatever its hash says.
    pub fn resume(origin: Origin, from: Tip, remembered: Option<Tip>) -> Self {
        let from = if from.size == 0 { Tip::genesis(&origin) } else { from };
        let seen = Verified {
            from,
            tip: from,
            rows: 0,
            first_us: None,
            last_us: None,
            incarnation: None,
            kinds: BTreeMap::new(),
            backwards: None,
        };
        Self { origin, remembered, seen }
    }

    /// The end of what was accepted so far.
    pub const fn tip(&self) -> Tip {
        self.seen.tip
    }

    /// Takes the next row.
    ///
    /// Errors: the first fault of the row. After one the verifier has not moved.
    pub fn accept(&mut self, row: &Row) -> Result<(), Broken> {
        self.check_remembered()?;
        let entry = self.check_row(row).map_err(|what| self.broken(what))?;
        self.seen.tip = row.tip();
        self.seen.rows += 1;
        self.count(&entry);
        Ok(())
    }

    /// Says that there are no more rows.
    ///
    /// Errors: the remembered end is not in the rows.
    pub fn finish(self) -> Result<Verified, Broken> {
        self.check_remembered()?;
        match self.remembered {
            Some(remembered) if remembered.size > self.seen.tip.size => {
                Err(self.broken(Fault::Cut { remembered: remembered.size }))
            }
            _ => Ok(self.seen),
        }
    }

    fn broken(&self, what: Fault) -> Broken {
        Broken { sequence: self.seen.tip.size, what }
    }

    fn check_remembered(&self) -> Result<(), Broken> {
        let Some(remembered) = self.remembered else { return Ok(()) };
        let Tip { size, chain } = self.seen.tip;
        if remembered.size < self.seen.from.size {
            return Err(self.broken(Fault::BeforeStart { remembered: remembered.size }));
        }
        if remembered.size == size && remembered.chain != chain {
            let what = Fault::Rewritten { remembered: remembered.chain, found: chain };
            return Err(Broken { sequence: size.saturating_sub(1), what });
        }
        Ok(())
    }

    fn check_row(&self, row: &Row) -> Result<Entry, Fault> {
        let Tip { size: expected, chain: previous } = self.seen.tip;
        if row.sequence > expected {
            return Err(Fault::Missing { found: row.sequence });
        }
        if row.sequence < expected {
            return Err(Fault::Repeated { found: row.sequence });
        }
        let leaf = leaf_hash(&row.bytes);
        if leaf != row.leaf {
            return Err(Fault::Leaf { computed: leaf, stored: row.leaf });
        }
        if previous != row.previous {
            return Err(Fault::Previous { expected: previous, stored: row.previous });
        }
        let chain = chain_hash(&previous, &leaf);
        if chain != row.chain {
            return Err(Fault::Chain { computed: chain, stored: row.chain });
        }
        let entry = Entry::from_bytes(&row.bytes)?;
        self.check_envelope(row, &entry)?;
        Ok(entry)
    }

    fn check_envelope(&self, row: &Row, entry: &Entry) -> Result<(), Fault> {
        let envelope = &entry.envelope;
        if envelope.sequence != row.sequence {
            return Err(Fault::Sequence { found: envelope.sequence });
        }
        if !self.origin.is_of(envelope) {
            let (organization, instance) =
                (envelope.organization.clone(), envelope.instance.clone());
            return Err(Fault::Origin { organization, instance });
        }
        match self.seen.incarnation {
            Some(before) if envelope.incarnation < before => {
                Err(Fault::Incarnation { before, found: envelope.incarnation })
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, entry: &Entry) {
        let wall_us = entry.time.wall_us;
        if let Some(before_us) = self.seen.last_us.filter(|before_us| wall_us < *before_us) {
            let step_us = before_us.abs_diff(wall_us);
            let first =
                Backwards { count: 0, first_sequence: entry.envelope.sequence, largest_us: 0 };
            let note = self.seen.backwards.get_or_insert(first);
            note.count += 1;
            note.largest_us = note.largest_us.max(step_us);
        }
        self.seen.first_us.get_or_insert(wall_us);
        self.seen.last_us = Some(wall_us);
        self.seen.incarnation = Some(entry.envelope.incarnation);
        *self.seen.kinds.entry(entry.kind).or_default() += 1;
    }
}

/// Verifies a whole log from its first record.
///
/// `remembered` is the end of the log at any earlier time, kept outside of it. Without one, a cut tail and a log that was
/// written anew from some place on cannot be told from an honest one: no chain can do that by itself.
///
/// Cost: constant memory, one pass.
///
/// Errors: the first place that does not hold.
pub fn verify<R: Borrow<Row>>(
    origin: &Origin,
    rows: impl IntoIterator<Item = R>,
    remembered: Option<Tip>,
) -> Result<Verified, Broken> {
    let mut verifier = Verifier::new(origin.clone(), remembered);
    for row in rows {
        verifier.accept(row.borrow())?;
    }
    verifier.finish()
}
