-- Jobs as the first version held them: one report that is complete, one that
-- was left running, one that waits.
INSERT INTO job (number, id, kind, state, question, as_of_us, interpolation,
	shares, attempts, spawns, spawned_us, slot, created_us, started_us,
	finished_us, revision, rows, bytes, sha256) VALUES
	(1, 'c3779976-e64d-45b5-b575-e433a0a744aa', 'report', 'complete', 'x',
	1795637640000000, 'previous', 1, 1, 1, 1795637648962118, 0,
	1795637648948306, 1795637649019493, 1795637649069869, 3, 3, 362,
	'fe18da187a32270c97f6db4c64069e5c39ebb6d7866f6945d6445bb1e61d6c35');
INSERT INTO job (number, id, kind, state, question, as_of_us, interpolation,
	shares, attempts, spawns, spawned_us, slot, created_us) VALUES
	(2, 'c3779976-e64d-45b5-b575-e433a0a744ab', 'report', 'running', 'y',
	1795637640000000, 'nearest', 1, 1, 1, 1795637648962118, 0,
	1795637648948306),
	(3, 'c3779976-e64d-45b5-b575-e433a0a744ac', 'report', 'queued', 'z',
	1795637640000000, 'next', 1, 0, 1, 1795637648962118, NULL,
	1795637648948306);
INSERT INTO report (number, id, job, created_us, expired) VALUES
	(1, 'c3779976-e64d-45b5-b575-e433a0a744aa', 1, 1795637648948306, 0),
	(2, 'c3779976-e64d-45b5-b575-e433a0a744ab', 2, 1795637648948306, 0),
	(3, 'c3779976-e64d-45b5-b575-e433a0a744ac', 3, 1795637648948306, 0);
