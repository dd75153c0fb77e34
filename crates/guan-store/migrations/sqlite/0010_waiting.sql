-- Edits of the policy that wait for the end of a window: sealed as they were made, and how far they are.

CREATE TABLE waiting_edit (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    turn INTEGER NOT NULL,
    sealed TEXT NOT NULL,
    seal BLOB NOT NULL,
    state TEXT NOT NULL,
    -- Conflicts or problems as JSON, empty where there are none.
    found TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    revision INTEGER,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX waiting_edit_state ON waiting_edit (org, state, turn);
