-- What changed, for those who follow: one row for each record or user of a change, or one that says to load everything anew.
-- The sequence is that of the change's ledger row. Old rows are taken out; who is further behind loads everything anew.

CREATE TABLE feed (
    org TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, sequence, number)
);
