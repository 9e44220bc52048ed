-- Of a register: every act about an office is kept, the latest is its standing.

CREATE TABLE office_act (
    position INTEGER PRIMARY KEY,
    office   BLOB    NOT NULL,             -- the subject's id
    version  INTEGER NOT NULL,             -- among the acts about the office, from 1
    leaf     BLOB    NOT NULL,
    code     TEXT    NOT NULL,
    act      BLOB    NOT NULL,             -- what the entry says
    UNIQUE (office, version)
) STRICT;
CREATE INDEX office_act_by_code ON office_act (code);

-- Every key that the host of an office has or had, by thumbprint: never used again.
CREATE TABLE office_key (
    kid BLOB PRIMARY KEY
) STRICT;

CREATE TABLE policy_act (
    position INTEGER PRIMARY KEY,
    number   INTEGER NOT NULL UNIQUE,
    text     TEXT    NOT NULL
) STRICT;

-- What waits for the register's second admin; at most one.
CREATE TABLE register_change (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    office   BLOB    NOT NULL,             -- the subject's id
    draft    BLOB    NOT NULL,             -- the first admin's signed layer of the office's act
    policy   BLOB,                         -- and of the policy's, if it changes with it
    request  BLOB,                         -- the office's request, if it was asked for by one
    proposer BLOB    NOT NULL,
    proposed INTEGER NOT NULL              -- seconds since 1970
) STRICT;

-- Of an office: what the register said of it, as it was taken in; the latest counts.
CREATE TABLE admission (
    version   INTEGER PRIMARY KEY,         -- among the register's acts about the office
    statement BLOB    NOT NULL,
    proof     TEXT    NOT NULL,            -- tlog-proof in the register
    roster    BLOB    NOT NULL,            -- of the register
    policy    TEXT    NOT NULL,            -- of the realm, when it was taken in
    taken     INTEGER NOT NULL             -- seconds since 1970
) STRICT;

-- The host's keys since the ledger had `size` entries: they sign what is larger, and
-- signed that size once more. Before the first row they are those of the genesis.
CREATE TABLE host_key (
    size    INTEGER PRIMARY KEY,
    log     BLOB    NOT NULL,
    receipt BLOB    NOT NULL,
    note    TEXT    NOT NULL,              -- checkpoint of that size
    signed  BLOB    NOT NULL               -- receipt over its root
) STRICT;
