#ifndef GOPY_NATIVE_H
#define GOPY_NATIVE_H

// Both return NULL and set *message, which has to be freed, if they fail.
void *gopy_native_open(const char *path, char **message);
void *gopy_native_symbol(void *library, const char *name, char **message);

#endif
