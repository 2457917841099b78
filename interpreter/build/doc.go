// Package build turns Go source into an object that the worker can load.
//
// It knows no cell. A caller opens a [Workspace], which holds the worker program and the export
// data of every package that the worker offers, and gives it a [Unit]: the source of one package
// main. What comes back is an [Object], a shared object of some 30 kB whose init function runs
// when the worker loads it.
//
//	ws, err := build.Open(ctx, build.Config{Sources: gopykernel.WorkerSources(), Version: version})
//	object, err := ws.Build(ctx, build.Unit{Files: files, Imports: []string{"fmt"}})
//
// # Thin linking
//
// A plugin as the go command makes it carries a second copy of the runtime and of all that it
// imports: 3 to 5 MB and 200 ms of linking. Nothing of that copy runs, since the dynamic loader
// binds every name to the copy that the process holds already. So a unit is compiled with
// -linkshared, linked against a stub, a file that claims to be a Go shared library holding what
// the worker holds ([symbolTable], stub), mended where the Go linker expects a real one (mend),
// and given to the system's ld. Nothing but the unit's own code is in the result.
//
// All units are package main, and declare again what they use of each other. Type descriptors and
// itabs are visible between loaded objects, so a type that two units declare alike is one type;
// everything else is hidden, so a unit runs its own functions. Alike means: of the same identity,
// which the caller gives in [Unit.Types], for a name says nothing about what it stands for.
//
// # What has to hold
//
// The worker and the units are compiled by one go command with one set of flags. The runtime's own
// check of package fingerprints stays on: an object of another workspace fails to load, cleanly.
// Linking rests on ELF and on the Go linker's output; where that has changed, Build says what it
// missed. Only linux/amd64 is done.
//
// A Workspace may be used from several goroutines, and several processes may share its folder.
package build
