// What Go calls. Every function may be called from any thread and takes the GIL itself where it
// needs it, unless its comment says otherwise. Words are described in words.h.
#ifndef GOPY_SHIM_H
#define GOPY_SHIM_H

#include <stddef.h>
#include <stdint.h>

// Opens libpython and fills the table of functions. Returns NULL or a message that the caller frees.
char *gopy_load(const char *library);

// Opens another library before libpython. Returns NULL or a message that the caller frees.
char *gopy_preload(const char *library);

// The version text of the library that was opened.
const char *gopy_version(void);

// Starts the interpreter on the calling thread, which becomes Python's main thread, and lets go of
// the GIL. argv is what a command line would give. Returns NULL or a message that the caller frees.
char *gopy_start(int argc, char *const *argv);

// 1 on the thread that the process began with.
int gopy_on_main_thread(void);
void gopy_offer_prints(void);

// Runs a program: in[0:n] is a value and steps. head has what is wanted and takes the result.
void gopy_run(uint64_t *head, const uint64_t *in, uint64_t n);

// The result of a program.
struct gopy_result {
	uint64_t kind, a, b;
	uint64_t stream; // address of words that Go frees, 0 if there are none
	uint64_t words;  // how many
};

// A result in two registers: a third word would make it go through memory twice, which took 5 ns. A text
// of up to GOPY_FEW_TEXT bytes stands in the words themselves: kind, length and 6 bytes, then the others.
// What is larger stands in a block (GOPY_BLOCK).
enum { GOPY_FEW_TEXT = 14 };

struct gopy_few_result {
	uint64_t kind, a;
};

// Runs one step on an object with up to four plain arguments: what gopy_run does with less to write
// and to read. All that goes in and out is passed by value, so that it needs no memory. The name is that
// of a method or an attribute; for a call with keywords it is the tuple of their names. It may refuse with
// GOPY_BUSY.
struct gopy_few_result gopy_few(uint64_t what, uint64_t target, uint64_t name, uint64_t a, uint64_t b, uint64_t c,
				uint64_t d);

// Drops references; a word with its lowest bit set is an open buffer.
void gopy_release(const uint64_t *refs, uint64_t n);

// Takes the GIL for the calling thread until gopy_unhold. The caller stays on its thread between.
void gopy_hold(void);
void gopy_unhold(void);

// Sets what the interpreter calls for types it does not know: classify(type) gives None or
// (code, function). The reference is borrowed.
void gopy_set_classifier(uint64_t callable);

// Sets the mapping of types that gopy_head has for a program, for what Python passes to Go functions; 0
// for none. The reference is borrowed.
void gopy_set_rules(uint64_t rules);

// Sets the base class of exceptions that carry a Go value. The reference is borrowed.
void gopy_set_carrier(uint64_t type);

// Asks Python's main thread to raise KeyboardInterrupt. Takes no lock and no GIL. Returns 1 if that
// thread is inside Python.
int gopy_interrupt(void);
void gopy_wake(void);

// Raises KeyboardInterrupt in the Python code of another thread, given by gopy_thread_id; with on 0
// takes back one that has not been raised yet.
void gopy_interrupt_thread(uint64_t id, int on);

// The number by which Python knows the calling thread.
uint64_t gopy_thread_id(void);

// Gives SIGINT back to Go if Python code has taken it. Returns 1 if it had. Main thread only.
int gopy_reclaim_signals(void);

// 1 on a thread on which Python has called a Go function that has not returned.
int gopy_in_callback(void);

// Says that the Go function that Python has called on this thread will never return, so that what
// runs on the thread from now on does not count as running inside Python.
void gopy_abandon_callback(void);

// How many threads have a thread state made by this package.
int gopy_threads(void);

// Another file descriptor for the same open file, at least 3, closed in child processes; -errno on failure.
int gopy_copy_descriptor(int fd);

// Makes file descriptors 1 and 2 stand for what two others stand for, after C's own buffers were written out.
// Returns an errno.
int gopy_redirect(int out, int err);

void gopy_free(uint64_t address);

#endif
