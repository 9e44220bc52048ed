-- Who was invited to make a key of their own. Name and post are sealed in
-- `content`, together with the nonce, for as long as the invitation stands.

CREATE TABLE invitation (
    nonce   BLOB PRIMARY KEY,
    person  BLOB    NOT NULL,              -- the member's id, there already or to be
    roles   TEXT    NOT NULL,              -- words, sorted, joined by spaces
    issued  INTEGER NOT NULL,              -- seconds since 1970
    expires INTEGER NOT NULL,
    inviter BLOB,                          -- the admin; NULL: whoever held the founding key
    wrong   INTEGER NOT NULL DEFAULT 0,    -- how often other digits were typed
    ended   TEXT CHECK (ended IN ('answered', 'withdrawn', 'used_up')),
    answer  BLOB,                          -- the one that was taken
    content INTEGER REFERENCES content (no)
) STRICT;
CREATE INDEX invitation_by_person ON invitation (person);

-- What was proposed as one step is confirmed as one.
ALTER TABLE person_change ADD COLUMN together BLOB;
