-- The keys of contents that are no longer stored. They stand in another file,
-- so they are destroyed after the transaction that dropped the contents; what
-- that did not come to is done at the next opening. Key numbers are never given
-- twice.

CREATE TABLE key_to_destroy (no INTEGER PRIMARY KEY) STRICT;

CREATE TRIGGER content_dropped AFTER DELETE ON content BEGIN
    INSERT OR IGNORE INTO key_to_destroy (no) VALUES (old.key_no);
END;
CREATE TRIGGER form_dropped AFTER DELETE ON form BEGIN
    INSERT OR IGNORE INTO key_to_destroy (no) VALUES (old.key_no);
END;
CREATE TRIGGER form_saved AFTER UPDATE OF key_no ON form WHEN old.key_no <> new.key_no BEGIN
    INSERT OR IGNORE INTO key_to_destroy (no) VALUES (old.key_no);
END;

-- What version 2 left of submissions that were taken back or replaced.
DELETE FROM content WHERE no NOT IN (
    SELECT content FROM person
    UNION ALL SELECT content FROM record_act
    UNION ALL SELECT content FROM submission
);
UPDATE form SET record = NULL WHERE record NOT IN (SELECT id FROM record);
