//! The ledger in the database: rows are appended in the transaction of what they record, read, verified and exported here.

use std::io::Write;
use std::ops::{ControlFlow, Range};

use guan_engine::model::Moment;
use guan_ledger::{
    Broken, ChangeKind, Completion, Decision, Digest, Entry, EntryId, Envelope, ExportWriter, Kind,
    Origin, Row, SCHEMA, Status, Suspension, Time, Tip, Unappendable, Unexportable, Verified,
    Verifier, What, Who, append,
};
use thiserror::Error;

use crate::caller::{Caller, ClockReading};
use crate::database::{self, Database, values};
use crate::error::{ReadError, StorageError};
use crate::side::Side;
use crate::{random, sql};

/// The log of the installation itself: what concerns no single organization.
pub const INSTALLATION_LOG: &str = "";

/// What a change wants recorded; place, time and caller are added when it is appended.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) kind: Kind,
    pub(crate) what: What,
    pub(crate) on_behalf_of: Option<String>,
    pub(crate) source_address: Option<std::net::IpAddr>,
    pub(crate) decision: Option<Decision>,
    pub(crate) suspension: Option<Suspension>,
    pub(crate) change: Option<guan_ledger::Change>,
    pub(crate) result: Option<Completion>,
    /// When it took effect, if that was before it was recorded.
    pub(crate) effective: Option<Moment>,
}

impl Draft {
    pub(crate) fn new(kind: Kind, operation: &str) -> Self {
        let what = What {
            operation: operation.to_owned(),
            object: None,
            record: None,
            fields: [].into(),
            query: None,
            purpose: None,
            request: None,
        };
        Self {
            kind,
            what,
            on_behalf_of: None,
            source_address: None,
            decision: None,
            suspension: None,
            change: None,
            result: Some(completion(Status::Done, None)),
            effective: None,
        }
    }

    pub(crate) fn because(mut self, purpose: &str) -> Self {
        self.what.purpose = Some(purpose.to_owned());
        self
    }

    pub(crate) fn changed(mut self, kind: ChangeKind, affected: u64) -> Self {
        self.change =
            Some(guan_ledger::Change { kind, before: None, after: None, affected, revision: None });
        self
    }

    pub(crate) fn imprints(mut self, before: Option<Digest>, after: Option<Digest>) -> Self {
        if let Some(change) = &mut self.change {
            change.before = before.map(Into::into);
            change.after = after.map(Into::into);
        }
        self
    }

    pub(crate) fn revision(mut self, revision: u64) -> Self {
        if let Some(change) = &mut self.change {
            change.revision = Some(revision);
        }
        self
    }
}

pub(crate) fn completion(status: Status, error_class: Option<String>) -> Completion {
    Completion { status, error_class, rows: None, bytes: None, ids: None }
}

/// Under what rows are made.
pub(crate) struct Pen<'a> {
    pub(crate) side: &'a Side,
    pub(crate) caller: &'a Caller,
    pub(crate) clock: &'a ClockReading,
}

/// Why a row cannot be appended.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// The record does not fit.
    #[error(transparent)]
    Unappendable(#[from] Unappendable),
    /// The system gave no random bytes for its id.
    #[error("the system gives no random bytes")]
    Random(#[source] std::io::Error),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A row with the columns by which it is found.
#[derive(Debug)]
pub(crate) struct Appended {
    organization: String,
    row: Row,
    kind: Kind,
    overlay: Option<String>,
    revision: Option<u64>,
}

impl Pen<'_> {
    /// The rows of drafts behind an end of the log, `None` for an empty one, and the end after them. Nothing is written.
    pub(crate) fn rows(
        &self,
        organization: &str,
        before: Option<Tip>,
        drafts: Vec<Draft>,
    ) -> Result<(Vec<Appended>, Tip), LedgerError> {
        let mut tip =
            before.unwrap_or_else(|| Tip::genesis(&origin(&self.side.instance, organization)));
        let mut rows = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let kind = draft.kind;
            let overlay = draft.suspension.as_ref().map(|suspension| suspension.overlay.clone());
            let revision = draft.change.as_ref().and_then(|change| change.revision);
            let row = append(&tip, &self.entry(organization, tip.size, draft)?)?;
            tip = row.tip();
            let organization = organization.to_owned();
            rows.push(Appended { organization, row, kind, overlay, revision });
        }
        Ok((rows, tip))
    }

    fn entry(&self, organization: &str, sequence: u64, draft: Draft) -> Result<Entry, LedgerError> {
        let Self { side, caller, clock, .. } = *self;
        let now = clock.wall;
        let happened = draft.effective.filter(|effective| *effective < now).unwrap_or(now);
        let envelope = Envelope {
            schema: SCHEMA,
            id: EntryId::new(
                u64::try_from(now.0).unwrap_or(0),
                random::bytes().map_err(LedgerError::Random)?,
            ),
            sequence,
            organization: organization.to_owned(),
            instance: side.instance.clone(),
            incarnation: side.incarnation,
            boot: clock.boot_id.clone().unwrap_or_else(|| "unknown".to_owned()),
        };
        let since_boot_ms = clock.boot_clock.map_or(0, |span| u64::try_from(span.0).unwrap_or(0));
        let time = Time {
            wall_us: microseconds(happened),
            since_boot_us: since_boot_ms.saturating_mul(1_000),
            clock: clock.state,
            recorded_at_us: (happened < now).then(|| microseconds(now)),
        };
        let who = Who {
            caller: caller.id.clone(),
            session: caller.session.clone(),
            auth_method: caller.auth_method.clone(),
            on_behalf_of: draft.on_behalf_of,
            source_address: draft.source_address.or(caller.address),
        };
        let mut what = draft.what;
        what.request.clone_from(&caller.request);
        let mut entry = Entry::new(envelope, draft.kind, time, who, what);
        entry.decision = draft.decision;
        entry.suspension = draft.suspension;
        entry.change = draft.change;
        entry.result = draft.result;
        Ok(entry)
    }
}

/// Columns of the ledger, in the order of [`sql::LEDGER_APPEND`].
const COLUMNS: [&str; 9] =
    ["org", "sequence", "bytes", "leaf", "previous", "chain", "kind", "overlay", "revision"];

/// Writes rows: many at once, or the one.
pub(crate) fn insert(database: &Database, rows: Vec<Appended>) -> Result<(), StorageError> {
    let is_one = rows.len() == 1;
    let mut rows = rows.into_iter().map(|appended| {
        let Appended { organization, row, kind, overlay, revision } = appended;
        let Row { sequence, bytes, leaf, previous, chain } = row;
        let [leaf, previous, chain] = [leaf, previous, chain].map(|hash| hash.as_bytes().to_vec());
        values![
            organization,
            sequence,
            bytes,
            leaf,
            previous,
            chain,
            kind.name(),
            overlay,
            revision
        ]
        .to_vec()
    });
    match rows.next() {
        None => Ok(()),
        Some(one) if is_one => database.run(sql::LEDGER_APPEND, &one).map(drop),
        Some(first) => {
            let mut rows = std::iter::once(first).chain(rows).map(Ok);
            database.load(("ledger", &COLUMNS), &mut rows).map(drop)
        }
    }
}

fn microseconds(moment: Moment) -> i64 {
    moment.0.saturating_mul(1_000)
}

/// Whose log it is.
pub(crate) fn origin(instance: &str, organization: &str) -> Origin {
    Origin { organization: organization.to_owned(), instance: instance.to_owned() }
}

/// The end of a log; `None` while it has no rows.
pub(crate) fn tip(database: &Database, organization: &str) -> Result<Option<Tip>, StorageError> {
    database.one(sql::LEDGER_TIP, values![organization], |row| {
        let chain: Vec<u8> = row.get(1)?;
        Ok(Tip { size: row.get::<u64>(0)?.saturating_add(1), chain: digest(&chain)? })
    })
}

/// Whether the log contains an end that was remembered.
pub(crate) fn contains(
    database: &Database,
    instance: &str,
    organization: &str,
    remembered: Tip,
) -> Result<bool, StorageError> {
    let Some(last) = remembered.size.checked_sub(1) else {
        return Ok(remembered == Tip::genesis(&origin(instance, organization)));
    };
    let chain: Option<Vec<u8>> =
        database.one(sql::LEDGER_CHAIN_AT, values![organization, last], |row| row.get(0))?;
    Ok(chain.is_some_and(|chain| chain == remembered.chain.as_bytes()))
}

/// The organizations that have a log; the installation's own is the empty one.
pub(crate) fn logs(database: &Database) -> Result<Vec<String>, StorageError> {
    database.rows(sql::LEDGER_LOGS, values![], |row| row.get(0))
}

pub(crate) fn digest(bytes: &[u8]) -> Result<Digest, StorageError> {
    Digest::try_from(bytes).map_err(StorageError::unreadable)
}

fn row(row: &database::Row<'_>) -> Result<Row, StorageError> {
    Ok(Row {
        sequence: row.get(0)?,
        bytes: row.get(1)?,
        leaf: digest(&row.get::<Vec<u8>>(2)?)?,
        previous: digest(&row.get::<Vec<u8>>(3)?)?,
        chain: digest(&row.get::<Vec<u8>>(4)?)?,
    })
}

/// Rows of a log, in order.
pub(crate) fn rows(
    database: &Database,
    organization: &str,
    range: Range<u64>,
) -> Result<Vec<Row>, ReadError> {
    Ok(database.rows(sql::LEDGER_ROWS, values![organization, range.start, range.end], row)?)
}

/// Rows that speak of an overlay, in order.
pub(crate) fn rows_of_overlay(
    database: &Database,
    organization: &str,
    overlay: &str,
) -> Result<Vec<Row>, ReadError> {
    Ok(database.rows(sql::LEDGER_OF_OVERLAY, values![organization, overlay], row)?)
}

/// A log does not hold.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// The first place that does not hold.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The columns for finding a row say something else than its bytes.
    #[error("record {sequence}: the columns beside the record were edited")]
    Columns {
        /// The row.
        sequence: u64,
    },
    /// The log could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Verifies a whole log against its remembered end.
pub(crate) fn verify(
    database: &Database,
    instance: &str,
    organization: &str,
    remembered: Option<Tip>,
) -> Result<Verified, VerifyError> {
    let mut verifier = Verifier::new(origin(instance, organization), remembered);
    let mut refused = None;
    let read = database.each(sql::LEDGER_ROWS_CHECKED, values![organization], |found| {
        let checked = row(found)?;
        if let Err(broken) = verifier.accept(&checked) {
            refused = Some(broken.into());
            return Ok(ControlFlow::Break(()));
        }
        let columns: (String, Option<String>, Option<u64>) =
            (found.get(5)?, found.get(6)?, found.get(7)?);
        // The verifier has just read the bytes, so they are a record.
        if let Ok(entry) = Entry::from_bytes(&checked.bytes)
            && columns
                != (
                    entry.kind.name().to_owned(),
                    entry.suspension.map(|suspension| suspension.overlay),
                    entry.change.and_then(|change| change.revision),
                )
        {
            refused = Some(VerifyError::Columns { sequence: checked.sequence });
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    });
    read.map_err(ReadError::from)?;
    match refused {
        Some(why) => Err(why),
        None => Ok(verifier.finish()?),
    }
}

/// A log could not be written as a file.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The stream refused, or a row was damaged.
    #[error(transparent)]
    Unexportable(#[from] Unexportable),
    /// The log could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Writes a whole log as JSON lines.
pub(crate) fn export<W: Write>(
    database: &Database,
    instance: &str,
    organization: &str,
    output: W,
) -> Result<(W, Tip), ExportError> {
    let origin = origin(instance, organization);
    let mut end = Tip::genesis(&origin);
    let mut writer = ExportWriter::new(output, &origin, &end)?;
    let mut refused = None;
    let read = database.each(sql::LEDGER_ROWS, values![organization, 0_i64, i64::MAX], |found| {
        let next = row(found)?;
        if let Err(why) = writer.row(&next) {
            refused = Some(why);
            return Ok(ControlFlow::Break(()));
        }
        end = next.tip();
        Ok(ControlFlow::Continue(()))
    });
    read.map_err(ReadError::from)?;
    match refused {
        Some(why) => Err(why.into()),
        None => Ok((writer.finish()?, end)),
    }
}
