-- The ledgers that this folder holds: the office's own and verified copies.
-- Anyone can check `chain` with ten lines: chain = SHA-256(previous ‖ leaf),
-- from 32 zero bytes; leaf = SHA-256(0x00 ‖ bytes).

CREATE TABLE ledger (
    id     INTEGER PRIMARY KEY,
    origin TEXT    NOT NULL UNIQUE,
    vkey   TEXT    NOT NULL,              -- note verifier key of its checkpoints
    size   INTEGER NOT NULL DEFAULT 0,
    root   BLOB    NOT NULL,              -- of the first `size` entries
    chain  BLOB    NOT NULL               -- of entry `size` - 1
) STRICT;

CREATE TABLE entry (
    ledger   INTEGER NOT NULL REFERENCES ledger (id),
    position INTEGER NOT NULL,
    bytes    BLOB    NOT NULL,
    leaf     BLOB    NOT NULL,
    chain    BLOB    NOT NULL,
    UNIQUE (ledger, position)
) STRICT;

-- C2SP tlog-tiles: 256 hashes of 32 bytes, fewer at the right edge.
CREATE TABLE tile (
    ledger INTEGER NOT NULL REFERENCES ledger (id),
    level  INTEGER NOT NULL,
    number INTEGER NOT NULL,
    hashes BLOB    NOT NULL,
    UNIQUE (ledger, level, number)
) STRICT;

CREATE TABLE checkpoint (
    ledger  INTEGER NOT NULL REFERENCES ledger (id),
    size    INTEGER NOT NULL,
    note    TEXT    NOT NULL,             -- signed note
    receipt BLOB    NOT NULL,             -- COSE receipt over the root, without proof
    UNIQUE (ledger, size)
) STRICT;

CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry
BEGIN SELECT RAISE (ABORT, 'entries are never changed'); END;
CREATE TRIGGER entry_stays BEFORE DELETE ON entry
BEGIN SELECT RAISE (ABORT, 'entries are never deleted'); END;
-- REPLACE would delete without asking the triggers above.
CREATE TRIGGER entry_is_new BEFORE INSERT ON entry
WHEN EXISTS (SELECT 1 FROM entry WHERE ledger = NEW.ledger AND position = NEW.position)
BEGIN SELECT RAISE (ABORT, 'entries are never replaced'); END;
CREATE TRIGGER checkpoint_is_new BEFORE INSERT ON checkpoint
WHEN EXISTS (SELECT 1 FROM checkpoint WHERE ledger = NEW.ledger AND size = NEW.size)
BEGIN SELECT RAISE (ABORT, 'checkpoints are never replaced'); END;
CREATE TRIGGER checkpoint_is_final BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE (ABORT, 'checkpoints are never changed'); END;
CREATE TRIGGER checkpoint_stays BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE (ABORT, 'checkpoints are never deleted'); END;
CREATE TRIGGER tile_grows BEFORE UPDATE ON tile
WHEN substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
  OR NEW.ledger <> OLD.ledger OR NEW.level <> OLD.level OR NEW.number <> OLD.number
BEGIN SELECT RAISE (ABORT, 'tiles only grow'); END;
CREATE TRIGGER tile_stays BEFORE DELETE ON tile
BEGIN SELECT RAISE (ABORT, 'tiles are never deleted'); END;
CREATE TRIGGER ledger_grows BEFORE UPDATE ON ledger
WHEN NEW.size < OLD.size OR NEW.origin <> OLD.origin OR NEW.id <> OLD.id
BEGIN SELECT RAISE (ABORT, 'ledgers only grow'); END;
CREATE TRIGGER ledger_stays BEFORE DELETE ON ledger
BEGIN SELECT RAISE (ABORT, 'ledgers are never deleted'); END;
