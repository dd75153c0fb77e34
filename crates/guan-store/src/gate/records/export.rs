//! Taking records out in bulk: a page at a time, each decided anew and recorded before it leaves.

use std::collections::BTreeSet;

use guan_engine::activity::is_acting;
use guan_engine::model::{Action, FieldId, OverlayEffect, OverlayId};
use guan_ledger::Hasher;

use super::RecordFault;
use super::list::{RecordPage, RecordQuery};
use crate::change::{Change, ExportDone};
use crate::gate::{Asking, Gate};

/// Records of one page of an export.
const EXPORT_MAX: usize = 1_000;

/// A long read: the overlays on which its pages so far rest. It stops when one of them has ended, since what follows
/// would be of another list than what left already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LongRead {
    overlays: BTreeSet<OverlayId>,
    has_begun: bool,
    /// The fields that leave; absent: all that the subject sees.
    fields: Option<BTreeSet<FieldId>>,
}

impl LongRead {
    /// A read from which these fields alone leave, so that the ledger names no others.
    pub fn of_fields(fields: impl IntoIterator<Item = FieldId>) -> Self {
        Self { fields: Some(fields.into_iter().collect()), ..Self::default() }
    }
}

impl RecordPage {
    /// The suspensions without which the page would be another.
    pub fn relaxed_by(&self) -> BTreeSet<&OverlayId> {
        let denies = self.records.iter().flat_map(|found| found.record.would_denies());
        denies.map(|deny| &deny.overlay).collect()
    }
}

impl Gate {
    /// The next page of a long export. Before each, the activity rule is asked again about every overlay that a page
    /// before it rests on.
    ///
    /// `asking` has the clock of this page.
    ///
    /// # Errors
    ///
    /// [`RecordFault::OverlayEnded`]; as [`Gate::export_records`] otherwise.
    pub fn export_on(
        &self,
        asking: &Asking,
        query: &RecordQuery,
        read: &mut LongRead,
    ) -> Result<RecordPage, RecordFault> {
        self.go_on(asking, read)?;
        let page = self.export_page(asking, query, read.fields.as_ref())?;
        read.overlays.extend(page.relaxed_by().into_iter().cloned());
        Ok(page)
    }

    /// Whether everything on which the pages before rest acts still; the first page rests on the elevations of now.
    fn go_on(&self, asking: &Asking, read: &mut LongRead) -> Result<(), RecordFault> {
        let session = asking.session();
        let (view, facts) = self.facing((&asking.caller, &asking.clock), &session)?;
        let acting = || view.overlays().iter().filter(|row| is_acting(row, &facts).is_ok());
        if !read.has_begun {
            read.has_begun = true;
            let elevations = acting().filter(|row| {
                matches!(row.overlay.effect, OverlayEffect::Elevation { .. })
                    && view.engine().concerns(&row.overlay.audience, &session)
            });
            read.overlays.extend(elevations.map(|row| row.id.clone()));
        }
        let ended = read.overlays.iter().find(|id| !acting().any(|row| row.id == **id));
        ended.map_or(Ok(()), |id| Err(RecordFault::OverlayEnded { overlay: id.clone() }))
    }

    /// A page of an export: the records of the list on which the subject may do `export`, with the fields that it
    /// may see. Each page is decided when it is taken and has its own ledger row before it leaves.
    ///
    /// # Errors
    ///
    /// As [`Gate::list_records`]; the row cannot be written.
    pub fn export_records(
        &self,
        asking: &Asking,
        query: &RecordQuery,
    ) -> Result<RecordPage, RecordFault> {
        self.export_page(asking, query, None)
    }

    fn export_page(
        &self,
        asking: &Asking,
        query: &RecordQuery,
        leaving: Option<&BTreeSet<FieldId>>,
    ) -> Result<RecordPage, RecordFault> {
        let query = RecordQuery { limit: query.limit.clamp(1, EXPORT_MAX), ..query.clone() };
        let page = self.page_of(asking, &Action::Export, &query)?;
        let mut hasher = Hasher::default();
        let mut fields: BTreeSet<&FieldId> = BTreeSet::new();
        for found in &page.records {
            hasher.update(found.record.id().as_str().as_bytes());
            hasher.update(b"\n");
            let shown = found.record.fields().keys();
            fields.extend(shown.filter(|field| leaving.is_none_or(|all| all.contains(*field))));
        }
        let export = ExportDone {
            organization: asking.organization.clone(),
            subject: asking.subject.clone(),
            address: asking.address,
            object: query.object,
            fields: fields.into_iter().cloned().collect(),
            rows: page.records.len() as u64,
            ids: hasher.finish(),
        };
        self.write(&asking.caller, &asking.clock, Change::RecordExport(export))?;
        Ok(page)
    }
}
