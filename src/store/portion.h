/*
 * A portion of a poll file in memory: ids in a hash table, polls as 12 bytes
 * each, then sorted into blocks.  Knows no database.  For src/store/ only.
 */
#ifndef STORE_PORTION_H
#define STORE_PORTION_H

#include "base/err.h"
#include "core/uptime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct portion;

/* Polls of one store and UTC day, sorted; later rows behind earlier ones. */
struct block {
	int64_t key; /* of the store */
	int32_t day;
	uint32_t n;
	const int64_t *polls; /* 2 x instant + status */
};

/* A list of things of one size with room for *cap; makes room for n. */
MUST_CHECK enum err
portion_grow(void **list, size_t *cap, size_t n, size_t size);

/* An empty portion; memory is taken as it is filled. */
MUST_CHECK enum err portion_new(struct portion **out);

/* Gives it back; NULL is allowed. */
void portion_free(struct portion *p);

/* True if an id of len bytes and its poll may not fit any more. */
bool portion_is_full(const struct portion *p, size_t len);

/* Adds a poll; the portion must not be full. */
MUST_CHECK enum err portion_put(struct portion *p, const char *id, size_t len,
    const struct poll *poll);

/*
 * Sorts what is there into blocks, in order of (day, key).  key_of is called
 * once per store, in byte order of the ids, for its key.  The blocks are
 * valid until portion_reset().
 */
MUST_CHECK enum err portion_sort(struct portion *p,
    enum err (*key_of)(void *ctx, const char *id, size_t len, int64_t *key),
    void *ctx);

/* The blocks of the sorted portion. */
const struct block *portion_blocks(const struct portion *p, size_t *count);

/* Empties it. */
void portion_reset(struct portion *p);

#endif
