-- When somebody last signed in: sessions are not kept after their end.

ALTER TABLE account ADD COLUMN signed_in_ms INTEGER;
