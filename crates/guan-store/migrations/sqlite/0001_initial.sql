-- The first schema. The organization leads every key, so that nothing crosses and a table can be spread by it.
-- Sealed tables refuse UPDATE and DELETE by trigger; the seals themselves are hashes and are checked in the program.

CREATE TABLE installation (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    instance TEXT NOT NULL,
    incarnation INTEGER NOT NULL,
    high_water_ms INTEGER NOT NULL,
    clock_alarm INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE organization (
    org TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE revision (
    org TEXT NOT NULL REFERENCES organization (org) DEFERRABLE INITIALLY DEFERRED,
    number INTEGER NOT NULL,
    origin TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    before BLOB,
    after BLOB NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (org, number)
) STRICT, WITHOUT ROWID;

-- An entity is part of the revisions from since_revision up to, not including, until_revision.
CREATE TABLE entity (
    org TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    since_revision INTEGER NOT NULL,
    until_revision INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (org, kind, id, since_revision)
) STRICT;

CREATE UNIQUE INDEX entity_alive ON entity (org, kind, id) WHERE until_revision IS NULL;

CREATE TABLE record (
    org TEXT NOT NULL,
    object TEXT NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    access TEXT NOT NULL,
    PRIMARY KEY (org, object, number)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX record_id ON record (org, object, id);

-- The log of the installation itself has the empty organization.
-- kind, overlay and revision repeat what is in the bytes, for finding rows only.
CREATE TABLE ledger (
    org TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    leaf BLOB NOT NULL,
    previous BLOB NOT NULL,
    chain BLOB NOT NULL,
    kind TEXT NOT NULL,
    overlay TEXT,
    revision INTEGER,
    PRIMARY KEY (org, sequence)
) STRICT;

CREATE INDEX ledger_overlay ON ledger (org, overlay, sequence) WHERE overlay IS NOT NULL;
-- Whether an overlay was closed is asked before every decision; its would-denies are not to be looked through for it.
CREATE INDEX ledger_closed ON ledger (org, overlay) WHERE kind = 'overlay_closed';
CREATE INDEX ledger_revision ON ledger (org, revision) WHERE revision IS NOT NULL;

-- sealed is the text that seal signs; ends_ms repeats it, for finding rows only.
CREATE TABLE overlay (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    seal BLOB NOT NULL,
    ends_ms INTEGER NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE TABLE overlay_closing (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

-- Writes that normal rules would have refused, with what was there before and after.
CREATE TABLE journal (
    org TEXT NOT NULL,
    overlay TEXT NOT NULL,
    number INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    after TEXT,
    PRIMARY KEY (org, overlay, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision BEGIN SELECT raise(ABORT, 'sealed: a revision is never changed'); END;
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision BEGIN SELECT raise(ABORT, 'sealed: a revision is never removed'); END;
CREATE TRIGGER entity_once BEFORE UPDATE ON entity
    WHEN old.until_revision IS NOT NULL OR new.until_revision IS NULL
        OR new.org <> old.org OR new.kind <> old.kind OR new.id <> old.id
        OR new.since_revision <> old.since_revision OR new.body <> old.body
    BEGIN SELECT raise(ABORT, 'sealed: the end of an entity is set once and nothing else of it changes'); END;
CREATE TRIGGER entity_no_delete BEFORE DELETE ON entity BEGIN SELECT raise(ABORT, 'sealed: an entity is never removed'); END;
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT raise(ABORT, 'sealed: a ledger row is never changed'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT raise(ABORT, 'sealed: a ledger row is never removed'); END;
CREATE TRIGGER overlay_no_update BEFORE UPDATE ON overlay BEGIN SELECT raise(ABORT, 'sealed: an overlay is never changed'); END;
CREATE TRIGGER overlay_no_delete BEFORE DELETE ON overlay BEGIN SELECT raise(ABORT, 'sealed: an overlay is never removed'); END;
CREATE TRIGGER overlay_closing_no_update BEFORE UPDATE ON overlay_closing BEGIN SELECT raise(ABORT, 'sealed: a closing is never changed'); END;
CREATE TRIGGER overlay_closing_no_delete BEFORE DELETE ON overlay_closing BEGIN SELECT raise(ABORT, 'sealed: a closing is never removed'); END;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT raise(ABORT, 'sealed: a journal row is never changed'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT raise(ABORT, 'sealed: a journal row is never removed'); END;
