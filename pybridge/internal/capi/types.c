// The heap types of this package. Their fields stand after the head of an object, whose size is
// asked of the interpreter: it is larger in builds without the GIL.
#include "internal.h"

#include <stdlib.h>
#include <string.h>

#include "_cgo_export.h"

size_t gopy_type_offset;

static size_t head_size;
static PyObject *ref_type, *memory_type;

// A Go value that Python carries: an error, a panic, a function.
struct ref {
	uint64_t id;
	struct gopy_func *func; // what gopy_func_new made, or NULL
};

// Go memory that Python may read and write.
struct memory {
	uint64_t id;
	void *address; // of the element whose indices are all zero
	Py_ssize_t bytes, itemsize;
	int readonly, ndim;
	int in_c_order, in_fortran_order; // without gaps
	Py_ssize_t *shape, *strides;      // one block, with the format behind
	char *format;
};

static void *fields(PyObject *self) { return (char *)self + head_size; }

static PyObject *allocate(PyObject *type) { return py.PyObject_VectorcallDict(type, NULL, 0, NULL); }

static void deallocate(PyObject *self, PyObject *type) {
	void (*release)(void *) = (void (*)(void *))py.PyType_GetSlot(type, Py_tp_free);
	release(self);
	py.Py_DecRef(type);
}

// Go forgets the value. This runs wherever Python drops the last reference, with the GIL held, so
// the Go side must not wait for anything; it does not where there is no Go any more.
void gopy_forget(uint64_t id) {
	if (id && !gopy_forked && !gopy_self.exiting)
		gopyForget(id);
}

static void ref_dealloc(PyObject *self) {
	struct ref *r = fields(self);
	gopy_forget(r->id);
	gopy_func_free(r->func);
	deallocate(self, ref_type);
}

static void memory_dealloc(PyObject *self) {
	struct memory *m = fields(self);
	gopy_forget(m->id);
	free(m->shape);
	deallocate(self, memory_type);
}

// What is asked for that the memory cannot give, or NULL.
static const char *refused(struct memory *m, int flags) {
	if (m->readonly && (flags & PyBUF_WRITABLE))
		return "this Go memory is read-only";
	if ((flags & PyBUF_C_CONTIGUOUS) == PyBUF_C_CONTIGUOUS && !m->in_c_order)
		return "this Go memory is not in the order of C";
	if ((flags & PyBUF_F_CONTIGUOUS) == PyBUF_F_CONTIGUOUS && !m->in_fortran_order)
		return "this Go memory is not in the order of Fortran";
	if ((flags & PyBUF_ANY_CONTIGUOUS) == PyBUF_ANY_CONTIGUOUS && !m->in_c_order && !m->in_fortran_order)
		return "this Go memory has gaps";
	if ((flags & PyBUF_STRIDES) != PyBUF_STRIDES && !m->in_c_order)
		return "this Go memory cannot be used without its strides";
	return NULL;
}

static int memory_getbuffer(PyObject *self, Py_buffer *view, int flags) {
	struct memory *m = fields(self);
	const char *why = refused(m, flags);
	if (why) {
		view->obj = NULL;
		py.PyErr_SetString(py.PyExc_BufferError, why);
		return -1;
	}
	py.Py_IncRef(self);
	view->obj = self;
	view->buf = m->address;
	view->len = m->bytes;
	view->itemsize = m->itemsize;
	view->readonly = m->readonly;
	view->ndim = m->ndim;
	view->format = flags & PyBUF_FORMAT ? m->format : NULL;
	view->shape = flags & PyBUF_ND ? m->shape : NULL;
	view->strides = (flags & PyBUF_STRIDES) == PyBUF_STRIDES ? m->strides : NULL;
	view->suboffsets = NULL;
	view->internal = NULL;
	return 0;
}

PyObject *gopy_ref_new(uint64_t id) {
	PyObject *self = allocate(ref_type);
	if (!self) {
		gopy_forget(id);
		return NULL;
	}
	*(struct ref *)fields(self) = (struct ref){.id = id};
	return self;
}

PyObject *gopy_func_ref_new(uint64_t id, struct gopy_func *func) {
	PyObject *self = gopy_ref_new(id);
	if (self)
		((struct ref *)fields(self))->func = func;
	return self;
}

int gopy_ref_id(PyObject *o, uint64_t *id) {
	if (gopy_type(o) != ref_type)
		return 0;
	*id = ((struct ref *)fields(o))->id;
	return 1;
}

int gopy_go_id(PyObject *o, uint64_t *id) {
	if (gopy_type(o) == py.PyCFunction_Type) {
		o = py.PyCFunction_GetSelf(o); // borrowed; NULL for a function of a module
		if (!o)
			return 0;
	}
	return gopy_ref_id(o, id);
}

struct gopy_func *gopy_ref_func(PyObject *self) { return ((struct ref *)fields(self))->func; }

static int in_order(struct memory *m, int first, int step) {
	Py_ssize_t stride = m->itemsize;
	for (int i = first; i >= 0 && i < m->ndim; i += step) {
		if (m->shape[i] != 1 && m->strides[i] != stride)
			return m->bytes == 0;
		stride *= m->shape[i];
	}
	return 1;
}

// id, address, bytes, item size, read-only, shape, strides, format.
PyObject *gopy_memory_new(struct gopy_in *in, uint64_t header) {
	static char nothing[16]; // where the memory of an empty slice is
	const uint64_t *w = in->next;
	int ndim = GOPY_COUNT(header);
	const uint64_t *sizes = w + 5, *format = sizes + 2 * ndim;
	size_t length = GOPY_COUNT(*format);
	in->next = format + 1 + GOPY_TEXT_WORDS(length);
	PyObject *self = allocate(memory_type);
	struct memory *m = self ? fields(self) : NULL;
	Py_ssize_t *block = malloc(2 * ndim * sizeof *block + length + 1);
	if (!m || !block) {
		gopy_forget(w[0]);
		free(block);
		if (self)
			py.Py_DecRef(self);
		return NULL;
	}
	*m = (struct memory){.id = w[0], .address = w[1] ? (void *)w[1] : nothing, .bytes = w[2], .itemsize = w[3],
			     .readonly = w[4], .ndim = ndim, .shape = block, .strides = block + ndim,
			     .format = (char *)(block + 2 * ndim)};
	memcpy(block, sizes, 2 * ndim * sizeof *block);
	memcpy(m->format, format + 1, length + 1);
	m->in_c_order = in_order(m, ndim - 1, -1);
	m->in_fortran_order = in_order(m, 0, 1);
	return self;
}

// Pickle and copy end here for functions, too, because a function refers to its ref.
static PyObject *refuse_pickle(PyObject *self, PyObject *unused) {
	(void)self;
	(void)unused;
	py.PyErr_SetString(py.PyExc_TypeError,
			   "a Go value belongs to the process that made it and cannot be pickled");
	return NULL;
}

static PyMethodDef ref_methods[] = {{"__reduce_ex__", (void *)refuse_pickle, METH_O, NULL}, {0}};

static PyObject *new_type(const char *name, size_t size, PyType_Slot *slots) {
	PyType_Spec spec = {name, (int)(head_size + size), 0, Py_TPFLAGS_DEFAULT, slots};
	return py.PyType_FromSpec(&spec);
}

// 8 with the GIL; 24 without, where the owner's thread and two counts stand before it.
static int find_type_offset(void) {
	PyObject *type = py.PyObject_Type(py._Py_NoneStruct);
	static const size_t offsets[] = {8, 24};
	for (int i = 0; i < 2; i++) {
		gopy_type_offset = offsets[i];
		if (gopy_type(py._Py_NoneStruct) == type)
			return 0;
	}
	py.PyErr_SetString(py.PyExc_SystemError, "objects of this Python have an unknown layout");
	return -1;
}

static int find_head_size(void) {
	PyObject *builtins = py.PyImport_ImportModule("builtins");
	PyObject *object = builtins ? py.PyObject_GetAttrString(builtins, "object") : NULL;
	PyObject *size = object ? py.PyObject_GetAttrString(object, "__basicsize__") : NULL;
	if (!size)
		return -1;
	head_size = py.PyLong_AsLong(size);
	return 0;
}

int gopy_types_setup(void) {
	PyType_Slot ref_slots[] = {{Py_tp_dealloc, ref_dealloc}, {Py_tp_methods, ref_methods}, {0, NULL}};
	PyType_Slot memory_slots[] = {
		{Py_tp_dealloc, memory_dealloc}, {Py_bf_getbuffer, memory_getbuffer}, {Py_tp_methods, ref_methods}, {0, NULL}};
	if (find_type_offset() || find_head_size())
		return -1;
	ref_type = new_type("gopy_kernel.Ref", sizeof(struct ref), ref_slots);
	memory_type = new_type("gopy_kernel.Memory", sizeof(struct memory), memory_slots);
	return ref_type && memory_type ? 0 : -1;
}
