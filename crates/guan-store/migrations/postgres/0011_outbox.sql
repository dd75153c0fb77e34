-- What administrators are to hear of windows: written in the transaction of what happened, sent by whoever serves.

CREATE TABLE outbox (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    number BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    overlay TEXT COLLATE "C" NOT NULL,
    effect TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    starts_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    -- Of a closing: deadline, by_hand, safety or idle.
    cause TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, number)
);

CREATE UNIQUE INDEX outbox_once ON outbox (org, overlay, kind);

-- How far each receiver is; what is behind its number was taken by it.
CREATE TABLE outbox_receiver (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    receiver TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    failures BIGINT NOT NULL,
    next_ms BIGINT NOT NULL,
    error TEXT COLLATE "C" NOT NULL,
    changed_ms BIGINT NOT NULL,
    PRIMARY KEY (org, receiver)
);
