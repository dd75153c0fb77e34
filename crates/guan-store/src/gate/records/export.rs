//! Taking records out in bulk: a page at a time, each decided anew and recorded before it leaves.

use guan_engine::model::{Action, FieldId};
use guan_ledger::Hasher;
use std::collections::BTreeSet;

use super::RecordFault;
use super::list::{RecordPage, RecordQuery};
use crate::change::{Change, ExportDone};
use crate::gate::{Asking, Gate};

/// Records of one page of an export.
const EXPORT_MAX: usize = 1_000;

impl Gate {
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
        let query = RecordQuery { limit: query.limit.clamp(1, EXPORT_MAX), ..query.clone() };
        let page = self.page_of(asking, &Action::Export, &query)?;
        let mut hasher = Hasher::default();
        let mut fields: BTreeSet<&FieldId> = BTreeSet::new();
        for found in &page.records {
            hasher.update(found.record.id().as_str().as_bytes());
            hasher.update(b"\n");
            fields.extend(found.record.fields().keys());
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
