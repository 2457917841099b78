// Runs what Go sends: a value, and steps that each turn it into the next one.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

// Arguments of one call. The first slot is free for CPython, which spares it a copy when it
// prepends self (PY_VECTORCALL_ARGUMENTS_OFFSET).
enum { FEW = 10 };

struct args {
	PyObject **slots; // slots[1:] are the arguments, positional first
	PyObject *few[FEW + 1];
	size_t positional, built;
	PyObject *names; // of the keywords, or NULL
};

static void drop_args(struct args *a) {
	for (size_t i = 0; i < a->built; i++)
		py.Py_DecRef(a->slots[1 + i]);
	if (a->names)
		py.Py_DecRef(a->names);
	if (a->slots != a->few)
		free(a->slots);
}

static int build_keywords(struct gopy_in *in, struct args *a, size_t keywords) {
	a->names = py.PyTuple_New(keywords);
	for (size_t i = 0; a->names && i < keywords; i++) {
		PyObject *name = gopy_build(in);
		if (!name)
			return -1;
		py.PyTuple_SetItem(a->names, i, name);
		if (!(a->slots[1 + a->built] = gopy_build(in)))
			return -1;
		a->built++;
	}
	return a->names ? 0 : -1;
}

// self, when there is one, becomes the first argument.
static int build_args(struct gopy_in *in, struct args *a, PyObject *self, size_t positional, size_t keywords) {
	a->built = 0;
	a->names = NULL;
	a->slots = a->few;
	a->positional = positional + (self ? 1 : 0);
	if (a->positional + keywords > FEW) {
		a->slots = malloc((1 + a->positional + keywords) * sizeof *a->slots);
		if (!a->slots) {
			a->slots = a->few;
			py.PyErr_SetString(py.PyExc_RuntimeError, "out of memory for arguments");
			return -1;
		}
	}
	if (self) {
		py.Py_IncRef(self);
		a->slots[1 + a->built++] = self;
	}
	while (a->built < a->positional) {
		if (!(a->slots[1 + a->built] = gopy_build(in)))
			return -1;
		a->built++;
	}
	return keywords ? build_keywords(in, a, keywords) : 0;
}

// CPython before 3.11 exports no vectorcall with a tuple of names.
static PyObject *vectorcall_by_dict(PyObject *callable, struct args *a, size_t flagged) {
	PyObject *result = NULL, *keywords = NULL;
	if (a->names) {
		keywords = py.PyDict_New();
		Py_ssize_t n = py.PyTuple_Size(a->names);
		for (Py_ssize_t i = 0; keywords && i < n; i++)
			if (py.PyDict_SetItem(keywords, py.PyTuple_GetItem(a->names, i),
					      a->slots[1 + a->positional + i])) {
				py.Py_DecRef(keywords);
				return NULL;
			}
		if (!keywords)
			return NULL;
	}
	result = py.PyObject_VectorcallDict(callable, a->slots + 1, flagged, keywords);
	if (keywords)
		py.Py_DecRef(keywords);
	return result;
}

static PyObject *call(struct gopy_in *in, PyObject *callable, size_t positional, size_t keywords) {
	struct args a;
	PyObject *result = NULL;
	if (!build_args(in, &a, NULL, positional, keywords)) {
		size_t flagged = a.positional | PY_VECTORCALL_ARGUMENTS_OFFSET;
		if (py.PyObject_Vectorcall)
			result = py.PyObject_Vectorcall(callable, a.slots + 1, flagged, a.names);
		else
			result = vectorcall_by_dict(callable, &a, flagged);
	}
	drop_args(&a);
	return result;
}

static PyObject *method(struct gopy_in *in, PyObject *self, size_t positional, size_t keywords) {
	struct args a;
	PyObject *result = NULL, *name = gopy_build(in);
	if (!name)
		return NULL;
	if (!build_args(in, &a, self, positional, keywords))
		result = py.PyObject_VectorcallMethod(name, a.slots + 1,
						      a.positional | PY_VECTORCALL_ARGUMENTS_OFFSET, a.names);
	drop_args(&a);
	py.Py_DecRef(name);
	return result;
}

static PyObject *none_unless(int failed) {
	if (failed)
		return NULL;
	py.Py_IncRef(py._Py_NoneStruct);
	return py._Py_NoneStruct;
}

static PyObject *truth(int result) { return result < 0 ? NULL : py.PyBool_FromLong(result); }

static PyObject *number(Py_ssize_t n) {
	return n == -1 && py.PyErr_Occurred() ? NULL : py.PyLong_FromLongLong(n);
}

static PyObject *interned(PyObject *text) {
	py.Py_IncRef(text);
	py.PyUnicode_InternInPlace(&text);
	return text;
}

static PyObject *with_two(int step, PyObject *o, PyObject *key, PyObject *value) {
	if (step == GOPY_SETATTR)
		return none_unless(py.PyObject_SetAttr(o, key, value));
	return none_unless(py.PyObject_SetItem(o, key, value));
}

static PyObject *with_one(int step, size_t n, PyObject *o, PyObject *arg) {
	switch (step) {
	case GOPY_GETATTR:
		return py.PyObject_GetAttr(o, arg);
	case GOPY_DELATTR:
		return none_unless(py.PyObject_SetAttr(o, arg, NULL));
	case GOPY_GETITEM:
		return py.PyObject_GetItem(o, arg);
	case GOPY_DELITEM:
		return none_unless(py.PyObject_DelItem(o, arg));
	case GOPY_CONTAINS:
		return truth(py.PySequence_Contains(o, arg));
	case GOPY_COMPARE:
		return py.PyObject_RichCompare(o, arg, (int)n);
	case GOPY_IS:
		return truth(o == arg);
	}
	return NULL;
}

static PyObject *with_none(int step, PyObject *o) {
	switch (step) {
	case GOPY_LEN:
		return number(py.PyObject_Size(o));
	case GOPY_ITER:
		return py.PyObject_GetIter(o);
	case GOPY_NEXT:
		return py.PyIter_Next(o);
	case GOPY_STRING:
		return py.PyObject_Str(o);
	case GOPY_REPR:
		return py.PyObject_Repr(o);
	case GOPY_TRUTH:
		return truth(py.PyObject_IsTrue(o));
	case GOPY_HASH:
		return number(py.PyObject_Hash(o));
	case GOPY_TYPE:
		return py.PyObject_Type(o);
	case GOPY_IMPORT:
		return py.PyImport_Import(o);
	case GOPY_INTERN:
		return interned(o);
	}
	py.PyErr_SetString(py.PyExc_SystemError, "pybridge: unknown step");
	return NULL;
}

static PyObject *one(struct gopy_in *in, int step, size_t n, PyObject *o) {
	PyObject *result = NULL, *a = gopy_build(in), *b = NULL;
	if (!a)
		return NULL;
	if (step == GOPY_SETATTR || step == GOPY_SETITEM) {
		if ((b = gopy_build(in)))
			result = with_two(step, o, a, b);
	} else {
		result = with_one(step, n, o, a);
	}
	py.Py_DecRef(a);
	if (b)
		py.Py_DecRef(b);
	return result;
}

static PyObject *next(struct gopy_in *in, uint64_t word, PyObject *o) {
	int step = word & 0xff;
	size_t n = word >> 8 & 0xffffff, keywords = word >> 32;
	switch (step) {
	case GOPY_CALL:
		return call(in, o, n, keywords);
	case GOPY_METHOD:
		return method(in, o, n, keywords);
	case GOPY_GETATTR:
	case GOPY_SETATTR:
	case GOPY_DELATTR:
	case GOPY_GETITEM:
	case GOPY_SETITEM:
	case GOPY_DELITEM:
	case GOPY_CONTAINS:
	case GOPY_COMPARE:
	case GOPY_IS:
		return one(in, step, n, o);
	}
	return with_none(step, o);
}

static void put_stream(uint64_t *head, struct gopy_out *out, int failed) {
	if (failed) {
		gopy_discard(out);
		gopy_take_error(head);
		return;
	}
	head[GOPY_HEAD_KIND] = GOPY_STREAM;
	head[GOPY_HEAD_STREAM] = (uint64_t)out->words;
	head[GOPY_HEAD_WORDS] = out->len;
}

// A text is written into the frame if it fits; else Go reads it where Python keeps it, and drops
// the str afterwards.
static int put_text_result(uint64_t *head, PyObject *o) {
	Py_ssize_t n;
	const char *s = py.PyUnicode_AsUTF8AndSize(o, &n);
	if (!s) {
		py.PyErr_Clear();
		return 0;
	}
	if (n <= (GOPY_HEAD_SIZE - GOPY_HEAD_TEXT) * 8) {
		memcpy(head + GOPY_HEAD_TEXT, s, n);
		py.Py_DecRef(o);
		head[GOPY_HEAD_KIND] = GOPY_STR;
	} else {
		head[GOPY_HEAD_KIND] = GOPY_STRREF;
		head[GOPY_HEAD_B] = (uint64_t)o;
		head[GOPY_HEAD_STREAM] = (uint64_t)s; // not allocated for Go: it looks at the kind first
	}
	head[GOPY_HEAD_A] = n;
	return 1;
}

static int put_scalar(uint64_t *head, PyObject *o) {
	PyObject *type = gopy_type(o);
	if (o == py._Py_NoneStruct) {
		head[GOPY_HEAD_KIND] = GOPY_NONE;
	} else if (type == py.PyLong_Type) {
		int overflow;
		head[GOPY_HEAD_A] = py.PyLong_AsLongLongAndOverflow(o, &overflow);
		if (overflow)
			return 0;
		head[GOPY_HEAD_KIND] = GOPY_INT;
	} else if (type == py.PyFloat_Type) {
		double d = py.PyFloat_AsDouble(o);
		memcpy(&head[GOPY_HEAD_A], &d, sizeof d);
		head[GOPY_HEAD_KIND] = GOPY_FLOAT;
	} else if (type == py.PyBool_Type) {
		head[GOPY_HEAD_KIND] = o == py._Py_TrueStruct ? GOPY_TRUE : GOPY_FALSE;
	} else {
		return 0;
	}
	py.Py_DecRef(o);
	return 1;
}

// Takes over the reference.
static void put_result(uint64_t *head, PyObject *o) {
	int want = head[GOPY_HEAD_WANT];
	if (want == GOPY_WANT_NOTHING) {
		head[GOPY_HEAD_KIND] = GOPY_NOTHING;
		py.Py_DecRef(o);
		return;
	}
	if (want != GOPY_WANT_HANDLE && put_scalar(head, o))
		return;
	if (want == GOPY_WANT_VALUE) {
		if (gopy_type(o) == py.PyUnicode_Type && put_text_result(head, o))
			return;
		struct gopy_out out = {.depth = head[GOPY_HEAD_DEPTH]};
		int failed = gopy_export(&out, o, 0);
		py.Py_DecRef(o);
		put_stream(head, &out, failed);
		return;
	}
	head[GOPY_HEAD_KIND] = GOPY_OBJECT;
	head[GOPY_HEAD_A] = (uint64_t)o;
}

static void run(uint64_t *head, const uint64_t *words, uint64_t n) {
	struct gopy_in in = {words};
	const uint64_t *end = words + n;
	PyObject *o = gopy_build(&in);
	while (o && in.next < end) {
		uint64_t word = *in.next++;
		if ((word & 0xff) == GOPY_BUFFER) {
			struct gopy_out out = {0};
			int failed = gopy_view_open(&out, o, word >> 8 & 0xffffff);
			py.Py_DecRef(o);
			put_stream(head, &out, failed);
			return;
		}
		PyObject *before = o;
		o = next(&in, word, before);
		py.Py_DecRef(before);
	}
	if (!o)
		gopy_abandon(in.next, end);
	if (o)
		put_result(head, o);
	else if (py.PyErr_Occurred())
		gopy_take_error(head);
	else
		head[GOPY_HEAD_KIND] = GOPY_STOP; // only PyIter_Next ends without a word
}

// What a result holds, when an interrupt takes its place.
static void drop_result(uint64_t *head) {
	switch (head[GOPY_HEAD_KIND]) {
	case GOPY_OBJECT:
	case GOPY_ERROR:
	case GOPY_FOREIGN:
		py.Py_DecRef((PyObject *)head[GOPY_HEAD_A]);
		break;
	case GOPY_STRREF:
		py.Py_DecRef((PyObject *)head[GOPY_HEAD_B]);
		head[GOPY_HEAD_STREAM] = 0;
		break;
	}
	struct gopy_out out = {.words = (uint64_t *)head[GOPY_HEAD_STREAM], .len = head[GOPY_HEAD_WORDS], .heap = 1};
	gopy_discard(&out);
	head[GOPY_HEAD_STREAM] = 0;
	head[GOPY_HEAD_WORDS] = 0;
}

void gopy_run(uint64_t *head, const uint64_t *in, uint64_t n) {
	head[GOPY_HEAD_STREAM] = 0;
	head[GOPY_HEAD_WORDS] = 0;
	if (!gopy_enter(head[GOPY_HEAD_FORCE])) {
		head[GOPY_HEAD_KIND] = GOPY_BUSY;
		return;
	}
	run(head, in, n);
	while (gopy_leave()) {
		PyObject *e = gopy_fetch();
		drop_result(head);
		gopy_raise(e);
		py.Py_DecRef(e);
		gopy_take_error(head);
	}
}

void gopy_release(const uint64_t *refs, uint64_t n) {
	gopy_enter(1);
	for (uint64_t i = 0; i < n; i++) {
		if (refs[i] & 1)
			gopy_view_close(refs[i] - 1);
		else
			py.Py_DecRef((PyObject *)refs[i]);
	}
	gopy_unhold();
}
