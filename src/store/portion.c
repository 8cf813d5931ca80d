/*
 * Sorting a portion.  The polls are scattered by store, which keeps the
 * file's order; each store's are sorted by instant, stably, so that of equal
 * instants the later row stays last; then they are cut at midnight UTC.
 */
#include "store/portion.h"

#include "core/stamp.h"

#include <stdlib.h>
#include <string.h>

#define PORTION ((size_t)2000000)
#define STORES ((size_t)1 << 18)   /* of a portion at the most */
#define SLOTS_FIRST ((size_t)1024) /* a small table stays in the cache */
#define ARENA (STORES * 32)        /* bytes of their ids at the most */
#define RUN 12                     /* polls sorted by insertion */

/* A store of the portion.  Its id lies in the arena behind its number. */
struct member {
	uint32_t id; /* offset into the arena */
	uint32_t len;
	uint32_t polls; /* how many in this portion */
	size_t first;   /* where they are once scattered */
};

/*
 * What a look-up needs stands in the slot and in the arena, so that a poll
 * costs two reads outside the cache and not four.
 */
struct slot {
	uint32_t tag; /* high bits of the id's hash */
	uint32_t at;  /* of the arena's record + 1; 0: free */
};

/* In front of an id in the arena. */
struct record {
	uint32_t number; /* of the member */
	uint32_t len;
};

struct portion {
	char *arena;
	size_t arena_used;
	struct slot *slots;
	size_t slot_count; /* a power of two */
	struct member *members;
	size_t member_count;
	int64_t *packed; /* 2 x instant + status, file order */
	uint32_t *owner; /* the member of each */
	size_t count;
	int64_t *sorted;
	int64_t *spare;
	size_t spare_cap;
	struct block *blocks;
	size_t block_count;
	size_t block_cap;
};

enum err
portion_new(struct portion **out)
{
	struct portion *p = calloc(1, sizeof(*p));

	if (p == NULL)
		return ERR_NO_MEMORY;
	p->arena = malloc(ARENA);
	p->slot_count = SLOTS_FIRST;
	p->slots = calloc(p->slot_count, sizeof(*p->slots));
	p->members = malloc(STORES * sizeof(*p->members));
	p->packed = malloc(PORTION * sizeof(*p->packed));
	p->owner = malloc(PORTION * sizeof(*p->owner));
	p->sorted = malloc(PORTION * sizeof(*p->sorted));
	if (p->arena == NULL || p->slots == NULL || p->members == NULL ||
	    p->packed == NULL || p->owner == NULL || p->sorted == NULL) {
		portion_free(p);
		return ERR_NO_MEMORY;
	}
	*out = p;
	return ERR_NONE;
}

void
portion_free(struct portion *p)
{
	if (p == NULL)
		return;
	free(p->arena);
	free(p->slots);
	free(p->members);
	free(p->packed);
	free(p->owner);
	free(p->sorted);
	free(p->spare);
	free(p->blocks);
	free(p);
}

static uint64_t
hash(const char *s, size_t len)
{
	uint64_t h = len * UINT64_C(0x9e3779b97f4a7c15), word;

	for (; len >= 8; s += 8, len -= 8) {
		memcpy(&word, s, 8);
		h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
		h ^= h >> 32;
	}
	for (word = 0; len > 0; len--)
		word = word << 8 | (unsigned char)*s++;
	h = (h ^ word) * UINT64_C(0xff51afd7ed558ccd);
	return h ^ h >> 32;
}

/* The slot of the id: where it is, or where it would go. */
static struct slot *
find_slot(const struct portion *p, uint64_t h, const char *id, size_t len)
{
	size_t mask = p->slot_count - 1, at = h & mask;
	uint32_t tag = (uint32_t)(h >> 32);
	struct record record;

	for (; p->slots[at].at != 0; at = (at + 1) & mask) {
		const char *there = p->arena + p->slots[at].at - 1;

		if (p->slots[at].tag != tag)
			continue;
		memcpy(&record, there, sizeof(record));
		if (record.len == len &&
		    memcmp(there + sizeof(record), id, len) == 0)
			break;
	}
	return &p->slots[at];
}

/* Makes the table four times as large, before it is half full. */
static enum err
grow_slots(struct portion *p)
{
	size_t i, count = p->slot_count * 4;
	struct slot *slots = calloc(count, sizeof(*slots));

	if (slots == NULL)
		return ERR_NO_MEMORY;
	free(p->slots);
	p->slots = slots;
	p->slot_count = count;
	for (i = 0; i < p->member_count; i++) {
		const struct member *m = &p->members[i];
		const char *id = p->arena + m->id;
		uint64_t h = hash(id, m->len);
		struct slot *slot = find_slot(p, h, id, m->len);

		slot->tag = (uint32_t)(h >> 32);
		slot->at = m->id - (uint32_t)sizeof(struct record) + 1;
	}
	return ERR_NONE;
}

/* Makes a member of an id that is none yet. */
static enum err
add_member(struct portion *p, struct slot *slot, uint64_t h, const char *id,
    size_t len)
{
	struct record record = { (uint32_t)p->member_count, (uint32_t)len };
	struct member *m = &p->members[p->member_count++];

	slot->tag = (uint32_t)(h >> 32);
	slot->at = (uint32_t)p->arena_used + 1;
	memcpy(p->arena + p->arena_used, &record, sizeof(record));
	p->arena_used += sizeof(record);
	m->id = (uint32_t)p->arena_used;
	m->len = (uint32_t)len;
	memcpy(p->arena + p->arena_used, id, len);
	p->arena_used += len;
	return p->member_count * 2 > p->slot_count ? grow_slots(p) : ERR_NONE;
}

bool
portion_is_full(const struct portion *p, size_t len)
{
	return p->count == PORTION || p->member_count == STORES ||
	    p->arena_used + sizeof(struct record) + len > ARENA;
}

enum err
portion_put(struct portion *p, const char *id, size_t len,
    const struct poll *poll)
{
	uint64_t h = hash(id, len);
	struct slot *slot = find_slot(p, h, id, len);
	uint32_t number = (uint32_t)p->member_count;
	enum err err = ERR_NONE;

	if (slot->at == 0)
		err = add_member(p, slot, h, id, len);
	else
		memcpy(&number, p->arena + slot->at - 1, sizeof(number));
	p->packed[p->count] = poll->at_us * 2 + poll->up;
	p->owner[p->count++] = number;
	return err;
}

/* Orders two members by the bytes of their ids. */
static int
by_id(const void *left, const void *right, void *arena)
{
	const struct member *a = left, *b = right;
	const char *ids = arena;
	size_t len = a->len < b->len ? a->len : b->len;
	int order = memcmp(ids + a->id, ids + b->id, len);

	return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int
by_day(const void *left, const void *right)
{
	const struct block *a = left, *b = right;

	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->key > b->key) - (a->key < b->key);
}

/* Scatters the portion's polls by member, keeping the file's order. */
static void
scatter(struct portion *p)
{
	size_t i, at = 0;

	for (i = 0; i < p->member_count; i++)
		p->members[i].polls = 0;
	for (i = 0; i < p->count; i++)
		p->members[p->owner[i]].polls++;
	for (i = 0; i < p->member_count; i++) {
		p->members[i].first = at;
		at += p->members[i].polls;
	}
	for (i = 0; i < p->count; i++)
		p->sorted[p->members[p->owner[i]].first++] = p->packed[i];
	for (i = 0; i < p->member_count; i++)
		p->members[i].first -= p->members[i].polls;
}

static void
insert_runs(int64_t *list, size_t n)
{
	size_t run, i, j;

	for (run = 0; run < n; run += RUN) {
		size_t end = n - run < RUN ? n : run + RUN;

		for (i = run + 1; i < end; i++) {
			int64_t one = list[i];

			for (j = i; j > run && list[j - 1] >> 1 > one >> 1; j--)
				list[j] = list[j - 1];
			list[j] = one;
		}
	}
}

/* Sorts by instant, stably: runs by insertion, then merged pairwise. */
static void
sort_polls(int64_t *list, size_t n, int64_t *spare)
{
	size_t width, from, a, b, i;

	insert_runs(list, n);
	for (width = RUN; width < n; width *= 2) {
		for (from = 0; from + width < n; from += 2 * width) {
			size_t mid = from + width;
			size_t end = n - mid < width ? n : mid + width;

			if (list[mid - 1] >> 1 <= list[mid] >> 1)
				continue;
			memcpy(spare, list + from, width * sizeof(*list));
			for (a = 0, b = mid, i = from; a < width; i++)
				list[i] = b < end &&
					list[b] >> 1 < spare[a] >> 1
				    ? list[b++]
				    : spare[a++];
		}
	}
}

enum err
portion_grow(void **list, size_t *cap, size_t n, size_t size)
{
	size_t wanted = *cap < 1024 ? 1024 : *cap;
	void *more;

	if (n <= *cap)
		return ERR_NONE;
	while (wanted < n)
		wanted *= 2;
	more = realloc(*list, wanted * size);
	if (more == NULL)
		return ERR_NO_MEMORY;
	*list = more;
	*cap = wanted;
	return ERR_NONE;
}

/* Sorts a member's polls and notes its blocks. */
static enum err
cut(struct portion *p, const struct member *m, int64_t key)
{
	int64_t *list = p->sorted + m->first;
	size_t i, from = 0;
	enum err err = portion_grow((void **)&p->spare, &p->spare_cap, m->polls,
	    sizeof(*p->spare));

	if (err != ERR_NONE)
		return err;
	sort_polls(list, m->polls, p->spare);
	for (i = 0; i < m->polls; i = from) {
		int64_t day = (list[i] >> 1) / STAMP_DAY_US;
		struct block *block;

		err = portion_grow((void **)&p->blocks, &p->block_cap,
		    p->block_count + 1, sizeof(*p->blocks));
		if (err != ERR_NONE)
			return err;
		while (from < m->polls &&
		    list[from] >> 1 < (day + 1) * STAMP_DAY_US)
			from++;
		block = &p->blocks[p->block_count++];
		block->key = key;
		block->day = (int32_t)day;
		block->polls = list + i;
		block->n = (uint32_t)(from - i);
	}
	return ERR_NONE;
}

enum err
portion_sort(struct portion *p,
    enum err (*key_of)(void *ctx, const char *id, size_t len, int64_t *key),
    void *ctx)
{
	enum err err = ERR_NONE;
	size_t i;

	scatter(p);
	qsort_r(p->members, p->member_count, sizeof(*p->members), by_id,
	    p->arena);
	for (i = 0; i < p->member_count && err == ERR_NONE; i++) {
		const struct member *m = &p->members[i];
		int64_t key = 0;

		err = key_of(ctx, p->arena + m->id, m->len, &key);
		if (err == ERR_NONE)
			err = cut(p, m, key);
	}
	if (err == ERR_NONE && p->block_count > 0)
		qsort(p->blocks, p->block_count, sizeof(*p->blocks), by_day);
	return err;
}

const struct block *
portion_blocks(const struct portion *p, size_t *count)
{
	*count = p->block_count;
	return p->blocks;
}

void
portion_reset(struct portion *p)
{
	p->block_count = 0;
	p->member_count = 0;
	p->arena_used = 0;
	p->count = 0;
	memset(p->slots, 0, p->slot_count * sizeof(*p->slots));
}
