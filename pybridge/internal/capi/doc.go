// Package capi is the border between Go and CPython: the only package of the bridge with import "C".
//
// It opens libpython at run time, starts it, and carries values over in both directions. What a
// value means is decided above it, in pybridge; here a value is a row of 64-bit words (words.go,
// words.h), a call is a Frame of such words, and a Python object is a Handle.
//
// First Load, then Start on the thread that is to be Python's main thread, then Frame.Run from any
// goroutine.
//
// Threads: every function takes the GIL itself and drops it before it returns. A thread gets its
// Python thread state on its first call and keeps it until it ends (thread.c says why). Go code that
// Python calls runs without the GIL, except Hooks.Forget, which must not wait for anything.
//
// Ownership: a Handle in a result is owned by whoever reads the result, and dropped once by
// Release. A Handle written into a frame is borrowed: who writes it has the frame keep its owner
// (Frame.Keep). In the result of a function that Python called it is read when the Go code has
// returned and the GIL is there, which may take long, and Go's collector runs meanwhile.
//
// The C side uses no Python header: python.h declares the few functions and structures that are the
// same in every version from 3.9 on. Built without cgo, the package has the same functions, and
// Load says that there is no Python.
package capi
