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

// handle, address, bytes, item size, read-only, shape, strides, format.
int gopy_view_open(struct gopy_out *out, PyObject *o, int writable) {
	Py_buffer *view = calloc(1, sizeof *view);
	if (!view || py.PyObject_GetBuffer(o, view, PyBUF_FULL_RO | (writable ? PyBUF_WRITABLE : 0))) {
		free(view);
		return -1;
	}
	if (view->suboffsets) {
		py.PyBuffer_Release(view);
		free(view);
		py.PyErr_SetString(py.PyExc_BufferError, "its memory is spread over several blocks");
		return -1;
	}
	const char *format = view->format ? view->format : "B";
	int failed = gopy_put(out, GOPY_HEADER(GOPY_VIEW, view->ndim)) || gopy_put(out, (uint64_t)view) ||
		     gopy_put(out, (uint64_t)view->buf) || gopy_put(out, view->len) ||
		     gopy_put(out, view->itemsize) || gopy_put(out, view->readonly) || put_layout(out, view) ||
		     gopy_put_text(out, GOPY_STR, format, strlen(format));
	if (failed)
		gopy_view_close((uint64_t)view);
	return failed ? -1 : 0;
}

void gopy_view_close(uint64_t handle) {
	Py_buffer *view = (Py_buffer *)handle;
	py.PyBuffer_Release(view);
	free(view);
}
