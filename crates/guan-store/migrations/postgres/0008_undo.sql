-- Undo: who wrote under a window, how, and as which version; what was taken back by which run; images that an erasure takes out.

ALTER TABLE journal ADD COLUMN author TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN verb TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN what TEXT COLLATE "C" NOT NULL DEFAULT '';
-- The first of the writes that are undone together.
ALTER TABLE journal ADD COLUMN together BIGINT;
-- Of the record as the write left it; 0 when it is not known.
ALTER TABLE journal ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN erased BIGINT NOT NULL DEFAULT 0;

CREATE INDEX journal_record ON journal (org, object, id);

DROP TRIGGER journal_no_update ON journal;
CREATE TRIGGER journal_erased_alone BEFORE UPDATE ON journal FOR EACH ROW
    WHEN (new.before IS NOT NULL OR new.after IS NOT NULL OR new.erased <> 1
        OR new.org <> old.org OR new.overlay <> old.overlay OR new.number <> old.number
        OR new.sequence <> old.sequence OR new.object <> old.object OR new.id <> old.id
        OR new.author <> old.author OR new.verb <> old.verb OR new.what <> old.what
        OR new.together IS DISTINCT FROM old.together OR new.version <> old.version)
    EXECUTE FUNCTION guan_sealed('nothing of a journal row changes but that its images are erased');

-- One undo. What it wrote is in the journal under its id, so that it can be undone in turn.
CREATE TABLE undo_run (
    org TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    overlay TEXT COLLATE "C" NOT NULL,
    journal TEXT COLLATE "C" NOT NULL,
    author TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL,
    wanted TEXT COLLATE "C" NOT NULL,
    begun_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    writes BIGINT NOT NULL,
    PRIMARY KEY (org, id)
);

CREATE INDEX undo_run_overlay ON undo_run (org, overlay);

-- Writes of a journal that are taken back; the field is empty where all of the write is.
CREATE TABLE undone (
    org TEXT COLLATE "C" NOT NULL,
    journal TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    run TEXT COLLATE "C" NOT NULL,
    together BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    PRIMARY KEY (org, journal, number, field)
);

CREATE INDEX undone_run ON undone (org, run, together);
