-- What exists because an overlay acted when it was made: shares, team members, tokens, jobs. It ends with the overlay.
-- Of a share or member: how it was made, and what it took the place of.

CREATE TABLE born (
    org TEXT NOT NULL REFERENCES organization (org),
    overlay TEXT NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    who TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (org, overlay, kind, object, id, who)
) STRICT;

CREATE INDEX born_of ON born (org, kind, id);
