-- What changed, for those who follow: one row for each record or user of a change, or one that says to load everything anew.
-- The sequence is that of the change's ledger row. Old rows are taken out; who is further behind loads everything anew.

CREATE TABLE feed (
    org TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (org, sequence, number)
) STRICT, WITHOUT ROWID;
