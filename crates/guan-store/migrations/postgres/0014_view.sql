-- Seeing as somebody else sees: who, as whom, why and until when. It reads only, and ends by itself.

CREATE TABLE seeing_as (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    viewer TEXT COLLATE "C" NOT NULL,
    -- The session in which it was begun; with another one it does not count.
    session TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    started_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    PRIMARY KEY (org, id)
);
