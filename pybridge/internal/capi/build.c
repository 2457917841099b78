// Words to Python objects.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static PyObject *increfed(PyObject *o) {
	py.Py_IncRef(o);
	return o;
}

static double as_double(uint64_t word) {
	double d;
	memcpy(&d, &word, sizeof d);
	return d;
}

// A Go string that holds what a lone surrogate becomes in UTF-8 goes back to that surrogate; other
// bytes that are not UTF-8 are an error, because guessing would change the text.
static PyObject *text(const char *s, size_t n) {
	PyObject *o = py.PyUnicode_FromStringAndSize(s, n);
	if (o)
		return o;
	PyObject *type, *value, *traceback;
	py.PyErr_Fetch(&type, &value, &traceback);
	o = py.PyUnicode_DecodeUTF8(s, n, "surrogatepass");
	if (!o) {
		py.PyErr_Clear();
		py.PyErr_Restore(type, value, traceback);
		return NULL;
	}
	py.Py_DecRef(type);
	if (value)
		py.Py_DecRef(value);
	if (traceback)
		py.Py_DecRef(traceback);
	return o;
}

static PyObject *list(struct gopy_in *in, size_t n) {
	PyObject *l = py.PyList_New(n);
	for (size_t i = 0; l && i < n; i++) {
		PyObject *item = gopy_build(in);
		if (!item) {
			py.Py_DecRef(l);
			return NULL;
		}
		py.PyList_SetItem(l, i, item);
	}
	return l;
}

static PyObject *tuple(struct gopy_in *in, size_t n) {
	PyObject *t = py.PyTuple_New(n);
	for (size_t i = 0; t && i < n; i++) {
		PyObject *item = gopy_build(in);
		if (!item) {
			py.Py_DecRef(t);
			return NULL;
		}
		py.PyTuple_SetItem(t, i, item);
	}
	return t;
}

static int dict_item(struct gopy_in *in, PyObject *d) {
	PyObject *key = gopy_build(in);
	PyObject *value = key ? gopy_build(in) : NULL;
	int failed = !value || py.PyDict_SetItem(d, key, value);
	if (key)
		py.Py_DecRef(key);
	if (value)
		py.Py_DecRef(value);
	return failed;
}

static PyObject *dict(struct gopy_in *in, size_t n) {
	PyObject *d = py.PyDict_New();
	for (size_t i = 0; d && i < n; i++) {
		if (dict_item(in, d)) {
			py.Py_DecRef(d);
			return NULL;
		}
	}
	return d;
}

static PyObject *set(struct gopy_in *in, size_t n, int frozen) {
	PyObject *s = frozen ? py.PyFrozenSet_New(NULL) : py.PySet_New(NULL);
	for (size_t i = 0; s && i < n; i++) {
		PyObject *item = gopy_build(in);
		int failed = !item || py.PySet_Add(s, item);
		if (item)
			py.Py_DecRef(item);
		if (failed) {
			py.Py_DecRef(s);
			return NULL;
		}
	}
	return s;
}

static PyObject *built_by_call(struct gopy_in *in, size_t n) {
	PyObject *result = NULL;
	PyObject *args[8];
	size_t done = 0;
	PyObject *callable = gopy_build(in);
	if (!callable)
		return NULL;
	while (done < n && (args[done] = gopy_build(in)))
		done++;
	if (done == n)
		result = py.PyObject_VectorcallDict(callable, args, n, NULL);
	while (done > 0)
		py.Py_DecRef(args[--done]);
	py.Py_DecRef(callable);
	return result;
}

static PyObject *raised(struct gopy_in *in) {
	PyObject *e = gopy_build(in);
	if (e) {
		gopy_raise(e);
		py.Py_DecRef(e);
	}
	return NULL;
}

static const char *inline_bytes(struct gopy_in *in, size_t n) {
	const char *s = (const char *)in->next;
	in->next += GOPY_TEXT_WORDS(n);
	return s;
}

PyObject *gopy_build(struct gopy_in *in) {
	uint64_t header = *in->next++;
	size_t n = GOPY_COUNT(header);
	switch (GOPY_TAG(header)) {
	case GOPY_OBJECT:
		return increfed((PyObject *)*in->next++);
	case GOPY_INT:
		return py.PyLong_FromLongLong((int64_t)*in->next++);
	case GOPY_FLOAT:
		return py.PyFloat_FromDouble(as_double(*in->next++));
	case GOPY_STR:
		return text(inline_bytes(in, n), n);
	case GOPY_STRREF:
		return text((const char *)*in->next++, n);
	case GOPY_NONE:
		return increfed(py._Py_NoneStruct);
	case GOPY_FALSE:
		return increfed(py._Py_FalseStruct);
	case GOPY_TRUE:
		return increfed(py._Py_TrueStruct);
	case GOPY_UINT:
		return py.PyLong_FromUnsignedLongLong(*in->next++);
	case GOPY_COMPLEX:
		in->next += 2;
		return py.PyComplex_FromDoubles(as_double(in->next[-2]), as_double(in->next[-1]));
	case GOPY_BYTES:
		return py.PyBytes_FromStringAndSize(inline_bytes(in, n), n);
	case GOPY_BYTESREF:
		return py.PyBytes_FromStringAndSize((const char *)*in->next++, n);
	case GOPY_BIGINT:
		return py.PyLong_FromString(inline_bytes(in, n), NULL, 16);
	case GOPY_LIST:
		return list(in, n);
	case GOPY_TUPLE:
		return tuple(in, n);
	case GOPY_DICT:
		return dict(in, n);
	case GOPY_SET:
		return set(in, n, 0);
	case GOPY_FROZENSET:
		return set(in, n, 1);
	case GOPY_ARRAY:
		return gopy_array_new(in, header);
	case GOPY_FUNC:
		return gopy_func_new(in, header);
	case GOPY_REF:
		return gopy_ref_new(*in->next++);
	case GOPY_BUILD:
		return built_by_call(in, n);
	case GOPY_RAISE:
		return raised(in);
	}
	py.PyErr_SetString(py.PyExc_SystemError, "pybridge: unknown word in a value");
	return NULL;
}

// What was not built, because something before it failed or it is no value, must still be forgotten by Go.
void gopy_abandon(const uint64_t *p, const uint64_t *end) {
	while (p < end) {
		uint64_t header = *p++;
		size_t n = GOPY_COUNT(header);
		switch (GOPY_TAG(header)) {
		case GOPY_INT:
		case GOPY_UINT:
		case GOPY_FLOAT:
		case GOPY_OBJECT:
		case GOPY_STRREF:
		case GOPY_BYTESREF:
			p++;
			break;
		case GOPY_COMPLEX:
			p += 2;
			break;
		case GOPY_STR:
		case GOPY_BYTES:
		case GOPY_BIGINT:
			p += GOPY_TEXT_WORDS(n);
			break;
		case GOPY_ARRAY: // its format follows as a text
			gopy_forget(*p);
			p += 5 + 2 * n;
			break;
		case GOPY_FUNC: // its name and doc follow
			gopy_forget(*p);
			p += 3;
			break;
		case GOPY_REF:
			gopy_forget(*p++);
			break;
		}
	}
}
