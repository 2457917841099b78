// Who holds the GIL, and with which thread state. The rules, all measured or read in CPython:
//
// - A thread state made for a call and thrown away after it costs 9 us from 3.11 on, so a thread
//   keeps its first one until it ends.
// - It is made by an outer PyGILState_Ensure that is never released, so that extensions which use
//   PyGILState_* find it. A state made by PyThreadState_New deadlocks with them (3.9).
// - Between calls it is put aside with PyEval_SaveThread, which costs 30 ns with its counterpart.
// - A thread that ends deletes its state itself: deleting the state of another thread unbinds the
//   deleter's own (3.12: unbind_gilstate_tstate clears the slot of the calling thread).
#define _GNU_SOURCE
#include "internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

// Above so many threads with a state, a thread without one waits outside: each thread that blocks
// on the GIL costs a stack, and Go ends the process at 10,000 of them.
enum { MAX_THREADS = 64 };

__thread struct gopy_thread gopy_self;
int gopy_forked;

static __thread int is_main;
static pthread_key_t key;
static atomic_int threads;

// How deep the main thread is in Python, whether or not it holds the GIL: read by a signal handler.
static volatile int main_levels;

int gopy_is_main(void) { return is_main; }

int gopy_inside_main(void) { return main_levels > 0; }

int gopy_threads(void) { return atomic_load(&threads); }

static void thread_ends(void *unused) {
	(void)unused;
	if (!gopy_self.state || gopy_forked)
		return;
	gopy_self.exiting = 1;
	py.PyEval_RestoreThread(gopy_self.state);
	py.PyThreadState_Clear(gopy_self.state);
	py.PyThreadState_DeleteCurrent();
	gopy_self.state = NULL;
	atomic_fetch_sub(&threads, 1);
}

static void in_child(void) { gopy_forked = 1; }

int gopy_thread_setup(char **message) {
	// The key is made before Python makes its own: glibc runs destructors in the order of keys, and
	// thread_ends needs CPython's slot.
	if (pthread_key_create(&key, thread_ends) || pthread_atfork(NULL, NULL, in_child)) {
		*message = strdup("no key for thread-local data left");
		return -1;
	}
	return 0;
}

void gopy_adopt_main_thread(void) {
	is_main = 1;
	atomic_fetch_add(&threads, 1);
	gopy_self.state = py.PyEval_SaveThread();
}

static int attach(int force) {
	if (!force && atomic_load_explicit(&threads, memory_order_relaxed) >= MAX_THREADS)
		return 0;
	atomic_fetch_add(&threads, 1);
	pthread_setspecific(key, &gopy_self);
	py.PyGILState_Ensure();
	return 1;
}

// A thread that holds the GIL over many calls gives way to those who have waited for 5 ms, which is
// when CPython lets a switch happen; if there are none this costs 30 ns.
void gopy_yield(void) {
	void *state = py.PyEval_SaveThread();
	py.PyEval_RestoreThread(state);
}

int gopy_enter_outer(int force) {
	if (is_main)
		main_levels++;
	if (gopy_self.state)
		py.PyEval_RestoreThread(gopy_self.state);
	else if (!attach(force))
		return 0;
	gopy_self.depth = 1;
	return 1;
}

int gopy_leave_outer(void) {
	if (gopy_stream_dirty)
		gopy_stream_flush_all();
	if (is_main && --main_levels == 0 && gopy_consume_interrupt()) {
		main_levels = 1;
		return 1;
	}
	gopy_self.depth = 0;
	gopy_self.state = py.PyEval_SaveThread();
	return 0;
}

struct gopy_thread gopy_suspend(void) {
	struct gopy_thread before = gopy_self;
	if (gopy_stream_dirty)
		gopy_stream_flush_all();
	gopy_self.depth = 0;
	gopy_self.callbacks++;
	gopy_self.state = py.PyEval_SaveThread();
	return before;
}

struct gopy_thread gopy_stay(void) {
	struct gopy_thread before = gopy_self;
	gopy_self.depth++; // also on a thread of Python, so that calls from Go find that the GIL is held
	gopy_self.callbacks++;
	return before;
}

void gopy_resume(struct gopy_thread before) {
	py.PyEval_RestoreThread(gopy_self.state);
	gopy_self = before;
}

int gopy_in_callback(void) { return gopy_self.callbacks > 0; }

void gopy_abandon_callback(void) {
	if (is_main)
		main_levels = 0;
	gopy_self.callbacks = 0;
	if (gopy_self.depth > 0) { // the function was a short one
		gopy_self.depth = 0;
		gopy_self.state = py.PyEval_SaveThread();
	}
}

void gopy_hold(void) { gopy_enter(1); }

void gopy_unhold(void) {
	while (gopy_leave())
		py.PyErr_Clear();
}

uint64_t gopy_thread_id(void) { return py.PyThread_get_thread_ident(); }
