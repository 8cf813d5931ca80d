/*
 * A checksum at the end of every page of a database file: what the disk gives
 * back other than it was written is an error and not a figure.
 *
 * A layer between SQLite and its files (a VFS, https://sqlite.org/vfs.html).
 * Pages get their sums when a checkpoint moves them into the file.  In the
 * log (-wal) they have none, but SQLite's own sums of its frames, which it
 * looks at after a restart only; here they are looked at in every read.
 *
 * Programs without this layer read such a file as any other.  If one of them
 * empties the log, the pages that it moves have no sums: see db_open.c.
 */
#ifndef STORE_PAGE_SUM_H
#define STORE_PAGE_SUM_H

#include <stdbool.h>

#define PAGE_SUM_PAGE 8192 /* the size of every page, in bytes */
#define PAGE_SUM_BYTES 8   /* reserved at its end, as its file's header says */

/* The layer's name, for sqlite3_open_v2().  NULL if there is no memory. */
const char *page_sum_layer(void);

/*
 * Lets pages pass that have no sum at all, in all files of the process, or no
 * longer.  One whose sum is wrong never passes.
 */
void page_sum_pass_none(bool pass);

#endif
