-- People change: every act about a person is kept, the latest is who they are.

CREATE TABLE member_act (
    position     INTEGER PRIMARY KEY,
    person       BLOB    NOT NULL,
    version      INTEGER NOT NULL,         -- among the acts about the person, from 1
    leaf         BLOB    NOT NULL,
    key          BLOB    NOT NULL,
    roles        TEXT    NOT NULL,         -- words, sorted, joined by spaces
    acting_from  INTEGER,                  -- as approver; seconds since 1970
    acting_until INTEGER,
    suspended    INTEGER NOT NULL,
    by_people    INTEGER NOT NULL,         -- signed by two admins, not by the founding key
    content      INTEGER NOT NULL REFERENCES content (no),
    UNIQUE (person, version)
) STRICT;
CREATE INDEX member_act_by_key ON member_act (key);

INSERT INTO member_act (position, person, version, leaf, key, roles, suspended, by_people, content)
SELECT p.position, p.id, 1, e.leaf, p.key, p.roles, 0, 0, p.content
FROM person p
JOIN office o
JOIN ledger l ON l.origin = o.origin
JOIN entry e ON e.ledger = l.id AND e.position = p.position;

DROP TABLE person;

CREATE VIEW person AS
SELECT m.* FROM member_act m
WHERE m.version = (SELECT max(version) FROM member_act WHERE person = m.person);

-- What waits for the second admin; at most one a person. `content` is sealed
-- together with the digest of `draft`.
CREATE TABLE person_change (
    person   BLOB PRIMARY KEY,
    draft    BLOB    NOT NULL,             -- the first admin's signed layer
    proposer BLOB    NOT NULL,
    proposed INTEGER NOT NULL,             -- seconds since 1970
    content  INTEGER NOT NULL REFERENCES content (no)
) STRICT;

-- Why what waits, or came back, cannot be signed as it is: a code of the ledger
-- rules. People have changed since it was signed.
ALTER TABLE submission ADD COLUMN stale TEXT;
