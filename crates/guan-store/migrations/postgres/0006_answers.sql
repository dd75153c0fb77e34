-- What was answered to requests under a key of the client, so that the same request is done once on whichever node.
-- A key counts under the incarnation it was used in: after a restore its answer may be of something that is gone.

CREATE TABLE answer (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    subject TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    fingerprint BYTEA NOT NULL,
    incarnation BIGINT NOT NULL,
    begun_ms BIGINT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    PRIMARY KEY (org, subject, name)
);

CREATE INDEX answer_begun ON answer (org, begun_ms);
