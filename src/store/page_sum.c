/*
 * SQLite's own layer for files with some of its functions replaced: those that
 * read and write the database file and its log.  An open file stays SQLite's;
 * it gets another table of functions, and a place behind it for what is known
 * of it here.
 *
 * The sum is XXH3 over the page, with its place in the file as the seed, so
 * that a page that was written to another's place is found as well.  A page in
 * memory has no sum, that is a zero: thus one that another program has moved
 * out of the log has a zero too.
 */
#include "store/page_sum.h"

#include "sys/log.h"

#include <endian.h>
#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <xxhash.h>

#define SUMMED (PAGE_SUM_PAGE - PAGE_SUM_BYTES)

/* https://sqlite.org/fileformat2.html, 1.3.4: reserved bytes of a page */
#define RESERVED_AT 20

/* The log's format: ibid., 4.1, and how its sums are made: 4.2. */
#define LOG_HEADER 32
#define LOG_SUM_AT 24
#define LOG_FRAME 24
#define LOG_FRAME_SUM_AT 16

struct known {
	const char *path; /* as SQLite has it while the file is open */
	/* From here on the log has what was written since its last sync; the
	 * sums of its frames are made anew until then. */
	sqlite3_int64 fresh_at;
};

static sqlite3_vfs layer;
static const sqlite3_vfs *base;
/* SQLite's tables, which are two, as it locks the database only. */
static const sqlite3_io_methods *plain, *plain_log;
static sqlite3_io_methods summed, unsummed, logged;
static bool none_passes;

static struct known *
known_of(sqlite3_file *file)
{
	return (struct known *)((char *)file + base->szOsFile);
}

static const char *
name_of(sqlite3_file *file)
{
	const char *path = known_of(file)->path;
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

static void
sum_page(const uint8_t *page, sqlite3_int64 at, uint8_t sum[PAGE_SUM_BYTES])
{
	XXH64_canonical_t bytes;

	XXH64_canonicalFromHash(&bytes,
	    XXH3_64bits_withSeed(page, SUMMED, (XXH64_hash_t)at));
	memcpy(sum, bytes.digest, PAGE_SUM_BYTES);
}

/* The header of a database is read in part, and has its sum as a whole. */
static int
read_summed(sqlite3_file *file, void *buf, int n, sqlite3_int64 at)
{
	static const uint8_t none[PAGE_SUM_BYTES];
	uint8_t sum[PAGE_SUM_BYTES], *found = (uint8_t *)buf + SUMMED;
	int code = plain->xRead(file, buf, n, at);

	if (n != PAGE_SUM_PAGE || (code == SQLITE_IOERR_SHORT_READ && at == 0))
		return code;
	if (code == SQLITE_IOERR_SHORT_READ) {
		log_error("%s: page %lld is behind its end", name_of(file),
		    at / PAGE_SUM_PAGE + 1);
		return SQLITE_CORRUPT;
	}
	if (code != SQLITE_OK)
		return code;
	sum_page(buf, at, sum);
	if (memcmp(found, sum, sizeof(sum)) != 0 &&
	    !(none_passes && memcmp(found, none, sizeof(none)) == 0)) {
		log_error("%s: page %lld is not what was written",
		    name_of(file), at / PAGE_SUM_PAGE + 1);
		return SQLITE_CORRUPT;
	}
	memset(found, 0, PAGE_SUM_BYTES);
	return SQLITE_OK;
}

static int
write_summed(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at)
{
	uint8_t page[PAGE_SUM_PAGE];

	if (n != PAGE_SUM_PAGE)
		return plain->xWrite(file, buf, n, at);
	memcpy(page, buf, SUMMED);
	sum_page(page, at, page + SUMMED);
	return plain->xWrite(file, page, n, at);
}

/*
 * A database of an earlier version gets sums when all of its pages are written
 * anew, which some process does: each asks the header until it says so.
 */
static bool
has_room(sqlite3_file *file)
{
	uint8_t reserved;

	return plain->xRead(file, &reserved, 1, RESERVED_AT) == SQLITE_OK &&
	    reserved == PAGE_SUM_BYTES;
}

static int
read_unsummed(sqlite3_file *file, void *buf, int n, sqlite3_int64 at)
{
	if (!has_room(file))
		return plain->xRead(file, buf, n, at);
	file->pMethods = &summed;
	return read_summed(file, buf, n, at);
}

static int
write_unsummed(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at)
{
	bool first = at == 0 && n == PAGE_SUM_PAGE;

	if (!(first && ((const uint8_t *)buf)[RESERVED_AT] == PAGE_SUM_BYTES) &&
	    !has_room(file))
		return plain->xWrite(file, buf, n, at);
	file->pMethods = &summed;
	return write_summed(file, buf, n, at);
}

static uint32_t
word(const uint8_t *bytes, bool big)
{
	uint32_t value;

	memcpy(&value, bytes, sizeof(value));
	return big ? be32toh(value) : le32toh(value);
}

static void
sum_frame(uint32_t sum[2], const uint8_t *bytes, size_t n, bool big)
{
	size_t i;

	for (i = 0; i < n; i += 8) {
		sum[0] += word(bytes + i, big) + sum[1];
		sum[1] += word(bytes + i + 4, big) + sum[0];
	}
}

/* The page at `at` in the log, against its frame and the frame before it. */
static int
check_frame(sqlite3_file *file, const uint8_t *page, sqlite3_int64 at)
{
	uint8_t magic[4], last[8], frame[LOG_FRAME];
	sqlite3_int64 frame_at = at - LOG_FRAME, last_at = LOG_SUM_AT;
	uint32_t sum[2];
	int code;

	if (frame_at > LOG_HEADER)
		last_at = frame_at - PAGE_SUM_PAGE - LOG_FRAME +
		    LOG_FRAME_SUM_AT;
	code = plain_log->xRead(file, magic, sizeof(magic), 0);
	if (code == SQLITE_OK)
		code = plain_log->xRead(file, last, sizeof(last), last_at);
	if (code == SQLITE_OK)
		code = plain_log->xRead(file, frame, sizeof(frame), frame_at);
	if (code != SQLITE_OK)
		return code;
	/* Sums are stored with the first byte the highest; the magic's last bit
	 * tells how the words that they are made of are read. */
	sum[0] = word(last, true);
	sum[1] = word(last + 4, true);
	sum_frame(sum, frame, 8, magic[3] & 1);
	sum_frame(sum, page, PAGE_SUM_PAGE, magic[3] & 1);
	if (sum[0] == word(frame + LOG_FRAME_SUM_AT, true) &&
	    sum[1] == word(frame + LOG_FRAME_SUM_AT + 4, true))
		return SQLITE_OK;
	log_error("%s: a page is not what was written", name_of(file));
	return SQLITE_CORRUPT;
}

static int
read_log(sqlite3_file *file, void *buf, int n, sqlite3_int64 at)
{
	int code = plain_log->xRead(file, buf, n, at);

	if (code != SQLITE_OK || n != PAGE_SUM_PAGE ||
	    (at - LOG_HEADER) % (LOG_FRAME + PAGE_SUM_PAGE) != LOG_FRAME ||
	    at >= known_of(file)->fresh_at)
		return code;
	return check_frame(file, buf, at);
}

static int
write_log(sqlite3_file *file, const void *buf, int n, sqlite3_int64 at)
{
	struct known *known = known_of(file);

	if (at < known->fresh_at)
		known->fresh_at = at;
	return plain_log->xWrite(file, buf, n, at);
}

static int
sync_log(sqlite3_file *file, int flags)
{
	int code = plain_log->xSync(file, flags);

	if (code == SQLITE_OK)
		known_of(file)->fresh_at = INT64_MAX;
	return code;
}

static void
use_summed(sqlite3_file *file)
{
	sqlite3_int64 size = 0;

	if (plain == NULL) {
		plain = file->pMethods;
		summed = *plain;
		/* Without those for files in memory, which read unseen. */
		summed.iVersion = 2;
		unsummed = summed;
		summed.xRead = read_summed;
		summed.xWrite = write_summed;
		unsummed.xRead = read_unsummed;
		unsummed.xWrite = write_unsummed;
	}
	/* All pages of a new database have sums, whichever is written first. */
	file->pMethods = plain->xFileSize(file, &size) == SQLITE_OK && size == 0
	    ? &summed
	    : &unsummed;
}

static void
use_logged(sqlite3_file *file)
{
	if (plain_log == NULL) {
		plain_log = file->pMethods;
		logged = *plain_log;
		logged.xRead = read_log;
		logged.xWrite = write_log;
		logged.xSync = sync_log;
	}
	file->pMethods = &logged;
}

static int
open_file(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags,
    int *out_flags)
{
	struct known known = { .path = path, .fresh_at = INT64_MAX };
	int code = base->xOpen(vfs, path, file, flags, out_flags);

	if (code != SQLITE_OK || path == NULL ||
	    (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)) == 0)
		return code;
	memcpy(known_of(file), &known, sizeof(known));
	if ((flags & SQLITE_OPEN_WAL) != 0)
		use_logged(file);
	else
		use_summed(file);
	return SQLITE_OK;
}

const char *
page_sum_layer(void)
{
	if (base == NULL) {
		sqlite3_vfs *own = sqlite3_vfs_find(NULL);

		if (own == NULL)
			return NULL;
		layer = *own;
		layer.zName = "storemon";
		layer.pNext = NULL;
		layer.szOsFile += (int)sizeof(struct known);
		layer.xOpen = open_file;
		if (sqlite3_vfs_register(&layer, 0) != SQLITE_OK)
			return NULL;
		base = own;
	}
	return layer.zName;
}

void
page_sum_pass_none(bool pass)
{
	none_passes = pass;
}
