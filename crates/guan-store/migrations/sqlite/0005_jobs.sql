-- Long work that outlives a request and a process: what it works on, how far it came, what it found.

CREATE TABLE job (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    author TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    changed_ms INTEGER NOT NULL,
    options TEXT NOT NULL,
    found TEXT NOT NULL,
    input BLOB NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;
