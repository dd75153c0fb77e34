-- By what people and programs prove who they are. Secrets are kept as hashes only.
-- A session or token counts under the incarnation it was made in, so that a restore brings none back.

CREATE TABLE account (
    org TEXT NOT NULL REFERENCES organization (org),
    subject TEXT NOT NULL,
    hash TEXT NOT NULL,
    must_change INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    failed INTEGER NOT NULL DEFAULT 0,
    paused_until_ms INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (org, subject)
) STRICT;

CREATE TABLE session (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    secret BLOB NOT NULL,
    csrf TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    opened_ms INTEGER NOT NULL,
    used_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    address TEXT,
    agent TEXT,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX session_subject ON session (org, subject);

CREATE TABLE token (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    secret BLOB NOT NULL,
    scopes TEXT NOT NULL,
    networks TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    made_by TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    used_ms INTEGER,
    ends_ms INTEGER NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX token_subject ON token (org, subject);
