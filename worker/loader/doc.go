// Package loader maps built units into the worker.
//
// A [Loader] reads an image (package internal/image), copies it into memory near the worker's own code,
// writes the addresses into it that depend on where it lies, and tells the Go runtime of it: of its
// functions, so that stacks can be unwound and garbage collected, and of its types.
//
//	l, err := loader.New(loader.Config{Runtime: inside})
//	unit, err := l.Load(path) // its init functions have run
//	l.Use(unit)               // methods of existing values are this unit's from now on
//
// # One type for all units
//
// Units declare again what they use of each other, so each has a copy of the descriptors of the types
// that it uses. The first that was loaded is the type; the others' references are written to lead
// there. Types are told apart by names that carry what they consist of. The same holds for itabs,
// where one that the runtime made meanwhile comes first. Libraries, packages of modules that cells
// import, are units like all others here: so a type is one whoever brought it first. For shared objects
// it would not be, since the dynamic loader knows nothing of units.
//
// # Newer methods
//
// A type stays the same when only the bodies of its methods change, or a function that they call does.
// Then [Loader.Use] lets the tables of the type, and of the itabs of the type, lead to the newer
// functions. An image is always mapped above those before it, because such tables hold distances that
// cannot be negative.
//
// # The runtime's inside
//
// There is no interface for any of this; package plugin has one for shared objects only, and searches
// all types of all modules at each load. What the package needs of the runtime is handed to it as a
// [Runtime] by a program that was linked with -checklinkname=0 for one version of Go, and with an
// addition to the runtime that finds modules faster (interpreter/build/_overlay). The loader does what
// runtime.plugin_lastmoduleinit does, but for the search.
//
// Package reflect makes types too. One that it made before a unit with the compiled one was loaded stays
// the type.
//
// A Loader may be used from several goroutines. Nothing is ever unloaded.
package loader
