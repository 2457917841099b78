// sys.stdout and sys.stderr, straight to file descriptors 1 and 2, so that what Python prints and
// what Go writes to os.Stdout come out in the order of the program.
//
// print("x") writes "x" and then "\n". One system call for each piece would halve the speed of
// printing, so a piece without an end of line is kept back, but never for long: it goes out with
// the next end of line, with a flush, whenever Python gives way to Go, or after 50 ms by a thread
// of its own, for the loop that prints dots.
#define _GNU_SOURCE
#include "internal.h"

#include "_cgo_export.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 8192, WAIT_NS = 50 * 1000 * 1000 };

static struct stream {
	int fd;
	size_t len;
	char kept[KEPT];
} streams[2] = {{1}, {2}};

// Guards streams. Taken without the GIL, because whoever holds it may wait in write(2).
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
int gopy_stream_dirty;

static sem_t wake;
static int awake; // the flushing thread looks again soon; guarded by lock
static pid_t owner; // of the flushing thread

// Go may want to know of which threads what is printed comes, see Hooks.
static int offers;
static __thread uint64_t number;

void gopy_offer_prints(void) { offers = 1; }

PyObject *gopy_stream_starter(PyObject *self, PyObject *unused) {
	(void)self, (void)unused;
	uint64_t starter = number;
	if (offers && !starter && !gopy_forked)
		starter = gopyStarter();
	return py.PyLong_FromLongLong((long long)starter);
}

PyObject *gopy_stream_print_for(PyObject *self, PyObject *starter) {
	(void)self;
	number = (uint64_t)py.PyLong_AsLong(starter);
	return py.PyLong_FromLongLong(0);
}

static int taken(int fd, char *text, size_t n) {
	return offers && (number || !gopy_is_main()) && !gopy_forked && !gopy_self.exiting && gopyPrint(number, fd, text, n);
}

static int write_all(int fd, const char *s, size_t n) {
	while (n > 0) {
		ssize_t done = write(fd, s, n);
		if (done >= 0) {
			s += done;
			n -= done;
		} else if (errno == EAGAIN) {
			struct pollfd p = {.fd = fd, .events = POLLOUT};
			poll(&p, 1, -1);
		} else if (errno != EINTR) {
			return errno;
		}
	}
	return 0;
}

static int flush(struct stream *s) {
	int failed = write_all(s->fd, s->kept, s->len);
	s->len = 0;
	return failed;
}

static int put(struct stream *s, const char *text, size_t n) {
	const char *end = memrchr(text, '\n', n);
	size_t whole = end ? (size_t)(end - text) + 1 : 0;
	int failed = 0;
	if (s->len + n > KEPT)
		whole = n;
	if (whole && s->len && s->len + whole <= KEPT) {
		memcpy(s->kept + s->len, text, whole);
		s->len += whole;
		failed = flush(s);
	} else if (whole) {
		failed = flush(s);
		if (!failed)
			failed = write_all(s->fd, text, whole);
	}
	memcpy(s->kept + s->len, text + whole, n - whole);
	s->len += n - whole;
	return failed;
}

static void note_kept(void) {
	gopy_stream_dirty = streams[0].len || streams[1].len;
	if (gopy_stream_dirty && !awake && getpid() == owner) {
		awake = 1;
		sem_post(&wake);
	}
}

static void *flush_late(void *unused) {
	(void)unused;
	struct timespec pause = {0, WAIT_NS};
	for (;;) {
		while (sem_wait(&wake))
			;
		nanosleep(&pause, NULL);
		pthread_mutex_lock(&lock);
		flush(&streams[0]);
		flush(&streams[1]);
		gopy_stream_dirty = 0;
		awake = 0;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

void gopy_stream_flush_all(void) {
	void *state = py.PyEval_SaveThread();
	pthread_mutex_lock(&lock);
	flush(&streams[0]);
	flush(&streams[1]);
	gopy_stream_dirty = 0;
	pthread_mutex_unlock(&lock);
	py.PyEval_RestoreThread(state);
}

static PyObject *finish(int failed, Py_ssize_t n) {
	if (py.PyErr_CheckSignals())
		return NULL;
	if (!failed)
		return py.PyLong_FromLongLong(n);
	py.PyErr_SetString(py.PyExc_OSError, strerror(failed));
	return NULL;
}

PyObject *gopy_stream_write(PyObject *self, PyObject *text) {
	struct stream *s = &streams[py.PyLong_AsLong(self) - 1];
	Py_ssize_t n;
	PyObject *escaped = NULL;
	char *bytes;
	if (!(py.PyType_GetFlags(gopy_type(text)) & Py_TPFLAGS_UNICODE_SUBCLASS)) {
		py.PyErr_SetString(py.PyExc_TypeError, "write() argument must be str");
		return NULL;
	}
	bytes = (char *)py.PyUnicode_AsUTF8AndSize(text, &n);
	if (!bytes) { // lone surrogates
		py.PyErr_Clear();
		escaped = py.PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace");
		if (!escaped || py.PyBytes_AsStringAndSize(escaped, &bytes, &n))
			return NULL;
	}
	void *state = py.PyEval_SaveThread();
	int failed = 0;
	if (!taken(s->fd, bytes, n)) {
		pthread_mutex_lock(&lock);
		failed = put(s, bytes, n);
		note_kept();
		pthread_mutex_unlock(&lock);
	}
	py.PyEval_RestoreThread(state);
	if (escaped)
		py.Py_DecRef(escaped);
	return finish(failed, n);
}

PyObject *gopy_stream_flush(PyObject *self, PyObject *unused) {
	(void)unused;
	struct stream *s = &streams[py.PyLong_AsLong(self) - 1];
	void *state = py.PyEval_SaveThread();
	pthread_mutex_lock(&lock);
	int failed = flush(s);
	note_kept();
	pthread_mutex_unlock(&lock);
	py.PyEval_RestoreThread(state);
	return finish(failed, 0);
}

static void lock_streams(void) { pthread_mutex_lock(&lock); }
static void unlock_streams(void) { pthread_mutex_unlock(&lock); }

static void drop_in_child(void) {
	streams[0].len = streams[1].len = 0; // the parent writes what it has kept
	gopy_stream_dirty = 0;
	pthread_mutex_unlock(&lock);
}

int gopy_stream_setup(void) {
	pthread_t thread;
	sigset_t all, before;
	owner = getpid();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failed = sem_init(&wake, 0, 0) || pthread_create(&thread, NULL, flush_late, NULL) ||
		     pthread_atfork(lock_streams, unlock_streams, drop_in_child);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		py.PyErr_SetString(py.PyExc_RuntimeError, "cannot start the thread that writes late output");
	return failed ? -1 : 0;
}
