//! The recycle bin: deleting, looking for what was deleted, bringing back, gone for good.

use guan_engine::answer::{Decision, Refusal};
use guan_engine::ask::{Request, Session, Target};
use guan_engine::model::{Action, ObjectId, OrganizationId, RecordKey};
use serde::Serialize;

use super::RecordFault;
use super::change::{Changed, Denied, Known, Stopped, decided, kept, same_version};
use crate::caller::{Caller, ClockReading};
use crate::change::Change;
use crate::gate::{Acting, Asking, Gate};
use crate::query::PageCursor;
use crate::record::reads;
use crate::record::{BinEntry, RecordVerb, RecordWrite};

/// The system permission of those who see the whole bin and empty it.
const MANAGE: &str = "guan.manage_recycle_bin";
/// Entries of one page.
const PAGE_MAX: usize = 200;
/// Records that the bin loses in one act.
const PURGED_MAX: u64 = 1_000;

/// A page of the bin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BinPage {
    /// Deleted records, in the order in which they were made.
    pub entries: Vec<BinEntry>,
    /// Where to go on; absent on the last page.
    pub next: Option<PageCursor>,
}

impl Gate {
    /// Puts a record into the bin.
    ///
    /// # Errors
    ///
    /// As [`Gate::edit_record`].
    pub fn delete_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        version: Option<u64>,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let under = decided(acting, &session, key, (&Action::Delete, Vec::new()))?;
            let (_, stamp) = kept(acting, asking, key)?;
            same_version(version, stamp.version)?;
            let organization = asking.organization.clone();
            let keys = vec![key.clone()];
            let written = acting.apply(Change::DeleteRecords { organization, keys, under })?;
            Ok(Changed::new(key.clone(), &written))
        })
    }

    /// What of an object is in the bin: what the subject deleted, or everything for those who manage the bin.
    ///
    /// # Errors
    ///
    /// When the subject neither reads the object nor manages the bin.
    pub fn bin(
        &self,
        asking: &Asking,
        object: &ObjectId,
        after: Option<&PageCursor>,
        limit: usize,
    ) -> Result<BinPage, RecordFault> {
        let question = self.question(asking)?;
        let on = Target::Object(object.clone());
        let manages = manages(question.engine(), &asking.session());
        // The bin shows no values, so who runs it needs no part in the records.
        if !manages
            && let Decision::Deny { refusal } =
                question.check(&Action::Read, on.clone(), Vec::new())
        {
            return Err(self.refused(asking, &Action::Read, on, Vec::new(), refusal));
        }
        let limit = limit.clamp(1, PAGE_MAX);
        let by = (!manages).then_some(asking.caller.id.as_str());
        let list = ["bin", asking.organization.as_str(), asking.subject.as_str(), object.as_str()];
        let opened = |cursor| self.open_number(&list, cursor)?.ok_or(RecordFault::Cursor);
        let page = (after.map_or(Ok(-1), opened)?, by, limit as u64 + 1);
        let mut found = self.read(|reader| {
            let database = &reader.database;
            Ok::<_, RecordFault>(reads::bin_page(database, &asking.organization, object, page)?)
        })?;
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more);
        let next = next.map(|(number, _)| self.seal_number(&list, *number)).transpose()?;
        Ok(BinPage { entries: found.into_iter().map(|(_, entry)| entry).collect(), next })
    }

    /// Brings a deleted record back as it was: the subject deleted it or manages the bin, and may make such a record.
    ///
    /// # Errors
    ///
    /// [`RecordFault::NotFound`] for what the subject does not see in the bin; a refusal; what it names may be gone.
    pub fn restore_record(&self, asking: &Asking, key: &RecordKey) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let record = seen_in_bin(acting, asking, (&Action::Create, key))?;
            let on = Target::New {
                object: key.object.clone(),
                owners: record.owners.clone(),
                unit: record.unit.clone(),
            };
            let request = Request::new(session, Action::Create, on);
            let under = match acting.check(&request) {
                Decision::Allow { .. } => None,
                Decision::Relaxed { overlay, .. } => Some(overlay),
                Decision::Deny { refusal } => {
                    let Request { action, on, fields, .. } = request;
                    return Err(Stopped::Denied(Box::new(Denied {
                        action,
                        on,
                        fields,
                        refusal,
                        known: Known::ByPolicy,
                    })));
                }
            };
            let organization = asking.organization.clone();
            let verb = RecordVerb::Restore;
            let write = RecordWrite { under, ..RecordWrite::one(organization, verb, record) };
            let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
            Ok(Changed::new(key.clone(), &written))
        })
    }

    /// Takes a deleted record and its history out for good; for those who manage the bin.
    ///
    /// # Errors
    ///
    /// A refusal, or no such record in the bin.
    pub fn purge_record(
        &self,
        asking: &Asking,
        key: &RecordKey,
        reason: &str,
    ) -> Result<Changed, RecordFault> {
        self.act_on_records(asking, |acting| {
            if !manages(acting.engine(), &asking.session()) {
                let on = Target::Object(key.object.clone());
                let (action, refusal) = (Action::Delete, Refusal::NoGrant);
                let fields = Vec::new();
                return Err(Stopped::Denied(Box::new(Denied {
                    action,
                    on,
                    fields,
                    refusal,
                    known: Known::ByPolicy,
                })));
            }
            seen_in_bin(acting, asking, (&Action::Delete, key))?;
            let (organization, keys) = (asking.organization.clone(), vec![key.clone()]);
            let change = Change::PurgeRecords { organization, keys, reason: reason.to_owned() };
            let written = acting.apply(change)?;
            Ok(Changed::new(key.clone(), &written))
        })
    }

    /// Takes out for good what the bin has kept long enough; how many.
    ///
    /// # Errors
    ///
    /// The installation cannot write.
    pub fn purge_due(
        &self,
        caller: &Caller,
        clock: &ClockReading,
        organization: &OrganizationId,
    ) -> Result<u64, RecordFault> {
        let done = self.act(caller, clock, organization, |acting| {
            let due = (clock.wall, PURGED_MAX);
            let keys = reads::bin_due(&acting.read().database, organization, due)?;
            if keys.is_empty() {
                return Ok(0);
            }
            let count = keys.len() as u64;
            let (organization, reason) = (organization.clone(), "kept long enough".to_owned());
            acting.apply(Change::PurgeRecords { organization, keys, reason })?;
            Ok::<u64, Stopped>(count)
        });
        done.map_err(|stopped| match stopped {
            Stopped::Fault(fault) => fault,
            Stopped::Denied(denied) => denied.refusal.into(),
        })
    }
}

/// Whether the subject sees the whole bin, by the policy: nothing relaxes administration.
fn manages(engine: &guan_engine::Engine, session: &Session<'_>) -> bool {
    engine.enter(session).is_ok_and(|seat| seat.has_system_permission(MANAGE))
}

fn seen_in_bin(
    acting: &Acting<'_>,
    asking: &Asking,
    (action, key): (&Action, &RecordKey),
) -> Result<guan_engine::model::Record, Stopped> {
    let found = reads::binned(&acting.read().database, &asking.organization, key)?;
    let manages = manages(acting.engine(), &asking.session());
    match found {
        Some((record, entry)) if manages || entry.deleted_by == asking.caller.id => Ok(record),
        _ => Err(Stopped::Denied(Box::new(Denied {
            action: action.clone(),
            on: Target::Record(key.clone()),
            fields: Vec::new(),
            refusal: Refusal::UnknownRecord,
            known: Known::No,
        }))),
    }
}
