-- What may happen to a window more than once is told each time: occasion is the ledger row that tells of it, 0 for what comes once.

ALTER TABLE outbox ADD COLUMN occasion BIGINT NOT NULL DEFAULT 0;
DROP INDEX outbox_once;
CREATE UNIQUE INDEX outbox_once ON outbox (org, overlay, kind, occasion);
