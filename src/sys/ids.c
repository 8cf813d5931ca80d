/*
 * Ids by libuuid.  GLib's g_uuid_string_random() keeps its generator's state
 * in the process and repeated itself across a fork; this one does not.
 */
#include "sys/ids.h"

#include <uuid/uuid.h>

_Static_assert(sizeof(uuid_t) == 16, "a UUID has 16 bytes");
_Static_assert(JOB_ID_LEN + 1 == UUID_STR_LEN, "an id is a UUID's text");

void
ids_make(char id[JOB_ID_LEN + 1])
{
	uuid_t uuid;

	uuid_generate_random(uuid);
	uuid_unparse_lower(uuid, id);
}
