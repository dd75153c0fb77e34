-- Shadows: a draft that is evaluated beside what is in force, and what it would have decided otherwise. They change no answer.

CREATE TABLE shadow (
    org TEXT NOT NULL REFERENCES organization (org),
    id TEXT NOT NULL,
    draft TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    started_ms INTEGER NOT NULL,
    ends_ms INTEGER NOT NULL,
    stopped_ms INTEGER,
    stopped_by TEXT,
    PRIMARY KEY (org, id)
) STRICT;

-- Never a value of a record: names, ids and counts. Sample is the id of one record.
CREATE TABLE shadow_difference (
    org TEXT NOT NULL,
    shadow TEXT NOT NULL,
    subject TEXT NOT NULL,
    object TEXT NOT NULL,
    action TEXT NOT NULL,
    live TEXT NOT NULL,
    draft TEXT NOT NULL,
    rule TEXT NOT NULL,
    times INTEGER NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    sample TEXT NOT NULL,
    PRIMARY KEY (org, shadow, subject, object, action, live, draft, rule),
    FOREIGN KEY (org, shadow) REFERENCES shadow (org, id)
) STRICT;

-- How much was evaluated, and how much could not be.
CREATE TABLE shadow_tally (
    org TEXT NOT NULL,
    shadow TEXT NOT NULL,
    evaluated INTEGER NOT NULL,
    differing INTEGER NOT NULL,
    dropped INTEGER NOT NULL,
    left_off INTEGER NOT NULL,
    PRIMARY KEY (org, shadow),
    FOREIGN KEY (org, shadow) REFERENCES shadow (org, id)
) STRICT;

-- The latest denials are asked again for a preview, whatever else the log holds.
CREATE INDEX ledger_denied ON ledger (org, sequence) WHERE kind = 'decision_denied';
