-- Masked values that were shown in clear: what the limit of the organization counts. Older than a day they are not kept; the ledger keeps them.

CREATE TABLE reveal (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    subject TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    -- The row of the ledger.
    sequence BIGINT NOT NULL,
    PRIMARY KEY (org, subject, at_ms, sequence)
);
