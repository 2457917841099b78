#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct gopy_python py;

static void *find(void *library, const char *name, char *missing, size_t size) {
	void *symbol = dlsym(library, name);
	if (!symbol && missing) {
		size_t used = strlen(missing);
		snprintf(missing + used, size - used, "%s%s", used ? ", " : "", name);
	}
	return symbol;
}

// RTLD_GLOBAL, because extension modules do not name libpython as a library they need
// (python/cpython#12946): they find its symbols in the global scope or not at all. Not
// RTLD_DEEPBIND, which breaks interposed allocators. The library is never closed.
char *gopy_load(const char *path) {
	char missing[2048] = "";
	char *message = NULL;
	void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (!library)
		return strdup(dlerror());

#define X(result, name, params) py.name = find(library, #name, missing, sizeof missing);
	GOPY_REQUIRED(X)
#undef X
#define X(result, name, params) py.name = find(library, #name, NULL, 0);
	GOPY_OPTIONAL(X)
#undef X
#define X(name) py.name = find(library, #name, missing, sizeof missing);
	GOPY_OBJECTS(X)
#undef X
	PyObject **variable;
#define X(name) py.name = (variable = find(library, #name, missing, sizeof missing)) ? *variable : NULL;
	GOPY_EXCEPTIONS(X)
#undef X
	if (missing[0] && asprintf(&message, "%s lacks %s", path, missing) < 0)
		return strdup("out of memory");
	return message;
}

const char *gopy_version(void) { return py.Py_GetVersion(); }

void gopy_free(uint64_t address) { free((void *)address); }

char *gopy_preload(const char *path) { return dlopen(path, RTLD_NOW | RTLD_GLOBAL) ? NULL : strdup(dlerror()); }
