// Python objects to words.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

// Deeper than this it is a ring, or nothing that anyone wants copied.
enum { MAX_DEPTH = 500 };

static int grow(struct gopy_out *out, size_t more) {
	size_t cap = out->cap * 2;
	if (cap < out->len + more)
		cap = out->len + more + 64;
	uint64_t *words = realloc(out->heap ? out->words : NULL, cap * sizeof *words);
	if (!words) {
		py.PyErr_SetString(py.PyExc_RuntimeError, "out of memory for a copy");
		return -1;
	}
	if (!out->heap && out->len)
		memcpy(words, out->words, out->len * sizeof *words);
	out->words = words;
	out->cap = cap;
	out->heap = 1;
	return 0;
}

static int reserve(struct gopy_out *out, size_t more) {
	return out->len + more <= out->cap ? 0 : grow(out, more);
}

int gopy_put(struct gopy_out *out, uint64_t word) {
	if (reserve(out, 1))
		return -1;
	out->words[out->len++] = word;
	return 0;
}

static int put2(struct gopy_out *out, uint64_t a, uint64_t b) {
	if (reserve(out, 2))
		return -1;
	out->words[out->len++] = a;
	out->words[out->len++] = b;
	return 0;
}

static uint64_t bits(double d) {
	uint64_t word;
	memcpy(&word, &d, sizeof word);
	return word;
}

int gopy_put_text(struct gopy_out *out, int tag, const char *text, size_t n) {
	size_t words = GOPY_TEXT_WORDS(n);
	if (reserve(out, words + 1))
		return -1;
	out->words[out->len++] = GOPY_HEADER(tag, n);
	out->words[out->len + words - 1] = 0;
	memcpy(out->words + out->len, text, n);
	out->len += words;
	return 0;
}

int gopy_put_handle(struct gopy_out *out, PyObject *o) {
	if (put2(out, GOPY_HEADER(GOPY_OBJECT, 0), (uint64_t)o))
		return -1;
	py.Py_IncRef(o);
	return 0;
}

int gopy_put_str(struct gopy_out *out, PyObject *o) {
	Py_ssize_t n;
	const char *s = py.PyUnicode_AsUTF8AndSize(o, &n);
	if (s)
		return gopy_put_text(out, GOPY_STR, s, n);
	py.PyErr_Clear();
	// Only lone surrogates have no UTF-8.
	PyObject *encoded = py.PyUnicode_AsEncodedString(o, "utf-8", "surrogatepass");
	char *bytes;
	if (!encoded)
		return -1;
	int failed = py.PyBytes_AsStringAndSize(encoded, &bytes, &n) || gopy_put_text(out, GOPY_STR, bytes, n);
	py.Py_DecRef(encoded);
	return failed ? -1 : 0;
}

static int put_bytes(struct gopy_out *out, PyObject *o) {
	char *bytes;
	Py_ssize_t n;
	if (py.PyBytes_AsStringAndSize(o, &bytes, &n))
		return -1;
	return gopy_put_text(out, GOPY_BYTES, bytes, n);
}

static int put_big(struct gopy_out *out, PyObject *o) {
	// Base 16, because it is linear and free of the limit on decimal digits. Without "0x".
	PyObject *text = py.PyNumber_ToBase(o, 16);
	Py_ssize_t n;
	const char *s = text ? py.PyUnicode_AsUTF8AndSize(text, &n) : NULL;
	int failed = !s;
	if (s) {
		char *digits = malloc(n + 1);
		size_t len = 0;
		for (Py_ssize_t i = 0; digits && i < n; i++)
			if (!(s[i] == 'x' || (s[i] == '0' && i + 1 < n && s[i + 1] == 'x')))
				digits[len++] = s[i];
		failed = !digits || gopy_put_text(out, GOPY_BIGINT, digits, len);
		free(digits);
	}
	if (text)
		py.Py_DecRef(text);
	return failed ? -1 : 0;
}

static int put_int(struct gopy_out *out, PyObject *o) {
	int overflow;
	long long v = py.PyLong_AsLongLongAndOverflow(o, &overflow);
	if (overflow)
		return put_big(out, o);
	if (v == -1 && py.PyErr_Occurred())
		return -1;
	return put2(out, GOPY_HEADER(GOPY_INT, 0), (uint64_t)v);
}

static int put_complex(struct gopy_out *out, PyObject *o) {
	double re = py.PyComplex_RealAsDouble(o), im = py.PyComplex_ImagAsDouble(o);
	if (gopy_put(out, GOPY_HEADER(GOPY_COMPLEX, 0)))
		return -1;
	return put2(out, bits(re), bits(im));
}

// Items are held while they are written: what the classifier runs may change the container. That is
// also why the count is written at the end.
static int put_item(struct gopy_out *out, PyObject *item, int depth) {
	py.Py_IncRef(item);
	int failed = gopy_export(out, item, depth + 1);
	py.Py_DecRef(item);
	return failed;
}

// An item as a new reference, or NULL if the list has become shorter.
static PyObject *list_item(PyObject *o, Py_ssize_t i) {
	PyObject *item;
	if (gopy_free_threaded()) {
		item = py.PyList_GetItemRef(o, i);
		if (!item)
			py.PyErr_Clear();
		return item;
	}
	item = py.PyList_GetItem(o, i);
	py.Py_IncRef(item);
	return item;
}

// Writes the items if they are all floats, or all ints of 64 bits: half the words, and quick to read.
// Nothing that is called here runs code that could change the container. 1 if they are something else.
static int put_packed(struct gopy_out *out, PyObject *o, Py_ssize_t n,
		      PyObject *(*item)(PyObject *, Py_ssize_t)) {
	PyObject *type = n ? gopy_type(item(o, 0)) : NULL;
	int overflow = 0, floats = type == py.PyFloat_Type;
	if (!type || out->rules || (!floats && type != py.PyLong_Type))
		return 1;
	if (reserve(out, n + 1))
		return -1;
	uint64_t *words = out->words + out->len;
	*words++ = GOPY_HEADER(floats ? GOPY_PACKED_FLOATS : GOPY_PACKED_INTS, n);
	for (Py_ssize_t i = 0; i < n; i++) {
		PyObject *x = item(o, i);
		if (gopy_type(x) != type)
			return 1;
		words[i] = floats ? bits(py.PyFloat_AsDouble(x)) : (uint64_t)py.PyLong_AsLongLongAndOverflow(x, &overflow);
		if (overflow)
			return 1;
	}
	out->len += n + 1;
	return 0;
}

static int put_list(struct gopy_out *out, PyObject *o, int depth) {
	size_t at = out->len;
	Py_ssize_t n = py.PyList_Size(o);
	if (gopy_put(out, GOPY_HEADER(GOPY_LIST, n)))
		return -1;
	int packed = gopy_free_threaded() ? 1 : put_packed(out, o, n, py.PyList_GetItem);
	if (packed <= 0)
		return packed;
	for (n = 0; n < py.PyList_Size(o); n++) {
		PyObject *item = list_item(o, n);
		if (!item)
			break;
		int failed = gopy_export(out, item, depth + 1);
		py.Py_DecRef(item);
		if (failed)
			return -1;
	}
	out->words[at] = GOPY_HEADER(GOPY_LIST, n);
	return 0;
}

static int put_tuple(struct gopy_out *out, PyObject *o, int depth) {
	Py_ssize_t n = py.PyTuple_Size(o);
	if (gopy_put(out, GOPY_HEADER(GOPY_TUPLE, n)))
		return -1;
	int packed = put_packed(out, o, n, py.PyTuple_GetItem);
	if (packed <= 0)
		return packed;
	for (Py_ssize_t i = 0; i < n; i++)
		if (put_item(out, py.PyTuple_GetItem(o, i), depth))
			return -1;
	return 0;
}

static int put_pairs(struct gopy_out *out, PyObject *o, int depth) {
	size_t at = out->len;
	Py_ssize_t position = 0, n = 0;
	PyObject *key, *value;
	if (gopy_put(out, 0))
		return -1;
	for (; py.PyDict_Next(o, &position, &key, &value); n++) {
		py.Py_IncRef(value);
		int failed = put_item(out, key, depth) || put_item(out, value, depth);
		py.Py_DecRef(value);
		if (failed)
			return -1;
	}
	out->words[at] = GOPY_HEADER(GOPY_DICT, n);
	return 0;
}

static int put_dict(struct gopy_out *out, PyObject *o, int depth) {
	PyCriticalSection lock;
	if (!gopy_free_threaded())
		return put_pairs(out, o, depth);
	py.PyCriticalSection_Begin(&lock, o);
	int failed = put_pairs(out, o, depth);
	py.PyCriticalSection_End(&lock);
	return failed;
}

static int put_set(struct gopy_out *out, PyObject *o, int tag, int depth) {
	size_t at = out->len, n = 0;
	PyObject *item, *items = py.PyObject_GetIter(o);
	int failed = !items || gopy_put(out, 0);
	for (; !failed && (item = py.PyIter_Next(items)); n++) {
		failed = gopy_export(out, item, depth + 1);
		py.Py_DecRef(item);
	}
	if (items)
		py.Py_DecRef(items);
	if (failed || py.PyErr_Occurred())
		return -1;
	out->words[at] = GOPY_HEADER(tag, n);
	return 0;
}

// What a subclass of a built-in type holds, as if it were the built-in. -2 if it is none.
static int put_as_builtin(struct gopy_out *out, PyObject *o, unsigned long flags, int depth) {
	if (flags & Py_TPFLAGS_LONG_SUBCLASS)
		return put_int(out, o);
	if (flags & Py_TPFLAGS_UNICODE_SUBCLASS)
		return gopy_put_str(out, o);
	if (flags & Py_TPFLAGS_LIST_SUBCLASS)
		return put_list(out, o, depth);
	if (flags & Py_TPFLAGS_TUPLE_SUBCLASS)
		return put_tuple(out, o, depth);
	if (flags & Py_TPFLAGS_DICT_SUBCLASS)
		return put_dict(out, o, depth);
	if (flags & Py_TPFLAGS_BYTES_SUBCLASS)
		return put_bytes(out, o);
	return -2;
}

static PyObject *classifier, *classes; // classes: type -> None or (code, function)

void gopy_set_classifier(uint64_t callable) {
	gopy_enter(1);
	classifier = (PyObject *)callable;
	py.Py_IncRef(classifier);
	classes = py.PyDict_New();
	gopy_unhold();
}

// What the classifier says of a type, borrowed, or NULL with an exception set.
static PyObject *classify(PyObject *type) {
	PyObject *class = py.PyDict_GetItemWithError(classes, type);
	if (class || py.PyErr_Occurred())
		return class;
	class = py.PyObject_VectorcallDict(classifier, &type, 1, NULL);
	if (!class)
		return NULL;
	int failed = py.PyDict_SetItem(classes, type, class);
	py.Py_DecRef(class); // the dict holds it
	return failed ? NULL : class;
}

static int put_stand_in(struct gopy_out *out, PyObject *function, PyObject *o, int depth) {
	if (function == py._Py_NoneStruct)
		return put_as_builtin(out, o, py.PyType_GetFlags(gopy_type(o)), depth);
	PyObject *v = py.PyObject_VectorcallDict(function, &o, 1, NULL);
	uint64_t id;
	if (!v)
		return -1;
	int failed, deeper = out->depth > 0; // what stands for an object is no deeper than it
	out->depth += deeper;
	// A ref that stands for an object belongs to it, and lives as long.
	failed = gopy_go_id(v, &id) ? put2(out, GOPY_REF, id) : gopy_export(out, v, depth + 1);
	out->depth -= deeper;
	py.Py_DecRef(v);
	return failed;
}

static int put_other(struct gopy_out *out, PyObject *o, int depth) {
	uint64_t id;
	if (gopy_go_id(o, &id)) {
		if (put2(out, GOPY_HEADER(GOPY_EXT, GOPY_EXT_GO), (uint64_t)o))
			return -1;
		py.Py_IncRef(o);
		return put2(out, GOPY_REF, id);
	}
	PyObject *class = classifier ? classify(gopy_type(o)) : py._Py_NoneStruct;
	if (!class)
		return -1;
	if (class == py._Py_NoneStruct)
		return gopy_put_handle(out, o);
	long code = py.PyLong_AsLong(py.PyTuple_GetItem(class, 0));
	if (put2(out, GOPY_HEADER(GOPY_EXT, code), (uint64_t)o))
		return -1;
	py.Py_IncRef(o);
	return put_stand_in(out, py.PyTuple_GetItem(class, 1), o, depth);
}

// Objects that the caller has a rule for are written as they are. Returns 1 for others.
static int put_ruled(struct gopy_out *out, PyObject *o, PyObject *type) {
	PyObject *number = py.PyObject_GetItem(out->rules, type);
	if (!number)
		return -1;
	int other = number == py._Py_NoneStruct;
	long n = other ? 0 : py.PyLong_AsLong(number);
	py.Py_DecRef(number);
	if (other)
		return 1;
	if (put2(out, GOPY_HEADER(GOPY_EXT, GOPY_EXT_RULE + n), (uint64_t)o))
		return -1;
	py.Py_IncRef(o);
	return gopy_put(out, GOPY_NONE);
}

int gopy_export(struct gopy_out *out, PyObject *o, int depth) {
	PyObject *type = gopy_type(o);
	if (out->rules) {
		int other = put_ruled(out, o, type);
		if (other <= 0)
			return other;
	}
	if (depth > MAX_DEPTH) {
		py.PyErr_SetString(py.PyExc_RecursionError, "the value is nested too deeply, or contains itself");
		return -1;
	}
	if (type == py.PyLong_Type)
		return put_int(out, o);
	if (type == py.PyFloat_Type)
		return put2(out, GOPY_HEADER(GOPY_FLOAT, 0), bits(py.PyFloat_AsDouble(o)));
	if (type == py.PyUnicode_Type)
		return gopy_put_str(out, o);
	if (o == py._Py_NoneStruct)
		return gopy_put(out, GOPY_NONE);
	if (type == py.PyBool_Type)
		return gopy_put(out, o == py._Py_TrueStruct ? GOPY_TRUE : GOPY_FALSE);
	if (type == py.PyBytes_Type)
		return put_bytes(out, o);
	if (type == py.PyComplex_Type)
		return put_complex(out, o);
	if (out->depth && depth >= out->depth)
		return gopy_put_handle(out, o);
	if (type == py.PyList_Type)
		return put_list(out, o, depth);
	if (type == py.PyTuple_Type)
		return put_tuple(out, o, depth);
	if (type == py.PyDict_Type)
		return put_dict(out, o, depth);
	if (type == py.PySet_Type)
		return put_set(out, o, GOPY_SET, depth);
	if (type == py.PyFrozenSet_Type)
		return put_set(out, o, GOPY_FROZENSET, depth);
	return put_other(out, o, depth);
}

// Words need no structure to be scanned: a container is a header with its items after it.
static void drop(const uint64_t *p, const uint64_t *end) {
	while (p < end) {
		uint64_t header = *p++;
		switch (GOPY_TAG(header)) {
		case GOPY_INT:
		case GOPY_UINT:
		case GOPY_FLOAT:
		case GOPY_REF:
			p++;
			break;
		case GOPY_COMPLEX:
			p += 2;
			break;
		case GOPY_STR:
		case GOPY_BYTES:
		case GOPY_BIGINT:
			p += GOPY_TEXT_WORDS(GOPY_COUNT(header));
			break;
		case GOPY_PACKED_INTS:
		case GOPY_PACKED_FLOATS:
			p += GOPY_COUNT(header);
			break;
		case GOPY_OBJECT:
		case GOPY_EXT:
			py.Py_DecRef((PyObject *)*p++);
			break;
		}
	}
}

void gopy_discard(struct gopy_out *out) {
	PyObject *type, *value, *traceback;
	py.PyErr_Fetch(&type, &value, &traceback); // dropping may run code, which needs the indicator
	drop(out->words, out->words + out->len);
	py.PyErr_Restore(type, value, traceback);
	if (out->heap)
		free(out->words);
	*out = (struct gopy_out){0};
}
