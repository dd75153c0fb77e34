-- Who gave somebody a password, and when: it stays when its holder changes it.
-- What a user was stated to hold when somebody else made a token for them: with more the token is over.

ALTER TABLE account ADD COLUMN given_by TEXT;
ALTER TABLE account ADD COLUMN given_ms INTEGER;
ALTER TABLE token ADD COLUMN powers TEXT;
