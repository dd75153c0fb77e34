-- What was answered to requests under a key of the client, so that the same request is done once on whichever node.
-- A key counts under the incarnation it was used in: after a restore its answer may be of something that is gone.

CREATE TABLE answer (
    org TEXT NOT NULL REFERENCES organization (org),
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    incarnation INTEGER NOT NULL,
    begun_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (org, subject, name)
) STRICT;

CREATE INDEX answer_begun ON answer (org, begun_ms);
