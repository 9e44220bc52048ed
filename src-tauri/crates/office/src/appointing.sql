-- Of a register: every appointment of an officer, in the order of the ledger.
CREATE TABLE appointment_act (
    position INTEGER PRIMARY KEY,
    office   BLOB    NOT NULL,             -- the office's id in the register
    code     TEXT    NOT NULL,
    act      BLOB    NOT NULL              -- what the entry says
) STRICT;
CREATE INDEX appointment_act_by_code ON appointment_act (code);

-- Of an office: whom it has asked its register to appoint, the latest request about
-- each. Name and post are sealed in `content`, together with the digest of `act`.
CREATE TABLE appointment_asked (
    person  BLOB PRIMARY KEY,              -- the member's id, there already or to be
    act     BLOB    NOT NULL,              -- what the register is to say
    content INTEGER NOT NULL REFERENCES content (no)
) STRICT;
