-- Records behind one door: versions and stamps, a recycle bin, history by field, words for search, claims of pools.

ALTER TABLE record ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE record ADD COLUMN created_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN created_by TEXT NOT NULL DEFAULT '';
ALTER TABLE record ADD COLUMN changed_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE record ADD COLUMN changed_by TEXT NOT NULL DEFAULT '';

-- A deleted record keeps its number, so that it comes back to its place.
CREATE TABLE record_bin (
    org TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    access TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    changed_ms INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    deleted_ms INTEGER NOT NULL,
    deleted_by TEXT NOT NULL,
    purge_ms INTEGER NOT NULL,
    PRIMARY KEY (org, object, id)
) STRICT;

CREATE INDEX record_bin_number ON record_bin (org, object, number);
CREATE INDEX record_bin_purge ON record_bin (org, purge_ms);

-- One row for each field of a change; before and after are JSON, absent where there was or is no value.
CREATE TABLE record_history (
    org TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    field TEXT NOT NULL,
    before TEXT,
    after TEXT,
    at_ms INTEGER NOT NULL,
    author TEXT NOT NULL,
    cause TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (org, object, id, number)
) STRICT;

-- The words of a record, each with its field before it; made by the program, so that both databases find the same.
CREATE TABLE record_words (
    place INTEGER NOT NULL PRIMARY KEY,
    org TEXT NOT NULL,
    object TEXT NOT NULL,
    number INTEGER NOT NULL,
    words TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX record_words_record ON record_words (org, object, number);
CREATE VIRTUAL TABLE record_search USING fts5 (words, content = 'record_words', content_rowid = 'place', detail = 'none', columnsize = 0, tokenize = "ascii tokenchars '_'");
CREATE TRIGGER record_words_added AFTER INSERT ON record_words BEGIN
    INSERT INTO record_search (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER record_words_removed AFTER DELETE ON record_words BEGIN
    INSERT INTO record_search (record_search, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER record_words_changed AFTER UPDATE ON record_words BEGIN
    INSERT INTO record_search (record_search, rowid, words) VALUES ('delete', old.place, old.words);
    INSERT INTO record_search (rowid, words) VALUES (new.place, new.words);
END;

-- Who held a record of a pool, from when and until when.
CREATE TABLE record_claim (
    org TEXT NOT NULL,
    pool TEXT NOT NULL,
    object TEXT NOT NULL,
    id TEXT NOT NULL,
    holder TEXT NOT NULL,
    claimed_ms INTEGER NOT NULL,
    ended_ms INTEGER,
    PRIMARY KEY (org, pool, object, id, holder, claimed_ms)
) STRICT;

CREATE INDEX record_claim_holder ON record_claim (org, pool, holder, claimed_ms);
CREATE INDEX record_claim_open ON record_claim (org, pool, claimed_ms) WHERE ended_ms IS NULL;
