// Standard output and standard error of the process, for captures.
#define _GNU_SOURCE
#include "shim.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

// Not fflush(NULL): it waits for files that other threads are reading.
static void flush_stdio(void) {
	fflush(stdout);
	fflush(stderr);
}

int gopy_copy_descriptor(int fd) {
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	return copy < 0 ? -errno : copy;
}

int gopy_redirect(int out, int err) {
	flush_stdio();
	while (dup2(out, 1) < 0)
		if (errno != EINTR && errno != EBUSY)
			return errno;
	while (dup2(err, 2) < 0)
		if (errno != EINTR && errno != EBUSY)
			return errno;
	return 0;
}
