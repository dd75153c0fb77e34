//! Records from the rows of their objects, with owners, values, parents and territories.

use super::directory::{Directory, NamedTable, long_id};
use super::draft::{Draft, Notes, Site};
use super::{shares, standard};
use crate::report::Rating;
use crate::table::Row;
use guan_engine::model::{
    FieldId, FieldType, Moment, ObjectId, Owner, Principal, Record, RecordId, RelationId, Rights,
    Value,
};
use std::collections::{BTreeMap, BTreeSet};

/// Records while they are put together.
pub(super) type Records = BTreeMap<(ObjectId, RecordId), Record>;

/// Takes every table that is an object's, then shares, teams and territories.
pub(super) fn take(draft: &mut Draft<'_>, directory: &mut Directory) -> Vec<Record> {
    let mut records = Records::new();
    let mut loaded = BTreeSet::new();
    let mut links = Vec::new();
    for name in directory.unused() {
        let Some(object) = object_of(draft, &name) else { continue };
        loaded.insert(object.clone());
        for table in directory.tables(&name) {
            take_table(draft, directory, &object, &table, &mut records, &mut links);
        }
    }
    check_links(draft, &records, &loaded, links);
    shares::take(draft, directory, &mut records);
    take_territories(draft, directory, &mut records);
    let mut records: Vec<Record> = records.into_values().collect();
    for record in &mut records {
        record.shares.sort();
        record.shares.dedup();
        record.team.sort();
        record.team.dedup();
    }
    records
}

/// The object whose rows a table holds.
fn object_of(draft: &mut Draft<'_>, table: &str) -> Option<ObjectId> {
    if table.eq_ignore_ascii_case("User") || table.eq_ignore_ascii_case("Group") {
        return None;
    }
    if let Some(known) = draft.known_object(table) {
        return Some(known);
    }
    let is_standard = standard::OBJECTS.iter().any(|known| known.eq_ignore_ascii_case(table));
    let is_custom = table.to_lowercase().ends_with("__c");
    (is_standard || is_custom).then(|| draft.object(table))
}

/// A parent that a row names: checked when all rows are read.
struct Link {
    child: (ObjectId, RecordId),
    relation: RelationId,
    parent: (ObjectId, RecordId),
    file: String,
    line: u64,
}

/// One column of a table of records.
struct Column {
    name: String,
    field: FieldId,
    field_type: FieldType,
    parent: Option<(RelationId, ObjectId)>,
}

fn take_table(
    draft: &mut Draft<'_>,
    directory: &Directory,
    object: &ObjectId,
    table: &NamedTable,
    records: &mut Records,
    links: &mut Vec<Link>,
) {
    if !table.table.has("Id") {
        let site = Site { file: &table.file, line: 1 };
        let why = Rating::not_supported("the rows have no column `Id`");
        let count = table.rows().count() as u64;
        return draft.rate_many(site, object.as_str(), "rows", why, count);
    }
    let columns = columns(draft, object, table);
    for row in table.rows() {
        let id = RecordId::new(long_id(row.value("Id")));
        let key = (object.clone(), id.clone());
        let mut notes = Notes::default();
        let problem = if id.as_str().is_empty() {
            Some("a record without `Id`")
        } else if records.contains_key(&key) {
            Some("a record of this id stands in the rows twice: the first counts")
        } else {
            None
        };
        if let Some(why) = problem {
            let rating = Rating::not_supported(why);
            draft.rate(table.site(&row), object.as_str(), id.as_str(), rating);
            continue;
        }
        let mut record = Record::new(object.clone(), id.clone());
        record.owners.extend(owner(directory, &row, &mut notes));
        for column in &columns {
            take_cell(&mut record, column, &row, &mut notes);
            if let Some((relation, parent)) = &column.parent
                && let Some(parent_id) = record.parents.get(relation)
            {
                links.push(Link {
                    child: key.clone(),
                    relation: relation.clone(),
                    parent: (parent.clone(), parent_id.clone()),
                    file: table.file.clone(),
                    line: row.line,
                });
            }
        }
        record.fields.insert("Id".into(), Value::Text(id.to_string()));
        if let Some(problem) = draft.policy.validate_record(&record).first() {
            let why = format!("left out: {problem}");
            let rating = Rating::not_supported(why);
            draft.rate(table.site(&row), object.as_str(), id.as_str(), rating);
            continue;
        }
        records.insert(key, record);
        super::directory::rate_row(draft, table.site(&row), object.as_str(), id.as_str(), &notes);
    }
}

/// What each column is; relationship columns and the owner are no fields.
fn columns(draft: &mut Draft<'_>, object: &ObjectId, table: &NamedTable) -> Vec<Column> {
    let mut columns = Vec::new();
    for name in table.table.columns() {
        if name.contains('.') {
            let site = Site { file: &table.file, line: 1 };
            let why = Rating::ignored("a column of another record");
            draft.rate(site, "column", &format!("{object}.{name}"), why);
            continue;
        }
        let is_own = !["id", "ownerid", "isdeleted"].contains(&name.to_lowercase().as_str());
        if !is_own || name.is_empty() {
            continue;
        }
        let field = draft.field(object, name);
        let relation = RelationId::new(field.as_str());
        let parent = draft
            .policy
            .objects
            .get(object)
            .and_then(|known| known.relations.get(&relation))
            .map(|known| (relation, known.parent.clone()));
        let field_type = draft.field_type(object, &field);
        columns.push(Column { name: name.clone(), field, field_type, parent });
    }
    columns
}

fn owner(directory: &Directory, row: &Row<'_>, notes: &mut Notes) -> Option<Owner> {
    let id = row.value("OwnerId");
    if id.is_empty() {
        return None;
    }
    match directory.principal(id) {
        Some(Principal::User(user)) => Some(Owner::User(user)),
        Some(Principal::Group(group)) => Some(Owner::Group(group)),
        _ => {
            notes.add(format!("the owner `{id}` is not in the rows: the record has no owner"));
            None
        }
    }
}

fn take_cell(record: &mut Record, column: &Column, row: &Row<'_>, notes: &mut Notes) {
    let cell = row.value(&column.name);
    if cell.is_empty() {
        return;
    }
    match value(cell, column.field_type) {
        Some(value) => {
            if let (Some((relation, _)), Value::Text(id)) = (&column.parent, &value) {
                record.parents.insert(relation.clone(), RecordId::new(id.as_str()));
            }
            record.fields.insert(column.field.clone(), value);
        }
        None => notes.add(format!("`{cell}` is no value of `{}`: left out", column.name)),
    }
}

/// A cell in the type of its field.
fn value(cell: &str, field_type: FieldType) -> Option<Value> {
    if field_type == FieldType::MultiChoice {
        let choices = cell.split(';').map(str::trim).filter(|choice| !choice.is_empty());
        return Some(Value::List(choices.map(str::to_owned).collect()));
    }
    super::criteria::typed(cell, field_type)
}

/// A day in ISO text, from a day or an instant of the vendor.
pub(super) fn day(text: &str) -> Option<String> {
    let date = text.split(['T', ' ']).next().unwrap_or(text);
    let date: jiff::civil::Date = date.parse().ok()?;
    Some(date.to_string())
}

/// An instant, from the forms that the vendor's tools write.
pub(super) fn moment(text: &str) -> Option<Moment> {
    if let Ok(moment) = text.parse() {
        return Some(moment);
    }
    // `+0000` without a colon; a blank in place of the T; a day alone.
    let spaced = text.replacen(' ', "T", 1);
    if let Some((rest, "0000")) = spaced.rsplit_once('+') {
        return format!("{rest}Z").parse().ok();
    }
    format!("{spaced}Z").parse().or_else(|_| format!("{spaced}T00:00:00Z").parse()).ok()
}

/// Parents that are not in the rows of their object lead nowhere, and are taken away.
fn check_links(
    draft: &mut Draft<'_>,
    records: &Records,
    loaded: &BTreeSet<ObjectId>,
    links: Vec<Link>,
) {
    for link in links {
        if loaded.contains(&link.parent.0) && !records.contains_key(&link.parent) {
            let name = format!("{}/{}.{}", link.child.0, link.child.1, link.relation);
            let why =
                format!("the parent `{}` is not in the rows: it leads nowhere", link.parent.1);
            let site = Site { file: &link.file, line: link.line };
            draft.rate(site, "parent", &name, Rating::not_supported(why));
        }
    }
}

fn take_territories(draft: &mut Draft<'_>, directory: &mut Directory, records: &mut Records) {
    let element = "ObjectTerritory2Association";
    let mut by_id: BTreeMap<RecordId, ObjectId> = BTreeMap::new();
    if directory.has(element) {
        by_id = records.keys().map(|(object, id)| (id.clone(), object.clone())).collect();
    }
    for table in directory.tables(element) {
        for row in table.rows() {
            let (id, territory) = (long_id(row.value("ObjectId")), row.value("Territory2Id"));
            let node = directory.territories.get(&long_id(territory)).cloned();
            let key = by_id.get(id.as_str()).map(|object| (object.clone(), RecordId::new(&*id)));
            match (key, node) {
                (Some(key), Some(node)) => {
                    super::roles::tag(draft, &key.0, Rights::NONE);
                    if let Some(record) = records.get_mut(&key) {
                        record.tags.insert(node);
                    }
                    draft.count_row(element);
                }
                (None, _) => {
                    let why = Rating::not_supported("the record is not in the rows");
                    draft.rate(table.site(&row), element, &id, why);
                }
                (_, None) => {
                    let why = format!("the territory `{territory}` is not in the rows");
                    draft.rate(table.site(&row), element, &id, Rating::not_supported(why));
                }
            }
        }
    }
}
