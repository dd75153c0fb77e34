-- Requests for windows. A row changes with every step; seal signs body, and the log has one row for each version.

CREATE TABLE window_request (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    emergency BIGINT NOT NULL,
    drafted_ms BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    seal BYTEA NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE INDEX window_request_drafted ON window_request (org, drafted_ms, id);
CREATE INDEX window_request_state ON window_request (org, state);

-- What was shown: preview and report. The request has their digests.
CREATE TABLE window_document (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, id, kind)
);

-- Who approves and how long everything may take; the last row whose time has come holds.
CREATE TABLE switch_settings (
    org TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    seal BYTEA NOT NULL,
    PRIMARY KEY (org, version)
);

-- The steps of a window are counted before each step; its would-denies are not to be looked through for it.
CREATE INDEX ledger_steps ON ledger (org, overlay) WHERE kind IN ('overlay_requested', 'overlay_approved', 'overlay_refused', 'overlay_opened', 'overlay_closed', 'overlay_reviewed', 'self_test_done');
-- When a window was used last.
CREATE INDEX ledger_uses ON ledger (org, overlay, sequence) WHERE kind IN ('would_deny', 'list_relaxed');

CREATE TRIGGER window_request_no_delete BEFORE DELETE ON window_request FOR EACH ROW EXECUTE FUNCTION guan_sealed('a request is never removed');
CREATE TRIGGER window_request_no_truncate BEFORE TRUNCATE ON window_request FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('a request is never removed');
CREATE TRIGGER switch_settings_no_update BEFORE UPDATE ON switch_settings FOR EACH ROW EXECUTE FUNCTION guan_sealed('settings of the switch are never changed, only followed by others');
CREATE TRIGGER switch_settings_no_delete BEFORE DELETE ON switch_settings FOR EACH ROW EXECUTE FUNCTION guan_sealed('settings of the switch are never removed');
CREATE TRIGGER switch_settings_no_truncate BEFORE TRUNCATE ON switch_settings FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('settings of the switch are never removed');
