// Package pygen writes Go packages for Python modules.
//
//	m, err := pygen.Inspect(ctx, pygen.Query{Python: "/usr/bin/python3", Module: "numpy"})
//	source, err := m.Source(pygen.Options{})
//
// [Inspect] asks a Python, in a process of its own, what a module offers. [Module.Source] is a Go file
// with one function for each callable of the module, which takes any arguments, with keywords in a py.Kw
// at the end. Its comment is Python's signature and docstring, so that all that reads Go knows them.
// Classes are functions that make instances, other attributes functions without parameters, and class
// methods stand behind the name of their class. The same module gives the same text.
//
// # Names
//
// Parts between underscores begin with a capital: set_title is SetTitle. Names without small letters stay
// as they are: AF_INET. Where two names become one, the module's own go before those that it imported,
// callables before other attributes, and the later ones take an underscore at the end. The comment has the
// name in Python.
//
// # For cells
//
// A [Store] keeps packages until a module's files change, and lists the modules that there are.
//
// # Two faces
//
// The functions are on top of package pybridge/py, where an exception panics, as it is wanted in
// cells; or of package pybridge, with an error as second result.
//
// The package runs Python, and imports the module there. It loads no Python into its own process, needs no
// cgo and keeps no state of its own; its functions may be called from any goroutine.
package pygen
