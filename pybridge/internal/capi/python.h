// What this package knows of CPython: the few declarations that are the same in every version
// from 3.9 on, and the list of functions that are looked up by name when libpython is opened.
// No Python header is used, so one binary serves all versions; names are CPython's own, so that
// a search for one in its manual and in this folder finds both ends.
#ifndef GOPY_PYTHON_H
#define GOPY_PYTHON_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct _object PyObject;
typedef ssize_t Py_ssize_t;
typedef Py_ssize_t Py_hash_t;

// Stable ABI since 3.11, and unchanged since long before.
typedef struct {
	void *buf;
	PyObject *obj;
	Py_ssize_t len;
	Py_ssize_t itemsize;
	int readonly;
	int ndim;
	char *format;
	Py_ssize_t *shape;
	Py_ssize_t *strides;
	Py_ssize_t *suboffsets;
	void *internal;
} Py_buffer;

enum {
	PyBUF_WRITABLE = 0x0001,
	PyBUF_FORMAT = 0x0004,
	PyBUF_ND = 0x0008,
	PyBUF_STRIDES = 0x0010 | 0x0008,
	PyBUF_C_CONTIGUOUS = 0x0020 | 0x0010 | 0x0008,
	PyBUF_F_CONTIGUOUS = 0x0040 | 0x0010 | 0x0008,
	PyBUF_ANY_CONTIGUOUS = 0x0080 | 0x0010 | 0x0008,
	PyBUF_INDIRECT = 0x0100 | 0x0010 | 0x0008,
	PyBUF_FULL_RO = 0x0100 | 0x0010 | 0x0008 | 0x0004,
};

typedef struct {
	int type; // 0 is success
	const char *func;
	const char *message;
	int exitcode;
} PyStatus;

// On the stack of whoever locks an object in a build without the GIL.
typedef struct {
	uintptr_t words[4]; // more than it has
} PyCriticalSection;

typedef PyObject *(*PyCFunction)(PyObject *self, PyObject *arg);
typedef PyObject *(*PyCFunctionFastWithKeywords)(PyObject *self, PyObject *const *args, Py_ssize_t nargs,
						 PyObject *names);

typedef struct {
	const char *ml_name;
	void *ml_meth;
	int ml_flags;
	const char *ml_doc;
} PyMethodDef;

enum { METH_KEYWORDS = 0x0002, METH_NOARGS = 0x0004, METH_O = 0x0008, METH_FASTCALL = 0x0080 };

typedef struct {
	int slot;
	void *pfunc;
} PyType_Slot;

typedef struct {
	const char *name;
	int basicsize;
	int itemsize;
	unsigned int flags;
	PyType_Slot *slots;
} PyType_Spec;

enum { Py_bf_getbuffer = 1, Py_tp_dealloc = 52, Py_tp_methods = 64, Py_tp_repr = 66, Py_tp_free = 74 };

#define Py_TPFLAGS_DEFAULT (1UL << 18)
#define Py_TPFLAGS_LONG_SUBCLASS (1UL << 24)
#define Py_TPFLAGS_LIST_SUBCLASS (1UL << 25)
#define Py_TPFLAGS_TUPLE_SUBCLASS (1UL << 26)
#define Py_TPFLAGS_BYTES_SUBCLASS (1UL << 27)
#define Py_TPFLAGS_UNICODE_SUBCLASS (1UL << 28)
#define Py_TPFLAGS_DICT_SUBCLASS (1UL << 29)

#define PY_VECTORCALL_ARGUMENTS_OFFSET ((size_t)1 << (8 * sizeof(size_t) - 1))

// Each line is X(result, name, parameters). Without one of the required ones the library is refused.
#define GOPY_REQUIRED(X)                                                                                      \
	X(PyObject *, PyBool_FromLong, (long))                                                                \
	X(int, PyBuffer_IsContiguous, (const Py_buffer *, char))                                              \
	X(void, PyBuffer_Release, (Py_buffer *))                                                              \
	X(int, PyBytes_AsStringAndSize, (PyObject *, char **, Py_ssize_t *))                                  \
	X(PyObject *, PyBytes_FromStringAndSize, (const char *, Py_ssize_t))                                  \
	X(PyObject *, PyCFunction_GetSelf, (PyObject *))                                                      \
	X(PyObject *, PyCFunction_NewEx, (PyMethodDef *, PyObject *, PyObject *))                             \
	X(void *, PyCapsule_GetPointer, (PyObject *, const char *))                                           \
	X(PyObject *, PyCapsule_New, (void *, const char *, void (*)(PyObject *)))                            \
	X(int, PyCapsule_IsValid, (PyObject *, const char *))                                                 \
	X(int, PyCapsule_SetName, (PyObject *, const char *))                                                 \
	X(PyObject *, PyComplex_FromDoubles, (double, double))                                                \
	X(double, PyComplex_ImagAsDouble, (PyObject *))                                                       \
	X(double, PyComplex_RealAsDouble, (PyObject *))                                                       \
	X(void, PyConfig_Clear, (void *))                                                                     \
	X(void, PyConfig_InitPythonConfig, (void *))                                                          \
	X(PyStatus, PyConfig_SetBytesArgv, (void *, Py_ssize_t, char *const *))                               \
	X(PyObject *, PyDict_GetItemWithError, (PyObject *, PyObject *))                                      \
	X(PyObject *, PyDict_New, (void))                                                                     \
	X(int, PyDict_Next, (PyObject *, Py_ssize_t *, PyObject **, PyObject **))                             \
	X(int, PyDict_SetItem, (PyObject *, PyObject *, PyObject *))                                          \
	X(int, PyErr_CheckSignals, (void))                                                                    \
	X(void, PyErr_Clear, (void))                                                                          \
	X(int, PyErr_ExceptionMatches, (PyObject *))                                                          \
	X(void, PyErr_Fetch, (PyObject **, PyObject **, PyObject **))                                         \
	X(void, PyErr_NormalizeException, (PyObject **, PyObject **, PyObject **))                            \
	X(PyObject *, PyErr_Occurred, (void))                                                                 \
	X(void, PyErr_Restore, (PyObject *, PyObject *, PyObject *))                                          \
	X(void, PyErr_SetInterrupt, (void))                                                                   \
	X(void, PyErr_SetObject, (PyObject *, PyObject *))                                                    \
	X(void, PyErr_SetString, (PyObject *, const char *))                                                  \
	X(void, PyEval_RestoreThread, (void *))                                                               \
	X(void *, PyEval_SaveThread, (void))                                                                  \
	X(int, PyException_SetTraceback, (PyObject *, PyObject *))                                            \
	X(double, PyFloat_AsDouble, (PyObject *))                                                             \
	X(PyObject *, PyFloat_FromDouble, (double))                                                           \
	X(PyObject *, PyFrozenSet_New, (PyObject *))                                                          \
	X(int, PyGILState_Ensure, (void))                                                                     \
	X(void, PyGILState_Release, (int))                                                                    \
	X(PyObject *, PyImport_AddModule, (const char *))                                                     \
	X(PyObject *, PyImport_GetModuleDict, (void))                                                         \
	X(PyObject *, PyImport_ImportModule, (const char *))                                                  \
	X(PyObject *, PyImport_Import, (PyObject *))                                                          \
	X(PyObject *, PyIter_Next, (PyObject *))                                                              \
	X(PyObject *, PyList_GetItem, (PyObject *, Py_ssize_t))                                               \
	X(PyObject *, PyList_New, (Py_ssize_t))                                                               \
	X(int, PyList_SetItem, (PyObject *, Py_ssize_t, PyObject *))                                          \
	X(Py_ssize_t, PyList_Size, (PyObject *))                                                              \
	X(long, PyLong_AsLong, (PyObject *))                                                                  \
	X(long long, PyLong_AsLongLongAndOverflow, (PyObject *, int *))                                       \
	X(PyObject *, PyLong_FromLongLong, (long long))                                                       \
	X(PyObject *, PyLong_FromString, (const char *, char **, int))                                        \
	X(PyObject *, PyLong_FromUnsignedLongLong, (unsigned long long))                                      \
	X(PyObject *, PyMemoryView_FromObject, (PyObject *))                                                  \
	X(PyObject *, PyModule_GetDict, (PyObject *))                                                         \
	X(PyObject *, PyNumber_ToBase, (PyObject *, int))                                                     \
	X(int, PyObject_DelItem, (PyObject *, PyObject *))                                                    \
	X(PyObject *, PyObject_GetAttr, (PyObject *, PyObject *))                                             \
	X(PyObject *, PyObject_GetAttrString, (PyObject *, const char *))                                     \
	X(int, PyObject_GetBuffer, (PyObject *, Py_buffer *, int))                                            \
	X(PyObject *, PyObject_GetItem, (PyObject *, PyObject *))                                             \
	X(PyObject *, PyObject_GetIter, (PyObject *))                                                         \
	X(Py_hash_t, PyObject_Hash, (PyObject *))                                                             \
	X(int, PyObject_IsInstance, (PyObject *, PyObject *))                                                 \
	X(int, PyObject_IsTrue, (PyObject *))                                                                 \
	X(PyObject *, PyObject_Repr, (PyObject *))                                                            \
	X(PyObject *, PyObject_RichCompare, (PyObject *, PyObject *, int))                                    \
	X(int, PyObject_SetAttr, (PyObject *, PyObject *, PyObject *))                                        \
	X(int, PyObject_SetAttrString, (PyObject *, const char *, PyObject *))                                \
	X(int, PyObject_SetItem, (PyObject *, PyObject *, PyObject *))                                        \
	X(Py_ssize_t, PyObject_Size, (PyObject *))                                                            \
	X(PyObject *, PyObject_Str, (PyObject *))                                                             \
	X(PyObject *, PyObject_Type, (PyObject *))                                                            \
	X(PyObject *, PyObject_VectorcallDict, (PyObject *, PyObject *const *, size_t, PyObject *))           \
	X(PyObject *, PyObject_VectorcallMethod, (PyObject *, PyObject *const *, size_t, PyObject *))         \
	X(int, PySequence_Contains, (PyObject *, PyObject *))                                                 \
	X(int, PySet_Add, (PyObject *, PyObject *))                                                           \
	X(PyObject *, PySet_New, (PyObject *))                                                                \
	X(Py_ssize_t, PySet_Size, (PyObject *))                                                               \
	X(void, PyThreadState_Clear, (void *))                                                                \
	X(void, PyThreadState_DeleteCurrent, (void))                                                          \
	X(int, PyThreadState_SetAsyncExc, (unsigned long, PyObject *))                                        \
	X(unsigned long, PyThread_get_thread_ident, (void))                                                   \
	X(PyObject *, PyTuple_GetItem, (PyObject *, Py_ssize_t))                                              \
	X(PyObject *, PyTuple_New, (Py_ssize_t))                                                              \
	X(int, PyTuple_SetItem, (PyObject *, Py_ssize_t, PyObject *))                                         \
	X(Py_ssize_t, PyTuple_Size, (PyObject *))                                                             \
	X(PyObject *, PyType_FromSpec, (PyType_Spec *))                                                       \
	X(unsigned long, PyType_GetFlags, (PyObject *))                                                       \
	X(void *, PyType_GetSlot, (PyObject *, int))                                                          \
	X(int, PyType_IsSubtype, (PyObject *, PyObject *))                                                    \
	X(const char *, PyUnicode_AsUTF8AndSize, (PyObject *, Py_ssize_t *))                                  \
	X(PyObject *, PyUnicode_AsEncodedString, (PyObject *, const char *, const char *))                    \
	X(PyObject *, PyUnicode_DecodeUTF8, (const char *, Py_ssize_t, const char *))                         \
	X(PyObject *, PyUnicode_FromStringAndSize, (const char *, Py_ssize_t))                                \
	X(void, PyUnicode_InternInPlace, (PyObject **))                                                       \
	X(void, Py_DecRef, (PyObject *))                                                                      \
	X(const char *, Py_GetVersion, (void))                                                                \
	X(void, Py_IncRef, (PyObject *))                                                                      \
	X(PyStatus, Py_InitializeFromConfig, (const void *))                                                  \
	X(int, Py_IsInitialized, (void))

// Missing in some versions: the caller has another way.
#define GOPY_OPTIONAL(X)                                                                                      \
	X(PyObject *, PyErr_GetRaisedException, (void))             /* 3.12 */                                \
	X(void, PyCriticalSection_Begin, (PyCriticalSection *, PyObject *)) /* 3.13 */                        \
	X(void, PyCriticalSection_End, (PyCriticalSection *))       /* 3.13 */                                \
	X(PyObject *, PyList_GetItemRef, (PyObject *, Py_ssize_t))  /* 3.13 */                                \
	X(int, PyErr_SetInterruptEx, (int))                         /* 3.10 */                                \
	X(PyObject *, PyObject_Vectorcall, (PyObject *, PyObject *const *, size_t, PyObject *)) /* 3.11 */

// Objects and types of CPython that are data symbols. The exceptions are pointers to pointers.
#define GOPY_OBJECTS(X)                                                                                       \
	X(_Py_FalseStruct)                                                                                    \
	X(_Py_NoneStruct)                                                                                     \
	X(_Py_TrueStruct)                                                                                     \
	X(PyBool_Type)                                                                                        \
	X(PyBytes_Type)                                                                                       \
	X(PyCFunction_Type)                                                                                   \
	X(PyComplex_Type)                                                                                     \
	X(PyDict_Type)                                                                                        \
	X(PyFloat_Type)                                                                                       \
	X(PyFrozenSet_Type)                                                                                   \
	X(PyList_Type)                                                                                        \
	X(PyLong_Type)                                                                                        \
	X(PySet_Type)                                                                                         \
	X(PyTuple_Type)                                                                                       \
	X(PyUnicode_Type)

#define GOPY_EXCEPTIONS(X)                                                                                    \
	X(PyExc_BaseException)                                                                                \
	X(PyExc_BufferError)                                                                                  \
	X(PyExc_ImportError)                                                                                  \
	X(PyExc_KeyboardInterrupt)                                                                            \
	X(PyExc_NameError)                                                                                    \
	X(PyExc_OSError)                                                                                      \
	X(PyExc_RecursionError)                                                                               \
	X(PyExc_RuntimeError)                                                                                 \
	X(PyExc_SystemError)                                                                                  \
	X(PyExc_TypeError)                                                                                    \
	X(PyExc_ValueError)

// The table that gopy_load fills. It is written once, before any other function of this package
// may run, and read only afterwards.
struct gopy_python {
#define X(result, name, params) result(*name) params;
	GOPY_REQUIRED(X)
	GOPY_OPTIONAL(X)
#undef X
#define X(name) PyObject *name;
	GOPY_OBJECTS(X)
	GOPY_EXCEPTIONS(X)
#undef X
};

extern struct gopy_python py;

#endif
