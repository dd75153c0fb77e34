-- Long work that outlives a request and a process: what it works on, how far it came, what it found.

CREATE TABLE job (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    options TEXT COLLATE "C" NOT NULL,
    found TEXT COLLATE "C" NOT NULL,
    input BYTEA NOT NULL,
    PRIMARY KEY (org, id)
);
