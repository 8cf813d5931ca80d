/*
 * Gives a fuzz target the files that were kept for it, without libFuzzer:
 *
 *	fuzz_NAME [FILE]...
 *
 * Without files, from the top of the project: all of tests/fuzz/corpus/NAME/,
 * one TAP line each.  An input that breaks something ends the program; which
 * one it was stands before that on standard error.
 */
#include "fuzz.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#define CORPUS "tests/fuzz/corpus/"
#define PREFIX "fuzz_"

/* The whole file, for the caller to free(). */
static uint8_t *
read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rbe");
	struct stat st;
	uint8_t *data;

	if (file == NULL || fstat(fileno(file), &st) != 0)
		fail_msg("%s: %s", path, strerror(errno));
	*size = (size_t)st.st_size;
	data = malloc(*size + 1);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, *size, file), *size);
	(void)fclose(file);
	return data;
}

static void
replay(int number, const char *path)
{
	size_t size;
	uint8_t *data = read_file(path, &size), *exact;

	(void)fprintf(stderr, "replaying %s\n", path);
	/* Memory that ends where the input does shows a read beyond it. */
	exact = (uint8_t *)fuzz_copy(data, size, false);
	(void)LLVMFuzzerTestOneInput(exact, size);
	(void)printf("ok %d - %s\n", number, path);
	free(exact);
	free(data);
}

static int
is_no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Replays the target's folder; returns how many files there were. */
static int
replay_corpus(const char *program)
{
	const char *name = strrchr(program, '/');
	char folder[256], path[512];
	struct dirent **list;
	int n, i;

	name = name == NULL ? program : name + 1;
	if (strncmp(name, PREFIX, strlen(PREFIX)) == 0)
		name += strlen(PREFIX);
	(void)snprintf(folder, sizeof(folder), CORPUS "%s", name);
	n = scandir(folder, &list, is_no_dot, alphasort);
	if (n < 0)
		fail_msg("%s: %s", folder, strerror(errno));
	for (i = 0; i < n; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", folder,
		    list[i]->d_name);
		replay(i + 1, path);
		free(list[i]);
	}
	free(list);
	return n;
}

int
main(int argc, char **argv)
{
	int i, n = argc - 1;

	for (i = 1; i < argc; i++)
		replay(i, argv[i]);
	if (argc == 1)
		n = replay_corpus(argv[0]);
	(void)printf("1..%d\n", n);
	return n > 0 ? 0 : 1;
}
