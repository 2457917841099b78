// Tensors in the form of DLPack, opened for Go. The structures are those of its version 1 and of the one
// before, which capsules tell apart by their names.
#include "internal.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
	int32_t type, id;
} Device;

typedef struct {
	uint8_t code, bits;
	uint16_t lanes;
} DataType;

typedef struct {
	void *data;
	Device device;
	int32_t ndim;
	DataType dtype;
	int64_t *shape, *strides; // strides in elements; NULL is the order of C
	uint64_t byte_offset;
} Tensor;

typedef struct Managed {
	Tensor tensor;
	void *context;
	void (*deleter)(struct Managed *);
} Managed;

typedef struct Versioned {
	uint32_t major, minor;
	void *context;
	void (*deleter)(struct Versioned *);
	uint64_t flags;
	Tensor tensor;
} Versioned;

enum { ON_CPU = 1, ON_PINNED_CPU = 3, READ_ONLY = 1, MAJOR = 1 };
enum { CODE_INT = 0, CODE_UINT = 1, CODE_FLOAT = 2, CODE_COMPLEX = 5, CODE_BOOL = 6 };

static const char unversioned_name[] = "dltensor", versioned_name[] = "dltensor_versioned";

struct dlpack_view {
	struct gopy_view view;
	Managed *managed;
	Versioned *versioned;
};

static void close_dlpack(struct gopy_view *view) {
	struct dlpack_view *v = (struct dlpack_view *)view;
	if (v->managed && v->managed->deleter)
		v->managed->deleter(v->managed);
	if (v->versioned && v->versioned->deleter)
		v->versioned->deleter(v->versioned);
	free(v);
}

// The format of PEP 3118 for a type, or NULL.
static const char *format_of(DataType t) {
	static const char *const formats[][5] = {
		// 8, 16, 32, 64, 128 bits
		[CODE_INT] = {"b", "h", "i", "l", NULL},	[CODE_UINT] = {"B", "H", "I", "L", NULL},
		[CODE_FLOAT] = {NULL, "e", "f", "d", NULL},	[CODE_COMPLEX] = {NULL, NULL, NULL, "Zf", "Zd"},
		[CODE_BOOL] = {"?", NULL, NULL, NULL, NULL},
	};
	int size = t.bits == 8 ? 0 : t.bits == 16 ? 1 : t.bits == 32 ? 2 : t.bits == 64 ? 3 : t.bits == 128 ? 4 : -1;
	return t.lanes == 1 && t.code <= CODE_BOOL && size >= 0 ? formats[t.code][size] : NULL;
}

static int refuse(const Tensor *t) {
	char why[160];
	if (t->device.type != ON_CPU && t->device.type != ON_PINNED_CPU)
		snprintf(why, sizeof why, "its memory is on another device (of DLPack's type %d): move it to the CPU first",
			 t->device.type);
	else if (!format_of(t->dtype))
		snprintf(why, sizeof why, "Go has no type for its elements (DLPack's type %d with %d bits)", t->dtype.code,
			 t->dtype.bits);
	else
		return 0;
	py.PyErr_SetString(py.PyExc_BufferError, why);
	return -1;
}

static int put_tensor(struct gopy_out *out, struct gopy_view *view, const Tensor *t, int readonly) {
	Py_ssize_t itemsize = t->dtype.bits / 8, count = 1;
	for (int i = 0; i < t->ndim; i++)
		count *= t->shape[i];
	int failed = gopy_put(out, GOPY_HEADER(GOPY_VIEW, t->ndim)) || gopy_put(out, (uint64_t)view) ||
		     gopy_put(out, (uint64_t)t->data + t->byte_offset) || gopy_put(out, count * itemsize) ||
		     gopy_put(out, itemsize) || gopy_put(out, readonly);
	for (int i = 0; !failed && i < t->ndim; i++)
		failed = gopy_put(out, t->shape[i]);
	for (int i = 0; !failed && i < t->ndim; i++) {
		Py_ssize_t stride = 1;
		for (int j = i + 1; j < t->ndim; j++)
			stride *= t->shape[j];
		failed = gopy_put(out, (t->strides ? t->strides[i] : stride) * itemsize);
	}
	const char *format = format_of(t->dtype);
	return failed || gopy_put_text(out, GOPY_STR, format, format[1] ? 2 : 1) ? -1 : 0;
}

int gopy_dlpack_is(PyObject *o) {
	return py.PyCapsule_IsValid(o, versioned_name) || py.PyCapsule_IsValid(o, unversioned_name);
}

int gopy_dlpack_open(struct gopy_out *out, PyObject *capsule) {
	int versioned = py.PyCapsule_IsValid(capsule, versioned_name);
	void *p = py.PyCapsule_GetPointer(capsule, versioned ? versioned_name : unversioned_name);
	if (!p)
		return -1;
	Versioned *v = versioned ? p : NULL;
	Managed *m = versioned ? NULL : p;
	const Tensor *t = v ? &v->tensor : &m->tensor;
	if (v && v->major > MAJOR) {
		py.PyErr_SetString(py.PyExc_BufferError, "it speaks a later version of DLPack");
		return -1;
	}
	if (refuse(t))
		return -1; // the capsule still owns the tensor
	struct dlpack_view *view = calloc(1, sizeof *view);
	if (!view || py.PyCapsule_SetName(capsule, versioned ? "used_dltensor_versioned" : "used_dltensor")) {
		free(view);
		return -1;
	}
	*view = (struct dlpack_view){{close_dlpack}, m, v};
	if (put_tensor(out, &view->view, t, v && (v->flags & READ_ONLY))) {
		close_dlpack(&view->view);
		return -1;
	}
	return 0;
}
