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
    REVISIONS_SINCE "SELECT number, author FROM revision WHERE org = ?1 AND at_ms >= ?2 ORDER BY number";
    REVISION_PREVIOUS "SELECT max(number) FROM revision WHERE org = ?1 AND number < ?2";
    REVISION_LAST "SELECT max(coalesce((SELECT max(number) FROM revision WHERE org = ?1), 0), coalesce((SELECT max(revision) FROM ledger WHERE org = ?1 AND revision IS NOT NULL), 0))"
        or "SELECT greatest(coalesce((SELECT max(number) FROM revision WHERE org = ?1), 0), coalesce((SELECT max(revision) FROM ledger WHERE org = ?1 AND revision IS NOT NULL), 0))";

    ENTITIES_AT "SELECT kind, id, body FROM entity WHERE org = ?1 AND since_revision <= ?2 AND (until_revision IS NULL OR until_revision > ?2)";
    ENTITY_LAST "SELECT MAX(until_revision) FROM entity WHERE org = ?1 AND kind = ?2 AND id = ?3";
    ENTITY_END "UPDATE entity SET until_revision = ?4 WHERE org = ?1 AND kind = ?2 AND id = ?3 AND until_revision IS NULL";
    ENTITY_CREATE "INSERT INTO entity (org, kind, id, since_revision, body) VALUES (?1, ?2, ?3, ?4, ?5)";

    RECORDS_AFTER "SELECT object, number, id, body, access FROM record WHERE org = ?1 AND (object, number) > (?2, ?3) ORDER BY object, number LIMIT ?4";
    RECORD "SELECT body, access FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORD_NUMBER_NEXT "SELECT max(coalesce((SELECT number FROM record WHERE org = ?1 AND object = ?2 ORDER BY number DESC LIMIT 1), -1), coalesce((SELECT number FROM record_bin WHERE org = ?1 AND object = ?2 ORDER BY number DESC LIMIT 1), -1)) + 1"
        or "SELECT greatest(coalesce((SELECT number FROM record WHERE org = ?1 AND object = ?2 ORDER BY number DESC LIMIT 1), -1), coalesce((SELECT number FROM record_bin WHERE org = ?1 AND object = ?2 ORDER BY number DESC LIMIT 1), -1)) + 1";
    RECORD_CREATE "INSERT INTO record (org, object, number, id, body, access) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    RECORD_CHANGE "UPDATE record SET body = ?4, access = ?5 WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORD_DELETE "DELETE FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORDS_DELETE "DELETE FROM record WHERE org = ?1";
    RECORDS_COUNT "SELECT count(*) FROM record WHERE org = ?1";
    RECORDS_COUNT_BY_OBJECT "SELECT object, count(*) FROM record WHERE org = ?1 GROUP BY object ORDER BY object";

    RECORD_STAMPED "SELECT body, access, version, created_ms, created_by, changed_ms, changed_by FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORDS_OF_IDS "SELECT r.number, r.id, r.body, r.access, r.version, r.created_ms, r.created_by, r.changed_ms, r.changed_by FROM json_each(?3) AS wanted CROSS JOIN record r ON r.org = ?1 AND r.object = ?2 AND r.id = wanted.value ORDER BY wanted.key"
        or "SELECT r.number, r.id, r.body, r.access, r.version, r.created_ms, r.created_by, r.changed_ms, r.changed_by FROM jsonb_array_elements_text(?3::text::jsonb) WITH ORDINALITY AS wanted (value, key) JOIN record r ON r.org = ?1 AND r.object = ?2 AND r.id = wanted.value ORDER BY wanted.key";
    RECORDS_OF_OBJECT "SELECT number, id, body, access FROM record WHERE org = ?1 AND object = ?2 ORDER BY number";
    RECORD_ID_BEFORE "SELECT id FROM record WHERE org = ?1 AND object = ?2 AND number <= ?3 ORDER BY number DESC LIMIT 1";
    RECORD_ID_AFTER "SELECT id FROM record WHERE org = ?1 AND object = ?2 AND number >= ?3 ORDER BY number LIMIT 1";
    RECORD_STAMP_CREATED "UPDATE record SET created_ms = ?4, created_by = ?5, changed_ms = ?4, changed_by = ?5 WHERE org = ?1 AND object = ?2 AND id = ?3";
    RECORD_STAMP_CHANGED "UPDATE record SET version = version + 1, changed_ms = ?4, changed_by = ?5 WHERE org = ?1 AND object = ?2 AND id = ?3";

    BIN_REPLACE "DELETE FROM record_bin WHERE org = ?1 AND object = ?2 AND id = ?3";
    BIN_PUT "INSERT INTO record_bin (org, object, id, number, body, access, version, created_ms, created_by, changed_ms, changed_by, deleted_ms, deleted_by, purge_ms) SELECT org, object, id, number, body, access, version, created_ms, created_by, changed_ms, changed_by, ?4, ?5, ?6 FROM record WHERE org = ?1 AND object = ?2 AND id = ?3";
    BIN "SELECT body, access, version, created_ms, created_by, deleted_ms, deleted_by, purge_ms FROM record_bin WHERE org = ?1 AND object = ?2 AND id = ?3";
    BIN_PAGE "SELECT id, number, deleted_ms, deleted_by, purge_ms FROM record_bin WHERE org = ?1 AND object = ?2 AND number > ?3 AND (?4 = '' OR deleted_by = ?4) ORDER BY number LIMIT ?5";
    BIN_DUE "SELECT object, id FROM record_bin WHERE org = ?1 AND purge_ms <= ?2 ORDER BY purge_ms LIMIT ?3";
    BIN_RESTORE "INSERT INTO record (org, object, number, id, body, access, version, created_ms, created_by, changed_ms, changed_by) SELECT org, object, number, id, body, access, version + 1, created_ms, created_by, ?4, ?5 FROM record_bin WHERE org = ?1 AND object = ?2 AND id = ?3";

    HISTORY_NUMBER_NEXT "SELECT coalesce(max(number), -1) + 1 FROM record_history WHERE org = ?1 AND object = ?2 AND id = ?3";
    HISTORY_PUT "INSERT INTO record_history (org, object, id, number, field, before, after, at_ms, author, cause, sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    HISTORY "SELECT number, field, before, after, at_ms, author, cause, sequence FROM record_history WHERE org = ?1 AND object = ?2 AND id = ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
    HISTORY_PURGE "DELETE FROM record_history WHERE org = ?1 AND object = ?2 AND id = ?3";

    WORDS_PUT "INSERT INTO record_words (org, object, number, words) SELECT org, object, number, ?4 FROM record WHERE org = ?1 AND object = ?2 AND id = ?3 ON CONFLICT (org, object, number) DO UPDATE SET words = excluded.words";
    WORDS_DELETE "DELETE FROM record_words WHERE org = ?1 AND object = ?2 AND number = (SELECT number FROM record WHERE org = ?1 AND object = ?2 AND id = ?3)";
    WORDS_CLEAR "DELETE FROM record_words WHERE org = ?1";
    WORDS_FIND "SELECT r.number, r.id FROM record_search s JOIN record_words w ON w.place = s.rowid JOIN record r ON r.org = w.org AND r.object = w.object AND r.number = w.number WHERE s.record_search MATCH ?3 AND w.org = ?1 AND w.object = ?2"
        or "SELECT r.number, r.id FROM record_words w JOIN record r ON r.org = w.org AND r.object = w.object AND r.number = w.number WHERE array_to_tsvector(string_to_array(w.words, ' ')) @@ ?3::text::tsquery AND w.org = ?1 AND w.object = ?2";

    CLAIM_BEGIN "INSERT INTO record_claim (org, pool, object, id, holder, claimed_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING";
    CLAIM_END "UPDATE record_claim SET ended_ms = ?6 WHERE org = ?1 AND pool = ?2 AND object = ?3 AND id = ?4 AND holder = ?5 AND ended_ms IS NULL";
    CLAIMS_END "UPDATE record_claim SET ended_ms = ?4 WHERE org = ?1 AND object = ?2 AND id = ?3 AND ended_ms IS NULL";
    CLAIMS_HELD "SELECT count(*) FROM record_claim WHERE org = ?1 AND pool = ?2 AND holder = ?3 AND ended_ms IS NULL";
    CLAIMS_SINCE "SELECT count(*) FROM record_claim WHERE org = ?1 AND pool = ?2 AND holder = ?3 AND claimed_ms >= ?4";
    CLAIM_LAST_END "SELECT max(ended_ms) FROM record_claim WHERE org = ?1 AND pool = ?2 AND object = ?3 AND id = ?4 AND holder = ?5";
    CLAIMS_STALE "SELECT c.object, c.id, max(max(c.claimed_ms), r.changed_ms) FROM record_claim c JOIN record r ON r.org = c.org AND r.object = c.object AND r.id = c.id WHERE c.org = ?1 AND c.pool = ?2 AND c.ended_ms IS NULL AND c.claimed_ms <= ?3 AND r.changed_ms <= ?3 GROUP BY c.object, c.id, r.changed_ms ORDER BY 3, c.object, c.id LIMIT ?4"
        or "SELECT c.object, c.id, greatest(max(c.claimed_ms), r.changed_ms) FROM record_claim c JOIN record r ON r.org = c.org AND r.object = c.object AND r.id = c.id WHERE c.org = ?1 AND c.pool = ?2 AND c.ended_ms IS NULL AND c.claimed_ms <= ?3 AND r.changed_ms <= ?3 GROUP BY c.object, c.id, r.changed_ms ORDER BY 3, c.object, c.id LIMIT ?4";
    USER_IS_THERE "SELECT EXISTS (SELECT 1 FROM entity WHERE org = ?1 AND kind = 'user' AND id = ?2 AND until_revision IS NULL)";
    ACCOUNT "SELECT hash, must_change, changed_ms, failed, paused_until_ms, given_by, given_ms FROM account WHERE org = ?1 AND subject = ?2";
    ACCOUNT_SUBJECTS "SELECT subject FROM account WHERE org = ?1 ORDER BY subject";
    ACCOUNT_PUT "INSERT INTO account (org, subject, hash, must_change, changed_ms) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (org, subject) DO UPDATE SET hash = excluded.hash, must_change = excluded.must_change, changed_ms = excluded.changed_ms, failed = 0, paused_until_ms = 0";
    ACCOUNT_GIVEN "UPDATE account SET given_by = ?3, given_ms = ?4 WHERE org = ?1 AND subject = ?2";
    ACCOUNT_DELETE "DELETE FROM account WHERE org = ?1 AND subject = ?2";
    ACCOUNT_FAILED "UPDATE account SET failed = failed + 1, paused_until_ms = ?3 WHERE org = ?1 AND subject = ?2";
    ACCOUNTS_SIGNED_IN "SELECT subject, signed_in_ms FROM account WHERE org = ?1 AND subject BETWEEN ?2 AND ?3 AND signed_in_ms IS NOT NULL ORDER BY subject";
    ACCOUNT_SIGNED_IN "UPDATE account SET failed = 0, paused_until_ms = 0, signed_in_ms = ?3 WHERE org = ?1 AND subject = ?2";

    SESSION_CREATE "INSERT INTO session (org, id, subject, secret, csrf, incarnation, opened_ms, used_ms, ends_ms, address, agent) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, ?8, ?9, ?10)";
    SESSION "SELECT id, subject, secret, csrf, incarnation, opened_ms, used_ms, ends_ms, address, agent FROM session WHERE org = ?1 AND id = ?2";
    SESSIONS "SELECT id, subject, secret, csrf, incarnation, opened_ms, used_ms, ends_ms, address, agent FROM session WHERE org = ?1 AND subject = ?2 ORDER BY id";
    SESSION_USED "UPDATE session SET used_ms = ?3 WHERE org = ?1 AND id = ?2";
    SESSION_END "DELETE FROM session WHERE org = ?1 AND id = ?2";
    SESSIONS_END "DELETE FROM session WHERE org = ?1 AND subject = ?2 AND id <> ?3";
    SESSIONS_FORGET "DELETE FROM session WHERE org = ?1 AND (ends_ms <= ?2 OR incarnation <> ?3)";

    TOKEN_CREATE "INSERT INTO token (org, id, subject, name, secret, scopes, networks, incarnation, made_by, made_ms, used_ms, ends_ms, powers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, NULL, ?11, ?12)";
    TOKEN "SELECT id, subject, name, secret, scopes, networks, incarnation, made_by, made_ms, used_ms, ends_ms, powers FROM token WHERE org = ?1 AND id = ?2";
    TOKENS "SELECT id, subject, name, secret, scopes, networks, incarnation, made_by, made_ms, used_ms, ends_ms, powers FROM token WHERE org = ?1 ORDER BY id";
    TOKEN_USED "UPDATE token SET used_ms = ?3 WHERE org = ?1 AND id = ?2";
    TOKENS_REVOKE "DELETE FROM token WHERE org = ?1 AND subject = ?2";
    TOKENS_OF_DELETE "DELETE FROM token WHERE org = ?1 AND subject = ?2";
    TOKEN_REVOKE "DELETE FROM token WHERE org = ?1 AND id = ?2";

    ANSWER "SELECT fingerprint, incarnation, begun_ms, status, headers, body FROM answer WHERE org = ?1 AND subject = ?2 AND name = ?3";
    ANSWER_BEGIN "INSERT INTO answer (org, subject, name, fingerprint, incarnation, begun_ms, status, headers, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, '', ?7)";
    ANSWER_KEEP "UPDATE answer SET status = ?4, headers = ?5, body = ?6 WHERE org = ?1 AND subject = ?2 AND name = ?3";
    ANSWER_DROP "DELETE FROM answer WHERE org = ?1 AND subject = ?2 AND name = ?3";
    ANSWERS_SWEEP "DELETE FROM answer WHERE org = ?1 AND begun_ms <= ?2";

    LEDGER_TIP "SELECT sequence, chain FROM ledger WHERE org = ?1 ORDER BY sequence DESC LIMIT 1";
    LEDGER_CHAIN_AT "SELECT chain FROM ledger WHERE org = ?1 AND sequence = ?2";
    LEDGER_APPEND "INSERT INTO ledger (org, sequence, bytes, leaf, previous, chain, kind, overlay, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    LEDGER_ROWS "SELECT sequence, bytes, leaf, previous, chain FROM ledger WHERE org = ?1 AND sequence >= ?2 AND sequence < ?3 ORDER BY sequence";
    LEDGER_ROWS_CHECKED "SELECT sequence, bytes, leaf, previous, chain, kind, overlay, revision FROM ledger WHERE org = ?1 ORDER BY sequence";
    LEDGER_ROWS_FROM "SELECT org, sequence, bytes, leaf, previous, chain, kind, overlay, revision FROM ledger WHERE org = ?1 AND sequence >= ?2 ORDER BY sequence";
    LEDGER_DENIALS "SELECT sequence, bytes FROM ledger WHERE org = ?1 AND kind = 'decision_denied' AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3";
    LEDGER_OF_OVERLAY "SELECT sequence, bytes, leaf, previous, chain FROM ledger WHERE org = ?1 AND overlay = ?2 ORDER BY sequence";
    LEDGER_USES_OF_OVERLAY "SELECT count(*) FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind IN ('would_deny', 'list_relaxed', 'record_written', 'record_deleted', 'record_shared', 'data_exported')";
    LEDGER_IS_CLOSED "SELECT EXISTS (SELECT 1 FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind = 'overlay_closed')";
    LEDGER_KINDS_SINCE "SELECT DISTINCT kind FROM ledger WHERE org = ?1 AND sequence >= ?2";
    LEDGER_LOGS "SELECT DISTINCT org FROM ledger ORDER BY org";

    FEED_SINCE "SELECT kind, object, id FROM feed WHERE org = ?1 AND sequence >= ?2 ORDER BY sequence, number LIMIT ?3";
    FEED_PRUNE "DELETE FROM feed WHERE org = ?1 AND sequence < ?2";

    OVERLAY_CREATE "INSERT INTO overlay (org, id, sealed, seal, ends_ms) VALUES (?1, ?2, ?3, ?4, ?5)";
    OVERLAY "SELECT id, sealed, seal FROM overlay WHERE org = ?1 AND id = ?2";
    OVERLAYS "SELECT id, sealed, seal FROM overlay WHERE org = ?1 ORDER BY id";
    OVERLAYS_UNCLOSED "SELECT id, sealed, seal FROM overlay o WHERE org = ?1 AND NOT EXISTS (SELECT 1 FROM overlay_closing c WHERE c.org = o.org AND c.id = o.id) ORDER BY id";
    OVERLAYS_UNCLOSED_COUNT "SELECT count(*) FROM overlay o WHERE ends_ms > ?1 AND NOT EXISTS (SELECT 1 FROM overlay_closing c WHERE c.org = o.org AND c.id = o.id)";
    OVERLAYS_SINCE "SELECT id, sealed, seal FROM overlay o WHERE org = ?1 AND (ends_ms >= ?2 OR NOT EXISTS (SELECT 1 FROM overlay_closing c WHERE c.org = o.org AND c.id = o.id)) ORDER BY id";
    CLOSING_CREATE "INSERT INTO overlay_closing (org, id, body) VALUES (?1, ?2, ?3)";
    CLOSINGS "SELECT org, id, body FROM overlay_closing";
    CLOSING_TAKE_OVER "INSERT INTO overlay_closing (org, id, body) SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM overlay WHERE org = ?1 AND id = ?2) AND NOT EXISTS (SELECT 1 FROM overlay_closing WHERE org = ?1 AND id = ?2)";
    CLOSING "SELECT body FROM overlay_closing WHERE org = ?1 AND id = ?2";

    WINDOW_CREATE "INSERT INTO window_request (org, id, version, state, emergency, drafted_ms, body, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    WINDOW_CHANGE "UPDATE window_request SET version = ?4, state = ?5, body = ?6, seal = ?7 WHERE org = ?1 AND id = ?2 AND version = ?3";
    WINDOW "SELECT id, body, seal FROM window_request WHERE org = ?1 AND id = ?2";
    WINDOWS_BEFORE "SELECT id, body, seal FROM window_request WHERE org = ?1 AND (drafted_ms, id) < (?2, ?3) ORDER BY drafted_ms DESC, id DESC LIMIT ?4";
    WINDOWS_IN_STATE "SELECT id, body, seal FROM window_request WHERE org = ?1 AND state = ?2 ORDER BY drafted_ms DESC, id DESC";
    WINDOW_STEPS "SELECT count(*) FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind IN ('overlay_requested', 'overlay_approved', 'overlay_refused', 'overlay_opened', 'overlay_closed', 'overlay_reviewed', 'self_test_done')";
    WINDOW_LAST_USE "SELECT bytes FROM ledger WHERE org = ?1 AND overlay = ?2 AND kind IN ('would_deny', 'list_relaxed') ORDER BY sequence DESC LIMIT 1";
    WINDOW_STAMP "SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM window_request WHERE org = ?1";
    WINDOW_DOCUMENT_PUT "INSERT INTO window_document (org, id, kind, body) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (org, id, kind) DO UPDATE SET body = excluded.body";
    WINDOW_DOCUMENT "SELECT body FROM window_document WHERE org = ?1 AND id = ?2 AND kind = ?3";
    SWITCH_SETTINGS_CREATE "INSERT INTO switch_settings (org, version, from_ms, body, seal) SELECT ?1, coalesce(max(version), 0) + 1, ?2, ?3, ?4 FROM switch_settings WHERE org = ?1";
    SWITCH_SETTINGS "SELECT version, from_ms, body, seal FROM switch_settings WHERE org = ?1 ORDER BY version DESC LIMIT 20";
    WAITING_EDIT_CREATE "INSERT INTO waiting_edit (org, id, turn, sealed, seal, state, found, changed_ms, changed_by, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    WAITING_EDIT "SELECT id, sealed, seal, state, found, changed_ms, changed_by, revision FROM waiting_edit WHERE org = ?1 AND id = ?2";
    WAITING_EDITS "SELECT id, sealed, seal, state, found, changed_ms, changed_by, revision FROM waiting_edit WHERE org = ?1 ORDER BY turn, id";
    WAITING_EDIT_CHANGE "UPDATE waiting_edit SET state = ?3, found = ?4, changed_ms = ?5, changed_by = ?6, revision = ?7 WHERE org = ?1 AND id = ?2";
    WAITING_ORGANIZATIONS "SELECT DISTINCT org FROM waiting_edit WHERE state = ?1 ORDER BY org";

    ACCESS_REQUEST_CREATE "INSERT INTO access_request (org, id, turn, asker, wanted, asked_ms, state, changed_ms, changed_by, words, given) VALUES (?1, ?2, (SELECT coalesce(max(turn), 0) + 1 FROM access_request WHERE org = ?1), ?3, ?4, ?5, ?6, ?5, ?3, '', '')";
    ACCESS_REQUEST "SELECT id, asker, wanted, asked_ms, state, changed_ms, changed_by, words, given FROM access_request WHERE org = ?1 AND id = ?2";
    ACCESS_REQUESTS "SELECT id, asker, wanted, asked_ms, state, changed_ms, changed_by, words, given FROM access_request WHERE org = ?1 ORDER BY turn DESC LIMIT ?2";
    ACCESS_REQUESTS_OPEN "SELECT count(*) FROM access_request WHERE org = ?1 AND state = ?2 AND asker = ?3 AND asked_ms > ?4";
    ACCESS_REQUEST_CHANGE "UPDATE access_request SET state = ?3, changed_ms = ?4, changed_by = ?5, words = ?6, given = ?7 WHERE org = ?1 AND id = ?2";

    SEEING_AS_CREATE "INSERT INTO seeing_as (org, id, viewer, session, subject, reason, started_ms, ends_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    SEEING_AS "SELECT id, viewer, session, subject, reason, started_ms, ends_ms, ended_ms FROM seeing_as WHERE org = ?1 AND id = ?2";
    SEEING_AS_END "UPDATE seeing_as SET ended_ms = ?3 WHERE org = ?1 AND id = ?2 AND ended_ms IS NULL";

    REVEAL_PUT "INSERT INTO reveal (org, subject, at_ms, sequence) VALUES (?1, ?2, ?3, ?4)";
    REVEALS_PRUNE "DELETE FROM reveal WHERE org = ?1 AND subject = ?2 AND at_ms <= ?3";
    REVEALS_SINCE "SELECT count(*) FROM reveal WHERE org = ?1 AND subject = ?2 AND at_ms > ?3";
    REVEAL_BEFORE "SELECT at_ms FROM reveal WHERE org = ?1 AND subject = ?2 AND at_ms > ?3 ORDER BY at_ms DESC LIMIT 1 OFFSET ?4";

    OUTBOX_PUT "INSERT INTO outbox (org, number, kind, overlay, effect, at_ms, starts_ms, ends_ms, cause, occasion) VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM outbox WHERE org = ?1), ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (org, overlay, kind, occasion) DO NOTHING";
    OUTBOX_PRUNE "DELETE FROM outbox WHERE org = ?1 AND at_ms < ?2 AND number < (SELECT max(number) FROM outbox WHERE org = ?1) AND NOT EXISTS (SELECT 1 FROM outbox_receiver r WHERE r.org = ?1 AND r.number < outbox.number)";
    OUTBOX_WAITING "SELECT (SELECT count(*) FROM outbox o WHERE o.org = r.org AND o.number > r.number) FROM outbox_receiver r WHERE r.org = ?1 AND r.receiver = ?2";
    OUTBOX_RECEIVER_DROP "DELETE FROM outbox_receiver WHERE org = ?1 AND receiver = ?2";
    OUTBOX_AFTER "SELECT org, number, kind, overlay, effect, at_ms, starts_ms, ends_ms, cause FROM outbox WHERE org = ?1 AND number > ?2 ORDER BY number";
    OUTBOX_NEXT "SELECT o.org, o.number, o.kind, o.overlay, o.effect, o.at_ms, o.starts_ms, o.ends_ms, o.cause FROM outbox_receiver r JOIN outbox o ON o.org = r.org AND o.number > r.number WHERE r.receiver = ?1 AND r.next_ms <= ?2 ORDER BY o.org, o.number LIMIT 1";
    OUTBOX_LAG "SELECT r.receiver, r.number, (SELECT count(*) FROM outbox o WHERE o.org = r.org AND o.number > r.number), (SELECT min(o.at_ms) FROM outbox o WHERE o.org = r.org AND o.number > r.number), r.failures, r.next_ms, r.error FROM outbox_receiver r WHERE r.org = ?1 ORDER BY r.receiver";
    OUTBOX_RECEIVER_PUT "INSERT INTO outbox_receiver (org, receiver, number, failures, next_ms, error, changed_ms) VALUES (?1, ?2, (SELECT coalesce(max(number), 0) FROM outbox WHERE org = ?1), 0, 0, '', ?3) ON CONFLICT (org, receiver) DO NOTHING";
    OUTBOX_RECEIVER_PAUSE "UPDATE outbox_receiver SET next_ms = ?3 WHERE org = ?1 AND receiver = ?2";
    OUTBOX_TAKEN "UPDATE outbox_receiver SET number = ?3, failures = 0, next_ms = 0, error = '', changed_ms = ?4 WHERE org = ?1 AND receiver = ?2 AND number < ?3";
    OUTBOX_FAILURES "SELECT failures FROM outbox_receiver WHERE org = ?1 AND receiver = ?2";
    OUTBOX_FAILED "UPDATE outbox_receiver SET failures = ?3, next_ms = ?4, error = ?5, changed_ms = ?6 WHERE org = ?1 AND receiver = ?2";

    BORN_PUT "INSERT INTO born (org, overlay, kind, object, id, who, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (org, overlay, kind, object, id, who) DO UPDATE SET after = excluded.after";
    BORN "SELECT kind, object, id, who, before, after FROM born WHERE org = ?1 AND overlay = ?2 ORDER BY kind, object, id, who";
    BORN_ON "SELECT kind, who FROM born WHERE org = ?1 AND overlay = ?2 AND object = ?3 AND id = ?4";
    BORN_OVERLAYS "SELECT DISTINCT org, overlay FROM born ORDER BY org, overlay";
    BORN_UNDER "SELECT overlay FROM born WHERE org = ?1 AND kind = ?2 AND id = ?3 ORDER BY overlay";
    BORN_FORGET "DELETE FROM born WHERE org = ?1 AND overlay = ?2";

    JOURNAL_NUMBER_NEXT "SELECT coalesce(max(number), -1) + 1 FROM journal WHERE org = ?1 AND overlay = ?2";
    JOURNAL_CREATE "INSERT INTO journal (org, overlay, number, sequence, object, id, before, after, author, verb, what, together, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, coalesce((SELECT version FROM record WHERE org = ?1 AND object = ?5 AND id = ?6), 0))";
    JOURNAL "SELECT number, sequence, object, id, before, after, author, verb, what, together, version, erased FROM journal WHERE org = ?1 AND overlay = ?2 ORDER BY number";
    JOURNAL_ON "SELECT before, after FROM journal WHERE org = ?1 AND overlay = ?2 AND object = ?3 AND id = ?4 ORDER BY number";
    JOURNAL_ERASE "UPDATE journal SET before = NULL, after = NULL, erased = 1 WHERE org = ?1 AND object = ?2 AND id = ?3";
    JOURNAL_WRITES "SELECT j.sequence, j.object, j.id, j.author, j.verb, j.what, j.before IS NOT NULL, j.after IS NOT NULL, j.erased, (SELECT min(d.run) FROM undone d WHERE d.org = j.org AND d.journal = j.overlay AND d.number = j.number) FROM journal j WHERE j.org = ?1 AND j.overlay = ?2 ORDER BY j.number";
    JOURNAL_HISTORY "SELECT h.object, h.id, h.field, h.sequence FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2) AS wanted CROSS JOIN record_history h ON h.org = ?1 AND h.object = wanted.object AND h.id = wanted.id WHERE h.sequence >= ?3"
        or "SELECT h.object, h.id, h.field, h.sequence FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2) AS wanted JOIN record_history h ON h.org = ?1 AND h.object = wanted.object AND h.id = wanted.id WHERE h.sequence >= ?3";
    JOURNAL_MARKS "SELECT j.object, j.id, j.sequence, d.field, d.sequence FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2) AS wanted CROSS JOIN journal j ON j.org = ?1 AND j.object = wanted.object AND j.id = wanted.id CROSS JOIN undone d ON d.org = ?1 AND d.journal = j.overlay AND d.number = j.number ORDER BY d.sequence"
        or "SELECT j.object, j.id, j.sequence, d.field, d.sequence FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2) AS wanted JOIN journal j ON j.org = ?1 AND j.object = wanted.object AND j.id = wanted.id JOIN undone d ON d.org = ?1 AND d.journal = j.overlay AND d.number = j.number ORDER BY d.sequence";
    JOURNAL_VERSIONS "SELECT j.object, j.id, j.version FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2 AND what = 'created') AS wanted CROSS JOIN journal j ON j.org = ?1 AND j.object = wanted.object AND j.id = wanted.id"
        or "SELECT j.object, j.id, j.version FROM (SELECT DISTINCT object, id FROM journal WHERE org = ?1 AND overlay = ?2 AND what = 'created') AS wanted JOIN journal j ON j.org = ?1 AND j.object = wanted.object AND j.id = wanted.id";

    UNDONE "SELECT number, field FROM undone WHERE org = ?1 AND journal = ?2 ORDER BY number, field";
    UNDONE_FORGET "DELETE FROM undone WHERE org = ?1 AND run = ?2 AND together = ?3";
    UNDO_RUN_CREATE "INSERT INTO undo_run (org, id, overlay, journal, author, reason, wanted, begun_ms, finished_ms, writes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, 0)";
    UNDO_RUN_GO_ON "UPDATE undo_run SET writes = writes + ?3, finished_ms = ?4 WHERE org = ?1 AND id = ?2";
    UNDO_RUN "SELECT id, overlay, journal, author, reason, begun_ms, finished_ms, writes FROM undo_run WHERE org = ?1 AND id = ?2";
    UNDO_RUNS "SELECT id, overlay, journal, author, reason, begun_ms, finished_ms, writes FROM undo_run WHERE org = ?1 AND overlay = ?2 ORDER BY begun_ms, id";
    UNDO_RUN_BROKEN "SELECT id FROM undo_run WHERE org = ?1 AND journal = ?2 AND author = ?3 AND wanted = ?4 AND finished_ms IS NULL ORDER BY begun_ms DESC, id LIMIT 1";

    SHADOW_CREATE "INSERT INTO shadow (org, id, draft, author, reason, started_ms, ends_ms, stopped_ms, stopped_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, NULL)";
    SHADOW_STOP "UPDATE shadow SET stopped_ms = ?3, stopped_by = ?4 WHERE org = ?1 AND id = ?2 AND stopped_ms IS NULL";
    SHADOW "SELECT id, draft, author, reason, started_ms, ends_ms, stopped_ms, stopped_by FROM shadow WHERE org = ?1 AND id = ?2";
    SHADOWS "SELECT id, draft, author, reason, started_ms, ends_ms, stopped_ms, stopped_by FROM shadow WHERE org = ?1 ORDER BY id";
    SHADOWS_RUNNING "SELECT id, draft, author, reason, started_ms, ends_ms, stopped_ms, stopped_by FROM shadow WHERE org = ?1 AND stopped_ms IS NULL AND ends_ms > ?2 ORDER BY id";
    SHADOW_ORGANIZATIONS "SELECT DISTINCT org FROM shadow WHERE stopped_ms IS NULL AND ends_ms > ?1 ORDER BY org";
    SHADOW_DIFFERENCE "UPDATE shadow_difference SET times = times + ?9, last_ms = max(last_ms, ?10) WHERE org = ?1 AND shadow = ?2 AND subject = ?3 AND object = ?4 AND action = ?5 AND live = ?6 AND draft = ?7 AND rule = ?8"
        or "UPDATE shadow_difference SET times = times + ?9, last_ms = greatest(last_ms, ?10) WHERE org = ?1 AND shadow = ?2 AND subject = ?3 AND object = ?4 AND action = ?5 AND live = ?6 AND draft = ?7 AND rule = ?8";
    SHADOW_DIFFERENCE_CREATE "INSERT INTO shadow_difference (org, shadow, subject, object, action, live, draft, rule, times, first_ms, last_ms, sample) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    SHADOW_DIFFERENCES "SELECT subject, object, action, live, draft, rule, times, first_ms, last_ms, sample FROM shadow_difference WHERE org = ?1 AND shadow = ?2 ORDER BY times DESC, subject, object, action, live, draft, rule LIMIT ?3";
    SHADOW_DIFFERENCES_COUNT "SELECT count(*) FROM shadow_difference WHERE org = ?1 AND shadow = ?2";
    SHADOW_BY_USER "SELECT subject, sum(times) FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY subject ORDER BY sum(times) DESC, subject LIMIT ?3"
        or "SELECT subject, sum(times)::bigint FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY subject ORDER BY sum(times) DESC, subject LIMIT ?3";
    SHADOW_BY_OBJECT "SELECT object, sum(times) FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY object ORDER BY sum(times) DESC, object LIMIT ?3"
        or "SELECT object, sum(times)::bigint FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY object ORDER BY sum(times) DESC, object LIMIT ?3";
    SHADOW_BY_RULE "SELECT rule, sum(times) FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY rule ORDER BY sum(times) DESC, rule LIMIT ?3"
        or "SELECT rule, sum(times)::bigint FROM shadow_difference WHERE org = ?1 AND shadow = ?2 GROUP BY rule ORDER BY sum(times) DESC, rule LIMIT ?3";
    SHADOW_TALLY_CREATE "INSERT INTO shadow_tally (org, shadow, evaluated, differing, dropped, left_off) VALUES (?1, ?2, 0, 0, 0, 0)";
    SHADOW_TALLY_ADD "UPDATE shadow_tally SET evaluated = evaluated + ?3, differing = differing + ?4, dropped = dropped + ?5, left_off = left_off + ?6 WHERE org = ?1 AND shadow = ?2";
    SHADOW_TALLY "SELECT evaluated, differing, dropped, left_off FROM shadow_tally WHERE org = ?1 AND shadow = ?2";

    JOB_CREATE "INSERT INTO job (org, id, kind, state, author, created_ms, changed_ms, options, found, input) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, '', ?8)";
    JOB "SELECT id, kind, state, author, created_ms, changed_ms, options, found FROM job WHERE org = ?1 AND id = ?2";
    JOBS "SELECT id, kind, state, author, created_ms, changed_ms, options, found FROM job WHERE org = ?1 ORDER BY id";
    JOB_INPUT "SELECT input FROM job WHERE org = ?1 AND id = ?2";
    JOB_INPUT_DROP "UPDATE job SET input = x'' WHERE org = ?1 AND id = ?2"
        or "UPDATE job SET input = '' WHERE org = ?1 AND id = ?2";
    JOB_STOP "UPDATE job SET state = ?3, changed_ms = ?4, found = ?5 WHERE org = ?1 AND id = ?2 AND state IN ('waiting', 'ready', 'applying')";
    JOB_CHANGE "UPDATE job SET state = ?3, changed_ms = ?4, found = ?5 WHERE org = ?1 AND id = ?2";

    COUNT_ENTITIES "SELECT count(*) FROM entity WHERE org = ?1";
    COUNT_REVISIONS "SELECT count(*) FROM revision WHERE org = ?1";
    COUNT_OVERLAYS "SELECT count(*) FROM overlay WHERE org = ?1";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guan_engine::model::Moment;
    use guan_testkit::postgres::fresh_database;

    use crate::database::{Database, PostgresDatabase, Row, Target, values};
    use crate::error::StorageError;
    use crate::sqlite::Access;
    use crate::{migration, sqlite};

    fn migrated() -> Database {
        let database = sqlite::in_memory().unwrap();
        migration::apply(&database, Moment(0)).unwrap();
        database
    }

    /// Where a server is installed.
    fn migrated_on_postgres() -> Option<Database> {
        let target = Target::new(&fresh_database()?, Access::ReadWrite).unwrap();
        let database = PostgresDatabase::new(target).into();
        migration::apply(&database, Moment(0)).unwrap();
        // Applied a second time, nothing is done.
        migration::apply(&database, Moment(0)).unwrap();
        Some(database)
    }

    #[test]
    fn every_statement_is_prepared_on_the_schema() {
        for database in [Some(migrated()), migrated_on_postgres()].into_iter().flatten() {
            for statement in super::ALL {
                if let Err(error) = database.prepare(statement) {
                    panic!("{} on {:?}: {error:?}", statement.name, database.dialect());
                }
            }
        }
    }

    /// Table, column, kind and whether it may be empty, in the words of `SQLite`.
    type Columns = BTreeSet<(String, String, String, bool)>;

    fn columns(database: &Database, text: &str) -> Columns {
        let column = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        database.rows_of_text(text, values![], column).unwrap().into_iter().collect()
    }

    #[test]
    fn both_schemas_have_the_same_tables_with_the_same_columns() {
        let Some(postgres) = migrated_on_postgres() else { return };
        // What is for searching has its own form in each.
        let ours = columns(
            &migrated(),
            "SELECT m.name, c.name, c.type, c.\"notnull\" FROM sqlite_schema m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'record_search%' AND m.name NOT LIKE 'sqlite%'",
        );
        let theirs = columns(
            &postgres,
            "SELECT table_name::text, column_name::text, CASE data_type WHEN 'bigint' THEN 'INTEGER' \
             WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' ELSE data_type END, is_nullable = 'NO' \
             FROM information_schema.columns WHERE table_schema = current_schema() AND table_name NOT LIKE 'record_search%'",
        );
        let only = |a: &Columns, b: &Columns| a.difference(b).cloned().collect::<Vec<_>>();
        assert_eq!(only(&ours, &theirs), [], "on SQLite alone");
        assert_eq!(only(&theirs, &ours), [], "on PostgreSQL alone");
    }

    #[test]
    fn a_ledger_row_is_never_changed_nor_removed() {
        for database in [Some(migrated()), migrated_on_postgres()].into_iter().flatten() {
            let bytes: &[u8] = b"x";
            let row =
                values!["acme", 0_i64, bytes, bytes, bytes, bytes, "x", None::<&str>, None::<i64>];
            database.run(super::LEDGER_APPEND, row).unwrap();
            for text in ["DELETE FROM ledger", "UPDATE ledger SET kind = 'y'"] {
                let refused = database.script(text).unwrap_err();
                assert!(matches!(refused, StorageError::Sealed), "{text}: {refused}");
            }
        }
    }

    #[test]
    fn texts_are_ordered_by_their_bytes_on_postgres() {
        let Some(postgres) = migrated_on_postgres() else { return };
        let text = "SELECT table_name::text || '.' || column_name FROM information_schema.columns \
             WHERE table_schema = current_schema() AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'";
        let others: Vec<String> = postgres.rows_of_text(text, values![], |row| row.get(0)).unwrap();
        assert_eq!(others, [""; 0]);
    }

    #[test]
    fn whether_an_overlay_is_closed_is_asked_of_an_index_of_closings_alone() {
        let text = format!("EXPLAIN QUERY PLAN {}", super::LEDGER_IS_CLOSED.sqlite);
        let plan: Vec<String> =
            migrated().rows_of_text(&text, values!["acme", "w-1"], |row| row.get(3)).unwrap();
        assert!(plan.iter().any(|step| step.contains("ledger_closed")), "{plan:?}");
    }
}
