-- Masked values that were shown in clear: what the limit of the organization counts. Older than a day they are not kept; the ledger keeps them.

CREATE TABLE reveal (
    org TEXT NOT NULL REFERENCES organization (org),
    subject TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    -- The row of the ledger.
    sequence INTEGER NOT NULL,
    PRIMARY KEY (org, subject, at_ms, sequence)
) STRICT;
