-- Values that are being typed: one row a form, sealed under a key of its own
-- that is replaced with every saving.

CREATE TABLE form (
    id       BLOB PRIMARY KEY,
    template TEXT    NOT NULL,
    record   BLOB,                         -- the record that it changes
    drafter  BLOB    NOT NULL,             -- who types; nobody else sees it
    key_no   INTEGER NOT NULL,             -- in content-keys.db
    sealed   BLOB    NOT NULL,
    saved    INTEGER NOT NULL              -- seconds since 1970
) STRICT;
CREATE INDEX form_by_drafter ON form (drafter);
