-- Drafts whose template asks for a review wait for their reviewer first. `draft`
-- stays the drafter's layer; the reviewer's is signed round its exact bytes.

ALTER TABLE submission ADD COLUMN asks_review INTEGER NOT NULL DEFAULT 0;
ALTER TABLE submission ADD COLUMN review BLOB;     -- the reviewer's signed layer
ALTER TABLE submission ADD COLUMN reviewer BLOB;
ALTER TABLE submission ADD COLUMN reviewed INTEGER; -- seconds since 1970
