//! Policy revisions, overlays, records and the ledger in SQLite; one way to write.
