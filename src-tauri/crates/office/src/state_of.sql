-- Of which head the tables are that the ledger rules read (people, records, offices,
-- policies), and by which version of the rules: written with every append. Where the
-- row is missing nobody knows, and the next opening makes the state from the entries.

CREATE TABLE state_of (
    ledger INTEGER PRIMARY KEY REFERENCES ledger (id),
    size   INTEGER NOT NULL,
    root   BLOB    NOT NULL,
    rules  INTEGER NOT NULL
) STRICT;
