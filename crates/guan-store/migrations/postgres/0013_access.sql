-- Requests for access: who wants to do what, how long, and what became of it. They give nothing by themselves.

CREATE TABLE access_request (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    turn BIGINT NOT NULL,
    asker TEXT COLLATE "C" NOT NULL,
    -- What is wanted, as JSON.
    wanted TEXT COLLATE "C" NOT NULL,
    asked_ms BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    changed_ms BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    words TEXT COLLATE "C" NOT NULL,
    -- What was given, as JSON; empty where nothing was.
    given TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE INDEX access_request_turn ON access_request (org, turn);
CREATE INDEX access_request_state ON access_request (org, state, asker);
