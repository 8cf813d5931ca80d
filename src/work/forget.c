/* Forgetting a store, for those who have a desk. */
#include "work/forget.h"

#include "work/job_desk.h"

enum err
forget_store(struct job_desk *desk, const char *id)
{
	enum err err = desk_open_data(desk);

	return err == ERR_NONE ? bulk_forget(desk->data, id) : err;
}
