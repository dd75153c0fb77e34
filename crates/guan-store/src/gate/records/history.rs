//! The history of a record: of the fields that the subject sees now, as it sees them now.

use guan_engine::model::{FieldId, Moment, Record, RecordKey, Value};
use guan_engine::visible::{Shown, Visible};
use serde::Serialize;

use super::RecordFault;
use crate::gate::{Asking, Gate};
use crate::query::PageCursor;
use crate::record::reads::{self, HistoryRow};
use crate::record::trace::PARENT;

/// Entries of one page.
const PAGE_MAX: usize = 200;

/// A field that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// Its place in the history, from 0.
    pub number: i64,
    /// The field; `$owners`, `$unit`, `$tags`, `$pool` and `$locked` are of the record itself, `$parent.RELATION` is a
    /// parent.
    pub field: String,
    /// The value before; absent where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Shown>,
    /// The value after; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Shown>,
    /// When.
    pub at: Moment,
    /// By whom.
    pub author: String,
    /// By which operation.
    pub cause: String,
    /// The ledger row.
    pub sequence: u64,
}

/// A page of a history, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryPage {
    /// The entries that the subject may see.
    pub entries: Vec<HistoryEntry>,
    /// Where to go on, towards older entries; absent on the last page.
    pub next: Option<PageCursor>,
}

impl Gate {
    /// What changed on a record, the newest first: of fields that are hidden from the subject nothing is told, masked
    /// ones are masked.
    ///
    /// # Errors
    ///
    /// As [`Gate::read_record`].
    pub fn record_history(
        &self,
        asking: &Asking,
        key: &RecordKey,
        before: Option<&PageCursor>,
        limit: usize,
    ) -> Result<HistoryPage, RecordFault> {
        let found = self.read_record(asking, key)?;
        let question = self.question(asking)?;
        let may_show = |name: &str, value: &Value| {
            let relation = name.strip_prefix(PARENT);
            let field = FieldId::from(relation.unwrap_or(name));
            match question.engine().pointed(&key.object, &field, value) {
                Some(pointed) => question.may_read(&pointed),
                // A parent by a relation that is no more could be anything.
                None => relation.is_none(),
            }
        };
        let limit = limit.clamp(1, PAGE_MAX);
        let (organization, subject) = (asking.organization.as_str(), asking.subject.as_str());
        let list = ["history", organization, subject, key.object.as_str(), key.id.as_str()];
        let opened = |cursor| self.open_number(&list, cursor)?.ok_or(RecordFault::Cursor);
        let mut before = before.map_or(Ok(i64::MAX), opened)?;
        let (mut entries, mut next) = (Vec::new(), None);
        // As many pages as it takes: how many hidden entries there are must show neither in the length of one nor in
        // whether there is another.
        while next.is_none() {
            let page = (before, limit as u64);
            let rows = self.read(|reader| {
                let database = &reader.database;
                Ok::<_, RecordFault>(reads::history(database, &asking.organization, key, page)?)
            })?;
            let is_last = rows.len() < limit;
            for row in rows {
                before = row.number;
                let Some(shown) = entry(&found.record, &may_show, row) else { continue };
                // Only something that is shown is a reason to go on.
                if entries.len() == limit {
                    next = entries.last().map(|entry: &HistoryEntry| entry.number);
                    break;
                }
                entries.push(shown);
            }
            if is_last {
                break;
            }
        }
        let next = next.map(|number| self.seal_number(&list, number)).transpose()?;
        Ok(HistoryPage { entries, next })
    }
}

/// The entry as the subject may see it; of values that point to records which they may not read nothing is told.
fn entry(
    record: &Visible<Record>,
    may_show: &impl Fn(&str, &Value) -> bool,
    row: HistoryRow,
) -> Option<HistoryEntry> {
    let HistoryRow { number, field, before, after, at, author, cause, sequence } = row;
    let value =
        |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
    let (before, after) = (value(before), value(after));
    let id = FieldId::from(field.as_str());
    let had_values = before.is_some() || after.is_some();
    let shown = |value: Option<Value>| {
        let value = value.filter(|value| may_show(&field, value))?;
        if field.starts_with('$') { Some(Shown::Clear(value)) } else { record.show(&id, &value) }
    };
    if !field.starts_with('$') && !record.access(&id).is_visible() {
        return None;
    }
    let (before, after) = (shown(before), shown(after));
    if had_values && before.is_none() && after.is_none() {
        return None;
    }
    Some(HistoryEntry { number, field, before, after, at, author, cause, sequence })
}
