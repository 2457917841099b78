#include "native.h"

#include <dlfcn.h>
#include <string.h>

static void *checked(void *found, char **message) {
	const char *said = found ? NULL : dlerror();
	if (!found)
		*message = strdup(said ? said : "it is nowhere");
	return found;
}

// RTLD_LOCAL, because two cells may have functions of one name. It is never closed: Go code has its
// addresses.
void *gopy_native_open(const char *path, char **message) {
	return checked(dlopen(path, RTLD_NOW | RTLD_LOCAL), message);
}

void *gopy_native_symbol(void *library, const char *name, char **message) {
	return checked(dlsym(library, name), message);
}
