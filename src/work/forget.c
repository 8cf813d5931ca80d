/* Forgetting a store, for those who have a desk. */
#include "work/forget.h"

#include "sys/log.h"
#include "work/job_desk.h"

enum err
forget_store(struct job_desk *desk, const char *id)
{
	enum err err = desk_open_data(desk);

	if (err == ERR_NONE)
		err = bulk_forget(desk->data, id);
	if (err == ERR_NONE)
		log_info("store %s forgotten", id);
	return err;
}
