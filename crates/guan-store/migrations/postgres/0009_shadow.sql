-- Shadows: a draft that is evaluated beside what is in force, and what it would have decided otherwise. They change no answer.

CREATE TABLE shadow (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    id TEXT COLLATE "C" NOT NULL,
    draft TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    started_ms BIGINT NOT NULL,
    ends_ms BIGINT NOT NULL,
    stopped_ms BIGINT,
    stopped_by TEXT COLLATE "C",
    PRIMARY KEY (org, id)
);

-- Never a value of a record: names, ids and counts. Sample is the id of one record.
CREATE TABLE shadow_difference (
    org TEXT COLLATE "C" NOT NULL,
    shadow TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    live TEXT COLLATE "C" NOT NULL,
    draft TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    times BIGINT NOT NULL,
    first_ms BIGINT NOT NULL,
    last_ms BIGINT NOT NULL,
    sample TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, shadow, subject, object, action, live, draft, rule),
    FOREIGN KEY (org, shadow) REFERENCES shadow (org, id)
);

-- How much was evaluated, and how much could not be.
CREATE TABLE shadow_tally (
    org TEXT COLLATE "C" NOT NULL,
    shadow TEXT COLLATE "C" NOT NULL,
    evaluated BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    dropped BIGINT NOT NULL,
    left_off BIGINT NOT NULL,
    PRIMARY KEY (org, shadow),
    FOREIGN KEY (org, shadow) REFERENCES shadow (org, id)
);

-- The latest denials are asked again for a preview, whatever else the log holds.
CREATE INDEX ledger_denied ON ledger (org, sequence) WHERE kind = 'decision_denied';
