/* A text imported as a file, and what came of it as a line. */
#ifndef STORE_IMPORT_FIXTURE_H
#define STORE_IMPORT_FIXTURE_H

#include "work/import.h"

#include "data_fixture.h"

/* Imports len bytes of text; the caller's to import_result_release(). */
static inline enum err
import_text(const struct import_request *request, const char *text, size_t len,
    struct import_result *result)
{
	struct import_request with = *request;
	char path[FILE_PATH_MAX];
	enum err err;

	scratch_path(path, state_folder, "file.csv");
	with.fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(with.fd >= 0);
	assert_int_equal(file_write_all(with.fd, text, len), ERR_NONE);
	assert_int_equal(lseek(with.fd, 0, SEEK_SET), 0);
	import_result_init(result);
	err = import_run(data, &with, result);
	assert_int_equal(close(with.fd), 0);
	return err;
}

/*
 * Checks "R rows B bad: NEW CHANGED SAME REMOVED", then " at LINE" of what
 * refused the file, then each problem as " LINE:CODE", then " kept ID...",
 * then " applied".
 */
static inline void
check_told(const char *name, const struct import_result *r, const char *wanted)
{
	const struct bulk_counts *c = &r->counts;
	const char *id;
	struct buf out;
	size_t i;

	buf_init(&out, TEXT_MAX);
	buf_printf(&out,
	    "%" PRIu64 " rows %" PRIu64 " bad: %" PRIu64 " %" PRIu64 " %" PRIu64
	    " %" PRIu64,
	    r->rows, r->bad, c->new, c->changed, c->same, c->removed);
	if (r->file_line > 0)
		buf_printf(&out, " at %" PRIu64, r->file_line);
	for (i = 0; i < r->problem_count; i++)
		buf_printf(&out, " %" PRIu64 ":%s", r->problems[i].line,
		    problem_name(r->problems[i].code));
	if (r->kept_count > 0)
		buf_str(&out, " kept");
	for (id = r->kept.data; id < r->kept.data + r->kept.len;
	     id += strlen(id) + 1)
		buf_printf(&out, " %s", id);
	buf_str(&out, r->applied ? " applied" : "");
	check_text(name, buf_text(&out), wanted);
	buf_release(&out);
}

#endif
