-- Everything that comes in by CSV.  Times: microseconds or days since
-- 1970-01-01 UTC where the name ends in _us or is a UTC day; seconds of the
-- wall clock inside the blobs (src/codec/pack.h tells their layout).

-- One row: which state of the data this is.
CREATE TABLE revision (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	-- counts committed changes
	number INTEGER NOT NULL,
	-- random per change, so that two histories (a restored backup) with
	-- the same number are told apart
	token TEXT NOT NULL,
	-- the newest poll of all; NULL while there is none
	newest_us INTEGER,
	-- 1 while the data is the demonstration's
	sample INTEGER NOT NULL
);
INSERT INTO revision VALUES (1, 0, '', NULL, 0);

-- One row for every store that any data set names.
CREATE TABLE store (
	-- stands for the id in every other table
	key INTEGER PRIMARY KEY,
	-- as in the files; ordered by its bytes
	id TEXT NOT NULL UNIQUE,
	-- IANA name; NULL: none given
	zone TEXT,
	-- packed weekly rows; NULL: none given
	week BLOB
);

-- Special dates: they replace the weekly rows of their date.
CREATE TABLE special (
	store INTEGER NOT NULL,
	-- local date, days since 1970-01-01
	date INTEGER NOT NULL,
	-- packed rows; none in it: closed all day
	hours BLOB NOT NULL,
	PRIMARY KEY (store, date)
) WITHOUT ROWID;

-- Polls in day blocks.
CREATE TABLE poll_day (
	-- UTC day, days since 1970-01-01
	day INTEGER NOT NULL,
	store INTEGER NOT NULL,
	-- the day's polls of the store, packed
	polls BLOB NOT NULL,
	PRIMARY KEY (day, store)
) WITHOUT ROWID;

-- Finds a store's days, the latest first.
CREATE INDEX poll_day_by_store ON poll_day (store, day);

-- What was brought in, written in the transaction that brought it in.
CREATE TABLE import (
	-- lower-case UUID
	id TEXT PRIMARY KEY,
	-- 'polls', 'hours', 'timezones', 'special-hours'
	dataset TEXT NOT NULL,
	-- of the commit, wall clock
	at_us INTEGER NOT NULL,
	-- the revision that it made
	revision INTEGER NOT NULL,
	-- where it came from, for people; NULL: not known
	file TEXT,
	who TEXT,
	-- of the file; NULL: not reckoned
	sha256 TEXT,
	rows INTEGER NOT NULL,
	new INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	same INTEGER NOT NULL,
	bad INTEGER NOT NULL,
	removed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX import_by_time ON import (dataset, at_us);

-- One row for each data set: what it holds.
CREATE TABLE dataset (
	name TEXT PRIMARY KEY,
	-- the revision that last changed it; 0: none yet
	revision INTEGER NOT NULL,
	rows INTEGER NOT NULL,
	-- the import that can be undone; NULL: none
	undo_import TEXT,
	-- 1 if there was nothing before it, so that nothing needed noting
	undo_to_nothing INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO dataset VALUES ('polls', 0, 0, NULL, 0), ('hours', 0, 0, NULL, 0),
	('timezones', 0, 0, NULL, 0), ('special-hours', 0, 0, NULL, 0);

-- What the newest import of a data set replaced, for its undoing.
CREATE TABLE undo (
	dataset TEXT NOT NULL,
	store TEXT NOT NULL,
	-- of special hours, else 0
	date INTEGER NOT NULL,
	-- packed rows or the zone as it was; NULL: there was none
	value,
	PRIMARY KEY (dataset, store, date)
) WITHOUT ROWID;
