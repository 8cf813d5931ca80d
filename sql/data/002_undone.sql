-- When an import was undone, wall clock; NULL: it was not.
ALTER TABLE import ADD COLUMN undone_us INTEGER;
