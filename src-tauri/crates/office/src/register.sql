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
