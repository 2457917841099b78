// Interrupts. SIGINT belongs to Go; Python keeps its handler for KeyboardInterrupt on the Python
// side only, and hears of an interrupt through a signal that this file sends to its main thread.
//
// Why not PyErr_SetInterrupt from any thread: up to 3.12 nobody notices before something else
// stops the evaluation loop, and no version wakes a time.sleep. A signal on the thread itself does
// both, in all versions.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>

static pthread_t main_thread;
static volatile sig_atomic_t interrupted;
static int wanted;  // an interrupt was asked for, and the signal has not come yet
static int knocked; // a signal is on its way: real-time signals queue up, and could keep the thread busy for ever
static struct sigaction go_action;        // what SIGINT had before Python took it
static void (*python_handler)(int);

// A real-time signal that neither glibc nor Go uses.
static int knock(void) { return SIGRTMAX - 5; }

static void on_knock(int number) {
	int saved = errno;
	(void)number;
	__atomic_store_n(&knocked, 0, __ATOMIC_SEQ_CST);
	if (__atomic_exchange_n(&wanted, 0, __ATOMIC_SEQ_CST) && gopy_inside_main() && !gopy_forked) {
		interrupted = 1;
		if (py.PyErr_SetInterruptEx)
			py.PyErr_SetInterruptEx(SIGINT);
		else
			py.PyErr_SetInterrupt();
	}
	errno = saved;
}

static void send_knock(void) {
	if (!__atomic_exchange_n(&knocked, 1, __ATOMIC_SEQ_CST) && pthread_kill(main_thread, knock()))
		__atomic_store_n(&knocked, 0, __ATOMIC_SEQ_CST);
}

int gopy_interrupt(void) {
	int inside = gopy_inside_main();
	if (inside) {
		__atomic_store_n(&wanted, 1, __ATOMIC_SEQ_CST);
		send_knock();
	}
	return inside;
}

// A signal that comes right before a system call does not end it. Another one does, and Python looks again whether
// it was interrupted.
void gopy_wake(void) {
	if (gopy_inside_main())
		send_knock();
}

// An interrupt that came after the last instruction of the code it was meant for must not hit the
// next call. Returns 1 with KeyboardInterrupt set if there was one.
int gopy_consume_interrupt(void) {
	if (!interrupted)
		return 0;
	interrupted = 0;
	return py.PyErr_CheckSignals() != 0;
}

void gopy_interrupt_thread(uint64_t id, int on) {
	gopy_enter(1);
	py.PyThreadState_SetAsyncExc(id, on ? py.PyExc_KeyboardInterrupt : NULL);
	gopy_unhold();
}

int gopy_reclaim_signals(void) {
	struct sigaction now;
	if (sigaction(SIGINT, NULL, &now))
		return 0;
	if (now.sa_handler != python_handler) {
		go_action = now;
		return 0;
	}
	sigaction(SIGINT, &go_action, NULL);
	return 1;
}

// Go ends the process when a handler runs that does not use the signal stack, as those of CPython
// 3.9 do not.
PyObject *gopy_signal_changed(PyObject *self, PyObject *number) {
	(void)self;
	struct sigaction now;
	int n = py.PyLong_AsLong(number);
	gopy_reclaim_signals();
	if (n != SIGINT && !sigaction(n, NULL, &now) && now.sa_handler == python_handler &&
	    !(now.sa_flags & SA_ONSTACK)) {
		now.sa_flags |= SA_ONSTACK;
		sigaction(n, &now, NULL);
	}
	py.Py_IncRef(py._Py_NoneStruct);
	return py._Py_NoneStruct;
}

// Python leaves a SIGINT alone that has a handler already, as it has in a Go program, and then
// PyErr_SetInterrupt does nothing. So it is given SIGINT once, and Go gets it back.
static int install_keyboard_interrupt(void) {
	PyObject *signals = py.PyImport_ImportModule("signal");
	PyObject *name = py.PyUnicode_FromStringAndSize("signal", 6);
	PyObject *handler = signals ? py.PyObject_GetAttrString(signals, "default_int_handler") : NULL;
	PyObject *number = py.PyLong_FromLongLong(SIGINT);
	PyObject *args[] = {signals, number, handler};
	PyObject *before = NULL;
	if (handler && name && number)
		before = py.PyObject_VectorcallMethod(name, args, 3, NULL);
	if (!before)
		return -1;
	py.Py_DecRef(before);
	py.Py_DecRef(number);
	py.Py_DecRef(handler);
	py.Py_DecRef(name);
	py.Py_DecRef(signals);
	return 0;
}

int gopy_signal_setup(void) {
	struct sigaction action = {.sa_handler = on_knock, .sa_flags = SA_ONSTACK};
	struct sigaction pythons;
	main_thread = pthread_self();
	sigfillset(&action.sa_mask);
	if (sigaction(knock(), &action, NULL) || sigaction(SIGINT, NULL, &go_action) ||
	    install_keyboard_interrupt() || sigaction(SIGINT, NULL, &pythons) ||
	    sigaction(SIGINT, &go_action, NULL))
		return -1;
	python_handler = pythons.sa_handler;
	return 0;
}
