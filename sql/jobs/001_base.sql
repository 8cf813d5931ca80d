-- Work to be done and the ids that were answered for it.  Times: microseconds
-- since 1970-01-01 UTC by the wall clock, which may jump.

-- One row for each piece of work.
CREATE TABLE job (
	-- grows in the order of asking, which is the order of the queue
	number INTEGER PRIMARY KEY,
	-- lower-case UUID; names the files that the worker writes
	id TEXT NOT NULL UNIQUE,
	-- 'report', 'check' or 'import'; the latter two are of an upload
	kind TEXT NOT NULL,
	-- 'queued', 'running', 'complete' or 'failed'
	state TEXT NOT NULL,
	-- hash of all that the result depends on: equal questions share a job.
	-- NULL: not to be shared
	question TEXT,
	-- the instant that the report speaks of; this and all to stores are
	-- of no meaning for the other kinds
	as_of_us INTEGER NOT NULL,
	-- 'previous', 'next' or 'nearest'
	interpolation TEXT NOT NULL,
	-- NULL: unlimited
	reach_us INTEGER,
	-- store filter, a JSON array of ids in byte order; NULL: all stores
	stores TEXT,
	-- ids that were ever given out for this job
	shares INTEGER NOT NULL,
	-- workers that took it
	attempts INTEGER NOT NULL,
	-- workers started for it since any job was last taken, and the last
	spawns INTEGER NOT NULL,
	spawned_us INTEGER NOT NULL,
	-- where it runs or last ran; that slot's lock tells if it still does
	slot INTEGER,
	created_us INTEGER NOT NULL,
	started_us INTEGER,
	-- NULL while it is queued or running
	finished_us INTEGER,
	-- why it failed, for people
	error TEXT,
	-- of the result: data revision; rows, bytes and hash of the report CSV
	revision INTEGER,
	rows INTEGER,
	bytes INTEGER,
	sha256 TEXT
);

-- The queue, and what runs.
CREATE INDEX job_open ON job (state) WHERE finished_us IS NULL;

-- Finds the job that answers a question.
CREATE INDEX job_question ON job (question) WHERE question IS NOT NULL;

-- One row for each id that was given out.
CREATE TABLE report (
	-- grows in the order of asking
	number INTEGER PRIMARY KEY,
	-- lower-case UUID; names the files that are served
	id TEXT NOT NULL UNIQUE,
	job INTEGER NOT NULL REFERENCES job (number),
	created_us INTEGER NOT NULL,
	-- 1 once its files were let go
	expired INTEGER NOT NULL
);

CREATE INDEX report_by_job ON report (job);
CREATE INDEX report_by_age ON report (expired, created_us);

-- One row for each file that came over the web.
CREATE TABLE upload (
	-- grows in the order of coming
	number INTEGER PRIMARY KEY,
	-- lower-case UUID; names its files, and the import that becomes of it
	id TEXT NOT NULL UNIQUE,
	-- 'checking', 'preview', 'rejected', 'importing', 'imported',
	-- 'cancelled', 'expired' or 'failed'
	state TEXT NOT NULL,
	-- that checks or imports it; NULL in all other states
	job INTEGER REFERENCES job (number),
	-- 'polls', 'hours', 'timezones', 'special-hours'
	dataset TEXT NOT NULL,
	-- where it came from, for people
	file TEXT NOT NULL,
	who TEXT NOT NULL,
	-- of the file
	bytes INTEGER NOT NULL,
	-- 1: the file is the entire data set
	whole INTEGER NOT NULL,
	-- 1: confirmed without its bad rows
	skip_bad INTEGER NOT NULL,
	created_us INTEGER NOT NULL,
	-- NULL while something may still become of it
	finished_us INTEGER,
	-- what was checked: hash of the file, revision of the data set
	sha256 TEXT,
	revision INTEGER,
	-- what the check, then the import, has counted
	rows INTEGER,
	new INTEGER,
	changed INTEGER,
	same INTEGER,
	bad INTEGER,
	removed INTEGER,
	-- the same in full, and the preview: JSON objects
	result TEXT,
	preview TEXT,
	-- why it was rejected or has failed, a sentence
	error TEXT
);

CREATE INDEX upload_open ON upload (state) WHERE finished_us IS NULL;
CREATE INDEX upload_by_job ON upload (job) WHERE job IS NOT NULL;

-- One row: when the spool folder was last compared with the table above.
CREATE TABLE upkeep (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	swept_us INTEGER NOT NULL
);
INSERT INTO upkeep VALUES (1, 0);
