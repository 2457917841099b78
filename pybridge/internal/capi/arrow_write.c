// Tables of Go as streams of Arrow. The Python side says what they consist of:
// (name, format, flags, length, nulls, buffers, children), where a buffer is None or lends its memory. The
// memory is given back when the consumer is done, which may be on any thread, with the GIL or without.
#include "arrow.h"
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAME, FORMAT, FLAGS, LENGTH, NULLS, BUFFERS, CHILDREN };

static const char *text_of(PyObject *spec, int field) {
	return py.PyUnicode_AsUTF8AndSize(py.PyTuple_GetItem(spec, field), NULL);
}

static int64_t number_of(PyObject *spec, int field) { return py.PyLong_AsLong(py.PyTuple_GetItem(spec, field)); }

static void release_schema(struct ArrowSchema *s) {
	for (int64_t i = 0; i < s->n_children; i++) {
		if (s->children[i] && s->children[i]->release)
			s->children[i]->release(s->children[i]);
		free(s->children[i]);
	}
	free(s->children);
	free((char *)s->format);
	free((char *)s->name);
	s->release = NULL;
}

static int fill_schema(struct ArrowSchema *s, PyObject *spec) {
	PyObject *children = py.PyTuple_GetItem(spec, CHILDREN);
	const char *name = text_of(spec, NAME), *format = text_of(spec, FORMAT);
	memset(s, 0, sizeof *s);
	if (!name || !format)
		return -1;
	s->release = release_schema;
	s->name = strdup(name);
	s->format = strdup(format);
	s->flags = number_of(spec, FLAGS);
	int64_t n = py.PyTuple_Size(children);
	s->children = calloc(n + 1, sizeof *s->children);
	int failed = !s->name || !s->format || !s->children;
	for (; !failed && s->n_children < n; s->n_children++) {
		struct ArrowSchema *child = s->children[s->n_children] = calloc(1, sizeof *child);
		failed = !child || fill_schema(child, py.PyTuple_GetItem(children, s->n_children));
	}
	if (failed)
		release_schema(s);
	return failed ? -1 : 0;
}

static void release_array(struct ArrowArray *a) {
	Py_buffer *views = a->private_data;
	for (int64_t i = 0; i < a->n_children; i++) {
		if (a->children[i] && a->children[i]->release)
			a->children[i]->release(a->children[i]);
		free(a->children[i]);
	}
	int state = py.PyGILState_Ensure();
	for (int64_t i = 0; i < a->n_buffers; i++)
		if (views[i].obj)
			py.PyBuffer_Release(&views[i]);
	py.PyGILState_Release(state);
	free(views);
	free(a->children);
	free(a->buffers);
	a->release = NULL;
}

static int fill_buffers(struct ArrowArray *a, PyObject *buffers) {
	int64_t n = py.PyTuple_Size(buffers);
	Py_buffer *views = a->private_data = calloc(n + 1, sizeof *views);
	a->buffers = calloc(n + 1, sizeof *a->buffers);
	if (!views || !a->buffers)
		return -1;
	for (; a->n_buffers < n; a->n_buffers++) {
		PyObject *lender = py.PyTuple_GetItem(buffers, a->n_buffers);
		if (lender == py._Py_NoneStruct)
			continue;
		if (py.PyObject_GetBuffer(lender, &views[a->n_buffers], 0))
			return -1;
		a->buffers[a->n_buffers] = views[a->n_buffers].buf;
	}
	return 0;
}

static int fill_array(struct ArrowArray *a, PyObject *spec) {
	PyObject *children = py.PyTuple_GetItem(spec, CHILDREN);
	int64_t n = py.PyTuple_Size(children);
	*a = (struct ArrowArray){.length = number_of(spec, LENGTH), .null_count = number_of(spec, NULLS),
				 .release = release_array, .children = calloc(n + 1, sizeof *a->children)};
	int failed = !a->children || fill_buffers(a, py.PyTuple_GetItem(spec, BUFFERS));
	for (; !failed && a->n_children < n; a->n_children++) {
		struct ArrowArray *child = a->children[a->n_children] = calloc(1, sizeof *child);
		failed = !child || fill_array(child, py.PyTuple_GetItem(children, a->n_children));
	}
	if (failed)
		release_array(a);
	return failed ? -1 : 0;
}

struct source {
	PyObject *spec;
	int sent;
};

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *out) {
	struct source *source = stream->private_data;
	int state = py.PyGILState_Ensure();
	int failed = fill_schema(out, source->spec);
	if (failed)
		py.PyErr_Clear();
	py.PyGILState_Release(state);
	return failed ? ENOMEM : 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *out) {
	struct source *source = stream->private_data;
	memset(out, 0, sizeof *out);
	if (source->sent)
		return 0;
	int state = py.PyGILState_Ensure();
	int failed = fill_array(out, source->spec);
	if (failed)
		py.PyErr_Clear();
	py.PyGILState_Release(state);
	source->sent = !failed;
	return failed ? ENOMEM : 0;
}

static const char *get_last_error(struct ArrowArrayStream *stream) {
	(void)stream;
	return "the memory of a Go table could not be lent";
}

static void release_stream(struct ArrowArrayStream *stream) {
	struct source *source = stream->private_data;
	int state = py.PyGILState_Ensure();
	py.Py_DecRef(source->spec);
	py.PyGILState_Release(state);
	free(source);
	stream->release = NULL;
}

static void destroy_capsule(PyObject *capsule) {
	struct ArrowArrayStream *stream = py.PyCapsule_GetPointer(capsule, GOPY_ARROW_STREAM);
	if (stream->release)
		stream->release(stream);
	free(stream);
}

// The capsule of a stream that whoever gets its address fills.
static PyObject *new_capsule(struct ArrowArrayStream **stream) {
	*stream = calloc(1, sizeof **stream);
	PyObject *capsule = *stream ? py.PyCapsule_New(*stream, GOPY_ARROW_STREAM, destroy_capsule) : NULL;
	if (!capsule)
		free(*stream);
	return capsule;
}

PyObject *gopy_arrow_stream(PyObject *self, PyObject *spec) {
	(void)self;
	struct ArrowArrayStream *stream;
	struct source *source = calloc(1, sizeof *source);
	PyObject *capsule = source ? new_capsule(&stream) : NULL;
	if (!capsule) {
		free(source);
		return NULL;
	}
	py.Py_IncRef(spec);
	source->spec = spec;
	*stream = (struct ArrowArrayStream){get_schema, get_next, get_last_error, release_stream, source};
	return capsule;
}

PyObject *gopy_arrow_empty(PyObject *self, PyObject *unused) {
	(void)self, (void)unused;
	struct ArrowArrayStream *stream;
	return new_capsule(&stream);
}

// The address of the stream in a capsule.
PyObject *gopy_arrow_address(PyObject *self, PyObject *capsule) {
	(void)self;
	void *stream = py.PyCapsule_GetPointer(capsule, GOPY_ARROW_STREAM);
	return stream ? py.PyLong_FromUnsignedLongLong((uint64_t)stream) : NULL;
}
