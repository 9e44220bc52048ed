-- What the office keeps beside the ledgers. Names, values and reasons of acts
-- stand in `content`, sealed under keys of their own that are in another file;
-- in the clear are the search index and the reasons of returns.

CREATE TABLE office (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    origin TEXT NOT NULL
) STRICT;

CREATE TABLE content (
    no         INTEGER PRIMARY KEY,
    subject    BLOB    NOT NULL,           -- record or member
    key_no     INTEGER NOT NULL,           -- in content-keys.db
    sealed     BLOB    NOT NULL
) STRICT;

CREATE TABLE person (
    id       BLOB PRIMARY KEY,
    position INTEGER NOT NULL UNIQUE,      -- of the member act
    key      BLOB    NOT NULL,
    roles    TEXT    NOT NULL,             -- words, sorted, joined by spaces
    content  INTEGER NOT NULL REFERENCES content (no)
) STRICT;

CREATE TABLE record (
    no         INTEGER PRIMARY KEY,        -- order of arrival: the paging cursor
    id         BLOB    NOT NULL UNIQUE,
    template   TEXT    NOT NULL,
    record_key BLOB    NOT NULL,           -- digest of the values that name the thing
    version    INTEGER NOT NULL DEFAULT 0, -- 0: not published yet
    leaf       BLOB,                       -- of the latest act on it
    withdrawn  INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX record_by_key ON record (record_key);

-- What the ledger says of each record, act by act.
CREATE TABLE record_act (
    position INTEGER PRIMARY KEY,
    record   INTEGER NOT NULL REFERENCES record (no),
    act      TEXT    NOT NULL,             -- publish, amend, withdraw
    version  INTEGER NOT NULL,
    content  INTEGER NOT NULL REFERENCES content (no)
) STRICT;
CREATE INDEX record_act_by_record ON record_act (record);

-- What waits for an approver, or came back from one; at most one a record.
-- `content` is sealed together with the digest of `draft`.
CREATE TABLE submission (
    record      INTEGER PRIMARY KEY REFERENCES record (no),
    act         TEXT    NOT NULL,
    version     INTEGER NOT NULL,
    draft       BLOB    NOT NULL,          -- the drafter's signed layer
    drafter     BLOB    NOT NULL,
    submitted   INTEGER NOT NULL,          -- seconds since 1970
    content     INTEGER NOT NULL REFERENCES content (no),
    record_key  BLOB,                      -- of an amendment: takes effect with it
    state       TEXT    NOT NULL CHECK (state IN ('submitted', 'returned')),
    returned_by BLOB,
    returned    INTEGER,
    reason      TEXT
) STRICT;

CREATE INDEX submission_by_key ON submission (record_key) WHERE record_key IS NOT NULL;

-- Latest values of every record as bigrams; contentless, so only tokens stay.
CREATE VIRTUAL TABLE search_index USING fts5 (
    tokens, content = '', contentless_delete = 1, tokenize = 'ascii'
);
