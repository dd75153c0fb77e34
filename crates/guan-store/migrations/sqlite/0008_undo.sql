-- Undo: who wrote under a window, how, and as which version; what was taken back by which run; images that an erasure takes out.

ALTER TABLE journal ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN verb TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN what TEXT NOT NULL DEFAULT '';
-- The first of the writes that are undone together.
ALTER TABLE journal ADD COLUMN together INTEGER;
-- Of the record as the write left it; 0 when it is not known.
ALTER TABLE journal ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

CREATE INDEX journal_record ON journal (org, object, id);

DROP TRIGGER journal_no_update;
CREATE TRIGGER journal_erased_alone BEFORE UPDATE ON journal
    WHEN new.before IS NOT NULL OR new.after IS NOT NULL OR new.erased <> 1
        OR new.org <> old.org OR new.overlay <> old.overlay OR new.number <> old.number
        OR new.sequence <> old.sequence OR new.object <> old.object OR new.id <> old.id
        OR new.author <> old.author OR new.verb <> old.verb OR new.what <> old.what
        OR new.together IS NOT old.together OR new.version <> old.version
    BEGIN SELECT raise(ABORT, 'sealed: nothing of a journal row changes but that its images are erased'); END;

-- One undo. What it wrote is in the journal under its id, so that it can be undone in turn.
CREATE TABLE undo_run (
    org TEXT NOT NULL,
    id TEXT NOT NULL,
    overlay TEXT NOT NULL,
    journal TEXT NOT NULL,
    author TEXT NOT NULL,
    reason TEXT NOT NULL,
    wanted TEXT NOT NULL,
    begun_ms INTEGER NOT NULL,
    finished_ms INTEGER,
    writes INTEGER NOT NULL,
    PRIMARY KEY (org, id)
) STRICT;

CREATE INDEX undo_run_overlay ON undo_run (org, overlay);

-- Writes of a journal that are taken back; the field is empty where all of the write is.
CREATE TABLE undone (
    org TEXT NOT NULL,
    journal TEXT NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    run TEXT NOT NULL,
    together INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (org, journal, number, field)
) STRICT, WITHOUT ROWID;

CREATE INDEX undone_run ON undone (org, run, together);
