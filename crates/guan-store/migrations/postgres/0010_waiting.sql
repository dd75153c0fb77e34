-- Edits of the policy that wait for the end of a window: sealed as they were made, and how far they are.

CREATE TABLE waiting_edit (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    seal BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    -- Conflicts or problems as JSON, empty where there are none.
    found TEXT COLLATE "C" NOT NULL,
    changed_ms BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    revision BIGINT,
    PRIMARY KEY (org, id)
);

CREATE INDEX waiting_edit_state ON waiting_edit (org, state, turn);
