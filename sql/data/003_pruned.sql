-- Old polls can be removed: reports speak of no time before this instant any
-- more, since polls of it, or of the week before it, are missing.  NULL: none
-- were removed.
ALTER TABLE revision ADD COLUMN kept_us INTEGER;
