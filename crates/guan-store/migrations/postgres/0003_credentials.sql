-- By what people and programs prove who they are. Secrets are kept as hashes only.
-- A session or token counts under the incarnation it was made in, so that a restore brings none back.

CREATE TABLE account (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    subject TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    must_change BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    failed BIGINT NOT NULL DEFAULT 0,
    paused_until_ms BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (org, subject)
);

CREATE TABLE session (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    csrf TEXT COLLATE "C" NOT NULL,
    incarnation BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    address TEXT COLLATE "C",
    agent TEXT COLLATE "C",
    PRIMARY KEY (org, id)
);

CREATE INDEX session_subject ON session (org, subject);

CREATE TABLE token (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    secret BYTEA NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    networks TEXT COLLATE "C" NOT NULL,
    incarnation BIGINT NOT NULL,
    made_by TEXT COLLATE "C" NOT NULL,
    made_ms BIGINT NOT NULL,
    used_ms BIGINT,
    ends_ms BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE INDEX token_subject ON token (org, subject);
