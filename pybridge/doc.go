// Package pybridge is CPython as a Go value: Python modules are imported, their functions called with
// Go arguments, their results taken as Go types, and Go functions handed to Python.
//
//	rt, err := pybridge.Open(ctx, pybridge.Config{})
//	math, err := rt.Import("math")
//	root, err := pybridge.MethodAs[float64](math, "sqrt", 2)
//
// The first call is Open, which finds a Python (package locate), loads its library at run time and
// starts it: nothing of Python is needed to build a program, and one binary works with every CPython
// from 3.9 on. A process has one Python; it ends with the process.
//
// # Values
//
// What Python returns stays in Python, as an *Object, until As copies it out. Arguments are converted
// by themselves: nil is None; bools, numbers and strings are what they are called in Python; []byte is
// bytes; *big.Int, *big.Rat and *big.Float are int, Fraction and Decimal; time.Time, time.Duration and
// *time.Location are datetime (to the microsecond), timedelta and tzinfo; []any and slices of other things
// are lists; Tuple, HashSet, FrozenSet, Dict, Range, Slice, Decimal, Path and UUID are what they are named
// after; maps are dicts, and sets if their values are empty structs; structs are dicts of their exported
// fields (tag `py:"name,omitempty"`), or, without any, their text if they have one; json.RawMessage is
// what it says; functions are callables; iter.Seq and channels are iterators; errors are exceptions.
//
// Pointers to structs, and to other things that have methods, are objects that stand for the Go value:
// Python reads and writes its fields and calls its methods, under their names in Go and as Python would
// write them (SetTitle is also set_title). Methods String, Len, All, Close, Equal, Compare, Read and Write
// are what Python has syntax or names for; any other such method is called PyGetItem, PyCall, PyAdd and so
// on. Ref does the same for maps and slices, ClassFor lets Python make such values, and NewClass writes a
// class in Go that may be derived from one of Python's. What comes back to Go is the same pointer.
//
// Slices of numbers are numpy arrays over the memory of the slice, without a copy, and memoryviews
// where there is no numpy; so are matrices of gonum. An Array does the same with any shape and strides, and
// for slices of structs. The slice stays pinned exactly as long as Python holds an array over it. The other
// way, OpenView gives Go the memory of an array, or of a tensor. ReadTable copies a dataframe into typed
// columns, and a *Table is one for Python.
//
// A struct that embeds an *Object and nothing else stands for a class if it is Classed, as those are that package pygen
// writes for Python modules: As, and Go functions that Python calls, take instances as such structs.
//
// # Speed
//
// A call costs some 100 ns more than in Python: half of that for the border between Go and C, half for the
// GIL, which Runtime.Hold keeps over many calls. CallAs, MethodAs, AttrAs and Func1 make no Object of what Go
// wants as a value, and allocate nothing but texts. Map makes many calls in one crossing, a Chain several
// steps.
//
// # Threads
//
// Everything may be called from any goroutine without care: each call takes the interpreter's lock
// (the GIL) and drops it before it returns. Python code runs on the thread of the goroutine that
// called. Only Python's main thread handles signals; Config.MainThread says which that is, and
// Runtime.OnMain runs a function there. Go functions that Python calls run without the lock, so they
// may wait for other goroutines that call Python. Object.Await waits for a coroutine, on a loop of asyncio
// that runs on a thread of its own; AsyncIter and AsyncWith are Python's async for and async with on that loop, and CallAwait
// calls there what has to run on one. In Python, async for takes an iter.Seq and a channel.
//
// Processes that Python starts are real Pythons (multiprocessing, concurrent.futures, joblib). In a child
// made by fork there is no Go: a Go function that is called there raises an exception.
//
// In builds of CPython without the GIL calls run side by side, and Hold keeps nobody out. What one thread
// made and another drops is freed when the first runs Python again, or by Python's collector: an array over a
// slice keeps it pinned until then.
//
// # Ownership
//
// An Object owns a reference, which Close drops at once and the garbage collector some time later. A
// Go value that Python refers to (a function, a slice) lives until Python drops it. A ring of both,
// such as a Go function that holds the Object it is stored in, is found by neither collector.
//
// # Errors
//
// A Python exception is an *Error. One that a Go function raised by returning an error unwraps to that
// error. A panic in such a function goes through Python as an exception and comes out as the same
// panic. runtime.Goexit must not be called in one, but Goexit of this package may.
//
// # Other processes
//
// NewProcess starts a Python in a process of its own, with another environment or version if need be.
// Its Objects are used like all others.
//
// The package runs no Python without being asked, does not install packages, and does not read
// notebooks.
package pybridge
