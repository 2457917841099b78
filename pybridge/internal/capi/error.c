// The exception that is set, as a result.
#include "internal.h"

#include <string.h>

static PyObject *carrier; // base class of exceptions that carry a Go value

void gopy_set_carrier(uint64_t type) {
	gopy_enter(1);
	carrier = (PyObject *)type;
	py.Py_IncRef(carrier);
	gopy_unhold();
}

PyObject *gopy_fetch(void) {
	if (py.PyErr_GetRaisedException)
		return py.PyErr_GetRaisedException();
	PyObject *type, *value, *traceback;
	py.PyErr_Fetch(&type, &value, &traceback);
	if (!type)
		return NULL;
	py.PyErr_NormalizeException(&type, &value, &traceback);
	if (traceback) {
		py.PyException_SetTraceback(value, traceback);
		py.Py_DecRef(traceback);
	}
	py.Py_DecRef(type);
	return value;
}

void gopy_raise(PyObject *exception) { py.PyErr_SetObject(gopy_type(exception), exception); }

// The classes that come most often, of those that are built in.
static struct {
	PyObject *type;
	size_t len;
	char name[40];
} known[16];
static size_t known_count;

static void know(PyObject *type, const char *name) {
	size_t len = strlen(name);
	if (gopy_free_threaded() || known_count == sizeof known / sizeof *known || len >= sizeof known->name)
		return;
	py.Py_IncRef(type); // a class that only says that it is built in could go
	known[known_count].type = type;
	known[known_count].len = len;
	memcpy(known[known_count++].name, name, len + 1);
}

// "ValueError", or "json.decoder.JSONDecodeError" for a type that is not built in.
static int put_type_name(struct gopy_out *out, PyObject *type) {
	char name[512] = "";
	for (size_t i = 0; i < known_count; i++)
		if (known[i].type == type)
			return gopy_put_text(out, GOPY_STR, known[i].name, known[i].len);
	PyObject *module = py.PyObject_GetAttrString(type, "__module__");
	PyObject *qualified = py.PyObject_GetAttrString(type, "__qualname__");
	const char *m = NULL, *q = NULL;
	if (module && gopy_type(module) == py.PyUnicode_Type)
		m = py.PyUnicode_AsUTF8AndSize(module, NULL);
	if (qualified && gopy_type(qualified) == py.PyUnicode_Type)
		q = py.PyUnicode_AsUTF8AndSize(qualified, NULL);
	py.PyErr_Clear();
	if (m && q && strcmp(m, "builtins") == 0)
		know(type, q);
	if (m && strcmp(m, "builtins") != 0 && strcmp(m, "__main__") != 0 && strlen(m) < 200) {
		strcat(name, m);
		strcat(name, ".");
	}
	strncat(name, q ? q : "exception", sizeof name - strlen(name) - 1);
	if (module)
		py.Py_DecRef(module);
	if (qualified)
		py.Py_DecRef(qualified);
	return gopy_put_text(out, GOPY_STR, name, strlen(name));
}

static int put_message(struct gopy_out *out, PyObject *e) {
	static const char failed[] = "(its str() failed)";
	PyObject *text = py.PyObject_Str(e);
	int bad = !text || gopy_put_str(out, text);
	if (text)
		py.Py_DecRef(text);
	if (!bad)
		return 0;
	py.PyErr_Clear();
	return gopy_put_text(out, GOPY_STR, failed, sizeof failed - 1);
}

// The id of the Go value that an exception carries, 0 if it carries none.
static uint64_t carried(PyObject *e) {
	uint64_t id = 0;
	if (!carrier || !py.PyType_IsSubtype(gopy_type(e), carrier))
		return 0;
	PyObject *ref = py.PyObject_GetAttrString(e, "_ref");
	if (ref) {
		gopy_ref_id(ref, &id);
		py.Py_DecRef(ref);
	}
	py.PyErr_Clear();
	return id;
}

void gopy_take_error(struct gopy_result *r) {
	PyObject *e = gopy_fetch();
	if (!e) {
		py.PyErr_SetString(py.PyExc_SystemError, "pybridge: a call failed without an exception");
		e = gopy_fetch();
	}
	gopy_explain(r, e);
}

void gopy_explain(struct gopy_result *r, PyObject *e) {
	struct gopy_out out = {0};
	r->kind = GOPY_ERROR;
	r->a = (uint64_t)e;
	r->b = carried(e);
	if (put_type_name(&out, gopy_type(e)) || put_message(&out, e))
		py.PyErr_Clear();
	r->stream = (uint64_t)out.words;
	r->words = out.len;
}
