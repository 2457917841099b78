// The module _gopy_kernel: what the Python side of the bridge needs from C.
#include "internal.h"

static PyMethodDef functions[] = {
	{"write", (void *)gopy_stream_write, METH_O, "Writes text to the file descriptor it is bound to."},
	{"flush", (void *)gopy_stream_flush, METH_NOARGS, "Writes what a write has kept back."},
	{"starter", (void *)gopy_stream_starter, METH_NOARGS, "For whom a thread prints that is started now."},
	{"print_for", (void *)gopy_stream_print_for, METH_O, "Says for whom this thread prints."},
	{"signal_changed", (void *)gopy_signal_changed, METH_O,
	 "To be called after Python has set the handler of a signal: makes it safe in a Go process."},
	{"arrow_stream", (void *)gopy_arrow_stream, METH_O, "A capsule with a stream of Arrow over the memory of a table."},
	{"arrow_empty", (void *)gopy_arrow_empty, METH_NOARGS, "A capsule with room for a stream of Arrow."},
	{"arrow_address", (void *)gopy_arrow_address, METH_O, "Where the stream of a capsule stands."},
};

static int add(PyObject *module, PyMethodDef *def, const char *name, PyObject *self) {
	PyObject *f = py.PyCFunction_NewEx(def, self, NULL);
	int failed = !f || py.PyObject_SetAttrString(module, name, f);
	if (f)
		py.Py_DecRef(f);
	return failed ? -1 : 0;
}

static int add_stream(PyObject *module, const char *write, const char *flush, int fd) {
	PyObject *self = py.PyLong_FromLongLong(fd);
	int failed = !self || add(module, &functions[0], write, self) || add(module, &functions[1], flush, self);
	if (self)
		py.Py_DecRef(self);
	return failed ? -1 : 0;
}

int gopy_native_setup(void) {
	PyObject *module = py.PyImport_AddModule("_gopy_kernel"); // borrowed: sys.modules holds it
	if (!module || gopy_stream_setup())
		return -1;
	if (add_stream(module, "write_stdout", "flush_stdout", 1) ||
	    add_stream(module, "write_stderr", "flush_stderr", 2))
		return -1;
	for (size_t i = 2; i < sizeof functions / sizeof *functions; i++)
		if (add(module, &functions[i], functions[i].ml_name, NULL))
			return -1;
	return 0;
}
