-- Seeing as somebody else sees: who, as whom, why and until when. It reads only, and ends by itself.

CREATE TABLE seeing_as (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    viewer TEXT NOT NULL,
    -- The session in which it was begun; with another one it does not count.
    session TEXT NOT NULL,
    subject TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    PRIMARY KEY (org, id)
) STRICT;
