// What the C files of this folder share. Nothing here is seen by Go.
#ifndef GOPY_INTERNAL_H
#define GOPY_INTERNAL_H

#include "python.h"
#include "shim.h"
#include "words.h"

// A thread of the process as this package sees it.
struct gopy_thread {
	void *state; // its thread state while it does not hold the GIL; made once, kept until it ends
	int depth;   // how often it has entered without leaving; above 0 it holds the GIL
	unsigned held_calls; // that found the GIL held
	int callbacks; // Go functions that Python has called on it and that have not returned
	int exiting;   // it is running its last destructors: Go must not be called any more
};

// initial-exec: the library is loaded with the program, and a look-up costs as much as a call.
extern __thread struct gopy_thread gopy_self __attribute__((tls_model("initial-exec")));

// Above so many calls in a row that find the GIL held it is offered to others.
enum { GOPY_YIELD_AFTER = 1024 };

int gopy_enter_outer(int force);
int gopy_leave_outer(void);
void gopy_yield(void);

// Takes the GIL. With force 0 it may refuse, returning 0, when too many threads want it.
static inline int gopy_enter(int force) {
	if (gopy_self.depth == 0)
		return gopy_enter_outer(force);
	if (++gopy_self.held_calls % GOPY_YIELD_AFTER == 0)
		gopy_yield();
	gopy_self.depth++;
	return 1;
}

// Drops it. Returns 1 if an interrupt arrived too late for the code it was meant for: then the
// indicator is set and the GIL still held, and the caller takes the exception and leaves again.
static inline int gopy_leave(void) {
	if (gopy_self.depth == 1)
		return gopy_leave_outer();
	gopy_self.depth--;
	return 0;
}

// Lets other threads run while Go code, called by Python on this thread, works.
struct gopy_thread gopy_suspend(void);
void gopy_resume(struct gopy_thread before);

// Goes on holding the GIL while short Go code works; what it was before comes back by assignment.
struct gopy_thread gopy_stay(void);

// A child made by fork has no Go runtime.
extern int gopy_forked;

// thread.c; called once on the thread that starts the interpreter.
void gopy_adopt_main_thread(void);
int gopy_is_main(void); // whether this is Python's main thread
int gopy_thread_setup(char **message);
int gopy_inside_main(void);

// A cursor over words that Go made.
struct gopy_in {
	const uint64_t *next;
};

// Words for Go, in a block that grows.
struct gopy_out {
	uint64_t *words;
	size_t len, cap;
	int heap;  // words was allocated
	int depth; // containers this deep stay references; 0 for none
	PyObject *rules; // types that the caller converts, to their numbers or None; NULL for none
};

// build.c: the next value as a new reference, or NULL with an exception set.
PyObject *gopy_build(struct gopy_in *in);
void gopy_abandon(const uint64_t *p, const uint64_t *end);

// export.c: all return 0, or -1 with an exception set.
int gopy_put(struct gopy_out *out, uint64_t word);
int gopy_put_text(struct gopy_out *out, int tag, const char *text, size_t n);
int gopy_put_handle(struct gopy_out *out, PyObject *o);
int gopy_export(struct gopy_out *out, PyObject *o, int depth);
int gopy_put_str(struct gopy_out *out, PyObject *o);
// Drops the references in words that nobody will read, and the block.
void gopy_discard(struct gopy_out *out);

// error.c: takes the exception that is set into the result.
void gopy_take_error(struct gopy_result *r);
// As gopy_take_error, with an exception that is not set; takes over the reference.
void gopy_explain(struct gopy_result *r, PyObject *exception);
// The exception that is set, normalised, as a new reference; clears the indicator.
PyObject *gopy_fetch(void);
// Sets an exception instance, with the traceback it has.
void gopy_raise(PyObject *exception);

// types.c: the heap types of this package. A ref carries the id of a Go value and tells Go when
// Python has dropped it; a memory object lends Go memory to Python as a buffer.
int gopy_types_setup(void);
void gopy_forget(uint64_t id);
struct gopy_func;
PyObject *gopy_ref_new(uint64_t id);
PyObject *gopy_func_ref_new(uint64_t id, struct gopy_func *func); // takes over func
struct gopy_func *gopy_ref_func(PyObject *self);
int gopy_ref_id(PyObject *o, uint64_t *id); // 0 if o is not a ref
int gopy_go_id(PyObject *o, uint64_t *id);  // 0 if o is neither a ref nor a Go function
PyObject *gopy_memory_new(struct gopy_in *in, uint64_t header);

// callback.c
PyObject *gopy_func_new(struct gopy_in *in, uint64_t header);
void gopy_func_free(struct gopy_func *f);
extern PyObject *gopy_rules; // for what Python passes to Go functions; NULL for none

// Memory of Python that is lent to Go; the handle of a buffer is its address.
struct gopy_view {
	void (*close)(struct gopy_view *);
};

// dlpack.c
int gopy_dlpack_is(PyObject *o); // a capsule with a tensor
int gopy_dlpack_open(struct gopy_out *out, PyObject *capsule);

// arrow_read.c, arrow_write.c
int gopy_table_open(struct gopy_out *out, PyObject *capsule);
PyObject *gopy_arrow_stream(PyObject *self, PyObject *spec);
PyObject *gopy_arrow_empty(PyObject *self, PyObject *unused);
PyObject *gopy_arrow_address(PyObject *self, PyObject *capsule);

// array.c
PyObject *gopy_array_new(struct gopy_in *in, uint64_t header);
int gopy_view_open(struct gopy_out *out, PyObject *o, int writable);
void gopy_view_close(uint64_t handle);

// native.c: the module _gopy_kernel, which the Python side of the bridge imports.
int gopy_native_setup(void);

// stream.c
PyObject *gopy_stream_write(PyObject *self, PyObject *text);
PyObject *gopy_stream_flush(PyObject *self, PyObject *unused);
PyObject *gopy_stream_starter(PyObject *self, PyObject *unused);
PyObject *gopy_stream_print_for(PyObject *self, PyObject *number);
extern int gopy_stream_dirty;
void gopy_stream_flush_all(void);
int gopy_stream_setup(void);

// signal.c
int gopy_signal_setup(void);
PyObject *gopy_signal_changed(PyObject *self, PyObject *number);
int gopy_consume_interrupt(void);

// The type of an object, borrowed. The offset of the type word differs between builds with and
// without the GIL; gopy_types_setup finds and checks it.
extern size_t gopy_type_offset;
static inline PyObject *gopy_type(PyObject *o) { return *(PyObject **)((char *)o + gopy_type_offset); }

// 1 in builds without the GIL, where other threads change containers while we look at them.
static inline int gopy_free_threaded(void) { return gopy_type_offset != sizeof(Py_ssize_t); }

#endif
