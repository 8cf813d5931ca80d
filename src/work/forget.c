/* Forgetting a store, for those who have no database open. */
#include "work/forget.h"

#include "store/store.h"

enum err
forget_store(const char *state, const char *id)
{
	struct data *data = NULL;
	enum err err = data_open(&data, state);

	if (err == ERR_NONE)
		err = bulk_forget(data, id);
	data_close(data);
	return err;
}
