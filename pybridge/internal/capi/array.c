// Arrays in both directions: Go memory as a numpy array or a memoryview, and the buffers of Python
// objects opened for Go.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static PyObject *asarray; // numpy.asarray, once numpy has been imported

// numpy.asarray, borrowed; NULL without an exception if there is no numpy. That it is missing is
// not remembered as long as it may be installed while we run: sys.modules tells.
static PyObject *find_asarray(void) {
	static int missing;
	if (asarray)
		return asarray;
	PyObject *name = py.PyUnicode_FromStringAndSize("numpy", 5);
	PyObject *loaded = name ? py.PyDict_GetItemWithError(py.PyImport_GetModuleDict(), name) : NULL;
	if (name)
		py.Py_DecRef(name);
	if (missing && !loaded)
		return NULL;
	PyObject *numpy = py.PyImport_ImportModule("numpy");
	if (!numpy) {
		missing = py.PyErr_ExceptionMatches(py.PyExc_ImportError);
		if (missing)
			py.PyErr_Clear();
		return NULL;
	}
	asarray = py.PyObject_GetAttrString(numpy, "asarray");
	py.Py_DecRef(numpy);
	return asarray;
}

PyObject *gopy_array_new(struct gopy_in *in, uint64_t header) {
	PyObject *result = NULL;
	PyObject *memory = gopy_memory_new(in, header);
	if (!memory)
		return NULL;
	PyObject *convert = find_asarray();
	if (convert)
		result = py.PyObject_VectorcallDict(convert, &memory, 1, NULL);
	else if (!py.PyErr_Occurred())
		result = py.PyMemoryView_FromObject(memory);
	py.Py_DecRef(memory);
	return result;
}

// Shape and strides. ctypes gives no strides, whatever it is asked for: then there are no gaps.
static int put_layout(struct gopy_out *out, const Py_buffer *view) {
	int failed = 0;
	for (int i = 0; !failed && i < view->ndim; i++)
		failed = gopy_put(out, view->shape[i]);
	for (int i = 0; !failed && i < view->ndim; i++) {
		Py_ssize_t stride = view->itemsize;
		for (int j = i + 1; j < view->ndim; j++)
			stride *= view->shape[j];
		failed = gopy_put(out, view->strides ? view->strides[i] : stride);
	}
	return failed;
}

struct buffer_view {
	struct gopy_view view;
	Py_buffer buffer;
};

static void close_buffer(struct gopy_view *view) {
	struct buffer_view *v = (struct buffer_view *)view;
	py.PyBuffer_Release(&v->buffer);
	free(v);
}

static int open_buffer(PyObject *o, Py_buffer *buffer, int writable) {
	if (py.PyObject_GetBuffer(o, buffer, PyBUF_FULL_RO | (writable ? PyBUF_WRITABLE : 0)))
		return -1;
	if (!buffer->suboffsets)
		return 0;
	py.PyBuffer_Release(buffer);
	py.PyErr_SetString(py.PyExc_BufferError, "its memory is spread over several blocks");
	return -1;
}

// handle, address, bytes, item size, read-only, shape, strides, format.
int gopy_view_open(struct gopy_out *out, PyObject *o, int writable) {
	if (gopy_dlpack_is(o))
		return gopy_dlpack_open(out, o);
	struct buffer_view *v = calloc(1, sizeof *v);
	if (!v || open_buffer(o, &v->buffer, writable)) {
		free(v);
		return -1;
	}
	v->view.close = close_buffer;
	const Py_buffer *b = &v->buffer;
	const char *format = b->format ? b->format : "B";
	int failed = gopy_put(out, GOPY_HEADER(GOPY_VIEW, b->ndim)) || gopy_put(out, (uint64_t)v) ||
		     gopy_put(out, (uint64_t)b->buf) || gopy_put(out, b->len) || gopy_put(out, b->itemsize) ||
		     gopy_put(out, b->readonly) || put_layout(out, b) ||
		     gopy_put_text(out, GOPY_STR, format, strlen(format));
	if (failed)
		close_buffer(&v->view);
	return failed ? -1 : 0;
}

void gopy_view_close(uint64_t handle) {
	struct gopy_view *view = (struct gopy_view *)handle;
	view->close(view);
}
