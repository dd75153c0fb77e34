//! Every SQL statement of the store in one list, so that a test prepares them all and another dialect has one file to match.

use crate::database::Statement;

macro_rules! statements {
    ($($name:ident $text:literal $(or $postgres:literal)?;)+) => {
        $(pub(crate) const $name: &Statement = &Statement {
            name: stringify!($name),
            sqlite: $text,
            postgres: statements!(@postgres $($postgres)?),
        };)+
        /// All of them.
        #[cfg(test)]
        pub(crate) const ALL: &[&Statement] = &[$($name),+];
    };
    (@postgres) => { None };
    (@postgres $text:literal) => { Some($text) };
}

statements! {
    MIGRATION "SELECT checksum FROM migration WHERE number = ?1";
    MIGRATION_LAST "SELECT coalesce(max(number), 0) FROM migration";
    MIGRATION_CREATE "INSERT INTO migration (number, name, checksum, applied_ms) VALUES (?1, ?2, ?3, ?4)";

    INSTALLATION_CREATE "INSERT INTO installation (one, instance, incarnation, high_water_ms) VALUES (1, ?1, ?2, ?3)";
    INSTALLATION "SELECT instance, incarnation, high_water_ms, clock_alarm FROM installation";
    HIGH_WATER_RAISE "UPDATE installation SET clock_alarm = CASE WHEN ?1 >= high_water_ms THEN 0 ELSE clock_alarm END, high_water_ms = max(high_water_ms, ?1)"
        or "UPDATE installation SET clock_alarm = CASE WHEN ?1 >= high_water_ms THEN 0 ELSE clock_alarm END, high_water_ms = greatest(high_water_ms, ?1)";
    HIGH_WATER_SET "UPDATE installation SET high_water_ms = ?1";
    INCARNATION_RAISE "UPDATE installation SET incarnation = max(incarnation, ?1)"
        or "UPDATE installation SET incarnation = greatest(incarnation, ?1)";
    CLOCK_ALARM_SET "UPDATE installation SET clock_alarm = ?1";

    ORGANIZATION_CREATE "INSERT INTO organization (org, revision, created_ms) VALUES (?1, ?2, ?3)";
    ORGANIZATIONS "SELECT org, revision, created_ms FROM organization ORDER BY org";
    CURRENT_REVISION "SELECT revision FROM organization WHERE org = ?1";
    CURRENT_REVISION_SET "UPDATE organization SET revision = ?2 WHERE org = ?1";

    REVISION_CREATE "INSERT INTO revision (org, number, origin, author, reason, at_ms, before, after, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    REVISION "SELECT number, origin, author, reason, at_ms, before, after, changed FROM revision WHERE org = ?1 AND number = ?2";
    REVISIONS "SELECT number, origin, author, reason, at_ms, before, after, changed FROM revision WHERE org = ?1 ORDER BY number";
    REVISION_BEFORE "SELECT max(r.number) FROM revision r JOIN ledger l ON l.org = r.org AND l.revision = r.number WHERE r.org = ?1 AND l.sequence < ?2 AND r.at_ms < ?3";
    REVISION_LAST "SELECT max(coalesce((SELECT max(number) FROM revision WHERE org = ?1), 0), coalesce((SELECT max(revision) FROM ledger WHERE org = ?1 AND revision IS NOT NULL), 0))"
        or "SELECT greatest(coalesce((SELECT max(number) FROM revision WHERE org = ?1), 0), coalesce((SELECT max(revision) FROM ledger WHERE org = ?1 AND revision IS NOT NULL), 0))";

    ENTITIES_AT "SELECT kind, id, body FROM entity WHERE org = ?1 AND since_revision <= ?2 AND (until_revision IS NULL OR until_revision > ?2)";
    ENTITY_END "UPDATE entity SET until_revision = ?4 WHERE org = ?1 AND kind = ?2 AND id = ?3 AND until_revision IS NULL";
    ENTITY_CREATE "INSERT INTO entity (org, kind, id, since_revision, body) VALUES (?1, ?2, ?3, ?4, ?5)";

    RECORDS_AFTER "SELECT object, number, id, body, access FROM record WHERE org = ?1 AND (object, number) > (?2, ?3) ORDER BY object, number LIMIT ?4";
    RECORD "SELECT body, access FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORD_NUMBER_NEXT "SELECT coalesce(max(number), -1) + 1 FROM record WHERE org = ?1 AND object = ?2";
    RECORD_CREATE "INSERT INTO record (org, object, number, id, body, access) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    RECORD_CHANGE "UPDATE record SET body = ?4, access = ?5 WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORD_DELETE "DELETE FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORDS_DELETE "DELETE FROM record WHERE org = ?1";
    RECORDS_COUNT "SELECT count(*) FROM record WHERE org = ?1";
    RECORDS_COUNT_BY_OBJECT "SELECT object, count(*) FROM record WHERE org = ?1 GROUP BY object ORDER BY object";

    LEDGER_TIP "SELECT sequence, chain FROM ledger WHERE org = ?1 ORDER BY sequence DESC LIMIT 1";
    LEDGER_CHAIN_AT "SELECT chain FROM ledger WHERE org = ?1 AND sequence = ?2";
    LEDGER_APPEND "INSERT INTO ledger (org, sequence, bytes, leaf, previous, chain, kind, overlay, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    LEDGER_ROWS "SELECT sequence, bytes, leaf, previous, chain FROM ledger WHERE org = ?1 AND sequence >= ?2 AND sequence < ?3 ORDER BY sequence";
    LEDGER_ROWS_CHECKED "SELECT sequence, bytes, leaf, previous, chain, kind, overlay, revision FROM ledger WHERE org = ?1 ORDER BY sequence";
    LEDGER_OF_OVERLAY "SELECT sequence, bytes, leaf, previous, chain FROM ledger WHERE org = ?1 AND overlay = ?2 ORDER BY sequence";
    LEDGER_COUNT_OF_OVERLAY "SELECT count(*) FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind = ?3";
    LEDGER_IS_CLOSED "SELECT EXISTS (SELECT 1 FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind = 'overlay_closed')";
    LEDGER_KINDS_SINCE "SELECT DISTINCT kind FROM ledger WHERE org = ?1 AND sequence >= ?2";
    LEDGER_LOGS "SELECT DISTINCT org FROM ledger ORDER BY org";

    OVERLAY_CREATE "INSERT INTO overlay (org, id, sealed, seal, ends_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
    OVERLAY "SELECT id, sealed, seal FROM overlay WHERE org = ?1 AND id = ?2";
    OVERLAYS "SELECT id, sealed, seal FROM overlay WHERE org = ?1 ORDER BY id";
    OVERLAYS_UNCLOSED "SELECT id, sealed, seal FROM overlay o WHERE org = ?1 AND NOT EXISTS (SELECT 1 FROM overlay_closing c WHERE c.org = o.org AND c.id = o.id) ORDER BY id";
    OVERLAYS_UNCLOSED_COUNT "SELECT count(*) FROM overlay o WHERE ends_ms > ?1 AND NOT EXISTS (SELECT 1 FROM overlay_closing c WHERE c.org = o.org AND c.id = o.id)";
    CLOSING_CREATE "INSERT INTO overlay_closing (org, id, body) VALUES (?1, ?2, ?3)";
    CLOSING "SELECT body FROM overlay_closing WHERE org = ?1 AND id = ?2";

    JOURNAL_NUMBER_NEXT "SELECT coalesce(max(number), -1) + 1 FROM journal WHERE org = ?1 AND overlay = ?2";
    JOURNAL_CREATE "INSERT INTO journal (org, overlay, number, sequence, object, id, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    JOURNAL "SELECT number, sequence, object, id, before, after FROM journal WHERE org = ?1 AND overlay = ?2 ORDER BY number";

    COUNT_ENTITIES "SELECT count(*) FROM entity WHERE org = ?1";
    COUNT_REVISIONS "SELECT count(*) FROM revision WHERE org = ?1";
    COUNT_OVERLAYS "SELECT count(*) FROM overlay WHERE org = ?1";
}

#[cfg(test)]
mod tests {
    use guan_engine::model::Moment;

    use crate::database::{Database, values};
    use crate::{migration, sqlite};

    fn migrated() -> Database {
        let database = sqlite::in_memory().unwrap();
        migration::apply(&database, Moment(0)).unwrap();
        database
    }

    #[test]
    fn every_statement_is_prepared_on_the_schema() {
        let database = migrated();
        let connection = database.sqlite().unwrap().connection();
        for statement in super::ALL {
            if let Err(error) = connection.prepare(statement.sqlite) {
                panic!("{}: {error}", statement.name);
            }
        }
    }

    #[test]
    fn whether_an_overlay_is_closed_is_asked_of_an_index_of_closings_alone() {
        let text = format!("EXPLAIN QUERY PLAN {}", super::LEDGER_IS_CLOSED.sqlite);
        let plan: Vec<String> =
            migrated().rows_of_text(&text, values!["acme", "w-1"], |row| row.get(3)).unwrap();
        assert!(plan.iter().any(|step| step.contains("ledger_closed")), "{plan:?}");
    }
}
