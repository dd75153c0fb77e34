-- What exists because an overlay acted when it was made: shares, team members, tokens, jobs. It ends with the overlay.
-- Of a share or member: how it was made, and what it took the place of.

CREATE TABLE born (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    overlay TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    who TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    PRIMARY KEY (org, overlay, kind, object, id, who)
);

CREATE INDEX born_of ON born (org, kind, id);
