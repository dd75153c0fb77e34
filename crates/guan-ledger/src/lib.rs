//! The append-only record of what happened: canonical bytes, hashes, verification; pure.
