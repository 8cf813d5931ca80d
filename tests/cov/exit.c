/*
 * Linked into programs of the variant cov only, in the place of _exit() (the
 * linker's --wrap): a child that ends by it would take what it has counted
 * with it.
 */
#include <gcov.h>
#include <stdlib.h>

void __real__exit(int status) __attribute__((noreturn));
void __wrap__exit(int status) __attribute__((noreturn));

void
__wrap__exit(int status)
{
	__gcov_dump();
	__real__exit(status);
}
