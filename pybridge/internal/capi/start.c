#define _GNU_SOURCE
#include "internal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int gopy_on_main_thread(void) { return syscall(SYS_gettid) == getpid(); }

static char *status_message(const char *what, PyStatus s) {
	char *text = NULL;
	if (asprintf(&text, "%s: %s%s%s", what, s.func ? s.func : "", s.func ? ": " : "",
		     s.message ? s.message : "no reason given") < 0)
		return strdup(what);
	return text;
}

// PyConfig grows with every version; as an opaque block that is larger than any of them it can be
// used without knowing its fields, because a command line says all that we want to set.
// PyInitConfig_*, the official way without the layout, exists from 3.14 on only.
static char *initialize(int argc, char *const *argv) {
	char *message = NULL;
	void *config = calloc(1, 64 * 1024);
	if (!config)
		return strdup("out of memory");
	py.PyConfig_InitPythonConfig(config);
	PyStatus s = py.PyConfig_SetBytesArgv(config, argc, argv);
	if (s.type)
		message = status_message("configuring Python", s);
	if (!message) {
		s = py.Py_InitializeFromConfig(config);
		if (s.type)
			message = status_message("starting Python", s);
	}
	py.PyConfig_Clear(config);
	free(config);
	return message;
}

// The text of the exception that is set.
static char *error_message(const char *what) {
	PyObject *e = gopy_fetch();
	PyObject *text = e ? py.PyObject_Str(e) : NULL;
	const char *s = text ? py.PyUnicode_AsUTF8AndSize(text, NULL) : NULL;
	char *message = NULL;
	if (asprintf(&message, "%s: %s", what, s ? s : "unknown error") < 0)
		message = strdup(what);
	py.PyErr_Clear();
	if (text)
		py.Py_DecRef(text);
	if (e)
		py.Py_DecRef(e);
	return message;
}

char *gopy_start(int argc, char *const *argv) {
	char *message = NULL;
	if (gopy_thread_setup(&message))
		return message;
	message = initialize(argc, argv);
	if (message)
		return message;
	if (gopy_types_setup())
		message = error_message("making the types of the bridge");
	else if (gopy_native_setup())
		message = error_message("making the module of the bridge");
	else if (gopy_signal_setup())
		message = error_message("setting up interrupts");
	gopy_adopt_main_thread();
	return message;
}
