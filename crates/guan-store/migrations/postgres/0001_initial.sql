-- The first schema. The organization leads every key, so that nothing crosses and a table can be spread by it.
-- Texts are ordered by their bytes, as in SQLite, whatever the database's own order is.
-- Sealed tables refuse UPDATE, DELETE and TRUNCATE by trigger; the seals themselves are hashes and are checked in the program.

CREATE TABLE installation (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    instance TEXT COLLATE "C" NOT NULL,
    incarnation BIGINT NOT NULL,
    high_water_ms BIGINT NOT NULL,
    clock_alarm BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE organization (
    org TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);

CREATE TABLE revision (
    org TEXT COLLATE "C" NOT NULL REFERENCES organization (org),
    number BIGINT NOT NULL,
    origin TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    at_ms BIGINT NOT NULL,
    before BYTEA,
    after BYTEA NOT NULL,
    changed BIGINT NOT NULL,
    PRIMARY KEY (org, number)
);

-- An entity is part of the revisions from since_revision up to, not including, until_revision.
CREATE TABLE entity (
    org TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    since_revision BIGINT NOT NULL,
    until_revision BIGINT,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, kind, id, since_revision)
);

CREATE UNIQUE INDEX entity_alive ON entity (org, kind, id) WHERE until_revision IS NULL;

CREATE TABLE record (
    org TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    access TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, object, number)
);

CREATE UNIQUE INDEX record_id ON record (org, object, id);

-- The log of the installation itself has the empty organization.
-- kind, overlay and revision repeat what is in the bytes, for finding rows only.
CREATE TABLE ledger (
    org TEXT COLLATE "C" NOT NULL,
    sequence BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    leaf BYTEA NOT NULL,
    previous BYTEA NOT NULL,
    chain BYTEA NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    overlay TEXT COLLATE "C",
    revision BIGINT,
    PRIMARY KEY (org, sequence)
);

CREATE INDEX ledger_overlay ON ledger (org, overlay, sequence) WHERE overlay IS NOT NULL;
-- Whether an overlay was closed is asked before every decision; its would-denies are not to be looked through for it.
CREATE INDEX ledger_closed ON ledger (org, overlay) WHERE kind = 'overlay_closed';
CREATE INDEX ledger_revision ON ledger (org, revision) WHERE revision IS NOT NULL;

-- sealed is the text that seal signs; ends_ms repeats it, for finding rows only.
CREATE TABLE overlay (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    seal BYTEA NOT NULL,
    ends_ms BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE TABLE overlay_closing (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (org, id)
);

-- Writes that normal rules would have refused, with what was there before and after.
CREATE TABLE journal (
    org TEXT COLLATE "C" NOT NULL,
    overlay TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    before TEXT COLLATE "C",
    after TEXT COLLATE "C",
    PRIMARY KEY (org, overlay, number)
);

CREATE FUNCTION guan_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sealed: %', TG_ARGV[0]; END $$;

CREATE TRIGGER revision_no_update BEFORE UPDATE ON revision FOR EACH ROW EXECUTE FUNCTION guan_sealed('a revision is never changed');
CREATE TRIGGER revision_no_delete BEFORE DELETE ON revision FOR EACH ROW EXECUTE FUNCTION guan_sealed('a revision is never removed');
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON revision FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('a revision is never removed');
CREATE TRIGGER entity_once BEFORE UPDATE ON entity FOR EACH ROW
    WHEN (old.until_revision IS NOT NULL OR new.until_revision IS NULL
        OR new.org <> old.org OR new.kind <> old.kind OR new.id <> old.id
        OR new.since_revision <> old.since_revision OR new.body <> old.body)
    EXECUTE FUNCTION guan_sealed('the end of an entity is set once and nothing else of it changes');
CREATE TRIGGER entity_no_delete BEFORE DELETE ON entity FOR EACH ROW EXECUTE FUNCTION guan_sealed('an entity is never removed');
CREATE TRIGGER entity_no_truncate BEFORE TRUNCATE ON entity FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('an entity is never removed');
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger FOR EACH ROW EXECUTE FUNCTION guan_sealed('a ledger row is never changed');
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger FOR EACH ROW EXECUTE FUNCTION guan_sealed('a ledger row is never removed');
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('a ledger row is never removed');
CREATE TRIGGER overlay_no_update BEFORE UPDATE ON overlay FOR EACH ROW EXECUTE FUNCTION guan_sealed('an overlay is never changed');
CREATE TRIGGER overlay_no_delete BEFORE DELETE ON overlay FOR EACH ROW EXECUTE FUNCTION guan_sealed('an overlay is never removed');
CREATE TRIGGER overlay_no_truncate BEFORE TRUNCATE ON overlay FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('an overlay is never removed');
CREATE TRIGGER overlay_closing_no_update BEFORE UPDATE ON overlay_closing FOR EACH ROW EXECUTE FUNCTION guan_sealed('a closing is never changed');
CREATE TRIGGER overlay_closing_no_delete BEFORE DELETE ON overlay_closing FOR EACH ROW EXECUTE FUNCTION guan_sealed('a closing is never removed');
CREATE TRIGGER overlay_closing_no_truncate BEFORE TRUNCATE ON overlay_closing FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('a closing is never removed');
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION guan_sealed('a journal row is never changed');
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION guan_sealed('a journal row is never removed');
CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION guan_sealed('a journal row is never removed');
