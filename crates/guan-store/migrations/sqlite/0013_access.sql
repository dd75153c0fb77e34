-- Requests for access: who wants to do what, how long, and what became of it. They give nothing by themselves.

CREATE TABLE access_request (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    turn INTEGER NOT NULL,
    asker TEXT NOT NULL,
    -- What is wanted, as JSON.
    wanted TEXT NOT NULL,
    asked_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    words TEXT NOT NULL,
    -- What was given, as JSON; empty where nothing was.
    given TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX access_request_turn ON access_request (org, turn);
CREATE INDEX access_request_state ON access_request (org, state, asker);
