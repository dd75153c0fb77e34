//! The same change of many records at once: each is decided on its own, what is refused is told, the rest is one act.

use std::collections::BTreeSet;

use guan_engine::answer::Decision;
use guan_engine::ask::{Extent, Request, Session, Target};
use guan_engine::model::{Action, FieldId, ObjectId, OverlayId, Record, RecordId, RecordKey};
use serde::Serialize;

use super::RecordFault;
use super::change::{Changed, Denied, RecordPatch, Stopped, kept, may_read, patched};
use crate::change::Change;
use crate::gate::{Acting, Asking, Gate};
use crate::record::{RecordVerb, RecordWrite};

/// Records of one act.
pub(super) const RECORDS_MAX: usize = 2_000;

/// What came of a change of many records.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BulkOutcome {
    /// The act; `None` when nothing was changed.
    pub changed: Option<Changed>,
    /// How many records were changed.
    pub done: u64,
    /// Records that were left as they are, and why. One that is not there and one out of sight are told alike.
    pub refused: Vec<BulkRefusal>,
}

/// A record that was left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkRefusal {
    /// The record.
    pub id: RecordId,
    /// Why.
    pub why: String,
}

/// Which records go through under which suspension.
#[derive(Default)]
struct Sorted {
    lawful: BTreeSet<RecordId>,
    relaxed: BTreeSet<RecordId>,
    under: Option<OverlayId>,
    refused: Vec<BulkRefusal>,
}

impl Sorted {
    /// Notes that a part of a change is relaxed; `false` where it would be by another suspension than the rest.
    fn may_be_relaxed_by(&mut self, id: &RecordId, overlay: Option<&OverlayId>) -> bool {
        let Some(overlay) = overlay else { return true };
        if self.under.as_ref().is_some_and(|under| under != overlay) {
            return self.relaxed.contains(id);
        }
        self.under = Some(overlay.clone());
        self.relaxed.insert(id.clone());
        true
    }
}

impl Gate {
    /// Applies one patch to many records, with one ledger row.
    ///
    /// # Errors
    ///
    /// Too many records, or a value that does not fit; refusals of single records are in the outcome.
    pub fn edit_records(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
        patch: &RecordPatch,
    ) -> Result<BulkOutcome, RecordFault> {
        check_length(ids.len())?;
        let fields: Vec<FieldId> = patch.fields.keys().cloned().collect();
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let mut sorted = sort(acting, &session, (object, ids), (&Action::Edit, &fields));
            let mut records = Vec::new();
            let ids: Vec<RecordId> = sorted.lawful.union(&sorted.relaxed).cloned().collect();
            for id in &ids {
                let key = RecordKey { object: object.clone(), id: id.clone() };
                let (before, _) = kept(acting, asking, &key)?;
                let mut record = before.clone();
                match patched(acting, &session, &mut record, patch.clone()) {
                    Ok(_) if record == before => {}
                    Ok(overlay) if sorted.may_be_relaxed_by(id, overlay.as_ref()) => {
                        records.push(record);
                    }
                    Ok(_) => sorted.refused.push(BulkRefusal {
                        id: id.clone(),
                        why: "another suspension allows it: change it apart".to_owned(),
                    }),
                    Err(stopped) => sorted.refused.push(refusal(id, &stopped)),
                }
            }
            if records.is_empty() {
                return Ok(BulkOutcome { refused: sorted.refused, ..BulkOutcome::default() });
            }
            let (first, done) = (records.first().map(Record::key), records.len() as u64);
            let is_relaxed = records.iter().any(|record| sorted.relaxed.contains(&record.id));
            let write = RecordWrite {
                organization: asking.organization.clone(),
                verb: RecordVerb::BulkEdit,
                records,
                under: sorted.under.filter(|_| is_relaxed),
                relaxed: sorted.relaxed,
                born: Vec::new(),
                job: None,
            };
            let written = acting.apply(Change::WriteRecords(Box::new(write)))?;
            let changed = first.map(|key| Changed::new(key, &written));
            Ok(BulkOutcome { changed, done, refused: sorted.refused })
        })
    }

    /// Puts many records into the bin, with one ledger row.
    ///
    /// # Errors
    ///
    /// Too many records; refusals of single records are in the outcome.
    pub fn delete_records(
        &self,
        asking: &Asking,
        object: &ObjectId,
        ids: &[RecordId],
    ) -> Result<BulkOutcome, RecordFault> {
        check_length(ids.len())?;
        self.act_on_records(asking, |acting| {
            let session = asking.session().under(acting.standing());
            let Sorted { lawful, relaxed, under, mut refused } =
                sort(acting, &session, (object, ids), (&Action::Delete, &[]));
            // The journal is of the whole act, so what is lawful does not go together with what is relaxed.
            let (keys, under) = if lawful.is_empty() {
                (relaxed, under)
            } else {
                let why = "only a suspension allows it: delete it apart from the others".to_owned();
                refused.extend(relaxed.into_iter().map(|id| BulkRefusal { id, why: why.clone() }));
                (lawful, None)
            };
            let keys: Vec<RecordKey> =
                keys.into_iter().map(|id| RecordKey { object: object.clone(), id }).collect();
            let Some(first) = keys.first().cloned() else {
                return Ok(BulkOutcome { refused, ..BulkOutcome::default() });
            };
            let (organization, done) = (asking.organization.clone(), keys.len() as u64);
            let written = acting.apply(Change::DeleteRecords { organization, keys, under })?;
            Ok(BulkOutcome { changed: Some(Changed::new(first, &written)), done, refused })
        })
    }
}

fn check_length(length: usize) -> Result<(), RecordFault> {
    if length <= RECORDS_MAX {
        return Ok(());
    }
    Err(RecordFault::TooMany { what: "records at once", most: RECORDS_MAX })
}

/// Decides on every record.
fn sort(
    acting: &Acting<'_>,
    session: &Session<'_>,
    (object, ids): (&ObjectId, &[RecordId]),
    (action, fields): (&Action, &[FieldId]),
) -> Sorted {
    let mut sorted = Sorted::default();
    let unique: BTreeSet<&RecordId> = ids.iter().collect();
    for id in unique {
        let key = RecordKey { object: object.clone(), id: id.clone() };
        let on = Target::Record(key.clone());
        let mut request = Request::new(session.clone(), action.clone(), on.clone());
        request.fields = fields.to_vec();
        request.extent = Extent::Bulk;
        let stopped = match acting.check(&request) {
            Decision::Allow { .. } => {
                sorted.lawful.insert(id.clone());
                continue;
            }
            Decision::Relaxed { overlay, .. }
                if sorted.under.as_ref().is_none_or(|under| *under == overlay) =>
            {
                sorted.under = Some(overlay);
                sorted.relaxed.insert(id.clone());
                continue;
            }
            Decision::Relaxed { refusal, .. } | Decision::Deny { refusal } => {
                let is_known = may_read(acting, session, &key);
                let fields = fields.to_vec();
                Stopped::Denied(Box::new(Denied {
                    action: action.clone(),
                    on,
                    fields,
                    refusal,
                    is_known,
                }))
            }
        };
        sorted.refused.push(refusal(id, &stopped));
    }
    sorted
}

fn refusal(id: &RecordId, stopped: &Stopped) -> BulkRefusal {
    BulkRefusal { id: id.clone(), why: words(stopped) }
}

/// Why one of many was not done, without telling what may not be known.
pub(super) fn words(stopped: &Stopped) -> String {
    match stopped {
        Stopped::Fault(fault) => fault.to_string(),
        Stopped::Denied(denied) if !denied.is_known => {
            RecordFault::NotFound { reference: None }.to_string()
        }
        Stopped::Denied(denied) => match RecordFault::from(denied.refusal.clone()) {
            RecordFault::Refused { .. } => format!("`{}` is refused", denied.action),
            other => other.to_string(),
        },
    }
}
