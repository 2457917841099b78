// Streams of Arrow, opened for Go: all their chunks at once, described in words.
#include "arrow.h"
#include "internal.h"

#include <stdlib.h>
#include <string.h>

struct table_view {
	struct gopy_view view;
	struct ArrowSchema schema;
	struct ArrowArray *chunks;
	size_t count, room;
};

static void close_table(struct gopy_view *view) {
	struct table_view *t = (struct table_view *)view;
	for (size_t i = 0; i < t->count; i++)
		t->chunks[i].release(&t->chunks[i]);
	if (t->schema.release)
		t->schema.release(&t->schema);
	free(t->chunks);
	free(t);
}

static int stream_failed(struct ArrowArrayStream *s, int code) {
	const char *why = s->get_last_error(s);
	if (!py.PyErr_Occurred()) // producers in Python set one
		py.PyErr_SetString(py.PyExc_RuntimeError, why ? why : strerror(code));
	return -1;
}

static int read_chunks(struct table_view *t, struct ArrowArrayStream *s) {
	int code = s->get_schema(s, &t->schema);
	if (code)
		return stream_failed(s, code);
	for (;;) {
		if (t->count == t->room) {
			t->room = 2 * t->room + 4;
			struct ArrowArray *larger = realloc(t->chunks, t->room * sizeof *larger);
			if (!larger) {
				py.PyErr_SetString(py.PyExc_RuntimeError, "out of memory for a table");
				return -1;
			}
			t->chunks = larger;
		}
		struct ArrowArray *next = &t->chunks[t->count];
		memset(next, 0, sizeof *next);
		if ((code = s->get_next(s, next)))
			return stream_failed(s, code);
		if (!next->release)
			return 0;
		t->count++;
	}
}

// format, name, flags, children, dictionary or 0.
static int put_schema(struct gopy_out *out, const struct ArrowSchema *s) {
	const char *name = s->name ? s->name : "";
	if (gopy_put_text(out, GOPY_STR, s->format, strlen(s->format)) ||
	    gopy_put_text(out, GOPY_STR, name, strlen(name)) || gopy_put(out, s->flags) || gopy_put(out, s->n_children))
		return -1;
	for (int64_t i = 0; i < s->n_children; i++)
		if (put_schema(out, s->children[i]))
			return -1;
	if (gopy_put(out, s->dictionary != NULL))
		return -1;
	return s->dictionary ? put_schema(out, s->dictionary) : 0;
}

// length, nulls, offset, addresses of buffers, children, dictionary or 0.
static int put_array(struct gopy_out *out, const struct ArrowArray *a) {
	if (gopy_put(out, a->length) || gopy_put(out, a->null_count) || gopy_put(out, a->offset) ||
	    gopy_put(out, a->n_buffers))
		return -1;
	for (int64_t i = 0; i < a->n_buffers; i++)
		if (gopy_put(out, (uint64_t)a->buffers[i]))
			return -1;
	if (gopy_put(out, a->n_children))
		return -1;
	for (int64_t i = 0; i < a->n_children; i++)
		if (put_array(out, a->children[i]))
			return -1;
	if (gopy_put(out, a->dictionary != NULL))
		return -1;
	return a->dictionary ? put_array(out, a->dictionary) : 0;
}

static int put_table(struct gopy_out *out, struct table_view *t) {
	if (gopy_put(out, (uint64_t)t) || put_schema(out, &t->schema) || gopy_put(out, t->count))
		return -1;
	for (size_t i = 0; i < t->count; i++)
		if (put_array(out, &t->chunks[i]))
			return -1;
	return 0;
}

// handle, schema, count of chunks, chunks.
int gopy_table_open(struct gopy_out *out, PyObject *capsule) {
	struct ArrowArrayStream *lent = py.PyCapsule_GetPointer(capsule, GOPY_ARROW_STREAM);
	struct table_view *t = lent ? calloc(1, sizeof *t) : NULL;
	if (!t)
		return -1;
	t->view.close = close_table;
	struct ArrowArrayStream stream = *lent;
	lent->release = NULL; // it is ours now
	if (!stream.release) {
		py.PyErr_SetString(py.PyExc_ValueError, "the stream has been read already");
		free(t);
		return -1;
	}
	int failed = read_chunks(t, &stream) || put_table(out, t);
	stream.release(&stream);
	if (failed)
		close_table(&t->view);
	return failed ? -1 : 0;
}
