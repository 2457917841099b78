// Package build turns Go source into an object that the worker can load.
//
// It knows no cell. A caller opens a [Workspace], which holds the worker program and the export
// data of every package that the worker offers, and gives it a [Unit]: the source of one package
// main. What comes back is an [Object], an image of some 30 kB whose init function runs when the
// worker loads it.
//
//	ws, err := build.Open(ctx, build.Config{Sources: gopykernel.WorkerSources(), Version: version})
//	object, err := ws.Build(ctx, build.Unit{Files: files, Imports: []string{"fmt"}})
//
// # Thin linking
//
// A plugin as the go command makes it carries a second copy of the runtime and of all that it
// imports: 3 to 5 MB and 200 ms of linking. Nothing of that copy would run, since the process has
// all of it already. So a unit is compiled with -linkshared and linked against a stub, a file that
// claims to be a Go shared library holding what the worker holds ([symbolTable], stub). Of the
// linker's output, a relocatable object, an image is made (place): laid out, and with the addresses
// of the worker's functions, for the worker is a program at a fixed address. Nothing but the unit's
// own code is in it. What depends on where it will lie, the worker's loader writes; see package
// internal/image.
//
// All units are package main, and declare again what they use of each other. Type descriptors and
// itabs are shared when they are loaded, so a type that two units declare alike is one type;
// everything else is a unit's own, so a unit runs its own functions. Alike means: of the same
// identity, which the caller gives in [Unit.Types], for a name says nothing about what it stands for.
//
// # Libraries
//
// Packages that the worker does not hold are linked into a [Library], an image too. They are compiled by
// the go command with [LibraryFlags], linked as the Go linker links a shared library, so that nothing is
// left out, and placed like units. A library is kept under a hash of the compiled packages and of the
// libraries that it needs. What is linked against it, units and other libraries, finds its symbols in a
// table beside the image (exportTable) and refers to them by their place in the image. The C code of
// packages becomes a shared object (foreign).
//
// # What has to hold
//
// The worker and the units are compiled by one go command with one set of flags. The loader compares
// the packages' fingerprints, as the runtime does for plugins: an object of another workspace fails
// to load, cleanly. Linking rests on ELF and on the Go linker's output; where that has changed, Build
// says what it missed. Loading rests on the runtime's description of a module; where that has
// changed, Open says so.
//
// What differs between kinds of processors stands in a file for each, amd64.go and arm64.go: what the
// linker's relocations are and what is done for them. It goes by the toolchain's target ([Toolchain.For]),
// and not by what this program runs on. Linux is the only system so far.
//
// A Workspace may be used from several goroutines, and several processes may share its folder.
package build
