-- What administrators are to hear of windows: written in the transaction of what happened, sent by whoever serves.

CREATE TABLE outbox (
    org TEXT NOT NULL REFERENCES organization (org),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    overlay TEXT NOT NULL,
    effect TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    starts_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    -- Of a closing: deadline, by_hand, safety or idle.
    cause TEXT NOT NULL,
    PRIMARY KEY (org, number)
) STRICT;

CREATE UNIQUE INDEX outbox_once ON outbox (org, overlay, kind);

-- How far each receiver is; what is behind its number was taken by it.
CREATE TABLE outbox_receiver (
    org TEXT NOT NULL REFERENCES organization (org),
    receiver TEXT NOT NULL,
    number INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    next_ms INTEGER NOT NULL,
    error TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    PRIMARY KEY (org, receiver)
) STRICT;
