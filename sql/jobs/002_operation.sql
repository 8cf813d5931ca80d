-- What operators ask: which request made a job, what its files take on the
-- disk, and how jobs have ended.

-- of the request that asked for it: 32 hexadecimal digits; NULL: not known
ALTER TABLE job ADD COLUMN request TEXT;
-- when an id was last given out for it; NULL but for reports
ALTER TABLE job ADD COLUMN used_us INTEGER;
-- what its files take on the disk; 0 while there are none, and once all of
-- its ids have expired
ALTER TABLE job ADD COLUMN disk_bytes INTEGER NOT NULL DEFAULT 0;

UPDATE job SET used_us =
	(SELECT max(created_us) FROM report WHERE report.job = job.number);
-- Nobody has measured these; detail and summary are some times the report.
UPDATE job SET disk_bytes = 6 * bytes WHERE kind = 'report' AND bytes > 0
	AND EXISTS (SELECT 1 FROM report WHERE report.job = job.number
		AND expired = 0);

-- The space that files take, and whose turn it is to go.
CREATE INDEX job_files ON job (used_us, disk_bytes) WHERE disk_bytes > 0;

-- Finds the ids of a job that still have files.
CREATE INDEX report_kept ON report (job) WHERE expired = 0;

-- How many jobs have ever ended how, and how long they took: counted as they
-- end, so that the counts outlive the jobs.
CREATE TABLE ended (
	-- as in job
	kind TEXT NOT NULL,
	-- 'complete', or the reason of a failure in one word
	outcome TEXT NOT NULL,
	-- upper bound of the time taken, one of a fixed row; 0: none is above
	bound_ms INTEGER NOT NULL,
	jobs INTEGER NOT NULL,
	-- time taken, by the wall clock
	us INTEGER NOT NULL,
	PRIMARY KEY (kind, outcome, bound_ms)
) WITHOUT ROWID;
