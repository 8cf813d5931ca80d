/*
 * Giving up what a process does not need, before it reads what comes from
 * outside: should a file find a flaw in the code that reads it, then this is
 * all that the flaw can reach.
 */
#ifndef SYS_CONFINE_H
#define SYS_CONFINE_H

/*
 * From here on, for good, and for every child as well, the process
 *
 *	- opens files only beneath the folder `state` (and its folders that
 *	  are symbolic links to elsewhere), and, for reading alone, what its
 *	  libraries need: the time zone database, the loader's files, a few
 *	  devices;
 *	- runs no program, opens no socket, gains no right by what it runs, and
 *	  cannot change mounts, clocks, namespaces or the kernel.
 *
 * What is open already stays open, and may be read and written.  Temporary
 * files of libraries go to STATE/tmp.  What the kernel does not offer is
 * logged and left out: confining itself never fails.
 */
void confine_process(const char *state);

#endif
