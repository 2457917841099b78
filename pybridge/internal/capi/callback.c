// Go functions as Python callables. A callable is CPython's own built-in function object; its self
// is a ref that owns the id of the Go function and the definition that the object points at
// (CPython lets go of that definition before it drops self, so that self may own it).
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

struct gopy_func {
	PyMethodDef def;
	uint64_t id, flags, depths, params;
	char text[]; // name and doc
};

PyObject *gopy_rules;

void gopy_set_rules(uint64_t rules) {
	gopy_enter(1);
	PyObject *before = gopy_rules;
	gopy_rules = (PyObject *)rules;
	if (gopy_rules)
		py.Py_IncRef(gopy_rules);
	if (before)
		py.Py_DecRef(before);
	gopy_unhold();
}

void gopy_func_free(struct gopy_func *f) { free(f); }

static int put_arg(struct gopy_out *out, struct gopy_func *f, size_t i, PyObject *arg) {
	int variadic = f->flags & GOPY_FUNC_VARIADIC && i >= f->params;
	int depth = GOPY_FUNC_DEPTH(f->depths, variadic ? 15 : i);
	if (depth == 1)
		return gopy_put_handle(out, arg);
	out->depth = depth ? depth - 1 : 0;
	return gopy_export(out, arg, 0);
}

static int put_args(struct gopy_out *out, struct gopy_func *f, PyObject *const *args, Py_ssize_t nargs,
		    PyObject *names) {
	Py_ssize_t keywords = names ? py.PyTuple_Size(names) : 0;
	if (gopy_put(out, (uint64_t)nargs | (uint64_t)keywords << 32))
		return -1;
	for (Py_ssize_t i = 0; i < nargs; i++)
		if (put_arg(out, f, i, args[i]))
			return -1;
	out->depth = 0;
	for (Py_ssize_t i = 0; i < keywords; i++)
		if (gopy_put_str(out, py.PyTuple_GetItem(names, i)) || gopy_export(out, args[nargs + i], 0))
			return -1;
	return 0;
}

// Go writes its result into out, or, when it does not fit, makes a block and writes its address.
static PyObject *call_go(struct gopy_func *f, struct gopy_out *args) {
	uint64_t few[64];
	struct gopy_thread before = f->flags & GOPY_FUNC_SHORT ? gopy_stay() : gopy_suspend();
	uint64_t n = gopyInvoke(f->id, args->words, args->len, few, 64);
	if (f->flags & GOPY_FUNC_SHORT)
		gopy_self = before;
	else
		gopy_resume(before);
	uint64_t *words = n > 64 ? (uint64_t *)few[0] : few;
	struct gopy_in in = {words};
	PyObject *result = gopy_build(&in);
	gopy_abandon(in.next, words + n); // what Go has kept for as long stands behind the value
	if (words != few)
		free(words);
	return result;
}

static PyObject *invoke(PyObject *self, PyObject *const *args, Py_ssize_t nargs, PyObject *names) {
	struct gopy_func *f = gopy_ref_func(self);
	uint64_t few[64];
	struct gopy_out out = {.words = few, .cap = 64, .rules = gopy_rules};
	if (gopy_forked || gopy_self.exiting) {
		py.PyErr_SetString(py.PyExc_RuntimeError,
				   gopy_forked ? "a Go function cannot be called in a child made by fork; use the "
						 "spawn start method"
					       : "a Go function cannot be called while its thread ends");
		return NULL;
	}
	if (out.rules)
		py.Py_IncRef(out.rules); // its Python code may let others set new ones
	int failed = put_args(&out, f, args, nargs, names);
	if (out.rules)
		py.Py_DecRef(out.rules);
	if (failed) {
		gopy_discard(&out);
		return NULL;
	}
	PyObject *result = call_go(f, &out); // Go takes over the references in out
	if (out.heap)
		free(out.words);
	return result;
}

static const char *text_at(const uint64_t **w) {
	size_t n = GOPY_COUNT(*(*w)++);
	const char *s = (const char *)*w;
	*w += GOPY_TEXT_WORDS(n);
	return s;
}

// id, flags, depths, name, doc. The count of the header is the number of parameters.
PyObject *gopy_func_new(struct gopy_in *in, uint64_t header) {
	const uint64_t *w = in->next;
	uint64_t id = w[0], flags = w[1], depths = w[2];
	w += 3;
	const char *name = text_at(&w), *doc = text_at(&w);
	in->next = w;
	struct gopy_func *f = malloc(sizeof *f + strlen(name) + strlen(doc) + 2);
	if (!f) {
		py.PyErr_SetString(py.PyExc_RuntimeError, "out of memory for a function");
		return NULL;
	}
	char *doc_copy = f->text + strlen(name) + 1;
	strcpy(f->text, name);
	strcpy(doc_copy, doc);
	f->def = (PyMethodDef){f->text, (void *)invoke, METH_FASTCALL | METH_KEYWORDS, doc[0] ? doc_copy : NULL};
	f->id = id;
	f->flags = flags;
	f->depths = depths;
	f->params = GOPY_COUNT(header);
	PyObject *ref = gopy_func_ref_new(id, f);
	if (!ref) {
		free(f);
		return NULL;
	}
	PyObject *callable = py.PyCFunction_NewEx(&f->def, ref, NULL);
	py.Py_DecRef(ref);
	return callable;
}
