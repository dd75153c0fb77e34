-- Requests for windows. A row changes with every step; seal signs body, and the log has one row for each version.

CREATE TABLE window_request (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL,
    state TEXT NOT NULL,
    emergency INTEGER NOT NULL,
    drafted_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX window_request_drafted ON window_request (org, drafted_ms, id);
CREATE INDEX window_request_state ON window_request (org, state);

-- What was shown: preview and report. The request has their digests.
CREATE TABLE window_document (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id, kind)
) STRICT;

-- Who approves and how long everything may take; the last row whose time has come holds.
CREATE TABLE switch_settings (
    org TEXT NOT NULL,
    version INTEGER NOT NULL,
    from_ms INTEGER NOT NULL,
    body TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (org, version)
) STRICT;

-- The steps of a window are counted before each step; its would-denies are not to be looked through for it.
CREATE INDEX ledger_steps ON ledger (org, overlay) WHERE kind IN ('overlay_requested', 'overlay_approved', 'overlay_refused', 'overlay_opened', 'overlay_closed', 'overlay_reviewed', 'self_test_done');
-- When a window was used last.
CREATE INDEX ledger_uses ON ledger (org, overlay, sequence) WHERE kind IN ('would_deny', 'list_relaxed');

CREATE TRIGGER window_request_no_delete BEFORE DELETE ON window_request BEGIN SELECT raise(ABORT, 'sealed: a request is never removed'); END;
CREATE TRIGGER switch_settings_no_update BEFORE UPDATE ON switch_settings BEGIN SELECT raise(ABORT, 'sealed: settings of the switch are never changed, only followed by others'); END;
CREATE TRIGGER switch_settings_no_delete BEFORE DELETE ON switch_settings BEGIN SELECT raise(ABORT, 'sealed: settings of the switch are never removed'); END;
