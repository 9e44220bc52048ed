-- Erased records: an act says so, the contents are gone with their keys.

ALTER TABLE record ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER content_erased AFTER UPDATE OF sealed ON content
WHEN length(new.sealed) = 0 AND length(old.sealed) > 0 BEGIN
    INSERT OR IGNORE INTO key_to_destroy (no) VALUES (old.key_no);
END;

-- That what was freed is still to be overwritten, in this file and in that of
-- the keys.
CREATE TABLE to_overwrite (one INTEGER PRIMARY KEY CHECK (one = 1)) STRICT;
