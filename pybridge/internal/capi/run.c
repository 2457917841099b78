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

// The tuple of their names, then their values.
static int build_keywords(struct gopy_in *in, struct args *a, size_t keywords) {
	a->names = gopy_build(in);
	for (size_t i = 0; a->names && i < keywords; i++) {
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

static PyObject *call_with(PyObject *callable, struct args *a) {
	size_t flagged = a->positional | PY_VECTORCALL_ARGUMENTS_OFFSET;
	// As CPython's own loop does it from 3.11 on: the general way makes a tuple of the argument.
	if (callable == py.PyUnicode_Type && a->positional == 1 && !a->names)
		return py.PyObject_Str(a->slots[1]);
	if (py.PyObject_Vectorcall)
		return py.PyObject_Vectorcall(callable, a->slots + 1, flagged, a->names);
	return vectorcall_by_dict(callable, a, flagged);
}

static PyObject *call(struct gopy_in *in, PyObject *callable, size_t positional, size_t keywords) {
	struct args a;
	PyObject *result = NULL;
	if (!build_args(in, &a, NULL, positional, keywords))
		result = call_with(callable, &a);
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

// Where a result goes: Go's memory, or the stack of gopy_few.
struct sink {
	struct gopy_result *result;
	void *text; // where a short text may be written
	Py_ssize_t room;
	int want, depth;
	PyObject *rules;
};

static void put_stream(struct gopy_result *r, struct gopy_out *out, int failed) {
	if (failed) {
		gopy_discard(out);
		gopy_take_error(r);
		return;
	}
	r->kind = GOPY_STREAM;
	r->a = 0;
	r->stream = (uint64_t)out->words;
	r->words = out->len;
}

// A text is written to the sink if it fits; else Go reads it where Python keeps it, and drops the str
// afterwards.
static int put_text_result(struct sink *to, PyObject *o) {
	struct gopy_result *r = to->result;
	Py_ssize_t n;
	const char *s = py.PyUnicode_AsUTF8AndSize(o, &n);
	if (!s) {
		py.PyErr_Clear();
		return 0;
	}
	r->a = n;
	if (n <= to->room) {
		memcpy(to->text, s, n);
		py.Py_DecRef(o);
		r->kind = GOPY_STR;
	} else {
		r->kind = GOPY_STRREF;
		r->b = (uint64_t)o;
		r->stream = (uint64_t)s; // not allocated for Go: it looks at the kind first
	}
	return 1;
}

static int put_scalar(struct gopy_result *r, PyObject *o) {
	PyObject *type = gopy_type(o);
	if (o == py._Py_NoneStruct) {
		r->kind = GOPY_NONE;
	} else if (type == py.PyLong_Type) {
		int overflow;
		r->a = py.PyLong_AsLongLongAndOverflow(o, &overflow);
		if (overflow)
			return 0;
		r->kind = GOPY_INT;
	} else if (type == py.PyFloat_Type) {
		double d = py.PyFloat_AsDouble(o);
		memcpy(&r->a, &d, sizeof d);
		r->kind = GOPY_FLOAT;
	} else if (type == py.PyBool_Type) {
		r->kind = o == py._Py_TrueStruct ? GOPY_TRUE : GOPY_FALSE;
	} else {
		return 0;
	}
	py.Py_DecRef(o);
	return 1;
}

// Takes over the reference.
static void put_result(struct sink *to, PyObject *o) {
	struct gopy_result *r = to->result;
	if (to->want == GOPY_WANT_NOTHING) {
		r->kind = GOPY_NOTHING;
		py.Py_DecRef(o);
		return;
	}
	int ruled = to->rules && to->want == GOPY_WANT_VALUE;
	if (to->want != GOPY_WANT_HANDLE && !ruled && put_scalar(r, o))
		return;
	if (to->want == GOPY_WANT_VALUE) {
		if (!ruled && gopy_type(o) == py.PyUnicode_Type && put_text_result(to, o))
			return;
		struct gopy_out out = {.depth = to->depth, .rules = to->rules};
		int failed = gopy_export(&out, o, 0);
		py.Py_DecRef(o);
		put_stream(r, &out, failed);
		return;
	}
	r->kind = GOPY_OBJECT;
	r->a = (uint64_t)o;
}

// The value that a step or a program ended with.
static void finish(struct sink *to, PyObject *o) {
	if (o)
		put_result(to, o);
	else if (py.PyErr_Occurred())
		gopy_take_error(to->result);
	else
		to->result->kind = GOPY_STOP; // only PyIter_Next ends without a word
}

// Adds the number of values that went well to the words of an exception.
static void put_index(struct gopy_result *r, size_t index) {
	struct gopy_out out = {.words = (uint64_t *)r->stream, .len = r->words, .cap = r->words, .heap = 1};
	if (gopy_put(&out, GOPY_INT) || gopy_put(&out, index))
		py.PyErr_Clear();
	r->stream = (uint64_t)out.words;
	r->words = out.len;
}

static int map_one(struct gopy_in *in, struct gopy_out *out, PyObject *callable) {
	struct args a;
	PyObject *o = NULL;
	if (!build_args(in, &a, NULL, 1, 0))
		o = call_with(callable, &a);
	drop_args(&a);
	int failed = !o || gopy_export(out, o, 1);
	if (o)
		py.Py_DecRef(o);
	return failed;
}

// Takes over the reference to the callable.
static void map(struct sink *to, struct gopy_in *in, const uint64_t *end, size_t n, PyObject *callable) {
	struct gopy_out out = {.depth = to->depth, .rules = to->rules};
	size_t done = 0;
	int failed = gopy_put(&out, GOPY_HEADER(GOPY_LIST, n));
	while (!failed && done < n && !(failed = map_one(in, &out, callable)))
		done++;
	if (failed)
		gopy_abandon(in->next, end);
	py.Py_DecRef(callable);
	put_stream(to->result, &out, failed);
	if (failed)
		put_index(to->result, done);
}

// Opens memory. Its words are not those of values, so the handle is noted for drop_result. Takes over the
// reference.
static void lend(struct gopy_result *r, uint64_t word, PyObject *o) {
	struct gopy_out out = {0};
	int table = (word & 0xff) == GOPY_TABLE;
	int failed = table ? gopy_table_open(&out, o) : gopy_view_open(&out, o, word >> 8 & 0xffffff);
	py.Py_DecRef(o);
	put_stream(r, &out, failed);
	if (!failed)
		r->a = out.words[table ? 0 : 1];
}

static void run(struct sink *to, const uint64_t *words, uint64_t n) {
	struct gopy_in in = {words};
	const uint64_t *end = words + n;
	PyObject *o = gopy_build(&in);
	while (o && in.next < end) {
		uint64_t word = *in.next++;
		if ((word & 0xff) == GOPY_BUFFER || (word & 0xff) == GOPY_TABLE) {
			lend(to->result, word, o);
			return;
		}
		if ((word & 0xff) == GOPY_MAP) {
			map(to, &in, end, word >> 8 & 0xffffff, o);
			return;
		}
		if ((word & 0xff) == GOPY_EXPLAIN) {
			gopy_explain(to->result, o);
			return;
		}
		PyObject *before = o;
		o = next(&in, word, before);
		py.Py_DecRef(before);
	}
	if (!o)
		gopy_abandon(in.next, end);
	finish(to, o);
}

// What a result holds, when an interrupt takes its place.
static void drop_result(struct gopy_result *r) {
	switch (r->kind) {
	case GOPY_OBJECT:
	case GOPY_ERROR:
		py.Py_DecRef((PyObject *)r->a);
		break;
	case GOPY_STRREF:
		py.Py_DecRef((PyObject *)r->b);
		r->stream = 0;
		break;
	case GOPY_STREAM:
		if (!r->a)
			break;
		gopy_view_close(r->a);
		r->words = 0;
		break;
	}
	struct gopy_out out = {.words = (uint64_t *)r->stream, .len = r->words, .heap = 1};
	gopy_discard(&out);
	r->stream = 0;
	r->words = 0;
}

static void leave(struct gopy_result *r) {
	while (gopy_leave()) {
		PyObject *e = gopy_fetch();
		drop_result(r);
		gopy_raise(e);
		py.Py_DecRef(e);
		gopy_take_error(r);
	}
}

void gopy_run(uint64_t *head, const uint64_t *in, uint64_t n) {
	struct gopy_result *r = (struct gopy_result *)(head + GOPY_HEAD_RESULT);
	struct sink to = {r, head + GOPY_HEAD_TEXT, (GOPY_HEAD_RULES - GOPY_HEAD_TEXT) * 8, head[GOPY_HEAD_WANT],
			  head[GOPY_HEAD_DEPTH], (PyObject *)head[GOPY_HEAD_RULES]};
	r->stream = r->words = 0;
	if (!gopy_enter(head[GOPY_HEAD_FORCE])) {
		r->kind = GOPY_BUSY;
		return;
	}
	run(&to, in, n);
	leave(r);
}

// A text is an address with its length above it, if it is no longer than that has room for.
static PyObject *plain(int tag, uint64_t word) {
	uint64_t words[] = {tag, word};
	if (tag == GOPY_STRREF) {
		words[0] = GOPY_HEADER(GOPY_STRREF, word >> GOPY_FEW_LENGTH_SHIFT);
		words[1] = word & (((uint64_t)1 << GOPY_FEW_LENGTH_SHIFT) - 1);
	}
	struct gopy_in in = {words};
	return gopy_build(&in);
}

// The step of gopy_few. slots[1:] are the arguments; slots[0] is free, or self for a method.
static PyObject *few(uint64_t what, PyObject *target, PyObject *name, struct args *a) {
	size_t keywords = GOPY_FEW_KEYWORDS(what);
	a->positional = a->built - keywords;
	switch (GOPY_FEW_STEP(what)) {
	case GOPY_CALL:
		a->names = keywords ? name : NULL;
		return call_with(target, a);
	case GOPY_METHOD:
		a->slots[0] = target;
		return py.PyObject_VectorcallMethod(name, a->slots, a->positional + 1, NULL);
	case GOPY_GETATTR:
		return py.PyObject_GetAttr(target, name);
	case GOPY_GETITEM:
		return py.PyObject_GetItem(target, a->slots[1]);
	}
	return with_none(GOPY_FEW_STEP(what), target);
}

// A large result moves to memory that Go frees.
static struct gopy_few_result blocked(struct gopy_result *r) {
	struct gopy_result *block = malloc(sizeof *block);
	if (!block)
		abort(); // there is no way to tell anyone
	*block = *r;
	return (struct gopy_few_result){GOPY_BLOCK, (uint64_t)block};
}

static struct gopy_few_result short_text(const uint64_t *text, uint64_t n) {
	return (struct gopy_few_result){GOPY_STR | n << 8 | text[0] << 16, text[0] >> 48 | text[1] << 16};
}

// flatten: what it calls in this file becomes part of it, which takes a third off what it takes itself.
__attribute__((flatten)) struct gopy_few_result gopy_few(uint64_t what, uint64_t target, uint64_t name, uint64_t a,
							 uint64_t b, uint64_t c, uint64_t d) {
	struct gopy_result r;
	uint64_t text[2] = {0};
	struct sink to = {&r, text, GOPY_FEW_TEXT, GOPY_FEW_WANT(what), 0};
	uint64_t words[] = {a, b, c, d};
	struct args args;
	PyObject *o = NULL;
	size_t n = GOPY_FEW_COUNT(what);
	r.stream = r.words = 0;
	args.slots = args.few;
	args.built = 0;
	if (!gopy_enter(0))
		return (struct gopy_few_result){GOPY_BUSY, 0};
	while (args.built < n && (args.few[1 + args.built] = plain(GOPY_FEW_TAG(what, args.built), words[args.built])))
		args.built++;
	args.names = NULL;
	if (args.built == n)
		o = few(what, (PyObject *)target, (PyObject *)name, &args);
	while (args.built > 0)
		py.Py_DecRef(args.few[args.built--]);
	finish(&to, o);
	leave(&r);
	switch (r.kind) {
	case GOPY_STR:
		return short_text(text, r.a);
	case GOPY_STRREF:
	case GOPY_STREAM:
	case GOPY_ERROR:
		return blocked(&r);
	}
	return (struct gopy_few_result){r.kind, r.a};
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
