-- Of a register: every appointment of an officer, in the order of the ledger.
CREATE TABLE appointment_act (
    position INTEGER PRIMARY KEY,
    office   BLOB    NOT NULL,             -- the office's id in the register
    act      BLOB    NOT NULL              -- what the entry says
) STRICT;

-- Of an office: whom it has asked its register to appoint; the latest request only,
-- because the first one that is taken in makes the others stale. Name and post are sealed in `content`, together with the digest of `act`.
CREATE TABLE appointment_asked (
    person  BLOB PRIMARY KEY,              -- the member's id, there already or to be
    act     BLOB    NOT NULL,              -- what the register is to say
    content INTEGER NOT NULL REFERENCES content (no)
) STRICT;
